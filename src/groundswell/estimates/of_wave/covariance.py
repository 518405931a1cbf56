"""The covariance of estimates whose waves ask in the same PSUs, kept beside the waves.

`waves/covariance.json` holds one covariance a pair of waves, indicator and domain: nothing of a single
respondent or unit. It is made again when a wave changes, and may be deleted at any time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from groundswell.errors import InputError
from groundswell.estimates.of_wave.kept import DIGITS, KeptEstimates, recipe_of
from groundswell.estimates.of_wave.psu_scores import PsuScores, psu_scores
from groundswell.files import write_whole
from groundswell.waves.surveys.records import Survey
from groundswell.waves.wave.check import read_wave
from groundswell.waves.wave.record import COVARIANCE, Wave

LABELS = ["house", "variant", "start", "end"]
"""What tells the waves of one indicator and domain apart in the observations table."""

Variances = dict[tuple[str, str], float]
Covariances = dict[tuple[str, str], pd.DataFrame]
"""By indicator and domain: a square table in squared share units, its rows and columns named by `LABELS`."""


def survey_covariance(
    survey: Survey, waves: Mapping[str, tuple[Wave, KeptEstimates]], *, memory: str | None = None
) -> Covariances:
    """The covariances of a survey's waves, by name, whose design says that their PSUs recur.

    Waves of different houses, and waves that were estimated from absent respondents and are not in what was
    kept, share nothing. Each wave's own variance is its squared standard error.

    Raises: as `read_wave` and `psu_scores`; InputError where the kept file is damaged.
    """
    recurring = {name: wave for name, (wave, _) in waves.items() if wave.design.psu_recur}
    if len(recurring) < 2:
        return {}
    recipes = {name: recipe_of(survey, wave) for name, wave in recurring.items()}
    variances = {name: _variances(waves[name][1].estimates) for name in recurring}
    kept = _read(survey)
    fresh = kept is not None and all(kept["recipes"].get(name) == recipe for name, recipe in recipes.items())
    if not fresh and all(waves[name][1].respondents_here for name in recurring):
        scores = {name: psu_scores(wave, read_wave(wave), memory=memory) for name, wave in recurring.items()}
        kept = {"recipes": recipes, "pairs": list(_pairs(recurring, scores, variances))}
        _write(survey, kept)
    if kept is None:
        return {}
    known = {name: wave for name, wave in recurring.items() if kept["recipes"].get(name) == recipes[name]}
    pairs = [pair for pair in kept["pairs"] if {pair[0], pair[1]} <= set(known)]
    return {
        key: _table(key, known, variances, [pair for pair in pairs if (pair[2], pair[3]) == key])
        for key in dict.fromkeys((pair[2], pair[3]) for pair in pairs)
    }


def _variances(estimates: pd.DataFrame) -> Variances:
    """The variance of each estimate that is shown."""
    shown = estimates[estimates["share_se"].notna()]
    keys = shown[["indicator", "domain"]].itertuples(index=False, name=None)
    return dict(zip(keys, (shown["share_se"] ** 2).tolist(), strict=True))


def _pairs(
    waves: Mapping[str, Wave], scores: Mapping[str, PsuScores], variances: Mapping[str, Variances]
) -> Iterator[list[Any]]:
    """Earlier wave, later wave, indicator, domain, covariance: of waves of one house, where all are shown."""
    for earlier, later in combinations(waves, 2):
        if waves[earlier].house != waves[later].house:
            continue
        for key, both in scores[earlier].covariance(scores[later]).items():
            if both and key in variances[earlier] and key in variances[later]:
                yield [earlier, later, *key, float(f"{both:.{DIGITS}g}")]


def _table(
    key: tuple[str, str],
    waves: Mapping[str, Wave],
    variances: Mapping[str, Variances],
    pairs: Sequence[Sequence[Any]],
) -> pd.DataFrame:
    """The square table of one indicator and domain."""
    names = [name for name in waves if key in variances[name]]
    matrix = np.diag([variances[name][key] for name in names])
    for earlier, later, *_, both in pairs:
        one, other = names.index(earlier), names.index(later)
        matrix[one, other] = matrix[other, one] = both
    labels = pd.MultiIndex.from_tuples([_label(waves[name], key[0]) for name in names], names=LABELS)
    return pd.DataFrame(matrix, index=labels, columns=labels)


def _label(wave: Wave, indicator: str) -> tuple[str, str, pd.Timestamp, pd.Timestamp]:
    """A wave as its row of the observations table names it."""
    variant = wave.indicators[indicator].variant
    return wave.house, variant, pd.Timestamp(wave.start), pd.Timestamp(wave.end)


def _file(survey: Survey) -> Path:
    return survey.folder / "waves" / COVARIANCE


def _read(survey: Survey) -> dict[str, Any] | None:
    """What was kept, whatever it was made from."""
    file = _file(survey)
    if not file.is_file():
        return None
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        return {"recipes": dict(content["recipes"]), "pairs": list(content["pairs"])}
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"`{file}` is damaged ({error}): delete it, and it is made again") from error


def _write(survey: Survey, kept: Mapping[str, Any]) -> None:
    """Keep it, whole or not at all."""
    file = _file(survey)
    what = {"what": "Covariances of estimates whose waves ask in the same PSUs. May be deleted."}
    text = json.dumps({**what, **kept}, ensure_ascii=False).replace("], [", "],\n[")
    write_whole(file, text + "\n")
