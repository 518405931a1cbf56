"""Raking a million respondents with unequal base weights to three margins: seconds against a floor and peers.

    python benchmarks/raking.py [--rows 1e6] [--no-peers]

Margins of 2, 7 and 51 categories. The floor is iterative proportional fitting on the cells in NumPy, without a check.
`differs` is the largest relative distance of a weight from the floor's, which is at 1e-12. Peers: R's rake, svy (in
`benchmarks/.venv`), leafblower and balance (in `benchmarks/.venv-raking`, from `benchmarks/requirements-raking.txt`);
one that is not installed is left out.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
CATEGORIES = {"sex": 2, "age": 7, "state": 51}
PEERS = {"svy": ".venv", "leafblower": ".venv-raking", "balance": ".venv-raking"}
ROUNDS = 5


def respondents(rows: int) -> tuple[pd.DataFrame, dict[str, dict[str, float]]]:
    """Respondents with unequal weights, and margins up to a third away from them."""
    random = np.random.default_rng(20240711)
    table = pd.DataFrame(
        {name: random.integers(0, many, rows) for name, many in CATEGORIES.items()}
        | {"w": random.lognormal(0, 0.5, rows)}
    )
    margins = {}
    for name, many in CATEGORIES.items():
        totals = np.bincount(table[name], table["w"], many) * random.uniform(0.67, 1.5, many)
        totals *= 2.5e8 / totals.sum()
        margins[name] = {str(code): float(total) for code, total in enumerate(totals)}
    return table, margins


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=float, default=1e6)
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        table, margins = respondents(int(options.rows))
        rows, stated, out = folder / "rows.csv", folder / "margins.json", folder / "weights.npy"
        table.to_csv(rows, index=False)
        stated.write_text(json.dumps(margins), encoding="utf-8")

        def run(*command: str) -> dict[str, float]:
            done = subprocess.run([*command], capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"{command[-4]}: {done.stderr.strip().splitlines()[-1]}")
                return {}
            return json.loads(done.stdout.splitlines()[-1])

        jobs = dict.fromkeys(("floor", "groundswell"), sys.executable)
        if not options.no_peers:
            pythons = {name: HERE / venv / "bin" / "python" for name, venv in PEERS.items()}
            jobs |= {name: str(python) for name, python in pythons.items() if python.exists()}
        results: dict[str, tuple[float, float, np.ndarray]] = {}
        for name, python in jobs.items():
            command = [python, str(HERE / "raking_jobs.py"), name, str(rows), str(stated), str(out)]
            times = [took for _ in range(ROUNDS) if (took := run(*command))]
            if times:
                medians = (statistics.median(took[key] for took in times) for key in ("seconds", "cpu"))
                results[name] = (*medians, np.load(out))
        if not options.no_peers and shutil.which("Rscript"):
            took = run("Rscript", *map(str, (HERE / "rake.R", rows, stated, folder / "weights.csv")))
            if took:
                results["R's rake"] = (took["seconds"], took["cpu"], np.loadtxt(folder / "weights.csv"))
        print(
            f"{len(table):,} rows, three margins\n{'':14}{'seconds':>9}{'x floor':>9}{'CPU':>8}{'differs':>10}"
        )
        floor = results["floor"]
        for name, (seconds, cpu, weights) in results.items():
            apart = np.abs(weights / floor[2] - 1).max()
            print(f"{name:14}{seconds:9.3f}{seconds / floor[0]:9.1f}{cpu:8.3f}{apart:10.0e}")


if __name__ == "__main__":
    main()
