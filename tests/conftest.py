"""What every test may ask for: the repository, outside figures where present, a browser where present."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundswell.one_thread import keep_to_one_thread

keep_to_one_thread()  # before any test imports numpy
signal.signal(
    signal.SIGHUP, signal.SIG_DFL
)  # nohup has it ignored, and whoever inherits that ends by no hang-up

REPOSITORY = Path(__file__).resolve().parents[1]
SLOW = ("kernel", "browser")
DOORS = REPOSITORY / "tests" / "test_doors.py"
"""Every bundled survey through every door: as slow as kernels and browsers."""
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow files first, so that no worker is left alone with one at the end."""
    slow = {item.path for item in items if any(map(item.get_closest_marker, SLOW))} | {DOORS}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(autouse=True)
def temporary_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Each test has a folder for temporary files of its own, so that another groundswell on the machine is not seen.

    Its path is short: the sockets of a kernel stand in it. Not through `monkeypatch`, which hypothesis warns of.
    """
    tmp_path_factory.getbasetemp()  # stays where it is
    before = os.environ.get("TMPDIR"), tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix="gs-", ignore_cleanup_errors=True) as folder:
        os.environ["TMPDIR"], tempfile.tempdir = folder, None
        try:
            yield Path(folder)
        finally:
            os.environ.pop("TMPDIR")
            tempfile.tempdir = before[1]
            if before[0] is not None:
                os.environ["TMPDIR"] = before[0]


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder that holds `surveys/`, `notebooks/` and `src/`."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """The outside figures that the project does not ship; a test that needs them skips where they are absent."""
    folder = REPOSITORY.parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs the outside figures in ../shared, which are not here")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of Chromium; without it browser tests skip, or fail where REQUIRE_BROWSER=1."""
    if CHROMIUM is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("REQUIRE_BROWSER=1, and no chromium is on PATH: install Debian's `chromium`")
        pytest.skip("needs Chromium on PATH (Debian's package `chromium`)")
    return CHROMIUM


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A project of its own with the bundled simulated survey, its waves 1, 2 and 12 only, to be changed at will."""
    project = tmp_path / "project"
    (project / "notebooks").mkdir(parents=True)
    bundled, survey = REPOSITORY / "surveys" / "simulated-panel", project / "surveys" / "simulated-panel"
    ignored = shutil.ignore_patterns("wave-0[3-9].*", "wave-1[01].*", "*.json")
    shutil.copytree(bundled, survey, ignore=ignored)
    return project
