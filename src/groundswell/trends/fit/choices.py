"""Which of the shocks there were, and how they faded: the models that are compared, each fitted once.

Every shock may be absent, decay or stay; each combination is a model, with a prior probability and an evidence.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Final, TypeVar

import numpy as np

from groundswell.trends.fit.fitting import Fitted, fit_mode, settled
from groundswell.trends.model.shock import Shape, Shock

# Prior probabilities: that a declared event moved the level; that a series holds a shock nobody declared.
DECLARED: Final = 0.5
UNDECLARED: Final = 0.2
SHAPES: Final[tuple[Shape, ...]] = ("decay", "step")

Shapes = tuple[Shape | None, ...]
Key = TypeVar("Key", bound=Hashable)


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
            chosen = [
                replace(shock, shape=shape)
                for shock, shape in zip(self.shocks, shapes, strict=True)
                if shape is not None
            ]
            near = self.fitted[self.best]
            if (key := tuple(chosen)) not in self._known:
                self._known[key] = fit_mode(near.waves, chosen, near)
            self.fitted[shapes] = self._known[key]
        return self.fitted[shapes]

    def settle(self, shapes: Shapes) -> Fitted:
        """The fit under one choice, its mode looked for from every start and measured."""
        self.fitted[shapes] = settled(self.fit(shapes))
        return self.fitted[shapes]

    def log_prior(self, shapes: Shapes) -> float:
        """Log prior probability of one choice."""
        total = 0.0
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
        return max(self.fit(shapes).log_evidence for shapes in present) - self.fit(absent).log_evidence

    def weights(self, negligible: float) -> dict[Shapes, float]:
        """Posterior probabilities of all choices that are not negligible."""
        return shares({shapes: self.log_weight(shapes) for shapes in self.fitted}, negligible)


def shares(logs: dict[Key, float], negligible: float) -> dict[Key, float]:
    """Probabilities from their logarithms, without those that are negligible."""
    top = max(logs.values())
    raw = {shapes: float(np.exp(value - top)) for shapes, value in logs.items()}
    total = sum(raw.values())
    kept = {shapes: value for shapes, value in raw.items() if value / total >= negligible}
    return {shapes: value / sum(kept.values()) for shapes, value in kept.items()}
