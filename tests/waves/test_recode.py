"""Recorded codes -> counted answers and domains, each rule by a table of what it makes of what was recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import pytest

from groundswell.waves.respondents.answers.code_counts import EVERY_CODE, counted_codes
from groundswell.waves.respondents.codebook import Codebook, Variable
from groundswell.waves.respondents.codes import Code, CodeCount, recorded
from groundswell.waves.respondents.reader import loaded
from groundswell.waves.respondents.sql import Sql, among, answered, number, sql
from groundswell.waves.wave.recode import category_names, counted, domain, recode
from groundswell.waves.wave.wave_toml import CountedAnswer, DomainRule, Wave

NUMBER, TEXT = Variable("q", "number"), Variable("q", "text")


def evaluate(value: Sql, cells: Mapping[str, Sequence[Any]], *variables: Variable) -> list[Any]:
    """What an expression makes of each row."""
    kinds = {variable.name: "float64" if variable.kind == "number" else "str" for variable in variables}
    table = pd.DataFrame({name: pd.array(list(column), dtype=kinds[name]) for name, column in cells.items()})
    respondents = loaded(table, Codebook("memory", len(table), {v.name: v for v in variables}))
    return [row[0] for row in respondents.rows("SELECT {value} FROM {respondents}", value=value)]


def test_text_that_writes_a_number_is_one_and_other_text_is_none() -> None:
    assert evaluate(number(TEXT), {"q": ["1", " 2.5 ", "often", "", None]}, TEXT) == [
        1.0,
        2.5,
        None,
        None,
        None,
    ]
    assert evaluate(number(NUMBER), {"q": [1, None]}, NUMBER) == [1.0, None]


@pytest.mark.parametrize(
    ("variable", "codes", "cells", "expected"),
    [
        (NUMBER, (1, 2), [1, 2, 3, None], [True, True, False, False]),
        (NUMBER, ("1", "often"), [1, 2], [False, False]),
        (NUMBER, (), [1, None], [False, False]),
        (NUMBER, (1, "often"), [1, 2], [True, False]),
        (TEXT, ("often", "no"), ["often", " no ", "never", "", None], [True, True, False, False, False]),
        (TEXT, (1,), ["1", "1.0", " 1 ", "11", "often", None], [True, True, True, False, False, False]),
        (TEXT, (1, "often"), ["1", "often", "2"], [True, True, False]),
        (TEXT, ("it's",), ["it's", "its"], [True, False]),
    ],
)
def test_whether_a_column_holds_one_of_some_codes(
    variable: Variable, codes: tuple[Code, ...], cells: list[Any], expected: list[bool]
) -> None:
    assert evaluate(among(variable, codes), {"q": cells}, variable) == expected


MISSING = Variable("q", "number", missing=((97, 98), (-9, -9)))
TAGGED = Variable("q", "text", missing=((".a", ".c"),))
NUMBERED = Variable("q", "text", missing=((97, 99),))


@pytest.mark.parametrize(
    ("variable", "rule", "cells", "expected"),
    [
        (NUMBER, {}, [0, 1, None], [True, True, False]),
        (TEXT, {}, ["often", "", "  ", None], [True, False, False, False]),
        (NUMBER, {"missing": (9,)}, [1, 9, None], [True, False, False]),
        (TEXT, {"missing": ("no answer", 9)}, ["often", " no answer ", "9"], [True, False, False]),
        (MISSING, {}, [96, 97, 98, 99, -9, -8], [True, False, False, True, False, True]),
        (MISSING, {"missing": (99,)}, [96, 98, 99], [True, False, False]),
        (TAGGED, {}, ["1", ".a", ".b", ".c", ".d"], [True, False, False, False, True]),
        (NUMBERED, {}, ["96", "97", "98.5", "99", "100", "often"], [True, False, False, False, True, True]),
        (NUMBER, {"valid": (1, 2)}, [1, 2, 3, None], [True, True, False, False]),
        (NUMBER, {"valid": (1, 2), "missing": (2,)}, [1, 2, 3], [True, False, False]),
        (NUMBER, {"valid": ()}, [1, 2], [False, False]),
    ],
)
def test_whether_a_column_holds_an_answer(
    variable: Variable, rule: dict[str, Any], cells: list[Any], expected: list[bool]
) -> None:
    assert [
        bool(is_one) for is_one in evaluate(answered(variable, **rule), {"q": cells}, variable)
    ] == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"numerator": (1,)}, [1, 0, 0, 0, None, None]),
        ({"numerator": (1, 2)}, [1, 1, 0, 0, None, None]),
        ({"numerator": (1,), "missing": (9,)}, [1, 0, 0, None, None, None]),
        ({"numerator": (1,), "valid": (1, 2)}, [1, 0, None, None, None, None]),
        ({"numerator": (7,)}, [0, 0, 0, 0, None, None]),
    ],
)
def test_one_item_is_counted_by_its_codes(rule: dict[str, Any], expected: list[int | None]) -> None:
    variable = Variable("q", "number", missing=((98, 99),))
    book = Codebook("memory", 6, {"q": variable})
    sql = counted(CountedAnswer(variant="x", item="q", **rule), book)
    assert evaluate(sql, {"q": [1, 2, 3, 9, 98, None]}, variable) == expected


@pytest.mark.parametrize(
    ("offset", "at_least", "expected"),
    [
        (0, 5, [1, 0, 1, None, None]),
        (-1, 3, [1, 0, 1, None, None]),
        (0, 5.5, [0, 0, 1, None, None]),
        (1, 6, [1, 1, 1, None, None]),
        (1, 6.5, [1, 0, 1, None, None]),
    ],
)
def test_scores_are_summed_where_every_item_is_answered(
    offset: int, at_least: float, expected: list[int | None]
) -> None:
    """Both items: (3, 2), (1, 3), (4, 4), (4, missing), (4, empty)."""
    a, b = Variable("a", "number"), Variable("b", "text")
    rule = CountedAnswer(variant="x", items=("a", "b"), missing=(9,), score_offset=offset, at_least=at_least)
    sql = counted(rule, Codebook("memory", 5, {"a": a, "b": b}))
    assert evaluate(sql, {"a": [3, 1, 4, 4, 4], "b": ["2", "3", "4", "9", None]}, a, b) == expected


def test_a_mean_is_the_place_of_the_answer_between_the_ends_of_its_scale() -> None:
    variable = Variable("q", "number", missing=((98, 99),))
    book = Codebook("memory", 5, {"q": variable})
    rule = CountedAnswer(variant="x", item="q", missing=(7,))
    cells = {"q": [1, 3, 5, 7, 98, None]}
    assert evaluate(counted(rule, book, (1, 5)), cells, variable) == [0.0, 0.5, 1.0, None, None, None]
    assert evaluate(counted(rule, book, (-5, 5)), cells, variable) == [0.6, 0.8, 1.0, None, None, None]


def test_a_wave_s_answers_and_domains_are_recoded_each_by_its_own_rule() -> None:
    mood = Variable("mood", "number", missing=((9, 9),))
    sex = Variable("sex", "number", labels={1: "men", 2: "women"})
    cells = {"mood": [1, 4, 9], "sex": [1, 2, 2]}
    wave = Wave.model_construct(
        rows={},
        indicators={
            "low": CountedAnswer(variant="x", item="mood", numerator=(1,)),
            "mean": CountedAnswer(variant="y", item="mood"),
        },
        domains={"sex": DomainRule(column="sex"), "half": DomainRule(column="mood", breaks=(3,))},
        scales={"mean": (0, 10)},
    )
    recoded = recode(wave, loaded(pd.DataFrame(cells), Codebook("memory", 3, {"mood": mood, "sex": sex})), {})
    made = {**recoded.answers, **recoded.domains}
    assert {name: evaluate(value, cells, mood, sex) for name, value in made.items()} == {
        "low": [1, 0, None],
        "mean": [0.1, 0.4, None],
        "sex": ["men", "women", "women"],
        "half": ["under 3", "3 and over", None],
    }


@pytest.mark.parametrize(
    ("breaks", "names"),
    [
        ((30,), ["under 30", "30 and over"]),
        ((30, 45, 60), ["under 30", "30–44", "45–59", "60 and over"]),
        ((30, 31), ["under 30", "30–30", "31 and over"]),
        ((1.5, 3), ["under 1.5", "1.5–2", "3 and over"]),
        ((1, 2.5), ["under 1", "1 to under 2.5", "2.5 and over"]),
    ],
)
def test_bands_are_named_as_people_say_them(breaks: tuple[float, ...], names: list[str]) -> None:
    assert category_names(DomainRule(column="q", breaks=breaks)) == names


def test_bands_hold_their_lower_limit() -> None:
    rule = DomainRule(column="q", breaks=(30, 45.5), missing=(99,))
    sql = domain(rule, Codebook("memory", 8, {"q": NUMBER}))
    cells = [29, 29.9, 30, 45, 45.5, 99, 120, None]
    assert evaluate(sql, {"q": cells}, NUMBER) == [
        "under 30", "under 30", "30 to under 45.5", "30 to under 45.5", "45.5 and over", None, "45.5 and over", None,
    ]  # fmt: skip


def test_text_that_is_not_a_number_lies_in_no_band() -> None:
    sql = domain(DomainRule(column="q", breaks=(30,)), Codebook("memory", 2, {"q": TEXT}))
    assert evaluate(sql, {"q": ["29", "30", "old"]}, TEXT) == ["under 30", "30 and over", None]


def test_categories_by_their_codes_and_the_rest_in_none() -> None:
    rule = DomainRule(column="q", categories={"men": (1, 3), "women": (2,)}, missing=(3,))
    sql = domain(rule, Codebook("memory", 5, {"q": NUMBER}))
    assert evaluate(sql, {"q": [1, 2, 3, 4, None]}, NUMBER) == ["men", "women", None, None, None]
    assert category_names(rule) == ["men", "women"]


def test_labels_name_categories_where_no_rule_does_and_codes_where_no_label_does() -> None:
    labelled = Variable("q", "number", labels={1: "мужской", 2: "женский", 9: "нет"}, missing=((9, 9),))
    rule = DomainRule(column="q")
    sql = domain(rule, Codebook("memory", 4, {"q": labelled}))
    assert evaluate(sql, {"q": [1, 2, 9, 3]}, labelled) == ["мужской", "женский", None, "3"]
    sql = domain(rule, Codebook("memory", 3, {"q": TEXT}))
    assert evaluate(sql, {"q": ["north", "", None]}, TEXT) == ["north", None, None]
    assert category_names(rule) == []


@pytest.mark.parametrize(
    ("cell", "code", "meant"),
    [
        (2.0, 2, 2),
        (2.5, 2.5, 2.5),
        (" often ", "often", "often"),
        ("1", "1", 1),
        ("1.0", "1.0", 1),
        ("", "", ""),
        (None, None, None),
        (float("nan"), None, None),
        (date(2022, 3, 1), "2022-03-01", "2022-03-01"),
    ],
)
def test_a_cell_is_a_code_and_text_may_write_a_number(
    cell: object, code: Code | None, meant: Code | None
) -> None:
    assert recorded(cell) == code
    assert CodeCount(recorded(cell), 1).meant == meant


def test_codes_are_counted_in_the_wave_s_own_rows_most_frequent_first() -> None:
    cells = {"q": [1, 2, 2, 3, 3, 3, None], "own": [1, 1, 1, 1, 1, 0, 1]}
    book = Codebook("memory", 7, {name: Variable(name, "number") for name in cells})
    respondents = loaded(pd.DataFrame(cells), book)
    columns = [("q", EVERY_CODE), ("own", [sql("own > 0"), sql("true")])]
    of_q, of_own = counted_codes(respondents, columns, where=among(book["own"], [1]), most=3)
    assert of_q == [(CodeCount(2, 2), CodeCount(3, 2), CodeCount(1, 1))]
    assert of_own == [(CodeCount(1, 6),), ()], "a code is counted under the first test that it passes"


def test_every_condition_of_a_wave_s_rows_must_hold() -> None:
    country, year = Variable("country", "text"), Variable("year", "number")
    book = Codebook("memory", 4, {"country": country, "year": year})
    cells = {"country": ["RU", "RU", "UA", None], "year": [2023, 2024, 2023, 2023]}

    def belong(rows: dict[str, tuple[Code, ...]]) -> list[bool]:
        wave = Wave.model_construct(rows=rows, indicators={}, domains={})
        where = recode(wave, loaded(pd.DataFrame(cells), book), {}).where
        return evaluate(where, cells, country, year)

    assert belong({"country": ("RU",), "year": (2023,)}) == [True, False, False, False]
    assert belong({"country": ("RU", "UA")}) == [True, True, True, False]
    assert belong({}) == [True] * 4
