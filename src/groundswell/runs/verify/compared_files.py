"""Where a table or a record made again parts from the published one: by its keys, and not by a line of the file.

>>> old = "indicator,date,share\\nanxiety,2024-06-30,0.40\\n"
>>> print(*compare_files("trend.csv", published=old, made=old.replace("0.40", "0.41")))
trend.csv indicator anxiety, date 2024-06-30, column `share`: published `0.40`, now `0.41` (relative difference 0.025)
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

from groundswell.runs.verify.compared_texts import Difference, compare_texts

KEYS = (
    *("mood", "indicator", "wave", "kind", "label", "by", "whose", "weights", "code", "subject"),
    *("house", "variant", "mode", "domain", "other", "date", "start", "end"),
)
"""Columns that say which row of a table it is, as the archive's tables call them."""


def compare_files(name: str, *, published: str, made: str) -> list[Difference]:
    """Every difference between two texts of a file: cell by cell of a table, value by value of a record in JSON.

    Where their rows, columns or keys are not the same ones, they are compared as texts.
    """
    if published == made:
        return []
    pairs = None
    if name.endswith(".csv"):
        pairs = _of_tables(published, made)
    elif name.endswith(".json"):
        pairs = _of_records(published, made)
    if pairs is None:
        return compare_texts(name, published=published, made=made)
    return [
        difference
        for row, column, one, other in pairs
        if one != other
        for difference in compare_texts(name, published=one, made=other, row=row, column=column)
    ]


Pairs = Iterator[tuple[str, str, str, str]]
"""Row and column, and what stands there in either."""


def _of_tables(published: str, made: str) -> Pairs | None:
    """The cells of two tables of the same shape; None where they are not."""
    try:
        first, second = (list(csv.reader(StringIO(text))) for text in (published, made))
    except csv.Error:
        return None
    if not first or first[:1] != second[:1] or {len(row) for row in first + second} != {len(first[0])}:
        return None
    if len(first) != len(second):
        return None
    columns = first[0]
    return (
        (_row(columns, one, number), column, cell, other)
        for number, (one, two) in enumerate(zip(first[1:], second[1:], strict=True), start=2)
        for column, cell, other in zip(columns, one, two, strict=True)
    )


def _row(columns: list[str], cells: list[str], number: int) -> str:
    """A row by its keys; by its line where it has none."""
    named = dict(zip(columns, cells, strict=True))
    keys = [f"{key} {named[key]}" for key in KEYS if named.get(key)]
    return ", ".join(keys) or f"line {number}"


def _of_records(published: str, made: str) -> Pairs | None:
    """The values in two records with the same keys in the same order; None where they are not."""
    try:
        first, second = (list(_leaves(json.loads(text), "")) for text in (published, made))
    except (ValueError, RecursionError):
        return None
    if [path for path, _ in first] != [path for path, _ in second]:
        return None
    return ((path, "", one, other) for (path, one), (_, other) in zip(first, second, strict=True))


def _leaves(content: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every value in a record with the way to it, as `summary.indicators[0].share`."""
    if isinstance(content, dict):
        for name, inner in content.items():
            yield from _leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(content, list):
        for number, inner in enumerate(content):
            yield from _leaves(inner, f"{path}[{number}]")
    else:
        yield path, content if isinstance(content, str) else json.dumps(content)
