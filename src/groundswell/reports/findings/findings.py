"""Findings: sentences about what moved, each allowed only by its evidence.

The words follow `adjusted`, the probability of the direction after every comparison on the page (see `comparisons`),
by the one table WORDS, which the report prints. Below the table's last row the sentence says that nothing can be
said; it never says "no change", because missing evidence is not evidence of calm.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from groundswell.reports.evidence.reading import Reading
from groundswell.reports.findings.words import WORDS, change_sentence, word_for
from groundswell.reports.language.language import Language

STALE_MONTHS = 3
MARK = "\0"
UP_TO_NOW = ("wave", "event")
"""The kinds of comparison that end with the newest wave."""


@dataclass(frozen=True)
class Finding:
    """One sentence with its evidence.

    The sentence is `before` + `word` + `after`; `word` is what the page sets in bold. `claim` is the same as a
    headline, "" where it makes none. `size` and `interval` are written out for the reader; `change`, `low95`,
    `high95` are the same in share units. `probability` is that of the direction on its own, `adjusted` the one that
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
    change: float | None = None
    low95: float | None = None
    high95: float | None = None

    @property
    def sentence(self) -> str:
        """The sentence in plain text."""
        return f"{self.before}{self.word}{self.after}"

    def record(self) -> dict[str, Any]:
        """The finding as findings.json keeps it."""
        return {**asdict(self), "sentence": self.sentence}


def change_findings(reading: Reading, compared: pd.DataFrame, language: Language) -> list[Finding]:
    """At most three findings of one indicator: the clearest change up to its newest wave, the last twelve months, and
    the clearest change before its wording changed, if there is one that can be claimed."""
    if compared.empty:
        return []
    newest, year, earlier = (
        compared[compared["kind"].isin(kinds)] for kinds in (UP_TO_NOW, ["year"], ["earlier"])
    )
    rows = [clearest(rows) for rows in (newest, earlier[earlier["adjusted"] >= WORDS[-1][1]]) if len(rows)]
    rows += [row for _, row in year.iterrows()]
    return [_change_finding(reading, row, language) for row in rows]


def clearest(rows: pd.DataFrame) -> pd.Series:
    """Among the changes that reach the strongest word (else the strongest reached) the largest."""
    enough = min(float(rows["adjusted"].max()), WORDS[0][1])
    clear = rows[rows["adjusted"] >= enough]
    return clear.iloc[int(clear["change"].abs().to_numpy().argmax())]


def _change_finding(reading: Reading, row: pd.Series, language: Language) -> Finding:
    say, word = language.say, word_for(row["adjusted"])
    before, _, after = change_sentence(reading, row, language, MARK).partition(MARK)
    # A headline leaves "almost certainly" out; every weaker word stays in it.
    claim = change_sentence(reading, row, language, "" if word == WORDS[0][0] else say(word)) if word else ""
    return Finding(
        kind=str(row["kind"]),
        indicator=reading.key,
        target=f"trend-{reading.key}",
        size=say("{change} pts", change=language.points(row["change"])),
        interval=say(
            "95%: {low} to {high}", low=language.points(row["low95"]), high=language.points(row["high95"])
        ),
        before=before,
        word=say(word) if word else say("nothing can be said"),
        after=after,
        basis=_basis(reading, row, language),
        claim=claim.replace("  ", " ").rstrip("."),
        **{name: float(row[name]) for name in ("adjusted", "probability", "change", "low95", "high95")},
    )


def _basis(reading: Reading, row: pd.Series, language: Language) -> str:
    """What a change rests on: its probability after all comparisons, waves, houses, and the newest wave's age."""
    after, alone = language.probability(row["adjusted"]), language.probability(row["probability"])
    chance = (
        language.say("Probability {p}", p=after)
        if word_for(row["adjusted"])
        else language.say(
            "Probability {alone} alone, {after} after all {n} comparisons",
            alone=alone,
            after=after,
            n=language.number(row["compared"]),
        )
    )
    parts = [
        chance,
        language.count("{n} wave", "{n} waves", int(row["waves"])),
        language.count("{n} house", "{n} houses", int(row["houses"])),
    ]
    months = round((reading.as_of - reading.last).days / 30.44)
    if row["kind"] == "year" and months >= STALE_MONTHS:
        parts.append(language.count("the newest is {n} month old", "the newest is {n} months old", months))
    return " · ".join(parts)
