"""The file that an option names for a table: looked at before the work, written after it."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

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
