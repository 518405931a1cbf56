"""Weights that hold totals of numbers alone, and their errors, against R's survey and the closed form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from groundswell.cli import cli
from groundswell.errors import InputError, ModelError
from groundswell.estimates.design.design import Design
from groundswell.estimates.statistics.regression import regression
from groundswell.estimates.statistics.shares import means, shares
from groundswell.estimates.statistics.totals import totals
from groundswell.estimates.weighting.calibration import calibrate

from .conftest import API_DESIGNS, assert_agrees, read_reference, read_schools

EXPECTED = read_reference("calibrated_totals")
CASES: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "linear_api99": (("api99",), {}),
    "linear_api99_students": (("api99", "api.stu"), {}),
    "linear_one_api99": (("one", "api99"), {}),
    "raking_api99_students": (("api99", "api.stu"), {"method": "raking"}),
    "logit_api99_students": (("api99", "api.stu"), {"method": "logit", "bounds": (0.5, 2)}),
}
SAMPLES = ("clus1", "strat")


def population(*columns: str) -> dict[str, float]:
    return {column: EXPECTED["totals"][column] for column in columns}


def schools_of(sample: str) -> pd.DataFrame:
    return read_schools(f"api{sample}").assign(one=1.0)


def calibrated(sample: str, columns: tuple[str, ...], **options: Any) -> tuple[pd.DataFrame, Design]:
    """Schools with their calibrated weights in `weight`, and the design that knows of them."""
    table = schools_of(sample)
    held = calibrate(table, weights="pw", totals=population(*columns), **options)
    design = API_DESIGNS[sample]
    known = Design(
        weights="weight", base_weights="pw", auxiliaries=columns,
        strata=design.strata, psu=design.psu, fpc=design.fpc,
    )  # fmt: skip
    return table.assign(weight=held.weights), known


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("case", CASES)
def test_weights_and_their_errors_are_those_of_r(sample: str, case: str) -> None:
    columns, options = CASES[case]
    expected = EXPECTED[sample][case]
    table, design = calibrated(sample, columns, **options)
    assert_agrees(table["weight"], expected["weights"])
    mean = means(table, design, "api00", "y")
    assert_agrees([*mean["estimate"], *mean["se"]], expected["mean"])
    total = totals(table, design, numbers=["api00"]).iloc[0]
    assert_agrees(total[["estimate", "se"]], expected["total"])
    domains = shares(table, design, "y", by=["sch.wide"])
    assert list(domains["sch.wide"]) == expected["domains"]["answers"]
    assert_agrees(domains["estimate"], expected["domains"]["estimate"])
    assert_agrees(domains["se"], expected["domains"]["se"])


def test_weights_are_those_of_the_regression_estimator() -> None:
    table, _ = calibrated("strat", ("api99", "api.stu"))
    base, x = table["pw"].to_numpy(), table[["api99", "api.stu"]].to_numpy(float)
    short = np.array(list(population("api99", "api.stu").values())) - base @ x
    greg = base * (1 + x @ np.linalg.solve(x.T @ (base[:, None] * x), short))
    np.testing.assert_allclose(table["weight"], greg, rtol=1e-11)


def test_no_margins_may_be_said_by_an_empty_table_too() -> None:
    table, held = schools_of("clus1"), population("api99")
    np.testing.assert_array_equal(
        calibrate(table, {}, totals=held).weights, calibrate(table, totals=held).weights
    )


def test_a_total_that_is_held_has_no_error() -> None:
    table, design = calibrated("clus1", ("api99", "api.stu"))
    known = totals(table, design, numbers=["api99"]).iloc[0]
    assert known["estimate"] == pytest.approx(EXPECTED["totals"]["api99"], rel=1e-12)
    assert known["se"] < 1e-8 * known["estimate"]
    people = totals(table, design, numbers=["one"]).iloc[0]
    assert people["se"] > 10  # nothing held the number of schools


def test_an_error_that_knows_is_that_of_leaving_one_unit_out() -> None:
    """A jackknife that calibrates anew for each district left out: nearly the same, where no error knows of it."""
    table, design = calibrated("clus1", ("api99",))
    districts = table["dnum"].unique()
    left = []
    for district in districts:
        rest = table[table["dnum"] != district].assign(
            pw=lambda rows: rows["pw"] * len(districts) / (len(districts) - 1)
        )
        weights = calibrate(rest, weights="pw", totals=population("api99")).weights
        left.append(weights @ rest["api00"])
    fraction = len(districts) / table["fpc"].iloc[0]
    spread = np.var(left) * (len(districts) - 1) * (1 - fraction)
    knowing = totals(table, design, numbers=["api00"]).iloc[0]["se"]
    blind = totals(table, Design(weights="weight", psu="dnum", fpc="fpc"), numbers=["api00"]).iloc[0]["se"]
    assert knowing == pytest.approx(np.sqrt(spread), rel=0.1)
    assert blind > 5 * knowing


def test_the_command_and_python_give_one_error(tmp_path: Path) -> None:
    table, design = calibrated("clus1", ("api99", "api.stu"))
    file = tmp_path / "schools.csv"
    table.to_csv(file, index=False)
    command = [
        *("estimate", str(file), "--mean", "api00", "--weights", "weight", "--base-weights", "pw"),
        *(
            "--auxiliaries",
            "api99,api.stu",
            "--psu",
            "dnum",
            "--fpc",
            "fpc",
            "--out",
            str(tmp_path / "out.csv"),
        ),
    ]
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 0, done.output
    row = pd.read_csv(tmp_path / "out.csv").iloc[0]
    expected = means(table, design, "api00").iloc[0]
    np.testing.assert_allclose(
        row[["estimate", "se"]].astype(float), expected[["estimate", "se"]].astype(float), rtol=1e-12
    )


def test_a_regression_knows_of_totals_without_a_constant() -> None:
    """On a constant alone the coefficient is the mean, and its error the mean's."""
    table, design = calibrated("clus1", ("api99",))
    fit = regression(table, design, outcome="api00", terms=[], family="linear")
    mean = means(table, design, "api00").iloc[0]
    assert fit.table.iloc[0]["se"] == pytest.approx(mean["se"], rel=1e-9)


def test_what_cannot_be_calibrated_to_is_refused() -> None:
    table = schools_of("clus1")
    with pytest.raises(InputError, match=r"`margins=` and `totals=` are empty.*column of numbers"):
        calibrate(table)
    with pytest.raises(InputError, match=r"`totals=` has `nan` for `api99`"):
        calibrate(table, totals={"api99": np.nan})
    with pytest.raises(InputError, match="`api98`"):
        calibrate(table, totals={"api98": 1.0})
    gap = table.assign(api99=table["api99"].where(table.index != 4))
    with pytest.raises(InputError, match="`api99` is missing in row 5"):
        calibrate(gap, totals={"api99": 1.0})
    with pytest.raises(ModelError, match="did not converge"):
        calibrate(table, totals={"api99": -1.0}, method="raking")
