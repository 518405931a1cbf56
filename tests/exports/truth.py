"""The small survey that every layout writes: what each respondent said."""

from __future__ import annotations

from dataclasses import dataclass

MOODS = ("calm", "anxious", "hopeful")
WORRIES = ("Prices", "War", "Health")


@dataclass(frozen=True)
class Answers:
    """One respondent: the place of the mood in `MOODS` from 1, the places of worries from 1, age and weight."""

    number: int
    mood: int
    worries: tuple[int, ...]
    age: int
    weight: float


def answers(n: int = 12) -> list[Answers]:
    """`n` respondents: a third of each mood; worries of a half, a third and a sixth."""
    return [
        Answers(
            number=place + 1,
            mood=place % 3 + 1,
            worries=tuple(worry for worry, every in ((1, 2), (2, 3), (3, 6)) if place % every == 0),
            age=18 + place,
            weight=0.5 + place % 4 * 0.25,
        )
        for place in range(n)
    ]
