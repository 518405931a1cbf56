"""Changes of the level that are looked at together, and how probable each is once all of them have been looked at.

Whoever searches many pairs of dates will find a "change" in noise. So every pair that could become a finding is
compared in one family, on joint draws of the level's path. With D_j the change of pair j, m_j and s_j its posterior
mean and standard deviation, the family's tail of pair i is

    q_i = P( max_j |D_j - m_j| / s_j  >=  |m_i| / s_i ),

the simultaneous (sup-t) band of Montiel Olea & Plagborg-Moller (2019, J. Appl. Econometrics 34) read backwards. Over
k indicators, and over the segments between changes of every wording, q is multiplied by their number
(Bonferroni); it is at least the change's own tail. `adjusted` = 1 - q/2 takes the place of the probability of a
direction.

Worked example: a fall of 6 points with a posterior sd of 2.5 has probability 0.992 on its own. Looked for among 40
waves it has q near 0.2, so `adjusted` is 0.90.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.dates import parse_date
from groundswell.trends.answers.changes import draw_shares, exact_changes
from groundswell.trends.answers.segments import Segment
from groundswell.trends.answers.trend import Day, Trend
from groundswell.trends.data.observations import read_day

DRAWS: Final = 4000
SEARCHED: Final = 60
"""Earlier waves of a segment that its newest one is compared with, at most."""
COLUMNS: Final = [
    *("indicator", "kind", "label", "start", "end", "estimate", "se", "low", "high"),
    *("probability", "adjusted", "waves", "houses", "compared", "segment"),
]


class Pair(NamedTuple):
    """Two dates to compare: why (`kind`), the label of an event or "", and the dates."""

    kind: str
    label: str
    start: pd.Timestamp
    end: pd.Timestamp


def comparisons(trends: Trend | Iterable[Trend], *, since: Day | None = None) -> pd.DataFrame:
    """Every change that is looked at, of every indicator, one row a pair of dates.

    Args:
        trends: one an indicator; they are allowed for together. A single one may be given as it is.
        since: only waves from this date on are looked at.

    Returns: `indicator, kind, label, start, end`; the change `estimate, se, low, high` (95%) in share units, newer
    minus older; `probability` of the change's own direction, exact; `adjusted`, the same after the whole family;
    `waves` and `houses` between the two dates; `compared`, the size of the family; `segment`. `kind` is "year" (the
    as-of date against one year before), "event" (the newest wave against the day before a declared event), "wave" (the
    newest wave against the level at each earlier wave: the search for a peak or a trough) or "earlier" (the same within
    a segment before the newest).

    Raises: InputError for a `since` that is not a date.

    Example: the newest of three waves against each of the two before; `adjusted` allows for both looks.
        >>> days = pd.to_datetime(["2024-08-31", "2024-09-30", "2024-10-31"])
        >>> waves = pd.DataFrame({"house": "acme", "end": days, "share": [0.5, 0.5, 0.3], "n_effective": 1000})
        >>> looked = gs.comparisons([gs.fit_trend(waves)])
        >>> looked[["kind", "start", "end"]]
           kind      start        end
        0  wave 2024-08-31 2024-10-31
        1  wave 2024-09-30 2024-10-31
        >>> bool((looked["adjusted"] <= looked["probability"]).all())
        True
    """
    begin = None if since is None else read_day(since, "since")
    given = [trends] if isinstance(trends, Trend) else list(trends)
    searched = [(trend, _families(trend, begin)) for trend in given]
    tables = [
        _compare(trend, segment, pairs, begin, len(families) * len(searched))
        for trend, families in searched
        for segment, pairs in families
    ]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=COLUMNS)


def _families(trend: Trend, since: pd.Timestamp | None) -> list[tuple[Segment, list[Pair]]]:
    """Each segment with the pairs that are compared in it, newest first; without a pair, no family."""
    *earlier, newest = trend.segments
    asked = [(newest, _newest_pairs(trend, newest, since))]
    asked += [(segment, _pairs("earlier", trend, segment, since)) for segment in earlier]
    return [(segment, pairs) for segment, pairs in asked if pairs]


def _compare(
    trend: Trend, segment: Segment, asked: list[Pair], since: pd.Timestamp | None, families: int
) -> pd.DataFrame:
    """The changes of one family, allowed for as one of so many."""
    pairs = pd.DataFrame(asked)
    days = pd.DatetimeIndex(sorted(set(pairs["start"]) | set(pairs["end"])))
    joint = trend.joint(days)
    starts, ends = (days.get_indexer(pd.DatetimeIndex(pairs[side])) for side in ("start", "end"))
    exact = exact_changes(joint, starts, ends)
    draws = draw_shares(joint, DRAWS, trend.seed)
    probability = np.where(exact.estimate < 0, exact.fall, 1.0 - exact.fall)
    # Tails are counted from draws, probabilities are exact: to be looked at with others never makes a change surer.
    tails = (
        np.maximum(simultaneous_tails(draws[:, ends] - draws[:, starts]), 2.0 * (1.0 - probability))
        * families
    )
    shown = trend.used if since is None else trend.used[trend.used["end"] >= since]
    spans = [shown[shown["middle"].between(pair.start, pair.end)] for pair in asked]
    return pairs.assign(
        indicator=trend.indicator,
        estimate=exact.estimate,
        se=exact.se,
        low=exact.low,
        high=exact.high,
        probability=probability,
        adjusted=np.minimum(1.0 - np.minimum(tails, 1.0) / 2.0, probability),
        waves=[len(span) for span in spans],
        houses=[span["house"].nunique() for span in spans],
        compared=len(pairs),
        segment=segment.number,
    )[COLUMNS]


def simultaneous_tails(changes: Floats) -> Floats:
    """Two-sided family-wise tail of each column of joint draws (draws × pairs), in (0, 1]."""
    mean, sd = changes.mean(axis=0), np.maximum(changes.std(axis=0), 1e-12)
    largest = np.sort(np.abs((changes - mean) / sd).max(axis=1))
    beyond = len(largest) - np.searchsorted(largest, np.abs(mean) / sd)
    return np.asarray((1 + beyond) / (1 + len(largest)))


def _newest_pairs(trend: Trend, segment: Segment, since: pd.Timestamp | None) -> list[Pair]:
    """What the newest segment is searched for: the last twelve months, events, and every earlier wave."""
    days = _days(trend, segment, since)
    if not len(days):
        return []
    pairs: list[Pair] = []
    year_ago = trend.as_of - pd.DateOffset(years=1)
    if year_ago >= days[0]:
        pairs.append(Pair("year", "", year_ago, trend.as_of))
    for event in sorted(trend.events, key=lambda event: str(event.date)):
        happened = pd.Timestamp(parse_date(event.date, "events"))
        before = happened - pd.Timedelta(days=1)
        if days[0] <= before < days[-1] and (since is None or happened >= since):
            pairs.append(Pair("event", event.label, before, days[-1]))
    return pairs + _pairs("wave", trend, segment, since)


def _pairs(kind: str, trend: Trend, segment: Segment, since: pd.Timestamp | None) -> list[Pair]:
    """The segment's last wave against each earlier one, at most `SEARCHED` of them, evenly chosen."""
    days = _days(trend, segment, since)
    earlier = days[:-1]
    if len(earlier) > SEARCHED:
        earlier = earlier[np.unique(np.linspace(0, len(earlier) - 1, SEARCHED).astype(int))]
    return [Pair(kind, "", day, days[-1]) for day in earlier]


def _days(trend: Trend, segment: Segment, since: pd.Timestamp | None) -> pd.DatetimeIndex:
    """The middles of the segment's waves from `since` on, each day once, oldest first."""
    used = trend.used
    inside = used["middle"].between(segment.first, segment.last)
    if since is not None:
        inside &= used["end"] >= since
    return pd.DatetimeIndex(used.loc[inside, "middle"].drop_duplicates().sort_values())
