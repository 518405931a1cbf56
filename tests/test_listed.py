"""Words with commas between them, as an option lists them."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from groundswell.listed import listed


def test_a_word_that_holds_a_comma_stands_in_double_quotes() -> None:
    assert listed('Q1, "Region, city" ,"the ""war"""') == ["Q1", "Region, city", 'the "war"']


def test_a_quote_inside_a_word_is_a_sign_like_any_other() -> None:
    assert listed('5" and more, "a"b') == ['5" and more', '"a"b']


def test_empty_words_are_none() -> None:
    assert [listed(text) for text in ("", ",", ' , "" ,')] == [[], [], []]


@given(st.lists(st.text().map(str.strip).filter(bool), min_size=1))
def test_whatever_words_hold_they_come_back(words: list[str]) -> None:
    row = io.StringIO(newline="")
    csv.writer(row, quoting=csv.QUOTE_ALL).writerow(words)
    assert listed(row.getvalue()) == words
    plain = [word for word in words if "," not in word and not word.startswith('"')]
    assert listed(",".join(plain)) == plain
