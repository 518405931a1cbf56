"""How each combination that can tell responded to each shock: as the others, or otherwise (see `fit.otherwise`)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from groundswell.trends.answers.tables import shock_day
from groundswell.trends.fit.otherwise import able
from groundswell.trends.fit.posterior import Posterior
from groundswell.trends.fit.shocks import Weighed

# A combination that responds otherwise at least this probably is named.
NAMED: Final = 0.5

RESPONSE_COLUMNS: Final = [
    *("date", "label", "house", "variant", "mode", "probability"),
    *("size", "size_low", "size_high", "common"),
]


def response_table(posterior: Posterior, shocks: Sequence[Weighed]) -> pd.DataFrame:
    """Each shock as each combination with waves on both sides measures it, where there are two of them or more.

    `probability` is that it responds otherwise than the others, `size` (logits, with 95% ends) its own jump and
    `common` that of the level, all given that there was a shock.
    """
    rows = []
    for shock in (one.shock for one in shocks):
        for combination in able(posterior.waves, shock):
            own = posterior.shock_size(shock.day, combination)
            rows.append(
                {
                    "date": shock_day(shock),
                    "label": shock.label,
                    **posterior.waves.combinations.names.iloc[combination],
                    "probability": posterior.otherwise(shock.day, combination),
                    "size": own.centre[0],
                    "size_low": own.quantile(0.025)[0],
                    "size_high": own.quantile(0.975)[0],
                    "common": posterior.shock_size(shock.day).centre[0],
                }
            )
    return pd.DataFrame(rows, columns=RESPONSE_COLUMNS)


def odd_responses(responses: pd.DataFrame, names: pd.DataFrame) -> list[dict[str, Any]]:
    """Who probably responds otherwise than the others, the surest first, ready for JSON.

    Each with the `date` and the `label` of the shock, the `size` of its own jump and that of the `common` one (logits).
    """
    odd = responses[responses["probability"] > NAMED].sort_values(
        "probability", ascending=False, kind="stable"
    )
    return [
        {
            "date": one["date"].date().isoformat(),
            "label": one["label"],
            **told_combination(names, one),
            "size": float(one["size"]),
            "common": float(one["common"]),
        }
        for one in odd.to_dict("records")
    ]


def told_combination(names: pd.DataFrame, one: Mapping[Hashable, Any]) -> dict[str, str]:
    """A combination: its house, and its variant and mode where the house has others."""
    mine = names[names["house"] == one["house"]]
    told = {key: str(one[key]) if mine[key].nunique() > 1 else "" for key in ("variant", "mode")}
    return {"house": str(one["house"]), **told}
