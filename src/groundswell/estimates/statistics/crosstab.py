"""A cross-table of two questions of a file: the shares of one by the answers of the other, and tests of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from groundswell.estimates.design.design import Design
from groundswell.estimates.statistics.chi_square import chi_square
from groundswell.estimates.statistics.table import estimate
from groundswell.estimates.sums.asked.bases import Bases, say
from groundswell.estimates.sums.asked.chosen_rows import chosen_rows
from groundswell.estimates.sums.asked.plan_of_file import EVERYBODY, plan_of_file, with_codes
from groundswell.estimates.sums.rows import apart, counted_rows
from groundswell.estimates.variance.ways import Summing, plan_means
from groundswell.vocabulary import Interval
from groundswell.waves.respondents.layouts.layout import AS_FOUND, ReadOptions
from groundswell.waves.respondents.reader import read_respondents
from groundswell.waves.respondents.sql import all_of, answered


def crosstab_file(
    file: Path | str,
    design: Design,
    *,
    row: str,
    column: str,
    where: Sequence[str] = (),
    interval: Interval = "logit",
    level: float = 0.95,
    labels: bool = False,
    options: ReadOptions = AS_FOUND,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The shares of `row`'s answers among those who gave each answer of `column`, and the table of `chi_square`.

    Args: as in `estimate_file`; `row` and `column` are two of the file's columns.

    Raises: InputError as `estimate_file` and `chi_square`.

    Example: R's `svychisq(~sch.wide + stype)` gives F = 17.2474.
        >>> file, design = "tests/reference/apistrat.csv", gs.Design(weights="pw", strata="stype", fpc="fpc")
        >>> table, tests = crosstab_file(file, design, row="sch.wide", column="stype")
        >>> table[["stype", "variable", "category", "estimate"]].round(2).head(2)
          stype  variable category  estimate
        0     E  sch.wide       No      0.09
        1     E  sch.wide      Yes      0.91
        >>> float(tests.set_index("kind").loc["F", "statistic"].round(4))
        17.2474
    """
    file = Path(file)
    respondents = read_respondents(file, options=options)
    rows = chosen_rows(respondents, where) if where else EVERYBODY
    bases = Bases(respondents, kept=options.kept, by_label=labels)
    plan = plan_of_file(bases, design, shares=[row], means=[], by=[column], rows=rows)
    summing = Summing(file=file)
    table = estimate(plan_means(respondents, plan, summing), interval=interval, level=level)
    both = plan_of_file(bases, design, shares=[], means=[], by=[row, column], rows=rows)
    asked = all_of(
        [rows.where, answered(bases.share(row))]
    )  # who is in no base of the table is in no test of it
    own = apart(replace(both, items=(), answers=(), where=asked))
    say([*respondents.codebook.notes, *bases.notes], plan.columns)
    first, second = own.by
    tests = chi_square(counted_rows(respondents, own), plan.design, row=first, column=second)
    return with_codes(table, respondents.codebook, [column], labels=labels), tests
