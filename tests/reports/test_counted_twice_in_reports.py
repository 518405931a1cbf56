"""A report's data quality names published rows that may be one wave, counted twice."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from waves.folders import SURVEY, row, toplines

from groundswell.reports.evidence.counted_twice import counted_twice
from groundswell.reports.evidence.report import read_report
from groundswell.reports.html.markup import NOTHING
from groundswell.reports.language.language import Language
from groundswell.reports.sections.data_quality import MOST, data_quality, twice_flags
from groundswell.runs.checks.folders import doubts
from groundswell.waves import Survey, load_survey

EN, RU = Language("en"), Language("ru")
AS_OF = pd.Timestamp("2023-06-30")
LATER = {"start": "2022-11-11", "end": "2022-11-13", "share": "0.41"}
MONTHLY = {"start": "", "end": "2022-09-30", "precision": "month", "source_title": "A & B digest"}


def surveyed(parent: Path, *rows: dict[str, str]) -> Survey:
    folder = parent / "mood"
    folder.mkdir()
    (folder / "survey.toml").write_text(SURVEY, encoding="utf-8")
    (folder / "toplines.csv").write_text(toplines(*rows), encoding="utf-8")
    return load_survey(folder)


def words(piece: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", piece.html)).split())


def test_a_pair_is_flagged_with_what_both_rows_say(tmp_path: Path) -> None:
    survey = surveyed(tmp_path, row(), row(**MONTHLY), row(**LATER))
    evidence = read_report(survey, as_of=AS_OF)
    piece = data_quality(evidence, EN)
    text = words(piece)
    assert "1 pair of published rows may be one wave, counted twice." in text
    assert (
        "! published rows FOM, Anxious mood, “anxious”: 35% (16–18 Sept 2022, FOM) and 35% (September 2022, A & B "
        "digest) may be one wave, counted twice; they differ in `start`, `end`, `precision`." in text
    )
    assert "Both rows of a pair count." in text
    assert "checks of the respondents" not in text
    assert piece.section == "data-quality"
    assert "A & B" not in piece.html
    russian = words(data_quality(evidence, RU))
    assert "1 пара опубликованных строк — возможно, одна волна, учтённая дважды." in russian
    assert "FOM, Anxious mood, «anxious»: 35 % (16–18" in russian
    assert "различаются столбцы `start`, `end`, `precision`." in russian


def test_rows_that_are_told_apart_flag_nothing(tmp_path: Path) -> None:
    survey = surveyed(tmp_path, row(), row(**LATER))
    assert data_quality(read_report(survey, as_of=AS_OF), EN) is NOTHING


UNFITTED = {"indicator": "planning", "variant": "horizon", "category": "years"}


def test_only_rows_that_count_on_the_day_are_flagged(tmp_path: Path) -> None:
    late = MONTHLY | {"published": "2023-01-10", "certainty": "unverified_quote"}
    yearly = LATER | {"start": "", "end": "2022-12-31", "precision": "year"}
    survey = surveyed(
        tmp_path, row(), row(**late), row(**LATER), row(**yearly), row(**UNFITTED), row(**UNFITTED | MONTHLY)
    )
    (pair,) = counted_twice(survey, AS_OF)
    assert (pair.there.precision, pair.here.precision) == ("day", "month")
    assert counted_twice(survey, pd.Timestamp("2023-01-09")) == ()
    assert len(counted_twice(survey, pd.Timestamp("2023-01-10"))) == 1
    assert counted_twice(survey, AS_OF, indicator="planning") == ()
    assert counted_twice(survey, AS_OF, certainty=["verbatim_primary"]) == ()
    told = [str(doubt) for doubt in doubts(survey.folder)]
    assert any("may be line 2 once more, counted twice" in doubt for doubt in told)  # as `check` notes it


def test_the_newest_pairs_stand_first_and_many_are_folded(tmp_path: Path) -> None:
    again = LATER | {"mode": "CATI"}
    survey = surveyed(tmp_path, row(), row(**MONTHLY), row(**LATER), row(**again))
    pairs = counted_twice(survey, AS_OF)
    assert [pair.here.end.year * 100 + pair.here.end.month for pair in pairs if pair.here.end] == [
        202211,
        202209,
    ]
    many = twice_flags(pairs[:1] * (MOST + 2), survey, EN)
    assert many.index("</ul>") < many.index("2 more flags") < many.rindex("<li")
    assert "more flag" not in twice_flags(pairs[:1] * MOST, survey, EN)


def test_ranges_are_told_as_printed(tmp_path: Path) -> None:
    survey = surveyed(tmp_path, row(), row(**MONTHLY))
    (pair,) = counted_twice(survey, AS_OF)
    ranged = replace(pair.here, share=None, share_low=0.15, share_high=0.18)
    text = str(twice_flags([pair._replace(here=ranged)], survey, EN))
    assert "15–18% (September 2022" in text
