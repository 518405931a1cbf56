"""Changes of the level that are looked at together, and how sure each is once all of them have been looked at.

`probability` is the posterior's, of the change's own direction. `adjusted` is what chooses a word: the same, but no more
than 1 - q/2, where q is how often a level that stands still would show a change as clear anywhere among those looked at
(see `chance`). Changes that are declared beforehand are a family of their own, as small as they are few; changes that
are searched for pay for the whole search. q is multiplied by the number of trends, and for what is searched by that of
segments as well (Bonferroni).

Worked example: a fall of 6 points with a posterior probability of 0.992, looked for among all pairs of 40 waves, has a q
near 0.2 and `adjusted` 0.90. As the declared comparison of a year it keeps 0.992.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.trends.answers.chance import Days, chance_tails
from groundswell.trends.answers.changes import exact_changes, falls
from groundswell.trends.answers.pairs import (
    Pair,
    declared_pairs,
    every_pair,
    shock_pairs,
    shown_waves,
    wave_days,
)
from groundswell.trends.answers.segments import Segment
from groundswell.trends.answers.stillness import last_year, stillness
from groundswell.trends.answers.trend import Day, Trend
from groundswell.trends.answers.turning_points import moves
from groundswell.trends.data.observations import read_day

COLUMNS: Final = [
    *("indicator", "kind", "label", "start", "end", "share_start", "share_end"),
    *("estimate", "se", "low", "high", "probability", "adjusted", "within"),
    *("waves", "houses", "compared", "segment"),
]


class _Looked(NamedTuple):
    """Changes of one family: the pairs, how sure each is after the family, and how many were compared in it."""

    pairs: list[Pair]
    adjusted: Floats
    compared: int


def comparisons(trends: Trend | Iterable[Trend], *, since: Day | None = None) -> pd.DataFrame:
    """Every change that a report may speak of, of every indicator, one row each.

    Args:
        trends: one an indicator; they are allowed for together. A single one may be given as it is.
        since: only waves from this date on are looked at.

    Returns: `indicator, kind, label, start, end`; the levels `share_start, share_end` and the change between them
    `estimate, se, low, high` (95%) in share units, newer minus older; `probability` of the change's own direction;
    `adjusted`, what chooses its word (see above); `waves` and `houses` between the two dates; `compared`, the number of
    changes that were looked at with it; `segment`. `kind` is

    - "year": the newest wave against one year before it;
    - "event": the last wave before a declared event against the first after it;
    - "shock": the same around a jump that was found and not declared;
    - "stretch": from one turning point of the level to the next (see `turning_points`);
    - "wave": the newest wave against each earlier one of its segment;
    - "still": the waves of the last year lie within `within` share units of one another, with this `probability`.

    Raises: InputError for a `since` that is not a date.

    Example: the newest of three waves against each of the two before; the fall is a stretch as well.
        >>> days = pd.to_datetime(["2024-08-31", "2024-09-30", "2024-10-31"])
        >>> waves = pd.DataFrame({"house": "acme", "end": days, "share": [0.5, 0.5, 0.3], "n_effective": 1000})
        >>> looked = gs.comparisons([gs.fit_trend(waves)])
        >>> looked[["kind", "start", "end"]]
              kind      start        end
        0  stretch 2024-08-31 2024-10-31
        1     wave 2024-08-31 2024-10-31
        2     wave 2024-09-30 2024-10-31
        >>> bool((looked["adjusted"] <= looked["probability"]).all())
        True
    """
    begin = None if since is None else read_day(since, "since")
    given = [trends] if isinstance(trends, Trend) else list(trends)
    tables = [table for trend in given for table in _of_trend(trend, begin, len(given))]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=COLUMNS)


def _of_trend(trend: Trend, since: pd.Timestamp | None, trends: int) -> list[pd.DataFrame]:
    """What is looked at in one trend: declared changes first, then each segment, the newest first."""
    shown = [(segment, shown_waves(trend, segment, since)) for segment in reversed(trend.segments)]
    searched = [(segment, waves) for segment, waves in shown if waves["middle"].nunique() > 1]
    declared = [
        (segment, waves, pairs)
        for segment, waves in searched
        if (pairs := declared_pairs(trend, segment, waves))
    ]
    count = sum(len(pairs) for _, _, pairs in declared)
    tables = [
        _table(trend, segment, waves, _declared(trend, pairs, trends * len(declared), count))
        for segment, waves, pairs in declared
    ]
    for segment, waves in searched:
        looked = _searched(trend, segment, waves, trends * len(searched))
        if looked.pairs:
            tables.append(_table(trend, segment, waves, looked))
        if segment is trend.segments[-1]:
            tables += _still(trend, segment, waves)
    return tables


def _declared(trend: Trend, pairs: list[Pair], families: int, compared: int) -> _Looked:
    days = pd.DatetimeIndex([day for pair in pairs for day in (pair.start, pair.end)]).unique().sort_values()
    places = [days.get_indexer(pd.DatetimeIndex([pair[side] for pair in pairs])) for side in (2, 3)]
    return _Looked(pairs, _adjusted(trend, days, places[0], places[1], families), compared)


def _searched(trend: Trend, segment: Segment, waves: pd.DataFrame, families: int) -> _Looked:
    """The moves between turning points and, in the newest segment, its last wave against each earlier one."""
    days, shocks = wave_days(waves), shock_pairs(trend, waves)
    days = days.union(pd.DatetimeIndex([day for pair in shocks for day in pair[2:]]))
    older, newer = every_pair(len(days))
    adjusted = np.zeros((len(days), len(days)))
    adjusted[older, newer] = _adjusted(trend, days, older, newer, families)
    share = trend.level(days)["share"].to_numpy()
    pairs = shocks + [Pair("stretch", "", days[i], days[j]) for i, j in moves(share - share[:, None], adjusted)]
    if segment is trend.segments[-1]:
        pairs += [Pair("wave", "", day, days[-1]) for day in days[:-1]]
    places = [days.get_indexer(pd.DatetimeIndex([pair[side] for pair in pairs])) for side in (2, 3)]
    return _Looked(pairs, adjusted[places[0], places[1]], len(older))


def _adjusted(trend: Trend, days: pd.DatetimeIndex, older: np.ndarray, newer: np.ndarray, families: int) -> Floats:
    """How sure each of these changes is, as one of so many families."""
    joint = trend.joint(days)
    fall = falls(joint, older, newer)
    probability = np.maximum(fall, 1.0 - fall)
    tails = chance_tails(Days(trend.joint_before_waves(days), joint), probability, older, newer, trend.seed)
    return np.minimum(1.0 - np.minimum(tails * families, 1.0) / 2.0, probability)


def _table(trend: Trend, segment: Segment, waves: pd.DataFrame, looked: _Looked) -> pd.DataFrame:
    """The rows of one family."""
    pairs = pd.DataFrame(looked.pairs)
    days = pd.DatetimeIndex(sorted(set(pairs["start"]) | set(pairs["end"])))
    starts, ends = (days.get_indexer(pd.DatetimeIndex(pairs[side])) for side in ("start", "end"))
    exact = exact_changes(trend.joint(days), starts, ends)
    probability = np.where(exact.estimate < 0, exact.fall, 1.0 - exact.fall)
    spans = [waves[waves["middle"].between(pair.start, pair.end)] for pair in looked.pairs]
    return pairs.assign(
        indicator=trend.indicator,
        share_start=exact.start,
        share_end=exact.end,
        estimate=exact.estimate,
        se=exact.se,
        low=exact.low,
        high=exact.high,
        probability=probability,
        adjusted=np.minimum(looked.adjusted, probability),
        within=np.nan,
        waves=[len(span) for span in spans],
        houses=[span["house"].nunique() for span in spans],
        compared=looked.compared,
        segment=segment.number,
    )[COLUMNS]


def _still(trend: Trend, segment: Segment, waves: pd.DataFrame) -> list[pd.DataFrame]:
    """That the level stood still in its last year, where it surely did."""
    days = last_year(wave_days(waves))
    found = stillness(trend.joint(days), trend.seed) if len(days) else None
    if found is None:
        return []
    pair = Pair("still", "", days[0], days[-1])
    row = _table(trend, segment, waves, _Looked([pair], np.ones(1), 1))
    return [row.assign(probability=found.probability, adjusted=found.probability, within=found.within)]
