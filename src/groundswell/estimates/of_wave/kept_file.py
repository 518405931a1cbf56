"""A file of figures made from respondents, kept next to the waves so that they need not be made again.

Every such file goes one way: what was kept is read, and serves where it was made from what stands there today; else the
figures are made and written. It may be deleted at any time.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groundswell.errors import InputError
from groundswell.files import write_whole


@dataclass(frozen=True)
class KeptFile:
    """Where figures are kept; `schema` is the form in which this version writes them."""

    path: Path
    schema: int

    def read(self) -> dict[str, Any] | None:
        """What was kept, whatever it was made from and in whatever form; None where nothing was.

        Raises: InputError where it is not a JSON object.
        """
        if not self.path.is_file():
            return None
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise self.damaged(error) from error
        if not isinstance(content, dict):
            raise self.damaged("it is not a JSON object")
        return content

    def is_of(self, content: dict[str, Any]) -> bool:
        """Whether the content has the form that this version reads."""
        return bool(content.get("schema") == self.schema)

    def write(self, text: str) -> None:
        """Keep it, whole or not at all; nothing where the folder is read-only, so that it is made again each time."""
        if os.access(self.path.parent, os.W_OK):
            write_whole(self.path, text)

    def damaged(self, reason: object) -> InputError:
        """What is said of a file that holds something else than it should."""
        return InputError(
            f"`{self.path}` is damaged ({reason}): delete it, and it is made again where the respondents are here"
        )
