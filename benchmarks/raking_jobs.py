"""The jobs that `raking.py` times: one rake of a CSV file of respondents to three margins.

    python benchmarks/raking_jobs.py groundswell respondents.csv margins.json weights.npy

prints one line of JSON, the seconds of raking alone: the respondents are in memory, as the library wants them.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Totals = dict[str, dict[str, float]]


def floor(file: str, margins: Totals) -> Callable[[], Any]:
    """Iterative proportional fitting of the cells by hand, with no checks."""
    import numpy as np
    import pandas as pd

    rows = pd.read_csv(file)
    codes = [rows[name].to_numpy() for name in margins]
    targets = [np.array(list(totals.values())) for totals in margins.values()]
    start = rows["w"].to_numpy()

    def job() -> np.ndarray:
        shape = tuple(len(target) for target in targets)
        cell = np.ravel_multi_index(codes, shape)
        before = np.bincount(cell, start, int(np.prod(shape))).reshape(shape)
        fitted, gap = before.copy(), 1.0
        while gap > 1e-12:
            gap = 0.0
            for axis, target in enumerate(targets):
                others = tuple(other for other in range(len(shape)) if other != axis)
                factor = target / fitted.sum(axis=others)
                gap = max(gap, np.abs(factor - 1).max())
                fitted *= np.expand_dims(factor, others)
        return start * (fitted / before).ravel()[cell]

    return job


def groundswell(file: str, margins: Totals) -> Callable[[], Any]:
    """`rake`, with every check."""
    import pandas as pd

    from groundswell.estimates.weighting.raking import rake

    rows = pd.read_csv(file)
    return lambda: rake(rows, margins, weights="w").weights


def svy(file: str, margins: Totals) -> Callable[[], Any]:
    """svy at its tightest useful tolerance."""
    import polars as pl
    import svy as library

    sample = library.Sample(pl.read_csv(file), library.Design(wgt="w"))
    controls = {
        name: {int(code): total for code, total in totals.items()} for name, totals in margins.items()
    }

    def job() -> Any:
        raked = sample.weighting.rake(controls=controls, tol=1e-10, max_iter=1000)
        return raked.data["rk_wgt"].to_numpy()

    return job


def leafblower(file: str, margins: Totals) -> Callable[[], Any]:
    """leafblower's raking from the base weights, without bounds."""
    import leafblower as library
    import pandas as pd

    rows = pd.read_csv(file)
    start = rows["w"].to_numpy()
    answers = rows[list(margins)].astype(str)
    whole = sum(next(iter(margins.values())).values())
    shares = {
        name: {code: total / whole for code, total in totals.items()} for name, totals in margins.items()
    }

    def job() -> Any:
        found = library.harvest(
            answers, shares, method="raking", max_weight=1e9, start_weights=start, attach_weights=False,
            max_iterations=1000, convergence={"absolute": 1e-10},
        )  # fmt: skip
        return found["weights"] / found["weights"].sum() * whole

    return job


def balance(file: str, margins: Totals) -> Callable[[], Any]:
    """balance's rake, its transformations off."""
    import pandas as pd
    from balance.weighting_methods.rake import rake

    rows = pd.read_csv(file)
    answers = rows[list(margins)].astype(str)
    whole = sum(next(iter(margins.values())).values())

    def job() -> Any:
        found = rake(
            answers, rows["w"], None, None, transformations=None, target_margins=margins,
            convergence_rate=1e-12, rate_tolerance=1e-14,
        )  # fmt: skip
        return (found["weight"] / found["weight"].sum() * whole).to_numpy()

    return job


JOBS = {"floor": floor, "groundswell": groundswell, "svy": svy, "leafblower": leafblower, "balance": balance}


def main() -> None:
    """Rake once to warm up where that is cheap, then once for the clock."""
    name, file, margins, out = sys.argv[1:]
    job = JOBS[name](file, json.loads(Path(margins).read_text(encoding="utf-8")))
    start, cpu = time.perf_counter(), time.process_time()
    weights = job()
    took = {"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}
    import numpy as np

    np.save(out, weights)
    print(json.dumps(took))


if __name__ == "__main__":
    main()
