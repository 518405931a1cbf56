"""What every test may ask for: the repository, outside figures where present, a browser where present."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


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
