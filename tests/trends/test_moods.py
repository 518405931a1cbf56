"""Several questions, one mood: the joint model against one dense normal distribution, and what the mood promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

import groundswell as gs
from groundswell.arrays import Floats
from groundswell.errors import InputError, ModelError
from groundswell.simulate.items import SimulatedItems, mood_walk, simulate_items
from groundswell.simulate.series import simulate_series
from groundswell.trends import Mood
from groundswell.trends.fit.mode import find_mode
from groundswell.trends.model.houses import established, information
from groundswell.trends.model.measurement import Noise, measure
from groundswell.trends.model.priors import FIRST_LEVEL_SD, SWITCH_SD
from groundswell.trends.model.statespace import StateSpace
from groundswell.trends.model.system import YEAR
from groundswell.trends.moods.joint_space import Item, JointSpace
from groundswell.trends.moods.one_mood import SILENT, _silent_chance, _subsets, loadings, walk_of
from groundswell.trends.moods.parameters import SLOPE_SD, Parameter, Points, density_of, mixed, posterior
from groundswell.trends.moods.ties import shared_waves

HYPER = {"house_sd": 0.15, "dispersion": 1.2, "excess_sd": 0.08, "window_sd": 0.02, "error_correlation": 0.4}
WALK = np.array([[0.09, 0.05, -0.02], [0.05, 0.06, 0.01], [-0.02, 0.01, 0.04]])
HOUSE_YEARS = 4.0
TIGHT = 1e-7
THREE = mood_walk((1.0, 0.7, 1.2), (0.0, 0.1, 0.1))


def item(scenario: str, seed: int, count: int, direction: int = 1) -> Item:
    waves = measure(simulate_series(scenario, seed).observations.head(count))
    waves = replace(waves, stretch=np.zeros_like(waves.stretch))
    return Item(f"{scenario} {seed}", waves, Noise.at(waves, waves.share), direction)


@pytest.fixture(scope="module")
def items() -> list[Item]:
    """Houses that drift, houses that change their mode, and an item that was asked together with the first."""
    first, second = item("random walk", 3, 20), item("mode switch", 4, 25)
    fewer = np.arange(0, 20, 2)
    table = first.waves.table.iloc[fewer].assign(share=lambda rows: 0.6 * rows["share"] + 0.1)
    waves = measure(table)
    third = Item("together", waves, Noise.at(waves, waves.share), -1)
    return [first, second, third]


def own_error(one: Item, level_variance: float) -> Floats:
    """The variance of each wave's error."""
    waves, noise = one.waves, one.noise
    excess = HYPER["excess_sd"] ** 2 * noise.excess[waves.combination]
    walked = level_variance / YEAR * waves.spread_days
    return HYPER["dispersion"] * noise.sampling + noise.rounding + excess + walked


def effects(one: Item) -> Floats:
    """The covariance of what houses add to each wave: independent effects less their average, and changes of mode."""
    waves, names = one.waves, one.waves.combinations
    loadings = np.eye(len(names.first))[waves.combination]
    average = np.outer(np.ones(len(names.houses)), established(information(waves)))
    left = loadings @ (np.eye(len(names.houses)) - average)[names.house]
    apart = np.abs(np.subtract.outer(waves.midpoint, waves.midpoint))
    drifting = HYPER["house_sd"] ** 2 * np.exp(-apart / (HOUSE_YEARS * YEAR)) * (left @ left.T)
    return drifting + loadings @ np.diag(np.where(names.first, 0.0, SWITCH_SD**2)) @ loadings.T


def dense(items: Sequence[Item], walk: Floats, day: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """All waves' logits and their covariance; the first level's covariance with them on some days, and its own."""
    parts = [one.waves for one in items]
    number = np.repeat(np.arange(len(items)), [len(one) for one in parts])
    moments = np.concatenate([one.midpoint for one in parts])
    first = min(moments.min(), day.min(initial=np.inf))
    same = np.equal.outer(number, number)
    total = walk[np.ix_(number, number)] * np.minimum.outer(moments - first, moments - first) / YEAR
    total += same * FIRST_LEVEL_SD**2
    variance = np.concatenate([own_error(one, walk[place, place]) for place, one in enumerate(items)])
    for place, one in enumerate(items):
        total[np.ix_(number == place, number == place)] += effects(one)
    sign = np.array([one.direction for one in items])[number]
    asked = [tuple(row) for one in parts for row in one.table[["house", "start", "end"]].to_numpy()]
    alike = np.array([[one == other for other in asked] for one in asked]) & ~same
    errors = np.eye(len(number)) + alike * HYPER["error_correlation"] * np.outer(sign, sign)
    total += errors * np.sqrt(np.outer(variance, variance))
    since = walk[0, number] * np.minimum.outer(day - first, moments - first) / YEAR
    own = walk[0, 0] * np.minimum.outer(day - first, day - first) / YEAR + FIRST_LEVEL_SD**2
    logits = np.concatenate([one.log_odds for one in parts])
    return logits, total, since + (number == 0) * FIRST_LEVEL_SD**2, own


def test_the_likelihood_is_that_of_the_dense_normal(items: list[Item]) -> None:
    logits, total, _, _ = dense(items, WALK, np.empty(0))
    expected = multivariate_normal(np.zeros(len(logits)), total).logpdf(logits)
    space = JointSpace(items, np.empty(0), house_years=HOUSE_YEARS)
    assert space.same_people.most == 2
    assert space.loglike(HYPER, WALK) == pytest.approx(expected, rel=TIGHT)
    # Nothing stays behind of other hyperparameters.
    space.loglike(HYPER | {"error_correlation": -0.3}, WALK + 0.1 * np.eye(3))
    assert space.loglike(HYPER, WALK) == pytest.approx(expected, rel=TIGHT)
    uncorrelated = space.loglike(HYPER | {"error_correlation": 0.0}, WALK)
    assert space.loglike(HYPER | {"error_correlation": 1e-9}, WALK) == pytest.approx(uncorrelated, rel=1e-6)


def test_the_mood_is_that_of_the_dense_normal(items: list[Item]) -> None:
    middle = items[0].waves.midpoint
    day = np.linspace(middle[0] + 1.0, middle[-1] + 90.0, 6)
    logits, total, between, own = dense(items, WALK, day)
    gain = between @ np.linalg.inv(total)
    space = JointSpace(items, day, house_years=HOUSE_YEARS)
    read = np.tile(space.level_of(0), (len(day), 1))
    mean, covariance = space.joint(HYPER, WALK, read)
    assert mean == pytest.approx(gain @ logits, abs=1e-6)
    assert covariance == pytest.approx(own - gain @ between.T, abs=1e-6)
    marginal = space.smooth(HYPER, WALK, space.asked, read)
    assert marginal[0] == pytest.approx(mean)
    assert marginal[1] == pytest.approx(np.diag(covariance))


def test_a_hidden_wave_is_forecast_as_the_dense_normal_has_it(items: list[Item]) -> None:
    logits, total, _, _ = dense(items, WALK, np.empty(0))
    count = len(items[0].waves)
    hidden = np.arange(count) % 4 == 1
    seen = np.append(~hidden, np.ones(len(logits) - count, dtype=bool))
    # A hidden wave of the same people as a seen one is forecast without its error.
    plain = {**HYPER, "error_correlation": 0.0}
    apart = total.copy()
    apart[:count, count:] = dense(items, WALK, items[0].waves.midpoint)[2][:, count:]
    apart[count:, :count] = apart[:count, count:].T
    gain = apart[~seen][:, seen] @ np.linalg.inv(apart[np.ix_(seen, seen)])
    space = JointSpace([items[0].without(hidden), *items[1:]], np.empty(0), house_years=HOUSE_YEARS)
    mean, variance = space.printed(plain, WALK, 0)
    assert mean[hidden] == pytest.approx(gain @ logits[seen], abs=1e-6)
    left = apart[np.ix_(~seen, ~seen)] - gain @ apart[np.ix_(seen, ~seen)]
    assert variance[hidden] == pytest.approx(np.diag(left), abs=1e-6)


def test_one_item_alone_is_its_own_trend() -> None:
    one = item("rolling windows", 2, 60)
    assert one.waves.rolling.any()
    space = JointSpace([one], np.empty(0), house_years=HOUSE_YEARS)
    expected = StateSpace(one.waves, house_years=HOUSE_YEARS).loglike(HYPER | {"level_sd": 0.3}, one.noise)
    assert space.loglike(HYPER, np.array([[0.09]])) == pytest.approx(expected, rel=TIGHT)


def test_items_that_do_not_walk_together_are_two_trends(items: list[Item]) -> None:
    pair = [items[0], item("rolling windows", 2, 40)]
    walk = np.diag([0.09, 0.04])
    alone = [
        JointSpace([one], np.empty(0), house_years=HOUSE_YEARS).loglike(
            HYPER, walk[place : place + 1, place : place + 1]
        )
        for place, one in enumerate(pair)
    ]
    together = JointSpace(pair, np.empty(0), house_years=HOUSE_YEARS).loglike(HYPER, walk)
    assert together == pytest.approx(sum(alone), rel=1e-6)


def test_rolling_windows_of_two_items_hold_the_days_that_they_share() -> None:
    """Two items that walk as one: without errors, what windows of both gain together is what each gains by itself."""
    one = item("rolling windows", 2, 40)
    blind = one.without(np.ones(len(one.waves), dtype=bool))
    space = JointSpace([blind, blind], np.empty(0), house_years=HOUSE_YEARS)
    still = {**HYPER, "dispersion": 1e-12, "excess_sd": 1e-9, "house_sd": 1e-9}
    space.set(still, np.full((2, 2), 0.09))
    half = space.states // 2
    noise, slots = space._kalman.noise, space.systems[0].running_states
    assert np.abs(noise[slots[0], slots[0]]).max() > 0.0
    levels = np.append(0, slots)
    within, across = noise[np.ix_(levels, levels)], noise[np.ix_(levels, half + levels)]
    assert across == pytest.approx(within, abs=1e-12)


def test_the_walk_is_what_the_slopes_and_own_movements_make_of_it(items: list[Item]) -> None:
    _, second, third = items
    hyper = {"level_sd": 0.2}
    for one, slope, own in ((second, 0.5, 0.1), (third, 2.0, 0.3)):
        hyper |= {f"slope: {one.name}": slope, f"own_sd: {one.name}": own}
    assert loadings(items, hyper).tolist() == [1.0, 0.5, -2.0]
    expected = [[0.04, 0.02, -0.08], [0.02, 0.01 + 0.01, -0.04], [-0.08, -0.04, 0.16 + 0.09]]
    assert walk_of(items, hyper) == pytest.approx(np.array(expected))


@pytest.fixture(scope="module")
def series() -> SimulatedItems:
    return simulate_items(11, THREE, excess_sd=0.02)


@pytest.fixture(scope="module")
def mood(series: SimulatedItems) -> Mood:
    return gs.fit_mood(series.rows, ["a", "b", "c"])


def widths(levels: pd.DataFrame) -> Floats:
    return (levels["high95"] - levels["low95"]).to_numpy()


def test_items_that_follow_sharpen_the_mood(series: SimulatedItems, mood: Mood) -> None:
    days = series.truth.index[20::90]
    alone = gs.fit_trend(series.rows, "a").level(days)
    assert (widths(mood.level(days)) < widths(alone)).mean() > 0.9
    items = mood.items.set_index("item")
    assert (items["verdict"] == ["reference", "follows", "follows"]).all()
    assert items["slope_low"]["b"] < 0.7 < items["slope_high"]["b"]
    assert items["slope_low"]["c"] < 1.2 < items["slope_high"]["c"]
    assert (items["told"][["b", "c"]] > 0.8).all()
    assert (items["common"][["b", "c"]] > 0.6).all()


def test_the_mood_goes_on_where_the_reference_was_not_asked(series: SimulatedItems) -> None:
    early = (series.rows["indicator"] != "a") | (series.rows["end"] < "2019-12-01")
    mood = gs.fit_mood(series.rows[early], ["a", "b", "c"])
    later = pd.to_datetime(["2020-06-15", "2020-11-15"])
    alone = gs.fit_trend(series.rows[early], "a").level(later)
    assert (widths(mood.level(later)) < 0.7 * widths(alone)).all()


def test_a_reversed_item_counts_as_its_complement(series: SimulatedItems) -> None:
    calm = series.rows.assign(
        share=series.rows["share"].where(series.rows["indicator"] != "b", 1.0 - series.rows["share"])
    )
    days = series.truth.index[50::200]
    there = gs.fit_mood(calm, ["a", "b"], reverse=["b"])
    here = gs.fit_mood(series.rows, ["a", "b"])
    assert there.level(days)["share"].to_numpy() == pytest.approx(
        here.level(days)["share"].to_numpy(), abs=1e-4
    )
    assert there.items["slope"][1] == pytest.approx(here.items["slope"][1], abs=0.01)
    assert there.items["direction"].tolist() == [1, -1]
    # Whoever does not say so is told.
    wrong = gs.fit_mood(calm, ["a", "b"])
    assert wrong.items["verdict"][1] == "against"
    assert wrong.items["slope"][1] < -0.3


def test_an_item_that_is_noise_changes_little_and_is_called_so() -> None:
    found = []
    for seed in range(3):
        series = simulate_items(seed, mood_walk((1.0, 0.0), (0.0, 0.3)))
        mood = gs.fit_mood(series.rows, ["a", "b"])
        days = series.truth.index[20::60]
        alone = gs.fit_trend(series.rows, "a", search_shocks=False).level(days)
        found.append(mood.items["verdict"][1])
        assert np.abs(mood.level(days)["share"] - alone["share"]).max() < 0.012
    assert found.count("cannot_tell") >= 2


def test_the_mood_stands_on_what_the_reference_asks_now(series: SimulatedItems) -> None:
    """The reference changes its wording, by half a logit; the other items carry the mood across the break."""
    rows = series.rows.assign(variant="")
    new = (rows["indicator"] == "a") & (rows["end"] >= "2019-07-01")
    odds = rows["share"] / (1 - rows["share"])
    moved = odds * np.exp(0.5) / (1 + odds * np.exp(0.5))
    rows = rows.assign(share=rows["share"].where(~new, moved), variant=np.where(new, "new", "old"))
    before = pd.Timestamp("2018-12-01")
    level = gs.fit_mood(rows, ["a", "b", "c"]).level(before).iloc[0]
    old = float(series.truth.loc[before, "a"])
    true = 1 / (1 + np.exp(-old - 0.5))
    assert level["low95"] < true < level["high95"]
    assert level["low95"] > 1 / (1 + np.exp(-old))


def test_a_change_of_the_mood_is_read_off_the_joint_posterior(mood: Mood) -> None:
    change = mood.change("2019-01-15", "2020-06-15").iloc[0]
    levels = mood.level(["2019-01-15", "2020-06-15"])
    assert change["estimate"] == pytest.approx(np.diff(levels["share"])[0], abs=1e-12)
    apart = np.hypot(*levels["share_se"])
    assert 0.3 * apart < change["se"] < 1.02 * apart
    back = mood.change("2020-06-15", "2019-01-15").iloc[0]
    assert (back["estimate"], back["low"]) == pytest.approx((-change["estimate"], -change["high"]), abs=1e-9)


def test_the_same_waves_give_the_same_mood(series: SimulatedItems, mood: Mood) -> None:
    shuffled = series.rows.sample(frac=1.0, random_state=1)
    again = gs.fit_mood(shuffled, ["a", "b", "c"])
    pd.testing.assert_frame_equal(again.level("2020-01-01"), mood.level("2020-01-01"), rtol=1e-9)


def test_an_item_left_out_is_foretold_better_with_those_that_follow(mood: Mood) -> None:
    scores = mood.left_out().set_index("item")
    assert scores["waves"].tolist() == [40, 40, 40]
    assert (scores["ratio"] < 0.95).all()
    assert (scores["ratio"] == scores["crps_mood"] / scores["crps_alone"]).all()
    assert scores["inside95_mood"].between(0.85, 1.0).all()


def test_an_item_of_few_waves_is_not_left_out(series: SimulatedItems) -> None:
    rows = series.rows
    few = rows[(rows["indicator"] == "a") | rows["end"].isin(rows["end"].unique()[[3, 12, 20, 30]])]
    scores = gs.fit_mood(few, ["a", "b"]).left_out().set_index("item")
    assert scores["waves"].tolist() == [40, 0]
    assert np.isnan(scores["ratio"]["b"])


def test_an_item_without_dates_in_common_is_shown_and_left_alone(series: SimulatedItems) -> None:
    rows = series.rows
    later = rows.assign(
        end=rows["end"].where(rows["indicator"] != "c", rows["end"] + pd.Timedelta(days=3000))
    )
    mood = gs.fit_mood(later, ["a", "b", "c"])
    items = mood.items.set_index("item")
    assert items["verdict"].tolist() == ["reference", "follows", "not_tied"]
    assert items["waves"]["c"] == 40
    assert np.isnan(items["slope"]["c"])
    without = gs.fit_mood(rows, ["a", "b"]).level("2020-01-01")
    pd.testing.assert_frame_equal(mood.level("2020-01-01"), without)
    assert "not tied: c" in repr(mood)
    with pytest.raises(ModelError, match=r"`a`.*two waves each"):
        gs.fit_mood(later, ["a", "c"])


def test_two_waves_of_each_make_a_tie(series: SimulatedItems) -> None:
    rows = series.rows[series.rows["indicator"].isin(["a", "b"])]
    dates = np.sort(rows["end"].unique())
    for overlap, tie in ((1, False), (2, True)):
        cut = dates[20]
        mine = rows[
            ((rows["indicator"] == "a") & (rows["end"] <= cut))
            | ((rows["indicator"] == "b") & (rows["end"] >= dates[21 - overlap]))
        ]
        waves = [measure(mine[mine["indicator"] == name]) for name in "ab"]
        assert shared_waves(*waves) == (overlap, overlap)
        if tie:
            assert gs.fit_mood(mine, ["a", "b"]).items["verdict"].notna().all()
        else:
            with pytest.raises(ModelError):
                gs.fit_mood(mine, ["a", "b"])


@pytest.mark.parametrize(
    ("items", "options", "said"),
    [
        (["a"], {}, "two items or more"),
        ("a", {}, "two items or more"),
        (["a", "b", "b"], {}, "`b` twice"),
        (["a", "b"], {"reference": "c"}, "`c` is not among the items"),
        (["a", "b"], {"reverse": ["c"]}, "`c` is not among the items"),
        (["a", "b"], {"reverse": ["a"]}, "`a` is the reference"),
        (["a", "x"], {}, "no row has the indicator `x`"),
    ],
)
def test_what_is_not_a_mood_is_refused(
    series: SimulatedItems, items: list[str], options: dict, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        gs.fit_mood(series.rows, items, **options)


def test_no_level_is_told_before_the_first_wave(mood: Mood) -> None:
    assert len(mood.level("2018-01-01")) == 1
    with pytest.raises(InputError, match="2017-12-31 lies before the first wave"):
        mood.level(["2019-01-01", "2017-12-31"])


def test_the_reference_is_the_first_unless_another_is_named(series: SimulatedItems) -> None:
    mood = gs.fit_mood(series.rows, ["a", "b", "c"], reference="c")
    assert mood.items["item"].tolist() == ["c", "a", "b"]
    own = gs.fit_trend(series.rows, "c").level("2020-01-01").iloc[0]
    assert abs(mood.level("2020-01-01")["share"][0] - own["share"]) < 0.03


def test_the_weighted_points_know_a_density_that_is_known() -> None:
    """A normal log likelihood: posterior moments and evidence in closed form."""
    parameters = [Parameter.slope("x"), Parameter.slope("y")]
    mean, precision = np.array([0.6, 1.5]), np.array([[30.0, 8.0], [8.0, 12.0]])

    def loglike(hyper: dict[str, float]) -> float:
        apart = np.array([hyper["slope: x"], hyper["slope: y"]]) - mean
        return float(-0.5 * apart @ precision @ apart)

    density = density_of(parameters, loglike)
    points = posterior(parameters, density, find_mode(density, np.zeros(2)))
    total = precision + np.eye(2) / SLOPE_SD**2
    centre = np.linalg.solve(total, precision @ mean + np.ones(2) / SLOPE_SD**2)
    spread = np.sqrt(np.diag(np.linalg.inv(total)))
    for place, name in enumerate(("slope: x", "slope: y")):
        assert points.moments(name) == pytest.approx((centre[place], spread[place]), rel=0.03)
    prior = multivariate_normal(np.ones(2), np.eye(2) * SLOPE_SD**2 + np.linalg.inv(precision))
    expected = prior.logpdf(mean) + 0.5 * np.log(np.linalg.det(2.0 * np.pi * np.linalg.inv(precision)))
    assert points.log_evidence == pytest.approx(expected, abs=0.03)


def test_models_are_mixed_by_prior_and_evidence() -> None:
    one, other = (
        Points(({"a": value},), np.ones(1), evidence) for value, evidence in ((1.0, 0.0), (0.0, 1.0))
    )
    found = mixed([(np.log(0.3), one), (np.log(0.7), other)])
    odds = 0.7 / 0.3 * np.e
    assert found.moments("a")[0] == pytest.approx(1.0 / (1.0 + odds))
    assert found.where(found.of("a") != 0.0).moments("a") == (1.0, 0.0)


def test_only_sets_of_silent_items_that_may_be_are_fitted() -> None:
    assert _subsets({"clear": 0.001, "open": 0.4}) == [("open",)]
    assert _subsets({"clear": 0.001}) == []
    assert _subsets({"noise": 0.999, "open": 0.6}) == [("noise", "open"), ("noise",)]
    many = _subsets({f"item {number}": 0.5 for number in range(30)})
    assert len(many) <= 8


def test_the_chance_of_silence_is_that_of_two_normal_densities_at_nothing() -> None:
    """Savage and Dickey: a slope that the waves leave as it was beforehand says nothing of silence."""
    assert _silent_chance(1.0, SLOPE_SD) == pytest.approx(SILENT)
    assert _silent_chance(0.0, 0.1) > 0.95
    assert _silent_chance(0.8, 0.1) < 1e-9
