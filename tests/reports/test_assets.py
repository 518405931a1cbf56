"""The script that all pages share is checked by size and checksum, and brought back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from groundswell.checksum import checksum
from groundswell.errors import RunError
from groundswell.reports.publish.assets import shared_script, write_assets


def test_a_missing_cut_or_changed_script_is_brought_back(tmp_path: Path) -> None:
    script = shared_script()
    file = tmp_path / script.path
    assert not write_assets(tmp_path), "nothing was damaged where nothing was"
    whole = file.read_bytes()
    for damaged in (whole[:1000], whole[:-1] + b"x", b""):
        file.write_bytes(damaged)
        assert write_assets(tmp_path)
        assert (checksum(file), file.stat().st_size) == (script.sha256, script.bytes)
    before = file.stat().st_mtime_ns
    assert not write_assets(tmp_path)
    assert file.stat().st_mtime_ns == before


def test_many_that_write_it_at_once_leave_it_whole_and_nothing_else(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as together:
        list(together.map(lambda _: write_assets(tmp_path), range(8)))
    assert [file.name for file in (tmp_path / "assets").iterdir()] == [Path(shared_script().path).name]
    assert checksum(tmp_path / shared_script().path) == shared_script().sha256


def test_what_cannot_be_written_there_is_an_error_with_the_path(tmp_path: Path) -> None:
    (tmp_path / shared_script().path).mkdir(parents=True)
    with pytest.raises(RunError, match=shared_script().path):
        write_assets(tmp_path)
