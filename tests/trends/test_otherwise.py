"""A house in one wording that responds otherwise to a shock: the level keeps the jump of the others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from groundswell.trends import Trend, fit_trend
from groundswell.trends.fit import choices as rule
from groundswell.trends.fit.fitting import fit_mode
from groundswell.trends.fit.otherwise import OTHERWISE, able, log_odds, neighbours
from groundswell.trends.model.fieldwork import day_number
from groundswell.trends.model.measurement import measure
from groundswell.trends.model.priors import OTHERWISE_SD
from groundswell.trends.model.shock import Shock
from groundswell.trends.model.statespace import StateSpace
from groundswell.waves import Event

DAY = pd.Timestamp("2023-01-01")
EVENT = Event(date=DAY.date(), label="war", shock="weigh")
SHOCK = Shock(float(day_number(pd.DatetimeIndex([DAY]))[0]), "war", "declared", "step")
COMMON = 0.5


def rows_of(responses: tuple[float, ...], *, seed: int = 1, n: int = 2000, spacing: int = 45) -> pd.DataFrame:
    """Houses whose waves jump on `DAY` by so many times the common jump, and else stand still."""
    rng = np.random.default_rng(seed)
    parts = []
    for number, times in enumerate(responses):
        days = np.arange(-360, 360, spacing) + 5 * number + 1
        share = expit(-0.4 + COMMON * times * (days >= 0) + rng.normal(0.0, 0.03, len(days)))
        parts.append(
            pd.DataFrame(
                {
                    "house": f"house-{number}",
                    "end": DAY + pd.to_timedelta(days, unit="D"),
                    "share": rng.binomial(n, share) / n,
                    "n_effective": float(n),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def fitted(rows: pd.DataFrame, **options) -> Trend:
    return fit_trend(rows, events=[EVENT], search_shocks=False, **options)


def jump(trend: Trend) -> pd.Series:
    return trend.change("2022-12-28", "2023-01-04").iloc[0]


@pytest.fixture
def alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody may respond otherwise."""
    monkeypatch.setattr(rule, "neighbours", lambda waves, shock: [])


@pytest.fixture(scope="module")
def odd() -> Trend:
    return fitted(rows_of((1.0, 1.0, 2.0)))


TRUE_JUMP = expit(-0.4 + COMMON) - expit(-0.4)


@pytest.mark.parametrize("times", [2.0, 0.0])
def test_the_level_jumps_as_the_others_do(times: float) -> None:
    trend = fitted(rows_of((1.0, 1.0, times)))
    found = jump(trend)
    assert found["low"] < TRUE_JUMP < found["high"]
    assert found["estimate"] == pytest.approx(TRUE_JUMP, abs=0.02)


def test_who_responds_otherwise_is_told_with_its_own_jump(odd: Trend) -> None:
    told = odd.responses.set_index("house")
    assert told.index.tolist() == ["house-0", "house-1", "house-2"]
    assert told.loc["house-2", "probability"] > 0.95
    assert told.drop("house-2")["probability"].max() < 0.2
    assert told["size_low"].lt([COMMON, COMMON, 2 * COMMON]).all()
    assert told["size_high"].gt([COMMON, COMMON, 2 * COMMON]).all()
    assert told["common"].to_numpy() == pytest.approx(COMMON, abs=0.1)
    check = odd.diagnostics().set_index("code").loc["shocks"]
    assert check["verdict"] == "warned"
    (one,) = check["values"]["otherwise"]
    assert (one["date"], one["label"], one["house"]) == ("2023-01-01", "war", "house-2")
    assert one["size"] == pytest.approx(told.loc["house-2", "size"])


def test_what_a_house_measures_has_its_own_jump(odd: Trend) -> None:
    """Its level, its distance from the common one, and its next wave: 60% where the others have 50%."""
    rows = rows_of((1.0, 1.0, 2.0))
    own = jump(fitted(rows, reference="house-2"))
    assert own["low"] < expit(-0.4 + 2 * COMMON) - expit(-0.4) < own["high"]
    shocks = fitted(rows, reference="house-2").shocks.iloc[0]
    assert shocks["change"] == pytest.approx(own["estimate"], abs=0.02)
    assert shocks["size"] == pytest.approx(COMMON, abs=0.1)
    distance = odd.houses(["2022-12-28", "2023-01-04"]).set_index(["date", "house"])["estimate"].unstack()
    assert distance["house-2"].diff().iloc[1] == pytest.approx(expit(0.6) - expit(0.1), abs=0.03)
    assert distance["house-0"].diff().iloc[1] == pytest.approx(0.0, abs=0.02)
    waves = [odd.next_wave(house, 2000, "2023-12-01")["share"].iloc[0] for house in ("house-0", "house-2")]
    assert logit(waves[1]) - logit(waves[0]) == pytest.approx(COMMON, abs=0.15)


def test_where_all_respond_alike_little_is_lost(alike: None, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = rows_of((1.0, 1.0, 1.0))
    before = fitted(rows)
    monkeypatch.undo()
    after = fitted(rows)
    assert after.responses["probability"].max() < 0.1
    widths = [trend.level("2023-02-01").eval("high95 - low95").iloc[0] for trend in (before, after)]
    assert widths[1] == pytest.approx(widths[0], rel=0.1)
    check = after.diagnostics().set_index("code").loc["shocks"]
    assert (check["verdict"], check["values"]["otherwise"]) == ("passed", [])


def test_of_two_that_disagree_neither_is_believed() -> None:
    found = jump(fitted(rows_of((1.0, 0.0))))
    assert found["low"] < 0.02
    assert found["high"] > TRUE_JUMP - 0.02


@pytest.mark.parametrize("kind", ["one house", "nobody on both sides", "no event"])
def test_without_others_to_compare_with_nothing_changes(
    kind: str, alike: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, events = rows_of((1.0, 1.4)), [EVENT]
    if kind == "one house":
        rows = rows[rows["house"] == "house-0"]
    elif kind == "nobody on both sides":
        rows = rows[(rows["house"] == "house-0") == (rows["end"] < DAY)]
        last = rows_of((1.0,)).query("end > '2022-12-01'").assign(house="house-2")
        rows = pd.concat([rows, last])
    else:
        events = []
    days = ["2022-06-01", "2022-12-28", "2023-01-04", "2023-12-01"]
    before = fit_trend(rows, events=events, search_shocks=False).level(days)
    monkeypatch.undo()
    after = fit_trend(rows, events=events, search_shocks=False).level(days)
    for name in ("share", "share_se", "low95", "high95"):
        assert after[name].to_numpy() == pytest.approx(before[name].to_numpy(), abs=1e-9)


def test_who_can_tell_has_waves_before_and_after() -> None:
    rows = rows_of((1.0, 1.0, 1.0))
    late = (rows["house"] == "house-2") & (rows["end"] < DAY)
    waves, shock = measure(rows[~late]), SHOCK
    names = waves.combinations.names["house"]
    assert {names[one] for one in able(waves, shock)} == {"house-0", "house-1"}
    alone = measure(rows[~late & (rows["house"] != "house-1")])
    assert able(alone, shock) == []
    assert neighbours(alone, shock) == []


def test_nobody_responds_otherwise_to_a_shock_that_is_only_suspected() -> None:
    assert able(measure(rows_of((1.0, 1.0, 1.0))), replace(SHOCK, kind="suspected")) == []


def test_those_who_respond_otherwise_leave_one_who_does_not() -> None:
    waves, shock = measure(rows_of((1.0, 1.0, 1.0))), SHOCK
    assert [one.otherwise for one in neighbours(waves, shock)] == [(0,), (1,), (2,)]
    two = replace(shock, otherwise=(0, 1))
    assert sorted(one.otherwise for one in neighbours(waves, two)) == [(0,), (0, 2), (1,), (1, 2)]


def test_that_all_respond_alike_is_four_times_as_probable_as_that_one_does_not() -> None:
    waves, shock = measure(rows_of((1.0, 1.0, 1.0))), SHOCK
    odds = sum(np.exp(log_odds(waves, one)) for one in neighbours(waves, shock))
    assert odds == pytest.approx(OTHERWISE / (1.0 - OTHERWISE)) == 0.25
    assert log_odds(waves, shock) == 0.0


def test_before_any_wave_speaks_an_own_jump_is_as_its_prior_says() -> None:
    waves = measure(rows_of((1.0, 1.0, 1.0)))
    shock = replace(SHOCK, otherwise=(2,))
    base = fit_mode(waves)
    silent = base.noise._replace(sampling=np.full(len(waves), 1e9))
    model = StateSpace(waves, (shock,))
    _, common = model.shock_sizes(base.hyper, silent)
    _, own = model.shock_sizes(base.hyper, silent, 2)
    assert own - common == pytest.approx([OTHERWISE_SD**2], rel=1e-3)
