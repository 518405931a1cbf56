"""`groundswell estimate` gives the shares that were published of real respondents. Skips without their files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from groundswell.cli import main


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


def test_a_column_of_cells_is_not_a_column_of_weights(
    shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = shared / "data" / "chronicles" / "wave-03.sav"
    with pytest.raises(SystemExit) as ended:
        main(["estimate", str(file), "--weights", "for_weight", "--share", "Q4_5=1"])
    assert ended.value.code == 2
    assert (
        "`for_weight` (the weights) holds codes with labels (1 “18-34 м город”), so it is not a column of weights"
        in capsys.readouterr().err
    )
