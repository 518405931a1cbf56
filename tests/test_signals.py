"""Ctrl-C, SIGTERM and a closed terminal end a command in order, whatever the program is busy with."""

from __future__ import annotations

import errno
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from groundswell.cli import cli
from groundswell.cli.process.signals import SECONDS_TO_TIDY_UP, SIGNALS, EndedBySignal, Signals
from groundswell.runs.checks import listing

SWALLOWS = """
import signal, sys
from groundswell.cli import cli, main
@cli.command()
def odd():
    try:
        signal.raise_signal(int(sys.argv[2]))
    except BaseException:
        raise ImportError("a library made this of it")
main(sys.argv[1:2])
"""


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    before = {each: signal.getsignal(each) for each in SIGNALS}
    yield
    for each, handler in before.items():
        signal.signal(each, handler)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_the_command_by_its_code_whatever_a_library_makes_of_it(number: signal.Signals) -> None:
    command = [sys.executable, "-c", SWALLOWS, "odd", str(int(number))]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 128 + number
    assert ended.stderr.strip() == "interrupted: nothing was published"


def test_an_error_without_a_signal_is_not_hidden() -> None:
    command = [
        sys.executable,
        "-c",
        SWALLOWS.replace("signal.raise_signal(int(sys.argv[2]))", "1 / 0"),
        "odd",
    ]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "a library made this of it" in ended.stderr


def test_a_second_signal_does_not_cut_tidying_up_short_and_a_later_one_is_heard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    signals, now = Signals(), 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    signals.listen()
    with pytest.raises(EndedBySignal):
        signal.raise_signal(signal.SIGHUP)
    signal.raise_signal(signal.SIGHUP)
    signal.raise_signal(signal.SIGTERM)
    assert signals.exit_code() == 129
    now += SECONDS_TO_TIDY_UP + 1
    with pytest.raises(EndedBySignal):
        signal.raise_signal(signal.SIGTERM)
    assert signals.exit_code() == 143


def test_what_is_ignored_stays_ignored_as_under_nohup() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    Signals().listen()
    signal.raise_signal(signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN


def test_a_full_disk_is_an_error_in_words(repository: object, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "reports/.staging")

    monkeypatch.setattr(listing, "list_project", full)
    said = CliRunner().invoke(cli, ["--project", str(repository), "list"])
    assert said.exit_code == 1
    assert said.stderr == "error: `reports/.staging`: No space left on device\n"
