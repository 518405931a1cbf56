"""The words that stand in tables, files and options, each named once, below all floors.

Nothing is imported here but the standard library, so that the command line can name its choices at once.
"""

from __future__ import annotations

from typing import Final, Literal

ENGLISH: Final = "en"
"""The language in which sentences are written before they are translated."""

EVERYONE: Final = "all"
"""The domain of every respondent."""

SMALL_BASE: Final = "small_base"
"""The flag of a domain that is shown with a caution."""

HIDDEN: Final = "hidden"
"""The flag of a domain whose figures are not shown."""

PASSED: Final = "passed"
FLAGGED: Final = "flagged"
"""Verdicts of a look at a wave's quality: a flag has to be explained, and stops nothing."""

ESTIMATE: Final = ("estimate", "se", "low", "high")
"""Columns of any statistic: the estimate, its standard error, and the ends of its interval, in one unit."""

SHARE: Final = ("share", "share_se", "share_low", "share_high")
"""The same four of a share in the observations table."""

LonelyPsu = Literal["fail", "certainty", "remove", "centre", "adjust", "average"]
"""What a stratum with one sampling unit does; "centre" is another name of "adjust"."""

ReplicateKind = Literal["JK1", "JKn", "BRR", "Fay", "bootstrap", "successive-difference", "other"]
"""How replicate weights were made."""

WithoutCategory = Literal["other_margins", "unknown", "hot_deck", "refuse"]
"""What raking does with a respondent who has no category of a margin (item non-response)."""

Interval = Literal["logit", "wilson", "beta", "asin", "mean"]
"""Kinds of a share's interval."""

DeffKind = Literal["replace", "wor", "kish"]
"""Kinds of design effect: against simple random sampling with or without replacement, or of the weights alone."""

KISH: Final = "kish"
"""The kind that every design effect falls back to."""


LAB_ONLY: Final = "lab-only"
"""The tag of a cell that is for whoever works with the notebook, and not on its page."""

_BETWEEN: Final = ": "


def domain_key(variable: str, category: str) -> str:
    """The name of a domain in tables and files: `sex: women`."""
    return f"{variable}{_BETWEEN}{category}"


def domain_parts(key: str) -> tuple[str, str]:
    """Variable and category of a domain by its name; two empty texts for `EVERYONE`, which has neither."""
    variable, between, category = key.partition(_BETWEEN)
    return (variable, category) if between else ("", "")
