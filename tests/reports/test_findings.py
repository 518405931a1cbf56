"""Findings: which word a probability allows, which change is spoken of, what the page shows, and its headline."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from reports.hand_made import WAVES, a_change, a_reading, a_row, a_survey, an_evidence

from groundswell.reports.evidence.changes import Change
from groundswell.reports.findings.chosen import choose, headline, report_findings
from groundswell.reports.findings.findings import Finding, change_findings, changes_to_say, clearest
from groundswell.reports.findings.words import WORDS, change_sentence, word_for
from groundswell.reports.language.language import Language
from groundswell.trends.answers.comparisons import COLUMNS

EN = Language("en")


def compared(*changes: Change, indicator: str = "mood") -> pd.DataFrame:
    """Changes as the table of comparisons."""
    rows = [
        {
            "indicator": indicator, "kind": one.kind, "label": one.label, "start": one.start, "end": one.end,
            "estimate": one.estimate, "se": 0.01, "low": one.low, "high": one.high, "segment": 1,
            "probability": one.probability, "adjusted": one.adjusted, "waves": one.waves, "houses": one.houses,
            "compared": one.compared,
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
    assert word_for(adjusted) == word
    finding = found(a_change(adjusted=adjusted))
    assert finding.word == (word or "nothing can be said")
    assert bool(finding.claim) is bool(word)


def test_the_printed_table_of_words_is_the_one_that_chooses_them() -> None:
    assert WORDS == (("almost certainly", 0.99), ("very probably", 0.95), ("probably", 0.80))


PEAK = {"start": pd.Timestamp("2024-04-09")}
OTHER = {"start": pd.Timestamp("2024-07-09")}
LOW = {"start": pd.Timestamp("2024-01-09"), "estimate": 0.08}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": "year"}, "Mood is W lower than a year ago."),
        ({"kind": "year", "estimate": 0.1}, "Mood is W higher than a year ago."),
        (
            {"kind": "earlier"},
            "Mood was W lower in October 2024 than in April 2024, before its wording or method changed.",
        ),
        (
            {"kind": "earlier", "estimate": 0.1},
            "Mood was W higher in October 2024 than in April 2024, before its wording or method changed.",
        ),
        ({"kind": "event", "label": "A war"}, "Mood is W lower than just before “A war”, in April 2024."),
        (
            {"kind": "event", "label": "A war", "estimate": 0.1},
            "Mood is W higher than just before “A war”, in April 2024.",
        ),
        (PEAK, "Mood has W fallen since its peak in April 2024."),
        (OTHER, "Mood is W lower than in July 2024."),
        (OTHER | {"estimate": 0.1}, "Mood is W higher than in July 2024."),
    ],
)
def test_the_sentence_says_the_kind_and_the_direction_of_a_change(
    change: dict[str, Any], sentence: str
) -> None:
    assert change_sentence(a_reading(), a_change(**change), EN, "W") == sentence


def test_a_rise_from_the_lowest_wave_says_so_and_from_another_does_not() -> None:
    rising = a_reading(
        *(
            a_row(end, share)
            for end, share in (("2024-01-10", 0.40), ("2024-04-10", 0.36), ("2024-10-10", 0.45))
        )
    )
    assert "risen since its low in April 2024" in change_sentence(
        rising, a_change(**PEAK, estimate=0.09), EN, "W"
    )
    assert "higher than in January 2024" in change_sentence(rising, a_change(**LOW), EN, "W")


def test_a_peak_before_a_break_is_no_peak_of_what_is_asked_now() -> None:
    """The level before the break was higher, on another scale: the peak since then is still the peak."""
    rows = [
        a_row(end, share) for end, share in (("2023-01-10", 0.70), ("2024-01-10", 0.46), ("2024-10-10", 0.36))
    ]
    change = a_change(start=pd.Timestamp("2024-01-09"))
    assert "since its peak" in change_sentence(a_reading(*rows, cuts=("2023-06-01",)), change, EN, "W")
    assert "since its peak" not in change_sentence(a_reading(*rows), change, EN, "W")


def test_the_first_wave_after_a_break_counts_among_those_that_can_be_compared() -> None:
    waves = (("2024-01-10", 0.50), ("2024-04-10", 0.46), ("2024-10-10", 0.36))
    reading = a_reading(*(a_row(end, share) for end, share in waves), cuts=("2024-01-09",))
    assert "since its peak" not in change_sentence(reading, a_change(**PEAK), EN, "W")


@pytest.mark.parametrize(
    ("change", "likely"),
    [
        ({"probability": 0.65}, "a rise is about as likely as a fall"),
        ({"probability": 0.66}, "a fall is more likely than a rise, no more"),
        ({"probability": 0.66, "estimate": 0.02}, "a rise is more likely than a fall, no more"),
    ],
)
def test_what_cannot_be_said_still_says_what_is_likelier(change: dict[str, Any], likely: str) -> None:
    finding = found(a_change(**{"adjusted": 0.6} | change))
    assert (
        finding.sentence
        == f"Mood: nothing can be said of a change up to its newest wave, in October 2024; {likely}."
    )
    assert finding.claim == ""
    year = found(a_change(**{"adjusted": 0.6, "kind": "year"} | change))
    assert year.sentence == f"Mood: nothing can be said of the last twelve months; {likely}."


def test_a_finding_carries_its_evidence_in_figures_and_in_words() -> None:
    finding = found(a_change(adjusted=0.97, compared=7))
    assert (finding.size, finding.interval) == ("−10 pts", "95%: −13 to −7")
    assert finding.basis == "Probability 0.97 · 3 waves · 1 house"
    assert (finding.estimate, finding.low, finding.high) == (-0.10, -0.13, -0.07)
    assert (finding.adjusted, finding.probability, finding.target) == (0.97, 0.999, "trend-mood")
    record = finding.record()
    assert record["sentence"] == "Mood has very probably fallen since its peak in April 2024."
    assert record["claim"] == "Mood has very probably fallen since its peak in April 2024"
    unclear = found(a_change(adjusted=0.6, probability=0.9, compared=7))
    assert unclear.basis == "Probability 0.90 alone, 0.60 after all 7 comparisons · 3 waves · 1 house"


def test_the_strongest_word_is_left_out_of_a_headline_and_every_weaker_one_stays() -> None:
    claims = [found(a_change(adjusted=adjusted)).claim for adjusted in (0.99, 0.95, 0.80)]
    assert claims == [
        f"Mood has {word}fallen since its peak in April 2024" for word in ("", "very probably ", "probably ")
    ]


@pytest.mark.parametrize(
    ("as_of", "kind", "age"),
    [
        ("2025-01-10", "year", " · the newest is 3 months old"),
        ("2024-12-20", "year", ""),
        ("2025-06-01", "wave", ""),
    ],
)
def test_a_change_in_a_year_says_how_old_its_newest_wave_is(as_of: str, kind: str, age: str) -> None:
    finding = found(a_change(kind=kind, adjusted=0.97), as_of=pd.Timestamp(as_of))
    assert finding.basis == "Probability 0.97 · 3 waves · 1 house" + age


def test_the_clearest_is_the_largest_of_those_that_reach_the_strongest_word() -> None:
    large, certain = a_change(estimate=-0.2, adjusted=0.99), a_change(estimate=-0.1, adjusted=0.999)
    huge = a_change(estimate=0.5, adjusted=0.98)
    assert clearest([certain, huge, large]) is large
    assert clearest([certain, huge]) is certain


def test_where_none_reaches_the_strongest_word_the_clearest_is_the_most_probable() -> None:
    weak, weaker = a_change(estimate=0.1, adjusted=0.97), a_change(estimate=-0.4, adjusted=0.96)
    assert clearest([weaker, weak]) is weak
    alike = replace(weak, estimate=-0.2)
    assert clearest([weak, alike]) is alike
    assert clearest([alike, replace(alike, estimate=0.2)]) is alike


def test_one_change_up_to_now_one_before_a_break_and_the_year_are_spoken_of() -> None:
    wave, event = a_change(estimate=-0.1), a_change(kind="event", label="A war", estimate=-0.2)
    year, clear = a_change(kind="year", adjusted=0.5), a_change(kind="earlier", adjusted=0.80)
    unclear = a_change(kind="earlier", adjusted=0.79, estimate=-0.5)
    assert changes_to_say([wave, event, year, clear, unclear]) == [event, clear, year]
    assert changes_to_say([wave, unclear]) == [wave]
    assert changes_to_say([]) == []
    assert change_findings(a_reading(), compared(), EN) == []


def a_finding(kind: str, claim: str = "", adjusted: float | None = 0.9, indicator: str = "mood") -> Finding:
    texts = dict.fromkeys(("target", "size", "interval", "before", "word", "after", "basis"), "")
    return Finding(kind=kind, indicator=indicator, claim=claim, adjusted=adjusted, **texts)


def test_what_moved_comes_first_then_the_past_then_lone_figures_then_what_is_open() -> None:
    claims = [a_finding("wave", "a", 0.9), a_finding("event", "b", 0.99), a_finding("year", "c", 0.95)]
    past, lone = a_finding("earlier", "d", 0.999), a_finding("lone", adjusted=None)
    wave, year = a_finding("wave"), a_finding("year")
    assert choose([year, lone, wave]) == [lone, wave, year]
    assert choose([year, wave, lone, past]) == [past, lone, wave, year]
    assert choose([wave, past, *claims]) == [claims[1], claims[2], claims[0], past]
    assert len(choose([*claims, past, lone, wave, year])) == 4
    assert choose([a_finding("wave", adjusted=0.6), better := a_finding("wave", adjusted=0.7)])[0] == better


def test_the_headline_is_the_most_probable_claim_about_now() -> None:
    weaker, past = a_finding("wave", "Weaker", 0.96), a_finding("earlier", "Past", 0.999)
    assert headline([weaker, past, a_finding("event", "Stronger", 0.98)], "Testland", EN) == "Stronger"
    assert headline([past], "Testland", EN) == "Testland: no change that can be told from chance"


def test_the_headline_admits_that_the_last_year_is_open() -> None:
    claim, open_year = a_finding("wave", "Mood fell", 0.99), a_finding("year", adjusted=0.6)
    assert headline([claim, open_year], "T", EN) == "Mood fell; nothing can be said of the last year"
    assert headline([claim, a_finding("year", "Mood fell in a year", 0.97)], "T", EN) == "Mood fell"
    assert headline([claim, replace(open_year, indicator="plans")], "T", EN) == "Mood fell"
    year = a_finding("year", "Mood fell in a year", 0.995)
    assert headline([claim, year], "T", EN) == "Mood fell in a year"


def test_without_a_claim_the_headline_says_since_when_nothing_is_known() -> None:
    said = headline([a_finding("year")], "Testland", EN, pd.Timestamp("2024-01-15"))
    assert (
        said
        == "Testland: no change that can be told from chance since the wording or method changed in January 2024"
    )


def test_a_report_finds_indicator_by_indicator_and_knows_the_newest_break() -> None:
    moods = a_reading(cuts=("2022-01-01", "2023-06-01"))
    plans = a_reading(*(a_row(day, 0.3, indicator="plans") for day, _ in WAVES), key="plans")
    changes = pd.concat(
        [compared(a_change(adjusted=0.6)), compared(a_change(kind="year", adjusted=0.7), indicator="plans")]
    )
    evidence = an_evidence(moods, plans, compared=changes)
    findings = report_findings(evidence, EN)
    assert [finding.indicator for finding in findings.every] == ["mood", "plans"]
    assert findings.folded == []
    assert findings.headline.endswith("since the wording or method changed in June 2023")
    claims = [a_change(kind=kind, adjusted=0.99) for kind in ("wave", "year", "earlier")]
    both = pd.concat([compared(*claims), compared(*claims, indicator="plans")])
    many = report_findings(an_evidence(moods, plans, compared=both), EN)
    assert (len(many.every), len(many.chosen), len(many.folded)) == (6, 4, 2)
    assert set(many.chosen).isdisjoint(many.folded)


def test_russian_sentences_follow_the_same_rule() -> None:
    (finding,) = change_findings(
        a_reading(survey=a_survey()), compared(a_change(adjusted=0.8)), Language("ru")
    )
    assert finding.word != "probably"
    assert finding.claim
    (unclear,) = change_findings(a_reading(), compared(a_change(adjusted=0.79)), Language("ru"))
    assert not unclear.claim
