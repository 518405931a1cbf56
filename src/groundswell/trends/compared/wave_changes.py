"""The raw difference of two waves: what a house found this time against what it found the last time, no model between.

A wave is held against the newest wave of the same house, wording and mode that ended before it began. Waves that share
respondents or sampling units have the covariance of their estimates; published ones are independent samples, each with
its n, its design effect and the rounding of its figure.

Worked example: 38% and then 42%, each of 1,000 people drawn anew, differ by 4 points with a standard error of 2.2; had
the same people been asked both times, with a correlation of 0.6, it would be 1.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.estimates.of_wave.covariance import LABELS
from groundswell.estimates.statistics.contrasts import differences
from groundswell.trends.data.left_out_codes import DATED_TO_YEAR, RESPONDENTS, read_reasons
from groundswell.trends.data.observations import survey_waves
from groundswell.trends.data.scales import SCALES
from groundswell.trends.model.logit import uniform_variance
from groundswell.vocabulary import HIDDEN, SMALL_BASE
from groundswell.waves import Survey

QUESTION: Final = ("indicator", "domain", "house", "variant", "mode")
NOT_COMPARED: Final = {DATED_TO_YEAR, RESPONDENTS, HIDDEN, SMALL_BASE}
COLUMNS: Final = (
    *(*QUESTION, "before_start", "before_end", "start", "end"),
    *("estimate", "se", "low", "high", "df", "p", "covariance", *SCALES),
)

Covariances = Mapping[tuple[str, str], pd.DataFrame]


def wave_changes(
    survey: Survey, indicator: str | None = None, *, as_of: date | str | None = None
) -> pd.DataFrame:
    """How every wave of a survey differs from the wave before it of the same house, wording and mode.

    Args: survey: from `load_survey`. indicator: only this one. as_of: only what was published by this date.

    Returns: one row a wave and domain that has one before it: `indicator, domain, house, variant, mode`; the fieldwork
    of the wave before (`before_start, before_end`) and of the wave (`start, end`); the difference `estimate, se, low,
    high` (95%, Student's t) with `df` and the two-sided `p` for none; the `covariance` of the two estimates, 0 where
    nothing is shared; `scale_low, scale_high` of a mean. Differences are in share units, of a mean in parts of its
    scale (`on_scale` gives its numbers). Ranges, years, small domains and waves without a known error are not compared.

    Raises: as `observations`.

    Example:
        >>> from groundswell.trends import wave_changes
        >>> survey = gs.load_survey("surveys/ukraine-outlook")
        >>> changes = wave_changes(survey, "planning", as_of="2023-12-31")
        >>> changes[["before_end", "end", "estimate", "se"]].round({"estimate": 3, "se": 3})
          before_end        end  estimate     se
        0 2021-11-30 2022-11-27     -0.04  0.023
        1 2022-11-27 2023-11-23     -0.07  0.020
    """
    read = survey_waves(survey, as_of=as_of, indicator=indicator)
    return compared_waves(read.rows, read.covariance)


def compared_waves(rows: pd.DataFrame, covariance: Covariances) -> pd.DataFrame:
    """The same of rows of the observations table, and of the covariance of those that share sampling errors."""
    usable = rows["share"].notna() & rows["share_se"].notna() & rows["range_low"].isna()
    usable &= rows["left_out"].map(_comparable).astype(bool)
    waves = rows[usable].reset_index(drop=True)
    place = np.arange(len(waves))
    later = waves[[*QUESTION, "start"]].assign(after=place).sort_values("start", kind="stable")
    earlier = waves[[*QUESTION, "end"]].assign(before=place).sort_values("end", kind="stable")
    pairs = pd.merge_asof(
        later, earlier, left_on="start", right_on="end", by=list(QUESTION), allow_exact_matches=False
    )
    pairs = pairs[pairs["before"].notna()].sort_values("after")
    after, before = (
        waves.loc[pairs[name].astype("int64")].reset_index(drop=True) for name in ("after", "before")
    )
    shared = _shared(after, before, covariance)
    variance = _variance(after) + _variance(before) - 2 * shared
    change = (after["share"] - before["share"]).to_numpy()
    df = np.minimum(after["df"].to_numpy(dtype=np.float64), before["df"].to_numpy(dtype=np.float64))
    told = differences(change, variance, df)
    dates = {"before_start": before["start"], "before_end": before["end"]}
    table = pd.concat([after.drop(columns="df").assign(**dates), told], axis=1)
    return table.assign(covariance=shared).reindex(columns=list(COLUMNS))


def _comparable(left_out: str) -> bool:
    """Whether a wave's figure may be held against another, whatever keeps it out of a trend."""
    return not NOT_COMPARED & {reason.code for reason in read_reasons(left_out)}


def _variance(waves: pd.DataFrame) -> Floats:
    """The variance of each figure: sampling and rounding."""
    rounded = uniform_variance(waves["rounding"].fillna(0.0))
    return np.asarray(waves["share_se"].to_numpy(dtype=np.float64) ** 2 + rounded)


def _shared(after: pd.DataFrame, before: pd.DataFrame, covariance: Covariances) -> Floats:
    """The covariance of each pair of estimates."""
    shared = np.zeros(len(after))
    for (indicator, domain), known in covariance.items():
        places = np.flatnonzero((after["indicator"] == indicator) & (after["domain"] == domain))
        one, other = (
            known.index.get_indexer(pd.MultiIndex.from_frame(each.loc[places, LABELS]))
            for each in (after, before)
        )
        both = (one >= 0) & (other >= 0)
        shared[places[both]] = known.to_numpy()[one[both], other[both]]
    return shared
