"""The command that a page prints makes the same report: the same name, parameters and fingerprint, for any values."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from projects import Project

from groundswell.cli import cli
from groundswell.errors import InputError
from groundswell.reports.evidence.manifest import Manifest
from groundswell.reports.publish.archive import folder_name
from groundswell.reports.publish.parameter_text import parameter_text, typed_list
from groundswell.reports.publish.reproduce import command
from groundswell.runs.plan.lineup import Place
from groundswell.runs.plan.manifest import compile_manifest, fingerprint
from groundswell.runs.plan.plan import Plan, plan_report
from groundswell.runs.run import batch
from groundswell.runs.run.outcome import Outcome

# Words that are a default of some parameter, or that a name, a shell or a list could take for something else.
AWKWARD = [
    "en",
    "typical",
    "a b",
    "x-r2",
    "a~b-c",
    "it's",
    '"',
    "--as-of",
    "a=b",
    "[",
    "[1]",
    "",
    ",",
    "a.b",
    "$HOME",
]
typable = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
text = st.sampled_from(AWKWARD) | st.text(typable, max_size=8)
DEFAULTS = {
    "label": "en", "mood": "calm", "count": 1, "ratio": 0.5, "flag": False, "words": ["x"], "others": None,
    "since": None, "seed": 20240101, "language": "en", "unknown_n": "typical",
}  # fmt: skip
VALUES: dict[str, tuple[str, st.SearchStrategy[Any]]] = {
    "label": ("str", text),
    "mood": ("str | None", st.none() | text),
    "count": ("int", st.integers()),
    "ratio": ("float", st.floats(allow_nan=False, allow_infinity=False)),
    "flag": ("bool", st.booleans()),
    "words": ("list[str]", st.lists(text, max_size=3)),
    "others": ("list[str] | None", st.none() | st.lists(text, max_size=3)),
    "since": ("str | None", st.none() | st.dates(date(1990, 1, 1), date(2024, 5, 1)).map(date.isoformat)),
    "seed": ("int", st.sampled_from([7, 20240101])),
    "language": ("str", st.sampled_from(["en", "ru"])),
    "unknown_n": ("str", st.sampled_from(["typical", "leave_out"])),
}
chosen = st.fixed_dictionaries({name: values for name, (_, values) in VALUES.items()})
given_values = st.fixed_dictionaries({}, optional={name: values for name, (_, values) in VALUES.items()})


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    made = Project(tmp_path_factory.mktemp("again") / "my {surveys}")
    (made.folder / "notebooks").mkdir(parents=True)
    made.add_survey("testland")
    return made


def use_defaults(project: Project, name: str, defaults: dict[str, Any]) -> None:
    """A notebook with these parameters at these defaults."""
    lines = ["survey: str = 'x'", "as_of: str | None = None"]
    lines += [f"{name}: {kind} = {defaults[name]!r}" for name, (kind, _) in VALUES.items()]
    cell = {"cell_type": "code", "id": "a", "metadata": {"tags": ["parameters"]}, "source": "\n".join(lines)}
    (project.folder / "notebooks" / f"{name}.ipynb").write_text(
        json.dumps({"cells": [cell]}), encoding="utf-8"
    )


def printed(plan: Plan, tmp_path: Path) -> str:
    """The command on the page of this plan's report."""
    return command(manifest(plan, tmp_path))


def manifest(plan: Plan, saved: Path) -> Manifest:
    (saved / "checks.json").write_text("[]")
    (saved / "findings.json").write_text('{"summary": {}}')
    return compile_manifest(
        inputs=plan.inputs(), parameters=plan.parameters, saved=saved, survey=plan.survey, title=plan.title,
        as_of=plan.as_of, chosen=dict(plan.chosen), revision=1, folder=plan.name, edition=plan.edition,
        notebook=plan.notebook.name, created="2024-06-01T06:00:00+00:00",
    )  # fmt: skip


def typed(project: Project, line: str, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """The plan that the real command line comes to when the line is typed in a shell."""
    plans: list[Plan] = []

    def noted(places: list[Place], _progress: object, **_how: object) -> Iterator[Outcome]:
        plans.extend(place.plan for place in places)
        yield from ()

    monkeypatch.setattr(batch, "run_batch", noted)
    words = shlex.split(line)
    assert words[0] == "groundswell"
    cli.main(["--project", str(project.folder), *words[1:], "-q"], standalone_mode=False)
    (plan,) = plans
    return plan


@given(defaults=chosen, values=given_values, name=st.sampled_from(["wave_report", "my notebook"]))
@example(defaults=DEFAULTS, values={"seed": 5, "language": "en"}, name="wave_report")
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_printed_command_makes_the_same_report(
    project: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    defaults: dict[str, Any],
    values: dict[str, Any],
    name: str,
) -> None:
    use_defaults(project, name, defaults)
    first = plan_report(project.folder, "testland", {"as_of": "2024-06-01"} | values, name)
    again = typed(project, printed(first, tmp_path), monkeypatch)
    assert again.parameters == first.parameters
    assert again.name == first.name
    assert fingerprint(again.inputs(), again.parameters) == fingerprint(first.inputs(), first.parameters)


@given(defaults=chosen, values=given_values, others=given_values)
@example(defaults=DEFAULTS, values={"label": "x"}, others={"label": "x-r2"})
@example(defaults=DEFAULTS, values={"label": "a~mood-b"}, others={"label": "a", "mood": "b"})
@example(defaults=DEFAULTS, values={"words": ["a.b"]}, others={"words": ["a", "b"]})
@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_reports_of_other_parameters_never_share_a_folder(
    project: Project, defaults: dict[str, Any], values: dict[str, Any], others: dict[str, Any]
) -> None:
    use_defaults(project, "wave_report", defaults)
    one, other = (
        plan_report(project.folder, "testland", {"as_of": "2024-06-01"} | given) for given in (values, others)
    )
    assume(one.parameters != other.parameters)
    revisions = range(1, 4)
    assert not {folder_name(one.name, r) for r in revisions} & {folder_name(other.name, r) for r in revisions}


@pytest.mark.parametrize(
    ("values", "says"),
    [
        # without a notebook or a parameter the command makes what the survey plans
        ({}, "groundswell report testland --as-of 2024-06-01 --notebook wave_report"),
        ({"seed": 7}, "groundswell report testland --as-of 2024-06-01 -p seed=7"),
        ({"label": "typical"}, "groundswell report testland --as-of 2024-06-01 -p label=typical"),
        ({"mood": None}, "groundswell report testland --as-of 2024-06-01 -p mood="),
        ({"label": "a b"}, "groundswell report testland --as-of 2024-06-01 -p 'label=a b'"),
        ({"words": ["a", "b"]}, "groundswell report testland --as-of 2024-06-01 -p words=a,b"),
    ],
)
def test_only_what_differs_from_the_defaults_is_printed(
    project: Project, tmp_path: Path, values: dict[str, Any], says: str
) -> None:
    use_defaults(project, "wave_report", DEFAULTS)
    plan = plan_report(project.folder, "testland", {"as_of": "2024-06-01"} | values)
    assert printed(plan, tmp_path) == says


@given(st.lists(text))
@settings(deadline=None)
def test_a_list_is_read_as_it_is_written(words: list[str]) -> None:
    assert typed_list(parameter_text(words)) == words


@pytest.mark.parametrize(("name", "value"), [("label", "a\0b"), ("label", "\ud800"), ("ratio", float("nan"))])
def test_what_cannot_be_typed_is_no_parameter(project: Project, name: str, value: Any) -> None:
    use_defaults(project, "wave_report", DEFAULTS)
    with pytest.raises(InputError, match=f"`{name}=`"):
        plan_report(project.folder, "testland", {"as_of": "2024-06-01", name: value})
