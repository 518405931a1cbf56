"""A survey's files stay inside its folder: what a wave names, and what a link in the folder leads to."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from groundswell.errors import FaultsError
from groundswell.waves import Survey, check_survey, load_survey
from groundswell.waves.proposal.draft_survey import draft_survey
from groundswell.waves.wave.waves_of_survey import load_waves

from .folders import SURVEY, survey_folder

PRECIOUS = "w,Q4\n1,1\n"
WAVE = """\
file = "{file}"
house = "pulse"
start = 2022-03-01
end = 2022-03-05
[design]
weight = "w"
[indicators.anxiety]
variant = "score"
item = "Q4"
numerator = [1]
"""


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    """A survey next to a file of somebody's own."""
    (tmp_path / "precious.csv").write_text(PRECIOUS)
    folder = survey_folder(tmp_path)
    (folder / "waves").mkdir()
    return load_survey(folder)


def faults(survey: Survey, toml: str) -> list[str]:
    (survey.folder / "waves" / "07.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(FaultsError) as found:
        load_waves(load_survey(survey.folder))
    return [str(fault) for fault in found.value.faults]


@pytest.mark.parametrize(
    "file", ["../../precious.csv", "{outside}/precious.csv", "../../absent.csv", "new/../../../x"]
)
def test_a_wave_that_names_a_file_outside_is_refused_with_its_line_and_the_way_out(
    survey: Survey, file: str
) -> None:
    named = file.format(outside=survey.folder.parent)
    toml = survey.folder / "waves" / "07.toml"
    assert (
        f"{toml}:1: file: `{named}` leads out of the survey's folder, and nothing outside is read or written: put the "
        f'file into `waves/` and write `file = "{Path(named).name}"`'
    ) in faults(survey, WAVE.replace("{file}", named))


def test_nothing_is_told_of_a_file_outside(survey: Survey) -> None:
    said = "\n".join(faults(survey, WAVE.replace("{file}", "../../precious.csv")))
    assert hashlib.sha256(PRECIOUS.encode()).hexdigest() not in said


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("design.weights_file", 'weights_file = "../../w.parquet"'),
        ("reading.catalogue", '[reading]\ncatalogue = "/x.sas7bcat"'),
    ],
)
def test_every_file_that_a_wave_names_is_held_inside(survey: Survey, key: str, line: str) -> None:
    toml = WAVE.replace("{file}", "07.csv").replace('weight = "w"', f'weight = "w"\n{line}')
    assert any(
        f": {key}: " in fault and "leads out of the survey's folder" in fault
        for fault in faults(survey, toml)
    )


def test_one_of_many_waves_of_a_file_names_no_weights_outside(survey: Survey) -> None:
    toml = WAVE.replace("start = 2022-03-01\nend = 2022-03-05\n", 'wave_column = "year"\n').replace(
        "{file}", "07.csv"
    )
    toml = toml.replace(
        "numerator = [1]\n", 'numerator = [1]\n[waves]\n2022 = { weights_file = "../../w.parquet" }\n'
    )
    said = faults(survey, toml.replace("house", f'sha256 = "{"0" * 64}"\nhouse', 1))
    assert any("`../../w.parquet` leads out of the survey's folder" in fault for fault in said)


@pytest.mark.parametrize(
    "name", ["waves/07.csv", "waves/07.toml", "waves/07.estimates.json", "toplines.csv", "margins"]
)
def test_a_link_that_leads_out_of_a_survey_is_refused(survey: Survey, name: str) -> None:
    link = survey.folder / name
    link.unlink(missing_ok=True)
    link.symlink_to("../../precious.csv" if "/" in name else "../precious.csv")
    [fault] = check_survey(survey.folder)
    assert str(fault).startswith(f"{link}: is a link that leads out of the survey's folder")
    with pytest.raises(FaultsError, match="is a link that leads out"):
        draft_survey(survey.folder)


def test_a_link_to_nothing_outside_is_refused_too_since_writing_would_follow_it(survey: Survey) -> None:
    (survey.folder / "waves" / "07.estimates.json").symlink_to(survey.folder.parent / "absent")
    with pytest.raises(FaultsError, match="is a link that leads out"):
        load_survey(survey.folder)


def test_a_folder_of_waves_elsewhere_is_refused(survey: Survey, tmp_path: Path) -> None:
    (survey.folder / "waves").rmdir()
    (tmp_path / "elsewhere").mkdir()
    (survey.folder / "waves").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FaultsError, match="waves: is a link that leads out"):
        load_survey(survey.folder)


def test_links_inside_a_survey_and_to_a_survey_are_followed(survey: Survey, tmp_path: Path) -> None:
    waves = survey.folder / "waves"
    (waves / "kept.csv").write_text(PRECIOUS)
    (waves / "07.csv").symlink_to("kept.csv")
    (tmp_path / "linked").symlink_to(survey.folder)
    sha256 = hashlib.sha256(PRECIOUS.encode()).hexdigest()
    toml = WAVE.replace("{file}", "../waves/07.csv").replace("house", f'sha256 = "{sha256}"\nhouse', 1)
    (waves / "07.toml").write_text(toml)
    for folder in (survey.folder, tmp_path / "linked"):
        [wave] = load_waves(load_survey(folder))
        assert wave.respondents.read_text() == PRECIOUS


def test_a_draft_with_blanks_holds_no_link_out(survey: Survey) -> None:
    (survey.folder / "survey.toml").write_text(SURVEY.replace('"Mood"', '""'), encoding="utf-8")
    assert draft_survey(survey.folder)[1]
    (survey.folder / "README.md").symlink_to("../precious.csv")
    with pytest.raises(FaultsError, match="is a link that leads out"):
        draft_survey(survey.folder)
