"""The wave table: every observation with its fieldwork, house, n, design effect, share, margin and source."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup, escape

from groundswell.reports.language import Language
from groundswell.reports.lone_figures import figure_range
from groundswell.reports.markup import link
from groundswell.reports.reading import Reading
from groundswell.reports.tables import csv_link, table

OPEN_ROWS = 12


def wave_rows(reading: Reading, language: Language) -> pd.DataFrame:
    """The newest wave first; a range is shown as a range, a missing n as missing, a left-out row says why."""
    say = language.say
    rows = [_row(reading, row, language) for _, row in reading.shown.iloc[::-1].iterrows()]
    names = [
        "Fieldwork",
        "House",
        "Mode",
        "n",
        "effective n",
        "deff",
        "Share",
        "± margin",
        "Source and remarks",
    ]
    # As objects: pandas would turn a column of Markup into plain text, and the page would show its tags.
    frame = pd.DataFrame(rows, columns=[say(name) for name in names], dtype=object)
    for name in ("n", "effective n"):
        frame[say(name)] = frame[say(name)].astype("Int64")
    for name in ("deff", "± margin"):
        frame[say(name)] = frame[say(name)].astype("Float64")
    frame.attrs["digits"] = {say("deff"): 2, say("± margin"): 1}
    frame.attrs["right"] = (say("Share"),)
    return frame


def _row(reading: Reading, row: pd.Series, language: Language) -> tuple[object, ...]:
    low, upp = figure_range(row)
    digits = 1 if 0 < row["rounding"] < 0.0095 else 0
    share = language.span(low, upp, digits)
    bar = Markup(
        '<svg class="bar" width="50" height="9" aria-hidden="true"><rect x="{}" width="{}" height="9"/></svg>'
        '<span class="share">{}</span>'
    )
    start = 0 if pd.isna(row["range_low"]) else low * 50
    fieldwork = Markup('<span data-day="{}">{}</span>').format(
        row["end"].date().isoformat(), language.period(row["start"], row["end"], row["precision"])
    )
    margin = (row["share_upp"] - row["share_low"]) * 50 if pd.isna(row["range_low"]) else None
    effective = None if pd.isna(row["n_effective"]) else round(row["n_effective"])
    return (
        fieldwork,
        reading.house_name(row["house"]),
        row["mode"],
        None if pd.isna(row["n"]) else int(row["n"]),
        effective,
        row["deff"],
        bar.format(f"{start:.1f}", f"{max((upp * 50) - start, 1):.1f}", share) if pd.notna(upp) else None,
        margin,
        link(row["source"] or "", row["source_url"]) + _remarks(reading, row, language),
    )


def _remarks(reading: Reading, row: pd.Series, language: Language) -> Markup:
    """Why the row is left out; folded, its variant where the house has several, how certain it is, and its note."""
    say = language.say
    parts: list[str] = []
    if row["left_out"]:
        parts.append(say("left out of the fit: {reason}", reason=row["left_out"]))
    mine = reading.shown.loc[reading.shown["house"] == row["house"], "variant"]
    if mine.nunique() > 1:
        parts.append(say("wording: {variant}", variant=row["variant"]))
    if row["certainty"]:
        parts.append(say(row["certainty"].replace("_", " ")))
    if row["note"]:
        parts.append(row["note"])
    if not parts:
        return Markup("")
    summary = say("left out") if row["left_out"] else say("note")
    folded = Markup('<details class="remark"><summary>{}</summary><span class="unseen">: </span>{}</details>')
    return folded.format(summary, Markup("; ").join(escape(part) for part in parts))


def wave_section(reading: Reading, language: Language) -> Markup:
    """The newest waves open, all of them one click away, and the rows as a CSV."""
    say, rows = language.say, wave_rows(reading, language)
    newest, older = rows.head(OPEN_ROWS), rows.iloc[OPEN_ROWS:]
    for part in (newest, older):
        part.attrs.update(rows.attrs)
    title = say("{title}: waves", title=reading.title)
    pieces = [table(newest, language, caption=title, sortable=True)]
    if len(older):
        words = language.count("{n} earlier wave", "{n} earlier waves", len(older))
        pieces.append(
            Markup('<details class="numbers"><summary>{}</summary>{}</details>').format(
                words, table(older, language, caption=f"{title}, {words}", sortable=True)
            )
        )
    left = int((reading.shown["left_out"] != "").sum())
    words = (
        language.count("{n} row is left out of the fit.", "{n} rows are left out of the fit.", left)
        if left
        else ""
    )
    pieces.append(
        Markup("<p class=note>{} {}</p>").format(words, csv_link(rows, f"waves-{reading.key}.csv", language))
    )
    return Markup("").join(pieces)
