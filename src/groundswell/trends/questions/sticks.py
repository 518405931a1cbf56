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

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

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
    """An answer's share of what those before it leave: from `low` to `high`, and its rounding; `left` is what they
    leave of everyone."""

    low: float
    high: float
    rounding: float
    left: float


def split(question: PrintedQuestion, order: Order) -> Sticks:
    """Every wave's shares of what is left, answer by answer."""
    splits = len(order.answers) - 1
    found: list[list[tuple[int, Part]]] = [[] for _ in range(1, splits)]
    worth = pd.to_numeric(question.rows["n_effective"]).to_numpy(dtype=np.float64)
    told, reasons = [], []
    for place, wave in enumerate(question.waves):
        parts, reason = _parts(wave, order, float(worth[place]))
        for each, part in zip(found, parts, strict=False):
            each.append((place, part))
        whole = len(parts) == splits - 1
        told.append(0 if not wave.used else len(order.answers) if whole else 1 + len(parts))
        reasons.append(reasons_text([reason] if reason else []))
    waves = question.rows.assign(told=told)
    waves["left_out"] = np.where(waves["told"] == 0, waves["left_out"].astype(str), reasons)
    return Sticks([_rows(question.rows, each) for each in found], waves)


def _parts(wave: PrintedWave, order: Order, worth: float) -> tuple[list[Part], Reason | None]:
    """What a wave says of every split but the first, and why it says no more."""
    splits = len(order.answers) - 1
    if splits < 2 or not wave.used:
        return [], None
    if len(wave.answers) < 2:
        return [], Reason(FIRST_ONLY)
    if not wave.mine:
        return [], Reason(OTHER_ANSWERS)
    if too_small(wave.answers, order.printed) or too_large(wave.answers):
        return [], Reason(NOT_ADDING_UP)
    answers = with_missing(wave.answers, order.printed)
    parts: list[Part] = []
    for split in range(1, splits):
        name = order.answers[split]
        if name not in answers:
            return parts, Reason(ANSWER, name)
        part = _part(answers, order, split)
        if part.left * worth < FEWEST:
            return parts, Reason(NOTHING_LEFT, name)
        parts.append(part)
    return parts, None


def _part(answers: Mapping[str, Printed], order: Order, split: int) -> Part:
    """One answer's share of what those before it leave."""
    mine = answers[order.answers[split]]
    before = [answers[name] for name in order.answers[:split]]
    whole = bool(order.printed) and all(name in answers for name in order.printed)
    split_off = order.answers[: split + 1]
    after = [answers[name] for name in order.printed if name not in split_off] if whole else []
    left = 1.0 - sum(_middle(part) for part in before)
    if whole:
        low = _ratio(mine.low, mine.low + sum(part.high for part in after))
        high = _ratio(mine.high, mine.high + sum(part.low for part in after))
        total = _middle(mine) + sum(_middle(part) for part in after)
        middle = _ratio(_middle(mine), total)
        others = sum(part.rounding**2 for part in after)
        rounding = np.hypot((1.0 - middle) * mine.rounding, middle * np.sqrt(others))
        left = total
    else:
        low = _ratio(mine.low, 1.0 - sum(part.low for part in before))
        high = _ratio(mine.high, 1.0 - sum(part.high for part in before))
        middle, total = _ratio(_middle(mine), left), left
        rounding = np.hypot(mine.rounding, middle * np.sqrt(sum(part.rounding**2 for part in before)))
    if low == high or not any(part.high > part.low for part in (mine, *before, *after)):
        low = high = middle
    return Part(low, high, float(rounding) / total if total > 0.0 else 0.0, max(left, 0.0))


def _ratio(part: float, whole: float) -> float:
    """A share in [0, 1]; where nothing is left it says nothing, and is not used."""
    return min(part / whole, 1.0) if whole > 0.0 else 0.0


def _middle(part: Printed) -> float:
    return (part.low + part.high) / 2.0


def _rows(rows: pd.DataFrame, found: list[tuple[int, Part]]) -> pd.DataFrame:
    """The waves of one split: respondents are those whom the answers before it leave."""
    table = rows.iloc[[place for place, _ in found]].copy()
    part: dict[str, Any] = {
        name: np.array([getattr(each, name) for _, each in found], dtype=np.float64) for name in Part._fields
    }
    ranged = part["high"] > part["low"]
    table["share"] = (part["low"] + part["high"]) / 2.0
    table["range_low"] = np.where(ranged, part["low"], np.nan)
    table["range_high"] = np.where(ranged, part["high"], np.nan)
    table["rounding"], table["left_out"] = part["rounding"], ""
    table["n_effective"] = pd.to_numeric(table["n_effective"]).to_numpy(dtype=np.float64) * part["left"]
    if "n" in table:
        table["n"] = pd.to_numeric(table["n"]).astype("float64") * part["left"]
    # Errors that were stated of everyone's share are none of a share of the rest.
    return table.drop(columns=["share_se", "share_low", "share_high"], errors="ignore")
