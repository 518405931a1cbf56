"""Floor 4: what a reader sees. Findings, figures, tables, the page and the archive.

The two names are loaded when first asked for: the command line lists and publishes reports through this floor
without the second that the trend's libraries take to import.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from groundswell.reports.report import Report, open_report

__all__ = ["Report", "open_report"]


def __getattr__(name: str) -> Any:
    """Load a public name from `report` (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module `groundswell.reports` has no attribute `{name}`")
    return getattr(import_module("groundswell.reports.report"), name)
