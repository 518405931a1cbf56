"""`groundswell add`: what is guessed, what is left to a person, and what is never touched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from groundswell.checksum import checksum
from groundswell.cli import main
from groundswell.cli.text.new_wave import as_text
from groundswell.errors import InputError
from groundswell.waves import load_survey
from groundswell.waves.proposal.guesses.domains import guess_domains
from groundswell.waves.proposal.guesses.roles import guess_roles, recur_across, single_columns
from groundswell.waves.proposal.guesses.weights import weight_candidates
from groundswell.waves.proposal.new_wave import add_wave, wave_name
from groundswell.waves.respondents.reader import Respondents, read_respondents
from groundswell.waves.surveys.survey_toml import Survey
from groundswell.waves.wave.check import read_wave
from groundswell.waves.wave.wave_toml import load_wave

from .folders import survey_folder

QUESTION = "Была ли у вас тревога?"
LABELS = {
    "Q4": {1: "да", 2: "нет", 99: "отказ"},
    "GENDER": {1: "мужской", 2: "женский"},
    "for_weight": {1: "м18"},
}


def wave_file(file: Path, question: str = "Q4", label: str = QUESTION, **columns: Any) -> Path:
    """An SPSS file of forty respondents, its question under any name."""
    n = 40
    table = pd.DataFrame(
        {
            "ID": np.arange(n) + 1.0,
            "GENDER": np.arange(n) % 2 + 1.0,
            "AGE": 18.0 + np.arange(n),
            question: np.where(np.arange(n) % 3 == 0, 1.0, 2.0),
            "for_weight": 1.0,
            "wes_age": np.linspace(0.0, 2.0, n),
        }
        | columns
    )
    labels = {
        "ID": "Идентификатор респондента",
        "GENDER": "Пол",
        question: label,
        "wes_age": "Вес по полу-возрасту",
    }
    values = {question if name == "Q4" else name: codes for name, codes in LABELS.items()}
    pyreadstat.write_sav(
        table, file, column_labels=labels, variable_value_labels=values, missing_ranges={question: [99]}
    )
    return file


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    return load_survey(survey_folder(tmp_path))


def complete(toml: Path, **filled: str) -> None:
    """Fill the blanks as a person would."""
    lines = []
    for line in toml.read_text(encoding="utf-8").splitlines():
        key = line.split(" = ")[0]
        lines.append(
            f"{key} = {filled[key]}"
            if key in filled and line.split("#")[0].strip()[-2:] in ('""', "[]")
            else line
        )
    toml.write_text("\n".join(lines) + "\n", encoding="utf-8")


FILLED = {
    "start": "2022-03-01",
    "end": "2022-03-05",
    "house": '"pulse"',
    "variant": '"score"',
    "item": '"Q4"',
    "numerator": "[1]",
}


def test_a_first_wave_is_proposed_with_its_roles_and_its_blanks(survey: Survey, tmp_path: Path) -> None:
    source = wave_file(tmp_path / "wave-07.sav")
    before = checksum(source)
    added = add_wave(survey, source, house="pulse")
    assert (added.toml.name, added.file.name, added.respondents) == ("07.toml", "wave-07.sav", 40)
    assert checksum(added.file) == checksum(source) == before
    proposed = {line.key: line.text for line in added.lines if line.text}
    assert proposed["id"] == '"ID"'
    assert proposed["weight"] == '"wes_age"'
    assert proposed["start"] == proposed["end"] == '""'
    assert sorted({fault.field for fault in added.faults}) == [
        *("end", "indicators.anxiety.item", "indicators.anxiety.numerator", "start"),
    ]
    assert "still to fill in" in as_text(added)
    complete(added.toml, **FILLED)
    wave = load_wave(added.toml, survey)
    assert read_wave(wave).respondents.codebook.rows == 40
    assert set(wave.domains) == {"sex", "age"}


def test_the_next_wave_is_like_it_and_finds_the_question_by_its_label(survey: Survey, tmp_path: Path) -> None:
    first = add_wave(survey, wave_file(tmp_path / "wave-07.sav"), house="pulse")
    complete(first.toml, **FILLED)
    moved = add_wave(
        survey, wave_file(tmp_path / "wave-08.sav", question="Q6_5", label="Была ли у Вас тревога")
    )
    proposed = {line.key: line.text for line in moved.lines if line.text}
    assert proposed["like"] == '"07"'
    assert proposed["item"] == '"Q6_5"'
    assert {fault.field for fault in moved.faults} == {"start", "end"}
    complete(moved.toml, start="2022-04-01", end="2022-04-05")
    assert read_wave(load_wave(moved.toml, survey)).respondents.codebook.rows == 40
    reworded = add_wave(survey, wave_file(tmp_path / "wave-09.sav", label="Была ли у вас тревога за месяц?"))
    look = next(line for line in reworded.lines if line.key == "variant")
    assert "“Была ли у вас тревога за месяц?”, was “Была ли у вас тревога?”" in look.why
    lost = add_wave(survey, wave_file(tmp_path / "wave-10.sav", question="Q9", label="Другой вопрос"))
    assert next(line for line in lost.lines if line.key == "item").text == '""'


def test_dates_of_interviews_give_the_fieldwork(survey: Survey, tmp_path: Path) -> None:
    days = pd.date_range("2022-03-01", periods=40, freq="6h").strftime("%Y-%m-%d").to_numpy()
    source = wave_file(tmp_path / "wave-07.sav", interview_date=days)
    proposed = {line.key: line.text for line in add_wave(survey, source, house="pulse").lines if line.text}
    assert proposed["interview_date"] == '"interview_date"'
    assert (proposed["start"], proposed["end"]) == ("2022-03-01", "2022-03-10")


def test_strata_and_units_that_start_again_are_nested(tmp_path: Path) -> None:
    table = pd.DataFrame({"stratum": [1, 1, 2, 2], "psu": [1, 2, 1, 2], "wt": [1.0, 2.0, 1.5, 1.0]})
    table.to_csv(tmp_path / "wave.csv", index=False)
    respondents = read_respondents(tmp_path / "wave.csv")
    roles = {guess.role: guess.column for guess in guess_roles(respondents)}
    assert roles == {"strata": "stratum", "psu": "psu"}
    assert recur_across(respondents, "psu", "stratum")


def test_a_family_of_numbered_weights_is_no_single_weight(tmp_path: Path) -> None:
    table = pd.DataFrame({"WEIGHT": [1.0, 2.0], **{f"REPWT{place}": [1.0, 3.0] for place in range(1, 11)}})
    table.to_csv(tmp_path / "wave.csv", index=False)
    respondents = read_respondents(tmp_path / "wave.csv")
    assert {guess.role: guess.column for guess in guess_roles(respondents)} == {"replicates": "REPWT*"}
    assert usable_weights(respondents) == ["WEIGHT"]


def usable_weights(respondents: Respondents) -> list[str]:
    found = weight_candidates(respondents, single_columns(respondents.codebook))
    return [candidate.column for candidate in found if not candidate.fault]


@pytest.mark.parametrize(
    "weights", [[1.0, -1.0], [1.0, None], [1.0, 1.0]], ids=["negative", "missing", "all-the-same"]
)
def test_what_cannot_be_weights_is_not_proposed_as_such(tmp_path: Path, weights: list[Any]) -> None:
    pd.DataFrame({"weight": weights, "x": [1, 2]}).to_csv(tmp_path / "wave.csv", index=False)
    assert usable_weights(read_respondents(tmp_path / "wave.csv")) == []


@pytest.mark.parametrize(
    ("source", "others", "name"),
    [
        ("wave-07.sav", [], "07"),
        ("Wave 07.sav", [], "07"),
        ("wave-07.sav", ["wave-06"], "wave-07"),
        ("march 2024.csv", [], "march-2024"),
        ("wave.csv", [], "wave"),
    ],
)
def test_a_wave_is_named_by_its_file(survey: Survey, source: str, others: list[str], name: str) -> None:
    (survey.folder / "waves").mkdir()
    for other in others:
        (survey.folder / "waves" / f"{other}.toml").touch()
    assert wave_name(survey, Path(source)) == name


def test_nothing_is_written_over(survey: Survey, tmp_path: Path) -> None:
    source = wave_file(tmp_path / "wave-07.sav")
    added = add_wave(survey, source)
    text = added.toml.read_text(encoding="utf-8")
    with pytest.raises(InputError, match="is there already: name the wave otherwise"):
        add_wave(survey, source)
    wave_file(source, label="another")
    with pytest.raises(InputError, match="is there already with other content"):
        add_wave(survey, source, name="08")
    assert added.toml.read_text(encoding="utf-8") == text
    assert sorted(path.name for path in added.toml.parent.iterdir()) == ["07.toml", "wave-07.sav"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["broken.sav"], "not a sound .sav file"),
        (["absent.sav"], "is not here"),
        (["wave-07.sav", "--name", "Волна"], "cannot name a wave"),
        (["wave-07.sav", "--house", "pulze"], "did you mean `pulse`"),
    ],
)
def test_what_cannot_be_added_is_refused_and_nothing_is_written(
    survey: Survey,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    says: str,
) -> None:
    project = tmp_path / "project"
    (project / "notebooks").mkdir(parents=True)
    (project / "surveys").mkdir()
    survey.folder.rename(project / "surveys" / "mood")
    wave_file(tmp_path / "wave-07.sav")
    (tmp_path / "broken.sav").write_bytes(b"$FL2 and no more")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(["add", "mood", *words, "--project", str(project)])
    assert ended.value.code == 2
    assert says in capsys.readouterr().err
    assert not (project / "surveys" / "mood" / "waves").exists()


def test_domains_are_guessed_by_names_and_labels(tmp_path: Path) -> None:
    source = wave_file(tmp_path / "wave-07.sav")
    domains = guess_domains(read_respondents(source))
    guessed = {domain.guess.role: domain.guess.column for domain in domains}
    assert guessed == {"sex": "GENDER", "age": "AGE"}


def test_chronicles_weights_are_not_the_cells_they_were_made_of(shared: Path) -> None:
    for number in range(1, 7):
        respondents = read_respondents(shared / "data" / "chronicles" / f"wave-0{number}.sav")
        assert {guess.role: guess.column for guess in guess_roles(respondents)} == {"id": "ID"}
        assert usable_weights(respondents) == ["wes_age_gender_tnp"]
