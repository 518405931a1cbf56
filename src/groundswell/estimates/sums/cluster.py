"""The same sums on a Dask cluster: each worker adds up some row groups of a Parquet file, and the sums are
added.

It pays where the file lies on many machines' discs or is far larger than one machine reads in the time
there is; on one machine DuckDB alone is faster, because it uses every core already.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from groundswell.errors import GroundswellError, InputError
from groundswell.estimates.sums.cells_from_query import add_sums
from groundswell.estimates.sums.run_in_duckdb import check_design_columns
from groundswell.estimates.sums.sum_query import SumPlan
from groundswell.waves.respondents.codebook import Codebook
from groundswell.waves.respondents.parquet import plain_columns, plain_rows, zones_of
from groundswell.waves.respondents.reader import Respondents, connect
from groundswell.waves.respondents.sql import identifier
from groundswell.waves.respondents.stored_rows import TABLE

PARTS_A_WORKER = 4
"""Pieces of work for each worker, so that a slow one does not keep the others waiting."""


def sum_on_cluster(
    file: Path, respondents: Respondents, plan: SumPlan, address: str, *, memory: str | None = None
) -> pd.DataFrame:
    """As `sum_respondents`, by partitions on the cluster at `address`; `memory` bounds each worker's DuckDB.

    The workers must see the file under the same path. Sums differ from those of one machine only by the
    order in which numbers are added (1e-12 relative).

    Raises: InputError where the file is not a Parquet file, the cluster's library is not installed, or as
    `sum_respondents`; GroundswellError where the cluster cannot be reached.
    """
    if file.suffix != ".parquet":
        raise InputError(
            f"`{file}`: only Parquet files can be summed by partitions; write it as .parquet first"
        )
    check_design_columns(respondents, plan)
    client = connected(address)
    with client:
        many = max(len(client.nthreads()), 1) * PARTS_A_WORKER
        parts = client.map(_sum_part, list(_partitions(file, many)), plan=plan, memory=memory, pure=False)
        return add_sums(client.gather(parts))


def connected(address: str) -> Any:
    """A client of the Dask cluster whose scheduler is at `address`.

    Raises: InputError where the cluster's library is not installed or this is no address; GroundswellError where the
    cluster cannot be reached.
    """
    try:
        from distributed import Client
        from distributed.comm.addressing import get_address_host_port
    except ImportError as error:
        raise InputError(
            "`cluster=` needs the packages dask and distributed: install `groundswell[cluster]`"
        ) from error
    try:
        if not address.startswith("inproc:"):
            get_address_host_port(address)  # before there is a client, which would have to be taken apart
    except ValueError as error:
        raise InputError(
            f"`cluster=` is a scheduler's address (tcp://host:8786), got `{address}`: {error}"
        ) from error
    try:
        client: Any = Client(  # type: ignore[no-untyped-call]
            address, timeout="10s", set_as_default=False
        )
    except (OSError, TimeoutError) as error:
        raise GroundswellError(
            f"no cluster answers at `{address}`: start a scheduler, or check the address"
        ) from error
    return client


def _partitions(file: Path, many: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The file's row groups in at most `many` pieces."""
    from pyarrow.parquet import ParquetFile

    groups = ParquetFile(file).num_row_groups
    size = -(-groups // many)
    for first in range(0, groups, size):
        yield str(file.resolve()), tuple(range(first, min(first + size, groups)))


def _sum_part(part: tuple[str, tuple[int, ...]], plan: SumPlan, memory: str | None) -> pd.DataFrame:
    """The plan's sums over some row groups; runs on a worker."""
    from pyarrow.parquet import ParquetFile

    file, groups = part
    rows = ParquetFile(file).read_row_groups(list(groups), columns=list(plan.columns) or None)
    connection = connect()
    connection.register(TABLE, rows)
    table = identifier(TABLE)
    scan = plain_rows(plain_columns(connection, table, zones_of(rows.schema)), table)
    respondents = Respondents(Codebook(file, rows.num_rows, {}), scan, connection)
    respondents.bound(memory=memory, threads=1)
    return respondents.frame("{query}", query=plan.query(scan))
