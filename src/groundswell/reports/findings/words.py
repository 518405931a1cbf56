"""The sentence of one comparison, in words that its probability allows.

WORDS is the one table from probability to words; the report prints it. `{word}` stands in each message where the
page sets the table's word in bold.
"""

from __future__ import annotations

import pandas as pd

from groundswell.reports.evidence.changes import Change
from groundswell.reports.evidence.reading import Reading
from groundswell.reports.evidence.scale import scaled_title
from groundswell.reports.language.language import Language, mark

# Words and the least adjusted probability that allows them, strongest first.
WORDS = ((mark("almost certainly"), 0.99), (mark("very probably"), 0.95), (mark("probably"), 0.80))
EVEN = 0.66


def word_for(adjusted: float) -> str:
    """The table's word for an adjusted probability, "" where nothing can be said."""
    return next((word for word, least in WORDS if adjusted >= least), "")


def change_sentence(reading: Reading, change: Change, language: Language, word: str) -> str:
    """The sentence of one compared change, `word` set where the table's word belongs."""
    message = _claim(reading, change) if word_for(change.adjusted) else _open(change)
    when = change.end if message is NEWEST_OPEN else change.start
    return language.say(
        message,
        title=scaled_title(reading, reading.segment_on(change.end), language),
        word=word,
        label=change.label,
        when=language.in_month(when),
        until=language.in_month(change.end),
        likely=_likely(change, language),
    )


YEAR_OPEN = mark("{title}: {word} of the last twelve months; {likely}.")
NEWEST_OPEN = mark("{title}: {word} of a change up to its newest wave, {when}; {likely}.")


def _open(change: Change) -> str:
    return YEAR_OPEN if change.kind == "year" else NEWEST_OPEN


def _claim(reading: Reading, change: Change) -> str:
    fall = change.fall
    if change.kind == "year":
        return (
            mark("{title} is {word} lower than a year ago.")
            if fall
            else mark("{title} is {word} higher than a year ago.")
        )
    if change.kind == "earlier":
        if fall:
            return mark("{title} was {word} lower {until} than {when}, before its wording or method changed.")
        return mark("{title} was {word} higher {until} than {when}, before its wording or method changed.")
    if change.kind == "event":
        if fall:
            return mark("{title} is {word} lower than just before “{label}”, {when}.")
        return mark("{title} is {word} higher than just before “{label}”, {when}.")
    if _extreme(reading, change.start, highest=fall):
        if fall:
            return mark("{title} has {word} fallen since its peak {when}.")
        return mark("{title} has {word} risen since its low {when}.")
    return (
        mark("{title} is {word} lower than {when}.")
        if fall
        else mark("{title} is {word} higher than {when}.")
    )


def _extreme(reading: Reading, day: pd.Timestamp, *, highest: bool) -> bool:
    """Whether the level at this wave is the highest (or lowest) of all waves shown that it can be compared with."""
    middles, cuts = reading.used["middle"], reading.unbridged()
    comparable = middles[middles >= cuts[-1]] if cuts else middles
    days = pd.DatetimeIndex([day, *comparable])
    shares = reading.level_on(days).set_index("date")["share"]
    return bool(shares[day] >= shares.max() if highest else shares[day] <= shares.min())


def _likely(change: Change, language: Language) -> str:
    """What an unclear change looks like on its own, before the other comparisons are allowed for."""
    if change.probability < EVEN:
        return language.say("a rise is about as likely as a fall")
    if change.fall:
        return language.say("a fall is more likely than a rise, no more")
    return language.say("a rise is more likely than a fall, no more")
