"""A file that is broken is refused with what is wrong and where, and nothing is written."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from exports.broken import BROKEN
from exports.forms import REGIONS
from exports.truth import Answers

from groundswell.cli import main

PEOPLE = [
    Answers(place + 1, place % 3 + 1, (place % 3 + 1,), 18 + place, 0.5 + place / 100, REGIONS[place % 3])
    for place in range(60)
]


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_in_one_sentence(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = BROKEN[name]
    file = tmp_path / f"export{broken.ending}"
    broken.write(PEOPLE, file)
    words = ["--weights", broken.weight, "--share", broken.mood, "--out", str(tmp_path / "shares.csv")]
    with pytest.raises(SystemExit) as ended:
        main(["estimate", str(file), *words])
    shown = capsys.readouterr()
    assert ended.value.code == 2
    assert shown.out == ""
    assert broken.says in shown.err
    assert shown.err.startswith("error: ")
    assert "\nerror: " not in shown.err
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_a_row_in_a_message_is_the_files_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    BROKEN["xlsx, a heavy weight"].write(PEOPLE, tmp_path / "export.xlsx")
    with pytest.raises(SystemExit):
        main(["estimate", str(tmp_path / "export.xlsx"), "--weights", "weight", "--share", "mood"])
    assert "`1,234.5` in row 52 of the file)" in capsys.readouterr().err


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_three_thousand_columns_cost_little(
    ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wide = pd.DataFrame(np.ones((40, 3000), dtype=int), columns=[f"item {place}" for place in range(3000)])
    wide = wide.assign(mood=np.arange(40) % 2)
    file = tmp_path / f"wide{ending}"
    wide.to_csv(file, index=False) if ending == ".csv" else wide.to_parquet(file)
    begun = time.process_time()
    main(["estimate", str(file), "--share", "mood"])
    assert "share,mood,1,40,40.0,0.5," in capsys.readouterr().out
    assert time.process_time() - begun < 10


def test_a_million_rows_of_one_answer_have_a_share_and_no_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "long.csv"
    file.write_text("mood\n" + "1\n" * 1_000_000)
    begun = time.process_time()
    main(["estimate", str(file), "--share", "mood=1"])
    assert "share,mood,1,1000000," in capsys.readouterr().out
    assert time.process_time() - begun < 10
