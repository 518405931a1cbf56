"""What a wave's TOML says, over what it takes over from the wave that it is like.

A wave whose questionnaire is that of another says `like = "06"` and states only what differs; what belongs to one wave
alone (its file, checksum, dates and notes) is never taken over.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from groundswell.errors import nearest
from groundswell.waves.toml.lines import Path as TomlPath
from groundswell.waves.toml.record import read_toml, refuse

OWN_KEYS = frozenset(
    {"like", "drop", "wave_column", "waves", "file", "sha256"}
    | {"start", "end", "published", "note", "source_url", "download"}
)
"""What is never taken over from another wave."""


def stated(file: Path, seen: tuple[Path, ...] = ()) -> tuple[dict[str, Any], Mapping[TomlPath, int]]:
    """The wave's values, over those of the wave that it is like, and the lines of its own; `seen` led here."""
    own, lines = read_toml(file)
    like = own.pop("like", None)
    if like is None:
        return own, lines
    base = file.parent / f"{like}.toml"
    known = [path.stem for path in file.parent.glob("*.toml") if path != file]
    if not isinstance(like, str) or like not in known or base in seen:
        reason = (
            "leads back to itself" if base in (*seen, file) else f"no such wave; {nearest(str(like), known)}"
        )
        refuse(file, lines, [(("like",), f"`{like}`: {reason}")])
    inherited, _ = stated(base, (*seen, file))
    kept = {key: value for key, value in inherited.items() if key not in OWN_KEYS}
    absent = [
        (("drop", place), f"`{path}` is nothing that `{like}` states: delete it here")
        for place, path in enumerate(own.pop("drop", ()))
        if not _dropped(kept, str(path))
    ]
    refuse(file, lines, absent)
    for table, own_key in (("design", "weights_file"), ("weighting", "not_asked")):
        if isinstance(own_table := kept.get(table), dict):
            kept[table] = {key: value for key, value in own_table.items() if key != own_key}
    return _merged(kept, own), lines


def _dropped(values: dict[str, Any], dotted_key: str) -> bool:
    """Take a key such as `domains.sex` out of the values of a wave; whether it was there."""
    *tables, key = dotted_key.split(".")
    for table in tables:
        inner = values.get(table)
        if not isinstance(inner, dict):
            return False
        values = inner
    return values.pop(key, None) is not None


def _merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`over` laid on `under`, table by table."""
    both = {
        key: _merged(under[key], over[key])
        for key in under.keys() & over.keys()
        if isinstance(under[key], dict) and isinstance(over[key], dict)
    }
    return {**under, **over, **both}
