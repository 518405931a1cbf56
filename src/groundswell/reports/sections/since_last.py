"""What changed since the last published report, in sentences, tables and a small figure."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from groundswell.reports.evidence.alert_record import AlertRecord
from groundswell.reports.evidence.differences import Move, RowChange, differences
from groundswell.reports.evidence.earlier.previous import Before
from groundswell.reports.evidence.reading import printed
from groundswell.reports.evidence.report import ReportEvidence
from groundswell.reports.figures.moves import difference_figure
from groundswell.reports.html.markup import Block, paragraph
from groundswell.reports.html.tables import table
from groundswell.reports.language.language import Language, mark
from groundswell.reports.language.left_out import left_out_words
from groundswell.reports.language.measure import Measure, measure_of
from groundswell.reports.sections.alerts import alerts
from groundswell.reports.sections.foreseen import foreseen
from groundswell.waves import Survey

PARAMETERS = ("indicator", "since", "certainty", "unknown_n", "seed")
VISIBLE = 0.0005
"""A part of a move that is printed as 0.1 points or more."""


def since_last(evidence: ReportEvidence, language: Language, alarmed: tuple[AlertRecord, ...] = ()) -> Block:
    """What was alarmed of, and what changed since the last published report; the first says that it is the first."""
    title = language.say("Since the last report")
    body = Markup('<section id="since-last" class="since"><h2>{}</h2>{}{}</section>').format(
        title, alerts(alarmed, language), _difference_text(evidence, language)
    )
    return Block(body, "since-last", title)


def _difference_text(evidence: ReportEvidence, language: Language) -> Markup:
    say, before = language.say, evidence.before
    if before is None:
        return paragraph(say("This is the first report of this survey."))
    if before.fault:
        return paragraph(
            say(
                "The report before cannot be compared: its {file} is not as it was published.",
                file=before.fault,
            )
        )
    changed = differences(evidence, before)
    pieces = [
        paragraph(_rows_sentence(before, changed.rows, language)),
        paragraph(_method_sentence(changed.method, language)),
        *(paragraph(_move_sentence(move, language)) for move in changed.moves),
    ]
    if changed.moves:
        pieces.append(difference_figure(changed.moves, before, language))
    pieces.append(foreseen(evidence, before, language))
    if changed.rows:
        summary = say("The rows that are new, revised or withdrawn")
        caption = say("Rows that changed since the report of {date}", date=language.date(before.as_of))
        pieces.append(
            Markup('<details class="numbers"><summary>{}</summary>{}</details>').format(
                summary, table(_row_table(evidence, changed.rows, language), language, caption=caption)
            )
        )
    return Markup("").join(pieces)


def _rows_sentence(before: Before, changes: list[RowChange], language: Language) -> str:
    date = language.date(before.as_of)
    if not changes:
        return language.say("Since the report of {date} no row was added, revised or withdrawn.", date=date)
    kinds = [change.kind for change in changes]
    counts = [
        language.count("{n} new row", "{n} new rows", kinds.count("new")) if "new" in kinds else "",
        language.count("{n} revised", "{n} revised", kinds.count("revised")) if "revised" in kinds else "",
        language.count("{n} withdrawn", "{n} withdrawn", kinds.count("withdrawn"))
        if "withdrawn" in kinds
        else "",
    ]
    return language.say(
        "Since the report of {date}: {counts}.", date=date, counts=", ".join(filter(None, counts))
    )


def _method_sentence(method: dict[str, tuple[str, str]], language: Language) -> str:
    say = language.say
    if not method:
        return say("The method is the same: parameters, the survey’s settings, the program and its packages.")
    parts = []
    for name, (then, now) in method.items():
        if name in PARAMETERS:
            message = mark("parameter {name}: {then}, now {now}")
        elif name == "survey.toml":
            message = mark("the survey’s settings (survey.toml)")
        elif name == "groundswell":
            message = mark("the program: {then}, now {now}")
        else:
            message = mark("package {name}: {then}, now {now}")
        parts.append(say(message, name=name, then=then, now=now))
    return say("Changed in the method: {changes}.", changes="; ".join(parts))


def _move_sentence(move: Move, language: Language) -> str:
    say, measure = language.say, measure_of(move.reading.indicator, language)
    sentences = [
        say(
            "{title}: {share} ({interval}) on {day}, as published then.",
            title=move.reading.title,
            share=measure.number(move.then["share"]),
            interval=measure.span(move.then["low95"], move.then["high95"]),
            day=language.date(move.then_day),
        ),
        _same_day_sentence(move, language),
    ]
    if move.movement is None:
        sentences.append(
            say("Since then every wording changed, so the newest level cannot be compared with it.")
        )
    elif move.now_day == move.then_day:
        sentences.append(say("No newer wave has come in."))
    else:
        sentences.append(
            say(
                "Since that day the level moved by {change} (95%: {low} to {high}), to {share} on {day}.",
                change=measure.change_in_words(move.movement["estimate"], 1),
                low=measure.change(move.movement["low"], 1),
                high=measure.change(move.movement["high"], 1),
                share=measure.number(move.now["share"]),
                day=language.date(move.now_day),
            )
        )
    return " ".join(sentences)


def _same_day_sentence(move: Move, language: Language) -> str:
    say, measure = language.say, measure_of(move.reading.indicator, language)
    parts = [
        say(message, change=measure.change_in_words(part, 1))
        for message, part in (
            (mark("{change} from the new waves"), move.hindsight),
            (mark("{change} from revised or withdrawn rows"), move.rows),
            (mark("{change} from the changed method"), move.method),
        )
        if abs(part) >= VISIBLE
    ]
    if not parts:
        return say("Seen from today that day’s level is the same.")
    return say(
        "Seen from today that day’s level is {share} ({interval}): {parts}.",
        share=measure.number(move.same_day["share"]),
        interval=measure.span(move.same_day["low95"], move.same_day["high95"]),
        parts=", ".join(parts),
    )


def _row_table(evidence: ReportEvidence, changes: list[RowChange], language: Language) -> pd.DataFrame:
    """One row a change: what became of it, whose wave it is, and what was printed then and now."""
    say, readings, houses = language.say, evidence.readings, evidence.survey.houses
    rows = []
    for change in changes:
        row = change.row
        key = str(row["indicator"])
        house = str(row["house"])
        rows.append(
            (
                language.period(row["start"], row["end"], row["precision"]),
                houses[house].name if house in houses else house,
                readings[key].title if key in readings else key,
                language.word(change.kind),
                None
                if change.then is None
                else _printed(change.then, change.changed, evidence.survey, language),
                None
                if change.kind == "withdrawn"
                else _printed(row, change.changed, evidence.survey, language),
            )
        )
    names = [
        say("Fieldwork"),
        say("House"),
        say("Indicator"),
        say("What became of it"),
        say("Then"),
        say("Now"),
    ]
    frame = pd.DataFrame(rows, columns=names, dtype=object)
    return frame.fillna("–")


def _printed(row: pd.Series, changed: tuple[str, ...], survey: Survey, language: Language) -> str:
    """The figure as printed, with what else was revised."""
    say = language.say
    # a row of the last report may be of an indicator that the survey no longer has, which is then read as a share
    indicator = survey.indicators.get(str(row["indicator"]))
    measure = Measure(language, None) if indicator is None else measure_of(indicator, language)
    parts = ["?" if pd.isna(row["share"]) and pd.isna(row["range_low"]) else printed(row, measure)]
    if "n" in changed:
        parts.append(say("n {n}", n="?" if pd.isna(row["n"]) else language.number(row["n"])))
    if "n_effective" in changed:
        effective = row["n_effective"]
        parts.append(say("effective n {n}", n="?" if pd.isna(effective) else language.number(effective)))
    if "left_out" in changed:
        parts.append(
            say("left out of the fit: {reason}", reason=left_out_words(row, survey, language))
            if row["left_out"]
            else say("fitted")
        )
    return ", ".join(parts)
