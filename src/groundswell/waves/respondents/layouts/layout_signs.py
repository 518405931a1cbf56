"""By what the files of real programs are recognised: the words that they write into their first rows."""

from __future__ import annotations

import re
from collections.abc import Collection

IMPORT_ID = re.compile(r'\{\s*"ImportId"\s*:')
"""What each cell of Qualtrics' row of identifiers begins with."""

QUALTRICS = frozenset(
    ("startdate", "enddate", "status", "ipaddress", "progress", "finished", "recordeddate", "responseid",
     "responseset", "duration (in seconds)", "distributionchannel", "userlanguage", "externaldatareference",
     "externalreference", "recipientemail", "recipientlastname", "recipientfirstname")
)  # fmt: skip
"""Names of Qualtrics' own columns, in small letters."""

SURVEYMONKEY = frozenset(
    ("respondent id", "respondentid", "collector id", "collectorid", "date created", "startdate", "date modified",
     "enddate", "ip address", "email address", "first name", "last name", "custom data 1")
)  # fmt: skip
"""Names of SurveyMonkey's own columns, in small letters."""

RESPONDENT_ID = frozenset(("respondent id", "respondentid"))
"""The column that every export of SurveyMonkey has."""

RESPONSE = frozenset(
    ("response", "open-ended response", "antwort", "offene antwort", "réponse", "réponse ouverte", "respuesta",
     "respuesta abierta", "resposta", "resposta aberta", "risposta", "risposta aperta", "ответ", "открытый ответ",
     "odpowiedź", "відповідь")
)  # fmt: skip
"""What SurveyMonkey writes under a question with one column, in small letters."""

KOBO = frozenset(
    ("_id", "_uuid", "_submission_time", "_validation_status", "_index", "__version__", "_submitted_by", "_status",
     "_notes", "_tags", "meta/instanceid")
)  # fmt: skip
"""Names of KoBo's and ODK's own columns, in small letters."""

LIMESURVEY = frozenset(
    ("submitdate", "lastpage", "startlanguage", "startdate", "datestamp", "ipaddr", "refurl", "seed", "token",
     "response id", "date submitted", "last page", "start language", "date started", "date last action")
)  # fmt: skip
"""Names of LimeSurvey's own columns, as codes and as texts, in small letters."""

TIMESTAMP = frozenset(
    ("timestamp", "отметка времени", "позначка часу", "zeitstempel", "horodateur", "marca temporal",
     "marca de tiempo", "carimbo de data/hora", "data/hora", "informazioni cronologiche", "sygnatura czasowa",
     "tijdstempel", "časová značka", "tidsstämpel", "tidsstempel", "zaman damgası", "タイムスタンプ", "时间戳记")
)  # fmt: skip
"""The name of Google Forms' first column, in small letters, by language."""

TOTALS = frozenset(
    ("total", "totals", "grand total", "sum", "base", "unweighted base", "weighted base", "column total", "n=",
     "итого", "всего", "итог", "база", "разом", "усього", "gesamt", "summe", "insgesamt", "ensemble",
     "suma", "razem", "ogółem", "totale", "totaal", "celkem", "toplam", "somme")
)  # fmt: skip
"""The words that begin a row of totals, in small letters."""

NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)*|[.,]\d+)\s*%?")
"""What no program and no person takes for a column's name."""

_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\b.*")


def is_number(cell: str) -> bool:
    """Whether the cell is a number, with any marks, or a share."""
    return NUMBER.fullmatch(cell.strip()) is not None


def is_date(cell: str) -> bool:
    """Whether the cell begins as a date does, in any order of its parts."""
    return _DATE.fullmatch(cell.strip()) is not None


def of_program(names: Collection[str], signs: frozenset[str]) -> list[str]:
    """The names that a program's own columns bear."""
    return [name for name in names if name.strip().casefold() in signs]


def is_total(cells: Collection[str | None]) -> bool:
    """Whether a row is one of totals: its first word says so, and the rest is numbers."""
    filled = [cell.strip() for cell in cells if cell and cell.strip()]
    if not filled or filled[0].rstrip(":.").casefold() not in TOTALS:
        return False
    return all(is_number(cell) for cell in filled[1:])
