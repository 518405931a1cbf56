"""Student's t test under the design: of two groups' means, or of one mean against a number.

Two groups are a linear regression on one 0/1 term, one mean is a regression on nothing: there is one implementation.
Degrees of freedom are the design's, less one where there are two groups, as in R's `svyglm`.

The trap: two intervals that overlap do not say that the means do not differ, and groups that share sampling units are
correlated. The test knows both.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from groundswell.errors import InputError
from groundswell.estimates.design.columns import answer_text, numbers
from groundswell.estimates.design.design import Design, check_column
from groundswell.estimates.design.weights import check_weights
from groundswell.estimates.statistics.contrasts import t_probability
from groundswell.estimates.statistics.regression import regression
from groundswell.estimates.sums.cells import domains_of
from groundswell.estimates.sums.items import Item
from groundswell.estimates.sums.table_codes import warn_no_answer

_GROUP = "groundswell_second_group"


def t_test(
    respondents: pd.DataFrame,
    design: Design,
    *,
    outcome: str,
    groups: str | None = None,
    value: float = 0.0,
    by: Sequence[str] = (),
    level: float = 0.95,
) -> pd.DataFrame:
    """One row a domain: `variable, first, second, value, n, estimate, se, low, high, t, df, p`.

    Args:
        respondents: one row each; who has no `outcome` or no group is outside the domain.
        design: how they were drawn.
        outcome: column of numbers; a share is tested as its column of 0 and 1.
        groups: column with two answers; `estimate` is the mean of the second less that of the first, in their order.
            None: `estimate` is the mean, and `first` and `second` are empty.
        value: what the difference, or the mean, is under the hypothesis.
        by: columns whose combinations are tested one by one.
        level: coverage of the interval, which is that of the estimate.

    `p` is two-sided.

    Raises:
        InputError: a group with one answer or more than two; unknown columns; as `regression`.

    Example: R's `svyttest(api00 ~ sch.wide, design)` gives a difference of 82.78, t = 3.8684, df = 196.
        >>> schools = pd.read_csv("tests/reference/apistrat.csv")
        >>> design = gs.Design(weights="pw", strata="stype", fpc="fpc")
        >>> tested = gs.t_test(schools, design, outcome="api00", groups="sch.wide")
        >>> tested[["first", "second", "estimate", "t", "df", "p"]].round(4)
          first second  estimate       t     df       p
        0    No    Yes   82.7836  3.8684  196.0  0.0001
    """
    by = [by] if isinstance(by, str) else list(by)
    for name in (outcome, *by, *([groups] if groups is not None else [])):
        check_column(name, respondents.columns)
    if not np.isfinite(value):
        raise InputError(f"`value=` is `{value}`: give the number that the mean is tested against")
    warn_no_answer(respondents, (Item(outcome),))
    held = pd.Series(numbers(respondents, outcome), respondents.index)
    place, domains = domains_of(respondents, by)
    tested = [
        _test(respondents.assign(**{outcome: held.where(place == domain)}), design, outcome, groups, level)
        for domain in range(len(domains))
    ]
    table = pd.concat([domains, pd.DataFrame(tested, index=domains.index)], axis=1)
    table.insert(len(by) + 3, "value", float(value))
    t = (table["estimate"] - value) / table["se"]
    p = t_probability(*(column.to_numpy(np.float64) for column in (t, t * 0 + 1, table["df"])))
    return table.assign(t=t, df=table.pop("df"), p=p)


def _test(
    table: pd.DataFrame, design: Design, outcome: str, groups: str | None, level: float
) -> dict[str, object]:
    """The estimate of one domain, outside of which nobody has an outcome."""
    first = second = ""
    terms = []
    answered = table[outcome].notna()
    if design.weights is not None and design.weights in table.columns:
        answered &= check_weights(table, design.weights) > 0
    if groups is not None:
        answered &= table[groups].notna()
        codes, answers = pd.factorize(table[groups].where(answered), sort=True)
        if len(answers) != 2:
            given = ", ".join(f"`{answer_text(answer)}`" for answer in answers) or "none"
            raise InputError(
                f"`groups=` names `{groups}`, which must have two answers among those who gave `{outcome}`, got "
                f"{given}: leave the others empty, or compare more with `regression`"
            )
        first, second = map(answer_text, answers)
        table, terms = table.assign(**{_GROUP: np.where(codes < 0, np.nan, codes)}), [_GROUP]
    fitted = regression(table, design, outcome=outcome, terms=terms, family="linear", level=level)
    told = fitted.table.iloc[-1][["estimate", "se", "low", "high", "df"]]
    return {"variable": outcome, "first": first, "second": second, "n": int(answered.sum()), **told}
