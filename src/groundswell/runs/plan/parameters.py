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
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Annotated, Any, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    FiniteFloat,
    ValidationError,
    create_model,
)

from groundswell.dates import read_date, today
from groundswell.errors import InputError, nearest
from groundswell.reports.language.language import languages, own_language
from groundswell.reports.publish.parameter_text import typed_list
from groundswell.runs.plan.notebook import ReportNotebook
from groundswell.waves import CERTAINTIES, Survey
from groundswell.waves.wave.choice import choose_wave

RESOLVED = frozenset({"survey", "previous", "newest"})
"""Parameters that a run fills in itself; `-p` may not."""

CHOICES: Mapping[str, Sequence[str]] = {
    "certainty": CERTAINTIES,
    "language": languages(),
    "unknown_n": ("typical", "leave_out"),
}
"""The words that a parameter of this name may take."""


def _listed(given: object) -> object:
    return typed_list(given) if isinstance(given, str) else given


def _typable(text: str) -> str:
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError(f"must be text that can be typed, got {text!a}")
    return text


_ISO_DATE = Annotated[date, BeforeValidator(read_date)]
_DATES = frozenset({"as_of", "since"})
_TEXT = Annotated[str, AfterValidator(_typable)]
_TYPES: Mapping[str, Any] = {
    "str": _TEXT,
    "int": int,
    "float": FiniteFloat,
    "bool": bool,
    "list[str]": Annotated[list[_TEXT], BeforeValidator(_listed)],
}


@lru_cache(maxsize=64)
def parameters_model(notebook: ReportNotebook) -> type[BaseModel]:
    """The typed model that the `parameters` cell of `notebook` declares.

    Raises: InputError where the notebook has no such cell, or a line of it is not
    `name: type = default` with a type of str, int, float, bool, list[str], each possibly `| None`.
    """
    fields: dict[str, Any] = {}
    for statement in _statements(notebook):
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as default):
                declared = _declared_type(notebook, name, statement.annotation)
                fields[name] = (declared, _default(notebook, name, default))
            case _:
                raise InputError(
                    f"`{notebook.file.name}`: each line of the parameters cell is `name: type = default`, "
                    f"got `{ast.unparse(statement)}`"
                )
    config = ConfigDict(extra="forbid", frozen=True, validate_default=True)
    model: type[BaseModel] = create_model("Parameters", __config__=config, **fields)
    return model


def _declared_type(notebook: ReportNotebook, name: str, annotation: ast.expr) -> Any:
    """The type that checks a parameter: the written one, but a date where the name says so."""
    written = ast.unparse(annotation)
    plain, optional = re.subn(r"\s*\|\s*None$", "", written)
    if plain not in _TYPES:
        raise InputError(
            f"`{notebook.file.name}`: the type of parameter `{name}` is one of "
            f"{', '.join(_TYPES)}, each possibly `| None`; got `{written}`"
        )
    checked = _ISO_DATE if name in _DATES else _TYPES[plain]
    return checked | None if optional else checked


def _statements(notebook: ReportNotebook) -> list[ast.stmt]:
    try:
        return ast.parse(notebook.parameters_cell).body
    except SyntaxError as error:
        raise InputError(
            f"`{notebook.file.name}`: the parameters cell is not sound Python: line {error.lineno}, {error.msg}"
        ) from error


def _default(notebook: ReportNotebook, name: str, written: ast.expr) -> Any:
    """The default as it is written, ready for JSON."""
    try:
        return json.loads(json.dumps(ast.literal_eval(written), allow_nan=False))
    except (ValueError, TypeError) as error:
        raise InputError(
            f"`{notebook.file.name}`: the default of parameter `{name}` must be a text, a number, True, False, None or "
            f"a list of texts, got `{ast.unparse(written)}`"
        ) from error


def _given(model: type[BaseModel], name: str, value: Any) -> Any:
    """A given value: an empty text is none where the parameter may be none, and is itself elsewhere."""
    may_be_none = type(None) in get_args(model.model_fields[name].annotation)
    return None if value == "" and may_be_none and name != "as_of" else value


def parse_assignments(assignments: Sequence[str]) -> dict[str, list[str]]:
    """`name=value` texts as the values that each name is given; a value stays the text that was written.

    A name that is given several times has several values, and there is a report for each (`every_choice`). A comma
    never parts two reports: it stands inside one value, of a parameter that takes a list.

    Raises: InputError for a text without `=`, the same value given twice, or a name that a run fills in itself.
    """
    given: dict[str, list[str]] = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals or not name:
            raise InputError(f"`-p {assignment}`: a parameter is given as name=value")
        if name in RESOLVED:
            raise InputError(f"`-p {name}`: filled in by the run; the survey is an argument of `report`")
        if value in given.setdefault(name, []):
            raise InputError(
                f"`-p {name}={value}` was given twice: several values, each once, make a report each"
            )
        given[name].append(value)
    return given


def every_choice(values: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Every way to choose one value of each name, the first name varying slowest.

    >>> every_choice({"seed": ["1", "2"], "since": ["2022-01-01"]})
    [{'seed': '1', 'since': '2022-01-01'}, {'seed': '2', 'since': '2022-01-01'}]
    """
    return [dict(zip(values, chosen, strict=True)) for chosen in product(*values.values())]


def resolve_parameters(notebook: ReportNotebook, survey: Survey, given: Mapping[str, Any]) -> dict[str, Any]:
    """Every parameter of `notebook` with its value for one report of `survey`, ready for JSON.

    `given` holds texts (from the command line; an empty text means none, for any but `as_of`) or typed values;
    `as_of` is today where not given, `wave` the newest one that was known then. `previous` and `newest` stay
    at their default: they are known only when the run looks into the archive.

    Raises: InputError for an unknown name, a value of the wrong type, an unknown indicator, wave or word, an
    as-of date after today, `since` after the as-of date, a `seed` below 0.
    """
    model = parameters_model(notebook)
    unknown = sorted(set(given) - set(model.model_fields))
    if unknown:
        hint = nearest(unknown[0], model.model_fields.keys() - RESOLVED)
        raise InputError(f"`{unknown[0]}=`: not a parameter of `{notebook.file.name}`; {hint}")
    values = {name: _given(model, name, value) for name, value in given.items()}
    if values.get("as_of") is None:
        values["as_of"] = today()
    try:
        checked = model(**values, survey=survey.name)
    except ValidationError as error:
        raise InputError(_first_fault(error)) from error
    resolved = checked.model_dump(mode="json")
    _check_words(resolved, survey)
    _check_dates(resolved)
    if (seed := resolved.get("seed") or 0) < 0:
        raise InputError(f"`seed=` must be a whole number of at least 0, got `{seed}`")
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


def default_parameters(notebook: ReportNotebook) -> dict[str, Any]:
    """The parameters of `notebook` as its cell leaves them, ready for JSON.

    Raises: InputError as `parameters_model`, and where a default is not of its parameter's type.
    """
    try:
        return parameters_model(notebook)().model_dump(mode="json")
    except ValidationError as error:
        raise InputError(f"`{notebook.file.name}`: the default of {_first_fault(error)}") from error


def _first_fault(error: ValidationError) -> str:
    """A sentence about the first wrong value."""
    fault = error.errors()[0]
    if fault["type"] == "value_error":  # our own rule, which says what it got
        return f"`{fault['loc'][0]}=`: {fault['ctx']['error']}"
    return f"`{fault['loc'][0]}=`: {fault['msg'][0].lower()}{fault['msg'][1:]}, got `{fault['input']}`"


def _check_words(resolved: Mapping[str, Any], survey: Survey) -> None:
    """Refuse a word that the survey, or this program, does not know."""
    for name, known in {"indicator": list(survey.indicators), **CHOICES}.items():
        value = resolved.get(name)
        words = value if isinstance(value, list) else [] if value is None else [value]
        for word in words:
            if word not in known:
                several = [part for part in word.split(",") if part in known]
                each = " ".join(f"-p {name}={part}" for part in several)
                hint = f"for a report each write {each}" if len(several) > 1 else nearest(word, known)
                raise InputError(f"`{name}=`: `{word}` is not known for `{survey.name}`; {hint}")


def _check_dates(resolved: Mapping[str, Any]) -> None:
    """Refuse a report from the future, and one that starts after it ends. ISO dates compare as text."""
    as_of, since = resolved["as_of"], resolved.get("since")
    if as_of > today().isoformat():
        raise InputError(f"`as_of=`: a report's date is at most today ({today().isoformat()}), got `{as_of}`")
    if since is not None and since > as_of:
        raise InputError(f"`since=`: must not lie after the as-of date {as_of}, got `{since}`")
