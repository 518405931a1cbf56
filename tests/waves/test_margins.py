"""`margins/`: the population's totals, every fault with its line, and those of one wave alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundswell.errors import FaultsError
from groundswell.waves.surveys.margins import margin_table, stray_margins

HEADER = "category,total,source\n"


def written(folder: Path, **files: str | bytes) -> Path:
    """A survey folder with margins; `w2__sex` is sex of the wave `w2`."""
    for name, text in files.items():
        file = folder / "margins" / f"{name.replace('__', '/')}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def test_a_wave_has_its_own_margins_over_those_of_all(tmp_path: Path) -> None:
    old, new = (
        HEADER + "f,52,census 2010\nm,48,census 2010\n",
        HEADER + "f,51,census 2021\nm,49,census 2021\n",
    )
    folder = written(tmp_path, sex=old, age=HEADER + "old,60,x\nyoung,40,x\n", w2__sex=new)
    for wave, total in ((None, 52.0), ("w1", 52.0), ("w2", 51.0)):
        table = margin_table(folder, wave).set_index(["variable", "category"])
        assert table.loc[("sex", "f"), "total"] == total
        assert table.loc[("age", "old"), "total"] == 60
    assert margin_table(tmp_path / "none").empty


def test_a_folder_of_no_wave_is_a_fault(tmp_path: Path) -> None:
    folder = written(tmp_path, sex=HEADER + "f,1,x\n", w3__sex=HEADER + "f,1,x\n", w2__sex=HEADER + "f,1,x\n")
    faults = list(stray_margins(folder, ["w1", "w2"]))
    assert [fault.file.name for fault in faults] == ["w3"]
    assert "did you mean `w" in faults[0].message


def test_text_is_kept_as_it_is_written(tmp_path: Path) -> None:
    rows = 'NA,60,"census, 2021"\n 007 , 40.0 ,x\n\n'
    table = margin_table(written(tmp_path, area="\ufeff" + HEADER + rows))
    assert list(table["category"]) == ["NA", "007"]
    assert list(table["total"]) == [60.0, 40.0]
    assert table["source"].iloc[0] == "census, 2021"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("category;total;source\nf;1;x\n", 1, "must have category, total, source, with commas between them"),
        ("", 1, "has the columns , must have"),
        (HEADER + "f,1,x\nf,2,x\n", 3, "`f` stands in line 2 already"),
        (HEADER + "f,1,350,000,x\n", 2, "has 5 cells, must have 3: text with a comma needs quotes"),
        (HEADER + 'f,"1,350",x\n', 2, "must be a number of zero or above, as 1350000 or 0.27, got `1,350`"),
        (HEADER + "f,1,x\nm,-1,x\n", 3, "got `-1`"),
        (HEADER + "f,inf,x\n", 2, "got `inf`"),
        (HEADER + "f,,x\n", 2, "got ``"),
        (HEADER + ",1,x\n", 2, "is empty: name it as the wave's domain does"),
        (HEADER + "f,1,\n", 2, "say where the total is from"),
        (HEADER + "f,0,x\nm,0,x\n", None, "no total is above zero"),
        (HEADER + 'f,1,"x\n', 2, "is not sound CSV"),
        (HEADER.encode() + "ж,1,x\n".encode("cp1251"), 2, "is not UTF-8 text"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    tmp_path: Path, text: str | bytes, line: int | None, says: str
) -> None:
    with pytest.raises(FaultsError) as raised:
        margin_table(written(tmp_path, sex=text))
    (fault,) = raised.value.faults
    assert (fault.file.name, fault.line) == ("sex.csv", line)
    assert says in fault.message
