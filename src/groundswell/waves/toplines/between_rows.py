"""Rules between the rows of `toplines.csv`, and between them and `survey.toml`.

Each yields what breaks it as line, column and message.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from groundswell.dates import date_format
from groundswell.errors import nearest
from groundswell.waves.surveys.house_names import same_house
from groundswell.waves.surveys.survey_toml import MEAN, Indicator, Survey
from groundswell.waves.toplines.margin_of_error import effective_n
from groundswell.waves.toplines.row import DATES, ReadRow
from groundswell.waves.toplines.twice import same_category

Found = tuple[int, str, str]
# what all rows of one wave must agree on, where they say it
OF_THE_KEY = frozenset({"indicator", "variant", "house", "mode", "category", "start", "end"})
OF_THE_WAVE = ("precision", "n", "deff")
BELIEVED_DEFF = (0.1, 100.0)


def date_formats(written: Iterable[tuple[int, dict[str, str]]]) -> Iterator[Found]:
    """Two ways of writing dates in one column, with a line of each."""
    first: dict[str, dict[str, tuple[int, str]]] = {column: {} for column in DATES}
    for line, cells in written:
        for column in DATES:
            if cells[column]:
                first[column].setdefault(date_format(cells[column]), (line, cells[column]))
    for column, formats in first.items():
        if len(formats) > 1:
            (line, text), (other_line, other) = list(formats.values())[:2]
            message = (
                f"has two date formats in one column: `{text}` (line {line}) and `{other}` "
                f"(line {other_line}); write every date as 2022-02-24"
            )
            yield other_line, column, message


def wave_faults(rows: Sequence[ReadRow]) -> Iterator[Found]:
    """Duplicate rows, rows of a wave that disagree, shares that sum above 1.

    A row in which something is wrong takes part as far as it can be read.
    """
    waves: dict[tuple[object, ...], dict[str, ReadRow]] = defaultdict(dict)
    for row in rows:
        if row.end is None or row.wrong & OF_THE_KEY:
            continue
        twin = waves[row.wave].setdefault(row.category, row)
        if twin is not row:
            yield row.line, "category", same_category(twin, row)
    for categories in waves.values():
        wave = list(categories.values())
        yield from _disagreements(wave)
        least = sum(row.least_share for row in wave)
        if least > 1 + sum(row.rounding for row in wave) / 2 + 1e-9:
            lines = ", ".join(str(row.line) for row in wave)
            yield wave[0].line, "share", f"the wave's categories sum to {least:.4g}, above 1 (lines {lines})"


def _disagreements(wave: list[ReadRow]) -> Iterator[Found]:
    """One wave has one n, one deff and one precision."""
    for column in OF_THE_WAVE:
        stated = [(getattr(row, column), row.line) for row in wave if getattr(row, column) is not None]
        for value, line in stated[1:]:
            if value != stated[0][0]:
                message = f"must be the same in every row of a wave: {stated[0][0]} (line {stated[0][1]}), {value} here"
                yield line, column, message


def link_faults(rows: Sequence[ReadRow], survey: Survey) -> Iterator[Found]:
    """Rows that name what `survey.toml` does not have, or that contradict it; a cell that is empty names nothing."""
    seen: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for row in rows:
        if row.house in survey.houses:
            yield from _margin_faults(row, survey)
        elif row.house:
            yield row.line, "house", f"no such house `{row.house}`; {_nearest_house(row.house, survey)}"
        if not row.indicator or not row.variant:
            continue
        indicator = survey.indicators.get(row.indicator)
        if indicator is None:
            message = f"no such indicator `{row.indicator}`; {nearest(row.indicator, survey.indicators)}"
            yield row.line, "indicator", message
        elif row.variant not in indicator.variants:
            way_out = nearest(row.variant, indicator.variants)
            yield row.line, "variant", f"`{row.indicator}` has no variant `{row.variant}`; {way_out}"
        else:
            if row.house != (house := indicator.variants[row.variant].house) and row.house in survey.houses:
                yield row.line, "house", f"`{row.variant}` is a variant of house `{house}`, got `{row.house}`"
            yield from _mean_faults(row, indicator, first=row.indicator not in {key for key, _ in seen})
            yield from _answer_faults(row, indicator.variants[row.variant].answers)
            if row.category:
                seen[row.indicator, row.variant].setdefault(row.category, row.line)
    for (indicator_key, variant), categories in seen.items():
        indicator = survey.indicators[indicator_key]
        for category in () if indicator.scale else indicator.counted_by(variant):
            if category not in categories:
                message = f"the numerator of `{variant}` names `{category}`, which no row has; "
                yield min(categories.values()), "category", message + nearest(category, categories)


def _answer_faults(row: ReadRow, answers: Sequence[str]) -> Iterator[Found]:
    """An answer that is not among all of them, where they are stated."""
    if answers and row.category and row.category not in answers:
        message = f"`{row.category}` is not among the `answers` of `{row.variant}`; "
        yield row.line, "category", message + nearest(row.category, answers)


def _mean_faults(row: ReadRow, indicator: Indicator, *, first: bool) -> Iterator[Found]:
    """A mean that is called a category of answers, or whose error nothing tells; the latter once an indicator."""
    if indicator.statistic != MEAN:
        return
    if row.category and row.category != MEAN:
        message = f"`{row.indicator}` is a mean in survey.toml: write `{MEAN}` as its category, got `{row.category}`"
        yield row.line, "category", message
    if indicator.sd is None and first:
        message = (
            f"`{row.indicator}` is a mean whose respondents are not here, and n alone does not tell its error: write "
            "the standard deviation between people, in the scale's own numbers, as `sd = 2.1` under "
            f"`[indicators.{row.indicator}]` in survey.toml"
        )
        yield row.line, "share", message


def _nearest_house(written: str, survey: Survey) -> str:
    """The way out where no house has this key: the house whose key or name it is otherwise written, or the nearest."""
    for key, house in survey.houses.items():
        if same_house(written, key) or same_house(written, house.name):
            return (
                f"did you mean `{key}`, the key of `{house.name}`? known: {', '.join(sorted(survey.houses))}"
            )
    return nearest(written, survey.houses)


def _margin_faults(row: ReadRow, survey: Survey) -> Iterator[Found]:
    """A margin that cannot be true of this n."""
    if row.moe is None or row.n is None or row.share is None:
        return
    indicator = survey.indicators.get(row.indicator)
    sd = None if indicator is None else indicator.place_sd
    worth = effective_n(row.moe, share=row.share, moe_is=survey.houses[row.house].moe_is, sd=sd)
    if worth is not None and not BELIEVED_DEFF[0] <= row.n / worth <= BELIEVED_DEFF[1]:
        message = (
            f"a margin of {row.moe:g} at a share of {row.share:g} with n = {row.n} means a design effect of "
            f"{row.n / worth:.3g}: check the margin (half width, in share units, at 95%) and n"
        )
        yield row.line, "moe", message
