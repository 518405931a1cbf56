"""A file is written whole or not at all."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from groundswell.files import move_whole, write_whole

SOURCE = Path(__file__).resolve().parents[1] / "src" / "groundswell"


@pytest.mark.parametrize("content", ["тревога\n", b"\x00\xff", lambda part: part.write_bytes(b"made")])
def test_a_text_bytes_and_what_a_function_writes_are_there_afterwards(
    tmp_path: Path, content: object
) -> None:
    file = tmp_path / "a.csv"
    write_whole(file, content)  # type: ignore[arg-type]
    expected = {str: "тревога\n".encode(), bytes: b"\x00\xff"}.get(type(content), b"made")
    assert file.read_bytes() == expected
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("error", [OSError("full"), ValueError("wrong"), KeyboardInterrupt()])
def test_whatever_goes_wrong_the_old_file_stays_and_nothing_else(
    tmp_path: Path, error: BaseException
) -> None:
    def half(part: Path) -> None:
        part.write_text("half", encoding="utf-8")
        raise error

    file = tmp_path / "a.csv"
    file.write_text("old", encoding="utf-8")
    with pytest.raises(type(error)):
        write_whole(file, half)
    assert file.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_reader_never_sees_half_of_it(tmp_path: Path) -> None:
    file, seen = tmp_path / "a.csv", []
    file.write_text("old", encoding="utf-8")

    def write(part: Path) -> None:
        assert part.parent == tmp_path
        assert part.name.startswith(".")
        part.write_text("ne", encoding="utf-8")
        seen.append(file.read_text(encoding="utf-8"))
        part.write_text("new", encoding="utf-8")

    write_whole(file, write)
    assert seen == ["old"]
    assert file.read_text(encoding="utf-8") == "new"


def test_two_writers_of_one_file_do_not_meet(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"

    def outer(part: Path) -> None:
        write_whole(file, "inner")
        part.write_text("outer", encoding="utf-8")

    write_whole(file, outer)
    assert file.read_text(encoding="utf-8") == "outer"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("mask", [0o022, 0o027, 0o077])
def test_the_mode_is_that_of_any_new_file(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        write_whole(tmp_path / "whole", "x")
        (tmp_path / "plain").write_text("x", encoding="utf-8")
    finally:
        os.umask(before)
    assert (tmp_path / "whole").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_link_stays_a_link_and_leads_to_the_new_content(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    file, link = tmp_path / "far" / "a.csv", tmp_path / "a.csv"
    file.write_text("old", encoding="utf-8")
    link.symlink_to(file)
    write_whole(link, "new")
    assert link.is_symlink()
    assert file.read_text(encoding="utf-8") == "new"


def test_a_folder_a_device_and_an_absent_folder_are_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for file in (tmp_path, pipe, tmp_path / "absent" / "a.csv"):
        with pytest.raises(OSError):  # noqa: PT011 - the caller says which file
            write_whole(file, "x")
    assert list(tmp_path.iterdir()) == [pipe]


def test_a_name_as_long_as_names_may_be_can_be_written(tmp_path: Path) -> None:
    write_whole(tmp_path / ("a" * 255), "x")


def test_nothing_else_in_the_program_replaces_a_file_in_its_own_way() -> None:
    own = re.compile(
        r"os\.replace\(|mkstemp\(|NamedTemporaryFile\(|\.half\"|\b(part|half|passing|finished|self\.path)\w*\.replace\("
    )
    ways = [
        file.relative_to(SOURCE).as_posix()
        for file in SOURCE.rglob("*.py")
        if own.search(file.read_text("utf-8"))
    ]
    # A download goes on where it stopped, and takes its name only with the right checksum.
    assert sorted(ways) == ["files.py", "waves/wave/half_file.py"]


def test_a_folder_is_moved_only_after_all_of_it_and_its_place_have_reached_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, to = tmp_path / "made", tmp_path / "reports" / "mood" / "2025-12-31"
    (made / "inside").mkdir(parents=True)
    to.parent.mkdir(parents=True)
    for name in ("index.html", "inside/table.csv"):
        (made / name).write_text("whole", encoding="utf-8")
    told: list[str] = []
    real_sync, real_rename = os.fsync, Path.rename

    def sync(opened: int) -> None:
        told.append(os.path.realpath(f"/proc/self/fd/{opened}"))
        real_sync(opened)

    def rename(path: Path, target: Path) -> Path:
        told.append("moved")
        return real_rename(path, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "rename", rename)
    move_whole(made, to)
    before, after = told[: told.index("moved")], told[told.index("moved") + 1 :]
    everything = {made, made / "index.html", made / "inside", made / "inside" / "table.csv"}
    assert set(before) == {str(path) for path in everything}
    assert after == [str(to.parent), str(to.parent.parent)]
    assert (to / "inside" / "table.csv").read_text(encoding="utf-8") == "whole"
