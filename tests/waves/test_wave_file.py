"""`waves/<wave>.toml`: what it takes, what it takes over, and every fault with its line."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundswell.checksum import checksum
from groundswell.errors import FaultsError, InputError
from groundswell.waves import load_survey
from groundswell.waves.respondents.codebook import Codebook, Variable
from groundswell.waves.respondents.reader import loaded
from groundswell.waves.respondents.sql import Sql
from groundswell.waves.surveys.survey_toml import Survey
from groundswell.waves.wave.check import read_wave
from groundswell.waves.wave.recode import counted, domain
from groundswell.waves.wave.wave_toml import (
    CountedAnswer,
    DomainRule,
    Wave,
    load_wave,
    survey_of,
)
from groundswell.waves.wave.waves_of_survey import find_wave, load_waves

from .folders import survey_folder

TEN_LINES = """\
file = "wave-07.csv"
sha256 = "{sha256}"
house = "pulse"
start = 2022-03-01
end = 2022-03-05
[design]
weight = "w"
[indicators.anxiety]
variant = "score"
item = "Q4"
numerator = [1]
"""
ROWS = "w,Q4,sex\n1.5,1,1\n0.5,2,2\n1,1,2\n1,99,1\n"


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    folder = survey_folder(tmp_path)
    (folder / "waves").mkdir()
    return load_survey(folder)


def write(survey: Survey, toml: str = TEN_LINES, name: str = "07", rows: str = ROWS) -> Path:
    waves = survey.folder / "waves"
    (waves / "wave-07.csv").write_text(rows)
    (waves / f"{name}.toml").write_text(
        toml.replace("{sha256}", checksum(waves / "wave-07.csv")), encoding="utf-8"
    )
    return waves / f"{name}.toml"


def faults(survey: Survey, toml: str = TEN_LINES, rows: str = ROWS) -> list[str]:
    with pytest.raises(FaultsError) as found:
        read_wave(load_wave(write(survey, toml, rows=rows), survey))
    return [str(fault).removeprefix(f"{survey.folder / 'waves'}/") for fault in found.value.faults]


def test_ten_lines_suffice(survey: Survey) -> None:
    wave = load_wave(write(survey, rows=ROWS.replace(",99,", ",3,")), survey)
    assert (wave.name, wave.precision, list(wave.columns)) == ("07", "day", ["w", "Q4"])
    assert read_wave(wave).respondents.codebook.rows == 4
    assert find_wave(survey, "07") == wave
    assert survey_of(wave.toml) == survey.folder


def test_a_wave_takes_over_what_it_is_like_and_nothing_that_is_a_wave_s_own(survey: Survey) -> None:
    write(
        survey, TEN_LINES.replace("[design]", 'published = 2022-04-01\nnote = "x"\nmode = "CATI"\n[design]')
    )
    own = 'like = "07"\nfile = "wave-07.csv"\nsha256 = "{sha256}"\nstart = 2022-04-01\nend = 2022-04-02\n'
    later = load_wave(write(survey, f'{own}[indicators.anxiety]\nitem = "Q6"\n', "08"), survey)
    assert (later.mode, later.design.weight, later.published, later.note) == ("CATI", "w", None, None)
    assert later.indicators["anxiety"] == CountedAnswer(variant="score", item="Q6", numerator=(1,))
    assert [wave.name for wave in load_waves(survey)] == ["07", "08"]


def test_waves_that_are_like_each_other_are_refused(survey: Survey) -> None:
    write(survey, 'like = "08"\n', "07")
    toml = write(survey, 'like = "07"\n', "08")
    with pytest.raises(FaultsError, match="leads back to itself"):
        load_wave(toml, survey)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('house = "pulse"', 'house = "pulze"', "07.toml:3: house: no such house `pulze`; did you mean `pulse`"),
        ('variant = "score"', 'variant = "circle"', "07.toml:9: indicators.anxiety.variant: `circle` is asked by"),
        ("indicators.anxiety", "indicators.anxeity", "no such indicator `anxeity`; did you mean `anxiety`"),
        ("end = 2022-03-05", "end = 2022-02-05", "07.toml:5: end: fieldwork ends (2022-02-05) before it starts"),
        ("numerator = [1]", "at_least = 3", "is counted by `item` and `numerator`, or by `items` and `at_least`"),
        ("numerator = [1]\n", "", 'needs `item = "column"` and `numerator = [codes]`'),
        ('weight = "w"', 'wieght = "w"', "07.toml:7: design.wieght: unknown key `wieght`; did you mean `weight`"),
        ('weight = "w"', 'weight = "wt"', "`wave-07.csv` has no column `wt`"),
        ('item = "Q4"', 'item = "Q5"', "`wave-07.csv` has no column `Q5`; did you mean `Q4`"),
        ("start = 2022-03-01", 'start = ""', "07.toml:4: start: must be a date without quotes"),
        ('file = "wave-07.csv"', 'like = "06"\nfile = "wave-07.csv"', "like: `06`: no such wave"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line_and_the_way_out(
    survey: Survey, old: str, new: str, says: str
) -> None:
    assert any(says in fault for fault in faults(survey, TEN_LINES.replace(old, new, 1)))


def test_every_column_that_the_file_has_not_is_named_at_the_key_that_names_it(survey: Survey) -> None:
    toml = (
        TEN_LINES.replace('weight = "w"', 'weight = "wt"')
        .replace('item = "Q4"', 'item = "Q5"')
        .replace("[design]", 'interview_date = "day"\nrows = { year = [2022] }\n[design]')
    ) + '[domains.region]\ncolumn = "oblast"\n'
    assert [
        said.split("; ")[0] for said in sorted(faults(survey, toml), key=lambda said: int(said.split(":")[1]))
    ] == [
        "07.toml:6: interview_date: `wave-07.csv` has no column `day`",
        "07.toml:7: rows: `wave-07.csv` has no column `year`",
        "07.toml:9: design.weight: `wave-07.csv` has no column `wt`",
        "07.toml:10: indicators.anxiety: `wave-07.csv` has no column `Q5`",
        "07.toml:14: domains.region: `wave-07.csv` has no column `oblast`",
    ]


def test_a_wave_s_own_lines_are_those_of_its_faults_and_not_of_the_wave_that_it_is_like(
    survey: Survey,
) -> None:
    write(survey)
    own = 'file = "wave-07.csv"\nsha256 = "{sha256}"\nstart = 2022-04-01\nend = 2022-04-02\nlike = "07"\n'
    later = load_wave(write(survey, f'{own}[indicators.anxiety]\nitem = "Q6"\n[design]\n', "08"), survey)
    with pytest.raises(FaultsError, match=r"08.toml:6: indicators.anxiety: `wave-07.csv` has no column `Q6`"):
        read_wave(later)


def test_each_broken_rule_of_one_key_is_told(survey: Survey) -> None:
    said = faults(survey, TEN_LINES.replace('weight = "w"', 'psu_recur = true\nreplicates = ["w"]'))
    assert [each.removeprefix("07.toml:7: design.psu_recur: ") for each in said] == [
        "needs `psu`, the column of the PSUs' codes",
        "cannot be used with replicate weights",
    ]


def test_a_missing_checksum_is_told(survey: Survey) -> None:
    (said,) = faults(survey, TEN_LINES.replace('sha256 = "{sha256}"\n', ""))
    sha256 = checksum(survey.folder / "waves" / "wave-07.csv")
    assert said == f'07.toml: sha256: is missing: write `sha256 = "{sha256}"`'


def test_respondents_that_changed_since_their_checksum_are_refused(survey: Survey) -> None:
    toml = write(survey)
    (survey.folder / "waves" / "wave-07.csv").write_text(ROWS + "1,1,1\n")
    with pytest.raises(FaultsError, match=r"07.toml:2: sha256: `wave-07.csv` has changed"):
        read_wave(load_wave(toml, survey))


@pytest.mark.parametrize(
    ("toml", "rows", "says"),
    [
        ("valid = [1, 2]\n", ROWS, "`Q4` holds codes in no list: `99` (1); add each to"),
        ("", ROWS.replace("0.5,2", "0.5,often"), "`Q4` holds text where codes are counted: `often` (1)"),
        ("", ROWS.replace(",1,", ",3,").replace("99", "4"), "`Q4` holds none of the codes that are counted; it holds"),
        ("", "w,Q4\n" + "".join(f"1,{place}\n" for place in range(1500)), "over 1,000 answers, so it is not a list"),
    ],
    ids=["code-in-no-list", "words-for-codes", "other-codes", "a-number-for-codes"],
)  # fmt: skip
def test_codes_that_nobody_explained_are_faults(survey: Survey, toml: str, rows: str, says: str) -> None:
    (said,) = faults(survey, TEN_LINES + toml, rows)
    assert says in said


def test_a_wave_file_elsewhere_is_no_survey_s(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="wave files stand in surveys/<survey>/waves/"):
        survey_of(tmp_path / "07.toml")


CODES = st.one_of(st.none(), st.sampled_from([-99, 1, 2, 3, 4, 5, 98, 99]))


def evaluate(value: Sql, columns: dict[str, list[Any]], variables: dict[str, Variable]) -> list[Any]:
    table = pd.DataFrame({name: pd.array(cells, dtype="Int64") for name, cells in columns.items()})
    respondents = loaded(table, Codebook("memory", len(table), variables))
    return [row[0] for row in respondents.rows("SELECT {value} FROM {respondents}", value=value)]


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=st.lists(st.tuples(CODES, CODES), min_size=1, max_size=12))
def test_a_sum_of_scores_needs_every_item(answers: list[tuple[int | None, int | None]]) -> None:
    variables = {name: Variable(name, "number", missing=((98, 99),)) for name in ("a", "b")}
    rule = CountedAnswer(
        variant="x", items=("a", "b"), valid=(1, 2, 3, 4), missing=(-99,), score_offset=-1, at_least=3
    )
    book = Codebook("memory", len(answers), variables)
    found = evaluate(
        counted(rule, book), {"a": [a for a, _ in answers], "b": [b for _, b in answers]}, variables
    )
    valid = {1, 2, 3, 4}
    expected = [int(a + b - 2 >= 3) if a in valid and b in valid else None for a, b in answers]  # type: ignore[operator]
    assert found == expected


@settings(deadline=None, max_examples=25)
@given(ages=st.lists(st.one_of(st.none(), st.integers(0, 120)), min_size=1, max_size=12))
def test_bands_hold_their_lower_limit_and_not_their_upper(ages: list[int | None]) -> None:
    variables = {"age": Variable("age", "number", missing=((99, 120),))}
    sql = domain(DomainRule(column="age", breaks=(30, 45, 60)), Codebook("memory", len(ages), variables))
    names = {30: "under 30", 45: "30–44", 60: "45–59", math.inf: "60 and over"}
    expected = [
        None if age is None or age >= 99 else next(name for limit, name in names.items() if age < limit)
        for age in ages
    ]
    assert evaluate(sql, {"age": ages}, variables) == expected


def test_domains_are_named_by_rule_by_label_or_by_code() -> None:
    labelled = {
        "sex": Variable("sex", "number", labels={1: "мужской", 2: "женский", 9: "нет"}, missing=((9, 9),))
    }
    plain = {"sex": Variable("sex", "number")}
    codes: dict[str, list[Any]] = {"sex": [1, 2, 9, None]}
    rule = DomainRule(column="sex", categories={"men": (1,), "women": (2,)})
    assert evaluate(domain(rule, Codebook("m", 4, plain)), codes, plain) == ["men", "women", None, None]
    bare = DomainRule(column="sex", missing=(9,))
    assert evaluate(domain(bare, Codebook("m", 4, labelled)), codes, labelled) == [
        "мужской",
        "женский",
        None,
        None,
    ]
    assert evaluate(domain(bare, Codebook("m", 4, plain)), codes, plain) == ["1", "2", None, None]


def test_rows_tell_a_wave_in_a_file_of_several(survey: Survey) -> None:
    wave = load_wave(write(survey, TEN_LINES.replace("[design]", "rows = { sex = [2] }\n[design]")), survey)
    assert isinstance(wave, Wave)
    recoded = read_wave(wave)
    kept = recoded.respondents.rows("SELECT w FROM {respondents} WHERE {where}", where=recoded.where)
    assert sorted(kept) == [(0.5,), (1.0,)]
