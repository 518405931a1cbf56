"""What raking a wave would do to its weights, or why it cannot be; nothing is written or used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from groundswell.errors import ModelError
from groundswell.estimates.design.design import Design
from groundswell.estimates.of_wave.sample import weight_tables
from groundswell.estimates.of_wave.weights.raking import lacking_margins, raked_rows, respondents_of
from groundswell.estimates.sums.sum_query import SumPlan
from groundswell.estimates.weighting.coded import MarginError, ObstacleCode
from groundswell.estimates.weighting.without_category import WithoutOne
from groundswell.waves.respondents.codebook import Codebook
from groundswell.waves.respondents.reader import loaded
from groundswell.waves.wave.raked_weights import BASE, WEIGHT
from groundswell.waves.wave.wave_margins import wave_margins
from groundswell.waves.wave.wave_toml import Wave


@dataclass(frozen=True)
class RakingPreview:
    """What raking would do: `DIAGNOSTICS` and `BINS` of the weights before and after it, and by margin who has no
    category of it."""

    diagnostics: pd.DataFrame
    bins: pd.DataFrame
    without: Mapping[str, WithoutOne]


@dataclass(frozen=True)
class RakingObstacle:
    """Why a wave cannot be raked: `code` and `values` of a `MarginError`; no values for `margins_not_held`."""

    code: ObstacleCode
    values: Mapping[str, Any]


def raking_preview(wave: Wave) -> RakingPreview | RakingObstacle | None:
    """What raking would do to a wave's weights, or what stands in its way; nothing is written or used.

    None where there is nothing to rake or to show: the survey has no margins, the wave was raked already, its
    respondents are not here, or it lacks the variable of a margin and does not say so.

    Raises: FaultsError or InputError as `wave_margins` and `read_wave`.
    """
    margins = wave_margins(wave)
    if not margins.margins or wave.weights is not None or not wave.respondents.is_file():
        return None
    if lacking_margins(wave, margins):
        return None
    rows = respondents_of(wave, margins)
    try:
        raked = raked_rows(rows, wave, margins)
    except MarginError as error:
        return RakingObstacle(error.code, error.values)
    except ModelError:
        return RakingObstacle("margins_not_held", {})
    codebook = Codebook(wave.file, len(rows), {})
    design = Design(weights=WEIGHT, base_weights=BASE, margins=tuple(margins.margins))
    plan = SumPlan(design=design, items=(), answers=(), by={})
    return RakingPreview(*weight_tables(loaded(raked.rows, codebook), plan), raked.without)
