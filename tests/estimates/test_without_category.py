"""Raking respondents some of whom have no category of a margin, and margins that differ by rounding."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

from groundswell.errors import InputError, ModelError
from groundswell.estimates.design.design import Design
from groundswell.estimates.statistics.shares import means
from groundswell.estimates.weighting.calibration import calibrate
from groundswell.estimates.weighting.margins import margin_distances
from groundswell.estimates.weighting.raking import rake
from groundswell.estimates.weighting.without_category import MOST

SEX: dict[str, float] = {"f": 60, "m": 40}
AGE: dict[str, float] = {"old": 50, "young": 50}


def people(*counts: tuple[str, str | None, int], **columns: object) -> pd.DataFrame:
    rows = [(sex, age) for sex, age, many in counts for _ in range(many)]
    return pd.DataFrame(rows, columns=["sex", "age"]).assign(**columns)


MIXED = people(
    ("f", "old", 12), ("f", "young", 8), ("f", None, 1), ("m", "old", 18), ("m", "young", 12), ("m", None, 3)
)
"""Age is split 3 to 2 in both sexes, and its answer is missing more often among men."""


def test_who_has_no_category_has_the_weight_that_the_other_margins_give() -> None:
    # Age is independent of sex, so that each factor stands alone: 60/21 for a woman, 40/33 for a man, and within each
    # sex (1/2)/(3/5) for the old and (1/2)/(2/5) for the young; those without an age keep the factor of their sex.
    by_sex = MIXED["sex"].map({"f": 60 / 21, "m": 40 / 33})
    expected = by_sex * MIXED["age"].map({"old": 0.5 / 0.6, "young": 0.5 / 0.4}).fillna(1.0)
    for margins in ({"sex": SEX, "age": AGE}, {"age": AGE, "sex": SEX}):
        weights = rake(MIXED, margins, without_category="other_margins").weights
        np.testing.assert_allclose(weights, expected, rtol=1e-9)


def test_one_margin_alone_leaves_those_without_a_category_their_share() -> None:
    table = people(("f", "old", 60), ("f", "young", 30), ("f", None, 10))
    weights = rake(table, {"age": {"old": 450, "young": 550}}, without_category="other_margins").weights
    assert weights[table["age"].isna()].sum() == pytest.approx(100)
    assert weights[table["age"] == "old"].sum() == pytest.approx(0.45 * 900)


def uneven(n: int, seed: int = 7) -> pd.DataFrame:
    """Respondents with three crossed margins, two of them with gaps, and unequal starting weights."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "sex": rng.choice(["f", "m"], n, p=[0.6, 0.4]),
            "age": rng.choice(["a", "b", "c"], n, p=[0.5, 0.3, 0.2]),
            "region": rng.choice(["n", "s"], n, p=[0.3, 0.7]),
            "w": rng.gamma(4.0, 0.25, n) + 0.2,
        }
    )
    table["y"] = (rng.random(n) < table["age"].map({"a": 0.2, "b": 0.5, "c": 0.8})).astype(float)
    table.loc[rng.random(n) < np.where(table["sex"] == "f", 0.02, 0.12), "age"] = None
    table.loc[rng.random(n) < 0.05, "region"] = None
    return table


MARGINS: dict[Any, Any] = {
    "sex": {"f": 0.5, "m": 0.5},
    "age": {"a": 0.3, "b": 0.3, "c": 0.4},
    "region": {"n": 0.45, "s": 0.55},
}


def test_weights_do_not_depend_on_the_order_of_margins_and_hold_them_all() -> None:
    table = uneven(300)
    weights = rake(table, MARGINS, weights="w", without_category="other_margins").weights
    turned = dict(reversed(MARGINS.items()))
    again = rake(table, turned, weights="w", without_category="other_margins").weights
    np.testing.assert_allclose(weights, again, rtol=1e-8)
    distances = margin_distances(table, MARGINS, before=table["w"].to_numpy(), after=weights)
    assert distances["distance_after"].abs().max() < 1e-11
    assert weights.sum() == pytest.approx(table["w"].sum())


def test_margins_that_all_have_gaps_hold_the_population_s_total() -> None:
    table = uneven(300)
    counts = {"age": {"a": 300, "b": 300, "c": 400}, "region": {"n": 450, "s": 550}}
    weights = rake(table, counts, weights="w", without_category="other_margins").weights
    assert weights.sum() == pytest.approx(1000)
    distances = margin_distances(table, counts, before=table["w"].to_numpy(), after=weights)
    assert distances["distance_after"].abs().max() < 1e-11


def test_an_unknown_category_is_raking_with_a_category_held_at_its_share() -> None:
    weights = rake(MIXED, {"sex": SEX, "age": AGE}, without_category="unknown").weights
    share = 4 / 54
    filled = MIXED.fillna({"age": "no answer"})
    own = {"old": 50 * (1 - share), "young": 50 * (1 - share), "no answer": 100 * share}
    np.testing.assert_allclose(weights, rake(filled, {"sex": SEX, "age": own}).weights, rtol=1e-9)


@pytest.mark.parametrize("method", ["linear", "raking", "logit"])
def test_calibration_counts_who_has_no_category_in_each_by_its_share(method: Any) -> None:
    table = uneven(300)
    bounds = (0.2, 5.0) if method == "logit" else (-np.inf, np.inf)
    weights = calibrate(
        table, MARGINS, weights="w", method=method, bounds=bounds, without_category="other_margins"
    ).weights
    for margin, shares in MARGINS.items():
        unknown = weights[table[margin].isna()].sum()
        for category, share in shares.items():
            held = weights[table[margin] == category].sum() + share * unknown
            assert held == pytest.approx(share * table["w"].sum())


def test_a_hot_deck_draws_from_those_who_are_alike_and_always_the_same() -> None:
    # every woman is old and every man young, so that there is one thing to draw
    table = people(("f", "old", 6), ("f", None, 4), ("m", "young", 8), ("m", None, 2))
    margins = {"sex": {"f": 1, "m": 1}, "age": {"old": 1, "young": 1}}
    weights = rake(table, margins, without_category="hot_deck").weights
    np.testing.assert_allclose(weights, 0.1)
    uneven_people = uneven(400)
    drawn = [rake(uneven_people, MARGINS, weights="w", without_category="hot_deck").weights for _ in range(2)]
    np.testing.assert_array_equal(drawn[0], drawn[1])


def test_a_hot_deck_draws_by_weight_and_from_anyone_where_nobody_is_alike() -> None:
    table = people(("f", "old", 50), ("f", "young", 50), ("m", None, 100))
    table["w"] = np.where(table["age"] == "old", 9.0, 1.0)
    table.loc[table["sex"] == "m", "w"] = 5.0
    # nine tenths of the donors' weight is old, and so is about that of the hundred who draw: raking to 90 and 10 is
    # then nearly no change, while a draw that ignores the weights would leave the old at 70%
    margins = {"sex": {"f": 0.5, "m": 0.5}, "age": {"old": 0.9, "young": 0.1}}
    weights = rake(table, margins, weights="w", without_category="hot_deck").weights
    assert np.abs(weights / table["w"] - 1).max() < 0.5
    with pytest.raises(InputError, match="margin of several"):
        rake(table, {("sex", "age"): {("f", "old"): 1, ("f", "young"): 1}}, without_category="hot_deck")


def test_one_rule_a_margin_can_be_chosen() -> None:
    table = uneven(300)
    both = rake(
        table, MARGINS, weights="w", without_category={"age": "unknown", "region": "other_margins"}
    ).without
    assert {name: found.rule for name, found in both.items()} == {"age": "unknown", "region": "other_margins"}


def test_without_a_choice_a_tenth_is_raked_at_the_others_and_said() -> None:
    table = people(("f", "old", 45), ("f", "young", 45), ("f", None, 10))
    with pytest.warns(
        UserWarning, match=r"`age`: no category for 10 of 100 respondents \(10\.0% of the weight\)"
    ):
        raking = rake(table, {"age": AGE})
    assert (raking.without["age"].respondents, raking.without["age"].chosen) == (10, False)
    assert MOST == 0.1
    more = people(("f", "old", 45), ("f", "young", 44), ("f", None, 11))
    with pytest.raises(InputError, match=r"`age` has no category for 11 of 100 .* first in row 90"):
        rake(more, {"age": AGE})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rake(more, {"age": AGE}, without_category="other_margins")


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (
            "refuse",
            r"no category for 1 of 4 respondents \(25.0% of the weight\), first in row 3, and they are to be",
        ),
        ("others", "`without_category=` is `others`: did you mean `other_margins`"),
    ],
)
def test_what_cannot_be_done_is_named(rule: Any, says: str) -> None:
    table = people(("f", "old", 1), ("f", "young", 1), ("f", None, 1), ("m", "old", 1))
    with pytest.raises(InputError, match=says):
        rake(table, {"age": AGE}, without_category=rule)


def test_a_weight_of_zero_needs_no_category() -> None:
    table = people(("f", "old", 1), ("f", "young", 1), ("f", None, 2)).assign(w=[1, 1, 0, 0])
    for rule in (None, "refuse", "unknown", "hot_deck"):
        weights = rake(table, {"age": AGE}, weights="w", without_category=rule).weights  # type: ignore[arg-type]
        np.testing.assert_allclose(weights, [50, 50, 0, 0])


def test_nobody_with_a_category_and_margins_that_contradict_are_errors() -> None:
    nobody = people(("f", None, 3))
    with pytest.raises(InputError, match="no respondent with a weight"):
        rake(nobody, {"age": AGE}, without_category="other_margins")
    apart = people(("f", "old", 5), ("m", "young", 5), ("f", None, 1))
    contrary = {"sex": {"f": 0.5, "m": 0.5}, "age": {"old": 0.9, "young": 0.1}}
    with pytest.raises(ModelError, match="did not converge"):
        rake(apart, contrary, without_category="unknown")


def test_imputed_columns_are_given_back_for_the_errors() -> None:
    table = uneven(200)
    imputed = rake(table, MARGINS, weights="w", without_category="hot_deck").imputed
    assert set(imputed) == {"age", "region"}
    for margin, column in imputed.items():
        assert column.notna().all()
        known = table[margin].notna()
        assert (column[known] == table.loc[known, margin]).all()


@pytest.mark.parametrize("rule", ["other_margins", "unknown"])
def test_errors_are_those_of_raking_again_without_each_respondent(rule: Any) -> None:
    """The jackknife rakes anew for each respondent left out, and so knows the raking without any formula."""
    table = uneven(250)

    def mean(rows: pd.DataFrame) -> float:
        weights = rake(rows, MARGINS, weights="w", without_category=rule, tolerance=1e-9).weights
        return float(weights @ rows["y"] / weights.sum())

    left_out = np.array([mean(table.drop(index=place)) for place in table.index])
    n = len(table)
    jackknife = np.sqrt((n - 1) / n * ((left_out - left_out.mean()) ** 2).sum())
    table["raked"] = rake(table, MARGINS, weights="w", without_category=rule).weights
    known = Design(weights="raked", base_weights="w", margins=tuple(MARGINS))
    se = means(table, known, "y")["se"].iloc[0]
    assert se == pytest.approx(jackknife, rel=0.03)
    unaware = means(table, Design(weights="raked"), "y")["se"].iloc[0]
    assert unaware > 1.1 * jackknife


@pytest.mark.parametrize(
    ("first", "second", "differs"),
    [
        ({"a": 48.0, "b": 52.0}, {"c": 33.3, "d": 33.3, "e": 33.3}, True),
        ({"a": 30000, "b": 37001}, {"c": 33999, "d": 33000}, True),
        ({"a": 33, "b": 33, "c": 33}, {"c": 48, "d": 52}, True),
        ({"a": 1_350_000, "b": 1_000_000}, {"c": 1_340_000, "d": 1_015_000}, True),
        ({"a": 0.4995, "b": 0.4995}, {"c": 0.5, "d": 0.5}, True),
        ({"a": 1, "b": 1}, {"c": 1.0000001, "d": 1}, False),
    ],
    ids=["percent-with-decimals", "persons", "whole-percent", "thousands", "shares", "exact"],
)
def test_totals_that_differ_by_rounding_are_one(
    first: dict[str, float], second: dict[str, float], differs: bool
) -> None:
    table = pd.MultiIndex.from_product([first, second], names=["x", "y"]).to_frame(index=False)
    margins: dict[Any, Any] = {"x": first, "y": second}
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        raking = rake(table, margins)
    assert bool(raking.rescaled) == differs == bool(said)
    if differs:
        assert "a difference by rounding" in str(said[0].message)
    percent = abs(sum(second.values()) - 100) < 1 or abs(sum(first.values()) - 100) < 1
    shares = abs(sum(first.values()) - 1) < 0.01
    whole = len(table) if shares else 100 if percent else sum(first.values())
    assert raking.weights.sum() == pytest.approx(whole)


def test_shares_of_which_one_is_missing_are_no_population() -> None:
    table = pd.DataFrame({"x": ["a", "b"]})
    with pytest.raises(InputError, match=r"`x` sums to 0.98: shares sum to 1; give those that are missing"):
        rake(table, {"x": {"a": 0.5, "b": 0.48}})


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        ({"a": 30000, "b": 37001}, {"c": 34009, "d": 33000}, r"`x` 67,001, `y` 67,009"),
        ({"a": 60, "b": 40}, {"c": 50, "d": 48}, r"`x` 100, `y` 98"),
        ({"a": 0.5, "b": 0.5}, {"c": 50, "d": 50}, r"`x` 1, `y` 100"),
        ({"a": 48.11, "b": 51.89}, {"c": 33.31, "d": 66.62}, r"`x` 100, `y` 99.93"),
    ],
    ids=["persons", "more-than-a-hundredth", "shares-and-percent", "decimals"],
)
def test_totals_that_differ_by_more_are_refused_with_both(
    first: dict[str, float], second: dict[str, float], says: str
) -> None:
    table = pd.DataFrame({"x": ["a", "b"], "y": ["c", "d"]})
    margins: dict[Any, Any] = {"x": first, "y": second}
    with pytest.raises(InputError, match=says):
        rake(table, margins)
