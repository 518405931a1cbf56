"""How a batch shows how far it is: lines in a pipe, a bar on a terminal, nothing when quiet."""

from __future__ import annotations

import pytest

from groundswell.errors import RunError
from groundswell.runs.run import progress
from groundswell.runs.run.progress import BatchProgress, Show, duration


def two_reports(show: Show) -> BatchProgress:
    """One of three is skipped, one done, one failed."""
    batch = BatchProgress(show)
    batch.count("skipped", "unchanged")
    batch.begin(2)
    for title, status in (("first", "published"), ("second", "failed")):
        with batch.report(title) as report:
            report.stage("notebook", 10)
            report.cell(3, 4)
        batch.count(title, status, seconds=4.0)
    batch.end()
    return batch


def test_of_many_reports_a_pipe_gets_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    two_reports("lines")
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "1 of 2: first published in 4 s; 1 done, 0 failed, 1 skipped, about 0 s left",
        "2 of 2: second failed in 4 s; 1 done, 1 failed, 1 skipped",
    ]


def test_of_one_report_a_pipe_gets_its_stages(capsys: pytest.CaptureFixture[str]) -> None:
    batch = BatchProgress("lines")
    batch.begin(1)
    with batch.report("only") as report:
        report.stage("notebook", 10)
        report.stage("page", 92)
    batch.count("only", "published", seconds=4.0)
    assert capsys.readouterr().err.splitlines() == ["only: notebook", "only: page"]


def test_after_a_silence_a_pipe_is_told_what_is_being_made(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = BatchProgress("lines")
    batch.begin(2)
    with batch.report("slow") as report:
        report.cell(3, 14)
        assert capsys.readouterr().err == ""
        monkeypatch.setattr(progress, "SILENCE", -1.0)
        batch.show()
    assert capsys.readouterr().err == "slow: notebook, cell 3 of 14, 0 s\n"


def test_a_terminal_gets_one_bar_with_the_counts_and_quiet_gets_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    two_reports("bar")
    shown = capsys.readouterr().err
    assert "1 done, 0 failed, 1 skipped" in shown
    assert "\n" not in shown
    two_reports("nothing")
    assert capsys.readouterr().err == ""


def test_what_else_is_printed_is_not_printed_over(capsys: pytest.CaptureFixture[str]) -> None:
    batch = BatchProgress("bar")
    batch.begin(2)
    with batch.report("first") as report:
        with batch.aside():
            capsys.readouterr()
            report.cell(1, 4)
            assert capsys.readouterr().err == ""
        report.cell(2, 4)
        assert capsys.readouterr().err != ""
    batch.end()


def test_after_an_interruption_no_report_goes_on_to_its_next_stage() -> None:
    batch = BatchProgress("nothing")
    batch.begin(1)
    with batch.report("only") as report:
        report.stage("notebook", 10)
        batch.stop()
        with pytest.raises(RunError, match="interrupted; nothing was published"):
            report.stage("page", 92)


def test_a_length_of_time_is_told_in_the_unit_that_fits_it() -> None:
    assert [duration(seconds) for seconds in (7, 99, 240, 9000)] == ["7 s", "99 s", "4 min", "2.5 h"]
