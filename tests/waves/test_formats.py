"""docs/formats.md and formats-microdata.md say what the code accepts: every key, column and flag, and no other."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import BaseModel

from groundswell.trends import FLAGS
from groundswell.trends.data.left_out_codes import REASONS
from groundswell.waves.respondents.reader import FORMATS
from groundswell.waves.surveys.bridge import Bridge
from groundswell.waves.surveys.declared_mood import DeclaredMood
from groundswell.waves.surveys.survey_toml import (
    Disclosure,
    Event,
    House,
    Indicator,
    SharedBias,
    SurveyFile,
    Variant,
)
from groundswell.waves.toplines.row import CERTAINTIES, COLUMNS, REQUIRED
from groundswell.waves.wave.wave_toml import CountedAnswer, DesignColumns, DomainRule, Reading, WaveFile


def table_after(text: str, heading: str) -> dict[str, list[str]]:
    """First cell -> other cells of the first table after `heading`."""
    part = text[text.index(heading) + len(heading) :]
    lines = part[part.index("\n|") + 1 :].split("\n\n")[0].splitlines()
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]
    return {cells[0].strip("`"): cells[1:] for cells in rows}


@pytest.fixture(scope="module")
def formats(repository: Path) -> str:
    return (repository / "docs/formats.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("heading", "record"),
    [
        ("### Top of the file", SurveyFile),
        ("### `[shared_bias]`", SharedBias),
        ("### `[disclosure]`", Disclosure),
        ("### `[[events]]`", Event),
        ("### `[[bridges]]`", Bridge),
        ("### `[moods.<key>]`", DeclaredMood),
        ("### `[houses.<key>]`", House),
        ("### `[indicators.<key>]`", Indicator),
        ("### `[indicators.<key>.variants.<key>]`", Variant),
    ],
)
def test_every_key_is_described_and_marked_as_required(
    formats: str, heading: str, record: type[BaseModel]
) -> None:
    rows = table_after(formats, heading)
    assert set(rows) == set(record.model_fields)
    if record is not Disclosure:
        required = {key for key, cells in rows.items() if cells[0] == "yes"}
        assert required == {key for key, field in record.model_fields.items() if field.is_required()}


@pytest.mark.parametrize(
    ("heading", "record"),
    [
        ("## `waves/<wave>.toml`", WaveFile),
        ("### `[reading]`", Reading),
        ("### `[design]`", DesignColumns),
        ("### `[indicators.<key>]`", CountedAnswer),
        ("### `[domains.<key>]`", DomainRule),
    ],
)
def test_every_key_of_a_wave_is_described(repository: Path, heading: str, record: type[BaseModel]) -> None:
    text = (repository / "docs/formats-microdata.md").read_text(encoding="utf-8")
    keys = {key.strip("` ") for row in table_after(text, heading) for key in row.split(",")}
    tables = {"reading", "design", "weighting", "indicators", "domains"} if record is WaveFile else set()
    elsewhere = {"like", "drop", "wave_column", "waves"}  # resolved before there is one wave
    assert keys - elsewhere == set(record.model_fields) - tables


def test_every_format_of_respondents_is_described(repository: Path) -> None:
    text = (repository / "docs/formats-microdata.md").read_text(encoding="utf-8")
    rows = table_after(text, "## Respondents' files")
    assert {key.strip("` ") for row in rows for key in row.split(",")} == set(FORMATS)


def test_every_column_is_described_and_marked_as_required(formats: str) -> None:
    rows = table_after(formats, "## toplines.csv")
    assert tuple(rows) == COLUMNS
    assert {column for column, cells in rows.items() if cells[0] == "yes"} == set(REQUIRED)


def test_every_certainty_and_flag_is_described(formats: str) -> None:
    assert tuple(table_after(formats, "the same indicator, variant, house, mode")) == CERTAINTIES
    flags = table_after(formats, "Each step leaves a flag:")
    assert {flag: cells[0] for flag, cells in flags.items()} == FLAGS
    reasons = table_after(formats, "says why in `left_out`:")
    assert {reason: cells[0] for reason, cells in reasons.items()} == REASONS


def test_checking_a_survey_does_not_load_pandas() -> None:
    code = "import sys, groundswell.waves; print({'pandas', 'duckdb', 'pyarrow'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
