"""Which findings stand on the page, which of them is its headline, and what the page cannot say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from groundswell.reports.evidence.report import ReportEvidence
from groundswell.reports.findings.findings import Finding, change_findings
from groundswell.reports.findings.lone_shares import lone_findings
from groundswell.reports.findings.words import WORDS
from groundswell.reports.language.language import Language

MOST = 4
ALL_IN_FULL = 12
"""Up to so many indicators the page shows each in full; of more, those that its findings speak of."""
WEAKEST = WORDS[-2][1]
"""Below this only the weakest word is left."""


@dataclass(frozen=True)
class Findings:
    """What a report has found, in one language.

    `every` is each sentence that the evidence allows, `chosen` are those that the page shows, `headline` is its claim.
    `in_full` are the indicators that the page shows with figures and tables.
    `open` is the one line about the indicators of whose newest wave nothing can be said, "" where there are none.
    """

    every: tuple[Finding, ...]
    chosen: tuple[Finding, ...]
    headline: str
    open: str
    in_full: tuple[str, ...]

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
    chosen, silent = choose(every), open_line(evidence, every, language)
    return Findings(tuple(every), tuple(chosen), claim, silent, in_full(list(evidence.readings), chosen))


def choose(findings: Sequence[Finding]) -> list[Finding]:
    """The page's findings, at most four: the foremost of each indicator, then the foremost of all that are left."""
    ranked = sorted(findings, key=_rank)
    first = {finding.indicator: finding for finding in reversed(ranked)}
    rest = [finding for finding in ranked if finding is not first[finding.indicator]]
    foremost = [finding for finding in ranked if finding is first[finding.indicator]]
    return sorted([*foremost, *rest][:MOST], key=_rank)


def in_full(indicators: Sequence[str], chosen: Sequence[Finding]) -> tuple[str, ...]:
    """The indicators that the page shows in full, with figures and tables: all of few, else those of its findings."""
    spoken = {finding.indicator for finding in chosen}
    few = len(indicators) <= ALL_IN_FULL
    return tuple(key for key in indicators if few or key in spoken)


def _rank(finding: Finding) -> tuple[int, float]:
    """Claims about now, what else moved in the words that are asked now, lone figures, what stood still, what moved in
    earlier words, weak claims about the past; the larger first."""
    if finding.kind == "lone":
        order = 2
    elif finding.kind == "still":
        order = 3
    elif finding.now:
        order = 0
    elif (finding.adjusted or 0.0) < WEAKEST:
        order = 5
    else:
        order = 4 if finding.earlier else 1
    return order, -abs(finding.estimate or 0.0)


def headline(
    findings: Sequence[Finding], title: str, language: Language, broken: pd.Timestamp | None = None
) -> str:
    """The page's claim: the clearest change up to now, else the clearest before, else that the level stood still.

    `broken` is the newest day on which every wording changed: nothing is compared with what was before.
    """
    claims = [finding for finding in findings if finding.claim and not finding.earlier]
    moved = [finding for finding in claims if finding.kind != "still"]
    for some in ([finding for finding in moved if finding.now], moved):
        if some:
            surest = max(min(finding.adjusted or 0.0, WORDS[0][1]) for finding in some)
            sure = (finding for finding in some if (finding.adjusted or 0.0) >= surest)
            return max(sure, key=lambda finding: abs(finding.estimate or 0.0)).claim
    if claims:
        return min(claims, key=lambda finding: finding.within or 0.0).claim
    if broken is not None:
        return language.say(
            "{title}: no change that can be told from chance since the wording or method changed {when}",
            title=title,
            when=language.in_month(broken),
        )
    return language.say("{title}: no change that can be told from chance", title=title)


def open_line(evidence: ReportEvidence, findings: Sequence[Finding], language: Language) -> str:
    """The one line about what cannot be said: indicators without any claim about their newest wave."""
    spoken = {finding.indicator for finding in findings if finding.now}
    silent = [
        language.say("{title} ({month})", title=reading.title, month=language.month(reading.last))
        for key, reading in evidence.readings.items()
        if key not in spoken and reading.segments
    ]
    if not silent:
        return ""
    return language.say(
        "Nothing can be said of a change up to the newest wave of {series}: it cannot be told from chance.",
        series=language.listed(silent),
    )
