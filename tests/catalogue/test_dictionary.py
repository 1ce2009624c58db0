"""The dictionary holds every field of the data contract, and ``data/README.md`` is made from it."""

import itertools

import pytest

from ppp.catalogue import dictionary
from ppp.data import readme
from ppp.data.scores import DLQI_ITEMS, PPPASI_COMPONENTS

CONTRACT = {
    "patients": "patient_id sex age_years birth_date sapho start_date stop_date stop_reason "
    "last_visit_date rescue_date dose_mg disease_duration_years smoker bmi prior_treatments "
    "comorbidities sapho_chest_wall sapho_spine sapho_peripheral sapho_imaging",
    "visits": "patient_id week date pppasi dlqi pga iga easi pasi scorad poem pruritus_nrs "
    "pustule_count basdai asdas haq_di pain_vas crp_mg_l esr_mm_h "
    + " ".join((*PPPASI_COMPONENTS, *DLQI_ITEMS)),
    "adverse_events": "patient_id term soc start_date end_date grade serious related "
    "action outcome",
    "labs": "patient_id test value week date unit lln uln",
}


@pytest.mark.parametrize("table", CONTRACT)
def test_fields_of_the_contract(table):
    assert set(dictionary.fields(table)) == set(CONTRACT[table].split())


def test_required_fields_of_the_contract():
    required = {
        table: {f.name for f in dictionary.fields(table).values() if f.required}
        for table in dictionary.TABLES
    }
    assert required == {
        "patients": {"patient_id"},
        "visits": {"patient_id"},
        "adverse_events": {"patient_id", "term"},
        "labs": {"patient_id", "test", "value"},
    }


def test_readme_is_in_step():
    written = (dictionary.PATH.parent / "README.md").read_text(encoding="utf-8")
    assert written == readme.readme(), "run: python -m ppp.data.readme"


def test_every_field_has_a_label_and_every_number_of_a_score_a_range():
    for field in itertools.chain(*(dictionary.fields(t).values() for t in dictionary.TABLES)):
        assert field.label
        if field.unit == "points":
            assert field.low == 0
            assert field.high > 0


@pytest.mark.parametrize("table", dictionary.TABLES)
def test_no_heading_answers_to_two_fields_or_to_an_identity(table):
    words = [word for f in dictionary.fields(table).values() for word in set(f.synonyms)]
    assert len(words) == len(set(words))
    assert not [word for word in words if dictionary.identity(word)]


@pytest.mark.parametrize(
    "heading",
    [
        "Name",
        "Patient Name",
        "patient's name",
        "姓名",
        "患者姓名",
        "Telefon",
        "Phone number",
        "手机号",
        "联系电话",
        "身份证号码",
        "National ID",
        "Adresse",
        "家庭住址",
        "E-Mail",
        "MRN",
        "住院号",
        "Medical record number",
        "Tel.",
        "Vorname",
        "full_name",
        "İSİM-SOYİSİM",
        "Nom",
        "Prénom",
        "Nom du patient",
        "Apellido",
        "next_of_kin_contact_name",
        "Name of mother",
        "telephone_1",
        "phone2",
        "Teléfono",
        "Имя",
        "Фамилия",
        "姓名",
        "患者氏名",
        "電話",
        "住所",
        "이름",
        "Cognome",
        "Imię",
        "CPR",
    ],
)
def test_headings_that_point_to_a_person(heading):
    assert dictionary.identity(heading)


@pytest.mark.parametrize(
    "heading",
    [
        "Test name",
        "Drug name",
        "Event name",
        "Name of test",
        "Name of the event",
        "Term",
        "项目名称",
        "id",
        "Stage",
        "Contact dermatitis",
        "T cell count",
        "Patient",
        "Home visit",
    ],
)
def test_headings_that_do_not(heading):
    assert not dictionary.identity(heading)


def test_choices_know_their_words():
    sex = dictionary.fields("patients")["sex"]
    words = ["男", "女", "M", "f", "Female", "weiblich"]
    assert [sex.aliases[dictionary.fold(word)] for word in words] == [
        "male",
        "female",
        "male",
        "female",
        "female",
        "female",
    ]
