"""Respondents of one file, one row each: SPSS, Stata, SAS, CSV, Excel and Parquet, read with their codebook.

CSV and Parquet files are never loaded whole: `Respondents.scan` is what DuckDB reads them by, so a file may
be larger than memory. The other formats are loaded, only the columns that are asked for.

Codes stay as they were recorded. Value labels and user-missing codes are in the codebook, never applied to
the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, LiteralString

import duckdb
import pandas as pd

from groundswell.errors import InputError, nearest
from groundswell.waves.respondents.codebook import Codebook, Kind, Variable, check_asked, with_missing
from groundswell.waves.respondents.layouts.file_rows import BY_COUNT, FileRows
from groundswell.waves.respondents.layouts.layout import AS_FOUND, FileLayout, ReadOptions, check_has
from groundswell.waves.respondents.notes import Note
from groundswell.waves.respondents.parquet import plain_columns, plain_rows, zones_of
from groundswell.waves.respondents.private_folder import private_folder
from groundswell.waves.respondents.sets.found import sets_of
from groundswell.waves.respondents.sql import Pieces, Sql, identifier, literal, parquet_rows, sql
from groundswell.waves.respondents.statistical.statistical import STATISTICAL_FORMATS, read_statistical
from groundswell.waves.respondents.stored_rows import stored
from groundswell.waves.respondents.text.delimited import read_delimited
from groundswell.waves.respondents.workbooks.workbook import WORKBOOK_FORMATS, read_workbook

SMALL_CSV_BYTES = 50_000_000
"""A smaller text file is parsed once into memory; a larger one is read where it is, each time."""

SMALL_PARQUET_CELLS = 2_000_000
"""A Parquet file of fewer cells is read once into memory; a larger one is read where it is, the columns asked for."""

HANDED_OVER = "handed_over"
"""The name by which DuckDB knows a table of pandas for the moment in which it takes it over."""


@dataclass(frozen=True)
class Respondents:
    """Respondents of one file: its codebook, and a private DuckDB connection that reads the rows.

    `places` names their rows as the file has them. `scan` is what stands after FROM: the file itself, or rows that
    were loaded into `connection`. Queries name it `{respondents}`:

    >>> respondents.rows("SELECT {wave}, count(*) FROM {respondents} GROUP BY 1", wave=identifier("wave"))
    """

    codebook: Codebook
    scan: Sql
    connection: duckdb.DuckDBPyConnection = field(repr=False, compare=False)
    places: FileRows = field(default=BY_COUNT, repr=False, compare=False)

    def rows(self, template: LiteralString, **pieces: Pieces) -> list[tuple[Any, ...]]:
        """The rows that a query gives."""
        return self._asked(template, pieces).fetchall()

    def row(self, template: LiteralString, **pieces: Pieces) -> tuple[Any, ...]:
        """The first row that a query gives, for one that gives a row at least."""
        return self.rows(template, **pieces)[0]

    def frame(self, template: LiteralString, **pieces: Pieces) -> pd.DataFrame:
        """What a query gives as a table."""
        return pd.DataFrame(self._asked(template, pieces).df())

    def _asked(self, template: LiteralString, pieces: dict[str, Pieces]) -> duckdb.DuckDBPyConnection:
        return self.connection.execute(sql(template, respondents=self.scan, **pieces).text)

    def bound(self, *, memory: str | None = None, threads: int | None = None) -> None:
        """Bound what queries may use: `memory` as "512MB"; what does not fit is kept in a temporary folder.

        Raises: InputError where `memory` is not a size.
        """
        try:
            if memory is not None:
                self.connection.execute(sql("SET memory_limit = {size}", size=literal(memory)).text)
        except duckdb.Error as error:
            raise InputError(
                f"`{memory}` is not an amount of memory: write it as `512MB` or `2GB`"
            ) from error
        if threads is not None:
            self.connection.execute(sql("SET threads = {many}", many=literal(threads)).text)

    def keep_order(self) -> None:
        """Have queries give rows in the file's order from now on, which takes longer."""
        self.connection.execute("SET preserve_insertion_order = true")

    def table(self, columns: Collection[str] | None = None) -> pd.DataFrame:
        """The rows in memory, all columns or those named."""
        chosen = [sql("*")] if columns is None else [identifier(column) for column in columns]
        return self.frame("SELECT {chosen} FROM {respondents}", chosen=chosen)


def connect() -> duckdb.DuckDBPyConnection:
    """A DuckDB connection in memory, which fetches nothing from the network and spills to a private folder."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "preserve_insertion_order": False,
        "temp_directory": str(private_folder()),
    }
    return duckdb.connect(config=config)


def loaded(table: pd.DataFrame, codebook: Codebook) -> Respondents:
    """Respondents that are in memory already.

    They become a table of DuckDB's own: one of pandas is looked through whole, all columns, by each query.
    """
    connection = connect()
    connection.register(HANDED_OVER, table)
    rows = stored(connection, sql("SELECT * FROM {table}", table=identifier(HANDED_OVER)))
    connection.unregister(HANDED_OVER)
    return Respondents(codebook, rows, connection)


def read_respondents(
    file: Path | str, columns: Collection[str] | None = None, *, options: ReadOptions = AS_FOUND
) -> Respondents:
    """The respondents of a file with their codebook.

    Of other formats than CSV and Parquet, which are read where they are, only `columns` are loaded. What `options`
    state of the file is taken at its word; the rest is found, and `codebook.layout` says how.

    Raises: InputError where the file is absent, of no known format, cut off, locked, not UTF-8 (CSV), has
    no rows, or lacks one of `columns`.
    """
    file = Path(file)
    suffix = file.suffix.lower()
    if suffix not in READERS:
        raise InputError(f"`{file}` is of no known format; {nearest(suffix, READERS)}")
    if not file.is_file():
        raise InputError(
            f"`{file}` is not here: respondents' files are never shipped; fetch it or put it there"
        )
    respondents = READERS[suffix](file, columns, options)
    _check_capitals(file, respondents.codebook.variables)
    if respondents.codebook.rows == 0:
        raise InputError(f"`{file}` has column names and no respondents")
    codebook = with_missing(respondents.codebook, options)
    return replace(respondents, codebook=replace(codebook, sets=sets_of(codebook, respondents.rows, options)))


def _check_capitals(file: Path, names: Collection[str]) -> None:
    """SQL does not tell capitals from small letters, and so would take one column for another."""
    seen: dict[str, str] = {}
    for place, name in enumerate(names):
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            raise InputError(
                f"`{file}` has the columns `{other}` and `{name}`, which differ in capitals only: rename one"
            )
        if len(seen) <= place:
            raise InputError(f"`{file}` has two columns `{name}`: rename one")


def _delimited(file: Path, columns: Collection[str] | None, options: ReadOptions) -> Respondents:
    connection = connect()
    read = read_delimited(connection, file, options, keep=file.stat().st_size < SMALL_CSV_BYTES)
    respondents = _scanned(file, connection, read.rows, columns)
    return _with_texts(replace(respondents, places=read.places), read.labels, read.layout, read.notes)


def _with_texts(
    respondents: Respondents, labels: Mapping[str, str], layout: FileLayout, notes: tuple[Note, ...]
) -> Respondents:
    """Respondents with the questions' texts, and with how the file was read."""
    variables = {
        name: replace(variable, label=labels.get(name, ""))
        for name, variable in respondents.codebook.variables.items()
    }
    codebook = replace(respondents.codebook, variables=variables, layout=layout, notes=notes)
    return replace(respondents, codebook=codebook)


def _parquet(file: Path, columns: Collection[str] | None, options: ReadOptions) -> Respondents:
    from pyarrow import ArrowException
    from pyarrow.parquet import read_schema

    check_has(file, "a Parquet file", options)
    connection = connect()
    rows = parquet_rows(file)
    try:
        schema = read_schema(file)
        _check_capitals(file, schema.names)
        found = plain_columns(connection, rows, zones_of(schema))
        plain = plain_rows(found, rows)
        ((many,),) = connection.execute(sql("SELECT count(*) FROM {rows}", rows=rows).text).fetchall()
        if many * len(found) < SMALL_PARQUET_CELLS:
            plain = stored(connection, sql("SELECT * FROM {rows}", rows=plain))
    except (duckdb.Error, ArrowException, OSError) as error:
        raise _unreadable(file, error) from error
    variables = {each.variable.name: each.variable for each in found}
    check_asked(file, variables, columns or ())
    notes = tuple(note for each in found for note in each.notes)
    return Respondents(Codebook(file.name, int(many), variables, notes=notes), plain, connection)


def _workbook(file: Path, columns: Collection[str] | None, options: ReadOptions) -> Respondents:
    connection = connect()
    read = read_workbook(connection, file, options)
    respondents = _scanned(file, connection, read.rows, columns)
    return _with_texts(replace(respondents, places=read.places), read.labels, read.layout, read.notes)


def _statistical(file: Path, columns: Collection[str] | None, options: ReadOptions) -> Respondents:
    return loaded(*read_statistical(file, columns, options))


READERS: dict[str, Callable[[Path, Collection[str] | None, ReadOptions], Respondents]] = {
    **dict.fromkeys(STATISTICAL_FORMATS, _statistical),
    **dict.fromkeys(WORKBOOK_FORMATS, _workbook),
    **dict.fromkeys((".csv", ".tsv", ".txt"), _delimited),
    ".parquet": _parquet,
}
"""What reads a file, by the ending of its name."""

FORMATS = tuple(READERS)


def _scanned(
    file: Path, connection: duckdb.DuckDBPyConnection, rows: Sql, columns: Collection[str] | None
) -> Respondents:
    """Rows that DuckDB reads, with the codebook that their names and types make."""
    try:
        described = connection.execute(sql("DESCRIBE SELECT * FROM {rows}", rows=rows).text).fetchall()
        counted = connection.execute(sql("SELECT count(*) FROM {rows}", rows=rows).text).fetchall()
    except duckdb.Error as error:
        raise _unreadable(file, error) from error
    variables = {str(name): Variable(str(name), _duckdb_kind(str(kind))) for name, kind, *_ in described}
    check_asked(file, variables, columns or ())
    return Respondents(Codebook(file.name, int(counted[0][0]), variables), rows, connection)


def _unreadable(file: Path, error: Exception) -> InputError:
    reason = str(error).splitlines()[0]
    return InputError(
        f"`{file}` cannot be read as {file.suffix.lower()[1:]} ({reason}): ask for the whole file"
    )


def _duckdb_kind(name: str) -> Kind:
    """number, text or date, from DuckDB's name of a type."""
    if name.startswith(("DATE", "TIMESTAMP", "TIME")):
        return "date"
    if name.endswith("[]"):
        return "list"
    return "text" if name.startswith(("VARCHAR", "ENUM")) else "number"
