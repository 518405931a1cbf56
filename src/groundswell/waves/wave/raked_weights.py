"""The weights that `groundswell weight` writes next to a wave, and never into it.

`waves/<wave>.weights.parquet` holds one row a respondent of the wave in the file's order: the weight before raking,
as raked, and as used (trimmed since, it may be). It carries the checksum of the respondents and the variables that
they were raked to.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from groundswell.arrays import Floats
from groundswell.errors import InputError
from groundswell.files import write_whole
from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.reader import stored
from groundswell.waves.respondents.sql import identifier, literal, sql
from groundswell.waves.wave.recode import RecodedWave
from groundswell.waves.wave.wave_toml import Wave

WEIGHT, RAKED, BASE = "groundswell_weight", "groundswell_raked", "groundswell_base"
MARGIN = "groundswell_margin_"
"""Names of the columns; `MARGIN` begins those of the categories that were raked to."""

ENDING = ".weights.parquet"
TABLE_WITH_WEIGHTS = "respondents_with_weights"


def file_of_weights(wave: Wave) -> Path:
    """Where a wave's weights are written."""
    return wave.toml.with_suffix(ENDING)


def write_weights(
    wave: Wave, *, margins: Sequence[str], base: Floats, raked: Floats, weights: Floats
) -> None:
    """Write the weights next to the wave, whole or not at all."""
    import pyarrow as pa
    from pyarrow import parquet

    about = {"groundswell": json.dumps({"sha256": wave.sha256, "margins": list(margins)})}
    table = pa.table({BASE: base, RAKED: raked, WEIGHT: weights}).replace_schema_metadata(about)
    write_whole(file_of_weights(wave), lambda part: parquet.write_table(table, part))


def raked_to(wave: Wave) -> tuple[str, ...]:
    """The variables to whose margins the wave's weights were raked; none where it names no file of weights.

    Raises: InputError where the file is absent, or belongs to other respondents.
    """
    from pyarrow import parquet

    file = wave.weights
    if file is None:
        return ()
    if not file.is_file():
        raise InputError(f"`{file}` is not here: make it with `groundswell weight`, or delete `weights_file`")
    about = json.loads((parquet.read_schema(file).metadata or {}).get(b"groundswell", b"{}"))
    if about.get("sha256") != wave.sha256:
        raise InputError(f"`{file}` was made for other respondents than `{wave.file}`: make it again")
    return tuple(about["margins"])


def with_weights(recoded: RecodedWave) -> RecodedWave:
    """The wave with the weights that stand next to it, and the categories that they were raked to, as columns.

    Raises: InputError as `raked_to`; or where the wave no longer has a variable that it was raked to.
    """
    from pyarrow import parquet

    wave, respondents = recoded.wave, recoded.respondents
    margins = raked_to(wave)
    if wave.weights is None:
        return recoded
    if gone := [variable for variable in margins if variable not in wave.domains]:
        raise InputError(
            f"`{wave.weights}` was raked to `{gone[0]}`, and `{wave.toml.name}` has no such domain: make it again"
        )
    codebook, connection = respondents.codebook, respondents.connection
    weights = parquet.read_table(wave.weights)
    # who has a weight of zero may have no category; any stands for it, since nothing is added there
    rules = {MARGIN + key: recoded.domains[key] for key in margins}
    listed = [sql("count(*)"), *(sql("min({category})", category=rule) for rule in rules.values())]
    here, *any_of = respondents.row(
        "SELECT {listed} FROM {respondents} WHERE {where}", listed=listed, where=recoded.where
    )
    if here != weights.num_rows:
        raise InputError(f"`{wave.weights}` was made for other `rows` of `{wave.file}`: make it again")
    categories = [
        sql(
            "coalesce({category}, {any}) AS {name}",
            category=rule,
            any=literal(str(category)),
            name=identifier(column),
        )
        for (column, rule), category in zip(rules.items(), any_of, strict=True)
    ]
    respondents.keep_order()  # the weights stand in it
    connection.register("raked_weights", weights)
    with_own = sql(
        "SELECT * FROM (SELECT {all} FROM {respondents} WHERE {where}) AS own POSITIONAL JOIN raked_weights",
        all=[sql("*"), *categories],
        respondents=respondents.scan,
        where=recoded.where,
    )
    together = stored(connection, with_own, TABLE_WITH_WEIGHTS)
    added = {name: Variable(name, "number") for name in (BASE, RAKED, WEIGHT)}
    added |= {column: Variable(column, "text") for column in rules}
    variables = {**codebook.variables, **added}
    weighted = replace(respondents, codebook=replace(codebook, variables=variables), scan=together)
    return replace(recoded, respondents=weighted, margins=tuple(rules))
