"""What a trend figure says in words: its caption, its text alternative and its numbers."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from groundswell.reports.language import Language
from groundswell.reports.markup import link
from groundswell.reports.reading import Reading, is_range


def caption(reading: Reading, level: pd.DataFrame | None, language: Language) -> str:
    """What to see, in two or three sentences."""
    say = language.say
    text = [say("Share of people who {description}.", description=reading.indicator.description)]
    if level is None:
        text.append(say("No level can be estimated: {why}", why=reading.why_not))
        return " ".join(text)
    text.append(
        say("The line is the level, with its 50% and 95% bands; marks are published waves with their margin.")
    )
    reference = reading.indicator.reference
    if reference:
        house = reading.house_name(reading.indicator.variants[reference].house)
        text.append(say("The level is on the scale of {house}.", house=house))
    shown = reading.drawn
    if is_range(shown).any():
        text.append(say("Bars are published ranges."))
    if ((shown["left_out"] != "") & ~is_range(shown)).any():
        text.append(say("Pale hollow marks are left out of the fit."))
    if reading.breaks():
        text.append(say("A dash at the top edge marks a house’s new wording."))
    if reading.unbridged():
        text.append(
            say(
                "Where the line is broken every wording changed at once: each part is on the scale of its own "
                "wording, and levels on its two sides cannot be compared."
            )
        )
    return " ".join(text)


def alternative(reading: Reading, level: pd.DataFrame | None, language: Language) -> str:
    """The figure for a reader who does not see it: its numbers at the start, extremes and end, and what is drawn."""
    say, shown = language.say, reading.drawn
    left_out = int((shown["left_out"] != "").sum())
    waves = language.count("{n} wave", "{n} waves", len(shown) - left_out)
    houses = language.count("{n} house", "{n} houses", int(reading.used["house"].nunique()))
    text = [
        say("Line chart of {title}: {waves} of {houses}.", title=reading.title, waves=waves, houses=houses)
    ]
    if level is not None:
        for words, row in (
            (say("First"), level.iloc[0]),
            (say("Highest"), level.iloc[int(level["share"].to_numpy().argmax())]),
            (say("Lowest"), level.iloc[int(level["share"].to_numpy().argmin())]),
            (say("Newest"), level.iloc[-1]),
        ):
            text.append(
                say(
                    "{words}: {share} on {date} (95%: {interval}).",
                    words=words,
                    share=language.percent(row["share"]),
                    date=language.date(row["date"]),
                    interval=language.span(row["low95"], row["upp95"]),
                )
            )
    if left_out:
        text.append(
            language.count(
                "{n} observation is drawn but left out of the fit.",
                "{n} observations are drawn but left out of the fit.",
                left_out,
            )
        )
    events = [f"{event.label} ({language.date(event.date)})" for event in reading.events()]
    if events:
        text.append(say("Events marked: {events}.", events="; ".join(events)))
    return " ".join(text)


def level_numbers(reading: Reading, level: pd.DataFrame | None, language: Language) -> pd.DataFrame:
    """The level at the ends of months (quarters or years where there are many) and at the newest wave, in percent."""
    say = language.say
    if level is None or reading.trend is None:
        rows = reading.drawn
        return pd.DataFrame({say("Date"): rows["middle"], say("Share, %"): rows["share"] * 100})
    at = reading.level_on(reading.table_days)
    columns = {
        "share": say("Level, %"),
        "low50": say("50% from"),
        "upp50": say("to"),
        "low95": say("95% from"),
        "upp95": say("up to"),
    }
    percents = {name: (at[column] * 100).round(1) for column, name in columns.items()}
    return pd.DataFrame({say("Date"): at["date"]} | percents)


def source_links(reading: Reading) -> Markup:
    """The houses shown, each linked to its own site where the survey states one."""
    names = []
    for house in reading.houses():
        record = reading.survey.houses.get(house)
        names.append(link(reading.house_name(house), record.url if record else None))
    return Markup(", ").join(names)
