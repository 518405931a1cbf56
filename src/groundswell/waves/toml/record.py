"""A TOML file -> a checked record, or every fault in it with its line and in words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from groundswell.dates import read_date
from groundswell.errors import Fault, FaultsError, nearest
from groundswell.waves.toml import lines as toml_lines
from groundswell.waves.toml.slips import slips
from groundswell.waves.toml.textfile import read_text

Lines = Mapping[toml_lines.Path, int]
"""The line of each key that a file states."""

Found = tuple[toml_lines.Path, str]
"""The key at which something is wrong, and what."""

BROKEN_LINKS = "broken_links"
"""The kind of error by which a record refuses to be made against its own rules between keys."""

PLACE = re.compile(r"^(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
RULES = {
    "missing": "is missing: write it",
    "string_type": "must be text in quotes",
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "bool_type": "must be `true` or `false`",
    "date_type": "must be a date without quotes, as 2022-02-24",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "tuple_type": 'must be a list, as ["anxious"]',
    "finite_number": "must be a finite number",
    "greater_than": "must be above {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be below {lt}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be {expected}",
    "too_short": "must not be empty",
}
PATTERNS = {
    "url": "must be a web address that starts with http:// or https://",
    "source_url": "must be a web address that starts with http:// or https://",
    "language": "must be a language code, as `en`, `ru` or `pt-BR`",
}


def read_toml(file: Path) -> tuple[dict[str, Any], Lines]:
    """The values of a TOML file and the line of each key.

    Raises: FaultsError where the file is absent, not UTF-8 or not sound TOML.
    """
    text = read_text(file)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FaultsError(str(file), _unsound(file, text, str(error))) from error
    return values, toml_lines.KeyLines(text)


def _unsound(file: Path, text: str, said: str) -> list[Fault]:
    """What is wrong with a text that is not TOML: every slip that has plain words, else what `tomllib` said."""
    found = [
        Fault(file, slip.line, ".".join(slip.path), f"is not sound TOML: {slip.message}")
        for slip in slips(text)
    ]
    position = PLACE.match(said)
    line = int(position["line"]) if position and position["line"] else text.count("\n") + 1
    if found and (found[0].line or 0) <= line:
        return found
    column = f" (column {position['column']})" if position and position["column"] else ""
    what = position["what"] if position else said
    message = f"is not sound TOML: {what[:1].lower()}{what[1:]}{column}; see https://toml.io"
    return [Fault(file, line, "", message), *found]


def check_record(
    file: Path,
    lines: Lines,
    values: Mapping[str, Any],
    record: type[BaseModel],
    broken: Iterable[Found],
) -> None:
    """Hold the values of a TOML file against its `record`; `broken` has the rules between keys that they break.

    Raises: FaultsError with everything wrong in the file, each fault with its line; where a rule names a key already,
    what the record says of it is left out.
    """
    rules = list(broken)
    named = {path for path, _ in rules}
    faults = [fault_at(file, lines, path, message) for path, message in rules]
    try:
        record.model_validate(values)
    except ValidationError as error:
        found = (each for each in error.errors(include_url=False) if each["type"] != BROKEN_LINKS)
        faults += [_record_fault(file, lines, record, each) for each in found if each["loc"] not in named]
    if faults:
        raise FaultsError(str(file), sorted(faults, key=lambda fault: (fault.line or 0, fault.field)))


def _record_fault(file: Path, lines: Lines, record: type[BaseModel], details: ErrorDetails) -> Fault:
    """One fault of a `record` in words, from one finding of pydantic."""
    path, kind = details["loc"], details["type"]
    if path[-1:] == ("[key]",):
        path = path[:-1]
        message = "must be small letters, digits, `-` and `_`, and start with a letter or digit"
    elif kind == "extra_forbidden":
        message = f"unknown key `{path[-1]}`; {nearest(str(path[-1]), _known(path, record))}"
    elif kind == "string_pattern_mismatch":
        rule = PATTERNS.get(str(path[-1]), "must be small letters, digits, `-` and `_`")
        message = f"{rule}, got `{_short(details['input'])}`"
    elif kind == "date_type" and (reason := _not_iso(details["input"])):
        message = f"must be a date without quotes: {reason}"
    elif kind == "tuple_type" and isinstance(details["input"], Mapping) and _holds_records(path, record):
        message = f"there may be several: write `[[{_dotted(path)}]]`, with two brackets on each side"
    elif kind in RULES:
        message = RULES[kind].format(**details.get("ctx", {}))
        if kind not in ("missing", "too_short"):
            message += f", got `{_short(details['input'])}`" + _in_quotes(kind, details["input"])
    else:
        message = details["msg"]
    return fault_at(file, lines, path, message)


def refuse(file: Path, lines: Lines, found: Iterable[Found]) -> None:
    """Refuse a file in which anything was found wrong.

    Raises: FaultsError with each fault on its line.
    """
    if faults := [fault_at(file, lines, path, message) for path, message in found]:
        raise FaultsError(str(file), faults)


def fault_at(file: Path, lines: Lines, path: toml_lines.Path, message: str) -> Fault:
    """A fault at `path`, on its line or on that of the nearest table around it that is written."""
    written = path
    while written and written not in lines:
        written = written[:-1]
    return Fault(file, lines.get(written), _dotted(path), message)


def _in_quotes(kind: str, got: object) -> str:
    """The way out where a number or a truth value stands in quotes; "" elsewhere."""
    if kind not in ("float_type", "int_type", "bool_type") or not isinstance(got, str) or "\n" in got:
        return ""
    wrong = slips(f"x = {got}")
    if not wrong:
        return " in quotes: take them off"
    # a word in quotes is no number, whatever is done with them
    return "" if "`x = " in wrong[0].message else f" in quotes: {wrong[0].message}"


def _not_iso(got: object) -> str:
    """Why a text is not a date and how it may be meant; "" for a date in quotes, or something else than a text."""
    try:
        if isinstance(got, str):
            read_date(got)
    except ValueError as error:
        return str(error)
    return ""


def _known(path: toml_lines.Path, record: type[BaseModel]) -> list[str]:
    """The keys that the table around `path` may have."""
    return list(_record_around(path, record).model_fields)


def _record_around(path: toml_lines.Path, record: type[BaseModel]) -> type[BaseModel]:
    """The record of the table around `path`."""
    for part in path[:-1]:
        if isinstance(part, str) and part in record.model_fields:
            record = _record_inside(record.model_fields[part].annotation) or record
    return record


def _holds_records(path: toml_lines.Path, record: type[BaseModel]) -> bool:
    """Whether what stands at `path` is a list of tables."""
    field = _record_around(path, record).model_fields.get(str(path[-1]))
    return field is not None and _record_inside(field.annotation) is not None


def _record_inside(annotation: Any) -> type[BaseModel] | None:
    """The record within `dict[str, House]` or `tuple[Event, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    records = (_record_inside(part) for part in get_args(annotation))
    return next((record for record in records if record is not None), None)


def _dotted(path: toml_lines.Path) -> str:
    """`houses.fom.name`, `events[1].date`."""
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")


def tables_in(value: Any) -> dict[str, dict[str, Any]]:
    """The tables inside a table; what is malformed is left to the record's own check."""
    return {k: v for k, v in value.items() if isinstance(v, dict)} if isinstance(value, dict) else {}


def _short(got: object) -> str:
    """What was got, cut to a length that leaves the message readable."""
    text = str(got).lower() if isinstance(got, bool) else str(got)
    return text if len(text) <= 60 else text[:57] + "…"
