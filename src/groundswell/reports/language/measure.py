"""How a reader is told an indicator's numbers: shares in percent and points, means in the numbers of their scale.

Below the reports every level, estimate and change stands in [0, 1]. This is the one place that turns it into what a
sentence, a table or an axis says:

    share of 0.402                 `40%`     a change of 0.041   `+4 pts`     an axis from 0 to 100
    mean of 0.69 on 0 to 10        `6.9`     a change of 0.041   `+0.4`       an axis from 0 to 10
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import count
from typing import Protocol

import numpy as np

from groundswell.reports.language.dates import DASH
from groundswell.reports.language.language import Language, mark
from groundswell.waves.surveys.answer_scale import Ends, Numbers, number_at

PERCENT: Ends = (0.0, 100.0)
STEPS = (1.0, 2.0, 5.0)
TOLD_APART = 50
"""Steps of the last digit, at least, that a scale has: 6.9 on a scale from 0 to 10, 3.42 on one from 1 to 5."""
FINER = 0.0095
"""A share printed to less than this was printed with decimals."""


class Measured(Protocol):
    """An indicator, as a survey or a manifest records it."""

    @property
    def scale(self) -> Ends | None:
        """The ends of a mean's answer scale; None for a share."""

    @property
    def unit(self) -> str | None:
        """What a step of it is called."""


class Measure:
    """One indicator's numbers in one language. Everything that goes in is in [0, 1], a change in [-1, 1].

    `mean` says whether it is one; `ends` are those of its axis, `digits` the decimals of a number in a sentence.
    """

    def __init__(self, language: Language, scale: Ends | None, unit: str | None = None) -> None:
        self.language, self.mean = language, scale is not None
        self.ends = PERCENT if scale is None else (float(scale[0]), float(scale[1]))
        self.unit = unit or ""
        width = self.ends[1] - self.ends[0]
        self.digits = 0 if scale is None else max(math.ceil(-math.log10(width / TOLD_APART)), 0)
        self.signs = ("", "") if self.mean else language.percent_signs

    @property
    def bounds(self) -> str:
        """The scale of a mean as a heading has room for it: `0–10`; "" for a share."""
        return DASH.join(self.language.number(end, _decimals(end)) for end in self.ends) if self.mean else ""

    @property
    def scale(self) -> str:
        """The scale of a mean in words, with its unit: `0–10 points`; "" for a share."""
        return self._with_unit(self.bounds) if self.mean else ""

    def drawn(self, place: Numbers) -> Numbers:
        """Where a level stands on the axis: in percent, or on the scale."""
        return number_at(place, self.ends)

    def at(self, place: float) -> float:
        """The same for a mark of a figure, to a hundredth of a percent of the axis."""
        return round(float(self.drawn(place)), 2 + self.digits)

    def drawn_change(self, change: Numbers) -> Numbers:
        """A change in the axis' numbers."""
        return change * (self.ends[1] - self.ends[0])

    def number(self, place: float, more: int = 0) -> str:
        """A level: `40%`, `6.9`; `more` decimals than usual."""
        if not self.mean:
            return self.language.percent(place, more)
        return self.language.number(float(self.drawn(place)), self.digits + more)

    def span(self, low: float, high: float, more: int = 0, *, sign: bool = True) -> str:
        """A range of levels: `35–44%` (without the `sign` `35–44`), `6.7–7.1`."""
        if not self.mean:
            return self.language.span(low, high, more, sign=sign)
        return self._span(low, high, self.digits + more)

    def printed(self, low: float, high: float, rounding: float) -> str:
        """A published figure or range, with the decimals that it was printed with; `rounding` is 0 where it was not."""
        if not self.mean:
            return self.span(low, high, 1 if 0 < rounding < FINER else 0)
        printed = round(-math.log10(self.drawn_change(rounding))) if rounding > 0 else self.digits
        return self._span(low, high, max(printed, 0))

    def margin(self, low: float, high: float) -> str:
        """Half of an interval's width, without a unit."""
        half = float(self.drawn_change((high - low) / 2))
        return self.language.number(half, self.digits + 1)

    def interval95(self, low: float, high: float, more: int = 0) -> str:
        """A 95% interval with its name: `95%: 35–44%`."""
        return self.language.say("95%: {interval}", interval=self.span(low, high, more))

    def change(self, change: float, more: int = 0) -> str:
        """A signed change without its unit: `−28`, `+0.4`, `0`."""
        if not self.mean:
            return self.language.points(change, more)
        rounded = round(float(self.drawn_change(change)), self.digits + more)
        return ("+" if rounded > 0 else "") + self.language.number(rounded, self.digits + more)

    def change_in_words(self, change: float, more: int = 0) -> str:
        """A signed change with its unit, for a sentence: `−28 points`, `+0.4 hours`."""
        return self._in_unit(self.change(change, more))

    def distance_in_words(self, distance: float, more: int = 0) -> str:
        """A distance without a sign, with its unit: `28 points`."""
        return self._in_unit(self.change(abs(distance), more).removeprefix("+"))

    def size(self, change: float, more: int = 0) -> str:
        """A signed change with its unit in the few letters that a finding has room for: `−28 pts`, `+0.4`."""
        text = self.change(change, more)
        return self._with_unit(text) if self.mean else self.language.say("{change} pts", change=text)

    def tick_step(self, span: float, most: int) -> float:
        """The step between ticks, in the axis' numbers, of which at most `most` fit into `span`."""
        smallest = 0 if not self.mean else -self.digits - 1
        steps = (step * 10.0**power for power in count(smallest) for step in STEPS)
        return next(step for step in steps if span / step <= most)

    def whole_steps(self, low: float, high: float, step: float) -> tuple[float, float, float]:
        """An axis of whole steps from a number to another, not beyond its ends; and the step."""
        first, last = self.ends
        return max(np.floor(low / step) * step, first), min(np.ceil(high / step) * step, last), step

    def tick_texts(self, ticks: Sequence[float], step: float) -> list[str]:
        """What stands at ticks, given in the axis' numbers; the last of a share has its percent sign."""
        digits = _decimals(step)
        texts = [self.language.number(tick, digits) for tick in ticks]
        if texts and not self.mean:
            texts[-1] = self.language.percent(ticks[-1] / 100)
        return texts

    def _span(self, low: float, high: float, digits: int) -> str:
        ends = [self.language.number(float(self.drawn(end)), digits) for end in (low, high)]
        if math.isclose(low, high):
            return ends[0]
        # A dash between two numbers reads as one more minus sign where one of them has it.
        below = float(self.drawn(min(low, high))) < 0
        return self.language.say("{low} to {high}", low=ends[0], high=ends[1]) if below else DASH.join(ends)

    def _in_unit(self, text: str) -> str:
        if self.mean:
            return self._with_unit(text)
        message = mark("{change} point") if text.lstrip("+\u2212") == "1" else mark("{change} points")
        return self.language.say(message, change=text)

    def _with_unit(self, text: str) -> str:
        return f"{text} {self.unit}" if self.unit else text


def measure_of(indicator: Measured, language: Language) -> Measure:
    """How an indicator's numbers are told in a language."""
    return Measure(language, indicator.scale, indicator.unit)


def _decimals(number: float) -> int:
    """The decimals that a number of at most six has."""
    return next(
        digits for digits in range(7) if digits == 6 or np.isclose(number, round(number, digits), atol=1e-9)
    )
