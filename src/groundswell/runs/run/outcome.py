"""What came of one report of a batch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from groundswell.runs.plan.plan import Plan


@dataclass(frozen=True)
class Outcome:
    """What came of one plan: the report's folder, or why there is none."""

    plan: Plan
    status: Literal["published", "unchanged", "failed", "interrupted"]
    folder: Path | None = None
    reason: str = ""
