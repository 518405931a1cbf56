"""A page says how many respondents had no category of a margin, and what raking did with them."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from waves.respondents import respondents, survey_of

from groundswell.estimates.of_wave.weights.raking import weight_wave
from groundswell.reports.evidence.report import read_report
from groundswell.reports.evidence.wave import WaveEvidence, read_wave
from groundswell.reports.figures.figure import Figure
from groundswell.reports.language.language import Language
from groundswell.reports.language.without_category import RULES, without_category_words
from groundswell.reports.notebook.report import Report
from groundswell.reports.notebook.wave_profile import WaveProfile
from groundswell.reports.sections import wave as sections
from groundswell.waves import Survey
from groundswell.waves.wave.wave_toml import Wave, load_wave
from groundswell.waves.wave.waves_of_survey import load_waves

EN, RU = Language("en"), Language("ru")
AS_OF = pd.Timestamp("2024-12-31")
MARGINS = {
    "region": "category,total,source\nnorth,30,census\nsouth,70,census\n",
    "age": "category,total,source\nyoung,60,register\nold,40,register\n",
}
AGE = '\n[domains.age]\ncolumn = "age"\ncategories = { young = [1], old = [2] }\nmissing = [9]\n'
UNKNOWN = '[weighting.margins.age]\nwithout_category = "unknown"\n'


def aged(without: int) -> pd.DataFrame:
    """A hundred respondents, so many of them without an age."""
    ages = np.tile([1, 1, 2, 2, 2], 20)
    ages[:without] = 9
    return respondents(60, 40, age=ages)


def surveyed(parent: Path, without: dict[str, int], rules: dict[str, str]) -> Survey:
    """Waves with so many without an age and these rules, before they are raked."""
    survey = survey_of(parent, {name: aged(many) for name, many in without.items()}, margins=MARGINS)
    for name in without:
        toml = survey.folder / "waves" / f"{name}.toml"
        toml.write_text(toml.read_text() + AGE + rules.get(name, ""))
    return survey


def raked(survey: Survey, name: str) -> Wave:
    """The wave with its weights made and used."""
    toml = survey.folder / "waves" / f"{name}.toml"
    weighted = weight_wave(load_wave(toml, survey))
    named = f'[design]\nweights_file = "{weighted.file.name}"\n'
    toml.write_text(toml.read_text().replace("[design]\n", named, 1))
    return load_wave(toml, survey)


def words(piece: Any) -> str:
    return plain(re.sub(r"<[^>]+>", " ", piece.html))


def plain(text: str) -> str:
    return " ".join(html.unescape(text).split())


def caption(evidence: WaveEvidence, language: Language) -> str:
    figure = sections.weights(evidence, language)
    assert isinstance(figure, Figure)
    return plain(figure.caption)


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Survey:
    """Four raked waves: everyone has an age, two unasked at the other margins, one in a category of their own."""
    without = {"01": 0, "02": 3, "03": 5, "04": 20}
    survey = surveyed(tmp_path_factory.mktemp("gaps"), without, {"04": UNKNOWN})
    for name in without:
        raked(survey, name)
    return survey


def test_the_report_tells_it_where_it_tells_how_the_data_were_weighted(survey: Survey) -> None:
    evidence = read_report(survey, as_of=AS_OF)
    text = words(Report(evidence, EN).how_measured())
    item = text[text.index("How the data were weighted") : text.index("How the data were processed")]
    assert (
        "8 respondents of 2 waves have no category of `age` (up to 5.0% of a wave's weight): raked at the other "
        "margins, as no rule was chosen." in item
    )
    assert (
        "20 respondents of the wave 04 have no category of `age` (20.0% of the weight): held at that share as a "
        "category of their own." in item
    )
    assert item.count("no category") == 2  # nothing of region, or of the wave in which everyone has an age
    assert "missing: how the figures were weighted" in item  # the survey itself still does not say it
    russian = words(Report(evidence, RU).how_measured())
    assert (
        "У 8 респондентов нет категории `age` (2 волны; до 5,0 % веса волны): рейкинг по остальным" in russian
    )
    assert "В волне 04 у 20 респондентов нет категории `age` (20,0 % веса): они остались" in russian


def test_the_profile_tells_it_of_its_own_wave_under_the_weights(survey: Survey) -> None:
    waves = {wave.name: wave for wave in load_waves(survey)}
    of_two = read_wave(survey, waves["02"], as_of=AS_OF)
    said = (
        "3 respondents have no category of `age` (3.0% of the weight): raked at the other margins, as no rule"
    )
    assert said in caption(of_two, EN)
    assert "У 3 респондентов нет категории `age` (3,0 % веса)" in caption(of_two, RU)
    measured = words(WaveProfile(of_two, EN).how_measured())
    assert "3 respondents of the wave 02 have no category of `age` (3.0% of the weight)" in measured
    assert "20 respondents" not in measured
    everyone = read_wave(survey, waves["01"], as_of=AS_OF)
    assert "no category" not in caption(everyone, EN)


def test_a_preview_of_raking_tells_it_too(tmp_path: Path) -> None:
    survey = surveyed(tmp_path, {"01": 4}, {})
    said = caption(read_wave(survey, load_waves(survey)[0], as_of=AS_OF), EN)
    assert "“groundswell weight” would give those after it." in said
    assert "4 respondents have no category of `age` (4.0% of the weight): raked at the other margins" in said


@pytest.mark.parametrize("language", [EN, RU], ids=["en", "ru"])
@pytest.mark.parametrize("waves", [(), ("07",), ("07", "08")])
def test_every_rule_is_said_for_one_and_for_several(language: Language, waves: tuple[str, ...]) -> None:
    sentences = {
        without_category_words(
            {
                "variable": "age",
                "waves": waves,
                "respondents": many,
                "share": 0.031,
                "rule": rule,
                "chosen": True,
            },
            language,
        )
        for rule in RULES
        for many in (1, 3, 25)
    }
    assert len(sentences) == 3 * len(RULES)
    assert all("`age`" in sentence and language.percent(0.031, 1) in sentence for sentence in sentences)
