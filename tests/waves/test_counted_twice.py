"""The same respondents in two waves of a survey: what is found, and what chance or a panel does and is let be."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from groundswell.checksum import checksum
from groundswell.runs.checks.folders import check_folders, doubts
from groundswell.waves import load_survey
from groundswell.waves.wave.check import read_wave
from groundswell.waves.wave.twice.counted_twice import Shared, respondents_in_two_waves
from groundswell.waves.wave.twice.prints import prints_of
from groundswell.waves.wave.waves_of_survey import load_waves

from .respondents import FIRST, survey_of

RUSSIAN = {"yes": "да", "no": "нет", "north": "север", "south": "юг", "west": "запад"}
STATED = ""


def people(seed: int, n: int = 300, *, battery: int = 8) -> pd.DataFrame:
    """A sample of one population: identifiers far apart, answers on five-point scales, weights."""
    draw = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "id": draw.choice(10**9, n, replace=False) + 10**9,
            "weight": draw.uniform(0.5, 2, n),
            "Q4": draw.integers(1, 3, n),
            "region": draw.choice(["north", "south", "west"], n),
            "age": draw.integers(18, 90, n),
            "day": (FIRST + pd.Timedelta(days=1)).date().isoformat(),
        }
    )
    return table.assign(**{f"i{place}": draw.integers(1, 6, n) for place in range(battery)})


def shared(tmp_path: Path, *waves: pd.DataFrame, stated: str = STATED) -> list[Shared]:
    survey = survey_of(tmp_path, {f"{place:02}": rows for place, rows in enumerate(waves, 1)}, stated=stated)
    return list(respondents_in_two_waves([prints_of(read_wave(wave)) for wave in load_waves(survey)]))


@pytest.mark.parametrize("seed", range(5))
def test_two_samples_of_one_population_share_nothing(tmp_path: Path, seed: int) -> None:
    assert shared(tmp_path, people(seed), people(seed + 100)) == []


@pytest.mark.parametrize("battery", [0, 2])
def test_few_questions_make_many_doubles_by_chance_and_are_let_be(tmp_path: Path, battery: int) -> None:
    first, second = (people(seed, battery=battery).drop(columns="age") for seed in (1, 2))
    assert shared(tmp_path, first, second) == []


def test_one_file_under_two_names_is_the_same(tmp_path: Path) -> None:
    (found,) = shared(tmp_path, people(1), people(1))
    assert (found.way, found.respondents) == ("same_file", 300)
    assert "`02` has the respondents of `01`: the same file" in str(found)


def test_a_copy_in_another_language_order_and_coding_is_found(tmp_path: Path) -> None:
    first = people(1)
    copy = first.sample(frac=1, random_state=1).replace({"region": RUSSIAN})
    copy = copy.assign(id=np.arange(300), weight=1.0, Q4=copy["Q4"].replace({1: 2, 2: 1}))
    (found,) = shared(tmp_path, first, copy)
    assert found.way == "copy"
    assert "`02` is a copy of `01`, perhaps in another language: 11 of 11 columns" in str(found)


@pytest.mark.parametrize("many", [60, 299])
def test_respondents_who_stand_in_both_are_counted(tmp_path: Path, many: int) -> None:
    first, second = people(1), people(2)
    mixed = pd.concat([first.head(many), second.tail(300 - many)])
    (found,) = shared(tmp_path, first, mixed)
    assert (found.way, found.respondents) == ("same_ids", many)
    assert (
        f"{many} of 300 respondents of `02` have an identifier (`id`) and the answers of one in `01`"
        in str(found)
    )
    (found,) = shared(tmp_path, first, mixed.assign(id=np.arange(300), weight=1.0))
    assert found.way == "same_answers"
    assert many <= found.respondents <= many + 3


def test_too_few_to_be_sure_are_let_be(tmp_path: Path) -> None:
    first, second = people(1), people(2)
    mixed = pd.concat([first.head(15), second.tail(285)])
    assert shared(tmp_path, first, mixed) == []


def test_a_panel_is_asked_about_unless_it_is_declared(tmp_path: Path) -> None:
    first = people(1)
    again = people(2).assign(id=first["id"], region=first["region"], age=first["age"])
    (found,) = shared(tmp_path, first, again)
    assert (found.way, found.respondents, found.is_fault) == ("ids_recur", 300, False)
    assert "`psu_recur = true`" in str(found)
    survey = survey_of(tmp_path, {"01": first, "02": again})
    assert [(fault.file.name, fault.message) for fault in doubts(survey.folder)] == [("02.toml", str(found))]
    assert check_folders(lambda: tmp_path, [str(survey.folder)]) == {survey.folder: []}
    for toml in (survey.folder / "waves").glob("*.toml"):
        text = toml.read_text(encoding="utf-8")
        toml.write_text(
            text.replace("[design]", '[design]\npsu = ["id"]\npsu_recur = true'), encoding="utf-8"
        )
    assert doubts(survey.folder) == []


def test_identifiers_that_number_the_rows_say_nothing(tmp_path: Path) -> None:
    first, second = (people(seed).assign(id=np.arange(300) + 1) for seed in (1, 2))
    assert shared(tmp_path, first, second) == []
    first, second = (people(seed).assign(id=[f"R-{place:04}" for place in range(300)]) for seed in (1, 2))
    assert shared(tmp_path, first, second) == []


def test_waves_that_divide_a_file_by_rows_share_nothing(tmp_path: Path) -> None:
    both = pd.concat([people(1).assign(half=1), people(2).assign(half=2)])
    survey = survey_of(tmp_path, {"01": both, "02": both})
    for place in (1, 2):
        toml = survey.folder / "waves" / f"0{place}.toml"
        toml.write_text(
            f"rows = {{ half = [{place}] }}\n" + toml.read_text(encoding="utf-8"), encoding="utf-8"
        )
    assert check_folders(lambda: tmp_path, [str(survey.folder)]) == {survey.folder: []}


def test_check_names_the_later_wave_s_line(tmp_path: Path) -> None:
    survey = survey_of(tmp_path, {"01": people(1), "02": people(2)})
    waves = survey.folder / "waves"
    shutil.copy(waves / "01.csv", waves / "02.csv")
    text = (waves / "02.toml").read_text(encoding="utf-8").splitlines()
    text[1] = f'sha256 = "{checksum(waves / "02.csv")}"'
    (waves / "02.toml").write_text("\n".join(text), encoding="utf-8")
    ((fault,),) = check_folders(lambda: tmp_path, [str(load_survey(survey.folder).folder)]).values()
    assert (fault.file.name, fault.line, fault.field) == ("02.toml", 1, "file")
    assert "`02` has the respondents of `01`" in fault.message
