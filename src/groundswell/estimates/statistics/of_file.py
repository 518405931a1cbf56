"""Shares and means from any file of respondents, with the design named on the spot: `groundswell estimate`.

One straight line: the file is read, the questions become a plan, the plan is summed, the sums make the table.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from groundswell.estimates.design.design import Design
from groundswell.estimates.statistics.table import estimate, row_names
from groundswell.estimates.sums.plan_of_file import FileAnswers, check_answers, plan_of_file, with_codes
from groundswell.estimates.variance.ways import Summing, way_of
from groundswell.vocabulary import DeffKind, Interval
from groundswell.waves.respondents.layout import AS_FOUND, ReadOptions
from groundswell.waves.respondents.reader import read_respondents


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
    options: ReadOptions = AS_FOUND,
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
        options: how the file is to be read, and which of its codes are no answer.

    Raises: InputError for unknown columns or answers, weights or a design that cannot be, and as
    `read_respondents`.
    """
    respondents = read_respondents(file, options=options)
    plan = plan_of_file(respondents, design, shares=shares, means=means, by=by, products=covariance)
    for note in FileAnswers(respondents).several.notes(plan.items):
        warnings.warn(str(note), stacklevel=2)
    where = Summing(file=file, memory=memory, cluster=cluster)
    summed = way_of(plan, where)(respondents, plan, where)
    table = estimate(summed, interval=interval, level=level, deff_kind=deff_kind)
    check_answers(respondents, plan, table)
    table = with_codes(table, respondents.codebook, by, labels=labels)
    if not covariance:
        return table, None
    names = row_names(table)
    return table, pd.DataFrame(summed.covariance(), index=names, columns=names)
