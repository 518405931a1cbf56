"""The JSON Schema of `waves/<wave>.toml`: the record of a wave, and what is resolved before there is one."""

from __future__ import annotations

from typing import Any, Final

from groundswell.waves.schemas.json_schema import Meanings, json_schema
from groundswell.waves.wave.wave_toml import WaveFile

RESOLVED: Final[dict[str, dict[str, Any]]] = {
    "like": {"type": "string"},
    "drop": {"type": "array", "items": {"type": "string"}},
    "wave_column": {"type": "string"},
    "waves": {"type": "object"},
}
"""Keys by which a wave takes over from another, or a file becomes many waves."""


def wave_schema(meanings: Meanings) -> dict[str, Any]:
    """As `json_schema`; nothing is missing in a wave that is like another, or that is one of many."""
    schema = json_schema(WaveFile, meanings)
    said = meanings.get(WaveFile.__name__, {})
    resolved = {
        key: {**part, "description": said[key]} if key in said else part for key, part in RESOLVED.items()
    }
    whole = schema.pop("required")
    for part in schema["$defs"].values():
        part.pop("required", None)
    # of many waves in one file, each may have a weight of its own
    weight = schema["$defs"]["DesignColumns"]["properties"]["weight"]
    weight["type"] = [weight["type"], "array"]
    own = [{"required": [key]} for key in ("like", "wave_column")]
    return schema | {
        "properties": {**schema["properties"], **resolved},
        "anyOf": [*own, {"required": whole}],
    }
