"""The dates that a trend is asked about, one or several, as a reader of pandas writes them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from groundswell.dates import RULE, parse_date
from groundswell.errors import InputError


def parse_dates(given: object, name: str) -> pd.DatetimeIndex:
    """The dates that the argument `name` was given, one or several, each as `parse_date` reads it; in their order.

    Of the moments in a column or index of pandas, such as `pd.date_range(..., periods=50)` makes, the day counts.

    Raises: InputError as `parse_date`, also where there is no date at all.
    """
    if isinstance(given, (pd.DatetimeIndex, pd.Series)) and pd.api.types.is_datetime64_dtype(given.dtype):
        given = pd.DatetimeIndex(given).normalize()
    several = isinstance(given, Iterable) and not isinstance(given, str)
    days = [parse_date(each, name) for each in given] if several else [parse_date(given, name)]  # type: ignore[attr-defined]
    if not days:
        raise InputError(f"`{name}=`: holds no date; {RULE}, one or several")
    return pd.DatetimeIndex(np.array(days, dtype="datetime64[s]"))  # no overflow over centuries
