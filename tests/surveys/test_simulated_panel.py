"""The bundled survey of simulated respondents: the same bytes from its seed, and intervals that hold its truth."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from groundswell.estimates import Design, shares
from groundswell.estimates.of_wave.kept import estimates_file, kept_estimates
from groundswell.simulate.bundled_panel import FIRST, SEED, write_panel
from groundswell.simulate.respondents import simulate_respondents
from groundswell.waves import load_survey
from groundswell.waves.wave.truth import read_truth
from groundswell.waves.wave.waves_of_survey import load_waves


@pytest.fixture(scope="module")
def bundled(repository: Path) -> Path:
    return repository / "surveys" / "simulated-panel"


def test_the_committed_files_are_what_the_seed_gives(bundled: Path, tmp_path: Path) -> None:
    write_panel(tmp_path, simulate_respondents(SEED, first=FIRST))
    made = {file.relative_to(tmp_path): file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    assert len(made) == 12 * 2 + 3 + 1
    assert made == {name: (bundled / name).read_bytes() for name in made}


def test_the_kept_estimates_are_what_the_respondents_give(bundled: Path, tmp_path: Path) -> None:
    """What a newcomer's first report reads is what it would make itself."""
    folder = shutil.copytree(bundled, tmp_path / bundled.name)
    survey = load_survey(folder)
    for wave in load_waves(survey)[::4]:
        before = kept_estimates(survey, wave)
        estimates_file(wave).unlink()
        again = kept_estimates(survey, wave)
        pd.testing.assert_frame_equal(before.estimates, again.estimates, rtol=1e-9)
        assert before.quality == again.quality
        pd.testing.assert_frame_equal(before.sample.domains, again.sample.domains, rtol=1e-9)
        assert estimates_file(wave).read_text() == (bundled / "waves" / estimates_file(wave).name).read_text()


def test_every_wave_is_called_simulated_and_the_truth_names_each(bundled: Path) -> None:
    survey = load_survey(bundled)
    waves = load_waves(survey)
    assert len(waves) == 12
    assert all(wave.simulated for wave in waves)
    assert "simulated" in survey.title.lower()
    truth = read_truth(survey)
    assert set(truth["wave"]) == {wave.name for wave in waves}
    domains = set(kept_estimates(survey, waves[0]).estimates["domain"])
    assert set(truth["domain"]) == domains


def test_the_margins_are_the_populations_that_the_truth_is_of(bundled: Path) -> None:
    """A domain's truths, weighted by the margins, give everyone's."""
    truth = read_truth(load_survey(bundled))
    wide = truth.pivot_table(index=["wave", "indicator"], columns="domain", values="share")
    for variable in ("sex", "age", "region"):
        margin = pd.read_csv(bundled / "margins" / f"{variable}.csv").set_index("category")["total"]
        parts = sum(wide[f"{variable}: {name}"] * total for name, total in margin.items()) / margin.sum()
        # Totals are rounded to whole people of five million, shares to six decimals.
        np.testing.assert_allclose(parts, wide["all"], atol=2e-6)


def held(seed: int) -> Iterator[bool]:
    """Whether each interval of other respondents from the same kind of population holds the truth."""
    simulated = simulate_respondents(seed)
    rows = simulated.respondents
    answered = rows[["worried", "on_edge"]].isin([1, 2, 3, 4]).all(axis=1)
    rows["anxiety"] = np.where(answered, (rows["worried"] + rows["on_edge"] - 2 >= 3) * 1.0, np.nan)
    rows["planning"] = np.where(
        rows["horizon"].isin([1, 2, 3, 4, 5]), rows["horizon"].isin([4, 5]) * 1.0, np.nan
    )
    rows["sex"] = rows["sex"].map({1: "sex: men", 2: "sex: women"})
    rows["region"] = rows["region"].map(
        {1: "region: north", 2: "region: east", 3: "region: south", 4: "region: west"}
    )
    design = Design(weights="weight", strata=("stratum",), psu=("psu",), nest=True)
    truth = simulated.truth.set_index(["wave", "indicator", "domain"])["share"]
    for wave, mine in rows.groupby("wave"):
        for indicator in ("anxiety", "planning"):
            for by in (None, "sex", "region"):
                table = shares(mine, design, indicator, by=[by] if by else [])
                for _, row in table.iterrows():
                    known = truth[wave, indicator, row[by] if by else "all"]
                    yield bool(row["low"] <= known <= row["high"])


def test_intervals_hold_the_truth_as_often_as_they_promise() -> None:
    """Two populations of twelve waves, 14 intervals each: 336, of which neighbours share half of their PSUs.

    A standard error of at most 0.95 * 0.05 / (336 / 2) ** 0.5 = 1.7 points: three of them either way.
    """
    covered = np.mean([inside for seed in (1, 2) for inside in held(seed)])
    assert 0.90 <= covered <= 0.995
