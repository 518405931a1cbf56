"""Answers of a scale taken together: top-two boxes and other sums of answers, and net scores.

Of 100 people 20 are very and 30 rather satisfied, 10 rather and 5 very dissatisfied. The top two boxes are 50%, the
bottom two 15%, the net score 35 points: a difference of two shares of the same people. Each person counts as 1, -1 or
0, and the error of the mean of these is that of the difference, covariance included; two standard errors do not add up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from groundswell.arrays import Floats, Ints
from groundswell.errors import InputError, nearest
from groundswell.estimates.design.columns import answer_text
from groundswell.estimates.design.design import Design, check_column
from groundswell.estimates.statistics.cascade import cascaded
from groundswell.estimates.statistics.table import estimate
from groundswell.estimates.sums.items import Item
from groundswell.estimates.sums.table_codes import warn_no_answer
from groundswell.estimates.variance.means import means_of
from groundswell.vocabulary import DeffKind, Interval

NET = "net"
"""The statistic of a net score: one share less another, between -1 and 1."""

Combined = Mapping[str, Sequence[str]]
"""By name, the answers that count together."""

Nets = Mapping[str, tuple[Sequence[str], Sequence[str]]]
"""By name, the answers that count for and those that count against."""

_BOX = "groundswell_box_"


@dataclass(frozen=True)
class Box:
    """Answers taken together under a name: those `counted`, less those `against` where it is a net score."""

    name: str
    counted: frozenset[str]
    against: frozenset[str] | None = None

    @property
    def statistic(self) -> str:
        """ "share" or "net"."""
        return "share" if self.against is None else NET

    def marks(self, codes: Ints, answers: Sequence[str]) -> Floats:
        """1, -1 or 0 of each respondent by the number of the answer; NaN where that is below 0."""
        worth = [float(answer in self.counted) - float(answer in (self.against or ())) for answer in answers]
        marks: Floats = np.array([*worth, np.nan])[codes]
        return marks


def boxes_of(
    question: str, answers: Sequence[str], combine: Combined | None, net: Nets | None
) -> tuple[Box, ...]:
    """The boxes that are asked for.

    Raises:
        InputError: an answer that nobody gave, a name that is an answer's or given twice, an answer on both sides.
    """
    combined = [Box(name, _known(question, given, answers)) for name, given in (combine or {}).items()]
    nets = [
        Box(name, _known(question, counted, answers), _known(question, against, answers))
        for name, (counted, against) in (net or {}).items()
    ]
    boxes = (*combined, *nets)
    names = [box.name for box in boxes]
    for box in boxes:
        if names.count(box.name) > 1 or box.name in answers:
            raise InputError(
                f"`{box.name}` names answers of `{question}` taken together, and something else: choose another name"
            )
        both = sorted(box.counted & (box.against or frozenset()))
        if both:
            raise InputError(
                f"`net=`: `{both[0]}` counts for and against in `{box.name}`: leave it on one side"
            )
    return boxes


def box_columns(
    boxes: Sequence[Box], codes: Ints, answers: Sequence[str]
) -> tuple[dict[str, Floats], tuple[Item, ...]]:
    """A column of marks for each box, and what is estimated of it: a share, or the mean that a net score is."""
    columns = {f"{_BOX}{place}": box.marks(codes, answers) for place, box in enumerate(boxes)}
    kinds = ("1" if box.against is None else None for box in boxes)
    return columns, tuple(Item(name, kind) for name, kind in zip(columns, kinds, strict=True))


def boxes(
    respondents: pd.DataFrame,
    design: Design,
    *,
    question: str,
    combine: Combined | None = None,
    net: Nets | None = None,
    by: Sequence[str] = (),
    interval: Interval = "logit",
    level: float = 0.95,
    deff_kind: DeffKind = "replace",
    cascade: bool = False,
) -> pd.DataFrame:
    """Shares of answers taken together, then net scores, by domain: the table of `shares`, `category` being the name.

    The base is everyone who answered the question. A net score has `statistic` "net" and an interval of plus and
    minus t standard errors; `interval` is that of the shares.

    Args:
        respondents, design, by, interval, level, deff_kind, cascade: as in `shares`.
        question: column with one answer a respondent.
        combine: by name, the answers that count together: `{"top two": ["4", "5"]}`.
        net: by name, the answers that count for and those that count against: `{"net": (["4", "5"], ["1", "2"])}`.

    Raises:
        InputError: an answer that nobody gave, a name given twice, nothing asked for; as `shares`.

    Example: R's `svymean(~I((stype == "E") - (stype == "H")), design)` gives 0.7104, standard error 0.0697.
        >>> from groundswell.estimates import boxes
        >>> schools = pd.read_csv("tests/reference/apiclus1.csv")
        >>> design = gs.Design(weights="pw", psu="dnum", fpc="fpc")
        >>> asked = {"combine": {"not high": ["E", "M"]}, "net": {"young": (["E"], ["H"])}}
        >>> boxes(schools, design, question="stype", **asked)[["statistic", "category", "estimate", "se"]].round(4)
          statistic  category  estimate      se
        0     share  not high    0.9235  0.0268
        1       net     young    0.7104  0.0697
    """
    by = [by] if isinstance(by, str) else list(by)
    check_column(question, respondents.columns)
    warn_no_answer(respondents, (Item(question),))
    codes, given = pd.factorize(respondents[question], sort=True)
    answers = list(map(answer_text, given))
    asked = boxes_of(question, answers, combine, net)
    if not asked:
        raise InputError("nothing was asked for: give `combine=`, `net=` or both")
    columns, items = box_columns(asked, codes, answers)
    marked = respondents.assign(**columns)

    def tabled(by: Sequence[str]) -> pd.DataFrame:
        summed = means_of(marked, design, items, by)
        table = estimate(summed, interval=interval, level=level, deff_kind=deff_kind)
        domains = len(table) // len(asked)
        return table.assign(
            statistic=[box.statistic for box in asked] * domains,
            variable=question,
            category=pd.array([box.name for box in asked] * domains, dtype="str"),
        )

    return cascaded(tabled, by, cascade=cascade)


def _known(question: str, given: Sequence[str], answers: Sequence[str]) -> frozenset[str]:
    asked = [given] if isinstance(given, str) else [answer_text(answer) for answer in given]
    unknown = [answer for answer in asked if answer not in answers]
    if unknown or not asked:
        got = f"`{unknown[0]}`" if unknown else "none"
        raise InputError(
            f"`{question}` has no answer {got}: {nearest(unknown[0] if unknown else '', answers)}"
        )
    return frozenset(asked)
