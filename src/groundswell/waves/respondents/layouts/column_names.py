"""The names that a file's columns get, from the rows above its respondents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from groundswell.errors import InputError
from groundswell.waves.respondents.layouts.layout import LayoutName
from groundswell.waves.respondents.layouts.layout_signs import (
    IMPORT_ID,
    QUALTRICS,
    RESPONSE,
    is_date,
    is_number,
    of_program,
)
from groundswell.waves.respondents.notes import Note

_PLACE = re.compile(r"V\d+")

BETWEEN = " - "
"""What stands between a question and its option where two rows make one name."""


def named(layout: LayoutName, above: list[list[str]]) -> tuple[list[str], list[str]]:
    """Names and labels of the columns, from the rows above the respondents."""
    none = [""] * len(above[0])
    if len(above) == 1:
        return above[0], none
    if layout == "qualtrics":
        texts = [" ".join(text.split()) for text in above[1]]
        own = own_below(above[0], texts)
        names = [text if text in own else name for name, text in zip(above[0], texts, strict=True)]
        return names, none if any(map(IMPORT_ID.match, above[1])) else texts
    if layout == "surveymonkey":
        options = ["" if cell.casefold() in RESPONSE else cell for cell in above[1]]
        return joined(above[0], options), none
    names = [below or top for top, below in zip(*above, strict=True)]
    whole = joined(above[0], above[1])
    often = Counter(name.casefold() for name in names)
    unique = [name if often[name.casefold()] == 1 else long for name, long in zip(names, whole, strict=True)]
    return unique, [long if long != name else "" for name, long in zip(unique, whole, strict=True)]


def own_below(names: Sequence[str], texts: Sequence[str]) -> list[str]:
    """The names of Qualtrics' own columns that stand in the second row, as in its exports up to 2017.

    These number the columns that are no questions: V1, V2 … stand above ResponseID, ResponseSet …
    """
    return of_program(
        [text for name, text in zip(names, texts, strict=False) if _PLACE.fullmatch(name)], QUALTRICS
    )


def joined(tops: list[str], belows: list[str]) -> list[str]:
    """`Question - Option`, a question being carried on over the columns without one of their own."""
    names, current = [], ""
    for top, below in zip(tops, belows, strict=True):
        current = top or (current if below else "")
        names.append(f"{current}{BETWEEN}{below}" if current and below else current or below)
    return names


def told_apart(
    names: list[str], layout: LayoutName, file: str, row: int
) -> tuple[list[str], tuple[Note, ...]]:
    """The names, each once; of a program's layout `Q1` and `Q1` become `Q1` and `Q1_2`, and it is said.

    Raises: InputError for a name that a person gave two columns.
    """
    taken: set[str] = set()
    often = Counter(name.casefold() for name in names)
    apart, renamed = [], []
    for place, name in enumerate(names, start=1):
        own, many = name, 1
        while own.casefold() in taken or (many > 1 and own.casefold() in often):
            many += 1
            own = f"{name}_{many}"
        if own != name and layout in ("plain", "titled"):
            raise InputError(
                f"`{file}` names the column `{name}` twice in row {row} (capitals do not tell columns apart): "
                "give each its own name"
            )
        if own != name:
            renamed.append(Note("name_twice", own, {"name": name, "place": place}))
        taken.add(own.casefold())
        apart.append(own)
    return apart, tuple(renamed)


MOST_BESIDE_A_TITLE = 2
"""A row with a single cell above rows that hold more than so many is a title without names under it."""


def check_are_names(table: list[tuple[int, list[str]]], file: str) -> None:
    """Refuse a first row that names one column of many, or holds answers, which would be lost as names.

    Answers are numbers over numbers, or words found again below. A column that holds nothing but its own name is an
    option that was ticked. Numbers that go up from column to column are those of a questionnaire, and so are names.
    """
    number, names = table[0]
    width = max(sum(map(bool, cells)) for _, cells in table)
    if sum(map(bool, names)) == 1 and width > MOST_BESIDE_A_TITLE:
        raise InputError(
            f"`{file}` row {number} holds `{next(filter(None, names))}` and nothing else, where up to {width} columns "
            "need names: write a row of names above the first respondent, or say with `--header-row` where they stand"
        )
    body = [cells for _, cells in table[1:] if cells != names or any(map(is_number, names))]
    numbered = [name for name in names if is_number(name)]
    places = [int(name) for name in numbered if name.isdecimal()]
    rising = len(places) == len(numbered) < len(names) and places == sorted(set(places))
    answers = []
    for place, name in enumerate(names):
        below = [cells[place] for cells in body if place < len(cells) and cells[place]]
        over_numbers = is_number(name) and bool(below) and all(map(is_number, below))
        among_others = name in below and set(below) != {name}
        if name and (among_others or (over_numbers and not rising) or is_date(name)):
            answers.append(name)
    if len(answers) * 2 >= max(len(list(filter(None, names))), 1) and answers:
        raise InputError(
            f"`{file}` row {number} holds answers (`{answers[0]}`), where the columns' names are needed: "
            "write a row of names above it, or say with `--header-row` where they stand"
        )
