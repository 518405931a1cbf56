"""Rules between the keys of `survey.toml`; also while parts are malformed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from groundswell.errors import nearest
from groundswell.waves.surveys.declared_mood import mood_links
from groundswell.waves.surveys.planned_report import report_links
from groundswell.waves.surveys.watch_rule import watch_links
from groundswell.waves.toml.lines import Path
from groundswell.waves.toml.record import Found, tables_in


def broken_links(values: Mapping[str, Any]) -> Iterator[Found]:
    """Path and message of each rule between keys that a survey breaks, also while parts are malformed."""
    houses, indicators = tables_in(values.get("houses")), tables_in(values.get("indicators"))
    yield from _bias_links(values.get("shared_bias"))
    for key, house in houses.items():
        if house.get("default_deff") is not None and house.get("default_deff_source") is None:
            yield ("houses", key, "default_deff"), "needs `default_deff_source`: say why, in words"
        if house.get("response_rate") is not None and house.get("response_rate_source") is None:
            yield (
                ("houses", key, "response_rate"),
                "needs `response_rate_source`: say which rate it is, of which waves, and where it was read",
            )
    for key, indicator in indicators.items():
        variants = tables_in(indicator.get("variants"))
        yield from _statistic_links(key, indicator, variants)
        reference = indicator.get("reference")
        if isinstance(reference, str) and reference not in variants:
            message = f"must be a variant of `{key}`, got `{reference}`; {nearest(reference, variants)}"
            yield ("indicators", key, "reference"), message
        for name, variant in variants.items():
            path = ("indicators", key, "variants", name)
            asked_by = variant.get("house")
            if isinstance(asked_by, str) and asked_by not in houses:
                yield (*path, "house"), f"no such house `{asked_by}`; {nearest(asked_by, houses)}"
            if variant.get("fit") is False and variant.get("fit_reason") is None:
                yield (
                    (*path, "fit"),
                    "`fit = false` needs `fit_reason`: say why in words, the report prints it",
                )
    yield from _event_links(values.get("events"), indicators)
    yield from _bridge_links(values.get("bridges"), indicators)
    yield from mood_links(values.get("moods"), indicators)
    yield from report_links(values.get("report"))
    yield from watch_links(values.get("watch"), indicators, houses)


def _bias_links(bias: Any) -> Iterator[Found]:
    """The size of the shared bias is stated with its source, or learnt, and not both."""
    if not isinstance(bias, Mapping):
        return
    if bias.get("learn") is None:
        for name in ("sd", "source"):
            if bias.get(name) is None:
                yield ("shared_bias", name), 'is missing, must be given (or write `learn = "benchmarks"`)'
    elif bias.get("sd") is not None:
        yield ("shared_bias", "learn"), "stands beside `sd`: a bias is stated or learnt, keep one of the two"


def _statistic_links(
    key: str, indicator: Mapping[str, Any], variants: Mapping[str, Mapping[str, Any]]
) -> Iterator[Found]:
    """What a share needs and a mean must not have, and the other way round."""
    mean = indicator.get("statistic") == "mean"
    yield from _sd_links(key, indicator)
    if mean and indicator.get("scale") is None:
        yield (
            ("indicators", key, "scale"),
            "is missing: a mean needs the ends of its answer scale, as `scale = [0, 10]`",
        )
    for name in () if mean else ("scale", "unit", "sd"):
        if indicator.get(name) is not None:
            message = 'belongs to a mean: write `statistic = "mean"`, or delete it'
            yield ("indicators", key, name), message
    for name, variant in variants.items():
        path = ("indicators", key, "variants", name, "numerator")
        if mean and variant.get("numerator"):
            yield path, 'counts the answers of a share: delete it, or write `statistic = "share"`'
        elif not mean and variant.get("numerator") in (None, ()):
            yield path, 'is missing: write the answers that count, or `statistic = "mean"` for a mean'
        yield from _answer_links((*path[:-1], "answers"), variant, mean=mean)


def _answer_links(path: Path, variant: Mapping[str, Any], *, mean: bool) -> Iterator[Found]:
    """All answers of a question hold those that count, each once."""
    answers, numerator = variant.get("answers"), variant.get("numerator")
    if not (isinstance(answers, list | tuple) and answers):
        return
    if mean:
        yield path, 'belongs to a share: delete it, or write `statistic = "share"`'
        return
    for name in dict.fromkeys(answers):
        if answers.count(name) > 1:
            yield path, f"names `{name}` {answers.count(name)} times: name each answer once"
    for name in numerator if isinstance(numerator, list | tuple) else ():
        if name not in answers:
            yield path, f"lacks `{name}`, which the numerator counts; {nearest(name, answers)}"


def _sd_links(key: str, indicator: Mapping[str, Any]) -> Iterator[Found]:
    """No answers between two ends spread more than those of which half are at either."""
    match indicator.get("scale"), indicator.get("sd"):
        case (int() | float() as low, int() | float() as high), int() | float() as sd if (
            sd > (most := (high - low) / 2) > 0
        ):
            message = (
                f"must be at most half of the scale, {most:g}, got {sd:g}: the standard deviation between people, in "
                "the scale's own numbers"
            )
            yield ("indicators", key, "sd"), message


def _event_links(events: Any, indicators: Mapping[str, Any]) -> Iterator[Found]:
    for number, event in enumerate(events if isinstance(events, list | tuple) else ()):
        named = event.get("indicators") if isinstance(event, dict) else None
        for element, name in enumerate(named if isinstance(named, list | tuple) else ()):
            if isinstance(name, str) and name not in indicators:
                message = f"no such indicator `{name}`; {nearest(name, indicators)}"
                yield ("events", number, "indicators", element), message


def _bridge_links(bridges: Any, indicators: Mapping[str, Mapping[str, Any]]) -> Iterator[Found]:
    """A bridge joins two variants of one indicator that is a share."""
    for number, bridge in enumerate(bridges if isinstance(bridges, list | tuple) else ()):
        if not isinstance(bridge, dict):
            continue
        path, key = ("bridges", number), bridge.get("indicator")
        if key is None:
            yield (*path, "indicator"), "is missing: write which indicator's variants it joins"
        elif isinstance(key, str) and key not in indicators:
            yield (*path, "indicator"), f"no such indicator `{key}`; {nearest(key, indicators)}"
        elif isinstance(key, str):
            variants = tables_in(indicators[key].get("variants"))
            if indicators[key].get("statistic") == "mean":
                yield (*path, "indicator"), f"`{key}` is a mean, and only shares can be bridged: delete it"
            for end in ("old", "new"):
                if isinstance(name := bridge.get(end), str) and name not in variants:
                    yield (
                        (*path, end),
                        f"must be a variant of `{key}`, got `{name}`; {nearest(name, variants)}",
                    )
