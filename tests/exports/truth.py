"""The small survey that every layout writes: what each respondent said."""

from __future__ import annotations

from dataclasses import dataclass

NO_ANSWER = 99
MOODS = {1: "calm", 2: "anxious", 3: "hopeful", NO_ANSWER: "Refused"}
WORRIES = ("Prices", "War", "Health")


@dataclass(frozen=True)
class Answers:
    """One respondent: the code of the mood, the places of worries from 1, age, weight, region and day of March 2024."""

    number: int
    mood: int
    worries: tuple[int, ...]
    age: int
    weight: float
    region: str = "North"
    day: int = 1


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
