"""`make faults`: runs are killed, interrupted and starved at random moments, and the archive is looked at after each.

Not part of the suite: a blow takes two runs, and there are many. The seed is printed, so that it can be dealt again.

Whatever befalls a run, every published report is whole, no process lives on, nobody sees a traceback, and the next run
makes the report and leaves nothing behind.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "runs")]
from projects import Project  # noqa: E402 - the tests' own folder is not on the path of a script

AS_OF = ("--as-of", "2024-06-01")
SLOW = "\nimport time\ntime.sleep(1)\n"
"""In the notebook, so that a blow meets it often enough."""

SECONDS_TO_END = 10
"""By when all processes of a run that was ended are gone."""

BACKWARDS = """
import datetime, sys, time
from groundswell.runs.run import run
class Earlier(datetime.datetime):
    @classmethod
    def now(cls, zone=None):
        return super().now(zone) - datetime.timedelta(days=400)
run.datetime = Earlier
now = time.time
time.time = lambda: now() - 400 * 86400
from groundswell.cli import main
main(sys.argv[1:])
"""
"""The command with a clock that stands more than a year earlier than at the last run."""


class Ground:
    """A project in a folder of its own, with temporary files of its own, and what has gone wrong in it."""

    def __init__(self, folder: Path) -> None:
        self.project = Project(folder / "project")
        (self.project.folder / "notebooks").mkdir(parents=True)
        self.project.add_survey("testland")
        self.project.use_notebook("saves_a_report")
        notebook = self.project.folder / "notebooks" / "wave_report.ipynb"
        content = json.loads(notebook.read_text(encoding="utf-8"))
        content["cells"][-1]["source"] = [SLOW, *content["cells"][-1]["source"]]
        notebook.write_text(json.dumps(content), encoding="utf-8")
        self.temporary = folder / "t"
        self.temporary.mkdir()
        self.wave = 1
        self.faults: list[str] = []

    def start(self, *arguments: str, command: list[str] | None = None) -> subprocess.Popen[str]:
        """Start groundswell."""
        return subprocess.Popen(
            command or self.project.command(*(arguments or ("report", "testland", *AS_OF))),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"TMPDIR": str(self.temporary)},
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def new_input(self) -> None:
        """Something to be published."""
        self.wave = self.wave % 8 + 1
        toplines = self.project.folder / "surveys" / "testland" / "toplines.csv"
        head = toplines.read_text(encoding="utf-8").splitlines()[0]
        toplines.write_text(head + "\n", encoding="utf-8")
        for number in range(1, self.wave + 1):
            self.project.add_wave(number)

    def processes(self) -> list[int]:
        """Every process that the runs of this project started, by their command or their environment."""
        mark, found = str(self.project.folder).encode(), []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
            except OSError:
                continue
            if mark in told and int(process.name) != os.getpid():
                found.append(int(process.name))
        return found

    def kernel_parts(self) -> list[int]:
        """The kernel and its guardian."""
        return [each for each in self.processes() if b"groundswell.runs.kernel.process" in _command(each)]

    def check(self, what: str, process: subprocess.Popen[str], codes: set[int]) -> None:
        """What holds after every blow, and after the run that follows."""
        out, err = process.communicate(timeout=120)
        if process.returncode not in codes:
            self.fault(what, f"exit code {process.returncode}: {err[-300:]}")
        if "Traceback" in out + err or "Exception ignored" in out + err:
            self.fault(what, f"a traceback: {err[-1500:]}")
        self.check_left(what)

    def check_left(self, what: str) -> None:
        """No process lives on, and what is published is whole."""
        until = time.monotonic() + SECONDS_TO_END
        while (living := self.processes()) and time.monotonic() < until:
            time.sleep(0.05)
        if living:
            self.fault(what, f"processes live on: {[_command(each) for each in living]}")
        reports = self.project.folder / "reports"
        for folder in (each for each in reports.glob("[!.]*/[0-9]*") if each.is_dir()):
            for wrong in _not_whole(folder):
                self.fault(what, f"{folder.name}: {wrong}")

    def check_next(self, what: str) -> None:
        """The next run is right, and leaves nothing behind."""
        process = self.start()
        page = Path(process.communicate(timeout=120)[0].strip())
        if process.returncode or not page.is_file():
            self.fault(what, "the next run fails")
        self.check_left(f"after {what}")
        self.check_tidy(f"after {what}")

    def check_tidy(self, what: str) -> None:
        """Nothing half made is left, and nothing temporary."""
        staging = self.project.folder / "reports" / ".staging"
        left = [*staging.glob("*/"), *staging.glob("*.lock"), *self.temporary.iterdir()]
        if left:
            self.fault(what, f"left behind: {left}")

    def fault(self, what: str, wrong: str) -> None:
        """Remember and tell what went wrong."""
        self.faults.append(f"{what}: {wrong}")
        print(f"FAULT {what}: {wrong}", flush=True)


def _command(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def _not_whole(folder: Path) -> Iterator[str]:
    """What a published report lacks, by its manifest."""
    try:
        files = {
            file["path"]: file["sha256"]
            for file in json.loads((folder / "manifest.json").read_bytes())["files"]
        }
    except (OSError, ValueError, KeyError) as error:
        yield f"no manifest ({error})"
        return
    for path, checksum in files.items():
        if not (folder / path).is_file():
            yield f"{path} is missing"
        elif hashlib.sha256((folder / path).read_bytes()).hexdigest() != checksum:
            yield f"{path} is not what the manifest says"


def blow(ground: Ground, chance: random.Random, seconds: float, number: int, codes: set[int]) -> None:
    """Send a signal to the run at a random moment."""
    ground.new_input()
    moment = chance.uniform(0.1, seconds)
    process = ground.start()
    time.sleep(moment)
    process.send_signal(number)
    what = f"{signal.Signals(number).name} after {moment:.2f} s"
    # one that comes before the command has begun, or after it has ended, has its usual end
    ground.check(what, process, codes | {0, -number})
    if process.returncode >= 0:
        ground.check_tidy(what)
    ground.check_next(what)


def blow_to_kernel(ground: Ground, chance: random.Random, seconds: float) -> None:
    """Kill the kernel, its guardian, or both, at a random moment."""
    ground.new_input()
    moment = chance.uniform(0.1, seconds)
    process = ground.start()
    time.sleep(moment)
    parts = ground.kernel_parts()
    for each in chance.sample(parts, chance.randint(min(1, len(parts)), len(parts))):
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)
    what = f"SIGKILL to the kernel after {moment:.2f} s"
    ground.check(what, process, {0, 1})
    ground.check_next(what)


def together(ground: Ground, chance: random.Random) -> None:
    """Eight runs of one report, then eight surveys, each by a run of its own, at once."""
    ground.new_input()
    runs = [ground.start() for _ in range(8)]
    ends = [(run.communicate(timeout=300), run.returncode) for run in runs]
    told = [err for (_, err), code in ends if code == 1 and "another groundswell process" not in err]
    if told or not any(code == 0 for _, code in ends) or any(code not in (0, 1) for _, code in ends):
        ground.fault("eight runs of one report", f"{[code for _, code in ends]} {told}")
    names = [f"land-{number}-{chance.randrange(1000)}" for number in range(8)]
    for name in names:
        ground.project.add_survey(name)
    for run in [ground.start("report", name, *AS_OF) for name in names]:
        ground.check("eight surveys at once", run, {0})
    for name in names:
        shutil.rmtree(ground.project.folder / "surveys" / name)
    ground.check_next("eight at once")


def full_disk(ground: Ground, chance: random.Random, kilobytes: int) -> None:
    """A run with `kilobytes` left on the disk of its archive, then one with room."""
    ground.new_input()
    reports = ground.project.folder / "reports"
    room = os.statvfs(reports)
    ballast = reports / ".ballast"
    ballast.write_bytes(bytes(max(0, room.f_bavail * room.f_frsize - kilobytes * 1024)))
    what = f"a disk with {kilobytes} KB left"
    ground.check(what, ground.start(), {0, 1})
    ballast.unlink()
    shutil.rmtree(reports / ".failed", ignore_errors=True)
    ground.check_next(what)


@contextmanager
def small_disk(reports: Path) -> Iterator[bool]:
    """A disk of 8 MB under `reports/`; whether one could be mounted (only root may)."""
    reports.mkdir(exist_ok=True)
    mounting = ["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(reports)]
    mounted = subprocess.run(mounting, capture_output=True, check=False).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(reports)], check=True)


def backwards(ground: Ground) -> None:
    """A run whose clock stands before the last run's."""
    ground.new_input()
    command = [
        sys.executable,
        "-c",
        BACKWARDS,
        "--project",
        str(ground.project.folder),
        "report",
        "testland",
        *AS_OF,
    ]
    ground.check("a clock that went back", ground.start(command=command), {0})
    ground.check_next("a clock that went back")


def main() -> int:
    """Deal the blows that were asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--times", type=int, default=20, help="blows of each kind at random moments")
    parser.add_argument("--only", nargs="*", help="kinds, of: kill term hup int kernel together disk clock")
    chosen = parser.parse_args()
    chance = random.Random(chosen.seed)
    print(f"seed {chosen.seed}", flush=True)
    faults: list[str] = []
    with tempfile.TemporaryDirectory(prefix="gs-") as folder:
        ground = Ground(Path(folder))
        begun = time.monotonic()
        ground.check_next("an undisturbed run")
        seconds = time.monotonic() - begun
        print(f"an undisturbed run takes {seconds:.1f} s", flush=True)
        for kind, deal, times in _kinds(ground, chance, seconds, chosen.times):
            if chosen.only and kind not in chosen.only:
                continue
            before = len(ground.faults)
            for _ in range(times):
                deal()
            print(f"{kind}: {times} times, {len(ground.faults) - before} faults", flush=True)
        if not chosen.only or "disk" in chosen.only:
            with small_disk(ground.project.folder / "reports") as mounted:
                for _ in range(chosen.times if mounted else 0):
                    full_disk(ground, chance, chance.choice((0, 4, 16, 64, 128, 256, 512, 1024)))
            print(
                f"disk: {f'{chosen.times} times' if mounted else 'left out, only root may mount one'}",
                flush=True,
            )
        faults = ground.faults
    print(f"{len(faults)} faults in all", flush=True)
    return 1 if faults else 0


def _kinds(
    ground: Ground, chance: random.Random, seconds: float, times: int
) -> list[tuple[str, Callable[[], None], int]]:
    def signalled(number: int, code: int) -> Callable[[], None]:
        return lambda: blow(ground, chance, seconds, number, {code})

    return [
        ("kill", signalled(signal.SIGKILL, -9), times),
        ("term", signalled(signal.SIGTERM, 143), times),
        ("hup", signalled(signal.SIGHUP, 129), times),
        ("int", signalled(signal.SIGINT, 130), times),
        ("kernel", lambda: blow_to_kernel(ground, chance, seconds), times),
        ("together", lambda: together(ground, chance), 1),
        ("clock", lambda: backwards(ground), 1),
    ]


if __name__ == "__main__":
    sys.exit(main())
