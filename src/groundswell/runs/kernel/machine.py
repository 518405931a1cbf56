"""This machine's folders, taken out of all that is published: who made a report, and where, is nobody's business.

>>> Machine(Path("/srv/office/mood")).without_folders("saved as PosixPath('/srv/office/mood/reports/a.csv')")
"saved as PosixPath('./reports/a.csv')"

A folder is found as it is, and as JSON, HTML and addresses write it; a longer one before one that it stands in. The
time is linear in the text.
"""

from __future__ import annotations

import html
import json
import re
import sys
import tempfile
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import groundswell

# Anchored to where a word begins: tried at each letter of it, a word of a megabyte would take the square of that.
_CELL_FILE = re.compile(r"(?<!\S)\S*ipykernel_\d+/\d+\.py")

_BEGINS = r"(?:(?<![\w.~\-]/)|(?<=\\[nrt]/)|(?<=[\d\[]m/))"
"""That a path begins with the `/` before: after no letter but that of an escaped line end or of a terminal's colour."""

CODINGS = ("utf-8", "utf-16-le", "utf-16-be")
"""How a file that is not plain text may write a folder's name."""

_SOMEBODYS_HOME = r"(?:home|Users)/[\w.@-]*\w"
"""A home folder that is not this user's: a file of respondents may stand in a colleague's."""


class Machine:
    """The folders of this machine, with the words that stand for them on a page."""

    def __init__(self, project: Path, run: Path | None = None) -> None:
        """`run` is the folder of the run, whose name is another one each time."""
        source = Path(groundswell.__file__).parent.parent
        called = dict.fromkeys((sys.base_prefix, sys.prefix), "<python>") | {str(source): "<groundswell>"}
        called |= {str(Path.home()): "~", str(project): "."}
        temporary = tempfile.gettempdir()
        if temporary.count("/") > 1:  # `/tmp` is everybody's
            called[temporary] = "<temporary>"
        if run is not None:
            called[str(run)] = "<run>"
        resolved = {str(Path(folder).resolve()): word for folder, word in called.items()}
        self._words = {
            form: word
            for folder, word in (resolved | called).items()
            if len(folder) > 1
            for form in _forms(folder)
        }

    @cached_property
    def _any(self) -> re.Pattern[str]:
        """Every folder after its `/`, by which the search is quick in a text of megabytes."""
        longest_first = sorted(self._words, key=len, reverse=True)
        known = "|".join(map(_after_slash, longest_first))
        return re.compile(rf"/(?:(?P<known>{known})(?![\w-]|\.\w)|{_BEGINS}{_SOMEBODYS_HOME})")

    @cached_property
    def _any_escaped(self) -> re.Pattern[str]:
        """As `_any`, of folders whose every `/` is written `\\/`, as pandas does in JSON."""
        longest_first = sorted(self._words, key=len, reverse=True)
        known = "|".join(re.escape(folder.replace("/", r"\/")[2:]) for folder in longest_first)
        somebodys = _SOMEBODYS_HOME.replace("/", r"\\/")
        return re.compile(rf"\\/(?:(?P<known>{known})(?![\w-]|\.\w)|{somebodys})")

    def without_folders(self, text: str) -> str:
        """`text` with this machine's folders replaced by words."""
        if r"\/" in text:
            text = self._any_escaped.sub(self._word, text)
        return _CELL_FILE.sub("<cell>", self._any.sub(self._word, text))

    def _word(self, found: re.Match[str]) -> str:
        return self._words["/" + found["known"].replace(r"\/", "/")] if found["known"] else "~"

    def named_in(self, content: bytes) -> bool:
        """Whether a file that is not text holds a folder of this machine's, longer than `/root`."""
        folders = [folder for folder in self._words if folder.count("/") > 1]
        return any(folder.encode(coding) in content for coding in CODINGS for folder in folders)


def _forms(folder: str) -> set[str]:
    """The folder as text, JSON, HTML and addresses write it."""
    return {folder, json.dumps(folder)[1:-1], html.escape(folder), quote(folder)}


def _after_slash(folder: str) -> str:
    """A pattern of the folder; one such as `/usr` is one only where a path begins, and not in an address."""
    return (_BEGINS if folder.count("/") < 2 else "") + re.escape(folder[1:])
