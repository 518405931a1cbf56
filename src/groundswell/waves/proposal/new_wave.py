"""A new wave: its file copied into the survey, and a TOML proposed next to it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from groundswell.checksum import checksum
from groundswell.errors import Fault, FaultsError, InputError, nearest
from groundswell.files import write_whole
from groundswell.waves.proposal.lines import Line, as_toml
from groundswell.waves.proposal.proposal import Asked, propose
from groundswell.waves.respondents.layouts.layout import AS_FOUND, ReadOptions
from groundswell.waves.respondents.notes import Note
from groundswell.waves.respondents.reader import read_respondents
from groundswell.waves.surveys.survey_toml import Survey, is_key
from groundswell.waves.wave.check import read_wave
from groundswell.waves.wave.wave_toml import list_waves
from groundswell.waves.wave.waves_of_survey import waves_of


@dataclass(frozen=True)
class AddedWave:
    """What was written: the wave's TOML and file, the lines proposed, what a person must still fill in, and how the
    file was read where that must be known."""

    toml: Path
    file: Path
    respondents: int
    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]
    notes: tuple[Note, ...] = ()


def add_wave(
    survey: Survey,
    source: Path,
    *,
    name: str | None = None,
    house: str | None = None,
    waves: str | None = None,
    like: bool = True,
    drop: Sequence[str] = (),
    options: ReadOptions = AS_FOUND,
) -> AddedWave:
    """Copy `source` into the survey's `waves/`, and write a TOML next to it that proposes what the columns are for.

    The original is not touched. Nothing is written where the file cannot be read.

    Args:
        survey: with its blanks, where it is one that `draft_survey` gave.
        source: the file of respondents.
        name: of the wave; by default the file's.
        house: who did the fieldwork.
        waves: the column that makes many waves of the file.
        like: False takes nothing over from an earlier wave.
        drop: keys that are not taken over from the wave that it is like, such as `domains.sex`.
        options: how the file is read.

    Raises: InputError as `read_respondents` and `propose`; for a house that the survey has not; where the wave or its
    file is there already; or where the name cannot name a wave.
    """
    if house is not None and house not in survey.houses:
        raise InputError(f"`{survey.name}` has no house `{house}`; {nearest(house, survey.houses)}")
    respondents = read_respondents(source, options=options)
    folder = survey.folder / "waves"
    name = name or wave_name(survey, source)
    if not is_key(name):
        raise InputError(
            f"`{name}` cannot name a wave: small letters, digits, `-` and `_`; give it one with `--name`"
        )
    toml, file, sha256 = folder / f"{name}.toml", folder / source.name, checksum(source)
    if toml.exists():
        raise InputError(
            f"`{toml}` is there already: name the wave otherwise with `--name`, or edit what is there"
        )
    if file.exists() and checksum(file) != sha256:
        raise InputError(f"`{file}` is there already with other content: rename the file that you add")
    asked = Asked(house=house, options=_beside(options), wave_column=waves, like=like, drops=tuple(drop))
    lines = tuple(propose(survey, respondents, asked, file=file.name, sha256=sha256))
    folder.mkdir(exist_ok=True)
    _copy(source, file)
    if options.catalogue is not None:
        _copy(Path(options.catalogue), folder / Path(options.catalogue).name)
    write_whole(toml, as_toml(lines))
    codebook = respondents.codebook
    return AddedWave(toml, file, codebook.rows, lines, tuple(_faults(toml, survey)), codebook.notes)


def _copy(source: Path, file: Path) -> None:
    """Copy a file to where it is not yet."""
    if not file.exists():
        write_whole(file, lambda part: shutil.copyfile(source, part))


def _beside(options: ReadOptions) -> ReadOptions:
    """The options as a wave's TOML states them: a catalogue is next to it."""
    return replace(options, catalogue=options.catalogue and Path(options.catalogue).name)


def wave_name(survey: Survey, source: Path) -> str:
    """`wave-07.sav` is wave `07`, unless the survey's other waves keep the word."""
    stem = re.sub(r"[^a-z0-9_-]+", "-", source.stem.casefold()).strip("-_")
    others = [path.stem for path in list_waves(survey)]
    if any(other.startswith("wave") for other in others):
        return stem
    return re.sub(r"^wave[-_ ]*(?=.)", "", stem)


def _faults(toml: Path, survey: Survey) -> list[Fault]:
    """What is still wrong with the proposal."""
    try:
        for wave in waves_of(toml, survey):
            read_wave(wave)
    except FaultsError as error:
        return list(error.faults)
    except InputError as error:
        return [Fault(toml, None, "", str(error))]
    return []
