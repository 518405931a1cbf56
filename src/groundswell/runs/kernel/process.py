"""The kernel's own process: what a report needs is imported while the parent still gets ready, then the
kernel opens.

Run as `python -P -m groundswell.runs.kernel.process -f connection.json`; `runs.kernels` does.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

from groundswell.runs.kernel.unused_libraries import without_unused


def prepare() -> None:
    """Import the reports floor and the kernel."""
    with without_unused():
        import_module("groundswell.reports.notebook.report")
        import_module("ipykernel.kernelapp")


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
