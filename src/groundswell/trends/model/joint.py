"""The covariance of smoothed states at several rows.

That of two rows is the earlier one's predicted covariance carried forward through the filter to the later one. Source:
Durbin & Koopman 2012, Time Series Analysis by State Space Methods, section 4.7.
"""

from __future__ import annotations

import numpy as np

from groundswell.arrays import Floats, Ints


def joint_covariance(
    asked: Ints,
    rows: Ints,
    transition: Floats,
    kept: Floats,
    design: Floats,
    gain: Floats,
    predicted: Floats,
    seen: Floats,
) -> Floats:
    """Posterior covariance of what `design` reads off the states at the rows `asked`, shape (hypers, asked, asked).

    One walk over `rows` (from the first asked to the last) serves all hyperparameters, the first axis of `design` and
    `gain` (hypers, rows, states), of what is left of the level from row to row, `kept` (hypers, rows), and of the
    states' `predicted` covariances and the smoother's N from each asked row on, `seen` (hypers, asked, states, states).
    All else in `transition` is the same for all of them.
    """
    hypers, _, states = design.shape
    covariance = np.zeros((hypers, len(asked), len(asked)))
    carried = np.zeros((hypers, len(asked), states))
    target_at = dict(zip(asked.tolist(), range(len(asked)), strict=True))
    for place, row in enumerate(rows.tolist()):
        here = design[:, place, :, None]
        if (target := target_at.get(row)) is not None:
            carried[:, target] = (predicted[:, target] @ here)[..., 0]
            remaining = here - seen[:, target] @ carried[:, target, :, None]
            covariance[:, target] = covariance[:, :, target] = (carried @ remaining)[..., 0]
        moved = carried @ transition[:, :, row].T
        moved[:, :, 0] = carried[:, :, 0] * kept[:, None, place]
        carried = moved - (carried @ here) * gain[:, None, place]
    return covariance
