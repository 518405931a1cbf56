"""The wave table: every observation with its fieldwork, house, n, design effect, share, margin and source."""

from __future__ import annotations

from collections import Counter

import pandas as pd
from markupsafe import Markup, escape

from groundswell.reports.evidence.reading import Reading, figure_range
from groundswell.reports.html.markup import Block, link, section
from groundswell.reports.html.tables import csv_link, table
from groundswell.reports.language.language import Language
from groundswell.reports.language.left_out import left_out_words
from groundswell.reports.language.marked_words import certainty_words
from groundswell.reports.language.measure import Measure, measure_of

OFTEN, LONG = 3, 40
WAVE = ("house", "variant", "mode", "start", "end")
"""What tells an indicator's waves apart."""
MOST_LISTED = 400
"""Waves that the table has: ten thousand would make a page of megabytes that nobody reads to its end."""
BAR = 34
"""Pixels that a share of one is long."""


def wave_rows(
    reading: Reading,
    changes: pd.DataFrame,
    language: Language,
    numbered: dict[tuple[str, str], Markup] | None = None,
) -> pd.DataFrame:
    """The newest wave first; a range is shown as a range, a missing n as missing, a left-out row says why.

    `changes` are the indicator's rows of `wave_changes`; without any there is no column for them. A source in
    `numbered` is shown by its number.
    """
    say, measure = language.say, measure_of(reading.indicator, language)
    figure = say("Mean, {ends}", ends=measure.bounds) if measure.mean else say("Share")
    newest_first = [row for _, row in _listed(reading).iterrows()]
    rows = [_row(reading, row, language, numbered or {}) for row in newest_first]
    names = [
        *(say("Fieldwork"), say("House"), say("Mode"), say("n"), say("effective n"), say("deff"), figure),
        *(say("± margin"), say("Source and remarks")),
    ]
    # As objects: pandas would turn a column of Markup into plain text, and the page would show its tags.
    frame = pd.DataFrame(rows, columns=names, dtype=object)
    for name in ("n", "effective n"):
        frame[say(name)] = frame[say(name)].astype("Int64")
    for name in ("deff", "± margin"):
        frame[say(name)] = frame[say(name)].astype("Float64")
    frame.attrs["digits"] = {say("deff"): 2, say("± margin"): measure.digits + 1}
    frame.attrs["right"] = (figure, say("Change"))
    if len(changes):
        place = list(frame.columns).index(say("± margin")) + 1
        cells = pd.Series(_changes(newest_first, changes, measure), dtype=object)
        frame.insert(place, say("Change"), cells)
    frame.attrs["sorted"] = (say("Fieldwork"), "descending")
    return frame


def _listed(reading: Reading) -> pd.DataFrame:
    """The waves that the table has, the newest first."""
    return reading.shown.iloc[::-1].head(MOST_LISTED)


def _listed_note(reading: Reading, language: Language) -> str:
    """Where the older waves are, where the table does not have all; "" where it does."""
    if len(reading.shown) <= MOST_LISTED:
        return ""
    return language.say(
        "The table has the newest {shown} of {all} waves; observations.csv, next to this page, has all of them.",
        shown=language.number(MOST_LISTED),
        all=language.number(len(reading.shown)),
    )


def _row(
    reading: Reading, row: pd.Series, language: Language, numbered: dict[tuple[str, str], Markup]
) -> tuple[object, ...]:
    low, high = figure_range(row)
    measure = measure_of(reading.indicator, language)
    share = measure.printed(low, high, row["rounding"])
    start = 0 if pd.isna(row["range_low"]) else low * BAR
    offset = f"--x:{start:.0f}px;" if start else ""
    fieldwork = Markup('<span data-day="{}">{}</span>').format(
        row["end"].date().isoformat(), language.period(row["start"], row["end"], row["precision"])
    )
    half = (row["share_high"] - row["share_low"]) / 2
    margin = measure.drawn_change(half) if pd.isna(row["range_low"]) else None
    effective = None if pd.isna(row["n_effective"]) else round(row["n_effective"])
    return (
        fieldwork,
        reading.house_name(row["house"]),
        language.word(row["mode"]),
        None if pd.isna(row["n"]) else int(row["n"]),
        effective,
        row["deff"],
        Markup('<span class="share" style="{}--w:{}px">{}</span>').format(
            offset, f"{max(high * BAR - start, 2):.0f}", share
        )
        if pd.notna(high)
        else None,
        margin,
        numbered.get(_source(row), link(*_source(row))) + Markup(" ") + _remarks(reading, row, language),
    )


def _changes(rows: list[pd.Series], changes: pd.DataFrame, measure: Measure) -> list[str | Markup]:
    """Each wave's difference from the one before it with the reach of its 95% interval; a dash where there is none."""
    named = changes.set_index([*WAVE])[["estimate", "low", "high"]].to_dict("index")
    texts: list[str | Markup] = []
    for row in rows:
        told = named.get(tuple(row[name] for name in WAVE))
        if told is None:
            texts.append("–")
            continue
        change = measure.change(told["estimate"], 1)
        reach = measure.change((told["high"] - told["low"]) / 2, 1).removeprefix("+")
        texts.append(Markup('<span class="change">{} <small>± {}</small></span>').format(change, reach))
    return texts


def _source(row: pd.Series) -> tuple[str, str]:
    return str(row["source"] or ""), str(row["source_url"] or "")


def _numbered(reading: Reading, language: Language) -> dict[tuple[str, str], Markup]:
    """Long sources that stand in many rows, each as a link to its line below the table."""
    counts = Counter(_source(row) for _, row in _listed(reading).iterrows())
    often = [source for source, rows in counts.most_common() if rows >= OFTEN and len(source[0]) > LONG]
    return {
        source: Markup('<a href="#source-{}-{}">{}</a>').format(
            reading.key, number, language.say("source {n}", n=number)
        )
        for number, source in enumerate(often, 1)
    }


def _remarks(reading: Reading, row: pd.Series, language: Language) -> Markup:
    """The remarks on a row, folded."""
    parts = _remark_texts(reading, row, language)
    if not parts:
        return Markup("")
    summary = language.say("left out") if row["left_out"] else language.say("note")
    folded = Markup('<details class="remark"><summary>{}</summary>{}</details>')
    return folded.format(summary, Markup("; ").join(escape(part) for part in parts))


def _remark_texts(reading: Reading, row: pd.Series, language: Language) -> list[str]:
    """Why the row is left out, its variant where the house has several, how certain it is, and its note."""
    say = language.say
    parts: list[str] = []
    if row["left_out"]:
        parts.append(
            say("left out of the fit: {reason}", reason=left_out_words(row, reading.survey, language))
        )
    if row["house"] in reading.of_several_wordings:
        parts.append(say("wording: {variant}", variant=row["variant"]))
    if row["certainty"]:
        parts.append(certainty_words(row["certainty"], language))
    if row["note"]:
        parts.append(row["note"])
    return parts


def wave_table(reading: Reading, changes: pd.DataFrame, language: Language) -> Block:
    """Every wave of one indicator, as a section; `changes` are the indicator's rows of `wave_changes`."""
    title = language.say("{title}: waves", title=reading.title)
    body, group = wave_section(reading, changes, language), language.say("Waves")
    return section(f"waves-{reading.key}", title, body, language, contents=reading.title, group=group)


def wave_section(reading: Reading, changes: pd.DataFrame, language: Language) -> Markup:
    """The newest waves open, all of them one click away, and the rows as a CSV."""
    say, numbered = language.say, _numbered(reading, language)
    title = say("{title}: waves", title=reading.title)
    rows = wave_rows(reading, changes, language, numbered)
    pieces = [table(rows, language, caption=title, sortable=True, folded=True)]
    if numbered:
        items = [
            Markup('<li id="source-{}-{}">{}</li>').format(reading.key, number, link(*source))
            for number, source in enumerate(numbered, 1)
        ]
        pieces.append(
            Markup('<div class="note">{}<ol>{}</ol></div>').format(say("Sources:"), Markup("").join(items))
        )
    left = int((reading.shown["left_out"] != "").sum())
    words = (
        language.count("{n} row is left out of the fit.", "{n} rows are left out of the fit.", left)
        if left
        else ""
    )
    rows[rows.columns[-1]] = [
        "; ".join(part for part in (_source(row)[0], *_remark_texts(reading, row, language)) if part)
        for _, row in _listed(reading).iterrows()
    ]
    notes = " ".join(
        filter(None, (_listed_note(reading, language), words, _change_note(reading, changes, language)))
    )
    pieces.append(
        Markup("<p class=note>{} {}</p>").format(notes, csv_link(rows, f"waves-{reading.key}.csv", language))
    )
    return Markup("").join(pieces)


def _change_note(reading: Reading, changes: pd.DataFrame, language: Language) -> str:
    """What the differences between waves are, and of how many it is known what their waves share."""
    if changes.empty:
        return ""
    say, measure = language.say, measure_of(reading.indicator, language)
    text = (
        say(
            "Change: the raw difference from the wave before it of the same house, wording and mode, on {ends}, with "
            "its 95% interval; no model.",
            ends=measure.scale,
        )
        if measure.mean
        else say(
            "Change: the raw difference from the wave before it of the same house, wording and mode, in percentage "
            "points, with its 95% interval; no model."
        )
    )
    shared = int((changes["covariance"] != 0).sum())
    if not shared:
        return text
    return f"{text} " + language.count(
        "{n} of {all} allows for what its two waves share: they ask the same people or sampling units.",
        "{n} of {all} allow for what their two waves share: they ask the same people or sampling units.",
        shared,
        all=language.number(len(changes)),
    )
