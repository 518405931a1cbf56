"""Findings: sentences about what moved, each allowed only by its evidence.

The words follow `adjusted`, the probability of the direction after every comparison on the page (see `comparisons`),
by the one table WORDS, which the report prints. Below the table's last row the sentence says that nothing can be
said; it never says "no change", because missing evidence is not evidence of calm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from groundswell.reports.evidence.changes import UP_TO_NOW, Change, of_kinds, read_changes
from groundswell.reports.evidence.reading import Reading
from groundswell.reports.findings.words import WORDS, change_sentence, word_for
from groundswell.reports.language.language import Language
from groundswell.reports.language.measure import measure_of

STALE_MONTHS = 3
MARK = "\0"


@dataclass(frozen=True)
class Finding:
    """One sentence with its evidence.

    The sentence is `before` + `word` + `after`; `word` is what the page sets in bold. `claim` is the same as a
    headline, "" where it makes none. `size` and `interval` are written out for the reader; `estimate`, `low`,
    `high` are the same in share units. `probability` is that of the direction on its own, `adjusted` the one that
    chose the word (both None for a lone figure). `target` is the id of the section that carries the evidence.
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
    adjusted: float | None = None
    probability: float | None = None
    estimate: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def sentence(self) -> str:
        """The sentence in plain text."""
        return f"{self.before}{self.word}{self.after}"

    def record(self) -> dict[str, Any]:
        """The finding as findings.json keeps it."""
        return {**asdict(self), "sentence": self.sentence}


def change_findings(reading: Reading, compared: pd.DataFrame, language: Language) -> list[Finding]:
    """At most three findings of one indicator: the clearest change up to its newest wave, the last twelve months, and
    the clearest change before its wording changed, if there is one that can be claimed.

    `compared` are the indicator's rows of `comparisons`.
    """
    return [_change_finding(reading, change, language) for change in changes_to_say(read_changes(compared))]


def changes_to_say(changes: Sequence[Change]) -> list[Change]:
    """Which changes are spoken of, claimed or open (see `change_findings`)."""
    newest = of_kinds(changes, *UP_TO_NOW)
    earlier = [change for change in of_kinds(changes, "earlier") if word_for(change.adjusted)]
    return [*(clearest(some) for some in (newest, earlier) if some), *of_kinds(changes, "year")]


def clearest(changes: Sequence[Change]) -> Change:
    """Among the changes that reach the strongest word (else the strongest reached) the largest, of equals the first."""
    enough = min(max(change.adjusted for change in changes), WORDS[0][1])
    return max((change for change in changes if change.adjusted >= enough), key=lambda one: abs(one.estimate))


def _change_finding(reading: Reading, change: Change, language: Language) -> Finding:
    say, word, measure = language.say, word_for(change.adjusted), measure_of(reading.indicator, language)
    before, _, after = change_sentence(reading, change, language, MARK).partition(MARK)
    # A headline leaves "almost certainly" out; every weaker word stays in it.
    claim = (
        change_sentence(reading, change, language, "" if word == WORDS[0][0] else say(word)) if word else ""
    )
    return Finding(
        kind=change.kind,
        indicator=reading.key,
        target=f"trend-{reading.key}",
        size=measure.size(change.estimate),
        interval=say(
            "95%: {low} to {high}", low=measure.change(change.low), high=measure.change(change.high)
        ),
        before=before,
        word=say(word) if word else say("nothing can be said"),
        after=after,
        basis=_basis(reading, change, language),
        claim=claim.replace("  ", " ").rstrip("."),
        adjusted=change.adjusted,
        probability=change.probability,
        estimate=change.estimate,
        low=change.low,
        high=change.high,
    )


def _basis(reading: Reading, change: Change, language: Language) -> str:
    """What a change rests on: its probability after all comparisons, waves, houses, and the newest wave's age."""
    after, alone = language.probability(change.adjusted), language.probability(change.probability)
    chance = (
        language.say("Probability {p}", p=after)
        if word_for(change.adjusted)
        else language.say(
            "Probability {alone} alone, {after} after all {n} comparisons",
            alone=alone,
            after=after,
            n=language.number(change.compared),
        )
    )
    parts = [
        chance,
        language.count("{n} wave", "{n} waves", change.waves),
        language.count("{n} house", "{n} houses", change.houses),
    ]
    months = round((reading.as_of - reading.last).days / 30.44)
    if change.kind == "year" and months >= STALE_MONTHS:
        parts.append(language.count("the newest is {n} month old", "the newest is {n} months old", months))
    return " · ".join(parts)
