"""The masthead: survey, date, evidence, checks; the claim; what is followed."""

from __future__ import annotations

from groundswell.reports.evidence.report import ReportEvidence
from groundswell.reports.evidence.summary import summary
from groundswell.reports.findings.chosen import Findings
from groundswell.reports.html.markup import Block, fill
from groundswell.reports.language.language import Language, mark
from groundswell.reports.language.measure import measure_of


def masthead(evidence: ReportEvidence, findings: Findings, language: Language) -> Block:
    """Survey, date, evidence, checks; the claim; what is followed."""
    say, facts = language.say, summary(evidence)
    titles = [
        say(
            mark("{title}: the mean of {description} on {ends}")
            if reading.indicator.scale
            else mark("{title}: the share who {description}"),
            title=reading.title,
            description=reading.indicator.description,
            ends=measure_of(reading.indicator, language).scale,
        )
        for reading in (evidence.readings[key] for key in findings.in_full)
    ]
    if others := len(evidence.readings) - len(titles):
        titles.append(language.count("{n} other indicator", "{n} other indicators", others))
    html = fill(
        "masthead.html.j2",
        language,
        {
            "title": evidence.survey.title,
            "as_of": language.date(evidence.as_of),
            "waves": language.count("{n} wave", "{n} waves", facts["waves"]),
            "houses": language.count("{n} house", "{n} houses", facts["houses"]),
            "status": facts["status"],
            "checks": say(
                "{passed} of {run} checks passed", passed=facts["checks_passed"], run=facts["checks_run"]
            ),
            "headline": findings.headline,
            "deck": say(
                "{universe}. {titles}. Bands show what is not known.",
                universe=evidence.survey.universe,
                titles=". ".join(titles),
            ),
        },
    )
    return Block(html, "top", "", part="masthead")
