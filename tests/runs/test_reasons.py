"""Why a report is due: each thing that decides it is named when it differs, and nothing is named when nothing does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from groundswell.checksum import checksum
from groundswell.program import describe_code, describe_packages
from groundswell.reports.evidence.manifest import Manifest, manifest_of
from groundswell.runs.plan.manifest import fingerprint
from groundswell.runs.plan.reasons import why_due

INPUTS = [{"path": f"surveys/x/{name}.csv", "sha256": "0", "bytes": 1} for name in "ab"]
PARAMETERS = {"as_of": "2024-03-01", "seed": 1, "since": None}


def published(folder: Path, **other: Any) -> Manifest:
    """The manifest of a report of one file, made from INPUTS and PARAMETERS; `other` parts of it."""
    page = folder / "index.html"
    page.write_text("page")
    made: dict[str, Any] = {
        "schema": 2, "survey": "x", "title": "X", "as_of": "2024-03-01", "revision": 1, "folder": "2024-03-01",
        "created": "2024-06-01T06:00:00+00:00", "report": {}, "inputs": INPUTS, "parameters": PARAMETERS,
        "fingerprint": fingerprint(INPUTS, PARAMETERS), "code": describe_code(), "packages": describe_packages(),
        "files": [{"path": page.name, "sha256": checksum(page), "bytes": page.stat().st_size}],
    }  # fmt: skip
    return manifest_of(made | other)


def test_a_report_of_the_same_that_is_whole_is_not_due(tmp_path: Path) -> None:
    assert why_due(tmp_path, published(tmp_path), INPUTS, PARAMETERS) == ""


def test_a_report_whose_manifest_or_file_is_damaged_is_due(tmp_path: Path) -> None:
    assert why_due(tmp_path, None, INPUTS, PARAMETERS) == "its manifest.json is damaged"
    manifest = published(tmp_path)
    (tmp_path / "index.html").write_text("more")
    assert why_due(tmp_path, manifest, INPUTS, PARAMETERS) == "a file of it is not as it was published"


def test_each_file_is_told_by_what_became_of_it(tmp_path: Path) -> None:
    changed, new = INPUTS[1] | {"sha256": "1"}, INPUTS[0] | {"path": "surveys/x/c.csv"}
    assert why_due(tmp_path, published(tmp_path), [new, changed], PARAMETERS) == (
        "`surveys/x/a.csv` is gone, `surveys/x/b.csv` changed, `surveys/x/c.csv` is new"
    )


def test_each_parameter_that_is_another_is_named_and_so_is_one_that_the_notebook_got_since(
    tmp_path: Path,
) -> None:
    now = PARAMETERS | {"seed": 2, "house": "acme"}
    assert why_due(tmp_path, published(tmp_path), INPUTS, now) == (
        "the parameter `seed` is another, the parameter `house` is another"
    )


def test_another_program_is_named_by_its_code_and_its_packages(tmp_path: Path) -> None:
    name, version = next(iter(describe_packages().items()))
    others = {each: number for each, number in describe_packages().items() if each != name}
    before = {"code": {"version": "0", "sha256": "1"}, "fingerprint": "of then"}
    assert why_due(tmp_path, published(tmp_path, **before), INPUTS, PARAMETERS) == "groundswell changed"
    for packages, was in ((others, "absent"), (others | {name: "0.1"}, "0.1")):
        older = published(tmp_path, packages=packages, fingerprint="of then")
        assert why_due(tmp_path, older, INPUTS, PARAMETERS) == f"`{name}` is {version}, and was {was}"


def test_where_nothing_of_it_differs_the_program_that_wrote_it_does(tmp_path: Path) -> None:
    manifest = published(tmp_path, fingerprint="counted otherwise")
    assert why_due(tmp_path, manifest, INPUTS, PARAMETERS) == "it was made by another version of groundswell"


@pytest.mark.parametrize(("more", "end"), [(4, "`3` is new"), (5, "`3` is new and 1 more")])
def test_four_reasons_are_named_and_the_others_are_counted(tmp_path: Path, more: int, end: str) -> None:
    new = [{"path": str(place), "sha256": "0", "bytes": 1} for place in range(more)]
    why = why_due(tmp_path, published(tmp_path), INPUTS + new, PARAMETERS)
    assert why == f"`0` is new, `1` is new, `2` is new, {end}"
