"""A project in a store: brought here, its reports sent there whole, whatever the store does meanwhile.

The S3 server is moto's, in this process; where the promise is about failures, the store is fsspec's `memory://`, made
to fail at the call that is asked for, before it does anything or after it has.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import fsspec
import pytest
from click.testing import CliRunner
from projects import Project, lay_report

from groundswell.cli import cli
from groundswell.errors import InputError, RunError
from groundswell.reports.publish.index.archive_pages import rebuild_index
from groundswell.runs.plan.plan import draft_plan
from groundswell.runs.plan.shared import Shared
from groundswell.runs.store import store as stores
from groundswell.runs.store.archive_there import LOCK, archive_there
from groundswell.runs.store.store import Store, StoreError

DAYS = ("2024-03-01", "2024-04-01")
URL = "memory://bucket/project"


@pytest.fixture(autouse=True)
def memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An empty store in memory, and no pauses."""
    monkeypatch.setattr(stores, "PAUSES", ())
    files = fsspec.filesystem("memory")
    files.store.clear()
    files.pseudo_dirs[:] = [""]
    yield files
    files.store.clear()


def add_report(project: Project, day: str, survey: str = "testland") -> Path:
    plan = draft_plan(Shared(project.folder), survey, {"as_of": day})
    folder = plan.reports / survey / plan.name
    lay_report(folder, plan, plan.inputs(), 1)
    rebuild_index(plan.reports)
    return folder


def upload(project: Project, files: Any, place: str) -> None:
    """The project's surveys and notebooks, as somebody puts them into the store."""
    for folder in ("surveys", "notebooks"):
        for file in (project.folder / folder).rglob("*"):
            if file.is_file():
                path = f"{place}/{file.relative_to(project.folder).as_posix()}"
                files.pipe_file(path, file.read_bytes())


def seen(files: Any, place: str) -> dict[str, bytes]:
    """What a reader of the store's archive finds: by report the manifest, once all that it names was there as named."""
    found = {}
    for path in files.find(f"{place}/reports"):
        if path.endswith("/manifest.json"):
            manifest = json.loads(files.cat_file(path))
            for each in manifest["files"]:
                content = files.cat_file(f"{path.removesuffix('manifest.json')}{each['path']}")
                assert hashlib.sha256(content).hexdigest() == each["sha256"]
            found["/".join(path.split("/")[-3:-1])] = files.cat_file(path)
    summary = f"{place}/reports/summary.json"
    if files.exists(summary):
        for told in json.loads(files.cat_file(summary))["reports"]:
            assert f"{told['survey']}/{told['folder']}" in found, (
                "the index leads to a report that is not there"
            )
    return found


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of an S3 server on this machine."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def test_a_copy_is_brought_from_s3_and_its_reports_are_sent_there_and_to_the_next_copy(
    project: Project, tmp_path: Path, s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "AWS_ENDPOINT_URL": s3,
        "AWS_ACCESS_KEY_ID": "key-of-a-test",
        "AWS_SECRET_ACCESS_KEY": "secret-of-a-test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    files = fsspec.filesystem("s3", skip_instance_cache=True)
    files.mkdir("bucket")
    upload(project, files, "bucket/project")
    first, second = Project(tmp_path / "first"), Project(tmp_path / "second")
    for copy in (first, second):
        copy.folder.mkdir()
    store = Store("s3://bucket/project")
    with archive_there(store, first.folder) as there:
        assert (first.folder / "surveys" / "testland" / "survey.toml").is_file()
        made = add_report(first, DAYS[0])
        there.publish(made)
        assert there.problem is None
        with pytest.raises(RunError, match=r"process \d+ on `.*` .* writes this archive"):
            archive_there(Store("s3://bucket/project"), second.folder).__enter__()
    assert not store.create("surveys/testland/survey.toml", b"another")  # S3 refuses in the same step
    assert set(seen(files, "bucket/project")) == {f"testland/{DAYS[0]}"}
    with archive_there(store, second.folder) as there:
        assert there.bring_up_to_date() == []
    assert (second.folder / made.relative_to(first.folder) / "manifest.json").read_bytes() == (
        made / "manifest.json"
    ).read_bytes()
    kept = "".join(file.read_text() for file in (first.folder / ".store").iterdir())
    assert "of-a-test" not in kept


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_store_that_fails_at_any_call_shows_whole_reports_only_and_the_next_run_completes_it(
    project: Project, memory: Any, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    upload(project, memory, "/bucket/project")
    made = [add_report(project, day) for day in DAYS]
    untouched = dict(project.archive())
    for fails_at in count(1):
        with suppress(FileNotFoundError):
            memory.rm("/bucket/project/reports", recursive=True)
        for file in (project.folder / ".store").glob("*.json"):
            file.unlink()
        memory.store.pop(f"/bucket/project/{LOCK}", None)
        calls = failing(monkeypatch, memory, fails_at, when)
        with suppress(StoreError), archive_there(Store(URL), project.folder) as there:
            there.bring_up_to_date()
        monkeypatch.undo()
        monkeypatch.setattr(stores, "PAUSES", ())
        seen(memory, "/bucket/project")
        assert project.archive() == untouched  # nothing is lost here
        with archive_there(Store(URL), project.folder) as there:
            there.bring_up_to_date()
        assert set(seen(memory, "/bucket/project")) == {f"testland/{folder.name}" for folder in made}
        pages = [path for path in untouched if "/assets/" not in path]
        assert {path: memory.cat_file(f"/bucket/project/reports/{path}") for path in pages} == {
            path: untouched[path] for path in pages
        }
        if calls[0] < fails_at:  # it came to its end before
            break
    assert fails_at > 15


def failing(monkeypatch: pytest.MonkeyPatch, files: Any, at: int, when: str = "before") -> list[int]:
    """From here on the store fails at its `at`-th call, before or after it has done it; how many calls there were."""
    calls = [0]
    for name in ("find", "cat_file", "put_file", "pipe_file", "rm_file"):
        works = getattr(files, name)

        def call(*given: Any, _works: Any = works, **named: Any) -> Any:
            calls[0] += 1
            fails = calls[0] == at
            if fails and when == "after":
                _works(*given, **named)
            if fails:
                raise ConnectionError("the line is down")
            return _works(*given, **named)

        monkeypatch.setattr(files, name, call)
    return calls


def test_what_failed_is_named_with_what_is_there_and_what_stands_here(
    project: Project, memory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [add_report(project, day) for day in DAYS]
    with archive_there(Store(URL), project.folder) as there:
        sends = there._store.send

        def send(file: Path, path: str) -> None:
            if DAYS[1] in path:
                raise StoreError("the line is down")
            sends(file, path)

        monkeypatch.setattr(there._store, "send", send)
        there.publish(made[1])
        assert there.problem is not None
        with pytest.raises(StoreError) as told:
            there.bring_up_to_date()
    assert (
        f"reports that are there now: `testland/{DAYS[0]}`; that stand here and are not: `testland/{DAYS[1]}`"
        in str(told.value)
    )


def test_a_call_that_fails_is_made_again(memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "PAUSES", (0.0,))
    memory.pipe_file("/bucket/project/surveys/a", b"1")
    failing(monkeypatch, memory, at=1)
    assert Store(URL).read("surveys/a") == b"1"


def test_only_what_changed_is_brought_and_sent(
    project: Project, memory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(project, memory, "/bucket/project")
    made = add_report(project, DAYS[0])
    with archive_there(Store(URL), project.folder) as there:
        assert there.bring_up_to_date() == [made]
    asked: list[str] = []
    with archive_there(Store(URL), project.folder) as there:
        for name in ("read", "send"):
            call = getattr(Store, name)
            monkeypatch.setattr(
                Store, name, lambda self, *of, _call=call: asked.append(of[-1]) or _call(self, *of)
            )
        assert there.bring_up_to_date() == []
    assert asked == []
    toml = "/bucket/project/surveys/testland/survey.toml"
    memory.pipe_file(toml, memory.cat_file(toml) + b"\n# another\n")
    memory.rm_file("/bucket/project/notebooks/wave_report.ipynb")
    with archive_there(Store(URL), project.folder):
        pass
    assert (project.folder / "surveys/testland/survey.toml").read_bytes() == memory.cat_file(toml)
    assert not (project.folder / "notebooks/wave_report.ipynb").exists()


def test_what_was_changed_here_is_never_overwritten(project: Project, memory: Any) -> None:
    upload(project, memory, "/bucket/project")
    with archive_there(Store(URL), project.folder):
        pass
    project.add_wave(2)
    mine = (project.folder / "surveys/testland/toplines.csv").read_bytes()
    memory.pipe_file("/bucket/project/surveys/testland/toplines.csv", b"another")
    with pytest.raises(
        InputError, match=r"`surveys/testland/toplines\.csv` changed here, and another is in the store"
    ):
        archive_there(Store(URL), project.folder).__enter__()
    assert (project.folder / "surveys/testland/toplines.csv").read_bytes() == mine


def test_another_report_of_the_same_name_is_not_overwritten_on_either_side(
    project: Project, memory: Any
) -> None:
    made = add_report(project, DAYS[0])
    path = f"/bucket/project/reports/testland/{DAYS[0]}/manifest.json"
    theirs = (made / "manifest.json").read_bytes().replace(b"06:00:00", b"07:00:00")
    memory.pipe_file(path, theirs)
    with pytest.raises(StoreError, match="another report of this name is there"):
        archive_there(Store(URL), project.folder).__enter__()
    assert memory.cat_file(path) == theirs
    assert b"06:00:00" in (made / "manifest.json").read_bytes()


def test_a_lock_of_a_killed_run_is_taken_over_by_its_own_copy_alone(
    project: Project, memory: Any, tmp_path: Path
) -> None:
    running = archive_there(Store(URL), project.folder)
    running.__enter__()
    held = memory.cat_file(f"/bucket/project/{LOCK}")
    with pytest.raises(RunError, match="another groundswell process is at work on it"):
        archive_there(Store(URL), project.folder).__enter__()
    running.__exit__(None, None, None)
    memory.pipe_file(f"/bucket/project/{LOCK}", held)  # as if it had been killed
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(RunError, match=f"remove `{URL}/{LOCK}`"):
        archive_there(Store(URL), other).__enter__()
    with archive_there(Store(URL), project.folder):
        assert memory.cat_file(f"/bucket/project/{LOCK}") != held
    assert not memory.exists(f"/bucket/project/{LOCK}")


@pytest.mark.parametrize("path", ["surveys/../../home", "surveys/.hidden", "notebooks/~x/a"])
def test_no_file_of_a_store_leaves_the_project(path: str) -> None:
    assert not stores.safe(path)
    assert stores.safe("surveys/testland/waves/one.toml")


def test_an_address_is_told_without_its_password_and_a_wrong_one_is_an_error() -> None:
    with pytest.raises(InputError, match="`store=` is an address") as told:
        Store("nonsense://user:secret@host/project")
    assert "secret" not in str(told.value)


@pytest.mark.parametrize("given", ["", "bucket/project", "../project", "/srv/project", "s3://", "file:///"])
def test_what_is_no_address_is_refused_before_anything_is_made(given: str) -> None:
    with pytest.raises(InputError, match="is an address such as"):
        Store(given)


def test_the_command_makes_a_copy_of_an_empty_folder(
    project: Project, memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(project, memory, "/bucket/project")
    copy = tmp_path / "copy"
    copy.mkdir()
    monkeypatch.setenv("GROUNDSWELL_STORE", URL)
    ran = CliRunner().invoke(cli, ["report", "--all", "--dry-run", "--project", str(copy)])
    assert ran.exit_code == 0, ran.output
    assert "1 to make" in ran.output
