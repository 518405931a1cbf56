"""What moved: the findings, and folded below them every other sentence and the rule of the words."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from groundswell.reports.evidence.report import ReportEvidence
from groundswell.reports.findings.chosen import Findings
from groundswell.reports.findings.words import WORDS
from groundswell.reports.html.markup import Block, fill
from groundswell.reports.html.tables import table
from groundswell.reports.language.language import Language


def findings(evidence: ReportEvidence, all_findings: Findings, language: Language) -> Block:
    """The findings, and folded below them every other sentence and the rule of the words."""
    say = language.say
    control = say(
        "The probability is that of the direction, as the waves and the model have it; the words follow this table. "
        "Where a change was found by looking at many, its word may be weaker than its probability: a public that never "
        "moves must not show one as clear, anywhere among those looked at, in more than 2 reports of 100 for the "
        "strongest word, 10 for the next and 40 for the weakest. A year and declared events are asked about whatever "
        "the waves say and allow only for one another. {count} changes were looked at.",
        count=language.number(comparisons_looked_at(evidence.comparisons)),
    )
    values = {
        "findings": all_findings.chosen,
        "others": all_findings.folded,
        "summary": say("How the words are chosen, and what else was looked at"),
        "control": control,
        "open": all_findings.open,
        "words": words_table(language),
    }
    return Block(fill("findings.html.j2", language, values), "findings", say("What moved"))


def comparisons_looked_at(compared: pd.DataFrame) -> int:
    """How many changes were looked at in all families; `compared` counts those of a row's own."""
    families = compared.assign(declared=compared["kind"].isin(["year", "event"]))
    families["house"] = families["label"].where(families["kind"] == "house", "")
    families = families[families["kind"] != "still"]
    families = families.drop_duplicates(["indicator", "segment", "declared", "house"])
    return int(families["compared"].sum())


def words_table(language: Language) -> Markup:
    """The one table from probability to words, as the page prints it."""
    say = language.say
    rows = [(say(word), say("{p} and above", p=language.number(least, 2))) for word, least in WORDS]
    rows.append((say("no finding"), say("less")))
    words = pd.DataFrame(rows, columns=[say("Words"), say("Probability of the direction")])
    return table(words, language, caption=say("Words and probabilities"))
