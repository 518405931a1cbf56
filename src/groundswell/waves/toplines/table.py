"""`toplines.csv`: published shares, one row an answer category of a wave, read and checked as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from groundswell.checksum import checksum
from groundswell.errors import Fault, FaultsError
from groundswell.waves.surveys.answer_scale import Ends
from groundswell.waves.surveys.inside import links_out
from groundswell.waves.surveys.survey_toml import Survey, load_survey, stated_scales
from groundswell.waves.toplines.benchmarks import checked_benchmarks
from groundswell.waves.toplines.between_rows import date_formats, link_faults, wave_faults
from groundswell.waves.toplines.row import COLUMNS, DATES, ToplineRow, fieldwork_faults, read_row, sound_row
from groundswell.waves.toplines.written import Columns, by_column, read_records

if TYPE_CHECKING:
    import pandas as pd

WRITTEN: Final = Columns(COLUMNS, needed=COLUMNS, about="docs/formats.md says which cells may be empty")
TYPES = {
    **dict.fromkeys(("share", "share_low", "share_high", "deff", "moe", "rounding"), "float64"),
    **dict.fromkeys(DATES, "datetime64[ns]"),
    "n": "Int64",
    "line": "int64",
}
"""The types of the columns that are not text."""


class _Read(NamedTuple):
    """What was read last: whose file, its checksum then, and its rows."""

    survey: Survey
    content: str
    table: pd.DataFrame


_LAST: list[_Read] = []


def read_toplines(survey: Survey) -> pd.DataFrame:
    """The survey's published shares, one row an answer category, in the file's order.

    Columns as in the file, then `line` (in the file, from 1) and `rounding` (the step of the printed share).
    Shares are floats in [0, 1] (means by their place between the ends of their scale), NaN where not given; `n` is
    Int64; dates are datetime64, NaT where not known; text is never missing, only empty; an empty `mode` is the house's.
    A survey without the file has no rows.

    A report asks for them once an indicator: a file that has not changed is read and checked once.

    Raises: FaultsError with every fault of the file.
    """
    file = survey.toplines
    content = checksum(file) if file.is_file() else ""
    if not any(read.survey is survey and read.content == content for read in _LAST):
        _LAST[:] = [_Read(survey, content, _table(read_rows(survey)))]
    return _LAST[0].table.copy()


def read_rows(survey: Survey) -> list[ToplineRow]:
    """The same as `read_toplines` as records; quick, since pandas is not loaded for them.

    Raises: FaultsError with every fault of the file.
    """
    rows, faults = checked_rows(survey.toplines, survey)
    if faults:
        raise FaultsError(str(survey.toplines), faults)
    return rows


def fitted_rows(survey: Survey) -> list[ToplineRow]:
    """`read_rows` without wordings that are not fitted, which are shown beside the others and count nowhere."""
    return [row for row in read_rows(survey) if survey.indicators[row.indicator].variants[row.variant].fit]


def check_survey(folder: Path | str) -> list[Fault]:
    """Everything wrong with a folder's `survey.toml`, `toplines.csv` and `benchmarks.csv`, at once; empty if sound.

    Where links lead out of the folder they are all that is told, since one may stand for any of them.
    """
    if links := links_out(Path(folder)):
        return links
    survey: Survey | None = None
    faults: list[Fault] = []
    try:
        survey = load_survey(folder)
    except FaultsError as error:
        faults += error.faults
    unsound = {} if survey else stated_scales(Path(folder, "survey.toml"))
    _, more = checked_rows(Path(folder, "toplines.csv"), survey, unsound)
    known = [] if survey is None else checked_benchmarks(survey)[1]
    return [*faults, *more, *known]


def checked_rows(
    file: Path, survey: Survey | None, scales: Mapping[str, Ends] | None = None
) -> tuple[list[ToplineRow], list[Fault]]:
    """The sound rows of `file` and its faults; without a survey by the rules that need none, means on `scales`."""
    if not file.exists():
        return [], []
    try:
        header, records = read_records(file, ", ".join(COLUMNS))
    except FaultsError as error:
        return [], list(error.faults)
    written = by_column(file, header, records, WRITTEN)
    if not records:
        # a survey whose waves are all respondents need not fill the file that `groundswell new` wrote
        has_waves = any((file.parent / "waves").glob("*.toml"))
        message = "has columns but no rows: add one, or a wave of respondents (`groundswell add`), or delete the file"
        return [], [*written.faults, *([] if has_waves else [Fault(file, header.line, "", message)])]
    known = scales or {}
    if survey is not None:
        known = {key: each.scale for key, each in survey.indicators.items() if each.scale is not None}
    read = [read_row(cells, line, known.get(cells["indicator"])) for line, cells in written.rows]
    rows = [row for row, _ in read]
    faults = [
        Fault(file, row.line, *fault) for row, found in read for fault in (*found, *fieldwork_faults(row))
    ]
    faults += [Fault(file, *fault) for fault in date_formats(written.rows)]
    if survey is not None:
        rows = [replace(row, mode=row.mode or _house_mode(survey, row.house)) for row in rows]
        faults += [Fault(file, *fault) for fault in link_faults(rows, survey)]
    faults += [Fault(file, *fault) for fault in wave_faults(rows)]
    # what a column that is not there would have said is one fault, not one a row
    faults = [fault for fault in faults if not fault.field or fault.field in written.names]
    sound = [row for row in map(sound_row, rows) if row is not None]
    return sound, sorted([*written.faults, *faults], key=lambda fault: fault.line or 0)


def _house_mode(survey: Survey, house: str) -> str:
    """The mode of a house whose row says none."""
    return survey.houses[house].mode if house in survey.houses else ""


def _table(rows: list[ToplineRow]) -> pd.DataFrame:
    """The rows as a table with fixed types, also where there is none."""
    import pandas as pd

    columns = [*COLUMNS, "line", "rounding"]
    table = pd.DataFrame([asdict(row) for row in rows], columns=columns)
    return table.astype({column: TYPES.get(column, "str") for column in columns})
