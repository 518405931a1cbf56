"""The sentences of a wave's data quality and of raking, one message a code, in the reader's language.

The floors below hand out codes and values (`QualityCheck`, `RakingObstacle`); what a page says of them is here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groundswell.reports.language.language import Language, mark
from groundswell.reports.language.measure import Measure

LABELS = {
    "item_non_response": mark("item non-response"),
    "non_response_change": mark("change of item non-response"),
    "no_weights": mark("weights"),
    "zero_weights": mark("zero weights"),
    "weight_design_effect": mark("design effect of weights"),
    "weight_concentration": mark("weight concentration"),
    "rows": mark("rows"),
    "duplicate_identifiers": mark("duplicate identifiers"),
    "duplicate_respondents": mark("duplicate respondents"),
    "interview_dates": mark("interview dates"),
    "straight_lining": mark("straight-lining"),
    "printed_share": mark("printed share"),
    "printed_n": mark("printed n"),
}
"""What was looked at, in a few words, by the check's code."""

Values = Mapping[str, Any]


def quality_label(code: str, language: Language) -> str:
    """What a check looked at, in a few words.

    Raises: KeyError for a code that no check has.
    """
    return language.say(LABELS[code])


def quality_sentence(code: str, values: Values, language: Language) -> str:
    """What a check found, in one sentence of plain text.

    `code` and `values` are those of a `QualityCheck`; names of columns and files come from the survey.

    Raises: KeyError for a code that no check has, or values that lack what its sentence says.
    """
    return _SENTENCES[code](values, language)


def raking_obstacle_words(code: str, values: Values, language: Language) -> str:
    """Why a wave cannot be raked, as the end of a sentence. `code` and `values` are those of a `RakingObstacle`.

    Raises: KeyError as `quality_sentence`.
    """
    return _OBSTACLES[code](values, language)


def _item_non_response(values: Values, language: Language) -> str:
    return language.say(
        "{share} of respondents gave no valid answer to `{column}`.",
        share=language.percent(values["number"], 1),
        column=values["subject"],
    )


def _non_response_change(values: Values, language: Language) -> str:
    return language.say(
        "Item non-response to `{column}` went from {before} to {after} since the wave before.",
        column=values["subject"],
        before=language.percent(values["before"], 1),
        after=language.percent(values["after"], 1),
    )


def _no_weights(_: Values, language: Language) -> str:
    return language.say("The wave has no weights: every respondent counts the same.")


def _zero_weights(values: Values, language: Language) -> str:
    return language.count(
        "{n} respondent has weight zero and is not in n; {rest} remain.",
        "{n} respondents have weight zero and are not in n; {rest} remain.",
        values["number"],
        rest=language.number(values["n"]),
    )


def _weight_design_effect(values: Values, language: Language) -> str:
    return language.say(
        "Kish's design effect is {deff}: {n} interviews are worth {worth}.",
        deff=language.number(values["number"], 2),
        n=language.number(values["n"]),
        worth=language.number(values["n_effective"]),
    )


def _weight_concentration(values: Values, language: Language) -> str:
    return language.say(
        "The heaviest 1% of respondents hold {share} of the weight; the largest weight is {largest} times the mean.",
        share=language.percent(values["number"], 1),
        largest=language.number(values["largest"], 1),
    )


def _rows(values: Values, language: Language) -> str:
    if values["export_limit"]:
        return language.count(
            "The file holds {n} row, where some programs stop writing: ask for the whole file.",
            "The file holds {n} rows, where some programs stop writing: ask for the whole file.",
            values["number"],
        )
    return language.count("The file holds {n} row.", "The file holds {n} rows.", values["number"])


def _duplicate_identifiers(values: Values, language: Language) -> str:
    return language.count(
        "{n} row repeats the identifier of another row.",
        "{n} rows repeat the identifier of another row.",
        values["number"],
    )


def _duplicate_respondents(values: Values, language: Language) -> str:
    return language.count(
        "{n} respondent agrees with another in all {columns} columns.",
        "{n} respondents agree with another in all {columns} columns.",
        values["number"],
        columns=language.number(values["columns"]),
    )


def _interview_dates(values: Values, language: Language) -> str:
    if values["number"] is None:
        return language.say(
            "`{column}` holds no dates, so the stated fieldwork cannot be checked.", column=values["subject"]
        )
    return language.count(
        "Interviews run from {first} to {last}, fieldwork is stated as {start} to {end}; {n} interview lies outside.",
        "Interviews run from {first} to {last}, fieldwork is stated as {start} to {end}; {n} interviews lie outside.",
        values["number"],
        **{name: values[name] for name in ("first", "last", "start", "end")},
    )


def _straight_lining(values: Values, language: Language) -> str:
    return language.count(
        "{share} of {n} respondent gave one answer to all {items} items of `{battery}`.",
        "{share} of {n} respondents gave one answer to all {items} items of `{battery}`.",
        values["n"],
        share=language.percent(values["number"], 1),
        items=language.number(values["items"]),
        battery=values["subject"],
    )


def _printed_share(values: Values, language: Language) -> str:
    measure = Measure(language, values.get("scale"), values.get("unit"))
    return language.say(
        "{source} gives {printed} for `{indicator}`; the wave's own file gives {estimated}.",
        source=values["source"],
        printed=measure.number(values["printed"], 1),
        indicator=values["subject"],
        estimated=measure.number(values["estimated"], 1),
    )


def _printed_n(values: Values, language: Language) -> str:
    return language.say(
        "{source} gives n = {printed} for `{indicator}`; the wave's own file gives {counted} with a weight and a "
        "valid answer.",
        source=values["source"],
        printed=language.number(values["printed"]),
        indicator=values["subject"],
        counted=language.number(values["counted"]),
    )


_SENTENCES = {
    "item_non_response": _item_non_response,
    "non_response_change": _non_response_change,
    "no_weights": _no_weights,
    "zero_weights": _zero_weights,
    "weight_design_effect": _weight_design_effect,
    "weight_concentration": _weight_concentration,
    "rows": _rows,
    "duplicate_identifiers": _duplicate_identifiers,
    "duplicate_respondents": _duplicate_respondents,
    "interview_dates": _interview_dates,
    "straight_lining": _straight_lining,
    "printed_share": _printed_share,
    "printed_n": _printed_n,
}


def _without_category(values: Values, language: Language) -> str:
    return language.count(
        "{n} respondent has no category of `{variable}`, and no rule is chosen for them",
        "{n} respondents have no category of `{variable}`, and no rule is chosen for them",
        values["respondents"],
        variable=values["variable"],
    )


def _without_total(values: Values, language: Language) -> str:
    return language.say(
        "the margin `{variable}` has no total above zero for {categories}, which respondents gave",
        variable=values["variable"],
        categories=_listed(values["categories"]),
    )


def _without_respondents(values: Values, language: Language) -> str:
    return language.say(
        "the margin `{variable}` has a total for {categories}, but no respondent with a weight above zero gave it",
        variable=values["variable"],
        categories=_listed(values["categories"]),
    )


def _totals_differ(values: Values, language: Language) -> str:
    pairs = zip(values["variables"], values["totals"], strict=True)
    return language.say(
        "the margins sum to different totals ({totals})",
        totals=", ".join(
            f"`{name}` {language.number(total, 0 if total > 2 else 3)}" for name, total in pairs
        ),
    )


def _not_held(_: Values, language: Language) -> str:
    return language.say(
        "the margins cannot be held together: they contradict each other, or some combination has too few respondents"
    )


_OBSTACLES = {
    "respondents_without_category": _without_category,
    "category_without_total": _without_total,
    "category_without_respondents": _without_respondents,
    "totals_differ": _totals_differ,
    "margins_not_held": _not_held,
}


def _listed(names: list[str]) -> str:
    """Names in back-ticks, as the survey writes them."""
    return ", ".join(f"`{name}`" for name in names)
