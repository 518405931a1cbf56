"""Diagnostics as codes and numbers: what a reader must know before trusting a trend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.trends.data.effective_n import (
    N_ASSUMED,
    N_OF_ALL_WAVES,
    N_OF_HOUSE,
    N_OF_HOUSES_WAVES,
    TYPICAL_N,
)
from groundswell.trends.fit.fitting import Fitted
from groundswell.trends.fit.outlying import Outlying
from groundswell.trends.fit.shocks import Weighed
from groundswell.trends.model.houses import MOST_HOUSES
from groundswell.trends.model.measurement import Waves
from groundswell.trends.model.priors import PRIORS, prior_of

# A posterior this wide, as a share of its prior's width, says little that the prior did not.
DOMINATED: Final = 0.8
USUAL_DISPERSION: Final = (0.4, 3.0)
# Waves at least this probably far off are named.
FAR_OFF: Final = 0.5
FEWEST_SURPRISES: Final = 20


Verdict = Literal["passed", "warned", "failed", "not applicable"]


@dataclass(frozen=True)
class Check:
    """One check of a fit: its code, its verdict, and the numbers and names that it rests on, ready for JSON.

    The codes are `CODES`. What each means in a sentence is said in `reports.language.checks`.
    """

    code: str
    verdict: Verdict
    values: Mapping[str, Any]


CODES: Final = (
    "convergence",
    "warnings",
    "prior",
    "one_step_coverage",
    "outlying_waves",
    "noise",
    "house_overlap",
    "shocks",
    "unknown_n",
)
"""The checks of a fit, in order."""


def diagnose(
    fitted: Fitted,
    warnings: Sequence[str],
    unused_events: Sequence[str],
    shocks: Sequence[Weighed],
    outlying: Outlying,
) -> pd.DataFrame:
    """All checks of one fit in the order of `CODES`: `code, verdict, values`, a mapping ready for JSON."""
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
        _unknown_n(fitted.waves),
    ]
    rows = [(each.code, each.verdict, dict(each.values)) for each in checks]
    return pd.DataFrame(rows, columns=["code", "verdict", "values"])


def hyperparameter_table(fitted: Fitted) -> pd.DataFrame:
    """Each hyperparameter's mode with a 95% interval (normal for its logarithm), its unit, and its log-normal prior's
    median and 95% interval."""
    sd = np.sqrt(np.diag(np.linalg.inv(fitted.mode.precision)))
    rows = [
        (name, np.exp(centre), np.exp(centre - 1.96 * width), np.exp(centre + 1.96 * width))
        for name, centre, width in zip(fitted.names, fitted.mode.theta, sd, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["name", "estimate", "low", "high"])
    priors = [prior_of(name) for name in fitted.names]
    table["unit"] = [prior.unit for prior in priors]
    low, high = zip(*(prior.interval95 for prior in priors), strict=True)
    return table.assign(prior_median=[prior.median for prior in priors], prior_low=low, prior_high=high)


def _surprises(fitted: Fitted) -> Floats:
    """One-step surprises, without each combination's first wave, which only places it."""
    later = pd.Series(fitted.waves.combination).duplicated().to_numpy()
    return fitted.model().surprises(fitted.hyper, fitted.noise)[later]


def _convergence(fitted: Fitted) -> Check:
    """Whether the search for the mode ended, and after how many evaluations of the likelihood."""
    verdict: Verdict = "passed" if fitted.mode.converged else "failed"
    return Check("convergence", verdict, {"evaluations": int(fitted.mode.evaluations)})


def _warnings(warnings: Sequence[str]) -> Check:
    """What the numerical libraries said, in their own words."""
    return Check("warnings", "warned" if warnings else "passed", {"warnings": list(warnings)})


def _prior(fitted: Fitted) -> Check:
    """Whether the level's smoothness was learnt or assumed: its spread as a part of the prior's.

    `spread` is None where the level moves at shocks only.
    """
    if "level_sd" not in fitted.names:
        return Check("prior", "passed", {"waves": len(fitted.waves), "spread": None})
    spread = float(fitted.spread("level_sd") / PRIORS["level_sd"].log_sd)
    verdict: Verdict = "warned" if spread > DOMINATED else "passed"
    return Check("prior", verdict, {"waves": len(fitted.waves), "spread": spread})


def _coverage(surprises: Floats) -> Check:
    """One-step coverage with the hyperparameters of the whole series; `held` is None where waves are too few."""
    count = len(surprises)
    if count < FEWEST_SURPRISES:
        return Check("one_step_coverage", "not applicable", {"waves": count, "held": None})
    held = float(np.mean(np.abs(surprises) <= 1.96))
    tolerance = 3.0 * np.sqrt(0.95 * 0.05 / count)
    verdict: Verdict = "passed" if abs(held - 0.95) <= tolerance else "warned"
    return Check("one_step_coverage", verdict, {"waves": count, "held": held})


def _outliers(waves: Waves, probability: Floats) -> Check:
    """Which waves count for less than their n, because all others contradict them; the farthest first."""
    far = np.flatnonzero(probability > FAR_OFF)
    named = [
        {
            "house": str(waves.table["house"][row]),
            "end": pd.Timestamp(waves.table["end"][row]).date().isoformat(),
        }
        for row in far[np.argsort(-probability[far], kind="stable")]
    ]
    return Check("outlying_waves", "warned" if named else "passed", {"waves": len(waves), "far": named})


def _noise(fitted: Fitted) -> Check:
    """How much published shares scatter beyond what n says; `excess_sd` in logits."""
    dispersion, excess = float(fitted.hyper["dispersion"]), float(fitted.hyper["excess_sd"])
    usual = USUAL_DISPERSION[0] <= dispersion <= USUAL_DISPERSION[1]
    values = {"dispersion": dispersion, "excess_sd": excess}
    return Check("noise", "passed" if usual else "warned", values)


def _overlap(waves: Waves) -> Check:
    """Whether the houses can be compared: `groups` are chains of houses in the field at about the same time.

    The effects of `as_error` houses, those with fewest waves, count as error.
    """
    houses = len(waves.combinations.houses)
    groups = _comparable(waves)
    verdict: Verdict = "not applicable" if houses == 1 else "passed" if len(groups) == 1 else "warned"
    return Check("house_overlap", verdict, {"groups": groups, "as_error": max(houses - MOST_HOUSES, 0)})


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
        groups[-1].append(str(house))
        reached = max(reached, closed)
    return groups


def _shocks(shocks: Sequence[Weighed], unused: Sequence[str]) -> Check:
    """Shocks at declared events and elsewhere; `unused` events have no wave before or none after them."""
    declared = sum(one.shock.kind == "declared" for one in shocks)
    values = {"declared": declared, "undeclared": len(shocks) - declared, "unused": list(unused)}
    return Check("shocks", "warned" if unused else "passed", values)


def _unknown_n(waves: Waves) -> Check:
    """How many waves state no n, and what stands for it: the `kind` is the least sure that is used.

    `kind` is `stated`, `house` (what the house states, or the median of its waves), `all` (the median of all waves) or
    `assumed` (`n`, where nobody states any).
    """
    flags = waves.table["flags"] if "flags" in waves.table else pd.Series("", index=waves.table.index)
    used = [set(str(flag).split(";")) for flag in flags]
    kinds = {"house": {N_OF_HOUSE, N_OF_HOUSES_WAVES}, "all": {N_OF_ALL_WAVES}, "assumed": {N_ASSUMED}}
    found = {kind: sum(bool(each & codes) for each in used) for kind, codes in kinds.items()}
    kind = next((kind for kind in reversed(kinds) if found[kind]), "stated")
    verdict: Verdict = "warned" if kind in ("all", "assumed") else "passed"
    size = TYPICAL_N if kind == "assumed" else None
    return Check(
        "unknown_n", verdict, {"waves": len(waves), "unknown": sum(found.values()), "kind": kind, "n": size}
    )
