"""Waves that ask in the same PSUs: their estimates' covariance reaches the trend."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from groundswell.errors import FaultsError, InputError
from groundswell.estimates import Design, shares_covariance
from groundswell.estimates.of_wave import covariance as covariance_module
from groundswell.estimates.of_wave.observations import MicrodataObservations, microdata_observations
from groundswell.trends import fit_trend, observations
from groundswell.waves import Survey, load_survey
from groundswell.waves.wave.wave_toml import Wave
from groundswell.waves.wave.waves_of_survey import load_waves

# Of the bundled waves, 1 and 9 share all PSUs, 1 and 2 half of them, 1 and 3 none.
WAVES = ("wave-01", "wave-02", "wave-03", "wave-09")
PAIR = ("wave-01", "wave-09")


@pytest.fixture(scope="module")
def panel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Survey:
    """Four waves of the bundled survey of simulated respondents."""
    bundled, folder = repository / "surveys" / "simulated-panel", tmp_path_factory.mktemp("panel")
    (folder / "waves").mkdir()
    shutil.copy(bundled / "survey.toml", folder)
    for wave in WAVES:
        for ending in (".toml", ".csv"):
            shutil.copy(bundled / "waves" / f"{wave}{ending}", folder / "waves")
    return load_survey(folder)


@pytest.fixture(scope="module")
def estimated(panel: Survey) -> MicrodataObservations:
    return microdata_observations(panel, load_waves(panel))


def start_of(survey: Survey, wave: str) -> pd.Timestamp:
    stated = (survey.folder / "waves" / f"{wave}.toml").read_text(encoding="utf-8")
    return pd.Timestamp(stated.split("start = ")[1][:10])


def between(survey: Survey, table: pd.DataFrame, one: str, other: str) -> float:
    starts = table.index.get_level_values("start")
    return float(table.to_numpy()[starts == start_of(survey, one)][0][starts == start_of(survey, other)][0])


def test_where_all_units_recur_the_covariance_is_that_of_the_stacked_waves(
    panel: Survey, estimated: MicrodataObservations
) -> None:
    """`shares_covariance` of stacked waves agrees with R's survey (test_waves_against_r)."""
    parts = [pd.read_csv(panel.folder / "waves" / f"{wave}.csv").assign(wave=wave) for wave in PAIR]
    stacked = pd.concat(parts, ignore_index=True)
    answered = stacked["horizon"].isin([1, 2, 3, 4, 5])
    stacked["planning"] = np.where(answered, stacked["horizon"].isin([4, 5]) * 1.0, np.nan)
    design = Design(weights="weight", strata=("stratum",), psu=("psu",))
    expected = shares_covariance(stacked, design, "planning", by=["wave"]).to_numpy()
    found = estimated.covariance["planning", "all"]
    assert between(panel, found, *PAIR) == pytest.approx(expected[0, 1], rel=1e-9)
    assert between(panel, found, "wave-01", "wave-01") == pytest.approx(expected[0, 0], rel=1e-9)


def test_waves_that_share_no_unit_are_independent(panel: Survey, estimated: MicrodataObservations) -> None:
    for table in estimated.covariance.values():
        assert between(panel, table, "wave-01", "wave-03") == 0.0
        assert np.linalg.eigvalsh(table).min() > 0


def test_the_covariance_finds_its_rows_of_the_observations_table(
    panel: Survey, estimated: MicrodataObservations
) -> None:
    rows = observations(panel, estimates=estimated.rows)
    chosen = rows[(rows["indicator"] == "anxiety") & (rows["domain"] == "all")]
    trend = fit_trend(chosen, covariance=estimated.covariance["anxiety", "all"])
    # Three of the four waves share PSUs with a later one.
    assert (trend.posterior.waves.errors.starts >= 0).sum() == 3


def test_what_was_kept_serves_where_the_respondents_are_gone(
    panel: Survey, estimated: MicrodataObservations, tmp_path: Path
) -> None:
    shutil.copytree(panel.folder, tmp_path / "panel")
    for wave in WAVES:
        (tmp_path / "panel" / "waves" / f"{wave}.csv").unlink()
    copy = load_survey(tmp_path / "panel")
    kept = microdata_observations(copy, load_waves(copy)).covariance
    assert kept.keys() == estimated.covariance.keys()
    pd.testing.assert_frame_equal(kept["anxiety", "all"], estimated.covariance["anxiety", "all"])


def test_where_nothing_may_be_written_the_covariance_is_made_each_time(
    panel: Survey, estimated: MicrodataObservations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = load_survey(shutil.copytree(panel.folder, tmp_path / "panel"))
    file = copy.folder / "waves" / "covariance.json"
    file.unlink()
    monkeypatch.setattr(os, "access", lambda *_: False)
    made = microdata_observations(copy, load_waves(copy)).covariance
    pd.testing.assert_frame_equal(made["anxiety", "all"], estimated.covariance["anxiety", "all"])
    assert not file.exists()


def test_respondents_that_are_estimated_now_are_not_read_again_for_the_covariance(
    panel: Survey, estimated: MicrodataObservations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = load_survey(shutil.copytree(panel.folder, tmp_path / "panel"))
    for file in (copy.folder / "waves").glob("*.json"):
        file.unlink()

    def reading(wave: Wave) -> None:
        raise AssertionError(f"{wave.name} is read again")

    monkeypatch.setattr(covariance_module, "read_wave", reading)
    made = microdata_observations(copy, load_waves(copy)).covariance
    pd.testing.assert_frame_equal(made["anxiety", "all"], estimated.covariance["anxiety", "all"])


def test_a_file_of_another_schema_is_made_again_or_refused(
    panel: Survey, estimated: MicrodataObservations, tmp_path: Path
) -> None:
    copy = load_survey(shutil.copytree(panel.folder, tmp_path / "panel"))
    file = copy.folder / "waves" / "covariance.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    pairs = content["pairs"]
    older = {"recipes": content["recipes"], "pairs": [[*pair[:4], 9.0] for pair in pairs]}
    file.write_text(json.dumps(older), encoding="utf-8")
    again = microdata_observations(copy, load_waves(copy)).covariance
    pd.testing.assert_frame_equal(again["anxiety", "all"], estimated.covariance["anxiety", "all"])
    assert json.loads(file.read_text(encoding="utf-8"))["pairs"] == pairs
    file.write_text(json.dumps(older), encoding="utf-8")
    (copy.folder / "waves" / "wave-01.csv").unlink()
    with pytest.raises(InputError, match=r"another version.*delete it"):
        microdata_observations(copy, load_waves(copy))


def test_units_that_recur_must_be_named(panel: Survey, tmp_path: Path) -> None:
    shutil.copytree(panel.folder, tmp_path / "panel")
    toml = tmp_path / "panel" / "waves" / "wave-01.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace('psu = ["psu"]\n', ""), encoding="utf-8")
    with pytest.raises(FaultsError, match="psu_recur"):
        load_waves(load_survey(tmp_path / "panel"))
