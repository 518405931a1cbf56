"""What a trend figure says in words: its caption, its text alternative and its numbers."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from groundswell.reports.evidence.reading import Reading, is_range
from groundswell.reports.evidence.scale import scale_words
from groundswell.reports.evidence.told import has_line, newest_extreme
from groundswell.reports.figures.trend.marks import is_crowded, other_wordings
from groundswell.reports.html.markup import link
from groundswell.reports.language.language import Language, mark
from groundswell.reports.language.measure import Measure, measure_of
from groundswell.reports.language.told_houses import MOST_NAMED
from groundswell.trends.model.priors import PRIORS

NO_LEVEL = mark("No level can be estimated: every wave is left out of the fit.")
FLAT = 0.02
"""Share units from the newest level under which the highest or lowest is not worth telling."""


def caption(reading: Reading, level: pd.DataFrame | None, language: Language) -> str:
    """What to see: the newest level, and the highest and lowest wave that it came from, where they are clear."""
    say, measure = language.say, measure_of(reading.indicator, language)
    if level is None:
        what = (
            mark("Mean of {description} on {ends}.")
            if measure.mean
            else mark("Share of people who {description}.")
        )
        described = say(what, description=reading.indicator.description, ends=measure.scale)
        return f"{described} {say(NO_LEVEL)}"
    newest = level.iloc[-1]
    scale = scale_words(reading, reading.segments[-1], language)
    if measure.mean:
        message = (
            mark("Mean of {description} on {ends}: {share} {when} (95%: {interval}), {scale}.")
            if scale
            else mark("Mean of {description} on {ends}: {share} {when} (95%: {interval}).")
        )
    else:
        message = (
            mark(
                "Share of people who {description}: {share} {when} (95%: {interval}), on the scale of {scale}."
            )
            if scale
            else mark("Share of people who {description}: {share} {when} (95%: {interval}).")
        )
    text = say(
        message,
        description=reading.indicator.description,
        ends=measure.scale,
        scale=scale,
        share=measure.number(newest["share"]),
        when=language.in_month(newest["date"]),
        interval=measure.span(newest["low95"], newest["high95"]),
    )
    ends = [
        say(words, share=measure.number(row["share"]), when=language.in_month(row["date"]))
        for words, row in (
            (mark("At its highest the level was {share}, {when}."), newest_extreme(reading, "highest")),
            (mark("At its lowest the level was {share}, {when}."), newest_extreme(reading, "lowest")),
        )
        if row is not None and abs(row["share"] - newest["share"]) >= FLAT
    ]
    return " ".join([text, *ends])


def reading_notes(reading: Reading, level: pd.DataFrame | None, language: Language) -> tuple[str, ...]:
    """How the drawing is read, below it: what the line, bands, marks and strokes are, only of what is there."""
    say, shown = language.say, reading.drawn
    text = []
    lines = [has_line(reading, segment) for segment in reading.segments]
    if any(lines):
        text.append(say("Line: the level, with its 50% and 95% bands."))
    if not all(lines):
        text.append(say("Dots: the level at each wave, with its 95% interval; too few waves for a line."))
    text.append(
        say("Marks: published waves, too many to draw their margins; observations.csv has them.")
        if is_crowded(reading)
        else say("Marks: published waves with their 95% margin.")
    )
    if level is not None and other_wordings(reading):
        house = reading.house_name(reading.houses()[0])
        text.append(say("Grey-filled marks: {house} in another wording than the level’s.", house=house))
    if level is not None and len(reading.segments[-1].scale.asked) > 1:
        text.append(
            say(
                "The level is the average over established houses ({weights}), each in its newest wording and mode: a "
                "house that changes its wording or mode does not move it.",
                weights=_weights(reading, language),
            )
        )
    if is_range(shown).any():
        text.append(say("Upright bars: published ranges."))
    if ((shown["left_out"] != "") & ~is_range(shown)).any():
        text.append(say("Small pale hollow marks: left out of the fit."))
    if level is not None and reading.gaps():
        text.append(say("Dotted: no wave for more than a year and a half."))
    if any(house != reading.houses()[0] for _, house in reading.breaks()):
        text.append(say("Strokes at the top edge: another house’s new wording."))
    if reading.unbridged():
        text.append(
            say(
                "Where the line is broken nothing was asked on both sides: each part is on the scale of its own "
                "wording, and levels on the two sides cannot be compared."
            )
        )
    return (" ".join(text),)


def _weights(reading: Reading, language: Language) -> str:
    """The houses that the newest level averages over, the heaviest first, each with its weight."""
    asked = reading.segments[-1].scale.asked.sort_values("weight", ascending=False, kind="stable")
    named = [
        f"{reading.house_name(str(house))} {language.percent(weight)}"
        for house, weight in zip(asked["house"], asked["weight"], strict=True)
    ]
    if len(named) > MOST_NAMED:
        named[MOST_NAMED:] = [language.say("{n} more", n=language.number(len(named) - MOST_NAMED))]
    return ", ".join(named)


def method(measure: Measure) -> str:
    """The trend in a few sentences, for the reader who asks how the line is drawn."""
    language = measure.language
    model = language.say(
        "The level is a random walk in continuous time on the logit scale, so that it may move more the longer "
        "nobody asked, and faster in some parts of a series than in others where the waves show it; a shock may move "
        "it at once, at a declared event or where the waves leave no other reading. "
        "Each house stands at a lasting, slowly drifting distance from it, and a new wording or mode of a house gets "
        "a distance of its own. Published shares scatter around that by their sampling error, their rounding and an "
        "excess that the waves show, larger for a wording whose own waves scatter more; a wave that all others "
        "contradict counts for less. The bands hold what such surveys would say on average with 50% and "
        "95% probability, the main unknowns of the model integrated over; what all of them get wrong together is in no "
        "band."
    )
    before = language.say(
        "Before the waves speak, every unknown has a wide log-normal distribution with these medians, in logits where "
        "no unit is named (0.1 is 2.5 points at one half): the level’s movement in a year {level}, a house’s distance "
        "{house}, the excess {excess}, the scatter {dispersion} times what n says, and a shock fades in {decay} days.",
        level=language.number(PRIORS["level_sd"].median, 2),
        house=language.number(PRIORS["house_sd"].median, 1),
        excess=language.number(PRIORS["excess_sd"].median, 2),
        dispersion=language.number(PRIORS["dispersion"].median),
        decay=language.number(PRIORS["decay_days"].median),
    )
    if not measure.mean:
        return f"{model} {before}"
    mean = language.say(
        "A mean goes through the fit by its place between the ends of its scale, {ends}: what is called a share here "
        "is that place, a point is a hundredth of the scale, and the sampling error is that of the mean.",
        ends=measure.scale,
    )
    return f"{model} {before} {mean}"


def alternative(reading: Reading, level: pd.DataFrame | None, language: Language) -> str:
    """The figure for a reader who does not see it: its numbers at the start, extremes and end, and what is drawn."""
    say, shown, measure = language.say, reading.drawn, measure_of(reading.indicator, language)
    left_out = int((shown["left_out"] != "").sum())
    waves = language.count("{n} wave", "{n} waves", len(shown) - left_out)
    houses = language.count("{n} house", "{n} houses", int(reading.used["house"].nunique()))
    text = [
        say("Line chart of {title}: {waves} of {houses}.", title=reading.title, waves=waves, houses=houses)
    ]
    if level is not None:
        rows = (
            (say("First"), level.iloc[0]),
            (
                say("Highest since the last break") if reading.unbridged() else say("Highest"),
                newest_extreme(reading, "highest"),
            ),
            (
                say("Lowest since the last break") if reading.unbridged() else say("Lowest"),
                newest_extreme(reading, "lowest"),
            ),
            (say("Newest"), level.iloc[-1]),
        )
        for words, row in ((words, row) for words, row in rows if row is not None):
            text.append(
                say(
                    "{words}: {share} on {date} (95%: {interval}).",
                    words=words,
                    share=measure.number(row["share"]),
                    date=language.date(row["date"]),
                    interval=measure.span(row["low95"], row["high95"]),
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
    """The level at the ends of months (quarters or years where there are many) and at the newest wave, in percent or
    on its scale."""
    say, measure = language.say, measure_of(reading.indicator, language)
    if level is None or reading.trend is None:
        rows = reading.drawn
        name = say("Mean, {ends}", ends=measure.bounds) if measure.mean else say("Share, %")
        return pd.DataFrame({say("Date"): rows["middle"], name: measure.drawn(rows["share"])})
    at = reading.level_on(reading.table_days)
    columns = {
        "share": say("Level, {ends}", ends=measure.bounds) if measure.mean else say("Level, %"),
        "low50": say("50% from"),
        "high50": say("to"),
        "low95": say("95% from"),
        "high95": say("up to"),
    }
    decimals = measure.digits + 1
    numbers = {name: measure.drawn(at[column]).round(decimals) for column, name in columns.items()}
    table = pd.DataFrame({say("Date"): at["date"]} | numbers)
    table.attrs["digits"] = dict.fromkeys(numbers, decimals)
    return table


def source_links(reading: Reading) -> Markup:
    """The houses shown, each linked to its own site where the survey states one."""
    names = []
    for house in reading.houses():
        record = reading.survey.houses.get(house)
        names.append(link(reading.house_name(house), record.url if record else None))
    return Markup(", ").join(names)
