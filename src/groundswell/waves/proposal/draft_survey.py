"""A survey whose survey.toml is not written yet, as far as a new wave needs it: its houses, indicators and variants."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from groundswell.errors import Fault, FaultsError
from groundswell.waves.surveys.inside import refuse_links_out
from groundswell.waves.surveys.survey_toml import Survey, load_survey, survey_of_values
from groundswell.waves.toml.record import read_toml

UNWRITTEN = "…"
"""What stands for a text that is not written yet; no label is like it."""

CHOICES = {"higher_is": "neither"}
"""What stands for a word that is one of a few."""


def draft_survey(folder: Path) -> tuple[Survey, tuple[Fault, ...]]:
    """The survey with its blanks, and the faults that they are; without any where nothing is blank.

    Raises: FaultsError where anything else than a blank is wrong, or a link leads out of the folder.
    """
    refuse_links_out(folder)
    try:
        return load_survey(folder), ()
    except FaultsError as error:
        blanks = error
    values, lines = read_toml(folder / "survey.toml")
    try:
        return survey_of_values(folder, _filled(values), lines), blanks.faults
    except FaultsError:
        raise blanks from None


def _filled(value: Any, key: str = "") -> Any:
    """The values with every empty text filled."""
    if isinstance(value, dict):
        return {name: _filled(part, name) for name, part in value.items()}
    if isinstance(value, list):
        return [_filled(part, key) for part in value]
    return CHOICES.get(key, UNWRITTEN) if value == "" else value
