"""A part of an .xlsx, read as its XML comes: no tree is made of it, and no document type is taken from it."""

from __future__ import annotations

import re
import zipfile
from typing import NoReturn, Self
from xml.parsers.expat import ParserCreate

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
"""What the parser puts before the names of a sheet's elements, whatever prefix the file writes."""

_CHUNK_BYTES = 1 << 18
_ESCAPED = re.compile("_x(?!D[89A-F])([0-9A-F]{4})_", re.IGNORECASE)
"""A sign that XML cannot hold: `_x000D_` is a carriage return, `_x005F_` the dash that begins such a sign."""


class XmlPart:
    """A part that is being read. A kind of part says what it does where an element starts and ends."""

    def __init__(self) -> None:
        self.held: list[str] = []
        self._parser = ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self.start
        self._parser.EndElementHandler = self.end
        self._parser.StartDoctypeDeclHandler = _refuse

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Called where an element starts."""

    def end(self, name: str) -> None:
        """Called where an element ends."""

    def is_enough(self) -> bool:
        """Whether the rest need not be read."""
        return False

    def read(self, archive: zipfile.ZipFile, path: str) -> Self:
        """Read the part of this path.

        Raises: ExpatError where it is no XML; ValueError where it declares a document type; what zipfile raises.
        """
        with archive.open(path) as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                self._parser.Parse(chunk, False)
                if self.is_enough():
                    return self
        self._parser.Parse(b"", True)
        return self

    def hold(self) -> None:
        """Hold the text that comes, until `pause`."""
        self._parser.CharacterDataHandler = self.held.append

    def pause(self) -> None:
        """Pass over the text that comes."""
        self._parser.CharacterDataHandler = None

    def taken(self) -> str:
        """The text that was held, which is held no longer."""
        text = "".join(self.held)
        self.held.clear()
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _refuse(*_: object) -> NoReturn:
    raise ValueError("it declares a document type, as no workbook does")


_SHARED, _TEXT, _PRONOUNCED = f"{MAIN}si", f"{MAIN}t", f"{MAIN}rPh"


class SharedTexts(XmlPart):
    """The texts that the cells of all sheets name by their number; one may come in runs of different fonts."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._aside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 (the parser hands them over)
        """Hold the text of a run, not how it is pronounced."""
        if name == _TEXT and not self._aside:
            self.hold()
        elif name == _PRONOUNCED:
            self._aside = True

    def end(self, name: str) -> None:
        """Keep a text that is whole."""
        if name == _TEXT:
            self.pause()
        elif name == _SHARED:
            self.texts.append(self.taken())
        elif name == _PRONOUNCED:
            self._aside = False
