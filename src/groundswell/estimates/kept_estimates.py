"""A wave's estimates, kept beside its TOML with the checksum of the respondents that they came from.

`waves/<wave>.estimates.json` holds shares by domain after disclosure control, and the data quality: nothing
of a single respondent. Where access to the respondents is restricted, it alone serves the report, and the
rows say so. It is made again when the respondents, the wave's TOML or the method change, and may be deleted
at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pandas as pd

from groundswell.errors import InputError
from groundswell.estimates.quality import wave_quality
from groundswell.estimates.wave_estimates import estimate_wave, wave_plan
from groundswell.waves.microdata import checksum
from groundswell.waves.survey import Survey
from groundswell.waves.wave_check import check_checksum, read_wave
from groundswell.waves.wave_file import Wave

METHOD = 1
"""Raised whenever the same respondents would give other figures."""

DIGITS = 12
"""Significant digits kept: sums made in parallel differ in the sixteenth."""


@dataclass(frozen=True)
class KeptEstimates:
    """A wave's estimates and quality; `respondents_here` is False where only what was kept could be read."""

    estimates: pd.DataFrame
    quality: pd.DataFrame
    respondents_here: bool


def wave_estimates(survey: Survey, wave: Wave, *, memory: str | None = None) -> KeptEstimates:
    """The wave's estimates: kept ones where nothing changed, else made from the respondents and kept.

    Raises: FaultsError where the respondents changed since their checksum or hold codes in no list;
    InputError where the respondents are absent and nothing that fits was kept, or as `estimate_wave`.
    """
    here = wave.respondents.is_file()
    check_checksum(wave)
    kept = _read(wave, _recipe(survey, wave))
    if kept is not None:
        return KeptEstimates(*kept, respondents_here=here)
    if not here:
        raise InputError(
            f"`{wave.respondents}` is not here, and `{estimates_file(wave).name}` beside it holds no "
            f"estimates made with the present `{wave.toml.name}`: put the respondents there "
            f"(SHA-256 {wave.sha256})"
        )
    respondents = read_wave(wave)
    estimates = estimate_wave(survey, wave, respondents, memory=memory)
    quality = wave_quality(wave, respondents, wave_plan(wave, respondents.codebook))
    _write(wave, _recipe(survey, wave), estimates, quality)
    return KeptEstimates(*(_read(wave, _recipe(survey, wave)) or (estimates, quality)), respondents_here=True)


def estimates_file(wave: Wave) -> Path:
    """Where a wave's estimates are kept."""
    return wave.toml.with_suffix(".estimates.json")


def _recipe(survey: Survey, wave: Wave) -> str:
    """A checksum of all that the figures depend on besides the respondents."""
    counted = {"design", "indicators", "domains", "rows", "interview_date", "start", "end", "sha256"}
    stated = wave.model_dump(mode="json", include=counted)
    weights = checksum(wave.weights) if wave.weights and wave.weights.is_file() else None
    text = json.dumps([METHOD, survey.minimum_domain_n, weights, stated], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _read(wave: Wave, recipe: str) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """What was kept, if it was made with this recipe."""
    file = estimates_file(wave)
    if not file.is_file():
        return None
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        if content["recipe"] != recipe:
            return None
        tables = [
            pd.read_json(StringIO(json.dumps(content[part])), orient="split", precise_float=True)
            for part in ("estimates", "quality")
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"`{file}` is damaged ({error}): delete it, and it is made again") from error
    estimates = tables[0].astype({"n": "Int64", "share": "float64", "share_se": "float64", "flags": "str"})
    return estimates.fillna({"flags": ""}), tables[1]


def _write(wave: Wave, recipe: str, estimates: pd.DataFrame, quality: pd.DataFrame) -> None:
    """Keep both, whole or not at all."""
    content = {
        "what": f"Estimates from the respondents of {wave.file}, after disclosure control. May be deleted.",
        "sha256": wave.sha256,
        "recipe": recipe,
        "estimates": _split(estimates),
        "quality": _split(quality),
    }
    file = estimates_file(wave)
    passing = file.with_name(f".{file.name}.{os.getpid()}")
    text = (
        json.dumps(content, ensure_ascii=False)
        .replace("], [", "],\n[")
        .replace('"estimates":', '\n"estimates":')
    )
    passing.write_text(text + "\n", encoding="utf-8")
    passing.replace(file)


def _split(table: pd.DataFrame) -> object:
    """The table as columns and rows, floats at `DIGITS` significant digits."""
    content = json.loads(table.to_json(orient="split", index=False, double_precision=15, force_ascii=False))
    content["data"] = [
        [float(f"{cell:.{DIGITS}g}") if isinstance(cell, float) else cell for cell in row]
        for row in content["data"]
    ]
    return content
