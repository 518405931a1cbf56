"""Typed report parameters: declared by a notebook's `parameters` cell, checked before a kernel starts.

The cell is the declaration: `since: str | None = None` is a parameter `since`, a text or nothing. A notebook
that gains a parameter needs no change here. What a type cannot say (a date, a fixed list of words) is said
once below, by name.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, create_model

from groundswell.errors import InputError, nearest
from groundswell.reports.language.language import languages, own_language
from groundswell.waves import CERTAINTIES, Survey
from groundswell.waves.wave.choice import choose_wave

RESOLVED = frozenset({"survey", "previous"})
"""Parameters that a run fills in itself; `-p` may not."""

CHOICES: Mapping[str, Sequence[str]] = {
    "certainty": CERTAINTIES,
    "language": languages(),
    "unknown_n": ("typical", "leave_out"),
}
"""The words that a parameter of this name may take."""


def _iso_date(given: object) -> date:
    """A date, from a date or from ISO text; `20240101` and `31.12.2024` are refused rather than guessed."""
    if isinstance(given, date):
        return given
    if not isinstance(given, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", given):
        raise ValueError("write a date as YYYY-MM-DD")
    return date.fromisoformat(given)


def _comma_list(given: object) -> object:
    """The words of a text like `a,b`; anything else as it is."""
    return given.split(",") if isinstance(given, str) else given


_ISO_DATE = Annotated[date, BeforeValidator(_iso_date)]
_DATES = frozenset({"as_of", "since"})
_LIST = Annotated[list[str], BeforeValidator(_comma_list)]
_TYPES: Mapping[str, Any] = {"str": str, "int": int, "float": float, "bool": bool, "list[str]": _LIST}


def parameters_model(notebook: Path) -> type[BaseModel]:
    """The typed model that the `parameters` cell of `notebook` declares.

    Raises: InputError where the notebook cannot be read, has no such cell, or a line of it is not
    `name: type = default` with a type of str, int, float, bool, list[str], each possibly `| None`.
    """
    fields: dict[str, Any] = {}
    for statement in ast.parse(_parameters_cell(notebook)).body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as default):
                declared = _declared_type(notebook, name, statement.annotation)
                fields[name] = (declared, ast.literal_eval(default))
            case _:
                raise InputError(
                    f"`{notebook.name}`: each line of the parameters cell is `name: type = default`, "
                    f"got `{ast.unparse(statement)}`"
                )
    config = ConfigDict(extra="forbid", frozen=True)
    model: type[BaseModel] = create_model("Parameters", __config__=config, **fields)
    return model


def _declared_type(notebook: Path, name: str, annotation: ast.expr) -> Any:
    """The type that checks a parameter: the written one, but a date where the name says so."""
    written = ast.unparse(annotation)
    plain, optional = re.subn(r"\s*\|\s*None$", "", written)
    if plain not in _TYPES:
        raise InputError(
            f"`{notebook.name}`: the type of parameter `{name}` is one of "
            f"{', '.join(_TYPES)}, each possibly `| None`; got `{written}`"
        )
    checked = _ISO_DATE if name in _DATES else _TYPES[plain]
    return checked | None if optional else checked


def _parameters_cell(notebook: Path) -> str:
    """The source of the first code cell tagged `parameters`."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"`{notebook.name}` cannot be read as a notebook: {error}") from error
    for cell in cells:
        if cell["cell_type"] == "code" and "parameters" in cell["metadata"].get("tags", ()):
            return "".join(cell["source"])
    raise InputError(
        f"`{notebook.name}` has no cell tagged `parameters`; tag it in JupyterLab's property inspector"
    )


def parse_assignments(assignments: Sequence[str]) -> dict[str, str]:
    """`name=value` texts as a mapping; the value stays the text that was written.

    Raises: InputError for a text without `=`, a name given twice, or one that a run fills in itself.
    """
    given: dict[str, str] = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals or not name:
            raise InputError(f"`-p {assignment}`: a parameter is given as name=value")
        if name in RESOLVED:
            raise InputError(f"`-p {name}`: filled in by the run; the survey is an argument of `report`")
        if name in given:
            raise InputError(f"`-p {name}` was given twice, as `{given[name]}` and as `{value}`")
        given[name] = value
    return given


def resolve_parameters(notebook: Path, survey: Survey, given: Mapping[str, Any]) -> dict[str, Any]:
    """Every parameter of `notebook` with its value for one report of `survey`, ready for JSON.

    `given` holds texts (from the command line; an empty text means none) or typed values; `as_of` is today
    where not given, `wave` the newest one that was known then. `previous` stays at its default: it is known only
    when the run looks into the archive.

    Raises: InputError for an unknown name, a value of the wrong type, an unknown indicator, wave or word, an
    as-of date after today, `since` after the as-of date.
    """
    model = parameters_model(notebook)
    unknown = sorted(set(given) - set(model.model_fields))
    if unknown:
        hint = nearest(unknown[0], model.model_fields.keys() - RESOLVED)
        raise InputError(f"`-p {unknown[0]}`: no parameter of `{notebook.name}`; {hint}")
    values = {name: None if value == "" else value for name, value in given.items()}
    if not values.get("as_of"):
        values["as_of"] = today()
    try:
        checked = model(**values, survey=survey.name)
    except ValidationError as error:
        raise InputError(_first_fault(error)) from error
    resolved = checked.model_dump(mode="json")
    _check_words(resolved, survey)
    _check_dates(resolved)
    if "language" in resolved:
        resolved["language"] = _other_language(resolved["language"], default_parameters(notebook), survey)
    if "wave" in resolved:
        resolved["wave"] = choose_wave(survey, resolved["wave"], date.fromisoformat(resolved["as_of"])).name
    return resolved


def _other_language(asked: str | None, defaults: Mapping[str, Any], survey: Survey) -> str | None:
    """The language asked for; None where it is the survey's own and the notebook takes that by default.

    So a report in its survey's language has one name, however it was asked for.
    """
    if asked is None:
        own_language(survey)  # refused here rather than in a kernel that has started
        return None
    return None if defaults["language"] is None and asked == survey.language else asked


def default_parameters(notebook: Path) -> dict[str, Any]:
    """The parameters of `notebook` as its cell leaves them, ready for JSON."""
    return {name: field.default for name, field in parameters_model(notebook).model_fields.items()}


def today() -> date:
    """The date here and now, the as-of date of a report that names none."""
    return datetime.now().astimezone().date()


def _first_fault(error: ValidationError) -> str:
    """A sentence about the first wrong value."""
    fault = error.errors()[0]
    reason = fault["msg"].removeprefix("Value error, ")
    return f"`-p {fault['loc'][0]}`: {reason[0].lower()}{reason[1:]}, got `{fault['input']}`"


def _check_words(resolved: Mapping[str, Any], survey: Survey) -> None:
    """Refuse a word that the survey, or this program, does not know."""
    for name, known in {"indicator": list(survey.indicators), **CHOICES}.items():
        value = resolved.get(name)
        words = value if isinstance(value, list) else [] if value is None else [value]
        for word in words:
            if word not in known:
                hint = nearest(word, known)
                raise InputError(f"`-p {name}`: `{word}` is not known for `{survey.name}`; {hint}")


def _check_dates(resolved: Mapping[str, Any]) -> None:
    """Refuse a report from the future, and one that starts after it ends. ISO dates compare as text."""
    as_of, since = resolved["as_of"], resolved.get("since")
    if as_of > today().isoformat():
        raise InputError(f"`as_of`: a report's date is at most today ({today().isoformat()}), got `{as_of}`")
    if since is not None and since > as_of:
        raise InputError(f"`since`: must not lie after the as-of date {as_of}, got `{since}`")
