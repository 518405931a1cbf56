"""A declared mood on the page: which are shown, what is said of each question, and what it rests on."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from reports.hand_made import AS_OF, a_reading, a_survey, an_evidence

from groundswell.reports.evidence.declared.moods import MoodReading, read_moods
from groundswell.reports.evidence.report import ReportEvidence
from groundswell.reports.figures.mood import mood_figure
from groundswell.reports.language.language import Language
from groundswell.reports.sections.moods import mood_table
from groundswell.trends.data.observations import SurveyWaves
from groundswell.waves.surveys.declared_mood import DeclaredMood

EN, RU = Language("en"), Language("ru")
DECLARED = DeclaredMood(title="Distress", items=("anxiety", "calm"), reverse=("calm",))
NEVER = {"slope": float("nan"), "slope_low": float("nan"), "slope_high": float("nan"), "common": float("nan")}
ITEMS = [
    {"item": "anxiety", "direction": 1, "verdict": "reference", **NEVER},
    {"item": "calm", "direction": -1, "verdict": "follows", "slope": 0.81, "slope_low": 0.68, "slope_high": 0.93,
     "common": 0.88},
    {"item": "hope", "direction": 1, "verdict": "against", "slope": -0.5, "slope_low": -0.7, "slope_high": -0.3,
     "common": 0.4},
    {"item": "sleep", "direction": 1, "verdict": "cannot_tell", "slope": 0.1, "slope_low": -0.4, "slope_high": 0.6,
     "common": 0.02},
    {"item": "rare", "direction": pd.NA, "verdict": "not_tied", **NEVER},
]  # fmt: skip
SCORES = {"anxiety": 0.65, "calm": 0.63, "hope": 0.9, "sleep": 1.01}


def a_mood(wordings: int = 1) -> Any:
    """What the page reads of a mood, by hand."""
    scale = SimpleNamespace(wordings=wordings)
    return SimpleNamespace(
        reference="anxiety",
        items=pd.DataFrame([{"waves": 40, **item} for item in ITEMS]),
        tied=[SimpleNamespace(name="anxiety", direction=1), SimpleNamespace(name="calm", direction=-1)],
        trends={"anxiety": SimpleNamespace(segments=[SimpleNamespace(scale=scale)])},
        left_out=lambda: pd.DataFrame({"item": list(SCORES), "waves": 40, "ratio": list(SCORES.values())}),
        level=lambda days: pd.DataFrame(),
    )


def a_mood_reading(mood: Any) -> MoodReading:
    return MoodReading(key="distress", declared=DECLARED, reference=a_reading(), mood=mood)


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def evidence() -> ReportEvidence:
    return an_evidence()


def test_every_question_is_told_with_its_slope_its_part_and_what_leaving_it_out_says() -> None:
    said = words(mood_table(evidence(), a_mood_reading(a_mood()), EN).html)
    assert "40 – – 65% the reference" in said
    assert "calm (reversed) 40 0.81 (0.68 to 0.93) 88% 63% moves with the mood" in said
    assert "hope 40 −0.50 (−0.70 to −0.30) 40% 90% moves against the mood: is its direction right?" in said
    assert "sleep 40 0.10 (−0.40 to 0.60) 2% 101% cannot tell: it may say nothing of the mood" in said
    assert "rare 40 – – – not used: too few waves in the time of the others" in said


@pytest.mark.parametrize(("wordings", "told"), [(1, False), (3, True)])
def test_what_it_rests_on_is_said_and_a_change_of_wording_only_where_there_is_one(
    wordings: int, told: bool
) -> None:
    said = words(mood_table(evidence(), a_mood_reading(a_mood(wordings)), EN).html)
    assert "Declared to mean less of the mood: calm." in said
    assert "with a probability of 70%" in said
    assert ("was asked in several wordings" in said) == told


def test_a_mood_of_which_nothing_can_be_told_says_so_and_has_no_figure() -> None:
    reading = a_mood_reading(None)
    said = words(mood_table(evidence(), reading, EN).html)
    assert said == "Distress: no mood can be told, since its questions have too few waves in common."
    assert mood_figure(reading, {}, EN) is None
    assert "настроение определить нельзя" in words(mood_table(evidence(), reading, RU).html)


def test_a_mood_whose_reference_or_every_other_item_is_not_shown_is_left_out() -> None:
    survey = a_survey().model_copy(update={"moods": {"distress": DECLARED}})
    nothing = SurveyWaves(pd.DataFrame(), {}, ())
    for shown in ({"anxiety": a_reading()}, {"calm": a_reading(), "hope": a_reading()}):
        assert list(read_moods(survey, nothing, shown, AS_OF, None)) == []
