"""`groundswell weight`: the weights beside a wave, and estimates whose variance knows them, against R."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet

from groundswell.checksum import checksum
from groundswell.cli import main
from groundswell.errors import GroundswellError, InputError
from groundswell.estimates.of_wave.kept import kept_estimates
from groundswell.estimates.of_wave.means import wave_means
from groundswell.estimates.of_wave.observations import microdata_observations
from groundswell.estimates.of_wave.psu_scores import psu_scores
from groundswell.estimates.of_wave.weights.raking import rake_wave, weight_wave
from groundswell.estimates.of_wave.weights.raking_preview import RakingPreview, raking_preview
from groundswell.waves import load_survey
from groundswell.waves.surveys.survey_toml import Survey
from groundswell.waves.wave.check import read_wave
from groundswell.waves.wave.raked_weights import BASE, RAKED, WEIGHT
from groundswell.waves.wave.wave_toml import Wave, load_wave
from groundswell.waves.wave.waves_of_survey import load_waves

from .conftest import assert_agrees, read_reference

EXPECTED = read_reference("raked_wave")
WEIGHTING = {"raked": {}, "bounded": {"bounds": (0.8, 1.3)}, "trimmed": {"limits": (0.5, 2.0)}}


@pytest.fixture
def survey(scratch: Path) -> Survey:
    return load_survey(scratch / "surveys" / "simulated-panel")


def wave_of(survey: Survey, name: str = "wave-12") -> Wave:
    return load_wave(survey.folder / "waves" / f"{name}.toml", survey)


def use_weights(survey: Survey) -> Wave:
    """Name the weights in the wave's TOML, as the command says."""
    toml = survey.folder / "waves" / "wave-12.toml"
    toml.write_text(toml.read_text() + '\n[design]\nweights_file = "wave-12.weights.parquet"\n')
    return wave_of(survey)


def rewrite(survey: Survey, change: object) -> Wave:
    """Change the respondents of wave 12, and state their new checksum."""
    assert callable(change)
    file = survey.folder / "waves" / "wave-12.csv"
    before = checksum(file)
    change(pd.read_csv(file)).to_csv(file, index=False)
    toml = survey.folder / "waves" / "wave-12.toml"
    toml.write_text(toml.read_text().replace(before, checksum(file)))
    return wave_of(survey)


@pytest.mark.parametrize("kind", WEIGHTING)
def test_shares_and_errors_of_raked_weights_are_those_of_r(survey: Survey, kind: str) -> None:
    weighted = weight_wave(wave_of(survey), **WEIGHTING[kind])  # type: ignore[arg-type]
    weights = parquet.read_table(weighted.file).to_pandas()
    assert_agrees(weights[WEIGHT].agg(["min", "max"]), EXPECTED["weights"][kind])
    table = kept_estimates(survey, use_weights(survey)).estimates.set_index(["indicator", "domain"])
    for indicator, domains in EXPECTED[kind].items():
        for domain, expected in domains.items():
            found = table.loc[(indicator, "all" if domain == "all" else "sex: women"), ["share", "share_se"]]
            assert_agrees(found, expected)


def test_margins_hold_and_the_wave_is_not_touched(survey: Survey) -> None:
    before = checksum(survey.folder / "waves" / "wave-12.csv")
    weighted = weight_wave(wave_of(survey))
    assert weighted.distances["distance_after"].abs().max() < 1e-10
    assert weighted.distances["distance_before"].abs().max() > 0.01
    assert list(weighted.diagnostics["weights"]) == ["before", "after"]
    assert checksum(survey.folder / "waves" / "wave-12.csv") == before
    toml = (survey.folder / "waves" / "wave-12.toml").read_text()
    assert "weights_file" not in toml
    raked = rake_wave(wave_of(survey)).rows[WEIGHT]
    np.testing.assert_array_equal(raked, parquet.read_table(weighted.file).to_pandas()[WEIGHT])


def test_a_weight_of_zero_stays_zero_and_needs_no_category(survey: Survey) -> None:
    def silence(table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(
            weight=np.where(table.index < 5, 0.0, table["weight"]),
            sex=np.where(table.index < 5, 9, table["sex"]),
        )

    weighted = weight_wave(rewrite(survey, silence))
    weights = parquet.read_table(weighted.file).to_pandas()
    assert list(weights[[BASE, RAKED, WEIGHT]].iloc[:5].to_numpy().ravel()) == [0.0] * 15
    assert weights[WEIGHT].sum() == pytest.approx(5_000_000, rel=1e-10)
    assert kept_estimates(survey, use_weights(survey)).estimates["n"].notna().any()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda table: table.assign(sex=table["sex"].where(table.index > 200)),
            r"`wave-12.toml` cannot be raked to `margins/sex.csv`: `sex` has no category for 201 of 926 .* row 1",
        ),
        (
            lambda table: table[table["region"] != 3],
            r'`region` has a total for `south`, but no .* `collapse = \{ "east or south" = \["east", "south"\]',
        ),
        (
            lambda table: table.assign(weight=-table["weight"]),
            r"is negative in line 2 of the file and 925 more \(-",
        ),
        (lambda table: table.assign(weight=0.0), r"is zero for every respondent \(926\)"),
        (
            lambda table: table.assign(weight=table["weight"].astype(str).str.replace(".", ",")),
            "decimal comma",
        ),
    ],
    ids=["respondent-without-category", "empty-cell", "negative", "all-zero", "decimal-commas"],
)
def test_respondents_that_cannot_be_raked_are_named_and_nothing_is_written(
    survey: Survey, change: object, says: str
) -> None:
    with pytest.raises(InputError, match=says):
        weight_wave(rewrite(survey, change))
    assert not list((survey.folder / "waves").glob("*.parquet"))


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("sex.csv", "category,total\nmen,1\n", "must have category, total, source"),
        (
            "sex.csv",
            "category,total,source\nmen,many,census\nwomen,2,census\n",
            "must be a number of zero or above",
        ),
        ("sex.csv", "category,total,source\nmen,1,\nwomen,2,census\n", "say where the total is from"),
        (
            "sex.csv",
            "category,total,source\nmen,2.6e6,x\nwomen,2.6e6,x\n",
            r"margins sum to different totals \(`age` 5,000,000, .* `sex` 5,200,000\).*`margins/sex.csv`",
        ),
        (
            "sex.csv",
            "category,total,source\nmen,5e6,census\n",
            "no total above zero for `women`.*list its codes as `missing`",
        ),
        (
            "mood.csv",
            "category,total,source\ngood,5e6,census\n",
            r'needs; known: age, region, sex.*not_asked = \["mood"\]',
        ),
    ],
    ids=["columns", "no-number", "no-source", "other-total", "category-missing", "no-such-domain"],
)
def test_margins_that_cannot_be_held_are_named(survey: Survey, file: str, text: str, says: str) -> None:
    (survey.folder / "margins" / file).write_text(text)
    with pytest.raises(GroundswellError, match=says):
        weight_wave(wave_of(survey))


def test_weights_of_other_respondents_are_refused(survey: Survey) -> None:
    weight_wave(wave_of(survey))
    use_weights(survey)
    wave = rewrite(survey, lambda table: table.iloc[:-1])
    with pytest.raises(InputError, match=r"was made for other respondents .*make it again"):
        kept_estimates(survey, wave)
    assert wave.weights is not None
    wave.weights.unlink()
    with pytest.raises(InputError, match="is not here: make it with `groundswell weight`"):
        kept_estimates(survey, wave)


def test_a_wave_that_is_like_a_raked_one_has_weights_of_its_own(survey: Survey) -> None:
    weight_wave(wave_of(survey))
    use_weights(survey)
    toml = survey.folder / "waves" / "wave-02.toml"
    toml.write_text(toml.read_text().replace('like = "wave-01"', 'like = "wave-12"'))
    assert wave_of(survey, "wave-02").weights is None


def test_scores_of_a_raked_wave_add_up_to_its_own_variance(survey: Survey) -> None:
    weight_wave(wave_of(survey))
    wave = use_weights(survey)
    scores = psu_scores(wave_means(read_wave(wave)))
    table = kept_estimates(survey, wave).estimates.set_index(["indicator", "domain"])
    own = scores.covariance(scores)
    assert len(own) == len(table)
    for key, variance in own.items():
        assert_agrees(variance, table.loc[key, "share_se"] ** 2)
    covariance = microdata_observations(survey, load_waves(survey)).covariance
    assert min(np.linalg.eigvalsh(matrix)[0] for matrix in covariance.values()) > 0


def test_a_preview_of_raking_writes_nothing_and_is_what_raking_does(survey: Survey) -> None:
    preview = raking_preview(wave_of(survey))
    assert isinstance(preview, RakingPreview)
    assert not list((survey.folder / "waves").glob("*.parquet"))
    after = weight_wave(wave_of(survey)).diagnostics.set_index("weights").loc["after"]
    shown = preview.diagnostics.set_index("weights").loc["after_raking"]
    assert shown["deff"] == pytest.approx(after["deff"], rel=1e-9)


def test_the_command_shows_what_raking_did_and_how_to_use_it(
    scratch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["weight", "simulated-panel", "--wave", "wave-12", "--project", str(scratch)])
    shown = capsys.readouterr().out
    assert 'weights_file = "wave-12.weights.parquet"' in shown
    women = next(line.split() for line in shown.splitlines() if line.split()[1:2] == ["women"])
    assert women == ["sex", "women", "53.0%", "51.1%", "53.0%", "-1.9", "0"]
    for words in (
        ["--wave", "wave-13"],
        ["--wave", "wave-12", "--bounds", "2,3"],
        ["--wave", "wave-12", "--trim", "x"],
    ):
        with pytest.raises(SystemExit) as ended:
            main(["weight", "simulated-panel", *words, "--project", str(scratch)])
        assert ended.value.code == 2
