"""A wave's file opened, looked at once, and held against what its TOML says.

What speaks against it is a *fault*, the key at which to mend it and a message; all are told at once and stop the wave.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from groundswell.checksum import checksum
from groundswell.errors import InputError, nearest
from groundswell.waves.respondents.codebook import Codebook
from groundswell.waves.respondents.in_process import respondents_in_process
from groundswell.waves.respondents.reader import Respondents, read_respondents
from groundswell.waves.toml.record import Found
from groundswell.waves.wave.faults.answer_codes import share_faults
from groundswell.waves.wave.faults.look import Look, look_at
from groundswell.waves.wave.faults.numbers import band_faults, mean_faults
from groundswell.waves.wave.faults.one_wave import several_waves, undecided
from groundswell.waves.wave.raked_weights import with_weights
from groundswell.waves.wave.recode import RecodedWave, recode
from groundswell.waves.wave.set_answers import counted_sets
from groundswell.waves.wave.wave_toml import Wave


def read_wave(wave: Wave) -> RecodedWave:
    """The wave opened, the checksum of its file and every counted code checked, with the weights next to it.

    Raises: InputError as `read_respondents` and `with_weights`, and where the file turns out to be damaged; FaultsError
    where it changed since its checksum was taken, or holds codes that the wave's lists do not name.
    """
    check_checksum(wave)
    respondents = _opened(wave)
    codebook = respondents.codebook
    sets, absent = counted_sets(wave, respondents)
    wave.refuse([*_absent_columns(wave, codebook), *absent])
    recoded = recode(wave, respondents, sets)
    try:
        look = look_at(recoded, undecided(wave, codebook))
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"`{wave.respondents}` cannot be read ({reason}): ask for the whole file") from error
    wave.refuse(wave_faults(wave, look, codebook))
    return with_weights(recoded)


def _opened(wave: Wave) -> Respondents:
    """The file's respondents; read once where many waves share it and none adds weights of its own."""
    if wave.declared and wave.weights is None:
        return respondents_in_process(wave.respondents, wave.read_options)
    return read_respondents(wave.respondents, options=wave.read_options)


def check_checksum(wave: Wave) -> None:
    """Hold the file against its checksum.

    Raises: FaultsError where they differ.
    """
    if wave.respondents.is_file() and (got := checksum(wave.respondents)) != wave.sha256:
        message = (
            f"`{wave.file}` has changed: its SHA-256 is {got}; put the old file back, "
            "or write the new checksum here"
        )
        wave.refuse([(("sha256",), message)])


def _absent_columns(wave: Wave, codebook: Codebook) -> Iterator[Found]:
    """Columns that the wave names and its file has not."""
    for column, path in wave.columns.items():
        if column not in codebook:
            yield path, f"`{wave.file}` has no column `{column}`; {nearest(column, codebook.variables)}"


def wave_faults(wave: Wave, look: Look, codebook: Codebook) -> Iterator[Found]:
    """What speaks against a wave whose file holds what was seen: several waves in one, codes left unexplained."""
    yield from several_waves(wave, look, codebook)
    for key, answer in wave.indicators.items():
        if key in wave.scales:
            messages = mean_faults(answer, wave.scales[key], look.means[key], codebook)
        else:
            words, own = wave.counted_words.get(key, ()), wave.no_answer_words
            messages = share_faults(answer, look.codes, codebook, words, own)
        yield from ((("indicators", key), message) for message in messages)
    for key, bands in look.bands.items():
        for message in band_faults(bands, codebook[wave.domains[key].column]):
            yield ("domains", key), message
