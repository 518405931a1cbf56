"""The eleven disclosure items: complete where everything is stated, and what is missing named where it is not."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from groundswell.reports.evidence.disclosure import ITEMS, Fact, disclosure_items
from groundswell.reports.language.language import Language
from groundswell.reports.sections.disclosure import MISSING, TITLES, disclosure, missing_words, said_words
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


def test_facts_are_codes_and_numbers_and_each_has_its_words(survey: Survey, waves: pd.DataFrame) -> None:
    silent = {item.key: item for item in disclosure_items(told(survey), waves.head(0))}
    assert [fact.code for fact in silent["mode"].missing] == ["mode"]
    assert [fact.code for fact in silent["dates"].missing] == ["fieldwork"]
    assert [fact.code for fact in silent["sample_size"].missing] == ["sample_size"]
    for language in (Language("en"), Language("ru")):
        for item in silent.values():
            assert all(missing_words(fact, language) for fact in item.missing)
    assert set(TITLES) == set(ITEMS)
    codes = {fact.code for item in silent.values() for fact in item.missing}
    assert codes == set(MISSING) | {"mode", "sample_size"}


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
    items = {item.key: item for item in disclosure_items(told(survey), mine)}
    assert items["mode"].said == (Fact("modes", {"counts": {"telephone": 2, "online": 1}}),)
    assert items["mode"].present
    assert dict(items["dates"].said[-1].values) == {"first": mine["start"].min(), "last": mine["end"].max()}
    assert items["dates"].missing == (Fact("dates", {"n": 1}),)
    assert items["sample_size"].said[-1] == Fact("sizes", {"low": 500.0, "high": 1500.0})
    once = pd.concat([mine, mine.assign(domain="sex: men", n=5)])
    assert disclosure_items(told(survey), once)[7].said[-1] == items["sample_size"].said[-1]


def test_a_text_of_the_survey_is_said_as_it_is() -> None:
    odd = Fact("text", {"text": "{0.__class__} and {n}"})
    assert said_words(odd, Language("ru")) == "{0.__class__} and {n}"


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
