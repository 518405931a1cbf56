"""An SPSS, Stata or SAS file, opened in the encoding of its texts.

A file states its encoding (old Stata files do not) and may state a wrong one: an older Russian program writes
Windows-1251 under any header. A stated encoding that cannot read the texts, or that makes no words of them, is replaced
by the one that does, and a note says so. Where several would do, the user is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groundswell.errors import InputError
from groundswell.waves.respondents.encodings import (
    MARGIN,
    Reading,
    faults_a_letter,
    known_encoding,
    likely_readings,
)
from groundswell.waves.respondents.notes import Note
from groundswell.waves.respondents.statistical.read_apart import Cells, OverLimitError, read_apart

READERS = {
    ".sav": "read_sav",
    ".zsav": "read_sav",
    ".por": "read_por",
    ".dta": "read_dta",
    ".sas7bdat": "read_sas7bdat",
    ".xpt": "read_xport",
}
"""By the ending of a file's name what pyreadstat reads it with."""

BYTES = "latin1"
"""The encoding that reads each byte as one letter, and so gives the bytes back."""

LOCKED = b"ENCRYPTEDSAV"

_CANNOT_DECODE = "Unable to convert string"
"""How ReadStat says that texts are not in the encoding that it was told."""


class _NotInEncodingError(Exception):
    """The texts are not in the encoding in which they were read."""


@dataclass(frozen=True)
class EncodedFile:
    """A file with what it says of its columns (`about`), read in `encoding`, or as the file states where it is None."""

    file: Path
    encoding: str | None = None
    about: Any = None
    notes: tuple[Note, ...] = ()

    def rows(self, **options: Any) -> tuple[EncodedFile, Cells, Any]:
        """The cells as pyreadstat gives them, and what it says of them; the file may turn out to need another encoding.

        Raises: InputError where the file breaks off or is damaged.
        """
        try:
            return (self, *_read(self.file, self.encoding, "breaks off or is damaged", **options))
        except _NotInEncodingError:
            texts = _texts_of_cells(self.file) if self.encoding is None else b""
            guessed = _guessed(self.file, _texts_of(self.file) + texts, self.encoding)
            return (guessed, *_surely(self.file, guessed.encoding, "breaks off or is damaged", **options))

    @property
    def python_encoding(self) -> str:
        """The encoding that texts are in, as Python names it."""
        stated = self.encoding or self.about.file_encoding
        try:
            return known_encoding(stated) if stated else "utf-8"
        except InputError:
            return BYTES


def opened(file: Path, encoding: str | None = None) -> EncodedFile:
    """The file in an encoding that is stated, or found.

    Raises: InputError where the file is damaged or locked, or where its texts cannot be read in `encoding`, or, if it
    is not stated, in one encoding better than in others.
    """
    with file.open("rb") as stream:
        if LOCKED in stream.read(64):
            raise InputError(f"`{file}` is locked by a password: save it in SPSS without one")
    if encoding is not None:
        encoding = known_encoding(encoding)
    try:
        _, about = _read(file, encoding, f"is not a sound {file.suffix} file", metadataonly=True)
    except _NotInEncodingError:
        return _guessed(file, _texts_of(file), encoding)
    found = EncodedFile(file, encoding, about)
    return found if encoding is not None else _doubted(found)


def _doubted(found: EncodedFile) -> EncodedFile:
    """The file in another encoding where its labels make words in that and not in the one that it states."""
    labels = _labels(found.about)
    if labels.isascii() or found.about.file_encoding == "UTF-8":
        return found
    readings = likely_readings(_texts_of(found.file))
    if not readings or labels in (reading.text for reading in readings):
        return found
    if faults_a_letter(labels) < faults_a_letter(readings[0].text) + MARGIN:
        return found
    return _in_encoding(found.file, readings[0], readings[1:])


def _guessed(file: Path, texts: bytes, stated: str | None) -> EncodedFile:
    """The file in the one encoding that makes words of its texts."""
    if stated is not None:
        raise InputError(f"`{file}` holds texts that are not in `{stated}`: state another encoding, or none")
    readings = likely_readings(texts)
    if len(readings) == 1:
        return _in_encoding(file, readings[0])
    choices = ", ".join(f"`{each.encoding}` ({each.sample})" for each in readings)
    raise InputError(
        f"`{file}` holds texts that are not in the encoding that it states: state the one that they are in, "
        f"as --encoding cp1251{f'; these fit: {choices}' if choices else ''}"
    )


def _in_encoding(file: Path, chosen: Reading, others: tuple[Reading, ...] = ()) -> EncodedFile:
    """The file in a guessed encoding, with the note that says so."""
    _, about = _surely(file, chosen.encoding, f"is not a sound {file.suffix} file", metadataonly=True)
    facts = {"encoding": chosen.encoding, "sample": chosen.sample}
    rivals = ", ".join(f"{each.encoding} ({each.sample})" for each in others)
    note = Note("guessed_encoding", facts=facts | {"rivals": f"; {rivals} fits as well" if rivals else ""})
    return EncodedFile(file, chosen.encoding, about, (note,))


def _surely(file: Path, encoding: str | None, fault: str, **options: Any) -> tuple[Cells, Any]:
    """As `_read`, where no other encoding is left to be tried.

    Raises: InputError.
    """
    try:
        return _read(file, encoding, fault, **options)
    except _NotInEncodingError as error:
        raise InputError(
            f"`{file}` {fault} (its texts are in no one encoding): ask for the whole file again"
        ) from error


def _read(file: Path, encoding: str | None, fault: str, **options: Any) -> tuple[Cells, Any]:
    """What pyreadstat reads.

    Raises: _NotInEncodingError, and InputError, which says the fault, for anything else that stops it.
    """
    if encoding is not None:
        if file.suffix.lower() == ".por":
            raise InputError(f"`{file}`: a .por file has letters of its own and no encoding to state")
        options["encoding"] = encoding
    try:
        cells, about = read_apart(
            READERS[file.suffix.lower()], file, disable_datetime_conversion=True, **options
        )
    except OverLimitError as error:
        raise InputError(
            f"`{file}` cannot be read: {error}, as no sound file of its size does ({file.stat().st_size:,} bytes): "
            "ask for the whole file again, or save it as .parquet or .csv"
        ) from error
    except ValueError as error:
        if _CANNOT_DECODE in str(error) or isinstance(error, UnicodeError):
            raise _NotInEncodingError from error
        raise InputError(f"`{file}` {fault} ({error}): ask for the whole file again") from error
    if all(about.column_names):
        return cells, about
    if encoding not in (None, BYTES):
        raise _NotInEncodingError  # names that are not in it are left empty
    nameless = next(place for place, name in enumerate(about.column_names, 1) if not name)
    raise InputError(f"`{file}` {fault} (column {nameless} has no name): ask for the whole file again")


def _labels(about: Any) -> str:
    """Every name and label of a file, a line each."""
    named = [*about.column_names, *(label or "" for label in about.column_labels)]
    return "\n".join(
        [*named, *(label or "" for labels in about.value_labels.values() for label in labels.values())]
    )


def _texts_of(file: Path) -> bytes:
    """The bytes of all names and labels."""
    _, about = _surely(file, BYTES, f"is not a sound {file.suffix} file", metadataonly=True)
    return _labels(about).encode(BYTES)


def _texts_of_cells(file: Path) -> bytes:
    """The bytes of all words that respondents' columns of text hold."""
    cells, about = _surely(file, BYTES, "breaks off or is damaged")
    texts = [name for name, kind in about.readstat_variable_types.items() if kind == "string"]
    words = {str(word) for name in texts for word in cells[name]}
    return "\n".join(sorted(words)).encode(BYTES, errors="ignore")
