"""What changed since the last published report, computed from what that report kept and from nothing else.

How far an indicator's level moved between the two reports is taken apart so that the parts add up. With d the newest
wave's day in the old report and e that in the new one:

    method     the old rows, fitted as it is done now, against what was published for d
    rows       the same rows as they stand now (revised, withdrawn), against that
    hindsight  all rows, for the same day d, against that: what the new waves say about the past
    movement   the level on e against the level on d, both as seen now

The order is fixed; another order would share out the same total a little differently. Nothing is fitted again where it
cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from groundswell.checksum import checksum
from groundswell.program import made_by
from groundswell.reports.evidence.earlier.previous import Before
from groundswell.reports.evidence.reading import Reading, read_indicator
from groundswell.reports.evidence.report import ReportEvidence

KEY = ["indicator", "variant", "house", "mode", "domain", "start", "end"]
COMPARED = ["share", "range_low", "range_high", "n", "n_effective", "left_out"]
TOLERANCE = 1e-9
"""Of a share or a size read back from a CSV; below it nothing was revised."""


@dataclass(frozen=True, eq=False)
class RowChange:
    """One row of the observations table that is new, revised or withdrawn, as it was and as it is."""

    kind: Literal["new", "revised", "withdrawn"]
    row: pd.Series
    then: pd.Series | None
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Move:
    """How far one indicator's level moved between two reports, in share units; the four parts add up.

    `then` and `now` are levels (`share, low95, high95`) on the days `then_day` and `now_day`; `same_day` is the level
    on `then_day` as it is seen now. `movement` is None where every wording changed in between.
    """

    reading: Reading
    then_day: pd.Timestamp
    now_day: pd.Timestamp
    then: Mapping[str, float]
    same_day: Mapping[str, float]
    now: Mapping[str, float]
    method: float
    rows: float
    hindsight: float
    movement: Mapping[str, float] | None


def row_changes(before: pd.DataFrame, now: pd.DataFrame) -> list[RowChange]:
    """Rows about everyone that are new, revised or withdrawn, newest fieldwork first.

    A wave is known by its indicator, variant, house, mode and fieldwork: one whose dates were corrected is a withdrawn
    row and a new one.
    """
    old, new = _keyed(before), _keyed(now)
    changes = [RowChange("new", new.loc[key], None) for key in new.index.difference(old.index)]
    changes += [RowChange("withdrawn", old.loc[key], old.loc[key]) for key in old.index.difference(new.index)]
    for key in old.index.intersection(new.index):
        then, row = old.loc[key], new.loc[key]
        changed = tuple(name for name in COMPARED if not _same(then[name], row[name]))
        if changed:
            changes.append(RowChange("revised", row, then, changed))
    return sorted(changes, key=lambda change: change.row["end"], reverse=True)


def _keyed(rows: pd.DataFrame) -> pd.DataFrame:
    mine = rows[rows["domain"] == "all"]
    again = mine.groupby(KEY, dropna=False).cumcount()
    names = mine[KEY].astype("str").agg("\0".join, axis=1) if len(mine) else pd.Series(dtype="str")
    return mine.set_index(names + "\0" + again.astype("str") if len(mine) else names)


def _same(one: Any, other: Any) -> bool:
    if pd.isna(one) or pd.isna(other):
        return bool(pd.isna(one) and pd.isna(other))
    if isinstance(one, str):  # `left_out`: another reason for the same thing revises nothing
        return bool(one) == bool(other)
    return abs(float(one) - float(other)) <= TOLERANCE * max(1.0, abs(float(one)))


@dataclass(frozen=True, eq=False)
class Differences:
    """All that changed since the last published report: its rows, the method, and the level of each indicator."""

    rows: list[RowChange]
    method: dict[str, tuple[str, str]]
    moves: list[Move]


def differences(evidence: ReportEvidence, before: Before) -> Differences:
    """What changed since `before`, which must be as it was published (it has no `fault`)."""
    changes, method = (
        row_changes(before.observations, evidence.observations),
        method_changes(evidence, before),
    )
    return Differences(changes, method, moves(evidence, before, method=bool(method), changes=changes))


def method_changes(evidence: ReportEvidence, before: Before) -> dict[str, tuple[str, str]]:
    """What decides the numbers besides the rows and differs: its name, then and now, each in a few characters.

    Parameters by their name, the survey's settings as `survey.toml`, the program as `groundswell`, and packages.
    """
    changes: dict[str, tuple[str, str]] = {}
    if before.manifest is None:
        return changes
    old = before.manifest.parameters
    for name, chosen in evidence.given.items():
        if name in old and old[name] != chosen:
            changes[name] = (_text(old[name]), _text(chosen))
    settings = evidence.survey.folder / "survey.toml"
    recorded = {Path(entry.path).name: entry.sha256 for entry in before.manifest.inputs}
    if recorded.get(settings.name) != checksum(settings):
        changes[settings.name] = (str(recorded.get(settings.name, "?"))[:12], checksum(settings)[:12])
    here, installed = made_by()
    code, packages = before.manifest.code, before.manifest.packages
    if code.sha256 != here["sha256"]:
        then, now = (f"{code.version}, {code.sha256[:12]}", f"{here['version']}, {here['sha256'][:12]}")
        changes["groundswell"] = (then, now)
    for name in sorted(packages.keys() | installed.keys()):
        if packages.get(name) != installed.get(name):
            changes[name] = (_text(packages.get(name)), _text(installed.get(name)))
    return changes


def _text(chosen: object) -> str:
    return ", ".join(map(str, chosen)) if isinstance(chosen, list) else "–" if chosen is None else str(chosen)


def moves(evidence: ReportEvidence, before: Before, *, method: bool, changes: list[RowChange]) -> list[Move]:
    """The move of every indicator that both reports have a level of; `method` is whether `method_changes` found any."""
    touched = {str(change.row["indicator"]) for change in changes if change.kind != "new"}
    published = {key: before.level_of(key) for key in evidence.readings}
    return [
        _move(evidence, before, reading, *level, method=method, touched=key in touched)
        for key, reading in evidence.readings.items()
        if (level := published[key]) is not None and reading.trend is not None and not reading.used.empty
    ]


def _move(
    evidence: ReportEvidence,
    before: Before,
    reading: Reading,
    day: pd.Timestamp,
    then: Mapping[str, float],
    *,
    method: bool,
    touched: bool,
) -> Move:
    old = before.observations[before.observations["indicator"] == reading.key]
    as_made = then["share"]
    if method:
        as_made = _refitted(evidence, before, reading, old, day, as_made)
    as_revised = as_made
    if touched:
        mine = _keyed(reading.observations)
        standing = mine[mine.index.isin(_keyed(old).index)].reset_index(drop=True)
        as_revised = _refitted(evidence, before, reading, standing, day, as_made)
    same_day, now = _level(reading, day), _level(reading, reading.last)
    return Move(
        reading=reading,
        then_day=day,
        now_day=reading.last,
        then=then,
        same_day=same_day,
        now=now,
        method=as_made - then["share"],
        rows=as_revised - as_made,
        hindsight=same_day["share"] - as_revised,
        movement=_movement(reading, day),
    )


def _refitted(
    evidence: ReportEvidence,
    before: Before,
    reading: Reading,
    rows: pd.DataFrame,
    day: pd.Timestamp,
    otherwise: float,
) -> float:
    """The level on `day` that these rows give as it is done now; `otherwise` where they give none."""
    since = pd.Timestamp(evidence.given["since"]) if evidence.given.get("since") else None
    shared = evidence.covariance.get((reading.key, "all"))
    seed = int(evidence.given["seed"])
    again = read_indicator(
        reading.key, evidence.survey, rows, covariance=shared, as_of=before.as_of, since=since, seed=seed
    )
    return otherwise if again.trend is None or again.used.empty else _level(again, day)["share"]


def _level(reading: Reading, day: pd.Timestamp) -> dict[str, float]:
    assert reading.trend is not None
    row = reading.trend.level(day).iloc[0]
    return {name: float(row[name]) for name in ("share", "low95", "high95")}


def _movement(reading: Reading, day: pd.Timestamp) -> Mapping[str, float] | None:
    if any(day < cut <= reading.last for cut in reading.unbridged()):
        return None
    if day == reading.last:
        return {"estimate": 0.0, "low": 0.0, "high": 0.0}
    assert reading.trend is not None
    row = reading.trend.change(day, reading.last).iloc[0]
    return {name: float(row[name]) for name in ("estimate", "low", "high")}
