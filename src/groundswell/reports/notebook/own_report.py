"""What a notebook of one's own saves: its headline, its tables, and sentences where it found something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from groundswell.reports.html.markup import Block
from groundswell.reports.language.language import Language, own_language
from groundswell.reports.notebook.saving import save_files, write_records
from groundswell.waves import Survey


def save_report(
    headline: str,
    *,
    survey: Survey,
    tables: Mapping[str, pd.DataFrame] | None = None,
    findings: Sequence[str] = (),
    language: str | None = None,
    folder: Path | str | None = None,
) -> Block:
    """Write `<name>.csv` for each of the tables, findings.json and checks.json, to publish.

    `headline` is the page's, and the archive's line for the report; `findings` are sentences for whoever reads the
    archive by machine. `language` is by default the survey's own. Without `folder` they go where a scheduled run asks
    for them; in a notebook run by hand nothing is written.

    Raises: InputError where a run would publish them as another survey's.

    Example: by hand nothing is saved.
        >>> from groundswell.reports import save_report
        >>> survey = gs.load_survey("surveys/russia-mood")
        >>> save_report("Anxiety is back", survey=survey).html
        '<p>Run by hand: nothing was saved.</p>'
    """
    speaks = Language(language or own_language(survey))
    records = own_records(headline, speaks.code, findings)
    return save_files(folder, tables or {}, records, speaks, survey=survey.folder)


def own_records(headline: str, language: str, findings: Sequence[str] = ()) -> dict[str, Any]:
    """`findings` and `checks` as a report of one's own keeps them: what it says, and no check of ours."""
    kept = {
        "schema": 1,
        "language": language,
        "headline": headline,
        "findings": [{"sentence": sentence} for sentence in findings],
        "summary": {"headline": headline},
    }
    return {"findings": kept, "checks": []}


def save_headline(headline: str, language: str, folder: Path) -> None:
    """Write into `folder` what `save_report` writes, for a notebook that saved nothing itself."""
    write_records(own_records(headline, language), folder)
