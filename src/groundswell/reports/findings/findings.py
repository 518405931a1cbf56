"""Findings: sentences about what moved, each allowed only by its evidence.

The words follow `adjusted` (see `comparisons`) by the one table WORDS, which the report prints; the probability that is
printed is the posterior's own. Below the table's last row there is no finding, and the page says in one line what it
cannot say: missing evidence is not evidence of calm. That a level stood still is a finding of its own.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from groundswell.reports.evidence.changes import Change, read_changes
from groundswell.reports.evidence.reading import Reading
from groundswell.reports.findings.said import changes_to_say, up_to_now
from groundswell.reports.findings.words import WORDS, change_sentence, decimals_of, word_for
from groundswell.reports.language.language import Language
from groundswell.reports.language.measure import Measure, measure_of

MARK = "\0"
SEARCHED = ("wave", "stretch", "shock", "house")
"""Kinds that are found by looking at many changes."""


@dataclass(frozen=True)
class Finding:
    """One sentence with its evidence.

    The sentence is `before` + `word` + `after`; `word` is what the page sets in bold. `claim` is the same as a
    headline, "" where it makes none; `now` says whether it speaks of the newest wave,
    `earlier` whether of a time before every wording changed. `size` and `interval` are written
    out for the reader; `estimate`, `low`, `high` are the same in share units, from the day `start` to the day `end`.
    `within` is the distance of "still". `probability` is the posterior's, `adjusted` what chose the word (all of these
    None for a lone figure). `target` is the id of the section that carries the evidence.
    """

    kind: str
    indicator: str
    target: str
    size: str
    interval: str
    before: str
    word: str
    after: str
    basis: str
    claim: str = ""
    now: bool = False
    earlier: bool = False
    adjusted: float | None = None
    probability: float | None = None
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    start: str | None = None
    end: str | None = None
    within: float | None = None

    @property
    def sentence(self) -> str:
        """The sentence in plain text."""
        return f"{self.before}{self.word}{self.after}"

    def record(self) -> dict[str, Any]:
        """The finding as findings.json keeps it."""
        return {**asdict(self), "sentence": self.sentence}


def change_findings(reading: Reading, compared: pd.DataFrame, language: Language) -> list[Finding]:
    """The findings of one indicator: what may be said of its rows of `comparisons` (see `changes_to_say`)."""
    changes = read_changes(compared)
    said = changes_to_say(changes)
    return [_change_finding(reading, one, up_to_now(one, changes), language) for one in said]


def _change_finding(reading: Reading, change: Change, now: bool, language: Language) -> Finding:
    say, word, measure = language.say, word_for(change.adjusted), measure_of(reading.indicator, language)
    before, _, after = change_sentence(reading, change, language, MARK).partition(MARK)
    # A headline leaves "almost certainly" out; every weaker word stays in it.
    claim = change_sentence(reading, change, language, "" if word == WORDS[0][0] else say(word))
    still = change.kind == "still"
    return Finding(
        kind=change.kind,
        indicator=reading.key,
        target=f"trend-{reading.key}",
        size=say("≤ {size}", size=_bound(change, measure)) if still else measure.size(change.estimate),
        interval=say("any two waves")
        if still
        else say("95%: {low} to {high}", low=measure.change(change.low), high=measure.change(change.high)),
        before=before,
        word=say(word),
        after=after,
        basis=_basis(change, language),
        claim=claim.replace("  ", " ").rstrip("."),
        now=now,
        earlier=change.end < reading.segments[-1].start,
        adjusted=change.adjusted,
        probability=change.probability,
        estimate=change.estimate,
        low=change.low,
        high=change.high,
        start=f"{change.start:%Y-%m-%d}",
        end=f"{change.end:%Y-%m-%d}",
        within=change.within if still else None,
    )


def _bound(change: Change, measure: Measure) -> str:
    return measure.size(change.within, decimals_of(change.within)).removeprefix("+")


def _basis(change: Change, language: Language) -> str:
    """What a change rests on: its probability, the search that found it, waves and houses."""
    parts = [language.say("Probability {p}", p=language.probability(change.probability))]
    if change.kind in SEARCHED and change.compared > 1:
        parts.append(
            language.count("found among {n} comparison", "found among {n} comparisons", change.compared)
        )
    parts.append(language.count("{n} wave", "{n} waves", change.waves))
    parts.append(language.count("{n} house", "{n} houses", change.houses))
    return " · ".join(parts)
