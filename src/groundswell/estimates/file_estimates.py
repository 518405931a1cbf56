"""Shares and means from any file of respondents, with the design named on the spot: `groundswell estimate`.

Linearised designs go through sums in DuckDB, so the file may be larger than memory. Replicate weights and a
covariance need the respondents themselves; only the named columns are then loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from groundswell.errors import InputError, nearest
from groundswell.estimates.cluster import sum_on_cluster
from groundswell.estimates.design import Design, check_columns
from groundswell.estimates.effects import DeffKind
from groundswell.estimates.intervals import Interval
from groundswell.estimates.items import Item
from groundswell.estimates.shares import estimate, shares_and_covariance
from groundswell.estimates.sum_query import SumPlan
from groundswell.estimates.sums import cells_of_sums, linearised_design, sum_respondents
from groundswell.waves.codebook import Codebook, Variable
from groundswell.waves.microdata import Respondents, literal, quoted, read_respondents
from groundswell.waves.recode import among, answered, number

MANY_ANSWERS = 200
"""A question with more answers than this is a number or a text: name one of its answers."""


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
        memory: bound of DuckDB's memory, as "512MB".
        cluster: address of a Dask cluster that sums the file by partitions.

    Raises: InputError for unknown columns or answers, weights or a design that cannot be, and as
    `read_respondents`.
    """
    if not shares and not means:
        raise InputError("nothing to estimate: name a share (`awards=Yes`) or a mean (`api00`)")
    respondents = read_respondents(file)
    codebook = respondents.codebook
    check_columns(design, codebook.variables)
    for role, names in (("by", by), ("mean", means)):
        for name in names:
            _check_column(codebook, name, role)
    questions = [item for question in shares for item in _questions(respondents, question)]
    if covariance or not linearised_design(design):
        return _from_rows(respondents, design, questions, means, by, interval, level, deff_kind)
    plan = SumPlan(
        design=design,
        items=(*(Item(name, code) for name, code in questions), *(Item(name) for name in means)),
        answers=(
            *(_is_answer(codebook[name], code) for name, code in questions),
            *(_value(codebook[name]) for name in means),
        ),
        by={name: quoted(name) for name in by},
        columns=tuple(dict.fromkeys([*design.columns, *(name for name, _ in questions), *means, *by])),
    )
    if cluster is None:
        sums = sum_respondents(respondents, plan, memory=memory)
    else:
        sums = sum_on_cluster(file, plan, cluster, memory=memory)
    table = estimate(*cells_of_sums(sums, plan), design, interval=interval, level=level, deff_kind=deff_kind)
    return table, None


def _check_column(codebook: Codebook, name: str, role: str) -> None:
    if name not in codebook:
        raise InputError(f"`{role}` names `{name}`, which is no column: {nearest(name, codebook.variables)}")


def _questions(respondents: Respondents, question: str) -> list[tuple[str, str]]:
    """The column and answer (as text) of each share that a question asks for."""
    name, equals, answer = question.partition("=")
    if question in respondents.codebook:
        name, equals = question, ""
    _check_column(respondents.codebook, name, "share")
    variable = respondents.codebook[name]
    found = _answers(respondents, variable)
    if not equals:
        if set(found) <= {"0", "1"}:
            return [(name, "1")]
        return [(name, "true")] if set(found) <= {"false", "true"} else [(name, code) for code in found]
    labelled = {label: str(code) for code, label in (variable.labels or {}).items()}
    code = answer if answer in found else labelled.get(answer, answer)
    if code not in found:
        raise InputError(f"`{answer}` is no answer of `{name}`: {nearest(answer, [*found, *labelled])}")
    return [(name, code)]


def _answers(respondents: Respondents, variable: Variable) -> list[str]:
    """The valid answers of a question as text, in order."""
    query = (
        f"SELECT DISTINCT {_text(variable)} AS answer, {quoted(variable.name)} AS own "  # noqa: S608
        f"FROM {respondents.scan} WHERE {answered(variable)} ORDER BY own LIMIT {MANY_ANSWERS + 1}"
    )
    found = [str(answer) for answer, _ in respondents.connection.execute(query).fetchall()]
    if len(found) > MANY_ANSWERS:
        raise InputError(
            f"`{variable.name}` has over {MANY_ANSWERS} answers: name one of them, or ask for its mean"
        )
    return found


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


def _value(variable: Variable) -> str:
    """The number, NULL where there is no valid answer."""
    return f"CASE WHEN {answered(variable)} THEN CAST({number(variable)} AS DOUBLE) END"


def _from_rows(
    respondents: Respondents,
    design: Design,
    questions: Sequence[tuple[str, str]],
    means: Sequence[str],
    by: Sequence[str],
    interval: Interval,
    level: float,
    deff_kind: DeffKind,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same from the respondents themselves, user-missing codes emptied."""
    codebook = respondents.codebook
    columns = {name: quoted(name) for name in (*design.columns, *by)}
    for name, _ in questions:
        columns[name] = f"CASE WHEN {answered(codebook[name])} THEN {_text(codebook[name])} END"
    columns |= {name: _value(codebook[name]) for name in means}
    chosen = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in columns.items())
    rows = respondents.connection.execute(f"SELECT {chosen} FROM {respondents.scan}").df()  # noqa: S608
    named = [f"{name}={code}" for name, code in questions]
    return shares_and_covariance(
        rows, design, *named, by=by, numbers=means, interval=interval, level=level, deff_kind=deff_kind
    )


def write_table(table: pd.DataFrame, file: Path) -> None:
    """Write a table as .csv or .parquet, whole or not at all.

    Raises: InputError for another ending.
    """
    part = file.with_name(f".{file.name}.part")
    if file.suffix == ".csv":
        table.to_csv(part, index=False)
    elif file.suffix == ".parquet":
        table.to_parquet(part, index=False)
    else:
        raise InputError(f"`{file}` must end in .csv or .parquet")
    part.replace(file)
