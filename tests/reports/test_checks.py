"""What a check of a trend says: its sentence follows its code, verdict and numbers, in either language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest

from groundswell.reports.language.checks import SENTENCES, check_sentence, with_sentences
from groundswell.reports.language.language import Language
from groundswell.reports.language.series_notes import LESS, series_sentence
from groundswell.reports.language.series_notes import SENTENCES as NOTE_SENTENCES
from groundswell.trends.answers.diagnostics import CODES
from groundswell.trends.answers.table_source import ANSWERS_CODE, DOMAIN_CODES, ROW_CODES, SCALE_CODES
from groundswell.trends.questions.file_answer import NOT_USED
from groundswell.trends.questions.sticks import REASONS

FAR = [{"house": "acme", "end": f"2024-0{month}-05"} for month in range(1, 5)]
GROUPS = [["a", "b", "c", "d", "e"], ["z"]]
Told = tuple[str, bool]
HOUSES = {"acme": "Acme Ltd", "z": "Zed"}


TOP = {"evaluations": 41, "below": 0.001, "bend": 1.2}
SADDLE = {"evaluations": 900, "below": None, "bend": -0.31}
SHORT = {"evaluations": 900, "below": 0.25, "bend": 1.2}
A_SCALE = {"scale": [0.0, 10.0], "unit": None}


def prior_of(waves: int, *decides: str) -> dict[str, Any]:
    """The check of the priors: the newest level, and what it is under wider priors of some hyperparameters."""
    wider = [{"name": name, "share": 0.234, "low": 0.19, "high": 0.29} for name in decides]
    newest = {"share": 0.228, "low": 0.2, "high": 0.264}
    return {"waves": waves, "spread": {"level_sd": 0.7, "excess_sd": 1.0}, "newest": newest, "wider": wider}


def n_known(kind: str, unknown: int, n: int | None = None) -> dict[str, Any]:
    """What stands for the n of `unknown` waves of nine."""
    return {"waves": 9, "unknown": unknown, "kind": kind, "n": n}


NOISY = {
    "dispersion": 1.0,
    "excess_sd": 0.06,
    "own": {"house": "acme", "variant": "acme-a", "mode": "telephone", "excess_sd": 0.36},
}


def responses(count: int) -> dict[str, Any]:
    """One declared event, to which so many wordings of a house respond otherwise than the others."""
    one = {"date": "2023-01-01", "label": "War", "house": "acme", "variant": "acme-a", "mode": "telephone"}
    odd = [one | {"size": 1.02, "common": 0.51}] * count
    return {"declared": 1, "undeclared": 0, "unused": [], "otherwise": odd}


def bridges(distance: float | None = None) -> dict[str, Any]:
    """One bridge that is used, give or take 4 points, or one that is not."""
    named = {"old": "a" if distance else "x", "new": "b", "kind": "split_ballot", "date": "2023-02-01"}
    if distance is None:
        return {"used": [], "unused": [named]}
    return {
        "used": [named | {"distance": distance, "low": distance - 0.04, "high": distance + 0.04}],
        "unused": [],
    }


def windows(rolling: Sequence[Told] = (), separate: Sequence[Told] = ()) -> dict[str, Any]:
    """Houses of thirty waves that overlap, each with whether that is stated."""
    return {
        name: [{"house": house, "waves": 30, "apart": 5, "stated": stated} for house, stated in some]
        for name, some in (("rolling", rolling), ("separate", separate))
    }


def speeds(probability: float | None) -> dict[str, Any]:
    """A level that was fast in 2023 and slow in the two years before; None where the waves are too few to tell."""
    if probability is None:
        return {"probability": None, "fastest": None, "slowest": None}
    fastest = {"first": "2023-01-09", "last": "2023-12-20", "a_year": 0.8}
    slowest = {"first": "2021-01-04", "last": "2022-12-28", "a_year": 0.075}
    return {"probability": probability, "fastest": fastest, "slowest": slowest}


SAID: list[tuple[str, str, dict[str, Any], str]] = [
    ("convergence", "passed", TOP, "converged after 41 evaluations"),
    ("convergence", "failed", SADDLE, "does not fall on all sides (least curvature −0.31)"),
    ("convergence", "failed", SHORT, "900 evaluations short of the top (about 0.25 below it in log-likelihood)"),
    ("warnings", "passed", {"warnings": []}, "gave no warning"),
    ("warnings", "warned", {"warnings": ["overflow", "x is 0"]}, "warned: overflow; x is 0."),
    ("prior", "passed", prior_of(1), "What is assumed before 1 wave speaks hardly counts"),
    ("prior", "passed", prior_of(40), "What is assumed before 40 waves speak hardly counts"),
    ("prior", "warned", prior_of(4, "excess_sd"), "4 waves do not say enough, and what is assumed beforehand decides."),
    ("prior", "warned", prior_of(4, "excess_sd"), "The newest level is 22.8% (95%: 20.0–26.4%);"),
    ("prior", "warned", prior_of(4, "excess_sd"), "the errors of waves beyond sampling: 23.4% (95%: 19.0–29.0%)."),
    ("prior", "warned", prior_of(4, "level_sd"), "how fast the level moves: 23.4%"),
    ("prior", "warned", prior_of(4, "house_sd"), "how far houses lie apart: 23.4%"),
    ("prior", "warned", prior_of(4, "dispersion"), "how much more waves scatter than their n says: 23.4%"),
    ("prior", "warned", prior_of(4, "decay_days"), "how fast a shock fades: 23.4%"),
    ("prior", "warned", prior_of(4, "pace_1"), "how fast the level moved before a change of wording: 23.4%"),
    ("prior", "warned", prior_of(4, "speed_"), "how much faster the level moves in some parts of the series: 23.4%"),
    ("prior", "warned", prior_of(4, "level_sd") | A_SCALE, "The newest level is 2.28 (95%: 2.00–2.64)"),
    ("speed", "not applicable", speeds(None), "Too few waves to tell whether the level moves faster"),
    ("speed", "passed", speeds(0.03), "at one speed, as far as the waves show: the probability that it moves faster"),
    ("speed", "passed", speeds(0.03), "is 0.03."),
    ("speed", "passed", speeds(0.98), "than in others (probability 0.98): from 9 January 2023 to"),
    ("speed", "passed", speeds(0.98), "20 December 2023 by about 0.80 logits a year, from 4 January 2021 to"),
    ("one_step_coverage", "not applicable", {"waves": 3, "held": None}, "Too few waves (3)"),
    ("one_step_coverage", "warned", {"waves": 40, "held": 0.825}, "82.5% of 40 waves fell inside the 95% interval"),
    ("outlying_waves", "passed", {"waves": 9, "far": []}, "No wave lies far"),
    ("outlying_waves", "warned", {"waves": 9, "far": FAR[:1]}, "1 of 9 waves lies far"),
    ("outlying_waves", "warned", {"waves": 9, "far": FAR[:1]}, "less than its n: Acme Ltd, 5 January 2024."),
    ("outlying_waves", "warned", {"waves": 9, "far": FAR}, "4 of 9 waves lie far"),
    ("outlying_waves", "warned", {"waves": 9, "far": FAR}, "Acme Ltd, 5 March 2024 …."),
    ("noise", "passed", {"dispersion": 1.25, "excess_sd": 0.04}, "vary 1.25 times as much"),
    ("noise", "passed", {"dispersion": 1.25, "excess_sd": 0.04}, "0.04 logits (about 1.0 points at one half)"),
    ("noise", "warned", NOISY, "of Acme Ltd (a, telephone) scatter more than the others, by 0.36 logits"),
    ("noise", "warned", NOISY, "(about 9.0 points), and count for less: most of the excess is theirs."),
    ("noise", "warned", NOISY | {"scale": [0, 10], "unit": "x"}, "0.36 logits (about 0.90 x), and count"),
    ("noise", "passed", {"dispersion": 1.0, "excess_sd": 0.04, "own": None}, "about 1.0 points at one half)."),
    ("house_overlap", "not applicable", {"groups": [["a"]], "as_error": 0}, "All waves are from one house"),
    ("house_overlap", "passed", {"groups": [["a", "z"]], "as_error": 0}, "Every house overlaps"),
    ("house_overlap", "passed", {"groups": [["a", "z"]], "as_error": 2}, "The effects of the 2 houses with"),
    ("house_overlap", "warned", {"groups": GROUPS, "as_error": 0}, "of `a`, `b`, `c`, `d`, 1 more and Zed never"),
    ("overlapping_windows", "not applicable", windows(), "No two exactly dated waves of a house overlap"),
    ("overlapping_windows", "passed", windows(rolling=[("acme", True)]), "30 waves of Acme Ltd are rolling"),
    ("overlapping_windows", "passed", windows(rolling=[("a", False)]), "30 waves of `a` are taken for"),
    ("overlapping_windows", "passed", windows(rolling=[("a", False)]), "stated: they say about as much as 5 that"),
    ("overlapping_windows", "passed", windows(separate=[("z", True)]), "30 waves of Zed overlap in their"),
    ("overlapping_windows", "warned", windows([("a", True)], [("z", False)]), "share none. 30 waves of Zed overlap in"),
    ("overlapping_windows", "warned", windows([], [("z", False)]), "few do or not by much; whether they"),
    ("bridges", "passed", bridges(0.1), "by a split ballot of 1 February 2023 the second reads 10.0 points higher"),
    ("bridges", "passed", bridges(-0.1), "the second reads 10.0 points lower (95%: 6.0 to 14.0), and the"),
    ("bridges", "warned", bridges(), "The bridge between “x” and “b” is not used: one of the two has no wave"),
    ("shocks", "passed", {"declared": 2, "undeclared": 1, "unused": []}, "events: 2; shocks found elsewhere: 1."),
    ("shocks", "warned", responses(1), "of 1 January 2023, waves of Acme Ltd (a, telephone) jump by 1.02 logits where"),
    ("shocks", "warned", responses(2), "the others jump by 0.51; the two are told apart. At the shock of"),
    ("shocks", "warned", {"declared": 0, "undeclared": 0, "unused": ["War"]}, "before and after it: “War”."),
    ("unknown_n", "passed", n_known("stated", 0), "Every wave states its n"),
    ("unknown_n", "passed", n_known("house", 2), "2 of 9 waves state no n: the usual one of their house stands"),
    ("unknown_n", "warned", n_known("all", 1), "1 of 9 waves states no n: the median of the others stands for it"),
    ("unknown_n", "warned", n_known("assumed", 9, 1000), "9 of 9 waves state no n, and nothing says what it may be"),
    ("unknown_n", "warned", n_known("assumed", 9, 1000), "each counts as 1,000 respondents, as many as"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "verdict", "values", "words"), SAID)
def test_a_check_says_what_it_rests_on(code: str, verdict: str, values: dict[str, Any], words: str) -> None:
    sentence = check_sentence(code, verdict, values, Language(), HOUSES)
    assert words in sentence
    assert sentence[0].isupper() or sentence[0].isdigit()
    assert sentence.endswith(".")


def test_every_check_has_its_sentences_and_no_other_code_has_one() -> None:
    assert tuple(SENTENCES) == CODES
    assert {code for code, *_ in SAID} == set(CODES)
    with pytest.raises(KeyError):
        check_sentence("luck", "passed", {}, Language())


@pytest.mark.parametrize(("code", "verdict", "values", "words"), SAID)
def test_in_russian_a_check_holds_no_english_word(
    code: str, verdict: str, values: dict[str, Any], words: str
) -> None:
    sentence = check_sentence(code, verdict, values, Language("ru"), {"acme": "Акме", "z": "Зед"})
    mine = {"n", "a", "b", "c", "d", "War", "overflow", "x", "is"}  # keys, labels and what a library said
    letters = "".join(sign if sign.isascii() and sign.isalpha() else " " for sign in sentence)
    assert set(letters.split()) <= mine


def test_a_table_of_checks_gets_its_sentences_in_order() -> None:
    checks = pd.DataFrame([row[:3] for row in SAID], columns=["code", "verdict", "values"])
    said = with_sentences(checks, Language())
    assert list(said["sentence"]) == [check_sentence(*row[:3], Language()) for row in SAID]
    assert list(with_sentences(checks.head(0), Language()).columns) == [*checks.columns, "sentence"]
    named = with_sentences(checks, Language(), HOUSES)["sentence"]
    assert list(named) == [check_sentence(*row[:3], Language(), HOUSES) for row in SAID]
    assert any("Acme Ltd" in sentence for sentence in named)


def asked(*names: str) -> dict[str, Any]:
    """The values of a scale: a house, a wording and a mode in each name, the last two perhaps empty."""
    return {
        "asked": [dict(zip(("house", "variant", "mode"), name.split("|"), strict=True)) for name in names]
    }


def pair(**changed: Any) -> dict[str, Any]:
    """Two rows of one figure, as a note has them."""
    alike = {
        "lines": [2, 5],
        "house": "acme",
        "end": "2024-03-31",
        "shares": [0.41, 0.41],
        "sizes": [None, None],
        "sources": [],
        "differ": [],
    }
    return alike | changed


NOTES: list[tuple[str, dict[str, Any], str]] = [
    (
        "domains_unseen",
        {"domains": ["sex: men"]},
        "`mood`: no wave shows a figure of `sex: men`; they are not followed, and nothing is said of them",
    ),
    (
        "domains_elsewhere",
        {"domains": ["a", "b", "c", "d", "e"]},
        "`mood`: the newest wave does not have `a`, `b`, `c`, `d` …; they are not followed",
    ),
    (
        "domains_apart",
        {"by": "sex"},
        "`mood`: the domains of `sex` that are followed are not the whole, and are not made to add up to it",
    ),
    (
        "noise",
        {"dispersion": 4.0, "excess_sd": 0.2},
        (
            "`mood`: Published shares vary 4.00 times as much (in variance) as their effective sample sizes say, "
            "plus an excess standard deviation of 0.20 logits (about 5.0 points at one half)."
        ),
    ),
    (
        "date_too_early",
        {"house": "acme", "end": "1700-01-01", "first_year": 1900},
        "`acme` in `mood`: the fieldwork’s end `1700-01-01` is before 1900, earlier than any survey: check the year",
    ),
    (
        "date_too_late",
        {"house": "acme", "end": "2200-01-01", "first_year": 1900},
        "`acme` in `mood`: the fieldwork’s end `2200-01-01` is more than a year from now: check the year",
    ),
    (
        "convergence",
        SHORT,
        (
            "`mood`: The fit stopped after 900 evaluations short of the top (about 0.25 below it in log-likelihood): "
            "read its intervals with care."
        ),
    ),
    (
        "no_shared_bias",
        {},
        (
            "`low95` to `high95` holds what such surveys would say on average; nobody stated how far all of them may "
            "be off the population (`--shared-bias`)"
        ),
    ),
    (
        "published_early",
        {"n": 1, "lines": [7]},
        "1 row was published before its fieldwork ended: check its dates (line 7)",
    ),
    (
        "published_early",
        {"n": 9, "lines": [7, 8]},
        "9 rows were published before their fieldwork ended: check their dates (lines 7, 8 …)",
    ),
    (
        "counted_once",
        {"n": 1, "pairs": [pair(shares=[0.412, 0.41], sizes=[None, 1000])]},
        (
            "`mood`: 1 row repeats a figure that another row has, the same or rounded, and counts once: "
            "lines 2 and 5 (`acme`, 2024-03-31, 0.412 / 0.41 of 1,000)"
        ),
    ),
    (
        "counted_once",
        {"n": 4, "pairs": [pair(), pair()]},
        (
            "`mood`: 4 rows repeat a figure that another row has, the same or rounded, and count once: "
            "lines 2 and 5 (`acme`, 2024-03-31, 0.41); lines 2 and 5 (`acme`, 2024-03-31, 0.41) …"
        ),
    ),
    (
        "perhaps_twice",
        {"n": 1, "pairs": [pair(differ=["start", "mode"], sources=["А", ""])]},
        (
            "`mood`: 1 pair of rows has one house and days that may be the same; if it is one wave, it counts twice: "
            "lines 2 and 5 (`acme`, 2024-03-31, 0.41, `start` / `mode`, “А” / –)"
        ),
    ),
    (
        "one_house",
        {
            "one": "Levada",
            "other": "levada",
            "of_one": {"n": 1, "lines": [2]},
            "of_other": {"n": 2, "lines": [3, 4]},
        },
        (
            "`Levada` (line 2) and `levada` (lines 3, 4) may be one house under two names, and count as two: "
            "write one name"
        ),
    ),
    (
        "unanswered",
        {"n": 1, "lines": [9]},
        "`mood`: 1 row in which nobody answered is left out (line 9)",
    ),
    ("more_dates", {"more": 1}, "… and 1 more date that no survey can have"),
    ("more_dates", {"more": 7}, "… and 7 more dates that no survey can have"),
    (
        "break",
        {"day": "2023-03-01"},
        (
            "`mood`: nothing that was asked before 2023-03-01 was asked after it: the level breaks there, and "
            "levels on the two sides cannot be compared"
        ),
    ),
    (
        "mean",
        {"scale": [0, 10]},
        "`mood`: a mean on 0–10, written by its place between them: 0.5 is 5.0",
    ),
    (
        "answers",
        {
            "answers": ["anxious", "calm", "hard to say"],
            "waves": 71,
            "whole": 39,
            "others": {"answer_missing": 2, "first_answer_only": 18, "not_used": 12},
        },
        (
            "`mood`: 39 of 71 waves say all answers (`anxious`, `calm`, `hard to say`); the first alone: 18; "
            "not every answer: 2; not used: 12"
        ),
    ),
    ("scale", asked("acme||"), "`mood`: the level is on the scale of `acme`"),
    ("scale", asked("acme|circle|cati"), "`mood`: the level is on the scale of `acme, circle, cati`"),
    (
        "scale",
        asked("acme|circle|", "bell||web"),
        "`mood`: the level is the average of what established houses asked last: `acme, circle`; `bell, web`",
    ),
    (
        "scale",
        asked("a||", "b||", "c||", "d||"),
        "`mood`: the level is the average of what established houses asked last: `a`; `b`; `c`; `d`",
    ),
    (
        "scale",
        asked("a||", "b||", "c||", "d||", "e||"),
        "`mood`: the level is the average of what established houses asked last: `a`; `b`; `c`; `d` …",
    ),
]


@pytest.mark.parametrize(("code", "values", "note"), NOTES)
def test_a_note_about_a_table_of_shares_names_its_series(
    code: str, values: dict[str, Any], note: str
) -> None:
    assert series_sentence("mood", code, "warned", values, Language()) == note
    assert code in {ANSWERS_CODE, *DOMAIN_CODES, *ROW_CODES, *SCALE_CODES, *CODES}


def test_every_note_about_rows_and_scales_has_a_sentence() -> None:
    assert set(NOTE_SENTENCES) == {ANSWERS_CODE, *DOMAIN_CODES, *ROW_CODES, *SCALE_CODES}
    assert set(LESS) == {*REASONS, NOT_USED}
    assert {*DOMAIN_CODES, *ROW_CODES} <= {code for code, *_ in NOTES}


def test_a_note_follows_the_verdict() -> None:
    note = series_sentence("mood", "convergence", "passed", TOP, Language())
    assert note == (
        "`mood`: The fit converged after 41 evaluations of the likelihood: from there every way leads down."
    )


@pytest.mark.parametrize(("code", "values", "note"), NOTES)
def test_in_russian_a_note_is_russian(code: str, values: dict[str, Any], note: str) -> None:
    said = series_sentence("mood", code, "warned", values, Language("ru"))
    assert not re.search("[A-Za-z]{3,}", re.sub("`[^`]*`", "", said))
    assert re.findall("`[^`]*`", said)[:1] == re.findall("`[^`]*`", note)[:1]


@pytest.mark.parametrize(
    ("code", "verdict", "values", "sentence"),
    [
        (
            "prior",
            "warned",
            prior_of(2, "excess_sd", "level_sd"),
            (
                "2 waves do not say enough, and what is assumed beforehand decides. The newest level is 22.8% (95%: "
                "20.0–26.4%); were one of these assumptions twice as wide, it would be: the errors "
                "of waves beyond sampling: 23.4% (95%: 19.0–29.0%); how fast the level moves: 23.4% (95%: 19.0–29.0%)."
            ),
        ),
        (
            "prior",
            "passed",
            prior_of(12),
            (
                "What is assumed before 12 waves speak hardly counts: with assumptions twice as wide, the newest level "
                "and its 95% interval stay about where they are."
            ),
        ),
        (
            "outlying_waves",
            "warned",
            {"waves": 1200, "far": FAR[:3]},
            (
                "3 of 1,200 waves lie far from what all the others say, and count for less than their n: "
                "Acme Ltd, 5 January 2024; Acme Ltd, 5 February 2024; Acme Ltd, 5 March 2024."
            ),
        ),
        (
            "house_overlap",
            "warned",
            {"groups": [["a", "b", "c", "d"], ["z"]], "as_error": 1},
            (
                "The waves of `a`, `b`, `c`, `d` and Zed never overlap in time: the difference between them is not "
                "known from the waves, and a change of level there cannot be told from it. The effect of the 1 house "
                "with fewest waves counts as error."
            ),
        ),
        (
            "shocks",
            "warned",
            {"declared": 0, "undeclared": 0, "unused": ["War", "Vote"]},
            (
                "Shocks at declared events: 0; shocks found elsewhere: 0. The effect of an event is not known "
                "without a wave both before and after it: “War”; “Vote”."
            ),
        ),
        (
            "one_step_coverage",
            "passed",
            {"waves": 1200, "held": 1.0},
            "100.0% of 1,200 waves fell inside the 95% interval forecast from the waves before them.",
        ),
    ],
)
def test_whole_sentences_of_checks(code: str, verdict: str, values: dict[str, Any], sentence: str) -> None:
    assert check_sentence(code, verdict, values, Language(), HOUSES) == sentence
