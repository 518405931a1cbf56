"""Which findings stand on the page, and which of them is its headline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from groundswell.reports.evidence.report import ReportEvidence
from groundswell.reports.findings.findings import Finding, change_findings
from groundswell.reports.findings.lone_shares import lone_findings
from groundswell.reports.language.language import Language

MOST = 4


@dataclass(frozen=True)
class Findings:
    """What a report has found, in one language.

    `every` is each sentence that the evidence allows, `chosen` are those that the page shows, `headline` is its claim.
    """

    every: tuple[Finding, ...]
    chosen: tuple[Finding, ...]
    headline: str

    @property
    def folded(self) -> list[Finding]:
        """The sentences that the page shows only at a click."""
        return [finding for finding in self.every if finding not in self.chosen]


def report_findings(evidence: ReportEvidence, language: Language) -> Findings:
    """Every finding of a report, indicator by indicator: its changes, then its lone figures."""
    every: list[Finding] = []
    for key, reading in evidence.readings.items():
        every += change_findings(reading, evidence.comparisons_of(key), language)
        every += lone_findings(reading, language)
    cuts = [cut for reading in evidence.readings.values() for cut in reading.unbridged()]
    claim = headline(every, evidence.survey.title, language, max(cuts, default=None))
    return Findings(tuple(every), tuple(choose(every)), claim)


def choose(findings: Sequence[Finding]) -> list[Finding]:
    """The page's findings, at most four: what moved first, then figures that cannot be checked, then what is open."""
    return sorted(findings, key=_rank)[:MOST]


def _rank(finding: Finding) -> tuple[int, float]:
    """Claims about now, claims about the past, lone figures, what is open, an open year; the more probable first."""
    if finding.kind == "lone":
        order = 2
    elif finding.claim:
        order = 1 if finding.kind == "earlier" else 0
    else:
        order = 4 if finding.kind == "year" else 3
    return order, -(finding.adjusted or 0.0)


def headline(
    findings: Sequence[Finding], title: str, language: Language, broken: pd.Timestamp | None = None
) -> str:
    """The page's claim: the clearest change up to now, and that the last year is open where it is.

    `broken` is the newest day on which every wording changed: nothing is compared with what was before.
    """
    claims = sorted(
        (f for f in findings if f.claim and f.kind != "earlier"), key=lambda f: -(f.adjusted or 0.0)
    )
    if not claims and broken is not None:
        return language.say(
            "{title}: no change that can be told from chance since the wording or method changed {when}",
            title=title,
            when=language.in_month(broken),
        )
    if not claims:
        return language.say("{title}: no change that can be told from chance", title=title)
    first = claims[0]
    year = next((f for f in findings if f.kind == "year" and f.indicator == first.indicator), None)
    if year is not None and year is not first and not year.claim:
        return language.say("{claim}; nothing can be said of the last year", claim=first.claim)
    return first.claim
