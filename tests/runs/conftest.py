"""What the tests of runs may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project in a folder with a space and a brace in its name."""
    made = Project(tmp_path / "my {surveys}")
    (made.folder / "notebooks").mkdir(parents=True)
    made.add_survey("testland")
    made.use_notebook("saves_a_report")
    return made
