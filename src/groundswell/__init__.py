"""groundswell follows how a public feels, wave after wave: survey waves in, dated HTML reports out.

The public names below are loaded when first asked for, so that `import groundswell` and the command line
start at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from groundswell.version import __version__

if TYPE_CHECKING:
    from groundswell.estimates import Design, shares
    from groundswell.reports import open_profile, open_report
    from groundswell.trends import fit_trend, observations
    from groundswell.waves import load_survey

__all__ = [
    "Design",
    "__version__",
    "fit_trend",
    "load_survey",
    "observations",
    "open_profile",
    "open_report",
    "shares",
]

_FLOORS = {
    "load_survey": "groundswell.waves",
    "Design": "groundswell.estimates",
    "shares": "groundswell.estimates",
    "observations": "groundswell.trends",
    "fit_trend": "groundswell.trends",
    "open_profile": "groundswell.reports",
    "open_report": "groundswell.reports",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its floor (PEP 562)."""
    if name not in _FLOORS:
        known = ", ".join(__all__)
        raise AttributeError(f"module `groundswell` has no attribute `{name}`; public names: {known}")
    return getattr(import_module(_FLOORS[name]), name)


def __dir__() -> list[str]:
    """The public names, for completion in a notebook."""
    return sorted(__all__)
