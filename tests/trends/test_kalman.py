"""The compiled filter is asked for what statsmodels' own names mean, and without its slow imports."""

from __future__ import annotations

import subprocess
import sys

import pytest
from statsmodels.tsa.statespace import kalman_filter, kalman_smoother

from groundswell.trends.model import kalman


@pytest.mark.parametrize(
    "name", [name for name in vars(kalman) if name.startswith(("FILTER_", "INVERT_", "SOLVE_"))]
)
def test_a_choice_is_statsmodels_own(name: str) -> None:
    assert getattr(kalman, name) == getattr(kalman_filter, name)


@pytest.mark.parametrize("name", [name for name in vars(kalman) if name.startswith(("MEMORY_", "TIMING_"))])
def test_what_is_kept_and_when_is_statsmodels_own(name: str) -> None:
    assert getattr(kalman, name) == getattr(kalman_filter, name)


@pytest.mark.parametrize("name", [name for name in vars(kalman) if name.startswith("SMOOTHER_")])
def test_what_is_smoothed_is_statsmodels_own(name: str) -> None:
    assert getattr(kalman, name) == getattr(kalman_smoother, name)


def test_a_trend_is_fitted_without_the_library_of_distributions() -> None:
    fit = "import sys, groundswell.trends.answers.fit; print('scipy.stats' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", fit], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
