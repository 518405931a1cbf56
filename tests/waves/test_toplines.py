"""toplines.csv: what is read, and every fault with its line, its column and the way out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from groundswell.errors import Fault, FaultsError, nearest
from groundswell.waves import check_survey, load_survey, read_toplines
from groundswell.waves.toplines import table
from groundswell.waves.toplines.row import COLUMNS
from waves.folders import row, survey_folder, toplines


def faults_of(parent: Path, text: str | bytes) -> list[Fault]:
    """The faults of a sound survey whose toplines.csv is `text`."""
    folder = survey_folder(parent)
    (folder / "toplines.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return check_survey(folder)


def test_sound_rows_are_read_with_their_types(tmp_path: Path) -> None:
    folder = survey_folder(
        tmp_path,
        row(note="=HYPERLINK(1)\nsecond line"),
        row(category="calm", share="", share_low="0.5", share_high="0.555", start="", n="", mode="CATI"),
    )
    table = read_toplines(load_survey(folder))
    assert list(table.columns) == [*COLUMNS, "line", "rounding"]
    assert list(table["line"]) == [2, 4]
    assert list(table["mode"]) == ["face to face", "CATI"]
    assert list(table["rounding"]) == [0.01, 0.01]
    assert table["share"].tolist()[0] == 0.35
    assert pd.isna(table["share"][1])
    assert pd.isna(table["n"][1])
    assert pd.isna(table["start"][1])
    assert table["n"].dtype == "Int64"
    assert str(table["end"].dtype) == "datetime64[ns]"
    assert table["note"][0] == "=HYPERLINK(1)\nsecond line"
    assert table["note"][1] == ""


def test_every_column_has_its_type_also_where_all_of_it_is_empty(tmp_path: Path) -> None:
    table = read_toplines(load_survey(survey_folder(tmp_path, row(n="", start=""))))
    shares = dict.fromkeys(("share", "share_low", "share_high", "deff", "moe", "rounding"), "float64")
    dates = dict.fromkeys(("start", "end", "published"), "datetime64[ns]")
    types = dict.fromkeys(COLUMNS, "str") | shares | dates | {"n": "Int64", "line": "int64"}
    assert {name: str(table[name].dtype) for name in table} == types


def test_a_line_break_in_a_note_stays_as_it_was_written(tmp_path: Path) -> None:
    for line_break in ("\n", "\r\n"):
        folder = survey_folder(tmp_path)
        (folder / "toplines.csv").write_bytes(toplines(row(note=f"a{line_break}b")).encode())
        assert read_toplines(load_survey(folder))["note"][0] == f"a{line_break}b"


def test_a_survey_without_toplines_has_no_rows_of_the_same_types(tmp_path: Path) -> None:
    folder = survey_folder(tmp_path, row())
    full = read_toplines(load_survey(folder))
    (folder / "toplines.csv").unlink()
    empty = read_toplines(load_survey(folder))
    assert check_survey(folder) == []
    assert len(empty) == 0
    assert empty.dtypes.equals(full.dtypes)


@pytest.mark.parametrize(
    ("text", "step"),
    [("0.62", 0.01), ("0.295", 0.001), ("0.6", 0.01), ("1", 0.01), (".2817", 0.0001), ("0", 0.01)],
)
def test_rounding_is_read_off_the_decimals(tmp_path: Path, text: str, step: float) -> None:
    table = read_toplines(load_survey(survey_folder(tmp_path, row(share=text))))
    assert table["rounding"][0] == pytest.approx(step)


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        ({"share": "62"}, "share", "a share, not a percent: write 0.62, got `62`"),
        ({"share": "29.5"}, "share", "write 0.295"),
        ({"share": "1.2"}, "share", "write 0.012"),
        ({"share": "620"}, "share", "from 0 to 1"),
        ({"share": "-0.2"}, "share", "cannot be negative"),
        ({"share": "0,62"}, "share", "write a decimal point: 0.62"),
        ({"share": "62%"}, "share", "write 62% as 0.62"),
        ({"share": "1e-3"}, "share", "write it out"),
        ({"share": "NaN"}, "share", "leave the cell empty"),
        ({"share": "inf"}, "share", "leave the cell empty"),
        ({"share": "０.６２"}, "share", "digits 0–9"),
        ({"share": "٠.٦"}, "share", "digits 0–9"),
        ({"share": "about 0.6"}, "share", "must be a plain number"),
        ({"share": ""}, "share", "neither a share nor a range"),
        ({"share_low": "0.3", "share_high": "0.4"}, "share", "a share and a range"),
        ({"share": "", "share_low": "0.3"}, "share_high", "both its ends"),
        ({"share": "", "share_high": "0.3"}, "share_low", "both its ends"),
        ({"share": "", "share_low": "0.4", "share_high": "0.3"}, "share_low", "swap them"),
        ({"share": "", "share_low": "0.4", "share_high": "0.4"}, "share_low", "write it as `share`"),
        ({"share": "", "share_low": "0.56", "share_high": "60"}, "share_high", "write 0.60"),
        ({"n": "0"}, "n", "positive whole number"),
        ({"n": "-5"}, "n", "cannot be negative"),
        ({"n": "1500.0"}, "n", "positive whole number"),
        ({"n": "1,500"}, "n", "without thousands separators"),
        ({"n": "1 500"}, "n", "without thousands separators"),
        ({"n": "1e3"}, "n", "write it out"),
        ({"n": "n/a"}, "n", "leave the cell empty"),
        ({"deff": "0"}, "deff", "above 0"),
        ({"deff": "500"}, "deff", "at most 100"),
        ({"moe": "3.6"}, "moe", "in share units, write 0.036"),
        ({"moe": "0"}, "moe", "above 0"),
        ({"moe": "0.0001"}, "moe", "design effect of"),
        ({"moe": "0.4"}, "moe", "design effect of"),
        ({"end": ""}, "end", "is empty"),
        ({"end": "18.09.2022"}, "end", "as YYYY-MM-DD, got `18.09.2022`: 2022-09-18"),
        ({"end": "2022-09-31"}, "end", "day of the calendar"),
        ({"end": "2022-09-15"}, "end", "before the start"),
        ({"start": "1722-09-16"}, "start", "before 1900"),
        ({"end": "2222-09-18"}, "end", "more than a year from now"),
        ({"start": "2020-09-16"}, "precision", "spans 733 days"),
        ({"published": "2022-09-17"}, "published", "before the end of fieldwork"),
        ({"precision": "hour"}, "precision", "known: day, month, quarter, week, year"),
        ({"precision": ""}, "precision", "is empty"),
        ({"certainty": "verbatim_primry"}, "certainty", "did you mean `verbatim_primary`?"),
        ({"certainty": "seed_quote_unverified"}, "certainty", "no such word"),
        ({"house": "fomm"}, "house", "did you mean `fom`?"),
        ({"house": "pulse"}, "house", "is a variant of house `fom`"),
        ({"indicator": "anxeity"}, "indicator", "did you mean `anxiety`?"),
        ({"variant": "cirle"}, "variant", "did you mean `circle`?"),
        ({"category": "anxios"}, "category", "names `anxious`, which no row has; did you mean `anxios`?"),
        ({"category": ""}, "category", "is empty"),
        ({"source_title": " "}, "source_title", "is empty"),
        ({"source_url": "javascript:alert(1)"}, "source_url", "http"),
        ({"note": "a\x07"}, "note", "U+0007"),
        ({"note": "a\u202eb"}, "note", "U+202E"),
    ],
)
def test_a_wrong_cell_is_named_with_its_way_out(
    tmp_path: Path, cells: dict[str, str], column: str, message: str
) -> None:
    found = faults_of(tmp_path, toplines(row(**cells)))
    assert [fault.field for fault in found] == [column]
    assert found[0].line == 2
    assert message in found[0].message


def test_every_fault_of_every_row_is_told_at_once(tmp_path: Path) -> None:
    wrong = row(share="62", n="x", end="2022-13-01", house="nobody")
    found = faults_of(tmp_path, toplines(row(note="two\nlines"), wrong, row(category="calm", share="2")))
    assert [(fault.line, fault.field) for fault in found] == [
        (4, "share"),
        (4, "end"),
        (4, "n"),
        (4, "house"),
        (5, "share"),
    ]


def test_a_wrong_cell_hides_no_rule_that_the_row_breaks(tmp_path: Path) -> None:
    """Its names, its dates, its twin and its margin are judged whatever else is wrong with it."""
    rows = [
        row(),
        row(certainty="sure", indicator="anxeity"),
        row(share="62", variant="cirle"),
        row(n="x", published="2022-09-17", category="calm"),
        row(share="62", start="2020-09-16", category="none"),
        row(source_title="", moe="0.0001", category="other", mode="CATI"),
        row(share="62"),
    ]
    found = faults_of(tmp_path, toplines(*rows))
    assert [(fault.line, fault.field) for fault in found] == [
        (3, "certainty"),
        (3, "indicator"),
        (4, "share"),
        (4, "variant"),
        (5, "n"),
        (5, "published"),
        (6, "share"),
        (6, "precision"),
        (7, "source_title"),
        (7, "moe"),
        (8, "share"),
        (8, "category"),
    ]


def test_an_answer_whose_row_is_wrong_elsewhere_is_not_called_missing(tmp_path: Path) -> None:
    found = faults_of(tmp_path, toplines(row(share="62"), row(category="calm", share="0.4")))
    assert [(fault.line, fault.field) for fault in found] == [(2, "share")]


@pytest.mark.parametrize(
    ("column", "nearest_known"),
    [("Mode", "mode"), ("deff_", "deff"), ("END", "end"), ("share low", "share_low")],
)
def test_an_unknown_column_is_answered_with_the_nearest(
    tmp_path: Path, column: str, nearest_known: str
) -> None:
    text = toplines(row(), row(category="calm", share="0.4")).replace(f",{nearest_known},", f",{column},", 1)
    found = faults_of(tmp_path, text)
    assert [(fault.line, fault.field) for fault in found] == [(1, column), (1, nearest_known)]
    assert f"unknown column `{column}`; did you mean `{nearest_known}`?" in found[0].message


@pytest.mark.parametrize("written", ["FOM", "fom-", "Fom Center", "F.O.M."])
def test_a_house_under_another_name_is_answered_with_its_key(tmp_path: Path, written: str) -> None:
    (fault,) = faults_of(tmp_path, toplines(row(house=written)))
    assert f"no such house `{written}`; did you mean `fom`, the key of `FOM`?" in fault.message


def test_a_file_with_columns_alone_is_sound_beside_waves_of_respondents(tmp_path: Path) -> None:
    folder = survey_folder(tmp_path)
    assert [fault.message for fault in check_survey(folder)] == [NO_ROWS]
    (folder / "waves").mkdir()
    (folder / "waves" / "01.toml").touch()
    assert check_survey(folder) == []
    assert len(read_toplines(load_survey(folder))) == 0


def test_two_date_formats_in_one_column_are_named_with_both_lines(tmp_path: Path) -> None:
    rows = [row(), row(category="calm", start="", end="09/18/2022"), row(category="other", end="2022-09-18")]
    found = faults_of(tmp_path, toplines(*rows))
    mixed = [fault for fault in found if "two date formats" in fault.message]
    assert len(mixed) == 1
    assert mixed[0].field == "end"
    assert mixed[0].file.name == "toplines.csv"
    assert "`2022-09-18` (line 2)" in mixed[0].message
    assert "`09/18/2022` (line 3)" in mixed[0].message


def test_a_duplicate_row_names_both_lines(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, toplines(row(), row(category="calm"), row(share="0.36")))
    assert (fault.line, fault.field) == (4, "category")
    assert "line 2" in fault.message


def test_an_empty_mode_is_the_houses_so_that_a_twin_is_found(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, toplines(row(), row(mode="face to face")))
    assert "stands on line 2 already" in fault.message


def test_categories_above_one_are_a_fault_and_rounding_is_not(tmp_path: Path) -> None:
    parts = [row(share="0.34"), row(category="calm", share="0.34"), row(category="none", share="0.33")]
    assert faults_of(tmp_path, toplines(*parts)) == []
    (fault,) = faults_of(tmp_path, toplines(parts[0], row(category="calm", share="0.68")))
    assert "sum to 1.02, above 1 (lines 2, 3)" in fault.message


@pytest.mark.parametrize(("column", "one", "other"), [("n", "1500", "1600"), ("precision", "day", "week")])
def test_rows_of_one_wave_agree(tmp_path: Path, column: str, one: str, other: str) -> None:
    rows = row(**{column: one}), row(category="calm", **{column: other})
    (fault,) = faults_of(tmp_path, toplines(*rows))
    assert (fault.line, fault.field) == (3, column)
    assert f"{one} (line 2)" in fault.message


HEADER = ",".join(COLUMNS)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "is empty"),
        ("\n\n", 1, "is empty"),
        (HEADER + "\n", 1, "columns but no rows"),
        (HEADER.replace(",share,", ",shre,") + "\n" + "," * 18 + "x\n", 1, "did you mean `share`?"),
        (HEADER.replace(",mode,", ",") + "\n" + "x" * 3 + "\n", 1, "column `mode` is missing"),
        (HEADER.replace(",mode,", ",house,") + "\nx\n", 1, "stands 2 times"),
        (HEADER + ",\nx\n", 1, "column without a name"),
        (HEADER + "\nx,y\n", 2, "has 2 cells, the first line names 19"),
        (HEADER.replace(",", ";") + "\nx\n", 1, "must be separated by commas, got ';'"),
        (HEADER + '\n"never closed\n', 2, "is not sound CSV"),
        (HEADER + '\n"a"b,\n', 2, "is not sound CSV"),
        (HEADER + "\na\x00b\n", 2, "NUL byte"),
        (HEADER.encode("utf-16"), 1, "UTF-16"),
        (HEADER.encode() + b"\ncaf\xe9\n", 2, "byte 0xe9"),
        (b"\xef\xbb\xbf" + HEADER.encode() + b"\ncaf\xe9\n", 2, "byte 0xe9"),
    ],
)
def test_a_malformed_file_is_named_with_its_line(
    tmp_path: Path, text: str | bytes, line: int, message: str
) -> None:
    found = faults_of(tmp_path, text)
    assert [fault.line for fault in found if message in fault.message] == [line]


NO_ROWS = "has columns but no rows: add one, or a wave of respondents (`groundswell add`), or delete the file"
SOUND = ",".join(row().get(column, "") for column in COLUMNS)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", [(1, "", f"is empty: its first line must name the columns {', '.join(COLUMNS)}")]),
        (HEADER + "\n", [(1, "", NO_ROWS)]),
        (
            "\n" + HEADER.replace("note", "") + "\n",
            [
                (2, "", "has a column without a name: name it or delete it"),
                (
                    2,
                    "note",
                    "column `note` is missing: add it (docs/formats.md says which cells may be empty)",
                ),
                (2, "", NO_ROWS),
            ],
        ),
        (
            HEADER + ",moed,mode,mode\n" + SOUND + ",,,\n",
            [
                (1, "mode", "column `mode` stands 3 times: keep one"),
                (1, "moed", f"unknown column `moed`; {nearest('moed', COLUMNS)}"),
            ],
        ),
        *(
            (
                HEADER.replace(",", mark) + "\nx\n",
                [(1, "", f"must be separated by commas, got {mark!r}: save it again as CSV with commas")],
            )
            for mark in ";\t|"
        ),
        (
            f"{HEADER}\n{SOUND}\nx,y\n",
            [(3, "", "has 2 cells, the first line names 19 columns: quote cells with commas")],
        ),
        (
            HEADER + '\n"a"b,\n',
            [
                (
                    2,
                    "",
                    (
                        "is not sound CSV from here on: ',' expected after '\"'; "
                        "a quoted cell must end with a quote before the comma"
                    ),
                )
            ],
        ),
    ],
)
def test_what_is_said_of_a_malformed_file(
    tmp_path: Path, text: str, faults: list[tuple[int, str, str]]
) -> None:
    said = faults_of(tmp_path, text)
    assert [(fault.line, fault.field, fault.message) for fault in said] == faults
    assert {fault.file.name for fault in said} == {"toplines.csv"}


def test_a_file_of_one_column_is_judged_by_its_name(tmp_path: Path) -> None:
    said = faults_of(tmp_path, "X\n1\n")
    assert said[0].field == "X"
    assert said[0].message.startswith("unknown column `X`; ")
    assert {fault.field for fault in said} == {"X", *COLUMNS}


def test_a_row_of_another_length_hides_no_fault_of_the_others(tmp_path: Path) -> None:
    text = toplines(row(), row(category="calm", share="2")).splitlines()
    said = faults_of(tmp_path, "\n".join([text[0], "x,y", *text[1:]]) + "\n")
    assert [(fault.line, fault.field) for fault in said] == [(2, ""), (4, "share")]


@pytest.mark.parametrize("column", COLUMNS)
def test_a_column_that_is_missing_is_one_fault_and_not_one_a_row(tmp_path: Path, column: str) -> None:
    kept = [name for name in COLUMNS if name != column]
    rows = row(), row(category="calm", share="0.4")
    lines = [",".join(kept), *(",".join(cells.get(name, "") for name in kept) for cells in rows)]
    (fault,) = faults_of(tmp_path, "\n".join(lines) + "\n")
    assert (fault.line, fault.field) == (1, column)


def test_faults_stand_in_the_order_of_the_lines_whatever_rule_they_break(tmp_path: Path) -> None:
    """A house that is not known, a wrong cell, a twin: three rules, in the order of the file."""
    rows = [
        row(house="fomm", variant="x"),
        row(share="62"),
        row(category="calm", share="0.4"),
        row(category="calm", share="0.4"),
        row(share="0.3", category="anxious", end="2022-13-01"),
    ]
    said = faults_of(tmp_path, toplines(*rows))
    assert {fault.file.name for fault in said} == {"toplines.csv"}
    lines = [fault.line for fault in said]
    assert lines == sorted(lines)
    assert {2, 3, 5, 6} <= set(lines)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_order_mark_and_any_line_end_are_fine(tmp_path: Path, newline: str, mark: bytes) -> None:
    text = toplines(row(), row(category="calm", share="2")).replace("\n", newline)
    (fault,) = faults_of(tmp_path, mark + text.encode())
    assert (fault.line, fault.field) == (3, "share")


def test_blank_rows_are_skipped_and_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    cells = row()
    order = sorted(COLUMNS)
    text = ",".join(order) + "\n" + "," * 18 + "\n\n" + ",".join(cells.get(c, "") for c in order) + "\n"
    folder = survey_folder(tmp_path)
    (folder / "toplines.csv").write_text(text)
    assert read_toplines(load_survey(folder))["line"].tolist() == [4]


def test_a_broken_survey_does_not_hide_the_faults_of_its_toplines(tmp_path: Path) -> None:
    folder = survey_folder(tmp_path, row(category="calm"), row(share="62"), survey="title = 1\n")
    found = check_survey(folder)
    assert {fault.file.name for fault in found} == {"survey.toml", "toplines.csv"}


def test_reading_raises_what_checking_lists(tmp_path: Path) -> None:
    folder = survey_folder(tmp_path, row(share="62"))
    with pytest.raises(FaultsError) as caught:
        read_toplines(load_survey(folder))
    assert list(caught.value.faults) == check_survey(folder)
    assert caught.value.subject == str(folder / "toplines.csv")


def test_a_file_that_has_not_changed_is_read_once_and_one_that_has_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey = load_survey(survey_folder(tmp_path, row()))
    reads: list[Path] = []
    checked = table.checked_rows

    def counted(file: Path, *rest: Any) -> Any:
        reads.append(file)
        return checked(file, *rest)

    monkeypatch.setattr(table, "checked_rows", counted)
    first = read_toplines(survey)
    first.loc[0, "share"] = 0.99
    assert read_toplines(survey).loc[0, "share"] == 0.35
    assert len(reads) == 1
    survey.toplines.write_text(toplines(row(share="0.36")), encoding="utf-8")
    assert read_toplines(survey).loc[0, "share"] == 0.36
    other = load_survey(survey.folder)
    assert read_toplines(other).loc[0, "share"] == 0.36
    assert len(reads) == 3
    survey.toplines.write_text(toplines(row(share="36")), encoding="utf-8")
    with pytest.raises(FaultsError):
        read_toplines(survey)
