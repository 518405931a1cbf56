"""One small survey in every format and layout, and what each calls its columns and answers.

A `Form` writes the same respondents (`truth.Answers`) and says by which names the same questions are then asked; what a
reader finds by itself is not in it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat

from groundswell.waves.respondents.layouts.layout import ReadOptions

from . import layouts
from .layouts import QUESTION, as_text, qualtrics
from .statistical import with_sets
from .truth import MOODS, NO_ANSWER, WORRIES, Answers
from .workbooks import write_xls, write_xlsx

Rows = list[list[str]]
People = Sequence[Answers]

REGIONS = ("North", "South", "East")
UNSTATED = ReadOptions(missing=(NO_ANSWER,))
"""A code without a label: nothing in the file says that it is no answer."""


@dataclass(frozen=True, kw_only=True)
class Form:
    """How respondents are written, and by which names they are asked for.

    Attributes:
        write: writes respondents into a folder, and returns the file.
        ending: of the file.
        anxious: the mood's code or text that is counted.
        names: what the answers to the question with several are called.
        regions: the codes of the regions, in the order of `REGIONS`.
        options: what has to be stated of the file.
        asked_all: whether those who ticked nothing are known to have been asked.
        frame: the file as a table of pandas, where there is such a way.
    """

    write: Callable[[People, Path], Any]
    ending: str
    mood: str = "mood"
    anxious: int | str = 2
    worries: str = "worry"
    names: tuple[str, ...] = ("worry_1", "worry_2", "worry_3")
    region: str = "region"
    regions: tuple[int | str, ...] = REGIONS
    weight: str = "weight"
    day: str = "day"
    options: ReadOptions = field(default=UNSTATED)
    asked_all: bool = True
    frame: Callable[[Path], pd.DataFrame] | None = None


def _beside(rows: Rows, people: People, *heads: Sequence[str], weight: bool = False) -> Rows:
    """The rows of a layout with the region and the day behind them, named by its own rows of names."""
    cells = [
        [one.region, f"2024-03-{one.day:02}", *([f"{one.weight:.2f}"] if weight else [])] for one in people
    ]
    return [[*row, *more] for row, more in zip(rows, [*heads, *cells], strict=True)]


def plain(people: People) -> Rows:
    return _beside(layouts.plain(people), people, ["region", "day"])


def titled(people: People) -> Rows:
    return _beside(layouts.titled(people), people, *[["", ""]] * 3, ["region", "day"])


def two_headers(people: People) -> Rows:
    return _beside(layouts.two_headers(people), people, ["", ""], ["region", "day"])


def three_rows(people: People) -> Rows:
    ids = [f'{{"ImportId":"QID{number}"}}' for number in (8, 9)]
    return _beside(qualtrics(people), people, ["region", "day"], ["Where do you live?", "Day"], ids)


def two_rows(people: People) -> Rows:
    rows = qualtrics(people, import_ids=False)
    return _beside(rows, people, ["region", "day"], ["Where do you live?", "Day"])


def surveymonkey(people: People) -> Rows:
    rows = layouts.surveymonkey(people)
    return _beside(rows, people, ["Where do you live?", "Day"], ["Response", "Open-Ended Response"])


def limesurvey(people: People) -> Rows:
    return _beside(layouts.limesurvey(people), people, ["region", "day"])


def kobo(people: People) -> Rows:
    return _beside(layouts.kobo(people), people, ["about/region", "about/day"])


def google_forms(people: People) -> Rows:
    return _beside(layouts.google_forms(people), people, ["Region, city", "Day", "weight"], weight=True)


RUSSIAN = {1: "спокойное", 2: "тревожное", 3: "с надеждой", NO_ANSWER: "Отказ от ответа"}
RUSSIAN_REGIONS = ("Север", "Юг", "Восток")


def russian(people: People) -> Rows:
    """Answers in Russian words."""
    names, *rows = plain(people)
    names[names.index("mood")], names[names.index("region")] = "Настроение", "Регион"
    for row, one in zip(rows, people, strict=True):
        row[1], row[7] = RUSSIAN[one.mood], RUSSIAN_REGIONS[REGIONS.index(one.region)]
    return [names, *rows]


def with_decimal_commas(people: People) -> Rows:
    names, *rows = plain(people)
    place = names.index("weight")
    return [names, *([*row[:place], row[place].replace(".", ","), *row[place + 1 :]] for row in rows)]


def in_text(
    rows: Callable[[People], Rows], *, encoding: str = "utf-8", delimiter: str = ",", **names: Any
) -> Form:
    ending = ".tsv" if delimiter == "\t" else ".csv"

    def write(people: People, file: Path) -> None:
        file.write_bytes(as_text(rows(people), delimiter=delimiter).encode(encoding))

    return Form(write=write, ending=ending, **names)


def typed(rows: Rows, heads: int = 1) -> list[list[object]]:
    """Numbers as numbers and days as dates, as a person or Excel itself keeps them."""
    return [*rows[:heads], *([_typed(cell) for cell in row] for row in rows[heads:])]


def _typed(cell: str) -> object:
    if cell[:5] == "2024-" and len(cell) == 10:
        return date.fromisoformat(cell)
    try:
        return float(cell) if cell else None
    except ValueError:
        return cell


README = [["This workbook holds the answers."], ["Made by Acme Research."]]


def in_sheets(
    sheets: Callable[[People], dict[str, Sequence[Sequence[object]]]], *, ending: str = ".xlsx", **names: Any
) -> Form:
    write_book = write_xls if ending == ".xls" else write_xlsx
    return Form(write=lambda people, file: write_book(file, sheets(people)), ending=ending, **names)


def table(people: People, *, no: float = 0.0) -> pd.DataFrame:
    """Codes in columns of numbers; `no` where an option was not ticked."""
    ticks = {f"worry_{place}": [1.0 if place in one.worries else no for one in people] for place in (1, 2, 3)}
    return pd.DataFrame(
        {
            "id": [float(one.number) for one in people],
            "mood": [float(one.mood) for one in people],
            **ticks,
            "age": [float(one.age) for one in people],
            "weight": [one.weight for one in people],
            "region": [REGIONS.index(one.region) + 1.0 for one in people],
            "day": [date(2024, 3, one.day) for one in people],
        }
    )


COLUMN_LABELS = {
    "mood": "How do you feel?",
    **{f"worry_{place}": f"{QUESTION} - {name}" for place, name in enumerate(WORRIES, start=1)},
    "region": "Where do you live?",
}
VALUE_LABELS = {"mood": MOODS, "region": dict(enumerate(REGIONS, start=1))}
LABELS: dict[str, Any] = {"column_labels": COLUMN_LABELS, "variable_value_labels": VALUE_LABELS}
CODED: dict[str, Any] = {"names": WORRIES, "regions": (1, 2, 3), "options": ReadOptions()}


def _spss(people: People, file: Path, *, declared: bool = False, **more: Any) -> None:
    missing = {"missing_ranges": {"mood": [NO_ANSWER]}} if declared else {}
    pyreadstat.write_sav(table(people, **more), file, **LABELS, **missing)


def _spss_sets(people: People, file: Path) -> None:
    _spss(people, file)
    with_sets(file, f"$fears=D1 1 {len(QUESTION)} {QUESTION} worry_1 worry_2 worry_3")


def _spss_mentions(people: People, file: Path) -> None:
    """The first, second and third mention, each a code: a set of categories."""
    kept = table(people).drop(columns=["worry_1", "worry_2", "worry_3"])
    labels = {**VALUE_LABELS}
    for place in range(3):
        name = f"mention_{place + 1}"
        kept[name] = [one.worries[place] if place < len(one.worries) else np.nan for one in people]
        labels[name] = dict(enumerate(WORRIES, start=1))
    pyreadstat.write_sav(kept, file, column_labels=COLUMN_LABELS, variable_value_labels=labels)
    with_sets(file, f"$fears=C {len(QUESTION)} {QUESTION} mention_1 mention_2 mention_3")


def _stata(people: People, file: Path, *, tagged: bool = False) -> None:
    coded = table(people, no=np.nan)
    labels, missing = VALUE_LABELS, {}
    if tagged:
        coded["mood"] = [one.mood if one.mood != NO_ANSWER else "a" for one in people]
        labels = {**VALUE_LABELS, "mood": {**{code: MOODS[code] for code in (1, 2, 3)}, "a": "Refused"}}
        missing = {"missing_user_values": {"mood": ["a"]}}
    pyreadstat.write_dta(coded, file, column_labels=COLUMN_LABELS, variable_value_labels=labels, **missing)


def _portable(people: People, file: Path) -> None:
    named = table(people).rename(columns=str.upper)
    labels = {name.upper(): label for name, label in COLUMN_LABELS.items()}
    pyreadstat.write_por(named, file, column_labels=labels)


def _words(file: Path) -> pd.DataFrame:
    """A table holds answers alone: what is none is NaN."""
    held = pd.read_parquet(file)
    return held.assign(mood=held["mood"].where(held["mood"] != MOODS[NO_ANSWER]))


def _categories(people: People, file: Path) -> None:
    """Words as categories, answers in lists."""
    kept = table(people).drop(columns=["worry_1", "worry_2", "worry_3"])
    kept["mood"] = pd.Categorical([MOODS[one.mood] for one in people])
    kept["region"] = pd.Categorical([one.region for one in people])
    kept["worries"] = [[WORRIES[place - 1] for place in one.worries] for one in people]
    kept.to_parquet(file, index=False)


def _truth_values(people: People, file: Path) -> None:
    kept = table(people)
    ticks = ["worry_1", "worry_2", "worry_3"]
    kept.assign(**{name: kept[name].astype(bool) for name in ticks}).to_parquet(file, index=False)


WORDS: dict[str, Any] = {"anxious": "anxious", "options": ReadOptions()}

FORMS: dict[str, Form] = {
    "csv": in_text(plain, frame=pd.read_csv),
    "csv, decimal commas": in_text(with_decimal_commas, delimiter=";"),
    "tsv, UTF-16": in_text(plain, encoding="utf-16", delimiter="\t"),
    "csv, cp1251": in_text(
        russian, encoding="cp1251", mood="Настроение", anxious="тревожное", region="Регион",
        regions=RUSSIAN_REGIONS, options=ReadOptions(),
    ),
    "titled": in_text(titled),
    "two headers": in_text(two_headers, worries=QUESTION, names=WORRIES),
    "Qualtrics, three rows": in_text(three_rows, mood="Q1", worries="Q5", names=WORRIES),
    "Qualtrics, two rows": in_text(two_rows, mood="Q1", worries="Q5", names=WORRIES),
    "SurveyMonkey": in_text(
        surveymonkey, mood="How do you feel?", worries=QUESTION, names=WORRIES, region="Where do you live?",
        day="Day", **WORDS,
    ),
    "LimeSurvey": in_text(
        limesurvey, delimiter=";", anxious="A2", worries="worries", names=("SQ001", "SQ002", "SQ003"),
        options=ReadOptions(missing=("A99",)),
    ),
    "KoBo": in_text(
        kobo, mood="health/mood", worries="health/worries", names=("1", "2", "3"), region="about/region",
        day="about/day",
    ),
    "Google Forms": in_text(
        google_forms, mood="How do you feel, on the whole?", worries=f"{QUESTION}\n(tick all that apply)",
        names=WORRIES, region="Region, city", day="Day", **WORDS,
    ),
    "xlsx": in_sheets(lambda people: {"Data": typed(plain(people))}, frame=pd.read_excel),
    "xlsx, titled": in_sheets(lambda people: {"Data": typed(titled(people), heads=4)}),
    "xlsx, second sheet": in_sheets(lambda people: {"README": README, "Data": typed(plain(people))}),
    "xlsx, stated sheet": in_sheets(
        lambda people: {"Copy": typed(plain(people[:-3])), "Data": typed(plain(people))},
        options=dataclasses.replace(UNSTATED, sheet="Data"),
    ),
    "xlsx, numbers as text": in_sheets(lambda people: {"Data": plain(people)}),
    "xlsx, Qualtrics": in_sheets(
        lambda people: {"Sheet0": typed(three_rows(people), heads=3)}, mood="Q1", worries="Q5", names=WORRIES
    ),
    "xls": in_sheets(
        lambda people: {"Data": [[*row[:-1], str(row[-1])] for row in typed(plain(people))]}, ending=".xls"
    ),
    "sav": Form(write=_spss, ending=".sav", **CODED),
    "sav, declared missing": Form(
        write=lambda people, file: _spss(people, file, declared=True, no=np.nan), ending=".sav",
        frame=lambda file: pyreadstat.read_sav(file)[0], **CODED,
    ),
    "sav, a set": Form(write=_spss_sets, ending=".sav", worries="fears", **CODED),
    "sav, mentions": Form(write=_spss_mentions, ending=".sav", worries="fears", asked_all=False, **CODED),
    "dta": Form(write=_stata, ending=".dta", **CODED),
    "dta, tagged missing": Form(
        write=lambda people, file: _stata(people, file, tagged=True), ending=".dta",
        frame=lambda file: pyreadstat.read_dta(file)[0], **CODED,
    ),
    "por": Form(
        write=_portable, ending=".por", mood="MOOD", worries="WORRY", names=WORRIES, region="REGION",
        regions=(1, 2, 3), weight="WEIGHT", day="DAY",
    ),
    "xpt": Form(
        write=lambda people, file: pyreadstat.write_xport(table(people), file, column_labels=COLUMN_LABELS),
        ending=".xpt", names=WORRIES, regions=(1, 2, 3),
    ),
    "parquet": Form(
        write=lambda people, file: table(people).to_parquet(file, index=False), ending=".parquet",
        regions=(1, 2, 3), frame=pd.read_parquet,
    ),
    "parquet, categories and lists": Form(
        write=_categories, ending=".parquet", worries="worries", names=WORRIES, frame=_words, **WORDS
    ),
    "parquet, truth values": Form(write=_truth_values, ending=".parquet", regions=(1, 2, 3)),
}  # fmt: skip
