"""The mean of a wave in a survey: the numbers of `means` of its respondents, by their place on the scale."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from waves.ladders import PRINTED, SURVEY, WAVE, ladder_survey, people

from groundswell.estimates import Design, means
from groundswell.estimates.of_wave.describing.description import describe_wave
from groundswell.estimates.of_wave.kept import kept_estimates
from groundswell.estimates.of_wave.observations import survey_quality
from groundswell.waves import Survey
from groundswell.waves.wave.waves_of_survey import load_waves

DRAWN = np.random.default_rng(7).integers(0, 11, 240)
ONE = people(np.where(np.arange(240) % 20 == 0, 99, DRAWN))
DESIGN = Design(weights="weight", psu="id")
FIGURES = {"share": "estimate", "share_se": "se", "share_low": "low", "share_high": "high"}


def estimated(survey: Survey) -> pd.DataFrame:
    """The wave's means by domain."""
    (wave,) = load_waves(survey)
    table = kept_estimates(survey, wave).estimates
    return table[table["indicator"] == "satisfaction"].set_index("domain")


def assert_same(found: pd.Series, told: pd.Series, low: float, high: float) -> None:
    """The wave's figures against those of `means` on the scale from `low` to `high`."""
    for place, number in FIGURES.items():
        start = 0.0 if place == "share_se" else low
        assert start + found[place] * (high - low) == pytest.approx(told[number], rel=1e-11), place
    for name in ("n", "n_effective", "df", "deff"):
        assert found[name] == pytest.approx(told[name], rel=1e-11), name


def test_a_waves_mean_is_that_of_its_respondents(tmp_path: Path) -> None:
    found = estimated(ladder_survey(tmp_path, {"one": ONE}))
    answered = ONE.assign(Q7=ONE["Q7"].where(ONE["Q7"] != 99).astype(float))
    assert_same(found.loc["all"], means(answered, DESIGN, "Q7").iloc[0], 0, 10)
    by_sex = means(answered, DESIGN, "Q7", by=["sex"]).set_index("sex")
    for sex in ("men", "women"):
        assert_same(found.loc[f"sex: {sex}"], by_sex.loc[sex], 0, 10)


def test_a_mean_does_not_depend_on_where_the_ends_of_its_scale_are_stated(tmp_path: Path) -> None:
    answered = ONE.assign(Q7=ONE["Q7"].where(ONE["Q7"] != 99).astype(float))
    survey = SURVEY.replace("scale = [0, 10]", "scale = [-4, 16.5]")
    found = estimated(ladder_survey(tmp_path, {"one": ONE}, survey=survey))
    assert_same(found.loc["all"], means(answered, DESIGN, "Q7").iloc[0], -4, 16.5)


def test_items_are_summed_where_both_are_answered(tmp_path: Path) -> None:
    rows = ONE.assign(
        Q7=ONE["Q7"].clip(upper=5), Q8=np.where(np.arange(240) % 9 == 0, 99, 1 + np.arange(240) % 4)
    )
    wave = WAVE.replace('item = "Q7"', 'items = ["Q7", "Q8"]\nscore_offset = 1')
    survey = SURVEY.replace("scale = [0, 10]", "scale = [2, 11]")
    found = estimated(ladder_survey(tmp_path, {"one": rows}, survey=survey, wave=wave))
    total = (rows["Q7"] + rows["Q8"] + 2.0).where(rows["Q8"] != 99)
    assert_same(found.loc["all"], means(rows.assign(Q7=total), DESIGN, "Q7").iloc[0], 2, 11)


def test_the_interval_of_a_mean_ends_where_its_scale_does(tmp_path: Path) -> None:
    rows = people(np.where(np.arange(60) == 0, 0, 10))
    whole = estimated(ladder_survey(tmp_path, {"one": rows})).loc["all"]
    assert whole["share_high"] == 1.0
    assert 0 < whole["share_low"] < whole["share"] < 1


def test_shares_next_to_means_stay_as_they_were(tmp_path: Path) -> None:
    alone = SURVEY[: SURVEY.index("[indicators.satisfaction]")]
    counted = WAVE.replace('[indicators.satisfaction]\nvariant = "ladder"\nitem = "Q7"\nmissing = [99]\n', "")
    tables = []
    for name, survey, wave in (("both", SURVEY, WAVE), ("alone", alone, counted)):
        (tmp_path / name).mkdir()
        told = ladder_survey(tmp_path / name, {"one": ONE}, survey=survey, wave=wave)
        kept = kept_estimates(told, load_waves(told)[0]).estimates
        tables.append(kept[kept["indicator"] == "anxiety"].reset_index(drop=True))
    pd.testing.assert_frame_equal(*tables)


def test_a_changed_scale_makes_kept_estimates_old(tmp_path: Path) -> None:
    first = estimated(ladder_survey(tmp_path, {"one": ONE})).loc["all"]
    wider = ladder_survey(tmp_path, {"one": ONE}, survey=SURVEY.replace("[0, 10]", "[0, 20]"))
    assert estimated(wider).loc["all", "share"] == pytest.approx(first["share"] / 2)


def test_a_printed_mean_is_held_against_the_waves_own_on_its_scale(tmp_path: Path) -> None:
    dates = {"start": "2023-01-09", "end": "2023-01-15"}
    survey = ladder_survey(tmp_path, {"one": ONE}, PRINTED | dates)
    rows = survey_quality(survey, [kept_estimates(survey, wave) for wave in load_waves(survey)])
    (check,) = rows[rows["code"] == "printed_share"].to_dict("records")
    assert check["verdict"] == "flagged"
    assert (check["values"]["printed"], check["values"]["scale"]) == (pytest.approx(0.69), [0, 10])


def test_a_wave_is_described_with_its_scale(tmp_path: Path) -> None:
    survey = ladder_survey(tmp_path, {"one": ONE})
    share, mean = describe_wave(survey, load_waves(survey)[0]).indicators
    assert (mean["scale"], mean["unit"]) == ([0, 10], "points")
    assert "scale" not in share
