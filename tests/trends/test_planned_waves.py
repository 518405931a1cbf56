"""What planned waves would settle: held against what they do once they are in, whatever they say."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from groundswell.cli import main
from groundswell.errors import InputError
from groundswell.trends import Trend, fit_trend, plan_waves
from groundswell.trends.compared.planned_waves import _with_planned
from groundswell.trends.model.logit import sampling_variance

SINCE, BY = "2024-06-15", "2025-06-30"
PLANS = {"since": SINCE, "by": BY}


@cache
def trend() -> Trend:
    """Two houses, ten waves, a level of about 40%."""
    rng = np.random.default_rng(8_801)
    share = rng.binomial(1000, 0.4, 10) / 1000
    end = pd.Timestamp("2024-01-10") + pd.to_timedelta(30 * np.arange(10), unit="D")
    table = pd.DataFrame(
        {"house": ["a", "a", "b", "a", "b"] * 2, "end": end, "share": share, "n_effective": 1000.0}
    )
    return fit_trend(table, search_shocks=False)


def known(moving: float = 0.6) -> Trend:
    """The same trend were its hyperparameters known."""
    posterior, found = trend().posterior, trend().best.hyper
    hyper = {**found, "level_sd": moving, "house_sd": 0.1, "excess_sd": 0.02, "dispersion": 1.0}
    part = replace(posterior.components[0], weight=1.0, hyper=hyper)
    return replace(trend(), posterior=replace(posterior, components=[part]))


def test_a_plan_is_what_the_waves_do_whatever_they_say() -> None:
    """2,000 futures: the level walks, two waves are taken, and the change is asked for again each time."""
    one, count, size = known(), 2, 800
    post = one.posterior
    days = pd.DatetimeIndex([SINCE, BY])
    last = (one.as_of - pd.Timestamp("2000-01-01")).days
    until = (days[1] - pd.Timestamp("2000-01-01")).days
    moments = last + (until - last) * np.array([0.5, 1.0])
    share = np.full(count, float(one.level(BY)["share"].iloc[0]))
    combination = np.zeros(count, dtype=np.intp)
    noise = post.noise._replace(
        sampling=np.append(post.noise.sampling, sampling_variance(share, size)),
        rounding=np.append(post.noise.rounding, [0.0, 0.0]),
        outlying=np.append(post.noise.outlying, [0.0, 0.0]),
    )
    more = _with_planned(post.waves, moments, combination, share)

    def answer(said: np.ndarray) -> tuple[float, float]:
        waves = replace(more, log_odds=np.append(post.waves.log_odds, said))
        ((mean, covariance),) = (
            replace(one, posterior=replace(post, waves=waves, noise=noise)).joint(days).parts
        )
        return mean[1] - mean[0], covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]

    # What the two waves will say, as it is known today: their levels, house and errors together.
    own = one.joint(pd.DatetimeIndex([pd.Timestamp("2000-01-01") + pd.Timedelta(days=int(d)) for d in moments]),
                    np.eye(2)[0]).parts[0]  # fmt: skip
    error = sampling_variance(share, size) + 0.02**2
    rng = np.random.default_rng(5)
    said = rng.multivariate_normal(own[0], own[1] + np.diag(error), 2_000)
    base, variance = answer(own[0])
    slopes = [answer(own[0] + step)[0] - base for step in np.eye(2)]  # the mean is linear in what is said
    means = base + (said - own[0]) @ slopes
    settled = np.mean(np.abs(means) > 1.6448536 * np.sqrt(variance))
    plan = plan_waves(one, **PLANS, waves=[count], n=[size], house="a", deff=1.0).iloc[-1]
    # A binomial of 2,000 has a standard error of 1.1 points; whole days and the share expected then differ a little.
    assert plan["settles"] == pytest.approx(settled, abs=0.04)
    assert 0.1 < settled < 0.9


def test_a_change_that_is_there_is_found_as_often_as_the_plan_says() -> None:
    """A known level moved by d: the mean of the answer is d shrunk by k, with variance k V₁."""
    one, change = known(), 0.06
    ((mean, covariance),) = one.joint(pd.DatetimeIndex([SINCE, BY])).parts
    m, today = mean[1] - mean[0], covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    told = float(one.level(SINCE)["share"].iloc[0])
    plan = plan_waves(one, **PLANS, waves=[3], n=[1500], change=change).iloc[-1]
    # The interval shrinks as the standard deviation does.
    then = today * (plan["width"] / plan_waves(one, **PLANS, waves=[3], n=[1500])["width"].iloc[0]) ** 2
    true = np.log((told + change) / (1 - told - change)) - np.log(told / (1 - told))
    rng = np.random.default_rng(6)
    k = 1 - then / today
    # Draw the change's estimate as a weighing of the prior mean and of a measurement of it with variance r.
    r = then * today / (today - then)
    seen = true + np.sqrt(r) * rng.standard_normal(200_000)
    answer = m + k * (seen - m)
    assert plan["finds"] == pytest.approx(np.mean(answer > 1.6448536 * np.sqrt(then)), abs=0.005)


def test_more_interviews_and_more_waves_never_say_less() -> None:
    plans = plan_waves(trend(), **PLANS, waves=[1, 2, 4], n=[200, 1000, 5000], change=-0.05)
    assert (plans["waves"] * plans["n"] == plans["interviews"]).all()
    for _, same in plans.iloc[1:].groupby("waves"):
        assert same["width"].is_monotonic_decreasing
        assert same["settles"].is_monotonic_increasing
        assert same["finds"].is_monotonic_increasing
    assert plans["width"].iloc[0] > plans["width"].iloc[1:].max()


def test_houses_weigh_as_they_do_today_however_many_are_asked() -> None:
    """An enormous wave of one house leaves the others' distances in the answer: the level is not redefined."""
    few, many = plan_waves(known(), **PLANS, waves=[1], n=[1000, 10**8], house="a")["width"].iloc[1:]
    assert 0.3 * few < many < few


def test_a_level_that_stands_still_for_certain_is_never_settled() -> None:
    still = known(1e-9)
    plans = plan_waves(still, **PLANS, waves=[1], n=[10**6])
    assert plans["settles"].tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"by": "2024-01-01"}, "`by=` must lie after 20"),
        ({"waves": [0]}, "`waves=` must be numbers of at least 1"),
        ({"n": []}, "`n=` must be numbers of at least 1"),
        ({"n": list(range(1, 300))}, "at most 200 plans at once, got 897"),
        ({"probability": 0.5}, "`probability=` must lie between 0.5 and 1"),
        ({"change": 0.0}, "`change=` is in share units, not 0"),
        ({"change": -0.5}, "must leave a share: the level was 0."),
        ({"house": "c"}, "`c` is not a house of this trend"),
        ({"since": "1.2.2024"}, "since"),
    ],
)
def test_what_cannot_be_planned_is_named(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        plan_waves(trend(), **{**PLANS, **wrong})  # type: ignore[arg-type]


def test_a_date_before_a_break_is_refused() -> None:
    end = pd.to_datetime(["2023-01-10", "2023-06-10", "2024-01-10", "2024-06-10"])
    table = pd.DataFrame(
        {"house": "a", "variant": ["v", "v", "w", "w"], "end": end, "share": 0.4, "n_effective": 900}
    )
    with pytest.raises(InputError, match="`since=` must not lie before 2024-01-10, where the level breaks"):
        plan_waves(fit_trend(table), since="2023-06-01", by="2025-01-01")


def test_the_command_says_which_plan_is_enough(
    repository: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: object
) -> None:
    monkeypatch.chdir(str(repository))
    dated = [
        "plan",
        "uk-opinions",
        "anxiety",
        "--as-of",
        "2026-06-30",
        "--since",
        "2025-01-15",
        "--by",
        "2026-12-31",
    ]
    main([*dated, "--change", "-12", "--waves", "1", "--n", "100,4000", "--out", f"{tmp_path}/plans.csv"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "waves  interviews each  in all  95% interval, points    settled  -12 found"
    assert lines[1].split()[:3] == ["0", "0", "0"]
    assert "not today" in lines[1]
    assert lines[-1] == "fewest interviews with 80% found: 4,000, in 1 of 4,000 each"
    written = pd.read_csv(f"{tmp_path}/plans.csv")
    assert written["n"].tolist() == [0, 100, 4000]
    main([*dated, "--waves", "1", "--n", "100"])
    assert "no plan here reaches 80%" in capsys.readouterr().out
