"""Raking a wave to its survey's margins; the new weights stand beside the wave and never in it.

`margins/<variable>.csv` holds the population's totals (or shares) of one domain variable: columns `category, total,
source`, the categories named as under `[domains.<variable>]`. `waves/<wave>.weights.parquet` holds the weights, one row
a respondent of the wave in the file's order, with the checksum of the respondents that they belong to.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from groundswell.errors import Fault, FaultsError, InputError, nearest
from groundswell.estimates.design import Design
from groundswell.estimates.diagnostics import margin_distances, weight_diagnostics
from groundswell.estimates.sum_query import SumPlan
from groundswell.estimates.wave_estimates import counted_rows, wave_plan
from groundswell.estimates.weighting import rake
from groundswell.waves.survey import Survey
from groundswell.waves.wave_check import read_wave
from groundswell.waves.wave_file import Wave

WEIGHT, BASE = "groundswell_weight", "groundswell_base"
MARGIN_COLUMNS = ["category", "total", "source"]


@dataclass(frozen=True)
class WeightedWave:
    """What raking did.

    Attributes:
        file: where the weights are.
        diagnostics: `weight_diagnostics` before and after, with the column `weights`.
        distances: `margin_distances`, each category's share before, after and in the population.
        iterations: rounds until every margin was held.
    """

    file: Path
    diagnostics: pd.DataFrame
    distances: pd.DataFrame
    iterations: int


def read_margins(survey: Survey) -> dict[str | tuple[str, ...], dict[object, float]]:
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


def weight_wave(survey: Survey, wave: Wave, *, memory: str | None = None) -> WeightedWave:
    """Rake the wave's own weights (1 each where it has none) to every margin, and write them beside the wave.

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
    respondents = read_wave(wave)
    plan = wave_plan(wave, respondents.codebook)
    rows = counted_rows(respondents, plan, memory=memory)
    base = plan.design.weights
    raked = rake(rows, margins, base)
    before = rows[base].to_numpy(np.float64) if base else np.ones(len(rows))
    file = wave.toml.with_suffix(".weights.parquet")
    _write(file, wave, tuple(map(str, margins)), before, raked.weights)
    diagnostics = pd.concat(
        [
            weight_diagnostics(before).assign(weights="before"),
            weight_diagnostics(raked.weights).assign(weights="after"),
        ],
        ignore_index=True,
    )
    return WeightedWave(
        file, diagnostics, margin_distances(rows, margins, before, raked.weights), raked.iterations
    )


def with_weights(wave: Wave, rows: pd.DataFrame, plan: SumPlan) -> tuple[pd.DataFrame, SumPlan]:
    """The rows with the weights that stand beside the wave, and the plan whose variance knows the calibration.

    Raises: InputError where the weights are absent, or belong to other respondents.
    """
    file = wave.weights
    if file is None:
        return rows, plan
    if not file.is_file():
        raise InputError(f"`{file}` is not here: make it with `groundswell weight`, or delete `weights_file`")
    weights, about = _read(file)
    if about["sha256"] != wave.sha256 or len(weights) != len(rows):
        raise InputError(f"`{file}` was made for other respondents than `{wave.file}`: make it again")
    design: Design = replace(plan.design, weights=WEIGHT, base_weights=BASE, margins=tuple(about["margins"]))
    return rows.assign(**{WEIGHT: weights[WEIGHT].to_numpy(), BASE: weights[BASE].to_numpy()}), replace(
        plan, design=design
    )


def _write(file: Path, wave: Wave, margins: tuple[str, ...], base: np.ndarray, weights: np.ndarray) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    about = {"sha256": wave.sha256, "margins": list(margins)}
    table = pa.table({BASE: base, WEIGHT: weights}).replace_schema_metadata(
        {"groundswell": json.dumps(about)}
    )
    part = file.with_name(f".{file.name}.part")
    parquet.write_table(table, part)
    part.replace(file)


def _read(file: Path) -> tuple[pd.DataFrame, Mapping[str, Any]]:
    from pyarrow import parquet

    table = parquet.read_table(file)
    about = json.loads((table.schema.metadata or {}).get(b"groundswell", b"{}"))
    return table.to_pandas(), about
