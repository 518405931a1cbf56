"""Who makes the reports of a batch: kernels of this machine, or the workers of a cluster (`runs/cluster`).

A maker makes; what is published, recorded and said is the batch's.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from groundswell.errors import GroundswellError
from groundswell.runs.kernel.kernels import Kernel, start_kernel
from groundswell.runs.kernel.warm import KernelServer
from groundswell.runs.plan.plan import Plan
from groundswell.runs.run.progress import Progress
from groundswell.runs.run.run import make_report
from groundswell.runs.run.staging import Staging


class Maker(Protocol):
    """Makes reports, each asked for by a thread of its own."""

    def get_ready(self, plan: Plan, *, early: bool = False) -> None:
        """The report of this plan is made next; `early` where others are still at work, and it may wait."""

    def make(self, plan: Plan, inputs: list[dict[str, Any]], revision: int, progress: Progress) -> Path:
        """Make a report, and return its finished folder, on the archive's own disk.

        Raises: HalfRunError and RunError as `make_report`; whatever kept it from being made.
        """

    def let_go(self, plan: Plan) -> None:
        """The report of this plan has come to its end, whichever."""

    def end(self) -> None:
        """End whatever is still at work, at once."""


class LocalKernels:
    """Each report in a kernel of its own on this machine; one kernel more than there are reports at work gets ready."""

    def __init__(self, staging: Staging, jobs: int, server: KernelServer | None) -> None:
        self._staging = staging
        self._jobs = jobs
        self._server = server
        self._kernels: dict[tuple[str, str], Kernel | Exception] = {}

    def get_ready(self, plan: Plan, *, early: bool = False) -> None:
        """Start the kernel of a report, unless it is there or there are enough; `kernel` raises what kept it."""
        key = (plan.survey, plan.name)
        if key in self._kernels or (early and len(self._kernels) > self._jobs):
            return
        try:
            self._kernels[key] = start_kernel(
                self._staging.new_folder(), plan.notebook.file.parent, plan.survey_folder, self._server
            )
        except (OSError, GroundswellError) as error:
            self._kernels[key] = error

    def kernel(self, plan: Plan) -> Kernel:
        """The kernel of a report.

        Raises: whatever kept it from starting.
        """
        kernel = self._kernels[plan.survey, plan.name]
        if isinstance(kernel, Exception):
            raise kernel
        return kernel

    def make(self, plan: Plan, inputs: list[dict[str, Any]], revision: int, progress: Progress) -> Path:
        """As `Maker.make`."""
        return make_report(plan, inputs, revision, self.kernel(plan), progress)

    def let_go(self, plan: Plan) -> None:
        """End the report's kernel."""
        kernel = self._kernels.pop((plan.survey, plan.name), None)
        if kernel is not None and not isinstance(kernel, Exception):
            kernel.end()

    def end(self) -> None:
        """End all kernels."""
        for kernel in list(self._kernels.values()):
            if not isinstance(kernel, Exception):
                with suppress(OSError):  # its thread is just ending it too
                    kernel.end()
