"""What raking a wave to its survey's margins would do to its weights; nothing is written or used."""

from __future__ import annotations

import pandas as pd

from groundswell.errors import GroundswellError
from groundswell.estimates.design.design import Design
from groundswell.estimates.of_wave.raking import rake_wave, read_margins
from groundswell.estimates.of_wave.sample import weight_tables
from groundswell.estimates.sums.plan import SumPlan
from groundswell.waves.respondents.codebook import Codebook
from groundswell.waves.respondents.reader import loaded
from groundswell.waves.surveys.records import Survey
from groundswell.waves.wave.raked_weights import BASE, WEIGHT
from groundswell.waves.wave.record import Wave


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
    try:
        rows = rake_wave(survey, wave).rows
    except GroundswellError as error:
        return str(error)
    codebook = Codebook(wave.file, len(rows), {})
    design = Design(weights=WEIGHT, base_weights=BASE, margins=tuple(margins))
    return weight_tables(loaded(rows, codebook), SumPlan(design=design, items=(), answers=(), by={}))
