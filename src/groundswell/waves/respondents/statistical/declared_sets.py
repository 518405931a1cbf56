"""Multiple-response sets as an SPSS file states them: columns that are the answers to one question.

They stand in records 7 and 19 of a file's dictionary, as `$news=D1 1 9 News seen tv radio` and a line break: the name,
`D` (columns that hold one counted value where an answer was given) or `C` (columns that hold one answer each), for `D`
the length of the counted value and the value, the length of the label and the label, and the columns by their short
names. `E` of record 19 is `D` with labels taken from elsewhere. Text that is no such line is passed over: a set is a
help, and never a reason not to read a file.

Source: GNU PSPP, "System File Format", "Multiple Response Sets Records".
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from pathlib import Path

from groundswell.waves.respondents.codebook import DeclaredSet, Variable
from groundswell.waves.respondents.codes import code_of

DICTIONARY_BYTES = 1 << 26
"""A dictionary is looked for in so much of a file; one with ten thousand labelled columns has a tenth of it."""

SETS, LONG_NAMES, MORE_SETS = 7, 13, 19
_BYTE_ORDER_AT = 64
"""Where a file states 2 or 3 (its layout) in its own byte order."""


def declared_sets(file: Path, encoding: str, variables: Mapping[str, Variable]) -> tuple[DeclaredSet, ...]:
    """The sets of an SPSS file whose columns are all among `variables`."""
    with file.open("rb") as stream:
        dictionary = stream.read(DICTIONARY_BYTES)
    known = {name.casefold(): variable for name, variable in variables.items()}
    for pair in _record(dictionary, LONG_NAMES).split(b"\t"):
        short, _, long = pair.partition(b"=")
        if (name := _text(long, encoding)) in variables:
            known.setdefault(_text(short, encoding).casefold(), variables[name])
    lines = [line for kind in (SETS, MORE_SETS) for line in _record(dictionary, kind).split(b"\n")]
    return tuple(found for line in lines if (found := _set_of(line, encoding, known)) is not None)


def _record(dictionary: bytes, kind: int) -> bytes:
    """What an extension record of a kind holds, nothing where the dictionary has none."""
    order = "<" if dictionary[_BYTE_ORDER_AT : _BYTE_ORDER_AT + 1] in (b"\2", b"\3") else ">"
    head = struct.pack(f"{order}iii", 7, kind, 1)
    if (at := dictionary.find(head)) < 0 or len(dictionary) < at + 16:
        return b""
    (size,) = struct.unpack_from(f"{order}i", dictionary, at + len(head))
    return dictionary[at + 16 : at + 16 + max(size, 0)]


def _set_of(line: bytes, encoding: str, known: Mapping[str, Variable]) -> DeclaredSet | None:
    """The set that a line states; None for what is no such line, or for columns that are not known."""
    found = re.match(rb"\$?([^=]+)=(C|D|E 11? )", line)
    if found is None:
        return None
    rest, value = line[found.end() :], b""
    try:
        if found[2] != b"C":
            value, rest = _measured(rest)
        label, rest = _measured(rest.lstrip())
    except ValueError:
        return None
    variables = [known.get(_text(name, encoding).casefold()) for name in rest.split()]
    chosen = tuple(variable for variable in variables if variable is not None)
    if not chosen or len(chosen) < len(variables):
        return None
    counted = _text(value, encoding)
    return DeclaredSet(
        name=_text(found[1], encoding),
        label=_text(label, encoding),
        kind="dichotomies" if value else "categories",
        counted=(counted if chosen[0].kind == "text" else code_of(counted)) if value else None,
        columns=tuple(variable.name for variable in chosen),
    )


def _measured(text: bytes) -> tuple[bytes, bytes]:
    """A text before which its length stands, and what follows it.

    Raises: ValueError where no length stands there.
    """
    length, _, rest = text.partition(b" ")
    return rest[: int(length)], rest[int(length) :]


def _text(part: bytes, encoding: str) -> str:
    return part.decode(encoding, errors="replace").strip()
