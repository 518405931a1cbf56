"""One fit for every door: `fit_mood(survey, ["anxiety", "depression"])`, whose waves are those of `fit_trend`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from groundswell.dates import today
from groundswell.errors import GroundswellError, InputError, ModelError, nearest
from groundswell.trends.answers.fit import fit_trend, indicator_of
from groundswell.trends.answers.trend import Day, Trend
from groundswell.trends.data.observations import SurveyWaves, read_day, survey_waves
from groundswell.trends.data.unknown_n import UNKNOWN_N, UnknownN
from groundswell.trends.model.statespace import HOUSE_YEARS
from groundswell.trends.moods.items import items_of
from groundswell.trends.moods.mood import Mood
from groundswell.trends.moods.one_mood import fit_points
from groundswell.trends.moods.ties import tied
from groundswell.vocabulary import EVERYONE
from groundswell.waves import Survey

FEWEST_ITEMS: Final = 2


def fit_mood(
    waves: Survey | pd.DataFrame,
    indicators: Sequence[str],
    *,
    reference: str | None = None,
    reverse: Collection[str] = (),
    as_of: Day | None = None,
    certainty: Collection[str] | None = None,
    unknown_n: UnknownN = UNKNOWN_N,
    house_years: float = HOUSE_YEARS,
) -> Mood:
    """Fit one mood to several indicators, told on the scale of one of them (docs/method.md).

    The mood is what the reference measures; each other item's level is an intercept, plus a slope times the mood, plus
    a slow movement of its own, all in logits. Items that move with the reference sharpen the mood and carry it where
    the reference was not asked; items that do not are given no weight by their slope and own movement.

    Args:
        waves: a survey, or rows of the observations table with a column `indicator`.
        indicators: the items, two or more.
        reference: the item on whose scale the mood is told (intercept 0, slope 1); by default the first.
        reverse: items of which a higher share means less of the mood, as "calm" beside "anxious".
        as_of, certainty, unknown_n, house_years: as in `fit_trend`.

    Raises:
        InputError: fewer than two items, one named twice or unknown, a `reference` or `reverse` that is none of them,
            the reference among `reverse`; and as `fit_trend`.
        ModelError: an item has no wave to fit, or none has dates in common with the reference.

    Example: two indicators of one survey, of which one follows the other.
        >>> survey = gs.load_survey("surveys/us-household-pulse")
        >>> mood = gs.fit_mood(survey, ["anxiety", "depression"], as_of="2024-12-31")
        >>> mood.items[["item", "slope", "verdict"]].round(1)
                 item  slope    verdict
        0     anxiety    1.0  reference
        1  depression    ...    follows
        >>> mood.level("2023-06-30")[["date", "share"]].round({"share": 1})
                date  share
        0 2023-06-30    0.2
    """
    names = _named(indicators, reference, reverse)
    trends = dict(own_trends(waves, names, as_of, certainty, unknown_n, house_years))
    return mood_of(trends, reverse)


def mood_of(trends: Mapping[str, Trend], reverse: Collection[str] = ()) -> Mood:
    """The mood of items whose own trends are fitted (see `own_trends`), the reference first.

    Raises: ModelError as `fit_mood`.
    """
    names = list(trends)
    house_years = trends[names[0]].best.house_years
    kept = tied([trend.posterior.waves for trend in trends.values()])
    if kept.sum() < FEWEST_ITEMS:
        raise ModelError(
            f"no item has dates in common with the reference `{names[0]}` (two waves each, in the time of both), "
            "so that nothing says how any moves with it; name another reference or other items"
        )
    mine = items_of(
        [trend for trend, one in zip(trends.values(), kept, strict=True) if one],
        dict.fromkeys(reverse, -1),
    )
    points = fit_points(mine, trends[names[0]].best.hyper, house_years)
    as_of = max(trend.as_of for trend in trends.values())
    return Mood(tuple(mine), trends, points, house_years, as_of)


def _named(indicators: Sequence[str], reference: str | None, reverse: Collection[str]) -> list[str]:
    """The items, the reference first."""
    names = [indicators] if isinstance(indicators, str) else list(indicators)
    if len(names) < FEWEST_ITEMS:
        raise InputError(f"`indicators=` must name two items or more, got {', '.join(names) or 'none'}")
    if twice := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
        raise InputError(f"`indicators=` names `{twice[0]}` twice: each item counts once")
    first = names[0] if reference is None else reference
    for argument, wanted in (("reference", [first]), ("reverse", reverse)):
        if unknown := [name for name in wanted if name not in names]:
            raise InputError(
                f"`{argument}=`: `{unknown[0]}` is not among the items; {nearest(unknown[0], names)}"
            )
    if first in reverse:
        raise InputError(
            f"`reverse=`: `{first}` is the reference, whose direction is the mood's; reverse the other items instead"
        )
    return [first, *(name for name in names if name != first)]


def own_trends(
    waves: Survey | pd.DataFrame,
    names: Sequence[str],
    as_of: Day | None,
    certainty: Collection[str] | None = None,
    unknown_n: UnknownN = UNKNOWN_N,
    house_years: float = HOUSE_YEARS,
    *,
    read: SurveyWaves | None = None,
) -> Iterator[tuple[str, Trend]]:
    """Each item's own trend without shocks, as the models of moods and movements have none: its waves, and the noise of
    each; `read` is what a survey's waves were read as, where they were."""
    options: dict[str, Any] = {"events": (), "search_shocks": False, "house_years": house_years}
    if isinstance(waves, Survey):
        for name in names:
            indicator_of(waves, name)
        as_of = read_day(today() if as_of is None else as_of, "as_of")
        read = read or survey_waves(waves, as_of=as_of, certainty=certainty, unknown_n=unknown_n)
    elif isinstance(waves, pd.DataFrame) and "domain" in waves:
        waves = waves[waves["domain"] == EVERYONE]
    for name in names:
        if read is not None:
            mine = (read.rows["indicator"] == name) & (read.rows["domain"] == EVERYONE)
            options |= {"rows": read.rows[mine], "covariance": read.covariance.get((name, EVERYONE))}
        try:
            yield name, fit_trend(waves, name, as_of=as_of, **options)
        except GroundswellError as error:
            raise type(error)(f"`{name}`: {error}") from error
