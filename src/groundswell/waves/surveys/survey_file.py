"""`survey.toml` -> Survey, or every fault in it with its line."""

from __future__ import annotations

from pathlib import Path

from groundswell.waves.surveys.records import Survey, SurveyFile, broken_links
from groundswell.waves.toml.record import check_record, read_toml


def load_survey(folder: Path | str) -> Survey:
    """The survey that `folder` holds: what its `survey.toml` says, as one record.

    Raises: FaultsError with everything wrong in its `survey.toml`, each fault with its line.

    Example:
        >>> survey = gs.load_survey("surveys/russia-mood")
        >>> list(survey.indicators)
        ['anxiety', 'planning']
    """
    folder = Path(folder)
    file = folder / "survey.toml"
    values, lines = read_toml(file)
    check_record(file, lines, values, SurveyFile, broken_links(values))
    # built from the same values rather than from the record, whose tables would be taken over unchecked
    return Survey.model_validate({**values, "name": folder.resolve().name, "folder": folder.resolve()})
