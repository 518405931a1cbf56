"""SQL over respondents: the one place where names, codes, columns and files become SQL.

`Sql` is a piece of SQL that was put together here. A query is a template that stands in the code, whose names in braces
are filled with such pieces; no value ever becomes SQL but through `identifier`, `literal` or a file's rows:

>>> sql("SELECT count(*) FROM {file} WHERE {answer} = {code}",
...     file=parquet_rows(Path("wave.parquet")), answer=identifier("Q 1"), code=literal(2))
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isinf
from pathlib import Path
from typing import LiteralString

from groundswell.errors import InputError
from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.codes import Code


@dataclass(frozen=True)
class Sql:
    """A piece of SQL; `text` is handed to DuckDB and to nothing else."""

    text: str


WILDCARDS = "*?["
"""Signs of a file's name that stand for other signs in DuckDB."""

Pieces = Sql | Sequence[Sql]
"""What fills a name of a template; several pieces are joined with commas."""


def sql(template: LiteralString, **pieces: Pieces) -> Sql:
    """The template with its names in braces filled.

    Raises: KeyError for a name that is not filled.
    """
    return Sql(template.format(**{name: _text(piece) for name, piece in pieces.items()}))


def _text(piece: Pieces) -> str:
    return piece.text if isinstance(piece, Sql) else ", ".join(part.text for part in piece)


def identifier(name: str) -> Sql:
    """A column's name, whatever characters it holds."""
    return Sql('"' + name.replace('"', '""') + '"')


def literal(code: Code) -> Sql:
    """A code or a text; whole numbers without a point, so that a column of whole numbers stays one.

    SPSS's "lowest" and "highest" may be written as infinities, which are no words of SQL.
    """
    if isinstance(code, str):
        return Sql("'" + code.replace("'", "''") + "'")
    if isinf(code):
        return Sql(f"CAST('{float(code)}' AS DOUBLE)")
    return Sql(repr(int(code)) if float(code).is_integer() else repr(float(code)))


def joined(separator: LiteralString, pieces: Iterable[Sql]) -> Sql:
    """The pieces with the separator between them."""
    return Sql(separator.join(piece.text for piece in pieces))


def all_of(tests: Iterable[Sql]) -> Sql:
    """Whether every test holds; none is a test that always holds."""
    tests = tuple(tests)
    return joined(" AND ", tests) if tests else EVERY_ROW


def any_of(tests: Iterable[Sql]) -> Sql:
    """Whether any test holds, in brackets; none is a test that never holds."""
    tests = tuple(sql("({test})", test=test) for test in tests)
    return sql("({any})", any=joined(" OR ", tests)) if tests else sql("false")


EVERY_ROW = Sql("true")
"""The test that every row passes."""


def number(variable: Variable) -> Sql:
    """The column as a number; text that is not a number is NULL, and so are dates and lists."""
    name = identifier(variable.name)
    if variable.kind in ("date", "list"):
        return Sql("CAST(NULL AS DOUBLE)")
    return sql("TRY_CAST({name} AS DOUBLE)", name=name) if variable.kind == "text" else name


def as_double(variable: Variable) -> Sql:
    """As `number`, also of true and false, which cannot be compared with 1.5 as they are."""
    return sql("CAST({number} AS DOUBLE)", number=number(variable))


def code_text(variable: Variable) -> Sql:
    """A code as text, whole numbers without a point, so that the code 1 is `1` in every format."""
    name = identifier(variable.name)
    if variable.kind != "number":
        return sql("trim(CAST({name} AS VARCHAR))", name=name)
    return sql(
        "CASE WHEN CAST({name} AS VARCHAR) IN ('true', 'false') THEN CAST({name} AS VARCHAR) "
        "ELSE coalesce(CASE WHEN CAST({name} AS DOUBLE) = trunc(CAST({name} AS DOUBLE)) "
        "THEN CAST(TRY_CAST({name} AS HUGEINT) AS VARCHAR) END, CAST({name} AS VARCHAR)) END",
        name=name,
    )


def among(variable: Variable, codes: Iterable[Code]) -> Sql:
    """Whether the column holds one of `codes`; never NULL."""
    codes = tuple(codes)
    coded = variable.kind in ("text", "number")
    numbers = [literal(code) for code in codes if coded and not isinstance(code, str)]
    texts = [literal(code) for code in codes if isinstance(code, str)]
    tests = [sql("{number} IN ({codes})", number=number(variable), codes=numbers)] if numbers else []
    if variable.kind not in ("text", "date"):
        texts = [literal(code) for code in codes if code in ("true", "false")]
    if texts:
        tests.append(sql("{text} IN ({codes})", text=code_text(variable), codes=texts))
    return sql("coalesce({any}, false)", any=joined(" OR ", tests)) if tests else sql("false")


def answered(variable: Variable, *, missing: Iterable[Code] = (), valid: Iterable[Code] | None = None) -> Sql:
    """Whether the column holds an answer that is not missing (and is among `valid`, where that is stated).

    User-missing codes of the file, `missing` codes of a wave and empty cells are not answers; which of them it was is
    for the codebook to say.
    """
    name = identifier(variable.name)
    tests = [sql("{name} IS NOT NULL", name=name)]
    if variable.kind == "text":
        tests.append(sql("trim({name}) <> ''", name=name))
    missing = tuple(missing)
    if missing:
        tests.append(sql("NOT {missing}", missing=among(variable, missing)))
    for low, high in variable.missing:
        if variable.kind not in ("text", "number") or (isinstance(low, str) and variable.kind != "text"):
            continue  # a code that is missing in any column may be none that this one can hold
        held = sql("trim({name})", name=name) if isinstance(low, str) else as_double(variable)
        between = sql("{held} BETWEEN {low} AND {high}", held=held, low=literal(low), high=literal(high))
        tests.append(sql("NOT coalesce({between}, false)", between=between))
    if valid is not None:
        tests.append(among(variable, valid))
    return all_of(tests)


def band_of(held: Sql, breaks: Sequence[float], names: Sequence[str]) -> Sql:
    """The name of the band that a number lies in: the first name below the first break, the last from the last on.

    What is no number lies in none.
    """
    cases = [sql("WHEN {held} IS NULL THEN NULL", held=held)]
    cases += [
        sql("WHEN {held} < {limit} THEN {name}", held=held, limit=literal(limit), name=literal(name))
        for limit, name in zip(breaks, names[:-1], strict=True)
    ]
    return sql("CASE {cases} ELSE {last} END", cases=joined(" ", cases), last=literal(names[-1]))


CSV_TYPES = ("BIGINT", "DOUBLE", "DATE", "TIMESTAMP", "VARCHAR")
"""What a column of a text file may be read as; not a truth value, since `Yes` must stay `Yes`."""


def parquet_rows(file: Path) -> Sql:
    """The rows of one Parquet file, to stand after FROM."""
    return sql("read_parquet({file}, hive_partitioning = false)", file=_one_file(file))


def csv_rows(
    file: Path,
    delimiter: str,
    names: Sequence[str],
    *,
    skip: int,
    types: Mapping[str, str] | None = None,
    fractions: bool = True,
) -> Sql:
    """The rows of one delimited text file, to stand after FROM; `skip` rows stand above them.

    Every choice is stated, so that none is guessed. Without `types` each column's is found in every row, since a stray
    word may stand in the last; columns of `fractions` are left text unless they may be found.
    """
    if types is None:
        how = sql(
            "names = [{names}], sample_size = -1, auto_type_candidates = [{types}]",
            names=[literal(name) for name in names],
            types=[literal(kind) for kind in CSV_TYPES if kind != "DOUBLE" or fractions],
        )
    else:
        pairs = [sql("{name}: {kind}", name=literal(name), kind=literal(types[name])) for name in names]
        how = sql("auto_detect = false, columns = {{{pairs}}}", pairs=pairs)
    return sql(
        "read_csv({file}, header = false, delim = {delimiter}, quote = '\"', escape = '\"', comment = '', "
        "skip = {skip}, nullstr = [''], decimal_separator = '.', dateformat = '%Y-%m-%d', "
        "timestampformat = '%Y-%m-%d %H:%M:%S', hive_partitioning = false, {how})",
        file=_one_file(file),
        delimiter=literal(delimiter),
        skip=literal(skip),
        how=how,
    )


def _one_file(file: Path) -> Sql:
    """The path as DuckDB reads it, which takes `x*.csv` for every file of that form unless each sign is bracketed.

    Raises: InputError for a path that holds such a sign and a backslash, which DuckDB cannot be given.
    """
    path = str(file.resolve())
    if any(sign in path for sign in WILDCARDS):
        if "\\" in path:
            raise InputError(
                f"`{path}` holds a backslash and one of `{WILDCARDS}`: rename the file or folder"
            )
        path = "".join(f"[{letter}]" if letter in WILDCARDS else letter for letter in path)
    return literal(path)
