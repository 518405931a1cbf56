"""Raking a wave to its survey's margins; the new weights stand next to the wave and never in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.errors import InputError, ModelError, nearest
from groundswell.estimates.design.design import Design, Margin
from groundswell.estimates.design.weights import check_weights
from groundswell.estimates.of_wave.means import wave_plan
from groundswell.estimates.of_wave.sample import weight_tables
from groundswell.estimates.sums.rows import counted_rows
from groundswell.estimates.sums.sum_query import SumPlan
from groundswell.estimates.weighting.calibration import calibrate
from groundswell.estimates.weighting.margins import Totals, margin_distances
from groundswell.estimates.weighting.raking import Weighting, rake, trim
from groundswell.estimates.weighting.weight_spread import weight_diagnostics
from groundswell.waves.respondents.codebook import Codebook
from groundswell.waves.respondents.reader import loaded
from groundswell.waves.surveys.margins import MARGIN_COLUMNS, margin_table
from groundswell.waves.surveys.survey_toml import Survey
from groundswell.waves.wave.check import read_wave
from groundswell.waves.wave.raked_weights import BASE, WEIGHT, file_of_weights, write_weights
from groundswell.waves.wave.wave_toml import Wave

SAME_TOTAL = 1e-6
"""Relative difference up to which the totals of two margins count as one population."""

Bounds = tuple[float, float]
ObstacleCode = Literal[
    "respondents_without_category",
    "category_without_total",
    "category_without_respondents",
    "totals_differ",
    "margins_not_held",
]
OBSTACLES: tuple[ObstacleCode, ...] = get_args(ObstacleCode)


@dataclass(frozen=True)
class RakedWave:
    """A wave's respondents, one row each, in the file's order, and their weights.

    Attributes:
        rows: each margin's variable by name, and the weights: `BASE` before, `WEIGHT` after.
        margins: the population's totals by category, of each variable.
        raked: the weights before they were trimmed; respondents whose weight was zero keep zero.
        iterations: rounds until every margin was held.
    """

    rows: pd.DataFrame
    margins: dict[Margin, Totals]
    raked: Floats
    iterations: int


@dataclass(frozen=True)
class RakingPreview:
    """What raking would do: `DIAGNOSTICS` and `BINS` of the weights before and after it."""

    diagnostics: pd.DataFrame
    bins: pd.DataFrame


@dataclass(frozen=True)
class RakingObstacle:
    """Why a wave cannot be raked.

    Attributes:
        code: what stands in the way.
        values: the `variable` of the margin with its `categories`, or the number of `respondents`; for
            `totals_differ` the `variables` and their `totals`; nothing for `margins_not_held`.
    """

    code: ObstacleCode
    values: Mapping[str, Any]


@dataclass(frozen=True)
class WeightedWave:
    """What raking did.

    Attributes:
        file: where the weights are.
        diagnostics: `weight_diagnostics` before and after, with the column `weights`.
        distances: `margin_distances`, each category's share before, after and in the population.
        sources: where each margin's totals are from, by variable.
        iterations: rounds until every margin was held.
    """

    file: Path
    diagnostics: pd.DataFrame
    distances: pd.DataFrame
    sources: dict[str, str]
    iterations: int


def read_margins(survey: Survey) -> dict[Margin, Totals]:
    """The population's totals by category, of each variable that has a file under `margins/`.

    Raises: FaultsError as `margin_table`.
    """
    table = margin_table(survey)
    return {
        str(variable): dict(zip(rows["category"], rows["total"], strict=True))
        for variable, rows in table.groupby("variable", sort=False)
    }


def rake_wave(
    survey: Survey,
    wave: Wave,
    *,
    bounds: Bounds | None = None,
    limits: Bounds | None = None,
    memory: str | None = None,
) -> RakedWave:
    """Rake the wave's own weights (1 each where it has none) to every margin; nothing is written.

    Args:
        survey, wave: what to weight; weights that stand next to the wave already are not looked at.
        bounds: least and largest factor by which a weight may change, against the factor that all weights share (logit
            calibration).
        limits: least and largest weight, in means, to which weights are trimmed afterwards; the margins are then no
            longer held exactly.
        memory: as in `sum_respondents`.

    Raises: InputError where the survey has no margins, the wave lacks a variable of one, a respondent has no category,
    or a category has no respondent; ModelError where the margins cannot be held together.
    """
    margins = read_margins(survey)
    if not margins:
        raise InputError(
            f"`{survey.folder / 'margins'}` holds no margins: write `sex.csv` with {', '.join(MARGIN_COLUMNS)}"
        )
    for variable in margins:
        if variable not in wave.domains:
            raise InputError(
                f"`{wave.toml.name}` has no `[domains.{variable}]`, which `margins/{variable}.csv` needs; "
                f"{nearest(str(variable), wave.domains)}"
            )
    return _raked(_respondents_of(wave, margins, memory), margins, bounds=bounds, limits=limits)


def _respondents_of(wave: Wave, margins: Mapping[Margin, Totals], memory: str | None) -> pd.DataFrame:
    """The wave's respondents in the file's order: each margin's variable, and `BASE`, the weights before raking."""
    own = wave.model_copy(update={"design": wave.design.model_copy(update={"weights_file": None})})
    recoded = read_wave(own)
    plan = wave_plan(recoded)
    weight = plan.design.weights
    unanswered = replace(plan, design=Design(weights=weight), items=(), answers=())
    rows = counted_rows(recoded.respondents, unanswered, memory=memory)
    base = check_weights(rows, weight) if weight else np.ones(len(rows))
    return rows[[str(variable) for variable in margins]].assign(**{BASE: base})


def _raked(
    rows: pd.DataFrame, margins: dict[Margin, Totals], *, bounds: Bounds | None, limits: Bounds | None
) -> RakedWave:
    """Respondents with their weights after raking, and after trimming where there are limits."""
    has_weight = (rows[BASE] > 0).to_numpy()
    present = rows[has_weight].reset_index(drop=True)
    raking = _bounded(present, margins, bounds) if bounds else rake(present, margins, weights=BASE)
    raked, weights = np.zeros(len(rows)), np.zeros(len(rows))
    raked[has_weight] = weights[has_weight] = raking.weights
    if limits is not None:
        mean = raking.weights.mean()
        weights[has_weight] = trim(raking.weights, lower=limits[0] * mean, upper=limits[1] * mean)
    return RakedWave(rows.assign(**{WEIGHT: weights}), margins, raked, raking.iterations)


def _bounded(rows: pd.DataFrame, margins: dict[Margin, Totals], bounds: Bounds) -> Weighting:
    """Calibrated between bounds, which are about the factor that all weights share."""
    totals = {variable: sum(by_category.values()) for variable, by_category in margins.items()}
    whole = max(totals.values())
    start = rows[BASE] if abs(whole - 1) < 1e-6 else rows[BASE] * (whole / rows[BASE].sum())
    return calibrate(rows.assign(**{BASE: start}), margins, weights=BASE, method="logit", bounds=bounds)


def weight_wave(
    survey: Survey,
    wave: Wave,
    *,
    bounds: Bounds | None = None,
    limits: Bounds | None = None,
    memory: str | None = None,
) -> WeightedWave:
    """`rake_wave`, the weights written next to the wave.

    Raises: as `rake_wave`.
    """
    raked = rake_wave(survey, wave, bounds=bounds, limits=limits, memory=memory)
    before, after = raked.rows[BASE].to_numpy(), raked.rows[WEIGHT].to_numpy()
    write_weights(
        wave,
        margins=[str(variable) for variable in raked.margins],
        base=before,
        raked=raked.raked,
        weights=after,
    )
    diagnostics = [
        weight_diagnostics(weights).assign(weights=name)
        for name, weights in (("before", before), ("after", after))
    ]
    table = margin_table(survey)
    return WeightedWave(
        file_of_weights(wave),
        pd.concat(diagnostics, ignore_index=True),
        margin_distances(
            raked.rows[before > 0], raked.margins, before=before[before > 0], after=after[before > 0]
        ),
        dict(zip(table["variable"], table["source"], strict=True)),
        raked.iterations,
    )


def raking_preview(survey: Survey, wave: Wave) -> RakingPreview | RakingObstacle | None:
    """What raking would do to a wave's weights, or what stands in its way; nothing is written or used.

    None where there is nothing to rake or to show: the survey has no margins, the wave was raked already, its
    respondents are not here, or it lacks the variable of a margin.

    Raises: FaultsError or InputError as `read_margins` and `read_wave`.
    """
    margins = read_margins(survey)
    if not margins or wave.weights is not None or not wave.respondents.is_file():
        return None
    if not all(variable in wave.domains for variable in margins):
        return None
    rows = _respondents_of(wave, margins, None)
    obstacle = _obstacle(rows[rows[BASE] > 0], margins)
    if obstacle is not None:
        return obstacle
    try:
        raked = _raked(rows, margins, bounds=None, limits=None)
    except ModelError:
        return RakingObstacle("margins_not_held", {})
    codebook = Codebook(wave.file, len(rows), {})
    design = Design(weights=WEIGHT, base_weights=BASE, margins=tuple(margins))
    plan = SumPlan(design=design, items=(), answers=(), by={})
    return RakingPreview(*weight_tables(loaded(raked.rows, codebook), plan))


def _obstacle(present: pd.DataFrame, margins: Mapping[Margin, Totals]) -> RakingObstacle | None:
    """The first thing for which respondents with a weight above zero cannot be raked, as `code_margins` checks it."""
    for variable, totals in margins.items():
        categories = present[str(variable)]
        if without := int(categories.isna().sum()):
            values = {"variable": str(variable), "respondents": without}
            return RakingObstacle("respondents_without_category", values)
        given, wanted = set(categories), {str(name) for name, total in totals.items() if total > 0}
        if unasked := sorted(given - wanted):
            return RakingObstacle(
                "category_without_total", {"variable": str(variable), "categories": unasked}
            )
        if empty := sorted(wanted - given):
            return RakingObstacle(
                "category_without_respondents", {"variable": str(variable), "categories": empty}
            )
    sums = {str(variable): float(sum(totals.values())) for variable, totals in margins.items()}
    most, least = max(sums.values()), min(sums.values())
    if most - least > SAME_TOTAL * most:
        return RakingObstacle("totals_differ", {"variables": list(sums), "totals": list(sums.values())})
    return None
