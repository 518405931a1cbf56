"""The posterior of anything linear in the states, with the hyperparameters integrated over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from groundswell.arrays import Floats
from groundswell.trends.fit.components import Component, weightiest
from groundswell.trends.fit.mixture import Mixture
from groundswell.trends.fit.outlying import Outlying
from groundswell.trends.model.measurement import Noise, Waves
from groundswell.trends.model.priors import PRIORS
from groundswell.trends.model.statespace import StateSpace, Targets


@dataclass(frozen=True)
class Posterior:
    """Waves, the noise at their smoothed shares, and the components that stand for all hyperparameters and
    shocks."""

    waves: Waves
    noise: Noise
    components: Sequence[Component]
    house_years: float
    outlying: Outlying

    def weightiest(self) -> Posterior:
        """The same of the `weightiest` components alone, heaviest first."""
        kept = weightiest(self.weights)
        total = float(self.weights[kept].sum())
        parts = [self.components[place] for place in kept]
        return replace(self, components=[replace(part, weight=part.weight / total) for part in parts])

    def marginal(self, targets: Targets) -> Mixture:
        """Each target's own posterior."""
        smoothed = [model.smooth(part.hyper, self.noise) for part, model in self._models(targets)]
        mean = np.array([one.target_mean for one in smoothed])
        variance = np.array([one.target_variance for one in smoothed])
        return Mixture(self.weights, mean, np.sqrt(variance))

    def joint(self, targets: Targets) -> list[tuple[Floats, Floats]]:
        """Mean and covariance of all targets together, one pair a component."""
        found: dict[int, tuple[Floats, Floats]] = {}
        for shocks in dict.fromkeys(part.shocks for part in self.components):
            mine = [place for place, part in enumerate(self.components) if part.shocks == shocks]
            model = StateSpace(self.waves, shocks, targets, self.house_years)
            hypers = [self.components[place].hyper for place in mine]
            found |= dict(zip(mine, zip(*model.joint(hypers, self.noise), strict=True), strict=True))
        return [found[place] for place in range(len(self.components))]

    def wave_expectations(self) -> Mixture:
        """What each wave was expected to show, its house effect and the shocks included, given all waves."""
        waves, size = self.waves, len(self.waves.combinations.first)
        return self.marginal(Targets(waves.midpoint, np.ones(len(waves)), np.eye(size)[waves.combination]))

    @property
    def weights(self) -> Floats:
        """The components' weights."""
        return np.array([part.weight for part in self.components])

    def hyper_values(self, name: str) -> Floats:
        """One hyperparameter at every component; where a model has none, its prior median (0 if still)."""
        absent = 0.0 if name == "level_sd" else PRIORS[name].median
        return np.array([part.hyper.get(name, absent) for part in self.components])

    def shock_size(self, day: float, combination: int | None = None) -> Mixture:
        """Size in logits of the shock on `day`, or what one combination measures of it, given that there was one; 0
        where no component has it."""
        weights, means, variances = [], [], []
        for part, model in self._models(None):
            for place, shock in enumerate(part.shocks):
                if shock.day == day:
                    mean, variance = model.shock_sizes(part.hyper, self.noise, combination)
                    weights.append(part.weight)
                    means.append([mean[place]])
                    variances.append([variance[place]])
        if not weights:
            return Mixture(np.ones(1), np.zeros((1, 1)), np.zeros((1, 1)))
        return Mixture(np.array(weights) / sum(weights), np.array(means), np.sqrt(np.maximum(variances, 0.0)))

    def otherwise(self, day: float, combination: int) -> float:
        """How probable it is that a combination responds otherwise to the shock on `day`, given that there was one."""
        shocked = [
            (part.weight, shock) for part in self.components for shock in part.shocks if shock.day == day
        ]
        own = sum(weight for weight, shock in shocked if combination in shock.otherwise)
        return own / sum(weight for weight, _ in shocked) if shocked else 0.0

    def decay_days(self, day: float) -> float:
        """Time constant, in days, of the shock on `day` where it decays; NaN where no component has it so."""
        parts = [
            part
            for part in self.components
            if any(shock.day == day and shock.shape == "decay" for shock in part.shocks)
        ]
        if not parts:
            return float("nan")
        return float(
            np.average([part.hyper["decay_days"] for part in parts], weights=[part.weight for part in parts])
        )

    def _models(self, targets: Targets | None) -> Iterator[tuple[Component, StateSpace]]:
        """Every component with a state space for its shocks, built once for each choice of shocks."""
        built: dict[tuple[object, ...], StateSpace] = {}
        for part in self.components:
            if part.shocks not in built:
                built[part.shocks] = StateSpace(self.waves, part.shocks, targets, self.house_years)
            yield part, built[part.shocks]
