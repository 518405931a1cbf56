"""The observations table: each wave's share, worth and reason to leave out, from small survey folders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from waves.folders import SURVEY, row, survey_folder

from groundswell.errors import InputError
from groundswell.trends import FLAGS, observations
from groundswell.trends.data.observations import TYPES
from groundswell.trends.data.unknown_n import sampling
from groundswell.waves import load_survey

SCORE = {"variant": "score", "house": "pulse", "category": "often"}
QUOTE = {"variant": "quote", "house": "quote", "n": ""}


def table(parent: Path, *rows: dict[str, str], survey: str = SURVEY, **asked: Any) -> pd.DataFrame:
    return observations(load_survey(survey_folder(parent, *rows, survey=survey)), **asked)


def one(parent: Path, *rows: dict[str, str], **asked: Any) -> Any:
    found = table(parent, *rows, **asked)
    assert len(found) == 1
    return next(found.itertuples())


def test_the_table_has_its_columns_also_without_rows(tmp_path: Path) -> None:
    full, empty = table(tmp_path, row()), table(tmp_path, row(), since="2023-01-01")
    assert list(full.columns) == list(TYPES)
    assert len(empty) == 0
    assert empty.dtypes.equals(full.dtypes)


def test_a_stated_maximum_margin_gives_the_design_effect(tmp_path: Path) -> None:
    # the worked example of the design: ±3.6 points with n = 1500 says that deff is about 2
    wave = one(tmp_path, row(moe="0.036", share="0.15"))
    assert wave.deff == pytest.approx(1500 / (0.25 * (1.959964 / 0.036) ** 2), rel=1e-6)
    assert wave.deff == pytest.approx(2.02, abs=0.01)
    assert (wave.deff_kind, wave.n) == ("margin", 1500)
    assert "deff_from_margin" in wave.flags.split(";")


def test_a_shares_own_margin_is_reproduced_by_the_standard_error(tmp_path: Path) -> None:
    always = row(**SCORE | {"category": "always"}, share="0", n="68813")
    wave = one(tmp_path, row(**SCORE, moe="0.0085", share="0.308", n="68813"), always)
    assert 1.959964 * wave.share_se == pytest.approx(0.0085, rel=1e-6)
    assert wave.n_effective == pytest.approx(wave.n / wave.deff)


def test_a_margin_without_n_still_gives_the_effective_n(tmp_path: Path) -> None:
    wave = one(tmp_path, row(moe="0.036", n=""))
    assert wave.n_effective == pytest.approx(741, abs=1)
    assert pd.isna(wave.n)
    assert np.isnan(wave.deff)
    assert wave.left_out == ""
    assert "n_effective_from_margin" in wave.flags


def test_no_margin_makes_a_wave_worth_more_than_its_respondents(tmp_path: Path) -> None:
    wave = one(tmp_path, row(moe="0.02"))
    assert (wave.deff, wave.n_effective) == (1, 1500)
    assert "margin_below_srs" in wave.flags


@pytest.mark.parametrize(
    ("cells", "deff", "kind"),
    [
        ({"moe": "0.036", "deff": "3"}, 2.0247, "margin"),
        ({"deff": "3"}, 3.0, "published"),
        ({}, 2.0, "house"),
        (QUOTE | {"n": "100"}, 1.5, "survey"),
    ],
)
def test_the_surest_design_effect_is_taken(
    tmp_path: Path, cells: dict[str, str], deff: float, kind: str
) -> None:
    wave = one(tmp_path, row(**cells))
    assert wave.deff == pytest.approx(deff, abs=1e-3)
    assert wave.deff_kind == kind
    assert wave.n_effective == pytest.approx(wave.n / wave.deff)


def test_an_unknown_n_is_the_houses_then_the_median_then_a_reason_to_leave_out(tmp_path: Path) -> None:
    stated = one(tmp_path, row(n=""))
    assert (stated.n_effective, stated.left_out) == (750, "")
    assert pd.isna(stated.n)
    assert "n_of_house" in stated.flags
    waves = [
        row(**QUOTE | {"n": n}, start="", end=f"2022-0{month}-15")
        for month, n in enumerate(["600", "900", "1500", ""], start=1)
    ]
    median = table(tmp_path, *waves).iloc[-1]
    assert median["n_effective"] == 900 / 1.5
    assert "n_median_of_house" in median["flags"]
    alone = one(tmp_path, waves[-1])
    assert np.isnan(alone.n_effective)
    assert np.isnan(alone.share_se)
    assert alone.share == 0.35
    assert alone.left_out == "n_unknown_and_no_typical_n"


def test_where_nobody_states_any_n_each_wave_is_a_usual_poll(tmp_path: Path) -> None:
    """Neither a row nor a house of the survey: one house that states its n is enough to leave the others out."""
    silent = SURVEY.replace("default_n = 1500\n", "")
    folder = survey_folder(tmp_path, row(n=""), row(**QUOTE, start="", end="2022-08-15"), survey=silent)
    waves = observations(load_survey(folder))
    assert waves["n_effective"].tolist() == [1000 / 1.5, 1000 / 2.0]
    assert all("n_assumed" in flags.split(";") for flags in waves["flags"])
    assert waves["n"].isna().all()
    assert set(waves["left_out"]) == {""}
    strict = observations(load_survey(folder), unknown_n="leave_out")
    assert set(strict["left_out"]) == {"n_unknown"}


def test_the_median_n_is_of_waves_that_were_known_by_then(tmp_path: Path) -> None:
    waves = [
        row(**QUOTE | {"n": "600"}, end="2022-01-15", start=""),
        row(**QUOTE, end="2022-02-15", start=""),
        row(**QUOTE | {"n": "9000"}, end="2022-03-15", start=""),
    ]
    then = table(tmp_path, *waves, as_of="2022-02-20", since="2022-02-01")
    assert then["n_effective"].tolist() == [600 / 1.5 * 1.0]


def test_an_unknown_n_can_be_left_out(tmp_path: Path) -> None:
    assert one(tmp_path, row(n=""), unknown_n="leave_out").left_out == "n_unknown"
    assert one(tmp_path, row(n="", moe="0.036"), unknown_n="leave_out").left_out == ""


def test_the_numerators_categories_are_summed_with_their_rounding(tmp_path: Path) -> None:
    often, always = row(**SCORE, share="0.2"), row(**SCORE | {"category": "always"}, share="0.105")
    never = row(**SCORE | {"category": "never"}, share="0.5")
    wave = one(tmp_path, often, always, never)
    assert wave.share == pytest.approx(0.305)
    assert wave.rounding == pytest.approx((0.01**2 + 0.001**2) ** 0.5)
    assert "categories_summed" in wave.flags
    later = row(**SCORE | {"category": "always"}, end="2022-09-25", share="0.1")
    lacking = one(tmp_path, often, never, later, as_of="2022-09-18")
    assert np.isnan(lacking.share)
    assert lacking.left_out == "category_missing:always"


def test_a_range_is_shown_at_its_middle_and_kept_as_a_range(tmp_path: Path) -> None:
    wave = one(tmp_path, row(share="", share_low="0.15", share_high="0.18"))
    assert wave.share == pytest.approx(0.165)
    assert (wave.range_low, wave.range_high) == (0.15, 0.18)
    assert "range" in wave.flags.split(";")
    assert np.isnan(one(tmp_path, row()).range_low)


def test_rough_dates_are_their_whole_period_and_a_year_is_not_fitted(tmp_path: Path) -> None:
    month = one(tmp_path, row(start="", end="2022-09-01", precision="month"))
    assert (str(month.start.date()), str(month.end.date())) == ("2022-09-01", "2022-09-30")
    assert (month.left_out, "dated_to_month" in month.flags) == ("", True)
    cut = one(tmp_path, row(start="", end="2022-09-01", precision="month", published="2022-09-16"))
    assert str(cut.end.date()) == "2022-09-16"
    assert one(tmp_path, row(start="", precision="year")).left_out == "dated_to_year"


def test_a_variant_may_be_left_out_by_its_survey(tmp_path: Path) -> None:
    wave = one(tmp_path, row(indicator="planning", variant="horizon", category="years"))
    assert wave.left_out == "variant_not_fitted"


def test_certainty_leaves_out_and_does_not_drop(tmp_path: Path) -> None:
    rows = row(), row(start="", end="2022-09-25", certainty="unverified_quote")
    found = table(tmp_path, *rows, certainty=["verbatim_primary"])
    assert found["left_out"].tolist() == ["", "certainty_not_asked_for"]


@pytest.mark.parametrize(
    ("cells", "as_of", "known"),
    [
        ({"published": "2022-09-23"}, "2022-09-22", False),
        ({"published": "2022-09-23"}, "2022-09-23", True),
        ({}, "2022-09-17", False),
        ({}, "2022-09-18", True),
        # a placeholder day does not make a month known before it is over
        ({"start": "", "end": "2022-09-01", "precision": "month"}, "2022-09-15", False),
        ({"start": "", "end": "2022-09-01", "precision": "month"}, "2022-09-30", True),
        ({"start": "", "end": "2022-09-01", "precision": "month", "published": "2022-09-16"}, "2022-09-16", True),
    ],
)  # fmt: skip
def test_a_report_of_the_past_knows_what_was_known_then(
    tmp_path: Path, cells: dict[str, str], as_of: str, known: bool
) -> None:
    if known:
        assert len(table(tmp_path, row(**cells), as_of=as_of)) == 1
    else:
        with pytest.raises(
            InputError, match=f"`as_of=`: `mood` has no wave known on {as_of}; its first is known since 2022-"
        ):
            table(tmp_path, row(**cells), as_of=as_of)


def test_a_later_figure_changes_nothing_in_a_report_of_the_past(tmp_path: Path) -> None:
    early, late = row(**QUOTE | {"n": "500"}), row(**QUOTE | {"n": "9000"}, start="", end="2023-01-01")
    without, with_it = (table(tmp_path, *rows, as_of="2022-10-01") for rows in ([early], [early, late]))
    pd.testing.assert_frame_equal(without, with_it)


def test_since_and_indicator_choose_rows(tmp_path: Path) -> None:
    rows = (
        row(),
        row(start="", end="2022-01-01"),
        row(indicator="planning", variant="horizon", category="years"),
    )
    assert len(table(tmp_path, *rows, since="2022-09-18")) == 2
    assert table(tmp_path, *rows, indicator="planning")["indicator"].tolist() == ["planning"]
    assert table(tmp_path, *rows)["indicator"].tolist() == ["anxiety", "anxiety", "planning"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"indicator": "anxeity"}, "did you mean `anxiety`"),
        ({"certainty": ["verbatim"]}, "did you mean `verbatim_primary`"),
        ({"certainty": "verbatim_primary"}, "is a list of words"),
        ({"unknown_n": "drop"}, "`typical` or `leave_out`"),
        ({"as_of": "24.02.2022"}, "`as_of=`: write a date as YYYY-MM-DD, got `24.02.2022`: 2022-02-24"),
        ({"since": "2022-02-30"}, "`since=`: a date must be a day"),
        ({"as_of": 2022.5}, "`as_of=`: write a date as YYYY-MM-DD"),
    ],
)
def test_what_cannot_be_asked_is_refused(tmp_path: Path, asked: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        table(tmp_path, row(), **asked)


def test_respondents_take_the_place_of_their_waves_published_share(tmp_path: Path) -> None:
    estimate = {
        "indicator": "anxiety", "variant": "circle", "house": "fom", "mode": "face to face",
        "start": pd.Timestamp("2022-09-15"), "end": pd.Timestamp("2022-09-17"), "n": 1500, "n_effective": 700.0,
        "deff": 1500 / 700, "deff_kind": "replace", "share": 0.353, "share_se": 0.018, "share_low": 0.319,
        "share_high": 0.389, "df": 40.0, "source": "file",
    }  # fmt: skip
    estimates = pd.DataFrame([estimate, estimate | {"domain": "women"}])
    found = table(tmp_path, row(), row(start="", end="2022-09-25"), estimates=estimates)
    assert list(found.columns) == list(TYPES)
    assert found["domain"].tolist() == ["all", "all", "all", "women"]
    assert found["origin"].tolist() == ["microdata", "topline", "topline", "microdata"]
    assert found["left_out"].tolist() == ["", "respondents_used_instead", "", ""]
    with pytest.raises(InputError, match="no wave known on 2022-09-01"):
        table(tmp_path, row(), estimates=estimates, as_of="2022-09-01")


def test_every_flag_has_its_words(tmp_path: Path) -> None:
    rows = [
        row(), row(start="", end="2022-09-25", n=""), row(moe="0.02", start="", end="2022-10-02"),
        row(**QUOTE), row(share="", share_low="0.1", share_high="0.2", start="", end="2021-01-01", precision="quarter"),
        row(moe="0.036", n="", start="", end="2022-10-09"), row(deff="3", start="", end="2022-10-16"),
    ]  # fmt: skip
    used = {flag for flags in table(tmp_path, *rows)["flags"] for flag in flags.split(";")}
    assert used <= set(FLAGS)


shares = st.floats(0, 1)
sizes = st.floats(1, 1e6)


@given(shares, sizes)
@settings(deadline=None)
def test_share_and_complement_are_mirrored_and_never_certain(share: float, n: float) -> None:
    se, low, high = sampling(np.array([share, 1 - share]), np.array([n, n]))
    assert se[0] > 0
    assert se[0] == pytest.approx(se[1], rel=1e-9)
    assert low[0] == pytest.approx(1 - high[1], abs=1e-12)
    assert 0 <= low[0] <= share <= high[0] <= 1
    assert low[0] < high[0]
    if 2 / (n + 4) < share < 1 - 2 / (n + 4):
        assert se[0] == pytest.approx((share * (1 - share) / n) ** 0.5)


@given(shares, sizes, st.floats(1.01, 100))
@settings(deadline=None)
def test_more_respondents_never_widen(share: float, n: float, times: float) -> None:
    (few, many), low, high = sampling(np.array([share, share]), np.array([n, n * times]))
    assert many <= few
    assert high[1] - low[1] <= high[0] - low[0] + 1e-12


@pytest.mark.parametrize(("share", "n"), [(0.3, 500), (0.05, 400), (0.5, 20)])
def test_the_interval_is_the_textbooks_logit_interval(share: float, n: float) -> None:
    # log odds plus and minus 1.96 / sqrt(n p (1-p)): Agresti, Categorical Data Analysis, 3rd ed., section 3.1
    centre, reach = np.log(share / (1 - share)), 1.959963984540054 / (n * share * (1 - share)) ** 0.5
    _, low, high = sampling(np.array([share]), np.array([float(n)]))
    assert low[0] == pytest.approx(1 / (1 + np.exp(reach - centre)))
    assert high[0] == pytest.approx(1 / (1 + np.exp(-reach - centre)))


@pytest.mark.parametrize("share", ["0", "0.004", "0.35", "0.996", "1"])
@pytest.mark.parametrize("n", ["1", "30", "1500"])
def test_the_interval_holds_the_share_and_stays_a_share(tmp_path: Path, share: str, n: str) -> None:
    wave = one(tmp_path, row(share=share, n=n))
    assert 0 <= wave.share_low <= wave.share <= wave.share_high <= 1
    assert wave.share_low < wave.share_high
