"""Respondents on disk for a moment: where nobody else can look, and gone with the process or after it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from groundswell.waves.respondents.private_folder import PREFIX, private_folder
from groundswell.waves.respondents.reader import connect

SPILLS = """
import os, sys, time
from pathlib import Path
from groundswell.waves.respondents.reader import connect
connection = connect()
connection.execute("SET memory_limit = '30MB'; SET threads = 1")
connection.execute("CREATE TABLE rows AS SELECT range AS a, hash(range) AS b FROM range(6000000)")
print(connection.execute("SELECT current_setting('temp_directory')").fetchone()[0], flush=True)
sys.stdin.read(1) and os.kill(os.getpid(), 9)
"""
"""Spills to disk, says where, and ends in order at the end of its input, or is killed at a letter."""


def spilling() -> tuple[subprocess.Popen[str], Path]:
    """A process that has spilled and waits, and where it spills to."""
    pipe = subprocess.PIPE
    process = subprocess.Popen([sys.executable, "-c", SPILLS], stdin=pipe, stdout=pipe, text=True)
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_what_duckdb_spills_is_private_and_goes_with_the_process() -> None:
    process, spill = spilling()
    try:
        assert [file.name for file in spill.iterdir()], "nothing was spilled: the test shows nothing"
        ours = spill.parent
        assert ours.name.startswith(PREFIX)
        assert str(process.pid) not in str(spill)
        assert stat.S_IMODE(ours.stat().st_mode) == 0o700
        assert ours.stat().st_uid == os.getuid()
    finally:
        process.communicate("", timeout=30)
    assert not ours.exists()


def test_what_a_killed_process_left_is_gone_with_the_next_one_and_a_living_ones_is_kept() -> None:
    killed, left = spilling()
    living, kept = spilling()
    killed.communicate("x", timeout=30)
    assert list(left.iterdir())
    other = Path(tempfile.gettempdir()) / f"{PREFIX}link"
    other.symlink_to("/")
    private_folder()
    assert not left.parent.exists()
    assert list(kept.iterdir())
    assert other.is_symlink(), "a link is no folder of ours"
    living.communicate("", timeout=30)


def test_each_connection_spills_to_a_folder_of_its_own() -> None:
    spills = {
        connection.execute("SELECT current_setting('temp_directory')").fetchall()[0][0]
        for connection in (connect(), connect())
    }
    assert len(spills) == 2


def test_a_folder_that_was_cleaned_away_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    private_folder().parent.rmdir()
    assert private_folder().parent.is_dir()


def test_no_other_connection_is_opened(repository: Path) -> None:
    sources = (repository / "src").rglob("*.py")
    assert [file.name for file in sources if "duckdb.connect(" in file.read_text("utf-8")] == ["reader.py"]
