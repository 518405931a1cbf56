"""Chi-square tests, t tests and regressions of four designs against R's survey."""

from __future__ import annotations

import pandas as pd
import pytest

from groundswell.errors import InputError, ModelError
from groundswell.estimates.statistics.chi_square import chi_square
from groundswell.estimates.statistics.regression import regression

from .conftest import API_DESIGNS, assert_agrees, read_reference, read_schools

API = read_reference("api")


@pytest.fixture(params=API_DESIGNS, name="name")
def design_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("kind", ["F", "Chisq", "Wald", "adjWald"])
def test_chi_square(name: str, kind: str) -> None:
    expected = API[name]["chisq_schwide_stype"][kind]
    tests = chi_square(read_schools(f"api{name}"), API_DESIGNS[name], row="sch.wide", column="stype")
    found = tests.set_index("kind").loc[kind]
    assert_agrees(found[["statistic", "p"]], [expected["stat"], expected["p"]])
    df = expected["df"] if isinstance(expected["df"], list) else [expected["df"]]
    assert_agrees(found[["df", "ddf"]].dropna(), df)


def test_chi_square_does_not_ask_which_question_is_the_row(name: str) -> None:
    table = read_schools(f"api{name}")
    one, other = (
        chi_square(table, API_DESIGNS[name], row=row, column=column)
        for row, column in (("stype", "awards"), ("awards", "stype"))
    )
    pd.testing.assert_frame_equal(one, other, rtol=1e-9)


def test_t_test_is_a_regression_on_one_indicator(name: str) -> None:
    expected = API[name]["ttest_api00_schwide"]
    fitted = regression(
        read_schools(f"api{name}"), API_DESIGNS[name], outcome="api00", terms=["sch.wide"], family="linear"
    )
    found = fitted.table.iloc[1]
    assert_agrees(found[["estimate", "t", "df", "p"]], [expected[part] for part in ("diff", "t", "df", "p")])


def test_logistic_regression(name: str) -> None:
    expected = API[name]["glm_logit"]
    fitted = regression(
        read_schools(f"api{name}"),
        API_DESIGNS[name],
        outcome="awards=Yes",
        terms=["ell", "meals", "stype"],
    )
    assert list(fitted.table["term"]) == ["intercept", "ell", "meals", "stype=H", "stype=M"]
    assert_agrees(fitted.table["estimate"], list(expected["coef"].values()))
    assert_agrees(fitted.table["se"], list(expected["se"].values()))
    assert_agrees(fitted.table["p"], expected["p"])
    assert_agrees(fitted.covariance, expected["vcov"])
    assert_agrees([fitted.df, fitted.dispersion], [expected["df_resid"], expected["dispersion"]])


def test_linear_regression_and_wald_test(name: str) -> None:
    expected = API[name]["glm_gauss"]
    fitted = regression(
        read_schools(f"api{name}"),
        API_DESIGNS[name],
        outcome="api00",
        terms=["ell", "meals"],
        family="linear",
    )
    assert_agrees(fitted.table["estimate"], list(expected["coef"].values()))
    assert_agrees(fitted.table["se"], list(expected["se"].values()))
    assert fitted.df == expected["df_resid"]
    wald = API[name]["glm_gauss_wald_ell_meals"]
    found = fitted.test("ell", "meals").iloc[0]
    assert_agrees(found, [wald[part] for part in ("F", "df", "ddf", "p")])


def test_terms_that_repeat_each_other_are_named() -> None:
    table = read_schools("apisrs").assign(twice=lambda schools: schools["ell"] * 2)
    with pytest.raises(InputError, match="`ell`, `twice`"):
        regression(table, API_DESIGNS["srs"], outcome="y", terms=["ell", "twice"])


def test_answers_that_a_term_separates_do_not_pass_for_a_fit() -> None:
    table = read_schools("apisrs").assign(separating=lambda schools: schools["y"] * 3.0)
    with pytest.raises(ModelError, match="separates"):
        regression(table, API_DESIGNS["srs"], outcome="y", terms=["separating"])


def test_an_empty_cell_counts_as_a_share_of_zero(name: str) -> None:
    expected = read_reference("designs")["empty_cell"][name]
    table = read_schools(f"api{name}")
    table.loc[table["stype"] == "H", "sch.wide"] = "Yes"
    tests = chi_square(table, API_DESIGNS[name], row="sch.wide", column="stype").set_index("kind")
    for kind in ("F", "Chisq"):
        assert_agrees(tests.loc[kind, ["statistic", "p"]], expected[kind])
