"""What stands above the respondents is told from them: names, texts, options, identifiers, titles."""

from __future__ import annotations

import pytest
from exports.layouts import LAYOUTS, QUESTION, Rows, google_forms, qualtrics, titled
from exports.truth import WORRIES, answers

from groundswell.errors import InputError
from groundswell.waves.respondents.layouts.headers import Headers, find_headers
from groundswell.waves.respondents.layouts.layout import AS_FOUND, LayoutName, ReadOptions

PEOPLE = answers()

FIRST_ROW = {"titled": 5, "qualtrics": 4, "surveymonkey": 3, "two-headers": 3}


def found(rows: Rows, options: ReadOptions = AS_FOUND) -> Headers:
    return find_headers(list(enumerate(rows, start=1)), options)


@pytest.mark.parametrize("name", LAYOUTS)
def test_each_layout_is_told_with_its_first_respondent(name: str) -> None:
    headers = found(LAYOUTS[name](PEOPLE))
    assert headers.layout == name
    assert headers.first_row == FIRST_ROW.get(name, 2)
    assert len(headers.names) == len(headers.labels) == len(LAYOUTS[name](PEOPLE)[-1])
    assert [note.code for note in headers.notes] == ([] if name == "plain" else [f"layout_{name}"])
    assert all(str(note) for note in headers.notes)


def test_texts_of_qualtrics_are_labels() -> None:
    headers = found(qualtrics(PEOPLE))
    assert dict(zip(headers.names, headers.labels, strict=True))["Q1"] == "How do you feel?"
    assert headers.header_rows == (1, 2, 3)


def test_an_older_export_of_qualtrics_has_no_identifiers() -> None:
    headers = found(qualtrics(PEOPLE, import_ids=False))
    assert (headers.layout, headers.header_rows, headers.first_row) == ("qualtrics", (1, 2), 3)


def test_exports_of_qualtrics_that_number_its_own_columns_have_two_rows_of_headers() -> None:
    names, texts, _, *respondents = qualtrics(PEOPLE)
    own = ["StartDate", "Status", "Finished", "ResponseID"]
    rows = [["V1", "V2", "V3", "V4", *names[4:]], [*own, *texts[4:]], *respondents]
    headers = found(rows)
    assert (headers.layout, headers.header_rows, headers.first_row) == ("qualtrics", (1, 2), 3)
    assert headers.names == (*own, *names[4:])  # so that previews are known by their `Status`
    assert headers.labels[4] == "How do you feel?"


def test_an_export_of_qualtrics_without_texts_has_its_first_respondent_in_row_two() -> None:
    rows = qualtrics(PEOPLE)
    headers = found([rows[0], *rows[3:]])
    assert (headers.layout, headers.first_row) == ("plain", 2)


def test_a_question_of_surveymonkey_is_carried_over_its_options() -> None:
    headers = found(LAYOUTS["surveymonkey"](PEOPLE))
    assert headers.names[3:7] == ("How do you feel?", *(f"{QUESTION} - {worry}" for worry in WORRIES))


@pytest.mark.parametrize("stated", [None, "surveymonkey"])
def test_questions_of_surveymonkey_over_many_options_are_no_title(stated: LayoutName | None) -> None:
    states = [f"State {number}" for number in range(20)]
    rows = [
        ["RespondentID", "Which are in the South?", *[""] * 19, "Your words"],
        ["", *states, "Open-Ended Response"],
        *[[str(number), *states[:number], *[""] * (20 - number), "x"] for number in (3, 20, 7)],
    ]
    headers = found(rows, ReadOptions(layout=stated))
    assert (headers.layout, headers.header_rows, headers.first_row) == ("surveymonkey", (1, 2), 3)
    assert headers.names[0] == "RespondentID"
    assert headers.names[2] == "Which are in the South? - State 1"


def test_a_respondent_without_a_first_name_is_no_row_of_options() -> None:
    headers = found([["First Name", "Last Name", "mood"], ["", "Smith", "2"], ["Ann", "", "1"]])
    assert (headers.layout, headers.first_row) == ("plain", 2)


def test_a_group_over_names_is_their_label() -> None:
    headers = found(LAYOUTS["two-headers"](PEOPLE))
    assert headers.names == ("id", "mood", "Prices", "War", "Health", "age", "weight")
    assert headers.labels[2:6] == (*(f"{QUESTION} - {worry}" for worry in WORRIES), "About you - age")


def test_the_same_name_under_two_groups_is_told_apart() -> None:
    headers = found(
        [["", "May", "", "June", ""], ["id", "mood", "age", "mood", "age"], *[["a", *"1234"]] * 3]
    )
    assert headers.names == ("id", "May - mood", "May - age", "June - mood", "June - age")


@pytest.mark.parametrize("first", ["Отметка времени", "Zeitstempel", "HORODATEUR", "Marca temporal"])
def test_google_forms_are_known_in_other_languages(first: str) -> None:
    assert found(google_forms(PEOPLE, first=first)).layout == "google-forms"


def test_a_name_that_a_program_gives_twice_is_made_unique_and_said() -> None:
    rows = qualtrics(PEOPLE)
    rows[0][5:8] = ["Q5", "q5", "Q5_2"]
    headers = found(rows)
    assert headers.names[5:8] == ("Q5", "q5_3", "Q5_2")
    assert "column 7 is called `q5_3`, since an earlier one has its name `q5`" in map(str, headers.notes)


def test_a_name_that_a_person_gives_twice_is_refused() -> None:
    with pytest.raises(InputError, match=r"names the column `Mood` twice in row 1"):
        found([["mood", "Mood"], ["1", "2"]])


@pytest.mark.parametrize(
    "rows",
    [
        [["mood", "age"], ["1", "20"]],
        [["", "mood"], ["1", "Yes"]],
        [["", "sex", "mood"], ["a1", "Female", "Yes"], ["a2", "Male", "Yes"]],
        [["mood"], ["Yes"], ["No"]],
        [["id", "1", "2", "3"], ["a", "5", "4", "2"]],
        [["id", "sex", "open"], ["1", "Female", "x"], ["2", "", ""]],
        [["id", "Prices", "War"], ["1", "Prices", ""], ["2", "", "War"], ["3", "", ""]],
    ],
    ids=["two-columns", "row-names", "row-names-and-text", "one-column", "numbered-questions", "gaps", "options"],
)  # fmt: skip
def test_a_plain_first_row_is_the_names(rows: Rows) -> None:
    headers = found(rows)
    assert (headers.layout, headers.header_rows, headers.first_row) == ("plain", (1,), 2)


def test_a_column_without_a_name_is_called_by_its_place() -> None:
    headers = found([["", "mood", ""], ["1", "2", ""]])
    assert headers.names == ("column_1", "mood")
    assert headers.unnamed == (0,)


@pytest.mark.parametrize(
    "first", [["1", "2", "0.5"], ["Yes", "North", "2"], ["2024-03-01", "1", "3,5"], ["5", "4", "34%"]]
)
def test_a_missing_row_of_names_is_refused(first: list[str]) -> None:
    rows = [first, ["2", "1", "0.25"], ["Yes", "North", "1"]] if first[0] == "Yes" else [first, first, first]
    with pytest.raises(InputError, match=r"row 1 holds answers .* `--header-row`"):
        found(rows)


def test_what_is_stated_overrules_what_is_found() -> None:
    assert found(titled(PEOPLE), ReadOptions(header_row=4)).names[0] == "id"
    assert found(qualtrics(PEOPLE), ReadOptions(layout="plain")).first_row == 2
    assert found(LAYOUTS["plain"](PEOPLE), ReadOptions(layout="two-headers")).first_row == 3
    with pytest.raises(InputError, match="no names in row 3, which is stated to hold them"):
        found(titled(PEOPLE), ReadOptions(header_row=3))


@pytest.mark.parametrize("blank", [[], [""], ["", " ", ""]])
def test_empty_rows_above_the_names_are_passed_over(blank: list[str]) -> None:
    headers = found([blank, blank, *LAYOUTS["plain"](PEOPLE)])
    assert (headers.names[0], headers.header_rows, headers.first_row) == ("id", (3,), 4)


def test_nothing_but_empty_rows_has_no_names() -> None:
    with pytest.raises(InputError, match="no column names"):
        found([[""], []])
