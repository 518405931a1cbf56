"""A record as JSON Schema, by which an editor completes and checks the TOML file that it is read from.

What a schema cannot say (that a house exists, that a range rises) stays with `groundswell check`.

Source: JSON Schema, draft 2020-12.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"

Meanings = Mapping[str, Mapping[str, str]]
"""What each key of each record means, by the record's name."""


def json_schema(record: type[BaseModel], meanings: Meanings) -> dict[str, Any]:
    """The schema of `record` and all records in it, each key with its meaning.

    TOML has no null: a key that may be absent is one that need not be written.
    """
    schema = record.model_json_schema()
    inner = schema.pop("$defs", {})
    named = {record.__name__: schema, **inner}
    for name, each in named.items():
        each["description"] = str(each.get("description", "")).split("\n\n")[0].replace("\n", " ")
        for key, meaning in meanings.get(name, {}).items():
            if key in each.get("properties", {}):
                each["properties"][key]["description"] = meaning
    return {
        "$schema": DRAFT,
        **_written(schema),
        "$defs": {name: _written(each) for name, each in inner.items()},
    }


def _written(part: Any) -> Any:
    """The same without what no TOML file can hold, and without headings made of keys."""
    if isinstance(part, list):
        return [_written(each) for each in part if each != {"type": "null"}]
    if not isinstance(part, dict):
        return part
    made = {
        key: {name: _written(each) for name, each in value.items()}
        if key == "properties"
        else _written(value)
        for key, value in part.items()
        if not (key == "title" and isinstance(value, str))
        and not (key == "default" and (value is None or isinstance(value, dict)))
    }
    if "patternProperties" in made:
        made["additionalProperties"] = False
    only = made.get("anyOf", ())
    return {**{key: made[key] for key in made if key != "anyOf"}, **only[0]} if len(only) == 1 else made
