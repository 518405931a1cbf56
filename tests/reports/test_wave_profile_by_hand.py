"""A wave's profile from a small wave: who answered, its shares and weights, hidden domains, and their words."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from waves.respondents import respondents, survey_of

from groundswell.errors import InputError
from groundswell.estimates.of_wave.weights.raking_preview import RakingObstacle
from groundswell.reports.evidence.wave import WaveEvidence, WeightTables, read_wave
from groundswell.reports.figures.figure import Figure
from groundswell.reports.figures.wave import question_figure, shares_by_domain, who_figure
from groundswell.reports.html.markup import NOTHING, Block
from groundswell.reports.language.language import Language
from groundswell.reports.notebook.wave_profile import WaveProfile
from groundswell.reports.sections import wave as sections
from groundswell.waves.wave.waves_of_survey import load_waves

EN = Language("en")
AS_OF = pd.Timestamp("2024-12-31")
REGIONS = np.repeat(["capital", "coast", "hills", "islands"], [60, 35, 14, 6])
MARGIN = "category,total,source\ncapital,50,census\ncoast,30,census\nhills,15,census\nislands,5,census\n"
NOT_HELD = RakingObstacle("margins_not_held", {})
HIDDEN = {"region: hills", "region: islands"}


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> WaveEvidence:
    """The second of two waves: 115 respondents, 60 of whom say yes, 5 without an answer; two regions are small."""
    weight = np.where(np.arange(115) % 2, 0.5, 1.5)
    waves = {
        name: respondents(60, 50, 5, region=np.roll(REGIONS, 40), weight=weight, cluster=np.arange(115))
        for name in ("01", "02")
    }
    survey = survey_of(tmp_path_factory.mktemp("wave"), waves, margins={"region": MARGIN})
    return read_wave(survey, load_waves(survey)[-1], as_of=AS_OF)


def words(piece: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", piece.html).split())


def test_a_wave_s_evidence_is_about_that_wave_alone(evidence: WaveEvidence) -> None:
    assert (evidence.wave.name, evidence.indicators, evidence.n, evidence.weighted) == (
        "02",
        ["anxiety"],
        115,
        True,
    )
    assert set(evidence.observations["domain"]) == {"all"}
    assert set(evidence.observations["end"]) == {pd.Timestamp(evidence.wave.end)}
    assert set(evidence.quality["wave"]) == {"02"}
    # The wave before it is there to be compared with.
    assert "non_response_change" in set(evidence.quality["code"])
    assert evidence.truth.empty
    assert evidence.title_of("anxiety") == "Anxious mood"
    assert set(evidence.checks["verdict"]) <= {"passed", "warned"}
    assert (evidence.checks["verdict"] == "warned").sum() == (evidence.quality["verdict"] == "flagged").sum()
    with pytest.raises(InputError, match="`anxeity` is not an indicator of `02`: did you mean `anxiety`"):
        evidence.shares_of("anxeity")


def test_hidden_domains_are_named_and_nowhere_drawn(evidence: WaveEvidence) -> None:
    figures = (question_figure(evidence, "anxiety", EN), who_figure(evidence, EN))
    for figure in figures:
        drawn = json.dumps([trace["text"] for trace in figure.spec["data"]])
        assert "coast" in drawn
        assert "hills" not in drawn
        assert "islands" not in drawn
        hidden = figure.numbers[figure.numbers["Domain"].isin(HIDDEN)]
        assert len(hidden) == 2
        assert (hidden["n"] == "hidden").all()
        assert any("respondents are hidden" in note for note in figure.notes)
        assert "region: hills: hidden." in figure.alternative
    assert (figures[0].numbers.set_index("Domain").loc[list(HIDDEN), "Share"] == "hidden").all()
    assert (figures[1].numbers.set_index("Domain").loc[list(HIDDEN), "weighted"] == "hidden").all()


def test_the_question_s_figure_draws_the_estimates_in_percent(evidence: WaveEvidence) -> None:
    figure = question_figure(evidence, "anxiety", EN)
    kept = evidence.shares_of("anxiety").set_index("domain")
    points = figure.spec["data"][0]
    assert points["x"][0] == pytest.approx(kept.loc["all", "share"] * 100, abs=0.005)
    low = points["x"][0] - points["error_x"]["arrayminus"][0]
    assert low == pytest.approx(kept.loc["all", "share_low"] * 100, abs=0.01)
    reference = figure.spec["layout"]["shapes"][-1]["x0"]
    assert reference == pytest.approx(kept.loc["all", "share"] * 100)
    assert list(figure.numbers.columns) == [
        "Domain",
        "n",
        "effective n",
        "deff",
        "Share",
        "95% from",
        "up to",
    ]
    assert figure.numbers["Domain"].iloc[0] == "everyone"
    assert "Question: Did you have attacks of anxiety?" in figure.notes[0]
    assert "simulated" not in figure.caption


def test_the_truth_of_a_simulated_wave_stands_in_its_figure(evidence: WaveEvidence) -> None:
    known = replace(evidence)
    truth = {"wave": "02", "indicator": "anxiety", "domain": ["all", "region: coast"], "share": [0.5, 0.6]}
    known.__dict__["truth"] = pd.DataFrame(truth)
    figure = question_figure(known, "anxiety", EN)
    assert figure.numbers["truth (simulated)"].tolist()[:3] == ["50.0%", "–", "60.0%"]
    assert [shape["x0"] for shape in figure.spec["layout"]["shapes"][:2]] == [50.0, 60.0]
    assert "Upright lines are the simulated truth." in figure.caption
    assert shares_by_domain(known.truth, "share") == {"all": 0.5, "region: coast": 0.6}


def test_who_answered_gives_respondents_weight_and_population_side_by_side(evidence: WaveEvidence) -> None:
    figure = who_figure(evidence, EN)
    rows = figure.numbers.set_index("Domain")
    assert list(rows.columns) == [
        "n",
        "of respondents",
        "weighted",
        "of the population",
        "weighted, points off",
    ]
    capital = evidence.sample.domains.set_index("domain").loc["region: capital"]
    assert rows.loc["region: capital", "n"] == "60"
    assert rows.loc["region: capital", "of respondents"] == "52.2%"
    assert rows.loc["region: capital", "of the population"] == "50.0%"
    assert rows.loc["region: capital", "weighted, points off"] == EN.points(capital["of_weight"] - 0.5, 1)
    assert rows.loc["region: hills", "weighted, points off"] == "–"
    assert "everyone" not in rows.index
    assert "115 respondents with a weight above zero." in figure.caption
    assert "Upright lines: share of the population (census)." in figure.caption
    by_weight, of_respondents = figure.spec["data"]
    assert by_weight["x"][0] == pytest.approx(capital["of_weight"] * 100, abs=0.005)
    assert of_respondents["x"][0] == pytest.approx(6000 / 115, abs=0.005)


def test_without_weights_the_marks_are_shares_of_respondents(evidence: WaveEvidence) -> None:
    design = evidence.wave.design.model_copy(update={"weight": None})
    plain = replace(evidence, wave=evidence.wave.model_copy(update={"design": design}))
    assert not plain.weighted
    figure = who_figure(plain, EN)
    assert "115 respondents, all with the same weight. Marks: share of respondents." in figure.caption
    assert len(figure.spec["data"]) == 1


@pytest.mark.parametrize(
    ("state", "obstacle", "said"),
    [
        ("raked", None, "The estimates use the raked weights."),
        ("not_raked", None, "The wave is not raked."),
        (
            "cannot_be_raked",
            NOT_HELD,
            "The wave is not raked, and cannot be: the margins cannot be held together",
        ),
        (
            "would_be_raked",
            None,
            "The estimates use the weights before raking; “groundswell weight” would give",
        ),
    ],
)
def test_the_weights_figure_says_what_became_of_raking(
    evidence: WaveEvidence, state: Any, obstacle: RakingObstacle | None, said: str
) -> None:
    chosen = replace(evidence)
    chosen.__dict__["weights"] = WeightTables(
        evidence.sample.diagnostics, evidence.sample.bins, state, obstacle
    )
    figure = sections.weights(chosen, EN)
    assert isinstance(figure, Figure)
    assert said in figure.caption


def test_a_wave_that_could_be_raked_shows_both_and_one_without_weights_says_so(
    evidence: WaveEvidence,
) -> None:
    assert evidence.weights.state == "would_be_raked"
    assert list(evidence.weights.diagnostics["weights"]) == ["before_raking", "after_raking"]
    assert "What the weights cost" in words(sections.weight_diagnostics(evidence, EN))
    bare = replace(evidence)
    empty = evidence.sample.diagnostics.head(0)
    bare.__dict__["weights"] = WeightTables(empty, evidence.sample.bins.head(0), "not_raked")
    piece = sections.weights(bare, EN)
    assert isinstance(piece, Block)
    assert "The wave has no weights" in words(piece)
    assert sections.weight_diagnostics(bare, EN) is NOTHING


def test_a_wave_without_domains_has_a_profile(evidence: WaveEvidence, tmp_path: Path) -> None:
    sample = evidence.sample.domains
    bare = replace(evidence, sample=replace(evidence.sample, domains=sample[sample["domain"] == "all"]))
    profile = WaveProfile(bare, EN)
    assert "The wave has no domains" in words(profile.who_answered())
    profile.save(tmp_path)
    assert profile.question("anxiety").key == "question-anxiety"


def test_the_profile_says_its_shares_its_fieldwork_and_how_many_answered(evidence: WaveEvidence) -> None:
    everyone = evidence.everyone("anxiety")
    share = EN.percent(everyone["share"])
    assert sections.claim(evidence, EN) == f"Anxious mood {share}: wave of 2–9 Mar 2023"
    numbers = sections.summary(evidence, EN)
    flagged = int((evidence.quality["verdict"] == "flagged").sum())
    assert numbers["status"] == ("warned" if flagged else "passed")
    assert numbers["checks_passed"] == len(evidence.quality) - flagged
    assert numbers["checks_run"] == len(evidence.quality)
    assert (
        numbers["deck"]
        == "Adults 18+ in Ruritania. 115 respondents. Intervals are 95% ones and allow for the design."
    )
    (indicator,) = numbers["indicators"]
    assert (indicator["share"], indicator["low95"], indicator["high95"]) == (
        everyone["share"], everyone["share_low"], everyone["share_high"],
    )  # fmt: skip
    kept = replace(
        evidence, respondents_here=False, wave=evidence.wave.model_copy(update={"simulated": True})
    )
    deck = sections.summary(kept, EN)["deck"]
    assert deck.startswith("Simulated respondents: no real person was asked. Adults")
    assert "The respondents are not here; the figures were kept when they were." in deck
    assert sections.claim(kept, EN).startswith(f"Anxious mood (simulated) {share}")
    assert "Wave profile: 02" in words(sections.masthead(evidence, EN))


def test_a_profile_saves_four_tables_that_name_their_wave_and_origin(
    evidence: WaveEvidence, tmp_path: Path
) -> None:
    WaveProfile(evidence, EN).save(tmp_path)
    for name in ("shares", "sample", "weights", "quality"):
        table = pd.read_csv(tmp_path / f"{name}.csv")
        assert set(table["survey"]) == {"ruritania"}, name
        assert set(table["wave"].astype(str).str.zfill(2)) == {"02"}, name
        assert set(table["origin"]) == {"respondents"}, name
    sample = pd.read_csv(tmp_path / "sample.csv")
    hidden = sample[sample["domain"].isin(HIDDEN)]
    assert hidden[["n", "of_respondents", "of_weight"]].isna().all(axis=None)
    assert sample["of_population"].sum() == pytest.approx(1.0)
    checks = json.loads((tmp_path / "checks.json").read_text())
    assert {"code", "indicator", "verdict", "sentence"} <= set(checks[0])
    simulated = replace(evidence, wave=evidence.wave.model_copy(update={"simulated": True}))
    assert set(simulated.tables()["shares"]["origin"]) == {"simulated"}


def test_the_faces_are_thin_and_show_what_the_sections_say(evidence: WaveEvidence) -> None:
    profile = WaveProfile(evidence, EN)
    assert repr(profile).splitlines()[:2] == ["profile: ruritania, 02", "indicators: anxiety"]
    assert profile.claim() == sections.claim(evidence, EN)
    assert profile.headline().html == sections.masthead(evidence, EN).html
    assert profile.data_quality().section == "data-quality"
    assert profile.how_measured().section == "how-measured"
    assert profile.question("anxiety").key == "question-anxiety"
    assert profile.who_answered().key == "who-answered"
    assert profile.shares is evidence.shares
