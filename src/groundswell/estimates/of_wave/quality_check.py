"""What one check of a wave's data hands out: a code, a verdict and plain values, never a sentence.

The sentence in a reader's language is made on the reports' floor, one message a code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import pandas as pd

QualityCode = Literal[
    "item_non_response",
    "non_response_change",
    "no_weights",
    "zero_weights",
    "weight_design_effect",
    "weight_concentration",
    "rows",
    "duplicate_identifiers",
    "duplicate_respondents",
    "interview_dates",
    "straight_lining",
    "printed_share",
    "printed_n",
]
CODES: tuple[QualityCode, ...] = get_args(QualityCode)
Verdict = Literal["passed", "flagged"]

COLUMNS = ["wave", "code", "subject", "verdict", "number", "values"]


@dataclass(frozen=True)
class QualityCheck:
    """One look at a wave.

    Attributes:
        code: what was looked at; one of `CODES`.
        verdict: `passed`, or `flagged` where the number is outside what is usual.
        values: plain numbers, texts, truth values and None. Every check has `subject` (the column, file, battery
            or indicator that was looked at) and `number` (what was measured; shares in [0, 1]; None where nothing
            could be), and by their own names what else its sentence says.

    Raises: ValueError for a code that is not known, or values without `subject` and `number`.
    """

    code: QualityCode
    verdict: Verdict
    values: Mapping[str, Any]

    def __post_init__(self) -> None:
        if self.code not in CODES or self.verdict not in get_args(Verdict):
            raise ValueError(f"`{self.code}`, `{self.verdict}`: no such check of a wave's quality")
        if not {"subject", "number"} <= self.values.keys():
            raise ValueError(f"`{self.code}` must have the values `subject` and `number`")

    @property
    def subject(self) -> str:
        """What was looked at."""
        return str(self.values["subject"])

    @property
    def number(self) -> float | None:
        """What was measured."""
        number = self.values["number"]
        return None if number is None else float(number)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> QualityCheck:
        """The check that `as_record` wrote.

        Raises: KeyError or ValueError for anything else.
        """
        return cls(record["code"], record["verdict"], dict(record["values"]))

    def as_record(self) -> dict[str, Any]:
        """The check as files keep it: `code, verdict, values`."""
        return {"code": self.code, "verdict": self.verdict, "values": dict(self.values)}


def quality_table(checks: Mapping[str, Sequence[QualityCheck]]) -> pd.DataFrame:
    """The checks of waves by the waves' names, one row each: wave, code, subject, verdict, number, values."""
    rows = [
        (wave, check.code, check.subject, check.verdict, check.number, dict(check.values))
        for wave, looks in checks.items()
        for check in looks
    ]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"number": "float64"})
