"""The lines of keys: hand-made texts with every kind of nesting, and random ones against `tomllib`'s own reading."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.waves.toml.lines import Path, key_lines

TEXT = '''# a comment with [brackets] and "quotes"
title = "x # no comment"
[a.b]   # nested
c.d."e f" = 1
long = """
[not.a.table]
key = 1
"""
raw = \'\'\'
'' [[no]] \'\'\'
[[events]]
date = 2022-02-24
tags = [
  "one", # ] not the end
  [ 2, { deep = 3 } ],
]
[events.more]
x = 1
[[events]]
date = 2022-09-21 10:00:00Z
[[events.inner]]
y = { z = "}", w.v = ']' }
[[events.inner]]
y = 2
["quoted \\u0041.key"]
'lit"eral' = -1_000.5e3
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("a",), 3),
        (("a", "b"), 3),
        (("a", "b", "c"), 4),
        (("a", "b", "c", "d", "e f"), 4),
        (("a", "b", "long"), 5),
        (("a", "b", "raw"), 9),
        (("events",), 11),
        (("events", 0), 11),
        (("events", 0, "tags"), 13),
        (("events", 0, "tags", 0), 14),
        (("events", 0, "tags", 1), 15),
        (("events", 0, "tags", 1, 1, "deep"), 15),
        (("events", 0, "more", "x"), 18),
        (("events", 1), 19),
        (("events", 1, "date"), 20),
        (("events", 1, "inner", 0, "y", "z"), 22),
        (("events", 1, "inner", 0, "y", "w", "v"), 22),
        (("events", 1, "inner", 1, "y"), 24),
        (("quoted A.key",), 25),
        (("quoted A.key", 'lit"eral'), 26),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_each_key_has_its_line(path: Path, line: int, newline: str) -> None:
    assert key_lines(TEXT.replace("\n", newline))[path] == line


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_exactly_the_paths_that_the_library_reads_have_a_line(newline: str) -> None:
    text = TEXT.replace("\n", newline)
    assert set(key_lines(text)) == set(paths(tomllib.loads(text)))


def paths(value: Any, here: Path = ()) -> list[Path]:
    """Every path in a value that `tomllib` read."""
    inside = list(
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [(*here, key) for key, _ in inside] + [p for key, v in inside for p in paths(v, (*here, key))]


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8)
scalars = st.one_of(st.integers(-9, 9), st.booleans(), texts, st.dates())
values = st.recursive(
    scalars, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3))
)
tables = st.dictionaries(texts, values, max_size=4)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def written(value: Any, spread: bool) -> str:
    """A value as TOML writes it, arrays over several lines where `spread`."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quoted(k)} = {written(v, False)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        gap = "\n # a ] comment\n " if spread else " "
        return f"[{gap}" + f",{gap}".join(written(v, spread) for v in value) + f"{gap}]"
    if isinstance(value, str):
        return quoted(value)
    return str(value).lower()


@given(tables, st.dictionaries(texts, tables, max_size=3), st.lists(tables, max_size=3), st.booleans())
@settings(deadline=None, max_examples=150)
def test_random_texts_are_found_whole(
    top: dict[str, Any], inner: dict[str, Any], array: list[dict[str, Any]], spread: bool
) -> None:
    lines = [f"{quoted(key)} = {written(value, spread)}" for key, value in top.items()]
    for key, table in inner.items():
        lines.append(f"[{quoted('t' + key)}.{quoted('inner')}]")
        lines += [f" {quoted(k)}\t= {written(v, spread)}" for k, v in table.items()]
    for table in array:
        lines.append("[['the array']]")
        lines += [f"{quoted(k)} = {written(v, spread)}  # after" for k, v in table.items()]
    text = "\n".join(lines)
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return  # keys that collide with one another are not sound TOML
    found = key_lines(text)
    assert set(found) == set(paths(read))
    for path, line in found.items():
        if isinstance(path[-1], str) and not spread and len(path) == 1:
            assert quoted(path[0])[1:-1] in text.split("\n")[line - 1] or path[0] == "the array"
