"""What a wave says of its margins: without a category, taken together, not asked; and weights that went stale."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyarrow import parquet
from waves.respondents import respondents, survey_of

from groundswell.cli import main
from groundswell.errors import FaultsError, InputError
from groundswell.estimates.of_wave.kept import kept_estimates
from groundswell.estimates.of_wave.weights.population import population_shares
from groundswell.estimates.of_wave.weights.raking import rake_wave, weight_wave
from groundswell.estimates.of_wave.weights.raking_preview import RakingPreview, raking_preview
from groundswell.estimates.weighting.raking import rake
from groundswell.runs.checks.folders import check_folders
from groundswell.waves import Survey
from groundswell.waves.wave.raked_weights import MARGIN, WEIGHT
from groundswell.waves.wave.wave_toml import Wave, load_wave

REGION = "category,total,source\nnorth,30,census\nsouth,70,census\n"
AGE = "category,total,source\nyoung,40,register\nmiddle,35,register\nold,25,register\n"
DOMAINS = """
[domains.age]
column = "age"
categories = { young = [1], middle = [2], old = [3] }
missing = [9]
"""
AGES = np.tile([1, 1, 2, 3, 1, 2, 2], 15)[:100]


def wave_of(survey: Survey, extra: str = "", name: str = "01") -> Wave:
    """The wave, its TOML ended with `extra`."""
    toml = survey.folder / "waves" / f"{name}.toml"
    if extra:
        toml.write_text(toml.read_text() + extra)
    return load_wave(toml, survey)


def surveyed(parent: Path, ages: Any = AGES, extra: str = DOMAINS, **margins: str) -> tuple[Survey, Wave]:
    """A hundred respondents with a region and an age, and both margins."""
    survey = survey_of(
        parent, {"01": respondents(60, 40, age=ages)}, margins={"region": REGION, "age": AGE} | margins
    )
    return survey, wave_of(survey, extra)


def with_gaps(many: int) -> np.ndarray:
    """Ages, the code of no answer for so many respondents and one empty cell."""
    ages = AGES.astype(object)
    ages[10 : 10 + many - 1] = 9
    ages[50] = None
    return ages


def replaced(wave: Wave, survey: Survey, old: str, new: str) -> Wave:
    wave.toml.write_text(wave.toml.read_text().replace(old, new))
    return load_wave(wave.toml, survey)


def test_a_few_without_an_age_are_raked_at_the_other_margins(tmp_path: Path) -> None:
    _, wave = surveyed(tmp_path, with_gaps(3))
    raked = rake_wave(wave)
    found = raked.without["age"]
    assert (found.respondents, found.share, found.rule, found.chosen) == (3, 0.03, "other_margins", False)
    rows, unknown = raked.rows, raked.rows["age"].isna()
    assert unknown.sum() == 3
    assert rows[WEIGHT].sum() == pytest.approx(100)
    assert rows.loc[rows["region"] == "north", WEIGHT].sum() == pytest.approx(30)
    known = rows[~unknown]
    assert known.loc[known["age"] == "old", WEIGHT].sum() / known[WEIGHT].sum() == pytest.approx(0.25)


@pytest.mark.parametrize("kind", [{"bounds": (0.3, 3.0)}, {"limits": (0.4, 2.5)}], ids=["bounded", "trimmed"])
def test_bounds_and_limits_hold_with_gaps(tmp_path: Path, kind: Any) -> None:
    _, wave = surveyed(tmp_path, with_gaps(8))
    weighted = weight_wave(wave, **kind)
    weights = weighted.raked.rows[WEIGHT]
    low, high = next(iter(kind.values()))
    assert low - 1e-9 <= weights.min() / weights.mean() <= weights.max() / weights.mean() <= high + 1e-9
    if "bounds" in kind:
        assert weighted.distances["distance_after"].abs().max() < 1e-9


@pytest.mark.parametrize(
    ("stated", "asked", "rule"),
    [
        ('[weighting]\nwithout_category = "unknown"\n', None, "unknown"),
        ('[weighting.margins.age]\nwithout_category = "hot_deck"\n', None, "hot_deck"),
        (
            '[weighting]\nwithout_category = "refuse"\n[weighting.margins.age]\nwithout_category = "unknown"\n',
            None,
            "unknown",
        ),
        ('[weighting]\nwithout_category = "refuse"\n', "other_margins", "other_margins"),
    ],
    ids=["all-margins", "one-margin", "one-over-all", "option-over-both"],
)
def test_the_rule_is_the_wave_s_and_the_option_s(tmp_path: Path, stated: str, asked: Any, rule: str) -> None:
    _, wave = surveyed(tmp_path, with_gaps(20), DOMAINS + stated)
    weighted = weight_wave(wave, without_category=asked)
    assert weighted.raked.without["age"].rule == rule
    kept = json.loads(parquet.read_schema(weighted.file).metadata[b"groundswell"])
    assert kept["done"]["without_category"]["age"]["rule"] == rule
    stored = parquet.read_table(weighted.file).to_pandas()[MARGIN + "age"]
    assert stored.isna().sum() == (0 if rule == "hot_deck" else 20)


def test_many_without_an_age_are_refused_with_what_to_write(tmp_path: Path) -> None:
    _, wave = surveyed(tmp_path, with_gaps(20))
    says = (
        r"`01.toml` cannot be raked to `margins/age.csv`: `age` has no category for 20 of 100 respondents \(20.0% .*"
        r'`without_category = "other_margins"` under `\[weighting.margins.age\]`'
    )
    with pytest.raises(InputError, match=says):
        weight_wave(wave)
    assert not list(wave.toml.parent.glob("*.parquet"))


COLLAPSE = '[weighting.margins.age]\ncollapse = { "middle or old" = ["middle", "old"] }\n'


def test_categories_are_taken_together_in_totals_and_respondents(tmp_path: Path) -> None:
    nobody_old = np.where(AGES == 3, 1, AGES)
    _, wave = surveyed(tmp_path, nobody_old)
    says = r'for `old`, .*`collapse = \{ "middle or old" = \["middle", "old"\] \}` under `\[weighting.margins.age'
    with pytest.raises(InputError, match=says):
        rake_wave(wave)
    survey, wave = surveyed(tmp_path / "again", nobody_old, DOMAINS + COLLAPSE)
    rows = rake_wave(wave).rows
    assert set(rows["age"]) == {"young", "middle or old"}
    assert rows.loc[rows["age"] == "young", WEIGHT].sum() == pytest.approx(40)
    assert wave.toml.is_relative_to(survey.folder)


def test_a_total_that_is_printed_for_categories_together_needs_no_parts(tmp_path: Path) -> None:
    together = "category,total,source\nyoung,40,register\nmiddle or old,60,register\n"
    _, wave = surveyed(tmp_path, extra=DOMAINS + COLLAPSE, age=together)
    rows = rake_wave(wave).rows
    assert rows.loc[rows["age"] == "middle or old", WEIGHT].sum() == pytest.approx(60)


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        (
            '[weighting.margins.age]\ncollapse = { "a" = ["middle", "older"] }\n',
            "`older` is a category neither of `margins/age.csv` nor of",
        ),
        (
            '[weighting.margins.age]\ncollapse = { "a" = ["middle"], "b" = ["middle", "old"] }\n',
            "`middle` is in `a` and in `b`",
        ),
        (
            '[weighting.margins.age]\ncollapse = { "young" = ["middle", "old"] }\n',
            "has a total for `young` and for `middle`, which is a part of it",
        ),
        ("[weighting.margins.ages]\n", "no margin `ages` under margins/; did you mean `age`"),
        ('[weighting]\nnot_asked = ["sex"]\n', "`sex` has no file under margins/"),
    ],
    ids=["no-such-category", "twice", "counted-twice", "no-such-margin", "not-asked-of-none"],
)
def test_what_cannot_be_declared_is_named_with_its_line(tmp_path: Path, stated: str, says: str) -> None:
    _, wave = surveyed(tmp_path, extra=DOMAINS + stated)
    with pytest.raises(FaultsError, match=says) as raised:
        rake_wave(wave)
    fault = raised.value.faults[0]
    assert fault.line is not None
    assert "[weighting" in "".join(wave.toml.read_text().splitlines()[fault.line - 2 : fault.line])


def test_a_wrong_rule_is_a_fault_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(FaultsError, match=r"without_category: must be 'other_margins', .* got `drop`"):
        surveyed(tmp_path, extra=DOMAINS + '[weighting]\nwithout_category = "drop"\n')


def test_a_margin_that_was_not_asked_is_left_out_when_the_wave_says_so(tmp_path: Path) -> None:
    survey, wave = surveyed(tmp_path, extra="")
    with pytest.raises(
        InputError, match=r'no `\[domains.age\]`, which `margins/age.csv` needs.*not_asked = \["age"\]'
    ):
        rake_wave(wave)
    assert raking_preview(wave) is None
    wave = wave_of(survey, '\n[weighting]\nnot_asked = ["age"]\n')
    assert isinstance(raking_preview(wave), RakingPreview)
    raked = rake_wave(wave)
    assert raked.margins.not_asked == ("age",)
    assert set(raked.margins.margins) == {"region"}
    everything = wave_of(survey, "").model_copy(
        update={"weighting": wave.weighting.model_copy(update={"not_asked": ("age", "region")})}
    )
    with pytest.raises(InputError, match="holds no margins that the wave could be raked to"):
        rake_wave(everything)


def test_a_wave_that_is_like_another_takes_over_all_but_what_was_not_asked(tmp_path: Path) -> None:
    rows = respondents(60, 40, age=AGES)
    survey = survey_of(tmp_path, {"01": rows, "02": rows}, margins={"region": REGION, "age": AGE})
    wave_of(survey, '\n[weighting]\nnot_asked = ["age"]\nwithout_category = "unknown"\n')
    toml = survey.folder / "waves" / "02.toml"
    own = [
        line for line in toml.read_text().splitlines() if line.startswith(("file", "sha256", "start", "end"))
    ]
    toml.write_text("\n".join(['like = "01"', *own]))
    wave = wave_of(survey, name="02")
    assert (wave.weighting.not_asked, wave.weighting.without_category) == ((), "unknown")


def test_a_wave_is_raked_to_its_own_margins(tmp_path: Path) -> None:
    rows = respondents(60, 40, age=AGES)
    survey = survey_of(tmp_path, {"01": rows, "02": rows}, margins={"region": REGION})
    (survey.folder / "margins" / "02").mkdir()
    own = "category,total,source\nnorth,45,register\nsouth,55,register\n"
    (survey.folder / "margins" / "02" / "region.csv").write_text(own)
    for name, north in (("01", 30), ("02", 45)):
        wave = wave_of(survey, name=name)
        raked = rake_wave(wave)
        assert raked.rows.loc[raked.rows["region"] == "north", WEIGHT].sum() == pytest.approx(north)
        shares = population_shares(wave).set_index("domain")["of_population"]
        assert shares["region: north"] == pytest.approx(north / 100)
    assert raked.margins.margins["region"].file == "margins/02/region.csv"


def test_a_fault_of_margins_that_waves_share_is_named_once(tmp_path: Path) -> None:
    rows = respondents(60, 40)
    survey = survey_of(tmp_path, {"01": rows, "02": rows}, margins={"region": REGION.replace("30", "many")})
    assert len(check_folders(Path, [str(survey.folder)])[survey.folder]) == 1


def test_check_names_faults_of_margins_and_folders_of_no_wave(tmp_path: Path) -> None:
    survey, _ = surveyed(tmp_path, extra=DOMAINS)
    assert check_folders(Path, [str(survey.folder)]) == {survey.folder: []}
    (survey.folder / "margins" / "13").mkdir()
    (survey.folder / "margins" / "age.csv").write_text("category,total,source\nyoung,many,register\n")
    said = [str(fault) for fault in check_folders(Path, [str(survey.folder)])[survey.folder]]
    assert any("margins/13: is named as no wave of the survey" in fault for fault in said)
    assert any("age.csv:2: total: must be a number" in fault for fault in said)


STALE = [
    ("weights", 'weight = "weight"', 'weight = "Q4"', r"`weight` under `\[design\]` of `01.toml`"),
    ("domains", "old = [3]", "old = [3, 4]", r"`\[domains.age\]` of `01.toml`"),
    ("rule", '"unknown"', '"hot_deck"', r"`\[weighting\]` of `01.toml`"),
    ("rows", 'house = "acme"', 'house = "acme"\nrows = { Q4 = [1, 2] }', "`rows` of `01.toml`"),
]


@pytest.mark.parametrize(
    ("old", "new", "says"), [case[1:] for case in STALE], ids=[case[0] for case in STALE]
)
def test_weights_go_stale_when_what_was_declared_changes(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    survey, wave = surveyed(tmp_path, extra=DOMAINS + '[weighting]\nwithout_category = "unknown"\n')
    weighted = weight_wave(wave)
    named = replaced(wave, survey, '"weight"\n', f'"weight"\nweights_file = "{weighted.file.name}"\n')
    kept_estimates(survey, named)
    changed = replaced(named, survey, old, new)
    with pytest.raises(
        InputError, match=rf"was made before {says} changed: make it again with `groundswell weight "
    ):
        kept_estimates(survey, changed)
    kept_estimates(survey, replaced(changed, survey, new, old))


def test_weights_go_stale_when_a_total_changes_and_not_its_source(tmp_path: Path) -> None:
    survey, wave = surveyed(tmp_path)
    weighted = weight_wave(wave)
    named = replaced(wave, survey, '"weight"\n', f'"weight"\nweights_file = "{weighted.file.name}"\n')
    kept_estimates(survey, named)
    file = survey.folder / "margins" / "age.csv"
    file.write_text(AGE.replace("register", "the register of 2021"))
    kept_estimates(survey, named)
    file.write_text(AGE.replace("40", "41").replace("35", "34"))
    with pytest.raises(InputError, match="was made before `margins/` for `age` changed"):
        kept_estimates(survey, named)


def test_weights_of_an_earlier_version_are_made_again(tmp_path: Path) -> None:
    survey, wave = surveyed(tmp_path)
    weighted = weight_wave(wave)
    about = {"groundswell": json.dumps({"sha256": wave.sha256, "margins": ["region", "age"]})}
    parquet.write_table(parquet.read_table(weighted.file).replace_schema_metadata(about), weighted.file)
    named = replaced(wave, survey, '"weight"\n', f'"weight"\nweights_file = "{weighted.file.name}"\n')
    with pytest.raises(InputError, match=r"by an earlier version.*make it again"):
        kept_estimates(survey, named)


def test_errors_of_a_raked_wave_with_gaps_are_those_of_raking_again(tmp_path: Path) -> None:
    """A jackknife by respondents, each time raked anew, knows the raking without a formula."""
    rng = np.random.default_rng(5)
    age = rng.choice([1, 2, 3, 9], 400, p=[0.35, 0.33, 0.25, 0.07])
    answered = respondents(240, 160, age=rng.permutation(age))
    survey = survey_of(tmp_path, {"01": answered}, margins={"region": REGION, "age": AGE})
    wave = wave_of(survey, DOMAINS)
    weighted = weight_wave(wave)
    named = replaced(wave, survey, '"weight"\n', f'"weight"\nweights_file = "{weighted.file.name}"\n')
    table = kept_estimates(survey, named).estimates.set_index("domain")
    rows, yes = weighted.raked.rows, (answered["Q4"] == 1).astype(float)
    margins = {"region": {"north": 30, "south": 70}, "age": {"young": 40, "middle": 35, "old": 25}}

    def share(left_out: int) -> float:
        kept = rows.drop(index=left_out)
        weights = rake(kept, margins, without_category="other_margins", tolerance=1e-9).weights
        return float(weights @ yes.drop(index=left_out) / weights.sum())

    shares = np.array([share(place) for place in rows.index])
    jackknife = np.sqrt(399 / 400 * ((shares - shares.mean()) ** 2).sum())
    assert table.loc["all", "share_se"] == pytest.approx(jackknife, rel=0.03)


def test_the_command_says_all_that_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    survey = survey_of(
        tmp_path / "surveys",
        {"01": respondents(60, 40, age=with_gaps(3))},
        margins={"region": REGION.replace("70", "69.9"), "age": AGE, "sex": REGION},
    )
    wave_of(survey, DOMAINS + COLLAPSE + '[weighting]\nnot_asked = ["sex"]\n')
    (tmp_path / "notebooks").mkdir()
    main(["weight", "ruritania", "--wave", "01", "--project", str(tmp_path)])
    said = capsys.readouterr().out
    for line in (
        "sex: not asked in this wave, as it says, and not raked to",
        "age: `middle`, `old` taken together as `middle or old`",
        "region: its totals sum to 99.9, rescaled to 100 (a difference by rounding)",
        "age: 3 respondents have no category (3.0% of the weight), raked at the other margins",
    ):
        assert any(shown.startswith(line) for shown in said.splitlines())
    with pytest.raises(SystemExit) as ended:
        main(
            [
                "weight",
                "ruritania",
                "--wave",
                "01",
                "--without-category",
                "refuse",
                "--project",
                str(tmp_path),
            ]
        )
    assert ended.value.code == 2
    assert "`--without-category unknown`" in capsys.readouterr().err
