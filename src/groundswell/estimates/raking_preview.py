"""What raking a wave to its survey's margins would do to its weights; nothing is written or used."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from groundswell.errors import GroundswellError
from groundswell.estimates.wave_estimates import counted_rows, wave_plan
from groundswell.estimates.wave_sample import weight_tables
from groundswell.estimates.wave_weights import BASE, WEIGHT, read_margins
from groundswell.estimates.weighting import rake
from groundswell.waves.microdata import loaded
from groundswell.waves.survey import Survey
from groundswell.waves.wave_check import read_wave
from groundswell.waves.wave_file import Wave


def raking_preview(survey: Survey, wave: Wave) -> tuple[pd.DataFrame, pd.DataFrame] | str | None:
    """`weight_tables` before and after raking, or why raking fails; None where there is nothing to rake or to show.

    Nothing: the survey has no margins, the wave was raked already, its respondents are not here, or it lacks the
    variable of a margin.
    """
    margins = read_margins(survey)
    if not margins or wave.weights is not None or not wave.respondents.is_file():
        return None
    if not all(variable in wave.domains for variable in margins):
        return None
    respondents = read_wave(wave)
    plan = wave_plan(wave, respondents.codebook)
    rows = counted_rows(respondents, plan)
    base = rows[plan.design.weights] if plan.design.weights else pd.Series(1.0, index=rows.index)
    try:
        raked = rake(rows, margins, plan.design.weights)
    except GroundswellError as error:
        return str(error)
    design = replace(plan.design, weights=WEIGHT, base_weights=BASE, margins=tuple(margins))
    weighted = loaded(rows.assign(**{BASE: base, WEIGHT: raked.weights}), respondents.codebook)
    return weight_tables(weighted, replace(plan, design=design, where="true"))
