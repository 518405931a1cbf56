"""Parameters are checked by their declared type before a kernel starts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from projects import Project

from groundswell.dates import today
from groundswell.errors import InputError
from groundswell.runs.plan.notebook import Cell, ReportNotebook, report_notebook
from groundswell.runs.plan.parameters import default_parameters, parse_assignments, resolve_parameters
from groundswell.runs.plan.plan import chosen_parameters, describe_edition
from groundswell.waves import Survey, load_survey


@pytest.fixture
def survey(project: Project) -> Survey:
    return load_survey(project.folder / "surveys" / "testland")


@pytest.fixture
def notebook(project: Project) -> ReportNotebook:
    return report_notebook(project.folder / "notebooks" / "wave_report.ipynb")


def with_cell(notebook: ReportNotebook, cell: str) -> ReportNotebook:
    return replace(notebook, cells=(Cell("code", cell, ("parameters",), "parameters"),))


def edition(notebook: ReportNotebook, parameters: dict[str, Any]) -> str:
    return describe_edition(notebook, chosen_parameters(notebook, parameters))


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("since", "2022-01-01", "2022-01-01"),
        ("since", "", None),
        ("seed", "7", 7),
        ("indicator", "anxiety", "anxiety"),
        ("certainty", "derived,verbatim_primary", ["derived", "verbatim_primary"]),
        ("unknown_n", "leave_out", "leave_out"),
        ("language", "en", "en"),
    ],
)
def test_a_text_becomes_its_declared_type(
    survey: Survey, notebook: ReportNotebook, name: str, written: str, value: Any
) -> None:
    assert resolve_parameters(notebook, survey, {name: written})[name] == value


@pytest.mark.parametrize("text", ["2024_05", "NO", "007", "1e3", "null", "true", "a=b", "Ж\n\"'{x}"])
def test_a_text_parameter_stays_the_text_that_was_written(
    survey: Survey, notebook: ReportNotebook, text: str
) -> None:
    notebook = with_cell(notebook, "survey: str = 'x'\nas_of: str | None = None\nlabel: str = ''")
    (written,) = parse_assignments([f"label={text}"])["label"]
    assert resolve_parameters(notebook, survey, {"label": written})["label"] == text


@pytest.mark.parametrize(
    ("name", "written", "says"),
    [
        ("sinse", "2022-01-01", "did you mean `since`"),
        ("since", "01.02.2022", "YYYY-MM-DD"),
        ("since", "20220101", "YYYY-MM-DD"),
        ("since", "2022-02-30", "`since=`: a date must be a day of the calendar"),
        ("since", "2999-01-01", "must not lie after the as-of date"),
        ("as_of", (today() + timedelta(days=2)).isoformat(), "at most today"),
        ("seed", "seven", "`seed=`"),
        ("seed", "1.5", "`seed=`"),
        ("seed", "", "`seed=`"),
        ("indicator", "anxeity", "did you mean `anxiety`"),
        ("certainty", "derived,sure", "`sure`"),
        ("unknown_n", "guess", "leave_out"),
        ("language", "fr", "known: en"),
    ],
)
def test_a_wrong_parameter_is_refused_with_the_way_out(
    survey: Survey, notebook: ReportNotebook, name: str, written: str, says: str
) -> None:
    with pytest.raises(InputError, match="`") as error:
        resolve_parameters(notebook, survey, {name: written})
    assert says in str(error.value)


OPEN = "survey: str = 'x'\nas_of: str | None = None\nlanguage: str | None = None"


@pytest.mark.parametrize(
    ("own", "asked", "resolved"),
    [
        ("en", {}, None),
        ("en", {"language": "en"}, None),
        ("en", {"language": "ru"}, "ru"),
        ("ru", {}, None),
        ("ru", {"language": "ru"}, None),
        ("ru", {"language": "en"}, "en"),
        ("uk", {"language": "en"}, "en"),
    ],
)
def test_the_survey_s_own_language_is_the_default_however_it_is_asked_for(
    survey: Survey, notebook: ReportNotebook, own: str, asked: dict[str, str], resolved: str | None
) -> None:
    speaks = survey.model_copy(update={"language": own})
    opened = with_cell(notebook, OPEN)
    parameters = resolve_parameters(opened, speaks, asked)
    assert parameters["language"] == resolved
    assert edition(opened, parameters) == (f"language-{resolved}" if resolved else "")


def test_a_survey_s_language_without_a_catalogue_is_refused_with_the_way_out(
    survey: Survey, notebook: ReportNotebook
) -> None:
    speaks = survey.model_copy(update={"language": "uk"})
    with pytest.raises(
        InputError, match=r'`testland`.*`language = "uk"`, which no report speaks.*known: en, ru'
    ):
        resolve_parameters(with_cell(notebook, OPEN), speaks, {})


@pytest.mark.parametrize(
    "assignments", [["since"], ["=x"], ["since=1", "since=1"], ["survey=x"], ["previous=x"]]
)
def test_an_assignment_that_cannot_be_meant_is_refused(assignments: list[str]) -> None:
    with pytest.raises(InputError, match="-p"):
        parse_assignments(assignments)


def test_as_of_is_today_where_not_given(survey: Survey, notebook: ReportNotebook) -> None:
    before = today()  # midnight may pass meanwhile
    assert before.isoformat() <= resolve_parameters(notebook, survey, {})["as_of"] <= today().isoformat()


@pytest.mark.parametrize(
    "cell",
    [
        "survey = 'x'",
        "survey: bytes = b''",
        "import os",
        "survey: str",
        "print('x')",
        "d: dict | None = None",
    ],
)
def test_a_cell_that_declares_no_parameter_is_refused(notebook: ReportNotebook, cell: str) -> None:
    with pytest.raises(InputError, match="wave_report"):
        default_parameters(with_cell(notebook, cell))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": []}', "\x00"])
def test_a_notebook_that_is_none_is_refused(notebook: ReportNotebook, text: str) -> None:
    notebook.file.write_text(text)
    with pytest.raises(InputError, match="wave_report"):
        default_parameters(report_notebook(notebook.file))


def test_the_default_parameters_name_no_edition(survey: Survey, notebook: ReportNotebook) -> None:
    assert edition(notebook, resolve_parameters(notebook, survey, {"as_of": "2024-06-01"})) == ""


def test_an_edition_is_named_by_its_parameters_or_by_their_digest(
    survey: Survey, notebook: ReportNotebook
) -> None:
    plain = resolve_parameters(notebook, survey, {"since": "2022-01-01", "indicator": "anxiety"})
    assert edition(notebook, plain) == "indicator-anxiety~since-2022-01-01"
    notebook = with_cell(notebook, "survey: str = 'x'\nas_of: str | None = None\nlabel: str = ''")
    names = {
        edition(notebook, resolve_parameters(notebook, survey, {"label": label}))
        for label in ("../../x", "A", "a b", "x" * 200)
    }
    assert len(names) == 4
    assert all(len(name) == 8 and name.isalnum() for name in names)
