"""What `groundswell add` proposes: guesses with evidence and rivals, and what is taken over from an earlier wave."""

from __future__ import annotations

import tempfile
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from exports.archives import cumulative, misleading_labels
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundswell.checksum import checksum
from groundswell.cli import main
from groundswell.cli.text.new_wave import as_text
from groundswell.errors import FaultsError, InputError
from groundswell.estimates.of_wave.kept import kept_estimates
from groundswell.waves import load_survey, new_survey
from groundswell.waves.proposal.draft_survey import draft_survey
from groundswell.waves.proposal.guesses.domains import Domain, guess_domains
from groundswell.waves.proposal.guesses.roles import guess_roles
from groundswell.waves.proposal.guesses.weights import WeightCandidate, weight_candidates
from groundswell.waves.proposal.new_wave import AddedWave, add_wave
from groundswell.waves.respondents.layouts.layout import ReadOptions
from groundswell.waves.respondents.reader import read_respondents
from groundswell.waves.surveys.survey_toml import Survey
from groundswell.waves.wave.check import read_wave
from groundswell.waves.wave.wave_toml import load_wave
from groundswell.waves.wave.waves_of_survey import load_waves

from .folders import SURVEY, survey_folder

N = 60
PLACE = np.arange(N)


def table_file(file: Path, **columns: Any) -> Path:
    pd.DataFrame(columns).to_csv(file, index=False)
    return file


def domains_of(file: Path) -> dict[str, Domain]:
    return {domain.guess.role: domain for domain in guess_domains(read_respondents(file))}


def weights_of(file: Path) -> list[WeightCandidate]:
    respondents = read_respondents(file)
    return weight_candidates(respondents, list(respondents.codebook.variables.values()))


def test_exact_names_win_over_words_in_labels_and_rivals_are_named(tmp_path: Path) -> None:
    misleading_labels(tmp_path / "file.sav")
    found = domains_of(tmp_path / "file.sav")
    assert {role: domain.guess.column for role, domain in found.items()} == {
        "sex": "sex",
        "age": "age",
        "region": "region",
    }
    assert "not `intage` “age of interviewer”" in found["age"].guess.evidence
    assert "not `acq` “sex with an acquaintance last year”" in found["sex"].guess.evidence
    assert "not `reg16` “region of residence at 16”" in found["region"].guess.evidence
    (weight,) = weights_of(tmp_path / "file.sav")
    assert (weight.column, weight.fault) == ("wtss", "")


def test_of_labels_that_speak_of_somebody_else_none_is_a_guess(tmp_path: Path) -> None:
    misleading_labels(tmp_path / "all.sav")
    table, about = pyreadstat.read_sav(tmp_path / "all.sav")
    others = table[["acq", "intage", "reg16"]]
    pyreadstat.write_sav(
        others,
        tmp_path / "file.sav",
        column_labels={name: about.column_names_to_labels[name] for name in others},
        variable_value_labels={name: about.variable_value_labels[name] for name in ("acq", "reg16")},
    )
    assert domains_of(tmp_path / "file.sav") == {}


@pytest.mark.parametrize(
    ("sex", "answers", "age", "region", "regions"),
    [
        ("Gender", ("Male", "Female"), "Age", "Region", ("North", "South")),
        ("Пол", ("Мужской", "Женский"), "Возраст", "Регион", ("Москва", "Сибирь")),
        ("Sexo", ("Hombre", "Mujer"), "Edad", "Región", ("Norte", "Sur")),
        ("sexe", ("Homme", "Femme"), "âge", "région", ("Nord", "Sud")),
        ("Geschlecht", ("männlich", "weiblich"), "Alter", "Bundesland", ("Bayern", "Hessen")),
        ("SEXO", ("Masculino", "Feminino"), "IDADE", "UF", ("SP", "RJ")),
        ("Płeć", ("Mężczyzna", "Kobieta"), "Wiek", "Województwo", ("Śląskie", "Opolskie")),
        ("Стать", ("Чоловік", "Жінка"), "Вік", "Область", ("Київська", "Львівська")),
        ("What is your gender?", ("Man", "Woman"), "How old are you?", "Your region", ("A", "B")),
    ],
)
def test_words_without_codes_make_domains_in_the_languages_of_large_surveys(
    tmp_path: Path, sex: str, answers: tuple[str, str], age: str, region: str, regions: tuple[str, str]
) -> None:
    columns: dict[str, Any] = {
        sex: [answers[place % 2] for place in PLACE],
        age: 18 + PLACE,
        region: [regions[place % 2] for place in PLACE],
    }
    found = domains_of(table_file(tmp_path / "file.csv", **columns))
    assert {role: domain.guess.column for role, domain in found.items()} == {
        "sex": sex,
        "age": age,
        "region": region,
    }
    assert found["age"].in_years
    assert "“" in found["sex"].guess.why


def test_a_question_in_a_group_of_kobo_is_known_by_its_own_name_and_an_answer_is_no_weight(
    tmp_path: Path,
) -> None:
    columns = {
        "about/region": np.where(PLACE % 2, "North", "South"),
        "worries/weight": PLACE % 2,
        "about/age": PLACE + 18,
    }
    file = table_file(tmp_path / "kobo.csv", **columns)
    assert {role: domain.guess.column for role, domain in domains_of(file).items()} == {
        "age": "about/age",
        "region": "about/region",
    }
    assert weights_of(file) == []


def test_ages_in_bands_are_a_domain_of_their_own_bands(tmp_path: Path) -> None:
    bands = np.array(["18-29", "30-59", "60+"])[PLACE % 3]
    age = domains_of(table_file(tmp_path / "file.csv", Age=bands, x=1))["age"]
    assert not age.in_years


@pytest.mark.parametrize(
    "name", ["weight", "wtssall", "pspwght", "WEIGHT_1", "peso", "factor_expansion", "poids", "Gewicht", "ponderador",
             "waga", "вес", "вага", "вес_итог", "fexp"],
)  # fmt: skip
def test_weights_are_found_by_name_in_the_languages_of_large_surveys(tmp_path: Path, name: str) -> None:
    columns: dict[str, Any] = {"x": PLACE, name: 0.5 + PLACE % 5 / 4}
    (found,) = weights_of(table_file(tmp_path / "file.csv", **columns))
    assert (found.column, found.fault) == (name, "")


@pytest.mark.parametrize("name", ["body_weight", "weight_kg", "birthweight", "w1", "factor"])
def test_bodies_and_codes_are_no_weights(tmp_path: Path, name: str) -> None:
    columns: dict[str, Any] = {"x": PLACE, name: 50 + PLACE % 5}
    assert weights_of(table_file(tmp_path / "file.csv", **columns)) == []


def test_the_weight_for_which_most_speaks_is_first_and_all_are_named(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {name: 0.5 + (PLACE + place) % 5 / 4 for place, name in enumerate(["dweight", "pspwght", "pweight"])}
    )
    labels = {
        "dweight": "Design weight",
        "pspwght": "Post-stratification weight including design weight",
        "pweight": "Population size weight (must be combined with dweight)",
    }
    pyreadstat.write_sav(table, tmp_path / "file.sav", column_labels=labels)
    found = weights_of(tmp_path / "file.sav")
    assert found[0].column == "pspwght"
    assert {each.column for each in found} == set(table)
    assert "labelled “Post-stratification weight including design weight”; 0.5 to 1.5, mean 1" in found[0].why


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("", "is empty in line 4 of the file"),
        ("-1", "is -1 in line 4 of the file"),
        ("many", "is text, `many`, in line 4 of the file"),
        ("n/a", "is empty in line 4 of the file"),
        ("1,234.5", "is text, `1,234.5`, in line 4 of the file"),
    ],
)
def test_a_weight_that_cannot_be_used_is_named_with_its_row_and_stays_blank(
    tmp_path: Path, cell: str, says: str
) -> None:
    cells = [str(0.5 + place % 5 / 4) for place in PLACE]
    cells[2] = cell
    cells[9] = cell
    source = table_file(tmp_path / "wave-01.csv", weight=cells, Q4=PLACE % 2 + 1)
    (found,) = weights_of(source)
    assert found.fault == f"{says} and 1 more"
    added = add_wave(load_survey(survey_folder(tmp_path)), source, house="pulse")
    line = next(line for line in added.lines if line.key == "weight")
    assert line.blank
    assert f"`weight` {says} and 1 more: correct it" in line.why
    assert says in as_text(added)


def test_one_file_of_many_years_is_one_declaration(tmp_path: Path) -> None:
    truth = cumulative(tmp_path / "gss.dta")
    survey = load_survey(
        survey_folder(
            tmp_path,
            survey=SURVEY.replace("How often?", "general happiness").replace('"often", "always"', '"very"'),
        )
    )
    added = add_wave(survey, tmp_path / "gss.dta", house="pulse", waves="year")
    assert added.faults == ()
    proposed = tomllib.loads(added.toml.read_text(encoding="utf-8"))
    assert proposed["wave_column"] == "year"
    assert proposed["waves"] == {
        "2004": {"weight": "old"},
        "2005": {"weight": "post"},
        "2006": {"weight": "post"},
    }
    assert proposed["design"]["weight"] == ["post", "old"]
    assert proposed["design"]["id"] == "id"  # starts again each year
    for wave, weight in zip(load_waves(survey), ["old", "post", "post"], strict=True):
        mine = truth[truth["year"] == wave.start.year]
        share = (
            kept_estimates(survey, wave)
            .estimates.set_index(["indicator", "domain"])
            .loc[("anxiety", "all"), "share"]
        )
        assert share == pytest.approx(
            mine.loc[mine["happy"] == 1, weight].sum() / mine[weight].sum(), abs=1e-11
        )


def test_a_file_of_many_years_that_is_added_as_one_wave_says_so(tmp_path: Path) -> None:
    cumulative(tmp_path / "gss.dta")
    added = add_wave(load_survey(survey_folder(tmp_path)), tmp_path / "gss.dta", house="pulse")
    assert "`year` holds 3 codes; `groundswell add --waves year` makes a wave of each" in as_text(added)


@pytest.mark.parametrize(
    ("column", "says"),
    [("yaer", "no column `yaer`; did you mean `year`"), ("id", "`id` holds 120 codes"), ("sex", "sound")],
)
def test_a_column_that_makes_no_waves_is_refused_and_nothing_is_written(
    tmp_path: Path, column: str, says: str
) -> None:
    cumulative(tmp_path / "gss.dta")
    survey = load_survey(survey_folder(tmp_path))
    if says == "sound":  # any column may be meant; what is no date must then be filled in
        added = add_wave(survey, tmp_path / "gss.dta", house="pulse", waves=column)
        assert "male" not in added.toml.read_text(encoding="utf-8").split("[design]")[0]
        assert '1 = { start = "", end = "" }' in added.toml.read_text(encoding="utf-8")
        return
    if column == "id":
        pd.read_stata(tmp_path / "gss.dta").assign(id=lambda rows: np.arange(len(rows))).to_stata(
            tmp_path / "gss.dta"
        )
        says = "`id` holds 360 codes, so it does not tell waves apart; its columns year may"
    with pytest.raises(InputError, match=says):
        add_wave(survey, tmp_path / "gss.dta", house="pulse", waves=column)
    assert not (survey.folder / "waves").exists()


FIRST = """\
file = "wave-11.csv"
sha256 = "{sha256}"
house = "pulse"
start = 2022-03-01
end = 2022-03-05
mode = "CATI"
[design]
weight = "w"
[indicators.anxiety]
variant = "score"
item = "Q4"
numerator = [1]
[domains.sex]
column = "Q1"
categories = { men = [1], women = [2] }
"""


def eleventh(tmp_path: Path) -> Survey:
    """A survey whose wave 11 asks sex in Q1."""
    folder = survey_folder(tmp_path)
    (folder / "waves").mkdir()
    file = table_file(
        folder / "waves" / "wave-11.csv",
        w=0.5 + PLACE % 5 / 4,
        Q4=PLACE % 4 + 1,
        Q1=PLACE % 2 + 1,
        Q2=18 + PLACE,
    )
    (folder / "waves" / "11.toml").write_text(FIRST.replace("{sha256}", checksum(file)), encoding="utf-8")
    return load_survey(folder)


def twelfth(tmp_path: Path, **columns: Any) -> Path:
    own: dict[str, Any] = {
        "w": 0.5 + PLACE % 5 / 4,
        "Q4": PLACE % 4 + 1,
        "Q1": PLACE % 2 + 1,
        "Q2": 18 + PLACE,
    }
    return table_file(tmp_path / "wave-12.csv", **own | columns)


def filled(added: AddedWave) -> Path:
    text = added.toml.read_text(encoding="utf-8")
    added.toml.write_text(
        text.replace('start = ""', "start = 2022-04-01").replace('end = ""', "end = 2022-04-05"),
        encoding="utf-8",
    )
    return added.toml


def test_what_is_taken_over_is_printed_with_its_evidence(tmp_path: Path) -> None:
    survey = eleventh(tmp_path)
    added = add_wave(survey, twelfth(tmp_path))
    inherited = {line.key: line.why for line in added.lines if line.kind == "inherited"}
    assert set(inherited) == {"house", "mode", "design.weight", "indicators.anxiety", "domains.sex"}
    assert inherited["domains.sex"] == "`Q1`: holds 2 codes (1, 2), held 2 codes (1, 2); no labels to compare"
    said = as_text(added)
    assert 'taken over from "11" (leave one out with `--drop KEY`, all with `--not-like`):' in said
    assert "domains.sex" in said
    wave = load_wave(filled(added), survey)
    assert (wave.mode, wave.domains["sex"].categories) == ("CATI", {"men": (1,), "women": (2,)})


def test_identifiers_and_units_have_other_values_in_every_wave(tmp_path: Path) -> None:
    survey = eleventh(tmp_path)
    toml = survey.folder / "waves" / "11.toml"
    table = pd.read_csv(toml.with_name("wave-11.csv")).assign(
        person=PLACE + 1, village=PLACE % 5 + 1, day="2022-03-02"
    )
    table.to_csv(toml.with_name("wave-11.csv"), index=False)
    text = FIRST.replace("{sha256}", checksum(toml.with_name("wave-11.csv")))
    text = text.replace("[design]", 'interview_date = "day"\n[design]\nid = "person"\npsu = ["village"]')
    toml.write_text(text, encoding="utf-8")
    later = {"person": PLACE + 9000, "village": PLACE % 5 + 700, "day": "2022-06-02"}
    added = add_wave(survey, twelfth(tmp_path, **later))
    taken = {line.key for line in added.lines if line.kind == "inherited"}
    assert {"design.id", "design.psu", "interview_date"} <= taken
    assert added.faults == ()


def test_a_column_that_now_asks_something_else_is_not_taken_over(tmp_path: Path) -> None:
    survey = eleventh(tmp_path)
    added = add_wave(survey, twelfth(tmp_path, Q1=18 + PLACE, Q2=PLACE % 2 + 1))
    assert "domains.sex" not in {line.key for line in added.lines if line.kind == "inherited"}
    drop = next(line for line in added.lines if line.key == "drop")
    assert drop.text == '["domains.sex"]'
    assert "`Q1`: holds 60 numbers (18 to 77), held 2 codes (1, 2)" in drop.why
    with pytest.raises(FaultsError, match=r"domains\.sex\.column: is empty"):
        load_wave(filled(added), survey)
    text = added.toml.read_text(encoding="utf-8")
    added.toml.write_text(text.replace('column = ""', 'column = "Q2"'), encoding="utf-8")
    wave = load_wave(added.toml, survey)
    assert wave.domains["sex"].categories is None  # the model's codes went with its column
    assert read_wave(wave).respondents.codebook.rows == N


@pytest.mark.parametrize(
    ("now", "inherited"),
    [
        ({1: "мужской", 2: "женский"}, True),
        ({1: "женский", 2: "мужской"}, False),
        ({1: "да", 2: "нет"}, False),
    ],
)
def test_labels_of_codes_are_compared_not_names_alone(
    tmp_path: Path, now: dict[int, str], inherited: bool
) -> None:
    survey = eleventh(tmp_path)
    folder = survey.folder / "waves"
    labels = {"Q1": {1: "мужской", 2: "женский"}}
    table = pd.read_csv(folder / "wave-11.csv").astype("float64")
    pyreadstat.write_sav(table, folder / "wave-11.sav", variable_value_labels=labels)
    text = FIRST.replace("wave-11.csv", "wave-11.sav").replace("{sha256}", checksum(folder / "wave-11.sav"))
    (folder / "11.toml").write_text(text, encoding="utf-8")
    pyreadstat.write_sav(table, tmp_path / "wave-12.sav", variable_value_labels={"Q1": now})
    added = add_wave(survey, tmp_path / "wave-12.sav")
    taken = {line.key: line.why for line in added.lines if line.kind == "inherited"}
    assert ("domains.sex" in taken) is inherited
    if not inherited:
        drop = next(line for line in added.lines if line.key == "drop")
        assert f"`Q1`: `1` is “{now[1]}”, was “мужской”" in drop.why


def test_the_same_question_with_other_codes_is_counted_by_its_words(tmp_path: Path) -> None:
    survey = eleventh(tmp_path)
    folder = survey.folder / "waves"
    table = pd.read_csv(folder / "wave-11.csv").astype("float64")
    asked = {"column_labels": {"Q4": "How often?"}}
    pyreadstat.write_sav(
        table, folder / "wave-11.sav", variable_value_labels={"Q4": {1: "often", 2: "rarely"}}, **asked
    )
    text = FIRST.replace("wave-11.csv", "wave-11.sav").replace("{sha256}", checksum(folder / "wave-11.sav"))
    (folder / "11.toml").write_text(text, encoding="utf-8")
    pyreadstat.write_sav(
        table, tmp_path / "wave-12.sav", variable_value_labels={"Q4": {1: "rarely", 2: "often"}}, **asked
    )
    added = add_wave(survey, tmp_path / "wave-12.sav")
    lines = {line.key: line for line in added.lines if line.kind == "stated"}
    assert (lines["item"].text, lines["numerator"].text) == ('"Q4"', "[2]")
    assert "guessed: the codes of often" in lines["numerator"].why


def test_one_key_or_all_can_be_left_out(tmp_path: Path) -> None:
    survey = eleventh(tmp_path)
    dropped = add_wave(survey, twelfth(tmp_path), drop=["domains.sex"])
    assert "sex" not in load_wave(filled(dropped), survey).domains
    dropped.toml.unlink()
    alone = add_wave(survey, twelfth(tmp_path), name="13", like=False)
    assert "like" not in {line.key for line in alone.lines}
    with pytest.raises(InputError, match=r"states no `domains.sexx`; did you mean `domains.sex`"):
        add_wave(survey, twelfth(tmp_path), name="14", drop=["domains.sexx"])
    with pytest.raises(InputError, match="takes nothing over"):
        add_wave(survey, twelfth(tmp_path), name="14", like=False, drop=["domains.sex"])


def test_a_dropped_key_that_the_model_does_not_state_is_a_fault(tmp_path: Path) -> None:
    survey = eleventh(tmp_path)
    dropped = add_wave(survey, twelfth(tmp_path), drop=["domains.sex"])
    text = filled(dropped).read_text(encoding="utf-8").replace('["domains.sex"]', '["domains.sxe"]')
    dropped.toml.write_text(text, encoding="utf-8")
    with pytest.raises(FaultsError, match=r"drop\[0\]: `domains.sxe` is nothing that `11` states"):
        load_wave(dropped.toml, survey)


def test_a_wave_whose_columns_are_called_alike_and_ask_other_things_is_no_model(tmp_path: Path) -> None:
    survey = eleventh(tmp_path)
    words = np.array(["a", "b"])[PLACE % 2]
    added = add_wave(survey, twelfth(tmp_path, Q4=words, Q1=18 + PLACE))
    assert "like" not in {line.key for line in added.lines}
    assert "not like `11`, though columns are called so" in as_text(added)


def test_a_wave_is_added_while_the_survey_has_blanks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("surveys", "notebooks"):
        (tmp_path / folder).mkdir()
    folder = new_survey(tmp_path, "mood")
    misleading_labels(tmp_path / "wave-01.sav")
    monkeypatch.chdir(tmp_path)
    main(["add", "mood", "wave-01.sav"])
    said = capsys.readouterr().out
    assert "survey.toml still has 11 blanks" in said
    assert ": …" not in (folder / "waves" / "01.toml").read_text(encoding="utf-8")
    assert 'house = "first-house"' in (folder / "waves" / "01.toml").read_text(encoding="utf-8")
    _, blanks = draft_survey(folder)
    assert len(blanks) == 11
    text = (folder / "survey.toml").read_text(encoding="utf-8")
    (folder / "survey.toml").write_text(
        text.replace("default_deff = 1.5", "default_deff = -1"), encoding="utf-8"
    )
    with pytest.raises(FaultsError, match="default_deff: must be above 0"):
        draft_survey(folder)


@pytest.mark.parametrize("name", ["id", "ID", "caseid", "folio", "respondent_id", "ид"])
def test_identifiers_that_differ_are_found_by_name(tmp_path: Path, name: str) -> None:
    columns: dict[str, Any] = {name: PLACE + 7, "x": 1}
    respondents = read_respondents(table_file(tmp_path / "file.csv", **columns))
    assert {guess.role: guess.column for guess in guess_roles(respondents)} == {"id": name}


@pytest.mark.parametrize(
    ("column", "cells", "start", "end", "reading"),
    [
        ("StartDate", ["2024-03-01 09:12:00", "2024-03-15 10:00:00"], "2024-03-01", "2024-03-15", "the file's dates"),
        ("date", ["01.03.2024", "15.03.2024"], "2024-03-01", "2024-03-15", "dates"),
        ("Fecha", ["03/01/2024", "03/15/2024"], "2024-03-01", "2024-03-15", "dates"),
        ("Дата", ["03.02.2023 09:12:52", "23.02.2023 19:12:52"], "2023-02-03", "2023-02-23", "dates"),
        ("Timestamp", ["2024/03/01 9:12:00 AM GMT+3", "2024/03/15 9:12 PM GMT+3"], "2024-03-01", "2024-03-15", ""),
        ("Отметка времени", ["01.03.2024 9:12:00", "15.03.2024 9:12:00"], "2024-03-01", "2024-03-15", "dates"),
        ("fecha_entrevista", [45352, 45366], "2024-03-01", "2024-03-15", "Excel's numbers of days"),
        ("intdate", [20240301, 20240315], "2024-03-01", "2024-03-15", "year, month, day in digits"),
    ],
)  # fmt: skip
def test_days_of_interviews_are_found_in_the_forms_in_which_files_write_them(
    tmp_path: Path, column: str, cells: list[Any], start: str, end: str, reading: str
) -> None:
    columns: dict[str, Any] = {column: [cells[place % 2] for place in PLACE], "Q4": PLACE % 2 + 1}
    added = add_wave(
        load_survey(survey_folder(tmp_path)), table_file(tmp_path / "wave-01.csv", **columns), house="pulse"
    )
    lines = {line.key: line for line in added.lines}
    assert (lines["start"].text, lines["end"].text) == (start, end)
    assert reading in lines["start"].why
    assert not {"start", "end", "interview_date"} & {fault.field for fault in added.faults}


def test_seconds_since_midnight_are_no_days(tmp_path: Path) -> None:
    columns: dict[str, Any] = {"starttime": 45000 + PLACE, "Q4": PLACE % 2 + 1}
    respondents = read_respondents(table_file(tmp_path / "file.csv", **columns))
    assert guess_roles(respondents) == []


def test_days_with_two_readings_stay_blank_and_both_are_named(tmp_path: Path) -> None:
    columns: dict[str, Any] = {"date": ["03/04/2024", "05/06/2024"] * 30, "Q4": PLACE % 2 + 1}
    added = add_wave(
        load_survey(survey_folder(tmp_path)), table_file(tmp_path / "wave-01.csv", **columns), house="pulse"
    )
    lines = {line.key: line for line in added.lines}
    assert lines["start"].blank
    assert lines["end"].blank
    assert (
        "2024-04-03 to 2024-06-05 if it is day, month, year; 2024-03-04 to 2024-05-06" in lines["start"].why
    )
    assert "interview_date" not in lines


def test_how_the_file_is_read_is_written_as_it_was_stated(tmp_path: Path) -> None:
    source = tmp_path / "wave-01.csv"
    source.write_bytes("настроение;w\nда;1\nнет;2\n".encode("cp1251"))
    options = ReadOptions(encoding="cp1251", delimiter=";", missing=(99,), missing_of={"w": (2,)})
    survey = load_survey(survey_folder(tmp_path))
    added = add_wave(survey, source, house="pulse", options=options)
    proposed = tomllib.loads(added.toml.read_text(encoding="utf-8"))
    assert proposed["reading"] == {"encoding": "cp1251", "delimiter": ";"}
    assert proposed["missing"] == [99]
    assert "stated: [2] of `w` are no answer; list them in `missing` where it is used" in as_text(added)


def test_codes_that_look_like_no_answer_are_not_proposed_as_valid(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "Q4": np.array([1, 2, 3, 8, 99])[PLACE % 5].astype(float),
            "age": np.where(PLACE % 10, 18.0 + PLACE, 999.0),
            "sex": np.array([1, 2, 9])[PLACE % 3].astype(float),
        }
    )
    labels = {
        "Q4": {1: "often", 2: "rarely", 3: "never", 8: "Don't know", 97: "Refused", 99: "Missing"},
        "sex": {1: "male", 2: "female", 9: "No answer"},
    }
    pyreadstat.write_sav(
        table, tmp_path / "wave-01.sav", column_labels={"Q4": "How often?"}, variable_value_labels=labels
    )
    added = add_wave(load_survey(survey_folder(tmp_path)), tmp_path / "wave-01.sav", house="pulse")
    proposed = tomllib.loads(added.toml.read_text(encoding="utf-8"))
    answer = proposed["indicators"]["anxiety"]
    assert (answer["numerator"], answer["valid"], answer["missing"]) == ([1], [1, 2, 3], [8, 99])
    assert proposed["domains"]["age"] == {"column": "age", "breaks": [30, 45, 60], "missing": [999]}
    assert proposed["domains"]["sex"] == {"column": "sex", "missing": [9]}
    filled(added)
    assert read_wave(load_wave(added.toml, load_survey(tmp_path / "mood"))).respondents.codebook.rows == N


NAMES = [
    "id",
    "weight",
    "вес",
    "sex",
    "Age",
    "region",
    "year",
    "date",
    "Q1",
    "psu",
    'a "b"',
    "line\nbreak",
    "=x",
    "[x]",
]
CELLS = [
    "",
    "1",
    "2",
    "-1",
    "0.5",
    "99",
    "1e300",
    "Male",
    "-",
    "01.03.2024",
    "2024-03-01",
    "2021",
    'b "q"',
    "c\nd",
    "é",
]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_a_file_holds_what_is_proposed_is_sound_toml(tmp_path: Path, data: st.DataObject) -> None:
    columns = data.draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6, unique=True))
    rows = data.draw(st.integers(1, 8))
    cells = {
        name: data.draw(st.lists(st.sampled_from(CELLS), min_size=rows, max_size=rows)) for name in columns
    }
    with tempfile.TemporaryDirectory(dir=tmp_path) as folder:
        survey = load_survey(survey_folder(Path(folder)))
        source = table_file(Path(folder) / "wave-01.csv", **cells)
        for waves in (None, columns[0]):
            try:
                added = add_wave(survey, source, name="many" if waves else "one", house="pulse", waves=waves)
            except InputError:
                continue  # a file that is none, or a column that tells no waves apart
            assert tomllib.loads(added.toml.read_text(encoding="utf-8"))["file"] == "wave-01.csv"
