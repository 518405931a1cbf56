"""The waves of respondents that a survey has: one a TOML, or many where a TOML declares a `wave_column`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from groundswell.errors import Fault, FaultsError, InputError, nearest
from groundswell.waves.respondents.codes import Code
from groundswell.waves.surveys.survey_toml import Survey
from groundswell.waves.toml.lines import Path as TomlPath
from groundswell.waves.toml.record import Found, check_record, read_toml, refuse
from groundswell.waves.wave.like import stated
from groundswell.waves.wave.many_waves.wave_column import (
    Facts,
    WaveColumn,
    codes_of_waves,
    fieldwork_of,
    not_asked,
    wave_names,
    weight_of,
)
from groundswell.waves.wave.wave_toml import Wave, checked_wave, list_waves

PLACEHOLDER = date(2000, 1, 1)
"""Start and end of what all waves of a declaration share, which is never handed out."""


def load_waves(survey: Survey) -> list[Wave]:
    """Every wave of respondents that a survey has, in order of fieldwork.

    Raises: FaultsError with the faults of all its wave files at once.
    """
    waves: list[Wave] = []
    faults: list[Fault] = []
    for file in list_waves(survey):
        try:
            waves += waves_of(file, survey)
        except FaultsError as error:
            faults += error.faults
    if faults:
        raise FaultsError(str(survey.folder / "waves"), faults)
    return sorted(waves, key=lambda wave: (wave.end, wave.start, wave.name))


def find_wave(survey: Survey, name: str) -> Wave:
    """The survey's wave of this name.

    Raises: InputError where there is none, with the nearest name; FaultsError where its TOML is unsound.
    """
    files = {file.stem: file for file in list_waves(survey)}
    many = [stem for stem, file in files.items() if name.startswith(f"{stem}-") and declares_many(file)]
    for stem in [name, *many]:
        for wave in waves_of(files[stem], survey) if stem in files else ():
            if wave.name == name:
                return wave
    raise InputError(f"`{survey.name}` has no wave `{name}`; {nearest(name, _names(survey, files))}")


def _names(survey: Survey, files: Mapping[str, Path]) -> Iterator[str]:
    """The names of waves, of unsound declarations their own."""
    for stem, file in files.items():
        try:
            yield from (wave.name for wave in waves_of(file, survey)) if declares_many(file) else (stem,)
        except FaultsError:
            yield stem


def declares_many(file: Path) -> bool:
    """Whether a wave's TOML makes many waves of one file; an unsound one does not."""
    try:
        return "wave_column" in read_toml(file)[0]
    except FaultsError:
        return False


def waves_of(file: Path, survey: Survey) -> list[Wave]:
    """The waves that one TOML describes.

    A declaration's respondents are looked at where they are here: which waves there are, when they were asked, whose
    weights are complete, which questions were asked. Where they are not, the table `waves` must state that.

    Raises: FaultsError with everything wrong in the TOML, each fault with its line.
    """
    values, lines = stated(file)
    if "wave_column" not in values:
        return [checked_wave(file, file.stem, values, lines, survey)]
    declaration = _Declaration(file, lines)
    declared, preferred, shared = declaration.split(values)
    base = checked_wave(file, file.stem, {**shared, "start": PLACEHOLDER, "end": PLACEHOLDER}, lines, survey)
    facts, without = declaration.facts(base, declared, preferred)
    declaration.refuse()
    chosen = base.rows.get(declared.wave_column)
    codes = codes_of_waves(declared, chosen, facts, without, declaration.broken)
    names = wave_names(file.stem, codes, declaration.broken)
    waves = [
        checked_wave(file, name, own, lines, survey)
        for name, code in names.items()
        if (own := declaration.own_values(declared, code, shared, preferred, base, facts)) is not None
    ]
    declaration.refuse()
    return waves


@dataclass(frozen=True)
class _Declaration:
    """A TOML that makes many waves of one file, and what was found wrong in it."""

    file: Path
    lines: Mapping[TomlPath, int]
    found: list[Found] = field(default_factory=list)

    def broken(self, path: TomlPath, message: str) -> None:
        """Note one fault."""
        self.found.append((path, message))

    def refuse(self) -> None:
        """Raises: FaultsError where anything is wrong."""
        refuse(self.file, self.lines, dict.fromkeys(self.found))

    def split(self, values: dict[str, Any]) -> tuple[WaveColumn, tuple[str, ...], dict[str, Any]]:
        """What tells the waves apart, the columns of weights in order of preference, and what the waves share.

        Raises: FaultsError for keys that are malformed, or that belong to one wave.
        """
        shared = {key: value for key, value in values.items() if key not in ("wave_column", "waves")}
        for key in ("start", "end", "published"):
            if shared.pop(key, None) is not None:
                self.broken(
                    (key,), "is of one wave: state it under `[waves]`, as `1990 = { start = 1990-02-01 }`"
                )
        preferred: tuple[str, ...] = ()
        design = shared.get("design")
        if isinstance(design, dict) and isinstance(listed := design.get("weight"), list):
            preferred = tuple(str(column) for column in listed)
            shared["design"] = {key: value for key, value in design.items() if key != "weight"}
            if not preferred or not all(isinstance(column, str) for column in listed):
                self.broken(("design", "weight"), 'must name columns, as ["wtssnrps", "wtssall"]')
        stated_keys: dict[str, Any] = {key: values[key] for key in ("wave_column", "waves") if key in values}
        check_record(self.file, self.lines, stated_keys, WaveColumn, ())
        declared = WaveColumn.model_validate(stated_keys)
        self.refuse()
        return declared, preferred, shared

    def facts(self, base: Wave, declared: WaveColumn, preferred: Sequence[str]) -> tuple[Facts | None, int]:
        """What the file holds of each wave, and how many respondents are of none; None where it is not here."""
        if not base.respondents.is_file():
            return None, 0
        # most surveys have no such file, and loading what reads one takes longer than all else here
        from groundswell.waves.respondents.in_process import respondents_in_process
        from groundswell.waves.wave.many_waves.code_facts import code_facts

        try:
            respondents = respondents_in_process(base.respondents, base.read_options)
        except InputError as error:
            self.broken(("file",), str(error))
            return None, 0
        codebook = respondents.codebook
        named: dict[TomlPath, str | None] = {
            ("wave_column",): declared.wave_column,
            ("interview_date",): base.interview_date,
        }
        named |= {("design", "weight", place): column for place, column in enumerate(preferred)}
        for key, answer in base.indicators.items():
            named |= {("indicators", key, place): column for place, column in enumerate(answer.columns)}
        for path, column in named.items():
            if column is not None and column not in codebook:
                self.broken(
                    path, f"`{base.file}` has no column `{column}`; {nearest(column, codebook.variables)}"
                )
        if not self.found and codebook[declared.wave_column].kind == "date":
            message = f"`{declared.wave_column}` holds dates, and a wave needs a code: a year, a round"
            self.broken(("wave_column",), message)
        if self.found:
            return None, 0
        return code_facts(
            respondents,
            declared.wave_column,
            interview_date=base.interview_date,
            weights=preferred,
            asked={
                column: answer.missing for answer in base.indicators.values() for column in answer.columns
            },
        )

    def own_values(
        self,
        declared: WaveColumn,
        code: Code,
        shared: dict[str, Any],
        preferred: Sequence[str],
        base: Wave,
        facts: Facts | None,
    ) -> dict[str, Any] | None:
        """The values of one wave; None where it asked none of the survey's questions, or has a fault."""
        of_wave = declared.of(code)
        own = facts.get(code) if facts is not None else None
        left_out = set(not_asked({key: rule.columns for key, rule in base.indicators.items()}, of_wave, own))
        fieldwork = fieldwork_of(code, of_wave, own)
        if left_out >= base.indicators.keys():
            return None
        if fieldwork is None:
            message = (
                f"`{code}` is no year: state its `start` and `end`, as `{{ start = 2024-03-01, end = … }}`"
            )
            self.broken(("waves", str(code)), message)
            return None
        values = {
            **fieldwork,
            **shared,
            **of_wave.model_dump(include={"precision"}, exclude_none=True),
            **of_wave.model_dump(include={"published", "mode", "note"}, exclude_none=True),
            "rows": {**shared.get("rows", {}), declared.wave_column: [code]},
            "indicators": {k: v for k, v in shared["indicators"].items() if k not in left_out},
        }
        design = dict(shared.get("design", {}))
        if of_wave.weights_file is not None:
            design["weights_file"] = of_wave.weights_file
        weight = of_wave.weight
        if weight is None and preferred:
            weight = weight_of(code, preferred, own, self.broken)
        return {**values, "design": design | ({"weight": weight} if weight is not None else {})}
