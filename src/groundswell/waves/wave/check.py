"""A wave's file held against what its TOML says: the checksum, and every code that is counted.

A *fault* stops the wave: a code that stands in no list could mean anything. A numerator code that nobody
gave is not a fault, since nobody may have given it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import duckdb

from groundswell.checksum import checksum
from groundswell.errors import FaultsError, nearest
from groundswell.waves.respondents.codebook import Codebook
from groundswell.waves.respondents.codes import plain_code
from groundswell.waves.respondents.in_process import respondents_in_process
from groundswell.waves.respondents.reader import Respondents, read_respondents
from groundswell.waves.toml.lines import Path as TomlPath
from groundswell.waves.toml.record import fault_at
from groundswell.waves.wave.answer_codes import mislabelled, unanswered_in_bands, unlisted_no_answers
from groundswell.waves.wave.listed_codes import listed_codes
from groundswell.waves.wave.many_waves.one_wave import several_waves
from groundswell.waves.wave.raked_weights import with_weights
from groundswell.waves.wave.recode import RecodedWave, recode
from groundswell.waves.wave.scale_check import mean_faults
from groundswell.waves.wave.set_answers import mark_fault, set_faults
from groundswell.waves.wave.wave_toml import CountedAnswer, Wave

MANY = 1000
"""A column with more different answers than this is not a list of codes."""

Found = tuple[TomlPath, str]
"""The key at which something is wrong, and what."""


def read_wave(wave: Wave) -> RecodedWave:
    """The wave opened, the checksum of its file and every counted code checked, with the weights next to it.

    Raises: InputError as `read_respondents` and `with_weights`; FaultsError where the file changed since its
    checksum was taken, or holds codes that the wave's lists do not name.
    """
    check_checksum(wave)
    respondents = _opened(wave)
    _refuse(wave, _absent_columns(wave, respondents.codebook))
    _refuse(wave, _absent_answers(wave, respondents))
    recoded = recode(wave, respondents)
    _refuse(wave, [*several_waves(recoded), *_unexplained_codes(recoded)])
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
        _refuse(wave, [(("sha256",), message)])


def _refuse(wave: Wave, broken: Iterable[Found]) -> None:
    """Raises: FaultsError where anything is broken, each fault with its line."""
    place = f"in the wave `{wave.name}`: " if wave.declared else ""
    if faults := [fault_at(wave.toml, wave.lines, path, f"{place}{message}") for path, message in broken]:
        raise FaultsError(str(wave.toml), faults)


def _absent_columns(wave: Wave, codebook: Codebook) -> Iterator[Found]:
    """Columns that the wave names and its file has not."""
    for column, path in wave.columns.items():
        if column not in codebook:
            yield path, f"`{wave.file}` has no column `{column}`; {nearest(column, codebook.variables)}"


def _absent_answers(wave: Wave, respondents: Respondents) -> Iterator[Found]:
    """Questions with several answers, or answers of them, that the wave names and its file has not."""
    for key, answer in wave.indicators.items():
        if answer.options:
            for message in set_faults(answer, respondents):
                yield ("indicators", key), message


def _unexplained_codes(recoded: RecodedWave) -> Iterator[Found]:
    """Every code in the file that the wave's lists leave unexplained, and columns that hold no codes."""
    for key, answer in recoded.wave.indicators.items():
        if key in recoded.wave.scales:
            yield from ((("indicators", key), message) for message in mean_faults(recoded, key))
            continue
        for column in answer.columns:
            for message in _column_faults(recoded, column, answer, recoded.wave.counted_words.get(key, ())):
                yield ("indicators", key), message
    for key, rule in recoded.wave.domains.items():
        for message in unanswered_in_bands(recoded, rule):
            yield ("domains", key), message


def _column_faults(
    recoded: RecodedWave, column: str, answer: CountedAnswer, words: Sequence[str]
) -> Iterator[str]:
    """What is wrong with the answers in one column; `words` are those that the survey counts."""
    variable = recoded.respondents.codebook[column]
    try:
        counts = recoded.respondents.code_counts(column, where=recoded.where, most=MANY + 1)
    except duckdb.Error as error:
        yield f"`{column}`: {str(error).splitlines()[0]}"
        return
    if len(counts) > MANY:
        yield f"`{column}` holds over {MANY:,} answers, so it is not a list of codes: name the coded column"
        return
    stated = {
        plain_code(code) for code in (*(answer.numerator or ()), *(answer.valid or ()), *answer.missing)
    }
    unknown = [
        count
        for count in counts
        if count.code not in (None, "")
        and count.meant not in stated
        and count.code not in stated
        and not variable.is_missing(count.code)
        and not (count.meant is not None and variable.is_missing(count.meant))
    ]
    texts = [count for count in unknown if isinstance(count.meant, str)]
    if texts and (answer.at_least is not None or not any(isinstance(code, str) for code in stated)):
        yield (
            f"`{column}` holds text where codes are counted: {listed_codes(texts, variable)}; "
            "name the column of codes, write the answers as text, or list them in `missing`"
        )
    elif answer.valid is not None and unknown:
        yield (
            f"`{column}` holds codes in no list: {listed_codes(unknown, variable)}; "
            "add each to `numerator`, `valid` or `missing`"
        )
    else:
        yield from unlisted_no_answers(variable, answer, counts, recoded.wave.no_answer_words)
    yield from mislabelled(variable, answer, words)
    if answer.at_least is not None:
        return
    if (marks := mark_fault(variable, answer, counts, recoded.respondents.codebook)) is not None:
        yield marks
    if not any(count.meant in stated or count.code in stated for count in counts):
        yield f"`{column}` holds none of the codes that are counted; it holds {listed_codes(counts, variable)}"
