"""Every check of a wave's data against respondents whose numbers are known by construction."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from waves.respondents import printed_row, respondents, survey_of

from groundswell.estimates.of_wave.kept import kept_estimates
from groundswell.estimates.of_wave.observations import survey_quality
from groundswell.reports.language.quality import LABELS
from groundswell.waves.wave.choice import known_waves

Look = tuple[str, float]


def looks(parent: Path, *waves: pd.DataFrame, as_of: date | None = None, **stated: object) -> dict[str, Look]:
    """Verdict and number of each check of the last wave, by code; one subject each in these surveys."""
    named = {f"{place:02d}": rows for place, rows in enumerate(waves, start=1)}
    survey = survey_of(parent, named, **stated)  # type: ignore[arg-type]
    table = survey_quality(survey, [kept_estimates(survey, wave) for wave in known_waves(survey)], as_of)
    assert set(table["code"]) <= set(LABELS), "a check that no page can name in another language"
    last = table[table["wave"] == max(named)]
    return {row["code"]: (row["verdict"], pytest.approx(row["number"])) for _, row in last.iterrows()}


def test_item_non_response_is_counted_among_respondents_with_weight(tmp_path: Path) -> None:
    rows = respondents(40, 35, 25)
    rows.loc[rows.index[:10], "weight"] = 0
    found = looks(tmp_path, rows)
    assert found["item_non_response"] == ("flagged", 25 / 90)
    assert found["zero_weights"] == ("flagged", 10)


@pytest.mark.parametrize(("refused", "verdict"), [(14, "passed"), (16, "flagged"), (4, "flagged")])
def test_a_change_of_non_response_from_the_wave_before(tmp_path: Path, refused: int, verdict: str) -> None:
    """Household Pulse week 61 dipped while its item non-response fell from 14% to 8%."""
    found = looks(tmp_path, respondents(45, 45, 10), respondents(50, 50 - refused, refused))
    assert found["non_response_change"] == (verdict, refused / 100 - 0.1)


def test_one_heavy_respondent_is_seen(tmp_path: Path) -> None:
    weight = np.ones(100)
    weight[7] = 99.0
    found = looks(tmp_path, respondents(50, 50, weight=weight))
    assert found["weight_concentration"] == ("flagged", 0.5)
    # Kish: n Σw² / (Σw)² = 100 (99² + 99) / 198²
    assert found["weight_design_effect"] == ("flagged", 100 * (99**2 + 99) / 198**2)


def test_equal_weights_pass(tmp_path: Path) -> None:
    found = looks(tmp_path, respondents(50, 50))
    assert found["weight_concentration"] == ("passed", 0.01)
    assert found["weight_design_effect"] == ("passed", 1.0)
    assert found["zero_weights"] == ("passed", 0)
    assert found["duplicate_identifiers"] == ("passed", 0)
    assert found["interview_dates"] == ("passed", 0)


def test_an_identifier_that_stands_twice(tmp_path: Path) -> None:
    rows = respondents(50, 50)
    rows.loc[[3, 4], "id"] = rows.loc[5, "id"]
    assert looks(tmp_path, rows)["duplicate_identifiers"] == ("flagged", 2)


def test_respondents_who_agree_in_every_one_of_twenty_columns(tmp_path: Path) -> None:
    answers = np.random.default_rng(1).integers(1, 6, (60, 20))
    answers[10] = answers[11]
    rows = respondents(30, 30, **{f"B{item}": answers[:, item] for item in range(20)})
    rows["Q4"], rows["region"] = 1, "north"
    assert looks(tmp_path, rows)["duplicate_respondents"] == ("flagged", 1)


@pytest.mark.parametrize("day", ["2023-02-01", "2023-02-10"])
def test_an_interview_outside_the_stated_fieldwork(tmp_path: Path, day: str) -> None:
    rows = respondents(50, 50)
    rows.loc[1, "day"] = day
    assert looks(tmp_path, rows)["interview_dates"] == ("flagged", 1)


def test_fieldwork_that_began_later_than_stated_is_flagged(tmp_path: Path) -> None:
    """Chronicles wave 9: printed 2 to 9 February, interviews from 3 February."""
    rows = respondents(50, 50)
    rows.loc[rows["day"] == "2023-02-02", "day"] = "2023-02-03"
    assert looks(tmp_path, rows)["interview_dates"] == ("flagged", 0)


def test_a_file_of_exactly_a_thousand_rows_may_be_cut_off(tmp_path: Path) -> None:
    assert looks(tmp_path, respondents(500, 500))["rows"] == ("flagged", 1000)


def test_a_printed_share_that_its_own_file_does_not_give(tmp_path: Path) -> None:
    """Chronicles wave 9: the report prints 62%, its file gives 50.2%; the figure stands under its own variant."""
    printed = (printed_row("0.62", "1000"),)
    found = looks(tmp_path, respondents(502, 498), printed=printed)
    assert found["printed_share"] == ("flagged", 0.502 - 0.62)
    assert found["printed_n"] == ("passed", 0)


def test_a_printed_share_is_held_to_its_own_rounding(tmp_path: Path) -> None:
    assert (
        looks(tmp_path / "a", respondents(502, 498), printed=(printed_row("0.50"),))["printed_share"][0]
        == "passed"
    )
    assert (
        looks(tmp_path / "b", respondents(502, 498), printed=(printed_row("0.500"),))["printed_share"][0]
        == "flagged"
    )


def test_a_printed_n_that_counts_respondents_without_weight(tmp_path: Path) -> None:
    rows = respondents(500, 490)
    rows.loc[rows.index[:12], "weight"] = 0
    assert looks(tmp_path, rows, printed=(printed_row("0.50", "990"),))["printed_n"] == ("flagged", -12)


def test_another_waves_figure_is_not_held_against_this_one(tmp_path: Path) -> None:
    later = printed_row("0.62", start="2023-05-02", end="2023-05-09", published="")
    assert "printed_share" not in looks(tmp_path, respondents(502, 498), printed=(later,))


def test_what_was_printed_later_than_the_report_is_not_looked_at(tmp_path: Path) -> None:
    printed = (printed_row("0.62"),)
    found = looks(tmp_path, respondents(502, 498), printed=printed, as_of=date(2023, 2, 28))
    assert "printed_share" not in found
    found = looks(tmp_path, respondents(502, 498), printed=printed, as_of=date(2023, 3, 1))
    assert "printed_share" in found


def test_the_quality_of_kept_waves_reads_no_file_of_theirs_again(tmp_path: Path) -> None:
    survey = survey_of(tmp_path, {"01": respondents(60, 40), "02": respondents(50, 50)})
    kept = [kept_estimates(survey, wave) for wave in known_waves(survey)]
    before = survey_quality(survey, kept)
    for file in (survey.folder / "waves").iterdir():
        file.unlink()
    pd.testing.assert_frame_equal(survey_quality(survey, kept), before)


def test_straight_lines_through_a_battery_of_labelled_items(tmp_path: Path) -> None:
    import pyreadstat

    from groundswell.checksum import checksum
    from groundswell.estimates.of_wave.means import wave_plan
    from groundswell.estimates.of_wave.respondent_quality import batteries, wave_quality
    from groundswell.waves.respondents.reader import read_respondents
    from groundswell.waves.wave.recode import recode
    from groundswell.waves.wave.wave_toml import load_wave

    rows = respondents(50, 50)
    answers = np.tile([1, 2, 3, 1, 2], (100, 1))
    answers[:15] = 2
    for item in range(5):
        rows[f"B_{item + 1}"] = answers[:, item].astype(float)
    survey = survey_of(tmp_path, {"01": rows})
    file = survey.folder / "waves" / "01.sav"
    labels = {f"B_{item + 1}": {1.0: "never", 2.0: "sometimes", 3.0: "often"} for item in range(5)}
    pyreadstat.write_sav(rows, file, variable_value_labels=labels)
    toml = survey.folder / "waves" / "01.toml"
    text = toml.read_text().replace("01.csv", "01.sav")
    toml.write_text(text.replace(checksum(file.with_suffix(".csv")), checksum(file)))
    wave = load_wave(toml, survey)
    read = read_respondents(file)
    assert batteries(read.codebook) == {"B": [f"B_{item}" for item in range(1, 6)]}
    recoded = recode(wave, read, {})
    checks = {check.code: check for check in wave_quality(recoded, wave_plan(recoded))}
    straight = checks["straight_lining"]
    assert (straight.verdict, straight.number, straight.subject) == ("flagged", 0.15, "B")
