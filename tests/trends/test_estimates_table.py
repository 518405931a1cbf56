"""What `groundswell estimate --by` writes is read by `groundswell trend`, from the respondents to the level."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from groundswell.cli import main
from groundswell.trends.answers.table_source import table_source

YEARS = range(2015, 2023)


def respondents(folder: Path, *, panel: bool = False) -> Path:
    """Eight years of 400 people, half of them women; `mood` is 1 for 40% of men and 60% of women, in 2020 not asked."""
    chance = np.random.default_rng(4)
    luck = chance.random(400)
    rows = []
    for year in YEARS:
        drawn = luck if panel else chance.random(400)
        sex = np.arange(400) % 2 + 1
        mood = np.where(drawn < np.where(sex == 2, 0.6, 0.4), "1", "0")
        asked = "" if year == 2020 else mood
        rows.append(pd.DataFrame({"year": year, "id": np.arange(400), "sex": sex, "mood": asked, "age": 40}))
    file = folder / "all.csv"
    pd.concat(rows).to_csv(file, index=False)
    return file


def command(*words: object) -> int:
    try:
        main([str(word) for word in words])
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def estimated(folder: Path, *more: object, file: Path | None = None) -> Path:
    table = folder / "t.csv"
    assert command("estimate", file or respondents(folder), "--share", "mood=1", *more, "--out", table) == 0
    return table


def asked(folder: Path, text: str) -> Path:
    (folder / "dates.csv").write_text(text, encoding="utf-8")
    return folder / "dates.csv"


def test_from_respondents_to_a_level(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = estimated(tmp_path, "--by", "year")
    capsys.readouterr()
    out = tmp_path / "trend.csv"
    dates = asked(tmp_path, "date\n2018-07-01\n")
    assert command("trend", table, "--when", "year", "--at", dates, "--out", out) == 0
    said = capsys.readouterr().err
    level = pd.read_csv(out).iloc[0]
    assert level["series"] == "mood=1"
    assert level["low95"] < 0.5 < level["high95"]
    assert "note: `mood=1`: 1 row in which nobody answered is left out (line 7)" in said
    source = table_source(table, dates, when="year")
    used, written = source.trends["mood=1"].used, pd.read_csv(table).query("n > 0")
    assert used["share"].tolist() == written["estimate"].tolist()
    assert used["n_effective"].to_numpy() == pytest.approx(written["n_effective"].to_numpy(), rel=1e-12)
    assert set(used["precision"]) == {"year"}
    assert set(used["house"]) == {"respondents"}


def test_other_columns_tell_domains_apart(tmp_path: Path) -> None:
    table = estimated(tmp_path, "--by", "year,sex")
    dates = asked(tmp_path, "date,indicator\n2018-07-01,1:mood=1\n2018-07-01,2:mood=1\n")
    source = table_source(table, dates, when="year")
    men, women = (source.trends[f"{sex}:mood=1"].level("2018-07-01")["share"].iloc[0] for sex in (1, 2))
    assert men == pytest.approx(0.4, abs=0.05)
    assert women == pytest.approx(0.6, abs=0.05)


def test_waves_that_are_dated_by_hand(tmp_path: Path) -> None:
    """Codes that are no dates, as waves often have: the columns `start`, `end` and `house` are added to the table."""
    table = estimated(tmp_path, "--by", "year")
    written = pd.read_csv(table).rename(columns={"year": "wave"})
    ends = [f"{year}-06-30" for year in YEARS]
    starts = [f"{year}-06-01" for year in YEARS]
    written.drop(columns="wave").assign(start=starts, end=ends, house="acme").to_csv(table, index=False)
    source = table_source(table, asked(tmp_path, "date\n2018-06-15\n"))
    used = source.trends["mood=1"].used
    assert set(used["house"]) == {"acme"}
    assert used["end"].dt.strftime("%Y-%m-%d").tolist() == [end for end in ends if not end.startswith("2020")]


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2019", "2019-01-01", "2019-12-31"),
        ("2019-02", "2019-02-01", "2019-02-28"),
        ("2019-Q2", "2019-04-01", "2019-06-30"),
        ("2019q4", "2019-10-01", "2019-12-31"),
        ("2019-02-24", "2019-02-24", "2019-02-24"),
    ],
)
def test_a_date_may_be_a_day_a_month_a_quarter_or_a_year(
    tmp_path: Path, written: str, start: str, end: str
) -> None:
    """The fit takes the whole period: a wave of unknown day within it."""
    table = estimated(tmp_path, "--by", "year")
    pd.read_csv(table, dtype={"year": str}).head(1).assign(year=written).to_csv(table, index=False)
    waves = (
        table_source(table, asked(tmp_path, "date\n2019-06-01\n"), when="year")
        .trends["mood=1"]
        .posterior.waves
    )
    epoch = pd.Timestamp("2000-01-01")
    assert waves.opened[0] == (pd.Timestamp(start) - epoch).days
    assert waves.closed[0] == (pd.Timestamp(end) - epoch).days + 1


def test_people_who_were_asked_every_year_are_known_by_the_covariance(tmp_path: Path) -> None:
    """All answers are the same every year: without the covariance the change would have an interval of points."""
    covariance = tmp_path / "cov.csv"
    file = respondents(tmp_path, panel=True)
    table = estimated(tmp_path, "--by", "year", "--respondent", "id", "--covariance", covariance, file=file)
    dates = asked(tmp_path, "date\n2018-07-01\n")
    alone = table_source(table, dates, when="year").trends["mood=1"]
    shared = table_source(table, dates, when="year", covariance=covariance).trends["mood=1"]
    ends = "2016-07-01", "2022-07-01"
    assert shared.change(*ends)["se"].iloc[0] < 0.7 * alone.change(*ends)["se"].iloc[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"drop": "year"}, "it has none: estimate with `--by`"),
        ({}, "name the column of `--by` that dates the waves with `--when` (it has `year`)"),
        ({"when": "yaer"}, "has no column `yaer` of `--by`; did you mean `year`?"),
        ({"when": "year", "end": "2020-01-01"}, "`end` dates the waves too: delete one of the two"),
        (
            {"when": "year", "year": "spring"},
            "t.csv:2: year: must say when the wave was asked, a day as 2022-02-24",
        ),
        ({"when": "year", "year": "2019-13"}, "t.csv:2: year: must say when"),
        ({"when": "year", "year": "0019"}, "must lie between 1700 and 2200, got `0019`"),
        ({"when": "year", "estimate": "40"}, "t.csv:2: estimate: must be a share from 0 to 1, got `40`"),
        ({"when": "year", "n_effective": "0"}, "t.csv:2: n_effective: must be a number above 0, got `0`"),
        ({"when": "year", "n": "many"}, "t.csv:2: n: must be a number, got `many`"),
        (
            {"when": "year", "statistic": "mean"},
            "t.csv:2: statistic: `mood` is `mean`, and a trend follows shares",
        ),
        ({"when": "year", "n": "0"}, "has no share of anybody"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: dict[str, str], words: str
) -> None:
    table = estimated(tmp_path, "--by", "year")
    written = pd.read_csv(table, dtype=str)
    if "drop" in change:
        written = written.drop(columns=change["drop"])
    cells = {name: text for name, text in change.items() if name not in ("drop", "when")}
    written.assign(**cells).to_csv(table, index=False)
    capsys.readouterr()
    when = ["--when", change["when"]] if "when" in change else []
    out = tmp_path / "trend.csv"
    assert command("trend", table, *when, "--at", asked(tmp_path, "date\n2018-07-01\n"), "--out", out) == 2
    assert words in capsys.readouterr().err
    assert not out.exists()


def test_a_covariance_of_another_table_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    covariance = tmp_path / "cov.csv"
    table = estimated(tmp_path, "--by", "year", "--covariance", covariance)
    pd.read_csv(covariance).iloc[:-1, :-1].to_csv(covariance, index=False)
    dates = asked(tmp_path, "date\n2018-07-01\n")
    words = ("--when", "year", "--covariance", covariance, "--at", dates, "--out", tmp_path / "o.csv")
    assert command("trend", table, *words) == 2
    assert "is not the covariance of `t.csv`" in capsys.readouterr().err
