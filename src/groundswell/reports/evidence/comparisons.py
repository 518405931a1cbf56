"""Changes of the level that a report looks at, and how probable each is once all of them have been looked at.

A page that searches many pairs of dates will find a "change" in noise. So every pair that could become a finding is
compared in one family, on joint draws of the level's path. With D_j the change of pair j, m_j and s_j its posterior
mean and standard deviation, the family's tail of pair i is

    q_i = P( max_j |D_j - m_j| / s_j  >=  |m_i| / s_i ),

the simultaneous (sup-t) band of Montiel Olea & Plagborg-Moller (2019, J. Appl. Econometrics 34) read backwards. Over
k indicators, and over the stretches of time between changes of every wording, q is multiplied by their number
(Bonferroni). `adjusted` = 1 - q/2 takes the place of the probability of a direction
and chooses the words of a finding.

Worked example: a fall of 6 points with a posterior sd of 2.5 has probability 0.992 on its own. Looked for among 40
waves it has q near 0.2, so `adjusted` is 0.90 and the page says "probably", not "almost certainly".
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from groundswell.reports.evidence.reading import Reading, Segment

Pair = tuple[str, str, pd.Timestamp, pd.Timestamp]
"""Kind, label of an event, and the two dates."""

DRAWS = 4000
SEARCHED = 60
COLUMNS = [
    "indicator",
    "kind",
    "label",
    "start",
    "end",
    "change",
    "change_se",
    "low95",
    "high95",
    "probability",
    "adjusted",
    "waves",
    "houses",
    "compared",
]


def comparisons(reading: Reading, indicators: int = 1) -> pd.DataFrame:
    """Every change of one indicator that the report looks at, one row a pair of dates.

    `kind` is "year" (the report's date against one year before), "event" (the newest wave against the day before a
    declared event), "wave" (the newest wave against the level at each earlier wave: the search for a peak or a
    trough) or "earlier" (the same, up to the last wave before every wording changed). `change` is in share units, newer
    minus older; `probability` is that of the change's own direction; `adjusted` is the same after the whole family;
    `compared` counts the family. Empty where there is no trend.
    """
    if not reading.segments:
        return pd.DataFrame(columns=COLUMNS)
    *earlier, newest = reading.segments
    families = [(newest, _newest_pairs(reading, newest))]
    families += [(segment, _pairs("earlier", reading, segment)) for segment in earlier]
    asked = [(segment, pairs) for segment, pairs in families if pairs]
    tables = [_compare(reading, segment, pairs, len(asked) * indicators) for segment, pairs in asked]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=COLUMNS)


def _compare(reading: Reading, segment: Segment, asked: list[Pair], families: int) -> pd.DataFrame:
    """The changes of one family, allowed for as one of so many."""
    pairs = pd.DataFrame(asked, columns=["kind", "label", "start", "end"])
    days = pd.DatetimeIndex(sorted(set(pairs["start"]) | set(pairs["end"])))
    draws = segment.trend.draws(days, DRAWS)
    ends, starts = (days.get_indexer(pd.DatetimeIndex(pairs[side])) for side in ("end", "start"))
    changes = np.take(draws, ends, axis=1) - np.take(draws, starts, axis=1)
    mean, low, high = changes.mean(axis=0), *np.quantile(changes, [0.025, 0.975], axis=0)
    tails = simultaneous_tails(changes) * families
    used = reading.used
    spans = [
        used[(used["middle"] >= a) & (used["middle"] <= b)]
        for a, b in zip(pairs.start, pairs.end, strict=True)
    ]
    return pairs.assign(
        indicator=reading.key,
        change=mean,
        change_se=changes.std(axis=0),
        low95=low,
        high95=high,
        probability=np.where(mean < 0, (changes < 0).mean(axis=0), (changes > 0).mean(axis=0)),
        adjusted=1 - np.minimum(tails, 1) / 2,
        waves=[len(span) for span in spans],
        houses=[span["house"].nunique() for span in spans],
        compared=len(pairs),
    )[COLUMNS]


def simultaneous_tails(changes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Two-sided family-wise tail of each column of joint draws (draws x pairs), in (0, 1]."""
    mean, sd = changes.mean(axis=0), np.maximum(changes.std(axis=0), 1e-12)
    largest = np.sort(np.abs((changes - mean) / sd).max(axis=1))
    beyond = len(largest) - np.searchsorted(largest, np.abs(mean) / sd)
    return np.asarray((1 + beyond) / (1 + len(largest)))


def _newest_pairs(reading: Reading, segment: Segment) -> list[Pair]:
    """What the newest segment is searched for: the last twelve months, events, and every earlier wave."""
    pairs: list[Pair] = []
    year_ago = reading.as_of - pd.DateOffset(years=1)
    if year_ago >= segment.first:
        pairs.append(("year", "", year_ago, reading.as_of))
    for event in reading.events():
        before = pd.Timestamp(event.date) - pd.Timedelta(days=1)
        if segment.first <= before < segment.last:
            pairs.append(("event", event.label, before, segment.last))
    return pairs + _pairs("wave", reading, segment)


def _pairs(kind: str, reading: Reading, segment: Segment) -> list[Pair]:
    """The segment's last wave against each earlier one, at most `SEARCHED` of them."""
    middles = reading.used["middle"]
    inside = middles[(middles >= segment.first) & (middles < segment.last)]
    days = pd.DatetimeIndex(inside.drop_duplicates().sort_values())
    if len(days) > SEARCHED:
        days = days[np.unique(np.linspace(0, len(days) - 1, SEARCHED).astype(int))]
    return [(kind, "", day, segment.last) for day in days]
