"""R's numbers and the data they were computed from; `tests/reference/README.md` says how."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from groundswell.estimates.design.design import Design

REFERENCE = Path(__file__).parents[1] / "reference"

API_DESIGNS = {
    "srs": Design(weights="pw", fpc="fpc"),
    "strat": Design(weights="pw", strata="stype", fpc="fpc"),
    "clus1": Design(weights="pw", psu="dnum", fpc="fpc"),
    "clus2": Design(weights="pw", psu=("dnum", "snum"), fpc=("fpc1", "fpc2")),
}


def read_reference(name: str) -> Any:
    """R's numbers by file name."""
    return json.loads((REFERENCE / f"{name}.json").read_text(encoding="utf-8"))


def read_schools(name: str) -> pd.DataFrame:
    """A sample of Californian schools, with the 0/1 columns that R's calls made on the way."""
    table = pd.read_csv(REFERENCE / f"{name}.csv")
    table["y"] = (table["awards"] == "Yes").astype(int)
    table["over700"] = (table["api00"] > 700).astype(int)
    return table


def assert_agrees(found: object, expected: object, *, scale: float | None = None) -> None:
    """Within 1e-8 of R's number, relative to it or to `scale` (for numbers near zero)."""
    numbers = np.asarray(expected, dtype=float)
    within = 1e-8 * (np.abs(numbers) if scale is None else scale)
    assert np.shape(found) == numbers.shape
    np.testing.assert_array_less(np.abs(np.asarray(found, dtype=float) - numbers), within + 1e-15)


@pytest.fixture(scope="session")
def schools() -> Callable[[str], pd.DataFrame]:
    return read_schools
