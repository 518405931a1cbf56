"""SPSS and Stata files as older programs write them, which pyreadstat's writers do not."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

END_OF_DICTIONARY = struct.pack("<ii", 999, 0)


def write_spss(table: pd.DataFrame, file: Path, **options: Any) -> Path:
    pyreadstat.write_sav(table, file, **options)
    return file


def write_stata(table: pd.DataFrame, file: Path, **options: Any) -> Path:
    pyreadstat.write_dta(table, file, **options)
    return file


def in_encoding(
    write: Callable[..., Path],
    file: Path,
    encoding: str,
    words: Mapping[int, str],
    label: str,
    cells: tuple[str, ...] = (),
    **options: Any,
) -> Path:
    """A file whose question `mood` has these labels, and whose `town` holds `cells`, in an encoding it does not state.

    Written with words of ASCII as long as those in the encoding, which then take their place.
    """
    replaced: dict[bytes, bytes] = {}
    stand_ins = _stand_ins()

    def stand_in(text: str) -> str:
        held = text.encode(encoding)
        chosen = next(stand_ins).ljust(len(held), "x")
        replaced[chosen.encode()] = held
        return chosen

    table = pd.DataFrame({"mood": [1.0, 2.0, 1.0, 1.0]})
    if cells:
        table["town"] = [stand_in(cell) for cell in cells]
    write(
        table,
        file,
        column_labels=[stand_in(label), "town"][: len(table.columns)],
        variable_value_labels={"mood": {code: stand_in(word) for code, word in words.items()}},
        **options,
    )
    content = file.read_bytes()
    for plain, held in replaced.items():
        assert plain in content
        content = content.replace(plain, held)
    file.write_bytes(content)
    return file


def _stand_ins() -> Iterator[str]:
    """Short words that stand nowhere else in a file, none the beginning of another."""
    for first, second in itertools.product("QZJXVKYW", repeat=2):
        yield f"{first}{second}"


def with_sets(file: Path, *lines: str, record: int = 7) -> Path:
    """An SPSS file with multiple-response sets in its dictionary."""
    held = "".join(f"{line}\n" for line in lines).encode()
    content = file.read_bytes()
    place = content.index(END_OF_DICTIONARY)
    file.write_bytes(content[:place] + struct.pack("<iiii", 7, record, 1, len(held)) + held + content[place:])
    return file
