"""The population that waves are raked to, from a survey's `margins/`.

`margins/<variable>.csv` holds the population's totals (or shares) of one domain variable: columns `category, total,
source`, the categories named as under `[domains.<variable>]`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from groundswell.errors import Fault, FaultsError
from groundswell.waves.surveys.survey_toml import Survey

MARGIN_COLUMNS = ["category", "total", "source"]


def margin_table(survey: Survey) -> pd.DataFrame:
    """Every margin of a survey: variable, category, total, source.

    Raises: FaultsError for files that are not CSV or lack the three columns, totals that are not numbers,
    or margins without a source.
    """
    tables: list[pd.DataFrame] = []
    faults: list[Fault] = []
    for file in sorted((survey.folder / "margins").glob("*.csv")):
        try:
            table = pd.read_csv(file, dtype={"category": "str", "source": "str"})
        except ValueError as error:
            faults.append(Fault(file, None, "", f"is not sound CSV: {error}; save it again as UTF-8 CSV"))
            continue
        if list(table.columns) != MARGIN_COLUMNS:
            message = f"has the columns {', '.join(table.columns)}, must have {', '.join(MARGIN_COLUMNS)}"
            faults.append(Fault(file, 1, "", message))
            continue
        totals = pd.to_numeric(table["total"], errors="coerce")
        faults += [
            Fault(
                file, int(row) + 2, "total", f"must be a number of zero or above, got `{table['total'][row]}`"
            )
            for row in np.flatnonzero(totals.isna() | (totals < 0))
        ]
        faults += [
            Fault(file, int(row) + 2, "source", "is missing: say where the total is from")
            for row in np.flatnonzero(table["source"].isna())
        ]
        tables.append(table.assign(variable=file.stem, total=totals))
    if faults:
        raise FaultsError(str(survey.folder / "margins"), faults)
    columns = ["variable", *MARGIN_COLUMNS]
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)
