"""Figures from evidence made by hand: what is drawn, on which scale, in which words, and the numbers behind it."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from reports.hand_made import (
    WAVES,
    DrawnReading,
    DrawnTrend,
    a_reading,
    a_row,
    a_survey,
    an_event,
    effect,
    observed,
)

from groundswell.reports.evidence.by_domain.domains import (
    Domain,
    domain_notes,
    domains_in_order,
    whole_name,
    whole_numbers,
)
from groundswell.reports.evidence.by_domain.followed_domains import MOST_FOLLOWED
from groundswell.reports.evidence.differences import Move
from groundswell.reports.figures.domain_words import panel_numbers
from groundswell.reports.figures.domains import domain_panels
from groundswell.reports.figures.dots import Mark, dot_spec
from groundswell.reports.figures.figure import Figure
from groundswell.reports.figures.houses import house_figure, house_rows
from groundswell.reports.figures.moves import _numbers, difference_figure
from groundswell.reports.figures.trend.figure import other_breaks, trend_figure
from groundswell.reports.figures.trend.labels import GLYPHS, RANGE_GLYPH, end_label, gap_labels, house_keys
from groundswell.reports.figures.trend.level import level_traces
from groundswell.reports.figures.trend.marks import house_traces, other_wordings, wave_text
from groundswell.reports.figures.trend.words import (
    FLAT,
    alternative,
    caption,
    level_numbers,
    reading_notes,
    source_links,
)
from groundswell.reports.figures.weights import key_words, weights_figure, weights_table
from groundswell.reports.html import style
from groundswell.reports.language.language import Language
from groundswell.reports.language.measure import Measure
from groundswell.vocabulary import HIDDEN, SMALL_BASE
from groundswell.waves.wave.wave_toml import DomainRule

EN = Language("en")
SHARES = Measure(EN, None)


# -- houses


def with_houses(*effects: dict[str, Any], rows: tuple[dict[str, Any], ...] = ()) -> DrawnReading:
    """Four waves of Acme in two wordings and one of Bell, with these distances from the level."""
    waves = rows or (
        a_row("2024-01-10", variant="acme-old"),
        a_row("2024-04-10"),
        a_row("2024-07-10"),
        a_row("2024-10-10"),
        a_row("2024-05-10", house="bell", variant="bell"),
    )
    trend = DrawnTrend({"2024-01-01": 0.4, "2024-12-31": 0.4}, effects=pd.DataFrame(list(effects)))
    return a_reading(*waves, trend=trend)


THREE = (effect("bell", "bell", 0.05), effect("acme", "acme", 0.0, 0.0), effect("acme", "acme-old", -0.04))


def test_a_line_of_the_houses_figure_is_a_house_in_a_wording_with_its_waves_the_largest_last() -> None:
    rows = house_rows(with_houses(*THREE), EN)
    assert rows[["name", "wording", "waves", "scale"]].to_numpy().tolist() == [
        ["Acme", "last year", 1, False],
        ["Acme", "today", 3, True],
        ["Bell & Co", "", 1, False],
    ]
    assert rows["estimate"].tolist() == [-0.04, 0.0, 0.05]


def test_a_distance_without_any_error_is_the_scale_and_one_with_the_least_is_not() -> None:
    least = with_houses(effect("acme", "acme", 0.0, 1e-6), effect("bell", "bell", 0.0, 1.1e-6))
    assert dict(zip(*(house_rows(least, EN)[name] for name in ("name", "scale")), strict=True)) == {
        "Acme": True, "Bell & Co": False,
    }  # fmt: skip
    assert house_figure(with_houses(effect("acme", "acme", 0.0, 0.0)), EN) is None
    assert house_figure(a_reading(), EN) is None


def test_wordings_of_one_period_are_told_apart_by_their_keys_and_modes_where_there_are_two() -> None:
    survey = a_survey()
    alike = {
        name: variant.model_copy(update={"period": "today"})
        for name, variant in survey.indicators["mood"].variants.items()
    }
    mood = survey.indicators["mood"].model_copy(update={"variants": alike})
    reading = with_houses(*THREE)
    object.__setattr__(reading, "survey", survey.model_copy(update={"indicators": {"mood": mood}}))
    assert set(house_rows(reading, EN)["wording"]) == {"old", "acme", ""}
    modes = (a_row("2024-04-10"), a_row("2024-07-10", mode="not stated"))
    both = with_houses(
        effect("acme", "acme", 0.01), effect("acme", "acme", -0.01, mode="not stated"), rows=modes
    )
    assert house_rows(both, EN)["wording"].tolist() == ["mode not stated", "telephone"]


def test_the_houses_figure_gives_each_distance_in_points_and_says_it() -> None:
    figure = house_figure(with_houses(*THREE), EN)
    assert figure is not None
    (points,) = figure.spec["data"]
    assert points["x"] == [-4.0, 0.0, 5.0]
    assert points["error_x"]["array"] == [2.0, 0.0, 2.0]
    assert points["error_x"]["arrayminus"] == [2.0, 0.0, 2.0]
    assert figure.numbers.to_numpy().tolist() == [
        ["Bell & Co", "", 1, 5.0, 3.0, 7.0],
        ["Acme", "today", 3, 0.0, 0.0, 0.0],
        ["Acme", "last year", 1, -4.0, -6.0, -2.0],
    ]
    assert figure.alternative == (
        "Bell & Co: +5 points (95%: +3 to +7), 1 wave. Acme (today): the level is on this scale, 3 waves. "
        "Acme (last year): −4 points (95%: −6 to −2), 1 wave."
    )
    assert "on 9 October 2024" in figure.caption
    start, end = figure.spec["layout"]["xaxis"]["range"]
    assert start < -6 < 7 < end
    words = [note["text"] for note in figure.spec["layout"]["annotations"]]
    assert [word for word in words if word in ("<b>−4</b>", "scale", "<b>+5</b>")] == [
        "<b>−4</b>",
        "scale",
        "<b>+5</b>",
    ]


# -- domains

SEX = {"sex: women": 0.5, "sex: men": 0.3}
AGE_ORDER = DomainRule(column="age", breaks=(30, 60))
WAVE = SimpleNamespace(domains={"age": AGE_ORDER})
SECRET = 0.8712


def by_domain(*changes: tuple[str, float | None, dict[str, Any]]) -> pd.DataFrame:
    """Two waves of these domains."""
    return observed(
        *(
            a_row(end, share, domain=key, **more)
            for end in ("2024-01-10", "2024-10-10")
            for key, share, more in changes
        )
    )


def test_domains_stand_in_the_waves_order_everyone_first_unlisted_ones_last() -> None:
    keys = ["age: 60 and over", "zone: z", "all", "age: under 30", "age: odd", "age: 30–59", "zone: a", "all"]
    order = [domain.key for domain in domains_in_order(keys, [WAVE], EN)]
    assert order == [
        "all",
        "age: under 30",
        "age: 30–59",
        "age: 60 and over",
        "age: odd",
        "zone: a",
        "zone: z",
    ]
    everyone, young, *_ = domains_in_order(keys, [WAVE], EN)
    assert (whole_name(everyone), whole_name(young)) == ("everyone", "age: under 30")


def test_a_hidden_cell_is_nowhere_in_a_figure_of_domains() -> None:
    hidden = {"flags": HIDDEN, "left_out": HIDDEN, "n": None, "n_effective": None}
    rows = by_domain(("sex: women", 0.5, {}), ("sex: men", None, hidden))
    figure = domain_panels(a_reading(), rows, [], EN)
    assert figure is not None
    marks = {trace["name"]: trace for trace in figure.spec["data"] if trace["mode"] == "markers"}
    assert (len(marks["sex: women"]["x"]), marks["sex: men"]["x"], marks["sex: men"]["y"]) == (2, [], [])
    names = [note["text"] for note in figure.spec["layout"]["annotations"]]
    assert names == ["<b>sex</b> men: hidden", "women"]
    assert "sex: men: hidden." in figure.alternative
    assert figure.numbers.iloc[0, 2:].tolist() == ["hidden"] * 4
    assert any("fewer than 10 respondents are hidden" in note for note in figure.notes)


def test_a_cell_that_is_flagged_hidden_shows_no_figure_in_the_table_even_if_one_slipped_in() -> None:
    rows = by_domain(("sex: men", SECRET, {"flags": f"simulated;{HIDDEN}", "n": 7}))
    table = panel_numbers(rows, domains_in_order(rows["domain"], [], EN), SHARES)
    assert "87" not in table.to_csv()
    assert table.iloc[0, 2:].tolist() == ["hidden"] * 4


def test_the_table_of_domains_has_the_newest_wave_first_in_each() -> None:
    rows = by_domain(("sex: women", 0.5, {}), ("sex: men", 0.3, {"n_effective": None}))
    table = panel_numbers(rows, domains_in_order(rows["domain"], [], EN), SHARES)
    assert list(table.columns) == ["Domain", "Fieldwork", "n", "effective n", "Share", "95% interval"]
    assert table.to_numpy().tolist() == [
        ["sex: men", "8–10 Oct 2024", "1,000", "–", "30.0%", "28.0–32.0%"],
        ["sex: men", "8–10 Jan 2024", "1,000", "–", "30.0%", "28.0–32.0%"],
        ["sex: women", "8–10 Oct 2024", "1,000", "800", "50.0%", "48.0–52.0%"],
        ["sex: women", "8–10 Jan 2024", "1,000", "800", "50.0%", "48.0–52.0%"],
    ]
    assert table.attrs["right"] == ("n", "effective n", "Share", "95% interval")


def test_panels_share_one_scale_and_each_variable_starts_a_row() -> None:
    rows = by_domain(*((f"sex: {n}", 0.1 + n / 10, {}) for n in range(5)), ("zone: a", 0.3, {}))
    figure = domain_panels(a_reading(trend=DrawnTrend({"2024-01-01": 0.2, "2024-12-31": 0.2})), rows, [], EN)
    assert figure is not None
    layout = figure.spec["layout"]
    ranges = {tuple(layout[f"yaxis{n}"]["range"]) for n in ("", 2, 3, 4, 5, 6)}
    assert len(ranges) == 1
    low, high = ranges.pop()
    assert low < 8 < 52 < high
    tops = [layout[f"yaxis{n}"]["domain"][1] for n in ("", 2, 3, 4, 5, 6)]
    assert tops[0] == tops[3] > tops[4] > tops[5]
    assert [layout[f"yaxis{n}"]["showticklabels"] for n in ("", 2, 4, 5, 6)] == [
        True,
        False,
        False,
        True,
        True,
    ]
    narrow = layout["meta"]["narrow"]
    assert narrow["yaxis"]["domain"][1] > narrow["yaxis3"]["domain"][1]
    lines = [trace for trace in figure.spec["data"] if trace["mode"] == "lines"]
    assert len(lines) == 6
    assert set(lines[0]["y"]) == {20.0, None}


def levels_of(*domains: str, borrows: bool = False, segment: int = 1) -> pd.DataFrame:
    """Levels of followed domains that rise by ten points from January to October."""
    days = pd.to_datetime(["2024-01-09", "2024-05-01", "2024-10-09"])
    return pd.DataFrame(
        [
            {"date": day, "domain": domain, "share": share, "low95": share - 0.05, "high95": share + 0.05}
            | {"borrows": borrows, "segment": segment}
            for domain in domains
            for day, share in zip(days, (0.4, 0.42, 0.5), strict=True)
        ]
    )


def panels_with(levels: pd.DataFrame, *, waves: int = 5) -> Figure:
    """Panels of two sexes over a trend on so many waves."""
    trend = DrawnTrend({"2024-01-01": 0.2, "2024-12-31": 0.2})
    reading = a_reading(*(a_row(f"2024-{month:02}-10") for month in range(1, waves + 1)), trend=trend)
    figure = domain_panels(
        reading, by_domain(*((key, share, {}) for key, share in SEX.items())), [], EN, levels
    )
    assert figure is not None
    return figure


def test_a_followed_domain_has_its_line_and_its_band_before_everyone_s_line() -> None:
    figure = panels_with(levels_of("sex: women"))
    women = [trace for trace in figure.spec["data"] if trace["xaxis"] == "x2" and trace["mode"] == "lines"]
    men = [trace for trace in figure.spec["data"] if trace["xaxis"] == "x1" and trace["mode"] == "lines"]
    assert [trace.get("fill") for trace in women] == [None, "toself", None]
    assert women[1]["y"] == [45.0, 47.0, 55.0, 45.0, 37.0, 35.0, None]
    assert women[2]["y"] == [40.0, 42.0, 50.0, None]
    assert len(men) == 1
    assert "The blue line with its 95% band is the domain’s level" in figure.caption
    assert "no trend is fitted" not in figure.caption
    low, high = figure.spec["layout"]["yaxis"]["range"]
    assert low < 20
    assert high > 55


def test_levels_break_where_the_whole_does_and_have_no_line_on_a_few_waves() -> None:
    assert "no trend is fitted to a domain" in panels_with(levels_of("sex: women"), waves=4).caption
    assert "no trend is fitted to a domain" in panels_with(levels_of("sex: women", segment=2)).caption


def test_a_domain_without_a_level_of_its_own_is_named_where_others_have_one() -> None:
    assert "No level is fitted to: sex: men." in panels_with(levels_of("sex: women")).caption
    assert "No level" not in panels_with(levels_of("sex: women", "sex: men")).caption


def test_a_domain_that_borrows_is_named() -> None:
    assert "borrowed" not in panels_with(levels_of("sex: women", "sex: men")).caption
    caption = panels_with(levels_of("sex: women", borrows=True)).caption
    assert "More than half borrowed from the other domains: sex: women." in caption


def test_a_variable_with_too_many_categories_is_named_and_not_drawn() -> None:
    assert MOST_FOLLOWED == 12
    many = [(f"region: {n:02}", 0.4, {}) for n in range(13)]
    assert domain_panels(a_reading(), by_domain(*many), [], EN) is None
    figure = domain_panels(
        a_reading(), by_domain(*many, *((key, share, {}) for key, share in SEX.items())), [], EN
    )
    assert figure is not None
    assert "Too many categories to draw: region." in figure.caption
    assert not [note for note in figure.spec["layout"]["annotations"] if "region" in note["text"]]
    fits = domain_panels(a_reading(), by_domain(*many[:12]), [], EN)
    assert fits is not None
    assert "Too many" not in fits.caption


def test_without_domains_or_before_since_there_are_no_panels() -> None:
    everyone = by_domain(("all", 0.4, {}))
    assert domain_panels(a_reading(), everyone, [], EN) is None
    rows = by_domain(("sex: men", 0.4, {}))
    assert domain_panels(a_reading(since=pd.Timestamp("2024-10-11")), rows, [], EN) is None
    later = domain_panels(a_reading(since=pd.Timestamp("2024-10-10")), rows, [], EN)
    assert later is not None
    assert len(later.numbers) == 1


def test_notes_on_domains_are_given_only_where_they_apply() -> None:
    survey = a_survey(minimum_domain_n=50)
    assert domain_notes(survey, pd.Series(["", "simulated"]), EN) == ()
    (hidden,) = domain_notes(survey, pd.Series(["", HIDDEN]), EN)
    assert "fewer than 50 respondents are hidden" in hidden
    (small,) = domain_notes(survey, pd.Series([f"simulated;{SMALL_BASE}"]), EN)
    assert "fewer than 30 respondents" in small
    assert whole_numbers([1234.0, 5.0, np.nan], [False, True, False], EN) == ["1,234", "hidden", "–"]


# -- moves


BEFORE: Any = SimpleNamespace(as_of=pd.Timestamp("2024-05-31"))


def a_move(**changes: Any) -> Move:
    level = {"share": 0.40, "low95": 0.37, "high95": 0.43}
    given: dict[str, Any] = {
        "reading": a_reading(), "then_day": pd.Timestamp("2024-05-02"), "now_day": pd.Timestamp("2024-10-09"),
        "then": level, "same_day": level | {"share": 0.43}, "now": {"share": 0.36, "low95": 0.33, "high95": 0.39},
        "method": 0.005, "rows": -0.010, "hindsight": 0.035,
        "movement": {"estimate": -0.07, "low": -0.10, "high": -0.04},
    }  # fmt: skip
    return Move(**(given | changes))


def test_the_numbers_of_a_move_are_its_four_parts_in_points() -> None:
    drawn = difference_figure([a_move()], BEFORE, EN)
    (row,) = _numbers([a_move()], EN).to_dict(orient="records")
    parts = [row[name] for name in row if name.endswith(", points")]
    assert parts == pytest.approx([0.5, -1.0, 3.5, -7.0])
    assert sum(parts) == pytest.approx(row["Level now, %"] - row["Level as published, %"])
    assert "40% on 2 May 2024, 36% on 9 October 2024" in drawn
    broken = difference_figure([a_move(movement=None)], BEFORE, EN)
    assert "not published" in broken


def test_the_ends_of_a_dumbbell_lie_where_the_axis_says() -> None:
    drawn = str(difference_figure([a_move()], BEFORE, EN))
    # The axis runs from 32 to 44% in steps of 2; its ends are at 2% and 98% of the width.
    assert all(f">{tick}%<" in drawn for tick in (32, 34, 36, 38, 40, 42, 44))
    at = {share: f"{2 + (share - 32) / 12 * 96:.2f}%" for share in (40, 36, 37, 43, 33, 39)}
    assert f'class="then" x1="{at[37]}" x2="{at[43]}"' in drawn
    assert f'class="now" x1="{at[33]}" x2="{at[39]}"' in drawn
    assert f'class="step" x1="{at[40]}" x2="{at[36]}"' in drawn


# -- trend


def test_the_caption_tells_the_newest_level_and_ends_that_differ_by_two_points() -> None:
    assert FLAT == 0.02
    rows = [
        a_row(end, share)
        for end, share in (("2024-01-10", 0.40), ("2024-06-10", 0.3801), ("2024-10-10", 0.40))
    ]
    flat = a_reading(*rows)
    assert caption(flat, flat.drawn_level, EN) == (
        "Share of people who feel well: 40% in October 2024 (95%: 37–43%)."
    )
    moved = a_reading()
    assert caption(moved, moved.drawn_level, EN) == (
        "Share of people who feel well: 36% in October 2024 (95%: 33–39%). "
        "At its highest the level was 46%, in April 2024."
    )
    early = (("2023-01-10", 0.70), ("2023-04-10", 0.60))
    broken = a_reading(*(a_row(end, share) for end, share in (*early, *WAVES)), cuts=("2023-12-01",))
    assert "At its highest the level was 46%, in April 2024." in caption(broken, broken.drawn_level, EN)
    waves = (("2024-01-10", 0.30), ("2024-04-10", 0.35), ("2024-10-10", 0.40))
    rising = a_reading(*(a_row(end, share) for end, share in waves))
    assert "At its lowest the level was 30%, in January 2024." in caption(rising, rising.drawn_level, EN)


def test_an_extreme_that_is_not_clear_or_that_nobody_measured_is_not_told() -> None:
    unclear = a_reading(clear=0.79)
    assert "highest" not in caption(unclear, unclear.drawn_level, EN)
    assert "Highest" not in alternative(unclear, unclear.drawn_level, EN)
    waves = (("2020-01-10", 0.40), ("2020-04-10", 0.35), ("2024-10-10", 0.37))
    bulging = DrawnTrend({"2020-01-09": 0.40, "2020-04-09": 0.35, "2022-06-30": 0.70, "2024-10-09": 0.37})
    reading = a_reading(*(a_row(end, share) for end, share in waves), trend=bulging)
    assert "At its highest the level was 40%, in January 2020." in caption(reading, reading.drawn_level, EN)


def test_without_a_level_the_caption_says_why() -> None:
    unfitted = a_reading(a_row("2024-01-10", left_out="n_unknown"))
    assert caption(unfitted, None, EN).endswith(
        "No level can be estimated: every wave is left out of the fit."
    )
    numbers = level_numbers(unfitted, None, EN)
    assert list(numbers.columns) == ["Date", "Share, %"]
    assert numbers["Share, %"].tolist() == [40.0]
    figure = trend_figure(unfitted, EN)
    assert [trace["mode"] for trace in figure.spec["data"]] == ["markers"]
    assert figure.method == ""


def test_the_numbers_of_a_trend_are_its_level_in_percent() -> None:
    reading = a_reading(trend=DrawnTrend({"2024-01-09": 0.4, "2024-10-09": 0.4}))
    numbers = level_numbers(reading, reading.drawn_level, EN)
    assert list(numbers.columns) == ["Date", "Level, %", "50% from", "to", "95% from", "up to"]
    assert numbers.iloc[0, 1:].tolist() == [40.0, 39.0, 41.0, 37.0, 43.0]
    assert len(numbers) == 11  # both ends and nine ends of months


def test_the_alternative_counts_what_is_drawn_and_says_its_ends() -> None:
    events = [an_event("2024-02-24", "A war")]
    rows = [
        a_row(end, share) for end, share in (("2024-01-10", 0.40), ("2024-06-10", 0.46), ("2024-10-10", 0.36))
    ]
    reading = a_reading(*rows, a_row("2024-08-10", left_out="n_unknown"), survey=a_survey(events=events))
    text = alternative(reading, reading.drawn_level, EN)
    assert text.startswith(
        "Line chart of Mood: 3 waves of 1 house. First: 40% on 9 January 2024 (95%: 37–43%)."
    )
    assert "Highest: 46% on 9 June 2024" in text
    assert "Lowest: 36% on 9 October 2024" in text
    assert "Newest: 36% on 9 October 2024" in text
    assert "1 observation is drawn but left out of the fit." in text
    assert text.endswith("Events marked: A war (24 February 2024).")
    early = [a_row("2023-01-10", 0.70), a_row("2023-04-10", 0.60)]
    broken = a_reading(*early, *rows, cuts=("2023-12-01",))
    assert "Highest since the last break: 46%" in alternative(broken, broken.drawn_level, EN)
    alone = a_reading(*rows, cuts=("2024-10-01",))
    assert "Highest" not in alternative(alone, alone.drawn_level, EN)


def notes(reading: DrawnReading) -> str:
    return reading_notes(reading, reading.drawn_level, EN)[0]


def test_the_notes_name_only_what_is_there() -> None:
    marks = "Marks: published waves with their 95% margin."
    dots = "Dots: the level at each wave, with its 95% interval; too few waves for a line."
    line = "Line: the level, with its 50% and 95% bands."
    assert notes(a_reading()) == f"{dots} {marks}"
    five = [a_row(f"2024-0{month}-10") for month in range(1, 6)]
    plain = notes(a_reading(*five))
    assert plain == f"{line} {marks}"
    assert notes(a_reading(*five, a_row("2024-06-10"), cuts=("2024-06-01",))).startswith(
        f"{line} {dots} {marks}"
    )
    base = [a_row("2020-01-10"), a_row("2024-01-10")]
    assert "Dotted: no wave for more than a year and a half." in notes(a_reading(*base))
    ranged = a_reading(*base, a_row("2024-02-10", None, range_low=0.1, range_high=0.2, left_out="n_unknown"))
    assert "Upright bars" in notes(ranged)
    assert "hollow" not in notes(ranged)
    assert "hollow marks: left out" in notes(a_reading(*base, a_row("2024-02-10", left_out="n_unknown")))
    assert "average over established houses (" in notes(
        a_reading(*base, a_row("2024-02-10", house="bell", variant="bell"))
    )
    new = [
        a_row("2024-02-10", house="bell", variant="bell"),
        a_row("2024-03-10", house="bell", variant="acme"),
    ]
    assert "Strokes at the top edge" in notes(a_reading(*base, a_row("2024-04-10"), *new))
    own = a_reading(*base, a_row("2024-04-10", variant="acme-old"))
    assert "Strokes" not in notes(own)
    assert "Where the line is broken nothing was asked on both sides" in notes(
        a_reading(cuts=("2024-06-01",))
    )
    unfitted = a_reading(a_row("2024-01-10", left_out="n_unknown"))
    assert "Line:" not in notes(unfitted)


def test_other_wordings_of_the_main_house_are_grey_where_the_level_is_on_one_of_its() -> None:
    rows = [a_row("2024-01-10", variant="acme-old"), a_row("2024-02-10"), a_row("2024-03-10")]
    newest = a_reading(*rows)
    assert other_wordings(newest) == ["acme-old"]
    assert "Grey-filled marks: Acme in another wording" in notes(newest)
    assert "on the scale of Acme’s question: today." in caption(newest, newest.drawn_level, EN)
    (points,) = house_traces(newest, EN)
    assert points["marker"]["color"] == [style.LIGHT["whisker"], style.LIGHT["page"], style.LIGHT["page"]]
    bell = a_row("2024-02-20", house="bell", variant="bell")
    assert other_wordings(a_reading(*rows, bell)) == []
    assert other_wordings(a_reading(*rows, bell, scale_of=("bell",))) == []
    assert other_wordings(a_reading(*rows, bell, scale_of=("acme",))) == ["acme-old"]
    assert other_wordings(a_reading(*rows, cuts=("2024-02-01",))) == []


def test_each_house_has_its_mark_its_left_out_ones_hollow_and_its_ranges_as_bars() -> None:
    reading = a_reading(
        a_row("2024-01-10", 0.4), a_row("2024-02-10", 0.5), a_row("2024-03-10", 0.6, left_out="n_unknown"),
        a_row(
            "2024-04-10", None, house="bell", variant="bell", range_low=0.15, range_high=0.18, left_out="n_unknown"
        ),
    )  # fmt: skip
    used, hollow, bar = house_traces(reading, EN)
    assert (used["name"], used["y"], used["x"]) == ("Acme", [40.0, 50.0], ["2024-01-09", "2024-02-09"])
    assert used["error_y"]["array"] == [2.0, 2.0]
    assert hollow["marker"]["size"] < used["marker"]["size"]
    assert hollow["marker"]["opacity"] < 1
    assert (bar["name"], bar["y"][:2]) == ("Bell &amp; Co", [15.0, 18.0])
    keys = house_keys(reading, {"acme"})
    assert [(key.glyph, key.name, key.direct) for key in keys] == [
        (GLYPHS["circle"], "Acme", True), (RANGE_GLYPH, "Bell & Co", False),
    ]  # fmt: skip


def test_the_words_of_a_wave_name_its_size_margin_mode_and_why_it_is_left_out() -> None:
    reading = a_reading(a_row("2024-01-10"), a_row("2024-02-10", n=None, mode="online", left_out="n_unknown"))
    first, second = (wave_text(reading, row, EN) for _, row in reading.drawn.iterrows())
    assert first == "8–10 Jan 2024<br>telephone<br>40% ± 2.0 · n 1,000"
    assert second.endswith("online<br>40% ± 2.0 · n not published<br>left out of the fit: n is unknown")
    alone = a_reading(a_row("2024-01-10", rounding=0.001))
    assert wave_text(alone, alone.drawn.iloc[0], EN) == "8–10 Jan 2024<br>40.0% ± 2.0 · n 1,000"


def test_a_line_is_broken_at_a_break_and_dotted_where_nobody_asked() -> None:
    before = ("2020-01-10", "2020-03-10", "2020-06-10", "2023-01-10", "2023-06-10")
    after = ("2023-09-10", "2023-10-10", "2023-11-10", "2023-12-01", "2023-12-10")
    reading = a_reading(*(a_row(day) for day in (*before, *after)), cuts=("2023-09-09",))
    assert reading.drawn_level is not None
    traces = level_traces(reading, reading.drawn_level, EN)
    dotted, solid = (trace for trace in traces if trace.get("line", {}).get("dash"))
    assert (dotted["line"]["dash"], dotted["x"]) == ("dot", ["2020-06-09", "2023-01-09", None])
    pieces = " ".join(map(str, solid["x"])).split(" None")
    ends = [(piece.split()[0], piece.split()[-1]) for piece in pieces if piece.split()]
    assert ends[0] == ("2020-01-09", "2020-06-09")
    assert ends[1][0] == "2023-01-09"
    assert ends[1][1] < "2023-09-09"
    assert ends[2] == ("2023-09-09", "2023-12-09")


@pytest.mark.parametrize(("waves", "line"), [(4, False), (5, True)])
def test_fewer_than_five_waves_are_dots_with_their_intervals_and_no_line(waves: int, line: bool) -> None:
    reading = a_reading(*(a_row(f"2024-0{month}-10", 0.4) for month in range(1, waves + 1)))
    assert reading.drawn_level is not None
    traces = level_traces(reading, reading.drawn_level, EN)
    assert any(trace.get("line", {}).get("dash") for trace in traces) is line
    assert any("fill" in trace for trace in traces) is line
    dots = [trace for trace in traces if trace["mode"] == "markers"]
    assert len(dots) == (0 if line else 1)
    for trace in dots:
        assert (trace["x"][0], trace["y"]) == ("2024-01-09", [40.0] * 4)
        assert trace["error_y"]["array"] == trace["error_y"]["arrayminus"] == [3.0] * 4
    # Every mark that arrow keys walk to has its words.
    assert all(len(trace["text"]) == len(trace["x"]) and trace["name"] for trace in dots)
    assert all("40%" in words for trace in dots for words in trace["text"])


def test_the_newest_level_is_written_at_the_end_of_the_line_and_a_gap_says_its_years() -> None:
    from groundswell.reports.figures.placement import Canvas

    canvas = Canvas(740, 360, (pd.Timestamp("2020-01-01"), pd.Timestamp("2024-12-31")), (0, 80), 118)
    reading = a_reading(a_row("2020-01-10"), a_row("2023-06-10"))
    assert reading.drawn_level is not None
    big, small = end_label(canvas, reading.drawn_level.iloc[-1], "", SHARES, narrow=False)
    assert (big.text, small.text, big.bold) == ("40%", "95%: 37–43%", True)
    *_, scale = end_label(canvas, reading.drawn_level.iloc[-1], "scale: Acme", SHARES, narrow=False)
    assert scale.text == "scale: Acme"
    narrow = end_label(canvas, reading.drawn_level.iloc[-1], "scale: Acme", SHARES, narrow=True)
    assert [label.text for label in narrow] == ["40%", "37–43%"]
    (gap,) = gap_labels(reading, reading.drawn_level, canvas, SHARES)
    assert gap.text == "no wave for 3 years"
    short = Canvas(100, 360, canvas.dates, canvas.shares, 118)
    assert gap_labels(reading, reading.drawn_level, short, SHARES) == []


def test_the_trend_figure_carries_everything_under_the_indicator_s_name() -> None:
    rows = [
        a_row(end, house=house, variant=house)
        for house in ("acme", "bell")
        for end in ("2023-01-10", "2024-10-10")
    ]
    new = a_row("2024-11-10", house="bell", variant="acme")
    reading = a_reading(
        *rows, a_row("2024-09-10"), new, survey=a_survey(events=[an_event("2024-02-24", "A war")])
    )
    figure = trend_figure(reading, EN)
    assert (figure.key, figure.title, figure.contents, figure.group) == (
        "trend-mood",
        "Mood, 2023–2024",
        "Mood",
        "Trend",
    )
    texts = [note["text"] for note in figure.spec["layout"]["annotations"]]
    assert "A war" in texts
    assert "<b>40%</b>" in texts
    shapes = figure.spec["layout"]["shapes"]
    assert [shape["line"]["dash"] for shape in shapes if "dash" in shape["line"]] == ["dot"]
    houses = reading.houses()
    assert len(other_breaks(reading)) == len([one for one in reading.breaks() if one[1] != houses[0]])
    assert '<a href="https://acme.example">Acme</a>' in source_links(reading)
    low, high = figure.spec["layout"]["yaxis"]["range"]
    assert low < 37 < 43 < high
    json.dumps(figure.spec)


# -- weights and dots


def test_weights_are_drawn_as_densities_so_that_a_wider_bin_is_lower() -> None:
    bins = pd.DataFrame({"weights": ["own"] * 2, "low": [0.9, 1.0], "high": [1.0, 1.2], "n": [30, 70]})
    spread = pd.DataFrame(
        [
            {
                "weights": "own",
                "n": 100,
                "deff": 1.25,
                "n_effective": 80.0,
                "largest": 1.2,
                "top_share": 0.012,
            }
        ]
    )
    figure = weights_figure(spread, bins, "caption", EN, "Weights")
    (steps,) = figure.spec["data"]
    assert steps["name"] == "as they came"
    assert steps["x"] == [0.9, 0.9, 1.0, 1.2, 1.2]
    assert steps["y"] == [0.0, 30.0, 35.0, 35.0, 0.0]
    assert "100 respondents are worth 80, design effect 1.25; the largest is 1.2 times" in figure.alternative
    assert figure.numbers.to_numpy().tolist() == [
        ["as they came", "0.9", "1.0", 30], ["as they came", "1.0", "1.2", 70],
    ]  # fmt: skip
    assert key_words(bins, EN) == ""
    both = pd.DataFrame({"weights": ["before_raking", "after_raking"]})
    assert key_words(both, EN) == "Dotted: before raking; filled: after."
    assert weights_table(spread, EN).iloc[0].tolist() == ["as they came", 100, 1.25, 80, 1.2, "1.2%"]


def test_the_last_bin_of_weights_says_and_more() -> None:
    bins = pd.DataFrame(
        {"weights": ["after_raking"] * 2, "low": [4.9, 5.0], "high": [5.0, 5.1], "n": [10, 10]}
    )
    spread = pd.DataFrame(
        [
            {
                "weights": "after_raking",
                "n": 20,
                "deff": 1.0,
                "n_effective": 20.0,
                "largest": 9.0,
                "top_share": 0.1,
            }
        ]
    )
    assert weights_figure(spread, bins, "", EN, "").numbers["up to"].tolist() == ["5.0", "and more"]


def test_a_hidden_mark_is_named_and_has_no_place_in_the_drawing() -> None:
    women, men = Domain("sex: women", "sex", "women"), Domain("sex: men", "sex", "men")
    marks = [
        Mark(women, "50% (48–52)", "women", at=50.0, low=48.0, high=52.0, open=True),
        Mark(men, "hidden"),
    ]
    spec = dot_spec(
        marks,
        signs=EN.percent_signs,
        reference=40.0,
        ticks=[(women, 55.0)],
        others=[(women, 45.0, "of respondents")],
    )
    points, others = spec["data"]
    assert (points["x"], points["y"], points["marker"]["symbol"]) == ([50.0], [-1], ["circle-open"])
    assert (points["error_x"]["array"], points["error_x"]["arrayminus"]) == ([2.0], [2.0])
    assert (others["x"], others["y"]) == ([45.0], [-1])
    layout = spec["layout"]
    assert layout["yaxis"]["ticktext"] == ["<b>sex</b>", "women", "men"]
    assert [note["text"] for note in layout["annotations"]] == ["50% (48–52)", "hidden"]
    assert [shape["x0"] for shape in layout["shapes"]] == [55.0, 40.0]
    low, high = layout["xaxis"]["range"]
    assert low < 40 < 55 < high
