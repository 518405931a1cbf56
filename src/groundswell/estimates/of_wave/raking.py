"""Raking a wave to its survey's margins; the new weights stand beside the wave and never in it.

`margins/<variable>.csv` holds the population's totals (or shares) of one domain variable: columns `category, total,
source`, the categories named as under `[domains.<variable>]`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.errors import Fault, FaultsError, InputError, nearest
from groundswell.estimates.design.design import Design, Margin
from groundswell.estimates.design.weights import check_weights
from groundswell.estimates.of_wave.estimate import wave_plan
from groundswell.estimates.sums.rows import counted_rows
from groundswell.estimates.weighting.calibration import calibrate
from groundswell.estimates.weighting.diagnostics import margin_distances, weight_diagnostics
from groundswell.estimates.weighting.margins import Totals
from groundswell.estimates.weighting.raking import Weighting, rake, trim
from groundswell.waves.surveys.records import Survey
from groundswell.waves.wave.check import read_wave
from groundswell.waves.wave.raked_weights import BASE, WEIGHT, file_of_weights, write_weights
from groundswell.waves.wave.record import Wave

MARGIN_COLUMNS = ["category", "total", "source"]
Bounds = tuple[float, float]


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


def margin_table(survey: Survey) -> pd.DataFrame:
    """Every margin of a survey: variable, category, total, source.

    Raises: FaultsError for files without the three columns, totals that are no numbers, or margins without a source.
    """
    tables: list[pd.DataFrame] = []
    faults: list[Fault] = []
    for file in sorted((survey.folder / "margins").glob("*.csv")):
        table = pd.read_csv(file, dtype={"category": "str", "source": "str"})
        if list(table.columns) != MARGIN_COLUMNS:
            message = f"has the columns {', '.join(table.columns)}, must have {', '.join(MARGIN_COLUMNS)}"
            faults.append(Fault(file, 1, "", message))
            continue
        totals = pd.to_numeric(table["total"], errors="coerce")
        faults += [
            Fault(
                file,
                int(line) + 2,
                "total",
                f"must be a number of zero or above, got `{table['total'][line]}`",
            )
            for line in np.flatnonzero(totals.isna() | (totals < 0))
        ]
        faults += [
            Fault(file, int(line) + 2, "source", "is missing: say where the total is from")
            for line in np.flatnonzero(table["source"].isna())
        ]
        tables.append(table.assign(variable=file.stem, total=totals))
    if faults:
        raise FaultsError(str(survey.folder / "margins"), faults)
    columns = ["variable", *MARGIN_COLUMNS]
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)


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
        survey, wave: what to weight; weights that stand beside the wave already are not looked at.
        bounds: least and largest factor by which a weight may change beside the others (logit calibration).
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
    own = wave.model_copy(update={"design": wave.design.model_copy(update={"weights_file": None})})
    respondents = read_wave(own)
    plan = wave_plan(own, respondents.codebook)
    weight = plan.design.weights
    rows = counted_rows(
        respondents, replace(plan, design=Design(weights=weight), items=(), answers=()), memory=memory
    )
    base = check_weights(rows, weight) if weight else np.ones(len(rows))
    rows = rows[[str(variable) for variable in margins]].assign(**{BASE: base})
    present = rows[base > 0].reset_index(drop=True)
    found = _bounded(present, margins, bounds) if bounds else rake(present, margins, weights=BASE)
    raked, weights = np.zeros(len(rows)), np.zeros(len(rows))
    raked[base > 0] = weights[base > 0] = found.weights
    if limits is not None:
        mean = found.weights.mean()
        weights[base > 0] = trim(found.weights, lower=limits[0] * mean, upper=limits[1] * mean)
    return RakedWave(rows.assign(**{WEIGHT: weights}), margins, raked, found.iterations)


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
    """`rake_wave`, the weights written beside the wave.

    Raises: as `rake_wave`.
    """
    raked = rake_wave(survey, wave, bounds=bounds, limits=limits, memory=memory)
    before, after = raked.rows[BASE].to_numpy(), raked.rows[WEIGHT].to_numpy()
    write_weights(wave, [str(variable) for variable in raked.margins], before, raked.raked, after)
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
