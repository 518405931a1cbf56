"""A table of shares or estimates on its way to the trends: its rows once each, and what must be said of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

import pandas as pd

from groundswell.errors import InputError
from groundswell.trends.answers.fit import SEED
from groundswell.trends.answers.many import fit_trends
from groundswell.trends.answers.trend import Trend
from groundswell.trends.data.estimates_table import estimates_of, is_estimates, read_covariance
from groundswell.trends.data.repeats import without_repeats
from groundswell.trends.data.shares_table import NEEDED, read_dates, shares_of, shares_table
from groundswell.waves.surveys.fieldwork import FIRST_YEAR, unlikely
from groundswell.waves.surveys.house_names import alike
from groundswell.waves.toplines.row import ReadRow
from groundswell.waves.toplines.twice import Pair
from groundswell.waves.toplines.written import read_records

POINTS_A_LOGIT: Final = 25.0
"""Points that a logit is worth at a share of one half, where it is worth most."""
MOST_NOTED: Final = 5
"""Rows, pairs or dates that a note names; of more it says how many."""


class Note(NamedTuple):
    """What a reader must know of a series: where its level stands or breaks, a check that did not pass, odd rows.

    `code`, `verdict` and `values` are those of `diagnostics.Check`, or `code` is `ANSWERS_CODE`, or one of
    `SCALE_CODES`, `DOMAIN_CODES` or `ROW_CODES`.
    """

    series: str
    code: str
    verdict: str
    values: Mapping[str, Any]


SCALE_CODES: Final = ("scale", "break", "mean", "no_shared_bias")
"""Notes about the scale of the newest level, a day that nothing bridges, the answer scale of a mean, and that nobody
stated how far all houses may be off together."""
ANSWERS_CODE: Final = "answers"
"""The note of a whole question: which waves say which answers."""
DOMAIN_CODES: Final = ("domains_unseen", "domains_elsewhere", "domains_apart")
"""Notes about domains: those that are not followed, and whether those that are add up to the whole."""
ROW_CODES: Final = (
    *("date_too_early", "date_too_late", "more_dates", "published_early", "counted_once", "perhaps_twice"),
    *("one_house", "unanswered"),
)
"""Notes about the rows of a table: odd dates (`more_dates` counts those not named), figures in two rows, houses under
two names, estimates of nobody."""


class Source(NamedTuple):
    """What is asked (see `read_dates`), the trends that answer by series, and notes about the rows of a table."""

    asked: pd.DataFrame
    trends: Mapping[str, Trend]
    rows: Sequence[Note]


def table_source(
    shares: Path,
    at: Path,
    seed: int = SEED,
    *,
    when: str | None = None,
    covariance: Path | None = None,
    shared_bias: float | None = None,
    every: bool = False,
) -> Source:
    """The trend of every series of a table of shares that is asked for, or of `every` one that the file holds.

    Args:
        shares: a CSV of published shares (`shares_table.COLUMNS`), or one that `groundswell estimate --by` wrote.
        at: the dates asked for.
        seed: of the draws.
        when: of estimates, the column of `--by` that dates the waves.
        covariance: of estimates, the file that `groundswell estimate --covariance` wrote with them.
        shared_bias: standard deviation, in points at a share of one half, of the bias that all houses share.
        every: fit also what is not asked for.

    Raises: FaultsError with everything wrong in a file; InputError for a `when` or `covariance` of no estimates.
    """
    header, records = read_records(shares, ", ".join(NEEDED))
    notes: list[Note] = []
    shared = None
    if is_estimates(header):
        estimated = estimates_of(shares, header, records, when)
        rows = estimated.rows
        shared = None if covariance is None else read_covariance(covariance, shares)
        notes += [
            Note(series, "unanswered", "warned", _listed(lines))
            for series, lines in estimated.unanswered.items()
        ]
    else:
        for name, given in (("when", when), ("covariance", covariance)):
            if given is not None:
                raise InputError(
                    f"`{name}=` belongs to a table that `groundswell estimate` wrote; `{shares}` is one of shares"
                )
        found = without_repeats(shares_of(shares, header, records))
        rows = found.rows
        notes += [*_pairs("counted_once", found.once), *_pairs("perhaps_twice", found.doubts)]
    notes = [*_unlikely_dates(rows), *_published_early(rows), *_one_house(rows), *notes]
    table = shares_table(rows)
    table.index = pd.Index(table["line"], name=None)  # the labels of a covariance
    asked = read_dates(at, table)
    wanted = table if every else table[table["indicator"].isin(asked["series"])]
    bias_sd = None if shared_bias is None else shared_bias / POINTS_A_LOGIT
    fitted = fit_trends(wanted, seed=seed, covariance=shared, shared_bias_sd=bias_sd)
    return Source(asked, {series: trend for (series, _), trend in fitted.items()}, notes)


def _listed(lines: Sequence[int]) -> dict[str, Any]:
    """The first lines of many, and how many there are."""
    return {"n": len(lines), "lines": list(islice(lines, MOST_NOTED))}


def _unlikely_dates(rows: Sequence[ReadRow]) -> list[Note]:
    """Fieldwork on days on which no survey can have been."""
    odd = [
        Note(
            row.indicator,
            "date_too_early" if row.end.year < FIRST_YEAR else "date_too_late",
            "warned",
            {"house": row.house, "end": row.end.isoformat(), "first_year": FIRST_YEAR},
        )
        for row in rows
        if row.end is not None and unlikely(row.end)
    ]
    more = len(odd) - MOST_NOTED
    if more > 0:
        return [*odd[:MOST_NOTED], Note("", "more_dates", "warned", {"more": more})]
    return odd


def _published_early(rows: Sequence[ReadRow]) -> Iterator[Note]:
    """Rows that were published before their fieldwork ended."""
    lines = [row.line for row in rows if row.published and row.end and row.published < row.end]
    if lines:
        yield Note("", "published_early", "warned", _listed(lines))


def _one_house(rows: Sequence[ReadRow]) -> Iterator[Note]:
    """Two names that may be one house's, with the lines of each."""
    lines: dict[str, list[int]] = {}
    for row in rows:
        lines.setdefault(row.house, []).append(row.line)
    for one, other in alike(lines):
        values = {
            "one": one,
            "other": other,
            "of_one": _listed(lines[one]),
            "of_other": _listed(lines[other]),
        }
        yield Note("", "one_house", "warned", values)


def _pairs(code: str, pairs: Sequence[Pair]) -> Iterator[Note]:
    """One note a series about pairs of rows."""
    by_series: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_series.setdefault(pair.there.indicator, []).append(pair)
    for series, mine in by_series.items():
        values = {"n": len(mine), "pairs": [_pair(pair) for pair in mine[:MOST_NOTED]]}
        yield Note(series, code, "warned", values)


def _pair(pair: Pair) -> dict[str, Any]:
    """Both rows of a pair, ready for a sentence."""
    there, here = pair.there, pair.here
    sources = [there.source_title or there.source_url, here.source_title or here.source_url]
    return {
        "lines": [there.line, here.line],
        "house": here.house,
        "end": str(here.end),
        "shares": [there.share, here.share],
        "sizes": [there.n, here.n],
        "sources": sources if len(set(sources)) > 1 else [],
        "differ": list(pair.differ),
    }
