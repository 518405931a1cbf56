"""A change of wording on a bridge: the level goes on, with the bridge's own error; without one it breaks."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

from groundswell.trends import fit_trend
from groundswell.trends.model.bridges import Bridges
from groundswell.trends.model.houses import MOST_HOUSES, Layout
from groundswell.trends.model.logit import expit, logit
from groundswell.trends.model.measurement import Noise, measure
from groundswell.trends.model.priors import FIRST_LEVEL_SD, SWITCH_SD
from groundswell.trends.model.statespace import StateSpace, Targets
from groundswell.trends.model.system import YEAR
from groundswell.waves import Bridge

HYPER = {"level_sd": 0.2, "dispersion": 1.0, "excess_sd": 0.02}


def bridge(old: str = "a", new: str = "b", **stated: Any) -> Bridge:
    """A judgement that the new wording reads 10 points higher, give or take 2."""
    usual = {"kind": "judgement", "date": datetime.date(2022, 12, 1), "old_share": 0.4, "new_share": 0.5}
    error = {} if "old_n" in stated else {"se": 0.02}
    return Bridge.model_validate({"old": old, "new": new, "source": "test", **usual, **error, **stated})


def one_house(count: int = 12, change: float = 0.4, moved: float = 0.0, seed: int = 3) -> pd.DataFrame:
    """One house, a wave every 40 days from January 2022, in wording `a` and from the middle on in `b`, which reads
    `change` logits higher; the level itself moves by `moved` logits there."""
    rng = np.random.default_rng([9_107, seed])
    second = np.arange(count) >= count // 2
    share = rng.binomial(1500, expit(-0.4 + (change + moved) * second)) / 1500
    end = pd.Timestamp("2022-01-10") + pd.to_timedelta(40 * np.arange(count), unit="D")
    variant = np.where(second, "b", "a")
    return pd.DataFrame({"house": "h", "variant": variant, "end": end, "share": share, "n_effective": 1500.0})


def test_a_bridge_is_one_more_observation_of_the_distance_of_two_wordings() -> None:
    """Held against the same model written out as one dense normal distribution."""
    waves = measure(one_house(), bridges=[bridge()])
    noise, known = Noise.at(waves, waves.share), len(waves)
    day = waves.midpoint[[1, 5, 6, 11]] + [3.0, 17.0, 2.0, 90.0]
    moments = np.concatenate([waves.midpoint, day]) - waves.midpoint[0]
    level = FIRST_LEVEL_SD**2 + HYPER["level_sd"] ** 2 / YEAR * np.minimum.outer(moments, moments)
    # The level is asked on the scale of `b` on two of the days; the bridge sees the distance of the two alone.
    scale = np.array([[0.0, 0.0], [0.0, 1.0], [0.0, 1.0], [0.0, 0.0]])
    of_b = np.concatenate([waves.combination, scale[:, 1], [1.0]])
    prior = np.pad(level, (0, 1)) + SWITCH_SD**2 * np.outer(of_b, of_b)
    spread = HYPER["level_sd"] ** 2 / YEAR * waves.spread_days
    error = noise.sampling + noise.rounding + HYPER["excess_sd"] ** 2 + spread
    seen = [*range(known), known + len(day)]
    observed = np.append(waves.log_odds, logit(0.5) - logit(0.4))
    total = prior[np.ix_(seen, seen)] + np.diag(np.append(error, (0.02 / (0.45 * 0.55)) ** 2))
    model = StateSpace(waves, (), Targets(day, np.ones(len(day)), scale))
    expected = multivariate_normal(np.zeros(known + 1), total).logpdf(observed)
    assert model.loglike(HYPER, noise) == pytest.approx(expected, rel=1e-7)
    asked = np.arange(known, known + len(day))
    gain = prior[np.ix_(asked, seen)] @ np.linalg.inv(total)
    (mean,), (covariance,) = model.joint([HYPER], noise)
    assert mean == pytest.approx(gain @ observed, abs=1e-6)
    assert covariance == pytest.approx(
        prior[np.ix_(asked, asked)] - gain @ prior[np.ix_(seen, asked)], abs=1e-6
    )


def test_the_level_breaks_without_a_bridge_and_goes_on_with_one() -> None:
    table = one_house()
    assert [one.number for one in fit_trend(table).segments] == [1, 2]
    trend = fit_trend(table, bridges=[bridge()])
    (segment,) = trend.segments
    assert segment.scale.asked["variant"].tolist() == ["b"]
    # The first wording's waves of about 40% stand on the second's scale.
    assert trend.level("2022-03-01")["share"].iloc[0] == pytest.approx(0.5, abs=0.03)
    assert trend.change("2022-03-01", "2023-03-01")["estimate"].iloc[0] == pytest.approx(0.0, abs=0.03)
    assert trend.posterior.waves.stretch.tolist() == [0] * 12


def test_a_change_over_a_bridge_is_the_less_certain_the_less_the_bridge_is() -> None:
    widths = []
    for se in (0.005, 0.02, 0.08):
        change = fit_trend(one_house(), bridges=[bridge(se=se)]).change("2022-07-01", "2022-10-01").iloc[0]
        widths.append(change["high"] - change["low"])
    assert widths == sorted(widths)
    assert widths[2] > 1.3 * widths[0]


def test_two_samples_say_the_error_of_a_split_ballot() -> None:
    ballot = bridge(kind="split_ballot", old_n=800, new_n=1200, deff=1.5)
    joined = measure(one_house(), bridges=[ballot]).bridges
    expected = 1.5 * (1 / (800 * 0.4 * 0.6) + 1 / (1200 * 0.5 * 0.5))
    assert joined.variance == pytest.approx([expected], rel=1e-12)
    assert joined.distance == pytest.approx([np.log(1.5)], rel=1e-12)


def test_of_several_modes_those_on_the_two_sides_are_joined_unless_others_are_named() -> None:
    table = one_house().assign(
        mode=["face", "face", "face", "phone", "phone", "phone", *["web"] * 3, *["app"] * 3]
    )
    names = measure(table).combinations.names
    plain = measure(table, bridges=[bridge()]).bridges
    assert names.iloc[[plain.old[0], plain.new[0]]]["mode"].tolist() == ["phone", "web"]
    named = measure(table, bridges=[bridge(old_mode="face", new_mode="app")]).bridges
    assert names.iloc[[named.old[0], named.new[0]]]["mode"].tolist() == ["face", "app"]


def test_another_houses_wording_can_be_bridged_and_the_houses_may_differ() -> None:
    table = one_house().assign(house=lambda rows: np.where(rows["variant"] == "a", "old", "new"))
    assert len(fit_trend(table).segments) == 2
    trend = fit_trend(table, bridges=[bridge()])
    assert len(trend.segments) == 1
    distance = trend.houses("2022-12-01").set_index("house")["estimate"]
    assert distance["new"] - distance["old"] == pytest.approx(0.1, abs=0.05)


def test_a_bridge_counts_once_it_is_known_and_both_its_ends_were_asked() -> None:
    waves = measure(one_house(), bridges=[bridge(date=datetime.date(2022, 12, 1))])
    assert len(waves.first(6).bridges) == 0
    assert len(waves.first(8).bridges) == 0
    assert waves.first(8).stretch.tolist() == [1] * 6 + [0] * 2
    assert len(waves.first(10).bridges) == 1
    assert waves.first(10).stretch.tolist() == [0] * 10
    assert len(waves.last(4).bridges) == 1
    assert StateSpace(waves.last(4)).loglike(HYPER, Noise.at(waves.last(4), waves.share[-4:])) < np.inf


def test_a_bridge_that_lacks_a_wave_is_named_and_not_used() -> None:
    table = one_house()
    trend = fit_trend(table, bridges=[bridge(), bridge(old="z")])
    check = trend.diagnostics().set_index("code").loc["bridges"]
    assert check["verdict"] == "warned"
    (used,), (unused,) = check["values"]["used"], check["values"]["unused"]
    assert (used["old"], used["new"], used["kind"], used["date"]) == ("a", "b", "judgement", "2022-12-01")
    assert used["low"] < used["distance"] < used["high"]
    assert used["distance"] == pytest.approx(0.1, abs=1e-12)
    assert unused == {"old": "z", "new": "b", "kind": "judgement", "date": "2022-12-01"}
    assert "bridges" not in set(fit_trend(table).diagnostics()["code"])


def test_the_scale_of_a_named_reference_is_carried_over_the_bridge() -> None:
    trend = fit_trend(one_house(), bridges=[bridge()], reference="a")
    assert trend.level("2023-03-01")["share"].iloc[0] == pytest.approx(0.4, abs=0.03)


def test_bridges_join_in_chains() -> None:
    joins = measure(one_house(), bridges=[bridge()]).bridges
    chain = replace(
        joins,
        **{name: np.repeat(getattr(joins, name), 2) for name in ("distance", "variance", "moment", "of")},
        old=np.array([0, 2]),
        new=np.array([2, 3]),
    )
    numbers = chain.joined(np.array([0, 1, 2, 3, 4]))
    assert numbers[0] == numbers[2] == numbers[3]
    assert len({numbers[0], numbers[1], numbers[4]}) == 3


def test_a_bridged_house_among_many_keeps_its_effect() -> None:
    many = 2 * MOST_HOUSES
    end = pd.Timestamp("2022-01-01") + pd.to_timedelta(np.arange(3 * many), unit="D")
    crowd = pd.DataFrame(
        {"house": [f"h{wave % many}" for wave in range(3 * many)], "end": end, "variant": "v"}
    )
    few = one_house(count=2)
    table = pd.concat([crowd.assign(share=0.4, n_effective=1000.0), few.assign(house="few")])
    waves = measure(table, bridges=[bridge()])
    few_house = waves.combinations.houses.index("few")
    assert not Layout.of(waves).stateless[waves.combinations.house == few_house].any()
    assert Layout.of(measure(table)).stateless[waves.combinations.house == few_house].all()


def test_no_bridge_is_no_row() -> None:
    waves = measure(one_house())
    assert len(waves.bridges) == 0
    assert isinstance(waves.bridges, Bridges)
    assert waves.bridges.joined(waves.combination).tolist() == waves.combination.tolist()
