"""A whole question through time: every answer's level, differences and ratios of answers, from one joint posterior.

A `Question` is what `fit_question` gives. Its answers are long tables; shares are proportions in [0, 1].
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from groundswell.arrays import Floats, Ints
from groundswell.errors import InputError, nearest
from groundswell.reprs import Summarised
from groundswell.trends.answers.changes import draw_shares
from groundswell.trends.answers.trend import MOST_JOINT_DATES, Dates, Trend
from groundswell.trends.data.days import parse_dates
from groundswell.trends.fit.mixture import Mixture
from groundswell.trends.questions.simplex import broken, points, product_intervals, shown, summary

Names = str | Sequence[str]


@dataclass(frozen=True, repr=False)
class Question(Summarised):
    """All answers of one question, followed together.

    `answers` are in the order in which they are split off; the first is the one that the indicator follows, the last
    what all others leave. `splits` has the trend of each answer but the last, as a share of what those before it leave:
    the first is the indicator's own trend. `waves` are the rows of the observations table with `told`, the number of
    answers whose shares a wave says, and `left_out`, why it does not say all (see `sticks.REASONS`).

    Example:
        >>> survey = gs.load_survey("surveys/ukraine-outlook")
        >>> gs.fit_question(survey, "outlook", as_of="2025-12-31")
        question: outlook, as of 2025-12-31
        answers: prosperous country in the EU, ruined economy, large outflow of people, cannot say
        waves: 6, of which 6 tell all answers
        newest level: prosperous country in the EU 0.63..., cannot say 0.1...
    """

    indicator: str
    answers: tuple[str, ...]
    splits: tuple[Trend, ...]
    waves: pd.DataFrame

    def levels(self, at: Dates, without: Names = ()) -> pd.DataFrame:
        """The level of every answer on each date of `at`, one row a date and answer.

        `date, answer, share, share_se`, intervals `low50, high50 … high95`, `segment`. On a date the shares add up to
        1: each split stands at its posterior median, the first answer at that of its own trend. Levels of one answer
        in two segments cannot be compared.

        Args:
            at: dates.
            without: answers that are left out, such as "hard to say": the others are then shares of the people who gave
                one of them.

        Raises: InputError for something that is not a date, for an unknown answer, and where no answer is left.
        """
        dates, gone = parse_dates(at, "at"), self._places(without, "without")
        kept = np.setdiff1d(np.arange(len(self.answers)), gone)
        if not len(kept):
            raise InputError("`without=` names every answer of the question: leave at least one")
        splits = self._marginals(dates)
        told = _conditional(shown(splits), gone)[:, kept]
        if len(gone):
            spread = _joined(summary(_conditional(some, gone)[:, kept]) for some in points(splits))
        else:
            spread = product_intervals(splits)
            # One number through every door: the followed answer is its own trend's.
            own = {"se": splits[0].share_moments()[1], **splits[0].share_intervals()}
            for name, values in spread.items():
                values[:, 0] = own[name]
        segments = self._segments(dates, len(self.answers) - 1 if len(gone) else None)
        table = pd.DataFrame(
            {
                "date": np.repeat(dates, len(kept)),
                "answer": np.tile(np.array(self.answers, dtype=object)[kept], len(dates)),
                "share": told.ravel(),
                "share_se": spread.pop("se").ravel(),
                **{name: values.ravel() for name, values in spread.items()},
                "segment": segments[:, kept].ravel(),
            }
        )
        return table.astype({"answer": "str"})

    def net(self, at: Dates, plus: Names, minus: Names, *, without: Names = ()) -> pd.DataFrame:
        """By how much the share of `plus` exceeds that of `minus` on each date; several answers are summed.

        `date, estimate, se`, intervals, `probability_larger` (that of `plus` is the larger), `segment`. The estimate is
        the difference of the two levels. `without` as in `levels`.

        Raises: InputError as `levels`, and for an answer on both sides or left out.
        """
        gone, sides = self._sides(plus, minus, without)

        def difference(shares: Floats) -> Floats:
            parts = _conditional(shares, gone)
            return np.asarray(parts[:, sides[0]].sum(axis=1) - parts[:, sides[1]].sum(axis=1))

        return self._compared(at, difference, 0.0)

    def ratio(self, at: Dates, of: Names, to: Names) -> pd.DataFrame:
        """How many times the share of `to` the share of `of` is on each date; several answers are summed.

        Columns as of `net`. What is left out changes no ratio.

        Raises: InputError as `net`.
        """
        _, sides = self._sides(of, to, ())

        def quotient(shares: Floats) -> Floats:
            with np.errstate(divide="ignore"):
                return np.asarray(shares[:, sides[0]].sum(axis=1) / shares[:, sides[1]].sum(axis=1))

        return self._compared(at, quotient, 1.0)

    def draws(self, at: Dates, n: int, seed: int | None = None) -> pd.DataFrame:
        """Levels drawn from the joint posterior: one column an answer, one row a date and draw; rows add up to 1.

        Rows of one `draw` belong together through all dates. The same seed, the same draws; by default the trend's.

        Raises: InputError as `Trend.draws`.
        """
        dates = parse_dates(at, "at")
        if len(dates) > MOST_JOINT_DATES or n < 1:
            raise InputError(
                f"`draws` takes at most {MOST_JOINT_DATES} dates and at least 1 draw, got {len(dates)} and {n}"
            )
        start = self.splits[0].seed if seed is None else seed
        # The first split is drawn as its trend draws it, the others apart from it.
        parts = [
            draw_shares(trend.joint(dates), n, [start, place] if place else start)
            for place, trend in enumerate(self.splits)
        ]
        shares = np.swapaxes(broken(parts), 0, 1).reshape(-1, len(self.answers))
        index = pd.MultiIndex.from_product([dates, range(n)], names=["date", "draw"])
        return pd.DataFrame(shares, index=index, columns=list(self.answers))

    def _marginals(self, dates: pd.DatetimeIndex) -> list[Mixture]:
        return [trend.marginal(dates) for trend in self.splits]

    def _compared(self, at: Dates, statistic: Callable[[Floats], Floats], even: float) -> pd.DataFrame:
        """A number that compares answers, whose shares lie along the second axis, one row a date; at `even` neither
        side is the larger."""
        dates = parse_dates(at, "at")
        splits = self._marginals(dates)
        numbers = map(statistic, points(splits))
        spread = _joined(
            {**summary(some), "probability_larger": (some > even).mean(axis=-1)} for some in numbers
        )
        return pd.DataFrame(
            {
                "date": dates,
                "estimate": statistic(shown(splits)),
                **spread,
                "segment": self._segments(dates, len(self.answers) - 1)[:, 0],
            }
        )

    def _segments(self, dates: pd.DatetimeIndex, upto: int | None) -> Ints:
        """The number of each answer's stretch on each date, shape (dates, answers): an answer breaks where a split that
        it stands on does, those before it and its own; `upto` names one split for all answers."""
        starts: list[set[pd.Timestamp]] = []
        breaks: set[pd.Timestamp] = set()
        for trend in self.splits:
            breaks = breaks | {segment.start for segment in trend.segments[1:]}
            starts.append(breaks)
        starts.append(breaks)
        columns = [starts[place if upto is None else upto] for place in range(len(self.answers))]
        numbers = [[1 + sum(day >= start for start in each) for each in columns] for day in dates]
        return np.array(numbers, dtype=np.intp)

    def _sides(self, one: Names, other: Names, without: Names) -> tuple[Ints, tuple[Ints, Ints]]:
        """The places of what is left out and of two sides that have nothing in common."""
        gone = self._places(without, "without")
        sides = self._places(one, "answers"), self._places(other, "answers")
        every = np.concatenate([gone, *sides])
        if len(every) > len(np.unique(every)):
            twice = [self.answers[place] for place in np.unique(every) if (every == place).sum() > 1]
            raise InputError(f"`{twice[0]}` stands on both sides or is left out: name an answer once")
        if not all(map(len, sides)):
            raise InputError("a comparison needs an answer on either side")
        return gone, sides

    def _places(self, names: Names, argument: str) -> Ints:
        """The places of answers by name."""
        asked = [names] if isinstance(names, str) else list(names)
        for name in asked:
            if name not in self.answers:
                known = nearest(str(name), self.answers)
                raise InputError(f"`{argument}=`: `{name}` is not an answer of `{self.indicator}`; {known}")
        return np.array([self.answers.index(name) for name in dict.fromkeys(asked)], dtype=np.intp)

    def _summary(self) -> dict[str, str]:
        trend, used = self.splits[0], self.waves[self.waves["told"] > 0]
        newest = self.levels(trend.segments[-1].last)
        return {
            "question": f"{self.indicator}, as of {trend.as_of:%Y-%m-%d}",
            "answers": ", ".join(self.answers),
            "waves": f"{len(used)}, of which {(used['told'] == len(self.answers)).sum()} tell all answers",
            "newest level": ", ".join(
                f"{name} {share:.3f}" for name, share in zip(newest["answer"], newest["share"], strict=True)
            ),
        }


def _joined(some: Iterable[dict[str, Floats]]) -> dict[str, Floats]:
    """Columns of some dates after the other."""
    parts = list(some)
    return {name: np.concatenate([each[name] for each in parts]) for name in parts[0]}


def _conditional(shares: Floats, gone: Ints) -> Floats:
    """The shares, along the second axis, of those who gave none of the answers that are left out."""
    return shares / (1.0 - shares[:, gone].sum(axis=1, keepdims=True)) if len(gone) else shares
