"""A labelled cross-table of two questions: shares, counts, totals, and tests of independence.

Three shares are easily confused. Of 10 women 4 are anxious, of 20 men 6:
- "column" (the sexes being columns): of the women 40% are anxious; a column adds up to 1;
- "row": of the anxious 40% are women; a row adds up to 1;
- "total": of everyone 13% are anxious women; the table adds up to 1.

All of it is of the respondents who answered both questions; who did not stays in the design, as outside a domain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, get_args

import numpy as np
import pandas as pd

from groundswell.errors import InputError, nearest
from groundswell.estimates.design.design import Design, check_column
from groundswell.estimates.statistics.boxes import Combined, Nets
from groundswell.estimates.statistics.chi_square import KINDS, tests_of
from groundswell.estimates.statistics.crosstabs.column_letters import Letters, higher_than, letter
from groundswell.estimates.statistics.crosstabs.crossed_answers import (
    BOTH,
    COLUMN,
    ROW,
    CrossedAnswers,
    Labels,
    Part,
    labelled,
)
from groundswell.estimates.statistics.table import COLUMNS, estimates_table
from groundswell.estimates.sums.items import Item
from groundswell.estimates.sums.table_codes import warn_no_answer
from groundswell.estimates.variance.means import means_of
from groundswell.vocabulary import DeffKind, Interval

SharesOf = Literal["column", "row", "total"]
"""What a cross-table's shares add up to 1 over."""

LETTERS = ("letter", "higher_than")
"""A column's letter, and those of the columns that its share is higher than."""

COUNTS = ("count", "weighted")
"""Respondents in a cell, and the sum of their weights."""


def crosstab(
    respondents: pd.DataFrame,
    design: Design,
    *,
    row: str,
    column: str,
    by: Sequence[str] = (),
    shares: SharesOf = "column",
    totals: bool = True,
    labels: Labels | None = None,
    combine: Combined | None = None,
    net: Nets | None = None,
    letters: Letters | None = None,
    interval: Interval = "logit",
    level: float = 0.95,
    deff_kind: DeffKind = "replace",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The cross-table of `row` by `column`, one row a cell, and the tests of `chi_square` beside it.

    Args:
        respondents: one row each.
        design: how they were drawn.
        row, column: two columns with one answer a respondent.
        by: columns whose combinations each have a table and tests of their own.
        shares: what adds up to 1: each "column", each "row", or the "total" table.
        totals: rows for all answers of a question together, called `all`.
        labels: by column, what its codes are called: `{"stype": {"E": "Elementary"}}`; `all` may be called otherwise.
        combine, net: rows of answers taken together and of net scores, as in `boxes`; with shares of columns.
        letters: how the tests behind the letters of column differences are adjusted, "bonferroni" or "none"; None: no
            letters. With shares of columns.
        interval, level, deff_kind: as in `shares`.

    Returns: the table (the `by` columns, `row` and `column` under their own names, `count` and `weighted` of the cell,
        `statistic`, then as `shares` has them `n` of the base, `estimate`, `se`, `low`, `high` and the rest; with
        `letters` the column's `letter` and the letters of those that it is `higher_than`), and the tests: the
        `by` columns, `kind, statistic, df, ddf, p`, NaN where a question has fewer than two answers. Answers are
        ordered categories, so that `table.pivot(index=row, columns=column, values="estimate")` is a table to print.

    Raises:
        InputError: unknown columns or options, one column named twice, labels that are alike; as `shares`.

    Example: R's `svyby(~sch.wide, ~stype, design, svymean)` gives 0.91, 0.52 and 0.70, `svychisq` F = 17.2474.
        >>> schools = pd.read_csv("tests/reference/apistrat.csv")
        >>> design = gs.Design(weights="pw", strata="stype", fpc="fpc")
        >>> names = {"stype": {"E": "Elementary", "H": "High", "M": "Middle"}}
        >>> table, tests = gs.crosstab(schools, design, row="sch.wide", column="stype", labels=names)
        >>> table.pivot(index="sch.wide", columns="stype", values="estimate").round(2)
        stype     Elementary  High  Middle   all
        sch.wide
        No              0.09  0.48     0.3  0.17
        Yes             0.91  0.52     0.7  0.83
        all             1.00  1.00     1.0  1.00
        >>> float(tests.set_index("kind").loc["F", "statistic"].round(4))
        17.2474
    """
    by = [by] if isinstance(by, str) else list(by)
    _check(
        respondents,
        (row, column, *by),
        shares,
        columns_only={"combine": combine, "net": net, "letters": letters},
    )
    warn_no_answer(respondents, (Item(row), Item(column)))
    crossed = CrossedAnswers.of(respondents, design, (row, column), combine=combine, net=net)
    options = _Options(interval, level, deff_kind, letters)
    parts = crossed.parts(shares, totals=totals)
    cells = pd.concat([_part(crossed, design, by, part, options) for part in parts], ignore_index=True)
    cells = crossed.with_counts(cells, by).pipe(_in_order, by, shares)
    named = {
        row: labelled(cells[ROW], row, crossed.row_names, labels),
        column: labelled(cells[COLUMN], column, crossed.columns, labels),
    }
    figures = [*COUNTS, *(name for name in COLUMNS if name not in ("variable", "category"))]
    figures += [name for name in LETTERS if name in cells]
    table = pd.concat([_called(cells[by], labels), pd.DataFrame(named), cells[figures]], axis=1)
    return table, _called(_tests(crossed, design, by, (row, column)), labels)


class _Options(NamedTuple):
    interval: Interval
    level: float
    deff_kind: DeffKind
    letters: Letters | None


def _check(
    respondents: pd.DataFrame, asked: Sequence[str], shares: str, columns_only: Mapping[str, object]
) -> None:
    for name in asked:
        check_column(name, respondents.columns)
        if asked.count(name) > 1:
            raise InputError(f"`{name}` is named twice: cross two questions, `by` others")
        if name in (*COUNTS, *COLUMNS, *LETTERS):
            raise InputError(f"`{name}` has the name of a result column: rename it in the respondents")
    if shares not in get_args(SharesOf):
        raise InputError(f"`shares=` is `{shares}`: {nearest(str(shares), get_args(SharesOf))}")
    given = next((name for name, option in columns_only.items() if option), None)
    if given and shares != "column":
        raise InputError(
            f'`{given}=` is of shares of columns, got `shares="{shares}"`: leave one of them out'
        )
    letters = columns_only["letters"]
    if letters is not None and letters not in get_args(Letters):
        raise InputError(f"`letters=` is `{letters}`: {nearest(str(letters), get_args(Letters))}")


def _part(
    crossed: CrossedAnswers, design: Design, by: Sequence[str], part: Part, options: _Options
) -> pd.DataFrame:
    """The rows of one kind of base: its domains, and in each of them the items with the cells that they stand for."""
    within, told = part
    items = tuple(item for item, _ in told)
    summed = means_of(crossed.table, design, items, [*by, *within])
    moments, domains = summed.moments(), len(summed.domains)
    rows = estimates_table(
        moments,
        summed.domains,
        items,
        interval=options.interval,
        level=options.level,
        deff_kind=options.deff_kind,
    ).assign(weighted=(moments.w * moments.estimate).ravel())
    for name in (ROW, COLUMN):
        if name not in within:
            rows[name] = np.tile([cell[name] for _, cell in told], domains)
    boxes = [crossed.boxes.get(item) for item in items]
    rows["statistic"] = [box.statistic if box else "share" for box in boxes] * domains
    certain = np.tile([item.variable == BOTH for item in items], domains) & (rows["n"] > 0)
    rows = rows.assign(**{end: rows[end].mask(certain, 1.0) for end in ("low", "high")})
    if options.letters is None:
        return rows
    if within != [COLUMN]:
        return rows.assign(**dict.fromkeys(LETTERS, ""))
    higher = higher_than(
        rows,
        summed.covariance(),
        within=[*by, ROW],
        column=COLUMN,
        level=options.level,
        adjust=options.letters,
    )
    return rows.assign(letter=[letter(int(place)) for place in rows[COLUMN]], higher_than=higher)


def _in_order(cells: pd.DataFrame, by: Sequence[str], shares: SharesOf) -> pd.DataFrame:
    """Domain by domain, then by what adds up to 1, each question's `all` last."""
    place = {name: cells[name].where(cells[name] >= 0, np.inf) for name in (ROW, COLUMN)}
    inner, outer = (place[ROW], place[COLUMN]) if shares == "column" else (place[COLUMN], place[ROW])
    domain = cells.groupby(list(by), sort=True).ngroup() if by else np.zeros(len(cells))
    return cells.iloc[np.lexsort((inner, outer, domain))].reset_index(drop=True)


def _called(table: pd.DataFrame, labels: Labels | None) -> pd.DataFrame:
    """The table with the codes of its domains by their labels, where there are any."""
    known: Mapping[str, Mapping[str, str]] = labels or {}
    told = {name: known[name] for name in table.columns if name in known}
    return table.assign(
        **{
            name: table[name].map(lambda code, told=names: told.get(str(code), code))
            for name, names in told.items()
        }
    )


def _tests(
    crossed: CrossedAnswers, design: Design, by: Sequence[str], called: tuple[str, str]
) -> pd.DataFrame:
    """The tests of each domain; those outside it have no answer there and stay in the design."""
    inside = crossed.table[[ROW, COLUMN]].notna().all(axis=1) & crossed.table[list(by)].notna().all(axis=1)
    if not by:
        return _test(crossed.table, design, called)
    parts = []
    for key, rows in crossed.table[inside].groupby(list(by), sort=True):
        mine = crossed.table.index.isin(rows.index)
        own = {name: crossed.table[name].where(mine) for name in (ROW, COLUMN)}
        tested = _test(crossed.table.assign(**own), design, called)
        for place, name in enumerate(by):
            tested.insert(place, str(name), [key[place]] * len(tested))
        parts.append(tested)
    return pd.concat(parts, ignore_index=True)


def _test(table: pd.DataFrame, design: Design, called: tuple[str, str]) -> pd.DataFrame:
    if min(table[ROW].nunique(), table[COLUMN].nunique()) < 2:
        return pd.DataFrame({"kind": KINDS, "statistic": np.nan, "df": np.nan, "ddf": np.nan, "p": np.nan})
    return tests_of(table, design, (ROW, COLUMN), called=called)
