"""`benchmarks.csv`: what became known as true, every fault with its line and column."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from groundswell.errors import FaultsError
from groundswell.waves import check_survey, load_survey
from groundswell.waves.toplines.benchmarks import BENCHMARK_COLUMNS, Benchmark, read_benchmarks
from waves.folders import SURVEY, row, survey_folder

HEADER = ",".join(BENCHMARK_COLUMNS)
TRUE = "anxiety,circle,0.412,2022-09-01,2022-09-30,2022-12-01,Census,https://example.org/1,of adults"
LEARN = SURVEY.replace('sd = 0.13\nsource = "published pairs"', 'learn = "benchmarks"')


def a_folder(folder: Path, *rows: str, header: str = HEADER, survey: str = SURVEY) -> Path:
    folder.mkdir(exist_ok=True)
    made = survey_folder(folder, row(), survey=survey)
    (made / "benchmarks.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return made


def test_a_sound_file_is_read_as_it_is_written(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, TRUE, "planning,,0.2,,2022-09-30,,Registry,,")
    assert check_survey(folder) == []
    first, second = read_benchmarks(load_survey(folder))
    assert first == Benchmark(
        indicator="anxiety",
        variant="circle",
        share=0.412,
        start=date(2022, 9, 1),
        end=date(2022, 9, 30),
        published=date(2022, 12, 1),
        source_title="Census",
        source_url="https://example.org/1",
        note="of adults",
        line=2,
    )
    assert first.known_from == first.published
    assert (second.variant, second.start, second.known_from) == ("", second.end, second.end)


def test_a_survey_needs_no_such_file_unless_it_learns_from_it(tmp_path: Path) -> None:
    for name in ("plain", "learning"):
        (tmp_path / name).mkdir()
    plain = survey_folder(tmp_path / "plain", row())
    assert read_benchmarks(load_survey(plain)) == []
    assert check_survey(plain) == []
    learning = survey_folder(tmp_path / "learning", row(), survey=LEARN)
    (fault,) = check_survey(learning)
    assert 'is missing: `learn = "benchmarks"` in survey.toml needs it' in fault.message
    assert check_survey(a_folder(tmp_path / "both", TRUE, survey=LEARN)) == []


@pytest.mark.parametrize(
    ("old", "new", "column", "message"),
    [
        ("anxiety", "anxeity", "indicator", "did you mean `anxiety`?"),
        ("anxiety", "", "indicator", "is empty"),
        ("circle", "cirle", "variant", "did you mean `circle`?"),
        ("0.412", "41.2", "share", "not a percent"),
        ("0.412", "1", "share", "not on one"),
        ("0.412", "", "share", "is empty"),
        ("2022-09-30", "", "end", "is empty"),
        ("2022-09-30", "2022-08-30", "end", "is before the start"),
        ("2022-09-01", "01.09.22", "start", "YYYY-MM-DD"),
        ("2022-12-01", "2022-08-01", "published", "is before what it is true of"),
        ("Census", "", "source_title", "is empty"),
        ("https://example.org/1", "javascript:x", "source_url", "http"),
        ("of adults", "of \u202eadults", "note", "U+202E"),
    ],
)
def test_a_fault_names_its_line_and_column(
    tmp_path: Path, old: str, new: str, column: str, message: str
) -> None:
    folder = a_folder(tmp_path, TRUE.replace(old, new))
    found = [fault for fault in check_survey(folder) if fault.field == column]
    assert found, check_survey(folder)
    assert found[0].line == 2
    assert message in found[0].message
    with pytest.raises(FaultsError):
        read_benchmarks(load_survey(folder))


def test_one_truth_of_one_time_stands_once(tmp_path: Path) -> None:
    (fault,) = check_survey(a_folder(tmp_path, TRUE, TRUE.replace("0.412", "0.5")))
    assert (fault.line, fault.message) == (3, "is the figure of line 2 again: keep one row")


def test_a_column_that_is_unknown_or_missing_is_named(tmp_path: Path) -> None:
    (unknown, missing) = check_survey(a_folder(tmp_path, TRUE, header=HEADER.replace("note", "notes")))
    assert "did you mean `note`?" in unknown.message
    assert "column `note` is missing" in missing.message


@pytest.mark.parametrize(
    ("new", "field", "message"),
    [
        ("", "shared_bias.sd", "must be given"),
        ("sd = 0.1", "shared_bias.source", "must be given"),
        ('sd = 0.1\nsource = "x"\nlearn = "benchmarks"', "shared_bias.learn", "keep one of the two"),
        ('learn = "census"', "shared_bias.learn", "benchmarks"),
    ],
)
def test_a_bias_is_stated_or_learnt(tmp_path: Path, new: str, field: str, message: str) -> None:
    text = SURVEY.replace('sd = 0.13\nsource = "published pairs"', new)
    found = [
        fault for fault in check_survey(survey_folder(tmp_path, row(), survey=text)) if fault.field == field
    ]
    assert found
    assert message in found[0].message
