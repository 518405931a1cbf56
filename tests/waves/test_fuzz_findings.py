"""Files that fuzzing (`make fuzz`) once brought to a traceback: each is read, or refused in words."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from fuzz_options import drawn_options

from groundswell.errors import GroundswellError
from groundswell.estimates.design.design import Design
from groundswell.estimates.of_wave.describing.description import describe_file
from groundswell.estimates.statistics.of_file import estimate_file
from groundswell.waves.respondents.layouts.layout import AS_FOUND

FINDINGS = sorted((Path(__file__).parents[1] / "fuzz_findings").glob("*.*"))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("file", FINDINGS, ids=lambda file: file.name)
def test_a_file_is_read_or_refused_in_words(file: Path) -> None:
    for options in (AS_FOUND, drawn_options(file.read_bytes(), file.suffix)):
        with contextlib.suppress(GroundswellError):
            for question in describe_file(file, options=options).questions:
                for asked in ({"shares": [question.column]}, {"means": [question.column]}):
                    with contextlib.suppress(GroundswellError):
                        estimate_file(file, Design(), options=options, **asked)
