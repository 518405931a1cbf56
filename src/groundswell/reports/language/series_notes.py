"""Notes about one series of a table of shares in sentences, as `groundswell trend` prints them.

The codes are those of `trends.answers.table_source` and of checks that did not pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from groundswell.reports.language.checks import check_sentence
from groundswell.reports.language.language import Language, mark
from groundswell.reports.language.measure import Measure
from groundswell.reports.language.told_houses import MOST_NAMED, Values


def series_sentence(series: str, code: str, verdict: str, values: Values, language: Language) -> str:
    """A note about one series, the series named."""
    if code in SENTENCES:
        return SENTENCES[code](series, values, language)
    return f"`{series}`: {check_sentence(code, verdict, values, language)}"


def _more_dates(_: str, values: Values, language: Language) -> str:
    return language.count(
        "… and {n} more date that no survey can have",
        "… and {n} more dates that no survey can have",
        values["more"],
    )


def _no_shared_bias(_: str, __: Values, language: Language) -> str:
    return language.say(
        "`low95` to `high95` holds what such surveys would say on average; nobody stated how far all of them may be "
        "off the population (`--shared-bias`)"
    )


def _break(series: str, values: Values, language: Language) -> str:
    return language.say(
        "`{series}`: nothing that was asked before {day} was asked after it: the level breaks there, and levels on "
        "the two sides cannot be compared",
        series=series,
        day=values["day"],
    )


def _scale(series: str, values: Values, language: Language) -> str:
    names = [", ".join(filter(None, (row["house"], row["variant"], row["mode"]))) for row in values["asked"]]
    scale = "; ".join(f"`{name}`" for name in names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
    message = (
        mark("`{series}`: the level is the average of what established houses asked last: {scale}")
        if len(names) > 1
        else mark("`{series}`: the level is on the scale of {scale}")
    )
    return language.say(message, series=series, scale=scale)


def _mean(series: str, values: Values, language: Language) -> str:
    measure = Measure(language, values["scale"], values.get("unit"))
    return language.say(
        "`{series}`: a mean on {ends}, written by its place between them: {place} is {number}",
        series=series,
        ends=measure.scale,
        place=language.number(0.5, 1),
        number=measure.number(0.5),
    )


def _date_too_early(series: str, values: Values, language: Language) -> str:
    return language.say(
        "`{house}` in `{series}`: the fieldwork’s end `{day}` is before {year}, earlier than any survey: check the "
        "year",
        house=values["house"],
        series=series,
        day=values["end"],
        year=values["first_year"],
    )


def _date_too_late(series: str, values: Values, language: Language) -> str:
    return language.say(
        "`{house}` in `{series}`: the fieldwork’s end `{day}` is more than a year from now: check the year",
        house=values["house"],
        series=series,
        day=values["end"],
    )


def _published_early(_: str, values: Values, language: Language) -> str:
    return language.count(
        "{n} row was published before its fieldwork ended: check its dates ({lines})",
        "{n} rows were published before their fieldwork ended: check their dates ({lines})",
        values["n"],
        lines=_lines(values, language),
    )


def _counted_once(series: str, values: Values, language: Language) -> str:
    return language.count(
        "`{series}`: {n} row repeats a figure that another row has, the same or rounded, and counts once: {pairs}",
        "`{series}`: {n} rows repeat a figure that another row has, the same or rounded, and count once: {pairs}",
        values["n"],
        series=series,
        pairs=_pairs(values, language),
    )


def _perhaps_twice(series: str, values: Values, language: Language) -> str:
    return language.count(
        "`{series}`: {n} pair of rows has one house and days that may be the same; if it is one wave, it counts "
        "twice: {pairs}",
        "`{series}`: {n} pairs of rows have one house and days that may be the same; a pair that is one wave counts "
        "twice: {pairs}",
        values["n"],
        series=series,
        pairs=_pairs(values, language),
    )


def _one_house(_: str, values: Values, language: Language) -> str:
    return language.say(
        "`{one}` ({of_one}) and `{other}` ({of_other}) may be one house under two names, and count as two: write one "
        "name",
        one=values["one"],
        other=values["other"],
        of_one=_lines(values["of_one"], language),
        of_other=_lines(values["of_other"], language),
    )


def _unanswered(series: str, values: Values, language: Language) -> str:
    return language.count(
        "`{series}`: {n} row in which nobody answered is left out ({lines})",
        "`{series}`: {n} rows in which nobody answered are left out ({lines})",
        values["n"],
        series=series,
        lines=_lines(values, language),
    )


def _domains_unseen(series: str, values: Values, language: Language) -> str:
    return language.say(
        "`{series}`: no wave shows a figure of {domains}; they are not followed, and nothing is said of them",
        series=series,
        domains=_domains(values),
    )


def _domains_elsewhere(series: str, values: Values, language: Language) -> str:
    return language.say(
        "`{series}`: the newest wave does not have {domains}; they are not followed",
        series=series,
        domains=_domains(values),
    )


def _domains_apart(series: str, values: Values, language: Language) -> str:
    return language.say(
        "`{series}`: the domains of `{by}` that are followed are not the whole, and are not made to add up to it",
        series=series,
        by=values["by"],
    )


def _domains(values: Values) -> str:
    """The first of some domains, and a mark where there are more."""
    names = values["domains"]
    return ", ".join(f"`{name}`" for name in names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")


def _answers(series: str, values: Values, language: Language) -> str:
    others = [
        language.say(words, n=values["others"][code])
        for code, words in LESS.items()
        if code in values["others"]
    ]
    return language.say(
        "`{series}`: {whole} of {waves} waves say all answers ({answers}){others}",
        series=series,
        whole=values["whole"],
        waves=values["waves"],
        answers=", ".join(f"`{name}`" for name in values["answers"]),
        others="".join(f"; {other}" for other in others),
    )


LESS: Final = {
    "first_answer_only": mark("the first alone: {n}"),
    "answer_missing": mark("not every answer: {n}"),
    "other_answers": mark("other answers: {n}"),
    "answers_do_not_add_up": mark("answers that do not add up to 1: {n}"),
    "nothing_left": mark("nobody left to split: {n}"),
    "not_used": mark("not used: {n}"),
}
"""What waves say that do not say all answers of a question, by code."""


def _lines(values: Values, language: Language) -> str:
    """The lines of a file that a note names, and a mark where there are more."""
    listed = ", ".join(map(str, values["lines"])) + (" …" if values["n"] > len(values["lines"]) else "")
    return language.say(mark("line {lines}") if values["n"] == 1 else mark("lines {lines}"), lines=listed)


def _pairs(values: Values, language: Language) -> str:
    """The first pairs of rows, each with its lines, its house, its day, and both shares."""
    more = " …" if values["n"] > len(values["pairs"]) else ""
    return "; ".join(_pair(pair, language) for pair in values["pairs"]) + more


def _pair(pair: Mapping[str, Any], language: Language) -> str:
    first, second = (_figure(*each, language) for each in zip(pair["shares"], pair["sizes"], strict=True))
    parts = [f"`{pair['house']}`", str(pair["end"]), first if first == second else f"{first} / {second}"]
    if pair["differ"]:
        parts.append(" / ".join(f"`{name}`" for name in pair["differ"]))
    if pair["sources"]:
        parts.append(" / ".join(language.quoted(source) if source else "–" for source in pair["sources"]))
    there, here = pair["lines"]
    return language.say("lines {there} and {here} ({what})", there=there, here=here, what=", ".join(parts))


def _figure(share: float, n: int | None, language: Language) -> str:
    """A share as it was written, with its n."""
    text = f"{share:.6g}"
    return text if n is None else language.say("{share} of {n}", share=text, n=language.number(n))


SENTENCES: Final[Mapping[str, Callable[[str, Values, Language], str]]] = {
    "more_dates": _more_dates,
    "mean": _mean,
    "no_shared_bias": _no_shared_bias,
    "break": _break,
    "scale": _scale,
    "date_too_early": _date_too_early,
    "date_too_late": _date_too_late,
    "published_early": _published_early,
    "counted_once": _counted_once,
    "perhaps_twice": _perhaps_twice,
    "one_house": _one_house,
    "unanswered": _unanswered,
    "domains_unseen": _domains_unseen,
    "domains_elsewhere": _domains_elsewhere,
    "domains_apart": _domains_apart,
    "answers": _answers,
}
