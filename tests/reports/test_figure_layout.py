"""Where a figure's labels go and which of a line's days are drawn: laws that hold for any series."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from reports.hand_made import a_manifest

from groundswell.reports.figures.curves import thinned
from groundswell.reports.figures.placement import (
    Box,
    Canvas,
    free_place,
    overlap,
    roomy_place,
    rows_of_labels,
    text_size,
)
from groundswell.reports.figures.sparkline import sparkline
from groundswell.reports.html.tables import csv_link, table
from groundswell.reports.language.language import Language
from groundswell.reports.publish.card import card_page

CANVAS = Canvas(740, 360, (pd.Timestamp("2020-01-01"), pd.Timestamp("2026-01-01")), (0, 80), 118)
WORDS = st.text(st.characters(categories=["Lu", "Ll", "Zs"]), min_size=1, max_size=30)


@given(st.lists(st.tuples(st.floats(0, 740), WORDS), max_size=12))
def test_no_two_labels_above_a_figure_touch(marks: list[tuple[float, str]]) -> None:
    texts = [text for _, text in marks]
    placed = rows_of_labels([x for x, _ in marks], texts, 12, CANVAS)
    spans = [
        (row, middle - text_size(text, 12)[0] / 2, middle + text_size(text, 12)[0] / 2)
        for (middle, row), text in zip(placed, texts, strict=True)
    ]
    for place, (row, left, right) in enumerate(spans):
        for other, start, end in spans[:place]:
            assert other != row or right <= start or end <= left


BOXES = st.lists(
    st.tuples(st.floats(0, 700), st.floats(0, 340), st.floats(5, 80), st.floats(5, 60)).map(
        lambda box: (box[0], box[1], box[0] + box[2], box[1] + box[3])
    ),
    max_size=25,
)


@pytest.mark.parametrize("search", [free_place, roomy_place])
@settings(max_examples=30)
@given(anchors=st.lists(st.tuples(st.floats(0, 740), st.floats(0, 360)), min_size=1, max_size=4), walls=BOXES)
def test_a_label_covers_no_mark_and_stays_on_the_canvas(
    search: type[free_place], anchors: list[tuple[float, float]], walls: list[Box]
) -> None:
    box = search(anchors, "Levada Center, face to face", 13, CANVAS, walls)
    if box is not None:
        assert not overlap(box, np.array(walls, dtype=float).reshape(-1, 4)).any()
        assert box[0] >= 0
        assert box[1] >= 0
        assert box[2] <= CANVAS.width + CANVAS.right
        assert box[3] <= CANVAS.height


@given(st.lists(st.floats(0, 1), min_size=2, max_size=80), st.floats(0.0005, 0.05))
def test_a_thinned_line_misses_no_day_by_more_than_what_is_seen(shares: list[float], seen: float) -> None:
    days = pd.date_range("2020-01-01", periods=len(shares), freq="5D")
    piece = pd.DataFrame({"date": days, "low95": shares, "high95": [share + 0.1 for share in shares]})
    thin = thinned(piece, ["low95", "high95"], seen)
    for name in ("low95", "high95"):
        drawn = np.interp(days.astype("int64"), thin["date"].astype("int64"), thin[name])
        assert np.abs(drawn - piece[name]).max() <= seen + 1e-9


def test_a_straight_line_is_drawn_by_its_ends() -> None:
    piece = pd.DataFrame(
        {"date": pd.date_range("2020-01-01", periods=50), "share": np.linspace(0.2, 0.5, 50)}
    )
    assert len(thinned(piece, ["share"], 0.0001)) == 2


@given(st.lists(st.floats(0, 1), max_size=40))
def test_a_sparkline_stays_in_its_box_and_ends_in_its_dot(shares: list[float]) -> None:
    drawn = sparkline(shares, 120, 32)
    if len(shares) < 2:
        assert drawn is None
        return
    assert drawn is not None
    points = [tuple(map(float, point.split(","))) for point in drawn["line"].split()]
    assert len(points) == len(shares)
    assert all(0 <= x <= 120 and 0 <= y <= 32 for x, y in points)
    assert points[-1] == (float(drawn["x"]), float(drawn["y"]))


def test_a_card_shows_headline_level_and_date_and_runs_nothing() -> None:
    indicator = {
        "indicator": "mood",
        "title": "<i>Mood</i>",
        "share": 0.4,
        "low95": 0.35,
        "high95": 0.45,
        "spark": [0.5, 0.4],
    }
    report = {"headline": "<script>alert(1)</script> fell", "indicators": [indicator]}
    page = card_page(a_manifest("2025-01-13", title="Testland & co", report=report))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; fell" in page
    assert "<script" not in page
    assert "<i>" not in page
    for shown in ("Testland &amp; co", "13 January 2025", "40%", "35–45%"):
        assert shown in page


def test_a_csv_inside_a_link_is_what_was_written() -> None:
    from urllib.parse import unquote

    rows = pd.DataFrame({"House": ["=cmd|' /C calc'!A0", 'said "50%", #1', "Левада"], "n": [1, 2, 3]})
    link = csv_link(rows, "x.csv", Language())
    address = link.split('href="')[1].split('"')[0]
    text = unquote(Markup(address).unescape().split(",", 1)[1])
    assert text.splitlines() == ["\ufeffHouse,n", "'=cmd|' /C calc'!A0,1", '"said ""50%"", #1",2', "Левада,3"]


def test_a_long_table_is_folded_and_its_numbers_stand_right() -> None:
    rows = pd.DataFrame({"House": [f"house {n}" for n in range(20)], "n": range(20)})
    rows.attrs["sorted"] = ("House", "ascending")
    folded = table(rows, Language(), caption="Waves", sortable=True, folded=True)
    assert 'class="sortable r2"' in folded
    assert '<th scope="col" aria-sort="ascending">House</th>' in folded
    assert "Show all 20 rows" in folded
    assert "Show all" not in table(rows.head(12), Language(), caption="Waves", folded=True)
