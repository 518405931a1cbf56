"""Respondents in a delimited text file (CSV), read without guessing more than its first line tells.

A reader that guesses can drop rows in silence: lines that start with `#` as comments, a title line as rubbish, lines
with a cell too many as another table. Here the first line names the columns and thereby the delimiter; every
other line must have as many cells. Dates are read as 2022-04-03 only, since 03/04/22 has three readings; other
forms stay text. An empty cell and `NA`, as R writes it, are missing.

Numbers have a decimal point. Where the delimiter is `;` or a tab, as in exports of a country with decimal
commas, columns of numbers with decimal commas are read as such.
"""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from pathlib import Path

import duckdb

from groundswell.errors import InputError

DELIMITERS = ",;\t|"

TYPES = ["BIGINT", "DOUBLE", "DATE", "TIMESTAMP", "VARCHAR"]
"""What a column may be read as; not a truth value, since `Yes` must stay `Yes`."""

DECIMAL_COMMA = r"\s*[+-]?\d*,\d+\s*|\s*[+-]?\d+\s*"

CHUNK_BYTES = 1 << 20


def delimited_scan(connection: duckdb.DuckDBPyConnection, file: Path) -> str:
    """The SQL that reads the file, to stand after FROM.

    Raises: InputError where the file is not UTF-8, is empty, names a column twice, or has lines with more or fewer
    cells than its first.
    """
    _check_utf8(file)
    delimiter = _check_header(file)
    scan = _scan(file, delimiter, ".")
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()  # noqa: S608
    except duckdb.Error as error:
        raise InputError(
            _uneven(file, delimiter) or f"`{file}` cannot be read as CSV: {_short(error)}"
        ) from error
    texts = [str(name) for name, kind, *_ in described if kind == "VARCHAR"]
    if delimiter in ";\t" and _decimal_commas(connection, scan, texts):
        return _scan(file, delimiter, ",")
    return scan


def _scan(file: Path, delimiter: str, decimal: str) -> str:
    """Every choice stated, so that none is guessed; types from every row, since a stray word may stand in the last."""
    path = str(file.resolve()).replace("'", "''")
    return (
        f"read_csv('{path}', header = true, delim = '{delimiter}', quote = '\"', escape = '\"', comment = '', "
        f"skip = 0, nullstr = ['', 'NA'], decimal_separator = '{decimal}', dateformat = '%Y-%m-%d', "
        f"timestampformat = '%Y-%m-%d %H:%M:%S', sample_size = -1, auto_type_candidates = {TYPES})"
    )


def _check_utf8(file: Path) -> None:
    """Name the line of the first byte that is not UTF-8, which old Cyrillic exports are not."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines = 1
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                line = lines + error.object.count(b"\n", 0, error.start)
                raise InputError(
                    f"`{file}` line {line} is not UTF-8 (byte 0x{error.object[error.start]:02x}): "
                    "save the file as UTF-8 CSV"
                ) from error
            lines += chunk.count(b"\n")


def _check_header(file: Path) -> str:
    """The delimiter, by what the first line holds most of outside quotes."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        line = stream.readline()
    if not line.strip():
        raise InputError(f"`{file}` has no column names in its first line")
    outside = "".join(line.split('"')[::2])
    delimiter = max(DELIMITERS, key=outside.count)
    names = [name.strip().casefold() for name in next(csv.reader([line], delimiter=delimiter))]
    twice = [name for name, many in Counter(names).items() if name and many > 1]
    if twice:
        raise InputError(
            f"`{file}` names the column `{twice[0]}` twice (capitals do not tell columns apart): "
            "give each its own name"
        )
    return delimiter


def _uneven(file: Path, delimiter: str) -> str | None:
    """What is said of the first line with more or fewer cells than the file has names."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        try:
            names = next(reader)
            for row in reader:
                if row and len(row) != len(names):
                    return (
                        f"`{file}` line {reader.line_num} does not fit the first line: that names {len(names)} "
                        f"columns, this has {len(row)}; mend it, or put text that holds `{delimiter}` in quotes"
                    )
        except csv.Error as error:
            return f"`{file}` line {reader.line_num} is not sound CSV ({error}): close its quotes"
    return None


def _decimal_commas(connection: duckdb.DuckDBPyConnection, scan: str, columns: list[str]) -> bool:
    """Whether a column of texts holds nothing but numbers with decimal commas."""
    if not columns:
        return False
    named = ['"' + name.replace('"', '""') + '"' for name in columns]
    tests = ", ".join(f"bool_and(regexp_full_match({name}, '{DECIMAL_COMMA}'))" for name in named)
    found = connection.execute(f"SELECT {tests} FROM {scan}").fetchall()[0]  # noqa: S608
    return any(found)


def _short(error: duckdb.Error) -> str:
    return str(error).splitlines()[0]
