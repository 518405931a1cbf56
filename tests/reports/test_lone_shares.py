"""Lone rough shares: which rows they are, when they can be checked, how they lie, and what would tell more."""

from __future__ import annotations

from typing import Any

import pytest
from reports.hand_made import DrawnReading, DrawnTrend, a_reading, a_row

from groundswell.reports.evidence.lone_shares import MARGIN, NEAR_DAYS, lone_shares
from groundswell.reports.evidence.reading import figure_range, printed
from groundswell.reports.findings.findings import Finding
from groundswell.reports.findings.lone_shares import lone_findings
from groundswell.reports.language.language import Language
from groundswell.reports.language.measure import Measure
from groundswell.trends.answers.needed_n import needed_n

EN = Language("en")
SHARES = Measure(EN, None)
LEFT_OUT = {"house": "bell", "variant": "bell", "left_out": "n_unknown", "n": None}
LEVEL = DrawnTrend({"2024-01-01": 0.40, "2024-12-31": 0.40}, wide=0.02)
"""A flat level of 40%; the population's interval is 36 to 44%."""


def with_lone(share: float | None = 0.4, end: str = "2024-06-12", **changes: Any) -> DrawnReading:
    """Two waves of Acme, the newest on 10 to 12 June 2024, and one row of Bell that is left out."""
    waves = [a_row("2024-03-12"), a_row("2024-06-12")]
    return a_reading(*waves, a_row(end, share, **LEFT_OUT | changes), trend=LEVEL)


def finding(reading: DrawnReading) -> Finding:
    (one,) = lone_findings(reading, EN)
    return one


def test_a_lone_share_is_a_house_s_only_row_and_is_not_fitted() -> None:
    assert len(lone_shares(with_lone())) == 1
    assert lone_shares(with_lone(left_out="")) == []
    twice = a_reading(*(a_row(end, 0.4, **LEFT_OUT) for end in ("2024-06-12", "2024-07-12")), trend=LEVEL)
    assert lone_shares(twice) == []


@pytest.mark.parametrize(
    ("low", "high", "position", "words"),
    [
        (
            0.4401,
            0.50,
            "above",
            "Mood: Bell & Co’s figure for 10–12 Jun 2024 lies above what the other houses say",
        ),
        (
            0.4399,
            0.50,
            "inside",
            "Mood: Bell & Co’s figure for 10–12 Jun 2024 does not contradict the other houses",
        ),
        (0.30, 0.3601, "inside", "does not contradict the other houses, who say 36–44% for that time."),
        (0.30, 0.3599, "below", "lies below what the other houses say of that time, 36–44%"),
    ],
)
def test_a_lone_share_lies_above_below_or_inside_what_the_others_say(
    low: float, high: float, position: str, words: str
) -> None:
    reading = with_lone(None, range_low=low, range_high=high)
    (lone,) = lone_shares(reading)
    assert lone.position == position
    assert lone.band == pytest.approx((0.36, 0.44))
    said = finding(reading)
    assert words in said.sentence
    assert said.word in words
    assert said.interval == "a range, not an interval"


@pytest.mark.parametrize(
    ("low", "high", "position"),
    [(0.75, 0.9, "inside"), (0.76, 0.9, "above"), (0.1, 0.25, "inside"), (0.1, 0.24, "below")],
)
def test_a_range_that_touches_what_the_others_say_does_not_contradict_them(
    low: float, high: float, position: str
) -> None:
    level = DrawnTrend(
        {"2024-01-01": 0.5, "2024-12-31": 0.5}, wide=0.125
    )  # 25 to 75% for the population, exactly
    touching = a_row("2024-06-12", None, range_low=low, range_high=high, **LEFT_OUT)
    (lone,) = lone_shares(a_reading(a_row("2024-06-12"), touching, trend=level))
    assert lone.position == position


def test_where_its_start_is_unknown_a_lone_share_is_dated_by_its_end() -> None:
    (lone,) = lone_shares(with_lone(end="2024-09-12", start=None))
    assert lone.position == "inside"
    (far,) = lone_shares(with_lone(end="2024-09-13", start=None))
    assert far.position == "alone"


@pytest.mark.parametrize(
    ("end", "near"),
    [("2024-09-14", True), ("2024-09-15", False), ("2023-12-09", True), ("2023-12-08", False)],
)
def test_a_lone_share_is_held_against_waves_at_most_92_days_away(end: str, near: bool) -> None:
    # The last wave of Acme ends on 12 June and the first begins on 10 March; a row of Bell lasts three days.
    assert NEAR_DAYS == 92
    reading = with_lone(0.9, end)
    (lone,) = lone_shares(reading)
    assert (lone.position, lone.band is not None) == (("above", True) if near else ("alone", False))
    if not near:
        assert finding(reading).sentence.endswith(
            "stands alone; a change against other houses cannot be checked."
        )
        assert finding(reading).word == "cannot be checked"


def test_the_nearest_wave_of_another_house_is_named() -> None:
    (lone,) = lone_shares(with_lone(end="2024-04-20"))
    assert lone.neighbour is not None
    assert str(lone.neighbour["end"].date()) == "2024-03-12"
    assert "nearest wave of another house: Acme, 10–12 Mar 2024" in finding(with_lone(end="2024-04-20")).basis
    alone = a_reading(a_row("2024-06-12", **LEFT_OUT), trend=LEVEL)
    assert lone_shares(alone)[0].neighbour is None
    assert "nearest" not in finding(alone).basis


def test_a_wave_of_its_own_house_is_no_neighbour_and_without_a_level_nothing_is_checked() -> None:
    reading = a_reading(a_row("2024-06-12"), a_row("2024-06-12", **LEFT_OUT | {"house": "cats"}), trend=LEVEL)
    assert lone_shares(reading)[0].position == "inside"
    unfitted = a_reading(a_row("2024-06-12"), a_row("2024-06-12", **LEFT_OUT), trend=None)
    object.__setattr__(unfitted, "trend", None)
    assert lone_shares(unfitted)[0].position == "alone"


def test_the_finding_says_what_is_rough_about_the_figure() -> None:
    said = finding(with_lone())
    assert said.basis.startswith("1 rough figure · n not published · ")
    assert (said.kind, said.size, said.interval, said.claim, said.adjusted) == (
        "lone",
        "40%",
        "no margin",
        "",
        None,
    )
    assert "n not published" not in finding(with_lone(n=500)).basis


def test_figures_dated_to_a_month_are_named_by_their_month() -> None:
    """The whole finding, as it stands on the page, with its indicator and the figure that it leads to."""
    march = a_row("2024-03-31", start="2024-03-01", precision="month")
    april = a_row("2024-04-30", 0.4, **LEFT_OUT | {"start": "2024-04-01", "precision": "month"})
    said = finding(a_reading(march, a_row("2024-06-12"), april, trend=LEVEL))
    assert said.sentence == (
        "Mood: Bell & Co’s figure for April 2024 does not contradict the other houses, who say 36–44% for that time."
    )
    # 1024.4 respondents of a simple random sample by hand, times the design effect of 1.25.
    assert said.basis == (
        "1 rough figure · n not published · nearest wave of another house: Acme, March 2024 · "
        "one wave of 1,300 would measure it to ±3 points"
    )
    assert (said.indicator, said.target) == ("mood", "trend-mood")


def test_brackets_in_a_survey_s_own_names_set_nothing_in_bold() -> None:
    reading = with_lone()
    odd = reading.survey.model_copy(
        update={
            "houses": {
                **reading.survey.houses,
                "bell": reading.survey.houses["bell"].model_copy(update={"name": "B[ell]"}),
            }
        }
    )
    object.__setattr__(reading, "survey", odd)
    said = finding(reading)
    assert "B(ell)’s figure" in said.before
    assert said.word == "does not contradict"


@pytest.mark.parametrize(
    ("share", "margin", "deff", "n"),
    [
        (0.5, 0.03, 1.0, 1100),
        (0.5, 0.03, 2.0, 2200),
        (0.1, 0.03, 1.0, 400),
        (0.5, 0.098, 1.0, 100),
        (0.5, 0.02, 1.0, 2500),
    ],
)
def test_needed_respondents_follow_the_usual_formula_to_the_next_hundred(
    share: float, margin: float, deff: float, n: int
) -> None:
    # 1067.1, 2134.2, 384.2, 100.0, 2401.0 by hand
    assert needed_n(share, margin=margin, deff=deff) == n


@pytest.mark.parametrize(("deff", "n"), [(None, "1,100"), (1.4, "1,500"), (1.0, "1,100")])
def test_the_needed_respondents_allow_for_the_design_effect(deff: float | None, n: str) -> None:
    assert MARGIN == 0.03
    assert finding(with_lone(0.5, deff=deff)).basis.endswith(f"one wave of {n} would measure it to ±3 points")
    assert "one wave of 1,100" in finding(with_lone(0.384, deff=None)).basis  # 1009.7 respondents
    middle = with_lone(None, range_low=0.3, range_high=0.7, deff=deff)
    assert finding(middle).basis.endswith(f"one wave of {n} would measure it to ±3 points")


def test_a_share_is_printed_with_the_digits_that_it_was_published_with() -> None:
    def row(**changes: Any) -> Any:
        return with_lone(**changes).observations.iloc[-1]

    assert printed(row(share=0.404, rounding=0.001), SHARES) == "40.4%"
    assert printed(row(share=0.404, rounding=0.01), SHARES) == "40%"
    assert printed(row(share=0.404, rounding=0.0), SHARES) == "40%"
    assert printed(row(share=None, range_low=0.15, range_high=0.18), SHARES) == "15–18%"
    assert figure_range(row(share=0.165, range_low=0.15, range_high=0.18)) == (0.15, 0.18)
    assert figure_range(row(share=0.4)) == (0.4, 0.4)
