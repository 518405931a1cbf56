"""Changes of the level that are looked at together, and how sure each is once all of them have been looked at.

`probability` is the posterior's, of the change's own direction. `adjusted` is what chooses a word: the same, but no
more than 1 - q/2, where q is how often a level that stands still would show a change as clear anywhere among those
looked at (see `chance`). Changes that are declared beforehand are a family of their own, as small as they are few;
changes that are searched for pay for the whole search. Over k trends, and for what is searched over the segments as
well, q becomes 1 - (1 - q)^k (Sidak).

Worked example: in twelve waves of some 500 people a rise of 3 points has a posterior probability of 0.97. Looked for
among all 66 pairs of waves, of two indicators, it is left with `adjusted` 0.8. As a declared comparison it keeps 0.97.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from groundswell.arrays import Floats, Ints
from groundswell.trends.answers.changes import Joint, exact_changes, falls, levels_shown
from groundswell.trends.answers.segments import Segment
from groundswell.trends.answers.trend import Day, Trend
from groundswell.trends.compared.chance import Levels, chance_tails
from groundswell.trends.compared.pairs import (
    Pair,
    declared_pairs,
    every_pair,
    house_paths,
    shock_pairs,
    shown_waves,
    wave_days,
)
from groundswell.trends.compared.stillness import last_year, stillness
from groundswell.trends.compared.turning_points import moves
from groundswell.trends.data.observations import read_day

COLUMNS: Final = [
    *("indicator", "kind", "label", "start", "end", "estimate", "se", "low", "high"),
    *("probability", "adjusted", "waves", "houses", "compared", "segment"),
    *("share_start", "share_end", "within"),
]


class _Family(NamedTuple):
    """What is looked at in one segment: its waves, the days with their joint levels, and its declared changes.

    `house` is the house whose own path is followed, "" for the level.
    """

    trend: Trend
    segment: Segment
    waves: pd.DataFrame
    declared: list[Pair]
    shocks: list[Pair]
    levels: Levels
    house: str = ""

    def places(self, pairs: list[Pair]) -> tuple[Ints, Ints]:
        """The numbers of the days of some changes."""
        return self.levels.places(pair.start for pair in pairs), self.levels.places(
            pair.end for pair in pairs
        )


def comparisons(trends: Trend | Iterable[Trend], *, since: Day | None = None) -> pd.DataFrame:
    """Every change that a report may speak of, of every indicator, one row each.

    Args:
        trends: one an indicator; they are allowed for together. A single one may be given as it is.
        since: only waves from this date on are looked at.

    Returns: `indicator, kind, label, start, end`; the change `estimate, se, low, high` (95%) in share units, newer
    minus older; `probability` of the change's own direction; `adjusted`, what chooses its word (see above); `waves` and
    `houses` between the two dates; `compared`, the number of changes that were looked at with it; `segment`; the levels
    `share_start` and `share_end` between which the change lies; `within`, of "still" alone. `kind` is

    - "year": the newest wave against one year before it;
    - "event": the last wave before a declared event against the first after it;
    - "shock": the same around a jump that was found and not declared;
    - "stretch": from one turning point of the level to the next (see `turning_points`);
    - "wave": the newest wave against each earlier one of its segment;
    - "house": a stretch of what one house measures in one wording and mode, named by its key in `label`;
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
    families = [_family(trend, *one) for one in shown if one[1]["middle"].nunique() > 1]
    declared = [family for family in families if family.declared]
    tables = [_declared(family, trends * len(declared)) for family in declared]
    for family in families:
        tables += _searched(family, trends * len(families))
        if family.segment is trend.segments[-1]:
            tables += _still(family)
    paths = [
        _path(trend, segment, *path)
        for segment, waves in shown
        for path in house_paths(trend, segment, waves)
    ]
    for path in paths:
        tables += _searched(path, trends * len(paths))
    return tables


def _path(trend: Trend, segment: Segment, house: str, scale: Floats, waves: pd.DataFrame) -> _Family:
    """The family of a house's own path."""
    days = wave_days(waves)
    levels = Levels(days, trend.joint_before_waves(days, scale), trend.joint(days, scale))
    return _Family(trend, segment, waves, [], [], levels, house)


def _family(trend: Trend, segment: Segment, waves: pd.DataFrame) -> _Family:
    declared, shocks = declared_pairs(trend, segment, waves), shock_pairs(trend, waves)
    ends = [day for pair in (*declared, *shocks) for day in (pair.start, pair.end)]
    days = wave_days(waves).union(pd.DatetimeIndex(ends)).unique()
    levels = Levels(days, trend.joint_before_waves(days), trend.joint(days))
    return _Family(trend, segment, waves, declared, shocks, levels)


def _declared(family: _Family, families: int) -> pd.DataFrame:
    adjusted = _adjusted(family, *family.places(family.declared), families)
    return _table(family, family.declared, adjusted, len(family.declared))


def _searched(family: _Family, families: int) -> list[pd.DataFrame]:
    """Jumps that nobody declared, the moves between turning points and, in the newest segment, its last wave against
    each earlier one."""
    searched = (
        wave_days(family.waves)
        .union(pd.DatetimeIndex([day for pair in family.shocks for day in (pair.start, pair.end)]))
        .unique()
    )
    places = family.levels.places(searched)
    older, newer = every_pair(len(searched))
    adjusted = np.zeros((len(searched), len(searched)))
    adjusted[older, newer] = _adjusted(family, places[older], places[newer], families)
    share = levels_shown(family.levels.after)[places]
    found = moves(share - share[:, None], adjusted)
    kind = "house" if family.house else "stretch"
    pairs = family.shocks + [Pair(kind, family.house, searched[old], searched[new]) for old, new in found]
    if family.segment is family.trend.segments[-1] and not family.house:
        pairs += [Pair("wave", "", day, searched[-1]) for day in searched[:-1]]
    if not pairs:
        return []
    starts, ends = (searched.get_indexer(pd.DatetimeIndex([pair[side] for pair in pairs])) for side in (2, 3))
    return [_table(family, pairs, adjusted[starts, ends], len(older))]


def _adjusted(family: _Family, older: Ints, newer: Ints, families: int) -> Floats:
    """How sure each of these changes is, as one of so many families."""
    fall = falls(family.levels.after, older, newer)
    probability = np.maximum(fall, 1.0 - fall)
    tails = chance_tails(family.levels, older, newer, family.trend.seed)
    return np.asarray(np.minimum(1.0 - (1.0 - (1.0 - tails) ** families) / 2.0, probability))


def _table(family: _Family, pairs: list[Pair], adjusted: Floats, compared: int) -> pd.DataFrame:
    """The rows of some changes of one family."""
    exact = exact_changes(family.levels.after, *family.places(pairs))
    probability = np.where(exact.estimate < 0, exact.fall, 1.0 - exact.fall)
    middle, house = family.waves["middle"].to_numpy(), pd.factorize(family.waves["house"])[0]
    spans = [house[(middle >= pair.start) & (middle <= pair.end)] for pair in pairs]
    return pd.DataFrame(pairs).assign(
        indicator=family.trend.indicator,
        share_start=exact.start,
        share_end=exact.end,
        estimate=exact.estimate,
        se=exact.se,
        low=exact.low,
        high=exact.high,
        probability=probability,
        adjusted=np.minimum(adjusted, probability),
        within=np.nan,
        waves=[len(span) for span in spans],
        houses=[len(set(span)) for span in spans],
        compared=compared,
        segment=family.segment.number,
    )[COLUMNS]


def _still(family: _Family) -> list[pd.DataFrame]:
    """That the level stood still in its last year, where it surely did."""
    days = last_year(wave_days(family.waves))
    if days.empty:
        return []
    places = family.levels.places(days)
    parts = [
        (mean[places], covariance[np.ix_(places, places)]) for mean, covariance in family.levels.after.parts
    ]
    found = stillness(Joint(family.levels.after.weights, parts), family.trend.seed)
    if found is None:
        return []
    row = _table(family, [Pair("still", "", days[0], days[-1])], np.ones(1), 1)
    return [row.assign(probability=found.probability, adjusted=found.probability, within=found.within)]
