"""The arrays that every floor calculates with, by what they hold; shapes are named where they are used."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
"""Numbers; NaN where there is none."""

Ints = NDArray[np.int64]
"""Counts, codes and rows."""

Flags = NDArray[np.bool_]
"""Yes or no."""
