"""The overview of a survey of many indicators: a line each, where the page shows only some of them in full."""

from __future__ import annotations

import shlex

import pandas as pd
from markupsafe import Markup

from groundswell.reports.evidence.changes import of_kinds, read_changes
from groundswell.reports.evidence.reading import Reading
from groundswell.reports.evidence.report import ReportEvidence
from groundswell.reports.evidence.summary import newest_level
from groundswell.reports.figures.sparkline import sparkline
from groundswell.reports.findings.chosen import Findings
from groundswell.reports.html.markup import NOTHING, Block, fill, paragraph, section
from groundswell.reports.html.tables import csv_link, table
from groundswell.reports.language.language import Language
from groundswell.reports.language.measure import measure_of

SPARK = (96, 24)


def overview(evidence: ReportEvidence, all_findings: Findings, language: Language) -> Block:
    """Every indicator in a line, and how the rest of those is seen that are not `in_full`; nothing where all are."""
    folded = [reading for key, reading in evidence.readings.items() if key not in all_findings.in_full]
    if not folded:
        return NOTHING
    say = language.say
    title = say("All indicators")
    lines = [_row(evidence, reading, language) for reading in evidence.readings.values()]
    rows = pd.DataFrame(lines, dtype="object")  # else pandas makes plain text of markup
    rows.attrs["right"] = (say("Level"), say("Change in a year"))
    told = say(
        "Of these {all} indicators the {full} that the findings speak of are shown in full, with figures, tables and "
        "checks. The CSV files hold all of them. This command shows another one in full: the key below its title goes "
        "in the place of {key}.",
        full=language.number(len(all_findings.in_full)),
        all=language.number(len(evidence.readings)),
        key=folded[0].key,
    )
    body = Markup("").join(
        (
            paragraph(told),
            Markup("<p><code>{}</code></p>").format(_command(evidence, folded[0].key)),
            table(rows, language, caption=title, sortable=True),
            Markup("<p class=note>{} {}</p>").format(
                say(
                    "The level is that of the newest wave’s day with its 95% interval, the change the one of the year "
                    "up to it, in percentage points or on the answer scale."
                ),
                csv_link(rows.drop(columns=say("Course")), "overview.csv", language),
            ),
        )
    )
    return section("overview", title, body, language)


def checks_elsewhere(evidence: ReportEvidence, all_findings: Findings, language: Language) -> str:
    """Where the checks of the indicators are that are not shown in full; "" where all are."""
    folded = len(evidence.readings) - len(all_findings.in_full)
    if not folded:
        return ""
    return language.count(
        "How many checks {n} other indicator passed stands in the overview; manifest.json has each in a sentence.",
        "How many checks {n} other indicators passed stands in the overview; manifest.json has each in a sentence.",
        folded,
    )


def _command(evidence: ReportEvidence, key: str) -> str:
    day = f"{evidence.as_of:%Y-%m-%d}"
    words = ["groundswell", "report", evidence.survey.name, "--as-of", day, "-p", f"indicator={key}"]
    return shlex.join(words)


def _row(evidence: ReportEvidence, reading: Reading, language: Language) -> dict[str, object]:
    say, measure = language.say, measure_of(reading.indicator, language)
    name = Markup("{} <br><small><code>{}</code></small>").format(reading.title, reading.key)
    level, course = say("no level"), Markup("")
    if reading.trend is not None:
        newest = newest_level(reading)
        level = Markup("{} <small>{}</small>").format(
            measure.number(newest["share"]), measure.span(newest["low95"], newest["high95"])
        )
        line = sparkline(newest["spark"], *SPARK)
        course = fill("spark.html.j2", language, {"spark": line, "width": SPARK[0], "height": SPARK[1]})
    checks = evidence.checks[evidence.checks["indicator"] == reading.key]["verdict"]
    run = checks[checks != "not applicable"]
    return {
        say("Indicator"): name,
        say("Level"): level,
        say("Change in a year"): _year(evidence, reading, language),
        say("Course"): course,
        say("Newest wave"): language.month(reading.last),
        say("Checks"): say("{passed} of {run}", passed=int((run == "passed").sum()), run=len(run)),
    }


def _year(evidence: ReportEvidence, reading: Reading, language: Language) -> str | Markup:
    """The newest level against the one a year before, with its 95% interval; a dash where there is none."""
    years = of_kinds(read_changes(evidence.comparisons_of(reading.key)), "year")
    if not years:
        return "–"
    newest, measure = max(years, key=lambda each: each.end), measure_of(reading.indicator, language)
    ends = language.say("{low} to {high}", low=measure.change(newest.low), high=measure.change(newest.high))
    return Markup("{} <small>{}</small>").format(measure.change(newest.estimate), ends)
