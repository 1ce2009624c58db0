"""No page turns on the words of a note or a method: rewritten at random, only they change."""

import random
import string

import numpy as np
import pandas as pd

from ppp import results
from ppp.laboratory import figures, sentences, tables
from ppp.laboratory import rows as analysis
from ppp.report.text import markdown, sentence

TESTS = ["ALT", "AST", "Bilirubin", "ALP", "Haemoglobin", "LDL cholesterol", "Neutrophils", "Zinc"]
PATIENTS = pd.DataFrame({"study_id": [f"P{i:02d}" for i in range(1, 9)]})


def measured():
    """Values of every test with a limit missing here and there, so that every note occurs."""
    rng = np.random.default_rng(3)
    index = pd.MultiIndex.from_product([PATIENTS["study_id"], TESTS, [0, 4, 12]])
    labs = index.to_frame(index=False, name=["study_id", "test", "week"])
    value = rng.lognormal(3.5, 1, len(labs)).round(1)
    labs = labs.assign(value=value, unit="U/L", lln=10.0, uln=40.0)
    labs["lln"] = labs["lln"].mask(labs["test"].isin(["Haemoglobin", "ALT", "Neutrophils"]))
    labs["uln"] = labs["uln"].mask((rng.random(len(labs)) < 0.3) | (labs["test"] == "Bilirubin"))
    labs.loc[labs["test"] == "Zinc", ["lln", "uln"]] = np.nan
    at = labs["test"] == "Haemoglobin"
    labs.loc[at, "value"] = np.where(labs.loc[at, "week"] == 0, 132.0, 76.0)
    return labs


def made(labs, study):
    about = (labs, PATIENTS, study)
    parts = [analysis.lab_shift, analysis.lab_grade, analysis.lab_value, analysis.liver]
    parts.append(analysis.lab_change)
    return pd.concat([part(*about) for part in parts], ignore_index=True)


def told(rows, labs, study):
    """Everything that the page says: tables, sentences, captions and alternative texts."""
    shown = [f(rows, study) for f in (tables.lab_grades, tables.lab_change)]
    shown.append(figures.lab_lines(analysis.values(labs, PATIENTS, study), rows, study))
    shown.append(figures.edish(analysis.peaks(labs, PATIENTS, study), rows, study))
    prose = (sentences.laboratory, sentences.graded, sentences.liver)
    return "\n".join([*map(repr, shown), *(f(rows, study).text for f in prose)])


def reworded(rows, words):
    return rows.assign(**{c: rows[c].replace(words) for c in ("note", "method")})


def test_words_of_notes_and_methods_decide_nothing(study):
    draw = random.Random(1)
    labs = measured()
    bilirubin = labs.assign(uln=labs["uln"].where(labs["test"] != "Bilirubin", 40.0))
    for data in (labs, bilirubin, bilirubin[bilirubin["test"] != "ALP"]):
        rows = made(data, study)
        words = {
            note: "".join(draw.choices(string.ascii_lowercase, k=20))
            for note in pd.concat([rows["note"], rows["method"]]).unique()
            if note
        }
        found = told(reworded(rows, words), data, study)
        assert any(word in found for word in words.values())
        for note, word in words.items():
            found = found.replace(word, note).replace(sentence(word), sentence(note))
        wanted = told(rows, data, study)
        for note in words:
            wanted = wanted.replace(markdown(note), note)
        assert found == wanted
        assert "Haemoglobin, no patient with the limits that a grade needs; in 8 of" in wanted


def test_a_grave_value_stands_even_where_its_note_is_reworded(study):
    rows = made(measured(), study)
    one = results.pick(rows, outcome="Haemoglobin", analysis="lab_grade").assign(note="in words")
    assert "Haemoglobin, in words" in sentences.graded(one, study).text
