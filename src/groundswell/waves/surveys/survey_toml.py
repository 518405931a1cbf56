"""`survey.toml` -> a survey: what it measures, who asked, in which words; or every fault in it with its line.

Each record mirrors one table of the file (docs/formats.md lists every key), and one that exists is valid.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from groundswell.errors import FaultsError
from groundswell.reprs import as_lines
from groundswell.waves.surveys.answer_scale import Ends
from groundswell.waves.surveys.bridge import Bridge
from groundswell.waves.surveys.declared_mood import DeclaredMood
from groundswell.waves.surveys.fields import (
    KEY,
    AnswerScale,
    Day,
    Deff,
    Key,
    Label,
    Labels,
    Record,
    Text,
    Url,
)
from groundswell.waves.surveys.inside import refuse_links_out
from groundswell.waves.surveys.planned_report import PlannedReport
from groundswell.waves.surveys.survey_rules import broken_links
from groundswell.waves.surveys.watch_rule import WatchRule
from groundswell.waves.toml.lines import Path as TomlPath
from groundswell.waves.toml.record import BROKEN_LINKS, check_record, read_toml, tables_in

MEAN: Final = "mean"
"""The `statistic` of an indicator that is one, and the `category` of its rows in `toplines.csv`."""
Certainty = Literal[
    "verbatim_primary", "computed_from_microdata", "verbatim_secondary", "derived", "unverified_quote"
]


class Variant(Record):
    """One wording (or answer scale, or reference period) of an indicator, asked by one house.

    `numerator` holds the answers that a share counts; a mean counts none. `answers` holds all that were offered or
    recorded, "hard to say" among them: in the shares of everyone they add up to 1. Empty where nobody stated them."""

    house: Key
    question: Text
    numerator: Labels = ()
    answers: Annotated[tuple[Label, ...], Field(strict=False)] = ()
    period: Label | None = None
    scale: Label | None = None
    caution: Text | None = None
    fit: bool = True
    fit_reason: Text | None = None


class Indicator(Record):
    """What is followed: the share of people of whom `description` is true, or the mean of `description` on a scale.

    Of a mean, `scale` has the lowest and the highest answer, `unit` what one step of it is called, and `sd` the
    standard deviation between people that published means without respondents are taken to have."""

    title: Label
    description: Label
    higher_is: Literal["worse", "better", "neither"]
    statistic: Literal["share", "mean"] = "share"
    scale: AnswerScale | None = None
    unit: Label | None = None
    sd: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    variants: dict[Key, Variant] = Field(min_length=1)
    reference: Key | None = None

    def counted_by(self, variant: str) -> tuple[str, ...]:
        """The categories of `toplines.csv` that make up the indicator in one variant: of a mean, `mean` alone."""
        return (MEAN,) if self.statistic == MEAN else self.variants[variant].numerator

    @property
    def scale_record(self) -> dict[str, Any]:
        """What tells whoever reads a mean's places in [0, 1] the numbers of its scale, for JSON; empty for a share."""
        stated = {"scale": self.scale and list(self.scale), "unit": self.unit}
        return {name: part for name, part in stated.items() if part is not None}

    @property
    def place_sd(self) -> float | None:
        """`sd` as a part of the scale's width; None for a share, and where it is not stated."""
        return None if self.sd is None or self.scale is None else self.sd / (self.scale[1] - self.scale[0])


class House(Record):
    """An organisation that did fieldwork, with what holds for its waves where a row says nothing.

    `moe_is` says what the `moe` of its rows are: each `share`'s own interval, or the `maximum` margin that
    the house states for a whole survey, which is that of a share of one half
    (docs/decisions/0003-margins.md). `overlap` says what its waves are whose fieldwork overlaps: `rolling` windows
    over the same respondents, or `separate` samples; None: what their dates suggest (docs/method.md).
    `response_rate` is the part of those who were to be asked that answers in its waves (of AAPOR's rates any one; the
    source says which)."""

    name: Label
    url: Url | None = None
    mode: Label = "not stated"
    default_deff: Deff | None = None
    default_deff_source: Text | None = None
    default_n: Annotated[int, Field(ge=1)] | None = None
    moe_is: Literal["share", "maximum"] = "share"
    overlap: Literal["rolling", "separate"] | None = None
    response_rate: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] | None = None
    response_rate_source: Text | None = None


class Event(Record):
    """Something dated that happened; `weigh` lets the trend weigh a shock there, `none` only annotates."""

    date: Day
    label: Label
    shock: Literal["weigh", "none"]
    indicators: Labels | None = None


class SharedBias(Record):
    """The bias that all houses share: its standard deviation on the logit scale and where that is from, or that it is
    to be learnt from where the truth became known (`benchmarks.csv`)."""

    sd: Annotated[float, Field(ge=0, le=3, allow_inf_nan=False)] | None = None
    source: Text | None = None
    learn: Literal["benchmarks"] | None = None


class Disclosure(Record):
    """The items of AAPOR's transparency code as free text, all optional."""

    sponsored_by: Text | None = None
    conducted_by: Text | None = None
    instruments: Text | None = None
    population: Text | None = None
    sampling: Text | None = None
    recruitment: Text | None = None
    mode: Text | None = None
    dates: Text | None = None
    sample_size: Text | None = None
    precision: Text | None = None
    weighting: Text | None = None
    processing: Text | None = None
    quality: Text | None = None
    limitations: Text | None = None
    data_collection: Text | None = None
    contact: Text | None = None


class SurveyFile(Record):
    """What `survey.toml` says."""

    title: Label
    universe: Label
    geography: Label
    licence: Label
    default_deff: Deff
    default_deff_source: Text
    shared_bias: SharedBias
    houses: dict[Key, House] = Field(min_length=1)
    indicators: dict[Key, Indicator] = Field(min_length=1)
    sponsor: Label | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")] = "en"
    minimum_domain_n: Annotated[int, Field(ge=30)] = 30
    no_answer_words: Annotated[tuple[Label, ...], Field(strict=False)] = ()
    disclosure: Disclosure = Disclosure()
    events: Annotated[tuple[Event, ...], Field(strict=False)] = ()
    bridges: Annotated[tuple[Bridge, ...], Field(strict=False)] = ()
    moods: dict[Key, DeclaredMood] = Field(default_factory=dict)
    report: Annotated[tuple[PlannedReport, ...], Field(strict=False)] = ()
    watch: Annotated[tuple[WatchRule, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _links_hold(self) -> SurveyFile:
        faults = [message for _, message in broken_links(self.model_dump())]
        if faults:
            raise PydanticCustomError(BROKEN_LINKS, "{faults}", {"faults": "; ".join(faults)})
        return self


class Survey(SurveyFile):
    """A survey: what its `survey.toml` says, the folder that it stands in and that folder's name."""

    name: str
    folder: Path

    def __repr__(self) -> str:
        """The survey in a few lines: what it measures, in whom, and who asked."""
        return as_lines(
            {
                "survey": f"{self.name}, {self.title}",
                "universe": self.universe,
                "indicators": ", ".join(self.indicators),
                "houses": ", ".join(self.houses),
            }
        )

    __str__ = __repr__

    @property
    def benchmarks(self) -> Path:
        """The file of what became known as true; there need be none."""
        return self.folder / "benchmarks.csv"

    @property
    def toplines(self) -> Path:
        """The file of its published shares."""
        return self.folder / "toplines.csv"


def load_survey(folder: Path | str) -> Survey:
    """The survey that `folder` holds: what its `survey.toml` says, as one record.

    Raises: FaultsError with everything wrong in its `survey.toml`, each fault with its line; with the links where the
    folder holds some that lead out of it.

    Example:
        >>> survey = gs.load_survey("surveys/russia-mood")
        >>> list(survey.indicators)
        ['anxiety', 'planning']
    """
    folder = Path(folder)
    refuse_links_out(folder)
    values, lines = read_toml(folder / "survey.toml")
    return survey_of_values(folder, values, lines)


def survey_of_values(folder: Path, values: Mapping[str, Any], lines: Mapping[TomlPath, int]) -> Survey:
    """The survey in `folder` that these values describe, whose keys stand on these lines of its survey.toml.

    Raises: FaultsError as `load_survey`.
    """
    check_record(folder / "survey.toml", lines, values, SurveyFile, broken_links(values))
    # built from the same values rather than from the record, whose tables would be taken over unchecked
    return Survey.model_validate({**values, "name": folder.resolve().name, "folder": folder.resolve()})


def stated_scales(file: Path) -> dict[str, Ends]:
    """The answer scales of a `survey.toml` in which something else may be wrong, so that its rows are read on them."""
    try:
        values, _ = read_toml(file)
    except FaultsError:
        return {}
    scales: dict[str, Ends] = {}
    for key, indicator in tables_in(values.get("indicators")).items():
        match indicator.get("scale"):
            case [int() | float() as low, int() | float() as high] if low < high:
                scales[key] = (low, high)
    return scales


def is_key(text: str) -> bool:
    """Whether `text` may name a survey, house, indicator or variant: small letters, digits, `-` and `_`."""
    return re.fullmatch(KEY, text) is not None
