"""Whatever is damaged in one report, it is told, every other one is shown, and nothing ends in a traceback.

Every kind of damage is done to every file of an archive, in turn, and everything that reads an archive is asked.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from reports.test_archive import publish
from reports.test_archived_scores import figure

from groundswell.errors import InputError, RunError
from groundswell.reports.evidence.earlier.ledger import FORECASTS, SCORED, SCORES, record_of
from groundswell.reports.evidence.earlier.previous import read_before
from groundswell.reports.evidence.manifest import MANIFEST, Manifest, read_manifest, sealed, write_manifest
from groundswell.reports.publish.archive import archive_faults, latest_report, previous_report, read_archive
from groundswell.reports.publish.assets import shared_script, write_assets
from groundswell.reports.publish.index.archive_pages import known_damage, rebuild_index
from groundswell.runs.doctor.examination import examine
from groundswell.runs.doctor.finding import is_whole
from groundswell.runs.plan.manifest import describe_files
from groundswell.trends.data.observations import TYPES

DAYS = ("2025-10-31", "2025-11-30", "2025-12-31")
VICTIM = DAYS[1]


def whole_report(project: Path, survey: str, day: str, previous: str | None) -> Path:
    """A report with every kind of file that another one reads, sealed."""
    import pandas as pd

    folder = publish(project / "reports", survey, day)
    pd.DataFrame(columns=list(TYPES)).to_csv(folder / "observations.csv", index=False)
    pd.DataFrame([figure(day)], columns=SCORED).to_csv(folder / SCORES, index=False)
    for name in (FORECASTS, "trend.csv"):
        (folder / name).write_text("indicator,house,date,share\nmood,acme,2025-12-01,0.4\n", encoding="utf-8")
    for name in ("findings.json", "report.ipynb"):
        (folder / name).write_text('{"schema": 2}\n', encoding="utf-8")
    files = [file for file in folder.iterdir() if file.name != MANIFEST]
    link = {"previous": previous and f"reports/{survey}/{previous}", "forecasts": None, "chain": "ab"}
    manifest = read_manifest(folder)
    assert manifest is not None
    own = shared_script()
    assets = [{"path": own.path, "sha256": own.sha256, "bytes": own.bytes}]
    write_manifest(
        folder,
        sealed(
            manifest, ledger=link, files=describe_files(files, folder), assets=assets, times={"page": 1.0}
        ),
    )
    return folder


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with three reports of a survey, and one of another."""
    project = tmp_path_factory.mktemp("archive")
    for before, day in zip((None, *DAYS), DAYS, strict=False):
        whole_report(project, "mood", day, before)
    whole_report(project, "outlook", VICTIM, None)
    write_assets(project / "reports")
    rebuild_index(project / "reports")
    return project


def copy_of(archive: Path, project: Path) -> None:
    """A copy of the project that may be damaged; the large script, which nothing here touches, is shared."""
    shutil.copytree(archive, project, ignore=shutil.ignore_patterns("assets"))
    (project / "reports" / "assets").symlink_to(archive / "reports" / "assets")


def cut(file: Path, chance: random.Random) -> None:
    file.write_bytes(file.read_bytes()[: chance.randrange(file.stat().st_size)])


def flipped(file: Path, chance: random.Random) -> None:
    content = bytearray(file.read_bytes())
    for _ in range(chance.choice((1, 20))):
        content[chance.randrange(len(content))] = chance.randrange(256)
    file.write_bytes(bytes(content))


def gone(file: Path, _chance: random.Random) -> None:
    file.unlink()


def a_folder(file: Path, _chance: random.Random) -> None:
    file.unlink()
    file.mkdir()


def a_broken_link(file: Path, chance: random.Random) -> None:
    file.unlink()
    file.symlink_to(chance.choice(("nowhere", file.name)))


def a_pipe(file: Path, _chance: random.Random) -> None:
    file.unlink()
    os.mkfifo(file)


def of_other_bytes(file: Path, chance: random.Random) -> None:
    file.write_bytes(
        chance.choice((b"", b"\0" * 999, b"\xff\xfe\x00", b"\xef\xbb\xbf{}", b"\r\n", b'"', b"[" * 99_999))
    )


def inside_out(file: Path, chance: random.Random) -> None:
    """Another value in some place of a JSON file; of a file that is none, a line twice."""
    try:
        content: Any = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        file.write_text(file.read_text(encoding="utf-8") * 2, encoding="utf-8")
        return
    at = content
    while isinstance(at, dict | list) and at:
        key = chance.choice(list(at) if isinstance(at, dict) else range(len(at)))
        if not isinstance(at[key], dict | list) or not at[key] or chance.random() < 0.3:
            numbers = [float("nan"), float("inf"), -1, 10**30, 10**400, True]
            strange: list[Any] = [
                None,
                "",
                "..",
                "../../x",
                "\0",
                "9" * 5000,
                "2025-13-99",
                "<script>",
                [],
                {},
                [[]],
            ]
            at[key] = chance.choice(strange + numbers)
            break
        at = at[key]
    if chance.random() < 0.2 and isinstance(content, dict):
        content.pop(chance.choice(list(content)))
    file.write_text(json.dumps(content), encoding="utf-8")


def twice_said(file: Path, _chance: random.Random) -> None:
    text = file.read_text(encoding="utf-8").rstrip()
    file.write_text(
        f'{text.removesuffix("}")}, "revision": 7, "x": {"[" * 150}{"]" * 150}}}', encoding="utf-8"
    )


DAMAGE: tuple[Callable[[Path, random.Random], None], ...] = (
    cut, flipped, gone, a_folder, a_broken_link, a_pipe, of_other_bytes, inside_out, twice_said,
)  # fmt: skip
NAMES = (
    MANIFEST,
    "observations.csv",
    SCORES,
    FORECASTS,
    "trend.csv",
    "findings.json",
    "index.html",
    "report.ipynb",
)


def asked(project: Path) -> list[str]:
    """Everything that reads an archive is asked; what is not an error of our own with a path in it is told."""
    reports = project / "reports"
    folder = reports / "mood" / VICTIM

    def record() -> None:
        newest = read_manifest(reports / "mood" / DAYS[2])
        assert isinstance(newest, Manifest)
        record_of(project, reports / "mood" / DAYS[2], newest)

    questions: dict[str, Callable[[], object]] = {
        "pages": lambda: rebuild_index(reports),
        "archive": lambda: (read_archive(reports), archive_faults(reports)),
        "previous": lambda: (
            previous_report(reports, "mood", date(2025, 12, 1)),
            latest_report(reports, "mood"),
        ),
        "before": lambda: read_before(folder).level_of("anxiety"),
        "record": record,
        "doctor": lambda: examine(project),
    }
    strange = []
    for name, question in questions.items():
        try:
            question()
        except (RunError, InputError) as error:
            if "`" not in str(error):
                strange.append(f"{name}: {error}")
        except Exception as error:  # noqa: BLE001 - that is the question
            strange.append(f"{name}: {type(error).__name__}: {error}")
    return strange


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("damage", DAMAGE, ids=lambda each: each.__name__)
def test_damage_to_one_file_is_told_and_harms_no_other_report(
    archive: Path, tmp_path: Path, damage: Callable[[Path, random.Random], None], name: str
) -> None:
    for seed in range(2 if damage in (cut, flipped, inside_out, of_other_bytes) else 1):
        project = tmp_path / str(seed)
        copy_of(archive, project)
        file = project / "reports" / "mood" / VICTIM / name
        before = file.read_bytes()
        damage(file, random.Random(f"{name}{seed}"))
        assert asked(project) == [], f"seed {seed}"
        reports, folder = project / "reports", file.parent
        summary = json.loads((reports / "summary.json").read_text(encoding="utf-8"))
        assert {(each["survey"], each["folder"]) for each in summary["reports"]} >= {
            ("mood", DAYS[0]), ("mood", DAYS[2]), ("outlook", VICTIM)
        }  # fmt: skip
        damaged = folder in archive_faults(reports)
        assert damaged == (folder in known_damage(reports)) == bool(summary["damaged"])
        assert damaged == (VICTIM in read_damaged(reports / "index.html"))
        assert damaged == (VICTIM in read_damaged(reports / "mood" / "index.html"))
        if not file.is_file() or file.read_bytes() != before:
            assert not is_whole(examine(project)), f"seed {seed}: the damage is not told"
        shutil.rmtree(project)


def read_damaged(page: Path) -> str:
    """What a page says of damaged reports; "" where it says nothing."""
    lines = page.read_text(encoding="utf-8").splitlines()
    return "".join(line for line in lines if 'class="damaged"' in line)


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (cut, "is damaged: Invalid JSON: EOF"),
        (gone, "is missing"),
        (a_folder, "is no file"),
        (a_pipe, "is no file"),
        (a_broken_link, "is no file"),
    ],
)
def test_the_fault_says_what_is_wrong(
    archive: Path, tmp_path: Path, damage: Callable[[Path, random.Random], None], fault: str
) -> None:
    project = tmp_path / "project"
    copy_of(archive, project)
    folder = project / "reports" / "mood" / VICTIM
    damage(folder / MANIFEST, random.Random(1))
    (told,) = archive_faults(project / "reports").values()
    assert told.startswith(f"{MANIFEST} {fault}")


def test_a_folder_that_cannot_be_read_is_an_error_with_its_path(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "project"
    copy_of(archive, project)
    shut = project / "reports" / "mood" / VICTIM
    real = Path.read_bytes

    def refuse(file: Path) -> bytes:
        if shut in file.parents:
            raise PermissionError(13, "Permission denied", str(file))
        return real(file)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert archive_faults(project / "reports") == {shut: f"{MANIFEST} cannot be read: Permission denied"}
    assert asked(project) == []


def test_a_manifest_that_could_not_be_read_again_is_not_published(archive: Path) -> None:
    manifest = read_manifest(archive / "reports" / "mood" / VICTIM)
    assert manifest is not None
    indicator = {**manifest.content["report"]["indicators"][0], "scale": [1, 1]}
    for wrong in ({"revision": 0}, {"report": {"indicators": [indicator]}}, {"files": [{"path": "../x"}]}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            sealed(manifest, **wrong)


@pytest.mark.parametrize("obstacle", ["a file for the folder", "a folder for a file"])
def test_what_stands_in_the_way_of_the_kept_index_keeps_no_page_from_being_made(
    archive: Path, tmp_path: Path, obstacle: str
) -> None:
    copy_of(archive, project := tmp_path / "project")
    kept = project / "reports" / ".index"
    shutil.rmtree(kept, ignore_errors=True)
    if obstacle == "a file for the folder":
        kept.write_text("in the way")
    else:
        for survey in ("mood", "outlook"):
            (kept / f"{survey}.json").mkdir(parents=True)
    index = project / "reports" / "index.html"
    index.unlink()
    rebuild_index(project / "reports")
    assert index.is_file()


def test_a_page_is_not_written_through_a_link(archive: Path, tmp_path: Path) -> None:
    copy_of(archive, project := tmp_path / "project")
    index, elsewhere = project / "reports" / "index.html", tmp_path / "elsewhere.html"
    elsewhere.write_text("somebody's own")
    index.unlink()
    index.symlink_to(elsewhere)
    rebuild_index(project / "reports")
    assert elsewhere.read_text() == "somebody's own"
    assert index.is_file()
    assert not index.is_symlink()


def test_a_link_among_a_report_s_files_is_named(archive: Path, tmp_path: Path) -> None:
    copy_of(archive, project := tmp_path / "project")
    manifest = next((project / "reports").glob(f"*/2*/{MANIFEST}"))
    (manifest.parent / "root").symlink_to("/")
    rebuild_index(project / "reports")
    named = [finding.place for group in examine(project) for finding in group.findings]
    assert (manifest.parent / "root").relative_to(project).as_posix() in named
