"""The covariance of estimates whose waves ask in the same PSUs, kept next to the waves.

`waves/covariance.json` holds one covariance a pair of waves, indicator and domain: nothing of a single
respondent or unit. It is made again when a wave changes, and may be deleted at any time.

The covariance of two waves is the sum, over the units that both asked in, of the products of these units' scores
(see `psu_scores`). Where all units recur this is the covariance that R's survey gives for the stacked waves
(`svyby(covmat = TRUE)`); where some do, it does not depend on waves other than the two.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from groundswell.errors import InputError
from groundswell.estimates.of_wave.kept import DIGITS, KeptEstimates
from groundswell.estimates.of_wave.kept_file import KeptFile
from groundswell.estimates.of_wave.means import wave_means
from groundswell.estimates.of_wave.psu_scores import PsuScores, psu_scores
from groundswell.waves.wave.check import read_wave
from groundswell.waves.wave.wave_toml import COVARIANCE, Wave

SCHEMA = 1
"""Raised whenever the file is written in another form."""

LABELS = ["house", "variant", "start", "end"]
"""The columns by which the observations table tells the waves of one indicator and domain apart."""

Pair = tuple[str, str, str, str, float]
Variances = dict[tuple[str, str], float]
Covariances = dict[tuple[str, str], pd.DataFrame]
"""By indicator and domain: a square table in squared share units, its rows and columns named by `LABELS`."""


@dataclass(frozen=True)
class KeptCovariance:
    """What `waves/covariance.json` holds.

    Attributes:
        recipes: by wave, the checksum of all that its figures depend on (`KeptEstimates.recipe`).
        pairs: earlier wave, later wave, indicator, domain, and their covariance in squared share units.
    """

    recipes: Mapping[str, str]
    pairs: Sequence[Pair]


def waves_covariance(
    kept: Sequence[KeptEstimates], *, keep: bool = True, memory: str | None = None
) -> Covariances:
    """The covariances of those of a survey's waves whose design says that their PSUs recur.

    Waves of different houses, and waves that were estimated from absent respondents and are not in what was
    kept, share nothing. Each wave's own variance is its squared standard error. `keep` writes covariances that
    were made next to the waves; False writes nothing.

    Raises: as `read_wave` and `wave_means`; InputError where the kept file is damaged, or was written by another
    version and the respondents are not here.
    """
    recurring = [each for each in kept if each.wave.design.psu_recur]
    if len(recurring) < 2:
        return {}
    recipes = {each.wave.name: each.recipe for each in recurring}
    variances = {each.wave.name: _variances(each.estimates) for each in recurring}
    here = all(each.respondents_here for each in recurring)
    file = KeptFile(recurring[0].wave.toml.with_name(COVARIANCE), SCHEMA)
    known = _covariance_in(file, here=here)
    if here and (known is None or not recipes.items() <= known.recipes.items()):
        waves = {each.wave.name: each.wave for each in recurring}
        scores = {each.wave.name: each.scores or _scores_of(each.wave, memory) for each in recurring}
        known = KeptCovariance(recipes, list(_pairs(waves, scores, variances)))
        if keep:
            file.write(_text(known))
    return {} if known is None else _tables(known, recurring, variances)


def _scores_of(wave: Wave, memory: str | None) -> PsuScores:
    """The scores of a wave whose estimates were kept and whose respondents are here."""
    means = wave_means(read_wave(wave), memory)
    return psu_scores(means)


def _variances(estimates: pd.DataFrame) -> Variances:
    """The variance of each estimate that is shown."""
    shown = estimates[estimates["share_se"].notna()]
    keys = shown[["indicator", "domain"]].itertuples(index=False, name=None)
    return dict(zip(keys, (shown["share_se"] ** 2).tolist(), strict=True))


def _pairs(
    waves: Mapping[str, Wave], scores: Mapping[str, PsuScores], variances: Mapping[str, Variances]
) -> Iterator[Pair]:
    """Earlier wave, later wave, indicator, domain, covariance: of waves of one house, where all are shown."""
    for earlier, later in combinations(waves, 2):
        if waves[earlier].house != waves[later].house:
            continue
        for key, both in scores[earlier].covariance(scores[later]).items():
            if both and key in variances[earlier] and key in variances[later]:
                yield earlier, later, *key, float(f"{both:.{DIGITS}g}")


def _tables(
    known: KeptCovariance, recurring: Sequence[KeptEstimates], variances: Mapping[str, Variances]
) -> Covariances:
    """The square tables, of the waves that are still what their covariances were made from."""
    waves = {
        each.wave.name: each.wave for each in recurring if known.recipes.get(each.wave.name) == each.recipe
    }
    pairs = [pair for pair in known.pairs if {pair[0], pair[1]} <= set(waves)]
    return {
        key: _table(key, waves, variances, [pair for pair in pairs if (pair[2], pair[3]) == key])
        for key in dict.fromkeys((pair[2], pair[3]) for pair in pairs)
    }


def _table(
    key: tuple[str, str],
    waves: Mapping[str, Wave],
    variances: Mapping[str, Variances],
    pairs: Sequence[Pair],
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


def _covariance_in(file: KeptFile, *, here: bool) -> KeptCovariance | None:
    """What was kept, whatever it was made from; None where it can be made again and is of another schema."""
    content = file.read()
    if content is None or (here and not file.is_of(content)):
        return None
    if not file.is_of(content):
        raise InputError(
            f"`{file.path}` was written by another version (schema {content.get('schema', 0)}, this version reads "
            f"{SCHEMA}), and not all respondents are here to make it again: bring one that this version made where "
            "they are, or delete it, and the waves' errors are taken to be independent"
        )
    try:
        pairs = [
            (one, other, indicator, domain, float(both))
            for one, other, indicator, domain, both in content["pairs"]
        ]
        return KeptCovariance(dict(content["recipes"]), pairs)
    except (ValueError, KeyError, TypeError) as error:
        raise file.damaged(error) from error


def _text(known: KeptCovariance) -> str:
    """The file's text: a line each pair of waves, so that a change of one is a change of one line."""
    content = {
        "what": "Covariances of estimates whose waves ask in the same PSUs. May be deleted.",
        "schema": SCHEMA,
        "recipes": known.recipes,
        "pairs": known.pairs,
    }
    return json.dumps(content, ensure_ascii=False).replace("], [", "],\n[") + "\n"
