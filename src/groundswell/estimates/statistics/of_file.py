"""Estimates from any file of respondents, with the design named on the spot: `groundswell estimate`.

One straight line: the file is read, each kind of question becomes a plan, the plan is summed, the sums make the table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import pandas as pd

from groundswell.errors import InputError
from groundswell.estimates.design.design import Design, check_column
from groundswell.estimates.statistics.quantiles import QUARTILES
from groundswell.estimates.statistics.quantiles import quantiles as quantiles_of
from groundswell.estimates.statistics.table import estimate, row_names
from groundswell.estimates.statistics.totals import ratio_table, total_table
from groundswell.estimates.sums.asked.bases import Bases, say
from groundswell.estimates.sums.asked.chosen_rows import chosen_rows
from groundswell.estimates.sums.asked.plan_of_file import (
    EVERYBODY,
    ChosenRows,
    check_answers,
    plan_of_file,
    with_codes,
)
from groundswell.estimates.sums.asked.summed_items import parse_item, with_items
from groundswell.estimates.sums.rows import apart, counted_rows
from groundswell.estimates.sums.sum_query import SumPlan
from groundswell.estimates.variance.means import LinearisedMeans, ReplicateMeans
from groundswell.estimates.variance.moments import Means, check_domains
from groundswell.estimates.variance.ways import Summing, by_respondents, plan_means
from groundswell.vocabulary import DeffKind, Interval
from groundswell.waves.respondents.layouts.layout import AS_FOUND, ReadOptions
from groundswell.waves.respondents.notes import Note
from groundswell.waves.respondents.reader import Respondents, read_respondents
from groundswell.waves.respondents.sql import sql


def estimate_file(
    file: Path | str,
    design: Design,
    *,
    shares: Sequence[str] = (),
    means: Sequence[str] = (),
    totals: Sequence[str] = (),
    ratios: Sequence[str] = (),
    quantiles: Sequence[str] = (),
    by: Sequence[str] = (),
    where: Sequence[str] = (),
    items: Sequence[str] = (),
    interval: Interval = "logit",
    level: float = 0.95,
    deff_kind: DeffKind = "replace",
    covariance: bool = False,
    labels: bool = False,
    without_dont_know: bool = False,
    memory: str | None = None,
    cluster: str | None = None,
    options: ReadOptions = AS_FOUND,
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """The table of `shares` for a file, and the square covariance of its rows where it is asked for.

    Shares and means come first, domain by domain; then totals, ratios and quantiles, each domain by domain.

    Args:
        file: respondents in any format that `read_respondents` reads.
        design: how they were drawn; its columns must be the file's.
        shares: questions, as "column=answer" or "column"; an answer is a code, or its label in the file.
        means: columns of numbers.
        totals: "column=answer" for a weighted count, "column" for the total of numbers.
        ratios: "numerator/denominator", two columns of numbers.
        quantiles: "column=0.5,0.9", or "column" for its quartiles.
        by: columns whose combinations are the domains.
        where: which rows are taken at all, as "year=2023"; never a domain, which is what `by` is for.
        items: sums of columns that the other questions may name, as "gad2=ANXIOUS+WORRY-2>=3"; one that none of them
            names is estimated itself, as a share if it has a limit, else as a mean.
        interval, level, deff_kind: as in `shares`.
        covariance: make the covariance too, of shares and means only.
        labels: write the file's labels instead of its codes; codes that share a label are then one domain.
        without_dont_know: leave every don't know out of the shares, so that they are of those who have an opinion.
        memory: bound of DuckDB's memory, as "512MB".
        cluster: address of a Dask cluster that sums the file by partitions.
        options: how the file is to be read, and which of its codes are no answer or look so and are one.

    Warns: (UserWarning) how the columns that are used were read, what was left out of a base, or is in it though it
    looks like no answer, and what labels do not tell.

    Raises: InputError for unknown columns or answers, codes far off their scale that nothing explains, weights or a
    design that cannot be, and as `read_respondents`.

    Example:
        >>> file, design = "tests/reference/apistrat.csv", gs.Design(weights="pw", strata="stype", fpc="fpc")
        >>> table, _ = gs.estimate_file(file, design, shares=["awards=Yes"], totals=["enroll"])
        >>> table[["statistic", "variable", "category", "estimate", "se"]].round(3)
          statistic variable category     estimate          se
        0     share   awards      Yes        0.639       0.034
        1     total   enroll           3687177.532  114641.716
    """
    file = Path(file)
    respondents = read_respondents(file, options=options)
    summed = [parse_item(text) for text in items]
    if summed and cluster:
        raise InputError(
            "`item=` with `cluster=`: workers read the file's own columns; sum the items on one machine"
        )
    bases = with_items(
        Bases(respondents, kept=options.kept, without_dont_know=without_dont_know, by_label=labels), summed
    )
    respondents = bases.respondents
    named = {name.partition("=")[0] for name in (*shares, *means, *totals, *quantiles)} | set(
        _parts_of(ratios)
    )
    alone = [item for item in summed if item.name not in named]
    asked = _Asked(
        bases,
        design,
        by,
        chosen_rows(respondents, where) if where else EVERYBODY,
        Summing(file=file, memory=memory, cluster=cluster),
    )
    shares = [*shares, *(item.name for item in alone if item.comparison)]
    means = [*means, *(item.name for item in alone if not item.comparison)]
    tables: list[pd.DataFrame] = []
    matrix = None
    if shares or means:
        plan = asked.plan(shares=shares, means=means, products=covariance)
        answer = asked.summed(plan)
        table = estimate(answer, interval=interval, level=level, deff_kind=deff_kind)
        check_answers(bases, plan, table)
        tables.append(table)
        matrix = answer.covariance() if covariance else None
    tables += _totals(asked, totals, level, deff_kind)
    tables += (_ratio(asked, ratio, level) for ratio in ratios)
    tables += (_quantiles(asked, question, interval, level) for question in quantiles)
    used = {*asked.used, *(column for item in summed for _, column in item.columns)}
    say([*respondents.codebook.notes, *bases.notes, *asked.of_sets], used)
    if not tables:
        raise InputError(
            "nothing to estimate: name a share (`shares=`, such as `awards=Yes`) or a mean (`means=`)"
        )
    if covariance and len(tables) > 1:
        raise InputError(
            "`covariance=` is of shares and means: ask for totals, ratios and quantiles without it"
        )
    table = with_codes(pd.concat(tables, ignore_index=True), respondents.codebook, by, labels=labels)
    if matrix is None:
        return table, None
    names = row_names(table)
    return table, pd.DataFrame(matrix, index=names, columns=names)


@dataclass(frozen=True)
class _Asked:
    """What every plan of one call has in common."""

    bases: Bases
    design: Design
    by: Sequence[str]
    rows: ChosenRows
    where: Summing
    used: set[str] = field(default_factory=set)
    of_sets: list[Note] = field(default_factory=list)

    def plan(
        self, *, shares: Sequence[str] = (), means: Sequence[str] = (), products: bool = False
    ) -> SumPlan:
        plan = plan_of_file(
            self.bases,
            self.design,
            shares=shares,
            means=means,
            by=self.by,
            rows=self.rows,
            products=products,
        )
        self.used.update(plan.columns, self.rows.columns)
        self.of_sets.extend(self.bases.sets.notes(plan.items, where=plan.where, by=plan.by))
        return plan

    @property
    def respondents(self) -> Respondents:
        return self.bases.respondents

    def summed(self, plan: SumPlan) -> Means:
        means = plan_means(self.respondents, plan, self.where)
        check_domains(list(plan.by), len(means.domains))
        return means


def _totals(
    asked: _Asked, questions: Sequence[str], level: float, deff_kind: DeffKind
) -> Iterator[pd.DataFrame]:
    """Weighted counts of answers, then totals of numbers."""
    known = asked.respondents.codebook.variables
    numbers = [question for question in questions if question in known or "=" not in question]
    answers = [question for question in questions if question not in numbers]
    if questions:
        plan = asked.plan(shares=answers, means=numbers)
        table = total_table(_either(asked.summed(plan)), level=level, deff_kind=deff_kind)
        check_answers(asked.bases, plan, table)
        yield table


def _ratio(asked: _Asked, ratio: str, level: float) -> pd.DataFrame:
    """The ratio of two totals over respondents who have both numbers, from those respondents themselves."""
    plan = asked.plan(means=_columns_of(ratio, asked.respondents))
    upper, lower = plan.answers
    both = tuple(
        sql(
            "CASE WHEN {upper} IS NOT NULL AND {lower} IS NOT NULL THEN {one} END",
            upper=upper,
            lower=lower,
            one=one,
        )
        for one in plan.answers
    )
    rows = by_respondents(asked.respondents, replace(plan, answers=both), asked.where)
    return ratio_table(_either(rows), level=level)


def _quantiles(asked: _Asked, question: str, interval: Interval, level: float) -> pd.DataFrame:
    """Quantiles need the respondents themselves, with the columns that are named and no others."""
    known = asked.respondents.codebook.variables
    column, equals, listed = (question, "", "") if question in known else question.rpartition("=")
    if not equals:
        column = question
    check_column(column, known, named_by="quantiles")
    try:
        probabilities = [float(part) for part in listed.split(",")] if equals else list(QUARTILES)
    except ValueError as error:
        raise InputError(
            f"`quantiles=` is `{question}`: write it as `income=0.5` or `income=0.1,0.9`"
        ) from error
    plan = asked.plan(means=[column])
    own = apart(plan)
    rows = counted_rows(asked.respondents, own, memory=asked.where.memory)
    table = quantiles_of(
        rows,
        plan.design,
        own.items[0].variable,
        probabilities,
        by=list(own.by),
        interval=interval,
        level=level,
    )
    return table.assign(variable=column).rename(columns=dict(zip(own.by, plan.by, strict=True)))


def _columns_of(ratio: str, respondents: Respondents) -> tuple[str, str]:
    """The two columns of `numerator/denominator`; a slash in a column's own name is part of the name.

    Raises: InputError where there are not two such columns.
    """
    known = respondents.codebook.variables
    places = [place for place, sign in enumerate(ratio) if sign == "/"]
    for place in places:
        upper, lower = ratio[:place].strip(), ratio[place + 1 :].strip()
        if upper in known and lower in known:
            return upper, lower
    if len(places) == 1:
        for name in ratio.split("/"):
            check_column(name.strip(), known, named_by="ratios")
    raise InputError(f"`ratios=` is `{ratio}`: write it as `numerator/denominator`, two columns of numbers")


def _parts_of(ratios: Sequence[str]) -> Iterator[str]:
    for ratio in ratios:
        yield from (part.strip() for part in ratio.split("/"))


def _either(means: Means) -> LinearisedMeans | ReplicateMeans:
    """Every way of summing gives one of these two."""
    return cast("LinearisedMeans | ReplicateMeans", means)
