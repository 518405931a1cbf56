"""The domains of one indicator: small panels through the waves, and the newest wave as a table."""

from __future__ import annotations

from markupsafe import Markup

from groundswell.reports.evidence.by_domain.domains import domains_in_order
from groundswell.reports.evidence.reading import Reading
from groundswell.reports.evidence.report import ReportEvidence
from groundswell.reports.figures.domain_words import panel_numbers
from groundswell.reports.figures.domains import domain_panels
from groundswell.reports.figures.figure import Figure
from groundswell.reports.html.markup import NOTHING, Block
from groundswell.reports.html.tables import table
from groundswell.reports.language.language import Language
from groundswell.reports.language.measure import measure_of
from groundswell.vocabulary import EVERYONE


def domains(evidence: ReportEvidence, reading: Reading, language: Language) -> Figure | Block:
    """One small panel a domain; nothing where no wave has respondents."""
    rows, levels = evidence.observations, evidence.domain_levels
    figure = domain_panels(
        reading,
        rows[rows["indicator"] == reading.key],
        evidence.waves,
        language,
        levels[levels["indicator"] == reading.key],
    )
    return NOTHING if figure is None else figure


def newest_domains(evidence: ReportEvidence, reading: Reading, language: Language) -> Block:
    """The newest wave of respondents by domain, open on the page."""
    rows = evidence.observations
    mine = rows[(rows["indicator"] == reading.key) & (rows["domain"] != EVERYONE)]
    if mine.empty:
        return NOTHING
    newest = mine[mine["end"] == mine["end"].max()]
    ordered = domains_in_order(newest["domain"], evidence.waves, language)
    numbers = panel_numbers(newest, ordered, measure_of(reading.indicator, language))
    fieldwork = language.say("Fieldwork")
    when = ", ".join(dict.fromkeys(numbers[fieldwork]))
    title = language.say("The newest wave by domain: {when}", when=when)
    shown = numbers.drop(columns=fieldwork)
    shown.attrs.update(numbers.attrs)
    body = Markup("<p class=note>{}</p>").format(title) + table(
        shown, language, caption=f"{reading.title}. {title}"
    )
    return Block(str(body), part="note")
