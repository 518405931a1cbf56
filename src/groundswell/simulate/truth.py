"""The true level on a trend's own scale: what its intervals promise to hold.

A trend's level averages over houses in weights, each in what it asked last; the truth of a simulated series is the
equal average of all. The two differ by the houses' true effects in the difference of the weights.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from groundswell.simulate.series import SimulatedSeries
from groundswell.trends.answers.segments import Segment, segment_of
from groundswell.trends.model.logit import expit, logit


def truth_on(
    series: SimulatedSeries, segments: Sequence[Segment], dates: pd.DatetimeIndex
) -> pd.Series[float]:
    """The true share on each date, on the scale of the segment that holds it; the dates are the index."""
    level = pd.Series(logit(series.truth["share_first"]), series.truth["date"])
    wide = series.houses.pivot(index="date", columns="house", values=["effect", "offset"])
    found = []
    for day in dates:
        asked = segment_of(segments, day).scale.asked.set_index("house")
        known, second = wide.loc[day], (asked["mode"] == "online").astype(float)
        own = known["effect"][asked.index] + known["offset"][asked.index] * second
        found.append(float(level[day] + (own * asked["weight"]).sum()))
    return pd.Series(expit(np.array(found)), dates)
