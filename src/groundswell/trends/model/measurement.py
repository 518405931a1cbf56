"""The waves as the model sees them: sorted in time, on the logit scale, each with its house effect.

A *combination* is a house in one variant and one mode. The combination in which a house appears first is its
*first*; the level is the average over established houses in their first combinations (see `houses`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from groundswell.arrays import Flags, Floats
from groundswell.dates import read_date
from groundswell.errors import InputError, ModelError
from groundswell.trends.data.overlap import apart, windows
from groundswell.trends.model.breaks import stretches
from groundswell.trends.model.bridges import Bridges
from groundswell.trends.model.clock import inner_edges
from groundswell.trends.model.fieldwork import fieldwork
from groundswell.trends.model.logit import (
    empirical_logit,
    logit_variance,
    sampling_variance,
    uniform_variance,
)
from groundswell.trends.model.shared_errors import SharedErrors, shared_errors
from groundswell.waves import Bridge

Ints = NDArray[np.intp]

REQUIRED = ("house", "end", "share", "n_effective")
_EMPTY = ("variant", "mode", "left_out", "indicator", "overlap")
DEFAULTS = {"precision": "day", "domain": "all", **dict.fromkeys(_EMPTY, "")}
_PER_WAVE = (
    *("share", "n_effective", "log_odds", "opened", "closed", "rough", "rounding_variance", "combination"),
    *("overlapping", "rolling"),
)
_COMBINED = ("house", "variant", "mode")


@dataclass(frozen=True)
class Combinations:
    """Every house × variant × mode in order of first appearance; `house` numbers the houses in the same
    way."""

    names: pd.DataFrame
    house: Ints
    first: Flags

    @cached_property
    def houses(self) -> list[str]:
        """House names, in order of first appearance."""
        return list(dict.fromkeys(self.names["house"]))


@dataclass(frozen=True, eq=False)
class Waves:
    """Waves in time order. Days count from `fieldwork.EPOCH`, whole at midnight; variances of rounding are in squared
    shares. `errors` says which waves have sampling errors in common; `rolling` waves also have what their fieldwork
    has in common with that of `overlapping` ones (see `overlap`). `stretch` says how many breaks lie between each wave
    and the newest one (see `breaks`); `bridges` join combinations over what would be a break; `part_edges` are the days
    between the parts of the series (see `clock`). Waves are equal only to themselves."""

    table: pd.DataFrame
    share: Floats
    n_effective: Floats
    log_odds: Floats
    opened: Floats
    closed: Floats
    rough: Flags
    rounding_variance: Floats
    combination: Ints
    combinations: Combinations
    errors: SharedErrors
    overlapping: Flags
    rolling: Flags
    bridges: Bridges
    stretch: Ints
    part_edges: Floats

    def __len__(self) -> int:
        return len(self.share)

    def last(self, count: int) -> Self:
        """The last `count` waves as if they shared no error; combinations keep their numbers."""
        cut = slice(max(len(self) - count, 0), None)
        return replace(
            self,
            table=self.table.iloc[cut].reset_index(drop=True),
            errors=SharedErrors.independent(min(count, len(self))),
            stretch=self.stretch[cut],
            **{name: getattr(self, name)[cut] for name in _PER_WAVE},
        )

    def first(self, count: int) -> Self:
        """The first `count` waves; combinations keep their numbers, breaks are those that could be known then."""
        table, combination = self.table.iloc[:count], self.combination[:count]
        bridges = self.bridges.known(combination, until=float(self.closed[:count].max()))
        return replace(
            self,
            table=table,
            errors=self.errors.first(count),
            bridges=bridges,
            stretch=stretches(table, combination, bridges),
            part_edges=inner_edges(self.moment[:count], self.apart[:count]),
            **{name: getattr(self, name)[:count] for name in _PER_WAVE},
        )

    @property
    def midpoint(self) -> Floats:
        """Middle of the fieldwork, in days."""
        return (self.opened + self.closed) / 2.0

    @property
    def moment(self) -> Floats:
        """When the model reads each wave: the middle of its fieldwork, of a rolling window its end."""
        return np.where(self.rolling, self.closed, self.midpoint)

    @cached_property
    def apart(self) -> Flags:
        """Which waves share no respondents with an earlier one that is among them."""
        return apart(self.opened, self.closed, self.rolling, self.combination)

    def sharing(self, wave: int) -> Flags:
        """Which waves hold respondents of one wave: itself, and of a rolling window those that overlap with it."""
        rolling = self.rolling & self.rolling[wave] & (self.combination == self.combination[wave])
        overlap = (self.opened < self.closed[wave]) & (self.closed > self.opened[wave])
        return np.asarray(rolling & overlap | (np.arange(len(self)) == wave))

    @property
    def spread_days(self) -> Floats:
        """By how many days of the level's random walk a wave's average over its fieldwork misses the
        midpoint.

        A wave spread evenly over W days averages the level over them: W / 12. One of unknown moment within W
        days (a rough date) may lie anywhere in them: W / 4, the mean distance from the middle. Of a rolling window the
        model follows the average itself: 0.
        """
        return (self.closed - self.opened) * np.where(self.rough, 1 / 4, np.where(self.rolling, 0.0, 1 / 12))


class Noise(NamedTuple):
    """Known variances of the waves' errors in squared logits: sampling and rounding at the smoothed share, and what
    is added to waves that are far off (see `outlying`). `excess` (combinations,) is by how much the excess variance
    of each combination exceeds the common one (see `own_noise`)."""

    sampling: Floats
    rounding: Floats
    outlying: Floats
    excess: Floats

    @classmethod
    def at(
        cls, waves: Waves, share: Floats, outlying: Floats | None = None, excess: Floats | None = None
    ) -> Self:
        """The variances were `share` true; by default no wave is far off and all combinations are alike."""
        return cls(
            sampling_variance(share, waves.n_effective),
            logit_variance(waves.rounding_variance, share),
            np.zeros(len(waves)) if outlying is None else outlying,
            np.ones(len(waves.combinations.first)) if excess is None else excess,
        )


def measure(
    observations: pd.DataFrame, covariance: pd.DataFrame | None = None, bridges: Sequence[Bridge] = ()
) -> Waves:
    """Read one indicator's and one domain's rows of the observations table, the covariance of their sampling errors
    (see `shared_errors`), and the declared bridges between what was asked.

    Raises: InputError for a missing column or an impossible number, ModelError where no row is left to fit.
    """
    table = _used_rows(observations)
    table["mode"] = _usual_mode(table)
    opened, closed, rough = fieldwork(table)
    overlapping, rolling = windows(opened, closed, rough, _numbered(table), table)
    ties = [table[name].to_numpy(str) for name in ("mode", "variant", "house")]
    order = np.lexsort((*ties, closed, np.where(rolling, closed + closed, opened + closed)))
    table = table.iloc[order]
    errors = shared_errors(table, covariance)
    table = table.reset_index(drop=True)
    low, high = (_numbers(table, name) for name in ("range_low", "range_high"))
    ranged = np.isfinite(low) & np.isfinite(high)
    share = np.where(ranged, (low + high) / 2.0, _numbers(table, "share"))
    n_effective = _worth(table, share)
    _check(table, share, n_effective)
    step = np.nan_to_num(_numbers(table, "rounding"))
    combinations, combination = _combine(table)
    joins = Bridges.between(bridges, table, combination)
    waves = Waves(
        table=table,
        share=share,
        n_effective=n_effective,
        log_odds=empirical_logit(share, n_effective),
        opened=opened[order],
        closed=closed[order],
        rough=rough[order],
        rounding_variance=uniform_variance(np.where(ranged, high - low, step)),
        combination=combination,
        combinations=combinations,
        errors=errors,
        overlapping=overlapping[order],
        rolling=rolling[order],
        bridges=joins,
        stretch=stretches(table, combination, joins),
        part_edges=np.empty(0),
    )
    return replace(waves, part_edges=inner_edges(waves.moment, waves.apart))


def _used_rows(observations: pd.DataFrame) -> pd.DataFrame:
    if missing := [name for name in REQUIRED if name not in observations]:
        raise InputError(
            f"`observations` needs the columns {', '.join(REQUIRED)}; missing: {', '.join(missing)}"
        )
    table = observations.copy()
    for name, default in DEFAULTS.items():
        table[name] = table[name].astype("object").fillna(default).astype(str) if name in table else default
    table = table[table["left_out"] == ""]
    for name in ("start", "end"):
        if name in table:
            table[name] = _days(table[name])
    if table.empty:
        raise ModelError("a trend needs at least one wave that is not left out; `observations` has none")
    for name in ("indicator", "domain"):
        if table[name].nunique() > 1:
            some = ", ".join(f"`{value}`" for value in table[name].unique()[:5])
            raise InputError(
                f"a trend follows one {name}; `observations` holds {some}: fit them one at a time"
            )
    return table


def _days(column: pd.Series) -> pd.Series:
    """The days of a column of moments as they are, and of any other one each as `read_date` reads it.

    Raises: InputError with the row of what is not a date.
    """
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return column
    days = []
    for row, written in column.items():
        try:
            days.append(None if pd.isna(written) else read_date(written))
        except ValueError as error:
            raise InputError(f"`{column.name}` of row `{row}`: {error}") from error
    return pd.Series(days, index=column.index, dtype="datetime64[ns]")


def _usual_mode(table: pd.DataFrame) -> pd.Series[str]:
    """The waves' modes; a wave that states none counts as done in the house's usual mode, not in one of its
    own."""
    stated = table.loc[table["mode"] != "", ["house", "mode"]]
    if len(stated) in (0, len(table)):
        return table["mode"]
    usual = stated.groupby("house")["mode"].agg(lambda modes: modes.mode().iloc[0]).to_dict()
    return table["mode"].where(table["mode"] != "", table["house"].map(usual).astype("object").fillna(""))


def _numbers(table: pd.DataFrame, name: str) -> Floats:
    if name not in table:
        return np.full(len(table), np.nan)
    return pd.to_numeric(table[name]).to_numpy(dtype=np.float64, na_value=np.nan)


def _worth(table: pd.DataFrame, share: Floats) -> Floats:
    """The effective n at which a share would have each wave's sampling error.

    Of a share it is the wave's own. A mean (`scale_low` says that the row is one) varies less than the share that would
    stand at its place: answers from 0 to 10 with a mean of 6.9 and a standard deviation of 2.1 are worth 0.69 · 0.31 /
    0.21² = 4.85 yes-or-no answers each. Where everyone gave one answer, there is no standard error to go by, and the
    wave's own n is the least that it is worth.
    """
    own, se = _numbers(table, "n_effective"), _numbers(table, "share_se")
    spread = share * (1.0 - share)
    mean = np.isfinite(_numbers(table, "scale_low")) & (se > 0.0) & (spread > 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(mean, spread / se**2, own)


def _check(table: pd.DataFrame, share: Floats, n_effective: Floats) -> None:
    """Every wave has a share in [0, 1] and a positive effective n."""
    for name, numbers, good, rule in (
        (
            "share",
            share,
            (share >= 0.0) & (share <= 1.0),
            "must lie between 0 and 1 (a share, not a percent)",
        ),
        (
            "n_effective",
            n_effective,
            (n_effective > 0.0) & np.isfinite(n_effective),
            "must be a number above 0",
        ),
    ):
        if not good.all():
            row = table.iloc[int(np.argmin(good))]
            wave = f"wave of `{row['house']}` that ended {pd.Timestamp(row['end']):%Y-%m-%d}"
            raise InputError(f"`{name}` {rule}; the {wave} has {numbers[np.argmin(good)]:g}")


def _combine(table: pd.DataFrame) -> tuple[Combinations, Ints]:
    """The combinations in order of first appearance, and each wave's number among them."""
    number = _numbered(table)
    frame = table[list(_COMBINED)].iloc[np.unique(number, return_index=True)[1]].astype(str)
    house = pd.factorize(frame["house"])[0]
    first = ~frame["house"].duplicated().to_numpy()
    return Combinations(frame.reset_index(drop=True), house, first), number


def _numbered(table: pd.DataFrame) -> Ints:
    """The number of each wave's combination, in order of first appearance."""
    names = list(zip(*(table[name].to_numpy(str).tolist() for name in _COMBINED), strict=True))
    number = {name: place for place, name in enumerate(dict.fromkeys(names))}
    return np.array([number[name] for name in names], dtype=np.intp)
