"""A manifest names files inside its report's folder and nowhere else, whatever it was made of."""

from __future__ import annotations

import json
from itertools import product

import pytest
from pydantic import TypeAdapter, ValidationError

from groundswell.reports.evidence.manifest import FileRecord

RECORDS = TypeAdapter(FileRecord)


def is_taken(path: str) -> bool:
    record = json.dumps({"path": path, "sha256": "", "bytes": 0})
    try:
        RECORDS.validate_json(record, strict=True)
    except ValidationError as error:
        return error.errors()[0]["msg"] != "a path leads inside its folder"
    return True


@pytest.mark.parametrize("length", range(6))
def test_a_path_is_refused_that_is_absolute_or_climbs_or_has_a_null(length: int) -> None:
    for letters in product("./a\0\n", repeat=length):
        path = "".join(letters)
        leads_out = path.startswith("/") or ".." in path.split("/") or "\0" in path
        assert is_taken(path) is not leads_out, repr(path)


@pytest.mark.parametrize("path", ["images/é 1.png", "a..b/..c/d..", "...", "a//b", "a/./b", "a/"])
def test_a_path_with_dots_in_its_names_is_taken(path: str) -> None:
    assert is_taken(path)
