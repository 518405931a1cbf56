"""The kinds of fields that the TOML files of a survey have, each checked where it is read.

Labels are text that others wrote: they are kept as they are, only characters that cannot be seen are refused; whoever
shows them escapes them.
"""

from __future__ import annotations

from datetime import date
from math import isfinite
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from groundswell.waves.surveys.answer_scale import Ends
from groundswell.waves.surveys.fieldwork import unlikely
from groundswell.waves.toml.textfile import unseen

KEY: Final = r"[a-z0-9][a-z0-9_-]*"


def _seen(text: str) -> str:
    if (character := unseen(text)) is not None:
        message = "holds the character {character}, which cannot be seen: delete it"
        raise PydanticCustomError("unseen", message, {"character": character})
    if not text.strip():
        raise PydanticCustomError("blank", "is empty: write it, or delete the key if it is optional")
    return text


def _one_line(text: str) -> str:
    if "\n" in text or "\r" in text:
        raise PydanticCustomError("lines", "must be one line of text")
    return _seen(text)


def _some(labels: tuple[str, ...]) -> tuple[str, ...]:
    if not labels:
        raise PydanticCustomError("none", "must name at least one")
    return labels


def _rising(ends: Ends) -> Ends:
    if not (isfinite(ends[0]) and isfinite(ends[1]) and ends[0] < ends[1]):
        raise PydanticCustomError(
            "rising", "must be two numbers, the lowest answer and then the highest, as [0, 10]"
        )
    return ends


def _known_day(day: date) -> date:
    if (fault := unlikely(day)) is not None:
        raise PydanticCustomError("date_unlikely", "{fault}", {"fault": fault})
    return day


Text = Annotated[str, AfterValidator(_seen)]
Label = Annotated[str, AfterValidator(_one_line)]
Key = Annotated[str, StringConstraints(pattern=rf"^{KEY}$")]
Url = Annotated[Label, StringConstraints(pattern=r"^https?://\S+$")]
Day = Annotated[date, AfterValidator(_known_day)]
Deff = Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]
Labels = Annotated[tuple[Label, ...], Field(strict=False), AfterValidator(_some)]
AnswerScale = Annotated[Ends, Field(strict=False), AfterValidator(_rising)]


class Record(BaseModel):
    """A frozen record that refuses unknown keys and guesses no type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
