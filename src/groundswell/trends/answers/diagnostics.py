"""Diagnostics as codes and numbers: what a reader must know before trusting a trend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.trends.answers.prior_reach import Newest, PriorReach
from groundswell.trends.answers.responses import odd_responses, told_combination
from groundswell.trends.answers.speeds import Speeds, level_speeds
from groundswell.trends.data.unknown_n import (
    N_ASSUMED,
    N_OF_ALL_WAVES,
    N_OF_HOUSE,
    N_OF_HOUSES_WAVES,
    TYPICAL_N,
)
from groundswell.trends.fit.fitting import Fitted
from groundswell.trends.fit.posterior import Posterior
from groundswell.trends.fit.shocks import Weighed
from groundswell.trends.model.houses import MOST_HOUSES
from groundswell.trends.model.logit import expit, logit
from groundswell.trends.model.measurement import Waves
from groundswell.trends.model.priors import prior_of
from groundswell.waves import Bridge

# A prior decides where one twice as wide moves the newest level, or an end of its 95% interval, by this part of the
# interval's width.
DECIDES: Final = 0.1
USUAL_DISPERSION: Final = (0.4, 3.0)
# A combination is named as noisy that has this part of all excess variance, and this many times the common one.
MOST_OF_EXCESS: Final = 0.5
NOISY: Final = 4.0
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
    "speed",
    "one_step_coverage",
    "outlying_waves",
    "noise",
    "house_overlap",
    "overlapping_windows",
    "bridges",
    "shocks",
    "unknown_n",
)
"""The checks of a fit, in order; that of `bridges` only where one is declared."""


def diagnose(
    fitted: Fitted,
    warnings: Sequence[str],
    bridges: Sequence[Bridge],
    unused_events: Sequence[str],
    shocks: Sequence[Weighed],
    posterior: Posterior,
    reach: PriorReach,
    responses: pd.DataFrame,
) -> pd.DataFrame:
    """All checks of one fit in the order of `CODES`: `code, verdict, values`, a mapping ready for JSON."""
    surprises = _surprises(fitted)
    checks = [
        _convergence(fitted),
        _warnings(warnings),
        _prior(fitted, reach),
        _speed(level_speeds(posterior)),
        _coverage(surprises),
        _outliers(fitted.waves, posterior.outlying.probability),
        _noise(fitted),
        _overlap(fitted.waves),
        overlapping_windows(fitted.waves),
        *([_bridges(bridges, fitted.waves)] if bridges else []),
        _shocks(shocks, unused_events, odd_responses(responses, fitted.waves.combinations.names)),
        _unknown_n(fitted.waves),
    ]
    rows = [(each.code, each.verdict, dict(each.values)) for each in checks]
    return pd.DataFrame(rows, columns=["code", "verdict", "values"])


def hyperparameter_table(fitted: Fitted) -> pd.DataFrame:
    """Each hyperparameter's mode with a 95% interval (normal for its logarithm), its unit, and its log-normal prior's
    median and 95% interval."""
    sd = np.sqrt(np.diag(fitted.covariance))
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
    """Whether the search for the mode ended on a top, after how many evaluations of the likelihood.

    `below` is how far below the top, in log density, slope and curvature there say that it ended, None where they do
    not bend down on all sides; `bend` is the least curvature.
    """
    mode = fitted.mode
    bends = mode.least_curvature > 0.0
    values = {
        "evaluations": int(mode.evaluations),
        "below": float(mode.decrement) if bends else None,
        "bend": float(mode.least_curvature),
    }
    return Check("convergence", "passed" if mode.converged else "failed", values)


def _warnings(warnings: Sequence[str]) -> Check:
    """What the numerical libraries said, in their own words."""
    return Check("warnings", "warned" if warnings else "passed", {"warnings": list(warnings)})


def _prior(fitted: Fitted, reach: PriorReach) -> Check:
    """Which hyperparameters the prior decides: those by whose wider prior the newest level moves, farthest first.

    `spread` is each one's posterior spread as a part of its prior's; `newest` the level, and `wider` what it is under
    the prior twice as wide of each `name`.
    """
    moved = {name: reach.newest.moved(level) for name, level in reach.wider.items()}
    decides = [name for name in sorted(moved, key=lambda name: -moved[name]) if moved[name] >= DECIDES]
    wider = [{"name": name, **_ends(reach.wider[name])} for name in decides]
    values = {
        "waves": len(fitted.waves),
        "spread": dict(reach.spread),
        "newest": _ends(reach.newest),
        "wider": wider,
    }
    return Check("prior", "warned" if decides else "passed", values)


def _speed(speeds: Speeds) -> Check:
    """Whether the level moves faster in some parts of the series than in others: the `probability` that it does, and if
    so the `fastest` and the `slowest` part, each from `first` to `last`, in logits `a_year`."""
    if not speeds.parts:
        return Check("speed", "not applicable", {"probability": None, "fastest": None, "slowest": None})
    ordered = sorted(speeds.parts, key=lambda part: part.a_year)
    slowest, fastest = (
        {
            "first": part.first.date().isoformat(),
            "last": part.last.date().isoformat(),
            "a_year": part.a_year,
        }
        for part in (ordered[0], ordered[-1])
    )
    values = {"probability": speeds.probability, "fastest": fastest, "slowest": slowest}
    return Check("speed", "passed", values)


def _ends(level: Newest) -> dict[str, float]:
    return {"share": level.share, "low": level.low, "high": level.high}


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
    """How much published shares scatter beyond what n says; `excess_sd` in logits, that of most combinations.

    `own` is the combination that has most of the excess for itself, with its `excess_sd`; None where none has. Its
    variant and mode are empty where the house has no other.
    """
    dispersion, excess = float(fitted.hyper["dispersion"]), float(fitted.hyper["excess_sd"])
    usual = USUAL_DISPERSION[0] <= dispersion <= USUAL_DISPERSION[1]
    own = _noisiest(fitted, excess)
    values = {"dispersion": dispersion, "excess_sd": excess, "own": own}
    return Check("noise", "passed" if usual and own is None else "warned", values)


def _noisiest(fitted: Fitted, excess: float) -> dict[str, Any] | None:
    """The combination that has most of the excess beyond the common one, where it is a noisy one."""
    ratio, waves = fitted.noise.excess, fitted.waves
    held = np.maximum(ratio - 1.0, 0.0) * np.bincount(waves.combination, minlength=len(ratio))
    top = int(held.argmax())
    if held[top] < MOST_OF_EXCESS * held.sum() or ratio[top] < NOISY:
        return None
    names = waves.combinations.names
    return {
        **told_combination(names, names.iloc[top].to_dict()),
        "excess_sd": excess * float(np.sqrt(ratio[top])),
    }


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


def overlapping_windows(waves: Waves) -> Check:
    """Houses of which waves overlap in their fieldwork: as `rolling` windows or as `separate` samples.

    Each house with its `waves` that overlap, how many of them share nothing with each other (`apart`), and whether it
    is `stated` which of the two they are. That they are separate is warned of where only their dates suggest it.
    """
    table = pd.DataFrame(
        {
            "house": waves.table["house"],
            "apart": waves.apart,
            "rolling": waves.rolling,
            "stated": waves.table["overlap"] != "",
        }
    )[waves.overlapping]
    found: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for (house, rolling), mine in table.groupby(["house", "rolling"], sort=False):
        told = {"house": str(house), "waves": len(mine), "apart": int(mine["apart"].sum())}
        found[bool(rolling)].append(told | {"stated": bool(mine["stated"].all())})
    guessed = any(not told["stated"] for told in found[False])
    verdict: Verdict = "not applicable" if table.empty else "warned" if guessed else "passed"
    return Check("overlapping_windows", verdict, {"rolling": found[True], "separate": found[False]})


def _bridges(declared: Sequence[Bridge], waves: Waves) -> Check:
    """Bridges over a change of wording: those `used`, oldest first, and `unused` ones, which lack a wave at an end.

    Each with `old, new, kind, date` and its `distance` in share units at the old share, with 95% ends.
    """
    used, joins = [], waves.bridges
    for place in np.argsort(joins.moment, kind="stable"):
        bridge = declared[joins.of[place]]
        spread = 1.96 * np.sqrt(joins.variance[place])
        ends = expit(logit(bridge.old_share) + joins.distance[place] + np.array([0.0, -spread, spread]))
        distance, low, high = (ends - bridge.old_share).tolist()
        used.append({**_named(bridge), "distance": distance, "low": low, "high": high})
    unused = [_named(bridge) for number, bridge in enumerate(declared) if number not in joins.of]
    return Check("bridges", "warned" if unused else "passed", {"used": used, "unused": unused})


def _named(bridge: Bridge) -> dict[str, Any]:
    return {
        "old": bridge.old,
        "new": bridge.new,
        "kind": bridge.kind,
        "date": pd.Timestamp(bridge.date).date().isoformat(),
    }


def _shocks(shocks: Sequence[Weighed], unused: Sequence[str], otherwise: list[dict[str, Any]]) -> Check:
    """Shocks at declared events and elsewhere; `unused` events have no wave before or none after them; `otherwise` is
    who probably responds otherwise than the others (see `responses`)."""
    declared = sum(one.shock.kind == "declared" for one in shocks)
    counts = {"declared": declared, "undeclared": len(shocks) - declared}
    values = {**counts, "unused": list(unused), "otherwise": otherwise}
    return Check("shocks", "warned" if unused or otherwise else "passed", values)


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
