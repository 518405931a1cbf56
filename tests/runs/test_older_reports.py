"""A report keeps the one that it was first held against: adding, revising or damaging an older one changes nothing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from projects import Project

from groundswell.reports.evidence.manifest import SCHEMA, manifest_of, write_manifest
from groundswell.runs.plan.manifest import fingerprint
from groundswell.runs.plan.plan import Plan, plan_report

EARLY, MIDDLE, LATE = "2024-02-01", "2024-03-01", "2024-04-01"


def plan(project: Project, as_of: str) -> Plan:
    return plan_report(project.folder, "testland", {"as_of": as_of})


def publish(project: Project, as_of: str, **content: Any) -> Path:
    """What a run leaves of a plan, as far as a later plan looks at it; a revision where there is one already."""
    made = plan(project, as_of)
    revisions = list((made.reports / "testland").glob(f"{as_of}*/"))
    name = as_of if not revisions else f"{as_of}-r{len(revisions) + 1}"
    folder = made.reports / "testland" / name
    folder.mkdir(parents=True)
    inputs = made.inputs()
    about = {
        "survey": "testland",
        "title": "Testland",
        "as_of": as_of,
        "revision": len(revisions) + 1,
        "folder": name,
    }
    told = {"created": f"{as_of}T06:00:00+00:00", "report": {"headline": "Nothing moved"}, "inputs": inputs}
    parameters = dict(made.parameters)
    decides = {"parameters": parameters, "fingerprint": fingerprint(inputs, parameters)}
    write_manifest(folder, manifest_of({"schema": SCHEMA, **about, **told, **decides, **content}))
    return folder


def previous(made: Plan) -> object:
    return made.parameters["previous"]


@pytest.fixture
def two(project: Project) -> Project:
    """The reports of an early and a late date; the late one was held against the early one."""
    publish(project, EARLY)
    publish(project, LATE)
    assert previous(plan(project, LATE)) == f"reports/testland/{EARLY}"
    return project


def test_an_older_report_that_is_added_changes_no_later_one(two: Project) -> None:
    publish(two, MIDDLE)
    assert previous(plan(two, MIDDLE)) == f"reports/testland/{EARLY}"
    assert plan(two, LATE).published() == two.folder / "reports" / "testland" / LATE
    assert previous(plan(two, "2024-05-01")) == f"reports/testland/{LATE}"


def test_a_first_report_stays_the_first(project: Project) -> None:
    publish(project, LATE)
    publish(project, EARLY)
    again = plan(project, LATE)
    assert (previous(again), again.published()) == (None, project.folder / "reports" / "testland" / LATE)


def test_a_revision_of_an_older_report_changes_no_later_one(two: Project) -> None:
    assert publish(two, EARLY).name == f"{EARLY}-r2"
    assert plan(two, LATE).published() is not None
    assert previous(plan(two, MIDDLE)) == f"reports/testland/{EARLY}-r2"


def test_a_report_made_again_from_new_rows_is_held_against_the_same_one(two: Project) -> None:
    publish(two, MIDDLE)
    two.add_wave(2)
    again = plan(two, LATE)
    assert (previous(again), again.published()) == (f"reports/testland/{EARLY}", None)


@pytest.mark.parametrize("harm", ["damaged", "gone"])
def test_damage_to_the_report_before_changes_nothing_of_one_that_is_there(two: Project, harm: str) -> None:
    publish(two, MIDDLE)
    before = two.folder / "reports" / "testland" / EARLY
    if harm == "gone":
        shutil.rmtree(before)
    else:
        (before / "manifest.json").write_text("{", encoding="utf-8")
    assert plan(two, LATE).published() is not None
    two.add_wave(2)
    again = plan(two, LATE)
    assert (previous(again), again.published()) == (f"reports/testland/{MIDDLE}", None)


@pytest.mark.parametrize("forged", ["../elsewhere", "reports/other/2024-02-01", 7, True])
def test_a_report_before_that_is_none_of_the_survey_s_is_not_taken(two: Project, forged: object) -> None:
    folder = two.folder / "reports" / "testland" / LATE
    content = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    content["parameters"]["previous"] = forged
    write_manifest(folder, manifest_of(content))
    assert previous(plan(two, LATE)) == f"reports/testland/{EARLY}"


def test_a_report_with_a_file_that_is_not_as_published_is_made_again_beside_it(project: Project) -> None:
    file = {"path": "index.html", "sha256": "0" * 64, "bytes": 3}
    publish(project, EARLY, files=[file])
    assert plan(project, EARLY).published() is None


def test_a_gap_that_was_left_by_hand_is_not_filled(two: Project) -> None:
    publish(two, EARLY)
    shutil.rmtree(two.folder / "reports" / "testland" / EARLY)
    assert plan(two, EARLY).published() == two.folder / "reports" / "testland" / f"{EARLY}-r2"
