"""How a report reads an indicator whose wording changed all at once: each part on its own wording's scale."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from groundswell.reports.evidence.reading import Reading
from groundswell.reports.figures.trend.level import level_traces
from groundswell.reports.findings.chosen import headline
from groundswell.reports.findings.findings import change_findings
from groundswell.reports.language.language import Language
from groundswell.reports.notebook.report import open_report
from groundswell.trends import Trend, comparisons
from groundswell.trends.answers.tables import level_table
from groundswell.trends.model.logit import logit


@pytest.fixture(scope="module")
def pulse(repository: Path) -> Reading:
    report = open_report("us-household-pulse", as_of="2024-12-31", indicator="anxiety", project=repository)
    return report.evidence.readings["anxiety"]


def test_each_segment_of_the_line_passes_through_the_shares_printed_in_it(pulse: Reading) -> None:
    waves = pulse.used.rename(columns={"share": "printed"}).merge(
        pulse.level, left_on="middle", right_on="date"
    )
    # A cycle's own margin is about one point; the level smooths over a few of them.
    miss = (waves["share"] - waves["printed"]).abs().groupby(waves["segment"]).mean()
    assert list(miss.index) == [1, 2, 3]
    assert (miss < 0.01).all()


def test_the_level_s_days_go_forward_and_its_line_never_turns_back(pulse: Reading) -> None:
    assert pulse.level is not None
    assert pulse.level["date"].is_monotonic_increasing
    assert pulse.level["date"].is_unique
    for trace in level_traces(pulse, pulse.level[pulse.level["date"] <= pulse.last], Language()):
        if "fill" not in trace:
            pieces = " ".join(str(day) for day in trace["x"]).split("None")
            assert all(piece.split() == sorted(piece.split()) for piece in pieces)


def test_the_newest_level_is_that_of_the_newest_wording_not_a_guess_in_an_old_one(pulse: Reading) -> None:
    newest = pulse.level_on(pd.DatetimeIndex([pulse.last])).iloc[0]
    assert newest["low95"] < pulse.used["share"].iloc[-1] < newest["high95"]
    assert newest["high95"] - newest["low95"] < 0.04


def on_one_scale(trend: Trend, variant: str, days: list[str]) -> pd.DataFrame:
    """The level on these days as if the series did not break, on one wording's scale."""
    names = trend.posterior.waves.combinations.names
    scale = np.tile((names["variant"] == variant).to_numpy(float), (len(days), 1))
    return level_table(trend.posterior, pd.DatetimeIndex(days), scale, None)


def test_another_scale_moves_the_level_by_the_difference_of_the_wordings_on_every_day(pulse: Reading) -> None:
    assert pulse.trend is not None
    days = ["2021-01-01", "2022-06-01", "2024-06-01"]
    first, last = (
        logit(on_one_scale(pulse.trend, variant, days)["share"].to_numpy())
        for variant in ("hps-seven-days", "hps-phase-4")
    )
    # Posterior means of shares, not of logits: equal distances up to the spread of each.
    assert np.ptp(first - last) < 0.05
    assert (first - last > 0.3).all()


def test_what_moved_before_a_break_is_found_and_no_comparison_crosses_it(pulse: Reading) -> None:
    compared = comparisons([pulse.trend])
    cuts = pulse.unbridged()
    assert not [row for _, row in compared.iterrows() for cut in cuts if row["start"] < cut <= row["end"]]
    found = change_findings(pulse, compared, Language())
    largest = max((one for one in found if one.earlier), key=lambda one: abs(one.estimate or 0.0))
    # Published: 37.2% on 11 to 23 November 2020, 24.5% on 23 June to 5 July 2021.
    assert largest.sentence == (
        "Anxiety (Census/NCHS Household Pulse’s question: last 7 days) almost certainly fell from 37% in November 2020 "
        "to 25% in June 2021, before its wording or method changed."
    )
    assert largest.low is not None
    assert largest.high is not None
    assert largest.low < 0.245 - 0.372 < largest.high


def test_where_nothing_moved_since_the_wording_changed_the_headline_is_that_it_stood_still(
    pulse: Reading,
) -> None:
    """Published in 2024: between 17.0 and 17.7% in nine cycles."""
    found = change_findings(pulse, comparisons([pulse.trend]), Language())
    (still,) = [one for one in found if one.kind == "still"]
    assert still.within is not None
    assert still.within >= 0.177 - 0.170
    assert headline(found, "Pulse", Language(), pulse.unbridged()[-1]) == still.claim


def test_an_extreme_is_a_wave_s_and_its_probabilities_are_of_one_segment(pulse: Reading) -> None:
    extremes = pulse.extremes
    assert set(extremes["date"]) == set(pulse.used["middle"])
    for name in ("highest", "lowest"):
        assert extremes.groupby("segment")[name].sum().to_numpy() == pytest.approx([1.0, 1.0, 1.0])
