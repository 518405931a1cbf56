"""The lines of a proposed TOML: keys with why they are so, what is taken over, and what a person must look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from groundswell.shortened import shortened
from groundswell.waves.respondents.codes import Code
from groundswell.waves.toml.written import toml_text

BLANK, NOTHING, BLANKS = '""', "[]", '[""]'
"""What a person must fill in: a text, a list, a list of texts."""


@dataclass(frozen=True)
class Line:
    """One line of a proposal.

    Attributes:
        key: of the TOML; in a line of kind `inherited` with its table.
        text: its TOML; "" at a table's head.
        why: why it is so.
        kind: a key that is `stated`, one that is `inherited` from the wave that this one is like, or a `remark`.
    """

    key: str
    text: str = ""
    why: str = ""
    kind: Literal["stated", "inherited", "remark"] = "stated"

    @property
    def blank(self) -> bool:
        """Whether a person must fill it in."""
        return self.text in (BLANK, NOTHING, BLANKS)


def remark(why: str) -> Line:
    """A line that only says something."""
    return Line("", why=why, kind="remark")


def listed(codes: Sequence[Code]) -> str:
    """A list of codes as TOML."""
    return toml_text(list(codes))


def as_toml(lines: Iterable[Line]) -> str:
    """The lines as TOML, each with its reason as a comment."""
    text = [
        "# Proposed by `groundswell add`. Look at each guess; fill in what is empty (`groundswell check` names it);",
        "# delete the tables of what this wave did not ask.",
        "# Every key is described in docs/formats-microdata.md.",
    ]
    for line in lines:
        why = " ".join(shortened(line.why, 300).split())
        if line.kind == "remark":
            text.append(f"# {why}")
        elif line.kind == "inherited":
            text.append(f"# taken over: {line.key} = {shortened(line.text, 80)}: {why}")
        elif not line.text:
            text += ["", f"[{line.key}]"]
        else:
            assignment = f"{line.key} = {line.text}"
            text.append(f"{assignment:<36}  # {why}" if why else assignment)
    return "\n".join(text) + "\n"
