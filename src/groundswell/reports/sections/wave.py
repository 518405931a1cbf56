"""The pieces of a wave profile that are not figures by domain."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pandas as pd
from markupsafe import Markup

from groundswell.reports.evidence.wave import WaveEvidence, WeightTables
from groundswell.reports.figures.figure import Figure
from groundswell.reports.figures.wave import who_figure
from groundswell.reports.figures.weights import key_words, weights_figure, weights_table
from groundswell.reports.html.markup import NOTHING, Block, fill, paragraph, section
from groundswell.reports.html.tables import csv_link, table
from groundswell.reports.language.language import Language
from groundswell.reports.language.measure import measure_of
from groundswell.reports.language.quality import raking_obstacle_words
from groundswell.reports.language.without_category import without_category_words
from groundswell.reports.sections.data_quality import profile_quality
from groundswell.vocabulary import EVERYONE

MOST_CLAIMED = 3


def claim(evidence: WaveEvidence, language: Language) -> str:
    """The wave's shares in one line: "Anxious mood 30%, long-term planning 26%: wave of 11–17 Nov 2024"."""
    parts = []
    for key in evidence.indicators[:MOST_CLAIMED]:
        measure = measure_of(evidence.survey.indicators[key], language)
        parts.append(f"{evidence.title_of(key)} {measure.number(evidence.everyone(key)['share'])}")
    lower = [parts[0], *(part[0].lower() + part[1:] for part in parts[1:])]
    return language.say(
        "{shares}: wave of {fieldwork}", shares=", ".join(lower), fieldwork=fieldwork(evidence, language)
    )


def fieldwork(evidence: WaveEvidence, language: Language) -> str:
    """When people were asked, as far as it is known."""
    wave = evidence.wave
    return language.period(pd.Timestamp(wave.start), pd.Timestamp(wave.end), wave.precision)


def masthead(evidence: WaveEvidence, language: Language) -> Block:
    """Survey, wave, fieldwork and house; the claim; what the page holds."""
    say, facts = language.say, summary(evidence, language)
    html = fill(
        "masthead.html.j2",
        language,
        {
            "title": evidence.survey.title,
            "as_of": language.date(evidence.as_of),
            "waves": facts["kind"],
            "houses": evidence.survey.houses[evidence.wave.house].name,
            "status": facts["status"],
            "checks": say(
                "{passed} of {run} checks of the data passed",
                passed=facts["checks_passed"],
                run=facts["checks_run"],
            ),
            "headline": facts["headline"],
            "deck": facts["deck"],
        },
    )
    return Block(html, "top", "", part="masthead")


def summary(evidence: WaveEvidence, language: Language) -> dict[str, Any]:
    """What the archive shows of a profile; the keys are those of a report, and `kind`."""
    say = language.say
    flagged = int((evidence.quality["verdict"] == "flagged").sum())
    parts = [
        evidence.survey.universe + ".",
        language.count("{n} respondent.", "{n} respondents.", evidence.n),
    ]
    if evidence.wave.simulated:
        parts.insert(0, say("Simulated respondents: no real person was asked."))
    if not evidence.respondents_here:
        parts.append(say("The respondents are not here; the figures were kept when they were."))
    parts.append(say("Intervals are 95% ones and allow for the design."))
    return {
        "headline": claim(evidence, language),
        "deck": " ".join(parts),
        "kind": say("Wave profile: {wave}", wave=evidence.wave.name),
        "status": "warned" if flagged else "passed",
        "waves": 1,
        "houses": 1,
        "checks_passed": len(evidence.quality) - flagged,
        "checks_run": len(evidence.quality),
        "indicators": [_indicator(evidence, key) for key in evidence.indicators],
    }


def _indicator(evidence: WaveEvidence, key: str) -> dict[str, Any]:
    row = evidence.everyone(key)
    return {
        "indicator": key,
        "title": evidence.title_of(key),
        "date": evidence.wave.end.isoformat(),
        "share": float(row["share"]),
        "low95": float(row["share_low"]),
        "high95": float(row["share_high"]),
        "spark": [],
        **evidence.survey.indicators[key].scale_record,
    }


def who_answered(evidence: WaveEvidence, language: Language) -> Figure | Block:
    """Respondents by domain; a sentence where the wave has no domains."""
    if (evidence.sample.domains["domain"] == EVERYONE).all():
        text = language.say("The wave has no domains, so that nothing is said of who answered.")
        return section("who-answered", language.say("Who answered"), paragraph(text), language)
    return who_figure(evidence, language)


def weights(evidence: WaveEvidence, language: Language) -> Figure | Block:
    """The spread of the weights; a sentence where there are none."""
    say, weights = language.say, evidence.weights
    if weights.diagnostics.empty:
        text = say("The wave has no weights: every respondent counts the same.")
        return section("weights", say("Weights"), paragraph(text), language)
    parts = (
        say("Share of respondents by their weight, in steps of a tenth of the mean."),
        key_words(weights.bins, language),
        _weights_state(weights, language),
        *(
            without_category_words({"variable": variable, "waves": (), **asdict(found)}, language)
            for variable, found in weights.without.items()
        ),
    )
    caption = " ".join(filter(None, parts))
    return weights_figure(weights.diagnostics, weights.bins, caption, language, say("Weights"))


def _weights_state(weights: WeightTables, language: Language) -> str:
    """Which weights the estimates use, and what became of raking."""
    say = language.say
    match weights.state:
        case "raked":
            return say("The estimates use the raked weights.")
        case "not_raked":
            return say("The wave is not raked.")
        case "cannot_be_raked":
            assert weights.obstacle is not None
            reason = raking_obstacle_words(weights.obstacle.code, weights.obstacle.values, language)
            return say("The wave is not raked, and cannot be: {reason}.", reason=reason)
        case "would_be_raked":
            return say(
                "The estimates use the weights before raking; “groundswell weight” would give those after it."
            )


def weight_diagnostics(evidence: WaveEvidence, language: Language) -> Block:
    """The diagnostics under the figure."""
    diagnostics, say = evidence.weights.diagnostics, language.say
    if diagnostics.empty:
        return NOTHING
    rows = weights_table(diagnostics, language)
    csv = csv_link(rows, "weight-diagnostics.csv", language)
    return Block(
        str(
            table(rows, language, caption=say("What the weights cost"))
            + Markup("<p class=note>{}</p>").format(csv)
        ),
        part="note",
    )


def quality(evidence: WaveEvidence, language: Language) -> Block:
    """The checks of the data."""
    title = language.say("Data quality")
    return section("data-quality", title, profile_quality(evidence.quality, language), language)
