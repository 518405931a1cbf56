"""Waves that share respondents: the change between them is known better than either of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from groundswell.errors import InputError
from groundswell.trends import fit_trend
from groundswell.trends.model.shared_errors import SharedErrors

REFERENCE = Path(__file__).parents[1] / "reference" / "waves.json"


def panel() -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Any]]:
    """Six waves of the same respondents, the covariance of their shares, and what R's survey makes of it."""
    survey = json.loads(REFERENCE.read_text(encoding="utf-8"))["full"]["overlap"]
    share, se = np.array(survey["est"]), np.array(survey["se"])
    end = pd.date_range("2024-01-15", periods=len(share), freq="QS-JAN")
    table = pd.DataFrame(
        {"house": "panel", "end": end, "share": share, "n_effective": share * (1 - share) / se**2}
    )
    return table, pd.DataFrame(survey["vcov"], index=table.index, columns=table.index), survey


def change_se(table: pd.DataFrame, covariance: pd.DataFrame | None) -> float:
    trend = fit_trend(table, covariance=covariance)
    return float(trend.change(table["end"].min(), table["end"].max())["se"].iloc[0])


def test_a_change_within_a_panel_is_as_sure_as_its_covariance_allows() -> None:
    table, covariance, survey = panel()
    together, apart = change_se(table, covariance), change_se(table, None)
    assert together < apart / 2
    # R's contrast knows no excess error; the trend adds some to either wave (prior median 0.03 logits is
    # 0.75 points), and may smooth: so about R's figure, neither far below nor far above.
    published = survey["diff_first_minus_last"]["se"]
    assert 0.5 * published < together < 2.5 * published


def test_a_covariance_without_correlation_changes_nothing() -> None:
    table, covariance, _ = panel()
    alone = pd.DataFrame(np.diag(np.diag(covariance)), index=table.index, columns=table.index)
    assert change_se(table, alone) == pytest.approx(change_se(table, None))


def test_rows_are_named_by_columns_or_by_the_index_in_any_order() -> None:
    table, covariance, _ = panel()
    label = pd.MultiIndex.from_frame(table[["house", "end"]])
    named = covariance.set_axis(label).set_axis(label, axis=1)
    turned = named.iloc[::-1, ::-1]
    expected = change_se(table, covariance)
    assert change_se(table, named) == pytest.approx(expected)
    assert change_se(table.sample(frac=1, random_state=1), turned) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        pytest.param(lambda table: table.iloc[:, :3], "same labels", id="not square"),
        pytest.param(
            lambda table: table * np.where(np.eye(6) == 1, 1, -1), "not a covariance", id="indefinite"
        ),
        pytest.param(
            lambda table: table.rename_axis("wave").T.rename_axis("wave").T, "`wave`", id="no column"
        ),
    ],
)
def test_what_is_no_covariance_is_refused(wrong: Any, complaint: str) -> None:
    table, covariance, _ = panel()
    with pytest.raises(InputError, match=complaint):
        fit_trend(table, covariance=wrong(covariance))


@given(st.integers(1, 12), st.integers(0, 11), st.integers(0, 2**32 - 1))
def test_the_parts_of_shared_errors_add_up_to_the_correlation(waves: int, band: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    root = np.triu(np.tril(rng.normal(size=(waves, waves))), -band) + 2 * np.eye(waves)
    covariance = root @ root.T
    sd = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(sd, sd)
    parts = SharedErrors.of_correlation(correlation)
    # Written out with one column a part instead of slots that are used again.
    columns = [
        np.where(begun(parts, slot) == wave, parts.loadings[:, slot], 0.0)
        for wave, slot in enumerate(parts.starts)
        if slot >= 0
    ]
    written = np.array(columns).reshape(-1, waves)
    assert written.T @ written + np.diag(parts.own) == pytest.approx(correlation, abs=1e-5)
    assert parts.loadings.shape[1] <= band + 1


def begun(parts: SharedErrors, slot: int) -> NDArray[np.intp]:
    """For each wave, the wave in which the part that `slot` then holds began (−1 before any)."""
    waves = np.arange(len(parts.starts))
    return np.asarray(np.maximum.accumulate(np.where(parts.starts == slot, waves, -1)))
