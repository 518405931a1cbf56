"""The words by which programs say that an answer was not chosen, in the languages that exports are written in.

"Not selected" says that it was not chosen; "not asked" and "no answer" do not.
"""

from __future__ import annotations

import re
from dataclasses import replace

from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.codes import Code

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


def with_no_valid(variable: Variable) -> Variable:
    """The column with a code that says "not chosen" as an answer, also where the file declares it missing.

    So programs hide those who did not choose an answer from tables of those who did.
    """
    kept = tuple(
        (low, high)
        for low, high in variable.missing
        if low != high or low not in (variable.labels or {}) or not says_no(low, variable)
    )
    return variable if kept == variable.missing else replace(variable, missing=kept)
