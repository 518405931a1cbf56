"""The pieces of a wave profile that are not figures by domain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from groundswell.estimates.of_wave.domains import ALL
from groundswell.reports.figures.figure import Figure
from groundswell.reports.figures.weights import key_words, weights_figure, weights_table
from groundswell.reports.html.markup import Block, fill
from groundswell.reports.html.tables import csv_link, table
from groundswell.reports.sections.data_quality import profile_quality

if TYPE_CHECKING:
    from groundswell.reports.notebook.wave_profile import WaveProfile

MOST_CLAIMED = 3


def claim(profile: WaveProfile) -> str:
    """The wave's shares in one line: "Anxious mood 30%, long-term planning 26%: wave of 11–17 Nov 2024"."""
    language = profile.language
    parts = [
        f"{profile.title_of(key)} {language.percent(_everyone(profile, key)['share'])}"
        for key in profile.indicators[:MOST_CLAIMED]
    ]
    lower = [parts[0], *(part[0].lower() + part[1:] for part in parts[1:])]
    return language.say("{shares}: wave of {fieldwork}", shares=", ".join(lower), fieldwork=profile.fieldwork)


def _everyone(profile: WaveProfile, indicator: str) -> pd.Series:
    rows = profile.shares
    return rows[(rows["indicator"] == indicator) & (rows["domain"] == ALL)].iloc[0]


def masthead(profile: WaveProfile) -> Block:
    """Survey, wave, fieldwork and house; the claim; what the page holds."""
    language, say, facts = profile.language, profile.language.say, profile.summary()
    html = fill(
        "masthead.html.j2",
        language,
        {
            "title": profile.survey.title,
            "as_of": language.date(profile.as_of),
            "waves": facts["kind"],
            "houses": profile.survey.houses[profile.wave.house].name,
            "status": facts["status"],
            "checks": say(
                "{passed} of {run} checks of the data passed",
                passed=facts["checks_passed"],
                run=facts["checks_run"],
            ),
            "headline": facts["headline"],
            "deck": facts["deck"],
        },
    )
    return Block(html, "top", "", part="masthead")


def summary(profile: WaveProfile) -> dict[str, Any]:
    """What the archive shows of a profile; the keys are those of a report, and `kind`."""
    language, say = profile.language, profile.language.say
    flagged = int((profile.quality["verdict"] == "flagged").sum())
    parts = [profile.survey.universe + ".", language.count("{n} respondent.", "{n} respondents.", profile.n)]
    if profile.wave.simulated:
        parts.insert(0, say("Simulated respondents: no real person was asked."))
    if not profile.respondents_here:
        parts.append(say("The respondents are not here; the figures were kept when they were."))
    parts.append(say("Intervals are 95% ones and allow for the design."))
    return {
        "headline": profile.claim(),
        "deck": " ".join(parts),
        "kind": say("Wave profile: {wave}", wave=profile.wave.name),
        "status": "warned" if flagged else "passed",
        "waves": 1,
        "houses": 1,
        "checks_passed": len(profile.quality) - flagged,
        "checks_run": len(profile.quality),
        "indicators": [_indicator(profile, key) for key in profile.indicators],
    }


def _indicator(profile: WaveProfile, key: str) -> dict[str, Any]:
    row = _everyone(profile, key)
    return {
        "indicator": key,
        "title": profile.title_of(key),
        "date": profile.wave.end.isoformat(),
        "share": float(row["share"]),
        "low95": float(row["share_low"]),
        "high95": float(row["share_high"]),
        "spark": [],
    }


def weights(profile: WaveProfile) -> Figure | Block:
    """The spread of the weights; a sentence where there are none."""
    say = profile.language.say
    diagnostics, bins, state = profile.weight_tables
    if diagnostics.empty:
        text = say("The wave has no weights: every respondent counts the same.")
        body = fill(
            "section.html.j2",
            profile.language,
            {"section": "weights", "title": say("Weights"), "folded": False, "body": _paragraph(text)},
        )
        return Block(body, "weights", say("Weights"))
    parts = (
        say("Share of respondents by their weight, in steps of a tenth of the mean."),
        key_words(bins, profile.language),
        state,
    )
    return weights_figure(diagnostics, bins, " ".join(filter(None, parts)), profile.language, say("Weights"))


def weight_diagnostics(profile: WaveProfile) -> Block:
    """The diagnostics under the figure."""
    diagnostics, _, _ = profile.weight_tables
    if diagnostics.empty:
        return Block("", part="note")
    language, say = profile.language, profile.language.say
    rows = weights_table(diagnostics, language)
    csv = csv_link(rows, "weight-diagnostics.csv", language)
    return Block(
        str(
            table(rows, language, caption=say("What the weights cost"))
            + Markup("<p class=note>{}</p>").format(csv)
        ),
        part="note",
    )


def quality(profile: WaveProfile) -> Block:
    """The checks of the data."""
    say = profile.language.say
    title = say("Data quality")
    values = {
        "section": "data-quality",
        "title": title,
        "folded": False,
        "body": profile_quality(profile.quality, profile.language),
    }
    return Block(fill("section.html.j2", profile.language, values), "data-quality", title)


def _paragraph(text: str) -> Markup:
    return Markup("<p>{}</p>").format(text)
