"""Text files as people bring them: read to the truth that they were made from, or refused with a way out."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from exports.layouts import LAYOUTS, Rows, as_text, google_forms, kobo, plain, qualtrics
from exports.truth import answers

from groundswell.errors import InputError
from groundswell.waves.respondents.layouts.layout import ReadOptions
from groundswell.waves.respondents.reader import Respondents, read_respondents

PEOPLE = answers(24)

COLUMNS = {
    "qualtrics": ("Q1", "age", "weight"),
    "surveymonkey": ("How do you feel?", "How old are you?", "weight"),
    "kobo": ("health/mood", "about/age", "weight"),
    "google-forms": ("How do you feel, on the whole?", "How old are you?", None),
}
WRITTEN = [
    (",", "\n", "utf-8"),
    (",", "\r\n", "utf-8-sig"),
    (";", "\r\n", "utf-16"),
    ("\t", "\n", "utf-16-le"),
    ("|", "\r", "utf-16-be"),
    (";", "\r", "utf-8"),
]


def read(tmp_path: Path, content: str | bytes, *, name: str = "wave.csv", **stated: Any) -> Respondents:
    file = tmp_path / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_respondents(file, options=ReadOptions(**stated))


def refused(tmp_path: Path, content: str | bytes, *, name: str = "wave.csv", **stated: Any) -> str:
    with pytest.raises(InputError) as error:
        read(tmp_path, content, name=name, **stated)
    assert "Traceback" not in str(error.value)
    return str(error.value)


def codes(respondents: Respondents) -> list[str]:
    return [note.code for note in respondents.codebook.notes]


def column(respondents: Respondents, name: str) -> list[Any]:
    cells = respondents.table([name])[name]
    return [None if cell is None or cell != cell else cell for cell in cells]


def kinds(respondents: Respondents) -> dict[str, str]:
    return {name: variable.kind for name, variable in respondents.codebook.variables.items()}


@pytest.mark.parametrize(("delimiter", "end", "encoding"), WRITTEN)
@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_is_read_to_its_truth(
    name: str, delimiter: str, end: str, encoding: str, tmp_path: Path
) -> None:
    text = as_text(LAYOUTS[name](PEOPLE), delimiter=delimiter, line_end=end, quote_all=end != "\n")
    respondents = read(tmp_path, text.encode(encoding), name="wave.tsv" if delimiter == "\t" else "wave.csv")
    assert respondents.codebook.rows == len(PEOPLE)
    assert respondents.codebook.layout.name == name
    assert respondents.codebook.layout.delimiter == delimiter
    mood, age, weight = COLUMNS.get(name, ("mood", "age", "weight"))
    ages = column(respondents, age)
    assert sorted(map(int, ages)) == [one.age for one in PEOPLE]
    assert kinds(respondents)[age] == "number"
    if weight is not None:
        weights = dict(zip(ages, column(respondents, weight), strict=True))
        assert weights == {one.age: one.weight for one in PEOPLE}
    assert len({str(mood) for mood in column(respondents, mood)}) == 3


def test_a_cell_with_a_line_break_does_not_move_the_first_respondent(tmp_path: Path) -> None:
    rows = plain(PEOPLE)
    rows[0][1], rows[3][1] = "mood\nof the week", "3\n"
    respondents = read(tmp_path, as_text(rows))
    assert respondents.codebook.rows == len(PEOPLE)
    assert respondents.codebook.layout.first_row == 3
    assert "mood\nof the week" in respondents.codebook


def test_texts_of_questions_are_labels(tmp_path: Path) -> None:
    codebook = read(tmp_path, as_text(qualtrics(PEOPLE))).codebook
    assert codebook["Q5_1"].label.endswith("Selected Choice - Prices")
    assert codebook.layout.header_rows == (1, 2, 4)


@pytest.mark.parametrize("kept", [(), (1,)])
def test_previews_of_a_questionnaire_are_nobody(tmp_path: Path, kept: tuple[int, ...]) -> None:
    rows = qualtrics(PEOPLE)
    rows[3][1] = rows[7][1] = "1"
    respondents = read(tmp_path, as_text(rows), kept={"Status": kept})
    assert respondents.codebook.rows == len(PEOPLE) - (0 if kept else 2)
    assert ("tests_left_out" in codes(respondents)) is not bool(kept)


@pytest.mark.parametrize("word", ["Total", "ИТОГО", "Gesamt:", "Base"])
def test_a_row_of_totals_is_nobody(tmp_path: Path, word: str) -> None:
    rows = [["region", "mood"], *[["North", "1"]] * 70, ["South", "2"], [word, "72"]]
    respondents = read(tmp_path, as_text(rows))
    assert respondents.codebook.rows == 71
    assert codes(respondents) == ["total_rows"]
    assert kinds(respondents)["mood"] == "number"


def test_a_remark_below_the_table_is_nobody(tmp_path: Path) -> None:
    rows = [*plain(PEOPLE), [""] * 7, ["Source: Acme Research, May 2024", *[""] * 6]]
    respondents = read(tmp_path, as_text(rows))
    assert respondents.codebook.rows == len(PEOPLE)
    assert codes(respondents) == ["empty_rows", "footer_rows"]
    assert kinds(respondents)["id"] == "number"


def test_who_said_no_more_than_a_first_answer_is_somebody(tmp_path: Path) -> None:
    rows = [["time", "mood"], *[[f"1 March 9:{place}", "1"] for place in range(10, 20)], ["1 March 9:30", ""]]
    assert read(tmp_path, as_text(rows)).codebook.rows == 11


def test_an_answer_that_is_a_word_for_a_total_is_somebody(tmp_path: Path) -> None:
    rows = [["petrol", "mood"], *[["Total", "1"], ["Shell", "2"]] * 20]
    assert read(tmp_path, as_text(rows)).codebook.rows == 40


@pytest.mark.parametrize("ids", [True, False], ids=["with-ids", "only-ticks"])
def test_an_empty_row_is_nobody_where_everybody_has_an_id(tmp_path: Path, ids: bool) -> None:
    first = [str(place) if ids else "" for place in range(1, 5)]
    rows = [["id", "a", "b"], *[[one, "1", ""] for one in first], ["", "", ""], ["", "", ""]]
    rows = rows if ids else [row[1:] for row in rows[:3]] + [["", "1"]] + [["", ""]]
    respondents = read(tmp_path, as_text(rows))
    assert respondents.codebook.rows == 4
    assert codes(respondents) == (["empty_rows"] if ids else [])


def test_names_that_come_again_are_nobody(tmp_path: Path) -> None:
    one = as_text(plain(PEOPLE))
    respondents = read(tmp_path, one + one)
    assert respondents.codebook.rows == 2 * len(PEOPLE)
    assert codes(respondents) == ["names_again"]
    assert kinds(respondents)["weight"] == "number"


SENTENCES = {
    "cp1251": "Как часто вы чувствовали тревогу;очень часто;иногда;Северный округ",
    "koi8-r": "Как часто вы чувствовали тревогу;очень часто;иногда;Северный округ",
    "cp866": "Как часто вы чувствовали тревогу;очень часто;иногда;Северный округ",
    "mac-cyrillic": "Как часто вы чувствовали тревогу;очень часто;иногда;Северный округ",
    "cp1250": "Województwo;łódzkie;mężczyzna;Śląskie",
    "iso8859-2": "Województwo;łódzkie;mężczyzna;Śląskie",
    "cp1252": "Straße;Männer;Frauen über 60;möglich",
    "cp1253": "Πόσο συχνά;Γυναίκα;Άνδρας;Αθήνα",
    "cp1254": "Kadın;şehir;çok kötü;İstanbul",
    "cp1257": "šeimos;žinau;žmonės;Vyrų",
}


@pytest.mark.parametrize("encoding", SENTENCES)
def test_an_encoding_is_found_by_its_words_and_said(tmp_path: Path, encoding: str) -> None:
    name, *cells = SENTENCES[encoding].split(";")
    respondents = read(tmp_path, "\n".join([f"{name};w", *(f"{cell};1" for cell in cells)]).encode(encoding))
    assert column(respondents, name) == cells
    assert codes(respondents) == ["encoding_guessed"]
    assert f"read as {encoding}" in str(respondents.codebook.notes[0])
    stated = read(tmp_path, (tmp_path / "wave.csv").read_bytes(), encoding=encoding)
    assert column(stated, name) == cells
    assert codes(stated) == []
    assert stated.codebook.layout.stated == ("encoding",)


def test_bytes_that_two_encodings_read_as_well_are_refused(tmp_path: Path) -> None:
    said = refused(tmp_path, "a,w\nNão,1\n".encode("cp1252"))
    assert "line 2 is not UTF-8 (byte 0xe3); it may be cp1252 (`Não`) or cp1250 (`Năo`)" in said


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("a,b\nда,1\nнет,2\n".encode() + "да,3\n".encode("cp1251"), "line 4 is not UTF-8 (byte 0xe4), while line 2 is"),
        ("a,b\n1,да\n2,нет".encode()[:-1], "breaks off inside a letter of line 3: ask for the whole file"),
        (b"\xff\xfea\x00,\x00b\x00\n\x001", "line 2 is not utf-16"),
        (b"a,b\n1,\x00\x01\x02\x00\n", "holds zero bytes"),
    ],
    ids=["mixed", "cut-in-a-letter", "cut-utf-16", "zeros"],
)  # fmt: skip
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, content: bytes, says: str) -> None:
    assert says in refused(tmp_path, content)


def test_a_stated_encoding_that_does_not_fit_is_refused_with_its_line(tmp_path: Path) -> None:
    content = "a,b\n1,2\n2,да\n".encode("cp1251")
    assert "line 3 is not utf-8 (byte 0xe4)" in refused(tmp_path, content, encoding="utf-8").replace(
        "-sig", ""
    )
    assert "`cp9999` is not an encoding" in refused(tmp_path, content, encoding="cp9999")
    assert "`hex` is not an encoding" in refused(tmp_path, content, encoding="hex")


def test_a_copy_in_another_encoding_is_private_and_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = tmp_path / "private"
    private.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(private))
    respondents = read(tmp_path, "a,b\n1,2\n3,4\n".encode("utf-16"))
    assert column(respondents, "b") == [2, 4]
    assert not [path for path in private.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("id;mood;worries\n0;1;1,2\n1;2;1\n2;1;2,3\n", ";"),
        ("id;w\n1;0,85\n2;1,25\n3;0,5\n", ";"),
        ("Title, with a comma\n\nid;mood\n1;2\n2;1\n3;1\n", ";"),
        ('"a,b";"c;d"\n1;2\n3;4\n', ";"),
        ("id\tsaid\n1\tyes, often\n2\tno\n", "\t"),
        ("sep=;\nid;said\n1;a,b\n2;c,d\n", ";"),
        ('"sep=|"\nid|said\n1|a,b\n2|c,d\n', "|"),
        ("mood\n1\n2\n", ","),
    ],
)
def test_the_delimiter_is_the_one_that_cuts_rows_evenly(tmp_path: Path, text: str, delimiter: str) -> None:
    assert read(tmp_path, text).codebook.layout.delimiter == delimiter


def test_a_line_that_states_the_delimiter_is_nobody(tmp_path: Path) -> None:
    respondents = read(tmp_path, "sep=;\nid;mood\n1;2\n2;1\n")
    assert respondents.codebook.rows == 2
    assert respondents.codebook.layout.first_row == 3


def test_two_possible_delimiters_are_refused_until_one_is_stated(tmp_path: Path) -> None:
    text = "a,b;c,d\n1,05;2,5\n2,5;3,5\n4,5;5,5\n"
    assert "`,` and `;` between its cells" in refused(tmp_path, text)
    assert column(read(tmp_path, text, delimiter=";"), "a,b") == [1.05, 2.5, 4.5]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b\n1,2\n3,4\n5", "line 4 (`5`) has 1 cell, where the file names 2 columns"),
        ('a,b\n1,2\n3,"4\n5,6\n7,8\n', "line 3 is not sound CSV (unexpected end of data)"),
        ('a,b\n1,"x\ny"\n3,4,5\n', "line 4 (`3`) has 3 cells"),
        ("a,b\n1,2\nSource: Acme\n", "line 3 (`Source: Acme`) has 1 cell"),
        ("a,b\n", "has column names and no respondents"),
        ("a,b\n\n\n", "has column names and no respondents"),
        ("\n\n", "no column names"),
        ("1,2\n3,4\n5,6\n", "row 1 holds answers (`1`)"),
        ('"id" "mood"\n"1" 5 2\n"2" 6 1\n', "has blanks between its cells"),
        ("id  mood\n 1     2\n 2     1\n", "has blanks between its cells"),
    ],
    ids=[
        *("cut", "open-quote", "ragged", "footer", "names-only", "names-and-blanks", "blank", "no-names"),
        *("blanks", "fixed-widths"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    assert says in refused(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('a,b\n1,"say ""no"""\n', [(1, 'say "no"')]),
        ("a,b\n1,back\\slash\n2,\\\n", [(1, "back\\slash"), (2, "\\")]),
        ("a,b\n1,2,\n3,4,\n", [(1, 2), (3, 4)]),
        ("a,b,\n1,2,\n3,4,\n", [(1, 2), (3, 4)]),
        (",mood\n1,2\n2,3\n", [(1, 2), (2, 3)]),
        ("a,b\r\n1,2\n3,4\r\n", [(1, 2), (3, 4)]),
        ("a,b\n\n1,2\n\n3,4\n", [(1, 2), (3, 4)]),
        ("mood\n1\n\n2\n", [(1,), (None,), (2,)]),
    ],
)
def test_cells_are_as_they_were_written(tmp_path: Path, text: str, rows: list[Any]) -> None:
    assert read(tmp_path, text).rows("SELECT * FROM {respondents} ORDER BY rowid") == rows


def test_a_column_without_a_name_is_said(tmp_path: Path) -> None:
    respondents = read(tmp_path, ",mood,\n1,2,\n2,3,\n")
    assert list(respondents.codebook.variables) == ["column_1", "mood"]
    assert [str(note) for note in respondents.codebook.notes] == [
        "column 1 has no name, and is called `column_1`"
    ]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("toplines", [["category", "share"], ["yes", "34"], ["no", "66"]]),
        ("percents", [["Answer", "%"], ["yes", "34"], ["no", "66"]]),
        ("shares", [["answer", "May", "June"], ["Yes", "34%", "35 %"], ["No", "66%", "64,5%"]]),
        (
            "cross-table",
            [["", "Men", "Women"], ["Yes", "34", "35"], ["No", "66", "65"], ["Total", "100", "100"]],
        ),
        ("bases", [["region", "n"], ["North", "341"], ["South", "512"], ["База", "853"]]),
    ],
)
def test_a_table_of_results_is_refused(tmp_path: Path, name: str, rows: Rows) -> None:
    said = refused(tmp_path, as_text(rows), name=f"{name}.csv")
    assert "looks like a table of results" in said
    assert "`--layout plain`" in said
    assert read(tmp_path, as_text(rows), layout="plain").codebook.rows in (2, 3)


def test_a_long_table_of_results_is_known_by_its_columns(tmp_path: Path) -> None:
    rows = [["house", "category", "share"], *[[f"house {place}", "yes", "34"] for place in range(500)]]
    assert "it has the columns `category` and `share`" in refused(tmp_path, as_text(rows))


def test_a_long_table_of_nothing_but_shares_is_one_of_results(tmp_path: Path) -> None:
    shares = [[f"{n + place}%" for place in range(5)] for n in range(9)]
    block = [["How do you feel?"], *[["", f"word {n}", *cells] for n, cells in enumerate(shares)]]
    names = ["", "Among men", "18 - 34", "35 and over", "White", "Other", "All"]
    rows = [names, *[[*row, *[""] * (7 - len(row))] for row in block * 8]]
    assert "cells are shares such as `0%`" in refused(tmp_path, as_text(rows))


def test_many_respondents_who_write_a_percentage_are_no_table_of_results(tmp_path: Path) -> None:
    rows = [["id", "chance", "risk", "mood"], *[[str(n), f"{n % 9}0%", f"{n % 7}0%", "2"] for n in range(99)]]
    assert read(tmp_path, as_text(rows)).codebook.rows == 99


@pytest.mark.parametrize("layout", [google_forms, kobo, plain])
def test_respondents_are_no_table_of_results(tmp_path: Path, layout: Any) -> None:
    assert read(tmp_path, as_text(layout(PEOPLE[:4]))).codebook.rows == 4


def test_three_thousand_columns_are_read(tmp_path: Path) -> None:
    names = [f"q{place}" for place in range(3000)]
    rows = [names, *[[str(one % 5)] * 1500 + ["word" if one else "NA"] * 1500 for one in range(5)]]
    respondents = read(tmp_path, as_text(rows))
    assert len(respondents.codebook.variables) == 3000
    assert respondents.codebook.rows == 5


def test_what_belongs_to_other_formats_is_refused(tmp_path: Path) -> None:
    assert "`sheet`" in refused(tmp_path, "a,b\n1,2\n", sheet="Data")
    assert "`catalogue`" in refused(tmp_path, "a,b\n1,2\n", catalogue="x.sas7bcat")


def test_what_is_stated_is_taken_at_its_word(tmp_path: Path) -> None:
    text = "Survey\nMay\nid,mood\n1,2\n3,4\n"
    respondents = read(tmp_path, text, header_row=3)
    assert column(respondents, "mood") == [2, 4]
    assert respondents.codebook.layout.stated == ("header_row",)
    assert re.search(r"no names in row 9", refused(tmp_path, text, header_row=9))
