"""The value labels of a SAS file, which SAS keeps in a file of their own, a catalogue (`formats.sas7bcat`)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from groundswell.errors import InputError
from groundswell.waves.respondents.notes import Note

SUFFIX = ".sas7bcat"

Labels = Mapping[str, Mapping[Any, str]]
"""By column its labels by code."""


def catalogue_labels(
    file: Path, stated: str | None, formats: Mapping[str, str], encoding: str | None
) -> tuple[Labels, tuple[Note, ...]]:
    """The labels of each column of a SAS file whose format (`formats`) its catalogue has.

    The catalogue is the one that is stated, as a path or as a file next to `file`; or else the one next to it that has
    its name, if there is one.

    Raises: InputError where a stated catalogue is absent, or where the catalogue cannot be read.
    """
    if stated is None:
        beside = [
            each for each in file.parent.iterdir() if each.name.lower() == f"{file.stem}{SUFFIX}".lower()
        ]
        if file.suffix.lower() != ".sas7bdat" or not beside:
            return {}, ()
        catalogue = beside[0]
    else:
        catalogue = next(
            (each for each in (Path(stated), file.parent / stated) if each.is_file()), Path(stated)
        )
    known = _read(catalogue, encoding)
    labels = {column: known[form] for column, form in formats.items() if form in known}
    code = "catalogue" if labels else "catalogue_unused"
    return labels, (Note(code, facts={"catalogue": catalogue.name, "columns": len(labels)}),)


def _read(catalogue: Path, encoding: str | None) -> Labels:
    """By the name of a format its labels."""
    import pyreadstat

    if not catalogue.is_file():
        raise InputError(f"`{catalogue}` is not here: the catalogue holds the value labels of a SAS file")
    try:
        _, about = pyreadstat.read_sas7bcat(catalogue, encoding=encoding)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, OSError, ValueError) as error:
        raise InputError(
            f"`{catalogue}` is not a sound catalogue ({error}): ask for it again, or move it away to read codes alone"
        ) from error
    labels: Labels = about.value_labels
    return labels
