"""Shares, means, totals and ratios of four designs against R's survey."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from groundswell.estimates.statistics.contrasts import contrast
from groundswell.estimates.statistics.shares import means, shares, shares_and_covariance, shares_covariance
from groundswell.estimates.statistics.totals import ratios, totals, totals_covariance
from groundswell.estimates.weighting.weight_spread import weight_diagnostics

from .conftest import API_DESIGNS, assert_agrees, read_reference, read_schools

API = read_reference("api")


@pytest.fixture(params=API_DESIGNS, name="name")
def design_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def respondents(name: str) -> pd.DataFrame:
    return read_schools(f"api{name}")


def listwise(name: str, columns: list[str]) -> pd.DataFrame:
    """R drops respondents listwise in a joint formula; blanking the others does the same to each column."""
    table = respondents(name)
    complete = table[columns].notna().all(axis=1)
    return table.assign(**{column: table[column].where(complete) for column in columns})


def test_sample_and_weights(name: str) -> None:
    expected, table = API[name], respondents(name)
    found = weight_diagnostics(table["pw"].to_numpy())
    assert_agrees(
        found[["n", "sum", "deff", "n_effective"]].iloc[0],
        [expected[key] for key in ("n", "sum_w", "kish_deff", "kish_neff")],
    )
    assert (means(table, API_DESIGNS[name], "api00")["df"] == expected["degf"]).all()


def test_means_with_their_covariance(name: str) -> None:
    expected, columns = API[name]["mean"], list(API[name]["mean"]["est"])
    table = listwise(name, columns)
    found = means(table, API_DESIGNS[name], *columns)
    assert_agrees(found["estimate"], list(expected["est"].values()))
    assert_agrees(found["se"], list(expected["se"].values()))
    covariance = shares_covariance(table, API_DESIGNS[name], numbers=columns)
    assert_agrees(covariance, expected["vcov"])


def test_totals_with_their_covariance(name: str) -> None:
    expected, columns = API[name]["total"], list(API[name]["total"]["est"])
    table = listwise(name, columns)
    found = totals(table, API_DESIGNS[name], numbers=columns)
    assert_agrees(found["estimate"], list(expected["est"].values()))
    assert_agrees(found["se"], list(expected["se"].values()))
    assert_agrees(totals_covariance(table, API_DESIGNS[name], numbers=columns), expected["vcov"])


@pytest.mark.parametrize(
    ("key", "column"), [("mean_api00_only", "api00"), ("mean_enroll_only_na_rm", "enroll")]
)
def test_mean_over_its_own_valid_base(name: str, key: str, column: str) -> None:
    found = means(respondents(name), API_DESIGNS[name], column).iloc[0]
    assert_agrees(found[["estimate", "se"]], [API[name][key][part][column] for part in ("est", "se")])


@pytest.mark.parametrize(
    ("key", "column"), [("total_api00_only", "api00"), ("total_enroll_only_na_rm", "enroll")]
)
def test_total_over_its_own_valid_base(name: str, key: str, column: str) -> None:
    found = totals(respondents(name), API_DESIGNS[name], numbers=[column]).iloc[0]
    assert_agrees(found[["estimate", "se"]], [API[name][key][part][column] for part in ("est", "se")])


def test_every_category_with_covariance_between_questions(name: str) -> None:
    expected = API[name]["mean_factor"]
    table, covariance = shares_and_covariance(respondents(name), API_DESIGNS[name], "stype", "awards")
    assert_agrees(table["estimate"], list(expected["est"].values()))
    assert_agrees(table["se"], list(expected["se"].values()), scale=1.0)
    assert_agrees(covariance, expected["vcov"], scale=float(np.abs(expected["vcov"]).max()))


def test_weighted_counts(name: str) -> None:
    expected = API[name]["total_factor"]
    found = totals(respondents(name), API_DESIGNS[name], "stype")
    assert_agrees(found["estimate"], list(expected["est"].values()))
    covariance = totals_covariance(respondents(name), API_DESIGNS[name], "stype")
    assert_agrees(covariance, expected["vcov"], scale=float(max(expected["est"].values())))


@pytest.mark.parametrize(("kind", "suffix"), [("wor", ""), ("replace", "_replace")])
def test_design_effects_by_kind(name: str, kind: str, suffix: str) -> None:
    table, design = respondents(name), API_DESIGNS[name]
    mean = means(table, design, "api00", deff_kind=kind)
    share = shares(table, design, "y", deff_kind=kind)
    assert_agrees(mean["deff"], [API[name][f"deff_mean{suffix}"]])
    assert_agrees(share["deff"], [API[name][f"deff_prop{suffix}"]])
    assert_agrees(share["n_effective"], len(table) / np.array([API[name][f"deff_prop{suffix}"]]))


def test_design_effect_of_a_total(name: str) -> None:
    found = totals(respondents(name), API_DESIGNS[name], numbers=["api00"], deff_kind="wor")
    assert_agrees(found["deff"], [API[name]["deff_total"]])


def test_interval_of_a_mean(name: str) -> None:
    found = means(respondents(name), API_DESIGNS[name], "api00")
    assert_agrees(found[["low", "high"]].iloc[0], API[name]["mean_ci_t"])


def test_ratio(name: str) -> None:
    expected = API[name]["ratio"]
    found = ratios(respondents(name), API_DESIGNS[name], numerator="api.stu", denominator="enroll").iloc[0]
    assert_agrees(found[["estimate", "se"]], [expected["est"], expected["se"]])


@pytest.mark.parametrize("interval", ["logit", "wilson", "beta", "asin", "mean"])
@pytest.mark.parametrize(
    ("key", "question", "level"),
    [
        ("ciprop_awards", "awards=Yes", 0.95),
        ("ciprop_awards_90", "awards=Yes", 0.9),
        ("ciprop_api700", "over700", 0.95),
    ],
)
def test_interval_of_a_share(name: str, interval: str, key: str, question: str, level: float) -> None:
    expected = API[name][key][interval]
    found = shares(respondents(name), API_DESIGNS[name], question, interval=interval, level=level).iloc[0]
    assert_agrees(
        found[["estimate", "se", "low", "high"]], [expected[part] for part in ("p", "se", "lo", "hi")]
    )
    assert found["df"] == API[name][key]["degf"]


def test_domains_with_covariance(name: str) -> None:
    table, design = respondents(name), API_DESIGNS[name]
    expected = API[name]["by_stype_api00"]
    found = means(table, design, "api00", by=["stype"])
    assert list(found["stype"]) == expected["groups"]["stype"]
    assert_agrees(found["estimate"], expected["est"])
    assert_agrees(found["se"], expected["se"])
    covariance = shares_covariance(table, design, numbers=["api00"], by=["stype"])
    assert_agrees(covariance, expected["vcov"], scale=float(np.max(expected["vcov"])))


def test_shares_by_domain_with_design_effect_and_contrast(name: str) -> None:
    expected = API[name]["by_stype_y"]
    found, covariance = shares_and_covariance(
        respondents(name), API_DESIGNS[name], "awards=Yes", by=["stype"], deff_kind="wor"
    )
    assert_agrees(found["estimate"], expected["est"])
    assert_agrees(found["se"], expected["se"])
    assert_agrees(covariance, expected["vcov"], scale=float(np.max(expected["vcov"])))
    assert_agrees(found["deff"], API[name]["by_stype_y_deff"])
    estimates = pd.Series(found["estimate"].to_numpy(), covariance.index)
    difference = contrast(estimates, covariance, coefficients={"E:awards=Yes": 1, "H:awards=Yes": -1}).iloc[0]
    assert_agrees(difference, [API[name]["contrast_E_minus_H_y"][part] for part in ("est", "se")])


def test_domains_of_two_columns(name: str) -> None:
    expected = API[name]["by_stype_schwide_y"]
    found, covariance = shares_and_covariance(
        respondents(name), API_DESIGNS[name], "awards=Yes", by=["sch.wide", "stype"]
    )
    assert list(found["stype"]) == expected["groups"]["stype"]
    assert_agrees(found["estimate"], expected["est"])
    assert_agrees(found["se"], expected["se"])
    assert_agrees(covariance, expected["vcov"], scale=float(np.max(expected["vcov"])))


@pytest.mark.parametrize("interval", ["logit", "beta"])
def test_interval_uses_the_degrees_of_freedom_of_the_domain(name: str, interval: str) -> None:
    expected = API[name][f"by_schwide_ciprop_{interval}"]
    found = shares(respondents(name), API_DESIGNS[name], "y", by=["sch.wide"], interval=interval).iloc[1]
    assert_agrees(found[["estimate", "low", "high"]], [expected[part][1] for part in ("p", "lo", "hi")])
