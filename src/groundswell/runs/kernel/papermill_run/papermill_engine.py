"""groundswell's engine by the name under which papermill finds it: `papermill --engine groundswell in.ipynb out.ipynb`.

papermill looks for engines while it is itself being imported, so what it finds must not import papermill in turn. This
imports nothing, and hands everything on to `engine.RunningKernelEngine` once a notebook is to be run.
"""

from __future__ import annotations

from typing import Any


class GroundswellEngine:
    """What papermill asks of an engine."""

    @classmethod
    def execute_notebook(cls, nb: Any, kernel_name: str, **options: Any) -> Any:
        """Run a notebook, and return it as executed."""
        from groundswell.runs.kernel.papermill_run.engine import RunningKernelEngine

        return RunningKernelEngine.execute_notebook(nb, kernel_name, **options)

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> str:
        """The kernel that the notebook asks for, or the one that is named."""
        from groundswell.runs.kernel.papermill_run.engine import RunningKernelEngine

        return str(RunningKernelEngine.nb_kernel_name(nb, name))

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> str:
        """The language that the notebook is in, or the one that is named."""
        from groundswell.runs.kernel.papermill_run.engine import RunningKernelEngine

        return str(RunningKernelEngine.nb_language(nb, language))
