"""The text of R's call for a design: as it reads, and as R runs it, where R and its `survey` are there."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from groundswell.errors import InputError
from groundswell.estimates.design.design import Design
from groundswell.estimates.design.r_call import Calibration
from groundswell.estimates.statistics.shares import means
from groundswell.estimates.weighting.calibration import calibrate
from groundswell.estimates.weighting.raking import rake

CALLS = {
    Design(): "svydesign(id = ~1, data = data)",
    Design(weights="w", strata="stype", fpc="fpc"): (
        "svydesign(id = ~1, weights = ~w, strata = ~stype, fpc = ~fpc, data = data)"
    ),
    Design(weights="w", strata="s", psu=("a", "b"), fpc=("f", "g"), nest=True, lonely_psu="centre"): (
        'options(survey.lonely.psu = "adjust")\n'
        "svydesign(id = ~a + b, weights = ~w, strata = ~s, fpc = ~f + g, nest = TRUE, data = data)"
    ),
    Design(weights="w", respondent="who", df=9): (
        "# stated degrees of freedom, to be given where R takes `df`: 9\n"
        "svydesign(id = ~who, weights = ~w, data = data)"
    ),
    Design(weights="my weight", strata="1st", psu="if"): (
        "svydesign(id = ~`if`, weights = ~`my weight`, strata = ~`1st`, data = data)"
    ),
    Design(weights="a`b\\c"): "svydesign(id = ~1, weights = ~`a\\`b\\\\c`, data = data)",
    Design(weights="w", replicates="rep_*", replicate_kind="BRR", mse=True): (
        'replicates <- data[, setdiff(c(grep(glob2rx("rep_*"), names(data), value = TRUE)), "w")]\n'
        'svrepdesign(weights = ~w, repweights = replicates, type = "BRR", mse = TRUE, data = data)'
    ),
}


@pytest.mark.parametrize("design", CALLS, ids=repr)
def test_the_call(design: Design) -> None:
    assert design.r_call() == CALLS[design]
    assert design.r_call("wave_12") == CALLS[design].replace("data = data", "data = wave_12").replace(
        "data[", "wave_12["
    ).replace("names(data)", "names(wave_12)")


@pytest.mark.parametrize("name", ["1", "a b", "x); system('ls'", "NULL", "replicates", ""])
def test_a_frame_needs_a_name_of_r(name: str) -> None:
    with pytest.raises(InputError, match="`data=` is"):
        Design().r_call(name)


def test_another_calibration_is_named() -> None:
    with pytest.raises(InputError, match="`calibration=` is `logit`"):
        Design(weights="w").r_call(calibration="logit")  # type: ignore[arg-type]


def test_trimmed_weights_have_no_call() -> None:
    trimmed = Design(weights="w", margins="sex", base_weights="w0", calibrated_weights="w1")
    with pytest.raises(InputError, match="`calibrated_weights=` says that weights were trimmed since"):
        trimmed.r_call()


@pytest.fixture(name="people", scope="module")
def respondents_of_every_design() -> pd.DataFrame:
    rng = np.random.default_rng(8)
    n = 96
    table = pd.DataFrame(
        {
            "y": rng.normal(10, 3, n),
            "w 0": rng.uniform(0.5, 3, n),
            "region": np.repeat(["n", "s", "e"], n // 3),
            "unit": np.arange(n) // 8,
            "house": np.arange(n) // 2,
            "units": 40,
            "houses": 12,
            "sex": np.where(rng.random(n) < 0.5, "f", "m"),
            "age": rng.integers(1, 4, n),
            "income": rng.uniform(1, 5, n),
            "one": 1.0,
        }
    )
    factors = {f"f{place}": rng.choice([0.5, 1.5], n) for place in range(8)}
    whole = {f"r{place}": table["w 0"] * rng.uniform(0, 2, n) for place in range(8)}
    left = {f"j{unit}": np.where(table["unit"] == unit, 0, 12 / 11) * table["w 0"] for unit in range(12)}
    table = table.assign(**factors, **whole, **left)
    margins = {"sex": {"f": 0.5, "m": 0.5}, "age": {1: 0.3, 2: 0.4, 3: 0.3}}
    table["raked"] = rake(table, margins, weights="w 0", tolerance=1e-12).weights
    table["held"] = calibrate(table, totals={"income": 500.0, "one": 170.0}, weights="w 0").weights
    return table


RUN: Mapping[str, Design] = {
    "weights": Design(weights="w 0"),
    "strata": Design(weights="w 0", strata="region", psu="unit"),
    "two stages": Design(weights="w 0", strata="region", psu=("unit", "house"), fpc=("units", "houses")),
    "sizes alone": Design(psu=("unit", "house"), fpc=("units", "houses")),
    "persons": Design(weights="w 0", respondent="house"),
    "jackknife": Design(weights="w 0", replicates="j*", replicate_kind="JK1"),
    "jackknife of strata": Design(weights="w 0", replicates="j*", replicate_kind="JKn", mse=True),
    "bootstrap": Design(weights="w 0", replicates="r[0-9]", replicate_kind="bootstrap"),
    "differences": Design(weights="w 0", replicates="r?", replicate_kind="successive-difference"),
    "Fay": Design(weights="w 0", replicates="f*", replicate_kind="Fay", fay_rho=0.5, combined=False),
    "other": Design(
        weights="w 0", replicates=["r0", "r1", "r2"], replicate_kind="other", scale=0.3, rscales=[1, 2, 0.5]
    ),
    "raked": Design(weights="raked", psu="unit", margins=["sex", "age"], base_weights="w 0"),
    "totals held": Design(weights="held", auxiliaries=["income", "one"], base_weights="w 0"),
}


CALIBRATION: dict[str, Calibration] = {"totals held": "linear"}


@pytest.fixture(name="found_in_r", scope="module")
def means_by_the_calls(people: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """One run of R for all designs: the mean of `y` and its standard error by each call."""
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip("R is not installed")
    folder = tmp_path_factory.mktemp("r")
    people.to_csv(folder / "people.csv", index=False)
    lines = ["suppressMessages(library(survey))", 'people <- read.csv("people.csv", check.names = FALSE)']
    for name, design in RUN.items():
        lines.append(
            f"d <- {{\n{design.r_call('people', calibration=CALIBRATION.get(name, 'raking'))}\n}}\nm <- svymean(~y, d)"
        )
        lines.append(f'cat(sprintf("%s,%.15g,%.15g\\n", "{name}", coef(m)[[1]], SE(m)[[1]]))')
    (folder / "run.R").write_text("\n".join(lines), encoding="utf-8")
    ran = subprocess.run([program, "run.R"], cwd=folder, capture_output=True, text=True, check=False)
    if "there is no package called" in ran.stderr:
        pytest.skip("R's survey is not installed")
    assert ran.returncode == 0, ran.stderr
    (folder / "found.csv").write_text(ran.stdout, encoding="utf-8")
    return pd.read_csv(Path(folder) / "found.csv", names=["design", "mean", "se"]).set_index("design")


@pytest.mark.parametrize("name", RUN)
def test_r_finds_the_same(name: str, people: pd.DataFrame, found_in_r: pd.DataFrame) -> None:
    own = means(people, RUN[name], "y").iloc[0]
    np.testing.assert_allclose(own[["estimate", "se"]].astype(float), found_in_r.loc[name], rtol=1e-8)
