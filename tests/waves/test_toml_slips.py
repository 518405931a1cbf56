"""Slips in TOML: each is named with its line, its keys, what was got, and how it is written."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.errors import FaultsError
from groundswell.waves import check_survey, load_survey
from groundswell.waves.toml.record import read_toml
from groundswell.waves.toml.slips import slips
from groundswell.waves.wave.wave_toml import load_wave
from waves.folders import SURVEY, row, survey_folder

SLIPS = [
    ("title = Mood", "title", 'text needs quotes, got `Mood`: write `title = "Mood"`'),
    ('title = A "b"?', "title", "needs quotes"),
    ("deff = 1,5", "deff", "got `1,5`: write 1.5"),
    ("deff = 1,5  # half", "deff", "got `1,5`: write 1.5"),
    ("n = 1,500", "n", "write 1.500, or 1500"),
    ("n = 1 500", "n", "write 1500"),
    ("share = 62%", "share", "write 0.62"),
    ("share = 29,5 %", "share", "write 0.295"),
    ("sd = .5", "sd", "write 0.5"),
    ("sd = 1.", "sd", "write 1.0"),
    ("code = 007", "code", 'write 7, or "007" where it is a code'),
    ("date = 21.09.2022", "date", "write a date as YYYY-MM-DD, got `21.09.2022`: 2022-09-21"),
    ("date = 2022/09/21", "date", "got `2022/09/21`: 2022-09-21"),
    ("date = 03/04/2022", "date", "2022-04-03 if the day comes first, 2022-03-04 if the month does"),
    ("date = 2022-9-1", "date", "2022-09-01"),
    ("date = 2022-02-30", "date", "a day of the calendar"),
    ("дата = 1", "дата", 'a key with these letters needs quotes, got `дата`: write `"дата" = …`'),
    ("first house = 1", "first house", 'write `"first house" = …`'),
    ("[категории.x]", "категории.x", 'write `["категории".x]`'),
    ("[houses.Левада]", "houses.Левада", "a key in `houses` is small letters a–z"),
    ("title = “Mood”", "title", 'straight quotes, got `“Mood”`: write `title = "Mood"`'),
    ("title = «Mood»", "title", 'write `title = "Mood"`'),
    ('title = "Mood', "title", 'the closing quote is missing, got `"Mood`: write `title = "Mood"`'),
    ('title = Mood"', "title", "the opening quote is missing"),
    ('title = "a "b" c"', "title", """write `title = 'a "b" c'`"""),
    ("title = 'it's'", "title", """write `title = "it's"`"""),
    ('title = "a" b', "title", "`b` stands after the closing quote"),
    ('file = "C:\\data"', "file", "write `file = 'C:\\data'`"),
    ("fit = False", "fit", "got `False`: write false"),
    ("fit = no", "fit", "must be `true`, `false`, or text in quotes, got `no`"),
    ("deff = NA", "deff", "delete the line where it is not known"),
    ("title =", "title", "has no value"),
    ('title: "Mood"', "", 'joined by `=`, got `:`: write `title = "Mood"`'),
    ("just words", "", "neither a `[table]` nor a `key = value`"),
    ("[houses.fom", "houses.fom", "the closing `]` is missing, got `[houses.fom`: write `[houses.fom]`"),
    ("[[events]", "events", "write `[[events]]`"),
    ("numerator = [anxious]", "numerator", 'text needs quotes, got `anxious`: write `"anxious"`'),
    ('numerator = ["a" "b"]', "numerator", "need a comma between them"),
    ('numerator = ["a", "b"', "numerator", "the closing `]` of the list is missing"),
    ('numerator = [\n"a",\nb,\n]', "numerator", "text needs quotes, got `b`"),
    ("codes = [1, 2]]", "codes", "closes nothing"),
    ("house = {a = 1", "house", "write it as a `[table]` of its own"),
    ('title = """a\n[b]\nc = d', "title", "the three quotes that close the text are missing"),
    ("= 5", "", "has no key"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "field", "message"), SLIPS)
def test_a_slip_is_named_with_its_line_and_what_to_write(
    tmp_path: Path, text: str, field: str, message: str
) -> None:
    file = tmp_path / "survey.toml"
    file.write_text(f"# a comment\nbefore = 1\n\n{text}\n", encoding="utf-8")
    with pytest.raises(FaultsError) as caught:
        read_toml(file)
    (fault,) = caught.value.faults
    assert fault.line == 4
    assert fault.message.startswith("is not sound TOML: ")
    assert message in fault.message
    assert not field or fault.field == field


def test_every_slip_of_a_file_is_told_at_once_with_its_table(tmp_path: Path) -> None:
    text = SURVEY.replace('title = "Mood"', "title = Mood", 1).replace("sd = 0.13", "sd = 0,13").replace(
        "date = 2022-02-24", "date = 24.02.2022"
    )  # fmt: skip
    found = check_survey(survey_folder(tmp_path, row(), survey=text))
    places = [(fault.field, text.split("\n")[(fault.line or 0) - 1]) for fault in found]
    assert places == [
        ("title", "title = Mood"),
        ("shared_bias.sd", "sd = 0,13"),
        ("events.date", "date = 24.02.2022"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("[a]\nx = 1\n\n[b]\n[a]\nx = 2", 5, "the table `[a]` stands on line 1 already: put both together"),
        ("x = 1\n[a]\nx = 1\nx = 2", 4, "the key `x` stands on line 3 already: keep one"),
        ('[a]\n"x" = 1\nx = 2', 3, "stands on line 2 already"),
        ("[[a]]\nx = 1\n[a]\nx = 2", 3, "write each of several as `[[a]]`"),
        ("[a]\nx = 1\n[[a]]\nx = 2", 3, "write each of several as `[[a]]`"),
    ],
)
def test_what_stands_twice_names_both_lines(text: str, line: int, message: str) -> None:
    (slip,) = slips(text)
    assert slip.line == line
    assert message in slip.message


def test_elements_of_an_array_of_tables_may_repeat_each_others_keys() -> None:
    assert slips("[[a]]\nx = 1\n[a.b]\ny = 1\n[[a]]\nx = 2\n[a.b]\ny = 2") == []


def test_what_follows_a_list_or_a_long_text_is_still_found() -> None:
    """Lines within them that look like slips are none."""
    text = 'a = """\ntitle = Mood\n"""\nb = [\n  "x = 1,5",  # title = Mood\n]\nc = 1,5\n'
    assert [slip.line for slip in slips(text)] == [7]


@pytest.mark.parametrize(
    ("key", "written", "way_out"),
    [
        ("default_deff = 1.5", 'default_deff = "1.5"', "got `1.5` in quotes: take them off"),
        ("default_deff = 1.5", 'default_deff = "1,5"', "write 1.5"),
        ("fit = false", 'fit = "false"', "got `false` in quotes: take them off"),
        ("fit = false", 'fit = "False"', "write false"),
        ("default_deff = 1.5", 'default_deff = "big"', "must be a number, got `big`"),
    ],
)
def test_a_number_in_quotes_is_answered_with_its_way_out(
    tmp_path: Path, key: str, written: str, way_out: str
) -> None:
    found = check_survey(survey_folder(tmp_path, row(), survey=SURVEY.replace(key, written, 1)))
    assert any(way_out in fault.message for fault in found)


def test_a_wave_file_is_answered_in_the_same_way(tmp_path: Path) -> None:
    folder = survey_folder(tmp_path, row())
    (folder / "waves").mkdir()
    wave = folder / "waves" / "01.toml"
    wave.write_text("file = x.sav\nstart = 01.02.2024\n[domains.region.categories]\nСевер = [1]\n", "utf-8")
    with pytest.raises(FaultsError) as caught:
        load_wave(wave, load_survey(folder))
    assert [(fault.line, fault.field) for fault in caught.value.faults] == [
        (1, "file"),
        (2, "start"),
        (4, "domains.region.categories.Север"),
    ]


@given(st.text(alphabet="ab=[]{}\"'\\,.#:\n 1“é", max_size=60))
def test_no_text_is_too_odd_and_a_sound_one_has_no_slip(text: str) -> None:
    found = slips(text)
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert found == []
