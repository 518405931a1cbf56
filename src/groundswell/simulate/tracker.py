"""A house that asks new people every day, and publishes every day the mean over its last days.

Worked example: 500 people a day and windows of five days. Each figure rests on 2,500 people, four fifths of whom are in
the next figure too.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from groundswell.arrays import Floats
from groundswell.simulate.sampled import sampled
from groundswell.simulate.scenarios import Scenario


def with_tracker(schedule: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """The schedule with the first house's waves replaced by its windows, where the scenario has any."""
    if not scenario.window_days:
        return schedule
    first = np.arange(scenario.days - scenario.window_days + 1)
    windows = pd.DataFrame(
        {
            "house": 0,
            "start": first,
            "end": first + scenario.window_days - 1,
            "n": scenario.asked_a_day * scenario.window_days,
        }
    )
    table = pd.concat([windows, schedule[schedule["house"] > 0]])
    return table.sort_values(["end", "house"], ignore_index=True)


def tracked(rng: np.random.Generator, scenario: Scenario, logits: Floats, windows: pd.DataFrame) -> Floats:
    """The share each window prints, of a house whose own true logits these are, one a day.

    The error that is not sampling belongs to the days as well: over a window its standard deviation is `excess_sd`.
    """
    excess = rng.normal(0.0, scenario.excess_sd * np.sqrt(scenario.window_days), len(logits))
    size = np.full(len(logits), float(scenario.asked_a_day))
    day = sampled(rng, scenario, size, np.asarray(expit(logits + excess)))
    reached = np.append(0.0, np.cumsum(day))
    start, end = (windows[name].to_numpy(dtype=np.intp) for name in ("start", "end"))
    return np.asarray((reached[end + 1] - reached[start]) / (end + 1 - start))
