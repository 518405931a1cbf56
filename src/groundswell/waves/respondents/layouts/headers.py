"""Where the names of a file's columns stand, and where its first respondent: of text files and of sheets.

A survey program writes more than names above its respondents: Qualtrics the questions' texts and identifiers,
SurveyMonkey the options, a person a title. Counted as respondents, those rows make every number wrong and every column
text. `find_headers` looks at the first rows and says what each is; what is stated of the file is taken at its word.

>>> found = find_headers([(1, ["Survey of May", None]), (2, [None, None]), (3, ["id", "mood"]), (4, ["1", "2"])])
>>> found.layout, found.names, found.first_row
('titled', ('id', 'mood'), 4)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from groundswell.errors import InputError
from groundswell.waves.respondents.layouts.column_names import (
    check_are_names,
    joined,
    named,
    own_below,
    told_apart,
)
from groundswell.waves.respondents.layouts.layout import AS_FOUND, LayoutName, ReadOptions
from groundswell.waves.respondents.layouts.layout_signs import (
    IMPORT_ID,
    KOBO,
    LIMESURVEY,
    QUALTRICS,
    RESPONDENT_ID,
    RESPONSE,
    SURVEYMONKEY,
    TIMESTAMP,
    is_date,
    is_number,
    of_program,
)
from groundswell.waves.respondents.notes import Note

Cells = Sequence[str | None]

LOOKED_AT = 60
"""So many of a file's first rows tell its layout."""


@dataclass(frozen=True, kw_only=True)
class Headers:
    """What stands above the respondents.

    Attributes:
        layout: whose layout it is.
        names: a name for each column, no two alike in capitals or small letters.
        labels: the question's text of each column, "" where the file has none.
        header_rows: numbers of the rows that are not respondents, blank ones left out.
        first_row: number of the first respondent's row; 0 where no row follows.
        unnamed: places of the columns that the file gives no name; `names` calls the third `column_3`.
        notes: what is to be said of it.
    """

    layout: LayoutName
    names: tuple[str, ...]
    labels: tuple[str, ...]
    header_rows: tuple[int, ...]
    first_row: int
    unnamed: tuple[int, ...] = ()
    notes: tuple[Note, ...] = field(default=())


def find_headers(
    rows: Sequence[tuple[int, Cells]], options: ReadOptions = AS_FOUND, *, file: str = "the file"
) -> Headers:
    """What the first rows of a file are; of `LOOKED_AT` rows, or all where there are fewer.

    Args:
        rows: number of each row, as the file or the sheet counts it, and its cells as text.
        options: what is stated; `layout` and `header_row` overrule what is found.
        file: what an error calls the file.

    Raises: InputError where no row holds names, the stated one is not there, the first row is a respondent's, or two
        columns of a file that people wrote bear one name.
    """
    filled = [(number, _stripped(cells)) for number, cells in rows if any(_stripped(cells))]
    if not filled:
        raise InputError(f"`{file}` has no column names: its first rows are empty")
    if options.header_row:
        start = _stated_row(filled, options, file)
    else:
        start = 0 if options.layout == "plain" else _names_row(filled)
    titles, table = filled[:start], filled[start:]
    layout, depth, evidence = _layout(table, options)
    if layout == "plain" and titles:
        layout = options.layout or "titled"
    if layout in ("plain", "titled") and options.header_row is None:
        check_are_names(table, file)
    width = max(len(cells) for _, cells in table[:depth])
    above = [_padded(cells, width) for _, cells in table[:depth]]
    names, labels = named(layout, above)
    unnamed = tuple(place for place, name in enumerate(names) if not name)
    names = [name or f"column_{place + 1}" for place, name in enumerate(names)]
    names, notes = told_apart(names, layout, file, table[0][0])
    first_row = table[depth][0] if len(table) > depth else 0
    facts = {
        "names_row": table[0][0],
        "last_row": table[depth - 1][0],
        "first_row": first_row,
        "evidence": evidence,
        "title": shown(titles[0][1]) if titles else "",
    }
    said = (Note(f"layout_{layout}", facts=facts),) if layout != "plain" else ()
    return Headers(
        layout=layout,
        names=tuple(names),
        labels=tuple(labels),
        header_rows=tuple(number for number, _ in filled[: start + depth]),
        first_row=first_row,
        unnamed=unnamed,
        notes=(*said, *notes),
    )


def shown(cells: Sequence[str]) -> str:
    """The first cell that holds something, cut to what fits into a sentence."""
    text = " ".join(next(cell for cell in cells if cell).split())
    return text if len(text) <= 60 else f"{text[:59]}…"


def _stripped(cells: Cells) -> list[str]:
    """The cells without blanks around them and without empty ones at the end."""
    plain = ["" if cell is None else cell.replace("\r\n", "\n").strip() for cell in cells]
    while plain and not plain[-1]:
        plain.pop()
    return plain


def _padded(cells: list[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def _stated_row(filled: list[tuple[int, list[str]]], options: ReadOptions, file: str) -> int:
    """The place of the row that is stated to hold the names."""
    for place, (number, _) in enumerate(filled):
        if number == options.header_row:
            return place
    raise InputError(
        f"`{file}` has no names in row {options.header_row}, which is stated to hold them: "
        f"its first rows that hold anything are {', '.join(str(number) for number, _ in filled[:5])}"
    )


def _names_row(filled: list[tuple[int, list[str]]]) -> int:
    """The place of the first row that is no title: one with a single cell, above a wider row without numbers.

    SurveyMonkey's questions, which stand over many options each, are no title either.
    """
    width = max(sum(map(bool, cells)) for _, cells in filled)
    for place, (_, cells) in enumerate(filled):
        held = sum(map(bool, cells))
        below = [other for _, other in filled[place + 1 :]]
        names_follow = any(
            sum(map(bool, other)) * 2 > width and not any(map(is_number, filter(None, other)))
            for other in below[:10]
        )
        title = held < width and cells[0] and (held == 1 or held * 3 < width)
        if not (title and names_follow) or _are_options(cells, below[0]):
            return place
    return 0


def _layout(table: list[tuple[int, list[str]]], options: ReadOptions) -> tuple[LayoutName, int, str]:
    """Whose layout it is, how many rows stand above the respondents, and by what it is told."""
    found = next(_layouts(table), ("plain", 1, ""))
    if options.layout is None:
        return found
    if options.layout == found[0]:
        return found
    depth = {"qualtrics": 2, "surveymonkey": 2, "two-headers": 2}.get(options.layout, 1)
    return options.layout, min(depth, len(table)), "as stated"


def _layouts(table: list[tuple[int, list[str]]]) -> Iterator[tuple[LayoutName, int, str]]:
    """Each layout that the rows speak for, the surest first."""
    names = table[0][1]
    second = table[1][1] if len(table) > 1 else []
    for depth in (1, 2):
        if len(table) > depth and any(map(IMPORT_ID.match, table[depth][1])):
            yield "qualtrics", depth + 1, f"ImportId in row {table[depth][0]}"
    own = own_below(names, second)
    if len(own) >= 3:
        yield "qualtrics", 2, f"columns {_listed(own)} in row {table[1][0]}, under numbers of columns"
    own = of_program(names, QUALTRICS)
    if len(own) >= 3 and second and not _are_times(names, second):
        yield "qualtrics", 2, f"columns {_listed(own)}, texts in row {table[1][0]}"
    if _are_options(names, second):
        answers = of_program(second, RESPONSE)
        told = f"“{answers[0]}” in row {table[1][0]}" if answers else f"options in row {table[1][0]}"
        yield "surveymonkey", 2, told
    if _has_two_headers([cells for _, cells in table]):
        yield "two-headers", 2, f"names of several columns together in row {table[0][0]}"
    own = of_program(names, KOBO)
    if len(own) >= 2:
        yield "kobo", 1, f"columns {_listed(own)}"
    if (
        names
        and names[0].casefold() in TIMESTAMP
        and any(cells and is_date(cells[0]) for _, cells in table[1:])
    ):
        yield "google-forms", 1, f"times under `{names[0]}`"
    own = of_program(names, LIMESURVEY)
    if len(own) >= 3:
        yield "limesurvey", 1, f"columns {_listed(own)}"


def _are_options(names: list[str], second: list[str]) -> bool:
    """Whether a row holds SurveyMonkey's options: something, but nothing under the program's own columns."""
    own = of_program(names, SURVEYMONKEY)
    under = [cell for name, cell in zip(names, second, strict=False) if name in own]
    return bool(of_program(names, RESPONDENT_ID)) and any(second) and not any(under)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names[:3])


def _are_times(names: list[str], cells: list[str]) -> bool:
    """Whether the cells under a program's columns of times are times, and not the columns' texts."""
    under = [cell for name, cell in zip(names, cells, strict=False) if name.casefold().endswith("date")]
    return any(any(sign.isdigit() for sign in cell) for cell in under) or not any(under)


def _has_two_headers(rows: list[list[str]]) -> bool:
    """Whether a row of names over several columns stands above the names themselves.

    It has gaps (or repeats itself) where the row below is filled, and what stands there is no answer: no number, not
    found again in its own column.
    """
    if len(rows) < 3:
        return False
    top, names, body = rows[0], rows[1], rows[2:]
    width = max(len(top), len(names))
    top, names = _padded(top, width), _padded(names, width)
    whole = joined(top, names)
    if any(map(is_number, filter(None, names))) or len(set(whole)) < len(whole):
        return False
    spans = [
        place
        for place in range(1, len(names))
        if names[place] and top[place] in ("", top[place - 1]) and any(top[:place])
    ]
    if not spans or any(not (above or below) for above, below in zip(top, names, strict=False)):
        return False
    numeric = 0
    for place, name in enumerate(names):
        below = [row[place] for row in body if place < len(row) and row[place]]
        if name and name in below:
            return False
        numeric += bool(name) and bool(below) and all(map(is_number, below))
    return numeric > 0
