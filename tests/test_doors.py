"""One number through every door: the page's tables, its CSVs, the notebook, Python and the command agree to 1e-12.

Every bundled survey and indicator; levels on every day that the page speaks of, and every change that it looked at.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import groundswell as gs
from groundswell.cli import main
from groundswell.reports.figures.trend.words import level_numbers
from groundswell.reports.language.language import Language
from groundswell.reports.notebook.report import Report
from groundswell.trends import Trend, comparisons, fit_trends
from groundswell.trends.compared.comparisons import COLUMNS
from groundswell.trends.data.scales import SCALES

AS_OF = "2026-11-01"
NEAR = 1e-12
"""Far below what a page prints; what two orders of the same additions may differ by."""
SURVEYS = ("russia-mood", "simulated-panel", "uk-opinions", "ukraine-outlook", "us-household-pulse")
LEVELS = ("share", "share_se", "low50", "high50", "low80", "high80", "low95", "high95")
POPULATION = ("population_low95", "population_high95")
CHANGES = (
    "estimate",
    "se",
    "low",
    "high",
    "probability",
    "adjusted",
    "waves",
    "houses",
    "compared",
    "segment",
    "share_start",
    "share_end",
    "within",
)


@dataclass(frozen=True)
class Doors:
    """One survey as each door gives it."""

    survey: gs.waves.Survey
    report: Report
    saved: Path
    trends: dict[str, Trend]
    answer: pd.DataFrame
    answered_changes: pd.DataFrame


@pytest.fixture(scope="module", params=SURVEYS)
def doors(
    request: pytest.FixtureRequest, repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> Doors:
    name, folder = str(request.param), tmp_path_factory.mktemp("doors")
    report = gs.open_report(name, as_of=AS_OF, project=repository)
    report.save(folder)
    survey = gs.load_survey(repository / "surveys" / name)
    asked = report.level()[["date", "indicator"]].rename(columns={"indicator": "series"})
    asked.to_csv(folder / "asked.csv", index=False)
    arguments = [
        "trend",
        str(repository / "surveys" / name),
        "--at",
        str(folder / "asked.csv"),
        "--as-of",
        AS_OF,
    ]
    main([*arguments, "--out", str(folder / "answer.csv"), "--changes", str(folder / "answered_changes.csv")])
    trends = {key: gs.fit_trend(survey, key, as_of=AS_OF) for key in report.indicators}
    return Doors(
        survey,
        report,
        folder,
        trends,
        pd.read_csv(folder / "answer.csv", parse_dates=["date"]),
        read_changes(folder / "answered_changes.csv"),
    )


def read_changes(file: Path) -> pd.DataFrame:
    """A table of changes as a file holds it: a label may be empty, a number may be missing."""
    return pd.read_csv(
        file, parse_dates=["start", "end"], keep_default_na=False, na_values={name: [""] for name in CHANGES}
    )


def difference(one: pd.DataFrame, other: pd.DataFrame, columns: tuple[str, ...]) -> float:
    """The largest difference between two tables in these columns; both must be missing alike."""
    a, b = (table[list(columns)].to_numpy(dtype=np.float64) for table in (one, other))
    assert a.shape == b.shape
    assert (np.isnan(a) == np.isnan(b)).all()
    return float(np.nanmax(np.abs(a - b), initial=0.0))


def test_levels_agree_at_every_door(doors: Doors, record_property: pytest.RecordProperty) -> None:
    page = doors.report.level()
    published = pd.read_csv(doors.saved / "trend.csv", parse_dates=["date"])
    largest, compared = 0.0, 0
    for key, trend in doors.trends.items():
        mine = page[page["indicator"] == key]
        python = trend.level(mine["date"])
        assert python["segment"].tolist() == mine["segment"].tolist()
        of_file = published[published["indicator"] == key]
        of_command = doors.answer[doors.answer["series"] == key]
        for other in (python, of_file, of_command):
            assert other["date"].tolist() == mine["date"].tolist()
            largest = max(largest, difference(mine, other, (*LEVELS, *POPULATION)))
            compared += len(mine) * len((*LEVELS, *POPULATION))
    record_property("compared", compared)
    record_property("largest", largest)
    assert largest <= NEAR


def test_changes_agree_at_every_door(doors: Doors, record_property: pytest.RecordProperty) -> None:
    page = doors.report.comparisons
    published = read_changes(doors.saved / "changes.csv")
    fitted = fit_trends(doors.survey, as_of=AS_OF)
    python = comparisons(fitted.values())
    largest = 0.0
    for other in (python, published, doors.answered_changes):
        assert list(other.columns) == (COLUMNS if other is python else [*COLUMNS, *SCALES])
        assert other[["indicator", "kind", "label", "start", "end"]].equals(
            page[["indicator", "kind", "label", "start", "end"]].astype(
                other[["indicator", "kind", "label", "start", "end"]].dtypes.to_dict()
            )
        )
        largest = max(largest, difference(page, other, CHANGES))
    for row in page.itertuples():
        if row.kind == "house":  # on a scale that no other door asks for
            continue
        trend = doors.trends[str(row.indicator)]
        ends = trend.level([row.start, row.end])["share"].to_numpy()
        largest = max(largest, abs(ends[0] - row.share_start), abs(ends[1] - row.share_end))
        alone = trend.change(row.start, row.end)
        largest = max(
            largest,
            *(
                abs(float(alone[name].iloc[0]) - getattr(row, name))
                for name in ("estimate", "se", "low", "high")
            ),
        )
        if row.kind != "still":  # its probability is of a distance, not of a direction
            chance = "probability_fall" if row.estimate < 0 else "probability_rise"
            largest = max(largest, abs(float(alone[chance].iloc[0]) - row.probability))
    record_property("compared", len(page) * (3 * len(CHANGES) + 7))
    record_property("largest", largest)
    assert largest <= NEAR


def test_domains_agree_at_every_door(doors: Doors) -> None:
    file = doors.saved / "domain_trend.csv"
    assert file.is_file() == (doors.survey.name == "simulated-panel")
    if not file.is_file():
        return
    published = pd.read_csv(file, parse_dates=["date"])
    page = doors.report.evidence.domain_levels
    key, by = doors.report.indicators[0], "sex"
    python = gs.fit_domains(doors.survey, key, by=by, as_of=AS_OF).levels(page["date"].unique())
    asked = python[["date"]].drop_duplicates().assign(series=key)
    asked.to_csv(doors.saved / "asked_domains.csv", index=False)
    answer = doors.saved / "domains.csv"
    arguments = ["--at", str(doors.saved / "asked_domains.csv"), "--as-of", AS_OF, "--out", str(answer)]
    main(["trend", str(doors.survey.folder), "--by", by, *arguments])
    command = pd.read_csv(answer, parse_dates=["date"])
    for other in (page, published):
        mine = other[(other["indicator"] == key) & other["domain"].str.startswith(f"{by}: ")]
        assert mine[["date", "domain"]].to_numpy().tolist() == python[["date", "domain"]].to_numpy().tolist()
        assert difference(mine, python, (*LEVELS, "own_weight")) <= NEAR
    assert difference(command, python, (*LEVELS, "own_weight")) <= NEAR


def test_moods_agree_at_every_door(doors: Doors) -> None:
    file = doors.saved / "mood_trend.csv"
    assert file.is_file() == (doors.survey.name == "us-household-pulse")
    if not file.is_file():
        return
    published = pd.read_csv(file, parse_dates=["date"])
    page, (declared,) = doors.report.evidence.mood_levels, doors.survey.moods.values()
    mood = gs.fit_mood(doors.survey, declared.items, as_of=AS_OF)
    python = mood.level(page["date"])
    asked = page[["date"]].assign(series=declared.items[0])
    asked.to_csv(doors.saved / "asked_mood.csv", index=False)
    answer, items = doors.saved / "mood.csv", doors.saved / "items.csv"
    arguments = ["--at", str(doors.saved / "asked_mood.csv"), "--out", str(answer), "--items", str(items)]
    main(["mood", str(doors.survey.folder), "--as-of", AS_OF, *arguments])
    for other in (page, published, pd.read_csv(answer, parse_dates=["date"])):
        assert other["date"].tolist() == python["date"].tolist()
        assert difference(other, python, (*LEVELS, *POPULATION)) <= NEAR
    slopes = ("slope", "slope_low", "slope_high", "probability", "common")
    for table in (pd.read_csv(doors.saved / "mood_items.csv"), pd.read_csv(items)):
        assert table["item"].tolist() == list(declared.items)
        assert table["verdict"].tolist() == mood.items["verdict"].tolist()
        assert difference(table, mood.items, slopes) <= NEAR


def test_the_words_and_the_figure_say_the_same_numbers(doors: Doors) -> None:
    language = Language("en")
    for key, trend in doors.trends.items():
        reading = doors.report.evidence.reading(key)
        table = level_numbers(reading, reading.drawn_level, language)
        shown = trend.level(table[language.say("Date")])["share"] * 100
        assert table[language.say("Level, %")].to_numpy() == pytest.approx(
            shown.round(1).to_numpy(), abs=1e-9
        )
    kept = json.loads((doors.saved / "findings.json").read_text(encoding="utf-8"))
    changes = doors.report.comparisons
    for finding in kept["findings"]:
        if finding["estimate"] is not None:
            mine = changes[
                (changes["indicator"] == finding["indicator"]) & (changes["kind"] == finding["kind"])
            ]
            nearest = mine.loc[(mine["estimate"] - finding["estimate"]).abs().idxmin()]
            for name in ("estimate", "low", "high", "probability", "adjusted"):
                assert finding[name] == pytest.approx(nearest[name], abs=NEAR)


def test_the_rows_that_are_fitted_are_the_rows_that_python_reads(doors: Doors) -> None:
    rows = gs.observations(doors.survey, as_of=AS_OF)
    assert len(rows) == len(doors.report.observations) > 0
    pd.testing.assert_frame_equal(rows, doors.report.observations)
