"""On whose scale a level stands, in words: said only where more than one wording was ever asked."""

from __future__ import annotations

from reports.hand_made import a_reading, a_row

from groundswell.reports.evidence.scale import scale_label, scale_words, scaled_title
from groundswell.reports.language.language import Language

EN = Language("en")
OLD = a_row("2024-01-10", variant="acme-old")
NEW = a_row("2024-02-10")
BELL = a_row("2024-03-10", house="bell", variant="bell")


def test_one_wording_ever_asked_needs_no_scale() -> None:
    reading = a_reading(NEW, a_row("2024-04-10"))
    (segment,) = reading.segments
    assert (scale_words(reading, segment, EN), scale_label(reading, segment, EN)) == ("", "")
    assert scaled_title(reading, segment, EN) == "Mood"


def test_two_wordings_of_one_house_name_the_one_that_the_level_is_on() -> None:
    reading = a_reading(OLD, NEW)
    (segment,) = reading.segments
    assert scale_words(reading, segment, EN) == "Acme’s question: today"
    assert scale_label(reading, segment, EN) == "scale: today"
    assert scaled_title(reading, segment, EN) == "Mood (Acme’s question: today)"


def test_several_houses_are_an_average_and_a_house_in_one_wording_is_named_alone() -> None:
    reading = a_reading(NEW, BELL)
    (segment,) = reading.segments
    assert scale_words(reading, segment, EN) == "the average of 2 houses, each as asked last"
    assert scale_label(reading, segment, EN) == "scale: average"
    referred = a_reading(NEW, BELL, scale_of=("bell",))
    assert scale_words(referred, referred.segments[0], EN) == "Bell & Co’s question"
    assert scale_label(referred, referred.segments[0], EN) == "scale: Bell & Co"
