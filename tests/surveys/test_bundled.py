"""The bundled surveys are sound, and hold the published figures and no others."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from groundswell.waves import check_survey, load_survey, read_toplines

BUNDLED = ["russia-mood", "uk-opinions", "ukraine-outlook", "us-household-pulse"]
"""Surveys of published figures, transcribed."""
SIMULATED = "simulated-panel"
# shared file -> series -> (survey, indicator) in which every figure of the series stands
SERIES = {
    "russia.csv": {
        "ru_fom_mood_circle": ("russia-mood", "anxiety"),
        "ru_levada_mood_self": ("russia-mood", "anxiety"),
        "ru_chronicles_anxiety_attack": ("russia-mood", "anxiety"),
        "ru_chronicles_anxiety_attack_published": ("russia-mood", "anxiety"),
        "ru_chronicles_mood_self": ("russia-mood", "anxiety"),
        "ru_vtsiom_planning_horizon": ("russia-mood", "planning"),
        "ru_levada_planning_horizon": ("russia-mood", "planning"),
        "ru_fom_planning_horizon": ("russia-mood", "planning"),
    },
    "more-planning-and-outlook.csv": {
        "ru_levada_planning_horizon": ("russia-mood", "planning"),
        "ua_rating_planning_horizon": ("ukraine-outlook", "planning"),
        "ua_kiis_future_10y": ("ukraine-outlook", "outlook"),
    },
    "united-states.csv": {
        "us_hps_anxiety": ("us-household-pulse", "anxiety"),
        "us_hps_depression": ("us-household-pulse", "depression"),
        "us_hps_anxiety_or_depression": ("us-household-pulse", "either"),
    },
    "united-kingdom.csv": {
        "uk_ons_opn_high_anxiety": ("uk-opinions", "anxiety"),
        "uk_ons_aps_high_anxiety": ("uk-opinions", "anxiety"),
        "uk_ons_opn_unsure_future": ("uk-opinions", "unsure"),
    },
}
STATED_DATES = ("verbatim", "end_date_verbatim")

# survey, house, last day of fieldwork, category, share: read off the sources named in the rows
PUBLISHED = """
russia-mood        | fom         | 2020-03-29 | anxious                            | 0.56
russia-mood        | fom         | 2022-02-27 | anxious                            | 0.55
russia-mood        | fom         | 2022-09-18 | anxious                            | 0.35
russia-mood        | fom         | 2022-09-25 | anxious                            | 0.69
russia-mood        | fom         | 2022-10-02 | anxious                            | 0.70
russia-mood        | fom         | 2023-12-17 | anxious                            | 0.36
russia-mood        | fom         | 2025-08-10 | anxious                            | 0.39
russia-mood        | levada      | 2022-09-28 | net negative                       | 0.47
russia-mood        | levada      | 2022-10-26 | fear, longing                      | 0.09
russia-mood        | chronicles  | 2022-07-05 | attacks of anxiety or depression   | 0.4313
russia-mood        | chronicles  | 2023-02-09 | attacks of anxiety                 | 0.5019
russia-mood        | chronicles  | 2023-02-09 | attacks of anxiety                 | 0.62
russia-mood        | chronicles  | 2025-10-21 | anxious                            | 0.4745
russia-mood        | vtsiom      | 2012-12-31 | long-term / several years          | 0.18
russia-mood        | vtsiom      | 2024-11-30 | long-term / several years          | 0.29
russia-mood        | levada      | 2018-10-31 | 5-6 years                          | 0.11
russia-mood        | fom         | 2019-08-11 | more than 10 years                 | 0.16
uk-opinions        | opn         | 2020-03-30 | 6 to 10                            | 0.496
uk-opinions        | aps         | 2020-12-31 | 6 to 10                            | 0.252
uk-opinions        | opn         | 2022-10-23 | very or fairly unsure              | 0.52
ukraine-outlook    | rating      | 2023-11-23 | several years                      | 0.12
ukraine-outlook    | kiis        | 2022-10-23 | prosperous country in the EU       | 0.88
ukraine-outlook    | kiis        | 2025-06-03 | prosperous country in the EU       | 0.43
us-household-pulse | hps         | 2020-05-05 | GAD-2 score 3 or more              | 0.308
us-household-pulse | hps         | 2023-10-30 | GAD-2 score 3 or more              | 0.295
us-household-pulse | hps         | 2024-02-05 | GAD-2 score 3 or more              | 0.170
"""
SPOTS = [tuple(cell.strip() for cell in line.split("|")) for line in PUBLISHED.strip().splitlines()]


def written(folder: Path) -> list[dict[str, str]]:
    """The cells of `toplines.csv` as text."""
    with (folder / "toplines.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def outside(shared: Path, name: str) -> list[dict[str, str]]:
    """The rows of one of the shared files whose house is named and whose share is given."""
    with (shared / "data" / "toplines" / name).open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row["percent"] and row["house"]]


def test_the_bundled_surveys_are_these(repository: Path) -> None:
    folders = sorted(file.parent.name for file in (repository / "surveys").glob("*/survey.toml"))
    assert folders == sorted([*BUNDLED, SIMULATED])


def test_the_simulated_survey_says_so_and_is_sound(repository: Path) -> None:
    folder = repository / "surveys" / SIMULATED
    assert check_survey(folder) == []
    assert "simulated" in load_survey(folder).title.lower()


@pytest.mark.parametrize("name", BUNDLED)
def test_a_bundled_survey_has_no_fault(repository: Path, name: str) -> None:
    assert check_survey(repository / "surveys" / name) == []


@pytest.mark.parametrize("name", BUNDLED)
def test_every_variant_has_rows_and_every_survey_says_who_may_use_it(repository: Path, name: str) -> None:
    folder = repository / "surveys" / name
    declared = {(i, v) for i, kept in load_survey(folder).indicators.items() for v in kept.variants}
    assert {(row["indicator"], row["variant"]) for row in written(folder)} == declared
    assert "## Who may use it" in (folder / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("survey", "house", "end", "category", "share"), SPOTS)
def test_a_published_share_stands_in_the_survey(
    repository: Path, survey: str, house: str, end: str, category: str, share: str
) -> None:
    wave = (house, end, category, share)
    rows = written(repository / "surveys" / survey)
    assert wave in {(row["house"], row["end"], row["category"], row["share"]) for row in rows}


def test_shares_and_sources_are_those_of_the_outside_figures_and_no_others(
    repository: Path, shared: Path
) -> None:
    expected: Counter[tuple[str, str, str, Decimal]] = Counter()
    for name, series in SERIES.items():
        for row in outside(shared, name):
            if row["series"] in series:
                share = Decimal(row["percent"]) / 100
                expected[*series[row["series"]], row["source_url"], share] += 1
    got = Counter(
        (survey, row["indicator"], row["source_url"], Decimal(row["share"]))
        for survey in BUNDLED
        for row in written(repository / "surveys" / survey)
        if row["share"]
    )
    assert got == expected


def test_dates_that_a_source_states_are_kept(repository: Path, shared: Path) -> None:
    kept = {
        (survey, row["source_url"], Decimal(row["share"]), row["start"], row["end"])
        for survey in BUNDLED
        for row in written(repository / "surveys" / survey)
        if row["share"]
    }
    stated = {
        (
            series[row["series"]][0],
            row["source_url"],
            Decimal(row["percent"]) / 100,
            row["start_date"],
            row["end_date"],
        )
        for name, series in SERIES.items()
        for row in outside(shared, name)
        if row["series"] in series and row["date_certainty"] in STATED_DATES
    }
    assert len(stated) > 250
    assert stated <= kept


def test_household_pulse_has_72_cycles_of_three_indicators_in_three_variants(repository: Path) -> None:
    table = read_toplines(load_survey(repository / "surveys" / "us-household-pulse"))
    cycles = table.groupby(["indicator", "variant"])["end"].nunique().to_dict()
    assert cycles == {
        (indicator, variant): count
        for indicator in ("anxiety", "depression", "either")
        for variant, count in (("hps-seven-days", 33), ("hps-two-weeks", 30), ("hps-phase-4", 9))
    }
    assert table["moe"].between(0.003, 0.012).all()


def test_the_quotation_of_july_2025_stands_as_two_ranges_outside_the_fit(repository: Path) -> None:
    survey = load_survey(repository / "surveys" / "russia-mood")
    table = read_toplines(survey)
    quote = table[table["house"] == "extremescan"].set_index("indicator")
    assert quote[["share_low", "share_high"]].to_dict("index") == {
        "anxiety": {"share_low": 0.56, "share_high": 0.60},
        "planning": {"share_low": 0.15, "share_high": 0.18},
    }
    assert set(quote["certainty"]) == {"unverified_quote"}
    assert quote["n"].isna().all()
    assert not survey.indicators["anxiety"].variants["extremescan-quote"].fit


@pytest.mark.parametrize("name", BUNDLED)
def test_a_range_says_how_it_was_read(repository: Path, name: str) -> None:
    rows = [row for row in written(repository / "surveys" / name) if row["share_low"]]
    assert all('"' in row["note"] or "source gives" in row["note"] for row in rows)


@pytest.mark.parametrize(
    ("variant", "fitted"),
    [("chronicles-printed", False), ("chronicles-since-march-anxiety", True), ("levada-mood-answers", False)],
)
def test_one_figure_a_wave_is_fitted(repository: Path, variant: str, fitted: bool) -> None:
    survey = load_survey(repository / "surveys" / "russia-mood")
    assert survey.indicators["anxiety"].variants[variant].fit is fitted


def test_levada_asked_in_september_2022_after_the_mobilisation(repository: Path) -> None:
    survey = load_survey(repository / "surveys" / "russia-mood")
    mobilisation = next(event.date for event in survey.events if event.label == "Mobilisation")
    rows = [r for r in written(survey.folder) if r["house"] == "levada" and r["end"] == "2022-09-28"]
    assert rows
    assert all(date.fromisoformat(row["start"]) > mobilisation for row in rows)
