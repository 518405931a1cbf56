"""The population that waves are raked to, from a survey's `margins/`.

`margins/<variable>.csv` holds the population's totals (or shares) of one domain variable: columns `category, total,
source`, the categories named as under `[domains.<variable>]`. `margins/<wave>/<variable>.csv` holds them for one wave
alone and stands in the place of the file without a wave.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from groundswell.errors import Fault, FaultsError, nearest
from groundswell.waves.toml.textfile import read_text

MARGIN_COLUMNS = ["category", "total", "source"]
ENDING = ".csv"


def margin_files(folder: Path, wave: str | None = None) -> dict[str, Path]:
    """The file of each margin of the survey in `folder`, by variable; those of the wave over those of all waves."""
    margins = folder / "margins"
    of_all = {file.stem: file for file in sorted(margins.glob(f"*{ENDING}"))}
    own = {} if wave is None else {file.stem: file for file in sorted((margins / wave).glob(f"*{ENDING}"))}
    return {**of_all, **own}


def margin_table(folder: Path, wave: str | None = None) -> pd.DataFrame:
    """Every margin of the survey in `folder`, or of one of its waves: variable, category, total, source.

    Raises: FaultsError for files that are not CSV or lack the three columns, totals that are not numbers, categories
    that are named twice, or margins without a source; each fault with its line.
    """
    rows: list[tuple[str, str, float, str]] = []
    faults: list[Fault] = []
    for variable, file in margin_files(folder, wave).items():
        seen: dict[str, int] = {}
        before = len(faults)
        for line, cells in _lines(file, faults):
            category, total, source = (cell.strip() for cell in cells)
            number = _number(total)
            if not category:
                faults.append(Fault(file, line, "category", "is empty: name it as the wave's domain does"))
            elif category in seen:
                message = f"`{category}` stands in line {seen[category]} already: keep one of the two totals"
                faults.append(Fault(file, line, "category", message))
            if number is None:
                message = f"must be a number of zero or above, as 1350000 or 0.27, got `{total}`"
                faults.append(Fault(file, line, "total", message))
            if not source:
                faults.append(Fault(file, line, "source", "is missing: say where the total is from"))
            seen.setdefault(category, line)
            rows.append((variable, category, number or 0.0, source))
        if len(faults) == before and not sum(total for name, _, total, _ in rows if name == variable):
            faults.append(Fault(file, None, "total", "no total is above zero: write the population's"))
    if faults:
        raise FaultsError(str(folder / "margins"), faults)
    return pd.DataFrame(rows, columns=["variable", *MARGIN_COLUMNS]).astype(
        {"variable": "str", "category": "str", "total": "float64", "source": "str"}
    )


def stray_margins(folder: Path, waves: list[str]) -> Iterator[Fault]:
    """Folders under `margins/` that are named as no wave: nothing would be raked to them."""
    for found in sorted((folder / "margins").glob("*/")):
        if found.name not in waves:
            yield Fault(
                found, None, "", f"is named as no wave of the survey: rename it; {nearest(found.name, waves)}"
            )


def _lines(file: Path, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """The rows of a margin's file, each with its line; what is not three cells is a fault."""
    try:
        text = read_text(file)
    except FaultsError as error:
        faults += error.faults
        return
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        if header != MARGIN_COLUMNS:
            wanted = ", ".join(MARGIN_COLUMNS)
            message = f"has the columns {', '.join(header)}, must have {wanted}, with commas between them"
            faults.append(Fault(file, 1, "", message))
            return
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(MARGIN_COLUMNS):
                message = (
                    f"has {len(cells)} cells, must have {len(MARGIN_COLUMNS)}: text with a comma needs quotes, "
                    "and thousands are written without one"
                )
                faults.append(Fault(file, reader.line_num, "", message))
                continue
            yield reader.line_num, cells
    except csv.Error as error:
        faults.append(
            Fault(file, reader.line_num, "", f"is not sound CSV: {error}; save it again as UTF-8 CSV")
        )


def _number(cell: str) -> float | None:
    """The total that a cell writes; None where it is no number of zero or above."""
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
