"""The raw difference of two waves against closed forms: people asked twice, fresh samples, published figures."""

from __future__ import annotations

import doctest
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from waves.folders import row, survey_folder
from waves.ladders import PRINTED, WAVE, ladder_survey, people

import groundswell as gs
from groundswell.errors import InputError
from groundswell.trends import on_scale, wave_changes
from groundswell.waves import load_survey

DRAWN = np.random.default_rng(3)
BEFORE = DRAWN.integers(0, 11, 300)
AFTER = np.clip(BEFORE + DRAWN.integers(-2, 3, 300), 0, 10)


def only(changes: pd.DataFrame, indicator: str = "satisfaction", domain: str = "all") -> pd.Series:
    (found,) = (
        part
        for _, part in changes[(changes["indicator"] == indicator) & (changes["domain"] == domain)].iterrows()
    )
    return found


def test_people_asked_twice_change_by_the_mean_of_their_changes(tmp_path: Path) -> None:
    """Equal weights, every person a unit: the paired t test."""
    waves = {"one": people(BEFORE, weight=1.0), "two": people(AFTER, weight=1.0)}
    change = only(on_scale(wave_changes(ladder_survey(tmp_path, waves), "satisfaction")))
    paired = AFTER - BEFORE
    assert change["estimate"] == pytest.approx(paired.mean(), rel=1e-10)
    assert change["se"] == pytest.approx(paired.std(ddof=1) / np.sqrt(300), rel=1e-9)
    told = stats.ttest_rel(AFTER, BEFORE)
    interval = told.confidence_interval()
    assert (change["low"], change["high"]) == pytest.approx((interval.low, interval.high), rel=1e-9)
    assert (change["p"], change["df"]) == pytest.approx((told.pvalue, 299), rel=1e-9)


def test_people_who_left_and_came_share_nothing(tmp_path: Path) -> None:
    waves = {"one": people(BEFORE, weight=1.0), "two": people(AFTER, first=1000, weight=1.0)}
    change = only(on_scale(wave_changes(ladder_survey(tmp_path, waves))))
    assert change["covariance"] == 0
    fresh = (BEFORE.var(ddof=1) + AFTER.var(ddof=1)) / 300
    assert change["se"] == pytest.approx(np.sqrt(fresh), rel=1e-9)


def test_where_half_are_asked_again_only_they_are_shared(tmp_path: Path) -> None:
    """The covariance of two sample means is the sum over the people in both of the products of their deviations."""
    again = np.concatenate([AFTER[150:], BEFORE[:150]])
    waves = {"one": people(BEFORE, weight=1.0), "two": people(again, first=150, weight=1.0)}
    change = only(on_scale(wave_changes(ladder_survey(tmp_path, waves))))
    one, two = BEFORE - BEFORE.mean(), again - again.mean()
    shared = (one[150:] * two[:150]).sum() / (300 * 299)
    assert change["covariance"] * 100 == pytest.approx(shared, rel=1e-9)
    variance = (BEFORE.var(ddof=1) + again.var(ddof=1)) / 300 - 2 * shared
    assert change["se"] == pytest.approx(np.sqrt(variance), rel=1e-9)


def test_shares_and_domains_agree_with_the_changes_of_the_stacked_waves(tmp_path: Path) -> None:
    """`changes` of stacked waves agrees with R's svycontrast (test_waves_against_r)."""
    waves = {"one": people(BEFORE), "two": people(AFTER, Q4=1 + np.arange(300) % 5 // 3)}
    found = wave_changes(ladder_survey(tmp_path, waves))
    stacked = pd.concat([rows.assign(wave=name) for name, rows in waves.items()], ignore_index=True)
    design = gs.Design(weights="weight", psu="id")
    for by, domain in ([], "all"), (["sex"], "sex: men"):
        table, covariance = gs.shares_and_covariance(stacked, design, "Q4", by=["wave", *by])
        told = gs.changes(table, covariance, wave="wave")
        told = told[(told["category"] == "1") & ((told["sex"] == "men") if by else True)].iloc[0]
        mine = only(found, "anxiety", domain)
        assert [mine[name] for name in ("estimate", "se")] == pytest.approx(
            [told["estimate"], told["se"]], rel=1e-9
        )


def test_published_waves_are_independent_with_their_rounding(tmp_path: Path) -> None:
    """deff 2.0 of the house; a share printed to a whole percent has a variance of 0.01² / 12 more."""
    later = {"start": "2022-10-16", "end": "2022-10-18", "share": "0.42"}
    survey = load_survey(survey_folder(tmp_path, row(share="0.38"), row(**later)))
    change = only(wave_changes(survey), "anxiety")
    variance = sum(p * (1 - p) / (1500 / 2.0) + 0.01**2 / 12 for p in (0.38, 0.42))
    assert change["estimate"] == pytest.approx(0.04)
    assert change["se"] == pytest.approx(np.sqrt(variance), rel=1e-9)
    assert change["high"] - change["estimate"] == pytest.approx(1.959964 * np.sqrt(variance), rel=1e-6)


def test_published_means_differ_by_their_stated_standard_deviation(tmp_path: Path) -> None:
    later = PRINTED | {"start": "2022-10-16", "end": "2022-10-18", "share": "6.5", "deff": "1.2"}
    survey = ladder_survey(tmp_path, None, PRINTED, later)
    change = only(on_scale(wave_changes(survey)))
    variance = 2.1**2 * (1.5 + 1.2) / 1200 + 2 * 0.1**2 / 12
    assert change["estimate"] == pytest.approx(-0.4)
    assert change["se"] == pytest.approx(np.sqrt(variance), rel=1e-9)


def test_what_cannot_be_told_apart_is_not_compared(tmp_path: Path) -> None:
    moved = {"start": "2022-09-18", "end": "2022-09-25"}  # a window that shares a day with the first
    survey = load_survey(survey_folder(tmp_path, row(), row(**moved, share="0.42")))
    assert wave_changes(survey).empty
    wide = row(start="2022-10-16", end="2022-10-18", share="", share_low="0.3", share_high="0.4")
    assert wave_changes(load_survey(survey_folder(tmp_path, row(), wide))).empty
    other = row(variant="score", house="pulse", category="often", start="2022-10-16", end="2022-10-18")
    always = other | {"category": "always", "share": "0.1"}
    assert wave_changes(load_survey(survey_folder(tmp_path, row(), other, always))).empty


def test_a_wave_is_held_against_the_newest_that_ended_before_it_began(tmp_path: Path) -> None:
    rows = [row(start=f"2022-{month:02d}-16", end=f"2022-{month:02d}-18") for month in (9, 10, 11)]
    changes = wave_changes(load_survey(survey_folder(tmp_path, *rows)))
    assert changes["before_end"].dt.month.tolist() == [9, 10]
    assert changes["end"].dt.month.tolist() == [10, 11]


def test_small_and_hidden_domains_are_not_compared(tmp_path: Path) -> None:
    few = np.where(np.arange(300) < 20, "few", "many")
    waves = {"one": people(BEFORE, sex=few), "two": people(AFTER, sex=few)}
    changes = wave_changes(ladder_survey(tmp_path, waves, wave=WAVE))
    assert "sex: few" not in set(changes["domain"])


def test_a_table_without_a_scale_is_not_guessed() -> None:
    with pytest.raises(InputError, match=r"give the ends as `scale=\(0, 10\)`"):
        on_scale(pd.DataFrame({"share": [0.5]}))


def test_only_means_are_put_on_their_scale() -> None:
    table = pd.DataFrame(
        {"share": [0.5, 0.5, 0.5], "share_se": [0.1] * 3, "n": [9, 9, 9]}
        | {"scale_low": [np.nan, 1.0, 0.0], "scale_high": [np.nan, 5.0, 10.0]},
        index=[7, 7, 8],
    )
    told = on_scale(table)
    assert told["share"].tolist() == [0.5, 3.0, 5.0]
    assert told["share_se"].tolist() == pytest.approx([0.1, 0.4, 1.0])
    assert (told["n"].tolist(), told.index.tolist()) == ([9, 9, 9], [7, 7, 8])


@pytest.mark.parametrize("asked", [on_scale, wave_changes], ids=lambda each: each.__name__)
def test_the_examples_run(asked: Any, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository)
    names = {"gs": gs, "pd": pd}
    (example,) = doctest.DocTestFinder(recurse=False).find(asked, globs=names)
    assert example.examples
    assert doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(example).failed == 0
