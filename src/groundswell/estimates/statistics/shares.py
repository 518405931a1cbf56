"""Shares and means by domain with design-based standard errors, intervals and covariance.

Each is a long table: the `by` columns, then `statistic, variable, category, n, n_effective, estimate, se, low,
high, df, deff, deff_kind`. A share is in [0, 1]. `n` counts respondents with a weight above zero and a valid
answer; `df` is the number of sampling units less the number of strata among them (Korn & Graubard 1999), or
what the replicate weights can tell.

The trap: filtering respondents to a domain before estimating drops the sampling units that have nobody in it.
Ask for the domain with `by` and give every respondent.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from groundswell.estimates.design.design import Design
from groundswell.estimates.statistics.cascade import cascaded
from groundswell.estimates.statistics.table import estimate, row_names
from groundswell.estimates.variance.means import means_asked
from groundswell.vocabulary import DeffKind, Interval


def shares(
    respondents: pd.DataFrame,
    design: Design,
    *questions: str,
    by: Sequence[str] = (),
    interval: Interval = "logit",
    level: float = 0.95,
    deff_kind: DeffKind = "replace",
    cascade: bool = False,
) -> pd.DataFrame:
    """Shares of answers by domain: the table that this module describes, `estimate` in [0, 1].

    Args:
        respondents: one row each.
        design: how they were drawn.
        questions: "column=category", or a column (its 1 or True where it is 0/1 or boolean, else every
            answer).
        by: columns whose combinations are the domains.
        interval, level: kind and coverage of the interval (see `intervals`).
        deff_kind: "wor", "replace" or "kish" (see `effects`).
        cascade: also the totals of each level: after `by=["sex", "region"]` each sex, then everyone, with `all` in the
            place of an answer.

    Raises:
        InputError: unknown columns, categories or options; missing, negative or text weights; a design that
            does not hold (see `units`); a lonely PSU where the design says "fail".

    Example: the standard error of a weighted share p is here √(4/3 Σ (w (y − p))²) / Σ w.
        >>> people = pd.DataFrame({"sex": ["f", "f", "m", "m"], "anxious": [1, 0, 1, 1], "w": [1, 3, 2, 2]})
        >>> gs.shares(people, gs.Design(weights="w"), "anxious")[["n", "estimate", "se"]].round(3)
           n  estimate     se
        0  4     0.625  0.316
        >>> gs.shares(people, gs.Design(weights="w"), "anxious", by=["sex"])[["sex", "n", "estimate"]]
          sex  n  estimate
        0   f  2      0.25
        1   m  2      1.00
        >>> gs.shares(people, gs.Design(weights="w"), "anxious", by=["sex"], cascade=True)[["sex", "n", "estimate"]]
           sex  n  estimate
        0    f  2     0.250
        1    m  2     1.000
        2  all  4     0.625
    """

    def tabled(by: Sequence[str]) -> pd.DataFrame:
        summed = means_asked(respondents, design, questions, (), by)
        return estimate(summed, interval=interval, level=level, deff_kind=deff_kind)

    return cascaded(tabled, by, cascade=cascade)


def means(
    respondents: pd.DataFrame,
    design: Design,
    *variables: str,
    by: Sequence[str] = (),
    level: float = 0.95,
    deff_kind: DeffKind = "replace",
    cascade: bool = False,
) -> pd.DataFrame:
    """Means of numbers by domain; the same table as `shares`, with `category` empty.

    Raises:
        InputError: as `shares`; or a column of text.

    Example: 200 schools of California; R's `svymean(~api00)` gives 662.29, standard error 9.4089.
        >>> schools = pd.read_csv("tests/reference/apistrat.csv")
        >>> design = gs.Design(weights="pw", strata="stype", fpc="fpc")
        >>> gs.means(schools, design, "api00")[["n", "estimate", "se"]].round(4)
             n  estimate      se
        0  200  662.2874  9.4089
    """

    def tabled(by: Sequence[str]) -> pd.DataFrame:
        summed = means_asked(respondents, design, (), variables, by)
        return estimate(summed, interval="mean", level=level, deff_kind=deff_kind)

    return cascaded(tabled, by, cascade=cascade)


def shares_covariance(
    respondents: pd.DataFrame,
    design: Design,
    *questions: str,
    by: Sequence[str] = (),
    numbers: Sequence[str] = (),
) -> pd.DataFrame:
    """Covariance of the rows of `shares` (and means of `numbers`), a square table named by its rows.

    The rows of a domain are its shares, then its means. Domains that share sampling units or respondents
    (waves of a panel, say) are correlated, and the table says how much.

    Raises:
        InputError: as `shares`.

    Example: of three people asked twice, one changed the answer.
        >>> panel = pd.DataFrame({"wave": [1, 1, 1, 2, 2, 2], "who": list("abcabc"), "calm": [1, 1, 0, 1, 0, 0]})
        >>> gs.shares_covariance(panel, gs.Design(respondent="who"), "calm", by=["wave"]).round(3)
                  1:calm=1  2:calm=1
        1:calm=1     0.111     0.056
        2:calm=1     0.056     0.111
    """
    return shares_and_covariance(respondents, design, *questions, by=by, numbers=numbers)[1]


def shares_and_covariance(
    respondents: pd.DataFrame,
    design: Design,
    *questions: str,
    by: Sequence[str] = (),
    numbers: Sequence[str] = (),
    interval: Interval = "logit",
    level: float = 0.95,
    deff_kind: DeffKind = "replace",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The table of `shares` (and means of `numbers`) with the covariance of its rows, from one pass.

    Raises:
        InputError: as `shares`.

    Example:
        >>> people = pd.DataFrame({"calm": [1, 0, 1, 1], "region": ["n", "n", "s", "s"]})
        >>> table, covariance = gs.shares_and_covariance(people, gs.Design(), "calm", by=["region"])
        >>> bool(np.allclose(table["se"] ** 2, np.diag(covariance)))
        True
    """
    summed = means_asked(respondents, design, questions, numbers, by)
    table = estimate(summed, interval=interval, level=level, deff_kind=deff_kind)
    names = row_names(table)
    return table, pd.DataFrame(summed.covariance(), index=names, columns=names)
