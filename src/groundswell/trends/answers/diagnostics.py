"""Diagnostics as sentences: what a reader must know before trusting a trend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.trends.fit.fitting import Fitted
from groundswell.trends.fit.outlying import Outlying
from groundswell.trends.fit.shocks import Weighed
from groundswell.trends.model.houses import MOST_HOUSES
from groundswell.trends.model.measurement import Waves
from groundswell.trends.model.priors import PRIORS

# A posterior this wide, as a share of its prior's width, says little that the prior did not.
DOMINATED: Final = 0.8
USUAL_DISPERSION: Final = (0.4, 3.0)
# Waves at least this probably far off are named.
FAR_OFF: Final = 0.5
FEWEST_SURPRISES: Final = 20


class Check(NamedTuple):
    """One check, its verdict, and what it means in a sentence."""

    check: str
    verdict: Literal["passed", "warned", "failed", "not applicable"]
    sentence: str


def diagnose(
    fitted: Fitted,
    warnings: Sequence[str],
    unused_events: Sequence[str],
    shocks: Sequence[Weighed],
    outlying: Outlying,
) -> pd.DataFrame:
    """All checks of one fit: `check, verdict, sentence`."""
    surprises = _surprises(fitted)
    checks = [
        _convergence(fitted),
        _warnings(warnings),
        _prior(fitted),
        _coverage(surprises),
        _outliers(fitted.waves, outlying.probability),
        _noise(fitted),
        _overlap(fitted.waves),
        _shocks(shocks, unused_events),
    ]
    return pd.DataFrame(checks, columns=list(Check._fields))


def hyperparameter_table(fitted: Fitted) -> pd.DataFrame:
    """Each hyperparameter's mode with a 95% interval (normal for its logarithm), unit and prior."""
    sd = np.sqrt(np.diag(np.linalg.inv(fitted.mode.precision)))
    rows = [
        (name, np.exp(centre), np.exp(centre - 1.96 * width), np.exp(centre + 1.96 * width))
        for name, centre, width in zip(fitted.names, fitted.mode.theta, sd, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["name", "estimate", "low95", "high95"])
    table["unit"] = [PRIORS[name].unit for name in fitted.names]
    return table.assign(prior=[PRIORS[name].words for name in fitted.names])


def _surprises(fitted: Fitted) -> Floats:
    """One-step surprises, without each combination's first wave, which only places it."""
    later = pd.Series(fitted.waves.combination).duplicated().to_numpy()
    return fitted.model().surprises(fitted.hyper, fitted.noise)[later]


def _convergence(fitted: Fitted) -> Check:
    calls = fitted.mode.evaluations
    if fitted.mode.converged:
        return Check(
            "convergence", "passed", f"The fit converged after {calls} evaluations of the likelihood."
        )
    words = f"The fit stopped after {calls} evaluations without converging: read its intervals with care."
    return Check("convergence", "failed", words)


def _warnings(warnings: Sequence[str]) -> Check:
    if not warnings:
        return Check("warnings", "passed", "The numerical libraries gave no warning.")
    return Check("warnings", "warned", f"The numerical libraries warned: {'; '.join(warnings)}.")


def _prior(fitted: Fitted) -> Check:
    """Whether the level's smoothness was learnt or assumed."""
    count = f"{len(fitted.waves)} wave{'s' if len(fitted.waves) > 1 else ''}"
    if "level_sd" not in fitted.names:
        return Check("prior", "passed", f"With {count} the level moves at shocks only.")
    ratio = fitted.spread("level_sd") / PRIORS["level_sd"].log_sd
    if ratio > DOMINATED:
        words = f"With {count} the smoothness of the level comes mostly from the prior"
        return Check("prior", "warned", f"{words} (its spread is {ratio:.0%} of the prior's).")
    words = f"With {count} the smoothness of the level was learnt from the waves"
    return Check("prior", "passed", f"{words} (its spread is {ratio:.0%} of the prior's).")


def _coverage(surprises: Floats) -> Check:
    """One-step coverage with the hyperparameters of the whole series."""
    count = len(surprises)
    if count < FEWEST_SURPRISES:
        words = f"Too few waves ({count}) followed another of their house to check the forecasts."
        return Check("one-step coverage", "not applicable", words)
    held = float(np.mean(np.abs(surprises) <= 1.96))
    tolerance = 3.0 * np.sqrt(0.95 * 0.05 / count)
    words = f"{held:.1%} of {count} waves fell inside the 95% interval forecast from the waves before them."
    return Check("one-step coverage", "passed" if abs(held - 0.95) <= tolerance else "warned", words)


def _outliers(waves: Waves, probability: Floats) -> Check:
    """Which waves count for less than their n, because all others contradict them."""
    far = np.flatnonzero(probability > FAR_OFF)
    if not len(far):
        return Check("outlying waves", "passed", "No wave lies far from what all the others say.")
    some = far[np.argsort(-probability[far], kind="stable")][:3]
    named = "; ".join(
        f"{waves.table['house'][row]}, {pd.Timestamp(waves.table['end'][row]):%Y-%m-%d}" for row in some
    )
    said = "far from what all the others say, and"
    words = f"{len(far)} of {len(waves)} waves lie {said} count for less than their n: {named}"
    if len(far) == 1:
        words = f"One of {len(waves)} waves lies {said} counts for less than its n: {named}"
    return Check("outlying waves", "warned", f"{words}{' …' if len(far) > len(some) else ''}.")


def _noise(fitted: Fitted) -> Check:
    dispersion, excess = fitted.hyper["dispersion"], fitted.hyper["excess_sd"]
    usual = USUAL_DISPERSION[0] <= dispersion <= USUAL_DISPERSION[1]
    words = (
        f"Published shares vary {dispersion:.2f} times as much (in variance) as their effective sample sizes say,"
        f" plus an excess standard deviation of {excess:.2f} logits (about {25 * excess:.1f} points at one half)."
    )
    return Check("noise", "passed" if usual else "warned", words)


def _overlap(waves: Waves) -> Check:
    """Whether the houses can be compared: chains of houses in the field at about the same time."""
    groups = _comparable(waves)
    if len(waves.combinations.houses) == 1:
        words = "All waves are from one house: the level is on its scale, and its house effect is not known."
        return Check("house overlap", "not applicable", words)
    crowd = len(waves.combinations.houses) - MOST_HOUSES
    rest = f" The effects of the {crowd} houses with fewest waves count as error." if crowd > 0 else ""
    if len(groups) == 1:
        return Check("house overlap", "passed", f"Every house overlaps in time with others.{rest}")
    named = " and ".join(", ".join(f"`{house}`" for house in group[:4]) for group in groups)
    words = (
        f"The waves of {named} never overlap in time: the difference between them is not known from"
        f" the waves, and a change of level there cannot be told from it.{rest}"
    )
    return Check("house overlap", "warned", words)


def _comparable(waves: Waves) -> list[list[str]]:
    """Houses in groups that no stretch of time connects; a stretch runs from a house's first to last wave."""
    spans = sorted(
        (waves.opened[mine].min(), waves.closed[mine].max(), house)
        for house in waves.combinations.houses
        if (mine := (waves.table["house"] == house).to_numpy()).any()
    )
    groups: list[list[str]] = []
    reached = -np.inf
    for opened, closed, house in spans:
        if opened > reached:
            groups.append([])
        groups[-1].append(house)
        reached = max(reached, closed)
    return groups


def _shocks(shocks: Sequence[Weighed], unused: Sequence[str]) -> Check:
    declared = sum(one.shock.kind == "declared" for one in shocks)
    found = len(shocks) - declared
    words = f"{declared} declared shocks were weighed and {found} undeclared ones found."
    if unused:
        named = ", ".join(f"`{label}`" for label in unused)
        words += f" Without a wave both before and after it, an event's effect is not known: {named}."
    return Check("shocks", "warned" if unused else "passed", words)
