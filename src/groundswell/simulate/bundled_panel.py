"""Writes the waves of the bundled survey `simulated-panel`: no line of it comes from a real respondent.

    python -m groundswell.simulate.bundled_panel surveys/simulated-panel

writes `waves/`, `margins/` and `truth.csv` there, the same bytes every time; `survey.toml` and `README.md`
are written by hand and not touched. The estimates kept next to the waves (`waves/*.estimates.json`, `covariance.json`)
are not made here but by `estimates.of_wave.observations.microdata_observations`, as for any survey: the first report
of new waves writes them.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from groundswell.checksum import checksum
from groundswell.simulate.respondents import SimulatedRespondents, simulate_respondents

SEED: Final = 20240101
FIRST: Final = date(2024, 1, 8)

DESCRIPTION: Final = """\
house = "simulator"
simulated = true
source_title = "Simulated respondents, seed 20240101"
interview_date = "interviewed"

[design]
id = "id"
weight = "weight"
strata = ["stratum"]
psu = ["psu"]
psu_recur = true

[indicators.anxiety]
variant = "two-items"
items = ["worried", "on_edge"]
valid = [1, 2, 3, 4]
missing = [9]
score_offset = -1
at_least = 3

[indicators.planning]
variant = "horizon"
item = "horizon"
numerator = [4, 5]
valid = [1, 2, 3, 4, 5]
missing = [8, 9]

[domains.sex]
column = "sex"
categories = { men = [1], women = [2] }

[domains.age]
column = "age"
breaks = [30, 45, 60]

[domains.region]
column = "region"
categories = { north = [1], east = [2], south = [3], west = [4] }
"""
"""What all waves have in common; the first states it, the others are like the first."""


def write_panel(folder: Path, simulated: SimulatedRespondents) -> None:
    """Write every wave with its TOML, the raking margins and the truth into a survey's folder."""
    for name in ("waves", "margins"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    first = ""
    for wave, rows in simulated.respondents.groupby("wave"):
        start = FIRST + timedelta(days=28 * (int(str(wave)) - 1))
        name = f"wave-{int(str(wave)):02d}"
        file = folder / "waves" / f"{name}.csv"
        rows.drop(columns="wave").to_csv(file, index=False, lineterminator="\n")
        heading = "# Simulated: no line of this wave comes from a real respondent.\n"
        own = f'file = "{file.name}"\nsha256 = "{checksum(file)}"\n'
        end, published = start + timedelta(days=6), start + timedelta(days=14)
        own += f"start = {start}\nend = {end}\npublished = {published}\n"
        text = heading + (f'like = "{first}"\n{own}' if first else f"{own}{DESCRIPTION}")
        (folder / "waves" / f"{name}.toml").write_text(text, encoding="utf-8", newline="\n")
        first = first or name
    for variable, rows in simulated.margins.groupby("variable"):
        stated = rows.assign(source="the simulated population")[["category", "total", "source"]]
        stated.to_csv(folder / "margins" / f"{variable}.csv", index=False, lineterminator="\n")
    named = simulated.truth.assign(wave=[f"wave-{wave:02d}" for wave in simulated.truth["wave"]])
    named.round({"share": 6}).to_csv(folder / "truth.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    write_panel(Path(sys.argv[1]), simulate_respondents(SEED, first=FIRST))
