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
        "{count} comparisons of dates were looked at. Each probability is the one that is left after all of them are "
        "allowed for (simultaneous bands over an indicator's comparisons, Bonferroni over indicators and over the "
        "stretches between changes of wording), so that under “nothing changed” at most 5% of reports use the "
        "strongest words. The words follow this table and nothing else.",
        count=language.number(len(evidence.comparisons)),
    )
    values = {
        "findings": all_findings.chosen,
        "others": all_findings.folded,
        "summary": say("How the words are chosen, and what else was looked at"),
        "control": control,
        "words": words_table(language),
    }
    return Block(fill("findings.html.j2", language, values), "findings", say("What moved"))


def words_table(language: Language) -> Markup:
    """The one table from probability to words, as the page prints it."""
    say = language.say
    rows = [(say(word), say("{p} and above", p=language.number(least, 2))) for word, least in WORDS]
    rows.append((say("nothing can be said"), say("less")))
    words = pd.DataFrame(rows, columns=[say("Words"), say("Probability of the direction")])
    return table(words, language, caption=say("Words and probabilities"))
