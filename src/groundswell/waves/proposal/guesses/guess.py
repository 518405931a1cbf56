"""A guess: a column for a role, what speaks for it, and what else it might have been."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from groundswell.waves.proposal.guesses.held import NAMED
from groundswell.waves.proposal.guesses.known_names import LABELS, NAMES, folded, normalised
from groundswell.waves.respondents.codebook import Codebook, Variable


@dataclass(frozen=True)
class Guess:
    """A column for a role, why, and the other columns that might have been it, each with its reason."""

    role: str
    column: str
    why: str
    rivals: tuple[str, ...] = ()

    @property
    def evidence(self) -> str:
        """The reason, and the rivals after it."""
        if not self.rivals:
            return self.why
        more = f" and {len(self.rivals) - NAMED} more" if len(self.rivals) > NAMED else ""
        return f"{self.why}; not {', '.join(self.rivals[:NAMED])}{more}"


def by_name(variable: Variable, role: str) -> bool:
    """Whether a column is called as the role is; KoBo writes a question's group before its own name.

    Weights are asked of nobody, so that a name in a group is none of theirs: `worries/weight` is an answer.
    """
    name = folded(variable.name.strip())
    own = name if role == "weight" else name.rpartition("/")[2]
    return any(NAMES[role].fullmatch(each) is not None for each in (name, own))


def by_label(variable: Variable, role: str) -> bool:
    """Whether a column's label speaks of the role; a question that stands for the name is one."""
    return bool(LABELS[role].search(folded(text_of(variable))))


def text_of(variable: Variable) -> str:
    """What a column asks: its label, or its name where that is a text of several words."""
    return variable.label or (variable.name if " " in variable.name.strip() else "")


def words_for(variable: Variable, role: str) -> str:
    """By which words a column was taken for the role."""
    label = f"labelled “{variable.label}”" if variable.label else ""
    if by_name(variable, role):
        return f"by its name, {label}" if label else "by its name"
    return label or "by the question that is its name"


def named(variable: Variable, reason: str = "") -> str:
    """A rival as a reason names it."""
    label = f" “{variable.label}”" if variable.label else ""
    return f"`{variable.name}`{label}{f' ({reason})' if reason else ''}"


def names_first(role: str, variables: Sequence[Variable]) -> list[Variable]:
    """The columns that are called as the role is, then those whose label speaks of it; each once."""
    called = [variable for variable in variables if by_name(variable, role)]
    return called + [
        variable for variable in variables if variable not in called and by_label(variable, role)
    ]


def unique_by_label(codebook: Codebook, label: str) -> str | None:
    """The one column with this label, or whose name is this question; None where none or several have it."""
    wanted = normalised(label)
    if not wanted:
        return None
    found = [v.name for v in codebook.variables.values() if normalised(text_of(v)) == wanted]
    return found[0] if len(found) == 1 else None
