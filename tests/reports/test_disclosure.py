"""The eleven disclosure items: complete where everything is stated, and what is missing named where it is not."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from groundswell.reports.evidence.disclosure import ITEMS, Part, disclosure
from groundswell.reports.language.disclosure import (
    MISSING,
    MISSING_OF_WAVES,
    SAID,
    TITLES,
    missing_words,
    said_words,
)
from groundswell.reports.language.language import Language
from groundswell.trends.data.observations import observations
from groundswell.waves import Survey, load_survey
from groundswell.waves.surveys.survey_toml import Disclosure, SurveyFile

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
    assert [item.code for item in disclosure(told(survey), waves)] == list(ITEMS) == list(TITLES)
    assert len(ITEMS) == 11


def test_a_survey_that_says_everything_about_sound_waves_misses_nothing(
    survey: Survey, waves: pd.DataFrame
) -> None:
    sound = waves.assign(n=1000, precision="day", mode="telephone")
    items = disclosure(told(survey, **EVERYTHING), sound)
    assert all(item.present for item in items)
    assert not any(item.missing for item in items)
    assert all(item.said for item in items)


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
    items = disclosure(told(survey, **texts), waves.assign(n=1000, precision="day", mode="telephone"))
    (lacking,) = [each for each in items if not each.present]
    assert lacking.code == item
    (part,) = lacking.missing
    assert missing_words(part.code, part.values, Language())


def test_waves_without_n_mode_or_exact_dates_are_counted_as_missing(
    survey: Survey, waves: pd.DataFrame
) -> None:
    items = {item.code: item for item in disclosure(survey, waves)}
    waves = waves.drop_duplicates(["house", "mode", "start", "end"])
    for code, lacking in (
        ("sample_size", waves["n"].isna()),
        ("mode", waves["mode"] == "not stated"),
        ("dates", waves["precision"] != "day"),
    ):
        (part,) = items[code].missing
        assert f"{int(lacking.sum())} waves" in missing_words(part.code, part.values, Language())


def test_every_part_of_every_item_has_its_words(survey: Survey, waves: pd.DataFrame) -> None:
    said, missing = set(), set()
    sound, rough = (
        waves.assign(n=1000, precision="day", mode="telephone"),
        waves.assign(n=pd.NA, mode="not stated"),
    )
    for record in (told(survey), told(survey, **EVERYTHING)):
        for rows in (sound, rough, waves.head(0)):
            for item in disclosure(record, rows):
                for part in item.said:
                    assert said_words(part.code, part.values, Language())
                    said.add(part.code)
                for part in item.missing:
                    assert missing_words(part.code, part.values, Language())
                    missing.add(part.code)
    # of raked waves alone, which are in `test_without_category_in_reports.py`
    assert said == set(SAID) - {"without_category"}
    assert missing == set(MISSING) | set(MISSING_OF_WAVES)


def test_the_facts_of_waves_are_their_modes_first_and_last_day_and_sizes(
    survey: Survey, waves: pd.DataFrame
) -> None:
    mine = waves.head(3).assign(
        mode=["telephone", "online", "telephone"],
        start=pd.to_datetime(["2024-01-01", "2024-02-01", "2024-03-01"]),
        end=pd.to_datetime(["2024-01-05", "2024-02-05", "2024-03-05"]),
        n=[500, 1500, 1000],
        precision=["day", "month", "day"],
    )
    items = {item.code: item for item in disclosure(told(survey), mine)}
    assert items["mode"].said == (Part("modes", {"waves": {"telephone": 2, "online": 1}}),)
    assert items["mode"].present
    assert dict(items["dates"].said[-1].values) == {"first": mine["start"].min(), "last": mine["end"].max()}
    assert items["dates"].missing == (Part("exact_dates", {"waves": 1}),)
    assert items["sample_size"].said[-1] == Part("sizes", {"low": 500, "high": 1500})
    with_domains = pd.concat([mine, mine.assign(domain="sex: men", n=5)])
    again = {item.code: item for item in disclosure(told(survey), with_domains)}
    assert again["sample_size"].said[-1] == items["sample_size"].said[-1]


def test_every_key_of_the_metadata_has_its_place_in_the_standards(repository: Path) -> None:
    page = (repository / "docs" / "metadata.md").read_text(encoding="utf-8")
    keys = [*Disclosure.model_fields, *SurveyFile.model_fields]
    there = {
        "houses",
        "indicators",
        "events",
        "bridges",
        "disclosure",
        "shared_bias",
    }  # tables with rows of their own
    assert [key for key in keys if f"`{key}`" not in page and key not in there] == []
    assert all(f"| {number} " in page for number in range(1, 12))


def test_what_is_missing_from_an_item_stands_beside_what_is_said(russian_report: Path) -> None:
    page = (russian_report / "index.html").read_text(encoding="utf-8")
    section = page[page.index('id="how-measured"') :]
    assert "disclosure items present" in section
    assert "Waves by mode: " in section
    assert '<span class="missing">missing: the mode of 3 waves</span>' in section
    assert section.count('class="missing">missing: ') >= 4
