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
from groundswell.waves.respondents.sql import Sql, csv_rows, identifier, literal, sql

DELIMITERS = ",;\t|"

DECIMAL_COMMA = r"\s*[+-]?\d*,\d+\s*|\s*[+-]?\d+\s*"

CHUNK_BYTES = 1 << 20


def delimited_rows(connection: duckdb.DuckDBPyConnection, file: Path) -> Sql:
    """The rows of the file, to stand after FROM.

    Raises: InputError where the file is not UTF-8, is empty, names a column twice, or has lines with more or fewer
    cells than its first.
    """
    _check_utf8(file)
    delimiter = _check_header(file)
    rows = csv_rows(file, delimiter, ".")
    try:
        described = connection.execute(sql("DESCRIBE SELECT * FROM {rows}", rows=rows).text).fetchall()
    except duckdb.Error as error:
        raise InputError(
            _uneven(file, delimiter) or f"`{file}` cannot be read as CSV: {_short(error)}"
        ) from error
    texts = [str(name) for name, kind, *_ in described if kind == "VARCHAR"]
    if delimiter in ";\t" and _decimal_commas(connection, rows, texts):
        return csv_rows(file, delimiter, ",")
    return rows


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
                        f"columns, this has {len(row)}; correct it, or put text that holds `{delimiter}` in quotes"
                    )
        except csv.Error as error:
            return f"`{file}` line {reader.line_num} is not sound CSV ({error}): close its quotes"
    return None


def _decimal_commas(connection: duckdb.DuckDBPyConnection, rows: Sql, columns: list[str]) -> bool:
    """Whether a column of texts holds nothing but numbers with decimal commas."""
    if not columns:
        return False
    tests = [
        sql("bool_and(regexp_full_match({name}, {form}))", name=identifier(name), form=literal(DECIMAL_COMMA))
        for name in columns
    ]
    looked = connection.execute(sql("SELECT {tests} FROM {rows}", tests=tests, rows=rows).text)
    return any(looked.fetchall()[0])


def _short(error: duckdb.Error) -> str:
    return str(error).splitlines()[0]
