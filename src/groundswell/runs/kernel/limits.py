"""What a notebook may take: time, memory, output, files. Each is a setting, an environment variable with a default.

They are there so that no run hangs for ever or fills the disk, and not to ration: the defaults are far above what a
report needs. They change no number, so they stand in no manifest.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from groundswell.errors import InputError

CELL_SECONDS = "GROUNDSWELL_CELL_SECONDS"
REPORT_SECONDS = "GROUNDSWELL_REPORT_SECONDS"
MEMORY = "GROUNDSWELL_MEMORY"
OUTPUT_SIZE = "GROUNDSWELL_OUTPUT_SIZE"
SAVED_SIZE = "GROUNDSWELL_SAVED_SIZE"
SAVED_FILES = "GROUNDSWELL_SAVED_FILES"

DEFAULTS = {
    CELL_SECONDS: "3600",
    REPORT_SECONDS: "14400",
    OUTPUT_SIZE: "50MB",
    SAVED_SIZE: "1GB",
    SAVED_FILES: "1000",
}
"""Of memory the default is `SHARE_OF_MEMORY` of the machine's."""

SHARE_OF_MEMORY = 0.75
NO_LIMIT = "none"

_SIZES = {"KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12}


@dataclass(frozen=True)
class Limits:
    """What a notebook may take; infinite where there is no limit."""

    cell_seconds: float
    report_seconds: float
    memory: float
    output: float
    saved: float
    saved_files: float


def read_limits(environment: Mapping[str, str] = os.environ) -> Limits:
    """The limits that the environment states, else the defaults.

    Raises: InputError where a setting is not a number or a size.
    """

    def read(
        name: str, parse: Callable[[str], float | None], example: str, default: float = math.inf
    ) -> float:
        stated = environment.get(name, "").strip() or DEFAULTS.get(name, "")
        if not stated:
            return default
        amount = math.inf if stated.casefold() == NO_LIMIT else parse(stated)
        if amount is None or not amount > 0:
            raise InputError(
                f"`{name}` is {example}, or `{NO_LIMIT}`, got `{stated}`; leave it unset for the default"
            )
        return amount

    return Limits(
        cell_seconds=read(CELL_SECONDS, _number, "seconds, such as `600`"),
        report_seconds=read(REPORT_SECONDS, _number, "seconds, such as `600`"),
        memory=read(MEMORY, _size, "a size, such as `8GB`", default=SHARE_OF_MEMORY * _machine_memory()),
        output=read(OUTPUT_SIZE, _size, "a size, such as `50MB`"),
        saved=read(SAVED_SIZE, _size, "a size, such as `50MB`"),
        saved_files=read(SAVED_FILES, _number, "a number of files, such as `1000`"),
    )


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII) else None


def _size(text: str) -> float | None:
    """Bytes that `text` states: 1 MB is a million."""
    stated = re.fullmatch(r"(\d+(?:\.\d+)?) ?([KMGT]B)", text.upper(), re.ASCII)
    return float(stated[1]) * _SIZES[stated[2]] if stated else None


def _machine_memory() -> float:
    """Bytes of memory that the machine has; infinite where it does not say."""
    try:
        return float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (OSError, ValueError):
        return math.inf


def in_words(size: float) -> str:
    """A size as a setting states it, so that the one stated comes out as it was: `8GB`, `1.5GB`, `50MB`."""
    unit = next((unit for unit in ("GB", "MB") if size >= _SIZES[unit]), "KB")
    return f"{size / _SIZES[unit]:.4g}{unit}"
