"""Files that are wrong in the ways that files are wrong: each is refused by the command line, nothing half-written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from groundswell.checksum import checksum
from groundswell.cli import main

N = 120
SOUND = pd.DataFrame(
    {
        "id": np.arange(N) + 1,
        "stratum": np.arange(N) % 3 + 1,
        "psu": np.arange(N) % 12 + 1,
        "w": np.linspace(0.5, 2.0, N).round(4),
        "mood": np.arange(N) % 2,
    }
)
DESIGN = ["--weights", "w", "--strata", "stratum", "--psu", "psu", "--share", "mood=1"]
Change = Callable[[pd.DataFrame], pd.DataFrame]


def row_of_file(suffix: str) -> dict[str, str]:
    """How a respondent's row is named: by its line in a text file, where the names stand in line 1."""
    line = suffix == ".csv"
    return {f"row_{row}": f"line {row + 1} of the file" if line else f"row {row}" for row in (1, 3, 7, 100)}


WRONG: dict[str, tuple[Change, str]] = {
    "weight_negative": (
        lambda table: table.assign(w=table["w"].where(table["id"] != 7, -1.0)),
        "`w` (the weights) is negative in {row_7} and 0 more",
    ),
    "weight_missing": (
        lambda table: table.assign(w=table["w"].where(table["id"] < 100)),
        "`w` (the weights) is missing in {row_100} and 20 more",
    ),
    "weights_all_zero": (lambda table: table.assign(w=0), "is zero for every respondent"),
    "weights_with_decimal_commas": (
        lambda table: table.assign(w=table["w"].map(lambda w: f"{w:.4f}".replace(".", ","))),
        "`w` (the weights) holds text (`0,5000` in {row_1}) where a number is needed: write a decimal point",
    ),
    "weights_with_a_word": (
        lambda table: table.assign(w=table["w"].astype(object).where(table["id"] != 3, "none")),
        "`w` (the weights) holds text (`none` in {row_3}) where a number is needed: give a number",
    ),
    "psu_numbers_start_again": (
        lambda table: table.assign(psu=table["id"] // 30 + 1),
        "lies in more than one stratum",
    ),
    "stratum_with_one_psu": (
        lambda table: table.assign(psu=table["psu"].where(table["stratum"] != 2, 99)),
        "stratum `2` has only one sampling unit at stage 1",
    ),
    "stratum_missing": (
        lambda table: table.assign(stratum=table["stratum"].where(table["id"] != 5)),
        "`stratum` (the design's stratum) is missing",
    ),
}


def refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Run the command, which must refuse: what it says."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    shown = capsys.readouterr()
    assert ended.value.code == 2
    assert shown.out == ""
    assert shown.err.startswith("error: ")
    return shown.err


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("suffix", [".csv", ".sav"])
def test_estimate_refuses(name: str, suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change, says = WRONG[name]
    file, out = tmp_path / f"{name}{suffix}", tmp_path / "shares.csv"
    if suffix == ".csv":
        change(SOUND).to_csv(file, index=False)
    else:
        pyreadstat.write_sav(change(SOUND), file)
    said = refused(["estimate", str(file), *DESIGN, "--out", str(out)], capsys)
    assert says.format_map(row_of_file(suffix)) in said
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


@pytest.mark.parametrize("name", [name for name in WRONG if name.startswith("weight")])
def test_replicate_weights_do_not_hide_wrong_weights(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replicates = {f"rep_{place}": np.where(np.arange(N) % 4 == place, 0.0, 1.3) for place in range(4)}
    WRONG[name][0](SOUND).assign(**replicates).to_csv(tmp_path / "wave.csv", index=False)
    words = ["--weights", "w", "--replicates", "rep_*", "--replicate-kind", "JK1", "--share", "mood=1"]
    assert "`w`" in refused(["estimate", str(tmp_path / "wave.csv"), *words], capsys)


@pytest.mark.parametrize("name", WRONG)
def test_check_and_report_refuse_a_wave_that_cannot_be_estimated(
    name: str, scratch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    waves = scratch / "surveys" / "simulated-panel" / "waves"
    file, toml = waves / "wave-12.csv", waves / "wave-12.toml"
    before = checksum(file)
    named = {"id": "id", "stratum": "stratum", "psu": "psu", "w": "weight"}
    table = pd.read_csv(file).assign(id=np.arange(926) + 1)
    changed = WRONG[name][0](table.rename(columns={own: role for role, own in named.items()}))
    changed.rename(columns=named).to_csv(file, index=False)
    toml.write_text(toml.read_text().replace(before, checksum(file)))
    said = refused(["check", "simulated-panel", "--project", str(scratch)], capsys)
    assert "waves/wave-12.toml: " in said
    assert WRONG[name][1].format_map(row_of_file(".csv")).split("`")[-1][:25] in said
    assert not list(waves.glob("*.json"))


def test_a_wave_with_a_respondent_twice_is_flagged_with_the_number(
    scratch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    waves = scratch / "surveys" / "simulated-panel" / "waves"
    file, toml = waves / "wave-12.csv", waves / "wave-12.toml"
    before = checksum(file)
    table = pd.read_csv(file)
    pd.concat([table, table.iloc[:3]]).to_csv(file, index=False)
    toml.write_text(toml.read_text().replace(before, checksum(file)))
    main(["describe", str(toml)])
    assert "! 3 rows repeat the identifier of another row." in capsys.readouterr().out


@pytest.mark.parametrize("rows", [999, 1_000, 10_000])
def test_a_number_of_rows_at_which_programs_stop_is_flagged(
    rows: int, scratch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    waves = scratch / "surveys" / "simulated-panel" / "waves"
    file, toml = waves / "wave-12.csv", waves / "wave-12.toml"
    before = checksum(file)
    table = pd.read_csv(file)
    table.sample(rows, replace=True, random_state=1).assign(id=range(rows)).to_csv(file, index=False)
    toml.write_text(toml.read_text().replace(before, checksum(file)))
    main(["describe", str(toml)])
    assert f"! The file holds {rows:,} rows, where some programs stop writing" in capsys.readouterr().out
