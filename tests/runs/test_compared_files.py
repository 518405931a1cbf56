"""Which numbers moved is said by file, row and column; whatever else parts is not overlooked."""

from __future__ import annotations

import pytest

from groundswell.runs.verify.compared_files import compare_files

TABLE = 'indicator,date,note,share\nanxiety,2024-05-31,"a, b",0.40\nanxiety,2024-06-30,,0.5\n'


def test_a_number_of_a_table_is_named_by_its_keys_and_its_column() -> None:
    (moved,) = compare_files("trend.csv", published=TABLE, made=TABLE.replace("0.5", "0.55"))
    place = (moved.file, moved.row, moved.column, moved.published, moved.made)
    assert place == ("trend.csv", "indicator anxiety, date 2024-06-30", "share", "0.5", "0.55")
    assert moved.relative == pytest.approx(0.1)


def test_every_number_that_moved_is_there() -> None:
    rows = [f"anxiety,2024-01-{day:02},{day / 100}" for day in range(1, 29)]
    published = "\n".join(["indicator,date,share", *rows])
    made = published.replace(",0.", ",0.9")
    assert len(compare_files("trend.csv", published=published, made=made)) == 28


@pytest.mark.parametrize(
    "made",
    [
        TABLE.replace("share", "part"),
        TABLE + "anxiety,2024-07-31,,0.5\n",
        TABLE.replace("a, b", "a, c"),
        TABLE.replace(",0.5", ",0.5,1"),
        "",
    ],
)
def test_a_table_of_another_shape_or_with_other_words_differs(made: str) -> None:
    assert compare_files("trend.csv", published=TABLE, made=made)


def test_a_value_of_a_record_is_named_by_the_way_to_it() -> None:
    published, made = (
        '{"levels": [{"share": 0.4}], "text": "fell"}',
        '{"levels": [{"share": 0.3}], "text": "fell"}',
    )
    (moved,) = compare_files("findings.json", published=published, made=made)
    assert (moved.row, moved.published, moved.made) == ("levels[0].share", "0.4", "0.3")
    assert compare_files("findings.json", published=published, made=published.replace("fell", "rose"))
    assert compare_files("findings.json", published=published, made="{}")
    assert compare_files("findings.json", published='{"a": 1}', made='{"a": null}')


def test_a_word_and_a_zero_have_no_relative_difference() -> None:
    (word,) = compare_files("a.csv", published="a\nfell\n", made="a\nrose\n")
    (zero,) = compare_files("a.csv", published="a\n0\n", made="a\n1\n")
    assert word.relative is None
    assert zero.relative is None
