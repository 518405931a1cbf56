"""Two items by 100 waves x 6 regions from a million rows and more: seconds and memory against a floor and peers.

    python benchmarks/estimates_scale.py                         # 1M and 10M rows
    python benchmarks/estimates_scale.py --rows 50e6 --no-peers
    python benchmarks/estimates_scale.py --rows 10e6 --dask 2

20 strata x 50 sampling units a wave, weights unequal, 5% of answers missing; linearised standard errors and 95% logit
intervals. Every job runs in a process of its own (`estimates_jobs.py`), libraries loaded beforehand, rounds alternate
and medians are printed, with the ratio to the floor: bare DuckDB sums and NumPy, which checks nothing. The tables of
all jobs are compared with the floor's. The file is made by DuckDB out of core, in a temporary folder.

Peers: svy (in `benchmarks/.venv`, from `benchmarks/requirements-svy.txt`) and R's svyby (three waves, times 100 / 3: an
extrapolation). One that is not installed is left out.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np

HERE = Path(__file__).resolve().parent
SVY_PYTHON = HERE / ".venv" / "bin" / "python"
WAVES, R_WAVES = 100, 3
PANDAS_ROWS = 10_000_000


def generate(file: Path, rows: int) -> None:
    """Respondents in order of waves; everything is a hash of the row number, so that a size is always the same file."""

    def uniform(salt: int) -> str:
        return f"((hash(i, {salt}) + 1.0) / 18446744073709551617.0)"

    connection = duckdb.connect(config={"memory_limit": "600MB", "preserve_insertion_order": False})
    connection.execute("SET enable_progress_bar = false")
    wave = f"(i * {WAVES} // {rows})"
    regions = "['north', 'south', 'east', 'west', 'centre', 'coast']"
    drawn = (
        f"SELECT i, {wave}::INT AS wave, ({wave} * 20 + hash(i, 7) % 20)::INT AS stratum, "
        f"(hash(i, 8) % 50)::INT AS psu, {regions}[1 + (hash(i, 9) % 6)::INT] AS region, "
        f"exp(0.5 * sqrt(-2 * ln({uniform(1)})) * cos(2 * pi() * {uniform(2)})) AS w FROM range({rows}) t(i)"
    )
    share = "(0.3 + 0.1 * (hash(stratum, psu) % 1000) / 1000.0 + 0.001 * wave)"
    items = (
        f"CASE WHEN {uniform(3)} > 0.05 THEN ({uniform(5)} < {share})::TINYINT END AS anxious, "
        f"CASE WHEN {uniform(4)} > 0.05 THEN ({uniform(6)} < 0.6 - {share})::TINYINT END AS planning"
    )
    query = f"SELECT wave, region, stratum, psu, w, {items} FROM ({drawn})"
    connection.execute(f"COPY ({query}) TO '{file}' (FORMAT parquet, ROW_GROUP_SIZE 122880)")


def run(
    job: str, file: Path, out: Path, *options: str, python: Path | str = sys.executable
) -> dict[str, float]:
    """What a job took, in a process of its own."""
    command = [str(python), str(HERE / "estimates_jobs.py"), job, str(file), str(out), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{job}: {done.stderr.strip().splitlines()[-1]}")
    return json.loads(done.stdout.splitlines()[-1])


def svyby(file: Path, folder: Path) -> dict[str, float]:
    """R's seconds for three waves, scaled to all."""
    waves = []
    for wave in range(R_WAVES):
        waves.append(folder / f"wave-{wave}.csv")
        duckdb.sql(f"COPY (FROM '{file}' WHERE wave = {wave}) TO '{waves[-1]}'")
    shown = subprocess.run(
        ["Rscript", str(HERE / "svyby.R"), *map(str, waves)], capture_output=True, text=True, check=True
    )
    seconds, cpu = np.array([line.split() for line in shown.stdout.splitlines()], float).sum(axis=0)
    return {"seconds": seconds * WAVES / R_WAVES, "cpu": cpu * WAVES / R_WAVES, "peak_mb": float("nan")}


@contextmanager
def workers(many: int) -> Iterator[str]:
    """The address of a local Dask cluster of single-threaded processes."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=many, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster.scheduler_address


def worst(one: Path, other: Path) -> float:
    """The largest relative difference of shares and standard errors (and interval ends, where both have them)."""
    with np.load(one) as left, np.load(other) as right:
        widths = {name: min(left[name].shape[1], right[name].shape[1]) for name in left}
        return max(
            float(np.abs(right[name][:, :width] / left[name][:, :width] - 1).max())
            for name, width in widths.items()
        )


def measure(rows: int, rounds: int, peers: bool, dask: int, folder: Path) -> None:
    """Print one size."""
    file = folder / f"{rows}.parquet"
    generate(file, rows)
    results: dict[str, list[dict[str, float]]] = {}
    tables: dict[str, Path] = {}

    def took(name: str, job: str, *options: str, python: Path | str = sys.executable) -> None:
        tables[name] = folder / f"{len(tables)}.npz" if name not in tables else tables[name]
        results.setdefault(name, []).append(run(job, file, tables[name], *options, python=python))

    for _ in range(rounds):
        took("floor", "floor")
        took("groundswell", "groundswell")
    took("groundswell, memory=512MB", "groundswell", "memory=512MB")
    if peers and rows <= PANDAS_ROWS:
        took("pandas", "pandas")
    if peers and SVY_PYTHON.exists():
        took("svy, wave by wave", "svy", python=SVY_PYTHON)
        if rows <= 1_000_000:
            took("svy, one design", "svy_whole", python=SVY_PYTHON)
    if dask:
        with workers(dask) as address:
            took("warming the workers", "groundswell", f"cluster={address}")
            took(f"groundswell, {dask} Dask workers", "groundswell", f"cluster={address}")
        del results["warming the workers"]
    if peers and shutil.which("Rscript") and rows <= PANDAS_ROWS:
        results["R's svyby (3 waves, x 100 / 3)"] = [svyby(file, folder)]

    print(f"\n{rows:,} rows, {file.stat().st_size / 1e6:,.0f} MB Parquet")
    print(f"{'':34}{'seconds':>9}{'x floor':>9}{'CPU':>8}{'x floor':>9}{'peak MB':>9}{'differs':>10}")
    floor = {key: statistics.median(one[key] for one in results["floor"]) for key in ("seconds", "cpu")}
    for name, ones in results.items():
        seconds, cpu, peak = (
            statistics.median(one[key] for one in ones) for key in ("seconds", "cpu", "peak_mb")
        )
        apart = f"{worst(tables['floor'], tables[name]):10.0e}" if name in tables else ""
        ratios = f"{seconds:9.2f}{seconds / floor['seconds']:9.2f}{cpu:8.2f}{cpu / floor['cpu']:9.2f}"
        print(f"{name:34}{ratios}{peak:9.0f}{apart}")
    file.unlink()


def main() -> None:
    """Measure every size that was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=float, nargs="+", default=[1e6, 10e6])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--dask", type=int, default=0, metavar="WORKERS")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for rows in options.rows:
            measure(int(rows), options.rounds, not options.no_peers, options.dask, Path(folder))


if __name__ == "__main__":
    main()
