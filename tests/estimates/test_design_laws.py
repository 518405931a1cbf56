"""What must hold for every sample, whatever its numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from groundswell.estimates.design.design import Design
from groundswell.estimates.design.units import units_of
from groundswell.estimates.statistics.shares import means, shares, shares_covariance
from groundswell.estimates.statistics.table import estimate
from groundswell.estimates.statistics.totals import totals, totals_covariance
from groundswell.estimates.sums.cells import Cells, cells_of
from groundswell.estimates.sums.items import Item
from groundswell.estimates.variance.means import LinearisedMeans

DESIGN = Design(weights="w", strata="stratum", psu="unit", nest=True)
QUICK = settings(max_examples=40, deadline=None)


@st.composite
def samples(draw: st.DrawFn) -> pd.DataFrame:
    """Respondents of two to four strata with two to five units each, some answers missing, some weights zero."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    strata = draw(st.integers(2, 4))
    rows = []
    for stratum in range(strata):
        for unit in range(draw(st.integers(2, 5))):
            rows += [(stratum, unit)] * draw(st.integers(1, 6))
    table = pd.DataFrame(rows, columns=["stratum", "unit"])
    size = len(table)
    table["w"] = np.where(generator.random(size) < 0.1, 0.0, generator.lognormal(0, 1, size))
    table["w"] = table["w"].mask(table.index == 0, 1.0)
    table["y"] = pd.Series(generator.integers(0, 2, size)).astype(float).mask(generator.random(size) < 0.1)
    table["y"] = table["y"].mask(table.index == 0, 1.0)
    table["answer"] = generator.choice(["a", "b", "c"], size)
    table["wave"] = generator.integers(1, 4, size)
    table["number"] = generator.normal(50, 10, size)
    return table


@QUICK
@given(samples(), st.floats(1e-3, 1e4))
def test_scaling_every_weight_changes_nothing(table: pd.DataFrame, factor: float) -> None:
    one = shares(table, DESIGN, "answer", by=["wave"])
    other = shares(table.assign(w=table["w"] * factor), DESIGN, "answer", by=["wave"])
    pd.testing.assert_frame_equal(one, other, rtol=1e-8, atol=1e-10)


@QUICK
@given(samples())
def test_a_share_and_its_complement_are_as_uncertain(table: pd.DataFrame) -> None:
    assume(table["y"].nunique() == 2)  # ones and empty cells alone could mean anything
    yes, no = (shares(part, DESIGN, "y") for part in (table, table.assign(y=1 - table["y"])))
    if yes["estimate"].iloc[0] in (0, 1):
        return
    assert no["estimate"].iloc[0] == pytest.approx(1 - yes["estimate"].iloc[0], abs=1e-12)
    assert no["se"].iloc[0] == pytest.approx(yes["se"].iloc[0], rel=1e-9, abs=1e-12)


@QUICK
@given(samples())
def test_names_and_order_of_units_and_rows_do_not_matter(table: pd.DataFrame) -> None:
    renamed = table.assign(
        unit=table["unit"].map(lambda unit: f"town {9 - unit}"),
        stratum=table["stratum"].map("ZYXW".__getitem__),
    ).sample(frac=1, random_state=1)
    one, other = (shares(part, DESIGN, "answer", by=["wave"]) for part in (table, renamed))
    pd.testing.assert_frame_equal(one, other, rtol=1e-9, atol=1e-12)


@QUICK
@given(samples())
def test_domains_add_up(table: pd.DataFrame) -> None:
    parts = totals(table, DESIGN, numbers=["number"], by=["wave"])
    whole = totals(table, DESIGN, numbers=["number"])
    assert parts["estimate"].sum() == pytest.approx(whole["estimate"].iloc[0], rel=1e-9)
    covariance = totals_covariance(table, DESIGN, numbers=["number"], by=["wave"]).to_numpy()
    assert covariance.sum() == pytest.approx(whole["se"].iloc[0] ** 2, rel=1e-7, abs=1e-6)
    assert parts["n"].sum() == whole["n"].iloc[0]


@QUICK
@given(samples())
def test_shares_of_all_answers_sum_to_one_without_variance(table: pd.DataFrame) -> None:
    found = shares(table, DESIGN, "answer")
    assert found["estimate"].sum() == pytest.approx(1)
    assert shares_covariance(table, DESIGN, "answer").to_numpy().sum() == pytest.approx(0, abs=1e-12)


@QUICK
@given(samples())
def test_covariance_is_symmetric_and_has_no_negative_direction(table: pd.DataFrame) -> None:
    covariance = shares_covariance(table, DESIGN, "answer", by=["wave"], numbers=["number"]).to_numpy()
    covariance = covariance[~np.isnan(covariance).all(axis=1)][:, ~np.isnan(covariance).all(axis=0)]
    np.testing.assert_allclose(covariance, covariance.T, atol=1e-12)
    assert np.linalg.eigvalsh(covariance).min() >= -1e-9 * max(1.0, covariance.max())


@QUICK
@given(samples())
def test_covariance_holds_the_variances_of_the_table(table: pd.DataFrame) -> None:
    found = shares(table, DESIGN, "answer", by=["wave"])
    covariance = shares_covariance(table, DESIGN, "answer", by=["wave"]).to_numpy()
    np.testing.assert_allclose(np.sqrt(np.diag(covariance).clip(0)), found["se"], rtol=1e-7, atol=1e-9)


@QUICK
@given(samples())
def test_jackknife_of_a_total_is_its_linearised_variance(table: pd.DataFrame) -> None:
    table = table.assign(label=table["stratum"] * 100 + table["unit"])
    units = table[["stratum", "label"]].drop_duplicates()
    size = units.groupby("stratum")["label"].transform("size").to_numpy()
    columns = {}
    for place, (stratum, label) in enumerate(units.itertuples(index=False)):
        grown = np.where(table["stratum"] == stratum, size[place] / (size[place] - 1), 1.0)
        columns[f"rep{place}"] = np.where(table["label"] == label, 0.0, grown)
    replicated = Design(
        weights="w",
        replicates=tuple(columns),
        replicate_kind="JKn",
        rscales=(size - 1) / size,
        combined=False,
    )
    linear = totals(table, DESIGN, numbers=["number"])
    jackknife = totals(table.assign(**columns), replicated, numbers=["number"])
    assert jackknife["se"].iloc[0] == pytest.approx(linear["se"].iloc[0], rel=1e-9, abs=1e-9)


@QUICK
@given(samples(), st.integers(0, 3))
def test_sums_of_parts_are_the_sums_of_the_whole(table: pd.DataFrame, seed: int) -> None:
    cells, units = cells_of(table, DESIGN, [Item("answer", "a"), Item("number")], ["wave"])
    place = np.random.default_rng(seed).integers(0, 2, len(table))
    parts = []
    for part in (0, 1):
        kept = table.assign(
            answer=table["answer"].where(place == part), number=table["number"].where(place == part)
        )
        parts.append(cells_of(kept, DESIGN, cells.items, ["wave"])[0])

    def joined(name: str) -> Any:
        return np.concatenate([getattr(part, name) for part in parts])

    names = ("domain", "unit", "n", "w", "w2", "wy", "wyy")
    both = Cells(cells.domains, cells.items, **{name: joined(name) for name in names})
    parted, whole = (LinearisedMeans(part, units, DESIGN.lonely_psu) for part in (both, cells))
    pd.testing.assert_frame_equal(estimate(parted), estimate(whole), rtol=1e-9)
    np.testing.assert_allclose(parted.covariance(), whole.covariance(), atol=1e-10)


@QUICK
@given(samples())
def test_second_moments_by_stratum_replace_respondents_as_units(table: pd.DataFrame) -> None:
    design = Design(weights="w", strata="stratum")
    items = (Item("y", "1"), Item("number"))
    cells, units = cells_of(table, design, items, ["wave"])
    strata = table.groupby("stratum", as_index=False).size()
    whole, _ = units_of(strata, design, count="size")
    unit = pd.factorize(table["stratum"])[0]
    kept = (table["w"] > 0).to_numpy()
    wave, _ = pd.factorize(table["wave"], sort=True)
    w = table["w"].to_numpy()[:, None] * table[["y", "number"]].notna().to_numpy()
    wy = w * table[["y", "number"]].fillna(0).to_numpy()
    row = pd.DataFrame({"wave": wave, "unit": unit})[kept]
    products = np.concatenate([w, wy], axis=1)[kept]
    groups = row.groupby(["wave", "unit"]).indices
    sums = {
        name: np.array([values[kept][places].sum(axis=0) for places in groups.values()])
        for name, values in {
            "n": (w > 0).astype(int), "w": w, "w2": w * w, "wy": wy, "wyy": wy * table[["y", "number"]].fillna(0)
            .to_numpy(), "second": np.stack([w * w, w * wy, wy * wy], axis=2),
        }.items()
    }  # fmt: skip
    cross = np.array([products[places].T @ products[places] for places in groups.values()])
    keys = np.array(list(groups))
    moments = Cells(cells.domains, items, keys[:, 0], keys[:, 1], cross=cross, **sums)
    by_stratum = LinearisedMeans(moments, whole, design.lonely_psu)
    by_respondent = LinearisedMeans(cells, units, design.lonely_psu)
    pd.testing.assert_frame_equal(estimate(by_stratum), estimate(by_respondent), rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(by_stratum.covariance(), by_respondent.covariance(), rtol=1e-6, atol=1e-8)


def test_filtering_instead_of_asking_by_domain_drops_units() -> None:
    table = pd.DataFrame(
        {"unit": [1, 1, 2, 2, 3, 3], "w": 1.0, "y": [1, 0, 0, 1, 0, 0], "sex": list("fmffmm")}
    )
    design = Design(weights="w", psu="unit")
    asked = means(table, design, "y", by=["sex"])
    filtered = means(table[table["sex"] == "f"], design, "y")
    assert asked["se"].iloc[0] != pytest.approx(filtered["se"].iloc[0])
    assert asked["n"].tolist() == [3, 3]
