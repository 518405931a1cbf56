"""The weights that `groundswell weight` writes next to a wave, and never into it.

`waves/<wave>.weights.parquet` holds one row a respondent of the wave in the file's order: the weight before raking,
as raked, and as used (trimmed since, it may be), and the category of each margin that the respondent was raked in
(empty for who had none). It carries the checksum of the respondents and all that was declared of the raking, so that
weights that no longer are what the wave says are refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from groundswell.arrays import Floats
from groundswell.errors import InputError
from groundswell.files import write_whole
from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.layouts.file_rows import BY_COUNT
from groundswell.waves.respondents.sql import sql
from groundswell.waves.respondents.stored_rows import stored
from groundswell.waves.wave.recode import RecodedWave
from groundswell.waves.wave.wave_margins import WaveMargins, wave_margins
from groundswell.waves.wave.wave_toml import Wave

WEIGHT, RAKED, BASE = "groundswell_weight", "groundswell_raked", "groundswell_base"
MARGIN = "groundswell_margin_"
"""Names of the columns; `MARGIN` begins those of the categories that were raked to."""

ENDING = ".weights.parquet"
TABLE_WITH_WEIGHTS = "respondents_with_weights"


def file_of_weights(wave: Wave) -> Path:
    """Where a wave's weights are written."""
    return wave.beside(ENDING)


def write_weights(
    wave: Wave,
    margins: WaveMargins,
    categories: pd.DataFrame,
    *,
    base: Floats,
    raked: Floats,
    weights: Floats,
    done: Mapping[str, Any],
) -> None:
    """Write the weights next to the wave, whole or not at all.

    Args:
        wave, margins: what was raked to what.
        categories: one row a respondent, a column a margin.
        base, raked, weights: before raking, after it, and as used.
        done: what the raking did that the wave does not declare, kept for who reads the file.
    """
    import pyarrow as pa
    from pyarrow import parquet

    about = {"sha256": wave.sha256, "declared": declared(wave, margins), "done": done}
    columns = {BASE: base, RAKED: raked, WEIGHT: weights}
    named = {
        MARGIN + key: pa.array(categories[key], pa.string(), from_pandas=True) for key in margins.margins
    }
    table = pa.table({**columns, **named}).replace_schema_metadata({"groundswell": json.dumps(about)})
    write_whole(file_of_weights(wave), lambda part: parquet.write_table(table, part))


def declared(wave: Wave, margins: WaveMargins) -> dict[str, Any]:
    """All that a wave and its survey say of the raking, each with the words for where they say it."""
    keys = {"rows", "missing", "reading", "domains", "weighting"}
    # what stands at its default is left out, so that a key that a later version knows changes nothing
    stated = wave.model_dump(mode="json", include=keys, exclude_defaults=True)
    toml = wave.toml.name
    return {
        f"`weight` under `[design]` of `{toml}`": wave.design.weight,
        **{f"`{key}` of `{toml}`": stated.get(key) for key in ("rows", "missing", "reading")},
        **{f"`[domains.{key}]` of `{toml}`": stated.get("domains", {}).get(key) for key in margins.margins},
        f"`[weighting]` of `{toml}`": stated.get("weighting"),
        **{f"`margins/` for `{key}`": margin.totals for key, margin in margins.margins.items()},
    }


def about_weights(file: Path) -> dict[str, Any]:
    """What a file of weights says of itself: `sha256` of the respondents, what was `declared`, what was `done`."""
    from pyarrow import parquet

    about: dict[str, Any] = json.loads((parquet.read_schema(file).metadata or {}).get(b"groundswell", b"{}"))
    return about


def check_weights_file(wave: Wave) -> None:
    """Hold the file of weights that a wave names against the wave; nothing where it names none.

    Raises: InputError where the file is absent, belongs to other respondents, or what was declared has changed since.
    """
    file = wave.weights
    if file is None:
        return
    if not file.is_file():
        raise InputError(f"`{file}` is not here: make it with `groundswell weight`, or delete `weights_file`")
    about = about_weights(file)
    if about.get("sha256") != wave.sha256:
        raise InputError(f"`{file}` was made for other respondents than `{wave.file}`: make it again")
    then = about.get("declared")
    if then is None:
        raise InputError(
            f"`{file}` was made by an earlier version, which did not keep what was raked to: make it again"
        )
    now = json.loads(json.dumps(declared(wave, wave_margins(wave))))
    changed = [place for place in {**now, **then} if now.get(place) != then.get(place)]
    if changed:
        raise InputError(
            f"`{file}` was made before {', '.join(changed)} changed: make it again with "
            f"`groundswell weight {wave.survey_folder.name} --wave {wave.name}`, or put back what was there"
        )


def with_weights(recoded: RecodedWave) -> RecodedWave:
    """The wave with the weights that stand next to it, and the categories that they were raked to, as columns.

    Raises: InputError as `check_weights_file`.
    """
    from pyarrow import parquet

    wave, respondents = recoded.wave, recoded.respondents
    check_weights_file(wave)
    if wave.weights is None:
        return recoded
    codebook, connection = respondents.codebook, respondents.connection
    weights = parquet.read_table(wave.weights)
    (here,) = respondents.row("SELECT count(*) FROM {respondents} WHERE {where}", where=recoded.where)
    if here != weights.num_rows:
        raise InputError(f"`{wave.weights}` was made for other `rows` of `{wave.file}`: make it again")
    respondents.keep_order()  # the weights stand in it
    connection.register("raked_weights", weights)
    with_own = sql(
        "SELECT * FROM (SELECT * FROM {respondents} WHERE {where}) AS own POSITIONAL JOIN raked_weights",
        respondents=respondents.scan,
        where=recoded.where,
    )
    together = stored(connection, with_own, TABLE_WITH_WEIGHTS)
    margins = tuple(name for name in weights.column_names if name.startswith(MARGIN))
    added = {name: Variable(name, "text" if name in margins else "number") for name in weights.column_names}
    variables = {**codebook.variables, **added}
    weighted = replace(
        respondents, codebook=replace(codebook, variables=variables), scan=together, places=BY_COUNT
    )
    return replace(recoded, respondents=weighted, margins=margins)
