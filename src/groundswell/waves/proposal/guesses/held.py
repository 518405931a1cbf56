"""What a column of a new file holds, as far as a guess about it needs to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.codes import Code, code_of, plain_code
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import answered, identifier, literal, sql

FEW = 60
"""A column with more different answers is told by its range."""

NAMED = 3
"""How many codes or rivals a reason names."""


@dataclass(frozen=True)
class Held:
    """What a column holds.

    Attributes:
        different: how many different answers.
        codes: respondents by code, in order of the codes; empty where there are more than `FEW`.
        low, high: the least and the largest number; None where the answers are words.
    """

    different: int
    codes: Mapping[Code, int]
    low: float | None
    high: float | None

    @property
    def range(self) -> str:
        """`2 codes (1, 2)`, or `72 numbers (18 to 89)`."""
        if self.low is not None and self.high is not None and self.different > NAMED:
            return f"{self.different} numbers ({self.low:g} to {self.high:g})"
        shown = [str(code) for code in list(self.codes)[:NAMED]]
        more = " …" if self.different > len(shown) else ""
        return f"{self.different} code{'' if self.different == 1 else 's'} ({', '.join(shown)}{more})"


def held(respondents: Respondents, variable: Variable, missing: Sequence[Code] = ()) -> Held:
    """What a column holds; codes that the file declares missing, and those of `missing`, are not counted."""
    name, base = identifier(variable.name), answered(variable, missing=missing)
    rows = respondents.rows(
        "SELECT {name}, count(*) FROM {respondents} WHERE {base} GROUP BY 1 ORDER BY 1 LIMIT {most}",
        name=name,
        base=base,
        most=literal(FEW + 1),
    )
    codes = {_code(code): int(many) for code, many in rows}
    if len(rows) <= FEW and any(isinstance(code, str) for code in codes):
        return Held(len(rows), codes, None, None)
    number = sql("TRY_CAST({name} AS DOUBLE)", name=name)
    different, low, high, all_numbers = respondents.row(
        "SELECT count(DISTINCT {name}), min({number}), max({number}), count({number}) >= 0.9 * count({name}) "
        "FROM {respondents} WHERE {base}",
        name=name,
        number=number,
        base=base,
    )
    kept = codes if len(rows) <= FEW else {}
    return Held(int(different), kept, *((low, high) if all_numbers else (None, None)))


def _code(code: object) -> Code:
    """A code as people write it; text that writes a number is that number."""
    if isinstance(code, str):
        return code_of(code)
    return plain_code(code) if isinstance(code, int | float) else str(code)
