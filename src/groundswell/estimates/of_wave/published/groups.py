"""Which groups of respondents a report shows, as it writes them down for the reports after it: `groups.json`.

Of each wave it says who is in which domain (columns and codes, never a respondent), and the n and the share of every
domain that is shown, which stand in the report anyway. A later report of other domains, or of a corrected file,
reads this of every report of the archive, so that it shows nothing that gives few people away together with them.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import pandas as pd
from pydantic import Field, ValidationError

from groundswell.errors import InputError
from groundswell.estimates.of_wave.estimate_flags import flagged
from groundswell.vocabulary import HIDDEN
from groundswell.waves.respondents.codes import Code
from groundswell.waves.surveys.fields import Key, Label, Record
from groundswell.waves.wave.wave_toml import Codes, DomainRule, Named, Reading, Sha256, Wave

GROUPS: Final = "groups"
"""Name of the record, which is published as `groups.json`."""

WAY_OUT: Final = (
    "take the reports that showed it out of the archive with their folders, if nobody has read them"
)
"""What helps where nothing can be shown for the sake of what was published before."""

Figures = dict[str, Annotated[tuple[int, float | None], Field(strict=False)]]
"""By indicator n and share; of a mean its place between the ends of its scale."""


class Who(Record):
    """What a wave's TOML says of who is in the wave and in which domain."""

    file: Label
    sha256: Sha256
    rows: dict[Named, Codes] = Field(default_factory=dict)
    missing: Annotated[tuple[Code, ...], Field(strict=False)] = ()
    reading: Reading = Reading()
    domains: dict[Key, DomainRule] = Field(default_factory=dict)
    weight: Named | None = None

    def of(self, wave: Wave) -> Wave:
        """`wave` with these respondents in these domains."""
        design = wave.design.model_copy(update={"weight": self.weight, "weights_file": None})
        stated = {key: getattr(self, key) for key in Who.model_fields if key != "weight"}
        return wave.model_copy(update={**stated, "design": design})


def who(wave: Wave) -> Who:
    """Who is in which domain of a wave."""
    stated = {key: getattr(wave, key) for key in Who.model_fields if key != "weight"}
    return Who(**stated, weight=wave.design.weight)


class WaveGroups(Record):
    """The groups of a wave that a report shows.

    `recipe` is the checksum of all that the wave's figures depend on, other than what was published before; `shown` has
    the figures of every domain that is not hidden. `report` is the folder that says so, not written into it.
    """

    wave: str
    recipe: str
    who: Who
    shown: dict[str, Figures]
    report: str = Field(default="", exclude=True)

    def is_of(self, wave: Wave) -> bool:
        """Whether it speaks of the respondents of `wave`, whatever the wave was called then."""
        same_rows = self.who.sha256 == wave.sha256 and self.who.rows == wave.rows
        return self.wave == wave.name or same_rows

    def equals(self, shares: pd.DataFrame) -> bool:
        """Whether a table of today's shares has the same figures, so that no difference tells anything."""
        now = _shown(shares)
        return all(
            indicator in now.get(domain, {})
            and n == now[domain][indicator][0]
            and abs((share or 0.0) - (now[domain][indicator][1] or 0.0)) < SAME_SHARE
            for domain, figures in self.shown.items()
            for indicator, (n, share) in figures.items()
        )


SAME_SHARE: Final = 1e-9
"""Shares that are nearer are the same."""


class _Groups(Record):
    """What `groups.json` holds."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    waves: tuple[WaveGroups, ...]


def wave_groups(wave: Wave, recipe: str, shares: pd.DataFrame) -> WaveGroups:
    """The groups of a wave that its table of shares shows."""
    return WaveGroups(wave=wave.name, recipe=recipe, who=who(wave), shown=_shown(shares))


def _shown(shares: pd.DataFrame) -> dict[str, Figures]:
    """The figures of a table of shares that are not hidden, by domain and indicator."""
    shown: dict[str, Figures] = {}
    seen = shares[~flagged(shares["flags"], HIDDEN)]
    columns = zip(*(seen[name].tolist() for name in ("domain", "indicator", "n", "share")), strict=True)
    for domain, indicator, n, share in columns:
        shown.setdefault(domain, {})[indicator] = (int(n), None if pd.isna(share) else float(share))
    return shown


def groups_record(groups: Iterable[WaveGroups]) -> dict[str, Any]:
    """What a report publishes as `groups.json`."""
    waves = [each.model_dump(mode="json", exclude_defaults=True) for each in groups]
    return {"schema": 1, "waves": waves}


def published_groups(wave: Wave) -> tuple[WaveGroups, ...]:
    """What the reports in the archive of the wave's project say of its respondents, each thing once, the oldest first.

    Raises: InputError where a `groups.json` is damaged.
    """
    folder = wave.survey_folder
    files = folder.parent.parent.joinpath("reports", folder.name).glob(f"*/{GROUPS}.json")
    found: dict[str, WaveGroups] = {}
    for file in sorted(files):
        state = file.stat()
        for each in _read(file, state.st_mtime_ns, state.st_size):
            if each.is_of(wave):
                found.setdefault(each.model_dump_json(), each)
    return tuple(found.values())


@lru_cache(maxsize=4096)
def _read(file: Path, _written: int, _size: int) -> tuple[WaveGroups, ...]:
    """What one file holds; read again where it was written since."""
    try:
        waves = _Groups.model_validate_json(file.read_bytes()).waves
    except ValidationError as error:
        raise InputError(
            f"`{file}` is damaged, so that nobody knows what that report showed: put it back as it was published, or "
            f"take the report out of the archive with its folder ({error.errors()[0]['msg']})"
        ) from error
    return tuple(each.model_copy(update={"report": file.parent.name}) for each in waves)
