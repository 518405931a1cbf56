"""What a survey's `[[watch]]` rules found by a report's date: each event once, and from where on to look next.

A report looks where the report before it left off. A rule's first look only says where it stands, unless the rule has a
`since`; an alarm becomes the new reference. Whoever asks for other rows than a report has by default (`certainty`,
`unknown_n`) looks at nothing: a rule has one budget, and the looks of one series spend it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, NamedTuple

import pandas as pd

from groundswell.reports.evidence.alert_record import WatchedRecord
from groundswell.reports.evidence.reading import Reading
from groundswell.trends import Trend, fit_trend
from groundswell.trends.compared.alarms import Movement, alarmed, alarms, newest_day, spent
from groundswell.trends.compared.departing_houses import house_movement
from groundswell.trends.data.unknown_n import UNKNOWN_N
from groundswell.waves.surveys.watch_rule import WatchRule

NEWEST: Final = 3
"""Newest waves that an alert names."""


@dataclass(frozen=True, eq=False)
class Alert:
    """One event of a rule, from the day `since` to the day `until`; `movement` is None for a wave that is overdue.

    `newest` holds the rows of the newest waves of what the rule watches, newest first."""

    rule: WatchRule
    reading: Reading
    house: str
    since: pd.Timestamp
    until: pd.Timestamp
    movement: Movement | None
    newest: pd.DataFrame


class Watched(NamedTuple):
    """The events of a report, and the state of each rule after it."""

    alerts: tuple[Alert, ...] = ()
    states: tuple[WatchedRecord, ...] = ()


class _Look(NamedTuple):
    """What a rule is judged on: the reading of its indicator and where it stood, by house."""

    rule: WatchRule
    reading: Reading
    before: Mapping[str, WatchedRecord]


class _Found(NamedTuple):
    alert: Alert | None
    state: WatchedRecord


def watched(
    rules: tuple[WatchRule, ...],
    readings: Mapping[str, Reading],
    before: tuple[WatchedRecord, ...],
    given: Mapping[str, Any],
) -> Watched:
    """The events of rules on a report's date, where the report before left the rules as `before`.

    `given` are the report's parameters. A rule whose indicator the report does not show stays as it was.
    """
    if given.get("certainty") is not None or given.get("unknown_n", UNKNOWN_N) != UNKNOWN_N:
        return Watched(states=before)
    found: list[_Found] = []
    for rule in rules:
        mine = {state.house: state for state in before if state.key == rule.key}
        judged: list[_Found] = []
        if (reading := readings.get(rule.indicator)) is not None:
            judged = list(_JUDGES[rule.kind](_Look(rule, reading, mine)))
        seen = {each.state.house for each in judged}
        found += judged
        found += [_Found(None, state) for house, state in mine.items() if house not in seen]
    alerts = tuple(each.alert for each in found if each.alert is not None)
    return Watched(alerts, tuple(each.state for each in found))


def _level(look: _Look) -> Sequence[_Found]:
    """A movement of the level."""
    rule, reading = look.rule, look.reading
    if (trend := reading.trend) is None:
        return []

    def refit(rows: pd.DataFrame) -> Trend:
        return fit_trend(reading.survey, reading.key, as_of=reading.as_of, rows=rows, seed=trend.seed)

    def judge(since: pd.Timestamp, days: float) -> Movement | None:
        return alarmed(trend, since, rule.kind, _size(rule, reading), spent(rule.alarm, days), refit)

    return [_moved(look, "", trend, reading.fitted, judge)]


def _houses(look: _Look) -> Sequence[_Found]:
    """A house that moved away from the level; the houses share a rule's budget.

    One that moves takes the average of all with it, so that the others seem to move the other way: the one that moved
    most is told, and all are looked at anew from there on.
    """
    rule, reading = look.rule, look.reading
    if (trend := reading.trend) is None:
        return []
    everyone = list(dict.fromkeys(trend.posterior.waves.table["house"].astype(str)))
    houses = [house for house in everyone if rule.house in (None, house)]
    if not houses:
        return []

    def judge(since: pd.Timestamp, days: float, house: str) -> Movement | None:
        movement, spends = house_movement(trend, house, since), spent(rule.alarm, days) / len(houses)
        found = movement is not None and alarms(movement, rule.kind, _size(rule, reading), spends)
        return movement if found else None

    found = []
    for house in houses:
        rows = reading.fitted[reading.fitted["house"] == house]
        found.append(_moved(look, house, trend, rows, partial(judge, house=house)))
    most = max(found, key=_distance)
    if most.alert is None:
        return found
    since = most.state.since
    return [each if each is most else _Found(None, replace(each.state, since=since)) for each in found]


def _distance(found: _Found) -> float:
    """How far a house moved, where it is an event."""
    return abs(found.alert.movement.estimate) if found.alert and found.alert.movement else 0.0


def _overdue(look: _Look) -> Sequence[_Found]:
    """A wave that does not come: told once for the wave that came last, whether the trend uses it or not."""
    rule, reading, house = look.rule, look.reading, look.rule.house or ""
    rows = reading.observations
    rows = rows if rule.house is None else rows[rows["house"] == rule.house]
    if rows.empty:
        return []
    last, state = pd.Timestamp(rows["end"].max()), look.before.get(house)
    late = (reading.as_of - last).days > rule.size
    told = state is not None and pd.Timestamp(state.since) == last
    if late and not told:
        alert = Alert(rule, reading, house, last, reading.as_of, None, _newest(rows))
        return [_Found(alert, WatchedRecord(rule.key, house, _day(last), _day(reading.as_of)))]
    return [] if state is None else [_Found(None, state)]


def _moved(
    look: _Look,
    house: str,
    trend: Trend,
    rows: pd.DataFrame,
    judge: Callable[[pd.Timestamp, float], Movement | None],
) -> _Found:
    """One movement judged: from the state before on, where new waves came since; else only its state."""
    rule, reading, state = look.rule, look.reading, look.before.get(house)
    stated = None if rule.since is None else pd.Timestamp(rule.since)
    seen, today = _checksum(rows), _day(reading.as_of)
    if state is not None and (state.seen == seen or state.looked >= today):
        return _Found(None, state)
    if state is not None:
        since, looked = pd.Timestamp(state.since), pd.Timestamp(state.looked)
        since = since if stated is None else max(since, stated)
    elif stated is not None:
        since = looked = stated
    else:
        return _Found(None, WatchedRecord(rule.key, house, _day(newest_day(trend)), today, seen))
    movement = judge(since, float((reading.as_of - looked).days))
    if movement is None:
        return _Found(None, WatchedRecord(rule.key, house, _day(since), today, seen))
    alert = Alert(rule, reading, house, movement.start, movement.end, movement, _newest(rows))
    return _Found(alert, WatchedRecord(rule.key, house, _day(movement.end), today, seen))


_JUDGES: Final[Mapping[str, Callable[[_Look], Sequence[_Found]]]] = {
    "rises": _level,
    "falls": _level,
    "moves": _level,
    "departs": _houses,
    "overdue": _overdue,
}
"""How a rule of each kind is judged."""


def _size(rule: WatchRule, reading: Reading) -> float:
    """The size of a rule in share units."""
    low, high = reading.indicator.scale or (0.0, 100.0)
    return rule.size / (high - low)


def _newest(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values(["end", "house"], kind="stable").iloc[::-1].head(NEWEST)


def _checksum(rows: pd.DataFrame) -> str:
    """A checksum of waves: who asked, when, and what came out."""
    numbers = rows[["share", "n_effective"]].round(9)
    told = pd.concat([rows[["house", "variant", "mode", "start", "end"]], numbers], axis=1)
    return hashlib.sha256(told.to_csv(index=False).encode()).hexdigest()[:16]


def _day(day: pd.Timestamp) -> str:
    return day.date().isoformat()
