"""The first rows and the respondents of each layout, as rows of text; `as_text` writes them into a file's text."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

from .truth import MOODS, WORRIES, Answers

Rows = list[list[str]]

QUESTION = "Which of these worry you?"


def _ticks(one: Answers, chosen: Callable[[int], str]) -> list[str]:
    return [chosen(place) if place in one.worries else "" for place in (1, 2, 3)]


def plain(people: Sequence[Answers]) -> Rows:
    """Names in the first row, and nothing else above the respondents."""
    names = ["id", "mood", "worry_1", "worry_2", "worry_3", "age", "weight"]
    return [names, *(_coded(one) for one in people)]


def _coded(one: Answers) -> list[str]:
    return [str(one.number), str(one.mood), *_ticks(one, lambda _: "1"), str(one.age), f"{one.weight:.2f}"]


def titled(people: Sequence[Answers]) -> Rows:
    """A title, who made it, and an empty row above the names."""
    return [["Survey of May 2024", *[""] * 6], ["Acme Research", *[""] * 6], [""] * 7, *plain(people)]


def qualtrics(people: Sequence[Answers], *, import_ids: bool = True) -> Rows:
    """Names, texts and identifiers; without the last in older exports."""
    names = ["StartDate", "Status", "Finished", "ResponseId", "Q1", "Q5_1", "Q5_2", "Q5_3", "age", "weight"]
    options = [f"{QUESTION} - Selected Choice - {worry}" for worry in WORRIES]
    own = ["Start Date", "Response Type", "Finished", "Response ID"]
    texts = [*own, "How do\nyou feel?", *options, "How old are you?", "weight"]
    ids = [f'{{"ImportId":"{name}","timeZone":"America/Denver"}}' for name in names]
    rows = [
        ["2024-03-01 10:00:00", "0", "1", f"R_{one.number:04}", str(one.mood), *_ticks(one, lambda _: "1"),
         str(one.age), f"{one.weight:.2f}"]
        for one in people
    ]  # fmt: skip
    return [names, texts, *([ids] if import_ids else []), *rows]


def surveymonkey(people: Sequence[Answers]) -> Rows:
    """Questions over their options; a question with several columns stands over the first of them."""
    own = ["Respondent ID", "Collector ID", "Start Date"]
    names = [*own, "How do you feel?", QUESTION, "", "", "How old are you?", "weight"]
    options = ["", "", "", "Response", *WORRIES, "Open-Ended Response", ""]
    rows = [
        [f"1185{one.number:07}", "4321", "03/14/2024 10:00:00 AM", MOODS[one.mood],
         *_ticks(one, lambda place: WORRIES[place - 1]), str(one.age), f"{one.weight:.2f}"]
        for one in people
    ]  # fmt: skip
    return [names, options, *rows]


def limesurvey(people: Sequence[Answers]) -> Rows:
    """Codes as names, `Y` where an option was ticked."""
    names = ["id", "submitdate", "lastpage", "startlanguage", "mood", "worries[SQ001]", "worries[SQ002]",
             "worries[SQ003]", "age", "weight"]  # fmt: skip
    rows = [
        [str(one.number), "2024-03-01 10:00:00", "3", "en", f"A{one.mood}", *_ticks(one, lambda _: "Y"),
         str(one.age), f"{one.weight:.2f}"]
        for one in people
    ]  # fmt: skip
    return [names, *rows]


def kobo(people: Sequence[Answers]) -> Rows:
    """Groups with `/` in names, several answers with blanks between them in one cell."""
    names = [
        "start",
        "health/mood",
        "health/worries",
        "about/age",
        "weight",
        "_id",
        "_uuid",
        "_submission_time",
    ]
    rows = [
        ["2024-03-01T10:00:00.000+03:00", str(one.mood), " ".join(map(str, one.worries)), str(one.age),
         f"{one.weight:.2f}", str(9000 + one.number), f"0f{one.number:04}", "2024-03-01T10:05:00"]
        for one in people
    ]  # fmt: skip
    return [names, *rows]


def google_forms(people: Sequence[Answers], *, first: str = "Timestamp") -> Rows:
    """Questions as names, with commas and line breaks; several answers in one cell."""
    names = [
        first,
        "How do you feel, on the whole?",
        f"{QUESTION}\n(tick all that apply)",
        "How old are you?",
    ]
    rows = [
        [f"2024/03/01 9:12:{one.number:02} AM GMT+3", MOODS[one.mood],
         ", ".join(WORRIES[place - 1] for place in one.worries), str(one.age)]
        for one in people
    ]  # fmt: skip
    return [names, *rows]


def two_headers(people: Sequence[Answers]) -> Rows:
    """A row of groups, each over its first column, above the names."""
    names = ["id", "mood", "Prices", "War", "Health", "age", "weight"]
    groups = ["", "", QUESTION, "", "", "About you", ""]
    return [groups, names, *(_coded(one) for one in people)]


LAYOUTS: dict[str, Callable[[Sequence[Answers]], Rows]] = {
    "plain": plain,
    "titled": titled,
    "qualtrics": qualtrics,
    "surveymonkey": surveymonkey,
    "limesurvey": limesurvey,
    "kobo": kobo,
    "google-forms": google_forms,
    "two-headers": two_headers,
}


def as_text(rows: Rows, *, delimiter: str = ",", line_end: str = "\n", quote_all: bool = False) -> str:
    """The rows as a text file holds them."""
    written = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(written, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerows(rows)
    return written.getvalue()
