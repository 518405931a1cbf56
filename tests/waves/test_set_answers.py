"""A wave counts who chose an answer of a question with several, among those who were asked it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from groundswell.checksum import checksum
from groundswell.errors import FaultsError, InputError
from groundswell.estimates.of_wave.estimate import wave_shares
from groundswell.estimates.of_wave.means import wave_means
from groundswell.vocabulary import EVERYONE
from groundswell.waves import Survey, check_survey, load_survey
from groundswell.waves.proposal.new_wave import add_wave
from groundswell.waves.wave.check import read_wave
from groundswell.waves.wave.wave_toml import Wave, load_wave

from .respondents import respondents, survey_of

COUNTED = """\
item = "Q4"
numerator = [1]
valid = [1, 2]
missing = [9]
"""
"""How the small survey counts its indicator, which each test states otherwise."""


def ticked(n: int = 120) -> pd.DataFrame:
    """Respondents of whom three quarters were asked; of these a half tick prices, a third war, and some neither."""
    place = np.arange(n)
    asked = place % 4 != 3
    return respondents(n // 2, n // 2).assign(
        asked=np.where(asked, 1, 2),
        Q5_1=np.where(asked & (place % 2 == 0), 1, np.nan),
        Q5_2=np.where(asked & (place % 3 == 0), 1, np.nan),
        cell=np.where(place % 2 == 0, "Prices", np.where(place % 3 == 0, "War", "Prices, War")),
        owner=np.where(place % 5 == 0, 1, np.nan),
    )


def wave_of(folder: Path, counted: str, rows: pd.DataFrame | None = None, stated: str = "") -> Wave:
    survey = survey_of(folder, {"01": ticked() if rows is None else rows}, stated=stated)
    file = survey.folder / "waves" / "01.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(COUNTED, counted), encoding="utf-8")
    return load_wave(file, survey)


def share_of(wave: Wave) -> tuple[int, float]:
    """n and share of everyone."""
    table = wave_shares(wave_means(read_wave(wave)), minimum_domain_n=10)
    row = table[table["domain"] == EVERYONE].iloc[0]
    return int(row["n"]), float(row["share"])


COUNTINGS = {
    "everyone counts as asked": ('item = "Q5"\noption = "1"\n', 120, 60 / 120),
    "by the column": ('item = "Q5"\noption = "Q5_2"\n', 120, 30 / 120),
    "who was asked": ('item = "Q5"\noption = "1"\nasked = { asked = [1] }\n', 90, 60 / 90),
    "any of several": ('item = "Q5"\nany_of = ["1", "2"]\nasked = { asked = [1] }\n', 90, 70 / 90),
    "a cell": ('item = "cell"\noption = "War"\n', 120, 60 / 120),
    "marks of one column": ('item = "owner"\noption = "1"\nasked = "everyone"\n', 120, 24 / 120),
}


@pytest.mark.parametrize("how", COUNTINGS)
def test_an_answer_is_counted_among_those_who_were_asked(how: str, tmp_path: Path) -> None:
    counted, n, share = COUNTINGS[how]
    rows = ticked()
    wave = wave_of(tmp_path, counted, rows)
    expected = share
    if how == "any of several":
        either = rows[["Q5_1", "Q5_2"]].notna().any(axis="columns")
        expected = float(either[rows["asked"] == 1].mean())
    assert share_of(wave) == (n, pytest.approx(expected))


def test_a_question_that_nobody_of_the_wave_ticked_was_asked_of_nobody(tmp_path: Path) -> None:
    rows = ticked().assign(year=np.repeat([2020, 2021], 60))
    rows.loc[rows["year"] == 2021, ["Q5_1", "Q5_2"]] = np.nan
    wave = wave_of(tmp_path, 'item = "Q5"\noption = "1"\n', rows, stated="rows = { year = [2021] }\n")
    with pytest.raises(InputError, match="no valid answer to any indicator"):
        share_of(wave)
    earlier = wave_of(
        tmp_path / "earlier", 'item = "Q5"\noption = "1"\n', rows, stated="rows = { year = [2020] }\n"
    )
    assert share_of(earlier)[0] == 60


FAULTS = {
    'item = "Q7"\noption = "1"\n': "`Q7` is no question with several answers",
    'item = "Q5"\noption = "Peace"\n': "`Peace` is not an answer of `Q5`: known: 1, 2",
    'item = "region"\noption = "north"\n': "`region` is no question with several answers",
    'item = "Q5"\noption = "1"\nasked = { Q9 = [1] }\n': "has no column `Q9`",
    'item = "Q5_1"\nnumerator = [1]\nvalid = [1]\n': r"holds `1` \(60\) and is empty in 60 rows",
    'item = "Q5_1"\nnumerator = [1]\n': r'may be one of several answers: write `item = "Q5"` and `option = "1"`',
    'item = "owner"\nnumerator = [1]\n': r'may be a mark: write `option = "1"` and who was asked, `asked = "everyone"`',
}


@pytest.mark.parametrize("counted", FAULTS)
def test_a_question_or_answer_that_is_not_there_is_a_fault_with_its_line(
    counted: str, tmp_path: Path
) -> None:
    wave = wave_of(tmp_path, counted)
    with pytest.raises(FaultsError, match=FAULTS[counted]) as refused:
        read_wave(wave)
    assert all(fault.line for fault in refused.value.faults)


CONTRADICTIONS = {
    'item = "Q5"\noption = "1"\nany_of = ["2"]\n': "takes `option` .* or `any_of`",
    'item = "Q5"\noption = "1"\nnumerator = [1]\n': "takes no `numerator`",
    'option = "1"\n': "needs `item`, the question with several answers",
    'item = "Q5_1"\nnumerator = [1]\nasked = "everyone"\n': "`asked` belongs to a question with several answers",
    'item = "Q5"\noption = "1"\nasked = "nobody"\n': "asked",
}


@pytest.mark.parametrize("counted", CONTRADICTIONS)
def test_keys_that_contradict_each_other_are_faults(counted: str, tmp_path: Path) -> None:
    with pytest.raises(FaultsError, match=CONTRADICTIONS[counted]):
        wave_of(tmp_path, counted)


def test_a_separator_can_be_stated(tmp_path: Path) -> None:
    rows = ticked().assign(cell=lambda table: table["cell"].str.replace(", ", "/"))
    counted = 'item = "cell"\noption = "War"\n[reading]\nseparators = { cell = "/" }\n'
    assert share_of(wave_of(tmp_path, counted, rows)) == (120, pytest.approx(0.5))


def test_a_sound_survey_with_such_an_indicator_passes_the_check(tmp_path: Path) -> None:
    wave = wave_of(tmp_path, 'item = "Q5"\noption = "1"\nasked = { asked = [1] }\n')
    assert wave.sha256 == checksum(wave.respondents)
    assert check_survey(wave.toml.parent.parent) == []


def survey_that_asks(folder: Path, question: str, numerator: str) -> Survey:
    """The small survey with another wording of its one question."""
    survey = survey_of(folder, {})
    toml = survey.folder / "survey.toml"
    text = toml.read_text(encoding="utf-8").partition("[indicators.anxiety.variants.printed]")[0]
    text = text.replace("Did you have attacks of anxiety?", question).replace('["yes"]', numerator)
    toml.write_text(text, encoding="utf-8")
    return load_survey(survey.folder)


def worries(file: Path) -> Path:
    """An SPSS file of a question with several answers, and a column of marks beside it."""
    import pyreadstat

    rows = ticked()[["id", "weight", "Q5_1", "Q5_2", "owner"]]
    labels = ["", "", "What worries you? - Prices", "What worries you? - War", "Do you own a car?"]
    pyreadstat.write_sav(
        rows, str(file), column_labels=labels, variable_value_labels={"owner": {1: "Yes"}, "Q5_1": {1: "Yes"}}
    )
    return file


PROPOSED = {
    ("What worries you?", '["Prices"]'): {"item": "Q5", "option": "Prices"},
    ("What worries you?", '["Prices", "War"]'): {"item": "Q5", "any_of": ["Prices", "War"]},
    ("What worries you?", '["Peace"]'): {"item": "Q5", "option": ""},
    ("What worries you? - War", '["ticked"]'): {"item": "Q5", "option": "War"},
    ("Do you own a car?", '["Yes"]'): {"item": "owner", "option": "Yes", "asked": ""},
}


@pytest.mark.parametrize("asked", PROPOSED)
def test_add_proposes_a_question_with_several_answers_as_one(asked: tuple[str, str], tmp_path: Path) -> None:
    survey = survey_that_asks(tmp_path, *asked)
    added = add_wave(survey, worries(tmp_path / "wave.sav"), name="01")
    proposed = tomllib.loads(added.toml.read_text(encoding="utf-8"))["indicators"]["anxiety"]
    proposed.pop("variant", None)
    assert proposed == PROPOSED[asked]


def test_a_wave_like_one_that_counts_such_an_answer_counts_it_too(tmp_path: Path) -> None:
    survey = survey_that_asks(tmp_path, "What worries you?", '["Prices"]')
    first = add_wave(survey, worries(tmp_path / "wave.sav"), name="01")
    text = first.toml.read_text(encoding="utf-8").replace('start = ""', "start = 2024-03-01")
    first.toml.write_text(
        text.replace('end = ""', "end = 2024-03-05").replace('variant = ""', 'variant = "asked"')
    )
    again = worries(tmp_path / "later.sav")
    second = add_wave(survey, again, name="02")
    proposed = tomllib.loads(second.toml.read_text(encoding="utf-8"))
    assert proposed["like"] == "01"
    assert "indicators" not in proposed
