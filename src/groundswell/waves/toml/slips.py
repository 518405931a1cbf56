"""Common slips in TOML, in plain words: what stands there, and how it is written.

>>> for slip in slips('title = Mood' + chr(10) + 'default_deff = 1,5'):
...     print(slip.line, slip.message)
1 text needs quotes, got `Mood`: write `title = "Mood"`
2 a number has a decimal point, got `1,5`: write 1.5
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from groundswell.dates import date_format, read_date
from groundswell.waves.toml.statements import Statement, divided, key_parts, statements

BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
CURLY: Final = "“”„‟«»‘’‚‹›＂"
TWO_TEXTS: Final = re.compile(r"\"[^\"]*\"[\s;]*\"[^\"]*\".*|'[^']*'[\s;]*'[^']*'.*", re.DOTALL)
WRITTEN_DATES: Final = frozenset(
    {
        "day.month.year",
        "with slashes",
        "day-month-year",
        "year, month and day without zeros",
        "year and month",
    }
    | {"year-month-day", "date and time"}
)
UNKNOWN: Final = frozenset({"none", "null", "na", "n/a", "-", "?"})
KEYED_TABLES: Final = ("houses", "indicators", "domains")
"""Tables whose keys are small letters of the Latin alphabet, quotes or not."""
LONGEST_SHOWN: Final = 60


class Slip(NamedTuple):
    """One slip: the line from 1, the keys that lead to it, and what to write."""

    line: int
    path: tuple[str, ...]
    message: str


def slips(text: str) -> list[Slip]:
    """Every slip of a TOML text in its order; none where it is sound, or wrong in a way that has no plain words."""
    cut = list(statements(text))
    found = [
        Slip(each.line, each.path, message)
        for each in cut
        if not each.sound and (message := _header(each) if each.is_header else _pair(each))
    ]
    return sorted([*found, *_twice(cut)])


def _twice(cut: list[Statement]) -> Iterator[Slip]:
    """Tables and keys that stand twice, each with the line on which it stands already."""
    tables: dict[tuple[str, ...], Statement] = {}
    keys: dict[tuple[str, ...], int] = {}
    is_twice = False
    for each in cut:
        if not each.is_header:
            if each.right is None or is_twice:  # of a table that stands twice one fault is enough
                continue
            if (first := keys.setdefault(each.path, each.line)) != each.line:
                yield Slip(
                    each.line, each.path, f"the key `{each.left}` stands on line {first} already: keep one"
                )
            continue
        is_array = each.text.startswith("[[")
        before = tables.setdefault(each.path, each)
        is_twice = before is not each and not (is_array and before.text.startswith("[["))
        if is_twice:
            way_out = "put both together, or give one another key"
            if is_array or before.text.startswith("[["):
                way_out = f"write each of several as `[[{each.left}]]`"
            message = f"the table `{_short(before.text)}` stands on line {before.line} already: {way_out}"
            yield Slip(each.line, each.path, message)
        if is_array:  # a new element begins with no keys: what stands in it may stand in another
            for inside in [path for path in (*keys, *tables) if path[: len(each.path)] == each.path != path]:
                keys.pop(inside, None)
                tables.pop(inside, None)


def _header(statement: Statement) -> str:
    """What is wrong with `[houses.fom]`; "" where it has no plain words."""
    both = ("[[", "]]") if statement.text.startswith("[[") else ("[", "]")
    parts = _key_as_written(statement.left)
    written = f"{both[0]}{parts}{both[1]}"
    if parts != statement.left:
        rule = f"a key with these letters needs quotes, got `{_short(statement.text)}`"
        table = key_parts(statement.left)[0]
        if table in KEYED_TABLES:
            return (
                f"{rule}; a key in `{table}` is small letters a–z, digits, `-` and `_`: choose such a key, and write "
                "the name that readers know inside the table"
            )
        return f"{rule}: write `{written}`"
    if not re.search(re.escape(both[1]) + r"\s*(#.*)?$", statement.text):
        return f"the closing `{both[1]}` is missing, got `{_short(statement.text)}`: write `{written}`"
    return ""


def _pair(statement: Statement) -> str:
    """What is wrong with `key = value`."""
    key, value = statement.left, statement.right
    if value is None:
        name, colon, rest = statement.text.partition(":")
        if colon and re.fullmatch(r"[\w .-]+", name):
            return f"a key and its value are joined by `=`, got `:`: write `{name.strip()} = {_short(rest.strip())}`"
        return f"is neither a `[table]` nor a `key = value`, got `{_short(statement.text)}`: begin a comment with `#`"
    if (quoted := _key_as_written(key)) != key:
        return f"a key with these letters needs quotes, got `{_short(key)}`: write `{quoted} = …`"
    if not key:
        return f"has no key before the `=`, got `{_short(statement.text)}`"
    if not value:
        return "has no value: write one after the `=`, or delete the line"
    if value.startswith("["):
        return _listed(key, value)
    if value.startswith("{"):
        return f"a table in braces is not sound, got `{_short(value)}`: write it as a `[table]` of its own"
    return _value(f"{key} = ", value)


def _listed(key: str, value: str) -> str:
    """What is wrong with a list: an element, a comma, or its end."""
    inside = value[1:].rstrip()
    closed = inside.endswith("]")
    inside = inside[:-1] if closed else inside
    for element in (part.strip() for part in divided(inside, ",")):
        if TWO_TEXTS.fullmatch(element):
            return f"two elements of the list need a comma between them, got `{_short(element)}`: write one"
        if element and element[0] not in "[{" and not _is_value(element):
            return _value("", element)
    if not closed:
        return (
            f"the closing `]` of the list is missing, got `{_short(value)}`: write `{key} = {_short(value)}]`"
        )
    return f'the list is not sound, got `{_short(value)}`: write it as ["one", "two"]'


def _value(before: str, value: str) -> str:
    """What is wrong with a single value; `before` is what stands in front of it in the way out."""
    got = f"got `{_short(value)}`"

    def as_text(text: str) -> str:
        return f"write `{before}{_quoted(text)}`"

    if value[0] in CURLY or value[-1] in CURLY:
        return f"text stands in straight quotes, {got}: {as_text(value.strip(CURLY + chr(34)))}"
    if value.startswith(('"""', "'''")):
        return f"the three quotes that close the text are missing: write them after its last line, {got}"
    if value[0] in "\"'":
        return _quotes(value, got, as_text)
    if before == "" and value.endswith("]"):
        return f"one `]` closes nothing, {got}: delete it"
    if value[-1] in "\"'":
        return f"the opening quote is missing, {got}: {as_text(value[:-1])}"
    if value.lower() in ("true", "false"):
        return f"must be `true` or `false` in small letters, {got}: write {value.lower()}"
    if value.lower() in ("yes", "no"):
        return f"must be `true`, `false`, or text in quotes, {got}"
    if value.lower() in UNKNOWN:
        return f"has no value, {got}: delete the line where it is not known"
    if date_format(value) in WRITTEN_DATES:
        return _date(value)
    return _number(value, got) or f"text needs quotes, {got}: {as_text(value)}"


def _quotes(value: str, got: str, as_text: Callable[[str], str]) -> str:
    """What is wrong with a text in quotes."""
    mark, inside = value[0], value[1:]
    ends = re.search(r"(?<!\\)" + mark if mark == '"' else mark, inside)
    if ends is None:
        return f"the closing quote is missing, {got}: {as_text(inside)}"
    if ends.end() == len(inside):
        return f"a `\\` in text is written twice, or the text stands in single quotes, {got}: {as_text(inside[:-1])}"
    if inside.endswith(mark):
        return f"holds its own quotes, {got}: {as_text(inside[:-1])}"
    rest = inside[ends.end() :].strip()
    return f"`{_short(rest)}` stands after the closing quote, {got}: delete it, or begin a comment with `#`"


def _date(value: str) -> str:
    try:
        read_date(value)
    except ValueError as error:
        return f"{error}"
    return f"write a date as YYYY-MM-DD, got `{value}`"


def _number(value: str, got: str) -> str:
    """What is wrong with a number; "" for what is none."""
    rule = "a number has a decimal point"
    plain = value.replace(",", ".")
    if re.fullmatch(r"[-+]?[1-9]\d{0,2},\d{3}", value):
        return f"{rule} and no separator of thousands, {got}: write {plain}, or {value.replace(',', '')}"
    if re.fullmatch(r"[-+]?\d+,\d+", value):
        return f"{rule}, {got}: write {plain}"
    if percent := re.fullmatch(r"(\d+)(?:[.,](\d+))?\s*%", value):
        decimals = len(percent[2] or "") + 2
        share = float(f"{percent[1]}.{percent[2] or 0}") / 100
        return f"a number has no percent sign, {got}: write {share:.{decimals}f}"
    if re.fullmatch(r"[-+]?\d{1,3}([ \u00a0\u202f'’]\d{3})+([.,]\d+)?", value):
        joined = re.sub(r"[^0-9.,+-]", "", value).replace(",", ".")
        return f"a number has no separator of thousands, {got}: write {joined}"
    if re.fullmatch(r"[-+]?(\.\d+|\d+\.)", value):
        return f"a number has digits on both sides of its point, {got}: write {float(value)}"
    if re.fullmatch(r"0\d+", value):
        return f'a number has no zeros in front, {got}: write {int(value)}, or "{value}" where it is a code'
    return ""


def _key_as_written(key: str) -> str:
    """The key with quotes around each part that needs them."""
    return (
        ".".join(
            part.strip() if _is_key(part.strip()) else _quoted(part.strip().strip(CURLY + "\"'"))
            for part in divided(key, ".")
        )
        if key
        else key
    )


def _is_key(part: str) -> bool:
    return bool(BARE.fullmatch(part)) or (part[:1] in ('"', "'") and _is_value(part))


def _is_value(text: str) -> bool:
    try:
        tomllib.loads(f"x = {text}")
    except tomllib.TOMLDecodeError:
        return False
    return True


def _quoted(text: str) -> str:
    """The text as TOML writes it: in single quotes where it holds a double one or a backslash."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return f"'{text}'" if "'" not in text else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _short(text: str) -> str:
    """What was got, on one line, cut to a length that leaves the message readable."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"
