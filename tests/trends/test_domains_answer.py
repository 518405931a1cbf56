"""`groundswell trend --by`: the domains of a survey on the dates asked for, the same numbers as in Python."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import groundswell as gs
from groundswell.cli import main
from groundswell.reports.language.language import Language
from groundswell.reports.language.series_notes import series_sentence
from groundswell.trends import fit_domains

AS_OF = "2024-12-31"


@pytest.fixture
def survey(repository: Path, tmp_path: Path) -> Path:
    """The bundled panel on its own, respondents left out: what is kept next to the waves is enough."""
    bundled, folder = repository / "surveys" / "simulated-panel", tmp_path / "simulated-panel"
    shutil.copytree(bundled, folder, ignore=shutil.ignore_patterns("wave-*.csv"))
    return folder


def asked(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "asked.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_levels_and_gaps_are_those_of_python(survey: Path, tmp_path: Path) -> None:
    at = asked(tmp_path, "date,indicator\n2024-11-17,planning\n2024-03-01,planning\n2024-11-17,anxiety\n")
    out, gaps = tmp_path / "out.csv", tmp_path / "gaps.csv"
    stated = ["trend", str(survey), "--at", str(at), "--by", "sex", "--as-of", AS_OF]
    main([*stated, "--out", str(out), "--gaps", str(gaps)])
    table = pd.read_csv(out)
    assert table[["date", "series"]].drop_duplicates().to_numpy().tolist() == [
        ["2024-11-17", "planning"],
        ["2024-03-01", "planning"],
        ["2024-11-17", "anxiety"],
    ]
    found = fit_domains(gs.load_survey(survey), "planning", by="sex", as_of=AS_OF)
    levels = found.levels(["2024-11-17", "2024-03-01"])
    mine = table[table["series"] == "planning"]
    for name in ("share", "low95", "high95", "own_weight", "population"):
        assert mine[name].to_numpy() == pytest.approx(levels[name].to_numpy(), rel=1e-12)
    assert mine["domain"].tolist() == levels["domain"].tolist()
    told = found.gaps("2024-11-17")
    first = pd.read_csv(gaps).iloc[0]
    assert first[["estimate", "probability"]].tolist() == pytest.approx(
        told[["estimate", "probability"]].iloc[0].tolist(), rel=1e-9
    )
    assert np.isnan(first["change"])


def test_an_option_without_what_it_belongs_to_is_refused(
    survey: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = asked(tmp_path, "date,indicator,house\n2024-11-17,planning,simulator\n")
    out = tmp_path / "out.csv"
    stated = ["trend", str(survey), "--at", str(at), "--out", str(out)]
    table = tmp_path / "shares.csv"
    table.write_text("house,end,share\nacme,2024-01-31,0.4\n", encoding="utf-8")
    for arguments, message in (
        ([*stated, "--by", "sex"], "leave the column `house` empty"),
        ([*stated, "--gaps", str(tmp_path / "gaps.csv")], "--gaps belongs to --by"),
        ([*stated, "--by", "sex", "--gaps", str(out)], "name one file"),
        ([*stated, "--when", "year"], "--when and --covariance belong to a table of estimates"),
        (["trend", str(table), *stated[2:], "--by", "sex"], "--by belongs to a survey"),
        (["trend", str(table), *stated[2:], "--as-of", AS_OF], "--as-of belongs to a survey"),
    ):
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        assert stopped.value.code == 2
        assert message in capsys.readouterr().err
    assert not out.exists()


def test_an_unknown_variable_is_named_as_it_was_typed(
    survey: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = asked(tmp_path, "date,indicator\n2024-11-17,planning\n")
    with pytest.raises(SystemExit):
        main(["trend", str(survey), "--at", str(at), "--out", str(tmp_path / "out.csv"), "--by", "gender"])
    assert "`--by`: no domain is of the variable `gender`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("code", "values", "sentence"),
    [
        (
            "domains_unseen",
            {"domains": ["sex: other"]},
            "`mood`: no wave shows a figure of `sex: other`; they are not followed, and nothing is said of them",
        ),
        ("domains_elsewhere", {"domains": ["age: 18–29"]}, "the newest wave does not have `age: 18–29`"),
        ("domains_apart", {"by": "sex"}, "the domains of `sex` that are followed are not the whole"),
    ],
)
def test_what_is_not_followed_is_said(code: str, values: dict[str, object], sentence: str) -> None:
    assert sentence in series_sentence("mood", code, "warned", values, Language())
