"""A text file as DuckDB can read it: in UTF-8, with one kind of line end.

What is so already is read where it is. Anything else is written anew into a private file of the temporary folder, which
nobody else may read and which is gone once its rows are loaded.
"""

from __future__ import annotations

import codecs
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from groundswell.errors import InputError
from groundswell.waves.respondents.encodings import known_encoding, likely_readings
from groundswell.waves.respondents.notes import Note
from groundswell.waves.respondents.private_folder import private_folder

CHUNK_BYTES = 1 << 20

MOST_LINES = 3000
"""Lines by which an encoding is found."""

BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""In this order: UTF-16's mark begins UTF-32's."""


@dataclass(frozen=True)
class Encoding:
    """A text's encoding as Python names it, and what is to be said of it."""

    name: str
    notes: tuple[Note, ...] = ()


def find_encoding(file: Path, stated: str | None) -> Encoding:
    """The encoding of a text file.

    Raises: InputError for an encoding that is not known, for a file that is in none or in several, and where no
        reading of its bytes is clearly the best.
    """
    if stated is not None:
        return Encoding(_known(stated))
    with file.open("rb") as stream:
        first = stream.read(4096)
    for mark, name in BYTE_ORDER_MARKS.items():
        if first.startswith(mark):
            return Encoding(name)
    if b"\0" in first:
        return Encoding(_without_mark(file, first))
    strange = _strange_lines(file)
    return _single_byte(file, strange) if strange.count else Encoding("utf-8")


def _known(stated: str) -> str:
    """The stated encoding; UTF-8 may begin with its byte order mark."""
    name = known_encoding(stated)
    return "utf-8-sig" if name == "utf-8" else name


def _without_mark(file: Path, first: bytes) -> str:
    """UTF-16 without its mark has a zero in every second byte of Latin text."""
    even, odd = first[0::2].count(0), first[1::2].count(0)
    if min(even, odd) * 10 > max(even, odd):
        raise InputError(f"`{file}` holds zero bytes, as no text does: it is damaged, or not a text file")
    return "utf-16-le" if odd > even else "utf-16-be"


@dataclass
class _Strange:
    """Lines that are not UTF-8: how many, the first with its byte, such lines; and how many others hold letters."""

    count: int = 0
    first_line: int = 0
    first_byte: int = 0
    sound: int = 0
    sound_line: int = 0
    lines: bytes = b""
    broken_off: bool = False


def _strange_lines(file: Path) -> _Strange:
    """The lines that are not UTF-8. A file that is sound is only passed through."""
    strange = _Strange()
    if _is_utf8(file):
        return strange
    lines: list[bytes] = []
    with file.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                strange.sound += 1
                strange.sound_line = strange.sound_line or number
            except UnicodeDecodeError as error:
                strange.count += 1
                strange.broken_off = error.reason == "unexpected end of data" and not line.endswith(b"\n")
                if strange.count == 1:
                    strange.first_line, strange.first_byte = number, line[error.start]
                if len(lines) < MOST_LINES:
                    lines.append(line)
    strange.lines = b"".join(lines)
    return strange


def _is_utf8(file: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with file.open("rb") as stream:
        try:
            while chunk := stream.read(CHUNK_BYTES):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _single_byte(file: Path, strange: _Strange) -> Encoding:
    """The encoding of the lines that are not UTF-8, where all lines are in one."""
    where = f"`{file}` line {strange.first_line} is not UTF-8 (byte 0x{strange.first_byte:02x})"
    if strange.broken_off and strange.count == 1 and strange.sound:
        raise InputError(
            f"`{file}` breaks off inside a letter of line {strange.first_line}: ask for the whole file"
        )
    if strange.sound * 20 > strange.count:
        raise InputError(
            f"{where}, while line {strange.sound_line} is: the file mixes encodings; save all of it as UTF-8"
        )
    readings = likely_readings(strange.lines)
    if not readings:
        raise InputError(
            f"{where}, and in no encoding that is known here: state its `encoding`, or save it as UTF-8"
        )
    if len(readings) > 1:
        choices = " or ".join(f"{each.encoding} (`{each.sample}`)" for each in readings)
        raise InputError(
            f"{where}; it may be {choices}: state which with `--encoding`, or save the file as UTF-8"
        )
    facts = {"encoding": readings[0].encoding, "word": readings[0].sample}
    return Encoding(readings[0].encoding, (Note("encoding_guessed", facts=facts),))


def has_even_line_ends(file: Path) -> bool:
    """Whether every line of a file in UTF-8 ends alike, with a line feed, after a carriage return or not."""
    kinds: set[bytes] = set()
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            if chunk.endswith(b"\r"):
                chunk += stream.read(1)
            pairs = chunk.count(b"\r\n")
            kinds |= {b"\r\n"} if pairs else set()
            kinds |= {b"\n"} if chunk.count(b"\n") > pairs else set()
            kinds |= {b"\r"} if chunk.count(b"\r") > pairs else set()
    return len(kinds) <= 1 and b"\r" not in kinds


@contextmanager
def as_utf8(file: Path, encoding: str) -> Iterator[Path]:
    """The file as DuckDB can read it: itself, or a private copy that is gone afterwards.

    `encoding` is as `find_encoding` gives it: `utf-8` is known to fit.

    Raises: InputError with its line where the file is not in this encoding.
    """
    sound = encoding == "utf-8" or (encoding == "utf-8-sig" and _is_utf8(file))
    if sound and has_even_line_ends(file):
        yield file
        return
    folder = private_folder()
    folder.mkdir()
    try:
        copy = folder / "respondents.csv"
        _write_copy(file, encoding, copy)
        yield copy
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write_copy(file: Path, encoding: str, copy: Path) -> None:
    """Line by line; Python turns every line end into a line feed."""
    with file.open(encoding=encoding) as source, copy.open("w", encoding="utf-8", newline="") as target:
        try:
            target.writelines(source)
        except UnicodeError as error:
            raise InputError(_not_in(file, encoding)) from error


def _not_in(file: Path, encoding: str) -> str:
    """What is said of a file that is not in its encoding: the line of the first byte that is not."""
    content = file.read_bytes()
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].decode(encoding, errors="ignore").count("\n") + 1
        return (
            f"`{file}` line {line} is not {encoding} (byte 0x{content[error.start]:02x}): state the file's encoding "
            "with `--encoding`, or ask for the whole file"
        )
    return f"`{file}` is not {encoding}, as which it begins: state its encoding with `--encoding`"
