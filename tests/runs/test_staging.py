"""Staging folders, locks and the one step that publishes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from groundswell.errors import RunError
from groundswell.reports.publish.archive import folder_name, next_revision
from groundswell.runs.run.staging import Staging, publish


def test_a_staging_folder_is_gone_when_its_process_is_done(tmp_path: Path) -> None:
    with Staging(tmp_path) as staging:
        folder = staging.new_folder()
        (folder / "half-made").touch()
        assert staging.new_folder() != folder
    assert not folder.exists()


def test_a_killed_process_leaves_nothing_after_the_next_one(tmp_path: Path) -> None:
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom groundswell.runs.run.staging import Staging\n"
        "with Staging(Path(sys.argv[1])) as staging, staging.claim('russia-mood', '2024-01-01'):\n"
        "    staging.new_folder()\n    os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    left = {path.name for path in (tmp_path / ".staging").iterdir()}
    assert len(left) == 3
    with Staging(tmp_path) as staging:
        assert not left & {path.name for path in (tmp_path / ".staging").iterdir()} - {"turn"}
        with staging.claim("russia-mood", "2024-01-01"):
            pass


def test_a_running_process_keeps_its_folder_and_its_claim(tmp_path: Path) -> None:
    with Staging(tmp_path) as first, first.claim("russia-mood", "2024-01-01"):
        folder = first.new_folder()
        with Staging(tmp_path) as second:
            assert folder.is_dir()
            with pytest.raises(RunError, match="another groundswell process"):
                second.claim("russia-mood", "2024-01-01").__enter__()
            with second.claim("russia-mood", "2024-01-02"):
                pass
        assert folder.is_dir()


def test_revisions_are_counted_past_what_is_there(tmp_path: Path) -> None:
    assert next_revision(tmp_path, "2024-01-01") == 1
    (tmp_path / "2024-01-01").mkdir()
    (tmp_path / "2024-01-01~since-2022-01-01").mkdir()
    assert next_revision(tmp_path, "2024-01-01") == 2
    (tmp_path / folder_name("2024-01-01", 2)).mkdir()
    assert next_revision(tmp_path, "2024-01-01") == 3


def test_publishing_never_replaces_a_report(tmp_path: Path) -> None:
    made, there = tmp_path / "made", tmp_path / "reports" / "2024-01-01"
    made.mkdir()
    there.mkdir(parents=True)
    (there / "index.html").write_text("published")
    with pytest.raises(RunError, match="cannot be published"):
        publish(made, to=there)
    assert (there / "index.html").read_text() == "published"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_archive_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with pytest.raises(RunError, match="cannot be written"):
        Staging(tmp_path / "reports").__enter__()
