"""Who responds otherwise to a shock: one house in one wording and mode that jumps more than the others, or less.

A shock moves all houses alike; a wording that asks of the last week alone may jump further, and one that asks of half
a year not at all. Taken as alike, it drags the jump of the level along, or passes for noise. So a combination may add
an amount of its own to a shock (`OTHERWISE_SD`). That all respond alike is four times as probable beforehand as that
one does not; the waves decide, by evidence, as they do on shapes (see `choices` and `shocks.components`). Only a
combination with waves before and after the shock can tell, and only beside another one: else there is nothing to
respond otherwise than.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from groundswell.trends.fit.fitting import Fitted
from groundswell.trends.model.houses import Layout
from groundswell.trends.model.measurement import Waves
from groundswell.trends.model.shock import Shock

# Prior probability that some combination responds to a shock otherwise than the others.
OTHERWISE: Final = 0.2


def able(waves: Waves, shock: Shock) -> list[int]:
    """The combinations that can tell whether they respond otherwise to a shock; none where there is only one, and
    where it is not told at all."""
    if shock.kind == "suspected":
        return []
    sides = (waves.closed <= shock.day, waves.opened >= shock.day)
    before, after = (set(waves.combination[side].tolist()) for side in sides)
    stateless = Layout.of(waves).stateless
    both = sorted(one for one in before & after if not stateless[one])
    return both if len(both) > 1 else []


def log_odds(waves: Waves, shock: Shock) -> float:
    """Log prior odds of who responds otherwise to a shock against nobody doing so."""
    if not shock.otherwise:
        return 0.0
    each = OTHERWISE / (1.0 - OTHERWISE) / len(able(waves, shock))
    return len(shock.otherwise) * float(np.log(each))


def neighbours(waves: Waves, shock: Shock) -> list[Shock]:
    """The shock with one combination more, less or another that responds otherwise; one at least responds in common."""
    can, own = able(waves, shock), shock.otherwise
    more = [(*own, one) for one in can if one not in own] if len(own) + 1 < len(can) else []
    less = [tuple(other for other in own if other != one) for one in own]
    swapped = [(*kept, one) for kept in less for one in can if one not in own]
    return [replace(shock, otherwise=tuple(sorted(each))) for each in (*more, *less, *swapped)]


def quick_odds(fitted: Fitted, shocks: Sequence[Shock]) -> float:
    """Log posterior probability of some shocks, but for a constant, with the hyperparameters of a fit."""
    model = replace(fitted, shocks=tuple(shocks)).model()
    own = sum(log_odds(fitted.waves, shock) for shock in shocks)
    return model.loglike(fitted.hyper, fitted.noise) + own
