"""How a survey's frozen forecasts held: the numbers, the words, and what is made again when a report is added."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from reports.hand_made import AS_OF, a_survey
from reports.test_archived_scores import DAYS, figure, score
from reports.test_sections_by_hand import words

from groundswell.errors import InputError
from groundswell.reports.evidence.earlier.calibration import CalibrationEvidence
from groundswell.reports.evidence.earlier.ledger import SCORED, Record
from groundswell.reports.language.language import Language
from groundswell.reports.notebook.calibration import Calibration, open_calibration
from groundswell.reports.sections.calibration import summary
from groundswell.runs.plan.plan import plan_report
from groundswell.trends.checks.scoring_rules import score_summary

EN = Language("en")
MISS = {"inside50": 0.0, "inside80": 0.0, "inside95": 0.0}
FORECAST = {
    "share": 0.40,
    "low95": 0.34,
    "high95": 0.46,
    "observed": 0.41,
    "rounding": 0.01,
    "precision": "day",
}


def came(end: str, crps: float | None = 0.01, **changes: Any) -> dict[str, Any]:
    return figure(end, crps, **(FORECAST | {"foreseen_by": DAYS[0], "variant": "acme"} | changes))


def calibration(
    *figures: dict[str, Any], unsound: tuple[str, ...] = (), newest: str = DAYS[2]
) -> Calibration:
    scores = pd.DataFrame(list(figures), columns=SCORED).astype({"crps": "float64"})
    record = Record(
        scores.assign(end=pd.to_datetime(scores["end"]), start=pd.to_datetime(scores["start"])), unsound
    )
    evidence = CalibrationEvidence(survey=a_survey(), as_of=AS_OF, newest=newest, record=record)
    return Calibration(evidence, EN)


def test_every_part_is_summed_up_by_the_same_rule_as_the_whole() -> None:
    made = calibration(
        came("2024-03-02"),
        came("2023-05-02", 0.03, house="bell"),
        came("2024-07-02", 0.05, indicator="plans", **MISS),
        came("2024-08-02", None),
    )
    scored = made.figures[made.figures["crps"].notna()]
    table = made.summary.set_index(["by", "whose"])
    whole = score_summary(scored).iloc[0]
    assert table.loc[("all", ""), whole.index].to_numpy().tolist() == whole.to_numpy().tolist()
    for by, key, rows in (
        ("indicator", "plans", scored[scored["indicator"] == "plans"]),
        ("house", "acme", scored[scored["house"] == "acme"]),
        ("year", "2024", scored[scored["end"] >= "2024-01-01"]),
    ):
        part = score_summary(rows).iloc[0]
        assert table.loc[(by, key), part.index].to_numpy().tolist() == part.to_numpy().tolist()
    assert table.groupby("by")["forecasts"].sum().tolist() == [3, 3, 3, 3]


def test_the_page_says_what_was_held_by_whom_and_what_was_missed() -> None:
    made = calibration(
        came("2024-03-02"),
        came("2024-05-02", house="bell", ahead=False),
        came("2024-07-02", observed=0.48, **MISS),
        came("2024-08-02", None),
        unsound=("2025-11-30",),
    )
    assert made.claim() == "95% intervals held 2 of 3 figures that came"
    text = words(made.coverage())
    assert "95% intervals : held 67% (95%: 18–" in text
    assert "1 of these forecasts was made, for an earlier date, when its figure was out." in text
    assert "1 more figure came that no forecast was made of, or that cannot be scored." in text
    assert "Not counted, since their scores are not as they were published: 2025-11-30." in text
    parts = words(made.by_part())
    assert "All 3 67% 67% 67%" in parts
    assert "Mood 3 67%" in parts
    assert "Acme 2 50%" in parts
    assert "Bell &amp; Co 1 100%" in parts
    missed = words(made.misses())
    assert "2 Jul 2024 Acme Mood 40% (34–46%) 48% 2025-10-31" in missed
    assert "Bell" not in missed
    assert "as of 31 December 2024 Calibration, 2 houses 3 figures scored" in words(made.headline())


@pytest.mark.parametrize(
    ("held", "of", "status", "sentence"),
    [
        (19, 20, "passed", ""),
        (16, 20, "warned", "Intervals of 95% held fewer figures than chance explains."),
        (20, 20, "passed", "Intervals of 50% and 80% held more than chance explains: they are wide."),
    ],
)
def test_coverage_that_chance_does_not_explain_is_said(
    held: int, of: int, status: str, sentence: str
) -> None:
    inside = [
        {
            "inside50": float(n < 10 or held == of),
            "inside80": float(n < 16 or held == of),
            "inside95": float(n < held),
        }
        for n in range(of)
    ]
    made = calibration(*(came(f"2024-03-{n + 1:02}", **each) for n, each in enumerate(inside)))
    told = words(made.headline())
    assert ("chance" not in told) if not sentence else (sentence in told)
    assert made.evidence.record.scores["crps"].notna().all()
    assert summary(made.evidence, EN)["status"] == status


def test_without_a_scored_forecast_the_page_says_so_and_can_be_saved(tmp_path: Path) -> None:
    for made, why in (
        (calibration(newest=""), "No report of the survey has been published by that date."),
        (calibration(came("2024-08-02", None)), f"The chain of forecasts ends with the report of {DAYS[2]}"),
    ):
        assert made.claim() == "No forecast of this survey has come due yet"
        assert why in words(made.coverage())
        assert (made.by_part().html, made.misses().html) == ("", "")
        made.save(tmp_path)
        kept = json.loads((tmp_path / "findings.json").read_text(encoding="utf-8"))
        assert kept["summary"]["status"] == "passed"
        assert pd.read_csv(tmp_path / "calibration.csv").empty


def test_what_is_saved_is_what_the_page_rests_on(tmp_path: Path) -> None:
    made = calibration(came("2024-03-02"), came("2024-07-02", 0.05, **MISS))
    made.save(tmp_path)
    saved = pd.read_csv(tmp_path / "calibration.csv", dtype={"whose": "str"}, keep_default_na=False)
    assert saved["crps"].tolist() == made.summary["crps"].tolist()
    assert pd.read_csv(tmp_path / "figures.csv")["inside95"].tolist() == [1.0, 0.0]
    summary = json.loads((tmp_path / "findings.json").read_text(encoding="utf-8"))["summary"]
    assert summary["headline"] == made.claim()
    assert summary["kind"] == "Calibration"


@pytest.fixture
def archive(tmp_path: Path, repository: Path) -> Path:
    """A project with a survey `mood` and two reports of it, of which the newer scored a figure."""
    (tmp_path / "notebooks").mkdir()
    for name in ("calibration", "wave_report"):
        source = (repository / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8")
        (tmp_path / "notebooks" / f"{name}.ipynb").write_text(source, encoding="utf-8")
    survey = tmp_path / "surveys" / "mood"
    survey.mkdir(parents=True)
    for name in ("survey.toml", "toplines.csv"):
        text = (repository / "surveys" / "ukraine-outlook" / name).read_text(encoding="utf-8")
        (survey / name).write_text(text, encoding="utf-8")
    score(tmp_path / "reports", DAYS[0], None)
    score(tmp_path / "reports", DAYS[1], DAYS[0], came("2025-11-02"))
    return tmp_path


def test_a_run_takes_the_newest_report_of_the_date_and_its_manifest_is_an_input(archive: Path) -> None:
    plan = plan_report(archive, "mood", {"as_of": DAYS[1]}, "calibration")
    assert plan.parameters["newest"] == f"reports/mood/{DAYS[1]}"
    assert plan.name == f"{DAYS[1]}~calibration"
    assert f"reports/mood/{DAYS[1]}/manifest.json" in [file["path"] for file in plan.inputs()]
    assert (
        plan_report(archive, "mood", {"as_of": DAYS[0]}, "calibration").parameters["newest"].endswith(DAYS[0])
    )
    assert plan_report(archive, "mood", {"as_of": "2025-01-01"}, "calibration").parameters["newest"] is None
    with pytest.raises(InputError, match="not a parameter"):
        plan_report(archive, "mood", {"as_of": DAYS[1], "newest": "x", "indicator": "y"}, "calibration")


def test_by_hand_the_newest_report_is_found_as_a_run_finds_it(archive: Path) -> None:
    made = open_calibration("mood", as_of=DAYS[2], project=archive)
    given = open_calibration("mood", newest=f"reports/mood/{DAYS[1]}", project=archive)
    assert made.claim() == given.claim() == "95% intervals held 1 of 1 figure that came"
    assert "newest: 2025-11-30" in repr(made)
    with pytest.raises(InputError, match="is no published report"):
        open_calibration("mood", newest="reports/mood/2020-01-01", project=archive)
