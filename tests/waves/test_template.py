"""A new survey: the check lists its blanks, and passes once they are filled."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from groundswell.errors import InputError
from groundswell.waves import check_survey, list_surveys, load_survey, new_survey, read_toplines

FILLED = {
    'title = ""            # as': 'title = "Mood" # as',
    'universe = ""': 'universe = "Adults"',
    'geography = ""': 'geography = "Ruritania"',
    'licence = ""': 'licence = "CC0"',
    'default_deff_source = ""': 'default_deff_source = "assumed"',
    'name = ""': 'name = "FOM"',
    'title = ""            # a noun': 'title = "Anxious mood" # a noun',
    'description = ""': 'description = "feel anxious"',
    'higher_is = ""': 'higher_is = "worse"',
    'question = ""': 'question = "Which mood?"',
    'numerator = [""]': 'numerator = ["anxious"]',
}
OPTIONAL = re.compile(r"# (\[\[?[a-z]+\]|[a-z_]+ += )")
ROW = "first-indicator,first-variant,first-house,,anxious,0.35,,,,2022-09-18,day,,,,,FOM,,verbatim_primary,\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "surveys").mkdir()
    (tmp_path / "notebooks").mkdir()
    return tmp_path


def test_the_check_lists_exactly_the_blanks_and_passes_once_they_are_filled(project: Path) -> None:
    folder = new_survey(project, "my-survey")
    blanks = check_survey(folder)
    text = (folder / "survey.toml").read_text()
    written = [line.split("#")[0].strip() for line in text.splitlines()]
    empty = [line for line in written if line.endswith(('= ""', '= [""]'))]
    assert [written[(f.line or 0) - 1] for f in blanks if f.file.name == "survey.toml"] == empty
    assert [fault.file.name for fault in blanks][len(empty) :] == ["toplines.csv"]
    for blank, filled in FILLED.items():
        assert blank in text
        text = text.replace(blank, filled, 1)
    (folder / "survey.toml").write_text(text)
    with (folder / "toplines.csv").open("a") as file:
        file.write(ROW)
    assert check_survey(folder) == []
    assert len(read_toplines(load_survey(folder))) == 1
    assert "my-survey" in (folder / "README.md").read_text()


def test_every_optional_key_of_the_comments_is_accepted(project: Path) -> None:
    folder = new_survey(project, "my-survey")
    text = (folder / "survey.toml").read_text()
    for blank, filled in FILLED.items():
        text = text.replace(blank, filled, 1)
    text = "\n".join(line.removeprefix("# ") if OPTIONAL.match(line) else line for line in text.split("\n"))
    (folder / "survey.toml").write_text(
        text.replace('= ""', '= "x"').replace('"https://…"', '"https://x.org"')
    )
    (folder / "toplines.csv").unlink()
    assert [str(f) for f in check_survey(folder)] == []


def test_what_is_there_is_not_touched(project: Path) -> None:
    folder = new_survey(project, "my-survey")
    (folder / "survey.toml").write_text("mine")
    with pytest.raises(InputError, match="is there already"):
        new_survey(project, "my-survey")
    assert (folder / "survey.toml").read_text() == "mine"


@pytest.mark.parametrize("name", ["../x", "my survey", "", "Ä"])
def test_a_bad_name_writes_nothing(project: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot name a survey"):
        new_survey(project, name)
    assert list((project / "surveys").iterdir()) == []


def test_a_half_made_folder_is_taken_away(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        new_survey(project, "my-survey")
    assert list((project / "surveys").iterdir()) == []
    assert list_surveys(project) == []


def test_a_surveys_folder_that_is_absent_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        new_survey(tmp_path, "my-survey")
