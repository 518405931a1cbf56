"""How often the intervals of simulated waves hold the truth that they were drawn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from groundswell.estimates.of_wave.domains import ALL
from groundswell.waves.wave.truth import read_truth

if TYPE_CHECKING:
    from groundswell.reports.notebook.report import Report


def held_truth(report: Report) -> pd.DataFrame:
    """The shown shares of simulated waves with the truth: indicator, domain, wave, share, truth, held.

    No rows where the survey has no `truth.csv`, as no survey of real people has.
    """
    names = pd.DataFrame(
        [(wave.name, wave.house, pd.Timestamp(wave.end)) for wave in report.waves if wave.simulated],
        columns=["wave", "house", "end"],
    )
    truth = read_truth(report.survey).rename(columns={"share": "truth"})
    rows = report.observations[report.observations["share"].notna()]
    both = rows.merge(names, on=["house", "end"]).merge(truth, on=["wave", "indicator", "domain"])
    held = both["truth"].between(both["share_low"], both["share_high"])
    return both.assign(held=held)[["indicator", "domain", "wave", "share", "truth", "held"]]


def truth_sentence(report: Report) -> str | None:
    """The coverage in a sentence; None where nobody knows the truth."""
    rows = held_truth(report)
    if rows.empty:
        return None
    everyone = rows[rows["domain"] == ALL]
    by_domain = rows[rows["domain"] != ALL]
    say, language = report.language.say, report.language
    text = say(
        "The respondents are simulated, so the truth is known: {held} of {all} intervals of waves hold it.",
        held=language.number(int(everyone["held"].sum())),
        all=language.number(len(everyone)),
    )
    if by_domain.empty:
        return text
    return f"{text} " + say(
        "Of those of domains it is {held} of {all} ({share}); 95% are promised.",
        held=language.number(int(by_domain["held"].sum())),
        all=language.number(len(by_domain)),
        share=language.percent(float(by_domain["held"].mean())),
    )
