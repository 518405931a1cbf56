"""The sections of the page that are not figures, each as one piece of HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup, escape

from groundswell.estimates.of_wave.domains import ALL
from groundswell.reports.evidence.disclosure import Item, disclosure
from groundswell.reports.evidence.domains import domains_in_order
from groundswell.reports.evidence.reading import Reading
from groundswell.reports.figures.domains import panel_numbers
from groundswell.reports.figures.trend.words import NO_LEVEL
from groundswell.reports.findings.words import WORDS
from groundswell.reports.html.markup import Block, fill
from groundswell.reports.html.tables import table
from groundswell.reports.language.disclosure import item_title, missing_words, said_words
from groundswell.reports.language.language import Language
from groundswell.reports.sections.data_quality import survey_flags
from groundswell.reports.sections.how_sure import doubts
from groundswell.reports.sections.since_last import difference_text
from groundswell.reports.sections.truth_words import truth_sentence
from groundswell.reports.sections.wave_table import wave_section

if TYPE_CHECKING:
    from groundswell.reports.notebook.report import Report
    from groundswell.reports.notebook.wave_profile import WaveProfile


def masthead(report: Report) -> Block:
    """Survey, date, evidence, checks; the claim; what is followed."""
    language, facts = report.language, report.summary
    say = language.say
    titles = [
        say(
            "{title}: the share who {description}",
            title=reading.title,
            description=reading.indicator.description,
        )
        for reading in report.readings.values()
    ]
    html = fill(
        "masthead.html.j2",
        language,
        {
            "title": report.survey.title,
            "as_of": language.date(report.as_of),
            "waves": language.count("{n} wave", "{n} waves", facts["waves"]),
            "houses": language.count("{n} house", "{n} houses", facts["houses"]),
            "status": facts["status"],
            "checks": say(
                "{passed} of {run} checks passed", passed=facts["checks_passed"], run=facts["checks_run"]
            ),
            "headline": facts["headline"],
            "deck": say(
                "{universe}. {titles}. Bands show what is not known.",
                universe=report.survey.universe,
                titles=". ".join(titles),
            ),
        },
    )
    return Block(html, "top", "", part="masthead")


def findings(report: Report) -> Block:
    """The findings, and folded below them every other sentence and the rule of the words."""
    language, say = report.language, report.language.say
    others = [finding for finding in report.all_findings if finding not in report.chosen]
    count = len(report.comparisons)
    control = say(
        "{count} comparisons of dates were looked at. Each probability is the one that is left after all of them are "
        "allowed for (simultaneous bands over an indicator's comparisons, Bonferroni over indicators and over the "
        "stretches between changes of wording), so that under “nothing changed” at most 5% of reports use the "
        "strongest words. The words follow this table and nothing else.",
        count=language.number(count),
    )
    rows = [(say(word), say("{p} and above", p=language.number(least, 2))) for word, least in WORDS]
    rows.append((say("nothing can be said"), say("less")))
    words = pd.DataFrame(rows, columns=[say("Words"), say("Probability of the direction")])
    values = {
        "findings": report.chosen,
        "others": others,
        "summary": say("How the words are chosen, and what else was looked at"),
        "control": control,
        "words": table(words, language, caption=say("Words and probabilities")),
    }
    return Block(fill("findings.html.j2", language, values), "findings", say("What moved"))


def since_last(report: Report) -> Block:
    """What changed since the last published report, in sentences."""
    say = report.language.say
    title = say("Since the last report")
    body = Markup('<section id="since-last" class="since"><h2>{}</h2>{}</section>').format(
        title, difference_text(report)
    )
    return Block(body, "since-last", title)


def single_house(reading: Reading, language: Language) -> Block:
    """Why there is no figure of houses."""
    text = language.say(
        "{title}: one house in one wording, so no house can be compared with another.", title=reading.title
    )
    return Block(str(Markup("<p class=note>{}</p>").format(text)), part="note")


def newest_domains(report: Report, reading: Reading) -> Block:
    """The newest wave of respondents by domain, open on the page."""
    language, rows = report.language, report.observations
    mine = rows[(rows["indicator"] == reading.key) & (rows["domain"] != ALL)]
    if mine.empty:
        return Block("", part="note")
    newest = mine[mine["end"] == mine["end"].max()]
    numbers = panel_numbers(newest, domains_in_order(newest["domain"], report.waves, language), language)
    fieldwork = language.say("Fieldwork")
    when = ", ".join(dict.fromkeys(numbers[fieldwork]))
    title = language.say("The newest wave by domain: {when}", when=when)
    shown = numbers.drop(columns=fieldwork)
    shown.attrs.update(numbers.attrs)
    body = Markup("<p class=note>{}</p>").format(title) + table(
        shown, language, caption=f"{reading.title}. {title}"
    )
    return Block(str(body), part="note")


def data_quality(report: Report) -> Block:
    """The flags of the waves' respondents."""
    if not report.waves:
        return Block("", part="note")
    title = report.language.say("Waves: data quality")
    body = survey_flags(report.quality, report.language)
    values = {"section": "data-quality", "title": title, "folded": False, "body": body}
    return Block(fill("section.html.j2", report.language, values), "data-quality", title)


def waves(reading: Reading, language: Language) -> Block:
    """The wave table of one indicator."""
    title = language.say("{title}: waves", title=reading.title)
    values = {
        "section": f"waves-{reading.key}",
        "title": title,
        "folded": False,
        "body": wave_section(reading, language),
    }
    return Block(
        fill("section.html.j2", language, values),
        f"waves-{reading.key}",
        reading.title,
        group=language.say("Waves"),
    )


def how_sure(report: Report) -> Block:
    """The checks of every trend, the nowcast, and what the model assumes of shared bias."""
    language, say = report.language, report.language.say
    pieces: list[Markup] = []
    for reading in report.readings.values():
        pieces.append(Markup("<h3>{}</h3>").format(reading.title))
        if reading.trend is None:
            pieces.append(Markup("<p>{}</p>").format(say(NO_LEVEL)))
            continue
        pieces.append(Markup("<p>{}</p>").format(_nowcast(reading, language)))
        mine = report.checks[report.checks["indicator"] == reading.key]
        marks = {"passed": "✓", "warned": "!", "failed": "✗"}
        items = [
            Markup('<li class="verdict-{}"><span aria-hidden="true">{}</span> <b>{}</b> {}</li>').format(
                row["verdict"].replace(" ", "-"),
                marks.get(row["verdict"], "–"),
                say(row["verdict"]),
                row["sentence"],
            )
            for _, row in mine.iterrows()
        ]
        pieces.append(Markup('<ul class="checks">{}</ul>').format(Markup("").join(items)))
        pieces += [Markup("<p>{}</p>").format(sentence) for sentence in doubts(report, reading)]
    bias = report.survey.shared_bias
    pieces.append(
        Markup("<p>{}</p>").format(
            say(
                "Bias that all houses share cannot be seen in their waves; it is taken as a standard deviation of {sd} "
                "on the logit scale ({source}) and widens only the intervals that speak of the population.",
                sd=language.number(bias.sd, 2),
                source=bias.source,
            )
        )
    )
    if (known := truth_sentence(report)) is not None:
        pieces.append(Markup("<h3>{}</h3><p>{}</p>").format(say("Against the truth"), known))
    run = report.checks[report.checks["verdict"] != "not applicable"]
    passed = int((run["verdict"] == "passed").sum())
    title = say("How sure we are: {passed} of {run} checks passed", passed=passed, run=len(run))
    return _folded("how-sure", title, Markup("").join(pieces), language, say("How sure we are"))


def _nowcast(reading: Reading, language: Language) -> str:
    assert reading.trend is not None
    now = reading.level_on(pd.DatetimeIndex([reading.as_of])).iloc[0]
    return language.say(
        "Nowcast for {date}: {share} (95%: {interval}); for the population, shared bias included: {population}.",
        date=language.date(reading.as_of),
        share=language.percent(now["share"]),
        interval=language.span(now["low95"], now["high95"]),
        population=language.span(now["population_low95"], now["population_high95"]),
    )


def how_measured(report: Report | WaveProfile) -> Block:
    """The disclosure items, present and missing, and the cautions of the variants."""
    language, say = report.language, report.language.say
    everyone = report.observations[report.observations["domain"] == "all"]
    items = disclosure(report.survey, everyone)
    rows = [
        Markup("<dt>{}</dt><dd>{}</dd>").format(item_title(item.code, language), _item_text(item, language))
        for item in items
    ]
    cautions = [
        Markup("<li>{}: {}</li>").format(f"{indicator.title}, {name}", variant.caution)
        for indicator in report.survey.indicators.values()
        for name, variant in indicator.variants.items()
        if variant.caution
    ]
    body = Markup("<dl>{}</dl>").format(Markup("").join(rows))
    if cautions:
        body += Markup("<h3>{}</h3><ul>{}</ul>").format(say("Cautions"), Markup("").join(cautions))
    body += Markup("<p>{}</p>").format(say("Licence: {licence}", licence=report.survey.licence))
    present = sum(item.present for item in items)
    title = say(
        "How it was measured: {present} of {all} disclosure items present", present=present, all=len(items)
    )
    return _folded("how-measured", title, body, language, say("How it was measured"))


def _item_text(item: Item, language: Language) -> Markup:
    """What is said of a disclosure item, and what is missing from it."""
    text = " ".join(said_words(part.code, part.values, language) for part in item.said)
    lines = [escape(line) for line in text.split("\n") if line]
    if item.missing:
        missing = [missing_words(part.code, part.values, language) for part in item.missing]
        words = language.say("missing: {what}", what=", ".join(missing))
        lines.append(Markup('<span class="missing">{}</span>').format(words))
    return Markup("<br>").join(lines)


def _folded(section: str, title: str, body: Markup, language: Language, short: str) -> Block:
    values = {"section": section, "title": title, "folded": True, "body": body}
    return Block(fill("section.html.j2", language, values), section, short)
