"""Means as indicators: what survey.toml, a wave's TOML and toplines.csv may say of them, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from pyarrow import parquet

from groundswell.checksum import checksum
from groundswell.errors import FaultsError, InputError
from groundswell.waves import Survey, check_survey, read_toplines, topline_waves
from groundswell.waves.wave.check import read_wave
from groundswell.waves.wave.waves_of_survey import load_waves

from .ladders import PRINTED, SURVEY, WAVE, ladder_survey, people

ANSWERS = np.arange(60) % 11


def read(survey: Survey) -> None:
    for wave in load_waves(survey):
        read_wave(wave)


def message(error: pytest.ExceptionInfo[FaultsError]) -> str:
    return "\n".join(str(fault) for fault in error.value.faults)


@pytest.mark.parametrize(
    ("old", "new", "field", "said"),
    [
        ("scale = [0, 10]\n", "", "indicators.satisfaction.scale", "`scale = [0, 10]`"),
        ("scale = [0, 10]", "scale = [10, 0]", "indicators.satisfaction.scale", "lowest answer and then"),
        ("scale = [0, 10]", "scale = [0, inf]", "indicators.satisfaction.scale", "lowest answer and then"),
        ("scale = [0, 10]", "scale = [0]", "indicators.satisfaction.scale[1]", "is missing"),
        ("sd = 2.1", "sd = 5.1", "indicators.satisfaction.sd", "at most half of the scale, 5, got 5.1"),
        ("sd = 2.1", "sd = 0", "indicators.satisfaction.sd", "above 0"),
        ('statistic = "mean"\n', "", "indicators.satisfaction.scale", 'write `statistic = "mean"`'),
        ('statistic = "mean"\n', "", "indicators.satisfaction.unit", "belongs to a mean"),
        ('"mean"', '"median"', "indicators.satisfaction.statistic", "'share' or 'mean'"),
        (
            'question = "From',
            'numerator = ["7"]\nquestion = "From',
            "indicators.satisfaction.variants.ladder.numerator",
            "counts the answers of a share",
        ),
        (
            'numerator = ["yes"]\n',
            "",
            "indicators.anxiety.variants.asked.numerator",
            'is missing: write the answers that count, or `statistic = "mean"`',
        ),
    ],
)
def test_what_survey_toml_may_not_say_of_a_mean(
    tmp_path: Path, old: str, new: str, field: str, said: str
) -> None:
    assert old in SURVEY
    with pytest.raises(FaultsError) as error:
        ladder_survey(tmp_path, survey=SURVEY.replace(old, new, 1))
    faults = {fault.field: fault for fault in error.value.faults}
    assert said in faults[field].message
    assert faults[field].line is not None


def test_half_of_the_scale_is_the_largest_standard_deviation(tmp_path: Path) -> None:
    survey = ladder_survey(tmp_path, survey=SURVEY.replace("sd = 2.1", "sd = 5.0"))
    assert survey.indicators["satisfaction"].place_sd == 0.5


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('item = "Q7"', 'item = "Q7"\nnumerator = [7]', "which counts no answers: delete `numerator`"),
        ('item = "Q7"', 'items = ["Q7"]\nat_least = 7', "which counts no answers: delete `at_least`"),
        ('item = "Q7"', 'item = "Q7"\nitems = ["Q7"]', "one of the two"),
        ('item = "Q7"\n', "", "one of the two"),
    ],
)
def test_what_a_wave_may_not_say_of_a_mean(tmp_path: Path, old: str, new: str, said: str) -> None:
    survey = ladder_survey(tmp_path, {"one": people(ANSWERS)}, wave=WAVE.replace(old, new))
    with pytest.raises(FaultsError) as error:
        load_waves(survey)
    assert said in message(error)


def test_a_code_off_the_scale_is_named_and_never_averaged(tmp_path: Path) -> None:
    answers = np.where(np.arange(60) < 5, 99, ANSWERS)
    read(ladder_survey(tmp_path, {"one": people(answers)}))  # 99 is said to be missing
    survey = ladder_survey(tmp_path, {"one": people(answers)}, wave=WAVE.replace("missing = [99]\n", ""))
    with pytest.raises(FaultsError) as error:
        read(survey)
    assert (
        "`Q7` holds answers off the scale 0 to 10: `99` (5); list what is no answer in `missing`"
        in message(error)
    )


@pytest.mark.parametrize("code", [-1, 10.5, 11])
def test_the_ends_belong_to_the_scale_and_nothing_beyond_them(tmp_path: Path, code: float) -> None:
    read(ladder_survey(tmp_path, {"one": people(np.array([0, 10, 3.25] * 20))}))
    with pytest.raises(FaultsError, match="off the scale 0 to 10"):
        read(ladder_survey(tmp_path, {"one": people(np.array([0, 10, code] * 20))}))


def test_words_where_a_mean_needs_numbers_are_named(tmp_path: Path) -> None:
    answers = np.array(["7", "8", "no idea"] * 20)
    with pytest.raises(FaultsError) as error:
        read(ladder_survey(tmp_path, {"one": people(answers)}))
    assert "`Q7` holds text where a mean needs numbers: `no idea` (20)" in message(error)
    read(ladder_survey(tmp_path, {"one": people(answers)}, wave=WAVE.replace("[99]", '["no idea"]')))


def test_codes_outside_the_valid_ones_are_named(tmp_path: Path) -> None:
    wave = WAVE.replace("missing = [99]", "valid = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]")
    with pytest.raises(FaultsError) as error:
        read(ladder_survey(tmp_path, {"one": people(ANSWERS)}, wave=wave))
    assert "`Q7` holds codes in no list: `10` (5); add each to `valid` or `missing`" in message(error)


def test_a_code_on_the_scale_that_is_labelled_as_no_answer_is_named(tmp_path: Path) -> None:
    survey = ladder_survey(
        tmp_path, {"one": people(ANSWERS % 10)}, survey=SURVEY.replace("[0, 10]", "[0, 9]")
    )
    toml, file = survey.folder / "waves" / "one.toml", survey.folder / "waves" / "one.sav"
    labels = {"Q7": {0.0: "not at all", 8.0: "completely", 9.0: "Don't know"}}
    pyreadstat.write_sav(people(ANSWERS % 10), str(file), variable_value_labels=labels)
    stated = toml.read_text(encoding="utf-8").splitlines()[2:]
    own = ['file = "one.sav"', f'sha256 = "{checksum(file)}"', *stated]
    toml.write_text("\n".join(own), encoding="utf-8")
    with pytest.raises(FaultsError) as error:
        read(survey)
    assert (
        "`Q7` holds codes that are labelled as no answer: `9` “Don't know” (5); list them in `missing`"
        in message(error)
    )
    toml.write_text("\n".join(own).replace("[99]", "[9]"), encoding="utf-8")
    read(survey)


def test_a_sum_off_the_scale_is_named(tmp_path: Path) -> None:
    wave = WAVE.replace('item = "Q7"', 'items = ["Q7", "Q8"]')
    fits = people(ANSWERS % 6, Q8=np.repeat(4, 60))
    read(ladder_survey(tmp_path, {"one": fits}, wave=wave))
    with pytest.raises(FaultsError) as error:
        read(ladder_survey(tmp_path, {"one": fits.assign(Q8=6)}, wave=wave))
    assert "`Q7`, `Q8` hold answers off the scale 0 to 10: sums from 11 to 11" in message(error)


def in_parquet(parent: Path, rows: pd.DataFrame) -> tuple[Survey, Path]:
    """A survey whose one wave has a Parquet file of these respondents."""
    survey = ladder_survey(parent, {"one": rows})
    toml, file = survey.folder / "waves" / "one.toml", survey.folder / "waves" / "one.parquet"
    rows.to_parquet(file)
    text = toml.read_text(encoding="utf-8").replace("one.csv", "one.parquet")
    toml.write_text(text.replace(checksum(file.with_suffix(".csv")), checksum(file)), encoding="utf-8")
    return survey, file


def test_truth_values_are_averaged_as_one_and_zero(tmp_path: Path) -> None:
    survey, _ = in_parquet(tmp_path, people(ANSWERS, Q7=ANSWERS > 5))
    recoded = read_wave(load_waves(survey)[0])
    places = recoded.respondents.rows("SELECT {q} FROM {respondents}", q=recoded.answers["satisfaction"])
    assert sorted(place for (place,) in places) == sorted(np.where(ANSWERS > 5, 0.1, 0.0).tolist())


def test_a_damaged_page_of_a_column_is_an_error_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("groundswell.waves.respondents.reader.SMALL_PARQUET_CELLS", 0)
    survey, file = in_parquet(tmp_path, people(ANSWERS))
    before = checksum(file)
    group = parquet.read_metadata(file).row_group(0)
    (place,) = (
        group.column(at).data_page_offset
        for at in range(group.num_columns)
        if group.column(at).path_in_schema == "Q7"
    )
    content = bytearray(file.read_bytes())
    content[place : place + 8] = bytes([255] * 8)
    file.write_bytes(content)
    toml = file.with_suffix(".toml")
    toml.write_text(toml.read_text(encoding="utf-8").replace(before, checksum(file)), encoding="utf-8")
    with pytest.raises(InputError, match=r"one.parquet` cannot be read \(.*\): ask for the whole file"):
        read(survey)


def test_a_mean_that_nobody_answered_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FaultsError, match="nobody gave an answer on the scale 0 to 10"):
        read(ladder_survey(tmp_path, {"one": people(np.repeat(99, 60))}))


# -- toplines


def test_a_printed_mean_is_kept_by_its_place_on_the_scale(tmp_path: Path) -> None:
    row = read_toplines(ladder_survey(tmp_path, None, PRINTED)).iloc[0]
    assert row["share"] == pytest.approx(0.69)
    assert row["rounding"] == pytest.approx(0.01)  # a tenth of a point of ten
    fine = read_toplines(ladder_survey(tmp_path, None, PRINTED | {"share": "6.93"})).iloc[0]
    assert fine["rounding"] == pytest.approx(0.001)


def test_means_below_zero_are_read_where_the_scale_has_them(tmp_path: Path) -> None:
    survey = SURVEY.replace("scale = [0, 10]", "scale = [-5, 5]")
    row = read_toplines(ladder_survey(tmp_path, None, PRINTED | {"share": "-1.5"}, survey=survey)).iloc[0]
    assert row["share"] == pytest.approx(0.35)


@pytest.mark.parametrize("share", ["69%", "69", "-0.1", "10.1", "6,9", "nan"])
def test_what_is_no_mean_on_the_scale_is_refused(tmp_path: Path, share: str) -> None:
    survey = ladder_survey(tmp_path, None, PRINTED | {"share": share})
    (fault,) = check_survey(survey.folder)
    assert (
        f"on its own scale, 0 to 10, got `{share}`: write the number as it was printed, as 6.9"
        in fault.message
    )


def test_a_printed_mean_needs_a_stated_standard_deviation(tmp_path: Path) -> None:
    later = PRINTED | {"start": "2022-10-16", "end": "2022-10-18"}
    survey = ladder_survey(tmp_path, None, PRINTED, later, survey=SURVEY.replace("sd = 2.1\n", ""))
    (fault,) = check_survey(survey.folder)
    assert "as `sd = 2.1` under `[indicators.satisfaction]` in survey.toml" in fault.message


def test_the_category_of_a_printed_mean_is_mean(tmp_path: Path) -> None:
    survey = ladder_survey(tmp_path, None, PRINTED | {"category": "satisfied"})
    (fault,) = check_survey(survey.folder)
    assert "write `mean` as its category, got `satisfied`" in fault.message


def test_a_margin_of_a_mean_is_its_own_and_on_its_scale(tmp_path: Path) -> None:
    survey = ladder_survey(tmp_path, None, PRINTED | {"n": "", "moe": "0.15"})
    (wave,) = topline_waves(survey, read_toplines(survey))
    assert wave["n_effective"] == pytest.approx((2.1 * 1.959964 / 0.15) ** 2, rel=1e-6)
    wrong = ladder_survey(tmp_path, None, PRINTED | {"moe": "5.5"})
    (fault,) = check_survey(wrong.folder)
    assert "above 0 and at most 5, got `5.5`" in fault.message


def test_a_fault_elsewhere_in_survey_toml_does_not_make_means_into_shares(tmp_path: Path) -> None:
    survey = ladder_survey(tmp_path, None, PRINTED, PRINTED | {"share": "69%", "end": "2022-09-19"})
    toml = survey.folder / "survey.toml"
    toml.write_text(SURVEY.replace("sd = 2.1", "sdd = 2.1"), encoding="utf-8")
    unknown, printed = check_survey(survey.folder)
    assert "did you mean `sd`?" in unknown.message
    assert (printed.line, "on its own scale, 0 to 10" in printed.message) == (3, True)
