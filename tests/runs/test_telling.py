"""Who is told, and once: messages written down, sent through Apprise to a server on this machine, tried again."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from groundswell.cli import cli
from groundswell.errors import InputError
from groundswell.reports.evidence.manifest import manifest_of, sealed, write_manifest
from groundswell.runs.run.record import SCHEMA, RunRecord, new_id, write_record
from groundswell.runs.tell import outbox
from groundswell.runs.tell.addresses import addresses
from groundswell.runs.tell.outbox import FOLDER, Outbox
from groundswell.runs.tell.telling import failures, send_test, tell

ALERT = {
    "key": "mood-up",
    "kind": "rises",
    "indicator": "mood",
    "house": "",
    "since": "2024-01-01",
    "until": "2024-05-30",
    "sentence": "Mood rose by 8 points.",
    "basis": "Rule mood-up",
    "size": 3.0,
}


class Hook:
    """A web server that takes messages, or refuses them while it is `down`."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.down = False
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if not hook.down:
                    hook.taken.append(json.loads(body))
                self.send_response(500 if hook.down else 200)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"json://127.0.0.1:{self.server.server_port}/s3cret"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    made = Hook()
    monkeypatch.setenv("GROUNDSWELL_TELL_NEWS", made.url)
    monkeypatch.delenv("GROUNDSWELL_TELL_FAILURES", raising=False)
    yield made
    made.server.shutdown()
    made.server.server_close()


def publish(project: Path, *alerts: dict[str, Any], day: str = "", created: str = "") -> None:
    """A report of a day, by default today's, with these alerts."""
    now = datetime.now(UTC)
    day = day or now.date().isoformat()
    folder = project / "reports" / "testland" / day
    folder.mkdir(parents=True)
    about = {
        "schema": 2,
        "survey": "testland",
        "title": "Testland",
        "as_of": day,
        "revision": 1,
        "folder": day,
        "created": created or now.isoformat(timespec="seconds"),
        "report": {"headline": "Mood rose", "alerts": list(alerts)},
    }
    write_manifest(folder, sealed(manifest_of(about)))


def test_an_alert_is_told_once_and_a_later_look_at_the_same_is_not(tmp_path: Path, hook: Hook) -> None:
    publish(tmp_path, ALERT)
    lines = tell(tmp_path)
    assert [line.partition(":")[0] for line in lines] == [
        "alert",
        "told JSON (address 1 of GROUNDSWELL_TELL_NEWS)",
    ]
    assert hook.taken[0]["title"] == "Alert: Mood rose by 8 points."
    assert tell(tmp_path) == []
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    publish(tmp_path, {**ALERT, "since": "2024-02-01"}, day=yesterday)
    assert tell(tmp_path) == [], "it ends no later than what was told"
    assert len(hook.taken) == 1
    assert len(list((tmp_path / "reports" / FOLDER).glob("*.eml"))) == 1


def test_a_report_for_a_past_date_tells_nobody(tmp_path: Path, hook: Hook) -> None:
    publish(tmp_path, ALERT, day="2024-06-01")
    assert tell(tmp_path) == []
    assert hook.taken == []


def test_what_cannot_be_sent_is_said_and_sent_the_next_time(tmp_path: Path, hook: Hook) -> None:
    publish(tmp_path, ALERT)
    hook.down = True
    assert tell(tmp_path)[-1].startswith(
        "not told JSON (address 1 of GROUNDSWELL_TELL_NEWS), which is tried again"
    )
    hook.down = False
    assert tell(tmp_path)[-1].startswith("told JSON")
    assert tell(tmp_path) == []
    assert len(hook.taken) == 1


def test_without_an_address_it_is_written_down_and_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GROUNDSWELL_TELL_NEWS", raising=False)
    publish(tmp_path, ALERT)
    (line,) = tell(tmp_path)
    assert line.startswith("alert: Mood rose by 8 points. (reports/.alerts/")
    assert tell(tmp_path) == []


def test_an_old_message_is_not_tried_again(
    tmp_path: Path, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path, ALERT)
    hook.down = True
    tell(tmp_path)
    monkeypatch.setattr(outbox, "TRIED_FOR", timedelta(0))
    assert Outbox(tmp_path / "reports").open() == []


def test_no_address_is_printed_or_kept(
    tmp_path: Path, hook: Hook, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = f"{hook.url} json://127.0.0.1:1/s3cret nonsense://s3cret"
    monkeypatch.setenv("GROUNDSWELL_TELL_NEWS", wrong)
    caplog.set_level(logging.DEBUG)
    publish(tmp_path, ALERT)
    said = [*tell(tmp_path), *send_test(tmp_path), repr(addresses("news"))]
    kept = [file.read_text() for file in (tmp_path / "reports" / FOLDER).iterdir()]
    assert "s3cret" not in "".join([*said, *kept, caplog.text])
    assert any("no address that Apprise knows (address 3" in line for line in said)


def test_without_apprise_the_event_is_kept_and_the_way_out_is_said(
    tmp_path: Path, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    publish(tmp_path, ALERT)
    assert "pip install groundswell[alerts]" in tell(tmp_path)[-1]
    with pytest.raises(InputError, match=r"pip install groundswell\[alerts\]"):
        addresses("news")
    monkeypatch.undo()
    monkeypatch.setenv("GROUNDSWELL_TELL_NEWS", hook.url)
    tell(tmp_path)
    assert len(hook.taken) == 1


def a_run(status: str, day: int, error: str | None = None) -> RunRecord:
    """A run of so many days ago."""
    when = datetime.now(UTC) - timedelta(days=day)
    return RunRecord(
        schema=SCHEMA,
        id=f"{when:%Y%m%dT%H%M%S.%f}Z-aaaaaa",
        survey="testland",
        name=f"{when:%Y-%m-%d}",
        notebook="wave_report",
        as_of=f"{when:%Y-%m-%d}",
        status=status,  # type: ignore[arg-type]
        scheduled=when.isoformat(),
        started=when.isoformat(),
        ended=when.isoformat(),
        error=error and f"`testland` {when:%Y-%m-%d}: {error}\n  the notebook as far as it ran: x",
    )


def test_a_failure_is_told_when_it_begins_and_when_it_is_another() -> None:
    same = [a_run("failed", 0, "no disk"), a_run("failed", 1, "no disk"), a_run("published", 2)]
    (event,) = failures(same)
    assert event.name == f"run/{same[1].id}"
    assert "no disk" in event.message.text
    (other,) = failures([a_run("failed", 0, "no wave"), *same[1:]])
    assert other.name != event.name
    again = [a_run("failed", 0, "no disk"), a_run("published", 1), a_run("failed", 2, "no disk")]
    assert [each.name for each in failures(again)] == [f"run/{again[0].id}"]
    assert list(failures([a_run("published", 0), *same])) == []
    assert list(failures([a_run("failed", 8, "no disk")])) == [], "long known"
    other_report = replace(a_run("failed", 0, "no disk"), name="2024-06-01~since-2022-01-01")
    assert len(list(failures([other_report, *same]))) == 2
    one, two = (
        replace(a_run("failed", day, ""), error=f"`testland` has 1 fault:\n  survey.toml:{line}: is missing")
        for day, line in ((1, 7), (0, 9))
    )
    (another,) = failures([two, one])
    assert another.name == f"run/{two.id}", "as many faults, and another one"


def test_failures_go_to_the_maintainer_and_not_to_the_audience(
    tmp_path: Path, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROUNDSWELL_TELL_FAILURES", hook.url)
    monkeypatch.delenv("GROUNDSWELL_TELL_NEWS")
    write_record(tmp_path / "reports", replace(a_run("failed", 0, "no disk"), id=new_id()))
    publish(tmp_path, ALERT)
    tell(tmp_path)
    assert [each["title"].partition(":")[0] for each in hook.taken] == ["groundswell"]


def test_the_test_message_says_where_it_went(tmp_path: Path, hook: Hook) -> None:
    (tmp_path / "surveys").mkdir()
    (tmp_path / "notebooks").mkdir()
    run = CliRunner().invoke(cli, ["--project", str(tmp_path), "tell", "--test"])
    assert run.output.splitlines() == [
        "news: sent to JSON (address 1 of GROUNDSWELL_TELL_NEWS)",
        "failures: nobody is told, since GROUNDSWELL_TELL_FAILURES is not set",
    ]
    assert run.exit_code == 0
    hook.down = True
    assert CliRunner().invoke(cli, ["--project", str(tmp_path), "tell", "--test"]).exit_code == 1


def test_a_message_survives_a_damaged_record(tmp_path: Path, hook: Hook) -> None:
    publish(tmp_path, ALERT)
    tell(tmp_path)
    (kept,) = (tmp_path / "reports" / FOLDER).glob("*.json")
    assert set(asdict(Outbox(tmp_path / "reports").open()[0])) == set(json.loads(kept.read_text()))
    kept.write_text("{")
    tell(tmp_path)
    assert len(hook.taken) == 2, "rather twice than never"
