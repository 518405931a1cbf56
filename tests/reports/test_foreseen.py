"""What the report before foresaw and what came, on the page: sentences, a table, and the columns of scores.csv."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from reports.hand_made import a_manifest, a_reading, a_row, an_evidence, observed
from reports.test_sections_by_hand import words

from groundswell.reports.evidence.earlier.previous import Before
from groundswell.reports.evidence.manifest import read_manifest
from groundswell.reports.evidence.report import ReportEvidence
from groundswell.reports.language.language import Language
from groundswell.reports.sections.foreseen import foreseen
from groundswell.runs.verify.ledger import ledger_chain, ledger_faults

THEN = "2024-06-30"
ENDS = {"low50": 0.38, "high50": 0.42, "low80": 0.36, "high80": 0.44, "low95": 0.34, "high95": 0.46}
EN = Language("en")


def frozen(**changes: Any) -> pd.DataFrame:
    """Forecasts that stand still: 40% for Acme, on two days of the grid."""
    about = {
        "indicator": "mood",
        "house": "acme",
        "variant": "acme",
        "mode": "telephone",
        "n_effective": 800.0,
    }
    days = {"date": pd.to_datetime(["2024-03-31", "2025-06-30"])}
    return pd.DataFrame(days | about | {"share": 0.40, "share_se": 0.03} | ENDS | changes)


def before(made: str = f"{THEN}T06:00:00+00:00", **parts: Any) -> Before:
    known = observed(a_row("2024-05-10"))
    return Before(a_manifest(THEN, created=made), known, **({"forecasts": frozen()} | parts))


def evidence(*came: dict[str, Any], **changes: Any) -> ReportEvidence:
    reading = a_reading(a_row("2024-05-10"), *came)
    return an_evidence(reading, **({"before": before()} | changes))


def said(found: ReportEvidence, language: Language = EN) -> str:
    assert found.before is not None
    return words(foreseen(found, found.before, language))


def test_new_figures_are_held_against_the_frozen_intervals_in_a_sentence_and_a_table() -> None:
    found = evidence(a_row("2024-08-10", 0.41), a_row("2024-09-10", 0.45), a_row("2024-10-10", 0.47))
    text = said(found)
    assert text.startswith("2 of 3 new figures fell inside the 95% intervals frozen on 30 June 2024.")
    assert "8–10 Oct 2024 Acme Mood 40% (34–46%) 47% outside 95% 8–10 Sept 2024" in text
    assert "40% (34–46%) 45% 95% 8–10 Aug 2024 Acme Mood 40% (34–46%) 41% 50%" in text
    assert "made" not in text


def test_one_figure_is_one() -> None:
    text = said(evidence(a_row("2024-08-10", 0.41)))
    assert text.startswith("1 of 1 new figure fell inside the 95% interval frozen on 30 June 2024.")


def test_russian_has_its_own_words() -> None:
    text = said(evidence(a_row("2024-08-10", 0.41), a_row("2024-09-10", 0.47)), Language("ru"))
    assert text.startswith(
        "Из 2 новых цифр в 95-процентные интервалы, зафиксированные 30 июня 2024 года, попало 1."
    )


def test_what_cannot_be_scored_is_counted_and_named_with_its_reason() -> None:
    rows = [
        a_row("2024-08-10", house="bell", variant="bell"),
        a_row("2024-09-10", variant="acme-old"),
        a_row("2024-10-10", left_out="variant"),
    ]
    text = said(evidence(*rows))
    assert text.startswith(
        "None of the new figures was foreseen on 30 June 2024. 3 more figures cannot be scored ("
    )
    assert "Bell &amp; Co (bell) and Acme (acme-old): nothing was foreseen of that house in that" in text
    assert "Acme (acme): left out of the fit" in text


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        ("2024-08-09", ""),
        (
            "2024-08-10",
            "That report was made on 10 August 2024, from what was known on its date, when 1 of them was out.",
        ),
        (
            "2024-10-01",
            "That report was made afterwards, on 1 October 2024, from what was known on its date.",
        ),
    ],
)
def test_a_report_that_was_made_after_its_waves_says_so(made: str, sentence: str) -> None:
    late = before(f"{made}T06:00:00+00:00")
    found = evidence(a_row("2024-08-10", 0.41), a_row("2024-09-10", 0.41, published=pd.NaT), before=late)
    assert found.scores["ahead"].tolist() == [made < "2024-08-10", made < "2024-09-10"]
    text = said(found)
    assert (sentence in text) if sentence else ("made" not in text)


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"forecasts": None}, "The report of 30 June 2024 froze no forecasts."),
        (
            {"forecasts": None, "tampered": True},
            "The forecasts frozen on 30 June 2024 are not as they were published",
        ),
    ],
)
def test_without_sound_forecasts_nothing_is_scored_and_the_page_says_why(parts: Any, sentence: str) -> None:
    found = evidence(a_row("2024-08-10", 0.41), before=before(**parts))
    assert found.scores.empty
    assert said(found).startswith(sentence)


def test_where_nothing_came_nothing_is_scored() -> None:
    found = evidence()
    assert found.scores.empty
    assert said(found) == "No figure came that could be held against the forecasts frozen on 30 June 2024."


def test_scores_csv_has_its_columns_with_or_without_a_report_before() -> None:
    some, none = evidence(a_row("2024-08-10", 0.41)), an_evidence()
    assert list(some.scores.columns) == list(none.scores.columns)
    row = some.scores.iloc[0]
    assert (row["foreseen_by"], row["frozen"], row["unscored"]) == (THEN, pd.Timestamp(THEN), "")
    assert list(none.forecasts.columns)[:5] == ["indicator", "house", "variant", "mode", "date"]


@pytest.mark.kernel
def test_a_real_report_is_a_link_of_the_chain_and_an_edit_of_the_one_before_is_named(
    russian_report: Path, tmp_path: Path
) -> None:
    shutil.copytree(russian_report.parents[1], tmp_path / "reports")
    folder, old = (tmp_path / "reports" / "russia-mood" / day for day in ("2025-12-31", "2024-12-31"))
    manifest = read_manifest(folder)
    assert manifest is not None
    assert manifest.ledger is not None
    assert manifest.ledger.previous == "reports/russia-mood/2024-12-31"
    assert ledger_faults(ledger_chain(tmp_path, folder, manifest)) == []
    scores = pd.read_csv(folder / "scores.csv")
    assert set(scores["foreseen_by"]) == {"2024-12-31"}
    assert scores["inside95"].notna().any()
    assert "new figures fell inside the 95%" in (folder / "index.html").read_text(encoding="utf-8")
    (old / "forecasts.csv").write_text((old / "forecasts.csv").read_text().replace("0.3", "0.4"))
    assert ledger_faults(ledger_chain(tmp_path, folder, manifest))[0] == (
        "the forecasts of 2024-12-31 are not the ones that the report of 2025-12-31 read"
    )
