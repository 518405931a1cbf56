"""What a table of estimates is made from: the estimates, their variances, and what is known of their bases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import pandas as pd

from groundswell.arrays import Floats, Ints
from groundswell.errors import InputError
from groundswell.estimates.sums.items import Item


@dataclass(frozen=True)
class Moments:
    """What the table needs, each (domains, items).

    Attributes:
        n: respondents with a weight above zero and a valid answer.
        w, w2, wyy: sums of w, w w and w y y.
        estimate, variance: of the mean, or of `scale` times the mean.
        df: degrees of freedom.
        scale: what the mean is multiplied by: 1, or the sum of weights for a total.
        logit_se: standard error on the logit scale where replicates tell it; None: by linearisation.
    """

    n: Ints
    w: Floats
    w2: Floats
    wyy: Floats
    estimate: Floats
    variance: Floats
    df: Floats
    scale: Floats | float = 1.0
    logit_se: Floats | None = None


def stated_df(moments: Moments, df: float | None) -> Moments:
    """The moments with the degrees of freedom that a design states, if it does."""
    return moments if df is None else replace(moments, df=np.full(moments.df.shape, float(df)))


class Means(Protocol):
    """Shares and means of respondents who are summed already, by whichever method their design needs."""

    @property
    def domains(self) -> pd.DataFrame:
        """One row a domain with the `by` columns."""

    @property
    def items(self) -> tuple[Item, ...]:
        """What is estimated in each domain."""

    def moments(self) -> Moments:
        """What the table of estimates needs.

        Raises: InputError for a lonely PSU where the design says "fail", or scales that replicates need.
        """

    def covariance(self) -> Floats:
        """(rows, rows) covariance, domain by domain and item by item within; NaN without a valid answer.

        Raises: InputError as `moments`; or respondents summed without the products that a covariance needs.
        """


def check_domains(by: Sequence[str], inside: int) -> None:
    """Whether anybody stands `inside` a domain, where respondents are split `by` columns.

    Raises: InputError where nobody does.
    """
    if by and not inside:
        raise InputError(
            "`by=`: nobody who is counted has an answer there: there is no domain to estimate in"
        )
