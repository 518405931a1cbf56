"""A fresh clone to the first report, stage by stage: wall time and what is downloaded.

    python benchmarks/fresh_clone.py

Clones this repository's HEAD into a temporary folder and runs what `make report` runs, one stage at a time, with an
empty package cache: the clone, the download of every locked package (its size is measured), the install from what was
downloaded, the install of groundswell itself, and the reports. Needs the network for the packages.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]


def stage(name: str, command: list[str], folder: Path) -> float:
    """Run one stage, print its wall time and return it in seconds."""
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds = time.perf_counter() - start
    print(f"{seconds:8.1f} s  {name}", flush=True)
    return seconds


def megabytes(folder: Path) -> float:
    """Size of every file under a folder, in MB; a hard link counts each time."""
    return sum(file.lstat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def main() -> None:
    """Run the stages and print their times and sizes."""
    with tempfile.TemporaryDirectory() as place:
        clone, wheels = Path(place, "groundswell"), Path(place, "wheels")
        python = str(clone / ".venv" / "bin" / "python")
        pip = [python, "-m", "pip", "--disable-pip-version-check", "--no-cache-dir"]
        locked = ["--require-hashes", "--requirement", "requirements.lock"]
        offline = ["--no-index", "--find-links", str(wheels)]
        seconds = [
            stage("clone", ["git", "clone", "--no-hardlinks", str(REPOSITORY), str(clone)], Path(place)),
            stage("virtual environment", [sys.executable, "-m", "venv", ".venv"], clone),
            stage("download", [*pip, "download", *locked, "--dest", str(wheels)], clone),
            stage("install, bytecode compiled", [*pip, "install", *offline, *locked], clone),
            stage(
                "install of groundswell",
                [*pip, "install", "--no-deps", "--no-build-isolation", "--editable", "."],
                clone,
            ),
        ]
        (clone / ".venv" / ".ready").touch()
        seconds.append(stage("the bundled surveys' reports", ["make", "report"], clone))
        print(f"{sum(seconds):8.1f} s  in all")
        print(f"{megabytes(wheels):8.1f} MB downloaded")
        print(f"{megabytes(clone / '.venv'):8.1f} MB installed")
        print(f"{megabytes(clone / 'reports'):8.1f} MB of reports")


if __name__ == "__main__":
    main()
