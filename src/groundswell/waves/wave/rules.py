"""Rules between the keys of a wave's TOML, and between them and its survey; also while parts are malformed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from groundswell.checksum import checksum
from groundswell.errors import nearest
from groundswell.waves.surveys.survey_toml import Survey
from groundswell.waves.toml.lines import Path as TomlPath
from groundswell.waves.toml.record import tables_in


def broken_rules(values: Mapping[str, Any], survey: Survey) -> Iterator[tuple[TomlPath, str]]:
    """The path and message of each rule between keys, or with the survey, that the wave breaks."""
    house = values.get("house")
    if isinstance(house, str) and house not in survey.houses:
        yield ("house",), f"no such house `{house}`; {nearest(house, survey.houses)}"
    start, end = values.get("start"), values.get("end")
    if start is not None and end is not None and type(start) is type(end) and end < start:
        yield ("end",), f"fieldwork ends ({end}) before it starts ({start})"
    design = values.get("design")
    if isinstance(design, dict) and design.get("psu_recur"):
        if not design.get("psu"):
            yield ("design", "psu_recur"), "needs `psu`, the column of the PSUs' codes"
        if design.get("replicates"):
            yield ("design", "psu_recur"), "cannot be used with replicate weights"
    for key, answer in tables_in(values.get("indicators")).items():
        path: TomlPath = ("indicators", key)
        if key not in survey.indicators:
            yield path, f"no such indicator `{key}`; {nearest(key, survey.indicators)}"
        else:
            variants = survey.indicators[key].variants
            variant = answer.get("variant")
            if isinstance(variant, str) and variant not in variants:
                yield (
                    (*path, "variant"),
                    f"no such variant of `{key}`: `{variant}`; {nearest(variant, variants)}",
                )
            elif isinstance(variant, str) and house in survey.houses and variants[variant].house != house:
                yield (
                    (*path, "variant"),
                    f"`{variant}` is asked by `{variants[variant].house}`, not by `{house}`",
                )
        yield from ((path, message) for message in _counting_faults(answer))
    for key, rule in tables_in(values.get("domains")).items():
        if "categories" in rule and "breaks" in rule:
            yield ("domains", key), "takes `categories` (codes) or `breaks` (limits of a number), not both"


def missing_checksum(respondents: Path) -> dict[TomlPath, str]:
    """The fault of a wave without a checksum: the line to write, where its file is here."""
    if not respondents.is_file():
        return {}
    return {("sha256",): f'is missing: write `sha256 = "{checksum(respondents)}"`'}


def _counting_faults(answer: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with how one indicator is counted."""
    summed = "items" in answer or "at_least" in answer
    if summed and ("item" in answer or "numerator" in answer):
        yield "is counted by `item` and `numerator`, or by `items` and `at_least`, not by both"
    elif summed and not ("items" in answer and "at_least" in answer):
        yield "a sum of scores needs both `items` and `at_least`"
    elif not summed and not ("item" in answer and "numerator" in answer):
        yield 'needs `item = "column"` and `numerator = [codes]`, or `items` and `at_least`'
