"""A wave's estimates, kept beside its TOML with the checksum of the respondents that they came from.

`waves/<wave>.estimates.json` holds shares by domain after disclosure control, the data quality, who answered
and how weights are spread: nothing of a single respondent. Where access to the respondents is restricted, it
alone serves the report, and the rows say so. It is made again when the respondents, the wave's TOML or the
method change, and may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

import pandas as pd

from groundswell.checksum import checksum
from groundswell.errors import InputError
from groundswell.estimates.of_wave.disclosure_control import HIDDEN
from groundswell.estimates.of_wave.estimate import estimate_wave, wave_plan
from groundswell.estimates.of_wave.quality import wave_quality
from groundswell.estimates.of_wave.sample import Sample, wave_sample
from groundswell.files import write_whole
from groundswell.waves.surveys.records import Survey
from groundswell.waves.wave.check import check_checksum, read_wave
from groundswell.waves.wave.record import ESTIMATES, Wave

METHOD = 3
"""Raised whenever the same respondents would give other figures."""

DIGITS = 12
"""Significant digits kept: sums made in parallel differ in the sixteenth."""

TABLES = ("estimates", "quality", "sample", "weights", "weight_bins")
"""The tables in the file."""

TYPES = {
    **dict.fromkeys(("n",), "Int64"),
    **dict.fromkeys(("n_effective", "share", "share_se", "share_low", "share_high", "df", "deff"), "float64"),
    **dict.fromkeys(
        ("of_respondents", "of_base", "of_weight", "number", "low", "high", "largest", "top_share"), "float64"
    ),
    **dict.fromkeys(("flags", "domain", "subject", "weights"), "str"),
}
"""What a column holds where all of its cells are empty or look like something else."""


@dataclass(frozen=True)
class KeptEstimates:
    """A wave's tables; `respondents_here` is False where only what was kept could be read."""

    estimates: pd.DataFrame
    quality: pd.DataFrame
    sample: Sample
    respondents_here: bool


def wave_estimates(survey: Survey, wave: Wave, *, memory: str | None = None) -> KeptEstimates:
    """The wave's estimates: kept ones where nothing changed, else made from the respondents and kept.

    Raises: FaultsError where the respondents changed since their checksum or hold codes in no list;
    InputError where the respondents are absent and nothing that fits was kept, or as `estimate_wave`.
    """
    here = wave.respondents.is_file()
    check_checksum(wave)
    kept = _read(wave, recipe_of(survey, wave))
    if kept is not None:
        return replace(kept, respondents_here=here)
    if not here:
        raise InputError(
            f"`{wave.respondents}` is not here, and `{estimates_file(wave).name}` beside it holds no "
            f"estimates made with the present `{wave.toml.name}`: put the respondents there "
            f"(SHA-256 {wave.sha256})"
        )
    respondents = read_wave(wave)
    plan = wave_plan(wave, respondents.codebook)
    estimates = estimate_wave(survey, wave, respondents, memory=memory)
    hidden = set(estimates.loc[estimates["flags"] == HIDDEN, "domain"])
    made = KeptEstimates(
        estimates,
        wave_quality(wave, respondents, plan),
        wave_sample(respondents, plan, hidden),
        respondents_here=True,
    )
    _write(wave, recipe_of(survey, wave), made)
    return _read(wave, recipe_of(survey, wave)) or made


def estimates_file(wave: Wave) -> Path:
    """Where a wave's estimates are kept."""
    return wave.toml.with_suffix(ESTIMATES)


def recipe_of(survey: Survey, wave: Wave) -> str:
    """A checksum of all that the figures depend on besides the respondents."""
    counted = {"design", "indicators", "domains", "rows", "interview_date", "start", "end", "sha256"}
    stated = wave.model_dump(mode="json", include=counted, exclude={"design": {"psu_recur"}})
    weights = checksum(wave.weights) if wave.weights and wave.weights.is_file() else None
    text = json.dumps([METHOD, survey.minimum_domain_n, weights, stated], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _read(wave: Wave, recipe: str) -> KeptEstimates | None:
    """What was kept, if it was made with this recipe."""
    file = estimates_file(wave)
    if not file.is_file():
        return None
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        if content["recipe"] != recipe:
            return None
        tables = {
            name: pd.read_json(
                StringIO(json.dumps(content[name])), orient="split", precise_float=True
            ).astype({column: kind for column, kind in TYPES.items() if column in content[name]["columns"]})
            for name in TABLES
        }
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"`{file}` is damaged ({error}): delete it, and it is made again") from error
    sample = Sample(tables["sample"], tables["weights"], tables["weight_bins"])
    return KeptEstimates(tables["estimates"], tables["quality"], sample, respondents_here=True)


def _write(wave: Wave, recipe: str, made: KeptEstimates) -> None:
    """Keep every table, whole or not at all; where the folder is read-only they are made again each time."""
    sample = made.sample
    tables = (made.estimates, made.quality, sample.domains, sample.diagnostics, sample.bins)
    content = {
        "what": f"Estimates from the respondents of {wave.file}, after disclosure control. May be deleted.",
        "sha256": wave.sha256,
        "recipe": recipe,
    }
    lines = [f"{json.dumps(name)}: {_split(table)}" for name, table in zip(TABLES, tables, strict=True)]
    text = ",\n".join([json.dumps(content, ensure_ascii=False)[:-1], *lines]) + "}\n"
    file = estimates_file(wave)
    if os.access(file.parent, os.W_OK):
        write_whole(file, text)


def _split(table: pd.DataFrame) -> str:
    """The table as columns and rows, a line each, floats at `DIGITS` significant digits."""
    content = json.loads(table.to_json(orient="split", index=False, double_precision=15, force_ascii=False))
    content["data"] = [
        [float(f"{cell:.{DIGITS}g}") if isinstance(cell, float) else cell for cell in row]
        for row in content["data"]
    ]
    return json.dumps(content, ensure_ascii=False).replace("], [", "],\n[")
