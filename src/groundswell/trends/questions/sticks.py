"""A question split answer by answer: what part of the rest each answer is, wave by wave.

The first answer's share is p1. What is left, 1 - p1, is split again: the second answer is s2 of it, the third s3 of
what is then left, and the last answer is what remains. Shares of a sample of n factorise exactly so: given the first
answer, the second is a binomial share of the n (1 - p1) others. So each split is a series of shares like any other, and
what one says of its level is independent of what the others say.

Worked example: a wave of 1,000 printed .55, .39, .06. It says .55 of 1,000 people, and .39 / (.39 + .06) = .87 of 450.

A wave that prints only some answers says what it can: up to the first that it leaves out. Where a wave prints all,
rounding may make them .99 or 1.01; each is then taken as its part of what the remaining ones add up to, whose rounding
matters least, since small answers are rounded as finely as large ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, Self

import numpy as np
import pandas as pd

from groundswell.arrays import Flags, Floats
from groundswell.trends.data.left_out_codes import Reason, reasons_text
from groundswell.trends.questions.order import Order, too_large, too_small, with_missing
from groundswell.trends.questions.printed import PrintedQuestion, PrintedWave
from groundswell.waves.toplines.summed_answers import Printed

FIRST_ONLY: Final = "first_answer_only"
OTHER_ANSWERS: Final = "other_answers"
ANSWER: Final = "answer_missing"
NOT_ADDING_UP: Final = "answers_do_not_add_up"
NOTHING_LEFT: Final = "nothing_left"

REASONS: Final = {
    FIRST_ONLY: "the first answer is the only one that was printed",
    OTHER_ANSWERS: "another wording with other answers",
    ANSWER: "this answer was not printed: what follows it cannot be split",
    NOT_ADDING_UP: "its answers miss 1 by more than rounding explains",
    NOTHING_LEFT: "the answers before this one leave less than one respondent",
}
"""Why a wave does not tell all answers of a question, beside the reasons of the observations table."""
FEWEST: Final = 1.0
"""Respondents that must be left for a share of them."""


class Sticks(NamedTuple):
    """The waves of each split but the first, as rows of the observations table, and all waves with what they tell:
    `told` is the number of answers whose shares a wave says, `left_out` why not all."""

    later: list[pd.DataFrame]
    waves: pd.DataFrame


class Part(NamedTuple):
    """An answer's share of what those before it leave, wave by wave: from `low` to `high`, and its rounding; `left` is
    what they leave of everyone. NaN where the wave does not say it; all of shape (waves,)."""

    low: Floats
    high: Floats
    rounding: Floats
    left: Floats


class _Printed(NamedTuple):
    """The waves' answers by name: `low` and `high` end and `rounding` of each share, shape (waves,); NaN where a wave
    does not print one."""

    low: dict[str, Floats]
    high: dict[str, Floats]
    rounding: dict[str, Floats]

    @classmethod
    def of(cls, waves: Sequence[Mapping[str, Printed]], names: Iterable[str]) -> Self:
        """The answers of some names."""
        missing = Printed(np.nan, np.nan, np.nan)
        each = {
            name: np.array([wave.get(name, missing) for wave in waves], dtype=np.float64).T for name in names
        }
        return cls(*({name: each[name][end] for name in each} for end in range(len(cls._fields))))

    def ranged(self, names: Sequence[str]) -> Flags:
        """Which waves print a range for any of some answers."""
        return np.asarray(
            np.any([self.high[name] > self.low[name] for name in names], axis=0), dtype=np.bool_
        )

    def sums(self, names: Sequence[str]) -> tuple[Floats, Floats, Floats]:
        """The low and the high ends of some answers summed, and the sum of their roundings' squares."""
        return (
            np.asarray(sum(self.low[name] for name in names)),
            np.asarray(sum(self.high[name] for name in names)),
            np.asarray(sum(self.rounding[name] ** 2 for name in names)),
        )


def split(question: PrintedQuestion, order: Order) -> Sticks:
    """Every wave's shares of what is left, answer by answer."""
    worth = pd.to_numeric(question.rows["n_effective"]).to_numpy(dtype=np.float64)
    splits = len(order.answers) - 1
    used = np.array([wave.used for wave in question.waves], dtype=np.bool_)
    reasons = [_first_only(wave, order) for wave in question.waves]
    says = used & np.array([reason is None for reason in reasons], dtype=np.bool_)
    names = dict.fromkeys((*order.answers, *order.printed))
    answers = _Printed.of([with_missing(wave.answers, order.printed) for wave in question.waves], names)
    told, later = np.where(used, 1, 0), []
    for place in range(1, splits):
        name, part = order.answers[place], _part(answers, order, place)
        printed, enough = np.isfinite(answers.low[name]), part.left * worth >= FEWEST
        for code, stops in ((ANSWER, says & ~printed), (NOTHING_LEFT, says & printed & ~enough)):
            for wave in np.flatnonzero(stops):
                reasons[wave] = Reason(code, name)
        says = says & printed & enough
        told += says
        later.append(_rows(question.rows, part, says))
    # Who says all of them says what they leave, too.
    waves = question.rows.assign(told=told + says)
    why = ["" if reason is None else reasons_text([reason]) for reason in reasons]
    waves["left_out"] = np.where(waves["told"] == 0, waves["left_out"].astype(str), why)
    return Sticks(later, waves)


def _first_only(wave: PrintedWave, order: Order) -> Reason | None:
    """Why a wave that counts says no other answer than the first, if it does not."""
    if len(order.answers) < 3 or not wave.used:
        return None
    if len(wave.answers) < 2:
        return Reason(FIRST_ONLY)
    if not wave.mine:
        return Reason(OTHER_ANSWERS)
    if too_small(wave.answers, order.printed) or too_large(wave.answers):
        return Reason(NOT_ADDING_UP)
    return None


def _part(answers: _Printed, order: Order, place: int) -> Part:
    """The share of the answer in one place of the order of what those before it leave."""
    name, before = order.answers[place], order.answers[:place]
    after = [other for other in order.printed if other not in (*before, name)]
    mine = [end[name] for end in answers]
    ahead, behind = answers.sums(before), answers.sums(after)
    # Where a wave prints all answers, what is left is what those from here on add up to.
    whole = np.array([np.isfinite(answers.low[other]) for other in order.printed]).all(axis=0) & bool(
        order.printed
    )
    left = np.where(whole, _middle(mine) + _middle(behind), 1.0 - _middle(ahead))
    low = _ratio(mine[0], np.where(whole, mine[0] + behind[1], 1.0 - ahead[0]))
    high = _ratio(mine[1], np.where(whole, mine[1] + behind[0], 1.0 - ahead[1]))
    middle = _ratio(_middle(mine), left)
    rounding = np.where(
        whole,
        np.hypot((1.0 - middle) * mine[2], middle * np.sqrt(behind[2])),
        np.hypot(mine[2], middle * np.sqrt(ahead[2])),
    )
    spans = answers.ranged((name, *before)) | (whole & answers.ranged(after))
    low, high = (np.where(spans & (high > low), end, middle) for end in (low, high))
    with np.errstate(divide="ignore", invalid="ignore"):
        rounding = np.where(left > 0.0, rounding / left, 0.0)
    return Part(low, high, rounding, np.maximum(left, 0.0))


def _ratio(part: Floats, whole: Floats) -> Floats:
    """A share in [0, 1]; where nothing is left it says nothing, and is not used."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0.0, np.minimum(part / whole, 1.0), 0.0)


def _middle(ends: Sequence[Floats]) -> Floats:
    return (ends[0] + ends[1]) / 2.0


def _rows(rows: pd.DataFrame, part: Part, says: Flags) -> pd.DataFrame:
    """The waves of one split: respondents are those whom the answers before it leave."""
    table = rows[says].copy()
    low, high, rounding, left = (each[says] for each in part)
    ranged = high > low
    table["share"] = (low + high) / 2.0
    table["range_low"] = np.where(ranged, low, np.nan)
    table["range_high"] = np.where(ranged, high, np.nan)
    table["rounding"], table["left_out"] = rounding, ""
    table["n_effective"] = pd.to_numeric(table["n_effective"]).to_numpy(dtype=np.float64) * left
    if "n" in table:
        table["n"] = pd.to_numeric(table["n"]).astype("float64") * left
    # Errors that were stated of everyone's share are none of a share of the rest.
    return table.drop(columns=["share_se", "share_low", "share_high"], errors="ignore")
