"""One file, many waves: which waves a declaration makes, with whose weights, of which days, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from groundswell.checksum import checksum
from groundswell.errors import FaultsError, InputError
from groundswell.estimates.of_wave.kept import kept_estimates
from groundswell.waves import load_survey
from groundswell.waves.surveys.survey_toml import Survey
from groundswell.waves.wave.check import read_wave
from groundswell.waves.wave.wave_toml import Wave, load_wave
from groundswell.waves.wave.waves_of_survey import find_wave, load_waves

from .folders import SURVEY, survey_folder

DECLARATION = """\
file = "{file}"
sha256 = "{sha256}"
house = "pulse"
wave_column = "year"
[design]
weight = ["new", "old"]
[indicators.anxiety]
variant = "score"
item = "Q4"
numerator = [1]
"""


def years(**columns: object) -> pd.DataFrame:
    """Three years of ten respondents: the old weight ends after 2011, the new one begins in 2011."""
    year = np.repeat([2010, 2011, 2012], 10)
    table = pd.DataFrame({"year": year, "Q4": np.tile([1, 2], 15)})
    table["old"] = np.where(year < 2012, np.tile(np.arange(1.0, 11), 3), np.nan)
    table["new"] = np.where(year > 2010, np.tile(np.arange(2.0, 12), 3), np.nan)
    return table.assign(**columns)


def declare(parent: Path, table: pd.DataFrame, toml: str = DECLARATION, ending: str = ".csv") -> Survey:
    waves = (
        survey_folder(
            parent,
            survey=SURVEY.replace(
                'house = "fom"\nquestion = "How far', 'house = "pulse"\nquestion = "How far'
            ),
        )
        / "waves"
    )
    waves.mkdir(exist_ok=True)
    file = waves / f"all{ending}"
    if ending == ".dta":
        table.to_stata(file, write_index=False)
    else:
        table.to_csv(file, index=False)
    text = toml.replace("{file}", file.name).replace("{sha256}", checksum(file))
    (waves / "panel.toml").write_text(text, encoding="utf-8")
    return load_survey(waves.parent)


def refused(survey: Survey) -> str:
    try:
        waves = [read_wave(wave) for wave in load_waves(survey)]
    except FaultsError as error:
        return str(error)
    return f"{len(waves)} sound waves"


@pytest.mark.parametrize("ending", [".csv", ".dta"])
def test_each_code_is_a_wave_with_its_rows_its_year_and_the_first_complete_weight(
    tmp_path: Path, ending: str
) -> None:
    survey = declare(tmp_path, years(), ending=ending)
    waves = load_waves(survey)
    assert [wave.name for wave in waves] == ["panel-2010", "panel-2011", "panel-2012"]
    assert [wave.design.weight for wave in waves] == ["old", "new", "new"]
    assert {(str(wave.start)[5:], str(wave.end)[5:], wave.precision) for wave in waves} == {
        ("01-01", "12-31", "year")
    }
    for wave, weight in zip(waves, [np.arange(1, 11), np.arange(2, 12), np.arange(2, 12)], strict=True):
        row = kept_estimates(survey, wave).estimates.iloc[0]
        assert row["n"] == 10
        assert row["share"] == pytest.approx(weight[::2].sum() / weight.sum(), abs=1e-11)
    kept = {file.name for file in waves[0].toml.parent.glob("*.json")}
    assert kept == {f"panel-{year}.estimates.json" for year in (2010, 2011, 2012)}
    assert find_wave(survey, "panel-2011") == waves[1]


def test_codes_may_be_text(tmp_path: Path) -> None:
    table = years(year=np.repeat(["2010", "spring wave", "2012"], 10), new=1.0)
    stated = '[waves]\n"spring wave" = { start = 2011-05-02, end = 2011-05-04 }\n'
    survey = declare(tmp_path, table, DECLARATION + stated)
    assert [wave.name for wave in load_waves(survey)] == ["panel-2010", "panel-spring-wave", "panel-2012"]
    assert [kept_estimates(survey, wave).estimates.iloc[0]["n"] for wave in load_waves(survey)] == [
        10,
        10,
        10,
    ]


def test_days_come_from_interviews_or_from_the_table(tmp_path: Path) -> None:
    days = pd.date_range("2010-03-01", periods=30, freq="40D").strftime("%Y-%m-%d")
    toml = DECLARATION.replace('wave_column = "year"\n', 'wave_column = "year"\ninterview_date = "day"\n')
    table = '[waves]\n2011 = { start = 2011-05-02, end = 2011-05-04, weight = "old" }\n'
    first, second, third = load_waves(declare(tmp_path, years(day=days), toml + table))
    assert (str(first.start), str(first.end), first.precision) == ("2010-03-01", "2011-02-24", "day")
    assert (str(second.start), second.precision, second.design.weight) == ("2011-05-02", "day", "old")
    assert str(third.end) == days[-1]


@pytest.mark.parametrize(
    ("code", "start", "end", "precision"),
    [
        ("2010-04", "2010-04-01", "2010-04-30", "month"),
        ("201004", "2010-04-01", "2010-04-30", "month"),
        ("2010Q2", "2010-04-01", "2010-06-30", "quarter"),
        ("2010", "2010-01-01", "2010-12-31", "year"),
    ],
)
def test_a_code_of_the_calendar_gives_the_days(
    tmp_path: Path, code: str, start: str, end: str, precision: str
) -> None:
    (wave,) = load_waves(declare(tmp_path, years(year=code, new=1.0)))
    assert (str(wave.start), str(wave.end), wave.precision) == (start, end, precision)


def test_a_stated_precision_overrules_that_of_the_calendar(tmp_path: Path) -> None:
    toml = DECLARATION.replace(
        "[design]", 'precision = "day"\n[waves]\n2011 = { precision = "quarter" }\n[design]'
    )
    waves = load_waves(declare(tmp_path, years(), toml))
    assert [wave.precision for wave in waves] == ["day", "quarter", "day"]
    assert (str(waves[0].start), str(waves[0].end)) == ("2010-01-01", "2010-12-31")


def test_a_question_that_a_wave_did_not_ask_is_no_fault_and_has_no_row(tmp_path: Path) -> None:
    table = pd.concat([years(), years()])
    table["plan"] = np.where(table["year"] == 2011, np.nan, np.tile([1.0, 2.0, np.nan, 1.0, 2.0], 12))
    more = '[indicators.planning]\nvariant = "horizon"\nitem = "plan"\nnumerator = [1]\n'
    survey = declare(tmp_path, table, DECLARATION + more)
    waves = load_waves(survey)
    assert [list(wave.indicators) for wave in waves] == [
        ["anxiety", "planning"],
        ["anxiety"],
        ["anxiety", "planning"],
    ]
    rows = kept_estimates(survey, waves[0]).estimates.set_index("indicator")
    assert rows.loc["planning", "n"] == 16  # who was not asked is in no base
    assert set(kept_estimates(survey, waves[1]).estimates["indicator"]) == {"anxiety"}


@pytest.mark.parametrize(
    ("change", "columns", "says"),
    [
        (("", ""), {"new": np.nan}, "design.weight: no column is complete in the wave `2012`: `new` lacks 10 of 10"),
        (('"year"', '"yaer"'), {}, "panel.toml:4: wave_column: `all.csv` has no column `yaer`; did you mean `year`"),
        (('"new", ', '"nwe", '), {}, "design.weight[0]: `all.csv` has no column `nwe`; did you mean `new`"),
        (("", ""), {"year": np.repeat([1, 2, 3], 10), "new": 1.0}, "`1` is no year: state its `start` and `end`"),
        (("", ""), {"year": [2010] * 29 + [None], "new": 1.0}, "`year` is empty for 1 respondents, who belong"),
        (("house", "start = 2010-01-01\nhouse"), {}, "panel.toml:3: start: is of one wave"),
        (("[design]", "[waves]\n2013 = {}\n[design]"), {}, "panel.toml:6: waves.2013: no respondent has the code"),
        (("[design]", "[waves]\n2010 = { strat = 2010-01-01 }\n[design]"), {}, "unknown key `strat`; did you mean"),
        (("", ""), {"year": np.arange(30) + 1950.5, "new": 1.0}, "is no year"),
        (("", ""), {"year": "2010-03-01", "new": 1.0}, "wave_column: `year` holds dates, and a wave needs a code"),
        (("[design]", "rows = { year = [2010, 2013] }\n[design]"), {}, "rows: no respondent has the code `2013`"),
        (("= [1]", "= [1]\nvalid = [1, 2]"), {"Q4": [*[1] * 29, 7]}, "in the wave `panel-2012`: `Q4` holds codes"),
    ],
)  # fmt: skip
def test_what_makes_no_waves_is_refused_at_its_line(
    tmp_path: Path, change: tuple[str, str], columns: dict[str, object], says: str
) -> None:
    assert says in refused(declare(tmp_path, years(**columns), DECLARATION.replace(*change, 1)))


def test_rows_choose_the_waves_and_leave_out_who_belongs_to_none(tmp_path: Path) -> None:
    table = years(year=[*[2010] * 10, *[2011] * 10, *[None] * 10])
    toml = DECLARATION.replace("[design]", "rows = { year = [2011] }\n[design]")
    assert [wave.name for wave in load_waves(declare(tmp_path, table, toml))] == ["panel-2011"]


def test_without_its_file_a_declaration_must_say_what_the_file_would(tmp_path: Path) -> None:
    stated = '[waves]\n2010 = { weight = "old" }\n'
    survey = declare(tmp_path, years(), DECLARATION + stated)
    (survey.folder / "waves" / "all.csv").unlink()
    assert [wave.design.weight for wave in load_waves(survey)] == ["old"]
    assert "its file is not here: list the waves under `[waves]`" in _without_file(tmp_path, DECLARATION)
    listed = DECLARATION + "[waves]\n2010 = {}\n"
    assert "state the `weight` of `2010` under `[waves]`" in _without_file(tmp_path, listed)


def _without_file(parent: Path, toml: str) -> str:
    survey = declare(parent, years(), toml)
    (survey.folder / "waves" / "all.csv").unlink()
    return refused(survey)


def test_names_that_would_be_one_are_told(tmp_path: Path) -> None:
    table = years(year=["Spring 24"] * 15 + ["spring-24"] * 15, new=1.0)
    assert "would both be the wave `panel-spring-24`" in refused(declare(tmp_path, table))


def test_one_wave_of_many_is_asked_for_by_its_name(tmp_path: Path) -> None:
    survey = declare(tmp_path, years())
    with pytest.raises(FaultsError, match="makes many waves of one file"):
        load_wave(survey.folder / "waves" / "panel.toml", survey)
    with pytest.raises(InputError, match="did you mean `panel-201"):
        find_wave(survey, "panel-2013")


def test_a_file_of_many_waves_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from groundswell.waves.respondents import in_process

    read: list[Path] = []
    original = in_process.read_respondents

    def counting(file: Path, **options: object) -> object:
        read.append(file)
        return original(file, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(in_process, "read_respondents", counting)
    waves: list[Wave] = load_waves(declare(tmp_path, years()))
    for wave in waves:
        read_wave(wave)
    assert len(read) == 1


ONE_WAVE = DECLARATION.replace('wave_column = "year"', "start = 2012-03-01\nend = 2012-03-20").replace(
    '["new", "old"]', '"w"'
)


def one_wave(**columns: object) -> pd.DataFrame:
    return years(w=1.0).drop(columns=["year", "old", "new"]).assign(**columns)


@pytest.mark.parametrize(
    "column", ["year", "YEAR", "round", "Wave", "essround", "S002VS", "год", "año", "wave_no"]
)
def test_a_file_of_many_waves_is_not_taken_for_one(tmp_path: Path, column: str) -> None:
    codes = np.repeat([2010, 2011, 2012], 10)
    survey = declare(tmp_path, one_wave(**{column: codes}), ONE_WAVE)
    said = refused(survey)
    assert f"panel.toml:1: file: `{column}` holds 3 codes, `2010` (10)" in said
    assert f'`wave_column = "{column}"`' in said
    chosen = ONE_WAVE.replace("[design]", f'rows = {{ "{column}" = [2012] }}\n[design]')
    assert refused(declare(tmp_path, one_wave(**{column: codes}), chosen)) == "1 sound waves"


@pytest.mark.parametrize(
    "columns",
    [
        {"year": np.repeat([1950, 1960, 1990], 10)},  # of births
        {"wave": np.repeat([7.0, np.nan, 7.0], 10)},
        {"year": np.repeat([2012, 2012, 2012], 10), "round": "7"},
        {"last_wave": np.repeat([1, 2, 3], 10)},
    ],
)
def test_a_column_called_so_that_tells_no_waves_apart_is_let_be(
    tmp_path: Path, columns: dict[str, object]
) -> None:
    assert refused(declare(tmp_path, one_wave(**columns), ONE_WAVE)) == "1 sound waves"


@pytest.mark.parametrize(
    ("column", "codes", "sound"),
    [("WEEK", 4, True), ("WEEK", 5, False), ("month", 2, True), ("месяц", 6, False), ("quarter", 3, False)],
)
def test_weeks_and_months_are_of_one_wave_while_its_fieldwork_holds_them(
    tmp_path: Path, column: str, codes: int, sound: bool
) -> None:
    said = refused(declare(tmp_path, one_wave(**{column: np.arange(30) % codes + 1}), ONE_WAVE))
    assert (said == "1 sound waves") is sound


def test_fieldwork_over_the_turn_of_the_year_is_one_wave(tmp_path: Path) -> None:
    toml = ONE_WAVE.replace("2012-03-01", "2011-12-20")
    assert refused(declare(tmp_path, one_wave(year=[2011] * 15 + [2012] * 15), toml)) == "1 sound waves"


@pytest.mark.parametrize(("far", "sound"), [(1, True), (2, False)])
def test_interviews_far_from_the_fieldwork_are_other_waves_unless_they_are_slips(
    tmp_path: Path, far: int, sound: bool
) -> None:
    days = ["2011-03-02"] * far + ["2012-03-02"] * (30 - far)
    toml = ONE_WAVE.replace("[design]", 'interview_date = "day"\n[design]')
    said = refused(declare(tmp_path, one_wave(day=days), toml))
    assert (said == "1 sound waves") is sound
    assert (
        sound
        or "`day` runs from 2011-03-02 to 2012-03-02, and 2 of 30 interviews lie over half a year" in said
    )
