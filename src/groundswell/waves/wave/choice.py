"""What was known on a date: whether any wave was, and which wave of respondents a report then speaks of."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from groundswell.errors import InputError, nearest
from groundswell.waves.surveys.survey_toml import Survey
from groundswell.waves.toplines.table import read_rows
from groundswell.waves.wave.wave_toml import Wave
from groundswell.waves.wave.waves_of_survey import load_waves


def known_days(survey: Survey) -> list[date]:
    """The days from which on each wave of `survey`, published share or respondents, was known.

    Raises: FaultsError for an unsound survey.
    """
    return [*(row.known_from for row in read_rows(survey)), *map(known_from, load_waves(survey))]


def check_known_days(survey: Survey, days: Collection[date], as_of: date) -> None:
    """Hold `as_of` against the days from which on each wave of `survey`, published share or respondents, was known.

    Raises: InputError where there is no such day, or none by `as_of`, with the first.
    """
    if not days:
        raise InputError(
            f"`{survey.name}` has no wave: write published shares into `{survey.toplines.name}`, or add respondents "
            "with `groundswell add`"
        )
    if min(days) > as_of:
        raise InputError(
            f"`as_of=`: `{survey.name}` has no wave known on {as_of}; its first is known since {min(days)}"
        )


def known_waves(survey: Survey, as_of: date | None = None) -> list[Wave]:
    """The waves of respondents that were published by `as_of` (asked by then, where publication is unknown).

    Raises: FaultsError as `load_waves`.
    """
    return [wave for wave in load_waves(survey) if as_of is None or known_from(wave) <= as_of]


def known_from(wave: Wave) -> date:
    """The day from which on a wave was known."""
    return wave.published or wave.end


def choose_wave(survey: Survey, name: str | None, as_of: date) -> Wave:
    """The wave called `name`, or the newest that was known on `as_of`.

    Raises: InputError where the survey has no waves of respondents, none of that name, or none by that date;
    FaultsError as `load_waves`.
    """
    waves = load_waves(survey)
    if not waves:
        raise InputError(
            f"`{survey.name}` has no wave of respondents: `{survey.folder.name}/waves/` holds no wave's TOML"
        )
    if name is None:
        known = [wave for wave in waves if known_from(wave) <= as_of]
        if not known:
            first = min(waves, key=known_from)
            raise InputError(
                f"`as_of=`: no wave of `{survey.name}` was known on {as_of}; the first, `{first.name}`, "
                f"was on {known_from(first)}"
            )
        return known[-1]
    by_name = {wave.name: wave for wave in waves}
    if name not in by_name:
        raise InputError(f"`wave=`: `{survey.name}` has no wave `{name}`; {nearest(name, by_name)}")
    if known_from(by_name[name]) > as_of:
        raise InputError(
            f"`wave=`: `{name}` was published on {known_from(by_name[name])}, after the as-of date {as_of}"
        )
    return by_name[name]
