"""The sentence of each alert, and what it rests on, in the report's language."""

from __future__ import annotations

from groundswell.reports.evidence.alert_record import AlertRecord
from groundswell.reports.evidence.declared.alerts import Alert
from groundswell.reports.evidence.reading import printed
from groundswell.reports.evidence.report import ReportEvidence
from groundswell.reports.language.language import Language, mark
from groundswell.reports.language.measure import Measure, measure_of

_LEVEL = {
    True: mark(
        "{title} rose by {change} (95%: {low} to {high}) between {start} and {end}, from {before} to {after}."
    ),
    False: mark(
        "{title} fell by {change} (95%: {low} to {high}) between {start} and {end}, from {before} to {after}."
    ),
}
_HOUSE = {
    True: mark(
        "{title}: {house} moved up by {change} (95%: {low} to {high}) against the other houses, between {start} and "
        "{end}."
    ),
    False: mark(
        "{title}: {house} moved down by {change} (95%: {low} to {high}) against the other houses, between {start} and "
        "{end}."
    ),
}


def alert_records(evidence: ReportEvidence, language: Language) -> tuple[AlertRecord, ...]:
    """The report's alerts as they are published: in words, with their numbers."""
    return tuple(_record(alert, language) for alert in evidence.watched.alerts)


def _record(alert: Alert, language: Language) -> AlertRecord:
    rule, movement = alert.rule, alert.movement
    measure = measure_of(alert.reading.indicator, language)
    numbers = {} if movement is None else movement._asdict()
    kept = {name: numbers[name] for name in ("before", "after", "estimate", "low", "high") if numbers}
    return AlertRecord(
        key=rule.key,
        kind=rule.kind,
        indicator=rule.indicator,
        house=alert.house,
        since=f"{alert.since:%Y-%m-%d}",
        until=f"{alert.until:%Y-%m-%d}",
        sentence=_sentence(alert, measure, language),
        basis=_basis(alert, language),
        size=rule.size,
        alarm=None if movement is None else rule.alarm,
        probability=None if movement is None else 1.0 - movement.against(movement.estimate),
        waves=_waves(alert, measure, language),
        **kept,
    )


def _sentence(alert: Alert, measure: Measure, language: Language) -> str:
    title, house = alert.reading.title, alert.reading.house_name(alert.house) if alert.house else ""
    movement = alert.movement
    if movement is None:
        return _overdue_sentence(alert, house, language)
    words = (_HOUSE if house else _LEVEL)[movement.estimate > 0]
    return language.say(
        words,
        title=title,
        house=house,
        change=measure.distance_in_words(movement.estimate, 1),
        low=measure.change(movement.low, 1),
        high=measure.change(movement.high, 1),
        start=language.date(movement.start),
        end=language.date(movement.end),
        before=measure.number(movement.before, 1),
        after=measure.number(movement.after, 1),
    )


def _overdue_sentence(alert: Alert, house: str, language: Language) -> str:
    days, since = (alert.until - alert.since).days, language.date(alert.since)
    if house:
        return language.count(
            "{title}: no new wave from {house} for {n} day; the newest ended on {date}.",
            "{title}: no new wave from {house} for {n} days; the newest ended on {date}.",
            days,
            title=alert.reading.title,
            house=house,
            date=since,
        )
    return language.count(
        "{title}: no new wave for {n} day; the newest ended on {date}.",
        "{title}: no new wave for {n} days; the newest ended on {date}.",
        days,
        title=alert.reading.title,
        date=since,
    )


def _basis(alert: Alert, language: Language) -> str:
    """What an alert rests on besides its waves: the rule, its budget, how sure it is, and what showed it."""
    say, rule, movement = language.say, alert.rule, alert.movement
    parts = [say("Rule {key}", key=rule.key)]
    if movement is not None:
        probability = 1.0 - movement.against(movement.estimate)
        parts.append(say("probability of this direction {p}", p=language.probability(probability)))
        if movement.waves:
            parts.append(
                language.count(
                    "{n} newest wave against what was foreseen of it",
                    "{n} newest waves against what was foreseen of them",
                    movement.waves,
                )
            )
        parts.append(
            say(
                "meant to alarm by chance in {share} of years in which nothing changes",
                share=language.percent(rule.alarm, 0 if rule.alarm >= 0.01 else 1),
            )
        )
    return " · ".join(parts)


def _waves(alert: Alert, measure: Measure, language: Language) -> tuple[str, ...]:
    """The newest waves: who asked, when, and what was printed."""
    return tuple(
        f"{alert.reading.house_name(row['house'])}, "
        f"{language.period(row['start'], row['end'], row['precision'])}: {printed(row, measure)}"
        for _, row in alert.newest.iterrows()
    )
