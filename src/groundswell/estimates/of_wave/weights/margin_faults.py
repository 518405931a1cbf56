"""Margins that a wave cannot be raked to: which file says it, and what to write in the wave's TOML."""

from __future__ import annotations

import json

from groundswell.errors import InputError
from groundswell.estimates.weighting.coded import MarginError
from groundswell.waves.wave.wave_margins import WaveMargin, WaveMargins
from groundswell.waves.wave.wave_toml import Wave


def with_way_out(error: MarginError, wave: Wave, margins: WaveMargins) -> InputError:
    """The error with the files that it is about and the lines that would settle it."""
    if error.code == "totals_differ":
        files = ", ".join(f"`{margin.file}`" for margin in margins.margins.values())
        return InputError(f"{error} ({files})")
    variable = str(error.values["variable"])
    margin = margins.margins[variable]
    subject = f"`{wave.toml.name}` cannot be raked to `{margin.file}`: {error}"
    if error.code == "respondents_without_category":
        return InputError(
            f'{subject}; or write it in `{wave.toml.name}`: `without_category = "other_margins"` under '
            f"`[weighting.margins.{variable}]`, or under `[weighting]` for every margin"
        )
    together = _together(str(error.values["categories"][0]), margin)
    way = f"{subject}; for example by `collapse = {together}` under `[weighting.margins.{variable}]`"
    if error.code == "category_without_total":
        way += f"; if it is no answer, list its codes as `missing` under `[domains.{variable}]`"
    return InputError(way)


def _together(category: str, margin: WaveMargin) -> str:
    """A category taken together with its neighbour in the margin's file, as TOML."""
    names = list(margin.totals)
    place = names.index(category) if category in names else len(names)
    neighbour = names[place - 1] if place else next((name for name in names if name != category), "…")
    parts = (neighbour, category) if place else (category, neighbour)
    listed = [part for name in parts for part in margin.parts.get(name, [name])]
    name, *quoted = (json.dumps(text, ensure_ascii=False) for text in (" or ".join(parts), *listed))
    return f"{{ {name} = [{', '.join(quoted)}] }}"
