"""Columns whose names, or labels, begin alike: `Q5_1` and `Q5_2`, `Q5[SQ001]`, `worries/prices`, `q5a`.

Only names and labels are looked at here; what the columns hold decides whether they are a set.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile

from groundswell.waves.respondents.codebook import Variable

STEMS = tuple(
    re.compile(form, re.DOTALL)
    for form in (
        r"(?P<stem>.+?)\s*\[(?P<end>[^\[\]]+)\]",  # LimeSurvey: Q5[SQ001], or the question's text before brackets
        r"(?P<stem>.+)/(?P<end>[^/]+)",  # KoBo: worries/prices
        r"(?P<stem>.+?)___(?P<end>\w+)",  # REDCap: worries___1
        r"(?P<stem>.+\?)\s*[-–—:]?\s+(?P<end>.+)",  # texts as names: What worries you? - Prices
        r"(?P<stem>.+?)(?:\s+[-–—]|:)\s+(?P<end>.+)",
        r"(?P<stem>.+?)\s*\((?P<end>[^()]+)\)",
        r"(?P<stem>.+)[_.\-](?P<end>[^\W_]+)",  # Q5_1, Q5.1
        r"(?P<stem>.*\d)(?P<end>[a-z]|[A-Z])",  # q5a
        r"(?P<stem>.*\d)[rmcoa](?P<end>\d+)",  # Decipher: q5r1
    )
)
COUNTED = re.compile(r"(?P<stem>.*\D)(?P<end>\d+)")
"""`V12`, `V13`: numbers that run through a whole file, so their labels must begin alike too."""

OPEN_ENDS = frozenset(
    {"text", "other", "oth", "txt", "specify", "comment", "comments", "sonstiges", "autre", "otro"}
)
"""Ends of names of columns that hold what people wrote next to "other"."""

QUESTION = r"(.{8,}?(?:\?|\s[-–—]\s|:))\s*\S"
"""A question before the answer that a label names, too long to be a chance."""

EDGES = " \t\n-–—:;,/|.…"
"""Signs between a question and its answers."""

BRACKETS = (("[", "]"), ("(", ")"), ("{", "}"))


def stems(variables: Iterable[Variable]) -> dict[str, tuple[str, ...]]:
    """Columns by what their names, or else their labels, begin with, two at least."""
    variables = list(variables)
    found: dict[str, list[str]] = {}
    counted: dict[str, list[Variable]] = {}
    for variable in variables:
        parts = stem_and_end(variable.name)
        if parts is not None:
            found.setdefault(parts[0], []).append(variable.name)
        elif (match := COUNTED.fullmatch(variable.name)) is not None:
            counted.setdefault(match["stem"], []).append(variable)
    for stem, listed in counted.items():
        for label, columns in _by_question(listed).items():
            name = label if len(_by_question(listed)) > 1 or stem in found else stem
            found.setdefault(name, []).extend(columns)
    named = {name for columns in found.values() if len(columns) > 1 for name in columns}
    for label, columns in _by_question([each for each in variables if each.name not in named]).items():
        found.setdefault(label, []).extend(columns)
    return {stem: tuple(columns) for stem, columns in found.items() if len(columns) > 1}


def stem_and_end(name: str) -> tuple[str, str] | None:
    """What a name begins with and its end, where it has such a form; an open end is none."""
    for form in STEMS:
        if (match := form.fullmatch(name.strip())) is not None:
            return match["stem"].strip(), match["end"].strip()
    return None


def is_open(name: str) -> bool:
    """Whether a name says that its column holds what people wrote themselves."""
    return re.split(r"[\W_]+", name.strip().casefold())[-1:] in [[end] for end in OPEN_ENDS]


def option_names(names: Sequence[str], variables: Mapping[str, Variable]) -> tuple[str, list[str]]:
    """The question of columns and the name of each one's answer: what their labels, or else their names, tell apart."""
    ends = [parts[1] if (parts := stem_and_end(name)) else name for name in names]
    labels = [variables[name].label.strip() for name in names]
    if len(names) < 2 or len(set(labels)) < len(labels) or not all(labels):
        return (labels[0] if len(set(labels)) == 1 else ""), ends
    begin, end = _shared(labels), _shared([label[::-1] for label in labels])[::-1]
    rests = [trimmed(label[len(begin) : len(label) - len(end)]) for label in labels]
    if len(set(rests)) < len(rests) or not all(rests):
        return "", labels
    return (trimmed(begin) or trimmed(end)), rests


def trimmed(text: str) -> str:
    """A text without signs around it; brackets stay where both are there, unless they hold all of it."""
    text = text.strip(EDGES)
    for left, right in BRACKETS:
        if text.startswith(left) and text.endswith(right) and right not in text[1:-1]:
            return trimmed(text[1:-1])
        if text.startswith(right) or (text.startswith(left) and right not in text):
            return trimmed(text[1:])
        if text.endswith(left) or (text.endswith(right) and left not in text):
            return trimmed(text[:-1])
    return text


def _shared(texts: Sequence[str]) -> str:
    """The beginning that all share, up to the last sign between words."""
    alike = takewhile(lambda signs: len(set(signs)) == 1, zip(*texts, strict=False))
    begin = "".join(signs[0] for signs in alike)
    if len(begin) == min(map(len, texts)):
        return ""
    while begin and begin[-1] not in EDGES + "?![({":
        begin = begin[:-1]
    return begin


def _by_question(variables: Sequence[Variable]) -> dict[str, list[str]]:
    """Names by the question that labels begin with, up to a question mark, a dash or a colon."""
    found: dict[str, list[str]] = {}
    for variable in variables:
        match = re.match(QUESTION, variable.label, re.DOTALL)
        if match is not None:
            found.setdefault(trimmed(match[1]), []).append(variable.name)
    return {label: names for label, names in found.items() if len(names) > 1}
