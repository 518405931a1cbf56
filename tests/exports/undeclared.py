"""Files in which codes stand for no answer, have one label, or have none, and nothing in the file says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pyreadstat

HAPPY = [5] * 30 + [8] * 50 + [77] * 5 + [88] * 10 + [99] * 5
"""A scale of 0 to 10: a mean of 6.875 of 80 who answered."""

TRUST = [1] * 20 + [2] * 50 + [3] * 20 + [-1] * 6 + [-5] * 4
"""One answer of three: 90 answered."""

HAPPY_LABELS: Mapping[int, str] = {77: "Refusal", 88: "Don't know", 99: "No answer"}
TRUST_LABELS: Mapping[int, str] = {
    1: "A lot", 2: "Some", 3: "None", -1: "Don't know", -5: "Missing; Unknown",
}  # fmt: skip

MOOD = [1] * 30 + [2] * 30 + [3] * 20 + [8] * 10 + [9] * 10
MOOD_LABELS: Mapping[int, str] = {1: "Anxious", 2: "Calm", 3: "Anxious", 8: "Don't know", 9: "Don't know"}
"""Half anxious, a fifth without an opinion, each under two codes."""

REGION = [1, 2, 3, 4] * 25
REGION_LABELS: Mapping[int, str] = {1: "North", 2: "South", 3: "North"}
"""Half in the north under two codes; a quarter in a region whose code is new."""


def write(file: Path, columns: Mapping[str, Sequence[object]], **labels: Mapping[int, str]) -> Path:
    """The columns as a CSV file, or with these labels as an SPSS or Stata file, by the file's ending."""
    table = pd.DataFrame(columns)
    if file.suffix == ".csv":
        table.to_csv(file, index=False)
    elif file.suffix == ".dta":
        pyreadstat.write_dta(table, file, variable_value_labels=labels)
    else:
        pyreadstat.write_sav(table, file, variable_value_labels=labels)
    return file
