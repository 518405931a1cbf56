"""One fit for a whole question: each split is the trend that `fit_trend` gives of its waves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

import pandas as pd

from groundswell.dates import today
from groundswell.trends.answers.fit import fit_trend, indicator_of, rows_of
from groundswell.trends.answers.trend import Day, Trend
from groundswell.trends.data.observations import read_day, survey_waves
from groundswell.trends.data.unknown_n import UNKNOWN_N, UnknownN
from groundswell.trends.questions.order import order_of
from groundswell.trends.questions.printed import (
    PrintedQuestion,
    check_table,
    printed_in_survey,
    printed_in_table,
)
from groundswell.trends.questions.question import Question
from groundswell.trends.questions.sticks import split
from groundswell.waves import Survey

NO_BRIDGES: Final[dict[str, Any]] = {"bridges": ()}
"""What is known of the distance between two wordings is known of the first answer alone."""


def fit_question(
    waves: Survey | pd.DataFrame,
    indicator: str | None = None,
    *,
    as_of: Day | None = None,
    first: str | None = None,
    answers: Sequence[str] = (),
    certainty: Collection[str] | None = None,
    unknown_n: UnknownN = UNKNOWN_N,
    trend: Trend | None = None,
    rows: pd.DataFrame | None = None,
    **options: Any,
) -> Question:
    """Fit all answers of a question together, so that they add up to 1 in every draw of the posterior.

    The question is split answer by answer (docs/method.md): the first answer's share is its own trend, exactly that of
    `fit_trend`; each next answer is a share of what those before it leave, with a trend of its own.

    Args:
        waves: a survey, or a table of answers: one row an answer of a wave, with its name in `category` and the other
            columns of a table of shares in Python.
        indicator: as in `fit_trend`.
        as_of, certainty, unknown_n: as in `fit_trend`.
        first: of a table, the answer that is followed; by default the first of `answers`, or the one that most waves
            print. Of a survey it is the answers that the indicator counts.
        answers: of a table, all answers where they are known to add up to 1, in the order in which they are split off;
            a wave that leaves out one of them then says it too. A survey states them as `answers` of a variant.
        trend, rows: of a survey, the indicator's trend and rows of its observations table where they are at hand.
        options: of `fit_trend`, the same for all splits.

    Raises: InputError as `fit_trend`, for the mean of a scale, and for a table without `category` or with an answer
    twice in a wave; ModelError where there is no wave to fit.

    Example: two waves of three answers, one of which leaves out the third.
        >>> waves = pd.DataFrame({
        ...     "house": "acme",
        ...     "end": pd.to_datetime(["2024-01-31"] * 3 + ["2024-04-30"] * 2),
        ...     "category": ["anxious", "calm", "hard to say", "anxious", "calm"],
        ...     "share": [0.5, 0.45, 0.05, 0.4, 0.54],
        ...     "n_effective": 1000,
        ... })
        >>> question = gs.fit_question(waves, first="anxious")
        >>> question.answers
        ('anxious', 'calm', 'hard to say')
        >>> bool(abs(question.levels("2024-04-30")["share"].sum() - 1) < 1e-12)
        True
        >>> question.net("2024-04-30", "anxious", "calm")["estimate"].round(1).item()
        -0.1
    """
    if not isinstance(waves, Survey):
        table = rows_of(waves, indicator)
        found = check_table(table, first, answers)
        declared = (found, *(name for name in answers if name != found)) if answers else ()
        printed = printed_in_table(table, found, declared)
        own = trend or fit_trend(printed.rows, as_of=as_of, **options)
        return _whole(printed, own, lambda mine: fit_trend(mine, as_of=as_of, **options | NO_BRIDGES))
    key = indicator_of(waves, indicator)
    day = read_day(today() if as_of is None else as_of, "as_of")
    covariance = None
    if rows is None:
        read = survey_waves(waves, as_of=day, indicator=key, certainty=certainty, unknown_n=unknown_n)
        rows, covariance = read.rows, read.covariance.get((key, "all"))
    mine = rows[(rows["indicator"] == key) & (rows["domain"] == "all")]
    printed = printed_in_survey(waves, key, mine, day)
    own = trend or fit_trend(waves, key, as_of=day, rows=mine, covariance=covariance, **options)
    return _whole(
        printed, own, lambda part: fit_trend(waves, key, as_of=day, rows=part, **options | NO_BRIDGES)
    )


def _whole(printed: PrintedQuestion, own: Trend, fit: Callable[[pd.DataFrame], Trend]) -> Question:
    """The question with its first answer's trend, and those that `fit` gives of the other splits."""
    order = order_of(printed)
    sticks = split(printed, order)
    return Question(own.indicator, order.answers, (own, *map(fit, sticks.later)), sticks.waves)
