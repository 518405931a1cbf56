"""How many respondents of a simple random sample a published wave is worth, how that is known, and the error it means.

From the surest to the least sure: the margin of error that was published with it, the design effect that was,
the house's stated default, the survey's. n likewise: published, the house's stated typical n, the median of
the house's waves with one, and where no wave at all states one `TYPICAL_N`. Every derivation leaves its flag (`FLAGS`).

Worked example: a house states at most ±3.6 points for n = 1500. A simple random sample with that margin at
one half has n = 0.25 (1.96 / 0.036)² = 741, so that deff = 1500 / 741 = 2.02."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.estimates.variance.intervals import mean_interval, share_interval
from groundswell.trends.data.left_out_codes import CATEGORY, N_UNKNOWN, NO_TYPICAL_N, Reason, reasons_text
from groundswell.waves import Survey

UnknownN = Literal["typical", "leave_out"]

UNKNOWN_N: Final[UnknownN] = "typical"
"""What a published wave without an n is worth where nobody says; a notebook's own parameter says so again."""

DeffKind = Literal["margin", "published", "house", "survey"]

TYPICAL_N: Final = 1000
"""What stands for n where nobody states one: most national polls ask about a thousand people."""

N_OF_HOUSE: Final = "n_of_house"
N_OF_HOUSES_WAVES: Final = "n_median_of_house"
N_OF_ALL_WAVES: Final = "n_median_of_all"
N_ASSUMED: Final = "n_assumed"

FLAGS: Final = {
    "deff_from_margin": "design effect derived from the published margin of error",
    "margin_below_srs": "published margin narrower than a simple random sample's, which is used",
    "n_effective_from_margin": "n unknown; effective n derived from the published margin of error",
    "deff_published": "design effect as published",
    "deff_of_house": "design effect is the house's stated default",
    "deff_of_survey": "design effect is the survey's stated default",
    N_OF_HOUSE: "n unknown; the house's stated typical n is used",
    N_OF_HOUSES_WAVES: "n unknown; the median n of the house's waves is used",
    N_OF_ALL_WAVES: "n unknown; the median n of all waves of a table is used, since no wave of the house has one",
    N_ASSUMED: f"n unknown, of every wave; {TYPICAL_N:,} is used, as a national poll usually asks",
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


@dataclass(frozen=True)
class TypicalN:
    """What stands for an n that is not published: the median of each house's waves with one, and of all of them.

    `everyone` is `TYPICAL_N` where no wave has an n and no house states one (`is_stated` is then false).
    """

    houses: Mapping[str, float]
    everyone: float
    is_stated: bool

    def of_house(self, house: str, default: float | None = None) -> tuple[float, str] | None:
        """The n of a house's waves without one, with its flag; `default` is what the house states. None: not known."""
        if default is not None:
            return float(default), N_OF_HOUSE
        if house in self.houses:
            return self.houses[house], N_OF_HOUSES_WAVES
        return None if self.is_stated else (self.everyone, N_ASSUMED)

    def of_any(self, house: str) -> tuple[float, str]:
        """The same for a table of shares, whose houses nobody described: else the median of all waves."""
        return self.of_house(house) or (self.everyone, N_OF_ALL_WAVES)


class Worth(NamedTuple):
    """What a wave is worth; `n_effective` is NaN and `left_out` is the reason's code where that cannot be known."""

    n_effective: float
    deff: float
    deff_kind: DeffKind
    flags: tuple[str, ...]
    left_out: str


def published_shares(survey: Survey, waves: Sequence[Mapping[str, Any]], unknown_n: UnknownN) -> pd.DataFrame:
    """Records of `waves.topline_waves` as rows of the observations table, with what each is worth and its errors."""
    is_stated = any(house.default_n is not None for house in survey.houses.values())
    typical = typical_n(((wave["house"], wave["n"]) for wave in waves), is_stated=is_stated)
    records: list[dict[str, Any]] = []
    for wave in waves:
        worked_out = worth(survey, wave, typical, unknown_n)
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


def worth(survey: Survey, wave: Mapping[str, Any], typical: TypicalN, unknown_n: UnknownN) -> Worth:
    """The effective n of one record of `waves.topline_waves`."""
    nothing = float("nan")
    if wave["n_effective"] is not None and wave["n"] is None:
        return Worth(wave["n_effective"], nothing, "margin", ("n_effective_from_margin",), "")
    deff, kind, flags = _deff(survey, wave)
    if wave["n"] is not None:
        return Worth(wave["n"] / deff, deff, kind, flags, "")
    if unknown_n == "leave_out":
        return Worth(nothing, deff, kind, (*flags, "n_unknown"), N_UNKNOWN)
    known = typical.of_house(wave["house"], survey.houses[wave["house"]].default_n)
    if known is None:
        return Worth(nothing, deff, kind, (*flags, "n_unknown"), NO_TYPICAL_N)
    n, flag = known
    return Worth(n / deff, deff, kind, (*flags, flag), "")


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


def typical_n(sizes: Iterable[tuple[str, float | None]], *, is_stated: bool = False) -> TypicalN:
    """The typical n of waves, each given as its house and its n (None: not published).

    `is_stated` says that a house states its usual n somewhere else, so that an n is known of somebody.
    """
    known: dict[str, list[float]] = {}
    for house, n in sizes:
        if n is not None:
            known.setdefault(house, []).append(float(n))
    every = [n for each in known.values() for n in each]
    houses = {house: median(each) for house, each in known.items()}
    return TypicalN(houses, median(every) if every else float(TYPICAL_N), is_stated or bool(every))


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
