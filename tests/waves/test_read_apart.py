"""A damaged file that ends the process of its reader is an error in words, and ours goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from exports.statistical import write_spss, write_stata

from groundswell.errors import InputError
from groundswell.waves.respondents.reader import read_respondents
from groundswell.waves.respondents.statistical import pyreadstat_process, read_apart

CRASHES = Path(__file__).parents[1] / "fuzz_findings" / "45475e140d98.sav"
"""One flipped byte in it ends whatever process pyreadstat reads it in."""


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return write_spss(pd.DataFrame({"mood": [1.0, 2.0, None]}), tmp_path / "sound.sav")


def moods(file: Path) -> list[tuple[object, ...]]:
    return read_respondents(file).rows("SELECT mood FROM {respondents} ORDER BY mood NULLS LAST")


def test_a_file_that_crashes_its_reader_is_refused_and_the_next_one_is_read(sound: Path) -> None:
    for _ in range(2):
        with pytest.raises(InputError, match=r"is not a sound \.sav file \(its reader crashes on it\)"):
            read_respondents(CRASHES)
        assert moods(sound) == [(1,), (2,), (None,)]


def test_an_interrupt_leaves_no_answer_behind_for_the_next_question(
    sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moods(sound)

    def interrupted(_process: object, _said: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(read_apart, "_say", interrupted)
        with pytest.raises(KeyboardInterrupt):
            read_respondents(sound)
    assert read_apart._started == {}
    assert moods(sound) == [(1,), (2,), (None,)]


@pytest.mark.skipif(
    not hasattr(signal, "SIGKILL"), reason="ends a process in a way that Windows does not have"
)
def test_a_reader_that_the_system_stopped_is_told_from_one_that_crashed(sound: Path) -> None:
    moods(sound)
    process = read_apart._started[os.getpid()]
    assert process is not None
    process.kill()
    with pytest.raises(InputError, match="its reader was stopped, as happens where memory runs out"):
        read_respondents(sound)


@pytest.mark.parametrize("program", ["/nowhere/python", "/bin/true"])
def test_where_no_python_can_be_started_a_file_is_read_all_the_same(
    sound: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    read_apart._end_ours()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "executable", program)
        assert moods(sound) == [(1,), (2,), (None,)]
    read_apart._end_ours()


def test_a_file_is_found_from_another_folder(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moods(sound)
    monkeypatch.chdir(sound.parent)
    assert moods(Path(sound.name)) == [(1,), (2,), (None,)]


def test_threads_get_their_own_answers(tmp_path: Path) -> None:
    files = [
        write_spss(pd.DataFrame({"mood": [float(number)]}), tmp_path / f"{number}.sav") for number in range(8)
    ]
    found: dict[int, object] = {}
    readers = [
        threading.Thread(target=lambda number=number: found.update({number: moods(files[number])}))
        for number in range(8)
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert found == {number: [(number,)] for number in range(8)}


def test_no_process_is_left_when_ours_ends(sound: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from groundswell.waves.respondents.reader import read_respondents; "
        "from groundswell.waves.respondents.statistical import read_apart; read_respondents(Path(sys.argv[1])); "
        "print(*(process.pid for process in read_apart._started.values()))"
    )
    ended = subprocess.run(
        [sys.executable, "-P", "-c", script, str(sound)], capture_output=True, text=True, check=True
    )
    number = int(ended.stdout)
    for _ in range(50):
        if not Path(f"/proc/{number}").exists():
            return
        time.sleep(0.1)
    pytest.fail(f"process {number} is still there")


def test_a_block_of_rows_ends_where_it_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = pd.DataFrame(
        {"a": np.arange(1, 6, dtype="int32"), "b": [0.5, None, 2.5, 3.5, 4.5], "c": list("vwxyz")}
    )
    file = write_stata(table, tmp_path / "wave.dta")
    monkeypatch.setattr(pyreadstat_process, "BLOCK", 2)
    given = pyreadstat_process.answer(("read_dta", str(file), {}))
    assert not isinstance(given, Exception)
    read = pd.DataFrame(given[0])
    pd.testing.assert_frame_equal(read, table, check_dtype=False)
    assert read["a"].dtype.kind == "i"


@pytest.fixture
def insatiable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Path]:
    """A file that pyreadstat never has enough time or memory for: another one of its name, which the process finds."""
    (tmp_path / "pyreadstat.py").write_text(f"def read_sav(*_, **__):\n    {request.param}\n")
    file = tmp_path / "wave.sav"
    file.write_bytes(b"$FL2")
    read_apart._end_ours()
    with monkeypatch.context() as patched:
        patched.syspath_prepend(tmp_path)
        yield file
    read_apart._end_ours()


LINUX = pytest.mark.skipif(
    sys.platform != "linux", reason="other systems do not hold a process to these limits"
)


@LINUX
@pytest.mark.parametrize("insatiable", ["while True: pass"], indirect=True)
def test_a_file_that_takes_too_long_is_refused(insatiable: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_apart, "SECONDS", 1)
    with pytest.raises(
        InputError,
        match=r"cannot be read: it takes more than 1 seconds of processor time, as no sound file of its size does \(4",
    ):
        read_respondents(insatiable)


@LINUX
@pytest.mark.parametrize(
    "insatiable",
    ["bytearray(1 << 31)", "raise Exception('Unable to allocate memory')"],
    indirect=True,
    ids=["Python asks", "ReadStat asks"],
)
def test_a_file_that_takes_too_much_memory_is_refused(
    insatiable: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_apart, "MEMORY_BYTES", 1 << 30)
    with pytest.raises(
        InputError, match=r"cannot be read: it takes more than 1\.1 GB of memory, as no sound"
    ):
        read_respondents(insatiable)


BUSY = """import time
    began = time.process_time()
    while time.process_time() < began + 0.7: pass
    raise ValueError('damaged')"""


@LINUX
@pytest.mark.parametrize("insatiable", [BUSY], indirect=True)
def test_a_limit_is_each_files_own(insatiable: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_apart, "SECONDS", 1)
    for _ in range(4):
        with pytest.raises(InputError, match=r"is not a sound \.sav file \(damaged\)"):
            read_respondents(insatiable)


def test_limits_grow_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "wave.sav"
    file.write_bytes(bytes(2_000_000))
    assert read_apart.limits_of(file) == (130, (4 << 30) + 1_000_000_000)
