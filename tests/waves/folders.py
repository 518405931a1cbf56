"""Small survey folders: of printed shares, for floor 1 and the observations table, and of waves of respondents."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from groundswell.checksum import checksum
from groundswell.waves import Survey, load_survey
from groundswell.waves.toplines.row import COLUMNS

SURVEY = """\
title = "Mood"
universe = "Adults 18+ in Ruritania"
geography = "Ruritania"
licence = "CC BY 4.0"
default_deff = 1.5
default_deff_source = "assumed"
[shared_bias]
sd = 0.13
source = "published pairs"
[[events]]
date = 2022-02-24
label = "Invasion"
shock = "weigh"
indicators = ["anxiety"]
[houses.fom]
name = "FOM"
mode = "face to face"
moe_is = "maximum"
default_deff = 2.0
default_deff_source = "stated"
default_n = 1500
[houses.pulse]
name = "Pulse"
mode = "online"
[houses.quote]
name = "Quote"
[indicators.anxiety]
title = "Anxious mood"
description = "feel anxious"
higher_is = "worse"
reference = "circle"
[indicators.anxiety.variants.circle]
house = "fom"
question = "Which mood?"
numerator = ["anxious"]
[indicators.anxiety.variants.score]
house = "pulse"
question = "How often?"
numerator = ["often", "always"]
[indicators.anxiety.variants.quote]
house = "quote"
question = "not found"
numerator = ["anxious"]
[indicators.planning]
title = "Planning"
description = "plan ahead"
higher_is = "better"
[indicators.planning.variants.horizon]
house = "fom"
question = "How far ahead?"
numerator = ["years"]
fit = false
fit_reason = "another scale"
"""
ROW = {
    "indicator": "anxiety",
    "variant": "circle",
    "house": "fom",
    "category": "anxious",
    "share": "0.35",
    "start": "2022-09-16",
    "end": "2022-09-18",
    "precision": "day",
    "n": "1500",
    "source_title": "FOM",
    "certainty": "verbatim_primary",
}


def survey_of_acme(title: str, *indicators: str, mode: str = "telephone", country: str = "Ruritania") -> str:
    """The text of a survey.toml: one house, Acme, and these tables of indicators."""
    head = f"""\
title = "{title}"
universe = "Adults 18+ in {country}"
geography = "{country}"
licence = "CC BY 4.0"
default_deff = 1.5
default_deff_source = "assumed"
[shared_bias]
sd = 0.1
source = "assumed"
[houses.acme]
name = "Acme"
mode = "{mode}"
"""
    return head + "".join(indicators)


def row(**cells: str) -> dict[str, str]:
    """A sound row of toplines.csv with some cells changed."""
    return ROW | cells


def toplines(*rows: dict[str, str]) -> str:
    """The text of a toplines.csv."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def survey_folder(parent: Path, *rows: dict[str, str], survey: str = SURVEY) -> Path:
    """A survey folder `mood` with these rows."""
    folder = parent / "mood"
    folder.mkdir(exist_ok=True)
    (folder / "survey.toml").write_text(survey, encoding="utf-8")
    (folder / "toplines.csv").write_text(toplines(*rows), encoding="utf-8")
    return folder


def survey_of_waves(
    folder: Path,
    survey: str,
    waves: Mapping[str, pd.DataFrame],
    wave: str,
    *rows: dict[str, str],
    first: pd.Timestamp,
    days: int,
) -> Survey:
    """A survey of these waves, each asked over so many days and four weeks after the one before, and printed rows.

    `survey` is its TOML, `wave` what the TOML of each wave says after its file and dates.
    """
    (folder / "waves").mkdir(parents=True, exist_ok=True)
    (folder / "survey.toml").write_text(survey, encoding="utf-8")
    if rows:
        (folder / "toplines.csv").write_text(toplines(*rows), encoding="utf-8")
    for place, (name, respondents) in enumerate(waves.items()):
        file = folder / "waves" / f"{name}.csv"
        respondents.to_csv(file, index=False)
        start = first + pd.Timedelta(days=28 * place)
        end = start + pd.Timedelta(days=days - 1)
        own = (
            f'file = "{file.name}"\nsha256 = "{checksum(file)}"\nstart = {start.date()}\nend = {end.date()}\n'
        )
        (folder / "waves" / f"{name}.toml").write_text(own + wave, encoding="utf-8")
    return load_survey(folder)
