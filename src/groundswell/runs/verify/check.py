"""What one look at a published report came to: the words of `verify`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from groundswell.runs.verify.compared_texts import Difference

Verdict = Literal["ok", "note", "open", "differs"]
AROUND = ("inputs", "code", "packages")
"""Checks of what surrounds a report: where they differ its numbers may still come out."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    A "note" tells what differs around a report whose numbers may still stand; "open" is what could not be looked at,
    and why. `moved` has every difference where the numbers were made again.
    """

    name: str
    verdict: Verdict
    sentence: str
    moved: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class Verification:
    """What came of one report: its folder relative to the archive, and every check in order."""

    report: str
    checks: list[Check] = field(default_factory=list)

    @property
    def reproduced(self) -> bool:
        """Whether the files are as published and every number came out again."""
        return not self.failed and not self.open

    @property
    def failed(self) -> list[str]:
        """Names of the checks that differ."""
        return self._of("differs")

    @property
    def open(self) -> list[str]:
        """Names of the checks that could not be made."""
        return self._of("open")

    @property
    def moved(self) -> list[Difference]:
        """Every difference between what was published and what was made again."""
        return [each for check in self.checks for each in check.moved]

    def _of(self, verdict: Verdict) -> list[str]:
        return [check.name for check in self.checks if check.verdict == verdict]
