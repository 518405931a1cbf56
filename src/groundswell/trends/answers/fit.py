"""One fit for every door: the page, its CSVs, a notebook, Python and the command line all come through here.

`fit_trend(survey, "anxiety")` takes from the survey all that decides its trend: the waves known on the as-of date,
respondents' estimates among them, the declared events, the reference, the bias that all houses share, and the
covariance of waves that share respondents. A plain table of shares goes through the same function; what no survey
states is then stated by the caller, or not at all.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from numbers import Integral
from typing import Final

import pandas as pd

from groundswell.dates import parse_date, today
from groundswell.errors import InputError, nearest
from groundswell.trends.answers.segments import segments
from groundswell.trends.answers.trend import Day, Trend
from groundswell.trends.data.observations import read_day, survey_waves
from groundswell.trends.data.unknown_n import UNKNOWN_N, UnknownN
from groundswell.trends.fit.fitting import LONG, fit_mode
from groundswell.trends.fit.posterior import Posterior
from groundswell.trends.fit.shocks import (
    Event,
    choose_shocks,
    components,
    declared_shocks,
    unused_events,
    weighed,
)
from groundswell.trends.model.measurement import measure
from groundswell.trends.model.statespace import HOUSE_YEARS
from groundswell.waves import Bridge, Survey
from groundswell.waves.toplines.benchmarks import Benchmark, read_benchmarks

SEED: Final = 20240101
# How often a fit is made again because other waves turned out to be far off.
RECONSIDERED: Final = 3


@dataclass(frozen=True)
class Given:
    """All that decides a trend besides the model: one indicator's rows of one domain, and what is known around them."""

    rows: pd.DataFrame
    covariance: pd.DataFrame | None
    events: tuple[Event, ...]
    bridges: tuple[Bridge, ...]
    reference: str | None
    shared_bias_sd: float | None
    as_of: pd.Timestamp | None
    benchmarks: tuple[Benchmark, ...] = ()
    learns_bias: bool = False


def fit_trend(
    waves: Survey | pd.DataFrame,
    indicator: str | None = None,
    *,
    as_of: Day | None = None,
    certainty: Collection[str] | None = None,
    unknown_n: UnknownN = UNKNOWN_N,
    rows: pd.DataFrame | None = None,
    covariance: pd.DataFrame | None = None,
    events: Iterable[Event] | None = None,
    bridges: Iterable[Bridge] | None = None,
    search_shocks: bool = True,
    reference: str | None = None,
    shared_bias_sd: float | None = None,
    house_years: float = HOUSE_YEARS,
    seed: int = SEED,
) -> Trend:
    """Fit the trend of one indicator's waves in one domain; rows with a reason in `left_out` are not used.

    Args:
        waves: a survey (from `load_survey`), or rows of the observations table; in a table of your own the column
            `overlap` may say that waves of a house that overlap are `rolling` windows, or `separate` samples.
        indicator: which one; may be left out where there is one.
        as_of: only what was known on this date; today if not given. Of a table the events are cut by it, and a wave
            that ended later is an error: a table does not say when a wave was known.
        certainty, unknown_n: of a survey, as in `observations`.
        rows: of a survey, fit these rows of its observations table instead of reading them.
        covariance: of the sampling errors of waves that share respondents or sampling units, a square table
            in squared share units (the output of `shares_covariance`). The names of its index levels are
            columns of the rows that tell the waves apart; an index without a name holds the labels of the
            rows' own. Waves it lacks have independent errors. Of a survey: its own, unless `rows` are given.
        events: what may have moved the level of all houses at once; each has a `date`, a `label` and `shock`,
            which is `weigh` or `none` (an annotation only). Of a survey: its own.
        bridges: what is known of the distance between two wordings besides the waves (`groundswell.waves.Bridge`); the
            level crosses a change of wording on one, with its error. Of a survey: its own.
        search_shocks: whether to look for shocks that nobody declared.
        reference: a variant or a house; the level is then on its scale wherever it was asked. Of a survey: its own.
            Without one the level is the average over established houses, each in what it asked last (see `segments`).
        shared_bias_sd: standard deviation, in logits, of the bias that all houses share; it widens only the
            interval for the population. Of a survey: its own.
        house_years: time constant of the house effects in years.
        seed: of the draws.

    Raises:
        InputError: neither a survey nor a table; an unknown indicator, a column that is missing, an impossible number
            or `seed`, an unknown `reference`, a `covariance` that is not one.
        ModelError: there is no wave to fit.

    Example: four waves of 1,000 people that all said 40%, as a plain table.
        >>> days = pd.to_datetime(["2024-01-31", "2024-04-30", "2024-07-31", "2024-10-31"])
        >>> waves = pd.DataFrame({"house": "acme", "end": days, "share": 0.4, "n_effective": 1000})
        >>> gs.fit_trend(waves).level("2024-10-31")[["date", "share"]].round({"share": 2})
                date  share
        0 2024-10-31    0.4
        >>> survey = gs.load_survey("surveys/ukraine-outlook")
        >>> gs.fit_trend(survey, "planning", as_of="2023-12-31").change("2021-11-15", "2023-11-22")[
        ...     ["estimate", "low", "high"]].round(2)
           estimate   low  high
        0     -0.09 -0.16 -0.02
    """
    if isinstance(waves, Survey):
        given = _of_survey(waves, indicator, as_of, certainty, unknown_n, rows, covariance)
        indicator = indicator or next(iter(waves.indicators))
    elif not isinstance(waves, pd.DataFrame):
        raise InputError(
            f"`waves=` is a {type(waves).__name__}: give a survey (`load_survey`) or a table of observations"
        )
    else:
        given = _of_table(waves, indicator, as_of, covariance)
    if events is not None:
        given = replace(given, events=tuple(events))
    if bridges is not None:
        given = replace(given, bridges=tuple(bridges))
    if reference is not None:
        given = replace(given, reference=reference)
    if shared_bias_sd is not None:
        given = replace(given, shared_bias_sd=shared_bias_sd, learns_bias=False)
    return _fit(given, indicator or "", search_shocks=search_shocks, house_years=house_years, seed=seed)


def _of_survey(
    survey: Survey,
    indicator: str | None,
    as_of: Day | None,
    certainty: Collection[str] | None,
    unknown_n: UnknownN,
    rows: pd.DataFrame | None,
    covariance: pd.DataFrame | None,
) -> Given:
    """What a survey says of one of its indicators."""
    key = indicator_of(survey, indicator)
    day = read_day(today() if as_of is None else as_of, "as_of")
    if rows is None:
        read = survey_waves(survey, as_of=day, indicator=key, certainty=certainty, unknown_n=unknown_n)
        rows, covariance = read.rows, read.covariance.get((key, "all"))
    mine = rows[(rows["indicator"] == key) & (rows["domain"] == "all")]
    reference = survey.indicators[key].reference
    if reference not in set(mine.loc[mine["left_out"] == "", "variant"]):
        reference = None
    events = [event for event in survey.events if not event.indicators or key in event.indicators]
    known = tuple(event for event in events if pd.Timestamp(event.date) <= day)
    bridges = tuple(
        bridge if bridge.deff or bridge.se else bridge.model_copy(update={"deff": survey.default_deff})
        for bridge in survey.bridges
        if bridge.indicator == key and pd.Timestamp(bridge.date) <= day
    )
    true = (one for one in read_benchmarks(survey) if one.indicator == key)
    benchmarks = sorted((one for one in true if pd.Timestamp(one.known_from) <= day), key=lambda one: one.end)
    bias = survey.shared_bias
    return Given(
        rows=mine,
        covariance=covariance,
        events=known,
        bridges=bridges,
        reference=reference,
        shared_bias_sd=bias.sd,
        as_of=day,
        benchmarks=tuple(benchmarks),
        learns_bias=bias.learn is not None,
    )


def _of_table(
    table: pd.DataFrame, indicator: str | None, as_of: Day | None, covariance: pd.DataFrame | None
) -> Given:
    """What a table of shares says of one of its indicators."""
    day = None if as_of is None else read_day(as_of, "as_of")
    return Given(rows_of(table, indicator), covariance, (), (), None, None, day)


def indicator_of(survey: Survey, indicator: str | None) -> str:
    """The key of the survey's indicator, which need not be named where there is one.

    Raises: InputError where it must be named, and for one that the survey does not have.
    """
    if indicator is None and len(survey.indicators) > 1:
        raise InputError(f"`indicator=` must say which of `{survey.name}`: {', '.join(survey.indicators)}")
    key = indicator or next(iter(survey.indicators))
    if key not in survey.indicators:
        raise InputError(f"`{survey.name}` has no indicator `{key}`; {nearest(key, survey.indicators)}")
    return key


def rows_of(table: pd.DataFrame, indicator: str | None) -> pd.DataFrame:
    """The rows of one indicator of a table of shares; all where none is named.

    Raises: InputError where no row has that indicator.
    """
    if indicator is None:
        return table
    if "indicator" not in table:
        got = ", ".join(map(str, table.columns))
        raise InputError(f"the table has no column `indicator` that could hold `{indicator}`; got: {got}")
    known = set(table["indicator"].dropna().astype(str))
    if indicator not in known:
        raise InputError(f"no row has the indicator `{indicator}`; {nearest(indicator, known)}")
    return table[table["indicator"] == indicator]


def _fit(given: Given, indicator: str, *, search_shocks: bool, house_years: float, seed: int) -> Trend:
    """The fit itself (docs/method.md)."""
    bias = given.shared_bias_sd
    if not (bias is None or bias >= 0):
        raise InputError(f"`shared_bias_sd=` must be at least 0, got {bias:g}")
    if not house_years > 0:
        raise InputError(f"`house_years=` must be above 0, got {house_years:g}")
    if not isinstance(seed, Integral) or seed < 0:
        raise InputError(f"`seed=` must be a whole number of at least 0, got `{seed}`")
    waves = measure(given.rows, given.covariance, given.bridges)
    newest = pd.Timestamp(waves.table["end"].max())
    if given.as_of is not None and newest > given.as_of:
        later = int((waves.table["end"] > given.as_of).sum())
        raise InputError(
            f"`as_of=`: {later} of {len(waves)} waves ended after {given.as_of:%Y-%m-%d}, the newest on "
            f"{newest:%Y-%m-%d}: leave them out of the table, or name a later date"
        )
    as_of = newest if given.as_of is None else given.as_of
    events = tuple(
        event
        for event in given.events
        if given.as_of is None or pd.Timestamp(parse_date(event.date, "events")) <= as_of
    )
    segments(waves, given.reference)  # an unknown reference is named before the long part
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        first = fit_mode(waves, house_years=house_years)
        choices = choose_shocks(first, declared_shocks(events, waves), search_shocks)
        found = choices.fit(choices.best).reconsidered()
        for _ in range(RECONSIDERED if len(waves) <= LONG else 0):
            if not found.moved:
                break
            first = fit_mode(
                waves,
                house_years=house_years,
                again=first,
                outlying=found.outlying.extra,
                excess=found.excess,
            )
            choices = choose_shocks(first, declared_shocks(events, waves), search_shocks)
            found = choices.fit(choices.best).reconsidered()
        parts, weights = components(choices)
        shocks = weighed(choices, weights)
    names = waves.table["indicator"]
    return Trend(
        indicator=indicator or str(names.iloc[0]),
        posterior=Posterior(waves, first.noise, tuple(parts), house_years, found.outlying),
        best=choices.fit(choices.best),
        weighed_shocks=shocks,
        events=events,
        bridges=given.bridges,
        unused_events=unused_events(events, waves),
        warnings=tuple(dict.fromkeys(str(one.message) for one in caught)),
        as_of=as_of,
        reference=given.reference,
        shared_bias_sd=bias,
        seed=seed,
        benchmarks=given.benchmarks,
        learns_bias=given.learns_bias,
    )
