"""The table of all answers: it adds up to 100%, begins with the page's own level, and is silent where there is one."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import groundswell as gs
from groundswell.reports.sections.answers import whole_percents


@settings(deadline=None)
@given(st.lists(st.floats(0.001, 1.0), min_size=2, max_size=9))
def test_whole_percents_add_up_and_lie_within_a_point(parts: list[float]) -> None:
    shares = [part / sum(parts) for part in parts]
    percents = whole_percents(shares)
    assert sum(percents) == 100
    assert percents[0] == round(100 * shares[0])
    assert all(abs(percent - 100 * share) < 1.6 for percent, share in zip(percents, shares, strict=True))


def test_everyone_may_give_the_first_answer() -> None:
    assert whole_percents([1.0, 0.0, 0.0]) == [100, 0, 0]


@pytest.mark.parametrize(("language", "rest"), [("en", "100%"), ("ru", "100\u00a0%")])
def test_the_page_shows_every_answer_on_the_newest_day(language: str, rest: str) -> None:
    report = gs.open_report("ukraine-outlook", as_of="2025-12-31", indicator="outlook", language=language)
    html = report.answer_table("outlook").html
    reading = report.evidence.reading("outlook")
    assert reading.question is not None
    for name in reading.question.answers:
        assert f'<span class="answer">{name}</span>' in html
    own = pd.DataFrame(reading.level_on(pd.DatetimeIndex([reading.last])))["share"].iloc[0]
    assert reading.question.levels(reading.last)["share"].iloc[0] == pytest.approx(own, abs=1e-12)
    assert f"<td>{round(100 * own)}" in html
    assert rest in html


def test_nothing_is_shown_where_one_answer_is_known() -> None:
    report = gs.open_report("uk-opinions", as_of="2023-12-31", indicator="unsure")
    assert report.answer_table("unsure").html == ""
