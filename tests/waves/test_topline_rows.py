"""One row of toplines.csv, and the rules between rows, as plain functions: where each begins, and what it says."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from groundswell.waves import Survey
from groundswell.waves.toplines.between_rows import date_formats, link_faults, wave_faults
from groundswell.waves.toplines.margin_of_error import Z95
from groundswell.waves.toplines.row import (
    CERTAINTIES,
    COLUMNS,
    REQUIRED,
    ReadRow,
    ToplineRow,
    fieldwork_faults,
    read_row,
    sound_row,
)

from .folders import SURVEY, row

CELLS = dict.fromkeys(COLUMNS, "")
FOM_DAYS = {"start": "2022-09-16", "end": "2022-09-18"}


@pytest.fixture(scope="module")
def survey() -> Survey:
    return Survey.model_validate({**tomllib.loads(SURVEY), "name": "mood", "folder": Path("mood")})


def made(line: int = 2, **cells: str) -> ToplineRow:
    """The record of a sound row with some cells changed."""
    read, faults = read_row(CELLS | row(**cells), line)
    record = sound_row(read)
    assert record is not None, faults
    return record


def faults_of(**cells: str) -> list[tuple[str, str]]:
    read, faults = read_row(CELLS | row(**cells), 2)
    assert (sound_row(read) is None) == bool(faults)
    assert read.wrong == {column for column, _ in faults}
    return faults


def test_a_row_is_read_cell_by_cell() -> None:
    got = made(
        7, share="0.35", deff="2", moe="0.036", published="2022-09-20", mode="CATI", note="as printed",
        source_url="https://fom.ru/1",
    )  # fmt: skip
    assert got == ToplineRow(
        indicator="anxiety", variant="circle", house="fom", mode="CATI", category="anxious", share=0.35,
        share_low=None, share_high=None, start=date(2022, 9, 16), end=date(2022, 9, 18), precision="day", n=1500,
        deff=2.0, moe=0.036, published=date(2022, 9, 20), source_title="FOM", source_url="https://fom.ru/1",
        certainty="verbatim_primary", note="as printed", line=7, rounding=0.01,
    )  # fmt: skip
    assert got.wave == ("anxiety", "circle", "fom", "CATI", date(2022, 9, 16), date(2022, 9, 18))


def test_what_may_be_empty_is_not_known() -> None:
    got = made(start="", n="", mode="")
    assert (got.start, got.n, got.deff, got.moe, got.published, got.mode) == (
        None,
        None,
        None,
        None,
        None,
        "",
    )


@pytest.mark.parametrize("column", REQUIRED)
def test_what_must_be_given_is_a_fault_where_it_is_empty(column: str) -> None:
    assert faults_of(**{column: ""}) == [(column, "is empty, must be given")]


def test_what_must_be_given_is_what_the_docs_say() -> None:
    assert set(REQUIRED) == set(COLUMNS) - {
        "mode", "share", "share_low", "share_high", "start", "n", "deff", "moe", "published", "source_url", "note",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "step"),
    [
        ({"share": "0.355"}, 0.001),
        ({"share": "", "share_low": "0.3", "share_high": "0.355"}, 0.01),
        ({"share": "", "share_low": "0.301", "share_high": "0.355"}, 0.001),
    ],
)
def test_the_coarser_end_of_a_range_says_its_rounding(cells: dict[str, str], step: float) -> None:
    assert made(**cells).rounding == step


def test_the_least_share_of_a_range_is_its_low_end() -> None:
    assert made(share="0").least_share == 0.0
    assert made(share="0.35").least_share == 0.35
    assert made(share="", share_low="0.3", share_high="0.4").least_share == 0.3


def test_a_range_is_kept_with_both_its_ends() -> None:
    got = made(share="", share_low="0.3", share_high="0.4")
    assert (got.share, got.share_low, got.share_high) == (None, 0.3, 0.4)


def test_what_is_wrong_with_each_cell_is_said_of_its_column() -> None:
    assert faults_of(share="62", precision="hour", source_url="fom.ru") == [
        ("share", "must be a share, not a percent: write 0.62, got `62`"),
        ("precision", "no such word `hour`; known: day, month, quarter, week, year"),
        ("source_url", "must be a web address that starts with http:// or https://, got `fom.ru`"),
    ]


BOTH = "has a share and a range: give `share`, or `share_low` and `share_high`, not both"
NEITHER = "has neither a share nor a range: give `share`, or `share_low` and `share_high`"
HALF = "is empty: a range needs both its ends"


@pytest.mark.parametrize(
    ("share", "low", "high", "faults"),
    [
        ("0.3", "", "", []),
        ("", "0.3", "0.31", []),
        ("0.3", "0.3", "", [("share", BOTH)]),
        ("0.3", "", "0.4", [("share", BOTH)]),
        ("0.3", "0.2", "0.4", [("share", BOTH)]),
        ("", "", "", [("share", NEITHER)]),
        ("", "0.3", "", [("share_high", HALF)]),
        ("", "", "0.3", [("share_low", HALF)]),
        (
            "",
            "0.3",
            "0.3",
            [("share_low", "must be below `share_high`, got 0.3 and 0.3: write it as `share`")],
        ),
        ("", "0.4", "0.3", [("share_low", "must be below `share_high`, got 0.4 and 0.3: swap them")]),
    ],
)
def test_a_share_or_a_range(share: str, low: str, high: str, faults: list[tuple[str, str]]) -> None:
    assert faults_of(share=share, share_low=low, share_high=high) == faults


def test_fieldwork_may_last_a_day_and_not_less() -> None:
    assert made(start="2022-09-18", end="2022-09-18").start == date(2022, 9, 18)
    message = "is before the start: fieldwork from 2022-09-19 to 2022-09-18"
    assert faults_of(start="2022-09-19", end="2022-09-18") == [("end", message)]


def test_characters_that_cannot_be_seen_are_named_in_any_column() -> None:
    message = "holds the character U+0007, which cannot be seen: delete it"
    assert faults_of(note="a\x07") == [("note", message)]
    assert faults_of(source_title="\x07") == [("source_title", message)]


def test_certainties_go_from_the_surest_to_the_least_sure() -> None:
    assert CERTAINTIES[0] == "verbatim_primary"
    assert CERTAINTIES[-1] == "unverified_quote"


@pytest.mark.parametrize(
    ("precision", "longest"), [("day", 366), ("week", 35), ("month", 92), ("quarter", 366), ("year", 1827)]
)
def test_the_longest_fieldwork_that_is_believed(precision: str, longest: int) -> None:
    first = date(2015, 1, 1)

    def faults(days: int) -> list[tuple[str, str]]:
        last = first + timedelta(days=days - 1)
        return list(fieldwork_faults(made(start=str(first), end=str(last), precision=precision)))

    assert faults(longest) == []
    message = (
        f"dated to a {precision}, but fieldwork spans {longest + 1} days: check the dates or the precision"
    )
    assert faults(longest + 1) == [("precision", message)]


@pytest.mark.parametrize(
    ("cells", "published", "asked"),
    [
        (FOM_DAYS, "2022-09-17", "from 2022-09-16 to 2022-09-18"),
        ({"start": "", "end": "2022-09-18"}, "2022-09-17", "2022-09-18"),
        (
            {"start": "", "end": "2022-09-18", "precision": "month"},
            "2022-08-31",
            "from 2022-09-01 to 2022-09-30",
        ),
    ],
)
def test_nothing_is_published_before_it_was_asked(cells: dict[str, str], published: str, asked: str) -> None:
    """Known to the day: not before its last day; known less well: not before the first day it may have begun."""
    message = f"is before the end of fieldwork: published {published}, asked {asked}"
    assert list(fieldwork_faults(made(published=published, **cells))) == [("published", message)]
    next_day = str(date.fromisoformat(published) + timedelta(days=1))
    assert list(fieldwork_faults(made(published=next_day, **cells))) == []


# Rules between rows.


def test_two_forms_of_dates_in_one_column_are_named_once_with_a_line_of_each() -> None:
    def written(*ends: str) -> list[tuple[int, str, str]]:
        return list(date_formats((line, CELLS | {"end": end}) for line, end in enumerate(ends, start=2)))

    assert written("2022-02-24", "", "2022-02-25") == []
    assert [fault[:2] for fault in written("2022-02-24", "24.02.2022")] == [(3, "end")]
    ((line, column, message),) = written(
        "", "2022-02-24", "2022-02-25", "24.02.2022", "25.02.2022", "02/24/2022"
    )
    assert (line, column) == (5, "end")
    assert message == (
        "has two date formats in one column: `2022-02-24` (line 3) and `24.02.2022` (line 5); "
        "write every date as 2022-02-24"
    )


def test_different_columns_may_write_dates_differently() -> None:
    assert list(date_formats([(2, CELLS | {"start": "1.2.2022", "end": "2022-02-24"})])) == []


@pytest.mark.parametrize(
    ("there", "here", "message"),
    [
        ({}, {}, ", with the same share: delete one of the two"),
        (
            {},
            {"source_title": "Vedomosti"},
            ", with the same share, from `FOM` there and `Vedomosti` here: delete one of the two",
        ),
        (
            {"share": "0.347"},
            {},
            ", with the same share before rounding (0.347 there, 0.35 here): keep the finer one",
        ),
        (
            {},
            {"share": "0.36"},
            ", with another share (0.35 there, 0.36 here): find out which is right, and delete the other",
        ),
        (
            {"share": "", "share_low": "0.3", "share_high": "0.4"},
            {"share": "", "share_low": "0.3", "share_high": "0.41"},
            ", with another share (0.3 to 0.4 there, 0.3 to 0.41 here): find out which is right, and delete the other",
        ),
    ],
)
def test_a_row_that_stands_twice(there: dict[str, str], here: dict[str, str], message: str) -> None:
    rows = [made(2, **there), made(3, category="calm", share="0.4"), made(4, **here)]
    (fault,) = wave_faults(rows)
    assert fault == (4, "category", f"`anxious` of this wave stands on line 2 already{message}")


def partial(line: int, **cells: str) -> ReadRow:
    """What can be read of a row in which something is wrong."""
    return read_row(CELLS | row(**cells), line)[0]


@pytest.mark.parametrize(
    "cells",
    [{"indicator": ""}, {"variant": ""}, {"house": ""}, {"mode": "a\x07"}, {"category": ""}, {"start": "x"},
     {"end": "x"}, {"start": "2022-09-19", "end": "2022-09-18"}],
)  # fmt: skip
def test_a_row_whose_wave_cannot_be_read_is_no_twin_and_hides_none(cells: dict[str, str]) -> None:
    rows = [partial(2, **cells), partial(3, **cells), partial(4, share="62"), partial(5, share="62")]
    assert [fault[:2] for fault in wave_faults(rows)] == [(5, "category")]


@pytest.mark.parametrize(
    "cells",
    [{"mode": "CATI"}, {"variant": "score"}, {"house": "pulse"}, {"indicator": "planning"}, {"start": ""},
     {"start": "2022-09-15"}, {"end": "2022-09-19"}],
)  # fmt: skip
def test_rows_of_other_waves_are_not_twins_and_need_not_agree(cells: dict[str, str]) -> None:
    assert list(wave_faults([made(2, share="0.9"), made(3, share="0.8", n="900", **cells)])) == []


@pytest.mark.parametrize(
    ("column", "one", "other"), [("n", "1500", "1600"), ("deff", "2", "2.1"), ("precision", "day", "week")]
)
def test_rows_of_a_wave_must_agree(column: str, one: str, other: str) -> None:
    rows = [made(2, **{column: one}), made(3, category="calm", share="0.1", **{column: other})]
    ((line, named, message),) = wave_faults(rows)
    assert (line, named) == (3, column)
    stated = {"2": "2.0", "2.1": "2.1"}
    first, second = stated.get(one, one), stated.get(other, other)
    assert message == f"must be the same in every row of a wave: {first} (line 2), {second} here"


def test_what_a_row_does_not_say_it_does_not_contradict() -> None:
    rows = [
        made(2, n="", deff=""),
        made(3, category="calm", share="0.1", n="1500", deff="2"),
        made(4, category="none", share="0.1", n="1500", deff=""),
    ]
    assert list(wave_faults(rows)) == []


@pytest.mark.parametrize(
    ("shares", "sound"),
    [
        (("0.5", "0.5"), True),
        (("0.5", "0.51"), True),  # each was rounded by up to half a step
        (("0.5", "0.515"), False),
        (("0.34", "0.34", "0.33"), True),
        (("0.34", "0.34", "0.34"), False),
        (("0.500", "0.501"), True),
        (("0.500", "0.502"), False),
    ],
)
def test_answers_sum_to_one_up_to_their_rounding(shares: tuple[str, ...], sound: bool) -> None:
    rows = [made(line, category=f"c{line}", share=share) for line, share in enumerate(shares, start=2)]
    faults = list(wave_faults(rows))
    assert (faults == []) is sound
    if not sound:
        assert [fault[:2] for fault in faults] == [(2, "share")]
        assert f"(lines {', '.join(str(line) for line in range(2, len(shares) + 2))})" in faults[0][2]


def test_ranges_are_summed_by_their_low_ends() -> None:
    ends = {"share": "", "share_low": "0.4", "share_high": "0.7"}
    assert list(wave_faults([made(2, **ends), made(3, category="calm", **ends)])) == []
    (fault,) = wave_faults([made(2, **ends), made(3, category="calm", share="0.7")])
    assert fault == (2, "share", "the wave's categories sum to 1.1, above 1 (lines 2, 3)")


# Rules between rows and survey.toml.


def linked(survey: Survey, *rows: ToplineRow) -> list[tuple[int, str]]:
    return [(line, column) for line, column, _ in link_faults(list(rows), survey)]


def test_rows_that_the_survey_knows_are_sound(survey: Survey) -> None:
    assert linked(survey, made(2), made(3, category="calm")) == []


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        ({"house": "fomm"}, "house", "no such house `fomm`; did you mean `fom`?"),
        ({"indicator": "anxeity"}, "indicator", "no such indicator `anxeity`; did you mean `anxiety`?"),
        ({"variant": "cirle"}, "variant", "`anxiety` has no variant `cirle`; did you mean `circle`?"),
        ({"house": "pulse"}, "house", "`circle` is a variant of house `fom`, got `pulse`"),
    ],
)
def test_a_name_that_the_survey_does_not_have(
    survey: Survey, cells: dict[str, str], column: str, message: str
) -> None:
    ((line, named, text),) = link_faults([made(5, **cells)], survey)
    assert (line, named) == (5, column)
    assert text.startswith(message)


@pytest.mark.parametrize("empty", ["indicator", "variant"])
def test_an_empty_cell_names_nothing_and_hides_no_other_row(survey: Survey, empty: str) -> None:
    rows = [partial(2, **{empty: ""}), partial(3, variant="cirle")]
    assert [(line, column) for line, column, _ in link_faults(rows, survey)] == [(3, "variant")]


@pytest.mark.parametrize("written", ["Fom", "Foundation Quote", "The Fund"])
def test_a_houses_name_or_key_otherwise_written_is_answered_with_the_key(
    survey: Survey, written: str
) -> None:
    houses = {"fom": survey.houses["fom"].model_copy(update={"name": "The Fund"})}
    houses |= {"quote": survey.houses["quote"].model_copy(update={"name": "Foundation"})}
    renamed = survey.model_copy(update={"houses": houses})
    ((_, _, message),) = link_faults([made(2, house=written)], renamed)
    key = "quote" if written == "Foundation Quote" else "fom"
    assert message == (
        f"no such house `{written}`; did you mean `{key}`, the key of `{houses[key].name}`? known: fom, quote"
    )


def test_an_answer_that_is_counted_must_stand_in_a_row(survey: Survey) -> None:
    score = {"variant": "score", "house": "pulse"}
    assert linked(survey, made(2, category="often", **score), made(3, category="always", **score)) == []
    rows = [made(4, category="often", **score), made(3, category="alwys", **score)]
    ((line, column, message),) = link_faults(rows, survey)
    assert (line, column) == (3, "category")
    assert message.startswith(
        "the numerator of `score` names `always`, which no row has; did you mean `alwys`?"
    )


@pytest.mark.parametrize(
    ("deff", "sound"), [(0.101, True), (0.099, False), (1.0, True), (99.0, True), (100.6, False)]
)
def test_a_margin_that_cannot_be_true_of_its_n(survey: Survey, deff: float, sound: bool) -> None:
    """FOM states the maximum margin, that of a share of one half, whatever the share."""
    n = 40_000 if deff > 1 else 1500
    moe = Z95 * (0.25 * deff / n) ** 0.5
    faults = list(link_faults([made(6, share="0.1", n=str(n), moe=f"{moe:.9f}")], survey))
    assert (faults == []) is sound
    if not sound:
        ((line, column, message),) = faults
        assert (line, column) == (6, "moe")
        assert f"means a design effect of {deff:.3g}: check the margin" in message


@pytest.mark.parametrize(
    "cells", [{"moe": ""}, {"n": ""}, {"share": "", "share_low": "0.1", "share_high": "0.2"}]
)
def test_a_margin_is_not_judged_without_n_share_and_margin(survey: Survey, cells: dict[str, Any]) -> None:
    assert linked(survey, made(2, **({"moe": "0.0001"} | cells))) == []


def test_a_share_of_nothing_has_no_margin_of_its_own_to_be_judged(survey: Survey) -> None:
    often = made(2, variant="score", house="pulse", category="often", share="0", moe="0.0001")
    always = made(3, variant="score", house="pulse", category="always", share="0.1")
    assert linked(survey, often, always) == []


def test_an_answer_is_among_all_of_them_where_they_are_stated(survey: Survey) -> None:
    stated = SURVEY.replace(
        'numerator = ["anxious"]', 'numerator = ["anxious"]\nanswers = ["anxious", "calm"]', 1
    )
    whole = Survey.model_validate({**tomllib.loads(stated), "name": "mood", "folder": Path("mood")})

    def found(category: str, asked: Survey) -> list[tuple[int | None, str, str]]:
        read, _ = read_row(CELLS | row(category=category), 7)
        return [fault for fault in link_faults([made(2), read], asked) if fault[0] == 7]

    assert found("clam", whole) == [
        (
            7,
            "category",
            "`clam` is not among the `answers` of `circle`; did you mean `calm`? known: anxious, calm",
        ),
    ]
    assert [*found("calm", whole), *found("anxious", whole), *found("clam", survey), *found("", whole)] == []
