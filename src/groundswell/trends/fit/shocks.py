"""Which shocks there were: declared events are weighed, undeclared ones are searched for.

Every shock may be absent, decay or stay; each combination of these is a model, weighed by its evidence (see `choices`).
An undeclared shock is claimed only if its Bayes factor exceeds the number of gaps between waves times
`FALSE_ALARM_ODDS`: where there is none, a Bayes factor exceeds any k with probability at most 1/k, so that at
most one series in twenty claims a shock. One wave is not enough: without the first wave after it the Bayes
factor must still exceed `FALSE_ALARM_ODDS` (of rolling windows: without all that hold its respondents), or a
single outlying wave would pass for a short shock. A change of variant or mode is never a shock: it has its own
state. Source: Kass & Raftery 1995, JASA 90 (evidence);
Vovk & Wang 2021, Annals of Statistics 49 (Bayes factors as e-values).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, Protocol

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.dates import parse_date
from groundswell.trends.fit.choices import SHAPES, Choices, Shapes, shares
from groundswell.trends.fit.components import Component, heaviest, points
from groundswell.trends.fit.fitting import Fitted, fit_mode, grid, integrate, settled
from groundswell.trends.fit.otherwise import log_odds
from groundswell.trends.fit.quadrature import Integral
from groundswell.trends.fit.speeds import VARYING, with_speeds
from groundswell.trends.model.fieldwork import DAY, EPOCH
from groundswell.trends.model.measurement import Waves
from groundswell.trends.model.priors import SHOCK_SD
from groundswell.trends.model.shock import Shock

FALSE_ALARM_ODDS: Final = 20.0
# Prior probability that a level moves only at shocks.
STILL: Final = 0.1
# A level whose `level_sd` is known this well (posterior standard deviation of its logarithm) is not still.
MOVING: Final = 0.3
# A sampling variance, in squared logits, so large that the wave says nothing.
UNSEEN: Final = 1e6
MOST_FOUND: Final = 5
FEWEST_WAVES: Final = 8
# Choices with less of the posterior than this are left out of the mixture.
NEGLIGIBLE: Final = 0.02
# Fading times, in days, at which the search probes.
PROBES: Final = (30.0, 85.0, 240.0)


class Event(Protocol):
    """What `fit_trend` reads of a declared event; `shock` is `weigh` or `none`."""

    @property
    def date(self) -> object:
        """The day it happened."""

    @property
    def label(self) -> str:
        """Its name."""

    @property
    def shock(self) -> str:
        """Whether a shock is weighed there."""


@dataclass(frozen=True)
class Weighed:
    """One shock with the posterior weights of its shapes and the log Bayes factor for it against none."""

    shock: Shock
    decay: float
    step: float
    gain: float


def declared_shocks(events: Iterable[Event], waves: Waves) -> tuple[Shock, ...]:
    """The events to weigh: those with at least one wave before and one after."""
    shocks = [
        Shock(_day(event), event.label, "declared", "decay") for event in events if _weighable(event, waves)
    ]
    return tuple(sorted(shocks, key=lambda shock: shock.day))


def unused_events(events: Iterable[Event], waves: Waves) -> list[str]:
    """Labels of the events that should be weighed and cannot be: no wave before, or none after."""
    return [event.label for event in events if event.shock != "none" and not _weighable(event, waves)]


def _day(event: Event) -> float:
    return float((pd.Timestamp(parse_date(event.date, "events")) - EPOCH) / DAY)


def _weighable(event: Event, waves: Waves) -> bool:
    return event.shock != "none" and bool(waves.opened.min() < _day(event) < waves.closed.max())


def choose_shocks(base: Fitted, declared: Sequence[Shock], search: bool) -> Choices:
    """Weigh the declared shocks, then search for others until none is strong enough to claim."""
    choices = Choices(base, declared)
    choices.improve()
    choices.respond()
    if search and len(base.waves) >= FEWEST_WAVES:
        promising = _promising(choices)
        while len(choices.shocks) < len(declared) + MOST_FOUND and _search(choices, promising):
            choices.improve()
            choices.respond()
            promising = _promising(choices)
        _suspect(choices, promising)
    return choices


def weighed(choices: Choices, weights: dict[Shapes, float]) -> list[Weighed]:
    """Every shock that was declared or can be claimed, with the weights of its shapes."""
    table = []
    for place, shock in enumerate(choices.shocks):
        if shock.kind == "suspected":
            continue
        decay, step = (
            sum(weight for shapes, weight in weights.items() if shapes[place] == shape) for shape in SHAPES
        )
        table.append(Weighed(shock, decay, step, choices.gain(place)))
    return table


class _Way(NamedTuple):
    """One way in which the level moves under a choice of shocks, its integral, and the log of its weight."""

    shapes: Shapes
    fitted: Fitted
    taken: Integral
    log: float


def components(choices: Choices) -> tuple[list[Component], dict[Shapes, float]]:
    """Quadrature points of all choices that are not negligible, and the choices' weights.

    Each choice is weighed by its integral. The best is also tried with a level that is still, and with one whose speed
    varies; the latter also without the shocks that nobody declared, since both explain the same moves. Each is also
    tried with others who respond otherwise to a shock.
    """
    logs, taken = {}, {}
    for shapes in choices.weights(NEGLIGIBLE / 2.0):
        fitted = choices.settle(shapes)
        taken[shapes] = integrate(fitted)
        logs[shapes] = choices.log_prior(shapes) + taken[shapes].log_evidence
    weights = shares(logs, NEGLIGIBLE)
    choices.best = max(weights, key=lambda shapes: weights[shapes])
    parts: list[Component] = []
    told: dict[Shapes, float] = {}
    for shapes, weight in weights.items():
        ways = [_Way(shapes, choices.fit(shapes), taken[shapes], taken[shapes].log_evidence)]
        if shapes == choices.best:
            ways = _ways(choices, taken[shapes])
        ways += _otherwise(choices, shapes)
        each = shares({place: way.log for place, way in enumerate(ways)}, NEGLIGIBLE)
        for place, part in each.items():
            way = ways[place]
            parts += points(way.fitted, way.taken, weight * part)
            told[way.shapes] = told.get(way.shapes, 0.0) + weight * part
    return heaviest(parts), told


def _ways(choices: Choices, taken: Integral) -> list[_Way]:
    """The ways in which the level may move under the best choice."""
    best, fitted = choices.best, choices.fit(choices.best)
    ways, usual = [], 1.0
    if fitted.spread("level_sd") > MOVING:
        still = settled(fit_mode(fitted.waves, fitted.shocks, fitted, still=True))
        unmoved = integrate(still)
        ways.append(_Way(best, still, unmoved, np.log(STILL) + unmoved.log_evidence))
        usual -= STILL
    declared = tuple(
        shape if shock.kind == "declared" else None for shape, shock in zip(best, choices.shocks, strict=True)
    )
    faster = {shapes: with_speeds(choices.settle(shapes)) for shapes in dict.fromkeys((best, declared))}
    usual -= VARYING if any(faster.values()) else 0.0
    for shapes, varying in faster.items():
        if varying is not None:
            walked, lower = integrate(varying), choices.log_prior(shapes) - choices.log_prior(best)
            ways.append(_Way(shapes, varying, walked, np.log(VARYING) + walked.log_evidence + lower))
    return [_Way(best, fitted, taken, np.log(usual) + taken.log_evidence), *ways]


def _otherwise(choices: Choices, shapes: Shapes) -> list[_Way]:
    """The ways in which others respond otherwise under one choice."""
    ways = []
    for other in choices.otherwise(shapes):
        if other.gain > np.log(NEGLIGIBLE):
            fitted = settled(other.fitted)
            walked = integrate(fitted)
            more = other.log_odds - log_odds(fitted.waves, choices.shocks[other.place])
            ways.append(_Way(shapes, fitted, walked, more + walked.log_evidence))
    return ways


class _Promising(NamedTuple):
    """Shocks in the most promising gaps, and the largest log Bayes factor, roughly, for one of them."""

    shocks: list[Shock]
    gain: float


def _search(choices: Choices, promising: _Promising) -> bool:
    """Add the strongest undeclared shock if it can be claimed; say whether one was added."""
    odds = float(np.log(choices.gaps * FALSE_ALARM_ODDS))
    return _add_strongest(choices, promising, odds, claimed=True)


def _suspect(choices: Choices, promising: _Promising) -> None:
    """Weigh the most probable shock that cannot be claimed: near it the level is less sure than without it."""
    _add_strongest(choices, promising, float(np.log(choices.gaps)), claimed=False)


def _add_strongest(choices: Choices, promising: _Promising, threshold: float, *, claimed: bool) -> bool:
    """Add the undeclared shock with the largest gain above a threshold; say whether there is one.

    What is `claimed` must be seen without its first wave, too; what is not is only suspected.
    """
    strongest, best = threshold, None
    # Only gaps that could pass are fitted.
    for found in promising.shocks if promising.gain > threshold else []:
        shock = found if claimed else replace(found, kind="suspected")
        choices.add(shock)
        gain = choices.gain(len(choices.shocks) - 1)
        if gain > strongest and (not claimed or _corroborated(choices)):
            strongest, best = gain, shock
        choices.drop_last()
    if best is None:
        return False
    choices.add(best)
    choices.gain(len(choices.shocks) - 1)  # both of its shapes are fitted
    return True


def _corroborated(choices: Choices) -> bool:
    """Whether the shock added last is also seen without the first wave after it, and without its respondents."""
    absent, *present = choices.variants(len(choices.shocks) - 1)
    without = choices.fit(absent)
    within = max((choices.fit(shapes) for shapes in present), key=lambda fitted: fitted.log_evidence)
    sampling = without.noise.sampling.copy()
    first = int(np.flatnonzero(without.waves.moment > choices.shocks[-1].day)[0])
    sampling[without.waves.sharing(first)] = UNSEEN
    blind = [
        fit_mode(
            fitted.waves, fitted.shocks, replace(fitted, noise=without.noise._replace(sampling=sampling))
        )
        for fitted in (within, without)
    ]
    return bool(blind[0].log_evidence - blind[1].log_evidence > np.log(FALSE_ALARM_ODDS))


def _promising(choices: Choices) -> _Promising:
    """The most promising gaps without a shock yet, judged at the best fit's hyperparameters and at calmer ones.

    A shock that is not in the model inflates its variances, and inflated variances hide the shock: so the
    scores are also taken with the level's and the excess standard deviation halved; in a long series one
    shock inflates little, and this is left out.
    """
    fitted = choices.fit(choices.best)
    model, waves = fitted.model(PROBES), fitted.waves
    day = waves.moment
    starts = np.flatnonzero(np.diff(day) > 0) + 1
    taken = [shock.day for shock in choices.shocks]
    free = [row for row in starts if not any(day[row - 1] <= other <= day[row] for other in taken)]
    if not free:
        return _Promising([], -np.inf)
    rows: list[int] = []
    gain = -np.inf
    short = grid(model).wide > 0
    for calm in (1.0, 0.5) if short else (1.0,):
        hyper = fitted.hyper
        hyper |= {name: calm * hyper[name] for name in ("level_sd", "excess_sd") if name in hyper}
        gains = _score_gain(*model.jumps(hyper, fitted.noise)).max(axis=0)[free]
        rows += [free[place] for place in np.argsort(-gains)[: 1 + short]]
        gain = max(gain, float(gains.max()))
    days = [float(day[row - 1] + day[row]) / 2.0 for row in dict.fromkeys(rows)]
    return _Promising([Shock(each, "", "found", "decay") for each in days], gain)


def _score_gain(score: Floats, information: Floats) -> Floats:
    """Log Bayes factor for a jump with the prior's size, hyperparameters held where they are."""
    prior = SHOCK_SD**2
    return np.asarray(
        0.5 * score**2 * prior / (1.0 + prior * information) - 0.5 * np.log1p(prior * information)
    )
