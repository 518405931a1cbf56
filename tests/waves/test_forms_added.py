"""From a file to a sound survey: whatever wrote the file, what `add` proposes needs its blanks filled, no more."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from exports.forms import FORMS, REGIONS
from exports.truth import NO_ANSWER, Answers

from groundswell.waves import check_survey
from groundswell.waves.proposal.new_wave import add_wave

from .respondents import survey_of

PEOPLE = [
    Answers(
        number=place + 1,
        mood=(1, 2, 3, 2, NO_ANSWER)[place % 5],
        worries=((), (1,), (2,), (3,), (1, 2), (2, 3), (1, 2, 3))[place % 7],
        age=18 + place,
        weight=0.5 + place / 100,
        region=REGIONS[place % 3],
        day=place % 28 + 1,
    )
    for place in range(60)
]
OWN_WORDS = {"SurveyMonkey"}
"""Layouts in which the region is called by a question, which names no region."""

BLANKS = {
    'start = ""': "start = 2024-03-01",
    'end = ""': "end = 2024-03-28",
    'variant = ""': 'variant = "asked"',
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_is_proposed_and_sound_once_its_blanks_are_filled(name: str, tmp_path: Path) -> None:
    form, survey = FORMS[name], survey_of(tmp_path, {})
    file = tmp_path / f"export{form.ending}"
    form.write(PEOPLE, file)
    added = add_wave(survey, file, name="01", options=form.options)
    proposed = tomllib.loads(added.toml.read_text(encoding="utf-8"))
    assert added.respondents == len(PEOPLE)
    assert proposed["design"]["weight"] == form.weight
    assert proposed["interview_date"]
    assert ("region" in proposed["domains"]) == (name not in OWN_WORDS)
    text = added.toml.read_text(encoding="utf-8")
    written = json.dumps(form.mood, ensure_ascii=False)
    counted = json.dumps([form.anxious], ensure_ascii=False)
    blanks = BLANKS | {'item = ""': f"item = {written}", "numerator = []": f"numerator = {counted}"}
    for blank, filled in blanks.items():
        text = text.replace(blank, filled)
    if not form.options.missing:
        refused = "Отказ от ответа" if form.mood == "Настроение" else "Refused"
        missing = [refused] if isinstance(form.anxious, str) else [NO_ANSWER]
        text = f"missing = {json.dumps(missing, ensure_ascii=False)}\n{text}"
    added.toml.write_text(text, encoding="utf-8")
    assert check_survey(survey.folder) == []
