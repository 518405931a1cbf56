"""The chain of forecasts: whatever is edited in an old report, a later one names it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from groundswell.reports.evidence.earlier.ledger import (
    FORECASTS,
    earlier_reports,
    link_record,
    linked,
    read_table,
)
from groundswell.reports.evidence.manifest import (
    MANIFEST,
    Manifest,
    manifest_of,
    read_manifest,
    sealed,
    write_manifest,
)
from groundswell.runs.plan.manifest import describe_files
from groundswell.runs.verify.ledger import ledger_chain, ledger_faults
from groundswell.runs.verify.verification import _check_ledger

DAYS = ("2025-10-31", "2025-11-30", "2025-12-31", "2026-01-31")


def publish(project: Path, day: str, previous: str | None, *, frozen: bool = True) -> str:
    """A report that holds nothing but forecasts; its folder relative to the project."""
    folder = project / "reports" / "testland" / day
    folder.mkdir(parents=True)
    (folder / "index.html").write_text(f"of {day}")
    if frozen:
        (folder / FORECASTS).write_text(f"indicator,date,share\nmood,{day},0.41\n")
    seal(project, folder, {"ledger": link_record(folder, project, previous)})
    return f"reports/testland/{day}"


def seal(project: Path, folder: Path, parts: dict[str, Any]) -> None:
    """Write the manifest of the files as they are, with its own checksum."""
    about = {
        "schema": 2,
        "survey": "testland",
        "title": "Testland",
        "as_of": folder.name,
        "revision": 1,
        "report": {},
    }
    about |= {"folder": folder.name, "created": f"{folder.name}T06:00:00+00:00"}
    files = describe_files((file for file in folder.iterdir() if file.name != MANIFEST), folder)
    write_manifest(folder, sealed(manifest_of(about | parts), files=files))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    previous = None
    for day in DAYS:
        previous = publish(tmp_path, day, previous)
    return tmp_path


def manifest(project: Path, day: str) -> Manifest:
    found = read_manifest(project / "reports" / "testland" / day)
    assert found is not None
    return found


def faults(project: Path, day: str = DAYS[-1]) -> list[str]:
    return ledger_faults(
        ledger_chain(project, project / "reports" / "testland" / day, manifest(project, day))
    )


def edit(project: Path, day: str) -> Path:
    folder = project / "reports" / "testland" / day
    file = folder / FORECASTS
    file.write_text(file.read_text().replace("0.41", "0.47"))
    return folder


def test_every_report_states_the_forecasts_that_it_read_and_the_chain_goes_on(project: Path) -> None:
    links = [manifest(project, day).ledger for day in DAYS]
    published = [
        next(file.sha256 for file in manifest(project, day).files if file.path == FORECASTS) for day in DAYS
    ]
    chain = ""
    for number, link in enumerate(links):
        assert link is not None
        assert link.previous == (f"reports/testland/{DAYS[number - 1]}" if number else None)
        assert link.forecasts == (published[number - 1] if number else None)
        chain = linked(chain, published[number])
        assert link.chain == chain
    assert [faults(project, day) for day in DAYS] == [[], [], [], []]
    assert [folder.name for folder, _ in earlier_reports(project, manifest(project, DAYS[-1]))] == [
        *DAYS[2::-1]
    ]
    check = _check_ledger(manifest(project, DAYS[-1]), project / "reports" / "testland" / DAYS[-1], project)
    assert (check.verdict, check.sentence[:30]) == ("ok", "forecasts of 3 earlier reports")


@pytest.mark.parametrize("reader", DAYS[2:])
def test_an_edited_old_forecast_is_named_with_the_report_that_read_another(
    project: Path, reader: str
) -> None:
    edit(project, DAYS[1])
    told = faults(project, reader)
    assert told[0] == f"the forecasts of {DAYS[1]} are not the ones that the report of {DAYS[2]} read"
    folder = project / "reports" / "testland" / reader
    assert _check_ledger(manifest(project, reader), folder, project).verdict == "differs"


def test_an_edit_with_its_manifest_mended_is_named_all_the_same(project: Path) -> None:
    folder = edit(project, DAYS[1])
    seal(project, folder, {"ledger": link_record(folder, project, f"reports/testland/{DAYS[0]}")})
    assert faults(project, DAYS[1]) == []  # by itself it is sound now
    assert f"the forecasts of {DAYS[1]} are not the ones that the report of {DAYS[2]} read" in faults(project)


def test_whoever_mends_the_next_manifest_too_breaks_the_chain_after_it(project: Path) -> None:
    for number in (1, 2):
        folder = edit(project, DAYS[1]) if number == 1 else project / "reports" / "testland" / DAYS[2]
        seal(
            project, folder, {"ledger": link_record(folder, project, f"reports/testland/{DAYS[number - 1]}")}
        )
    assert faults(project) == [
        f"the chain of {DAYS[3]} does not follow from its forecasts and the chain before it"
    ]


def test_whoever_mends_them_all_ends_with_another_chain(project: Path) -> None:
    kept = manifest(project, DAYS[-1]).ledger
    edit(project, DAYS[0])
    for number, day in enumerate(DAYS):
        folder = project / "reports" / "testland" / day
        seal(project, folder, {"ledger": link_record(folder, project, manifest_path(number))})
    now = manifest(project, DAYS[-1]).ledger
    assert faults(project) == []
    assert kept is not None
    assert now is not None
    assert now.chain != kept.chain


def manifest_path(number: int) -> str | None:
    return f"reports/testland/{DAYS[number - 1]}" if number else None


def test_a_missing_report_and_a_missing_file_are_named(project: Path) -> None:
    (project / "reports" / "testland" / DAYS[1] / FORECASTS).unlink()
    assert f"the forecasts of {DAYS[1]} are not the ones that the report of {DAYS[2]} read" in faults(project)
    shutil.rmtree(project / "reports" / "testland" / DAYS[1])
    assert faults(project) == [
        f"the report before that of {DAYS[2]}, reports/testland/{DAYS[1]}, is missing or damaged"
    ]


def test_a_report_of_an_earlier_version_is_said_to_have_no_forecasts_and_the_next_begins_the_chain(
    tmp_path: Path,
) -> None:
    old = publish(tmp_path, DAYS[0], None, frozen=False)
    assert manifest(tmp_path, DAYS[0]).ledger is None
    check = _check_ledger(manifest(tmp_path, DAYS[0]), tmp_path / old, tmp_path)
    assert (check.verdict, check.sentence) == (
        "ok",
        "it froze no forecasts, and has no place in a chain of them",
    )
    publish(tmp_path, DAYS[1], old)
    link = manifest(tmp_path, DAYS[1]).ledger
    assert link is not None
    assert (link.previous, link.forecasts) == (old, None)
    assert faults(tmp_path, DAYS[1]) == []


@pytest.mark.parametrize(
    "previous", ["../elsewhere", "/etc", "\0", "reports/else", f"reports/testland/{DAYS[3]}"]
)
def test_a_forged_link_leads_neither_out_of_the_archive_nor_in_a_circle(project: Path, previous: str) -> None:
    folder = project / "reports" / "testland" / DAYS[0]
    link = manifest(project, DAYS[0]).content["ledger"] | {"previous": previous}
    seal(project, folder, {"ledger": link})
    assert faults(project)[-1] == f"the report before that of {DAYS[0]}, {previous}, is missing or damaged"


def test_a_published_table_is_read_as_it_was_written_or_not_at_all(project: Path) -> None:
    folder = project / "reports" / "testland" / DAYS[0]
    rows = read_table(folder, manifest(project, DAYS[0]), FORECASTS)
    assert rows is not None
    assert json.loads(rows.to_json(orient="records", date_format="iso"))[0]["share"] == 0.41
    assert rows["date"].iloc[0].date().isoformat() == DAYS[0]
    assert read_table(folder, manifest(project, DAYS[0]), "scores.csv") is None
    edit(project, DAYS[0])
    with pytest.raises(ValueError, match="is not as it was published"):
        read_table(folder, manifest(project, DAYS[0]), FORECASTS)
