"""The sampling units of a design: which stratum each lies in, how many were drawn, and out of how many.

`Units` has one row for each unit of the last stage, whether or not a domain has a respondent in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from groundswell.arrays import Floats, Ints
from groundswell.errors import InputError
from groundswell.estimates.design.columns import answer_text
from groundswell.estimates.design.design import UNIT_PARTS, Design, check_columns
from groundswell.estimates.design.grouping import compact, sum_by
from groundswell.estimates.design.weights import check_weights
from groundswell.vocabulary import EVERYONE
from groundswell.waves.respondents.layouts.file_rows import BY_COUNT, RowName


@dataclass(frozen=True)
class Units:
    """The units of the last sampling stage, one row each.

    Attributes:
        stratum: (units, stages) code of the unit's stratum at each stage; strata of a later stage lie within
            one unit of the stage before.
        cluster: (units, stages) code of the unit at each stage, never used twice.
        population: (units, stages) number of units in the stratum's population; infinite without a
            correction.
        count: (units,) how many units the row stands for: 1, or the respondents of a stratum where each is a
            unit.
        labels: names of the first stage's strata, for messages.
    """

    stratum: Ints
    cluster: Ints
    population: Floats
    count: Ints
    labels: tuple[str, ...]


def codes_of(frame: pd.DataFrame, column: str, role: str) -> Ints:
    """Codes of a column's values in order of appearance.

    Raises:
        InputError: as `missing_unit`.
    """
    codes, _ = pd.factorize(frame[column])
    missing = np.flatnonzero(codes < 0)
    if len(missing):
        raise missing_unit(column, role, BY_COUNT.name(int(missing[0]) + 1), len(missing))
    return codes.astype(np.int64)


def missing_unit(column: str, role: str, row: RowName, many: int) -> InputError:
    """What is said of respondents without a stratum or a sampling unit, the first of them in `row`."""
    return InputError(
        f"`{column}` (the design's {role}) is missing in {row.text} and {many - 1} more: every respondent needs one; "
        f"give a value or drop the rows{row.how}"
    )


def no_population(column: str, cell: object, row: RowName) -> InputError:
    """What is said of a cell that is no population size and no sampling fraction."""
    held = "empty" if cell is None else f"`{cell}`"
    return InputError(
        f"`{column}` (the design's fpc) is {held} in {row.text}: a population size or a sampling fraction above zero "
        f"is needed in every row{row.how}"
    )


def units_of(frame: pd.DataFrame, design: Design, count: str | None = None) -> tuple[Units, Ints]:
    """The design's units, and the unit of each row of `frame`.

    `frame` has one row a respondent, or one row for each distinct combination of the design's unit columns
    (zero weights included). With `count`, each row is a unit that stands for that many respondents, each a
    unit by itself.

    Raises:
        InputError: missing columns or values, a PSU in two strata without `nest`, population sizes that are
            not numbers, mix sizes with fractions, change within a stratum or are smaller than the sample.
    """
    check_columns(design, frame.columns, UNIT_PARTS)
    stratum, cluster, labels = _nested_codes(frame, design)
    unit, first = _first_rows(cluster[:, -1])
    counts = np.ones(len(first), np.int64) if count is None else frame[count].to_numpy(np.int64)[first]
    stratum, cluster = stratum[first], cluster[first]
    given = np.column_stack([_numbers(frame, name)[first] for name in design.fpc]) if design.fpc else None
    population = _population(given, stratum, cluster, counts, design)
    return Units(stratum, cluster, population, counts, labels), unit


def _nested_codes(frame: pd.DataFrame, design: Design) -> tuple[Ints, Ints, tuple[str, ...]]:
    """Stratum and cluster codes by stage (rows, stages), and the names of the first stage's strata."""
    rows = len(frame)
    columns = design.psu or ((design.respondent,) if design.respondent else ())
    strata = [codes_of(frame, name, "stratum") for name in design.strata] or [np.zeros(rows, np.int64)]
    labels = (
        tuple(map(answer_text, pd.factorize(frame[design.strata[0]])[1])) if design.strata else (EVERYONE,)
    )
    clusters = [codes_of(frame, name, "sampling unit") for name in columns] or [
        np.arange(rows, dtype=np.int64)
    ]
    if design.nest:
        clusters[0] = _pair(strata[0], clusters[0])
    elif design.strata:
        _check_nested(strata[0], clusters[0], frame, columns)
    nested, stratified = [clusters[0]], [strata[0]]
    for stage in range(1, len(clusters)):
        within = strata[min(stage, len(strata) - 1)]
        stratified.append(_pair(nested[-1], within))
        label = _pair(within, clusters[stage]) if design.nest else clusters[stage]
        nested.append(_pair(nested[-1], label))
    return np.column_stack(stratified), np.column_stack(nested), labels


def _pair(outer: Ints, inner: Ints) -> Ints:
    return compact(outer * (int(inner.max(initial=0)) + 1) + inner)[0]


def _check_nested(stratum: Ints, cluster: Ints, frame: pd.DataFrame, columns: tuple[str, ...]) -> None:
    lowest = np.full(int(cluster.max(initial=0)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(lowest, cluster, stratum)
    astray = np.flatnonzero(stratum != lowest[cluster])
    if len(astray):
        more = len(np.unique(cluster[astray])) - 1
        raise InputError(
            f"`{columns[0]}` value `{answer_text(frame[columns[0]].iloc[astray[0]])}` lies in "
            f"more than one stratum, as do {more} more: units must lie within strata. If labels start again in each "
            "stratum, say so with `nest=True` (`nest = true` in a wave's file)"
        )


def _first_rows(cluster: Ints) -> tuple[Ints, Ints]:
    """Code of each row's last-stage unit, and the first row of each unit."""
    unit, values = compact(cluster)
    first = np.full(len(values), len(cluster), np.int64)
    np.minimum.at(first, unit, np.arange(len(cluster)))
    return unit, first


def _numbers(frame: pd.DataFrame, name: str) -> Floats:
    values = pd.to_numeric(frame[name], errors="coerce").to_numpy(np.float64, na_value=np.nan)
    bad = np.flatnonzero(~(values > 0))
    if len(bad):
        raise no_population(name, frame[name].iloc[bad[0]], BY_COUNT.name(int(bad[0]) + 1))
    return values


def _population(given: Floats | None, stratum: Ints, cluster: Ints, counts: Ints, design: Design) -> Floats:
    """Population sizes by unit and stage from sizes or fractions; infinite where none is given."""
    population = np.full(cluster.shape, np.inf)
    if given is None:
        return population
    fractions = bool((given <= 1).all()) and bool((given < 1).any())
    if not fractions and (given < 1).any():
        raise InputError(
            f"`fpc` ({', '.join(design.fpc)}) mixes sizes and fractions: all at least 1, or all at most 1"
        )
    for stage, name in enumerate(design.fpc):
        strata, drawn = drawn_of(stratum[:, stage], cluster[:, stage], counts)
        sizes = drawn[strata] / given[:, stage] if fractions else given[:, stage]
        low, high = np.full(len(drawn), np.inf), np.zeros(len(drawn))
        np.minimum.at(low, strata, sizes)
        np.maximum.at(high, strata, sizes)
        if (high > low * (1 + 1e-9)).any():
            raise InputError(
                f"`{name}` changes within a stratum of stage {stage + 1}: one population size a stratum"
            )
        if (high < drawn * (1 - 1e-9)).any():
            worst = int(np.argmax(drawn - high))
            raise InputError(
                f"`{name}` says {high[worst]:g} units in a stratum of stage {stage + 1} from which "
                f"{drawn[worst]} were drawn: a population is at least as large as its sample"
            )
        population[:, stage] = np.maximum(sizes, drawn[strata])
    return population


def drawn_of(stratum: Ints, cluster: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """Stratum row of each unit, and the clusters drawn in each stratum."""
    strata, _ = compact(stratum)
    clusters, values = compact(cluster)
    home = np.zeros(len(values), np.int64)
    home[clusters] = strata
    many = np.zeros(len(values), np.int64)
    many[clusters] = counts
    return strata, np.rint(sum_by(home, many.astype(np.float64), int(strata.max()) + 1)).astype(np.int64)


def inverse_fractions(units: Units) -> Floats:
    """Each unit's weight by its sampling fractions: the product over stages of population over sample."""
    weights = np.ones(len(units.count))
    for number in range(units.cluster.shape[1]):
        stratum, drawn = drawn_of(units.stratum[:, number], units.cluster[:, number], units.count)
        population = units.population[:, number]
        weights *= np.where(np.isinf(population), 1.0, population / drawn[stratum])
    return weights


def weights_of(respondents: pd.DataFrame, design: Design, units: Units, unit: Ints) -> Floats:
    """Each respondent's weight: the column, or the inverse of the sampling fractions, or 1.

    Raises:
        InputError: as `check_weights`.
    """
    if design.weights is None:
        return inverse_fractions(units)[unit]
    return check_weights(respondents, design.weights)
