"""Respondents of one file, one row each: SPSS, Stata, SAS, CSV, Excel and Parquet, read with their
codebook.

CSV and Parquet files are never loaded whole: `Respondents.scan` is what DuckDB reads them by, so a file may
be larger than memory. The other formats are loaded, only the columns that are asked for.

Codes stay as they were recorded. Value labels and user-missing codes are in the codebook, never applied to
the rows.
"""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from groundswell.errors import InputError, nearest
from groundswell.waves.respondents.codebook import Code, Codebook, Kind, Variable, plain_code
from groundswell.waves.respondents.delimited import delimited_scan
from groundswell.waves.respondents.workbook import read_workbook

STATISTICAL_FORMATS = {
    ".sav": "read_sav",
    ".zsav": "read_sav",
    ".por": "read_por",
    ".dta": "read_dta",
    ".sas7bdat": "read_sas7bdat",
    ".xpt": "read_xport",
}
WORKBOOKS = {".xlsx", ".xlsm", ".xls"}
DELIMITED = {".csv", ".tsv"}
SCANNED = {*DELIMITED, ".parquet"}
FORMATS = (*STATISTICAL_FORMATS, *sorted(WORKBOOKS), *sorted(SCANNED))

SMALL_CSV_BYTES = 50_000_000
"""A smaller text file is parsed once into memory; a larger one is read where it is, each time."""

_CONNECTIONS = itertools.count()
"""Numbers that keep the spilled files of one connection apart from another's."""

TABLE = "respondents"
"""The name by which DuckDB knows rows that are loaded rather than scanned."""


@dataclass(frozen=True)
class Respondents:
    """Respondents of one file: its codebook, and a private DuckDB connection that reads the rows.

    `scan` is the SQL that stands after FROM: the file itself, or rows that were loaded into `connection`.
    """

    codebook: Codebook
    scan: str
    connection: duckdb.DuckDBPyConnection = field(repr=False, compare=False)

    def bound(self, *, memory: str | None = None, threads: int | None = None) -> None:
        """Bound what queries may use: `memory` as "512MB"; what does not fit is kept in a temporary folder.

        Raises: InputError where `memory` is not a size.
        """
        try:
            if memory is not None:
                self.connection.execute(f"SET memory_limit = {literal(memory)}")
        except duckdb.Error as error:
            raise InputError(
                f"`{memory}` is not an amount of memory: write it as `512MB` or `2GB`"
            ) from error
        if threads is not None:
            self.connection.execute(f"SET threads = {int(threads)}")

    def table(self, columns: Collection[str] | None = None) -> pd.DataFrame:
        """The rows in memory, all columns or those named."""
        chosen = ", ".join(quoted(column) for column in columns) if columns is not None else "*"
        return pd.DataFrame(self.connection.execute(f"SELECT {chosen} FROM {self.scan}").df())  # noqa: S608


def connect() -> duckdb.DuckDBPyConnection:
    """A DuckDB connection in memory, which fetches nothing from the network and spills to the temporary
    folder."""
    spill = Path(tempfile.gettempdir()) / f"groundswell-{os.getpid()}-{next(_CONNECTIONS)}"
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "preserve_insertion_order": False,
        "temp_directory": str(spill),
    }
    return duckdb.connect(config=config)


def loaded(table: pd.DataFrame, codebook: Codebook) -> Respondents:
    """Respondents that are in memory already."""
    connection = connect()
    connection.register(TABLE, table)
    return Respondents(codebook, TABLE, connection)


def quoted(name: str) -> str:
    """A column name as SQL writes it, whatever characters it holds."""
    return '"' + name.replace('"', '""') + '"'


def literal(code: Code) -> str:
    """A code as SQL writes it; whole numbers without a point, so that a column of whole numbers stays one."""
    if isinstance(code, str):
        return "'" + code.replace("'", "''") + "'"
    return repr(int(code)) if float(code).is_integer() else repr(code)


def read_respondents(file: Path | str, columns: Collection[str] | None = None) -> Respondents:
    """The respondents of a file with their codebook.

    Of other formats than CSV and Parquet, which are read where they are, only `columns` are loaded.

    Raises: InputError where the file is absent, of no known format, cut off, locked, not UTF-8 (CSV), has
    no rows, or lacks one of `columns`.
    """
    file = Path(file)
    suffix = file.suffix.lower()
    if suffix not in FORMATS:
        raise InputError(f"`{file}` is of no known format; {nearest(suffix, FORMATS)}")
    if not file.is_file():
        raise InputError(
            f"`{file}` is not here: respondents' files are never shipped; fetch it or put it there"
        )
    if suffix in SCANNED:
        respondents = _scanned(file, suffix)
    elif suffix in WORKBOOKS:
        table = read_workbook(file)
        respondents = loaded(table, _plain_codebook(file, table))
    else:
        respondents = _statistical(file, suffix, columns)
    _check_names(file, respondents.codebook)
    if respondents.codebook.rows == 0:
        raise InputError(f"`{file}` has column names and no respondents")
    _check_columns(file, respondents.codebook.variables, columns or ())
    return respondents


def _check_columns(file: Path, known: Collection[str], asked: Collection[str]) -> None:
    for column in asked:
        if column not in known:
            raise InputError(f"`{file}` has no column `{column}`; {nearest(column, known)}")


def _check_names(file: Path, codebook: Codebook) -> None:
    """SQL does not tell capitals from small letters, and so would take one column for another."""
    seen: dict[str, str] = {}
    for name in codebook.variables:
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            raise InputError(
                f"`{file}` has the columns `{other}` and `{name}`, which differ in capitals only: rename one"
            )


def _scanned(file: Path, suffix: str) -> Respondents:
    """A CSV or Parquet file, which DuckDB reads from where it is."""
    connection = connect()
    try:
        if suffix in DELIMITED:
            scan = delimited_scan(connection, file)
        else:
            scan = without_nan(connection, f"read_parquet({literal(str(file.resolve()))})")
        if suffix in DELIMITED and file.stat().st_size < SMALL_CSV_BYTES:
            connection.execute(f"CREATE TABLE {TABLE} AS SELECT * FROM {scan}")  # noqa: S608
            scan = TABLE
        described = connection.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()  # noqa: S608
        rows = connection.execute(f"SELECT count(*) FROM {scan}").fetchall()[0][0]  # noqa: S608
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            f"`{file}` cannot be read as {suffix[1:]} ({reason}): ask for the whole file"
        ) from error
    kinds = {str(name): _duckdb_kind(str(kind)) for name, kind, *_ in described}
    variables = {name: Variable(name, kind) for name, kind in kinds.items()}
    return Respondents(Codebook(file.name, int(rows), variables), scan, connection)


def without_nan(connection: duckdb.DuckDBPyConnection, scan: str) -> str:
    """The scan with NaN, as which some programs write a missing answer to Parquet, read as an empty cell."""
    described = connection.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()  # noqa: S608
    floats = [quoted(str(name)) for name, kind, *_ in described if kind in ("FLOAT", "DOUBLE")]
    filled = ", ".join(f"CASE WHEN NOT isnan({name}) THEN {name} END AS {name}" for name in floats)
    return f"(SELECT * REPLACE ({filled}) FROM {scan})" if filled else scan  # noqa: S608


def _duckdb_kind(name: str) -> Kind:
    """number, text or date, from DuckDB's name of a type."""
    if name.startswith(("DATE", "TIMESTAMP", "TIME")):
        return "date"
    return "text" if name.startswith(("VARCHAR", "ENUM")) else "number"


def _plain_codebook(file: Path, table: pd.DataFrame) -> Codebook:
    """The codebook of a file that has column names and nothing else."""
    variables = {str(name): Variable(str(name), _pandas_kind(column)) for name, column in table.items()}
    return Codebook(file.name, len(table), variables)


def _pandas_kind(column: pd.Series) -> Kind:
    """number, text or date, from a column's type."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return "date"
    return "number" if pd.api.types.is_numeric_dtype(column) else "text"


def _statistical(file: Path, suffix: str, columns: Collection[str] | None) -> Respondents:
    """An SPSS, Stata or SAS file, with value labels and missing codes."""
    import pyreadstat

    read: Callable[..., tuple[pd.DataFrame, Any]] = getattr(pyreadstat, STATISTICAL_FORMATS[suffix])
    options: dict[str, Any] = {} if suffix in (".por", ".xpt") else {"user_missing": True}
    known = _known_columns(read, file)
    if columns is not None:
        _check_columns(file, known, columns)
        options["usecols"] = list(dict.fromkeys(columns))
    try:
        table, about = read(file, **options)
    except (pyreadstat.ReadstatError, OSError, ValueError) as error:
        raise InputError(
            f"`{file}` breaks off or is damaged ({error}): ask for the whole file again"
        ) from error
    # -1 and 0 stand for "not stated" in some writers' headers.
    if about.number_rows is not None and 0 < len(table) < about.number_rows:
        raise InputError(
            f"`{file}` states {about.number_rows:,} rows and holds {len(table):,}: ask for the whole file"
        )
    if tagged := [name for name in table.columns if _is_mixed(table[name])]:
        # pyreadstat reads an empty cell of a whole-number column as 0 where other cells are tagged
        plain = read(file, usecols=tagged)[0].notna()
        words = table[tagged].map(lambda cell: isinstance(cell, str))
        table[tagged] = table[tagged].where(plain | words, None)
    variables = {}
    for name in table.columns:
        table[name] = _codes_as_recorded(table[name])
        variables[name] = _variable(name, _pandas_kind(table[name]), about)
    return loaded(table, Codebook(file.name, len(table), variables))


def _is_mixed(column: pd.Series) -> bool:
    """Whether a column of numbers holds letters, which tag missing answers in Stata and SAS."""
    return column.dtype == object and len({isinstance(cell, str) for cell in column if cell is not None}) == 2


def _known_columns(read: Callable[..., tuple[pd.DataFrame, Any]], file: Path) -> list[str]:
    """The file's column names; the first look at the file, so the first to see that it is none."""
    import pyreadstat

    try:
        _, about = read(file, metadataonly=True)
    except (pyreadstat.ReadstatError, OSError, ValueError) as error:
        raise InputError(
            f"`{file}` is not a sound {file.suffix} file ({error}): ask for the whole file"
        ) from error
    return list(about.column_names)


def _codes_as_recorded(column: pd.Series) -> pd.Series:
    """Tagged missing answers of Stata and SAS (read as the letter `a`) become `.a` in a column of text."""
    if column.dtype != object:
        return column
    plain = [value if not isinstance(value, float) or value == value else None for value in column]
    if all(value is None or not isinstance(value, str) for value in plain):
        return pd.to_datetime(pd.Series(plain, index=column.index))
    tagged = [
        f".{value}"
        if isinstance(value, str) and len(value) <= 1
        else (value if value is None else str(plain_code(value)))
        for value in plain
    ]
    return pd.Series(tagged, index=column.index, dtype="str")


def _variable(name: str, kind: Kind, about: Any) -> Variable:
    """What the file says of one column."""
    labels = {
        plain_code(code): str(label) for code, label in about.variable_value_labels.get(name, {}).items()
    }
    ranges = [(part["lo"], part["hi"]) for part in about.missing_ranges.get(name, [])]
    tagged = [(f".{letter}", f".{letter}") for letter in about.missing_user_values.get(name, [])]
    if tagged:
        labels = {f".{code}" if isinstance(code, str) else code: label for code, label in labels.items()}
    missing = tuple((plain_code(low), plain_code(high)) for low, high in [*ranges, *tagged])
    return Variable(name, kind, about.column_names_to_labels.get(name) or "", labels or None, missing)
