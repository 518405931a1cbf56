"""`groundswell trend`: any table of published shares in, the promised columns out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from groundswell.cli import main
from groundswell.simulate.series import simulate_series
from groundswell.trends import fit_trend
from groundswell.trends.answers.shares_answer import OUTPUT

PROMISED = (
    "date,series,house,share,share_se,low50,high50,low80,high80,low95,high95,"
    "population_low95,population_high95,segment"
)


def write_shares(file: Path, **series: pd.DataFrame) -> None:
    """Simulated waves in the columns that the command reads."""
    parts = [
        pd.DataFrame(
            {
                "series": name,
                "house": rows["house"],
                "mode": rows["mode"],
                "start_date": rows["start"],
                "end_date": rows["end"],
                "n": rows["n"],
                "share": rows["share"].map("{:.3f}".format),
                "deff": rows["deff"],
            }
        )
        for name, rows in series.items()
    ]
    pd.concat(parts).to_csv(file, index=False)


def run(folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str]:
    """Exit code and what was said on standard error."""
    arguments = ["trend", str(folder / "polls.csv"), "--at", str(folder / "dates.csv"), "--out"]
    try:
        main([*arguments, str(folder / "trend.csv"), *more])
    except SystemExit as end:
        return int(end.code or 0), capsys.readouterr().err
    return 0, capsys.readouterr().err


def test_levels_and_next_waves_of_two_series(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = (simulate_series(name, seed=21) for name in ("random walk", "flat"))
    write_shares(tmp_path / "polls.csv", mood=one.observations, plans=two.observations)
    asked = "date,series,house,n\n2020-06-01,plans,,\n2020-06-01,mood,house-a,400\n2020-06-01,mood,,\n"
    (tmp_path / "dates.csv").write_text(asked, encoding="utf-8")
    code, said = run(tmp_path, capsys)
    assert code == 0
    assert all(line.startswith("note: `") for line in said.splitlines())
    text = (tmp_path / "trend.csv").read_text(encoding="utf-8")
    assert text.splitlines()[0] == PROMISED == ",".join(OUTPUT)
    table = pd.read_csv(tmp_path / "trend.csv", keep_default_na=False)
    assert table[["series", "house"]].to_numpy().tolist() == [
        ["plans", ""],
        ["mood", "house-a"],
        ["mood", ""],
    ]
    ends = table[["low95", "low80", "low50", "share", "high50", "high80", "high95"]].to_numpy(float)
    assert (np.diff(ends) >= 0).all()
    width = table["high95"] - table["low95"]
    assert width[1] > width[2], "one wave of 400 is less certain than the level"
    level = fit_trend(one.observations.assign(variant="", rounding=0.001)).level("2020-06-01").iloc[0]
    # Shares were written with three digits; the same fit otherwise.
    assert table.loc[2, "share"] == pytest.approx(level["share"], abs=5e-4)


def test_only_the_needed_columns_are_needed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"acme,2024-0{m}-01,0.4{m},{'' if m == 2 else 1000}\n" for m in range(1, 8))
    (tmp_path / "polls.csv").write_text("house,end_date,share,n\n" + rows, encoding="utf-8-sig")
    (tmp_path / "dates.csv").write_text("date\n2024-05-01\n", encoding="utf-8")
    assert run(tmp_path, capsys)[0] == 0
    assert pd.read_csv(tmp_path / "trend.csv")["share"].between(0.41, 0.47).all()


def test_one_series_needs_no_name_in_the_question_and_several_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "series,house,end_date,share,n\nmood,acme,2024-01-01,0.41,1000\n"
    (tmp_path / "polls.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "dates.csv").write_text("date\n2024-05-01\n", encoding="utf-8")
    assert run(tmp_path, capsys)[0] == 0
    assert pd.read_csv(tmp_path / "trend.csv")["series"].tolist() == ["mood"]
    (tmp_path / "polls.csv").write_text(f"{rows}plans,acme,2024-01-01,0.1,1000\n", encoding="utf-8")
    code, said = run(tmp_path, capsys)
    assert code == 2
    assert "dates.csv:2: indicator: is empty: write which of `mood`, `plans`" in said


def test_centuries_get_a_wide_answer_and_a_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "house,end_date,share,n\nacme,1700-01-01,0.4,1000\nacme,2200-01-01,0.5,1000\n"
    (tmp_path / "polls.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "dates.csv").write_text("date\n1950-01-01\n", encoding="utf-8")
    code, said = run(tmp_path, capsys)
    assert code == 0
    assert "`2200-01-01` is more than a year from now" in said
    assert "`1700-01-01` is before 1900" in said
    row = pd.read_csv(tmp_path / "trend.csv").iloc[0]
    assert row["high95"] - row["low95"] > 0.5


def test_houses_that_never_overlap_and_thousands_of_dates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    years = (("acme", 2022, 0.40), ("zed", 2024, 0.55))
    rows = [f"{house},{year}-{m:02d}-01,{share},1000\n" for house, year, share in years for m in range(1, 13)]
    (tmp_path / "polls.csv").write_text("house,end_date,share,n\n" + "".join(rows), encoding="utf-8")
    days = [f"{day:%Y-%m-%d},{house}\n" for day in pd.date_range("2022-01-01", periods=400)
            for house in ("", "zed")]  # fmt: skip
    (tmp_path / "dates.csv").write_text("date,house\n" + "".join(days), encoding="utf-8")
    code, said = run(tmp_path, capsys)
    assert code == 0
    assert "`acme` and `zed` never overlap in time: the difference between them is not known" in said
    table = pd.read_csv(tmp_path / "trend.csv")
    assert len(table) == 800
    assert table[["share", "share_se", "low95", "high95"]].notna().all(axis=None)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_another_encoding_is_named_and_not_guessed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    text = "house,end_date,share,n\nMünchen,2024-01-01,0.41,1000\n"
    (tmp_path / "polls.csv").write_bytes(text.encode(encoding))
    (tmp_path / "dates.csv").write_text("date\n2024-05-01\n", encoding="utf-8")
    code, said = run(tmp_path, capsys)
    assert code == 2
    assert "must be UTF-8" in said or "is not UTF-8" in said


def test_a_small_share_as_programs_write_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "house,end_date,share,n\nacme,2024-01-01,5e-04,20000\nacme,2024-02-01,0.0005,20000\n"
    (tmp_path / "polls.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "dates.csv").write_text("date\n2024-01-15\n", encoding="utf-8")
    assert run(tmp_path, capsys)[0] == 0
    assert 0.0002 < pd.read_csv(tmp_path / "trend.csv").loc[0, "share"] < 0.0015


GOOD = "acme,2024-01-01,0.41,1000"


@pytest.mark.parametrize(
    ("header", "row", "place", "words"),
    [
        ("house,end_date,share,n", "acme,2024-01-01,41,1000", ":3: share", "not a percent: write 0.41"),
        (
            "house,end_date,share,n",
            "acme,01.02.2024,0.41,1000",
            ":3: end_date",
            "2024-02-01 if the day comes",
        ),
        ("house,end_date,share,n", "acme,,0.41,1000", ":3: end_date", "is empty"),
        ("house,end_date,share,n", ",2024-01-01,0.41,1000", ":3: house", "is empty"),
        ("house,end_date,share,n", "acme,2024-01-01,,1000", ":3: share", "is empty"),
        ("house,end_date,share,n", "acme,2024-01-01,0.41,-5", ":3: n", "cannot be negative"),
        (
            "house,end_date,share,n",
            "acme,2024-01-01,0.41",
            ":3",
            "has 3 cells, the first line names 4 columns",
        ),
        ("house,date,share,n", "acme,2024-01-01,0.41,1000", ":1: end", "column `end` is missing: add it"),
        ("house,end_date,share,share", "acme,2024-01-01,0.41,0.41", ":1: share", "stands 2 times: keep one"),
        (
            "house;end_date;share;n",
            "acme;2024-01-01;0.41;1000",
            ":1",
            "got ';': save it again as CSV with commas",
        ),
        ("house,end_date,share,n", "acme,2024-01-01,41%,1000", ":3: share", "write 62% as 0.62"),
        ("house,end_date,share,n", "acme,2024-01-01,nan,1000", ":3: share", "leave the cell empty"),
        ("house,end_date,share,n", "acme,2024-01-01,0.41,inf", ":3: n", "leave the cell empty"),
        ("house,end_date,share,n", "acme,2024-01-01,0.41,9999999999", ":3: n", "positive whole number"),
        ("house,end_date,share,n", "acme,1066-10-14,0.41,900", ":3: end_date", "between 1700 and 2200"),
        (
            "house,end_date,share,start_date",
            "acme,2024-01-01,0.41,2024-02-01",
            ":3: start_date",
            "lies after the end `2024-01-01`",
        ),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], header: str, row: str, place: str, words: str
) -> None:
    (tmp_path / "polls.csv").write_text(f"{header}\n{GOOD}\n{row}\n", encoding="utf-8")
    (tmp_path / "dates.csv").write_text("date\n2024-05-01\n", encoding="utf-8")
    code, said = run(tmp_path, capsys)
    assert code == 2
    assert f"polls.csv{place}" in said
    assert words in said
    assert not (tmp_path / "trend.csv").exists()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("date,series\n2024-05-01,moood\n", "`moood` has no share; did you mean `mood`?"),
        ("date,series,house\n2024-05-01,mood,acmee\n", "did you mean `acme`?"),
        ("date,series\n", "asks for no date"),
        ("", "is empty"),
    ],
)
def test_a_question_about_nothing_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], asked: str, words: str
) -> None:
    (tmp_path / "polls.csv").write_text(f"series,house,end_date,share,n\nmood,{GOOD}\n", encoding="utf-8")
    (tmp_path / "dates.csv").write_text(asked, encoding="utf-8")
    code, said = run(tmp_path, capsys)
    assert code == 2
    assert words in said


def test_respondents_as_pandas_writes_them_and_many_faults_in_few_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"acme,2024-{1 + m % 12:02d}-01,0.41,1005.0\n" for m in range(200)]
    (tmp_path / "dates.csv").write_text("date\n2024-05-01\n", encoding="utf-8")
    (tmp_path / "polls.csv").write_text("house,end_date,share,n\n" + "".join(rows), encoding="utf-8")
    assert run(tmp_path, capsys)[0] == 0
    wrong = "".join(row.replace("1005.0", "1005.5") for row in rows)
    (tmp_path / "polls.csv").write_text("house,end_date,share,n\n" + wrong, encoding="utf-8")
    code, said = run(tmp_path, capsys)
    assert code == 2
    assert "200 faults" in said
    assert len(said.splitlines()) < 60
    assert "150 more" in said


def two_series(folder: Path) -> None:
    """Two series of two waves each, of which only one is asked for."""
    rows = ["x,a,2024-01-05,0.4", "x,a,2024-02-05,0.5", "y,a,2024-01-05,0.2", "y,a,2024-02-05,0.1"]
    table = "\n".join(["series,house,end_date,share,n", *(f"{row},900" for row in rows), ""])
    (folder / "polls.csv").write_text(table, encoding="utf-8")
    (folder / "dates.csv").write_text("series,date\nx,2024-02-03\n", encoding="utf-8")


def test_changes_are_of_every_series_whichever_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two_series(tmp_path)
    assert run(tmp_path, capsys, "--changes", str(tmp_path / "changes.csv"))[0] == 0
    looked = pd.read_csv(tmp_path / "changes.csv")
    assert looked["indicator"].unique().tolist() == ["x", "y"]
    assert (looked["adjusted"] <= looked["probability"]).all()
    assert pd.read_csv(tmp_path / "trend.csv")["series"].tolist() == ["x"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [("nowhere/changes.csv", "is not a folder, so `changes.csv` cannot"), ("trend.csv", "give each its own")],
)
def test_neither_answer_is_written_where_the_other_cannot_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: str, says: str
) -> None:
    two_series(tmp_path)
    code, said = run(tmp_path, capsys, "--changes", str(tmp_path / changes))
    assert code == 2
    assert says in said
    assert not (tmp_path / "trend.csv").exists()


def test_the_columns_may_have_their_own_names_or_their_older_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`indicator, start, end` as everywhere; `series, start_date, end_date, publ_date` are understood."""
    rows = "".join(f"mood,acme,2024-0{m}-01,2024-0{m}-05,0.4{m},900,2024-0{m}-09\n" for m in range(1, 7))
    answers = []
    for names in (
        "indicator,house,start,end,share,n,published",
        "series,house,start_date,end_date,share,n,publ_date",
    ):
        for asked in ("date,indicator\n2024-05-01,mood\n", "date,series\n2024-05-01,mood\n"):
            (tmp_path / "polls.csv").write_text(f"{names}\n{rows}", encoding="utf-8")
            (tmp_path / "dates.csv").write_text(asked, encoding="utf-8")
            assert run(tmp_path, capsys)[0] == 0
            answers.append((tmp_path / "trend.csv").read_text(encoding="utf-8"))
    assert len(set(answers)) == 1


@pytest.mark.parametrize(
    ("header", "faults"),
    [
        ("series,house,end,share,deff_", ["deff_: unknown column `deff_`; did you mean `deff`?"]),
        ("series,house,end,share,Mode", ["Mode: unknown column `Mode`; did you mean `mode`?"]),
        (
            "series,house,end,share,moe",
            ["moe: unknown column `moe`; a margin of error is not read here: write"],
        ),
        ("series,house,end,share,category", ["name the answer in `indicator`"]),
        (
            "Series,House,end,shre,Mode",
            [
                "Series: unknown column `Series`",
                "House: unknown column `House`; did you mean `house`?",
                "shre: unknown column `shre`; did you mean `share`?",
                "Mode: unknown column `Mode`; did you mean `mode`?",
                "house: column `house` is missing: add it",
                "share: column `share` is missing: add it",
            ],
        ),
        ("series,house,end,share,indicator", ["`indicator` is another name of `series`, which is there too"]),
        ("series,house,end,share,", ["has a column without a name"]),
    ],
)
def test_every_column_that_is_not_known_is_named_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], header: str, faults: list[str]
) -> None:
    (tmp_path / "polls.csv").write_text(f"{header}\nmood,acme,2024-01-01,0.41,\n", encoding="utf-8")
    (tmp_path / "dates.csv").write_text("date\n2024-05-01\n", encoding="utf-8")
    code, said = run(tmp_path, capsys)
    assert code == 2
    lines = said.splitlines()[1:]
    assert len(lines) == len(faults)
    assert all(fault in line for fault, line in zip(faults, lines, strict=True))


def test_every_fault_of_every_row_is_told_with_those_of_the_header(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ",01.02.2024,41,x,hour,9\nacme,2024-02-01,0.41\nacme,2024-13-01,0.5,900,day,2\n"
    (tmp_path / "polls.csv").write_text(f"house,end,share,n,precision,deff_\n{rows}", encoding="utf-8")
    (tmp_path / "dates.csv").write_text("date\n2024-05-01\n", encoding="utf-8")
    code, said = run(tmp_path, capsys)
    assert code == 2
    places = [line.split("polls.csv:")[1].split(": ")[:2] for line in said.splitlines()[1:]]
    assert [(place, column if len(column) < 10 else "") for place, column in places] == [
        ("1", "deff_"),
        ("2", "end"),
        ("2", "share"),
        ("2", "n"),
        ("2", "precision"),
        ("2", "house"),
        ("3", ""),
        ("4", "end"),
    ]


def test_a_table_without_any_n_is_fitted_as_national_polls_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [("acme", f"2024-0{m}-01", f"0.4{m}") for m in range(1, 8)]
    (tmp_path / "dates.csv").write_text("date\n2024-05-01\n", encoding="utf-8")

    def answer(header: str, tail: str) -> tuple[str, str]:
        lines = "".join(f"{','.join(row)}{tail}\n" for row in rows)
        (tmp_path / "polls.csv").write_text(f"{header}\n{lines}", encoding="utf-8")
        code, said = run(tmp_path, capsys)
        assert code == 0
        return (tmp_path / "trend.csv").read_text(encoding="utf-8"), said

    stated, silent = answer("house,end,share,n", ",1000")
    for header, tail in (("house,end,share", ""), ("house,end,share,n", ",")):
        without, said = answer(header, tail)
        assert without == stated
        assert (
            "7 of 7 waves state no n, and nothing says what it may be: each counts as 1,000 respondents"
            in said
        )
    assert "state no n" not in silent


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        (("900", "", "700"), "1 of 3 waves states no n: the usual one of its house stands for it"),
        (("900", "900", ""), "1 of 3 waves states no n: the median of the others stands for it"),
    ],
)
def test_an_n_that_is_not_known_is_said_with_what_stands_for_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sizes: tuple[str, ...], words: str
) -> None:
    houses = ("acme", "acme", "bell")
    rows = [
        f"{house},2024-0{m}-01,0.4,{n}\n"
        for m, (house, n) in enumerate(zip(houses, sizes, strict=True), start=1)
    ]
    (tmp_path / "polls.csv").write_text("house,end,share,n\n" + "".join(rows), encoding="utf-8")
    (tmp_path / "dates.csv").write_text("date\n2024-02-01\n", encoding="utf-8")
    code, said = run(tmp_path, capsys)
    assert code == 0
    assert words in said


def test_a_row_that_was_published_before_its_end_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "acme,2024-01-01,0.41,900,2023-12-01\nacme,2024-02-01,0.41,900,2024-02-01\n"
    (tmp_path / "polls.csv").write_text("house,end,share,n,published\n" + rows, encoding="utf-8")
    (tmp_path / "dates.csv").write_text("date\n2024-02-01\n", encoding="utf-8")
    code, said = run(tmp_path, capsys)
    assert code == 0
    assert "note: 1 row was published before its fieldwork ended: check its dates (line 2)" in said


def test_windows_that_overlap_are_named_and_what_is_stated_of_them_is_followed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    days = pd.date_range("2024-01-01", periods=30)
    table = pd.DataFrame({"house": "daily", "start": days, "end": days + pd.Timedelta(days=4), "n": 1000})
    table = table.assign(share=[f"{0.4 + 0.01 * (place % 3):.3f}" for place in range(30)])
    (tmp_path / "dates.csv").write_text("date\n2024-01-20\n", encoding="utf-8")
    wide = {}
    for word in ("", "rolling", "separate"):
        table.assign(overlap=word).to_csv(tmp_path / "polls.csv", index=False)
        code, said = run(tmp_path, capsys)
        assert code == 0
        wide[word] = pd.read_csv(tmp_path / "trend.csv")["share_se"].iloc[0]
        assert ("30 waves of `daily` are taken for rolling windows" in said) == (word == "")
        assert ("30 waves of `daily` are rolling windows" in said) == (word == "rolling")
    assert wide[""] == wide["rolling"] > 1.5 * wide["separate"]
    table.assign(overlap="daily").to_csv(tmp_path / "polls.csv", index=False)
    code, said = run(tmp_path, capsys)
    assert code == 2
    assert "polls.csv:2: overlap: no such word `daily`; known: rolling, separate" in said


def write_flat(folder: Path) -> None:
    """Ten waves of one house that said one half, and their newest day asked for."""
    rows = "".join(f"acme,2024-{month:02d}-01,0.50,1000\n" for month in range(1, 11))
    (folder / "polls.csv").write_text("house,end,share,n\n" + rows, encoding="utf-8")
    (folder / "dates.csv").write_text("date\n2024-10-01\n", encoding="utf-8")


def test_a_stated_bias_widens_the_population_s_interval_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_flat(tmp_path)
    _, silent = run(tmp_path, capsys)
    alone = pd.read_csv(tmp_path / "trend.csv")
    assert alone[["population_low95", "population_high95"]].isna().all(axis=None)
    assert silent.count("holds what such surveys would say on average; nobody stated") == 1
    _, stated = run(tmp_path, capsys, "--shared-bias", "3.25")
    wide = pd.read_csv(tmp_path / "trend.csv")
    assert "nobody stated" not in stated
    kept = alone.columns.difference(["population_low95", "population_high95"])
    pd.testing.assert_frame_equal(alone[kept], wide[kept])
    half, whole = ((wide[f"{name}high95"] - wide[f"{name}low95"]).iloc[0] / 2 for name in ("", "population_"))
    # 3.25 points are a standard deviation of 0.13 logits, independent of what the waves leave open.
    logit_sd = [np.log(0.5 + end) - np.log(0.5 - end) for end in (half, whole)]
    assert logit_sd[1] ** 2 - logit_sd[0] ** 2 == pytest.approx((1.96 * 0.13) ** 2, rel=0.05)


@pytest.mark.parametrize("points", ["-1", "51", "3,5"])
def test_a_bias_that_cannot_be_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], points: str
) -> None:
    write_flat(tmp_path)
    code, said = run(tmp_path, capsys, "--shared-bias", points)
    assert code == 2
    assert "--shared-bias" in said
    assert not (tmp_path / "trend.csv").exists()


def test_no_bias_at_all_is_stated_with_a_zero(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_flat(tmp_path)
    run(tmp_path, capsys, "--shared-bias", "0")
    table = pd.read_csv(tmp_path / "trend.csv")
    assert table["population_low95"].tolist() == pytest.approx(table["low95"].tolist())


def test_the_population_is_held_where_surveys_err_together_as_stated() -> None:
    """The surveys' own interval promises what surveys would say: with a common error it holds the population seldom."""
    rng, bias_sd, series = np.random.default_rng(5), 0.2, 30
    held = np.zeros(2)
    days = pd.date_range("2024-01-01", periods=4, freq="30D")
    for _ in range(series):
        said = 1 / (1 + np.exp(-rng.normal(0, bias_sd)))
        shares = rng.binomial(1500, said, len(days)) / 1500
        waves = pd.DataFrame({"house": "acme", "end": days, "share": shares, "n_effective": 1500})
        level = fit_trend(waves, shared_bias_sd=bias_sd, search_shocks=False).level(days[-1]).iloc[0]
        for place, name in enumerate(("population_", "")):
            held[place] += level[f"{name}low95"] < 0.5 < level[f"{name}high95"]
    assert held[0] / series >= 0.85
    assert held[1] / series < 0.6


@pytest.mark.parametrize("option", [("--shared-bias", "2"), ("--when", "year"), ("--covariance", "c.csv")])
def test_what_belongs_to_a_table_is_refused_of_a_survey(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], repository: Path, option: tuple[str, str]
) -> None:
    (tmp_path / "dates.csv").write_text("date\n2024-10-01\n", encoding="utf-8")
    survey = str(repository / "surveys/ukraine-outlook")
    with pytest.raises(SystemExit) as end:
        main(
            [
                "trend", survey, "--at", str(tmp_path / "dates.csv"), "--out", str(tmp_path / "o.csv"), *option
            ]
        )  # fmt: skip
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert "a survey" in said
    assert option[0] in said
