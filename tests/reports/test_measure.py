"""How an indicator's numbers are told: shares in percent, means on their scale, in every piece of the page."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from reports.hand_made import DrawnTrend, a_manifest, a_reading, a_row, a_survey, an_evidence, effect

from groundswell.reports.evidence.differences import Move
from groundswell.reports.evidence.reading import Reading
from groundswell.reports.figures.domain_words import panel_numbers
from groundswell.reports.figures.houses import house_figure
from groundswell.reports.figures.moves import difference_figure
from groundswell.reports.figures.trend.figure import trend_figure
from groundswell.reports.findings.chosen import report_findings
from groundswell.reports.html.markup import environment
from groundswell.reports.language.checks import check_sentence
from groundswell.reports.language.language import Language
from groundswell.reports.language.measure import Measure
from groundswell.reports.language.quality import quality_sentence
from groundswell.reports.publish.card import card_page
from groundswell.reports.sections.masthead import masthead
from groundswell.reports.sections.wave_table import wave_rows, wave_table

EN, RU = Language("en"), Language("ru")
SHARES, LADDER = Measure(EN, None), Measure(EN, (0, 10), "points")


def a_mean(*rows: dict[str, Any], unit: str | None = "points", **parts: Any) -> Reading:
    """A reading of the mean of a scale from 0 to 10."""
    survey = a_survey()
    stated = {"statistic": "mean", "scale": (0.0, 10.0), "unit": unit, "description": "wellbeing"}
    mood = survey.indicators["mood"].model_copy(update=stated)
    followed = survey.model_copy(update={"indicators": {**survey.indicators, "mood": mood}})
    return a_reading(*rows, survey=followed, **parts)


def text(html: object) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", str(html)).split())


@pytest.mark.parametrize(
    ("scale", "told"),
    [(None, "69%"), ((0, 10), "6.9"), ((0, 100), "69"), ((1, 5), "3.76"), ((0, 1), "0.69"), ((-5, 5), "1.9")],
)
def test_a_number_has_the_decimals_that_its_scale_can_tell_apart(
    scale: tuple[float, float] | None, told: str
) -> None:
    assert Measure(EN, scale).number(0.69) == told


def test_spans_changes_and_distances_of_a_mean() -> None:
    assert LADDER.span(0.67, 0.71) == "6.7–7.1"
    assert LADDER.interval95(0.67, 0.71) == "95%: 6.7–7.1"
    assert [LADDER.change(change) for change in (0.04, -0.04, 0.004)] == ["+0.4", "−0.4", "0.0"]
    assert (LADDER.size(0.04), SHARES.size(0.04)) == ("+0.4 points", "+4 pts")
    assert Measure(EN, (0, 10)).size(0.04) == "+0.4"
    assert (LADDER.change_in_words(-0.04), SHARES.change_in_words(-0.04)) == ("−0.4 points", "−4 points")
    assert (LADDER.distance_in_words(-0.04), SHARES.distance_in_words(-0.04)) == ("0.4 points", "4 points")
    assert Measure(RU, (0, 10)).span(0.67, 0.71) == "6,7–7,1"


def test_a_dash_does_not_stand_before_a_minus_sign() -> None:
    assert Measure(EN, (-5, 5)).span(0.3, 0.6) == "−2.0 to 1.0"
    assert Measure(EN, (-5, 5)).span(0.5, 0.6) == "0.0–1.0"


def test_a_printed_mean_has_the_decimals_that_it_was_printed_with() -> None:
    assert LADDER.printed(0.69, 0.69, 0.01) == "6.9"
    assert LADDER.printed(0.693, 0.693, 0.001) == "6.93"
    assert LADDER.printed(0.693, 0.693, 0.0) == "6.9"
    assert Measure(EN, (1, 5)).printed(0.6, 0.6, 0.1 / 4) == "3.4"


def test_a_scale_is_told_with_its_unit() -> None:
    assert (LADDER.bounds, LADDER.scale) == ("0–10", "0–10 points")
    assert Measure(EN, (0.5, 2)).scale == "0.5–2"
    assert (SHARES.bounds, SHARES.scale) == ("", "")


@pytest.mark.parametrize(
    ("measure", "span", "most", "step"),
    [
        (SHARES, 6.0, 6, 1.0),
        (SHARES, 6.1, 6, 2.0),
        (SHARES, 30.0, 6, 5.0),
        (SHARES, 100.0, 6, 20.0),
        (SHARES, 0.1, 7, 1.0),
        (LADDER, 1.8, 7, 0.5),
        (LADDER, 0.5, 5, 0.1),
        (LADDER, 10.0, 7, 2.0),
    ],
)
def test_ticks_are_round_steps_of_the_axis(measure: Measure, span: float, most: int, step: float) -> None:
    assert measure.tick_step(span, most) == pytest.approx(step)


def test_ticks_of_a_mean_have_no_percent_sign() -> None:
    assert LADDER.tick_texts([6.0, 6.5, 7.0], 0.5) == ["6.0", "6.5", "7.0"]
    assert LADDER.tick_texts([0, 5, 10], 5) == ["0", "5", "10"]
    assert SHARES.tick_texts([30, 35, 40], 5) == ["30", "35", "40%"]
    assert LADDER.whole_steps(0.3, 9.8, 2.0) == (0.0, 10.0, 2.0)


# -- pieces of the page


def test_the_figure_of_a_mean_has_its_own_axis_and_no_percent() -> None:
    figure = trend_figure(a_mean(), EN)
    assert figure.caption.startswith("Mean of wellbeing on 0–10 points: 3.6 in October 2024 (95%: 3.3–3.9)")
    assert "At its highest the level was 4.6, in April 2024." in figure.caption
    axis = figure.spec["layout"]["yaxis"]
    assert axis["ticktext"][0] == "3.0"
    assert axis["range"][0] == pytest.approx(3.0, abs=0.05)
    drawn = json.dumps(figure.spec["data"], default=str, ensure_ascii=False)
    assert "%" not in drawn.replace("%{", "").replace("95%", "")
    assert "3.6 ± 0.20" in drawn
    assert figure.numbers.columns[1] == "Level, 0–10"
    assert figure.numbers.iloc[-1, 1] == pytest.approx(3.6)
    assert "%" not in figure.alternative.replace("95%", "")


def test_findings_and_masthead_of_a_mean_speak_in_its_unit() -> None:
    reading = a_mean()
    compared = pd.DataFrame(
        [
            {"indicator": "mood", "kind": "wave", "label": ""}
            | {"start": pd.Timestamp("2024-04-09"), "end": pd.Timestamp("2024-10-09")}
            | {"estimate": -0.1, "se": 0.015, "low": -0.13, "high": -0.07, "probability_fall": 0.999}
            | {"probability_rise": 0.001, "probability": 0.999, "adjusted": 0.995, "waves": 3, "houses": 1}
            | {"compared": 3, "segment": 1, "share_start": 0.46, "share_end": 0.36, "within": float("nan")}
        ]
    )
    evidence = an_evidence(reading, compared=compared)
    found = report_findings(evidence, EN)
    assert (found.chosen[0].size, found.chosen[0].interval) == ("−1.0 points", "95%: −1.3 to −0.7")
    assert "fell from its highest, 4.6 in April 2024, to 3.6 in October 2024" in found.chosen[0].sentence
    assert (found.chosen[0].estimate, found.chosen[0].low) == (
        -0.1,
        -0.13,
    )  # below the words all is in [0, 1]
    assert "Mood: the mean of wellbeing on 0–10 points" in text(masthead(evidence, found, EN).html)


def test_houses_of_a_mean_stand_apart_in_its_unit() -> None:
    rows = (a_row("2024-04-10"), a_row("2024-05-10", house="bell", variant="bell"))
    effects = pd.DataFrame([effect("bell", "bell", 0.05), effect("acme", "acme", 0.0, 0.0)])
    trend = DrawnTrend({"2024-01-01": 0.4, "2024-12-31": 0.4}, effects=effects)
    figure = house_figure(a_mean(*rows, trend=trend), EN)
    assert figure is not None
    assert "Bell & Co: +0.5 points (95%: +0.3 to +0.7), 1 wave." in figure.alternative
    assert "on the scale of 0–10 points" in figure.caption
    assert figure.numbers["Distance from the level"].tolist() == [0.5, 0.0]


def test_the_table_of_domains_of_a_mean_is_on_its_scale() -> None:
    rows = pd.DataFrame([a_row("2024-10-10", 0.5, domain="sex: men")])
    table = panel_numbers(rows, [SimpleNamespace(key="sex: men", variable="sex", label="men")], LADDER)  # type: ignore[list-item]
    assert table.iloc[0, -2:].tolist() == ["5.00", "4.80–5.20"]
    assert table.columns[-2] == "Mean, 0–10"


def test_indicators_with_other_axes_move_on_axes_of_their_own() -> None:
    def move(reading: Reading) -> Move:
        level = {"share": 0.40, "low95": 0.37, "high95": 0.43}
        days = {"then_day": pd.Timestamp("2024-05-02"), "now_day": pd.Timestamp("2024-10-09")}
        parts = {"method": 0.0, "rows": 0.0, "hindsight": 0.0}
        movement = {"estimate": -0.04, "low": -0.1, "high": 0.0}
        now = {"share": 0.36, "low95": 0.33, "high95": 0.39}
        return Move(reading=reading, then=level, same_day=level, now=now, movement=movement, **days, **parts)

    before: Any = SimpleNamespace(as_of=pd.Timestamp("2024-05-31"))
    drawn = difference_figure([move(a_reading()), move(a_mean())], before, EN)
    assert str(drawn).count('class="dumbbell axis"') == 2
    assert "40% on 2 May 2024, 36% on 9 October 2024" in drawn
    assert "4.0 on 2 May 2024, 3.6 on 9 October 2024" in drawn
    assert "Mood (0–10 points)" in text(drawn)
    alone = difference_figure([move(a_reading()), move(a_reading())], before, EN)
    assert str(alone).count('class="dumbbell axis"') == 1
    assert "Level now, %" in alone


CHANGES = pd.DataFrame(
    [
        {"house": "acme", "variant": "acme", "mode": "telephone", "estimate": -0.08, "covariance": 1e-5}
        | {
            "start": pd.Timestamp("2024-10-08"),
            "end": pd.Timestamp("2024-10-10"),
            "low": -0.11,
            "high": -0.05,
        }
    ]
)


def test_the_wave_table_shows_each_wave_against_the_one_before_it() -> None:
    newest, *older = wave_rows(a_mean(), CHANGES, EN).to_dict("records")
    assert text(newest["Change"]) == "−0.80 ± 0.30"
    assert {row["Change"] for row in older} == {"–"}
    assert text(newest["Mean, 0–10"]) == "3.6"
    assert newest["± margin"] == pytest.approx(0.2)
    shares = wave_rows(a_reading(), CHANGES, EN).to_dict("records")
    assert text(shares[0]["Change"]) == "−8.0 ± 3.0"
    assert "Change" not in wave_rows(a_reading(), CHANGES.iloc[:0], EN)


def test_the_wave_table_says_what_a_change_is_and_what_is_known_of_it() -> None:
    said = text(wave_table(a_mean(), CHANGES, EN).html)
    assert (
        "on 0–10 points, with its 95% interval; no model. 1 of 1 allows for what its two waves share" in said
    )
    fresh = text(wave_table(a_reading(), CHANGES.assign(covariance=0.0), EN).html)
    assert "in percentage points, with its 95% interval; no model." in fresh
    assert "allow" not in fresh


def test_checks_of_a_mean_are_told_on_its_scale() -> None:
    noise = {"dispersion": 1.0, "excess_sd": 0.08}
    assert "about 2.0 points at one half" in check_sentence("noise", "passed", noise, EN)
    mean = noise | {"scale": [0, 10], "unit": "points"}
    assert "about 0.20 points in the middle of the scale" in check_sentence("noise", "passed", mean, EN)
    printed = {"subject": "mood", "source": "Acme", "printed": 0.69, "estimated": 0.7125, "number": 0.02}
    assert "gives 6.90 for `mood`; the wave's own file gives 7.12" in quality_sentence(
        "printed_share", printed | {"scale": [0, 10]}, EN
    )


def test_the_checks_of_a_reading_know_the_scale_of_its_noise_alone() -> None:
    checks = pd.DataFrame(
        {"code": ["noise", "overlap"], "verdict": "passed", "values": [{"excess_sd": 0.1}, {"groups": []}]}
    )
    trend = DrawnTrend({"2024-01-01": 0.4, "2024-12-31": 0.4}, checks=checks)
    noise, overlap = a_mean(trend=trend).diagnostics()["values"]
    assert noise == {"excess_sd": 0.1, "scale": [0.0, 10.0], "unit": "points"}
    assert overlap == {"groups": []}


def test_the_archive_and_the_card_show_a_mean_on_its_scale() -> None:
    share = {"indicator": "mood", "title": "Mood", "share": 0.69, "low95": 0.67, "high95": 0.71, "spark": []}
    mean = share | {"scale": [0.0, 10.0], "unit": "points"}
    manifest = a_manifest("2024-12-31", report={"headline": "Calm", "indicators": [share, mean]})
    card = text(card_page(manifest))
    assert "69% 95%: 67–71%" in card
    assert "6.9 95%: 6.7–7.1" in card
    spoken = {"say": EN.say, "count": EN.count, "language": EN, "measure": partial(Measure, EN)}
    macros: Any = environment().get_template("archive_macros.html.j2").make_module(spoken)
    listed = [asdict(each) | {"spark": None} for each in manifest.report.indicators]
    page = text(macros.indicators({"indicators": listed, "language": "en", "direction": "ltr"}))
    assert "69% 95%: 67–71%" in page
    assert "6.9 95%: 6.7–7.1" in page


def test_arrays_and_single_numbers_are_drawn_alike() -> None:
    assert LADDER.drawn(0.69) == pytest.approx(6.9)
    assert LADDER.drawn(np.array([0.0, 1.0])).tolist() == [0.0, 10.0]
    assert SHARES.drawn(0.69) == pytest.approx(69.0)
    assert LADDER.drawn_change(-0.04) == pytest.approx(-0.4)
