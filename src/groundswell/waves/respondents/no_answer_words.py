"""The words by which labels say that somebody gave no answer, or did not know, in eight languages.

A label counts only as a whole: “Refused” is no answer, “Refused to pay” is one. What stands in brackets, an
interviewer's instruction and the code in front of a label are passed over; of several words with a stroke or a comma
between them each must be known, and “Don't know / refused” is a don't know.

Codes that are no answer anywhere are told apart from *don't know*, which is an answer to the question of what
people think. Example: `meaning_of("(НЕ ЗАЧИТЫВАТЬ) Затрудняюсь ответить")` is `dont_know`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Literal

Meaning = Literal["no_answer", "dont_know"]

NO_ANSWER = {
    "en": "no answer|not answered|did not answer|didn't answer|no response|no reply|non-response|nonresponse|refused|"
    "refusal|refuses|refuse|refused to answer|refuse to answer|declined|declined to answer|decline to answer|"
    "prefer not to say|prefer not to answer|prefer not to disclose|prefer not to state|rather not say|"
    "would rather not say|i would rather not say|i prefer not to say|i prefer not to answer|"
    "do not want to answer|don't want to answer|missing|missing data|missing value|missing answer|missing response|"
    "system missing|user missing|other missing|unknown|not known|not stated|not specified|not reported|did not report|"
    "not given|not available|not ascertained|not recorded|not coded|no data|no information|blank|"
    "left blank|skipped|skip|valid skip|legitimate skip|skipped on web|not asked|was not asked|question not asked|"
    "not asked in survey|not asked in this survey|not asked in this country|"
    "not asked in country|not asked in this wave|not asked this year|"
    "not applicable|inapplicable|inap|not in universe|not eligible|n/a|na|nap|iap|niu|ref|rf|"
    "question seen but category not selected|multiple answers mail|interview broken off|break off",
    "ru": "нет ответа|без ответа|не ответил|не ответила|не ответили|не ответил(а)|не ответил/а|не отвечает|отказ|"
    "отказы|отказ от ответа|отказ отвечать|отказался|отказалась|отказался отвечать|отказалась отвечать|"
    "отказались отвечать|"
    "отказался от ответа|отказались от ответа|отказалась от ответа|отказываюсь|отказываюсь отвечать|"
    "отказываюсь от ответа|не хочу отвечать|не хочу отвечать на этот вопрос|не желаю отвечать|"
    "предпочитаю не отвечать|предпочитаю не говорить|не задавался|не задавали|вопрос не задавался|вопрос не задан|"
    "не спрашивали|не спрашивалось|не применимо|неприменимо|не указано|не указал|не указала|не указали|неизвестно|"
    "пропуск|пропущено|пропущенный ответ|пропуск ответа|нет данных|данные отсутствуют|отсутствует ответ|"
    "ответ отсутствует|нет информации|н/о|но|н/д|нд",
    "uk": "немає відповіді|нема відповіді|без відповіді|відмова|відмова від відповіді|відмовився|відмовилась|"
    "відмовилася|відмовився відповідати|відмовилась відповідати|відмовилася відповідати|відмовляюсь відповідати|"
    "відмовляюся відповідати|не відповів|не відповіла|не відповіли|не хочу відповідати|не запитували|"
    "не ставилося|не застосовується|не вказано|невідомо|пропуск|пропущено|немає даних|н/в|н/д",
    "es": "no contesta|no contestó|no contesto|no responde|no respondió|no respondio|sin respuesta|rehúsa|rehusa|"
    "rehusó|rehúsa contestar|rehusa contestar|rehúsa responder|se niega a responder|rechaza contestar|"
    "prefiero no contestar|prefiero no responder|prefiero no decirlo|prefiere no contestar|prefiere no responder|"
    "no procede|no aplica|no aplicable|no se aplica|no preguntado|no se preguntó|no preguntada|desconocido|"
    "sin datos|sin dato|sin información|no especificado|no declarado|no consta|perdido|n/c|nc|n/r|nr",
    "fr": "sans réponse|pas de réponse|non-réponse|non réponse|aucune réponse|n'a pas répondu|refus|refus de répondre|"
    "refuse de répondre|refusé|ne souhaite pas répondre|ne veut pas répondre|préfère ne pas répondre|"
    "je préfère ne pas répondre|ne veut pas dire|non concerné|non concernée|non applicable|sans objet|"
    "ne s'applique pas|non posé|non posée|question non posée|manquant|donnée manquante|valeur manquante|inconnu|"
    "non renseigné|non précisé|non déclaré|n/r|nr|n/a",
    "de": "keine angabe|keine angaben|ohne angabe|keine antwort|verweigert|verweigerung|antwort verweigert|"
    "angabe verweigert|auskunft verweigert|möchte ich nicht sagen|möchte nicht antworten|möchte nicht beantworten|"
    "will nicht antworten|nicht gefragt|nicht erhoben|nicht zutreffend|entfällt|unbekannt|fehlend|fehlt|"
    "fehlender wert|nicht beantwortet|k.a.|k. a.|k/a|ka|tnz",
    "pt": "não respondeu|não responde|nao respondeu|nao responde|não resposta|sem resposta|recusa|recusou|recusou-se|"
    "recusa responder|recusou responder|recusou-se a responder|prefiro não responder|prefere não responder|"
    "prefiro não dizer|não se aplica|nao se aplica|não aplicável|nao aplicavel|não perguntado|desconhecido|ignorado|"
    "sem informação|não informado|não declarado|omisso|n/r|nr",
    "pl": "brak odpowiedzi|odmowa|odmowa odpowiedzi|odmawiam odpowiedzi|odmówił odpowiedzi|odmówiła odpowiedzi|"
    "odmówił|wolę nie odpowiadać|nie chcę odpowiadać|nie dotyczy|nie pytano|nie zadano|brak danych|"
    "brak informacji|nieznane|nie podano|nie udzielono odpowiedzi|b/o|b/d",
}
"""Nobody's answer: refused, not asked, not applicable, lost."""

DONT_KNOW = {
    "en": "don't know|i don't know|dont know|do not know|i do not know|doesn't know|does not know|didn't know|no idea|"
    "hard to say|hard to answer|difficult to say|difficult to answer|find it difficult to answer|"
    "find it hard to say|it is hard to say|it is difficult to say|can't say|cannot say|can't choose|cannot choose|"
    "can't decide|unable to say|unable to answer|don't know enough|don't know enough to say|haven't heard enough|"
    "haven't heard enough to say|don't understand the question|dk|d/k|dkn",
    "ru": "затрудняюсь ответить|затрудняюсь с ответом|затрудняюсь|затрудняюсь сказать|затрудняюсь оценить|"
    "затрудняюсь определить|затрудняюсь ответить на вопрос|затрудняюсь ответить на этот вопрос|затрудняется ответить|"
    "затрудняется|затруднились ответить|затруднились с ответом|затруднились|затруднился ответить|затруднилась ответить|"
    "затруднился с ответом|затруднился|затруднилась|затрудняются ответить|не знаю|не знает|не знают|не знаю ответа|"
    "я не знаю|трудно сказать|трудно ответить|трудно оценить|сложно сказать|сложно ответить|сложно оценить|"
    "не могу сказать|не могу ответить|не могу оценить|не могу определить|з/о|зо|не определился|не определились|"
    "не определилась",
    "uk": "важко сказати|важко відповісти|важко сказати напевно|важко визначитися|важко визначитись|складно сказати|"
    "складно відповісти|не знаю|не знає|не знають|не можу сказати|не можу відповісти|не визначився|не визначилась|"
    "не визначилися|в/в",
    "es": "no sabe|no sé|no se|no lo sé|no sabría decir|no sabe qué decir|difícil de decir|n/s|ns|no recuerda",
    "fr": "ne sait pas|ne sais pas|je ne sais pas|sait pas|nsp|nspp|ne se prononce pas|ne se prononcent pas|"
    "difficile à dire|n'a pas d'avis",
    "de": "weiß nicht|weiss nicht|weiß ich nicht|weiss ich nicht|weiß es nicht|ich weiß nicht|kann ich nicht sagen|"
    "kann nicht sagen|kann mich nicht entscheiden|schwer zu sagen|wn|w/n",
    "pt": "não sabe|não sei|nao sabe|nao sei|não sabe dizer|não sei dizer|difícil dizer|difícil de dizer|n/s|ns",
    "pl": "nie wiem|trudno powiedzieć|trudno powiedziec|nie umiem powiedzieć|ciężko powiedzieć|t/p",
}
"""No opinion to tell, or none that can be told."""

UNSURE = {
    "en": "not sure|unsure|i am not sure|i'm not sure|undecided|no opinion|have no opinion|have not decided",
    "ru": "нет мнения|нет определенного мнения",
    "uk": "немає думки|не маю думки",
    "es": "indeciso|sin opinión",
    "fr": "indécis|sans opinion|pas d'opinion",
    "de": "unentschieden|unentschlossen|keine meinung",
    "pt": "não tem certeza|não tenho certeza|indeciso|sem opinião",
    "pl": "nie mam zdania|niezdecydowany|niezdecydowana",
}
"""A don't know at the side of a scale, and an answer in its middle: “agree, undecided, disagree”."""

OFF_SCALE_ONLY = {
    "en": "does not apply|doesn't apply",
    "ru": "не относится|не подходит",
    "uk": "не стосується|не підходить",
    "de": "trifft nicht zu",
}
"""Not applicable far off a scale, and an answer on it: “trifft zu, trifft nicht zu”."""

INSTRUCTIONS = (
    r"не\s*зачитывать|не\s*читать|не\s*зачитувати|do\s*not\s*read(\s*out)?|don.?t\s*read(\s*out)?|not\s*read(\s*out)?|"
    r"volunteered|spontaneous|\bvol\b|\bspont\b|nicht\s*vorlesen|ne\s*pas\s*lire|no\s*leer|não\s*ler|nie\s*czytać"
)
"""What is said to interviewers, not to respondents."""

_PARTS = re.compile(
    r"\s*(?:/|\\|;|,|:|\||\+|\s[-–—]\s|\bor\b|\band\b|\bили\b|\bабо\b|\bили\b|\boder\b|\bou\b|\blub\b)\s*"
)


def plain_label(label: str) -> str:
    """A label without case, code in front, brackets, instructions and punctuation, to be compared."""
    text = re.sub(r"['’‘´`ʼ\"“”«»„]", "", label)
    text = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    text = re.sub(r"^\s*[-−]?\d+\s*[.):=–-]+\s*(?=[^\d\s])", "", text)
    inside = re.sub(r"[()\[\]{}<>]", " ", text)
    outside = re.sub(r"\([^)]*\)|\[[^\]]*\]|\{[^}]*\}|<[^>]*>", " ", text)
    for candidate in (outside, inside):
        plain = re.sub(r"\s*/\s*", "/", re.sub(INSTRUCTIONS, " ", candidate))
        plain = re.sub(r"\.(?=\w\b)|\.(?=/|$)", "", plain)  # k.a. is one word
        plain = " ".join(plain.split()).strip(" .,:;/*!?()[]–—-…")
        if plain:
            return plain
    return ""


def _all(lists: dict[str, str]) -> frozenset[str]:
    """The words of all languages, as labels are compared."""
    return frozenset(plain_label(word) for words in lists.values() for word in words.split("|"))


_NO_ANSWER, _DONT_KNOW = _all(NO_ANSWER), _all(DONT_KNOW)
_UNSURE, _OFF_SCALE_ONLY = _all(UNSURE), _all(OFF_SCALE_ONLY)


def meaning_of(
    label: str, *, off_scale: bool = False, between: bool = False, own: Collection[str] = ()
) -> Meaning | None:
    """What a label says of the answer: that there is none, that it is not known, or nothing of the kind.

    Args:
        label: of a code, or an answer that is text itself.
        off_scale: the code lies far off the other codes.
        between: other answers lie on both sides of the code.
        own: words of a survey's own for no answer.
    """
    whole = plain_label(label)
    no_answer = {*_NO_ANSWER, *map(plain_label, own), *(_OFF_SCALE_ONLY if off_scale else ())}
    dont_know = _DONT_KNOW if between else _DONT_KNOW | _UNSURE
    if whole in no_answer:
        return "no_answer"
    parts = [whole] if whole in dont_know else [part for part in _PARTS.split(whole) if part]
    if not parts or any(part not in no_answer and part not in dont_know for part in parts):
        return None
    return "dont_know" if any(part in dont_know for part in parts) else "no_answer"


def is_abbreviation(label: str) -> bool:
    """Whether a label is so short (DK, NA, н/о) that it may as well be the name of something: NA is Namibia too."""
    return len(re.sub(r"\W", "", plain_label(label))) <= 3
