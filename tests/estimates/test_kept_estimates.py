"""What is kept of a wave: estimates after disclosure control, its sample and weights; nothing of one respondent."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from waves.respondents import respondents, survey_of

from groundswell.errors import FaultsError, InputError
from groundswell.estimates.of_wave import kept as kept_module
from groundswell.estimates.of_wave.estimate_flags import RESPONDENTS_ABSENT
from groundswell.estimates.of_wave.kept import KeptEstimates, estimates_file, kept_estimates
from groundswell.estimates.of_wave.observations import microdata_observations, survey_quality
from groundswell.estimates.of_wave.weights.raking_preview import RakingObstacle, RakingPreview, raking_preview
from groundswell.estimates.weighting.weight_spread import weight_diagnostics
from groundswell.runs.checks.folders import stated_disclosure
from groundswell.vocabulary import HIDDEN
from groundswell.waves import Survey
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.wave.check import read_wave
from groundswell.waves.wave.wave_toml import Wave
from groundswell.waves.wave.waves_of_survey import load_waves

SIMULATED = "simulated = true\n"
REGIONS = np.repeat(["capital", "coast", "hills", "islands"], [60, 35, 14, 6])


def one_wave(parent: Path, rows: pd.DataFrame, **stated: object) -> tuple[Survey, Wave]:
    survey = survey_of(parent, {"01": rows}, **stated)  # type: ignore[arg-type]
    return survey, load_waves(survey)[0]


def kept(parent: Path, rows: pd.DataFrame, **stated: object) -> KeptEstimates:
    return kept_estimates(*one_wave(parent, rows, **stated))


def flags(table: pd.DataFrame) -> dict[str, str]:
    return dict(zip(table["domain"], table["flags"], strict=True))


def test_small_domains_are_hidden_with_a_partner_everywhere(tmp_path: Path) -> None:
    found = kept(tmp_path, respondents(60, 55, region=REGIONS))
    expected = {"all": "", "region: capital": "", "region: coast": ""}
    expected |= {"region: hills": HIDDEN, "region: islands": HIDDEN}
    assert flags(found.estimates) == expected == flags(found.sample.domains)
    for table in (found.estimates, found.sample.domains):
        figures = table[table["flags"] == HIDDEN].drop(
            columns=["indicator", "domain", "flags", "deff_kind"], errors="ignore"
        )
        assert figures.isna().all(axis=None)


def test_a_domain_of_ten_to_twenty_nine_is_a_small_base(tmp_path: Path) -> None:
    found = kept(tmp_path, respondents(60, 55, region=np.repeat(["capital", "coast"], [100, 15])))
    assert flags(found.estimates) == {"all": "", "region: capital": "", "region: coast": "small_base"}


def test_a_domain_that_few_answered_is_hidden_though_many_were_asked(tmp_path: Path) -> None:
    region = np.repeat(["capital", "coast", "capital", "coast"], [50, 5, 50, 40])
    rows = respondents(50, 5, 0, region=region[:55])
    more = respondents(50, 0, 40, region=region[55:])
    rows = pd.concat([rows, more], ignore_index=True)
    rows["id"], rows["day"] = [f"R{place}" for place in range(len(rows))], "2023-02-03"
    found = kept(tmp_path, rows)
    assert flags(found.estimates)["region: coast"] == HIDDEN
    assert flags(found.sample.domains)["region: coast"] == HIDDEN


def test_the_sample_is_that_of_respondents_with_weight(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    rows = respondents(200, 150, 50, weight=rng.gamma(2.0, 1.0, 400).round(3))
    rows.loc[rows.index[:40], "weight"] = 0
    found = kept(tmp_path, rows).sample
    present = rows[rows["weight"] > 0]
    sample = found.domains.set_index("domain")
    assert sample.loc["all", "n"] == 360
    for region, mine in present.groupby("region"):
        assert sample.loc[f"region: {region}", "n"] == len(mine)
        assert sample.loc[f"region: {region}", "of_respondents"] == pytest.approx(len(mine) / 360)
        share = mine["weight"].sum() / present["weight"].sum()
        assert sample.loc[f"region: {region}", "of_weight"] == pytest.approx(share, rel=1e-9)
    expected = weight_diagnostics(rows["weight"].to_numpy(float)).iloc[0]
    (got,) = found.diagnostics.to_dict("records")
    assert got["deff"] == pytest.approx(expected["deff"], rel=1e-9)
    assert got["n_effective"] == pytest.approx(expected["n_effective"], rel=1e-9)
    assert got["top_share"] == pytest.approx(expected["top_share"], abs=0.0005)
    assert got["largest"] == pytest.approx(expected["high"] / expected["mean"], abs=0.05)


def test_every_bin_of_weights_holds_ten_respondents_and_together_they_hold_all(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    weight = np.append(rng.gamma(2.0, 1.0, 499), 90.0).round(3)
    bins = kept(tmp_path, respondents(250, 250, weight=weight)).sample.bins
    assert bins["n"].sum() == 500
    assert bins["n"].min() >= 10
    assert (bins["low"].iloc[1:].to_numpy() >= bins["high"].iloc[:-1].to_numpy() - 1e-9).all()


def test_a_wave_without_weights_has_no_table_of_them(tmp_path: Path) -> None:
    survey, wave = one_wave(tmp_path, respondents(60, 40))
    wave.toml.write_text(wave.toml.read_text().replace('weight = "weight"\n', ""))
    found = kept_estimates(survey, load_waves(survey)[0])
    assert found.sample.diagnostics.empty
    assert found.sample.bins.empty
    assert found.sample.domains["n"].tolist() == [100, 50, 50]


def test_kept_estimates_serve_without_the_respondents_and_say_so(tmp_path: Path) -> None:
    survey, wave = one_wave(tmp_path, respondents(60, 40))
    before = kept_estimates(survey, wave)
    wave.respondents.unlink()
    after = kept_estimates(survey, wave)
    assert (before.respondents_here, after.respondents_here) == (True, False)
    pd.testing.assert_frame_equal(before.estimates, after.estimates)
    pd.testing.assert_frame_equal(before.sample.bins, after.sample.bins)
    assert set(microdata_observations(survey, load_waves(survey)).rows["flags"]) == {RESPONDENTS_ABSENT}


def test_without_respondents_a_changed_rule_is_an_error(tmp_path: Path) -> None:
    survey, wave = one_wave(tmp_path, respondents(60, 40))
    kept_estimates(survey, wave)
    wave.respondents.unlink()
    wave.toml.write_text(wave.toml.read_text().replace("numerator = [1]", "numerator = [2]"))
    with pytest.raises(InputError, match="put the respondents there"):
        kept_estimates(survey, load_waves(survey)[0])


def test_respondents_that_changed_since_their_checksum_are_an_error(tmp_path: Path) -> None:
    survey, wave = one_wave(tmp_path, respondents(60, 40))
    wave.respondents.write_text(wave.respondents.read_text() + "\n")
    with pytest.raises(FaultsError, match="has changed"):
        kept_estimates(survey, wave)


def test_a_new_wave_costs_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    estimated: list[str] = []

    def counting(wave: Wave) -> Respondents:
        estimated.append(wave.name)
        return read_wave(wave)

    monkeypatch.setattr(kept_module, "read_wave", counting)
    waves = {name: respondents(60, 40 + place) for place, name in enumerate(("01", "02", "03"))}
    survey = survey_of(tmp_path, waves)
    *earlier, new = load_waves(survey)
    for wave in earlier:
        kept_estimates(survey, wave)
    stamps = [estimates_file(wave).stat().st_mtime_ns for wave in earlier]
    estimated.clear()
    for wave in (*earlier, new):
        kept_estimates(survey, wave)
    assert estimated == [new.name]
    assert stamps == [estimates_file(wave).stat().st_mtime_ns for wave in earlier]


def test_what_another_method_estimated_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    survey, wave = one_wave(tmp_path, respondents(60, 40))
    kept_estimates(survey, wave)
    before = estimates_file(wave).read_text(encoding="utf-8")
    monkeypatch.setattr(kept_module, "METHOD", kept_module.METHOD + 1)
    kept_estimates(survey, wave)
    assert estimates_file(wave).read_text(encoding="utf-8") != before
    wave.respondents.unlink()
    monkeypatch.undo()
    with pytest.raises(InputError, match="put the respondents there"):
        kept_estimates(survey, wave)


def test_writers_at_the_same_time_leave_one_whole_file(tmp_path: Path) -> None:
    survey, wave = one_wave(tmp_path, respondents(60, 55, region=REGIONS))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: kept_estimates(survey, wave), range(8)))
    for one in found[1:]:
        pd.testing.assert_frame_equal(one.estimates, found[0].estimates)
    wave.respondents.unlink()
    pd.testing.assert_frame_equal(kept_estimates(survey, wave).estimates, found[0].estimates)
    assert not list(wave.toml.parent.glob(".*"))


def test_where_nothing_may_be_written_the_estimates_are_made_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey, wave = one_wave(tmp_path, respondents(60, 40))
    monkeypatch.setattr(os, "access", lambda *_: False)
    first, second = kept_estimates(survey, wave), kept_estimates(survey, wave)
    pd.testing.assert_frame_equal(first.estimates, second.estimates)
    assert not estimates_file(wave).exists()


def test_a_damaged_file_says_that_it_may_be_deleted(tmp_path: Path) -> None:
    survey, wave = one_wave(tmp_path, respondents(60, 40))
    kept_estimates(survey, wave)
    estimates_file(wave).write_text(estimates_file(wave).read_text()[:-50])
    with pytest.raises(InputError, match="delete it"):
        kept_estimates(survey, wave)


def as_schema_1(file: Path) -> str:
    """The file as the version before wrote it: no schema, checks as a table of sentences, flags in words."""
    content = json.loads(file.read_text(encoding="utf-8"))
    del content["schema"]
    content["quality"] = {
        "columns": ["check", "subject", "verdict", "number", "sentence"],
        "data": [["rows", "01.csv", "passed", 100, "The file holds 100 rows."]],
    }
    text = json.dumps(content)
    file.write_text(text, encoding="utf-8")
    return text


def test_a_file_of_the_older_schema_is_made_again_where_the_respondents_are(tmp_path: Path) -> None:
    survey, wave = one_wave(tmp_path, respondents(60, 40))
    made = kept_estimates(survey, wave)
    text = estimates_file(wave).read_text(encoding="utf-8")
    as_schema_1(estimates_file(wave))
    again = kept_estimates(survey, wave)
    assert again.quality == made.quality
    assert estimates_file(wave).read_text(encoding="utf-8") == text
    assert json.loads(text)["schema"] == 2


def test_a_file_of_the_older_schema_is_refused_with_the_way_out_where_they_are_not(tmp_path: Path) -> None:
    survey, wave = one_wave(tmp_path, respondents(60, 40))
    kept_estimates(survey, wave)
    text = as_schema_1(estimates_file(wave))
    wave.respondents.unlink()
    with pytest.raises(
        InputError, match=r"schema 1, this version reads 2.*put the respondents there"
    ) as raised:
        kept_estimates(survey, wave)
    assert wave.sha256 in str(raised.value)
    assert estimates_file(wave).read_text(encoding="utf-8") == text, "what was kept is not touched"


def test_without_anything_kept_the_error_says_so(tmp_path: Path) -> None:
    survey, wave = one_wave(tmp_path, respondents(60, 40))
    wave.respondents.unlink()
    with pytest.raises(InputError, match=r"there is no `01.estimates.json` next to it"):
        kept_estimates(survey, wave)


def test_a_table_with_other_columns_is_a_damaged_file(tmp_path: Path) -> None:
    survey, wave = one_wave(tmp_path, respondents(60, 40))
    kept_estimates(survey, wave)
    text = estimates_file(wave).read_text(encoding="utf-8")
    for damaged in (text.replace('"n_effective"', '"worth"', 1), text.replace('"rows"', '"lines"'), "[]"):
        estimates_file(wave).write_text(damaged, encoding="utf-8")
        with pytest.raises(InputError, match="is damaged"):
            kept_estimates(survey, wave)


def test_what_only_looks_writes_nothing_and_gives_the_same_figures(tmp_path: Path) -> None:
    waves = {
        "01": respondents(61, 39, cluster=np.arange(100) % 9),
        "02": respondents(52, 47, cluster=np.arange(99) % 9),
    }
    survey = survey_of(tmp_path, waves)
    for toml in (survey.folder / "waves").glob("*.toml"):
        recur = 'weight = "weight"\npsu = ["cluster"]\npsu_recur = true\n'
        toml.write_text(toml.read_text().replace('weight = "weight"\n', recur))
    before = {path: path.read_bytes() for path in survey.folder.rglob("*") if path.is_file()}
    looked = microdata_observations(survey, load_waves(survey), keep=False)
    survey_quality(survey, looked.kept)
    assert stated_disclosure(survey.folder)
    assert before == {path: path.read_bytes() for path in survey.folder.rglob("*") if path.is_file()}
    kept = microdata_observations(survey, load_waves(survey))
    read = microdata_observations(survey, load_waves(survey))
    assert len(list((survey.folder / "waves").glob("*.json"))) == 3
    for other in (kept, read):
        pd.testing.assert_frame_equal(looked.rows, other.rows, check_exact=True)
        assert list(looked.covariance) == list(other.covariance) == [("anxiety", "all"), *REGION_KEYS]
        for key, table in looked.covariance.items():
            pd.testing.assert_frame_equal(table, other.covariance[key], check_exact=True)


REGION_KEYS = [("anxiety", "region: north"), ("anxiety", "region: south")]


def test_nothing_of_one_respondent_is_kept(tmp_path: Path) -> None:
    survey, wave = one_wave(tmp_path, respondents(60, 55, region=REGIONS))
    kept_estimates(survey, wave)
    text = estimates_file(wave).read_text(encoding="utf-8")
    assert "RURITANIAN" not in text
    content = json.loads(text)
    rows = [row for part in ("estimates", "sample") for row in content[part]["data"] if HIDDEN in row]
    assert len(rows) == 4
    assert all(cell is None or isinstance(cell, str) for row in rows for cell in row)


def test_simulated_respondents_are_flagged_in_every_row(tmp_path: Path) -> None:
    survey, _ = one_wave(tmp_path, respondents(60, 55, region=REGIONS), stated=SIMULATED)
    table = microdata_observations(survey, load_waves(survey)).rows
    assert all("simulated" in flagged.split(";") for flagged in table["flags"])
    hidden = table[table["domain"] == "region: islands"].iloc[0]
    assert hidden["flags"] == "simulated;hidden"
    assert hidden["left_out"] == "hidden"


MARGIN = "category,total,source\nnorth,{0},census\nsouth,{1},census\n"


def test_a_preview_of_raking_reaches_the_margins_and_writes_nothing(tmp_path: Path) -> None:
    _, wave = one_wave(tmp_path, respondents(60, 40), margins={"region": MARGIN.format(30, 70)})
    before = sorted(path.name for path in wave.toml.parent.iterdir())
    preview = raking_preview(wave)
    assert isinstance(preview, RakingPreview)
    diagnostics = preview.diagnostics.set_index("weights")
    # Halves raked to 30 and 70: weights 0.6 and 1.4, mean of squares 1.16.
    assert diagnostics["deff"].to_dict() == pytest.approx({"before_raking": 1.0, "after_raking": 1.16})
    assert diagnostics.loc["after_raking", "largest"] == 1.4
    assert sorted(path.name for path in wave.toml.parent.iterdir()) == before


def test_a_preview_that_cannot_be_says_why(tmp_path: Path) -> None:
    _, wave = one_wave(
        tmp_path, respondents(60, 40), margins={"region": MARGIN.format(30, 70) + "east,5,census\n"}
    )
    obstacle = raking_preview(wave)
    assert obstacle == RakingObstacle(
        "category_without_respondents", {"variable": "region", "categories": ["east"]}
    )
