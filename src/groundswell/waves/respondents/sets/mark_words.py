"""The words by which programs say that an answer was not chosen, in the languages that exports are written in.

"Not selected" says that it was not chosen; "not asked" and "no answer" do not.
"""

from __future__ import annotations

import re
from dataclasses import replace

from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.codes import Code
from groundswell.waves.respondents.no_answer_words import meaning_of

NO_WORDS = frozenset(
    {
        *("0", "no", "n", "false", "f", "off", "nein", "non", "não", "nao", "nie", "ні", "нет", "нi"),
        *("unselected", "unchecked", "unticked", "unmarked", "deselected", "unquoted", "unmentioned"),
    }
)

CHOSEN = (
    *("select", "chos", "check", "tick", "mark", "pick", "quot", "mention", "nam", "cited", "listed"),
    *("genannt", "gewählt", "ausgewählt", "angekreuzt", "markiert", "erwähnt"),
    *("cité", "coché", "sélectionné", "choisi", "mentionné"),
    *("seleccionad", "marcad", "mencionad", "elegid", "citad", "selecionad", "escolhid", "assinalad"),
    *("wybran", "zaznaczon", "wskazan", "wymienion"),
    *(
        "выбран",
        "отмечен",
        "назван",
        "назвал",
        "указан",
        "упомян",
        "вибран",
        "обран",
        "познач",
        "вказан",
        "згадан",
    ),
)
"""What words for choosing begin with."""

NOT_CHOSEN = re.compile(rf"(?:not|no|non|nicht|pas|não|nie|не)[\s-]+(?:{'|'.join(CHOSEN)})\w*")


def says_no(code: Code, variable: Variable) -> bool:
    """Whether a code, or its label, says that the answer was not chosen."""
    word = " ".join(variable.label_of(code).split()).casefold()
    return word in NO_WORDS or NOT_CHOSEN.fullmatch(word) is not None


def answers_only(variable: Variable) -> Variable:
    """The column of marks with what is an answer in it, and what is none, as its labels say.

    A code that says "not chosen" is an answer, also where the file declares it missing, as programs do to hide it from
    tables; what `without_no_answer` leaves out is none.
    """
    labels = variable.labels or {}
    kept = tuple(
        (low, high)
        for low, high in variable.missing
        if low != high or low not in labels or not says_no(low, variable)
    )
    return without_no_answer(replace(variable, missing=kept))


def without_no_answer(variable: Variable) -> Variable:
    """The column with the codes declared missing that its labels call "no answer", "not asked" and the like."""
    none = tuple(
        (code, code)
        for code, label in (variable.labels or {}).items()
        if meaning_of(label) == "no_answer" and not says_no(code, variable)
    )
    return replace(variable, missing=(*variable.missing, *none))
