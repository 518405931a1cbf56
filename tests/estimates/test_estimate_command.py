"""`groundswell estimate` as anyone checks it against R: files in, the command line, files out."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from groundswell.cli import cli, main
from groundswell.cli.options.flags import in_flags
from groundswell.errors import InputError
from groundswell.estimates.design.design import Design
from groundswell.estimates.statistics.shares import shares

from .conftest import API_DESIGNS, REFERENCE, assert_agrees, read_reference, read_schools
from .test_designs_against_r import CASES, answer, expected_of
from .test_lonely_against_r import EXPECTED as LONELY
from .test_replicates_against_r import EXPECTED as REPLICATES
from .test_replicates_against_r import bootstrap, clus1, strat
from .test_waves_against_r import DESIGNS as WAVES
from .test_waves_against_r import EXPECTED as OVERLAPPING

API = read_reference("api")
PROMISED = [
    *("statistic", "variable", "category", "n", "n_effective", "estimate", "se", "low", "high"),
    *("df", "deff", "deff_kind"),
]
Estimate = Callable[..., tuple[pd.DataFrame, pd.DataFrame]]


def options(design: Design) -> list[str]:
    """A design as one types it."""
    words = ["--weights", design.weights] if design.weights else []
    for name in ("strata", "psu", "fpc", "replicates", "rscales", "margins", "auxiliaries"):
        if getattr(design, name):
            words += [f"--{name}", ",".join(map(str, getattr(design, name)))]
    for name in ("lonely_psu", "replicate_kind", "fay_rho", "scale", "base_weights", "calibrated_weights"):
        if getattr(design, name) not in (None, "fail"):
            words += [f"--{name.replace('_', '-')}", str(getattr(design, name))]
    words += ["--nest"] * design.nest + ["--mse"] * design.mse
    return words + ["--factors"] * (not design.combined)


@pytest.fixture
def estimate(tmp_path: Path) -> Estimate:
    """Run the command on a file, or on a table written to one, and read what it wrote."""

    def run(file: Path | pd.DataFrame, *words: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        if isinstance(file, pd.DataFrame):
            file.to_csv(tmp_path / "respondents.csv", index=False)
            file = tmp_path / "respondents.csv"
        out, covariance = tmp_path / "shares.csv", tmp_path / "covariance.csv"
        main(["estimate", str(file), *words, "--out", str(out), "--covariance", str(covariance)])
        return pd.read_csv(out, keep_default_na=False), pd.read_csv(covariance, index_col=0)

    return run


@pytest.mark.parametrize("name", API_DESIGNS)
@pytest.mark.parametrize("interval", ["logit", "wilson", "beta", "asin", "mean"])
def test_a_share_and_a_mean_of_the_schools(estimate: Estimate, name: str, interval: str) -> None:
    file, design = REFERENCE / f"api{name}.csv", options(API_DESIGNS[name])
    words = ["--share", "awards=Yes", "--mean", "api00,enroll", "--interval", interval, "--level", "0.9"]
    table, covariance = estimate(file, *design, *words, "--deff-kind", "wor")
    assert list(table.columns) == PROMISED
    share, mean, enroll = (row for _, row in table.iterrows())
    expected = API[name]["ciprop_awards_90"][interval]
    assert_agrees(share[["estimate", "se", "low", "high"]], [expected[k] for k in ("p", "se", "lo", "hi")])
    assert_agrees(share[["df", "deff"]], [API[name]["degf"], API[name]["deff_prop"]])
    assert (share["statistic"], share["variable"], share["category"]) == ("share", "awards", "Yes")
    expected = API[name]["mean_api00_only"]
    assert_agrees(mean[["estimate", "se"]], [expected["est"]["api00"], expected["se"]["api00"]])
    expected = API[name]["mean_enroll_only_na_rm"]
    assert_agrees(enroll[["estimate", "se"]], [expected["est"]["enroll"], expected["se"]["enroll"]])
    assert (mean["statistic"], mean["variable"], mean["category"]) == ("mean", "api00", "")
    assert share["n"] == API[name]["n"]
    assert_agrees(np.diag(covariance), table["se"].to_numpy() ** 2)


@pytest.mark.parametrize("name", API_DESIGNS)
def test_domains_of_two_columns_with_their_covariance(estimate: Estimate, name: str) -> None:
    expected = API[name]["by_stype_schwide_y"]
    words = ["--share", "awards=Yes", "--by", "sch.wide,stype"]
    table, covariance = estimate(REFERENCE / f"api{name}.csv", *options(API_DESIGNS[name]), *words)
    assert list(table.columns) == ["sch.wide", "stype", *PROMISED]
    assert list(table["stype"]) == expected["groups"]["stype"]
    assert_agrees(table["estimate"], expected["est"])
    assert_agrees(table["se"], expected["se"])
    assert_agrees(covariance, expected["vcov"], scale=float(np.max(expected["vcov"])))
    assert list(covariance.index) == list(covariance.columns)


@pytest.mark.parametrize("key", WAVES)
def test_waves_that_share_their_units_or_do_not(estimate: Estimate, key: str) -> None:
    words = ["--share", "y", "--by", "wave"]
    table, covariance = estimate(REFERENCE / "waves_full_overlap.csv", *options(WAVES[key]), *words)
    assert list(table["wave"]) == [1, 2, 3, 4, 5, 6]
    assert_agrees(table["estimate"], OVERLAPPING[key]["est"])
    assert_agrees(table["se"], OVERLAPPING[key]["se"])
    assert_agrees(covariance, OVERLAPPING[key]["vcov"], scale=float(np.max(OVERLAPPING[key]["vcov"])))


@pytest.mark.parametrize("key", CASES)
def test_every_other_design(estimate: Estimate, key: str) -> None:
    respondents, design = CASES[key]
    table, covariance = estimate(respondents, *options(design), "--share", answer(key), "--by", "q,area")
    expected = expected_of(key, "domains")
    assert_agrees(table["estimate"], expected["est"])
    assert_agrees(table["se"], expected["se"])
    assert_agrees(np.diag(covariance), np.square(expected["se"]))
    mean, _ = estimate(respondents, *options(design), "--mean", "x")
    assert_agrees(mean.iloc[0][["estimate", "se"]], expected_of(key, "mean"))


@pytest.mark.parametrize("mse", [False, True])
@pytest.mark.parametrize(
    ("key", "case"), [("clus1_JK1", clus1), ("strat_JKn", strat), ("strat_wr_bootstrap", bootstrap)]
)
def test_replicate_factors_named_by_a_pattern(estimate: Estimate, key: str, case: Any, mse: bool) -> None:
    expected = REPLICATES[f"mse_{str(mse).upper()}"][key]
    respondents, design = case(mse)
    words = options(design)
    words[words.index("--replicates") + 1] = "rep_*"
    table, covariance = estimate(respondents, *words, "--mean", "api00", "--mean", "enroll")
    assert_agrees(table["estimate"], list(expected["est"].values()))
    assert_agrees(table["se"], list(expected["se"].values()))
    assert_agrees(covariance, expected["vcov"])
    assert (table["df"] == expected["degf"]).all()


@pytest.mark.parametrize("lonely", ["certainty", "remove", "adjust", "centre", "average"])
def test_a_stratum_with_one_unit(estimate: Estimate, lonely: str) -> None:
    words = ["--weights", "pw", "--strata", "stype", "--share", "awards=Yes", "--lonely-psu", lonely]
    table, _ = estimate(REFERENCE / "lonely.csv", *words)
    expected = LONELY["adjust" if lonely == "centre" else lonely]["prop"]
    assert_agrees(table.iloc[0][["estimate", "se"]], [expected["est"]["y"], expected["se"]["y"]])


@pytest.mark.parametrize("suffix", [".parquet", ".sav", ".dta", ".xlsx"])
def test_every_format_gives_the_same_table(estimate: Estimate, tmp_path: Path, suffix: str) -> None:
    import pyreadstat

    schools = read_schools("apistrat")[["pw", "stype", "fpc", "awards", "api00"]]
    file = tmp_path / f"schools{suffix}"
    if suffix == ".sav":
        pyreadstat.write_sav(schools, file)
    else:
        write = {".parquet": schools.to_parquet, ".dta": schools.to_stata, ".xlsx": schools.to_excel}[suffix]
        write(file) if suffix == ".parquet" else write(
            file, **{"write_index" if suffix == ".dta" else "index": False}
        )
    words = [*options(API_DESIGNS["strat"]), "--share", "awards=Yes", "--mean", "api00", "--by", "stype"]
    table, covariance = estimate(file, *words)
    same, same_covariance = estimate(REFERENCE / "apistrat.csv", *words)
    pd.testing.assert_frame_equal(table, same, rtol=1e-9)
    pd.testing.assert_frame_equal(covariance, same_covariance, rtol=1e-9)


def test_a_column_may_be_asked_for_in_every_role_at_once(estimate: Estimate) -> None:
    words = [
        "--weights",
        "pw",
        "--share",
        "stype",
        "--mean",
        "api00,pw",
        "--by",
        "stype",
        "--strata",
        "stype",
    ]
    table, covariance = estimate(REFERENCE / "apistrat.csv", *words)
    own = table[table["stype"] == table["category"]]
    assert list(own["estimate"]) == [1.0, 1.0, 1.0]
    assert list(own["se"]) == [0.0, 0.0, 0.0]
    assert covariance.shape == (15, 15)


def test_names_and_answers_with_line_breaks_can_be_named_in_every_option(estimate: Estimate) -> None:
    table = pd.DataFrame(
        {"To what extent:\nads": [1, 2, 3, 4], "who\nasked, or not": ["a\nb", "c", "c", "d"]}
    )
    mean, _ = estimate(table, "--mean", "To what extent:\nads", "--where", "who\nasked, or not=c,d")
    assert (mean["n"].tolist(), mean["estimate"].tolist()) == ([3], [3.0])
    domains, _ = estimate(
        table, "--mean", "To what extent:\nads", "--by", '"who\nasked, or not"', "--lonely-psu", "certainty"
    )
    assert domains["estimate"].tolist() == [1.0, 2.5, 4.0]
    kept, _ = estimate(table, "--share", "who\nasked, or not", "--missing", "who\nasked, or not=a\nb")
    assert kept["n"].tolist() == [3, 3]


def test_labels_are_written_where_they_are_asked_for(estimate: Estimate, tmp_path: Path) -> None:
    import pyreadstat

    answers = pd.DataFrame({"пол": [1, 2, 2, 1, 9], "mood": [1, 2, 1, 1, 1], "w": [1.0, 2.0, 1.0, 1.0, 5.0]})
    pyreadstat.write_sav(
        answers,
        tmp_path / "wave.sav",
        variable_value_labels={
            "пол": {1: "мужской", 2: "женский", 9: "нет"},
            "mood": {1: "тревога", 2: "покой"},
        },
        missing_ranges={"пол": [9]},
    )
    words = ["--weights", "w", "--share", "mood=тревога", "--by", "пол"]
    codes, _ = estimate(tmp_path / "wave.sav", *words)
    labels, _ = estimate(tmp_path / "wave.sav", *words, "--labels")
    assert list(codes["пол"]) == [1, 2]
    assert list(labels["пол"]) == ["мужской", "женский"]
    assert list(labels["category"]) == ["тревога", "тревога"]
    assert list(labels["estimate"]) == [1.0, pytest.approx(1 / 3)]


def test_without_out_a_pipe_gets_csv() -> None:
    command = [
        sys.executable,
        "-m",
        "groundswell",
        "estimate",
        str(REFERENCE / "apisrs.csv"),
        "--mean",
        "api00",
    ]
    shown = subprocess.run(command, capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines()[0] == ",".join(PROMISED)
    assert shown.stderr == ""


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "nothing to estimate: name a share (`--share`"),
        (["--share", "award=Yes"], "did you mean `awards`"),
        (["--share", "awards=Yess"], "did you mean `Yes`"),
        (["--mean", "api000"], "`--mean` names `api000`, which is not a column: did you mean `api00`"),
        (
            ["--mean", "api00", "--by", "style"],
            "`--by` names `style`, which is not a column: did you mean `stype`",
        ),
        (["--mean", "api00", "--weights", "wp"], "did you mean `pw`"),
        (["--mean", "awards", "--weights", "pw"], "`awards` holds text"),
        (["--mean", "api00", "--level", "95"], "0.95 for 95%"),
        (["--mean", "api00", "--strata", "stype", "--psu", "dnum"], "say so with `--nest`"),
        (
            ["--mean", "api00", "--replicates", "rep_*", "--replicate-kind", "JKn", "--weights", "pw"],
            "`rep_*`",
        ),
        (
            ["--mean", "api00", "--replicates", "pw,fpc"],
            "`--replicates` and `--replicate-kind` belong together",
        ),
        (["--mean", "api00", "--memory", "much"], "512MB"),
        (["--mean", "api00", "--out", "shares.xls"], ".csv or .parquet"),
        (["--mean", "api00", "--out", "nowhere/shares.csv"], "`nowhere`"),
        (["--mean", "api00", "--lonely-psu", "sometimes"], "certainty"),
        (["--mean", "api00", "--rscales", "1,one"], "one"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    words: list[str],
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    out = [] if "--out" in words else ["--out", "shares.csv", "--covariance", "covariance.csv"]
    with pytest.raises(SystemExit) as ended:
        main(["estimate", str(REFERENCE / "apistrat.csv"), *words, *out])
    shown = capsys.readouterr()
    assert ended.value.code == 2
    assert says in shown.err
    assert shown.out == ""
    assert list(tmp_path.iterdir()) == []


def test_a_column_of_texts_is_no_list_of_answers(
    estimate: Estimate, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        estimate(pd.DataFrame({"word": [f"word {place}" for place in range(201)]}), "--share", "word")
    assert "over 200 answers" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("`weights=` names `wp`", "`--weights` names `wp`"),
        ("say so with `nest=True`", "say so with `--nest`"),
        ("`combined=False`", "`--factors`"),
        ('choose `lonely_psu="adjust"`', "choose `--lonely-psu adjust`"),
        ("`terms=` and `awards=Yes` stay", "`terms=` and `awards=Yes` stay"),
    ],
)
def test_an_error_of_python_is_printed_with_the_options_of_the_command(said: str, printed: str) -> None:
    assert in_flags(said, cli.commands["estimate"]) == printed


def test_python_is_told_its_own_arguments() -> None:
    with pytest.raises(InputError, match=r"`weights=` names `wp`.*did you mean `pw`"):
        shares(read_schools("apisrs"), Design(weights="wp"), "y")


def test_a_parquet_file_carries_the_schema_that_the_documentation_promises(
    tmp_path: Path, repository: Path
) -> None:
    from pyarrow import parquet

    out = tmp_path / "shares.parquet"
    main(["estimate", str(REFERENCE / "apisrs.csv"), "--share", "awards=Yes", "--out", str(out)])
    promised = (repository / "docs" / "estimate.md").read_text(encoding="utf-8")
    number = int(re.search(r"\*\*schema (\d+)\*\*", promised)[1])  # type: ignore[index]
    assert json.loads(parquet.read_schema(out).metadata[b"groundswell"]) == {"schema": number}
    assert list(pd.read_parquet(out).columns) == PROMISED
    rows = promised.split("| column | meaning |")[1].split("\n\n")[0].splitlines()[2:]
    assert [name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])] == PROMISED


def test_a_csv_file_begins_with_its_header(estimate: Estimate, tmp_path: Path) -> None:
    estimate(REFERENCE / "apisrs.csv", "--share", "awards=Yes", "--by", "stype")
    assert (tmp_path / "shares.csv").read_text().startswith(",".join(["stype", *PROMISED]))
