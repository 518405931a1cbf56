"""Which answers a question has, and in which order they are split off.

The first is the one that is followed. Each next one must be printed by some wave next to all that come before it, or
nothing would say what part of the rest it is. Two kinds of question:

- *whole*: its answers are known to add up to 1, since all were declared, or since some wave that prints all of them
  does. An answer that a wave of such a question leaves out is what the others leave;
- otherwise what no printed answer names is an answer of its own, the last one, `REST`.

Worked example: waves print anxious and calm, some hard to say too, .70 + .26 + .04. The order is anxious, calm, hard to
say, and a wave of .55 and .39 has .06 for hard to say. Had no wave a third answer, it would be anxious, calm, rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from groundswell.trends.questions.printed import SUMMED, PrintedQuestion
from groundswell.waves.toplines.summed_answers import Printed

REST: Final = "rest"
"""The name of the answer that stands for all that is not printed; a printed answer of this name is it."""
REFUSED: Final = 0.005
"""Answers that miss 1 by so much are all answers: a few refusals are seldom printed."""
ROUNDED: Final = 1e-9


class Order(NamedTuple):
    """The `answers` in their order, the last being what all others leave; of a `whole` question the printed names that
    add up to 1 are `printed`, of another one there are none."""

    answers: tuple[str, ...]
    printed: tuple[str, ...]


def order_of(question: PrintedQuestion) -> Order:
    """The order in which the answers of a question are split off.

    Declared answers come in their order; one that no wave prints next to those before it stays with the last.
    Otherwise the next is the one that most waves print next to those before it; of two the larger, then by name.
    """
    waves = [wave.answers for wave in question.waves if wave.mine and wave.used]
    if question.declared:
        whole = question.declared
        filled = [with_missing(wave, whole) for wave in waves]
        chosen: list[str] = [question.first]
        for answer in whole[1:-1]:
            if any(all(each in wave for each in (*chosen, answer)) for wave in filled):
                chosen.append(answer)
        left = [name for name in whole if name not in chosen]
        return Order((*chosen, SUMMED.join(left)) if left else tuple(chosen), whole)
    chosen = [question.first]
    while (name := _next(waves, chosen)) is not None:
        chosen.append(name)
    if any(adds_up(wave, chosen) for wave in waves) and len(chosen) > 1:
        return Order(tuple(chosen), tuple(chosen))
    return Order((*(name for name in chosen if name != REST), REST), ())


def _next(waves: Sequence[Mapping[str, Printed]], chosen: Sequence[str]) -> str | None:
    """The answer that most waves print next to the chosen ones."""
    shares: dict[str, list[float]] = {}
    for wave in waves:
        if all(name in wave for name in chosen):
            for name, part in wave.items():
                if name not in chosen:
                    shares.setdefault(name, []).append((part.low + part.high) / 2.0)
    ranked = sorted(shares, key=lambda name: (name == REST, -len(shares[name]), -np.mean(shares[name]), name))
    return ranked[0] if ranked else None


def with_missing(wave: Mapping[str, Printed], whole: Sequence[str]) -> Mapping[str, Printed]:
    """The wave of a whole question with the one answer that it leaves out: what the others leave of 1."""
    missing = [name for name in whole if name not in wave]
    if len(missing) != 1 or len(whole) < 2:
        return wave
    parts = [wave[name] for name in whole if name in wave]
    low, high = (max(0.0, 1.0 - sum(ends)) for ends in zip(*((p.high, p.low) for p in parts), strict=True))
    rounding = float(np.sqrt(sum(part.rounding**2 for part in parts)))
    return {**wave, missing[0]: Printed(low, high, rounding)}


def adds_up(wave: Mapping[str, Printed], whole: Sequence[str]) -> bool:
    """Whether a wave prints all answers and they are 1, within what rounding and a few refusals explain."""
    return all(name in wave for name in whole) and not too_small(wave, whole) and not too_large(wave)


def too_small(wave: Mapping[str, Printed], whole: Sequence[str]) -> bool:
    """Whether the answers of a wave that prints all of them fall short of 1."""
    if not whole or any(name not in wave for name in whole):
        return False
    return sum(part.high for part in wave.values()) < 1.0 - _allowed(wave)


def too_large(wave: Mapping[str, Printed]) -> bool:
    """Whether the answers of a wave exceed 1."""
    return sum(part.low for part in wave.values()) > 1.0 + _allowed(wave)


def _allowed(wave: Mapping[str, Printed]) -> float:
    return max(REFUSED, sum(part.rounding for part in wave.values()) / 2.0) + ROUNDED
