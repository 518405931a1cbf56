"""The rows of a text file as Python reads them: its first ones, and by them what stands between its cells.

DuckDB reads the respondents; this looks at what comes before them, and says what is wrong with a line where DuckDB
does not read it.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from groundswell.errors import InputError

DELIMITERS = ",;\t|"

LOOKED_AT = 400
"""So many of a file's first rows tell its delimiter."""

_SEP = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
"""The line by which Excel is told the delimiter."""

csv.field_size_limit(1 << 30)

Rows = list[tuple[int, list[str]]]


def first_rows(file: Path, delimiter: str, most: int = LOOKED_AT) -> Rows:
    """The first rows with the line in which each begins, empty ones too; `"` quotes, and `""` is one inside quotes."""
    rows: Rows = []
    for line, cells in _rows(file, delimiter):
        rows.append((line, cells))
        if len(rows) == most:
            break
    return rows


def _rows(file: Path, delimiter: str, *, strict: bool = False) -> Iterator[tuple[int, list[str]]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, delimiter=delimiter, strict=strict)
        line = 1
        try:
            for cells in reader:
                yield line, cells
                line = reader.line_num + 1
        except csv.Error as error:
            raise csv.Error(
                f"line {line} is not sound CSV ({error}): close its quotes, or ask for the whole file"
            ) from error


def line_of(file: Path, delimiter: str, skipped: int, place: int, *, blank_rows: bool) -> int | None:
    """The line in which a row begins; `place` counts from 0 the rows after so many `skipped` ones.

    `blank_rows` says whether a blank line is a row, as it is where there is one column.
    """
    written = (
        line
        for number, (line, cells) in enumerate(_rows(file, delimiter))
        if number >= skipped and (cells or blank_rows)
    )
    return next(islice(written, place, None), None)


def stated_by_file(file: Path) -> str | None:
    """The delimiter that the file's own first line states: `sep=;`."""
    with file.open(encoding="utf-8-sig") as stream:
        stated = _SEP.fullmatch(stream.readline().rstrip("\r\n"))
    return stated[1] if stated else None


def find_delimiter(text: Path, file: Path) -> str:
    """The delimiter that cuts most rows into as many cells; of two that do, the one that makes more of them.

    Where nothing cuts them, it is the comma, in .tsv files the tab. `text` is read; `file` is what it is called.

    Raises: InputError where two cut every row evenly, so that either may be meant.
    """
    usual = "\t" if file.suffix.lower() == ".tsv" else ","
    cuts = {delimiter: _evenness(first_rows(text, delimiter)) for delimiter in DELIMITERS}
    possible = {delimiter: cut for delimiter, cut in cuts.items() if cut[1] > 1}
    if not possible:
        _check_no_blanks(text, file)
        return usual
    whole = [delimiter for delimiter, (even, _, rows) in possible.items() if even == 1 and rows > 3]
    if usual in whole and usual == "\t":
        return usual
    if len(whole) > 1:
        named = " and ".join(f"`{delimiter}`" if delimiter != "\t" else "tab" for delimiter in whole)
        raise InputError(
            f"`{file}` may have {named} between its cells, since each cuts every row evenly: "
            "state which with `--delimiter`"
        )
    return max(possible, key=lambda delimiter: (possible[delimiter][0], possible[delimiter][1]))


def _check_no_blanks(text: Path, file: Path) -> None:
    """Refuse cells with blanks between them, or of fixed widths, which would be one column of nonsense.

    Raises: InputError where every line holds as many words, most of them numbers.
    """
    lines = [" ".join(cells).split() for _, cells in first_rows(text, "\t")]
    words = [word for line in lines[1:] for word in line]
    numbers = sum(word.strip('"').replace(".", "", 1).isdecimal() for word in words)
    widths = {len(line) for line in lines[1:] if line}
    if len(lines) > 2 and len(widths) == 1 and widths.pop() > 1 and numbers * 3 >= len(words) * 2:
        raise InputError(
            f"`{file}` has blanks between its cells, or cells of fixed widths: save it with commas or tabs between them"
        )


def _evenness(rows: Rows) -> tuple[float, int, int]:
    """The share of rows with the commonest number of cells, that number, and the number of rows."""
    widths = Counter(len(cells) for _, cells in rows if any(cells))
    if not widths:
        return 0.0, 0, 0
    width, many = max(widths.items(), key=lambda item: (item[1], item[0]))
    return many / widths.total(), width, widths.total()


def uneven_line(file: Path, delimiter: str, width: int, skipped: int) -> str | None:
    """What is wrong with the first line that has more or fewer cells than there are names, or open quotes."""
    try:
        for place, (line, cells) in enumerate(_rows(file, delimiter, strict=True)):
            if place < skipped or not cells or len(cells) == width:
                continue
            if len(cells) == width + 1 and not cells[-1]:
                continue  # a delimiter at the end of the line
            return _of_line(line, cells, delimiter, width)
    except csv.Error as error:
        return str(error)
    return None


def _of_line(line: int, cells: Sequence[str], delimiter: str, width: int) -> str:
    shown = f"{cells[0][:40]}…" if len(cells[0]) > 40 else cells[0]
    many = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
    if len([cell for cell in cells if cell.strip()]) == 1 and width > 1:
        way = "delete it if it is no respondent, or ask for the whole file"
    else:
        way = f"correct it, or put text that holds `{delimiter}` in quotes"
    return f"line {line} (`{shown}`) has {many}, where the file names {width} columns: {way}"
