"""statsmodels' compiled Kalman filter and smoother over system matrices that are written in place.

statsmodels' own Python layer copies every system matrix before every pass and every result after it, and makes the
filter anew where a likelihood follows a smoothing. A fit makes hundreds of passes over the same waves: here the
compiled classes below that layer are made once, look at our arrays, and we look at theirs. Every row has one
observation (NaN where there is none). Source: Durbin & Koopman 2012, Time Series Analysis by State Space Methods,
chapter 4; the letters are theirs.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from statsmodels.tsa.statespace._kalman_filter import dKalmanFilter
from statsmodels.tsa.statespace._kalman_smoother import dKalmanSmoother
from statsmodels.tsa.statespace._representation import dStatespace

from groundswell.arrays import Floats

# statsmodels' own numbers for these choices (tests/trends/test_kalman.py holds them to it). Its Python layer, which
# names them, imports all of scipy.stats: half a second before the first answer.
FILTER_CONVENTIONAL: Final = 0x01
INVERT_UNIVARIATE: Final = 0x01
SOLVE_CHOLESKY: Final = 0x08
TIMING_INIT_PREDICTED: Final = 0
MEMORY_CONSERVE: Final = 0x1FE
MEMORY_NO_FILTERED: Final = 0x30
MEMORY_NO_LIKELIHOOD: Final = 0x40
SMOOTHER_STATE: Final = 0x01
SMOOTHER_DISTURBANCE_COV: Final = 0x08

# Forcing symmetry costs a seventh of the likelihood and changes nothing where the noise is not zero.
NO_STABILITY: Final = 0
TOLERANCE: Final = 1e-19
# r, N and the mean of the states: all else that we ask for follows from them at the rows that are asked for.
SMOOTHED: Final = SMOOTHER_STATE | SMOOTHER_DISTURBANCE_COV


class Pass(NamedTuple):
    """One pass of filter and smoother, rows first; views that the next pass writes over.

    The forecast `error` v and its variance F (`error_variance`), both (rows,); the `gain` K and the states' smoothed
    `mean`, (rows, states); their `predicted` covariance P, (rows, states, states); r and N, which sum up what is seen
    from a row on (`r_from`, `n_from`) and `after` it.
    """

    loglike: float
    error: Floats
    error_variance: Floats
    gain: Floats
    mean: Floats
    predicted: Floats
    r_from: Floats
    n_from: Floats
    r_after: Floats
    n_after: Floats

    def variance(self, rows: NDArray[np.intp], design: Floats) -> Floats:
        """The variance of what `design`, (places, states), reads off the smoothed states at some rows, (places,)."""
        before = np.matmul(self.predicted[rows], design[:, :, None])
        left = design[:, :, None] - np.matmul(self.n_from[rows], before)
        return np.asarray(np.einsum("pso,pso->p", before, left))


class Kalman:
    """System matrices with the row as last axis, for the caller to fill; then `loglike`, `forecasts` and `smooth`.

    `design` (1, states, rows) and `obs_cov` (1, 1, rows) say what a row sees, `transition` and `noise` (states, states,
    rows) how the states move to the next one and the covariance of what they gain there, `first_cov` (states, states)
    their covariance at the first row; their means there are zero. What was `observed` (1, rows) may be written over,
    but for the rows without an observation.
    """

    def __init__(self, observed: Floats, states: int) -> None:
        rows = len(observed)
        self.design = np.zeros((1, states, rows), order="F")
        self.transition = np.zeros((states, states, rows), order="F")
        self.obs_cov = np.ones((1, 1, rows), order="F")
        self.first_cov = np.zeros((states, states), order="F")
        self.observed = np.array(observed[None, :], order="F")
        self._unseen = np.isnan(observed)
        # With no noises to select from, the compiled model takes the covariance of the states' noise as it stands.
        self._model: Any = dStatespace(
            self.observed,
            self.design,
            np.zeros((1, 1), order="F"),
            self.obs_cov,
            self.transition,
            np.zeros((states, 1), order="F"),
            np.zeros((states, 0, 1), order="F"),
            np.zeros((0, 0, rows), order="F"),
        )
        self.noise = np.asarray(self._model.selected_state_cov)
        self._model.initialize_known(np.zeros(states), self.first_cov)

    def keep_states(self) -> None:
        """Say that states stay where they are from row to row, but for what they gain: `transition` is the identity.

        Half of the likelihood's products of matrices are then left out.
        """
        self._model.identity_transition = True

    def loglike(self) -> float:
        """Log-likelihood of what was observed."""
        self._forgetful()
        return float(np.sum(self._forgetful.loglikelihood))

    def forecasts(self) -> tuple[Floats, Floats]:
        """Each row's forecast error, NaN where nothing was observed, and its variance; both (rows,)."""
        self._keeping()
        error = np.where(self._unseen, np.nan, np.asarray(self._keeping.forecast_error)[0])
        return error, np.where(self._unseen, np.nan, np.asarray(self._keeping.forecast_error_cov)[0, 0])

    def smooth(self) -> Pass:
        """Filter and smooth."""
        error, variance = self.forecasts()
        kept, smoother = self._keeping, self._smoother
        smoother()
        r = np.asarray(smoother.scaled_smoothed_estimator).T
        n = np.asarray(smoother.scaled_smoothed_estimator_cov).T
        return Pass(
            loglike=float(np.sum(kept.loglikelihood)),
            error=error,
            error_variance=variance,
            gain=np.asarray(kept.kalman_gain)[:, 0].T,
            mean=np.asarray(smoother.smoothed_state).T,
            predicted=np.asarray(kept.predicted_state_cov).T[:-1],
            r_from=r[:-1],
            n_from=n[:-1],
            r_after=r[1:],
            n_after=n[1:],
        )

    @cached_property
    def _forgetful(self) -> Any:
        """The filter that keeps the likelihood alone."""
        return self._filter(MEMORY_CONSERVE ^ MEMORY_NO_LIKELIHOOD)

    @cached_property
    def _keeping(self) -> Any:
        """The filter that keeps what the smoother needs."""
        return self._filter(MEMORY_NO_FILTERED)

    @cached_property
    def _smoother(self) -> Any:
        return dKalmanSmoother(self._model, self._keeping, SMOOTHED)

    def _filter(self, memory: int) -> Any:
        return dKalmanFilter(
            self._model,
            FILTER_CONVENTIONAL,
            INVERT_UNIVARIATE | SOLVE_CHOLESKY,
            NO_STABILITY,
            memory,
            TIMING_INIT_PREDICTED,
            TOLERANCE,
        )
