"""Shares and means from any file of respondents, with the design named on the spot: `groundswell estimate`.

Linearised designs go through sums in DuckDB, so the file may be larger than memory. Replicate and calibrated
weights need the respondents themselves; only the named columns are then loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite, nan
from pathlib import Path

import pandas as pd

from groundswell.arrays import Floats
from groundswell.errors import InputError, nearest
from groundswell.estimates.design.design import Design, check_columns
from groundswell.estimates.design.units import Units
from groundswell.estimates.statistics.shares import estimate, estimate_covariance, estimate_replicates
from groundswell.estimates.sums.cells import Cells, cells_of
from groundswell.estimates.sums.cluster import sum_on_cluster
from groundswell.estimates.sums.duckdb_sums import cells_of_sums, linearised_design, sum_respondents
from groundswell.estimates.sums.items import Item
from groundswell.estimates.sums.plan import SumPlan
from groundswell.estimates.sums.rows import apart, counted_rows
from groundswell.estimates.variance.replicates import ReplicateSums, replicate_moments, replicate_sums
from groundswell.vocabulary import DeffKind, Interval
from groundswell.waves.respondents.codebook import Codebook, Variable, plain_code
from groundswell.waves.respondents.reader import Respondents, literal, quoted, read_respondents
from groundswell.waves.wave.recode import among, answered, number

MANY_ANSWERS = 200
"""A question with more answers than this is a number or a text: name one of its answers."""

MANY_PRODUCTS = 12
"""Estimates up to which their products are summed in DuckDB; beyond, the sums outnumber the respondents' columns."""


def estimate_file(
    file: Path,
    design: Design,
    *,
    shares: Sequence[str] = (),
    means: Sequence[str] = (),
    by: Sequence[str] = (),
    interval: Interval = "logit",
    level: float = 0.95,
    deff_kind: DeffKind = "replace",
    covariance: bool = False,
    labels: bool = False,
    memory: str | None = None,
    cluster: str | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """The table of `shares` for a file, and the square covariance of its rows where it is asked for.

    Args:
        file: respondents in any format that `read_respondents` reads.
        design: how they were drawn; its columns must be the file's.
        shares: questions, as "column=answer" or "column"; an answer is a code, or its label in the file.
        means: columns of numbers.
        by: columns whose combinations are the domains.
        interval, level, deff_kind: as in `shares`.
        covariance: make the covariance too.
        labels: write the file's labels instead of its codes.
        memory: bound of DuckDB's memory, as "512MB".
        cluster: address of a Dask cluster that sums the file by partitions.

    Raises: InputError for unknown columns or answers, weights or a design that cannot be, and as
    `read_respondents`.
    """
    if not shares and not means:
        raise InputError("nothing to estimate: name a share (`awards=Yes`) or a mean (`api00`)")
    respondents = read_respondents(file)
    codebook = respondents.codebook
    design = design.over(codebook.variables)
    check_columns(design, codebook.variables)
    for role, names in (("by", by), ("mean", means)):
        for name in names:
            _check_column(codebook, name, role)
    for name in means:
        _check_numbers(respondents, codebook[name])
    plan = _plan(respondents, design, shares, means, by)
    matrix: Floats | None = None
    if design.replicates:
        sums = _replicate_sums(respondents, plan, memory)
        table = estimate_replicates(sums, design, interval=interval, level=level, deff_kind=deff_kind)
        if covariance:
            matrix = replicate_moments(sums, design).covariance()
    else:
        cells, units = _cells(respondents, plan, file if cluster else None, memory, cluster or "", covariance)
        table = estimate(cells, units, design, interval=interval, level=level, deff_kind=deff_kind)
        if covariance:
            matrix = estimate_covariance(cells, units, design)
    _check_given(respondents, plan, table)
    table = _plain(table, codebook, by, labels=labels)
    if matrix is None:
        return table, None
    names = row_names(table, by)
    return table, pd.DataFrame(matrix, index=names, columns=names)


def row_names(table: pd.DataFrame, by: Sequence[str]) -> list[str]:
    """A name for every row, to head a covariance: `2024-05:North:awards=Yes`."""
    what = table["variable"] + ("=" + table["category"]).where(table["category"] != "", "")
    return [":".join(map(str, row)) for row in zip(*(table[name] for name in by), what, strict=True)]


def _check_column(codebook: Codebook, name: str, role: str) -> None:
    if name not in codebook:
        raise InputError(f"`{role}` names `{name}`, which is no column: {nearest(name, codebook.variables)}")


def _check_numbers(respondents: Respondents, variable: Variable) -> None:
    """A mean needs numbers; what is written as text must read as one."""
    if variable.kind == "number":
        return
    name = quoted(variable.name)
    query = (
        f"SELECT CAST({name} AS VARCHAR) FROM {respondents.scan} WHERE {answered(variable)} "  # noqa: S608
        f"AND TRY_CAST(CAST({name} AS VARCHAR) AS DOUBLE) IS NULL LIMIT 1"
    )
    found = respondents.connection.execute(query).fetchone()
    if found is not None:
        way = "name a share of one answer, or a column of numbers"
        if "," in found[0]:
            way = "write a decimal point for the decimal comma"
        raise InputError(f"`{variable.name}` holds text (for example `{found[0]}`), which has no mean: {way}")


def _plan(
    respondents: Respondents, design: Design, shares: Sequence[str], means: Sequence[str], by: Sequence[str]
) -> SumPlan:
    """What to add up."""
    codebook = respondents.codebook
    questions = [answer for question in shares for answer in _questions(respondents, question)]
    return SumPlan(
        design=design,
        items=(*(Item(name, code) for name, code in questions), *(Item(name) for name in means)),
        answers=(
            *(_is_answer(codebook[name], code) for name, code in questions),
            *(_number(codebook[name]) for name in means),
        ),
        by={name: _category(codebook[name]) for name in by},
        columns=tuple(dict.fromkeys([*design.columns, *(name for name, _ in questions), *means, *by])),
    )


def _cells(
    respondents: Respondents,
    plan: SumPlan,
    partitioned: Path | None,
    memory: str | None,
    cluster: str,
    covariance: bool,
) -> tuple[Cells, Units]:
    """The sums by domain and unit, from DuckDB or a cluster; from the respondents where sums do not suffice."""
    products = covariance and plan.respondents_are_units
    if not linearised_design(plan.design) or (products and len(plan.items) > MANY_PRODUCTS):
        rows, alias = _rows(respondents, plan, memory)
        cells, units = cells_of(rows, plan.design, alias.items, list(alias.by))
        return replace(cells, items=plan.items, domains=_named(cells.domains, plan)), units
    plan = replace(plan, products=products)
    if partitioned is not None:
        return cells_of_sums(sum_on_cluster(partitioned, plan, cluster, memory=memory), plan)
    return cells_of_sums(sum_respondents(respondents, plan, memory=memory), plan)


def _replicate_sums(respondents: Respondents, plan: SumPlan, memory: str | None) -> ReplicateSums:
    """The sums with every set of weights."""
    rows, alias = _rows(respondents, plan, memory)
    sums = replicate_sums(rows, plan.design, alias.items, list(alias.by))
    return replace(sums, items=plan.items, domains=_named(sums.domains, plan))


def _rows(respondents: Respondents, plan: SumPlan, memory: str | None) -> tuple[pd.DataFrame, SumPlan]:
    """The respondents with what is estimated under names that no column of the file has."""
    own = apart(plan)
    return counted_rows(respondents, own, memory=memory), own


def _named(domains: pd.DataFrame, plan: SumPlan) -> pd.DataFrame:
    """The domains under the names of the file's columns."""
    return domains.set_axis(list(plan.by), axis="columns")


def _questions(respondents: Respondents, question: str) -> list[tuple[str, str]]:
    """The column and answer (as text) of each share that a question asks for.

    A named answer is taken at its word, which spares a look at the file; `_check_given` looks where nobody gave it.
    """
    name, equals, answer = question.partition("=")
    if question in respondents.codebook:
        name, equals = question, ""
    _check_column(respondents.codebook, name, "share")
    variable = respondents.codebook[name]
    if equals:
        return [(name, _code_of(respondents, variable, answer))]
    found = _answers(respondents, variable)
    if len(found) > MANY_ANSWERS:
        raise InputError(f"`{name}` has over {MANY_ANSWERS} answers: name one of them, or ask for its mean")
    if set(found) <= {"0", "1"}:
        return [(name, "1")]
    return [(name, "true")] if set(found) <= {"false", "true"} else [(name, code) for code in found]


def _code_of(respondents: Respondents, variable: Variable, answer: str) -> str:
    """The code that a code or label means, as `_text` writes it."""
    labelled = {label: str(code) for code, label in (variable.labels or {}).items()}
    code = answer if answer in labelled.values() else labelled.get(answer, answer)
    if variable.kind != "number" or code in ("true", "false"):
        return code
    try:
        number = float(code)
    except ValueError:
        number = nan
    if not isfinite(number):
        raise _no_answer(respondents, variable, answer)
    return str(int(number)) if number.is_integer() else code


def _check_given(respondents: Respondents, plan: SumPlan, table: pd.DataFrame) -> None:
    """Refuse an answer that stands nowhere in the file; one that only respondents of weight zero gave is a 0."""
    for place, (item, sql) in enumerate(zip(plan.items, plan.answers, strict=True)):
        if item.category is None or (table["estimate"].iloc[place :: len(plan.items)] > 0).any():
            continue
        looked = f"SELECT 1 FROM {respondents.scan} WHERE {sql} = 1 LIMIT 1"  # noqa: S608
        if respondents.connection.execute(looked).fetchone() is None:
            raise _no_answer(respondents, respondents.codebook[item.variable], item.category)


def _no_answer(respondents: Respondents, variable: Variable, answer: str) -> InputError:
    known = [*_answers(respondents, variable), *(variable.labels or {}).values()]
    return InputError(f"`{answer}` is no answer of `{variable.name}`: {nearest(answer, known)}")


def _answers(respondents: Respondents, variable: Variable) -> list[str]:
    """The valid answers of a question as text, in order; one more than `MANY_ANSWERS` at most."""
    query = (
        f"SELECT DISTINCT {_text(variable)} AS answer, {quoted(variable.name)} AS own "  # noqa: S608
        f"FROM {respondents.scan} WHERE {answered(variable)} ORDER BY own LIMIT {MANY_ANSWERS + 1}"
    )
    rows = respondents.connection.execute(query).fetchall()
    return list(dict.fromkeys(str(answer) for answer, _ in rows))


def _text(variable: Variable) -> str:
    """An answer as text, whole numbers without a point, so that the code 1 is `1` in every format."""
    name = quoted(variable.name)
    if variable.kind != "number":
        return f"trim(CAST({name} AS VARCHAR))"
    whole = f"CAST(CAST({name} AS HUGEINT) AS VARCHAR)"
    plain = f"CAST({name} AS VARCHAR)"
    return (
        f"CASE WHEN {plain} IN ('true', 'false') THEN {plain} WHEN CAST({name} AS DOUBLE) = "
        f"trunc(CAST({name} AS DOUBLE)) THEN {whole} ELSE {plain} END"
    )


def _is_answer(variable: Variable, code: str) -> str:
    """1 for the answer, 0 for another valid one, NULL for none."""
    if code in ("true", "false") and variable.kind == "number":
        test = f"CAST({quoted(variable.name)} AS VARCHAR) = {literal(code)}"
    else:
        test = among(variable, [_as_code(variable, code)])
    return f"CASE WHEN {answered(variable)} THEN CAST({test} AS INTEGER) END"


def _as_code(variable: Variable, code: str) -> str | float:
    return float(code) if variable.kind == "number" else code


def _number(variable: Variable) -> str:
    """The number, NULL where there is no valid answer."""
    return f"CASE WHEN {answered(variable)} THEN CAST({number(variable)} AS DOUBLE) END"


def _category(variable: Variable) -> str:
    """The code that makes domains, NULL where the file declares it missing."""
    name = quoted(variable.name)
    return f"CASE WHEN {answered(variable)} THEN {name} END" if variable.missing else name


def _plain(table: pd.DataFrame, codebook: Codebook, by: Sequence[str], *, labels: bool) -> pd.DataFrame:
    """The table with whole codes written whole, and with labels in their place where those are asked for."""
    for name in by:
        column = table[name]
        if pd.api.types.is_float_dtype(column.dtype) and (column % 1 == 0).all():
            table[name] = column = column.astype("int64")
        if labels and codebook[name].labels:
            table[name] = [codebook[name].label_of(plain_code(code)) for code in column]
    if labels:
        table["category"] = [
            codebook[name].label_of(_as_code(codebook[name], code)) if code else ""
            for name, code in zip(table["variable"], table["category"], strict=True)
        ]
    return table
