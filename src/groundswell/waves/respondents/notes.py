"""What whoever uses a number from a file must know: how it was read, what was left out, what was taken for what.

A note is a code with its facts. Its sentence is English, as an error's is: it is said where a file is read, on a
terminal or as a Python warning, never on a page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

SENTENCES: dict[str, str] = {
    "answer_in_other_cells": (
        "`{column}`: “{answer}” also stands in {others} other cells, next to `{separator}`, which count as other "
        "answers; if a cell holds several answers, say so with `separator=` (COLUMN=SIGN)"
    ),
    "set_asked_answered": (
        "`{set}` has several answers: of the {base} respondents with a value in any of its columns, who count as "
        "asked; {nothing} of them ticked nothing, {out} have no value"
    ),
    "set_asked_each": "`{set}` has several answers: of all {base} respondents, each of whom ticked one at least",
    "set_asked_everyone": (
        "`{set}` has several answers: everyone counts as asked, as stated ({base} respondents); {nothing} ticked "
        "nothing"
    ),
    "set_asked_not_excused": (
        "`{set}` has several answers: of {base} respondents, {nothing} of whom ticked nothing; {out} are left out, "
        "whose code says that they gave no answer. If others were not asked, say who was with `asked=` "
        "(QUESTION=COLUMN=CODE)"
    ),
    "set_asked_stated": (
        "`{set}` has several answers: of the {base} respondents who were asked, as {by} says; {nothing} ticked nothing"
    ),
    "set_asked_unknown": (
        "`{set}` has several answers: everyone counts as asked ({base} respondents), since the file does not say who "
        "was; {nothing} ticked nothing. If only some were asked, say who with `asked=` (QUESTION=COLUMN=CODE)"
    ),
    "set_chosen_together": (
        "`{set}`: “{left}” and “{right}” are always chosen together, so they may be one answer"
    ),
    "set_silent_domains": (
        "`{set}` was ticked by nobody where `{column}` is {domains}: it may not have been asked there, and 0% "
        "would be wrong"
    ),
    "set_rare_answers": (
        "`{set}`: {rare} answers that one respondent each gave are not listed; ask for one by its text"
    ),
    "set_as_row": (
        "`{column}` takes several answers, so that shares of them may add up to more than 100%. As one respondent is "
        "in several cells of the table there is no test of independence; one answer can be tested: `row={answer}`"
    ),
    "set_as_column": (
        "`{column}` takes several answers, so that a respondent counts in the domain of each that was chosen. As one "
        "respondent is in several cells of the table there is no test of independence; one answer can be tested: "
        "`column={answer}`"
    ),
    "set_chosen_by_nobody": "`{column}`: nobody chose “{answer}”, which is left out of the table",
    "no_answer_left_out": "`{column}`: no answer, left out of {what}: {codes}; `kept={stated}` keeps them in",
    "dont_know_left_out": "`{column}`: don't know, left out of {what}: {codes}; `kept={stated}` keeps them in",
    "dont_know_counted": "`{column}`: don't know, in the base of its shares ({share} of it, unweighted): {codes}; "
    "`missing={stated}` leaves them out, `without_dont_know=True` every don't know",
    "far_off_counted": "`{column}`: far off the other codes, counted as answers: {codes}; `missing={stated}` leaves "
    "them out",
    "asked_for": "`{column}`: in the base of its own share only, since it was asked for: {codes}",
    "codes_together": "`{column}`: “{label}” is the codes {codes}, added up",
    "codes_apart": "`{column}`: {codes} are both “{label}”, and kept apart; ask for the label to add them up",
    "one_domain": "`{column}`: “{label}” is the codes {codes}, one domain",
    "domains_apart": "`{column}`: {codes} are both “{label}”, and domains apart; `labels=True` makes them one",
    "far_off_in_table": "`{column}`: far off its other numbers, and estimated as numbers: {codes}; make them NaN if "
    "they are no answer",
    "no_answer_in_table": "`{column}`: in the base, as answers of a table are: {codes}; make them NaN if they are no "
    "answer",
    "in_no_category": "`{column}`: in no category, and so in the whole alone: {codes}",
    "code_without_label": "`{column}`: `{recorded}` ({many}) has no label, where the other codes have one; it is an "
    "answer, or a domain, of its own",
    "layout_titled": "names of columns are in row {names_row}, under the title “{title}”; the first respondent is in "
    "row {first_row}",
    "layout_qualtrics": "laid out as by Qualtrics ({evidence}): names in row {names_row}, other headers to row "
    "{last_row}; the first respondent is in row {first_row}",
    "layout_surveymonkey": "laid out as by SurveyMonkey ({evidence}): questions in row {names_row}, options in row "
    "{last_row}; the first respondent is in row {first_row}",
    "layout_two-headers": "two rows of headers ({evidence}), names in row {last_row}; the first respondent is in row "
    "{first_row}",
    "layout_kobo": "laid out as by KoBo or ODK ({evidence})",
    "layout_limesurvey": "laid out as by LimeSurvey ({evidence})",
    "layout_google-forms": "laid out as by Google Forms ({evidence})",
    "encoding_guessed": "read as {encoding}, a guess by its words, such as “{word}” (to overrule: `--encoding`)",
    "decimal_commas": "`{column}` is read as numbers with decimal commas",
    "comma_unclear": "`{column}` stays text: its commas may be decimal commas, thousands, or stand between several "
    "answers; for numbers, write decimal points, or state the decimal commas with `--decimal ,`",
    "thousands_marks": "`{column}` stays text: its numbers have marks of thousands; for numbers, write them without",
    "mark_no_answer": "`{mark}` is read as no answer in `{column}` ({cells:,} cells); if it is one: "
    '`--keep "{column}={mark}"`',
    "mark_is_answer": "`{mark}` counts as an answer in `{column}` ({cells:,} cells), among codes of two letters; if it "
    'is none: `--missing "{column}={mark}"`',
    "date_unclear": "`{column}` stays text: its dates may have the day or the month first; write 2024-03-01",
    "date_read": "`{column}` is read as dates: {order}",
    "empty_rows": "left out, being no respondents: empty rows ({rows:,})",
    "names_again": "left out, being no respondents: rows that repeat the columns' names ({rows:,})",
    "total_rows": "left out, being no respondents: rows of totals, such as “{word}” ({rows:,})",
    "footer_rows": "left out, being no respondents: remarks such as “{word}” ({rows:,} rows)",
    "tests_left_out": "left out, being no respondents: previews, `{status}` being `{code}` ({rows:,}); to count them: "
    '`--keep "{status}={code}"`',
    "no_name": "column {place} has no name, and is called `{column}`",
    "name_twice": "column {place} is called `{column}`, since an earlier one has its name `{name}`",
    "guessed_encoding": "the file's texts are not in the encoding that it states; they are read as {encoding} "
    "(`{sample}`){rivals}: if that is wrong, state --encoding",
    "catalogue": "value labels of {columns} columns are from `{catalogue}`",
    "catalogue_unused": "no column uses a format of the catalogue `{catalogue}`: it gives no labels",
    "times_as_seconds": "`{column}` holds times; they are read as seconds",
    "not_a_date": "{cells} cells of `{column}` are no {what} (declared missing, labelled, or of no year from 1 to "
    "9999) and are read as empty",
    "sheet_chosen": "respondents are read from the sheet `{sheet}`; the others are {others}",
    "hidden_rows": "{rows} rows that the sheet hides are read like the others",
    "merged_cells": "{cells} merged cells hold for each row that they span",
    "local_time": "`{column}` holds times with a zone; they are read as the local time of {zone}",
    "type_as_text": "`{column}` is of the type {type} and is read as text",
}
"""By code the sentence of a note; names in braces are its facts, `column` its column."""


@dataclass(frozen=True)
class Note:
    """A code of `SENTENCES`, the column that it speaks of (or none), and its facts by name."""

    code: str
    column: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """The sentence."""
        return SENTENCES[self.code].format(column=self.column, **self.facts)


MOST_OF_A_KIND = 5
"""Notes of one code that are said; a file of 400 columns with one fault each needs to say it of few."""


def sentences(notes: Iterable[Note], columns: Collection[str] | None = None) -> list[str]:
    """What is to be said of a file, or of some of its columns: `MOST_OF_A_KIND` of each kind, the rest counted."""
    concern = [note for note in notes if columns is None or not note.column or note.column in columns]
    many = Counter(note.code for note in concern)
    said: Counter[str] = Counter()
    lines = []
    for note in concern:
        said[note.code] += 1
        if said[note.code] <= MOST_OF_A_KIND:
            lines.append(str(note))
        elif said[note.code] == many[note.code]:
            lines.append(
                f"… and the same of {many[note.code] - MOST_OF_A_KIND} more columns, `{note.column}` the last"
            )
    return lines
