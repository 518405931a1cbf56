"""Whether survey folders are sound: every fault of every folder at once. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from groundswell.errors import Fault, FaultsError, InputError
from groundswell.vocabulary import EVERYONE
from groundswell.waves import check_survey, list_surveys, load_survey, survey_folder
from groundswell.waves.surveys.house_names import same_house
from groundswell.waves.toml.record import fault_at, read_toml
from groundswell.waves.toplines.table import read_rows
from groundswell.waves.toplines.twice import pair_message, perhaps_twice
from groundswell.waves.wave.wave_toml import list_waves, load_wave, load_waves

if TYPE_CHECKING:
    from groundswell.reports.evidence.disclosure import Item
    from groundswell.waves.respondents.notes import Note
    from groundswell.waves.wave.category_names import DifferingCategories


def check_folders(find: Callable[[], Path], named: Sequence[str]) -> dict[Path, list[Fault]]:
    """The faults of each survey folder; a sound one has none.

    `named` holds paths of folders or names of the project's surveys; none means all of them. `find` gives the
    project and is asked only where it is needed: a folder by its path may lie anywhere.

    Raises: InputError for a name that is neither.
    """
    if not named:
        named = list_surveys(find())
    folders = [Path(name) if Path(name).is_dir() else survey_folder(find(), name) for name in named]
    return {folder: _check(folder) for folder in folders}


def _check(folder: Path) -> list[Fault]:
    """The faults of a survey's own files; where it has none, those of its waves of respondents."""
    return check_survey(folder) or [*_language_faults(folder), *_wave_faults(folder)]


def _language_faults(folder: Path) -> list[Fault]:
    """Whether reports speak the language of a sound survey: without it only `-p language=` makes one."""
    from groundswell.reports.language.language import own_language

    survey = load_survey(folder)
    try:
        own_language(survey)
    except InputError as error:
        return [Fault(folder / "survey.toml", None, "language", str(error))]
    return []


def _wave_faults(folder: Path) -> list[Fault]:
    """The faults of every wave file of a sound survey, and of respondents that are here.

    What only an estimate shows (a weight that is missing, a stratum with one unit) is found by making one.
    """
    if not (folder / "waves").is_dir():
        return []
    from groundswell.estimates.of_wave.estimate import wave_shares
    from groundswell.estimates.of_wave.means import wave_means
    from groundswell.waves.surveys.margins import stray_margins
    from groundswell.waves.wave.check import read_wave
    from groundswell.waves.wave.wave_margins import wave_margins

    survey = load_survey(folder)
    files = list_waves(survey)
    faults = list(stray_margins(folder, [file.stem for file in files]))
    for file in files:
        try:
            wave = load_wave(file, survey)
            wave_margins(wave)
            if wave.respondents.is_file():
                wave_shares(wave_means(read_wave(wave)), minimum_domain_n=survey.minimum_domain_n)
        except FaultsError as error:
            faults += error.faults
        except InputError as error:
            faults.append(Fault(file, None, "file", str(error)))
    return list(dict.fromkeys(faults))  # margins that many waves share are at fault once


def category_notes(folder: Path) -> tuple[dict[str, tuple[Note, ...]], tuple[DifferingCategories, ...]]:
    """What a sound survey's domains rest on: notes on labels by wave, and domains whose categories differ by wave."""
    from groundswell.waves.wave.category_names import (
        differing_categories,
        label_notes,
        names_in,
        stated_names,
    )
    from groundswell.waves.wave.check import read_wave

    notes: dict[str, tuple[Note, ...]] = {}
    names: dict[str, dict[str, tuple[str, ...]]] = {}
    for wave in load_waves(load_survey(folder)) if (folder / "waves").is_dir() else []:
        names[wave.name] = stated_names(wave)
        if wave.domains and wave.respondents.is_file():
            recoded = read_wave(wave)
            names[wave.name] = names_in(recoded)
            notes[wave.name] = tuple(label_notes(recoded))
    return {wave: said for wave, said in notes.items() if said}, tuple(differing_categories(names))


def doubts(folder: Path) -> list[Fault]:
    """What a person should look at in a sound survey folder, since only a person can tell whether it is wrong.

    Rows of `toplines.csv` that may be one wave counted twice, and houses of `survey.toml` that may be one under two
    names.
    """
    survey = load_survey(folder)
    # a wording that is not fitted is shown beside the others and counts nowhere
    fitted = [row for row in read_rows(survey) if survey.indicators[row.indicator].variants[row.variant].fit]
    file = folder / "toplines.csv"
    found = [Fault(file, pair.here.line, "category", pair_message(pair)) for pair in perhaps_twice(fitted)]
    file = folder / "survey.toml"
    _, lines = read_toml(file)
    names = {key: house.name for key, house in survey.houses.items()}
    for one, other in combinations(names, 2):
        if same_house(names[one], names[other]) or same_house(one, other):
            message = (
                f"`{names[other]}` may be `{names[one]}` (`{one}`) under another name; if it is, keep one of the two: "
                "as two houses each has a distance of its own from the level"
            )
            found.append(fault_at(file, lines, ("houses", other), message))
    return found


def stated_disclosure(folder: Path) -> tuple[Item, ...]:
    """The disclosure items of a sound survey folder, as `disclosure` finds them stated or missing.

    A missing item is not a fault: who transcribes published figures may have no way to know it. Reports show it as
    missing.
    """
    from groundswell.reports.evidence.disclosure import disclosure
    from groundswell.trends import observations

    survey = load_survey(folder)
    rows = observations(survey)
    return disclosure(survey, rows[rows["domain"] == EVERYONE])
