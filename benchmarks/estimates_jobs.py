"""The jobs that `estimates_scale.py` times, each run as a process of its own so that its peak memory is its own.

    python benchmarks/estimates_jobs.py floor respondents.parquet

prints one line of JSON: seconds, CPU seconds and peak memory of the job, libraries loaded beforehand. Each job makes
one row a wave and region with the share of two items, its linearised standard error and its 95% logit interval.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

ITEMS = ("anxious", "planning")
KEYS = ["wave", "region"]


def floor(file: str) -> Callable[[], object]:
    """The least that can be done by hand: DuckDB sums by domain and unit, then NumPy; no checks."""
    import duckdb
    import numpy as np
    from scipy.special import expit, logit, stdtrit

    sums = ", ".join(
        f"count({item}) AS n_{item}, sum(w) FILTER ({item} IS NOT NULL) AS w_{item}, "
        f"sum(w * {item}) AS wy_{item}"
        for item in ITEMS
    )
    query = f"SELECT wave, region, stratum, psu, {sums} FROM '{file}' GROUP BY ALL ORDER BY ALL"

    def job() -> dict[str, np.ndarray]:
        connection = duckdb.connect(config={"preserve_insertion_order": False})
        cells = connection.execute(query).fetchnumpy()
        region = np.unique(cells["region"].astype(str), return_inverse=True)[1]
        domain = np.unique(cells["wave"] * 100 + region, return_inverse=True)[1]
        unit = cells["stratum"].astype(np.int64) * 1000 + cells["psu"]
        stratum, of_stratum = np.unique(cells["stratum"], return_inverse=True)
        units = np.unique(unit)
        drawn = np.bincount(np.searchsorted(stratum, units // 1000))
        pair, of_pair = np.unique(domain * len(stratum) + of_stratum, return_inverse=True)
        size, domains = drawn[pair % len(stratum)], int(domain.max()) + 1
        result = {}
        for item in ITEMS:
            n, w, wy = (np.nan_to_num(np.ma.filled(cells[f"{part}_{item}"], 0)) for part in ("n", "w", "wy"))
            total = np.bincount(domain, w)
            share = np.bincount(domain, wy) / total
            score = (wy - share[domain] * w) / total[domain]
            spread = np.bincount(of_pair, score**2) - np.bincount(of_pair, score) ** 2 / size
            variance = np.bincount(pair // len(stratum), spread * size / (size - 1), domains)
            answered = n > 0
            strata = np.bincount(np.unique(pair[of_pair[answered]]) // len(stratum), minlength=domains)
            df = np.bincount(domain[answered], minlength=domains) - strata
            reach = stdtrit(df, 0.975) * np.sqrt(variance) / (share * (1 - share))
            low, high = expit(logit(share) - reach), expit(logit(share) + reach)
            result[item] = np.column_stack([share, np.sqrt(variance), low, high])
        return result

    return job


def groundswell(file: str, memory: str | None = None, cluster: str | None = None) -> Callable[[], object]:
    """`groundswell estimate` without the command line: every check, every column of the table."""
    import pandas  # noqa: F401
    import scipy.special  # noqa: F401

    from groundswell.estimates.design.design import Design
    from groundswell.estimates.statistics.of_file import estimate_file

    design = Design(weights="w", strata="stratum", psu="psu", nest=True)

    def job() -> dict[str, object]:
        questions = [f"{item}=1" for item in ITEMS]
        table, _ = estimate_file(
            Path(file), design, shares=questions, by=KEYS, memory=memory, cluster=cluster
        )
        columns = ["estimate", "se", "low", "high"]
        return {item: table.loc[table["variable"] == item, columns].to_numpy() for item in ITEMS}

    return job


def pandas(file: str) -> Callable[[], object]:
    """A correct group-by in pandas, the file read with pyarrow."""
    import numpy as np
    import pandas as pd
    import pyarrow.parquet  # noqa: F401
    from scipy.special import expit, logit, stdtrit

    def job() -> dict[str, np.ndarray]:
        rows = pd.read_parquet(file)
        units = ["stratum", "psu"]
        drawn = rows[units].drop_duplicates().groupby("stratum").size()
        result = {}
        for item in ITEMS:
            rows["wv"] = rows["w"].where(rows[item].notna(), 0.0)
            rows["wy"] = (rows["w"] * rows[item]).fillna(0.0)
            rows["valid"] = rows[item].notna()
            cells = rows.groupby([*KEYS, *units])[["wv", "wy", "valid"]].sum()
            sums = cells[["wv", "wy"]].groupby(KEYS).transform("sum")
            cells["score"] = (cells["wy"] - sums["wy"] / sums["wv"] * cells["wv"]) / sums["wv"]
            cells["square"] = cells["score"] ** 2
            cells["used"] = cells["valid"] > 0
            strata = cells.groupby([*KEYS, "stratum"])[["score", "square", "used"]].sum()
            size = drawn.reindex(strata.index.get_level_values("stratum")).to_numpy()
            strata["v"] = (strata["square"] - strata["score"] ** 2 / size) * size / (size - 1)
            strata["df"] = (strata["used"] - 1).clip(lower=0)
            se, df = np.sqrt(strata["v"].groupby(KEYS).sum()), strata["df"].groupby(KEYS).sum()
            whole = cells.groupby(KEYS)[["wv", "wy"]].sum()
            share = whole["wy"] / whole["wv"]
            reach = stdtrit(df, 0.975) * se / (share * (1 - share))
            ends = [expit(logit(share) - reach), expit(logit(share) + reach)]
            result[item] = np.column_stack([share, se, *ends])
        return result

    return job


def svy(file: str) -> Callable[[], object]:
    """svy, one wave at a time (as one design it needs several times the memory)."""
    import numpy as np
    import polars as pl
    import svy as library

    def job() -> dict[str, np.ndarray]:
        rows = pl.read_parquet(file)
        design = library.Design(stratum="stratum", psu="psu", wgt="w")
        found: dict[str, list[np.ndarray]] = {item: [] for item in ITEMS}
        for wave in rows.partition_by("wave", maintain_order=True):
            sample = library.Sample(wave, design)
            for item in ITEMS:
                table = sample.estimation.mean(item, by="region", drop_nulls=True).to_polars().sort("region")
                found[item].append(table.select("est", "se").to_numpy())
        return {item: np.vstack(tables) for item, tables in found.items()}

    return job


def svy_whole(file: str) -> Callable[[], object]:
    """svy, all waves in one design."""
    import polars as pl
    import svy as library

    def job() -> dict[str, object]:
        sample = library.Sample(pl.read_parquet(file), library.Design(stratum="stratum", psu="psu", wgt="w"))
        return {
            item: sample.estimation.mean(item, by=KEYS, drop_nulls=True)
            .to_polars()
            .with_columns(pl.col("wave").cast(pl.Int64))
            .sort(KEYS)
            .select("est", "se")
            .to_numpy()
            for item in ITEMS
        }

    return job


JOBS = {"floor": floor, "groundswell": groundswell, "pandas": pandas, "svy": svy, "svy_whole": svy_whole}


def main() -> None:
    """Run the job that the arguments name and print what it took."""
    name, file, out, *options = sys.argv[1:]
    job = JOBS[name](file, **dict(option.split("=", 1) for option in options))
    loaded, cpu, start = peak(), time.process_time(), time.perf_counter()
    result = job()
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    took = {"seconds": seconds, "cpu": cpu, "peak_mb": peak(), "libraries_mb": loaded}
    import numpy as np

    np.savez(out, **result)
    print(json.dumps(took))


def peak() -> float:
    """Largest resident memory of this process so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


if __name__ == "__main__":
    main()
