"""Answer categories -> waves: what is summed, what is cut, what a reader is told, as plain functions."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from groundswell.waves import Survey, known_on, load_survey, read_toplines, topline_waves
from groundswell.waves.toplines.margin_of_error import effective_n
from groundswell.waves.toplines.table import TYPES, read_rows

from .folders import row, survey_folder

SCORE = {"variant": "score", "house": "pulse"}


def table_of(parent: Path, *rows: dict[str, str]) -> tuple[Survey, pd.DataFrame]:
    survey = load_survey(survey_folder(parent, *rows))
    return survey, read_toplines(survey)


def one(parent: Path, *rows: dict[str, str]) -> dict[str, Any]:
    """The one wave that these rows are."""
    (wave,) = topline_waves(*table_of(parent, *rows))
    return wave


def test_a_category_that_is_not_counted_adds_nothing_but_the_wave_s_n(tmp_path: Path) -> None:
    wave = one(tmp_path, row(share="0.35", n=""), row(category="calm", share="0.5", n="1500", deff="2"))
    assert wave["share"] == 0.35
    assert (wave["n"], wave["deff"]) == (1500, 2.0)
    assert wave["flags"] == ["published_unknown"]
    assert wave["rounding"] == 0.01


def test_counted_answers_are_summed_and_so_are_their_roundings(tmp_path: Path) -> None:
    wave = one(
        tmp_path, row(category="often", share="0.25", **SCORE), row(category="always", share="0.123", **SCORE)
    )
    assert wave["share"] == pytest.approx(0.373, abs=1e-12)
    assert math.isnan(wave["range_low"])
    assert math.isnan(wave["range_high"])
    assert wave["rounding"] == pytest.approx((0.01**2 + 0.001**2) ** 0.5)
    assert wave["flags"] == ["categories_summed", "published_unknown"]
    assert wave["lacks"] == []


def test_a_range_with_a_share_is_a_range(tmp_path: Path) -> None:
    often = row(category="often", share="", share_low="0.2", share_high="0.3", **SCORE)
    wave = one(tmp_path, often, row(category="always", share="0.1", **SCORE))
    assert (wave["range_low"], wave["range_high"]) == (pytest.approx(0.3), pytest.approx(0.4))
    assert wave["share"] == pytest.approx(0.35)
    assert wave["flags"] == ["categories_summed", "range", "published_unknown"]


def test_a_sum_that_rounding_carries_above_one_is_one(tmp_path: Path) -> None:
    wave = one(
        tmp_path, row(category="often", share="0.5", **SCORE), row(category="always", share="0.505", **SCORE)
    )
    assert wave["share"] == 1.0
    ranges = {"share": "", "share_low": "0.4", "share_high": "0.6"}
    wave = one(tmp_path, row(category="often", **ranges, **SCORE), row(category="always", **ranges, **SCORE))
    assert (wave["range_low"], wave["range_high"], wave["share"]) == (0.8, 1.0, 0.9)


def test_a_wave_that_lacks_a_counted_answer_has_no_share_and_says_which(tmp_path: Path) -> None:
    survey, table = table_of(
        tmp_path, row(category="often", **SCORE), row(category="always", share="0.1", **SCORE)
    )
    (wave,) = topline_waves(survey, table[table["category"] == "often"])
    assert math.isnan(wave["share"])
    assert math.isnan(wave["range_low"])
    assert math.isnan(wave["range_high"])
    assert wave["rounding"] == 0.0
    assert wave["lacks"] == ["always"]
    (whole,) = topline_waves(survey, table)
    assert set(wave) == set(whole)


def test_a_wave_without_any_counted_answer_says_where_its_rows_are_from(tmp_path: Path) -> None:
    survey, table = table_of(
        tmp_path, row(), row(category="calm", share="0.5", source_title="FOM, calm", certainty="derived")
    )
    (wave,) = topline_waves(survey, table[table["category"] == "calm"])
    assert (wave["source"], wave["certainty"], wave["lacks"]) == ("FOM, calm", "derived", ["anxious"])


def test_only_what_is_counted_says_how_sure_and_where_from(tmp_path: Path) -> None:
    wave = one(
        tmp_path,
        row(category="often", source_title="A", certainty="verbatim_primary", note="one", **SCORE),
        row(category="always", share="0.1", source_title="B", certainty="derived", note="one", **SCORE),
        row(
            category="never", share="0.2", source_title="C", certainty="unverified_quote", note="two", **SCORE
        ),
    )
    assert (wave["source"], wave["certainty"], wave["note"]) == ("A; B", "derived", "one")
    assert wave["source_url"] == ""


@pytest.mark.parametrize(
    ("first", "second", "published"),
    [
        ("2022-09-20", "2022-09-22", date(2022, 9, 22)),
        ("2022-09-20", "", None),
        ("", "", None),
    ],
)
def test_a_wave_is_published_when_every_counted_answer_is(
    tmp_path: Path, first: str, second: str, published: date | None
) -> None:
    rows = [row(category="often", published=first, **SCORE),
            row(category="always", share="0.1", published=second, **SCORE)]  # fmt: skip
    wave = one(tmp_path, *rows)
    assert wave["published"] == published
    assert ("published_unknown" in wave["flags"]) is (published is None)


@pytest.mark.parametrize(
    ("cells", "start", "end", "flags"),
    [
        ({}, date(2022, 9, 16), date(2022, 9, 18), []),
        ({"start": ""}, date(2022, 9, 18), date(2022, 9, 18), ["start_unknown"]),
        ({"start": "", "precision": "month"}, date(2022, 9, 1), date(2022, 9, 25), ["dated_to_month"]),
        ({"precision": "week"}, date(2022, 9, 12), date(2022, 9, 18), ["dated_to_week"]),
    ],
)
def test_the_whole_period_is_cut_at_publication(
    tmp_path: Path, cells: dict[str, str], start: date, end: date, flags: list[str]
) -> None:
    wave = one(tmp_path, row(published="2022-09-25", **cells))
    assert (wave["start"], wave["end"], wave["flags"]) == (start, end, flags)


def test_published_margins_say_the_effective_n_each_by_its_own_share(tmp_path: Path) -> None:
    """Pulse states each share's own margin, of a range that of its middle."""
    often = row(category="often", share="0.2", moe="0.03", **SCORE)
    always = row(category="always", share="", share_low="0.1", share_high="0.14", moe="0.02", **SCORE)
    each = [effective_n(0.03, share=0.2, moe_is="share"), effective_n(0.02, share=0.12, moe_is="share")]
    wave = one(tmp_path, often, always)
    assert wave["n_effective"] == pytest.approx(sum(each) / 2)  # type: ignore[arg-type]
    assert one(tmp_path, often, always | {"moe": ""})["n_effective"] == pytest.approx(each[0])
    assert one(tmp_path, often | {"moe": ""}, always | {"moe": ""})["n_effective"] is None
    nothing = row(category="often", share="0", moe="0.03", **SCORE)
    assert one(tmp_path, nothing, always)["n_effective"] == pytest.approx(each[1])


def test_a_house_s_maximum_margin_is_that_of_one_half(tmp_path: Path) -> None:
    expected = effective_n(0.036, share=0.5, moe_is="maximum")
    assert one(tmp_path, row(share="0.15", moe="0.036"))["n_effective"] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("cells", "known"),
    [
        ({"published": "2022-10-03"}, "2022-10-03"),
        ({}, "2022-09-18"),
        ({"start": ""}, "2022-09-18"),
        ({"precision": "month"}, "2022-09-30"),
        # Fieldwork of more than a month is known to end when it says.
        ({"precision": "month", "start": "2022-08-10"}, "2022-09-18"),
        ({"precision": "year", "start": ""}, "2022-12-31"),
        ({"precision": "month", "published": "2022-09-10"}, "2022-09-10"),
    ],
)
def test_a_row_is_known_from_its_publication_or_the_last_day_that_it_may_have_been_asked(
    tmp_path: Path, cells: dict[str, str], known: str
) -> None:
    survey, table = table_of(tmp_path, row(**cells))
    assert known_on(table).tolist() == [pd.Timestamp(known)]
    assert [str(each.known_from) for each in read_rows(survey)] == [known]
    assert known_on(table).dtype == "datetime64[ns]"
    assert known_on(table.iloc[:0]).empty


def test_of_some_rows_each_is_known_from_its_own_day(tmp_path: Path) -> None:
    _, table = table_of(
        tmp_path, row(), row(category="calm", share="0.4", end="2022-09-19"), row(mode="CATI")
    )
    assert known_on(table.iloc[1:]).to_dict() == {
        1: pd.Timestamp("2022-09-19"),
        2: pd.Timestamp("2022-09-18"),
    }


def test_waves_differ_by_any_of_what_names_them(tmp_path: Path) -> None:
    survey, table = table_of(
        tmp_path, row(), row(mode="CATI"), row(start=""), row(start="", mode="CATI"), row(end="2022-09-19")
    )
    waves = topline_waves(survey, table)
    assert [(wave["mode"], wave["start"], wave["end"].day) for wave in waves] == [
        ("face to face", date(2022, 9, 16), 18), ("CATI", date(2022, 9, 16), 18),
        ("face to face", date(2022, 9, 18), 18), ("CATI", date(2022, 9, 18), 18),
        ("face to face", date(2022, 9, 16), 19),
    ]  # fmt: skip


def test_the_types_of_the_table_are_the_promised_ones(tmp_path: Path) -> None:
    _, table = table_of(tmp_path, row())
    assert {name: str(table[name].dtype) for name in TYPES} == TYPES
    assert all(str(table[name].dtype) == "str" for name in table if name not in TYPES)
