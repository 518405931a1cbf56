"""Lone rough figures: a house's only figure, printed as a range or without what a fit needs.

Such a figure is drawn and told, never fitted. Where another house asked within NEAR_DAYS of it, the sentence says
where the figure lies against the level of the other houses; where none did, it says that it cannot be checked.
"""

from __future__ import annotations

import pandas as pd

from groundswell.reports.evidence.reading import Reading, middles
from groundswell.reports.findings.findings import MARK, Finding
from groundswell.reports.language.language import Language, mark

NEAR_DAYS = 92
MARGIN = 0.03


def lone_figures(reading: Reading) -> pd.DataFrame:
    """The shown observations that are their house's only one and are left out of the fit, oldest first."""
    shown = reading.drawn
    alone = shown.groupby("house")["house"].transform("size") == 1
    return shown[alone & (shown["left_out"] != "")]


def lone_findings(reading: Reading, language: Language) -> list[Finding]:
    """One finding a lone figure."""
    return [_finding(reading, row, language) for _, row in lone_figures(reading).iterrows()]


def _finding(reading: Reading, row: pd.Series, language: Language) -> Finding:
    say = language.say
    figure = printed(row, language)
    others = reading.used[reading.used["house"] != row["house"]]
    nearest, days = _nearest(row, others)
    message, parts = _sentence(reading, row, language, near=days <= NEAR_DAYS)
    before, word, after = say(message, **parts).replace("[", MARK).replace("]", MARK).split(MARK, 2)
    basis = [say("1 rough figure")]
    if pd.isna(row["n"]):
        basis.append(say("n not published"))
    if nearest is not None:
        basis.append(
            say(
                "nearest wave of another house: {house}, {period}",
                house=reading.house_name(nearest["house"]),
                period=language.period(nearest["start"], nearest["end"], nearest["precision"]),
            )
        )
    basis.append(say("one wave of {n} would measure it to ±3 points", n=language.number(_needed(row))))
    return Finding(
        kind="lone",
        indicator=reading.key,
        target=f"trend-{reading.key}",
        size=figure,
        interval=say("a range, not an interval") if pd.notna(row["range_low"]) else say("no margin"),
        before=before,
        word=word,
        after=after,
        basis=" · ".join(basis),
    )


def _sentence(
    reading: Reading, row: pd.Series, language: Language, *, near: bool
) -> tuple[str, dict[str, str]]:
    """The message with the words to set in bold in square brackets, and its parts without brackets."""
    parts = {
        "house": reading.house_name(row["house"]),
        "title": reading.title,
        "period": language.period(row["start"], row["end"], row["precision"]),
    }
    parts = {name: text.replace("[", "(").replace("]", ")") for name, text in parts.items()}
    if not near or reading.trend is None:
        return (
            mark(
                "{title}: {house}’s figure for {period} stands alone; a change against other houses "
                "[cannot be checked]."
            ),
            parts,
        )
    day = middles(row.to_frame().T.infer_objects()).iloc[0]
    level = reading.trend_on(day).level(day).iloc[0]
    parts["band"] = language.span(level["population_low95"], level["population_high95"])
    low, high = figure_range(row)
    if low > level["population_high95"]:
        return (
            mark(
                "{title}: {house}’s figure for {period} lies [above] what the other houses say of that time, "
                "{band}; its wording and n would tell why."
            ),
            parts,
        )
    if high < level["population_low95"]:
        return (
            mark(
                "{title}: {house}’s figure for {period} lies [below] what the other houses say of that time, "
                "{band}; its wording and n would tell why."
            ),
            parts,
        )
    return (
        mark(
            "{title}: {house}’s figure for {period} [does not contradict] the other houses, who say {band} "
            "for that time."
        ),
        parts,
    )


def printed(row: pd.Series, language: Language) -> str:
    """A share as it was printed: with its decimals, or as its range."""
    low, high = figure_range(row)
    digits = 1 if 0 < row["rounding"] < 0.0095 else 0
    return language.span(low, high, digits)


def figure_range(row: pd.Series) -> tuple[float, float]:
    """The printed range of an observation; a single share is a range of no width."""
    if pd.notna(row["range_low"]):
        return float(row["range_low"]), float(row["range_high"])
    return float(row["share"]), float(row["share"])


def _nearest(row: pd.Series, others: pd.DataFrame) -> tuple[pd.Series | None, float]:
    """The used wave of another house that is nearest in time, and the days between the two fieldworks."""
    if others.empty:
        return None, float("inf")
    start = row["end"] if pd.isna(row["start"]) else row["start"]
    after = (others["start"].fillna(others["end"]) - row["end"]).dt.days
    before = (start - others["end"]).dt.days
    gap = pd.concat([after, before], axis=1).max(axis=1).clip(lower=0)
    return others.loc[gap.idxmin()], float(gap.min())


def _needed(row: pd.Series) -> int:
    """Respondents, at this house's design effect, for a 95% margin of three points; to the next hundred."""
    share = sum(figure_range(row)) / 2
    deff = 1.0 if pd.isna(row["deff"]) else float(row["deff"])
    return -(-int(deff * share * (1 - share) * (1.96 / MARGIN) ** 2) // 100) * 100
