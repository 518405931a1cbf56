"""The shared bias as learnt where the truth became known: sizes, errors of the level, and intervals that hold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from waves.folders import SURVEY, row, survey_folder

from groundswell.trends import Trend, fit_trend
from groundswell.trends.answers.needed_n import worth_n
from groundswell.trends.answers.shared_bias import FREEDOM, SCALE, SharedBias
from groundswell.trends.fit.mixture import Mixture
from groundswell.trends.model.logit import logit
from groundswell.waves import load_survey

COLUMNS = "indicator,variant,share,start,end,published,source_title,source_url,note"
STATED = 'sd = 0.13\nsource = "published pairs"'


def a_trend(
    folder: Path, *truths: str, bias: str = 'learn = "benchmarks"', as_of: str = "2023-01-01"
) -> Trend:
    """The trend of five monthly waves that said 35%, with what became known as true."""
    waves = [row(start=f"2022-0{month}-10", end=f"2022-0{month}-12") for month in range(5, 10)]
    folder.mkdir(exist_ok=True)
    made = survey_folder(folder, *waves, survey=SURVEY.replace(STATED, bias))
    (made / "benchmarks.csv").write_text("\n".join([COLUMNS, *truths]) + "\n", encoding="utf-8")
    return fit_trend(load_survey(made), "anxiety", as_of=as_of, search_shocks=False)


def width(trend: Trend) -> float:
    """Of the population's interval in logits, at the newest wave."""
    level = trend.level("2022-09-11").iloc[0]
    return float(logit(level["population_high95"]) - logit(level["population_low95"]))


def test_the_error_of_the_level_is_what_was_printed_less_the_truth(tmp_path: Path) -> None:
    trend = a_trend(
        tmp_path, "anxiety,,0.30,2022-07-01,2022-07-31,,Census,,", "anxiety,circle,0.35,,2022-09-11,,Census,,"
    )
    table = trend.benchmark_errors.table
    level = trend.level(["2022-07-16", "2022-09-11"])
    assert table["error"].to_numpy() == pytest.approx(logit(level["share"]) - logit([0.30, 0.35]), abs=0.01)
    assert (table["se"] > 0).all()
    assert table["truth"].tolist() == [0.30, 0.35]


def test_what_is_not_known_yet_is_not_used(tmp_path: Path) -> None:
    late = "anxiety,,0.30,,2022-07-31,2023-02-01,Census,,"
    early = "anxiety,,0.30,,2022-06-30,,Census,,"
    trend = a_trend(tmp_path, late, early)
    assert [str(day) for day in trend.benchmark_errors.table["end"]] == ["2022-06-30"]


def test_a_stated_bias_counts_whatever_the_benchmarks_say(tmp_path: Path) -> None:
    far = "anxiety,,0.60,,2022-07-31,,Census,,"
    stated = a_trend(tmp_path / "stated", far, bias=STATED)
    none = a_trend(tmp_path / "none", bias=STATED)
    assert len(stated.benchmark_errors.table) == 1
    assert width(stated) == pytest.approx(width(none), rel=1e-9)
    learnt = a_trend(tmp_path / "learnt", far)
    assert width(learnt) > 2 * width(stated)


def test_the_larger_the_errors_the_wider_the_population_s_interval(tmp_path: Path) -> None:
    widths = [
        width(
            a_trend(
                tmp_path / str(truth), *(f"anxiety,,{truth},,2022-0{month}-11,,C,," for month in range(5, 10))
            )
        )
        for truth in (0.35, 0.30, 0.25)
    ]
    assert widths[0] < widths[1] < widths[2]


def test_a_wording_that_nobody_asked_says_nothing(tmp_path: Path) -> None:
    trend = a_trend(tmp_path, "anxiety,score,0.30,,2022-07-31,,Census,,")
    assert trend.benchmark_errors.table.empty


def test_without_any_benchmark_the_prior_counts() -> None:
    bias = SharedBias.learnt(np.zeros(0), np.zeros((0, 0)))
    rng = np.random.default_rng(1)
    prior = np.abs(rng.standard_t(FREEDOM, 200_000)) * SCALE
    for part in (0.25, 0.5, 0.75, 0.95):
        assert bias.quantile(part) == pytest.approx(np.quantile(prior, part), rel=0.12)


def test_many_benchmarks_tell_the_size() -> None:
    rng = np.random.default_rng(2)
    error = rng.normal(0, np.hypot(0.2, 0.05), 400)
    bias = SharedBias.learnt(error, np.eye(400) * 0.05**2)
    assert bias.quantile(0.5) == pytest.approx(0.2, rel=0.1)


def test_errors_that_the_waves_explain_are_no_bias() -> None:
    """One level that is badly known makes errors that go together."""
    together = np.full((4, 4), 0.3**2) + np.eye(4) * 1e-6
    error = np.full(4, 0.3)
    assert SharedBias.learnt(error, together).quantile(0.5) < 0.25 * SharedBias.learnt(
        error, np.eye(4) * 1e-6
    ).quantile(0.5)


@pytest.mark.parametrize("known", [0, 1, 3, 8])
def test_the_population_s_interval_holds_what_it_promises(known: int) -> None:
    """Surveys whose biases are as the prior says: the next truth lies within the 95% interval in 95 of 100."""
    rng, own, series = np.random.default_rng(known), 0.05, 1500
    held = 0
    for _ in range(series):
        size = abs(rng.standard_t(FREEDOM)) * SCALE
        *errors, new = rng.normal(0, size, known + 1) + rng.normal(0, own, known + 1)
        bias = SharedBias.learnt(np.array(errors), np.eye(known) * own**2)
        now = Mixture(np.ones(1), np.zeros((1, 1)), np.full((1, 1), own)).widened_by(*bias)
        held += 0.025 < now.probability_below(float(new))[0] < 0.975
    assert held / series == pytest.approx(0.95, abs=0.02)


def test_an_interval_is_worth_the_random_sample_of_its_width() -> None:
    n = 256
    half = 1.96 * (0.4 * 0.6 / n) ** 0.5
    assert worth_n(0.4, 0.4 - half, 0.4 + half) == pytest.approx(n)
    assert worth_n(0.5, 0.5 - 1.96 * 0.01, 0.5 + 1.96 * 0.01, sd=0.2) == pytest.approx(400)
