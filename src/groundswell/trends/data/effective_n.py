"""How many respondents of a simple random sample a published wave is worth, how that is known, and the error it means.

From the surest to the least sure: the margin of error that was published with it, the design effect that was,
the house's stated default, the survey's. n likewise: published, the house's stated typical n, the median of
the house's waves with one. Every derivation leaves its flag (`FLAGS`).

Worked example: a house states at most ±3.6 points for n = 1500. A simple random sample with that margin at
one half has n = 0.25 (1.96 / 0.036)² = 741, so that deff = 1500 / 741 = 2.02."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.estimates.variance.intervals import mean_interval, share_interval
from groundswell.trends.data.left_out_codes import CATEGORY, N_UNKNOWN, NO_TYPICAL_N, Reason, reasons_text
from groundswell.waves import Survey

UnknownN = Literal["typical", "leave_out"]
DeffKind = Literal["margin", "published", "house", "survey"]

FLAGS: Final = {
    "deff_from_margin": "design effect derived from the published margin of error",
    "margin_below_srs": "published margin narrower than a simple random sample's, which is used",
    "n_effective_from_margin": "n unknown; effective n derived from the published margin of error",
    "deff_published": "design effect as published",
    "deff_of_house": "design effect is the house's stated default",
    "deff_of_survey": "design effect is the survey's stated default",
    "n_of_house": "n unknown; the house's stated typical n is used",
    "n_median_of_house": "n unknown; the median n of the house's waves is used",
    "n_unknown": "n unknown",
    "sd_of_survey": "a mean; its error follows from the standard deviation that the survey states",
    "categories_summed": "sum of several answer categories",
    "range": "published as a range; its middle is shown",
    "dated_to_week": "dated only to a week",
    "dated_to_month": "dated only to a month",
    "dated_to_quarter": "dated only to a quarter",
    "dated_to_year": "dated only to a year",
    "start_unknown": "first day of fieldwork unknown",
    "published_unknown": "publication date unknown; known from the end of fieldwork on",
}
"""Each flag of the observations table, in words."""


class Worth(NamedTuple):
    """What a wave is worth; `n_effective` is NaN and `left_out` is the reason's code where that cannot be known."""

    n_effective: float
    deff: float
    deff_kind: DeffKind
    flags: tuple[str, ...]
    left_out: str


def published_shares(survey: Survey, waves: Sequence[Mapping[str, Any]], unknown_n: UnknownN) -> pd.DataFrame:
    """Records of `waves.topline_waves` as rows of the observations table, with what each is worth and its errors."""
    sizes = typical_n(waves)
    records: list[dict[str, Any]] = []
    for wave in waves:
        worked_out = worth(survey, wave, sizes, unknown_n)
        reasons = [Reason(CATEGORY, category) for category in wave["lacks"]]
        reasons += [Reason(worked_out.left_out)] if worked_out.left_out else []
        stated = ("sd_of_survey",) if wave["sd"] is not None else ()
        flags = ";".join((*worked_out.flags, *stated, *wave["flags"]))
        records.append({**wave, **worked_out._asdict(), "flags": flags, "left_out": reasons_text(reasons)})
    share, n_effective = (
        np.array([each[key] for each in records], np.float64) for key in ("share", "n_effective")
    )
    sd = np.array([each["sd"] for each in records], np.float64)
    se, low, high = sampling(share, n_effective, sd)
    table = pd.DataFrame(records).assign(survey=survey.name, domain="all", origin="topline", df=np.inf)
    return table.assign(share_se=se, share_low=low, share_high=high)


def worth(
    survey: Survey, wave: Mapping[str, Any], typical_n: Mapping[str, float], unknown_n: UnknownN
) -> Worth:
    """The effective n of one record of `waves.topline_waves`; `typical_n` is the median n of each house."""
    nothing = float("nan")
    if wave["n_effective"] is not None and wave["n"] is None:
        return Worth(wave["n_effective"], nothing, "margin", ("n_effective_from_margin",), "")
    deff, kind, flags = _deff(survey, wave)
    if wave["n"] is not None:
        return Worth(wave["n"] / deff, deff, kind, flags, "")
    default_n = survey.houses[wave["house"]].default_n
    if unknown_n == "leave_out":
        return Worth(nothing, deff, kind, (*flags, "n_unknown"), N_UNKNOWN)
    if default_n is not None:
        return Worth(default_n / deff, deff, kind, (*flags, "n_of_house"), "")
    if wave["house"] in typical_n:
        return Worth(typical_n[wave["house"]] / deff, deff, kind, (*flags, "n_median_of_house"), "")
    return Worth(nothing, deff, kind, (*flags, "n_unknown"), NO_TYPICAL_N)


def _deff(survey: Survey, wave: Mapping[str, Any]) -> tuple[float, DeffKind, tuple[str, ...]]:
    """Design effect, its kind and its flags."""
    if wave["n_effective"] is not None:
        deff = float(wave["n"] / wave["n_effective"])
        # ±2.5 points printed for ±2.53 gives 0.98: no house has earned a deff below 1 by rounding
        if deff < 1:
            return 1.0, "margin", ("deff_from_margin", "margin_below_srs")
        return deff, "margin", ("deff_from_margin",)
    if wave["deff"] is not None:
        return float(wave["deff"]), "published", ("deff_published",)
    house = survey.houses[wave["house"]]
    if house.default_deff is not None:
        return house.default_deff, "house", ("deff_of_house",)
    return survey.default_deff, "survey", ("deff_of_survey",)


def typical_n(waves: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """The median n of each house's waves that have one."""
    known: dict[str, list[float]] = {}
    for wave in waves:
        if wave["n"] is not None:
            known.setdefault(wave["house"], []).append(float(wave["n"]))
    return {house: median(sizes) for house, sizes in known.items()}


def guarded_share(share: Floats, n_effective: Floats) -> Floats:
    """The share, taken no nearer to 0 or 1 than 2/(n+4).

    A share of 0 among n says that few, not that nobody; 2/(n+4) is what Agresti & Coull 1998 (The American
    Statistician 52) make of 0 answers in n. Standard errors and intervals are taken there; other shares are
    not touched."""
    guard = 2 / (n_effective + 4)
    guarded: Floats = np.clip(share, guard, 1 - guard)
    return guarded


def sampling(share: Floats, n_effective: Floats, sd: Floats | None = None) -> tuple[Floats, Floats, Floats]:
    """Standard error sqrt(p(1-p)/n) of a share and its 95% logit interval, both at `guarded_share`.

    The interval is stretched to hold the share itself where that was guarded. Where `sd`, the standard deviation
    between people, is not NaN, the figure is a mean: its standard error is sd/sqrt(n), its interval the normal one, cut
    to [0, 1]. NaN where either input is.
    """
    guarded = guarded_share(share, n_effective)
    se: Floats = np.sqrt(guarded * (1 - guarded) / n_effective)
    infinite = np.full(len(share), np.inf)
    low, high = share_interval(guarded, se, infinite, n_effective, n_effective)
    low, high = np.minimum(low, share), np.maximum(high, share)
    if sd is None:
        return se, low, high
    mean = ~np.isnan(sd)
    se = np.where(mean, sd / np.sqrt(n_effective), se)
    lowest, highest = mean_interval(share, se, infinite)
    low, high = np.where(mean, np.clip(lowest, 0, 1), low), np.where(mean, np.clip(highest, 0, 1), high)
    return se, low, high
