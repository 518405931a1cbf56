"""The first and the last day of a column, in every reading that all its cells allow."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from groundswell.waves.respondents.column_dates import Dates, dates_of
from groundswell.waves.respondents.reader import read_respondents

MARCH, JUNE = date(2024, 3, 4), date(2024, 6, 5)


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["2024-03-04", "2024-06-05", ""], [Dates(None, MARCH, JUNE)]),
        (["04.03.2024 9:00", "05.06.2024 10:00", "-"], [Dates(None, MARCH, JUNE)]),
        (["13/03/2024", "05/06/2024"], [Dates(None, date(2024, 3, 13), JUNE)]),
        (
            ["03/04/2024", "05/06/2024"],
            [Dates("day, month, year", date(2024, 4, 3), date(2024, 6, 5)),
             Dates("month, day, year", MARCH, date(2024, 5, 6))],
        ),
        (["03/04/2024", "yesterday"], []),
        (["1", "2"], []),
        (["", ""], []),
    ],
)  # fmt: skip
def test_a_column_has_days_in_each_reading(tmp_path: Path, cells: list[str], found: list[Dates]) -> None:
    pd.DataFrame({"id": [f"a{place}" for place in range(len(cells))], "x": cells}).to_csv(
        tmp_path / "wave.csv", index=False
    )
    assert list(dates_of(read_respondents(tmp_path / "wave.csv"), "x")) == found


def test_days_in_other_formats(tmp_path: Path) -> None:
    table = pd.DataFrame({"text": ["04.03.2024", "05.06.2024"], "day": pd.to_datetime([MARCH, JUNE])})
    table.to_parquet(tmp_path / "wave.parquet")
    respondents = read_respondents(tmp_path / "wave.parquet")
    assert dates_of(respondents, "day") == (Dates(None, MARCH, JUNE),)
    assert Dates("day, month, year", MARCH, JUNE) in dates_of(respondents, "text")
