"""What commands that make reports do elsewhere: on the workers of a cluster, and in the store of a project."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from groundswell.cli.root import folder_here, print_error, project_here

if TYPE_CHECKING:
    from groundswell.runs.run.makers import Maker
    from groundswell.runs.run.staging import Staging
    from groundswell.runs.store.archive_there import ArchiveThere


@contextmanager
def project_of(store: str | None) -> Iterator[tuple[Path, ArchiveThere | None]]:
    """The project that this command acts on; with a store, as it is there now, and its archive there."""
    if store is None:
        yield project_here(), None
        return
    from groundswell.errors import InputError
    from groundswell.runs.store.archive_there import archive_there
    from groundswell.runs.store.store import Store

    opened = Store(store)
    try:
        project = project_here()
    except InputError:  # an empty folder becomes a copy
        project = folder_here()
        for name in ("surveys", "notebooks"):
            (project / name).mkdir(exist_ok=True)
    with archive_there(opened, project) as there:
        yield project, there


def send_rest(there: ArchiveThere) -> bool:
    """Bring to the store what is not there yet; whether it took everything."""
    from groundswell.runs.store.store import StoreError

    try:
        there.bring_up_to_date()
    except StoreError as error:
        print_error(error)
        return False
    return True


def makers(
    jobs: int | None, address: str | None
) -> tuple[int, Callable[[Staging], AbstractContextManager[Maker]] | None]:
    """How many reports are made at a time, and by whom: the workers of a cluster, or None for kernels here."""
    if address is None:
        return jobs or 1, None
    from groundswell.runs.cluster.cluster import Cluster

    cluster = Cluster(address)
    # Half as many again wait on the cluster, so that no worker waits while a report is published.
    return jobs or max(1, cluster.reports_at_a_time * 3 // 2), cluster.maker
