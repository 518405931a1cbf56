"""`survey.toml` -> Survey, or every fault in it with its line."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from groundswell.errors import Fault, FaultsError
from groundswell.waves.surveys.records import Survey, SurveyFile, broken_links
from groundswell.waves.toml.record import dotted, line_of, read_toml, record_fault


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
    faults = [
        Fault(file, line_of(lines, path), dotted(path), message) for path, message in broken_links(values)
    ]
    try:
        SurveyFile.model_validate(values)
    except ValidationError as error:
        own = (e for e in error.errors(include_url=False) if e["type"] != "broken_links")
        faults += [record_fault(file, lines, SurveyFile, details) for details in own]
    if faults:
        raise FaultsError(str(file), sorted(faults, key=lambda fault: (fault.line or 0, fault.field)))
    # built from the same values rather than from the record, whose tables would be taken over unchecked
    return Survey.model_validate({**values, "name": folder.resolve().name, "folder": folder.resolve()})
