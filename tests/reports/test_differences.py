"""What changed since the last report, taken from the archive: rows, method, and how far each level moved and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from waves.folders import survey_of_acme, toplines

from groundswell.program import MADE_BY, describe_code, describe_packages, made_by_text
from groundswell.reports.evidence.differences import Move, method_changes, moves, row_changes
from groundswell.reports.evidence.earlier.previous import read_before, read_rows
from groundswell.reports.evidence.manifest import sealed, write_manifest
from groundswell.reports.html.tables import csv_text
from groundswell.reports.notebook.report import Report, open_report
from groundswell.runs.plan.manifest import compile_manifest, describe_files, survey_inputs
from groundswell.trends import observations
from groundswell.waves import load_survey

SURVEY = survey_of_acme(
    "Testland",
    """\
[indicators.mood]
title = "Mood"
description = "feel well"
higher_is = "better"
[indicators.mood.variants.acme]
house = "acme"
question = "How are you?"
numerator = ["yes"]
""",
    country="Testland",
)
SHARES = (0.41, 0.44, 0.40, 0.43, 0.42, 0.52, 0.55)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "surveys" / "testland"
    folder.mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    (folder / "survey.toml").write_text(SURVEY, encoding="utf-8")
    rows = [
        {
            "indicator": "mood",
            "variant": "acme",
            "house": "acme",
            "category": "yes",
            "share": f"{share}",
            "start": f"2024-0{month}-01",
            "end": f"2024-0{month}-03",
            "precision": "day",
            "n": "1000",
            "published": f"2024-0{month}-05",
            "source_title": "-bulletin",
            "source_url": f"https://acme.example/{month}",
            "certainty": "verbatim_primary",
        }
        for month, share in enumerate(SHARES, start=1)
    ]
    (folder / "toplines.csv").write_text(toplines(*rows), encoding="utf-8")
    return tmp_path


def read(project: Path, as_of: str, *, seed: int = 1, previous: str | None = None) -> Report:
    return open_report("testland", as_of=as_of, seed=seed, previous=previous, project=project)


def publish(project: Path, as_of: str) -> str:
    """Save a report as a run does, without a kernel; its folder relative to the project."""
    folder = project / "reports" / "testland" / as_of
    report = read(project, as_of)
    report.save(folder)
    manifest = compile_manifest(
        inputs=describe_files(survey_inputs(project / "surveys" / "testland"), project),
        parameters={**report.evidence.given, "as_of": as_of, "language": "en"},
        saved=folder,
        as_of=as_of,
        survey="testland",
        title="Testland: mood",
        revision=1,
        folder=as_of,
        created=f"{as_of}T06:00:00+00:00",
    )
    files = describe_files((file for file in folder.iterdir() if file.name != "manifest.json"), folder)
    write_manifest(folder, sealed(manifest, files=files))
    return folder.relative_to(project).as_posix()


def edit(project: Path, name: str, change: Callable[[str], str]) -> None:
    file = project / "surveys" / "testland" / name
    text = file.read_text(encoding="utf-8")
    assert change(text) != text
    file.write_text(change(text), encoding="utf-8")


def moved(report: Report) -> Move:
    evidence, before = report.evidence, report.evidence.before
    assert before is not None
    changes = row_changes(before.observations, evidence.observations)
    (move,) = moves(evidence, before, method=bool(method_changes(evidence, before)), changes=changes)
    return move


def words(report: Report) -> str:
    return " ".join(report.since_last().html.split())


def test_the_first_report_says_that_it_is_the_first(project: Path) -> None:
    assert "This is the first report of this survey." in words(read(project, "2024-05-31"))


def test_new_waves_alone_move_the_past_by_hindsight_and_the_level_by_its_own_movement(project: Path) -> None:
    report = read(project, "2024-07-31", previous=publish(project, "2024-05-31"))
    move = moved(report)
    assert (move.method, move.rows) == (0.0, 0.0)
    assert move.then_day < move.now_day
    assert move.movement is not None
    assert move.movement["low"] < move.now["share"] - move.same_day["share"] < move.movement["high"]
    assert move.now["share"] > move.then["share"] + 0.05  # the shares rose by ten points
    text = words(report)
    assert "2 new rows." in text
    assert "The method is the same" in text
    assert "revised or withdrawn rows" not in text


def test_the_parts_of_a_move_add_up_to_what_a_reader_sees(project: Path) -> None:
    previous = publish(project, "2024-05-31")
    edit(project, "toplines.csv", lambda text: text.replace(",0.43,", ",0.34,"))
    edit(project, "survey.toml", lambda text: text.replace("sd = 0.1", "sd = 0.2"))
    move = moved(read(project, "2024-07-31", seed=2, previous=previous))
    assert move.movement is not None
    parts = move.method + move.rows + move.hindsight + move.movement["estimate"]
    # the movement's mean is taken from draws, whose error is a few thousandths of a share
    assert parts == pytest.approx(move.now["share"] - move.then["share"], abs=0.003)


def test_a_revised_row_is_named_and_moves_the_level_its_own_way(project: Path) -> None:
    previous = publish(project, "2024-05-31")
    edit(project, "toplines.csv", lambda text: text.replace(",0.42,", ",0.36,"))
    report = read(project, "2024-05-31", previous=previous)
    move = moved(report)
    assert move.rows < -0.005
    assert (move.method, move.hindsight) == (0.0, 0.0)
    text = words(report)
    assert "1 revised." in text
    assert "from revised or withdrawn rows" in text
    assert "<td>42%</td><td>36%</td>" in text
    assert "No newer wave has come in." in text


def test_a_withdrawn_row_is_named(project: Path) -> None:
    previous = publish(project, "2024-05-31")
    edit(
        project,
        "toplines.csv",
        lambda text: "".join(line for line in text.splitlines(True) if "0.44" not in line),
    )
    report = read(project, "2024-05-31", previous=previous)
    before = read_before(project / previous)
    (change,) = row_changes(before.observations, report.observations)
    assert (change.kind, change.row["share"]) == ("withdrawn", 0.44)
    assert moved(report).rows != 0.0
    assert "1 withdrawn." in words(report)


def test_another_parameter_a_setting_and_another_program_are_each_named(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    previous = publish(project, "2024-05-31")
    assert "parameter seed: 1, now 2" in words(read(project, "2024-05-31", seed=2, previous=previous))
    edit(project, "survey.toml", lambda text: text.replace("sd = 0.1", "sd = 0.2"))
    assert "(survey.toml)" in words(read(project, "2024-05-31", previous=previous))
    other = describe_code() | {"sha256": "0" * 64, "version": "9.9"}
    monkeypatch.setenv(MADE_BY, made_by_text(other, describe_packages()))
    assert "now 9.9, 000000000000" in words(read(project, "2024-05-31", previous=previous))


def test_a_report_before_that_was_tampered_with_is_not_compared(project: Path) -> None:
    previous = publish(project, "2024-05-31")
    file = project / previous / "observations.csv"
    file.write_text(file.read_text().replace("0.43", "0.13"))
    text = words(read(project, "2024-07-31", previous=previous))
    assert "its observations.csv is not as it was published" in text
    assert "0.13" not in text
    (project / previous / "manifest.json").write_text("{}")
    assert "its manifest.json is not as it was published" in words(
        read(project, "2024-07-31", previous=previous)
    )


@pytest.mark.parametrize("name", ["russia-mood", "us-household-pulse", "ukraine-outlook", "simulated-panel"])
def test_published_rows_read_back_are_the_same_rows(repository: Path, tmp_path: Path, name: str) -> None:
    survey = load_survey(repository / "surveys" / name)
    rows = observations(survey)
    file = tmp_path / "observations.csv"
    file.write_text(csv_text(rows), encoding="utf-8")
    back = read_rows(file)
    assert row_changes(back, rows) == []
    assert row_changes(rows, back) == []
    for column in ("share", "n_effective", "share_se"):
        np.testing.assert_array_equal(back[column].to_numpy(), rows[column].to_numpy())


def test_rows_that_only_changed_their_order_did_not_change(repository: Path) -> None:
    rows = observations(load_survey(repository / "surveys" / "russia-mood"))
    assert row_changes(rows, rows.sample(frac=1.0, random_state=3)) == []
    changed = rows.copy()
    changed.loc[changed.index[5], "n"] = 77
    (change,) = row_changes(rows, changed)
    assert (change.kind, change.changed) == ("revised", ("n",))
    assert isinstance(change.then, pd.Series)


def test_a_published_report_tells_what_changed_since_the_one_before(russian_report: Path) -> None:
    page = (russian_report / "index.html").read_text(encoding="utf-8")
    section = page[page.index('id="since-last"') :].split("</section>")[0]
    assert "Since the report of 31 December 2024: 7 new rows." in section
    assert "The method is the same" in section
    assert section.count("as published then.") == 2
    assert section.count('class="dumbbell"') == 2


def test_what_a_report_froze_is_what_the_next_one_scores(project: Path) -> None:
    """Neither wave's middle day is one of the grid's."""
    previous = publish(project, "2024-05-31")
    then, now = read(project, "2024-05-31"), read(project, "2024-07-31", previous=previous)
    frozen = read_before(project / previous).forecasts
    assert frozen is not None
    pd.testing.assert_frame_equal(frozen, then.forecasts, check_dtype=False, rtol=1e-12)
    scores = now.scores
    assert scores["end"].dt.strftime("%m-%d").tolist() == ["06-03", "07-03"]
    assert scores["observed"].tolist() == [0.52, 0.55]
    trend = then.evidence.reading("mood").trend
    assert trend is not None
    n = float(frozen["n_effective"].iloc[0])
    for row in scores.itertuples():
        asked = trend.next_wave("acme", n, row.start + pd.Timedelta(days=1), deff=1.0).iloc[0]
        for name in ("share", "low95", "high95"):
            assert getattr(row, name) == pytest.approx(asked[name], abs=0.002)
        assert row.inside95 == float(row.low95 <= row.observed <= row.high95)
    assert "of 2 new figures fell inside the 95% intervals frozen on 31 May 2024" in words(now)
    (project / previous / "forecasts.csv").write_text("edited")
    edited = read_before(project / previous)
    assert (edited.fault, edited.tampered, edited.forecasts) == ("", True, None)
