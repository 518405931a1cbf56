"""Proportions and means of a benchmark with their own uncertainty: how much of a figure may be chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def proportion(hits: Sequence[bool]) -> str:
    """For example `3.0% ± 1.2`, the standard error that of independent series (Wilson's centre)."""
    count = len(hits)
    share = float(np.mean(hits))
    steadied = (sum(hits) + 2.0) / (count + 4.0)
    return f"{100 * share:.1f}% ± {100 * np.sqrt(steadied * (1.0 - steadied) / count):.1f}"
