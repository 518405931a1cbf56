"""The JSON Schemas say what the records accept, and what each key means."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from schemas import FOLDER, schemas, text_of

from groundswell.cli import cli
from groundswell.waves.wave.like import stated

SURVEY, WAVE = (
    json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8")) for name in ("survey", "wave")
)


def as_json(values: Any) -> Any:
    """TOML's values as an editor hands them to a schema: dates as text."""
    if isinstance(values, dict):
        return {key: as_json(value) for key, value in values.items()}
    if isinstance(values, list):
        return [as_json(value) for value in values]
    return values.isoformat() if isinstance(values, date) else values


def read(file: Path) -> Any:
    return as_json(tomllib.loads(file.read_text(encoding="utf-8")))


def faults(schema: dict[str, Any], values: Any) -> list[str]:
    return [
        f"{list(error.path)}: {error.message}" for error in Draft202012Validator(schema).iter_errors(values)
    ]


def test_they_are_the_records_of_today_and_of_the_documentation() -> None:
    for name, schema in schemas().items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text_of(schema), "run `make schemas`"
        Draft202012Validator.check_schema(schema)


def test_every_key_of_a_survey_has_its_meaning() -> None:
    for part in (SURVEY, *SURVEY["$defs"].values()):
        assert [key for key, field in part["properties"].items() if not field.get("description")] == []


def test_every_bundled_file_is_valid(repository: Path) -> None:
    surveys, waves = (
        sorted(repository.glob(f"surveys/*/{name}")) for name in ("survey.toml", "waves/*.toml")
    )
    assert len(surveys) >= 5
    assert len(waves) >= 12
    for schema, files in ((SURVEY, surveys), (WAVE, waves)):
        for file in files:
            assert faults(schema, read(file)) == [], file


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("titel",), "x", "'titel' was unexpected"),
        (("title",), None, "'title' is a required property"),
        (("default_deff",), "1.5", "is not of type 'number'"),
        (("default_deff",), 0, "less than or equal to the minimum of 0"),
        (("houses", "fom", "moe_is"), "shares", "is not one of ['share', 'maximum']"),
        (("houses", "Fom"), {"name": "FOM"}, "'Fom'"),
        (("events", 0, "shock"), "maybe", "is not one of ['weigh', 'none']"),
        (("report",), [{"every": "fortnight"}], "is not one of ['day', 'week', 'month', 'quarter']"),
    ],
)
def test_a_slip_in_a_survey_is_seen(repository: Path, path: tuple[Any, ...], value: Any, said: str) -> None:
    values = read(repository / "surveys" / "russia-mood" / "survey.toml")
    *tables, key = path
    place = values
    for table in tables:
        place = place[table]
    if value is None:
        del place[key]
    else:
        place[key] = value
    assert any(said in fault for fault in faults(SURVEY, values)), faults(SURVEY, values)


def test_a_wave_that_is_like_another_states_only_what_differs(repository: Path) -> None:
    (first, *_) = sorted(repository.glob("surveys/simulated-panel/waves/*.toml"))
    whole = as_json(stated(first)[0])
    assert faults(WAVE, whole) == []
    lacking = {key: value for key, value in whole.items() if key != "house"}
    assert faults(WAVE, lacking)
    assert faults(WAVE, {"like": "06", "start": "2024-03-01", "end": "2024-03-02"}) == []
    assert faults(WAVE, {"like": "06", "strat": "2024-03-01"})


@pytest.mark.parametrize("name", ["survey", "wave"])
def test_the_command_prints_them(name: str) -> None:
    printed = CliRunner().invoke(cli, ["schema", name])
    assert printed.exit_code == 0
    assert printed.output == (FOLDER / f"{name}.schema.json").read_text(encoding="utf-8")


def test_the_editor_of_this_repository_finds_them(repository: Path) -> None:
    rules = tomllib.loads((repository / ".taplo.toml").read_text(encoding="utf-8"))["rule"]
    for rule in rules:
        assert (repository / rule["schema"]["path"]).is_file()
        assert any(repository.glob(rule["include"][0]))
