"""Domains through time as they are asked for: levels that add up, gaps, borrowing, and nothing given back."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import groundswell as gs
from groundswell.errors import InputError, ModelError
from groundswell.simulate.domains import VARIABLE, SimulatedDomains, simulate_domains
from groundswell.trends import DomainTrends, Trend, fit_domains, fit_trend
from groundswell.trends.model.logit import expit, logit
from groundswell.vocabulary import EVERYONE, HIDDEN, SMALL_BASE

LAST = "2021-12-05"
SMALLEST, HIDDEN_IN = "part: 0003", pd.Timestamp("2021-12-05")


@cache
def simulated() -> SimulatedDomains:
    return simulate_domains(3, domains=4, waves=24, n=900)


@cache
def whole() -> Trend:
    rows = simulated().observations
    return fit_trend(rows[rows["domain"] == EVERYONE])


def fitted(rows: pd.DataFrame | None = None, **given: object) -> DomainTrends:
    table = simulated().observations if rows is None else rows
    options = {"population": simulated().population, "whole": whole()} | given
    return fit_domains(table, by=VARIABLE, **options)  # type: ignore[arg-type]


@cache
def usual() -> DomainTrends:
    return fitted()


def of(levels: pd.DataFrame, domain: str) -> pd.Series:
    return levels[levels["domain"] == domain].iloc[0]


def changed(rows: pd.DataFrame, where: pd.Series, **columns: object) -> pd.DataFrame:
    """The rows, some of them with other cells."""
    table = rows.assign(**{name: rows.get(name, "") for name in columns})
    for name, value in columns.items():
        table.loc[where, name] = value
    return table


@pytest.mark.parametrize("day", ["2019-06-01", "2020-01-15", "2021-03-01", LAST, "2023-01-01"])
def test_levels_add_up_to_the_level_that_everyone_is_told_to_have(day: str) -> None:
    levels = usual().levels(day)
    told = whole().level(day)["share"].iloc[0]
    assert float(levels["share"] @ levels["population"]) == pytest.approx(told, abs=1e-9)
    assert levels["adds_up"].all()
    for level in (50, 80, 95):
        assert (levels[f"low{level}"] < levels["share"]).all()
        assert (levels[f"high{level}"] > levels["share"]).all()


def test_the_order_of_rows_and_of_domains_changes_nothing() -> None:
    rows = simulated().observations
    mixed = rows.sample(frac=1.0, random_state=1)
    renamed = dict(reversed(simulated().population.items()))
    days = ["2020-06-01", LAST]
    assert_frame_equal(fitted(mixed, population=renamed).levels(days), usual().levels(days))
    assert_frame_equal(fitted(mixed, population=renamed).gaps(LAST), usual().gaps(LAST))


def test_dates_are_answered_alike_together_and_alone() -> None:
    days = pd.date_range("2020-01-15", periods=40, freq="30D")
    together = usual().levels(days)
    alone = pd.concat([usual().levels(day) for day in days], ignore_index=True)
    assert_frame_equal(together, alone, rtol=1e-12)


def test_pooled_levels_are_nearer_to_the_truth_than_the_waves_own_figures_and_hold_it() -> None:
    held, direct, pooled = [], [], []
    for seed in range(5):
        made = simulate_domains(seed, waves=16)
        found = fit_domains(made.observations, by=VARIABLE, population=made.population)
        truth = made.truth.rename(columns={"share": "true"})
        levels = found.levels(truth["date"].unique()).merge(truth, on=["date", "domain"])
        rows = made.observations.rename(columns={"end": "date", "share": "direct"})
        levels = levels.merge(rows[["date", "domain", "direct"]], on=["date", "domain"])
        held.append((levels["low95"] <= levels["true"]) & (levels["true"] <= levels["high95"]))
        direct.append((levels["direct"] - levels["true"]) ** 2)
        pooled.append((levels["share"] - levels["true"]) ** 2)
    assert np.sqrt(np.mean(pooled)) < 0.7 * np.sqrt(np.mean(direct))
    assert 0.9 <= np.mean(held) <= 0.99


def test_a_domain_without_figures_on_a_day_is_not_the_rest_of_the_others() -> None:
    """All but one domain of a wave are moved as one: the whole less the others would move the hidden one by far more,
    and the other way."""
    rows = simulated().observations
    there = (rows["end"] == HIDDEN_IN) & (rows["domain"] == SMALLEST)
    others = (rows["end"] == HIDDEN_IN) & ~rows["domain"].isin([SMALLEST, EVERYONE])
    shown = changed(rows, there, share=np.nan, left_out=HIDDEN)
    shift = 0.3
    moved = changed(shown, others, share=expit(logit(rows.loc[others, "share"]) + shift))
    before, after = (of(fitted(each).levels(HIDDEN_IN), SMALLEST) for each in (shown, moved))
    population = simulated().population["0003"]
    given_back = (1.0 - population) / population * shift
    assert given_back > 0.5
    assert abs(float(logit(after["share"]) - logit(before["share"]))) < 0.02 * given_back
    assert before["waves"] == 23


def test_a_domain_that_never_had_a_figure_is_not_told_and_nothing_is_made_to_add_up() -> None:
    rows = simulated().observations
    unseen = rows["domain"] == SMALLEST
    found = fitted(changed(rows, unseen, share=np.nan, left_out=HIDDEN))
    levels = found.levels(LAST)
    assert SMALLEST not in set(levels["domain"])
    assert not levels["adds_up"].any()
    assert found.waves.unseen == (SMALLEST,)
    kept = float(levels["share"] @ levels["population"])
    assert kept != pytest.approx(whole().level(LAST)["share"].iloc[0], abs=1e-6)


def test_domains_that_hold_too_few_of_the_respondents_are_not_made_to_add_up() -> None:
    rows = simulated().observations
    some = rows[rows["domain"] != "part: 0001"]
    assert fitted(rows, population=None).levels(LAST)["adds_up"].all()
    assert not fitted(some, population=None).levels(LAST)["adds_up"].any()


def test_small_bases_are_used_and_what_is_left_out_for_another_reason_is_not() -> None:
    rows = simulated().observations
    here = (rows["domain"] == SMALLEST) & (rows["end"] > "2021-06-01")
    flagged, out = (
        of(fitted(changed(rows, here, left_out=why)).levels(LAST), SMALLEST)
        for why in (SMALL_BASE, "certainty")
    )
    assert flagged["waves"] == 24
    assert flagged["share"] == of(usual().levels(LAST), SMALLEST)["share"]
    assert out["waves"] == 24 - here.sum()
    assert out["own_weight"] < flagged["own_weight"]


def test_a_domain_of_few_respondents_says_that_it_borrows_and_lies_near_the_whole() -> None:
    rows = simulated().observations
    small = rows["domain"] == SMALLEST
    late = small & (rows["end"] < "2021-11-01")
    one = changed(rows[~late], small, n=4.0, n_effective=4.0, share=1.0)
    levels = fitted(one).levels(LAST)
    mine, others = of(levels, SMALLEST), levels[levels["domain"] != SMALLEST]
    assert mine["borrows"]
    assert mine["own_weight"] < 0.35
    assert not others["borrows"].any()
    assert (others["own_weight"] > 0.8).all()
    assert mine["share"] < 0.6
    assert mine["high95"] - mine["low95"] > 1.5 * (others["high95"] - others["low95"]).max()


def test_a_gap_is_the_difference_of_the_levels_told_and_its_probability_the_joint_posteriors() -> None:
    gaps, levels = usual().gaps(LAST), usual().levels(LAST).set_index("domain")["share"]
    assert len(gaps) == 6
    told = levels[gaps["domain"]].to_numpy() - levels[gaps["other"]].to_numpy()
    assert np.abs(gaps["estimate"] - told).max() < 1e-9
    assert ((gaps["probability"] > 0.5) == (gaps["estimate"] > 0.0)).all()
    assert ((gaps["low"] < gaps["estimate"]) & (gaps["estimate"] < gaps["high"])).all()


def test_gaps_and_their_changes_are_those_of_draws() -> None:
    dates = pd.DatetimeIndex([LAST, "2020-12-05"])
    level, found, made = usual().made(dates)
    covariance = made.covariance(found, level.covariance, range(4))
    rng = np.random.default_rng(5)
    draws = expit(rng.multivariate_normal(made.logits.ravel(), covariance.reshape(8, 8), 100_000))
    draws = draws.reshape(-1, 4, 2)
    told = usual().gaps(LAST, since="2020-12-05")
    place = {name: row for row, name in enumerate(usual().waves.domains)}
    for row in told.itertuples():
        gap = draws[:, place[row.domain]] - draws[:, place[row.other]]
        change = gap[:, 0] - gap[:, 1]
        assert row.probability == pytest.approx((gap[:, 0] > 0).mean(), abs=0.006)
        assert row.se == pytest.approx(gap[:, 0].std(), rel=0.02)
        assert row.change == pytest.approx(change.mean(), abs=0.002)
        assert row.change_se == pytest.approx(change.std(), rel=0.02)
        assert row.change_probability == pytest.approx((change > 0).mean(), abs=0.01)


def test_a_gap_has_changed_since_a_year_before_unless_that_lies_before_the_first_wave() -> None:
    year, early = usual().gaps(LAST), usual().gaps("2020-12-31")
    assert (year["since"] == pd.Timestamp("2020-12-05")).all()
    assert year["change"].notna().all()
    assert early.filter(like="change").isna().all(axis=None)


def test_no_change_of_a_gap_is_told_across_a_break_of_the_level() -> None:
    rows = simulated().observations
    new = changed(rows, rows["end"] >= "2021-06-01", variant="other words")
    found = fitted(new, whole=fit_trend(new[new["domain"] == EVERYONE]))
    assert len(found.whole.segments) == 2
    assert found.gaps(LAST)["change"].isna().all()
    assert found.gaps(LAST, since="2021-08-01")["change"].notna().all()
    assert found.levels([LAST, "2020-06-01"])["segment"].tolist() == [2] * 4 + [1] * 4


def test_gaps_are_told_between_the_domains_that_are_named() -> None:
    gaps = usual().gaps(LAST, domains=["0002", "part: 0000"])
    assert gaps[["domain", "other"]].to_numpy().tolist() == [["part: 0002", "part: 0000"]]
    assert gaps["estimate"].iloc[0] == pytest.approx(-usual().gaps(LAST)["estimate"].iloc[1])
    with pytest.raises(InputError, match="`domains=`: `0009` is not followed; did you mean `part: 000"):
        usual().gaps(LAST, domains=["0009", "0001"])
    with pytest.raises(InputError, match="gaps are told between 2 to 30 domains, got 1"):
        usual().gaps(LAST, domains=["0001"])


def test_waves_that_share_respondents_leave_a_level_less_certain() -> None:
    rows = simulated().observations
    labels = pd.Index(pd.DatetimeIndex(rows["end"].unique()), name="end")
    waves = len(labels)
    panel = pd.DataFrame(0.0004 * (0.9 + 0.1 * np.eye(waves)), index=labels, columns=labels)
    keys = rows["domain"].unique()
    shared = fitted(covariance={name: panel for name in keys if name != EVERYONE}).levels(LAST)
    assert (shared["share_se"] > 1.1 * usual().levels(LAST)["share_se"]).all()
    alone = pd.DataFrame(0.0004 * np.eye(waves), index=labels, columns=labels)
    none = fitted(covariance={name: alone for name in keys if name != EVERYONE}).levels(LAST)
    assert_frame_equal(none, usual().levels(LAST), rtol=1e-6)


def test_windows_that_share_respondents_with_an_earlier_one_are_not_read() -> None:
    rows = simulated().observations
    weekly = rows["end"].rank(method="dense").astype(int)
    end = pd.Timestamp("2020-01-15") + pd.to_timedelta(weekly * 2, unit="D")
    windows = rows.assign(end=end, start=end - pd.Timedelta(days=5))
    found = fitted(windows, whole=fit_trend(windows[windows["domain"] == EVERYONE]))
    assert found.whole.posterior.waves.rolling.all()
    assert set(found.levels(end.max())["waves"]) == {8}


def test_domains_that_the_newest_wave_does_not_have_are_named_and_not_followed() -> None:
    rows = simulated().observations
    early = (rows["domain"] == SMALLEST) & (rows["end"] < "2021-01-01")
    renamed = rows.assign(domain=rows["domain"].mask(early, "part: before"))
    found = fitted(renamed)
    assert found.waves.elsewhere == ("part: before",)
    levels = found.levels(LAST)
    assert "part: before" not in set(levels["domain"])
    assert of(levels, SMALLEST)["waves"] == 24 - early.sum()


def test_a_survey_is_followed_by_its_margins_and_its_own_trend(repository) -> None:  # type: ignore[no-untyped-def]
    survey = gs.load_survey(repository / "surveys" / "simulated-panel")
    found = fit_domains(survey, "anxiety", by="sex", as_of="2024-12-31")
    levels = found.levels("2024-11-17")
    assert found.population.source == "margins"
    assert dict(zip(levels["domain"], levels["population"], strict=True)) == {
        "sex: men": pytest.approx(0.47),
        "sex: women": pytest.approx(0.53),
    }
    assert found.waves.correlation is not None, "half of the sampling units recur"
    told = gs.fit_trend(survey, "anxiety", as_of="2024-12-31").level("2024-11-17")["share"].iloc[0]
    assert float(levels["share"] @ levels["population"]) == pytest.approx(told, abs=1e-9)
    assert found.gaps("2024-11-17")["probability"].iloc[0] < 0.01
    with pytest.raises(InputError, match="no domain is of the variable `se`; did you mean `sex`"):
        fit_domains(survey, "anxiety", by="se", as_of="2024-12-31", whole=found.whole)


def test_without_margins_the_weights_of_the_waves_say_how_large_domains_are(scratch) -> None:  # type: ignore[no-untyped-def]
    folder = scratch / "surveys" / "simulated-panel"
    (folder / "margins" / "sex.csv").unlink()
    found = fit_domains(gs.load_survey(folder), "anxiety", by="sex")
    assert found.population.source == "weights"
    assert found.population.complete
    assert found.population.shares == pytest.approx([0.47, 0.53], abs=0.03)


@pytest.mark.parametrize(
    ("kept", "error", "message"),
    [
        (lambda rows: rows[rows["domain"] != EVERYONE], InputError, "rows of `all`"),
        (lambda rows: rows[rows["domain"] == EVERYONE], InputError, "they come from waves of respondents"),
        (
            lambda rows: rows[rows["domain"].isin([EVERYONE, SMALLEST])],
            ModelError,
            "two of `part` need figures",
        ),
        (lambda rows: pd.concat([rows, rows.tail(1)]), InputError, "`part: 0003` has two rows in the wave"),
        (
            lambda rows: rows.drop(columns="n"),
            InputError,
            "`population=` must say how large each domain of `part`",
        ),
    ],
)
def test_what_cannot_be_followed_is_named(kept, error, message) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(error, match=message):
        fitted(kept(simulated().observations), population=None)


def test_a_domain_without_a_part_of_the_population_is_named() -> None:
    with pytest.raises(InputError, match="`population=`: nothing above 0 says how large `part: 0003` is"):
        fitted(population={"0000": 0.5, "0001": 0.3, "0002": 0.2})


def test_domains_show_themselves_in_a_few_lines() -> None:
    lines = repr(usual()).splitlines()
    assert lines[0] == "domains: one indicator by part, as of 2021-12-05"
    assert lines[1] == "waves: 24, 2020-01-15 to 2021-12-05"
    assert "<table>" in usual()._repr_html_()
    names = usual().hyperparameters
    assert names["name"].tolist() == ["domain_sd", "domain_walk_sd", "dispersion", "excess_sd"]
    assert ((names["low"] < names["estimate"]) & (names["estimate"] < names["high"])).all()
