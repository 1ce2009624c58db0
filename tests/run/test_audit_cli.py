import json
import time

import pytest

from ppp.run.cli import main

DLQI = ["--n", "28", "--min", "0", "--max", "30", "--step", "1"]


def printed(capsys, *argv):
    assert main(["audit", *argv]) == 0
    return capsys.readouterr().out


def test_the_command_of_the_issue_prints_the_verdict(capsys):
    out = printed(capsys, "--mean", "12.55", "--sd", "4.56", *DLQI)
    assert "Mean 12.55: inconsistent with integer totals from 28 patients" in out
    assert "Nearest means: 12.54 and 12.57." in out and "ask the authors" in out


def test_json_has_the_same_verdict(capsys):
    made = json.loads(printed(capsys, "--mean", "12.54", "--sd", "4.56", *DLQI, "--json"))
    assert made["mean_fits"] and made["mean_and_sd_fit"] and made["explanations"] == ""
    assert len(made["witness"]) == 28 and sum(map(int, made["witness"])) == 351
    assert made["sample_sizes"]["rounding"]["tried"] == [20, 40]


@pytest.mark.parametrize(
    "figures",
    [
        "--mean 12.55 --sd 4.56",
        "--mean 2.031 --sd 1.131",
        "--mean 15.0 --sd 15.03",
        "--mean 12 --sd 29",
    ],
)
def test_200_patients_take_less_than_a_second(capsys, figures):
    printed(capsys, "--mean", "12.55", "--sd", "4.56", *DLQI)
    began = time.process_time()
    printed(capsys, *figures.split(), *["--n", "200", "--min", "0", "--max", "30"])
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ("--mean x --sd 1 --n 9 --min 0 --max 3", "'x' is not a number such as"),
        ("--mean 1 --sd 1 --n 1 --min 0 --max 3", "argument --n: it must be 2 to"),
        ("--mean 1 --sd=-1 --n 9 --min 0 --max 3", "--sd must not be negative"),
        ("--mean 1 --sd 1 --n 9 --min 3 --max 0", "--min not above --max"),
        ("--mean inf --sd 1 --n 9 --min 0 --max 3", "not a number such as"),
    ],
)
def test_arguments_that_make_no_sense_are_named(capsys, argv, words):
    with pytest.raises(SystemExit) as stop:
        main(["audit", *argv.split()])
    assert stop.value.code == 2 and words in capsys.readouterr().err
