"""What a notebook saves next to its page: tables as CSV, and records as JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup

from groundswell.estimates.of_wave.published.groups import GROUPS, WaveGroups, groups_record
from groundswell.reports.html.markup import Block
from groundswell.reports.html.tables import csv_text
from groundswell.reports.language.language import Language
from groundswell.reports.notebook.told_by_run import RUN_FOLDER, refuse_another_survey


def save_files(
    folder: Path | str | None,
    tables: Mapping[str, pd.DataFrame],
    records: Mapping[str, Any],
    language: Language,
    *,
    survey: Path,
    groups: Sequence[WaveGroups] = (),
) -> Block:
    """Write `<name>.csv` for every table and `<name>.json` for every record, made of the survey in the folder `survey`.

    `groups` are the groups of respondents that the report shows; where there are any, they are written for the reports
    after it.

    Without `folder` they go where a scheduled run asks for them; in a notebook run by hand nothing is written, and
    the piece that is returned says so.

    Raises: InputError where a run would publish them as another survey's.
    """
    chosen = folder or os.environ.get(RUN_FOLDER)
    if not chosen:
        text = language.say("Run by hand: nothing was saved.")
        return Block(str(Markup("<p>{}</p>").format(text)), part="note")
    target = Path(chosen)
    refuse_another_survey(survey, target)
    target.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        (target / f"{name}.csv").write_text(csv_text(rows), encoding="utf-8")
    write_records({**records, GROUPS: groups_record(groups)} if groups else records, target)
    return Block("", part="note")


def write_records(records: Mapping[str, Any], folder: Path) -> None:
    """Write `<name>.json` for every record."""
    for name, content in records.items():
        text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
        (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
