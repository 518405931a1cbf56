"""The words by which a column says what it is for, in the languages of large surveys.

English, Russian, Spanish, French, German, Portuguese, Polish and Ukrainian. A *name* must be such a word as a whole;
a *label* (or a question's text that serves as a name) only holds one, which says less: GSS labels "age of
interviewer" and "sex with an acquaintance". Accents and capitals make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

Words = dict[str, re.Pattern[str]]


def folded(text: str) -> str:
    """Text in small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def normalised(label: str) -> str:
    """A label without case, punctuation and double blanks, to be compared."""
    return " ".join(re.sub(r"[^\w\s]", " ", label.casefold()).split())


def _words(patterns: dict[str, str]) -> Words:
    return {role: re.compile(folded(pattern)) for role, pattern in patterns.items()}


NAMES: Final = _words(
    {
        "id": r"(resp|respondent|case|person|hh|user|anon)?_?(id|uuid|serial|key)(_?n(o|um)?)?|rid|scram|ид|номер"
        r"|folio|identifica(dor|teur|tion)|identyfikator|lfdn|(fall|befragten)_?(nr|nummer)|ідентифікатор|идентификатор",
        "weight": r"(.*_)?(\w*we?i?gh?ts?\w*|\w*wts?[a-z]{0,5}|p?w|wes|ves|вес\w*|вага\w*|ваг(ов)?\w*"
        r"|peso\w*|ponder\w*|pond[fp]?|poids\w*|gewicht\w*|gew|\w?hrf|fexp\w*|fac(tor)?_?(exp|pond)\w*"
        r"|factor|coef\w*|waga\w*|wagi)(_.*|\d*)",
        "strata": r"(.*_)?v?s(tr|td)at(a|um|ify|_?id)?\d?|sdmvstra|vstrat|(.*_)?estratos?(_.*|\d*)|strates?"
        r"|schicht(en)?|warstw[ay]|страт(а|ы|ум)?",
        "psu": r"(.*_)?(v?psu|cluster|clust|sdmvpsu|secu|sampling_?unit|upm|conglomerados?|upa|grappes?|klumpen"
        r"|sample_?point|кластер|пое|псе|точка)(_?id|_?no)?\d?",
        "interview_date": r".*(date|datum|fecha|interviewed|fieldwork|дата|intdat).*|data(_.+)?"
        r"|time_?stamp|(start|end|submit)_?(time|date)|completed_?at|_?submission_?time|start|today"
        r"|(interview_?)?day|day of (the )?interview|день|dia|jour|tag|dzien"
        r"|отметка времени|позначка часу|marca temporal|horodateur|zeitstempel|carimbo de data/hora|sygnatura czasowa",
        "sex": r"((r|resp|respondent|q)_?)?(sex|gender|gndr)(_?(r|resp|respondent))?|e?gender|rsex|пол|стать"
        r"|sexo|genero|sexe|genre|geschlecht|plec",
        "age": r"((r|resp|respondent|q)_?)?age(_?(r|resp|respondent|years|yrs))?|agea|возраст|вік|edad|idade|alter"
        r"|wiek",
        "region": r"(.*_)?(region|regiao|region[oe]?)(_?\d|_?name)?|okruga?|(bundes)?land|state|province|oblast|район"
        r"|регион|округ|область|регіон|provincia|comunidad(_autonoma)?|ccaa|departement|departamento|uf|estado"
        r"|wojewodztwo|kanton|macroregion",
    }
)

LABELS: Final = _words(
    {
        "id": r"\b(respondent|case|interview)('?s)? (id|identification|number)|идентификатор"
        r"|номер (анкеты|респондента|интервью)|ідентифікатор|номер анкети|\bfolio\b|identifica(dor|teur) d"
        r"|numero de (cuestionario|questionario|questionnaire)|fallnummer|numer (respondenta|ankiety)",
        "weight": r"\bweight(s|ing)?\b|\bвес(а|ов|овой)?\b|взвешив|\bваг(а|и|овий)\b|зважув|\bpesos?\b|\bponder\w*"
        r"|\bfactor(es)? de (expansion|ponderacion|elevacion)|\bfator(es)? de (expansao|ponderacao)|\bpoids\b"
        r"|coefficient de (redressement|ponderation)|gewicht|hochrechnungsfaktor|\bwag(a|i)\b",
        "strata": r"\bstrat(um|a)\b|\bстрат|\bestratos?\b|\bstrates?\b|\bschicht|\bwarstw",
        "psu": r"\bprimary sampling unit|\bpsu\b|\bcluster\b|sampl(e|ing) point|кластер|первичн\w+ (единиц|отбор)"
        r"|первинн\w+ (одиниц|відбор)|unidad(es)? primaria|conglomerado|unidade primaria"
        r"|unite primaire|\bgrappe|primareinheit|klumpen|jednostka losowania|точка опроса",
        "interview_date": r"\bdate of (the )?interview|\binterview date|дата (интервью|опроса|анкет)"
        r"|дата (інтервю|опитування)|fecha de (la )?(entrevista|encuesta)|date de l'(entretien|enquete|interview)"
        r"|(interview|befragungs)datum|data (da |de )?(entrevista|wywiadu)",
        "sex": r"\b(sex|gender)\b|\bпол\b|\bстать\b|\bsexo\b|\bgenero\b|\bsexe\b|\bgenre\b|\bgeschlecht\b|\bplec\b",
        "age": r"\bage\b|how old are you|сколько вам (полных )?лет|\bвозраст\b|\bвік\b|скільки вам"
        r"|\bedad\b|cuantos anos|\bidade\b|quantos anos|quel age|\balter\b|wie alt|\bwiek\b|ile ma pan",
        "region": r"\bregions?\b|федеральн\w+ округ|\bрегион|\bрегіон|\bобласть\b|\bprovincia\b|comunidad autonoma"
        r"|\bregiao\b|\bestado\b|\bdepartement\b|bundesland|wojewodztwo",
    }
)

OTHERS: Final = re.compile(
    folded(
        r"interviewer|entrevistador|enqueteur|ankieter|интервьюер|інтерв|spouse|partner|husband|wife|mother"
        r"|father|parent|child|\bson\b|daughter|household|\bfirst\b|\bwhen\b|\bat (age )?\d|супруг|партнер|муж\b|мужа"
        r"|жен[аы]\b|матер|отц|отец|ребен|дет(и|ей)\b|\bdu conjoint|conyuge|pareja|madre|padre|hij[oa]"
        r"|ehepartner|kinde?r?\b|\bcuando\b|sex with|sexual|acquaintance|education|orientation"
    )
)
"""Words of a label by which it speaks of somebody or something else than the respondent today."""

BODY: Final = re.compile(
    folded(
        r"\b(kg|kilo\w*|pounds?|lbs?|stones?|grams?|кг|height|birth|body|bmi|тела|рост|corporal|corps|korper)"
    )
)
"""Words of a label or name by which a weight is a body's."""

FINAL_WEIGHT: Final = re.compile(
    folded(
        r"post.?strat|calibrat|\brak(ed|ing)|final|analysis weight|combin\w* weight|including|постстрат|калибр|итогов"
        r"|підсумк|ponderador final|peso final|redress|endgewicht|kalibr|końcow"
    )
)
"""Words by which a column of weights is the last step of weighting."""

PART_WEIGHT: Final = re.compile(
    folded(
        r"design|base weight|population size|household|haushalt|menage|hogar|longitudinal|домохоз|panel weight|дизайн"
    )
)
"""Words by which a column of weights is one step of weighting, or weights something else than respondents."""

SEX_WORDS: Final = re.compile(
    folded(
        r"(1|2|[mf])?[^\w]*(male|female|man|woman|men|women|boy|girl|m|f|мужской|женский|мужчина|женщина|мужчины|женщины|муж|жен"
        r"|м|ж|чоловік|жінка|чоловіча|жіноча|чоловіки|жінки|hombres?|mujere?s?|varon|masculin[oa]?|femenin[oa]|femme|homme|feminin[oa]?"
        r"|mann|frau|mannlich|weiblich|homem|mulher|mezczyzna|kobieta|ч|k|h|w)[^\w]*"
    )
)
"""A man or a woman, in words."""
