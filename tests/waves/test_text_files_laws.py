"""Whatever people answered, a text file gives it back, through every delimiter, line end and encoding."""

from __future__ import annotations

from pathlib import Path

import pytest
from exports.layouts import LAYOUTS, as_text
from exports.truth import answers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundswell.errors import InputError
from groundswell.waves.respondents.layouts.layout import ReadOptions
from groundswell.waves.respondents.reader import read_respondents

WORDS = st.text(st.sampled_from("aбё ü,;|\t\"'\\\n%€1(é"), min_size=1, max_size=12).map(
    lambda text: f"x{text}y"
)
PEOPLE = st.lists(
    st.tuples(WORDS, st.integers(-9, 99), st.floats(0.01, 9).map(lambda w: round(w, 3))),
    min_size=1,
    max_size=30,
)
WRITTEN = st.tuples(
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.booleans(),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=PEOPLE, written=WRITTEN)
def test_what_was_written_is_read(
    tmp_path: Path, people: list[tuple[str, int, float]], written: tuple[str, str, str, bool]
) -> None:
    delimiter, end, encoding, quote_all = written
    cells = [[f"p{n}", text, str(code), str(w)] for n, (text, code, w) in enumerate(people)]
    rows = [["id", "said", "code", "w"], *cells]
    text = as_text(rows, delimiter=delimiter, line_end=end, quote_all=quote_all)
    (tmp_path / "wave.csv").write_bytes(text.encode(encoding))
    read = read_respondents(tmp_path / "wave.csv", options=ReadOptions(delimiter=delimiter))
    held = {row[0]: row[1:] for row in read.rows("SELECT * FROM {respondents}")}
    assert held == {f"p{n}": person for n, person in enumerate(people)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(LAYOUTS)), many=st.integers(2, 40), cut=st.floats(0.2, 1), written=WRITTEN)
def test_a_file_that_ends_early_never_adds_a_person(
    tmp_path: Path, name: str, many: int, cut: float, written: tuple[str, str, str, bool]
) -> None:
    delimiter, end, encoding, quote_all = written
    text = as_text(LAYOUTS[name](answers(many)), delimiter=delimiter, line_end=end, quote_all=quote_all)
    whole = text.encode(encoding)
    (tmp_path / "wave.csv").write_bytes(whole[: int(len(whole) * cut)])
    try:
        read = read_respondents(tmp_path / "wave.csv")
    except InputError:
        return
    assert read.codebook.rows <= many
    assert read.codebook.layout.name == name or read.codebook.rows < many


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_file_that_ends_inside_a_line_is_refused(tmp_path: Path, name: str) -> None:
    text = as_text(LAYOUTS[name](answers(12)), quote_all=True)
    (tmp_path / "wave.csv").write_text(text[:-9], encoding="utf-8")
    with pytest.raises(InputError, match=r"line \d+"):
        read_respondents(tmp_path / "wave.csv")
