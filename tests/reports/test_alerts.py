"""What `[[watch]]` rules alarm of, report after report: each event once, on the page, in the feed and as a mail."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import fromstring

import pandas as pd
import pytest
from hand_made import a_manifest, a_row, a_survey, an_evidence, observed

from groundswell.reports.evidence.alert_record import AlertRecord, WatchedRecord
from groundswell.reports.evidence.declared.alerts import Watched, watched
from groundswell.reports.evidence.reading import read_indicator
from groundswell.reports.findings.alert_words import alert_records
from groundswell.reports.language.language import Language
from groundswell.reports.publish.feed import atom_feed
from groundswell.reports.publish.index.archive_summary import year_summary
from groundswell.reports.publish.mail import alert_message, mail
from groundswell.reports.sections.since_last import since_last

UP = {"key": "mood-up", "indicator": "mood", "rises": 3}
CALM = [0.41, 0.39, 0.40, 0.40, 0.41, 0.39, 0.40, 0.41, 0.39, 0.40, 0.40, 0.41]
JUMP = [0.48, 0.49, 0.48]


def rows_of(shares: Iterable[float], **changes: Any) -> list[dict[str, Any]]:
    """A wave a month from January 2023 on."""
    days = pd.date_range("2023-01-20", periods=40, freq="30D")
    return [a_row(f"{day:%Y-%m-%d}", share, **changes) for day, share in zip(days, shares, strict=False)]


class Reports:
    """Reports of one survey, each of which looks where the one before left off."""

    def __init__(self, *rules: dict[str, Any]) -> None:
        self.survey = a_survey(watch=rules)
        self.states: tuple[WatchedRecord, ...] = ()

    def on(self, rows: list[dict[str, Any]], later: int = 0, **given: Any) -> Watched:
        """What a report finds, so many days after the newest of these waves."""
        table = observed(*rows)
        as_of = table["end"].max() + pd.Timedelta(days=5 + later)
        reading = read_indicator("mood", self.survey, table, covariance=None, as_of=as_of, since=None, seed=1)
        found = watched(self.survey.watch, {"mood": reading}, self.states, given)
        self.states = found.states
        self.evidence = an_evidence(reading, survey=self.survey, as_of=as_of)
        self.evidence.__dict__["watched"] = found
        return found


@pytest.fixture(scope="module")
def jumped() -> Reports:
    """A report that has alarmed of a jump."""
    reports = Reports(UP)
    reports.on(rows_of(CALM))
    reports.on(rows_of([*CALM, *JUMP]))
    return reports


def test_a_first_look_says_where_the_rule_stands_and_alarms_of_nothing() -> None:
    found = Reports(UP).on(rows_of([*CALM, *JUMP]))
    assert found.alerts == ()
    (state,) = found.states
    newest = rows_of([*CALM, *JUMP])[-1]["end"] - pd.Timedelta(days=1)
    assert pd.Timestamp(state.since) == newest


def test_a_jump_is_alarmed_of_once_and_is_the_new_reference(jumped: Reports) -> None:
    (alert,) = jumped.evidence.watched.alerts
    assert alert.movement is not None
    assert alert.movement.estimate > 0.03
    (state,) = jumped.states
    assert pd.Timestamp(state.since) == alert.until
    again = Reports(UP)
    again.states = jumped.states
    assert again.on(rows_of([*CALM, *JUMP]), later=7).alerts == ()
    assert again.on(rows_of([*CALM, *JUMP, 0.48])).alerts == ()


def test_a_look_at_nothing_new_spends_nothing() -> None:
    reports = Reports(UP)
    first = reports.on(rows_of(CALM)).states
    assert reports.on(rows_of(CALM), later=20).states == first


def test_other_rows_than_by_default_look_at_nothing() -> None:
    reports = Reports(UP)
    reports.on(rows_of(CALM))
    before = reports.states
    found = reports.on(rows_of([*CALM, *JUMP]), certainty=["verbatim_primary"])
    assert found == Watched(states=before)


def test_a_rule_with_a_since_looks_from_there_at_once() -> None:
    reports = Reports({**UP, "since": pd.Timestamp("2023-06-01").date()})
    assert len(reports.on(rows_of([*CALM, *JUMP])).alerts) == 1


def test_a_wave_that_does_not_come_is_told_once_until_one_has_come() -> None:
    reports = Reports({"key": "late", "indicator": "mood", "overdue": 60})
    waves = rows_of(CALM)
    assert [len(reports.on(waves, later=days).alerts) for days in (55, 56, 90)] == [0, 1, 0]
    waves = rows_of([*CALM, 0.4])
    assert [len(reports.on(waves, later=days).alerts) for days in (0, 70)] == [0, 1]


def test_of_houses_the_one_that_moved_most_is_told() -> None:
    reports = Reports({"key": "away", "indicator": "mood", "departs": 3})

    def waves(of_bell: list[float]) -> list[dict[str, Any]]:
        bell = rows_of(of_bell, house="bell", variant="bell", mode="online")
        return [*rows_of([*CALM, *CALM][: len(of_bell)]), *bell]

    reports.on(waves([share + 0.05 for share in CALM]))
    alerts = reports.on(waves([*(share + 0.05 for share in CALM), *[0.6] * 6])).alerts
    assert len(alerts) == 1
    assert len({state.since for state in reports.states}) == 1, "all are looked at anew"


def test_the_page_tells_it_in_words_and_the_record_in_numbers(jumped: Reports) -> None:
    english, russian = Language("en"), Language("ru")
    (record,) = alert_records(jumped.evidence, english)
    assert record.sentence.startswith("Mood rose by ")
    assert "meant to alarm by chance in 5% of years" in record.basis
    assert record.waves[0].startswith("Acme, ")
    assert record.probability is not None
    assert record.probability > 0.99
    assert record.sentence in since_last(jumped.evidence, english, (record,)).html
    assert "Alert" not in since_last(jumped.evidence, english).html
    (record,) = alert_records(jumped.evidence, russian)
    assert ": рост на " in record.sentence


def record(**changes: Any) -> AlertRecord:
    """An alert as it is published."""
    given: dict[str, Any] = {
        "key": "mood-up",
        "kind": "rises",
        "indicator": "mood",
        "house": "",
        "since": "2024-01-01",
        "until": "2024-05-30",
        "sentence": "Mood <rose> by 8 points.",
        "basis": "Rule mood-up",
        "size": 3.0,
        "alarm": 0.05,
        "waves": ("Acme, May 2024: 48%",),
    }
    return AlertRecord(**(given | changes))


def manifest_with(*records: AlertRecord, created: str = "2024-06-01T06:00:00+00:00") -> Any:
    """The manifest of a report of 1 June 2024 with these alerts."""
    summary = {"headline": "Mood rose", "deck": "", "alerts": [asdict(each) for each in records]}
    return a_manifest("2024-06-01", created=created, report=summary)


def test_a_report_that_was_made_afterwards_has_no_news() -> None:
    assert manifest_with(record()).news == (record(),)
    assert manifest_with(record(), created="2024-06-02T23:00:00+00:00").news == (record(),)
    assert manifest_with(record(), created="2024-06-03T00:00:00+00:00").news == ()


def test_the_feed_and_the_summary_carry_it() -> None:
    feed = fromstring(atom_feed([manifest_with(record())], Language("en")))
    (entry,) = feed.iter("{http://www.w3.org/2005/Atom}entry")
    summary, category = (
        entry.find(f"{{http://www.w3.org/2005/Atom}}{name}") for name in ("summary", "category")
    )
    assert summary is not None
    assert summary.text == "Mood <rose> by 8 points."
    assert category is not None
    assert category.attrib == {"term": "alert", "label": "mood-up"}
    late = atom_feed([manifest_with(record(), created="2024-07-01T00:00:00+00:00")], Language("en"))
    assert "alert" not in late
    assert '"key":"mood-up"' in year_summary("testland", 2024, [manifest_with(record())])
    assert "alerts" not in year_summary("testland", 2024, [manifest_with()])


def test_the_mail_says_it_twice_and_asks_the_network_for_nothing() -> None:
    text = mail(alert_message(manifest_with(record()), record()), "abc", datetime(2024, 6, 1, tzinfo=UTC))
    assert text == mail(
        alert_message(manifest_with(record()), record()), "abc", datetime(2024, 6, 1, tzinfo=UTC)
    )
    read = email.message_from_bytes(text, policy=email.policy.default)
    assert read["Subject"] == "Alert: Mood <rose> by 8 points."
    plain, page = read.get_body(("plain",)), read.get_body(("html",))
    assert plain is not None
    assert page is not None
    html = page.get_content()
    assert "Mood <rose> by 8 points." in plain.get_content()
    assert "- Acme, May 2024: 48%" in plain.get_content()
    assert "reports/testland/2024-06-01/index.html" in plain.get_content()
    assert "Mood &lt;rose&gt; by 8 points." in html
    for refused in ("<script", "src=", "href=", "url(", "http", "<style", "@import"):
        assert refused not in html
