"""The pieces of a calibration's page: how a survey's frozen forecasts held, in sentences, a figure and tables."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from groundswell.reports.evidence.earlier.calibration import CalibrationEvidence
from groundswell.reports.figures.calibration import coverage_figure
from groundswell.reports.html.markup import Block, fill, paragraph, section
from groundswell.reports.html.tables import table
from groundswell.reports.language.language import Language
from groundswell.reports.sections.foreseen import scored_rows
from groundswell.trends.checks.scoring_rules import INTERVALS


def claim(evidence: CalibrationEvidence, language: Language) -> str:
    """The one line: how many figures the 95% intervals held."""
    scored = evidence.scored
    if scored.empty:
        return language.say("No forecast of this survey has come due yet")
    return language.count(
        "95% intervals held {held} of {n} figure that came",
        "95% intervals held {held} of {n} figures that came",
        len(scored),
        held=language.number(float(scored["inside95"].sum())),
    )


def masthead(evidence: CalibrationEvidence, language: Language) -> Block:
    """Survey, date, the report with which the chain ends, and the claim."""
    facts = summary(evidence, language)
    values = {
        "title": evidence.survey.title,
        "as_of": language.date(evidence.as_of),
        "waves": facts["kind"],
        "houses": language.count("{n} house", "{n} houses", facts["houses"]),
        "status": facts["status"],
        "checks": language.count("{n} figure scored", "{n} figures scored", len(evidence.scored)),
        "headline": facts["headline"],
        "deck": facts["deck"],
    }
    return Block(fill("masthead.html.j2", language, values), "top", "", part="masthead")


def summary(evidence: CalibrationEvidence, language: Language) -> dict[str, Any]:
    """What the archive shows of it; it warns where intervals held fewer figures than chance explains."""
    say, too_few, too_many = language.say, evidence.too_few(), evidence.too_many()
    parts = [
        say(
            "What each house would print next is frozen by every report, and scored by the next one of the survey."
        )
    ]
    if too_few:
        named = language.listed([language.percent(percent / 100) for percent in too_few])
        parts.append(say("Intervals of {percents} held fewer figures than chance explains.", percents=named))
    if too_many:
        named = language.listed([language.percent(percent / 100) for percent in too_many])
        parts.append(
            say("Intervals of {percents} held more than chance explains: they are wide.", percents=named)
        )
    return {
        "headline": claim(evidence, language),
        "deck": " ".join(parts),
        "kind": say("Calibration"),
        "status": "warned" if too_few else "passed",
        "houses": int(evidence.scored["house"].nunique()),
        "indicators": [],
    }


def coverage(evidence: CalibrationEvidence, language: Language) -> Block:
    """What the intervals promise and what they held, and what of it was forecast in earnest."""
    say, title = language.say, language.say("Coverage")
    if evidence.scored.empty:
        text = (
            say("No report of the survey has been published by that date.")
            if not evidence.newest
            else say(
                "The chain of forecasts ends with the report of {folder}, and none of its forecasts was scored.",
                folder=evidence.newest,
            )
        )
        return section("coverage", title, paragraph(text), language)
    body = coverage_figure(evidence.coverage(), language) + paragraph(_how_counted(evidence, language))
    return section("coverage", title, body, language)


def _how_counted(evidence: CalibrationEvidence, language: Language) -> str:
    """What counts, what does not, and how many forecasts were made when their figure was out."""
    say, scored = language.say, evidence.scored
    parts = [
        say(
            "A figure is one indicator of one wave; the figures of one wave, and of waves close in time, err together."
        )
    ]
    if late := int((~scored["ahead"].astype(bool)).sum()):
        parts.append(
            language.count(
                "{n} of these forecasts was made, for an earlier date, when its figure was out.",
                "{n} of these forecasts were made, for an earlier date, when their figures were out.",
                late,
            )
        )
    if others := len(evidence.figures) - len(scored):
        parts.append(
            language.count(
                "{n} more figure came that no forecast was made of, or that cannot be scored.",
                "{n} more figures came that no forecast was made of, or that cannot be scored.",
                others,
            )
        )
    if evidence.record.unsound:
        named = language.listed(evidence.record.unsound)
        parts.append(
            say("Not counted, since their scores are not as they were published: {reports}.", reports=named)
        )
    return " ".join(parts)


def by_part(evidence: CalibrationEvidence, language: Language) -> Block:
    """Coverage and CRPS by indicator, house and year; nothing where nothing was scored."""
    say = language.say
    if evidence.scored.empty:
        return Block("", part="note")
    rows = [
        (
            _whose(evidence, row["by"], row["whose"], language),
            int(row["forecasts"]),
            *(language.percent(row[f"coverage{percent}"]) for percent in INTERVALS),
            language.span(row["coverage95_low"], row["coverage95_high"]),
            float(100 * row["crps"]),
        )
        for row in evidence.summary.to_dict("records")
    ]
    columns = [say("Indicator, house or year"), say("Figures")]
    columns += [say("50% held"), say("80% held"), say("95% held"), say("95% of that"), say("CRPS, points")]
    numbers = pd.DataFrame(rows, columns=columns)
    numbers.attrs["right"] = columns[2:-1]
    title = say("By indicator, house and year")
    note = paragraph(
        say(
            "CRPS is how far a forecast was off, its width included: smaller is better. Of a mean, points are "
            "hundredths of its scale."
        )
    )
    return section("by-part", title, table(numbers, language, caption=title) + note, language)


def _whose(evidence: CalibrationEvidence, by: str, key: str, language: Language) -> str:
    """An indicator, house or year as a reader knows it."""
    survey = evidence.survey
    if by == "indicator" and key in survey.indicators:
        return survey.indicators[key].title
    if by == "house" and key in survey.houses:
        return survey.houses[key].name
    return language.say("All") if by == "all" else key


def misses(evidence: CalibrationEvidence, language: Language) -> Block:
    """Every figure that fell outside its 95% interval, the newest first; nothing where nothing was scored."""
    say = language.say
    if evidence.scored.empty:
        return Block("", part="note")
    title, missed = say("Outside the 95% interval"), evidence.misses
    body: Markup = paragraph(say("None of the figures."))
    if not missed.empty:
        rows = scored_rows(evidence.survey, missed, language).drop(columns=say("Inside"))
        rows[say("Foreseen by the report of")] = missed["foreseen_by"].to_numpy()
        body = table(rows, language, caption=title, folded=True)
    return section("misses", title, body, language)
