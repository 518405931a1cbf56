"""Reports on a Dask cluster: two workers make them, this process publishes them, and what may pass is tried again.

Where the promise is about sending and fetching, the workers make stand-ins (`quick`), which start no kernel.
"""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread, Timer
from typing import Any

import pytest
from distributed import LocalCluster, get_worker
from projects import Project, lay_report, wait_until

from groundswell.errors import InputError, RunError
from groundswell.estimates.sums.cluster import connected
from groundswell.runs.cluster import cluster as clusters
from groundswell.runs.cluster import task as tasks
from groundswell.runs.cluster.cluster import Cluster
from groundswell.runs.cluster.task import Handed, Task, packed, unpack
from groundswell.runs.cluster.worker import _begun_before
from groundswell.runs.kernel.guardian import _descendants
from groundswell.runs.plan.lineup import Place, line_up
from groundswell.runs.plan.plan import Plan, draft_plan
from groundswell.runs.plan.shared import Shared
from groundswell.runs.run.batch import run_batch
from groundswell.runs.run.outcome import Outcome
from groundswell.runs.run.progress import BatchProgress
from groundswell.runs.run.record import read_records

DAYS = ("2024-03-01", "2024-04-01")


def quick(task: Task) -> Handed:
    """A stand-in for `make_on_worker`: what a plan asks of a report, made in no time."""
    plan, worker = task.plan, get_worker()
    if _begun_before(task.attempt):
        return Handed(worker.address, passing="the worker that made it was lost")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        lay_report(folder, plan, task.inputs, task.revision)
        time.sleep(0.2)
        return Handed(
            worker.address, (f"made on {worker.address}",), packed(folder, sorted(folder.iterdir()))
        )


def killed_always(task: Task) -> Handed:
    """A report that takes its worker with it, whichever that is."""
    if _begun_before(task.attempt):
        return Handed(get_worker().address, passing="the worker that made it was lost")
    with (task.plan.project / "killed").open("a") as file:
        file.write(f"{os.getpid()}\n")
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A cluster of two workers, each a process; one that is killed is started again."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch,
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            local_directory=scratch,
            silence_logs=50,
        ) as cluster,
    ):
        yield cluster.scheduler_address


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "PAUSES", (0.1, 0.1, 0.1))


def at_work(address: str) -> list[tuple[int, list[int]]]:
    """Each worker's number, and those of all processes that it started: the server of its kernels, and kernels."""
    with connected(address) as client:
        return list(client.run(lambda: (os.getpid(), _descendants(os.getpid()))).values())


class Heard(BatchProgress):
    """A progress that keeps what is said."""

    def __init__(self) -> None:
        super().__init__("nothing")
        self.remarks: list[str] = []

    def remark(self, text: str) -> None:
        self.remarks.append(text)


def lined_up(project: Project, *surveys: str, days: tuple[str, ...] = DAYS[:1]) -> list[Place]:
    shared = Shared(project.folder)
    return line_up([draft_plan(shared, name, {"as_of": day}) for name in surveys for day in days], shared)


def make(
    places: list[Place], address: str, progress: BatchProgress | None = None, jobs: int = 4
) -> list[Outcome]:
    maker_in = Cluster(address).maker
    progress = progress or Heard()
    return list(
        run_batch(places, progress, jobs=jobs, scheduled="2024-06-01T05:30:00+00:00", maker_in=maker_in)
    )


def test_two_workers_make_them_and_this_process_publishes_each_whole(
    project: Project, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "make_on_worker", quick)
    for number in range(3):
        project.add_survey(f"land-{number}")
    names = [f"land-{number}" for number in range(3)]
    heard = Heard()
    outcomes = make(lined_up(project, *names, days=DAYS), address, heard)
    assert [each.status for each in outcomes] == ["published"] * 6
    assert len({remark.rpartition(" ")[2] for remark in heard.remarks}) == 2  # both workers were at work
    assert {place.state for place in lined_up(project, *names, days=DAYS)} == {"unchanged"}
    assert {each.status for each in read_records(project.folder / "reports")[0]} == {"published"}
    assert (project.folder / "reports" / "index.html").is_file()


@pytest.mark.kernel
def test_a_worker_that_is_killed_takes_its_kernel_along_and_costs_an_attempt(
    project: Project, address: str
) -> None:
    project.use_notebook("waits_in_cell")
    begun: list[tuple[int, list[int]]] = []

    def kill() -> None:
        wait_until((project.folder / "notebooks" / "waiting").exists)
        (project.folder / "notebooks" / "hurry").touch()  # for the next attempt
        (worker,) = (each for each in at_work(address) if len(each[1]) > 1)
        begun.append(worker)
        os.kill(worker[0], signal.SIGKILL)

    killing, heard = Thread(target=kill), Heard()
    killing.start()
    (outcome,) = make(lined_up(project, "testland"), address, heard)
    killing.join()
    assert outcome.status == "published"
    (said,) = heard.remarks
    assert "the worker that made it was lost" in said
    assert "tried again in 0.1 s" in said
    ((worker, kernels),) = begun
    wait_until(
        lambda: not any(Path(f"/proc/{process}").exists() for process in [worker, *kernels]), seconds=20
    )


def test_a_report_that_kills_its_workers_is_given_up_after_as_many_attempts_as_are_stated(
    project: Project, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "make_on_worker", killed_always)
    monkeypatch.setattr(clusters, "PAUSES", (0.1,))
    (outcome,) = make(lined_up(project, "testland"), address)
    assert outcome.status == "failed"
    assert "2 attempts on the cluster came to nothing" in outcome.reason
    assert "lost" in outcome.reason
    assert len((project.folder / "killed").read_text().split()) == 2
    assert not list((project.folder / "reports").glob("testland/2*"))


@pytest.mark.kernel
def test_a_notebook_that_raised_is_not_tried_again_and_comes_back_whole(
    project: Project, address: str
) -> None:
    project.use_notebook("raises_in_cell")
    heard = Heard()
    (outcome,) = make(lined_up(project, "testland"), address, heard)
    assert outcome.status == "failed"
    assert not [remark for remark in heard.remarks if "tried again" in remark]
    assert "(worker `tcp://" in outcome.reason
    (record,) = read_records(project.folder / "reports")[0]
    assert record.cell is not None
    assert record.notebook_kept is not None
    kept = (project.folder / record.notebook_kept).read_text(encoding="utf-8")
    assert "Traceback" in kept
    assert str(project.folder) not in kept


@pytest.mark.kernel
def test_a_report_of_a_worker_is_the_report_that_is_made_here(project: Project, address: str) -> None:
    places = lined_up(project, "testland")
    (outcome,) = make(places, address)
    assert outcome.folder == project.folder / "reports" / "testland" / DAYS[0]
    assert places[0].plan.why_due() == ""  # the manifest names the files that are here, with their checksums
    page = (outcome.folder / "index.html").read_text(encoding="utf-8")
    assert (outcome.folder.parent.parent / "assets").is_dir()
    assert tempfile.gettempdir() not in page


@pytest.mark.kernel
def test_interrupted_it_ends_the_kernels_of_the_workers(project: Project, address: str) -> None:
    project.use_notebook("waits_in_cell")
    heard = Heard()
    # What Ctrl-C does, from the thread that sees the notebook wait: the batch is stopped and its tasks cancelled.
    ended = Timer(0, lambda: (wait_until((project.folder / "notebooks" / "waiting").exists), heard.stop()))
    ended.start()
    (outcome,) = make(lined_up(project, "testland"), address, heard)
    assert outcome.status == "interrupted"
    wait_until(lambda: all(len(started) <= 1 for _, started in at_work(address)), seconds=20)
    assert not list((project.folder / "reports").glob("testland/2*"))


@pytest.mark.parametrize("what", ["changed", "absent"])
def test_a_worker_that_sees_another_file_is_named_with_the_file(
    project: Project, address: str, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    places, inputs = lined_up(project, "testland"), Plan.inputs

    def here(plan: Plan, of_survey: object = None) -> list[dict[str, Any]]:
        read = inputs(plan)
        path = "surveys/testland/toplines.csv"
        return [
            each | {"sha256": "0"} if each["path"] == path and what == "changed" else each for each in read
        ] + (
            [{"path": "surveys/testland/waves/one.toml", "sha256": "1", "bytes": 1}]
            if what == "absent"
            else []
        )

    monkeypatch.setattr(Plan, "inputs", here)
    (outcome,) = make(places, address)
    assert outcome.status == "failed"
    file = (
        "`surveys/testland/toplines.csv` differs"
        if what == "changed"
        else "`surveys/testland/waves/one.toml` is not there"
    )
    assert f"the worker sees another file: {file}" in outcome.reason
    assert "(worker `tcp://" in outcome.reason


def test_a_worker_with_another_program_is_refused_before_anything_is_made(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = tasks.describe_packages()
    monkeypatch.setattr(tasks, "describe_packages", lambda: packages | {"numpy": "99.0"})
    with pytest.raises(
        RunError, match=r"the worker `tcp://.*` has another program: numpy .* there, 99.0 here"
    ):
        Cluster(address)


@pytest.mark.parametrize("wrong", ["nonsense", "nonsense://host:1"])
def test_what_is_no_address_of_a_scheduler_is_said(wrong: str) -> None:
    with pytest.raises(InputError, match="`cluster=` is a scheduler's address"):
        Cluster(wrong)


def test_what_is_too_large_to_be_sent_says_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "data" / "table.csv"
    file.parent.mkdir()
    file.write_text("share\n0.5\n")
    sent = packed(tmp_path, [file])
    (back,) = unpack(sent, tmp_path / "there")
    assert back == tmp_path / "there" / "data" / "table.csv"
    assert back.read_bytes() == file.read_bytes()
    monkeypatch.setattr(tasks, "MOST_SENT", 3)
    with pytest.raises(RunError, match="make it without `--cluster`"):
        packed(tmp_path, [file])
