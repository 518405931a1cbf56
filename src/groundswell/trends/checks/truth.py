"""How often the intervals of simulated waves hold the truth that their respondents were drawn from."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from groundswell.waves import Survey
from groundswell.waves.wave.truth import read_truth
from groundswell.waves.wave.wave_toml import Wave

COLUMNS = ["indicator", "domain", "wave", "share", "truth", "held"]


def held_truth(survey: Survey, observations: pd.DataFrame, waves: Iterable[Wave]) -> pd.DataFrame:
    """The shown shares of simulated waves with the truth: indicator, domain, wave, share, truth, held.

    `observations` is the survey's observations table; a hidden row has no share and does not count. No rows where the
    survey has no `truth.csv`, as no survey of real people has.

    Raises: InputError as `read_truth`.
    """
    names = pd.DataFrame(
        [(wave.name, wave.house, pd.Timestamp(wave.end)) for wave in waves if wave.simulated],
        columns=["wave", "house", "end"],
    )
    truth = read_truth(survey).rename(columns={"share": "truth"})
    rows = observations[observations["share"].notna()]
    if names.empty or truth.empty:
        return pd.DataFrame(columns=COLUMNS).astype({"held": bool})
    both = rows.merge(names, on=["house", "end"]).merge(truth, on=["wave", "indicator", "domain"])
    held = both["truth"].between(both["share_low"], both["share_high"])
    return both.assign(held=held)[COLUMNS]
