"""Which of the shocks there were, how they faded, and who responded otherwise: the models that are compared.

Every shock may be absent, decay or stay; each combination of these is a model, with a prior probability and an
evidence, and is fitted once. Who responds otherwise to a shock (see `otherwise`) is the same in all of them: who does
so in the best one.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple, TypeVar

import numpy as np

from groundswell.trends.fit.fitting import Fitted, fit_mode, settled
from groundswell.trends.fit.otherwise import log_odds, neighbours, quick_odds
from groundswell.trends.model.shock import Shape, Shock

# Prior probabilities: that a declared event moved the level; that a series holds a shock nobody declared.
DECLARED: Final = 0.5
UNDECLARED: Final = 0.2
SHAPES: Final[tuple[Shape, ...]] = ("decay", "step")

# Who responds otherwise is fitted where held hyperparameters give it this log posterior odds against the best.
HOPEFUL: Final = -4.0

Shapes = tuple[Shape | None, ...]
Key = TypeVar("Key", bound=Hashable)


class Otherwise(NamedTuple):
    """The shock at `place` with others who respond otherwise, its fit and log prior odds, and by how much it is more
    probable in all (`gain`, a logarithm)."""

    place: int
    shock: Shock
    fitted: Fitted
    log_odds: float
    gain: float


class Choices:
    """The models looked at so far: shapes of the shocks (None: no such shock), each fitted once."""

    def __init__(self, base: Fitted, shocks: Sequence[Shock]) -> None:
        self.base, self.shocks = base, list(shocks)
        self.gaps = max(len(np.unique(base.waves.moment)) - 1, 1)
        self.fitted: dict[Shapes, Fitted] = {(None,) * len(self.shocks): base}
        self._known: dict[tuple[Shock, ...], Fitted] = {}
        self.best: Shapes = (None,) * len(self.shocks)

    def add(self, shock: Shock) -> None:
        """A further shock, absent from every choice so far."""
        self.shocks.append(shock)
        self.fitted = {(*shapes, None): fitted for shapes, fitted in self.fitted.items()}
        self.best = (*self.best, None)

    def drop_last(self) -> None:
        """Forget the shock added last."""
        self.shocks.pop()
        self.fitted = {shapes[:-1]: fitted for shapes, fitted in self.fitted.items() if shapes[-1] is None}
        self.best = self.best[:-1]

    def fit(self, shapes: Shapes) -> Fitted:
        """The fit under one choice of shapes, started from the best so far."""
        if shapes not in self.fitted:
            self.fitted[shapes] = self._fit(_present(self.shocks, shapes))
        return self.fitted[shapes]

    def _fit(self, chosen: tuple[Shock, ...]) -> Fitted:
        """The fit with the shocks chosen, started from the best so far."""
        near = self.fitted[self.best]
        if chosen not in self._known:
            self._known[chosen] = fit_mode(near.waves, chosen, near)
        return self._known[chosen]

    def settle(self, shapes: Shapes) -> Fitted:
        """The fit under one choice, its mode looked for from every start and measured."""
        self.fitted[shapes] = settled(self.fit(shapes))
        return self.fitted[shapes]

    def log_prior(self, shapes: Shapes) -> float:
        """Log prior probability of one choice, with the odds of those who respond otherwise in it."""
        total = sum(log_odds(self.base.waves, shock) for shock in _present(self.shocks, shapes))
        for shock, shape in zip(self.shocks, shapes, strict=True):
            some = DECLARED if shock.kind == "declared" else UNDECLARED / self.gaps
            total += np.log(1.0 - some if shape is None else some / len(SHAPES))
        return float(total)

    def log_weight(self, shapes: Shapes) -> float:
        """Log prior probability plus log evidence of one choice."""
        return self.log_prior(shapes) + self.fit(shapes).log_evidence

    def variants(self, place: int) -> list[Shapes]:
        """The best choice with the shock at `place` absent, decaying and staying."""
        return [(*self.best[:place], shape, *self.best[place + 1 :]) for shape in (None, *SHAPES)]

    def improve(self) -> None:
        """Change one shock at a time until no change makes the choice more probable."""
        changed = True
        while changed:
            before = self.best
            for place in range(len(self.shocks)):
                self.best = max(self.variants(place), key=self.log_weight)
            changed = self.best != before

    def gain(self, place: int) -> float:
        """Log Bayes factor for the shock at `place`, in its better shape, against none."""
        absent, *present = self.variants(place)
        own = log_odds(self.base.waves, self.shocks[place])
        return max(self.fit(shapes).log_evidence for shapes in present) + own - self.fit(absent).log_evidence

    def respond(self) -> None:
        """Let others respond otherwise, one at a time, as long as that makes the best choice more probable."""
        while others := [other for other in self.otherwise(self.best) if other.gain > 0.0]:
            best = max(others, key=lambda other: other.gain)
            absent = {shapes: fitted for shapes, fitted in self.fitted.items() if shapes[best.place] is None}
            self.shocks[best.place] = best.shock
            self.fitted = {**absent, self.best: best.fitted}
            self.improve()

    def otherwise(self, shapes: Shapes) -> list[Otherwise]:
        """One choice with others who respond otherwise to one of its shocks, as far as that is not hopeless."""
        found, now = [], self.fit(shapes)
        places = [place for place, shape in enumerate(shapes) if shape is not None]
        before = quick_odds(now, now.shocks)
        for place in places:
            for shock in neighbours(now.waves, self.shocks[place]):
                chosen = _present([*self.shocks[:place], shock, *self.shocks[place + 1 :]], shapes)
                if quick_odds(now, chosen) - before > HOPEFUL:
                    fitted, odds = self._fit(chosen), log_odds(now.waves, shock)
                    gain = (
                        fitted.log_evidence
                        - now.log_evidence
                        + odds
                        - log_odds(now.waves, self.shocks[place])
                    )
                    found.append(Otherwise(place, shock, fitted, odds, gain))
        return found

    def weights(self, negligible: float) -> dict[Shapes, float]:
        """Posterior probabilities of all choices that are not negligible."""
        return shares({shapes: self.log_weight(shapes) for shapes in self.fitted}, negligible)


def _present(shocks: Sequence[Shock], shapes: Shapes) -> tuple[Shock, ...]:
    """The shocks that there are under one choice of shapes."""
    pairs = zip(shocks, shapes, strict=True)
    return tuple(replace(shock, shape=shape) for shock, shape in pairs if shape is not None)


def shares(logs: dict[Key, float], negligible: float) -> dict[Key, float]:
    """Probabilities from their logarithms, without those that are negligible."""
    top = max(logs.values())
    raw = {shapes: float(np.exp(value - top)) for shapes, value in logs.items()}
    total = sum(raw.values())
    kept = {shapes: value for shapes, value in raw.items() if value / total >= negligible}
    return {shapes: value / sum(kept.values()) for shapes, value in kept.items()}
