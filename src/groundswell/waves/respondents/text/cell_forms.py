"""What a text cell looks like: a number, a number with some mark, a date, a sign that stands for no answer, a word.

A column is what all its cells are; `text_columns` decides. The forms are told apart by DuckDB, cell by cell.
"""

from __future__ import annotations

from groundswell.waves.respondents.sql import Sql, joined, literal, sql

WHOLE = "whole"
FRACTION = "fraction"
THREE_DECIMALS = "three_decimals"
ZERO_LED = "zero_led"
LONG = "long"
DECIMAL_COMMA = "decimal_comma"
THOUSANDS_OR_DECIMAL = "thousands_or_decimal"
LIST_OR_DECIMAL = "list_or_decimal"
COMMA_FIRST = "comma_first"
THOUSANDS = "thousands"
YEAR_FIRST = "year_first"
YEAR_LAST = "year_last"
DOTS = "dots"
PLUS = "plus"
TWO_CAPITALS = "two_capitals"
WORD = "word"
MARK = "mark:"
"""Before a sign of no answer: `mark:NA`."""

SPREADSHEET_ERRORS = (
    "#N/A", "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#ERROR!", "#ЗНАЧ!", "#ДЕЛ/0!", "#Н/Д",
    "#NV", "#WERT!",
)  # fmt: skip
DASHES = ("-", "--", "---", "–", "—", "−", ".", "..", "...")
NOT_AVAILABLE = "NA"
WORDS_FOR_NOTHING = ("N/A", "n/a", "NaN", "NULL", "<NA>")
WORDS_AMONG_NUMBERS = ("null", "nan", "NAN", "na", "Null", "n.a.", "N.A.", "#")
"""No answers in a column of numbers; among words they may be words. “None” may be a number: nothing, 0."""

MARKS = (*SPREADSHEET_ERRORS, *DASHES, NOT_AVAILABLE, *WORDS_FOR_NOTHING, *WORDS_AMONG_NUMBERS)

DATE_FORMS = {YEAR_FIRST, YEAR_LAST, DOTS}

_CLOCK = r"([T ,]+\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp]\.?[Mm]\.?)?)?"
_TIME = _CLOCK + r"( ?(Z|(GMT|UTC)?[+-]\d{1,2}(:?\d{2})?|GMT|UTC))?"
_GROUPS = r"(,\d{3})+(\.\d+)?|(\.\d{3})+,\d+|(\.\d{3}){2,}|([ '\x{a0}\x{202f}]\d{3})+([.,]\d+)?"

FORMS: dict[str, str] = {
    WHOLE: r"[+-]?(0|[1-9]\d{0,17})",
    THREE_DECIMALS: r"[1-9]\d{0,2}\.\d{3}",
    FRACTION: r"[+-]?((0|[1-9]\d{0,17})\.\d*|\.\d+|(0|[1-9]\d{0,17}))([eE][+-]?\d{1,2})?",
    ZERO_LED: r"[+-]?0\d+([.,]\d*)?",
    LONG: r"[+-]?[1-9]\d{18,}",
    THOUSANDS_OR_DECIMAL: r"[1-9]\d{0,2},\d{3}",
    DECIMAL_COMMA: r"[+-]\d+,\d+|\d+,0\d*|\d+,\d{3,}|0,\d\d+|\d{3,},\d+|1,1|2,2|3,3|4,4|5,5|6,6|7,7|8,8|9,9",
    LIST_OR_DECIMAL: r"\d+,\d+",
    COMMA_FIRST: r"[+-]?,\d+",
    THOUSANDS: r"[+-]?[1-9]\d{0,2}(" + _GROUPS + ")",
    YEAR_FIRST: r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}" + _TIME,
    DOTS: r"\d{1,2}\.\d{1,2}\.\d{4}" + _TIME,
    YEAR_LAST: r"\d{1,2}[-/]\d{1,2}[-/]\d{4}" + _TIME,
    TWO_CAPITALS: r"[A-Z][A-Z0-9]",
    PLUS: r"\++",
}
"""By name the form of a whole cell, without blanks around it; the first that fits is the cell's.

A comma in a number is of four kinds. `0,85`, `1,05` and `-1,5` can only be a decimal comma. `1,234` may be a thousand.
`1,2` may be the answers 1 and 2, as several answers in one cell are written, and decides nothing; nor does `,5`. Where
the decimal comma is stated, each of these is a number. In a file with decimal commas, `1.234` may be a thousand.
"""


_LETTERS_FROM = 65
"""The signs from `A` on are letters (or dashes); digits and the signs of numbers come before."""


def form_of(cell: Sql) -> Sql:
    """The form of a text cell as SQL: a name of `FORMS`, `mark:` with its sign, or a word; NULL where it is empty.

    Words, which are most of a column of text, are told first, by their first sign.
    """
    trimmed = sql("trim({cell})", cell=cell)
    cases = {
        name: sql(
            "WHEN regexp_full_match({cell}, {form}) THEN {name}",
            cell=trimmed,
            form=literal(form),
            name=literal(name),
        )
        for name, form in FORMS.items()
    }
    marks = [literal(mark) for mark in MARKS]
    marked = sql(
        "WHEN {cell} IN ({marks}) THEN {before} || {cell}", cell=trimmed, marks=marks, before=literal(MARK)
    )
    return sql(
        "CASE WHEN {cell} IS NULL OR {trimmed} = '' THEN NULL "
        "WHEN unicode({trimmed}) >= {letters} THEN "
        "CASE WHEN strlen({trimmed}) > {longest} THEN {word} {marked} {capitals} ELSE {word} END "
        "{whole} {decimals} {fraction} {marked} {others} ELSE {word} END",
        cell=cell,
        trimmed=trimmed,
        letters=literal(_LETTERS_FROM),
        longest=literal(max(len(mark.encode()) for mark in MARKS)),
        word=literal(WORD),
        marked=marked,
        capitals=cases[TWO_CAPITALS],
        whole=cases[WHOLE],
        decimals=cases[THREE_DECIMALS],
        fraction=cases[FRACTION],
        others=joined(
            " ", [case for name, case in cases.items() if name not in (WHOLE, FRACTION, TWO_CAPITALS)]
        ),
    )
