"""A table of estimates as a file, or as text for a terminal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from groundswell.aligned import aligned, shortened
from groundswell.errors import InputError
from groundswell.estimates.statistics.table import SCHEMA
from groundswell.files import write_whole

ENDINGS = (".csv", ".parquet")


def check_writable(file: Path) -> None:
    """Say before the work whether a table can be written to `file` after it.

    Raises: InputError for another ending than .csv and .parquet, and where the folder is absent.
    """
    if file.suffix.lower() not in ENDINGS:
        raise InputError(f"`{file}` must end in {' or '.join(ENDINGS)}: tables are written in these formats")
    check_folder(file)


def check_folder(file: Path) -> None:
    """Say before the work whether there is a folder for `file`.

    Raises: InputError where the folder is absent.
    """
    if not file.parent.is_dir():
        raise InputError(
            f"`{file.parent}` is not a folder, so `{file.name}` cannot be written there: make it first"
        )


def write_table(table: pd.DataFrame, file: Path) -> None:
    """Write a table as .csv or .parquet, whole or not at all.

    Raises: as `check_writable`; InputError where the folder cannot be written to.
    """
    check_writable(file)
    try:
        if file.suffix.lower() == ".csv":
            write_whole(file, table.to_csv(index=False))
        else:
            write_whole(file, lambda part: _write_parquet(table, part))
    except OSError as error:
        raise InputError(f"`{file}` cannot be written: {error.strerror}") from error


def _write_parquet(table: pd.DataFrame, file: Path) -> None:
    """Write the table with the number of its schema in the file's metadata, under `groundswell`."""
    import pyarrow as pa
    from pyarrow import parquet

    columns = pa.Table.from_pandas(table, preserve_index=False)
    about = {**columns.schema.metadata, b"groundswell": json.dumps({"schema": SCHEMA}).encode()}
    parquet.write_table(columns.replace_schema_metadata(about), file)


def as_text(table: pd.DataFrame, by: Sequence[str], level: float) -> str:
    """The table for a reader: shares as percent, errors in points, with their intervals."""
    heads = [
        *by,
        "estimate of",
        "n",
        "effective n",
        "estimate",
        "std. error",
        f"{level:.4g}".removeprefix("0.") + "%",
    ]
    return aligned(
        [heads, *(_cells(row, by) for _, row in table.iterrows())], right=range(len(by) + 1, len(heads))
    )


def _cells(row: pd.Series, by: Sequence[str]) -> list[str]:
    """One estimate's cells."""
    what = (
        f"{row['variable']} = {row['category']}"
        if row["statistic"] == "share"
        else f"mean of {row['variable']}"
    )
    return [*(shortened(str(row[name]), 30) for name in by), shortened(what, 50), *_figures(row)]


def _figures(row: pd.Series) -> list[str]:
    """n, effective n, estimate, standard error and interval, a share in percent."""
    n = f"{row['n']:,.0f}"
    if pd.isna(row["estimate"]):
        return [n, "", "no answer", "", ""]
    scale, unit = (100, "%") if row["statistic"] == "share" else (1, "")
    digits = 1 if unit else 4
    estimate, se, low, high = (
        f"{row[name] * scale:,.{digits}f}" if unit else f"{row[name]:,.{digits}g}"
        for name in ("estimate", "se", "low", "high")
    )
    return [n, f"{row['n_effective']:,.0f}", estimate + unit, se, f"{low} to {high}"]
