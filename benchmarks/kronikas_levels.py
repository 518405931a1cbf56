"""Levels of a question by kronikas, a Bayesian forecast of elections sampled by PyMC.

Runs in an environment of its own (requirements-kronikas.txt) and shares no code with groundswell:

    kronikas_levels.py waves.json levels.json

`waves.json`: `polls`, a record a wave of `date`, `pollster`, `sample_size` and the answers' shares in percent; `days`,
those that are asked. `levels.json`: `levels`, a record a day and answer with mean and central intervals in shares, and
the processor seconds of building, sampling and reading the model, by its own defaults.

Its levels stand on a weekly grid; between two nodes each draw is taken straight.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from kronikas import ElectionForecast, ModelConfig

PERCENTILES = {"low50": 25, "high50": 75, "low80": 10, "high80": 90, "low95": 2.5, "high95": 97.5}


def main() -> None:
    """Fit and write."""
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    polls, days = pd.DataFrame(given["polls"]), pd.DatetimeIndex(given["days"])
    end = str(pd.Timestamp(polls["date"].max()).date())
    started = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        config = ModelConfig(cores=1, progressbar=False, random_seed=given["seed"])
        result = ElectionForecast.from_dataframe(polls, end, today=end, config=config).run()
    draws = result.trace["posterior"]["pi"].values  # chain, draw, node, answer
    draws = draws.reshape(-1, *draws.shape[2:])
    nodes = (pd.DatetimeIndex(result.time_grid) - pd.Timestamp("2000-01-01")).days.to_numpy(float)
    asked = (days - pd.Timestamp("2000-01-01")).days.to_numpy(float)
    after = np.clip(np.searchsorted(nodes, asked), 1, len(nodes) - 1)
    part = ((asked - nodes[after - 1]) / (nodes[after] - nodes[after - 1]))[None, :, None]
    levels = draws[:, after - 1] * (1.0 - part) + draws[:, after] * part
    seconds = time.process_time() - started
    ends = {name: np.percentile(levels, at, axis=0) for name, at in PERCENTILES.items()}
    records = [
        {
            "date": str(day.date()),
            "answer": answer,
            "share": float(levels[:, place, column].mean()),
            **{name: float(values[place, column]) for name, values in ends.items()},
        }
        for place, day in enumerate(days)
        for column, answer in enumerate(result.candidates)
    ]
    worst = result.diagnostics.summary() if result.diagnostics else ""
    found = {"levels": records, "seconds": seconds, "diagnostics": worst}
    Path(sys.argv[2]).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
