"""What `groundswell verify` says of a report: a line a check, the verdict last."""

from __future__ import annotations

from groundswell.runs.kernel.cells import plain
from groundswell.runs.verify.verification import AROUND, Verification


def as_text(found: Verification) -> str:
    """The checks as a table of text."""
    rows = [f"  {check.name:<9} {check.verdict:<8} {plain(check.sentence)}" for check in found.checks]
    others = [check.name for check in found.checks if check.verdict == "note" and check.name in AROUND]
    around = f", with other {' and '.join(others)} than it was made with" if others else ""
    verdict = "reproduced" if found.reproduced else f"not reproduced ({', '.join(found.failed)} differ)"
    return "\n".join([found.report, *rows, f"{found.report}: {verdict}{around}"])
