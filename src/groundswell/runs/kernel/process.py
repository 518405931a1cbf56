"""The kernel's own process: what a report needs is imported while the parent still gets ready, then the
kernel opens.

Run as `python -P -m groundswell.runs.kernel.process -f connection.json`; `runs.kernels` does.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

from groundswell.runs.kernel.unused_libraries import without_unused

MOST_ROWS = 1_000
"""Rows of a table that a page shows whole; of a longer one it shows the first and last ROWS_OF_LONGER / 2."""
ROWS_OF_LONGER = 100


def prepare() -> None:
    """Import the reports floor and the kernel, and let tables be shown whole."""
    with without_unused():
        import_module("groundswell.reports.notebook.report")
        import_module("ipykernel.kernelapp")
    whole = {"max_rows": MOST_ROWS, "min_rows": ROWS_OF_LONGER, "max_columns": None, "max_colwidth": None}
    pandas = import_module("pandas")
    for name, most in whole.items():
        pandas.set_option(f"display.{name}", most)


def serve() -> None:
    """Serve a notebook, as the command line says, until the parent ends this process."""
    # ipykernel watches its parent only from here on; a parent that died during the imports is noticed now.
    parent = int(os.environ["JPY_PARENT_PID"])
    if os.getppid() != parent:
        sys.exit(1)
    # It reads the variable as it is imported, which in a server is before there is a parent to watch.
    import_module("ipykernel.kernelapp").launch_new_instance(parent_handle=parent)


if __name__ == "__main__":
    prepare()
    serve()
