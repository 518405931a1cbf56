"""A wave's estimates, kept next to its TOML with the checksum of the respondents that they came from.

`waves/<wave>.estimates.json` holds shares by domain after disclosure control, the data quality, who answered
and how weights are spread: nothing of a single respondent. Where access to the respondents is restricted, it
alone serves the report, and the rows say so. It is made again when the respondents, the wave's TOML, the
method or the file's schema change, and may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from groundswell.checksum import checksum
from groundswell.errors import InputError
from groundswell.estimates.of_wave.disclosure_control import hidden_below
from groundswell.estimates.of_wave.estimate import wave_shares, without_figures
from groundswell.estimates.of_wave.estimate_flags import PUBLISHED_BEFORE, flagged, join_flags
from groundswell.estimates.of_wave.kept_file import KeptFile
from groundswell.estimates.of_wave.means import wave_means
from groundswell.estimates.of_wave.psu_scores import PsuScores, psu_scores
from groundswell.estimates.of_wave.published.groups import WaveGroups, published_groups, wave_groups
from groundswell.estimates.of_wave.published.hidden import hidden_for_published
from groundswell.estimates.of_wave.quality_check import QualityCheck
from groundswell.estimates.of_wave.respondent_quality import wave_quality
from groundswell.estimates.of_wave.sample import Sample, wave_sample
from groundswell.vocabulary import HIDDEN
from groundswell.waves.surveys.survey_toml import Survey
from groundswell.waves.wave.check import check_checksum, read_wave
from groundswell.waves.wave.raked_weights import declared
from groundswell.waves.wave.wave_margins import wave_margins
from groundswell.waves.wave.wave_toml import ESTIMATES, Wave

SCHEMA = 2
"""Raised whenever the file is written in another form; 1 held sentences where 2 holds codes."""

METHOD = 5
"""Raised whenever the same respondents would give other figures."""

DIGITS = 12
"""Significant digits kept: sums made in parallel differ in the sixteenth."""

DECIMALS = 15
"""Decimals to which a figure is rounded before that."""

TABLES: dict[str, dict[str, str]] = {
    "estimates": {
        **dict.fromkeys(("indicator", "domain"), "str"),
        "n": "Int64",
        **dict.fromkeys(
            ("n_effective", "share", "share_se", "share_low", "share_high", "df", "deff"), "float64"
        ),
        **dict.fromkeys(("deff_kind", "flags"), "str"),
    },
    "sample": {
        "domain": "str",
        "n": "Int64",
        **dict.fromkeys(("of_respondents", "of_base", "of_weight"), "float64"),
        "flags": "str",
    },
    "weights": {
        "weights": "str",
        "n": "Int64",
        **dict.fromkeys(("deff", "n_effective", "largest", "top_share"), "float64"),
    },
    "weight_bins": {"weights": "str", **dict.fromkeys(("low", "high"), "float64"), "n": "Int64"},
}
"""The tables in the file, each with its columns in order and their types."""


@dataclass(frozen=True, kw_only=True)
class KeptEstimates:
    """What is known of a wave's respondents.

    Attributes:
        wave: whose they are.
        recipe: the checksum of all that the figures depend on other than the respondents.
        estimates: as `wave_shares` makes them, figures at `DIGITS` significant digits.
        quality: every check of the wave against itself.
        sample: who answered, and how the weights are spread.
        respondents_here: False where only what was kept could be read.
        scores: of the PSUs, where they recur and the estimates were made just now; never written.
    """

    wave: Wave
    recipe: str
    estimates: pd.DataFrame
    quality: tuple[QualityCheck, ...]
    sample: Sample
    respondents_here: bool
    scores: PsuScores | None = None


def kept_estimates(
    survey: Survey, wave: Wave, *, keep: bool = True, memory: str | None = None
) -> KeptEstimates:
    """The wave's estimates: kept ones where nothing changed, else made from the respondents.

    Args:
        survey, wave: what to estimate.
        keep: write estimates that were made next to the wave; False writes nothing, ever. In a folder that is
            read-only they are made again each time.
        memory: as in `sum_respondents`.

    The figures are the same whether they were kept or just made.

    Raises: FaultsError where the respondents changed since their checksum or hold codes in no list;
    InputError where the respondents are absent and nothing that fits was kept, or as `wave_means`, `wave_shares`,
    `published_groups` and `hidden_for_published`.
    """
    before = published_groups(wave)
    recipe, file = _recipe(survey, wave, before), KeptFile(estimates_file(wave), SCHEMA)
    content = file.read()
    if content is not None and file.is_of(content) and content.get("recipe") == recipe:
        check_checksum(wave)
        return _estimates_in(file, content, wave)
    if not wave.respondents.is_file():
        raise InputError(_absent(wave, content))
    made = _made(survey, wave, recipe, before, memory)
    text = _text(made)
    if keep:
        file.write(text)
    return replace(_estimates_in(file, json.loads(text), wave), scores=made.scores)


def estimates_file(wave: Wave) -> Path:
    """Where a wave's estimates are kept."""
    return wave.beside(ESTIMATES)


_DECIDES = {
    *(
        "design",
        "indicators",
        "domains",
        "rows",
        "interview_date",
        "start",
        "end",
        "sha256",
        "missing",
        "reading",
        "scales",
    )
}
"""The keys of a wave's TOML that decide its figures."""


def shown_groups(survey: Survey, wave: Wave, estimates: pd.DataFrame) -> WaveGroups:
    """The groups of a wave that a report of its kept estimates shows."""
    return wave_groups(wave, _recipe(survey, wave), estimates)


def _recipe(survey: Survey, wave: Wave, before: Sequence[WaveGroups] = ()) -> str:
    """A checksum of all that the figures depend on other than the respondents.

    What was published `before` counts where it was made by another recipe, since it may hide more. What stands at its
    default is left out, so that a new key makes no kept file old.
    """
    stated = wave.model_dump(
        mode="json", include=_DECIDES, exclude={"design": {"psu_recur"}}, exclude_defaults=True
    )
    weights = None
    if wave.weights is not None and wave.weights.is_file():
        weights = [checksum(wave.weights), declared(wave, wave_margins(wave))]
    decides = [METHOD, survey.minimum_domain_n, weights, stated]
    recipe = hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()
    others = [each.model_dump_json() for each in before if each.recipe != recipe]
    return hashlib.sha256(json.dumps([recipe, *others]).encode()).hexdigest() if others else recipe


def _made(
    survey: Survey, wave: Wave, recipe: str, before: Sequence[WaveGroups], memory: str | None
) -> KeptEstimates:
    """Everything that is kept, from the respondents."""
    recoded = read_wave(wave)
    means = wave_means(recoded, memory)
    estimates = wave_shares(means, minimum_domain_n=survey.minimum_domain_n)
    if before:
        limit, own = hidden_below(survey.minimum_domain_n), _recipe(survey, wave)
        more = hidden_for_published(wave, estimates, before, recipe=own, limit=limit)
        estimates = without_figures(estimates, more, join_flags([HIDDEN, PUBLISHED_BEFORE]))
    unseen = estimates[flagged(estimates["flags"], HIDDEN)]
    hidden = dict(zip(unseen["domain"], unseen["flags"], strict=True))
    return KeptEstimates(
        wave=wave,
        recipe=recipe,
        estimates=estimates,
        quality=wave_quality(recoded, means.plan),
        sample=wave_sample(recoded.respondents, means.plan, hidden),
        respondents_here=True,
        scores=psu_scores(means) if wave.design.psu_recur else None,
    )


def _absent(wave: Wave, content: Mapping[str, Any] | None) -> str:
    """Why nothing is known of a wave whose respondents are not here, and what to do."""
    name = estimates_file(wave).name
    if content is None:
        reason = f"there is no `{name}` next to it"
    elif content.get("schema") != SCHEMA:
        schema = content.get("schema", 1)
        reason = f"`{name}` was written by another version (schema {schema}, this version reads {SCHEMA})"
    else:
        reason = f"`{name}` holds no estimates made with the present `{wave.toml.name}`"
    return (
        f"`{wave.respondents}` is not here, and {reason}: put the respondents there (SHA-256 {wave.sha256}), or "
        f"bring a `{name}` that this version made where they are"
    )


def _estimates_in(file: KeptFile, content: Mapping[str, Any], wave: Wave) -> KeptEstimates:
    """The records that a file of the present schema holds."""
    try:
        tables = {name: _table(content[name], types) for name, types in TABLES.items()}
        quality = tuple(QualityCheck.from_record(record) for record in content["quality"])
    except (ValueError, KeyError, TypeError) as error:
        raise file.damaged(error) from error
    return KeptEstimates(
        wave=wave,
        recipe=content["recipe"],
        estimates=tables["estimates"],
        quality=quality,
        sample=Sample(tables["sample"], tables["weights"], tables["weight_bins"]),
        respondents_here=wave.respondents.is_file(),
    )


def _table(content: Mapping[str, Any], types: Mapping[str, Any]) -> pd.DataFrame:
    """A table with its columns' types.

    Raises: ValueError where it has other columns.
    """
    if content["columns"] != list(types):
        raise ValueError(f"columns {', '.join(content['columns'])} instead of {', '.join(types)}")
    columns = zip(*content["data"], strict=True) if content["data"] else [()] * len(types)
    cells = zip(types.items(), columns, strict=True)
    return pd.DataFrame({name: pd.array(list(column), dtype=kind) for (name, kind), column in cells})


def _text(made: KeptEstimates) -> str:
    """The file's text: a line each row, so that a change of one row is a change of one line."""
    content = {
        "what": f"Estimates from the respondents of {made.wave.file}, after disclosure control. May be deleted.",
        "schema": SCHEMA,
        "sha256": made.wave.sha256,
        "recipe": made.recipe,
    }
    sample = made.sample
    tables = {
        "estimates": made.estimates,
        "sample": sample.domains,
        "weights": sample.diagnostics,
        "weight_bins": sample.bins,
    }
    checks = [json.dumps(_rounded(check.as_record()), ensure_ascii=False) for check in made.quality]
    lines = [f'"{name}": {_split(table, TABLES[name])}' for name, table in tables.items()]
    lines.insert(1, f'"quality": [{_LINES.join(checks)}]')
    return _LINES.join([json.dumps(content, ensure_ascii=False)[:-1], *lines]) + "}\n"


_LINES = ",\n"


def _split(table: pd.DataFrame, types: Mapping[str, str]) -> str:
    """The table as columns and rows, a line each."""
    plain = table[list(types)].astype(object)
    rows = plain.where(plain.notna(), None).to_numpy().tolist()
    data = _LINES.join(json.dumps(_rounded(row), ensure_ascii=False) for row in rows)
    return f'{{"columns": {json.dumps(list(types))}, "data": [{data}]}}'


def _rounded(value: Any) -> Any:
    """The value, floats within it at `DIGITS` significant digits; what is not finite is not known."""
    if isinstance(value, float):
        # in two steps as in files of every schema, so that no figure differs between them
        return float(f"{round(value, DECIMALS):.{DIGITS}g}") if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    return [_rounded(part) for part in value] if isinstance(value, list) else value
