"""What the last published report foresaw of the figures that came since: sentences, and a small table."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from groundswell.reports.evidence.earlier.previous import Before
from groundswell.reports.evidence.report import ReportEvidence
from groundswell.reports.html.markup import paragraph
from groundswell.reports.html.tables import table
from groundswell.reports.language.language import Language
from groundswell.reports.language.measure import FINER, Measure, measure_of
from groundswell.trends.checks.scoring_rules import INTERVALS
from groundswell.waves import Survey


def foreseen(evidence: ReportEvidence, before: Before, language: Language) -> Markup:
    """How many of the new figures the forecasts of `before` held, which nobody foresaw, and each that was scored.

    A figure is one indicator of one wave.
    """
    say, date = language.say, language.date(before.as_of)
    if before.tampered:
        message = say(
            "The forecasts frozen on {date} are not as they were published: nothing is held against them.",
            date=date,
        )
        return paragraph(message)
    if before.forecasts is None:
        return paragraph(say("The report of {date} froze no forecasts.", date=date))
    came = evidence.scores
    scored, others = came[came["unscored"] == ""], came[came["unscored"] != ""]
    if came.empty:
        return paragraph(
            say("No figure came that could be held against the forecasts frozen on {date}.", date=date)
        )
    told = [_held_sentence(scored, date, language), _late_sentence(scored, language)]
    told.append(_unscored_sentence(evidence, others, language))
    pieces = paragraph(" ".join(filter(None, told)))
    if scored.empty:
        return pieces
    caption = say("What was foreseen on {date}, and what came", date=date)
    rows = scored_rows(evidence.survey, scored.sort_values("end", ascending=False), language)
    return pieces + table(rows, language, caption=caption, folded=True)


def _held_sentence(scored: pd.DataFrame, date: str, language: Language) -> str:
    if scored.empty:
        return language.say("None of the new figures was foreseen on {date}.", date=date)
    return language.count(
        "{held} of {n} new figure fell inside the 95% interval frozen on {date}.",
        "{held} of {n} new figures fell inside the 95% intervals frozen on {date}.",
        len(scored),
        held=language.number(float(scored["inside95"].sum())),
        date=date,
    )


def _late_sentence(scored: pd.DataFrame, language: Language) -> str:
    """That the report before was made after some of these figures were out; "" where it was made in time."""
    late = scored[~scored["ahead"].astype(bool)]
    if late.empty:
        return ""
    day = language.date(late["frozen"].iloc[0])
    if len(late) == len(scored):
        return language.say(
            "That report was made afterwards, on {day}, from what was known on its date.", day=day
        )
    return language.count(
        "That report was made on {day}, from what was known on its date, when {n} of them was out.",
        "That report was made on {day}, from what was known on its date, when {n} of them were out.",
        len(late),
        day=day,
    )


def _unscored_sentence(evidence: ReportEvidence, others: pd.DataFrame, language: Language) -> str:
    """How many figures came that nothing can be said of, each reason with the houses in their wordings."""
    if others.empty:
        return ""
    reasons = {
        "no_forecast": language.say("nothing was foreseen of that house in that wording and mode"),
        "left_out": language.say("left out of the fit"),
        "range": language.say("published as a range"),
        "known_in_part": language.say("overlaps a wave that was known"),
        "later": language.say("more than a year after the forecasts"),
    }
    parts = []
    for code, rows in others.groupby("unscored"):
        names = dict.fromkeys(zip(rows["house"], rows["variant"], strict=True))
        who = language.listed([f"{_house(evidence.survey, house)} ({variant})" for house, variant in names])
        parts.append(f"{who}: {reasons[str(code)]}")
    return language.count(
        "{n} more figure cannot be scored ({reasons}).",
        "{n} more figures cannot be scored ({reasons}).",
        len(others),
        reasons="; ".join(parts),
    )


def scored_rows(survey: Survey, scored: pd.DataFrame, language: Language) -> pd.DataFrame:
    """One row a scored figure: whose, what was foreseen, what came, and the narrowest interval that held it."""
    say, rows = language.say, []
    for wave in scored.to_dict("records"):
        indicator = survey.indicators.get(wave["indicator"])
        measure = Measure(language, None) if indicator is None else measure_of(indicator, language)
        more = 1 if 0 < wave["rounding"] < FINER else 0
        held = next((percent for percent in INTERVALS if wave[f"inside{percent}"]), None)
        rows.append(
            (
                language.period(wave["start"], wave["end"], wave["precision"]),
                _house(survey, wave["house"]),
                wave["indicator"] if indicator is None else indicator.title,
                f"{measure.number(wave['share'], more)} ({measure.span(wave['low95'], wave['high95'], more)})",
                measure.printed(wave["observed"], wave["observed"], wave["rounding"]),
                say("outside 95%") if held is None else language.percent(held / 100),
            )
        )
    names = [
        say("Fieldwork"),
        say("House"),
        say("Indicator"),
        say("Foreseen (95%)"),
        say("Came"),
        say("Inside"),
    ]
    return pd.DataFrame(rows, columns=names, dtype=object)


def _house(survey: Survey, house: str) -> str:
    known = survey.houses.get(house)
    return known.name if known else house
