"""Many trends in one call: every indicator and domain of an observations table, fitted on its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import pandas as pd

from groundswell.dates import today
from groundswell.errors import GroundswellError, InputError
from groundswell.trends.answers.fit import fit_trend
from groundswell.trends.answers.trend import Day, Trend
from groundswell.trends.data.observations import read_day, survey_waves
from groundswell.trends.data.unknown_n import UNKNOWN_N, UnknownN
from groundswell.trends.model.measurement import DEFAULTS
from groundswell.waves import Survey

Key = tuple[str, str]

# A rough price, in seconds on one core: of a series, of one of its waves, and of starting a process.
A_SERIES: Final = 0.04
A_WAVE: Final = 0.0004
A_PROCESS: Final = 3.0


def fit_trends(
    waves: Survey | pd.DataFrame,
    *,
    as_of: Day | None = None,
    certainty: Collection[str] | None = None,
    unknown_n: UnknownN = UNKNOWN_N,
    processes: int | None = None,
    **options: Any,
) -> dict[Key, Trend]:
    """Fit `fit_trend` to every indicator and domain; each trend is what fitting it alone would give.

    Args:
        waves: a survey, whose indicators are fitted for everyone; or rows of the observations table, of which
            `indicator` and `domain` may be missing where there is one.
        as_of, certainty, unknown_n: as in `fit_trend`.
        processes: how many processes to use; by default one for each core where that is quicker, and only in
            a notebook or on the command line: a script must keep its own work under
            `if __name__ == "__main__":` before it may ask for more than one.
        options: of `fit_trend`, the same for all series.

    Returns: the trends by (indicator, domain), in order of first appearance. A series whose rows are all left
    out has none.

    Raises: what `fit_trend` raises, with the series named; InputError for `processes` below 1.

    Example:
        >>> trends = gs.fit_trends(gs.load_survey("surveys/ukraine-outlook"), as_of="2025-12-31")
        >>> list(trends)
        [('planning', 'all'), ('outlook', 'all')]
        >>> day = "2025-10-01"
        >>> levels = pd.concat({key: trend.level(day) for key, trend in trends.items()}, names=["indicator", "domain"])
        >>> bool((levels["low95"] < levels["share"]).all())
        True
    """
    if isinstance(waves, Survey):
        day = read_day(today() if as_of is None else as_of, "as_of")
        read = survey_waves(waves, as_of=day, certainty=certainty, unknown_n=unknown_n)
        rows = read.rows[read.rows["domain"] == "all"]
    else:
        rows = waves
    series = _series(rows)
    workers = _workers(series) if processes is None else processes
    if workers < 1:
        raise InputError(f"`processes=` must be at least 1, got {processes}")
    jobs: list[tuple[Key, dict[str, Any]]] = []
    for key, mine in series.items():
        given: dict[str, Any] = {"waves": mine, "as_of": as_of}
        if isinstance(waves, Survey):
            covariance = read.covariance.get(key)
            given = {
                "waves": waves,
                "indicator": key[0],
                "as_of": day,
                "rows": mine,
                "covariance": covariance,
            }
        jobs.append((key, given | options))
    if workers == 1 or len(series) < 2:
        return dict(map(_fit_one, jobs))
    # A new interpreter a worker: a forked one may inherit the locks of a notebook's threads.
    with ProcessPoolExecutor(min(workers, len(series)), mp_context=get_context("spawn")) as pool:
        return dict(pool.map(_fit_one, jobs, chunksize=max(len(series) // (4 * workers), 1)))


def _series(rows: pd.DataFrame) -> dict[Key, pd.DataFrame]:
    """The rows of each indicator and domain that has any to fit, those left out included."""
    table = rows.assign(
        **{
            name: rows[name].fillna(DEFAULTS[name]).astype(str) if name in rows else DEFAULTS[name]
            for name in ("indicator", "domain", "left_out")
        }
    )
    return {
        (str(indicator), str(domain)): mine
        for (indicator, domain), mine in table.groupby(["indicator", "domain"], sort=False)
        if (mine["left_out"] == "").any()
    }


def _fit_one(job: tuple[Key, dict[str, Any]]) -> tuple[Key, Trend]:
    """One series under its name."""
    key, given = job
    try:
        return key, fit_trend(**given)
    except GroundswellError as error:
        named = ", ".join(f"`{part}`" for part in key if part)
        raise type(error)(f"{named}: {error}") from error


def _workers(series: dict[Key, pd.DataFrame]) -> int:
    """One process, or one a core where the time that they save is more than they take to start."""
    script = getattr(sys.modules["__main__"], "__file__", None)
    # A new process runs the script that is `__main__` once more; only our own is known to bear it.
    if script is not None and "groundswell" not in Path(script).parts[-2:]:
        return 1
    cores = os.cpu_count() or 1
    seconds = A_SERIES * len(series) + A_WAVE * sum(map(len, series.values()))
    return cores if seconds * (1 - 1 / cores) > A_PROCESS else 1
