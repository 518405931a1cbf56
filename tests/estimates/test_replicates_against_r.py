"""Replicate weights of every kind against R's survey; the replicates are made here as R makes them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from groundswell.estimates.design.design import Design
from groundswell.estimates.statistics.shares import means, shares_covariance
from groundswell.estimates.statistics.totals import ratios, totals, totals_covariance

from .conftest import REFERENCE, assert_agrees, read_reference, read_schools

EXPECTED = read_reference("replicates")


def with_factors(table: pd.DataFrame, factors: np.ndarray) -> tuple[pd.DataFrame, tuple[str, ...]]:
    names = tuple(f"rep_{place}" for place in range(factors.shape[1]))
    return pd.concat([table, pd.DataFrame(factors, columns=names, index=table.index)], axis=1), names


def jackknife_factors(unit: pd.Series, stratum: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Leave one unit out: the factors, and (n - 1) / n of the stratum of the unit left out."""
    first = unit.drop_duplicates()
    home = stratum.loc[first.index].to_numpy()
    size = pd.Series(home).map(pd.Series(home).value_counts()).to_numpy()
    same = stratum.to_numpy()[:, None] == home
    out = unit.to_numpy()[:, None] == first.to_numpy()
    return np.where(out, 0.0, np.where(same, size / (size - 1), 1.0)), (size - 1) / size


def clus1(mse: bool) -> tuple[pd.DataFrame, Design]:
    schools = read_schools("apiclus1")
    factors, left = jackknife_factors(schools["dnum"], schools["fpc"])
    table, names = with_factors(schools, factors)
    scale = left[0] * (1 - 15 / 757)
    return table, Design(
        weights="pw", replicates=names, replicate_kind="JK1", scale=scale, combined=False, mse=mse
    )


def strat(mse: bool) -> tuple[pd.DataFrame, Design]:
    schools = read_schools("apistrat")
    factors, left = jackknife_factors(schools["row"], schools["stype"])
    table, names = with_factors(schools, factors)
    rest = 1 - schools["stype"].map(schools["stype"].value_counts()) / schools["fpc"]
    return table, Design(
        weights="pw", replicates=names, replicate_kind="JKn", rscales=left * rest, combined=False, mse=mse
    )


def bootstrap(mse: bool) -> tuple[pd.DataFrame, Design]:
    factors = pd.read_csv(REFERENCE / f"strat_wr_bootstrap_factors_mse_{str(mse).upper()}.csv").to_numpy()
    table, names = with_factors(read_schools("apistrat"), factors)
    scale = EXPECTED[f"mse_{str(mse).upper()}"]["strat_wr_bootstrap"]["scale"]
    return table, Design(
        weights="pw", replicates=names, replicate_kind="bootstrap", scale=scale, combined=False, mse=mse
    )


@pytest.mark.parametrize("mse", [False, True])
@pytest.mark.parametrize(
    ("key", "case"), [("clus1_JK1", clus1), ("strat_JKn", strat), ("strat_wr_bootstrap", bootstrap)]
)
def test_means(key: str, case: Any, mse: bool) -> None:
    expected = EXPECTED[f"mse_{str(mse).upper()}"][key]
    table, design = case(mse)
    found = means(table, design, "api00", "enroll")
    assert_agrees(found["estimate"], list(expected["est"].values()))
    assert_agrees(found["se"], list(expected["se"].values()))
    assert_agrees(shares_covariance(table, design, numbers=["api00", "enroll"]), expected["vcov"])
    assert (found["df"] == expected["degf"]).all()


def counties(mse: bool, kind: str) -> tuple[pd.DataFrame, Design]:
    """R's `scd`: three strata of two ambulances, of equal weight."""
    table = pd.read_csv(REFERENCE / "scd.csv").assign(one=1.0)
    rho = 0.3 if kind == "Fay" else 0.0
    factors = 1 + (1 - rho) * (pd.read_csv(REFERENCE / "scd_brr_factors.csv").to_numpy() - 1)
    if kind == "JKn":
        factors, _ = jackknife_factors(pd.Series(range(6)), table["ESA"])
    table, names = with_factors(table, factors)
    options: dict[str, Any] = {"fay_rho": rho} if kind == "Fay" else {}
    return table, Design(
        weights="one", replicates=names, replicate_kind=kind, combined=False, mse=mse, **options
    )


@pytest.mark.parametrize("mse", [False, True])
def test_balanced_repeats(mse: bool) -> None:
    expected = EXPECTED[f"mse_{str(mse).upper()}"]
    table, design = counties(mse, "BRR")
    ratio = ratios(table, design, numerator="alive", denominator="arrests").iloc[0]
    assert_agrees(ratio[["estimate", "se"]], [expected["scd_BRR_ratio"][part] for part in ("est", "se")])
    found = totals(table, design, numbers=["alive", "arrests"])
    assert_agrees(found["estimate"], list(expected["scd_BRR_total"]["est"].values()))
    covariance = totals_covariance(table, design, numbers=["alive", "arrests"])
    assert_agrees(covariance, expected["scd_BRR_total"]["vcov"])
    mean = means(table, design, "alive", "arrests")
    assert_agrees(mean["se"], list(expected["scd_BRR_mean"]["se"].values()))


@pytest.mark.parametrize("mse", [False, True])
def test_fay(mse: bool) -> None:
    expected = EXPECTED[f"mse_{str(mse).upper()}"]["scd_Fay0.3"]
    table, design = counties(mse, "Fay")
    ratio = ratios(table, design, numerator="alive", denominator="arrests").iloc[0]
    assert_agrees(ratio[["estimate", "se"]], [expected["ratio"], expected["ratio_se"]])
    found = totals(table, design, numbers=["alive", "arrests"])
    assert_agrees(found["se"], list(expected["total"]["se"].values()))


@pytest.mark.parametrize("mse", [False, True])
def test_jackknife_and_linearised_ratio(mse: bool) -> None:
    expected = EXPECTED[f"mse_{str(mse).upper()}"]
    table, design = counties(mse, "JKn")
    ratio = ratios(table, design, numerator="alive", denominator="arrests").iloc[0]
    assert_agrees(ratio[["estimate", "se"]], [expected["scd_JKn_ratio"][part] for part in ("est", "se")])
    linear = ratios(
        table,
        Design(weights="one", strata="ESA", psu="ambulance", nest=True),
        numerator="alive",
        denominator="arrests",
    )
    assert_agrees(linear["se"], [expected["scd_taylor_ratio"]["se"]])
