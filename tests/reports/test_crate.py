"""The crate of a report says what each of its files is; every reference in it leads somewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hand_made import a_manifest

from groundswell.reports.publish.crate import crate_of

RESPONDENTS = {"path": "surveys/testland/waves/w 1.sav", "sha256": "c" * 64, "bytes": 9}
TOML = {"path": "surveys/testland/survey.toml", "sha256": "a" * 64, "bytes": 3}
FILES = [
    {"path": name, "sha256": "b" * 64, "bytes": 7}
    for name in ("index.html", "report.ipynb", "my table.csv", "requirements.txt", f"inputs/{TOML['path']}")
]


@pytest.fixture
def crate() -> dict[str, Any]:
    manifest = a_manifest(
        "2024-12-31",
        inputs=[TOML, RESPONDENTS, {"path": "notebooks/wave_report.ipynb", "sha256": "d" * 64, "bytes": 5}],
        carried=[TOML["path"]],
        parameters={"survey": "testland", "as_of": "2024-12-31", "since": None, "certainty": ["a", "b"]},
        fingerprint="f" * 64,
    )
    return crate_of(manifest, FILES, licence="CC0")


def entities(crate: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["@id"]: each for each in crate["@graph"]}


def references(content: Any) -> Iterator[str]:
    if isinstance(content, list):
        for each in content:
            yield from references(each)
    elif isinstance(content, dict):
        if set(content) == {"@id"}:
            yield content["@id"]
        for each in content.values():
            yield from references(each)


def test_each_file_is_a_part_with_its_checksum_and_its_size(crate: dict[str, Any]) -> None:
    known = entities(crate)
    parts = set(references(known["./"]["hasPart"]))
    assert parts == {*(str(file["path"]).replace(" ", "%20") for file in FILES), "manifest.json"}
    for part in parts - {"manifest.json"}:
        assert (known[part]["sha256"], known[part]["contentSize"]) == ("b" * 64, "7")
    assert "sha256" not in known["manifest.json"]  # it is written last, and names this file by checksum


def test_every_reference_leads_somewhere(crate: dict[str, Any]) -> None:
    known = entities(crate)
    assert len(known) == len(crate["@graph"])  # and no name is given twice
    outside = {name for name in references(crate["@graph"]) if name not in known}
    assert outside == {"https://w3id.org/ro/crate/1.1"}


def test_the_run_goes_from_inputs_and_parameters_to_the_files(crate: dict[str, Any]) -> None:
    known = entities(crate)
    run = known["#run"]
    used, made = set(references(run["object"])), set(references(run["result"]))
    assert f"inputs/{TOML['path']}" in used
    assert {"#parameter-survey", "#parameter-since"} <= used
    assert {"index.html", "manifest.json", "my%20table.csv"} <= made
    assert used.isdisjoint(made)
    assert run["description"].startswith("groundswell report testland --as-of 2024-12-31")
    assert known[known["./"]["license"]["@id"]]["name"] == "CC0"


def test_respondents_are_named_by_checksum_and_are_no_part(crate: dict[str, Any]) -> None:
    (absent,) = (each for each in crate["@graph"] if each.get("name") == "w 1.sav")
    assert (absent["sha256"], absent["contentSize"]) == ("c" * 64, "9")
    assert absent["@type"] != "File"
    assert absent["@id"].startswith("#")
    assert absent["@id"] not in references(entities(crate)["./"]["hasPart"])


def test_no_path_of_a_machine_is_in_it(crate: dict[str, Any]) -> None:
    assert not any(name.startswith(("/", "file:")) for name in entities(crate))
    assert "/home/" not in json.dumps(crate)
