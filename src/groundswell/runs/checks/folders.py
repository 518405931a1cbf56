"""Whether survey folders are sound: every fault of every folder at once. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Final

from groundswell.errors import Fault, FaultsError, InputError
from groundswell.vocabulary import EVERYONE
from groundswell.waves import Survey, check_survey, find_project, list_surveys, load_survey, survey_folder
from groundswell.waves.surveys.house_names import same_house
from groundswell.waves.toml.record import fault_at, read_toml
from groundswell.waves.toplines.table import fitted_rows
from groundswell.waves.toplines.twice import pair_message, perhaps_twice
from groundswell.waves.wave.half_file import HALF_FETCHED
from groundswell.waves.wave.wave_toml import Wave, list_waves
from groundswell.waves.wave.waves_of_survey import load_waves, waves_of

if TYPE_CHECKING:
    from groundswell.reports.evidence.disclosure import Item
    from groundswell.waves.respondents.notes import Note
    from groundswell.waves.wave.category_names import DifferingCategories
    from groundswell.waves.wave.twice.prints import Prints


_OVERLAP: Final = {
    "rolling": (
        "{waves} waves of `{house}` overlap in their fieldwork, most with the next one, and count as rolling windows "
        'that share respondents: write `overlap = "rolling"`, or `overlap = "separate"` if each has a sample of its own'
    ),
    "separate": (
        "{waves} waves of `{house}` overlap in their fieldwork, few or not by much, and count as a sample each: write "
        '`overlap = "separate"`, or `overlap = "rolling"` if they share respondents'
    ),
}


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
    return check_survey(folder) or [*_language_faults(folder), *_plan_faults(folder), *_wave_faults(folder)]


def _language_faults(folder: Path) -> list[Fault]:
    """Whether reports speak the language of a sound survey: without it only `-p language=` makes one."""
    from groundswell.reports.language.language import own_language

    survey = load_survey(folder)
    try:
        own_language(survey)
    except InputError as error:
        return [Fault(folder / "survey.toml", None, "language", str(error))]
    return []


def _plan_faults(folder: Path) -> list[Fault]:
    """Whether what a sound survey plans can be made, with the notebooks of the project that it stands in."""
    from groundswell.runs.plan.requests import plan_faults
    from groundswell.runs.plan.shared import Shared

    try:
        project = find_project(folder)
    except InputError:  # a folder on its own has no notebooks that could say which parameters there are
        return []
    here = folder.resolve().parent == (project / "surveys").resolve()
    return plan_faults(Shared(project), folder.resolve().name) if here else []


def _wave_faults(folder: Path) -> list[Fault]:
    """The faults of every wave file of a sound survey, and of respondents that are here.

    What only an estimate shows (a weight that is missing, a stratum with one unit) is found by making one.
    """
    if not (folder / "waves").is_dir():
        return []
    from groundswell.waves.surveys.margins import stray_margins
    from groundswell.waves.wave.twice.counted_twice import respondents_in_two_waves

    survey = load_survey(folder)
    files = list_waves(survey)
    faults: list[Fault] = []
    prints: list[Prints] = []
    names: list[str] = []
    for file in files:
        try:
            waves = waves_of(file, survey)
        except FaultsError as error:
            faults += error.faults
            continue
        names += [wave.name for wave in waves]
        for wave in waves:
            faults += _faults_of(wave, survey.minimum_domain_n, prints if len(files) > 1 else None)
    for shared in respondents_in_two_waves(prints):
        if shared.is_fault:
            later = shared.other.wave
            faults.append(fault_at(later.toml, later.lines, ("file",), str(shared)))
    faults += stray_margins(folder, [*names, *(file.stem for file in files)])
    return list(dict.fromkeys(faults))  # margins that many waves share are at fault once


def doubts(folder: Path) -> list[Fault]:
    """What a person should look at in a sound survey folder, since only a person can tell whether it is wrong.

    Rows of `toplines.csv` that may be one wave counted twice; houses of `survey.toml` that may be one under two names,
    and those whose waves overlap without a word on it; half-fetched files; identifiers of respondents that recur from
    wave to wave.
    """
    survey = load_survey(folder)
    file = folder / "toplines.csv"
    pairs = list(perhaps_twice(fitted_rows(survey)))
    found = [Fault(file, pair.here.line, "category", pair_message(pair)) for pair in pairs]
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
    # A wave that may be told twice overlaps with itself: that is asked first.
    twice = {pair.here.house for pair in pairs}
    found += [
        fault_at(file, lines, ("houses", house), message)
        for house, message in _overlapping(survey).items()
        if house not in twice
    ]
    return [*found, *_half_fetched(folder), *_recurring_identifiers(survey)]


def _half_fetched(folder: Path) -> list[Fault]:
    """Files that a download began and did not end; reports leave them out."""
    message = "is half of a file, left by a download that did not end; no report reads it: delete it"
    half = (file for file in folder.rglob(f"*{HALF_FETCHED}") if not file.name.startswith("."))
    return [Fault(file, None, "", message) for file in sorted(half)]


def _overlapping(survey: Survey) -> dict[str, str]:
    """By house, what is made of its waves that overlap in their fieldwork, where `overlap` is not stated."""
    from groundswell.trends import observations
    from groundswell.trends.answers.diagnostics import overlapping_windows
    from groundswell.trends.model.measurement import measure

    rows = observations(survey)
    messages: dict[str, str] = {}
    for _, mine in rows[(rows["domain"] == EVERYONE) & (rows["left_out"] == "")].groupby("indicator"):
        told = overlapping_windows(measure(mine)).values
        for kind in ("rolling", "separate"):
            for each in told[kind]:
                if not each["stated"]:
                    messages.setdefault(each["house"], _OVERLAP[kind].format(**each))
    return messages


def _recurring_identifiers(survey: Survey) -> list[Fault]:
    """Waves whose identifiers recur in an earlier one, though no panel is declared."""
    from groundswell.waves.wave.check import read_wave
    from groundswell.waves.wave.twice.counted_twice import respondents_in_two_waves
    from groundswell.waves.wave.twice.prints import prints_of

    waves = [wave for wave in load_waves(survey) if wave.design.id and wave.respondents.is_file()]
    if len({wave.toml for wave in waves if not wave.design.psu_recur}) < 2:
        return []
    prints = [prints_of(read_wave(wave)) for wave in waves]
    found = [shared for shared in respondents_in_two_waves(prints) if not shared.is_fault]
    return [
        fault_at(shared.other.wave.toml, shared.other.wave.lines, ("design", "id"), str(shared))
        for shared in found
    ]


def _faults_of(wave: Wave, minimum_domain_n: int, prints: list[Prints] | None) -> list[Fault]:
    """What reading a wave and estimating from it finds; nothing where its respondents are not here.

    The fingerprints of its respondents are added to `prints`, where there are other waves to hold them against.
    """
    from groundswell.estimates.of_wave.estimate import wave_shares
    from groundswell.estimates.of_wave.means import wave_means
    from groundswell.waves.wave.check import read_wave
    from groundswell.waves.wave.twice.prints import prints_of
    from groundswell.waves.wave.wave_margins import wave_margins

    try:
        wave_margins(wave)
        if not wave.respondents.is_file():
            return []
        recoded = read_wave(wave)
        wave_shares(wave_means(recoded), minimum_domain_n=minimum_domain_n)
        if prints is not None:
            prints.append(prints_of(recoded))
    except FaultsError as error:
        return list(error.faults)
    except InputError as error:
        place = f"in the wave `{wave.name}`: " if wave.declared else ""
        return [Fault(wave.toml, None, "file", f"{place}{error}")]
    return []


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
