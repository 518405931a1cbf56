"""Coverage-guided fuzzing of the readers: any bytes are read rightly or refused in words, never with a traceback.

    make fuzz FORMAT=csv SECONDS=3600

Each try writes a file, states nothing or something of it (`fuzz_options`), describes every column and asks for a share
or a mean of one, as a user would. What is not
one of our errors ends the run; the file that did it is kept under `tests/fuzz_findings/`, where
`tests/waves/test_fuzz_findings.py` reads it ever after. Needs atheris (`tests/requirements-fuzz.txt`), which runs on
Linux and which `make fuzz` puts into `.fuzz/`.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["groundswell"]):
    from groundswell.errors import GroundswellError
    from groundswell.estimates.design.design import Design
    from groundswell.estimates.of_wave.describing.description import describe_file
    from groundswell.estimates.statistics.of_file import estimate_file
    from groundswell.waves.respondents import reader

import openpyxl
import pandas as pd
import pyarrow as pa
import pyreadstat
from exports.workbooks import write_xls
from fuzz_options import drawn_options
from pyarrow.parquet import write_table

FINDINGS = Path(__file__).parent / "fuzz_findings"

TABLE = pd.DataFrame(
    {
        "id": [1, 2, 3, 4],
        "mood": [1.0, 2.0, 99.0, None],
        "text": ["да", "", "a;b", 'q"1'],
        "w": [0.5, 1.5, 1.0, 1.0],
        "day": pd.to_datetime(["2024-03-01", "2024-03-02", None, "2024-03-04"]),
    }
)
LABELS = {"mood": {1: "Anxious", 2: "Calm", 99: "Don't know"}}
TEXTS = (
    b"id,mood,w\n1,1,0.5\n2,2,1.5\n",
    b"id;mood;w\n1;1,2;0,5\n2;2;1,5\n",
    b'sep=;\n"a ""b""";c\n"1\n2";Y\n;\n',
    b'Q1,Q5_1\n"How, now?","Pick\none"\n"{""ImportId"":""QID1""}","{""ImportId"":""QID5""}"\n1,\n2,1\n',
    'Отметка времени,Настроение\n2024/03/01 9:12:00 AM GMT+3,"Война, Цены"\n'.encode(),
    "mood\tw\n1\t1\n".encode("utf-16"),
    "настроение;вес\nТревога;1,5\n".encode("cp1251"),
)


def seeds(suffix: str) -> Iterator[bytes]:
    """Sound files of a format, from which the fuzzer starts."""
    if suffix in (".csv", ".tsv", ".txt"):
        yield from TEXTS
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"seed{suffix}")
        if suffix in (".sav", ".zsav"):
            labels, missing = {"variable_value_labels": LABELS}, {"missing_ranges": {"mood": [99]}}
            pyreadstat.write_sav(TABLE, file, **labels, **missing, compress=suffix == ".zsav")
        elif suffix == ".dta":
            pyreadstat.write_dta(TABLE, file, variable_value_labels=LABELS)
        elif suffix == ".por":
            pyreadstat.write_por(TABLE.assign(text=["yes", "", "a;b", 'q"1']), file)
        elif suffix == ".xpt":
            pyreadstat.write_xport(TABLE, file)
        elif suffix == ".xls":
            write_xls(
                file, {"Sheet": [["id", "mood", "text"], [1, 2.5, "a, b"], [2, 99, ""], [3, None, "#N/A"]]}
            )
        else:
            raise SystemExit(f"no seeds are made for {suffix}: add them to `seeds`")
        yield file.read_bytes()


CELLS = (
    None,
    "",
    "-",
    "#N/A",
    "NA",
    "Total",
    "1,234.5",
    "1,5",
    "0.50",
    1,
    0,
    2.5,
    -99,
    True,
    "да",
    "a, b",
    "a\nb",
    "id",
)
"""What stands in the cells of a workbook; one that is only bytes would hardly ever be a sound archive."""


def workbook(data: bytes) -> bytes:
    """A workbook whose sheets, rows and cells the bytes choose."""
    chosen = atheris.FuzzedDataProvider(data)
    book = openpyxl.Workbook()
    for number in range(chosen.ConsumeIntInRange(1, 3)):
        sheet = book.active if not number else book.create_sheet(f"Sheet {number}")
        for _ in range(chosen.ConsumeIntInRange(0, 9)):
            width = chosen.ConsumeIntInRange(0, 6)
            row = [chosen.PickValueInList(list(CELLS)) for _ in range(width)]
            if chosen.ConsumeProbability() < 0.2:
                row = [*row, chosen.ConsumeUnicodeNoSurrogates(8).replace("\0", "")]
            try:
                sheet.append(row)
            except openpyxl.utils.exceptions.IllegalCharacterError:
                continue
    written = BytesIO()
    book.save(written)
    return written.getvalue()


COLUMNS = (
    pa.array([1, 2, 99, None]),
    pa.array([2**63 - 1, -(2**63), 0, 1]),
    pa.array([2**64 - 1, 0, 1, None], pa.uint64()),
    pa.array([0.5, float("nan"), float("inf"), -1e308]),
    pa.array([True, False, None, True]),
    pa.array([None] * 4),
    pa.array(["да", "", "a;b", None]),
    pa.array(["Yes", "No", "Don't know", "Yes"]).dictionary_encode(),
    pa.array(["1", "2", "n/a", "1e400"]),
    pa.array([date(2024, 3, 1), date(1, 1, 1), date(9999, 12, 31), None]),
    pa.array([0, -(2**62), 2**62, None], pa.timestamp("ns")),
    pa.array([0, -(2**62), 2**62, None], pa.timestamp("us", "Asia/Tokyo")),
    pa.array([0, 1, 86_399, None], pa.time32("s")),
    pa.array([0, 1, -1, None], pa.duration("s")),
    pa.array([Decimal("1.5"), Decimal("-99"), Decimal(0), None], pa.decimal128(38, 10)),
    pa.array([b"a", b"\xff", b"", None]),
    pa.array([["a"], ["a", "b"], [], None]),
    pa.array([[1], [1, None], [], None]),
    pa.array([[["a"]], [[]], [], None]),
    pa.array([{"x": 1, "y": ["a"]}, {"x": None, "y": []}, None, {"x": 2, "y": None}]),
    pa.array([[("a", 1)], [], None, [("b", None)]], pa.map_(pa.string(), pa.int64())),
)
"""Columns of every kind that a Parquet file may hold, with what is at their ends."""


def parquet(data: bytes) -> bytes:
    """A Parquet file whose columns, names and rows the bytes choose."""
    chosen = atheris.FuzzedDataProvider(data)
    names = [chosen.PickValueInList(["id", "mood", "ID", "a.b", "w", 'q"1', " ", ""]) for _ in range(3)]
    names.append(chosen.ConsumeUnicodeNoSurrogates(6))
    places = [chosen.ConsumeIntInRange(0, len(COLUMNS) - 1) for _ in names[: chosen.ConsumeIntInRange(1, 4)]]
    rows = [chosen.ConsumeIntInRange(0, 3) for _ in range(chosen.ConsumeIntInRange(0, 9))]
    picked = pa.array(rows, pa.int64())
    table = pa.Table.from_arrays([COLUMNS[place].take(picked) for place in places], names[: len(places)])
    written = BytesIO()
    write_table(table, written)
    return written.getvalue()


SIGNS = (
    *(
        "",
        "-",
        ".",
        "..",
        "#N/A",
        "NA",
        "n/a",
        "-99",
        "99",
        "1",
        "0",
        "Y",
        "a;b",
        "1,5",
        "1.5",
        "1,234.5",
        "inf",
        "nan",
    ),
    *(
        "1e400",
        "9223372036854775808",
        "0x1",
        "2024-03-01",
        "01.03.2024 09:12:52",
        "2024/03/01 9:12:00 AM GMT+3",
        "да",
    ),
    *(
        '"',
        '""',
        '"a',
        "a\nb",
        "\ufeff",
        "sep=;",
        "ResponseId",
        "Status",
        "StartDate",
        "Respondent ID",
        "Response",
    ),
    *(
        "submitdate",
        "_uuid",
        "Total",
        "Итого",
        "id",
        "mood",
        "Q5_1",
        '{"ImportId":"QID1"}',
        "true",
        "x" * 300,
        "\x00",
    ),
)
"""What stands in the cells of survey files, and what breaks their readers."""


def changed_text(data: bytes, size: int, seed: int) -> bytes:
    """A text with a cell, a row or a column changed, as people and programs change them; or with bytes changed."""
    drawn = random.Random(seed)
    text = data.decode("utf-8", errors="surrogateescape")
    rows = text.split("\n")
    if drawn.random() < 0.3 or size < len(data):
        return atheris.Mutate(data, size)
    sign = max(",;\t|", key=text.count)
    at = drawn.randrange(len(rows))
    cells = rows[at].split(sign)
    kind = drawn.choice(("cell", "cell", "cell", "twice", "away", "swap", "wider", "column", "delimiter"))
    if kind == "cell":
        cells[drawn.randrange(len(cells))] = drawn.choice(SIGNS)
        rows[at] = sign.join(cells)
    elif kind == "twice":
        rows[at:at] = [rows[at]] * drawn.choice((1, 2, 30))
    elif kind == "away":
        del rows[at]
    elif kind == "swap":
        other = drawn.randrange(len(rows))
        rows[at], rows[other] = rows[other], rows[at]
    elif kind == "wider":
        rows[at] += sign + drawn.choice(SIGNS)
    elif kind == "column":
        rows = [row + sign + drawn.choice(SIGNS) for row in rows]
    else:
        rows = [row.replace(sign, drawn.choice(",;\t|")) for row in rows]
    made = "\n".join(rows).encode("utf-8", errors="surrogateescape")
    return made if len(made) <= size else atheris.Mutate(data, size)


MADE = {".xlsx": workbook, ".xlsm": workbook, ".parquet": parquet}
"""Formats of which bytes that are only changed would hardly ever make a sound file."""


def one_try(suffix: str, folder: Path) -> Callable[[bytes], None]:
    """Read what the fuzzer made, and use it."""
    file = folder / f"wave{suffix}"
    database = reader.connect()
    reader.connect = database.cursor  # a database of its own for each file takes longer than reading it

    def read(data: bytes) -> None:
        file.write_bytes(MADE[suffix](data) if suffix in MADE else data)
        with warnings.catch_warnings(action="ignore"):
            content = file.read_bytes()
            options = drawn_options(content, suffix)
            try:
                columns = [question.column for question in describe_file(file, options=options).questions]
                asked = [columns[len(data) % len(columns)]]
                if len(data) % 3:
                    estimate_file(file, Design(), shares=asked, options=options)
                else:
                    estimate_file(file, Design(), means=asked, options=options)
            except GroundswellError:
                return
            except Exception:
                shutil.copy(file, FINDINGS / f"{hashlib.sha256(content).hexdigest()[:12]}{suffix}")
                raise

    return read


def main() -> None:
    """`fuzzing.py .csv [options of libFuzzer]`."""
    suffix = sys.argv.pop(1)
    if suffix not in reader.FORMATS:
        raise SystemExit(f"{suffix} is not a format that is read: {', '.join(reader.FORMATS)}")
    FINDINGS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "corpus")
        corpus.mkdir()
        if suffix not in MADE:
            for number, seed in enumerate(seeds(suffix)):
                (corpus / f"{number}").write_bytes(seed)
        made = [f"-artifact_prefix={folder}/", "-len_control=0", "-max_len=4096"]
        changed = {"custom_mutator": changed_text} if suffix in (".csv", ".tsv", ".txt") else {}
        atheris.Setup(
            [sys.argv[0], str(corpus), *made, *sys.argv[1:]], one_try(suffix, Path(folder)), **changed
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main()
