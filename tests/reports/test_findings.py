"""Findings: which word a probability allows, which change is spoken of, what the page shows, and its headline."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from reports.hand_made import WAVES, a_change, a_reading, a_row, a_survey, an_evidence

from groundswell.reports.evidence.changes import Change
from groundswell.reports.evidence.reading import Reading
from groundswell.reports.findings.chosen import choose, headline, report_findings
from groundswell.reports.findings.findings import Finding, change_findings
from groundswell.reports.findings.said import changes_to_say, clearest, now_of, same_move
from groundswell.reports.findings.words import WORDS, change_sentence, word_for
from groundswell.reports.language.language import Language
from groundswell.trends.compared.comparisons import COLUMNS
from groundswell.trends.compared.turning_points import CLEAR, SURE

EN = Language("en")


def compared(*changes: Change, indicator: str = "mood") -> pd.DataFrame:
    """Changes as the table of comparisons."""
    rows = [
        {
            "indicator": indicator, "kind": one.kind, "label": one.label, "start": one.start, "end": one.end,
            "estimate": one.estimate, "se": 0.01, "low": one.low, "high": one.high, "segment": one.segment,
            "probability": one.probability, "adjusted": one.adjusted, "waves": one.waves, "houses": one.houses,
            "compared": one.compared, "share_start": one.share_start, "share_end": one.share_end,
            "within": one.within,
        }
        for one in changes
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def found(change: Change, **reading: Any) -> Finding:
    """The finding of one change."""
    (finding,) = change_findings(a_reading(**reading), compared(change), EN)
    return finding


@pytest.mark.parametrize(
    ("adjusted", "word"),
    [
        (1.0, "almost certainly"),
        (0.99, "almost certainly"),
        (np.nextafter(0.99, 0), "very probably"),
        (0.95, "very probably"),
        (np.nextafter(0.95, 0), "probably"),
        (0.80, "probably"),
        (np.nextafter(0.80, 0), ""),
        (0.5, ""),
    ],
)
def test_each_word_begins_exactly_at_its_probability(adjusted: float, word: str) -> None:
    """Of `adjusted`, whatever the probability that is printed; below the last word there is no finding."""
    assert word_for(adjusted) == word
    findings = change_findings(a_reading(), compared(a_change(adjusted=adjusted, probability=0.999)), EN)
    assert [finding.word for finding in findings] == ([word] if word else [])


def test_the_printed_table_of_words_is_the_one_that_chooses_them() -> None:
    assert WORDS == (("almost certainly", 0.99), ("very probably", 0.95), ("probably", 0.80))
    assert (WORDS[0][1], WORDS[-1][1]) == (SURE, CLEAR)


OTHER = {"start": pd.Timestamp("2024-07-09"), "share_start": 0.44}
UP = {"estimate": 0.1}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": "year"}, "Mood was W lower in October 2024 than a year before: 36% after 46%."),
        ({"kind": "year"} | UP, "Mood was W higher in October 2024 than a year before: 36% after 46%."),
        (
            {"kind": "event", "label": "A war"},
            (
                "Mood W fell from 46% in April 2024, the last wave before “A war”, to 36% in October 2024, the first "
                "after it."
            ),
        ),
        (
            {"kind": "event", "label": "A war"} | UP,
            (
                "Mood W rose from 46% in April 2024, the last wave before “A war”, to 36% in October 2024, the first "
                "after it."
            ),
        ),
        (
            {"kind": "event", "label": "A war", "start": pd.Timestamp("2024-10-01")},
            "Mood W fell from 46% to 36% in October 2024, from the last wave before “A war” to the first after it.",
        ),
        (
            {"kind": "event", "label": "A war", "start": pd.Timestamp("2024-10-01")} | UP,
            "Mood W rose from 46% to 36% in October 2024, from the last wave before “A war” to the first after it.",
        ),
        (
            {"kind": "shock"},
            "Mood W fell at once, from 46% in April 2024 to 36% in October 2024, where no event is declared.",
        ),
        (
            {"kind": "shock"} | UP,
            "Mood W rose at once, from 46% in April 2024 to 36% in October 2024, where no event is declared.",
        ),
        ({}, "Mood W fell from its highest, 46% in April 2024, to 36% in October 2024."),
        ({"kind": "stretch"}, "Mood W fell from its highest, 46% in April 2024, to 36% in October 2024."),
        (OTHER, "Mood W fell from 44% in July 2024 to 36% in October 2024."),
        (
            {"kind": "house", "label": "bell"},
            "Mood as Bell & Co asks it W fell from 46% in April 2024 to 36% in October 2024.",
        ),
        (OTHER | UP, "Mood W rose from 44% in July 2024 to 36% in October 2024."),
        (
            {"kind": "still", "within": 0.01},
            "Mood W moved by no more than 1 point between any two waves of the year up to its newest, in October 2024.",
        ),
        (
            {"kind": "still", "within": 0.005},
            (
                "Mood W moved by no more than 0.5 points between any two waves of the year up to its newest, in "
                "October 2024."
            ),
        ),
    ],
)
def test_the_sentence_says_the_kind_and_the_direction_of_a_change(
    change: dict[str, Any], sentence: str
) -> None:
    assert change_sentence(a_reading(), a_change(**change), EN, "W") == sentence


@pytest.mark.parametrize(("direction", "words"), [(-0.1, "W fell"), (0.1, "W rose")])
def test_what_moved_before_every_wording_changed_is_said_so(direction: float, words: str) -> None:
    reading = a_reading(cuts=("2024-08-01",))
    change = a_change(kind="stretch", end=pd.Timestamp("2024-07-09"), estimate=direction)
    sentence = change_sentence(reading, change, EN, "W")
    assert sentence == (
        f"Mood {words} from 46% in April 2024 to 36% in July 2024, before its wording or method changed."
    )


def test_a_rise_from_the_lowest_wave_says_so_and_from_another_does_not() -> None:
    waves = (("2024-01-10", 0.40), ("2024-04-10", 0.36), ("2024-10-10", 0.45))
    rising = a_reading(*(a_row(end, share) for end, share in waves))
    lowest, other = a_change(**UP), a_change(start=pd.Timestamp("2024-01-09"), **UP)
    assert "rose from its lowest, 46% in April 2024" in change_sentence(rising, lowest, EN, "W")
    assert "lowest" not in change_sentence(rising, other, EN, "W")


@pytest.mark.parametrize(("clear", "said"), [(0.80, True), (np.nextafter(0.80, 0), False)])
def test_a_wave_is_called_the_highest_only_where_it_clearly_is(clear: float, said: bool) -> None:
    assert ("its highest" in change_sentence(a_reading(clear=clear), a_change(), EN, "W")) is said


def test_the_higher_of_two_waves_is_not_called_the_highest() -> None:
    two = a_reading(a_row("2024-04-10", 0.46), a_row("2024-10-10", 0.36))
    assert "highest" not in change_sentence(two, a_change(), EN, "W")


def test_two_waves_of_a_month_are_the_highest_together_and_the_likelier_stands_for_it() -> None:
    waves = (("2024-01-10", 0.40), ("2024-04-03", 0.455), ("2024-04-10", 0.46), ("2024-10-10", 0.36))
    reading = a_reading(*(a_row(end, share) for end, share in waves))
    reading.__dict__["extremes"] = reading.extremes.assign(highest=[0.0, 0.35, 0.6, 0.05])
    assert "its highest, 46% in April 2024" in change_sentence(reading, a_change(), EN, "W")
    earlier = a_change(start=pd.Timestamp("2024-04-02"))
    assert "highest" not in change_sentence(reading, earlier, EN, "W")


def test_a_peak_before_a_break_is_no_peak_of_what_is_asked_now() -> None:
    """The level before the break was higher, on another scale: the peak since then is still the peak."""
    waves = (("2023-01-10", 0.70), ("2024-04-10", 0.46), ("2024-07-10", 0.40), ("2024-10-10", 0.36))
    rows = [a_row(end, share) for end, share in waves]
    assert "its highest" in change_sentence(a_reading(*rows, cuts=("2023-06-01",)), a_change(), EN, "W")
    assert "its highest" not in change_sentence(a_reading(*rows), a_change(), EN, "W")


def test_a_finding_carries_its_evidence_in_figures_and_in_words() -> None:
    """The probability that is printed is the posterior's; the search lowers the word and not the number."""
    finding = found(a_change(adjusted=0.97, probability=0.985, compared=7))
    assert (finding.size, finding.interval) == ("−10 pts", "95%: −13 to −7")
    assert finding.basis == "Probability 0.98 · found among 7 comparisons · 3 waves · 1 house"
    assert (finding.estimate, finding.low, finding.high) == (-0.10, -0.13, -0.07)
    assert (finding.adjusted, finding.probability, finding.target) == (0.97, 0.985, "trend-mood")
    assert (finding.start, finding.end, finding.within) == ("2024-04-09", "2024-10-09", None)
    assert (finding.now, finding.earlier) == (True, False)
    record = finding.record()
    assert record["sentence"] == (
        "Mood very probably fell from its highest, 46% in April 2024, to 36% in October 2024."
    )
    assert record["claim"] + "." == record["sentence"]


@pytest.mark.parametrize(
    ("kind", "searched"),
    [
        ("wave", True),
        ("stretch", True),
        ("shock", True),
        ("house", True),
        ("year", False),
        ("event", False),
        ("still", False),
    ],
)
def test_only_what_was_searched_for_says_among_how_many_it_was_found(kind: str, searched: bool) -> None:
    basis = found(a_change(kind=kind, within=0.01, compared=7)).basis
    assert ("found among 7 comparisons" in basis) is searched
    assert "found among" not in found(a_change(kind=kind, within=0.01, compared=1)).basis


@pytest.mark.parametrize(
    ("waves", "houses", "searched", "basis"),
    [
        (1, 2, 2, "found among 2 comparisons · 1 wave · 2 houses"),
        (21, 1, 66, "found among 66 comparisons · 21 waves · 1 house"),
    ],
)
def test_what_a_change_rests_on_is_counted_in_words_that_agree(
    waves: int, houses: int, searched: int, basis: str
) -> None:
    """In the catalogue of another language, too: no word of it stays English."""
    change = a_change(waves=waves, houses=houses, compared=searched, probability=0.98)
    assert found(change).basis == f"Probability 0.98 · {basis}"
    (russian,) = change_findings(a_reading(), compared(change), Language("ru"))
    assert not re.search("[a-z]", russian.basis)


@pytest.mark.parametrize("kind", ["wave", "stretch", "shock", "house", "year", "event", "still"])
def test_a_finding_is_of_the_kind_of_its_change(kind: str) -> None:
    assert found(a_change(kind=kind, within=0.01)).kind == kind


@pytest.mark.parametrize(("end", "earlier"), [("2023-12-31", True), ("2024-01-01", False)])
def test_what_ends_before_the_newest_wordings_began_is_of_an_earlier_time(end: str, earlier: bool) -> None:
    change = a_change(kind="event", start=pd.Timestamp("2023-06-01"), end=pd.Timestamp(end))
    (finding,) = change_findings(broken_at_new_year(), compared(change), EN)
    assert finding.earlier is earlier


def broken_at_new_year() -> Reading:
    """Waves on both sides of 1 January 2024, when the wording changed."""
    ends = ("2023-06-03", "2023-09-10", "2024-01-02", "2024-10-10")
    return a_reading(*(a_row(end, 0.4) for end in ends), cuts=("2024-01-01",))


def test_a_level_that_stood_still_shows_its_bound_where_a_change_shows_its_size() -> None:
    finding = found(a_change(kind="still", within=0.02, estimate=0.004))
    assert (finding.size, finding.interval, finding.within) == ("≤ 2 pts", "any two waves", 0.02)
    assert found(a_change(kind="still", within=0.005)).size == "≤ 0.5 pts"


def test_the_strongest_word_is_left_out_of_a_headline_and_every_weaker_one_stays() -> None:
    claims = [found(a_change(adjusted=adjusted, **OTHER)).claim for adjusted in (0.99, 0.95, 0.80)]
    assert claims == [
        f"Mood {word}fell from 44% in July 2024 to 36% in October 2024"
        for word in ("", "very probably ", "probably ")
    ]


def test_the_clearest_is_the_largest_of_those_that_reach_the_strongest_word() -> None:
    large, certain = a_change(estimate=-0.2, adjusted=0.99), a_change(estimate=-0.1, adjusted=0.999)
    huge = a_change(estimate=0.5, adjusted=0.98)
    assert clearest([certain, huge, large]) is large
    assert clearest([certain, huge]) is certain


# -- which changes are spoken of

APRIL, JULY, OCTOBER = (pd.Timestamp(f"2024-{month}-09") for month in ("04", "07", "10"))
LONG_AGO = pd.Timestamp("2022-01-09")


def test_the_newest_stretch_is_spoken_of_where_there_is_one_else_the_clearest_since_a_wave() -> None:
    since = a_change(estimate=-0.2, start=LONG_AGO)
    stretch = a_change(kind="stretch", estimate=0.1, start=JULY)
    assert changes_to_say([since, stretch]) == [stretch]
    ended = replace(stretch, start=APRIL, end=JULY)
    assert changes_to_say([since, ended]) == [since, ended]
    assert changes_to_say([replace(since, adjusted=0.79), ended]) == [ended]
    assert changes_to_say([]) == []


def test_events_come_after_what_is_now_then_the_year_then_stretches_newest_segment_first() -> None:
    now = a_change(kind="stretch", estimate=0.1, start=JULY, segment=2)
    small = a_change(
        kind="event", label="A", estimate=-0.1, start=LONG_AGO, end=LONG_AGO + pd.Timedelta(days=9)
    )
    large = a_change(kind="event", label="B", estimate=0.2, start=APRIL, end=JULY)
    year = a_change(kind="year", estimate=0.02, start=pd.Timestamp("2023-10-09"))
    fell = a_change(kind="stretch", estimate=-0.3, start=APRIL, end=JULY, segment=2)
    early = [
        a_change(
            kind="stretch", estimate=size, start=LONG_AGO - pd.Timedelta(days=days), end=LONG_AGO, segment=1
        )
        for size, days in ((0.1, 900), (-0.4, 300))
    ]
    said = changes_to_say([*early, year, small, large, fell, now])
    assert said == [now, large, small, year, fell, early[1], early[0]]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({}, True),
        ({"estimate": -0.05}, True),
        ({"estimate": -0.0499}, False),
        ({"estimate": -0.2}, True),
        ({"estimate": -0.201}, False),
        ({"estimate": 0.1}, False),
        ({"start": JULY}, True),
        ({"start": LONG_AGO, "end": APRIL}, False),
        ({"start": LONG_AGO, "end": JULY}, True),
        ({"start": OCTOBER, "end": pd.Timestamp("2024-12-01")}, False),
    ],
)
def test_two_changes_tell_one_move_where_they_overlap_in_one_direction_and_are_of_a_size(
    other: dict[str, Any], same: bool
) -> None:
    one = a_change(start=APRIL, end=OCTOBER)
    assert same_move(one, replace(one, **other)) is same
    assert same_move(replace(one, **other), one) is same


def test_a_house_s_own_move_is_told_where_the_level_does_not_tell_it() -> None:
    own = a_change(kind="house", label="bell", estimate=-0.2, start=JULY)
    assert changes_to_say([own]) == [own]
    assert changes_to_say([a_change(estimate=-0.15), own]) == [a_change(estimate=-0.15)]
    assert changes_to_say([a_change(estimate=-0.05), own]) == [a_change(estimate=-0.05), own]


def test_houses_own_moves_are_told_newest_segment_first_and_the_larger_first() -> None:
    """Each of another time, so that none of them is the same move as another."""
    days = pd.date_range("2020-01-01", periods=8, freq="180D")
    sizes = ((0.1, 1), (-0.3, 1), (0.2, 2), (-0.4, 2))
    small, large, newer, newest = (
        a_change(kind="house", estimate=size, segment=segment, start=days[2 * place], end=days[2 * place + 1])
        for place, (size, segment) in enumerate(sizes)
    )
    assert changes_to_say([small, large, newer, newest]) == [newest, newer, large, small]


def test_of_two_stretches_up_to_now_the_last_is_spoken_of_first() -> None:
    """The other one is a move of its own where it went the other way."""
    fell = a_change(kind="stretch", estimate=-0.1, start=APRIL)
    rose = a_change(kind="stretch", estimate=0.2, start=JULY)
    assert now_of([fell, rose, a_change()]) == [rose]


def test_a_move_is_told_once() -> None:
    now = a_change(estimate=-0.2, start=APRIL)
    again = [a_change(kind=kind, estimate=-0.15, start=JULY) for kind in ("event", "year")]
    assert changes_to_say([now, *again]) == [now]


def test_that_a_level_stood_still_is_told_where_nothing_is_claimed_up_to_now() -> None:
    still = a_change(kind="still", within=0.01)
    early = a_change(kind="stretch", start=LONG_AGO, end=APRIL, estimate=0.1)
    assert changes_to_say([early, still]) == [early, still]
    assert changes_to_say([a_change(), still]) == [a_change()]
    assert changes_to_say([a_change(adjusted=0.79), still]) == [still]
    year = a_change(kind="year")
    assert changes_to_say([year, still]) == [year]


# -- what the page shows


def a_finding(
    kind: str, estimate: float | None = 0.1, adjusted: float | None = 0.99, **parts: Any
) -> Finding:
    texts = dict.fromkeys(("target", "size", "interval", "before", "word", "after", "basis"), "")
    given = {
        "indicator": "mood",
        "claim": f"{kind} {estimate}",
        "now": kind in ("wave", "year", "still"),
    } | parts
    return Finding(kind=kind, estimate=estimate, adjusted=adjusted, **texts | given)


LONE = a_finding("lone", None, None, claim="")


def test_now_comes_first_then_what_else_moved_lone_figures_stillness_the_past_and_weak_words() -> None:
    ordered = [
        a_finding("wave", 0.05),
        a_finding("event", 0.3),
        LONE,
        a_finding("still", 0.0),
        a_finding("stretch", 0.4, earlier=True),
        a_finding("event", 0.5, 0.9),
    ]
    for start in range(3):
        assert choose(list(reversed(ordered[start : start + 4]))) == ordered[start : start + 4]
    assert choose([a_finding("wave", 0.1), a_finding("wave", -0.2)])[0].estimate == -0.2
    assert choose([weak := a_finding("event", 0.9, 0.949), sure := a_finding("event", 0.1, 0.95)]) == [
        sure,
        weak,
    ]


def test_every_indicator_has_its_foremost_finding_before_any_has_two() -> None:
    moods = [a_finding("wave", 0.1 * size) for size in range(1, 6)]
    plans, trust = replace(LONE, indicator="plans"), a_finding("still", 0.0, indicator="trust")
    assert choose([*moods, trust, plans]) == [moods[4], moods[3], plans, trust]
    assert len(choose(moods)) == 4


def test_the_headline_is_the_largest_of_the_surest_claims_about_now() -> None:
    weaker, past = a_finding("wave", 0.9, 0.96), a_finding("event", 0.5, 0.999)
    stronger, larger = a_finding("wave", 0.1, 0.991), a_finding("stretch", -0.2, 0.99, now=True)
    assert headline([weaker, past, stronger, larger], "Testland", EN) == larger.claim
    assert headline([weaker, past], "Testland", EN) == weaker.claim
    assert headline([past, LONE], "Testland", EN) == past.claim


def test_where_nothing_moved_the_headline_is_what_stood_still_and_else_that_nothing_is_known() -> None:
    still = [a_finding("still", 0.0, within=within, claim=f"{within}") for within in (0.02, 0.01)]
    past = a_finding("stretch", 0.5, earlier=True)
    assert headline([*still, past], "Testland", EN) == "0.01"
    assert headline([past], "Testland", EN) == "Testland: no change that can be told from chance"
    said = headline([past], "Testland", EN, pd.Timestamp("2024-01-15"))
    assert said == (
        "Testland: no change that can be told from chance since the wording or method changed in January 2024"
    )


def test_a_report_finds_indicator_by_indicator_and_says_in_one_line_what_is_open() -> None:
    moods = a_reading(cuts=("2022-01-01", "2023-06-01"))
    plans = a_reading(*(a_row(day, 0.3, indicator="plans") for day, _ in WAVES), key="plans")
    open_changes = pd.concat(
        [compared(a_change(adjusted=0.6)), compared(a_change(kind="year", adjusted=0.7), indicator="plans")]
    )
    nothing = report_findings(an_evidence(moods, plans, compared=open_changes), EN)
    assert nothing.every == ()
    assert nothing.headline.endswith("since the wording or method changed in June 2023")
    assert nothing.open == (
        "Nothing can be said of a change up to the newest wave of Mood (October 2024) and Plans (October 2024): it "
        "cannot be told from chance."
    )
    half = pd.concat([compared(a_change()), compared(a_change(kind="event"), indicator="plans")])
    findings = report_findings(an_evidence(moods, plans, compared=half), EN)
    assert [finding.indicator for finding in findings.every] == ["mood", "plans"]
    assert findings.folded == []
    assert findings.open.startswith(
        "Nothing can be said of a change up to the newest wave of Plans (October 2024):"
    )
    both = report_findings(an_evidence(moods, compared=compared(a_change())), EN)
    assert both.open == ""


def test_a_report_without_any_finding_says_so_of_its_survey() -> None:
    nothing = report_findings(an_evidence(compared=compared()), EN)
    assert nothing.headline == "Testland: no change that can be told from chance"
    assert nothing.every == nothing.chosen == ()


def test_lone_figures_are_findings_of_the_report_in_its_language_and_claim_nothing() -> None:
    lone = {"house": "bell", "variant": "bell", "left_out": "n_unknown", "n": None}
    reading = a_reading(a_row("2024-03-12"), a_row("2024-06-12"), a_row("2024-06-12", 0.4, **lone))
    for language, word in ((EN, "does not contradict"), (Language("ru"), "не противоречит")):
        (finding,) = report_findings(an_evidence(reading, compared=compared()), language).every
        assert (finding.kind, finding.word) == ("lone", word)
        assert (finding.claim, finding.now, finding.earlier, finding.adjusted) == ("", False, False, None)


def test_russian_sentences_follow_the_same_rule() -> None:
    (finding,) = change_findings(
        a_reading(survey=a_survey()), compared(a_change(adjusted=0.8)), Language("ru")
    )
    assert finding.word != "probably"
    assert finding.claim
    assert not change_findings(a_reading(), compared(a_change(adjusted=0.79)), Language("ru"))
