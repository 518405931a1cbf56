"""The eleven disclosure items: complete where everything is stated, and what is missing named where it is not."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from groundswell.reports.evidence.disclosure import ITEMS, disclosure
from groundswell.trends.data.observations import observations
from groundswell.waves import Survey, load_survey
from groundswell.waves.surveys.records import Disclosure, SurveyFile

EVERYTHING = dict.fromkeys(
    (
        "data_collection",
        "sponsored_by",
        "sampling",
        "recruitment",
        "weighting",
        "processing",
        "quality",
        "limitations",
    ),
    "said",
)


@pytest.fixture
def survey(repository: Path) -> Survey:
    return load_survey(repository / "surveys" / "russia-mood")


@pytest.fixture
def waves(survey: Survey) -> pd.DataFrame:
    return observations(survey)


def told(survey: Survey, **texts: str) -> Survey:
    return survey.model_copy(update={"sponsor": None, "disclosure": type(survey.disclosure)(**texts)})


def test_all_eleven_items_are_listed_whatever_the_survey_says(survey: Survey, waves: pd.DataFrame) -> None:
    assert list(disclosure(told(survey), waves)["item"]) == list(ITEMS)
    assert len(ITEMS) == 11


def test_a_survey_that_says_everything_about_sound_waves_misses_nothing(
    survey: Survey, waves: pd.DataFrame
) -> None:
    sound = waves.assign(n=1000, precision="day", mode="telephone")
    table = disclosure(told(survey, **EVERYTHING), sound)
    assert table["present"].all()
    assert (table["missing"] == "").all()


@pytest.mark.parametrize(
    ("silent", "item"),
    [
        ("data_collection", "data_collection"),
        ("sponsored_by", "sponsor_and_conductor"),
        ("sampling", "sample"),
        ("recruitment", "sample"),
        ("weighting", "weighting"),
        ("quality", "processing"),
        ("limitations", "limitations"),
    ],
)
def test_one_silence_makes_exactly_its_item_missing(
    survey: Survey, waves: pd.DataFrame, silent: str, item: str
) -> None:
    texts = {key: text for key, text in EVERYTHING.items() if key != silent}
    table = disclosure(told(survey, **texts), waves.assign(n=1000, precision="day", mode="telephone"))
    assert list(table.loc[~table["present"], "item"]) == [item]
    assert table.loc[~table["present"], "missing"].item()


def test_waves_without_n_mode_or_exact_dates_are_counted_as_missing(
    survey: Survey, waves: pd.DataFrame
) -> None:
    table = disclosure(survey, waves).set_index("item")
    waves = waves.drop_duplicates(["house", "mode", "start", "end"])
    assert f"{int(waves['n'].isna().sum())} waves" in table.loc["sample_size", "missing"]
    assert f"{int((waves['mode'] == 'not stated').sum())} waves" in table.loc["mode", "missing"]
    assert f"{int((waves['precision'] != 'day').sum())} waves" in table.loc["dates", "missing"]


def test_every_key_of_the_metadata_has_its_place_in_the_standards(repository: Path) -> None:
    page = (repository / "docs" / "metadata.md").read_text(encoding="utf-8")
    keys = [*Disclosure.model_fields, *SurveyFile.model_fields]
    there = {"houses", "indicators", "events", "disclosure", "shared_bias"}  # tables with rows of their own
    assert [key for key in keys if f"`{key}`" not in page and key not in there] == []
    assert all(f"| {number} " in page for number in range(1, 12))


def test_what_is_missing_from_an_item_stands_beside_what_is_said(russian_report: Path) -> None:
    page = (russian_report / "index.html").read_text(encoding="utf-8")
    section = page[page.index('id="how-measured"') :]
    assert "disclosure items present" in section
    assert "Waves by mode: " in section
    assert '<span class="missing">missing: the mode of 3 waves</span>' in section
    assert section.count('class="missing">missing: ') >= 4
