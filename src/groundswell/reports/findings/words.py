"""The sentence of one comparison, in words that its probability allows.

WORDS is the one table from probability to words; the report prints it. `{word}` stands in each message where the
page sets the table's word in bold.
"""

from __future__ import annotations

from groundswell.reports.evidence.changes import Change
from groundswell.reports.evidence.reading import Reading
from groundswell.reports.evidence.scale import scaled_title
from groundswell.reports.evidence.told import is_extreme
from groundswell.reports.language.language import Language, mark
from groundswell.reports.language.measure import Measure, measure_of

# Words and the least adjusted probability that allows them, strongest first.
WORDS = ((mark("almost certainly"), 0.99), (mark("very probably"), 0.95), (mark("probably"), 0.80))


def word_for(adjusted: float) -> str:
    """The table's word for an adjusted probability, "" where nothing can be said."""
    return next((word for word, least in WORDS if adjusted >= least), "")


def change_sentence(reading: Reading, change: Change, language: Language, word: str) -> str:
    """The sentence of one change that may be claimed, `word` set where the table's word belongs."""
    measure = measure_of(reading.indicator, language)
    return language.say(
        _message(reading, change),
        title=_title(reading, change, language),
        word=word,
        label=change.label,
        old=measure.number(change.share_start),
        new=measure.number(change.share_end),
        when=language.in_month(change.start),
        until=language.in_month(change.end),
        bound=bound_in_words(change, measure),
    )


def bound_in_words(change: Change, measure: Measure) -> str:
    """The distance within which a level stood still; "" of any other change."""
    if change.kind != "still":
        return ""
    return measure.distance_in_words(change.within, decimals_of(change.within))


def decimals_of(within: float) -> int:
    """The decimals that a distance needs beyond a change's: half a point has one."""
    return 1 if within < 0.01 else 0


def _title(reading: Reading, change: Change, language: Language) -> str:
    if change.kind == "house":
        house = reading.house_name(change.label)
        return language.say("{title} as {house} asks it", title=reading.title, house=house)
    return scaled_title(reading, reading.segment_on(change.end), language)


# By kind of change: a fall, a rise.
YEAR = (
    mark("{title} was {word} lower {until} than a year before: {new} after {old}."),
    mark("{title} was {word} higher {until} than a year before: {new} after {old}."),
)
EVENT = (
    mark(
        "{title} {word} fell from {old} {when}, the last wave before “{label}”, to {new} {until}, the first after it."
    ),
    mark(
        "{title} {word} rose from {old} {when}, the last wave before “{label}”, to {new} {until}, the first after it."
    ),
)
EVENT_AT_ONCE = (
    mark(
        "{title} {word} fell from {old} to {new} {until}, from the last wave before “{label}” to the first after it."
    ),
    mark(
        "{title} {word} rose from {old} to {new} {until}, from the last wave before “{label}” to the first after it."
    ),
)
SHOCK = (
    mark("{title} {word} fell at once, from {old} {when} to {new} {until}, where no event is declared."),
    mark("{title} {word} rose at once, from {old} {when} to {new} {until}, where no event is declared."),
)
EARLIER = (
    mark("{title} {word} fell from {old} {when} to {new} {until}, before its wording or method changed."),
    mark("{title} {word} rose from {old} {when} to {new} {until}, before its wording or method changed."),
)
EXTREME = (
    mark("{title} {word} fell from its highest, {old} {when}, to {new} {until}."),
    mark("{title} {word} rose from its lowest, {old} {when}, to {new} {until}."),
)
MOVE = (
    mark("{title} {word} fell from {old} {when} to {new} {until}."),
    mark("{title} {word} rose from {old} {when} to {new} {until}."),
)
STILL = mark(
    "{title} {word} moved by no more than {bound} between any two waves of the year up to its newest, {until}."
)


def _message(reading: Reading, change: Change) -> str:
    if change.kind == "still":
        return STILL
    return _both_ways(reading, change)[0 if change.fall else 1]


def _both_ways(reading: Reading, change: Change) -> tuple[str, str]:
    """The messages of a fall and of a rise of this kind."""
    if change.kind == "year":
        return YEAR
    if change.kind == "event":
        months = [(day.year, day.month) for day in (change.start, change.end)]
        return EVENT_AT_ONCE if months[0] == months[1] else EVENT
    if change.kind == "shock":
        return SHOCK
    if change.end < reading.segments[-1].start:
        return EARLIER
    if change.kind == "house":
        return MOVE
    return EXTREME if is_extreme(reading, change.start, "highest" if change.fall else "lowest") else MOVE
