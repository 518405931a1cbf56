"""Raking a wave to its survey's margins; the new weights stand next to the wave and never in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.errors import InputError, nearest
from groundswell.estimates.design.design import Design
from groundswell.estimates.design.weights import check_weights
from groundswell.estimates.of_wave.means import wave_plan
from groundswell.estimates.of_wave.weights.margin_faults import with_way_out
from groundswell.estimates.sums.rows import counted_rows
from groundswell.estimates.weighting.calibration import calibrate_coded
from groundswell.estimates.weighting.coded import MarginError, Totals
from groundswell.estimates.weighting.margins import CodedMargins, code_margins, margin_distances
from groundswell.estimates.weighting.raking import Weighting, rake_coded, trim
from groundswell.estimates.weighting.weight_spread import weight_diagnostics
from groundswell.estimates.weighting.without_category import WithoutOne
from groundswell.vocabulary import WithoutCategory
from groundswell.waves.surveys.margins import MARGIN_COLUMNS
from groundswell.waves.wave.check import read_wave
from groundswell.waves.wave.raked_weights import (
    BASE,
    WEIGHT,
    about_weights,
    file_of_weights,
    write_weights,
)
from groundswell.waves.wave.recode import category_names
from groundswell.waves.wave.wave_margins import WaveMargins, wave_margins
from groundswell.waves.wave.wave_toml import Wave

Bounds = tuple[float, float]


@dataclass(frozen=True)
class RakedWave:
    """A wave's respondents, one row each, in the file's order, and their weights.

    Attributes:
        rows: each margin's variable by name, in the categories that were raked to, and the weights: `BASE` before,
            `WEIGHT` after.
        margins: the population's totals, and what the wave says of them.
        raked: the weights before they were trimmed; respondents whose weight was zero keep zero.
        iterations: rounds until every margin was held.
        without: respondents without a category, by margin that has any, and what was done with them.
        rescaled: the sum of a margin's totals, where it differed by rounding and was rescaled to `whole`.
        whole: the total that all margins share.
    """

    rows: pd.DataFrame
    margins: WaveMargins
    raked: Floats
    iterations: int
    without: dict[str, WithoutOne]
    rescaled: dict[str, float]
    whole: float


@dataclass(frozen=True)
class WeightedWave:
    """What raking did.

    Attributes:
        file: where the weights are.
        raked: the raked wave.
        diagnostics: `weight_diagnostics` before and after, with the column `weights`.
        distances: `margin_distances`, each category's share before, after and in the population.
    """

    file: Path
    raked: RakedWave
    diagnostics: pd.DataFrame
    distances: pd.DataFrame


def rake_wave(
    wave: Wave,
    *,
    bounds: Bounds | None = None,
    limits: Bounds | None = None,
    without_category: WithoutCategory | None = None,
    memory: str | None = None,
) -> RakedWave:
    """Rake the wave's own weights (1 each where it has none) to every margin; nothing is written.

    Args:
        wave: what to weight; weights that stand next to the wave already are not looked at.
        bounds: least and largest factor by which a weight may change, against the factor that all weights share (logit
            calibration).
        limits: least and largest weight, in means, to which weights are trimmed afterwards; the margins are then no
            longer held exactly.
        without_category: as in `rake`, over what the wave's `[weighting]` says.
        memory: as in `sum_respondents`.

    Raises: InputError where the survey has no margins, the wave lacks a variable of one and does not say so, or as
    `code_margins`; FaultsError as `wave_margins`; ModelError where the margins cannot be held together.
    """
    margins = wave_margins(wave)
    if not margins.margins:
        folder = wave.survey_folder / "margins"
        raise InputError(
            f"`{folder}` holds no margins that the wave could be raked to: write `sex.csv` with "
            f"{', '.join(MARGIN_COLUMNS)}"
        )
    if lacking := lacking_margins(wave, margins):
        name = lacking[0]
        raise InputError(
            f"`{wave.toml.name}` has no `[domains.{name}]`, which `{margins.margins[name].file}` needs; "
            f"{nearest(name, wave.domains)}. Where the wave did not ask it, write `not_asked = "
            f'["{name}"]` under `[weighting]`: it is then raked at the other margins'
        )
    rows = respondents_of(wave, margins, memory)
    try:
        return raked_rows(rows, wave, margins, bounds, limits, without_category)
    except MarginError as error:
        raise with_way_out(error, wave, margins) from error


def lacking_margins(wave: Wave, margins: WaveMargins) -> list[str]:
    """The margins for which the wave has no domain."""
    return [variable for variable in margins.margins if variable not in wave.domains]


def respondents_of(wave: Wave, margins: WaveMargins, memory: str | None = None) -> pd.DataFrame:
    """The wave's respondents in the file's order: each margin's variable, and `BASE`, the weights before raking.

    Raises: FaultsError where the wave takes together a category that neither the margin nor a respondent has; as
    `read_wave` and `check_weights`.
    """
    own = wave.model_copy(update={"design": wave.design.model_copy(update={"weights_file": None})})
    recoded = read_wave(own)
    plan = wave_plan(recoded)
    weight = plan.design.weights
    unanswered = replace(plan, design=Design(weights=weight), items=(), answers=())
    rows = counted_rows(recoded.respondents, unanswered, memory=memory)
    base = check_weights(rows, weight) if weight else np.ones(len(rows))
    categories = {name: _collapsed(rows[name], wave, margins, name) for name in margins.margins}
    return pd.DataFrame({**categories, BASE: base})


def _collapsed(categories: pd.Series, wave: Wave, margins: WaveMargins, variable: str) -> pd.Series:
    """The categories as the wave takes them together."""
    margin = margins.margins[variable]
    known = {*margin.printed, *categories.dropna(), *category_names(wave.domains[variable])}
    if unknown := [part for part in margin.together if part not in known]:
        place = ("weighting", "margins", variable, "collapse")
        message = (
            f"`{unknown[0]}` is a category neither of `{margin.file}` nor of `[domains.{variable}]`; "
            f"{nearest(unknown[0], known)}"
        )
        wave.refuse([(place, message)])
    return categories.map(lambda name: margin.together.get(name, name), na_action="ignore")


def raked_rows(
    rows: pd.DataFrame,
    wave: Wave,
    margins: WaveMargins,
    bounds: Bounds | None = None,
    limits: Bounds | None = None,
    without_category: WithoutCategory | None = None,
) -> RakedWave:
    """Respondents with their weights after raking, and after trimming where there are limits.

    Raises: MarginError and ModelError as `rake`.
    """
    totals = totals_of(margins)
    coded = code_margins(rows, totals, rows[BASE].to_numpy(), _rules(wave, totals, without_category))
    raking = _bounded(coded, bounds) if bounds else rake_coded(coded)
    weights = raking.weights
    if limits is not None:
        mean = weights[weights > 0].mean()
        weights = trim(weights, lower=limits[0] * mean, upper=limits[1] * mean)
    return RakedWave(
        rows.assign(**coded.imputed(rows), **{WEIGHT: weights}),
        margins,
        raking.weights,
        raking.iterations,
        coded.without,
        coded.rescaled,
        coded.whole,
    )


def totals_of(margins: WaveMargins) -> dict[Any, Totals]:
    """The population's totals by category, of each variable."""
    return {variable: margin.totals for variable, margin in margins.margins.items()}


def _rules(
    wave: Wave, variables: Mapping[Any, Totals], asked: WithoutCategory | None
) -> dict[Any, WithoutCategory]:
    """What is done without a category of each margin: as asked, else as the wave says of it, else of them all."""
    stated = wave.weighting
    rules = {
        variable: asked
        or (stated.margins[variable].without_category if variable in stated.margins else None)
        or stated.without_category
        for variable in variables
    }
    return {variable: rule for variable, rule in rules.items() if rule is not None}


def _bounded(coded: CodedMargins, bounds: Bounds) -> Weighting:
    """Calibrated between bounds, which are about the factor that all weights share."""
    shared = coded.margins[0].target.sum() / coded.start.sum()
    return calibrate_coded(replace(coded, start=coded.start * shared), method="logit", bounds=bounds)


def weight_wave(
    wave: Wave,
    *,
    bounds: Bounds | None = None,
    limits: Bounds | None = None,
    without_category: WithoutCategory | None = None,
    memory: str | None = None,
) -> WeightedWave:
    """`rake_wave`, the weights written next to the wave.

    Raises: as `rake_wave`.
    """
    raked = rake_wave(wave, bounds=bounds, limits=limits, without_category=without_category, memory=memory)
    before, after = raked.rows[BASE].to_numpy(), raked.rows[WEIGHT].to_numpy()
    done = {
        "bounds": bounds,
        "limits": limits,
        "without_category": {variable: asdict(found) for variable, found in raked.without.items()},
        "rescaled": raked.rescaled,
    }
    write_weights(wave, raked.margins, raked.rows, base=before, raked=raked.raked, weights=after, done=done)
    diagnostics = [
        weight_diagnostics(weights).assign(weights=name)
        for name, weights in (("before", before), ("after", after))
    ]
    return WeightedWave(
        file_of_weights(wave),
        raked,
        pd.concat(diagnostics, ignore_index=True),
        margin_distances(raked.rows, totals_of(raked.margins), before=before, after=after),
    )


def without_category_of(wave: Wave) -> dict[str, WithoutOne]:
    """By margin the respondents without a category of it when the weights that the wave uses were made, and what was
    done with them; none where it uses no such weights."""
    if wave.weights is None or not wave.weights.is_file():
        return {}
    found = about_weights(wave.weights).get("done", {}).get("without_category", {})
    return {variable: WithoutOne(**facts) for variable, facts in found.items()}
