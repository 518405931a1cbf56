"""Floor 4: what a reader sees. Findings, figures, tables, the page and the archive.

The names are loaded when first asked for: the command line lists and publishes reports through this floor
without the second that the trend's libraries take to import.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from groundswell.reports.notebook.report import Report, open_report
    from groundswell.reports.notebook.wave_profile import WaveProfile, open_profile

__all__ = ["Report", "WaveProfile", "open_profile", "open_report"]

_MODULES = {
    "Report": "groundswell.reports.notebook.report",
    "open_report": "groundswell.reports.notebook.report",
    "WaveProfile": "groundswell.reports.notebook.wave_profile",
    "open_profile": "groundswell.reports.notebook.wave_profile",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its module (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"module `groundswell.reports` has no attribute `{name}`")
    return getattr(import_module(_MODULES[name]), name)
