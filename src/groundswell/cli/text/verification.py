"""What `groundswell verify` says of a report: a line a check, the verdict last; and the table of what moved."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

from groundswell.runs.kernel.cells import plain
from groundswell.runs.verify.check import AROUND, Verification


def as_text(found: Verification) -> str:
    """The checks as a table of text."""
    rows = [f"  {check.name:<9} {check.verdict:<8} {plain(check.sentence)}" for check in found.checks]
    others = [check.name for check in found.checks if check.verdict == "note" and check.name in AROUND]
    around = f", with other {' and '.join(others)} than it was made with" if others else ""
    verdict = "reproduced"
    if found.failed:
        verdict = f"not reproduced ({', '.join(found.failed)} differ)"
    elif found.open:
        verdict = f"not made again ({', '.join(found.open)} open)"
    name = plain(found.report)
    return "\n".join([name, *rows, f"{name}: {verdict}{around}"])


def moved_table(found: Iterable[Verification]) -> str:
    """Everything that moved, as CSV: one row a number, or a place where the words part."""
    text = StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["report", "file", "row", "column", "published", "now", "relative_difference"])
    for each in found:
        for moved in each.moved:
            far = "" if moved.relative is None else f"{moved.relative:.6g}"
            place = [each.report, moved.file, moved.row, moved.column]
            table.writerow([*place, moved.published, moved.made, far])
    return text.getvalue()
