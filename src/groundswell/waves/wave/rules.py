"""Rules between the keys of a wave's TOML, and between them and its survey; also while parts are malformed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from groundswell.checksum import checksum
from groundswell.errors import nearest
from groundswell.waves.surveys.inside import leads_out
from groundswell.waves.surveys.survey_toml import Survey
from groundswell.waves.toml.lines import Path as TomlPath
from groundswell.waves.toml.record import Found, tables_in
from groundswell.waves.toml.textfile import unseen


def broken_rules(values: Mapping[str, Any], survey: Survey, folder: Path) -> Iterator[Found]:
    """The path and message of each rule between keys, with the survey or with `folder`, that the wave breaks."""
    outside = list(_files_outside(values, survey, folder))
    yield from outside
    file = values.get("file")
    if "sha256" not in values and isinstance(file, str) and not outside and (folder / file).is_file():
        yield ("sha256",), f'is missing: write `sha256 = "{checksum(folder / file)}"`'
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
        yield from _asked_otherwise(key, answer, house, survey)
        indicator = survey.indicators.get(key)
        faults = _mean_faults if indicator is not None and indicator.statistic == "mean" else _counting_faults
        yield from ((("indicators", key), message) for message in faults(answer))
    for key, rule in tables_in(values.get("domains")).items():
        if "categories" in rule and "breaks" in rule:
            yield ("domains", key), "takes `categories` (codes) or `breaks` (limits of a number), not both"


def _files_outside(values: Mapping[str, Any], survey: Survey, folder: Path) -> Iterator[Found]:
    """Each file that the wave names and that is not in its survey's folder, once links are followed."""
    reading, design = (tables_in(values).get(name, {}) for name in ("reading", "design"))
    named: dict[TomlPath, Any] = {
        ("file",): values.get("file"),
        ("reading", "catalogue"): reading.get("catalogue"),
        ("design", "weights_file"): design.get("weights_file"),
    }
    for path, name in named.items():
        if isinstance(name, str) and unseen(name) is None and leads_out(folder / name, survey.folder):
            way_out = f'put the file into `waves/` and write `{path[-1]} = "{Path(name).name}"`'
            yield (
                path,
                f"`{name}` leads out of the survey's folder, and nothing outside is read or written: {way_out}",
            )


def _asked_otherwise(key: str, answer: Mapping[str, Any], house: object, survey: Survey) -> Iterator[Found]:
    """An indicator that the survey does not have, or a variant of it that is not this house's."""
    if key not in survey.indicators:
        yield ("indicators", key), f"no such indicator `{key}`; {nearest(key, survey.indicators)}"
        return
    path: TomlPath = ("indicators", key, "variant")
    variants, variant = survey.indicators[key].variants, answer.get("variant")
    if isinstance(variant, str) and variant not in variants:
        yield path, f"no such variant of `{key}`: `{variant}`; {nearest(variant, variants)}"
    elif isinstance(variant, str) and house in survey.houses and variants[variant].house != house:
        yield path, f"`{variant}` is asked by `{variants[variant].house}`, not by `{house}`"


def _counting_faults(answer: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with how one indicator is counted."""
    if "option" in answer or "any_of" in answer:
        yield from _set_faults(answer)
        return
    if "asked" in answer:
        yield "`asked` belongs to a question with several answers: name the answer with `option` or `any_of`"
    summed = "items" in answer or "at_least" in answer
    if summed and ("item" in answer or "numerator" in answer):
        yield "is counted by `item` and `numerator`, or by `items` and `at_least`, not by both"
    elif summed and not ("items" in answer and "at_least" in answer):
        yield "a sum of scores needs both `items` and `at_least`"
    elif not summed and not ("item" in answer and "numerator" in answer):
        yield (
            'needs `item = "column"` and `numerator = [codes]`, or `items` and `at_least`, or, of a question with '
            "several answers, `item` and `option`"
        )


def _mean_faults(answer: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with how the mean of one indicator is taken."""
    for name in ("numerator", "at_least", "option", "any_of"):
        if name in answer:
            yield (
                f"is a mean in survey.toml, which counts no answers: delete `{name}`, or follow the share as an "
                "indicator of its own"
            )
    if ("item" in answer) == ("items" in answer):
        yield 'needs `item = "column"`, or `items` to be summed, one of the two'


def _set_faults(answer: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with how an answer of a question with several answers is counted."""
    if "option" in answer and "any_of" in answer:
        yield "takes `option` (one answer) or `any_of` (at least one of several), not both"
    if "item" not in answer:
        yield "needs `item`, the question with several answers"
    codes = [
        key for key in ("items", "numerator", "valid", "missing", "score_offset", "at_least") if key in answer
    ]
    if codes:
        yield f"counts answers by `option` or `any_of`, and takes no `{codes[0]}`"
