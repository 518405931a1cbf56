"""What each wave printed of a question: its row of the observations table, and the share of every answer.

The row is that of the answer which is followed, the first one; a survey's rows are those that its trend is fitted to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from groundswell.errors import InputError, nearest
from groundswell.trends.data.left_out_codes import CATEGORY, RESPONDENTS, Reason, read_reasons, reasons_text
from groundswell.waves import Survey, known_on, read_toplines, topline_waves
from groundswell.waves.toplines.summed_answers import Printed

SUMMED: Final = " + "
"""Between the names of answers that are followed as one."""
CATEGORY_COLUMN: Final = "category"
_WAVE: Final = ("indicator", "domain", "variant", "house", "mode", "start", "end")


class PrintedWave(NamedTuple):
    """One wave's answers by name, and whether it counts: `mine` says that its wording asks the whole question (and not
    only its first answer), `used` that nothing but respondents of its own keeps it out of the trend."""

    answers: Mapping[str, Printed]
    mine: bool
    used: bool


class PrintedQuestion(NamedTuple):
    """What is known of a question before it is split.

    `rows` are those of the first answer, one a wave, and `waves` what each printed. `first` is the name of the first
    answer; `declared` are all answers, where they were stated.
    """

    rows: pd.DataFrame
    waves: Sequence[PrintedWave]
    first: str
    declared: tuple[str, ...]


def printed_in_survey(survey: Survey, key: str, rows: pd.DataFrame, as_of: pd.Timestamp) -> PrintedQuestion:
    """What a survey's waves printed of the question of one indicator; `rows` are those of its trend.

    The question is that of the wording which is the indicator's reference, else of the one in which most waves print
    more than the answers that count. Other wordings ask the same where the same answers count and no other answer is
    printed or stated; of the rest only the first answer is used.

    Raises: InputError for a mean, which has no answers that add up.
    """
    indicator = survey.indicators[key]
    if indicator.scale is not None:
        raise InputError(f"`{key}` is a mean: only an indicator that is a share has answers that add up to 1")
    toplines = read_toplines(survey)
    mine = toplines[toplines["indicator"] == key]
    known = mine[known_on(mine) <= as_of]
    found: dict[tuple[Any, ...], list[Mapping[str, Printed]]] = defaultdict(list)
    for wave in topline_waves(survey, known):
        days = (pd.Timestamp(wave["start"]), pd.Timestamp(wave["end"]))
        counted = indicator.counted_by(wave["variant"])
        found[(wave["variant"], wave["house"], wave["mode"], *days)].append(_summed(wave["answers"], counted))
    names = ["variant", "house", "mode", "start", "end", "origin"]
    each: list[Mapping[str, Printed]] = []
    for *wave_key, origin in rows[names].itertuples(index=False, name=None):
        each.append(found[tuple(wave_key)].pop(0) if origin == "topline" else {})
    variants, used = rows["variant"].tolist(), _used(rows)
    numbers: dict[str, int] = defaultdict(int)
    for variant, answers, counts in zip(variants, each, used, strict=True):
        numbers[variant] += counts and len(answers) > 1
    asked = indicator.reference or max(sorted(numbers), key=lambda one: numbers[one])
    first = indicator.counted_by(asked)
    declared = _followed(indicator.variants[asked].answers, first)
    everything = {*declared} or {
        name for v, a in zip(variants, each, strict=True) if v == asked for name in a
    }

    def same(variant: str) -> bool:
        other = indicator.variants[variant]
        printed = {name for v, a in zip(variants, each, strict=True) if v == variant for name in a}
        stated = set(_followed(other.answers, first)) or everything
        return other.numerator == first and printed <= everything and stated == everything

    is_same = {variant: variant == asked or same(variant) for variant in dict.fromkeys(variants)}
    waves = [PrintedWave(a, is_same[v], u) for v, a, u in zip(variants, each, used, strict=True)]
    return PrintedQuestion(rows, waves, SUMMED.join(first), declared)


def _summed(answers: Mapping[str, Printed], counted: Sequence[str]) -> dict[str, Printed]:
    """The answers of a wave, those that count as one, which is missing where one of them is."""
    others = {name: part for name, part in answers.items() if name not in counted}
    parts = [answers[name] for name in counted if name in answers]
    if len(parts) < len(counted):
        return others
    rounding = float(np.sqrt(sum(part.rounding**2 for part in parts)))
    return {
        SUMMED.join(counted): Printed(
            sum(part.low for part in parts), min(1.0, sum(part.high for part in parts)), rounding
        ),
        **others,
    }


def _followed(answers: Sequence[str], counted: Sequence[str]) -> tuple[str, ...]:
    """All answers with those that count as one, first; none where none were stated."""
    return (SUMMED.join(counted), *(name for name in answers if name not in counted)) if answers else ()


def _used(rows: pd.DataFrame) -> list[bool]:
    """Which rows count: those of the trend, and those that stand aside for respondents, who gave the first answer."""
    return [all(reason.code == RESPONDENTS for reason in read_reasons(text)) for text in rows["left_out"]]


def printed_in_table(table: pd.DataFrame, first: str, declared: Sequence[str]) -> PrintedQuestion:
    """What the rows of a table of answers say, one row an answer of a wave, named in the column `category`.

    Raises: InputError for an answer of a wave that stands in two rows, and for an impossible share.
    """
    table = table.reset_index(drop=True)
    keys = [name for name in _WAVE if name in table]
    filled = table[keys].astype("object").fillna("")
    groups = filled.groupby(keys, sort=False, dropna=False).ngroup().to_numpy()
    left_out = table["left_out"].fillna("") if "left_out" in table else pd.Series("", index=table.index)
    ranges = [_column(table, name) for name in ("range_low", "range_high")]
    shares, steps = _column(table, "share"), np.nan_to_num(_column(table, "rounding"))
    waves: dict[int, dict[str, Printed]] = defaultdict(dict)
    places: dict[int, int] = {}
    names = table[CATEGORY_COLUMN].astype(str).tolist()
    for place, (group, name) in enumerate(zip(groups.tolist(), names, strict=True)):
        low, high = (float(end[place] if np.isfinite(end[place]) else shares[place]) for end in ranges)
        if not 0.0 <= low <= high <= 1.0:
            asked = _wave_words(table, place)
            raise InputError(
                f"`share` must lie between 0 and 1 (a share, not a percent); {asked} has {low:g}"
            )
        if name in waves[group]:
            asked = _wave_words(table, place)
            raise InputError(f"`category`: {asked} has `{name}` twice: keep one row an answer")
        waves[group][name] = Printed(low, high, float(steps[place]))
        if name == first or group not in places:
            places[group] = place
    order = sorted(waves)
    rows = table.iloc[[places[group] for group in order]].copy()
    lacks = [first not in waves[group] for group in order]
    missing = reasons_text([Reason(CATEGORY, first)])
    rows["left_out"] = np.where(lacks, missing, left_out.loc[rows.index].astype(str))
    used = _used(rows)
    each = [PrintedWave(waves[group], True, counts) for group, counts in zip(order, used, strict=True)]
    return PrintedQuestion(rows, each, first, tuple(declared))


def _wave_words(table: pd.DataFrame, place: int) -> str:
    """A wave as an error names it, by the place of one of its rows."""
    row = table.iloc[place]
    return f"the wave of `{row['house']}` that ended {row['end']!s:.10}"


def check_table(table: pd.DataFrame, first: str | None, declared: Sequence[str]) -> str:
    """The name of the first answer of a table: the one given, the first declared, or the one most waves print.

    Raises: InputError for a table without the column `category`, and for a name that no row has.
    """
    if CATEGORY_COLUMN not in table:
        got = ", ".join(map(str, table.columns))
        raise InputError(
            f"a table of answers needs the column `{CATEGORY_COLUMN}`, which names them; got: {got}"
        )
    names = table[CATEGORY_COLUMN].astype(str)
    if first is None and not declared:
        counts = names.value_counts()
        shares = pd.Series(_column(table, "share"), index=table.index).groupby(names).mean()
        return str(min(counts.index, key=lambda name: (-counts[name], -shares[name], name)))
    found = first if first is not None else declared[0]
    if found not in set(names):
        raise InputError(f"`first=`: no row has the category `{found}`; {nearest(found, set(names))}")
    if declared and not {*names} <= {*declared}:
        other = next(name for name in names if name not in declared)
        raise InputError(f"`answers=` lacks `{other}`, which the table has; {nearest(other, declared)}")
    return found


def _column(table: pd.DataFrame, name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """A column of numbers, NaN where it is missing."""
    if name not in table:
        return np.full(len(table), np.nan)
    return pd.to_numeric(table[name]).to_numpy(dtype=np.float64, na_value=np.nan)
