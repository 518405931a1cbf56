"""`waves/<wave>.toml`: where a wave's respondents are, how they were drawn, and which answers are counted.

docs/formats-microdata.md lists every key; `like` has what a wave takes over from another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from groundswell.errors import InputError
from groundswell.vocabulary import LonelyPsu, ReplicateKind
from groundswell.waves.respondents.codes import Code
from groundswell.waves.respondents.layouts.layout import DecimalSign, LayoutName, ReadOptions
from groundswell.waves.surveys.answer_scale import Ends
from groundswell.waves.surveys.fields import Day, Key, Label, Record, Text, Url
from groundswell.waves.surveys.fieldwork import Precision
from groundswell.waves.surveys.survey_toml import Certainty, Survey
from groundswell.waves.toml.lines import Path as TomlPath
from groundswell.waves.toml.record import Found, check_record, refuse
from groundswell.waves.wave.like import stated
from groundswell.waves.wave.rules import broken_rules
from groundswell.waves.wave.weighting_rules import WeightingRules

Codes = Annotated[tuple[Code, ...], Field(strict=False, min_length=1)]
Named = Text
"""A column, or an answer, as the file names it: forms write questions with line breaks into their names."""

Columns = Annotated[tuple[Named, ...], Field(strict=False)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

ESTIMATES = ".estimates.json"
"""What the file of a wave's kept estimates is called after the name of its TOML."""

COVARIANCE = "covariance.json"
"""Name of the file next to the waves that keeps the covariance of waves with the same PSUs."""


class DesignColumns(Record):
    """How the respondents were drawn: the columns of weights, strata, PSUs and replicate weights.

    `psu_recur` says that a PSU's code stands for the same PSU in every wave of the house that says so; their
    sampling errors then go together. It is not taken for granted, since many files number PSUs anew.
    """

    id: Named | None = None
    weight: Named | None = None
    weights_file: Label | None = None
    strata: Columns = ()
    psu: Columns = ()
    fpc: Columns = ()
    nest: bool = False
    psu_recur: bool = False
    lonely_psu: LonelyPsu = "fail"
    replicates: Columns = ()
    replicate_kind: ReplicateKind | None = None
    fay_rho: float | None = None
    scale: float | None = None
    rscales: Annotated[tuple[float, ...], Field(strict=False)] | None = None
    mse: bool = False
    combined: bool = True
    df: Annotated[float, Field(gt=0)] | None = None


class Reading(Record):
    """How the file is read, where that is not to be found by itself."""

    layout: LayoutName | None = None
    sheet: Label | None = None
    header_row: Annotated[int, Field(ge=1)] | None = None
    encoding: Label | None = None
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] | None = None
    decimal: DecimalSign | None = None
    catalogue: Label | None = None
    separators: dict[Named, str] = Field(default_factory=dict)


class CountedAnswer(Record):
    """How an indicator is counted: codes of one item, a sum of scores that reaches a limit, or answers of a set.

    Of a mean: the number in one item, or the sum of the items' scores, without `numerator` and `at_least`."""

    variant: Key
    item: Named | None = None
    items: Columns = ()
    numerator: Codes | None = None
    valid: Codes | None = None
    missing: Annotated[tuple[Code, ...], Field(strict=False)] = ()
    score_offset: int = 0
    at_least: float | None = None
    option: Named | None = None
    any_of: Columns = ()
    asked: Literal["everyone"] | dict[Named, Codes] | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns whose codes are counted; none of a question with several answers."""
        if self.options:
            return ()
        return (self.item,) if self.item is not None else self.items

    @property
    def is_one_number(self) -> bool:
        """Whether a mean is of the numbers in one column as they stand, not of sums."""
        return len(self.columns) == 1 and self.score_offset == 0

    @property
    def options(self) -> tuple[str, ...]:
        """The answers that are counted of a question with several answers."""
        return self.any_of if self.option is None else (self.option,)

    @property
    def asked_codes(self) -> dict[str, tuple[Code, ...]]:
        """Who was asked a question with several answers, as codes by column; none is everyone."""
        return self.asked if isinstance(self.asked, dict) else {}


class DomainRule(Record):
    """A subpopulation variable: categories by codes, or the limits that cut a number into bands."""

    column: Named
    categories: dict[Label, Codes] | None = None
    breaks: Annotated[tuple[float, ...], Field(strict=False, min_length=1)] | None = None
    missing: Annotated[tuple[Code, ...], Field(strict=False)] = ()


class WaveFile(Record):
    """What `waves/<wave>.toml` says, with what it takes over from the wave that it is like."""

    file: Label
    sha256: Sha256
    house: Key
    start: Day
    end: Day
    precision: Precision = "day"
    published: Day | None = None
    mode: Label | None = None
    rows: dict[Named, Codes] = Field(default_factory=dict)
    interview_date: Named | None = None
    missing: Annotated[tuple[Code, ...], Field(strict=False)] = ()
    reading: Reading = Reading()
    certainty: Certainty = "computed_from_microdata"
    source_title: Label = ""
    source_url: Url | None = None
    download: Url | None = None
    licence: Label | None = None
    simulated: bool = False
    note: Text | None = None
    design: DesignColumns = DesignColumns()
    indicators: dict[Key, CountedAnswer] = Field(min_length=1)
    domains: dict[Key, DomainRule] = Field(default_factory=dict)
    weighting: WeightingRules = WeightingRules()


class Wave(WaveFile):
    """A wave of respondents: what its file says, and where it stands.

    `scales` has the ends of the answer scale of each indicator that is a mean, as its survey states them. `lines` has
    the line of each key that the file states itself, for faults that only its respondents show. Its survey's words are
    those for no answer, and by indicator those of the answers that its variant counts.
    """

    name: str
    toml: Path
    scales: dict[str, Ends] = Field(default_factory=dict)
    lines: Mapping[TomlPath, int] = Field(default_factory=dict, exclude=True, repr=False)
    no_answer_words: tuple[str, ...] = Field(default=(), exclude=True, repr=False)
    counted_words: Mapping[str, tuple[str, ...]] = Field(default_factory=dict, exclude=True, repr=False)

    @property
    def respondents(self) -> Path:
        """The file of respondents, which may be absent where access is restricted."""
        return self.toml.parent / self.file

    @property
    def survey_folder(self) -> Path:
        """The folder of the wave's survey."""
        return self.toml.parent.parent

    @property
    def read_options(self) -> ReadOptions:
        """How the file of respondents is to be read."""
        stated = self.reading.model_dump()
        if self.reading.catalogue is not None:
            stated["catalogue"] = str(self.toml.parent / self.reading.catalogue)
        return ReadOptions(**stated, missing=self.missing)

    def beside(self, ending: str) -> Path:
        """The file next to the wave's TOML that is called after the wave."""
        return self.toml.with_name(f"{self.name}{ending}")

    @property
    def declared(self) -> bool:
        """Whether the wave is one of many that its TOML makes of one file."""
        return self.name != self.toml.stem

    @property
    def weights(self) -> Path | None:
        """The file of weights that `groundswell weight` wrote next to the wave, if the wave names one."""
        named = self.design.weights_file
        return None if named is None else self.toml.parent / named

    @property
    def columns(self) -> dict[str, TomlPath]:
        """Every column that this wave needs of its file, with a key that names it; replicate patterns left out."""
        design = self.design
        named: dict[TomlPath, tuple[str | None, ...]] = {
            ("design", "strata"): design.strata,
            ("design", "psu"): design.psu,
            ("design", "fpc"): design.fpc,
            ("design", "replicates"): tuple(column for column in design.replicates if "*" not in column),
            ("design", "id"): (design.id,),
            ("design", "weight"): (design.weight,),
            ("interview_date",): (self.interview_date,),
            **{("indicators", key): answer.columns for key, answer in self.indicators.items()},
            **{
                ("indicators", key, "asked"): tuple(each.asked_codes) for key, each in self.indicators.items()
            },
            **{("domains", key): (rule.column,) for key, rule in self.domains.items()},
            ("rows",): tuple(self.rows),
        }
        return {column: path for path, columns in named.items() for column in columns if column is not None}

    def refuse(self, found: Iterable[Found]) -> None:
        """Refuse the wave where anything was found wrong with it.

        Raises: FaultsError with each fault on its line.
        """
        place = f"in the wave `{self.name}`: " if self.declared else ""
        refuse(self.toml, self.lines, ((path, f"{place}{message}") for path, message in found))


def list_waves(survey: Survey) -> list[Path]:
    """The wave files of a survey, sorted by name."""
    return sorted((survey.folder / "waves").glob("*.toml"))


def load_wave(file: Path | str, survey: Survey) -> Wave:
    """The wave that `file` describes, checked against its survey; its respondents are not touched.

    Raises: FaultsError with everything wrong in the file, each fault with its line; also where it declares many waves.
    """
    file = Path(file)
    values, lines = stated(file)
    if "wave_column" in values:
        message = f"makes many waves of one file: name one with `wave=`, which is `{file.stem}-` and its code"
        refuse(file, lines, [(("wave_column",), message)])
    return checked_wave(file, file.stem, values, lines, survey)


def checked_wave(
    file: Path, name: str, values: dict[str, Any], lines: Mapping[TomlPath, int], survey: Survey
) -> Wave:
    """The wave `name` that `values` describe, as they stand in `file`.

    Raises: FaultsError with everything wrong, each fault with its line.
    """
    check_record(file, lines, values, WaveFile, broken_rules(values, survey, file.parent))
    words = {
        key: survey.indicators[key].variants[answer["variant"]].numerator
        for key, answer in values["indicators"].items()
    }
    scales = {
        key: scale for key in values["indicators"] if (scale := survey.indicators[key].scale) is not None
    }
    known = {"no_answer_words": survey.no_answer_words, "counted_words": words, "scales": scales}
    return Wave.model_validate({**values, "name": name, "toml": file.resolve(), "lines": lines, **known})


def survey_of(toml: Path | str) -> Path:
    """The survey folder in whose `waves/` a wave file stands.

    Raises: InputError where the file stands elsewhere.
    """
    folder = Path(toml).resolve().parent
    if folder.name != "waves" or not (folder.parent / "survey.toml").is_file():
        raise InputError(f"`{toml}` is not a survey's wave: wave files stand in surveys/<survey>/waves/")
    return folder.parent
