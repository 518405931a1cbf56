"""The columns of frozen forecasts and of their scores, for whoever reads the tables and fits nothing."""

from __future__ import annotations

from typing import Final

from groundswell.trends.checks.scoring_rules import INSIDE_COLUMNS, INTERVAL_COLUMNS

COMBINATION: Final = ["house", "variant", "mode"]
WHOSE: Final = ["indicator", *COMBINATION]
FROZEN: Final = [*WHOSE, "date", "n_effective", "share", "share_se", *INTERVAL_COLUMNS]
SCORED: Final = [
    *(*WHOSE, "start", "end", "precision", "published", "n_effective", "share", *INTERVAL_COLUMNS),
    *("observed", "rounding", "crps", *INSIDE_COLUMNS, "unscored"),
]
