"""The NCHS standards for proportions: against a program in R written from their text, and at each of their bounds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from groundswell.errors import InputError
from groundswell.estimates.design.design import Design
from groundswell.estimates.statistics.crosstabs.crosstab import crosstab
from groundswell.estimates.statistics.presentation import nchs_presentation
from groundswell.estimates.statistics.shares import means, shares

from .conftest import API_DESIGNS, read_reference, read_schools

FOUND_IN_R = read_reference("presentation")


@pytest.mark.parametrize("name", API_DESIGNS)
def test_verdicts_against_r(name: str) -> None:
    table = read_schools(f"api{name}").assign(
        low=lambda t: (t["api00"] <= 500).astype(int),
        high=lambda t: (t["api00"] > 450).astype(int),
        most=lambda t: (t["api00"] > 410).astype(int),
        none=0,
        awards=lambda t: (t["awards"] == "Yes").astype(int),
        **{"sch.wide": lambda t: (t["sch.wide"] == "Yes").astype(int)},
    )
    for variable in ("awards", "sch.wide", "low", "high", "most", "none"):
        found = nchs_presentation(shares(table, API_DESIGNS[name], variable, by="stype", cascade=True))
        expected = {
            row["stype"]: row["verdict"]
            for row in FOUND_IN_R
            if (row["design"], row["variable"]) == (name, variable)
        }
        assert dict(zip(found["stype"], found["nchs"], strict=True)) == expected


def row_of(n: int, share: float, *, deff: float = 1.0, df: float = 1e6) -> pd.DataFrame:
    """A share's row, of a simple random sample where `deff` is 1."""
    se = np.sqrt(share * (1 - share) / n * deff)
    return pd.DataFrame({"n": [n], "estimate": [share], "se": [se], "low": [0.0], "high": [0.9], "df": [df]})


def width(n: float, share: float) -> float:
    """Of Clopper and Pearson's interval, by another program's beta distribution."""
    yes = n * share
    return float(stats.beta.ppf(0.975, yes + 1, n - yes) - stats.beta.ppf(0.025, yes, n - yes + 1))


def told(row: pd.DataFrame) -> tuple[str, str]:
    judged = nchs_presentation(row).iloc[0]
    return judged["nchs"], judged["nchs_reason"]


def test_thirty_respondents() -> None:
    assert told(row_of(30, 0.0)) == ("review", "events")
    assert told(row_of(29, 0.0)) == ("suppress", "n n_effective")
    assert told(row_of(30, 1.0)) == ("review", "events")


def test_thirty_effective_respondents() -> None:
    assert "n_effective" in told(row_of(300, 0.3, deff=10.01))[1].split()
    assert "n_effective" not in told(row_of(300, 0.3, deff=9.99))[1].split()
    assert told(row_of(29, 0.5, deff=0.1))[1].split()[:2] == ["n", "n_effective"], "never above n"


@pytest.mark.parametrize("share", [0.5, 0.3])
def test_an_interval_of_30_points(share: float) -> None:
    for n in range(30, 80):
        assert ("width" in told(row_of(n, share))[1].split()) == (width(n, share) >= 0.30)


@pytest.mark.parametrize("share", [0.02, 0.08])
def test_an_interval_of_130_percent_of_the_share_and_above_5_points(share: float) -> None:
    for n in range(60, 400, 3):
        wide = width(n, share) > 0.05 and width(n, share) / share > 1.3
        assert (told(row_of(n, share))[0] == "suppress") == wide
        assert (told(row_of(n, 1 - share))[0] == "complement") == wide


def test_eight_degrees_of_freedom() -> None:
    assert told(row_of(5000, 0.5, df=8)) == ("present", "")
    assert told(row_of(5000, 0.5, df=7)) == ("review", "df")
    assert told(row_of(5000, 0.5, df=0))[0] == "suppress", "no interval at all"


def test_few_degrees_of_freedom_widen_the_interval() -> None:
    assert told(row_of(60, 0.5))[0] == "present"
    assert told(row_of(60, 0.5, df=8))[0] == "suppress"


def test_what_is_no_share_is_not_judged() -> None:
    people = pd.DataFrame({"calm": [1, 0] * 40, "age": range(80), "sex": ["f", "m"] * 40})
    assert list(nchs_presentation(means(people, Design(), "age"))["nchs"]) == [""]
    crossed = nchs_presentation(crosstab(people, Design(), row="calm", column="sex")[0])
    assert (crossed[crossed["calm"] == "all"]["nchs"] == "").all()
    assert (crossed[crossed["calm"] != "all"]["nchs"] != "").all()
    with pytest.raises(InputError, match="`se` is not a column"):
        nchs_presentation(pd.DataFrame({"n": [1], "estimate": [0.5]}))
