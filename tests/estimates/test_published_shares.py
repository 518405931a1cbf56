"""Real respondents give the shares that were published of them. The files are not shipped; the tests skip without."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from groundswell.cli import main
from groundswell.estimates.microdata_observations import microdata_observations
from groundswell.waves import load_survey
from groundswell.waves.microdata import checksum

WEEKS = {
    1: ("hps-seven-days", "2020-04-23", "2020-05-05"),
    12: ("hps-seven-days", "2020-07-16", "2020-07-21"),
    21: ("hps-seven-days", "2020-12-09", "2020-12-21"),
    33: ("hps-seven-days", "2021-06-23", "2021-07-05"),
    49: ("hps-two-weeks", "2022-09-14", "2022-09-26"),
    63: ("hps-two-weeks", "2023-10-18", "2023-10-30"),
}
FIRST = """\
file = "six-weeks.parquet"
sha256 = "{sha256}"
house = "hps"
start = {start}
end = {end}
rows = {{ WEEK = [{week}] }}
[design]
weight = "PWEIGHT"
[indicators.anxiety]
variant = "{variant}"
items = ["ANXIOUS", "WORRY"]
valid = [1, 2, 3, 4]
missing = [-99, -88]
score_offset = -1
at_least = 3
[indicators.depression]
variant = "{variant}"
items = ["INTEREST", "DOWN"]
valid = [1, 2, 3, 4]
missing = [-99, -88]
score_offset = -1
at_least = 3
"""
LATER = """\
like = "week-01"
file = "six-weeks.parquet"
sha256 = "{sha256}"
start = {start}
end = {end}
rows = {{ WEEK = [{week}] }}
[indicators.anxiety]
variant = "{variant}"
[indicators.depression]
variant = "{variant}"
"""


def printed_waves(repository: Path) -> pd.DataFrame:
    """The printed share and n of each indicator and first day of fieldwork."""
    table = pd.read_csv(repository / "surveys" / "us-household-pulse" / "toplines.csv")
    return table.set_index(["indicator", "start"])


def test_household_pulse_to_a_tenth_of_a_point(repository: Path, shared: Path, tmp_path: Path) -> None:
    survey = tmp_path / "us-household-pulse"
    shutil.copytree(repository / "surveys" / "us-household-pulse", survey)
    waves = survey / "waves"
    waves.mkdir(exist_ok=True)
    file = shared / "data" / "household-pulse" / "six-weeks.parquet"
    (waves / file.name).symlink_to(file)
    for week, (variant, start, end) in WEEKS.items():
        toml = (FIRST if week == 1 else LATER).format(
            sha256=checksum(file), start=start, end=end, week=week, variant=variant
        )
        (waves / f"week-{week:02}.toml").write_text(toml)
    found, _ = microdata_observations(load_survey(survey))
    found = found[found["domain"] == "all"]
    assert len(found) == 12
    printed = printed_waves(repository)
    for _, row in found.iterrows():
        wave = printed.loc[(row["indicator"], str(row["start"].date()))]
        assert abs(row["share"] - wave["share"]) < 0.001
        assert row["n"] == wave["n"]


@pytest.mark.parametrize(
    ("wave", "question", "start"),
    [
        (3, "Q4_5", "2022-03-26"),
        (4, "Q6_5", "2022-04-13"),
        (5, "Q4_5", "2022-05-14"),
        (6, "Q14_5", "2022-06-29"),
    ],
)
def test_chronicles_as_their_report_prints_it(
    repository: Path, shared: Path, tmp_path: Path, wave: int, question: str, start: str
) -> None:
    toplines = pd.read_csv(repository / "surveys" / "russia-mood" / "toplines.csv")
    printed = toplines[(toplines["variant"] == "chronicles-printed") & (toplines["start"] == start)].iloc[0]
    file = shared / "data" / "chronicles" / f"wave-0{wave}.sav"
    words = [
        "--weights",
        "wes_age_gender_tnp",
        "--share",
        f"{question}=Да",
        "--out",
        str(tmp_path / "out.csv"),
    ]
    main(["estimate", str(file), *words])
    found = pd.read_csv(tmp_path / "out.csv").iloc[0]
    assert round(found["estimate"], 2) == printed["share"]
    assert found["n"] == printed["n"]


def test_a_column_of_cells_is_no_column_of_weights(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = shared / "data" / "chronicles" / "wave-03.sav"
    with pytest.raises(SystemExit) as ended:
        main(["estimate", str(file), "--weights", "for_weight", "--share", "Q4_5=1"])
    assert ended.value.code == 2
    assert (
        "`for_weight` holds codes with labels (1 “18-34 м город”), so it is no column of weights"
        in capsys.readouterr().err
    )
