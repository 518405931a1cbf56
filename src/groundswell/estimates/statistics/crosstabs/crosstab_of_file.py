"""A cross-table of two questions of a file: the shares of one by the answers of the other, and tests of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from groundswell.estimates.design.design import Design
from groundswell.estimates.statistics.chi_square import tests_of
from groundswell.estimates.statistics.table import estimate
from groundswell.estimates.sums.asked.bases import Bases, say
from groundswell.estimates.sums.asked.chosen_rows import chosen_rows
from groundswell.estimates.sums.asked.crossed import CrossedQuestion, crossed, domains_of, said_of
from groundswell.estimates.sums.asked.plan_of_file import EVERYBODY, ChosenRows, plan_of_file, with_codes
from groundswell.estimates.sums.rows import apart, counted_rows
from groundswell.estimates.sums.sum_query import SumPlan
from groundswell.estimates.variance.ways import Summing, plan_means
from groundswell.vocabulary import Interval
from groundswell.waves.respondents.layouts.layout import AS_FOUND, ReadOptions
from groundswell.waves.respondents.notes import Note
from groundswell.waves.respondents.reader import read_respondents
from groundswell.waves.respondents.sql import answered, sql


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
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """The shares of `row`'s answers among those who gave each answer of `column`, and the table of `chi_square`.

    A question with several answers may be either: shares of its answers are then of those who were asked it, and its
    answers as domains are of those who chose each, where one respondent may be in several. There is no test of it, and
    None in the place of its table; of one answer (`"Q5=Prices"`), chosen or not, there is.

    Args: as in `estimate_file`; `row` and `column` are two of the file's columns, sets or answers of a set.

    Warns: (UserWarning) as `estimate_file`; that a question with several answers was not tested.

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
    asked, by = crossed(bases, row), crossed(bases, column)
    plan = plan_of_file(bases, design, shares=[row], means=[], by=[], rows=rows)
    domains = domains_of(bases, by, rows)
    plans = [replace(plan, by={column: category}) for category in domains.values()]
    means = [plan_means(respondents, each, Summing(file=file)) for each in plans]
    table = pd.concat([estimate(each, interval=interval, level=level) for each in means], ignore_index=True)
    tests = None if asked.several or by.several else _tests(bases, plan, asked, by)
    empty = [
        Note("set_chosen_by_nobody", column, {"answer": item.category})
        for item in by.items
        if by.several and item not in domains
    ]
    notes = [*respondents.codebook.notes, *bases.notes, *said_of(bases, asked, by, plans), *empty]
    used = {name for item in by.items for name in bases.sets.columns(item)}
    say(
        [note for place, note in enumerate(notes) if note not in notes[:place]],
        {row, column, *plan.columns, *used},
    )
    return with_codes(table, respondents.codebook, [] if by.items else [column], labels=labels), tests


def _tests(bases: Bases, plan: SumPlan, asked: CrossedQuestion, by: CrossedQuestion) -> pd.DataFrame:
    """Tests of who has an answer to both; who is in no base of the table is in no test, and stays in the design."""
    rows = ChosenRows(plan.where)
    (first,), (second,) = (domains_of(bases, question, rows).values() for question in (asked, by))
    if not asked.items:
        base = answered(bases.share(asked.name))
        first = sql("CASE WHEN {base} THEN {first} END", base=base, first=first)
    own = apart(replace(plan, items=(), answers=(), by={"row": first, "column": second}))
    row, column = own.by
    people = counted_rows(bases.respondents, own)
    return tests_of(people, plan.design, (row, column), called=(asked.name, by.name))
