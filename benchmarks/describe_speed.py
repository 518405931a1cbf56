"""Seconds of `groundswell describe` by rows, columns and format.

    python benchmarks/describe_speed.py [--seconds 60]

Each file is made up: nine in ten columns hold codes 1 to 5, one in ten an open answer. Seconds are of the whole command
in a fresh process, start included, so that they are what a person waits. A case that takes longer than `--seconds` is
ended and printed as such.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

SIZES = ((1_600, 240), (200, 1_000), (200, 3_000), (50_000, 40))
WRITERS: dict[str, Callable[[pd.DataFrame, Path], object]] = {
    ".sav": lambda table, file: pyreadstat.write_sav(table, file),
    ".csv": lambda table, file: table.to_csv(file, index=False),
    ".parquet": lambda table, file: table.to_parquet(file, index=False),
    ".xlsx": lambda table, file: table.to_excel(file, index=False),
}


def respondents(rows: int, columns: int, seed: int = 5) -> pd.DataFrame:
    """A table of codes and open answers."""
    draw = np.random.default_rng(seed)
    codes = draw.integers(1, 6, (rows, columns)).astype(float)
    table = pd.DataFrame(codes, columns=[f"Q{place + 1}" for place in range(columns)])
    opened = {f"Q{place + 1}": draw.integers(0, 10**6, rows).astype(str) for place in range(9, columns, 10)}
    return table.assign(**{name: [f"said {number}" for number in held] for name, held in opened.items()})


def seconds(file: Path, most: float) -> float | None:
    """Seconds of the command, or None where it takes longer than `most`."""
    started = time.perf_counter()
    try:
        subprocess.run(
            [sys.executable, "-m", "groundswell", "describe", str(file)],
            check=True, stdout=subprocess.DEVNULL, timeout=most,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None
    return time.perf_counter() - started


def main() -> None:
    """Print a row a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="End a case that takes longer.")
    most = parser.parse_args().seconds
    print("rows x columns " + "".join(f"{suffix:>10}" for suffix in WRITERS))
    with tempfile.TemporaryDirectory() as folder:
        for rows, columns in SIZES:
            table = respondents(rows, columns)
            cells = []
            for suffix, write in WRITERS.items():
                file = Path(folder) / f"wave{suffix}"
                write(table, file)
                took = seconds(file, most)
                cells.append(f">{most:.0f} s" if took is None else f"{took:.1f} s")
            print(f"{rows:>6,} x {columns:<5,} " + "".join(f"{cell:>10}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
