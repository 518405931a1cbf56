"""The margins that one wave is raked to: its survey's, with what the wave's `[weighting]` says of them.

A category can be taken together with others (`collapse = { "60+" = ["60–69", "70+"] }`), in the margin's totals and
among the respondents alike; a margin whose question the wave did not ask is left out (`not_asked = ["region"]`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from groundswell.errors import nearest
from groundswell.waves.surveys.margins import margin_files, margin_table
from groundswell.waves.toml.record import Found
from groundswell.waves.wave.wave_toml import Wave
from groundswell.waves.wave.weighting_rules import MarginRule


@dataclass(frozen=True)
class WaveMargin:
    """One margin of a wave.

    Attributes:
        totals: the population's, by category, after categories were taken together.
        printed: the categories as the file names them.
        together: the name under which a category is counted, by each that was taken together with others.
        source: where the totals are from.
        file: in which they stand, below the survey's folder.
    """

    totals: dict[str, float]
    printed: tuple[str, ...]
    together: dict[str, str]
    source: str
    file: str

    @property
    def parts(self) -> dict[str, list[str]]:
        """The categories that were taken together, by their common name."""
        named: dict[str, list[str]] = {}
        for part, name in self.together.items():
            named.setdefault(name, []).append(part)
        return named


@dataclass(frozen=True)
class WaveMargins:
    """The margins of a wave by variable, and those of its survey that it lacks."""

    margins: dict[str, WaveMargin]
    not_asked: tuple[str, ...]


def wave_margins(wave: Wave) -> WaveMargins:
    """The margins that a wave is raked to; none where its survey has none.

    Raises: FaultsError as `margin_table`, and where `[weighting]` names a margin or a category that is none, or takes a
    category together that has a total of its own under the common name.
    """
    folder = wave.survey_folder
    files = margin_files(folder, wave.name)
    table = margin_table(folder, wave.name)
    margins: dict[str, WaveMargin] = {}
    broken = list(_unknown_margins(wave, list(files)))
    for variable, file in files.items():
        if variable in wave.weighting.not_asked:
            continue
        rows = table[table["variable"] == variable]
        printed = {
            str(category): float(total)
            for category, total in zip(rows["category"], rows["total"], strict=True)
        }
        rule = wave.weighting.margins.get(variable, MarginRule())
        together = {part: name for name, parts in rule.collapse.items() for part in parts}
        place = ("weighting", "margins", variable, "collapse")
        broken += [(place, message) for message in (*_in_two(rule), *_doubled(printed, together))]
        totals: dict[str, float] = {}
        for category, total in printed.items():
            name = together.get(category, category)
            totals[name] = totals.get(name, 0.0) + total
        sources = "; ".join(dict.fromkeys(rows["source"]))
        margins[variable] = WaveMargin(
            totals, tuple(printed), together, sources, file.relative_to(folder).as_posix()
        )
    wave.refuse(broken)
    return WaveMargins(margins, wave.weighting.not_asked)


def _unknown_margins(wave: Wave, known: list[str]) -> Iterator[Found]:
    rules = wave.weighting
    for name in rules.not_asked:
        if name not in known:
            yield ("weighting", "not_asked"), f"`{name}` has no file under margins/; {nearest(name, known)}"
    for name in rules.margins:
        if name not in known:
            yield ("weighting", "margins", name), f"no margin `{name}` under margins/; {nearest(name, known)}"


def _in_two(rule: MarginRule) -> Iterator[str]:
    """Categories that are taken together with others under two names."""
    first: dict[str, str] = {}
    for name, parts in rule.collapse.items():
        for part in parts:
            if first.setdefault(part, name) != name:
                yield f"`{part}` is in `{first[part]}` and in `{name}`: a category belongs to one"


def _doubled(printed: Mapping[str, float], together: Mapping[str, str]) -> Iterator[str]:
    """Common names that the margin's file gives a total next to totals of their parts, which would count twice."""
    for name in dict.fromkeys(together.values()):
        parts = [part for part, common in together.items() if common == name and part in printed]
        if name in printed and parts and name not in together:
            yield (
                f"margins/ has a total for `{name}` and for `{parts[0]}`, which is a part of it: keep the one or the "
                "other, or choose another name"
            )
