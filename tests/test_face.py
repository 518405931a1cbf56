"""The face in Python: what `import groundswell as gs` offers, and what it promises whoever types it."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

import groundswell as gs
from groundswell.cli import main
from groundswell.errors import InputError
from groundswell.reports.notebook.report import Report
from groundswell.reports.notebook.wave_profile import WaveProfile
from groundswell.reprs import as_table

NAMES = [
    *(
        "Design",
        "Trend",
        "__version__",
        "calibrate",
        "changes",
        "chi_square",
        "comparisons",
        "contrast",
        "crosstab",
    ),
    *("estimate_file", "fit_domains", "fit_mood", "fit_question", "quantiles"),
    *("fit_trend", "fit_trends", "load_survey", "margin_distances", "means", "observations", "open_profile"),
    *("open_report", "post_stratify", "rake", "ratios", "regression", "shared_between_waves", "shares"),
    *(
        "shares_and_covariance",
        "shares_covariance",
        "slope",
        "t_test",
        "totals",
        "trim",
        "weight_diagnostics",
    ),
]
WITH_EXAMPLE = [name for name in NAMES if name != "__version__"]
FLOORS = ("waves", "estimates", "trends", "reports")
FEW_LINES = 6
MOST_POSITIONAL = 2
MORE_POSITIONAL = {
    "quantiles": "a column's name and a list of numbers: given in another order each of them is refused",
    "Trend.next_wave": "a name, a number and a date: given in another order each of them is refused",
}
CONVENTIONS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def examples(name: str) -> doctest.DocTest:
    """The examples in the docstring of one public name, those of its methods not among them."""
    text, names = inspect.getdoc(getattr(gs, name)) or "", {"gs": gs, "np": np, "pd": pd}
    return doctest.DocTestParser().get_doctest(text, names, name, None, 0)


@pytest.mark.parametrize("name", WITH_EXAMPLE)
def test_every_public_name_has_an_example_that_runs(
    name: str, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    asked, output = examples(name), []
    assert asked.examples, f"`gs.{name}` shows no example"
    outcome = doctest.DocTestRunner(optionflags=CONVENTIONS).run(asked, out=output.append)
    assert outcome.failed == 0, "".join(output)


def test_the_list_of_public_names_is_short_and_whole() -> None:
    assert sorted(NAMES) == dir(gs) == sorted(gs.__all__)
    assert all(getattr(gs, name) is not None for name in NAMES)
    assert len(WITH_EXAMPLE) <= 36


@pytest.mark.parametrize("package", ["groundswell", *(f"groundswell.{floor}" for floor in FLOORS)])
def test_an_unknown_name_is_answered_with_the_nearest_and_the_list(package: str) -> None:
    module = importlib.import_module(package)
    known = dir(module)[-1]
    with pytest.raises(AttributeError) as refused:
        getattr(module, f"{known}x")
    assert f"public names of `{package}`" in str(refused.value)
    assert f"did you mean `{known}`?" in str(refused.value)
    assert ", ".join(sorted(dir(module))) in str(refused.value)


@pytest.mark.parametrize("floor", FLOORS)
def test_a_floor_does_not_go_through_its_own_face(floor: str, repository: Path) -> None:
    """The face is loaded late, so that the order of rooms cannot be read off what goes through it."""
    for file in (repository / "src" / "groundswell" / floor).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.module != f"groundswell.{floor}", f"{file}:{node.lineno}"


def public_calls() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function, and every public method of what they give to a notebook."""
    for name in WITH_EXAMPLE:
        if inspect.isfunction(getattr(gs, name)):
            yield name, getattr(gs, name)
    for kind in (gs.Trend, gs.Design, Report, WaveProfile):
        for name, method in inspect.getmembers(kind, inspect.isfunction):
            if not name.startswith("_"):
                yield f"{kind.__name__}.{name}", method


def positional(call: Callable[..., Any]) -> list[str]:
    """The parameters that may be given without their names, `self` and `*args` not among them."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = inspect.signature(call).parameters.values()
    return [one.name for one in parameters if one.kind in kinds and one.name != "self"]


def test_what_can_be_confused_is_given_by_name() -> None:
    many = {name for name, call in public_calls() if len(positional(call)) > MOST_POSITIONAL}
    assert many == set(MORE_POSITIONAL)
    assert positional(gs.open_report) == positional(gs.open_profile) == ["survey"]
    assert positional(gs.fit_trend) == ["waves", "indicator"]
    assert positional(gs.observations) == ["survey"]
    assert positional(gs.comparisons) == ["trends"]


@pytest.mark.parametrize(
    "swapped",
    [(1500, "rating", "2023-11-22"), ("rating", "2023-11-22", 1500), ("2023-11-22", 1500, "rating")],
)
def test_the_exception_refuses_every_other_order(swapped: tuple[Any, Any, Any], planning: gs.Trend) -> None:
    assert len(planning.next_wave("rating", 1500, "2023-11-22")) == 1
    with pytest.raises(InputError):
        planning.next_wave(*swapped)


@pytest.fixture(scope="module")
def planning(repository: Path) -> gs.Trend:
    survey = gs.load_survey(repository / "surveys" / "ukraine-outlook")
    return gs.fit_trend(survey, "planning", as_of="2023-12-31")


@pytest.fixture(scope="module")
def shown(planning: gs.Trend, repository: Path) -> dict[str, object]:
    """One of every kind of object that a notebook prints."""
    return {
        "Survey": gs.load_survey(repository / "surveys" / "ukraine-outlook"),
        "Design": gs.Design(
            weights="w", strata=["region"], margins=["sex", ("age", "region")], base_weights="w0"
        ),
        "Trend": planning,
        "Report": gs.open_report("ukraine-outlook", as_of="2023-12-31", project=repository),
        "WaveProfile": gs.open_profile("simulated-panel", wave="wave-12", project=repository),
    }


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("Survey", "survey: ukraine-outlook, "),
        (
            "Design",
            "Design(weights='w', strata=('region',), margins=('sex', ('age', 'region')), base_weights='w0')",
        ),
        ("Trend", "trend: planning, as of 2023-12-31\nwaves: 3 (1 house), 2021-11-15 to 2023-11-22\n"),
        ("Report", "report: ukraine-outlook, as of 2023-12-31\nindicators: planning, outlook\n"),
        ("WaveProfile", "profile: simulated-panel, wave-12\nindicators: anxiety, planning\n"),
    ],
)
def test_what_a_notebook_prints_is_a_few_lines(kind: str, says: str, shown: dict[str, object]) -> None:
    text = repr(shown[kind])
    assert text.startswith(says)
    assert len(text.splitlines()) <= FEW_LINES
    assert max(map(len, text.splitlines())) <= 200
    assert str(shown[kind]) == text


@pytest.mark.parametrize("kind", ["Trend", "Report", "WaveProfile"])
def test_jupyterlab_shows_the_same_lines_as_a_table(kind: str, shown: dict[str, Any]) -> None:
    table = ElementTree.fromstring(shown[kind]._repr_html_())
    rows = [": ".join("".join(cell.itertext()) for cell in row) for row in table.iter("tr")]
    assert rows == repr(shown[kind]).splitlines()


WRONG_IN_PYTHON: dict[str, Callable[[dict[str, Any]], object]] = {
    "`as_of=`: write a date as YYYY-MM-DD, got `2024`": lambda o: gs.observations(o["survey"], as_of="2024"),
    "`since=`: write a date as YYYY-MM-DD, got `x`": lambda o: gs.observations(o["survey"], since="x"),
    "`survey=` is a DataFrame": lambda o: gs.observations(o["people"]),
    "`certainty=` is a list of words": lambda o: gs.observations(o["survey"], certainty="derived"),
    "`certainty=`: `sure` is not known": lambda o: gs.observations(o["survey"], certainty=["sure"]),
    "`unknown_n=` must be": lambda o: gs.observations(o["survey"], unknown_n="maybe"),  # type: ignore[arg-type]
    "`indicator=` must say which": lambda o: gs.fit_trend(o["survey"]),
    "`waves=` is a str": lambda o: gs.fit_trend("russia-mood", "anxiety"),  # type: ignore[arg-type]
    "`reference=` must be a variant or a house": lambda o: gs.fit_trend(
        o["survey"], "planning", reference="x"
    ),
    "`shared_bias_sd=` must be": lambda o: gs.fit_trend(o["survey"], "planning", shared_bias_sd=-1.0),
    "`house_years=` must be": lambda o: gs.fit_trend(o["survey"], "planning", house_years=0.0),
    "`seed=` must be": lambda o: gs.fit_trend(o["survey"], "planning", seed=-1),
    "`processes=` must be": lambda o: gs.fit_trends(o["survey"], processes=0),
    "`at=`: write a date": lambda o: o["trend"].level("1.2.2024"),
    "`n=` and `deff=` must be above 0": lambda o: o["trend"].next_wave("rating", 0, "2024-01-01"),
    "`since=`: must not lie after": lambda o: o["open"](as_of="2023-12-31", since="2024-01-01"),
    "`language=` is `xx`": lambda o: o["open"](language="xx"),
    "`seed=` must be a whole number": lambda o: o["open"](seed=-1),
    "`as_of=`: `ukraine-outlook` has no wave": lambda o: o["open"](as_of="2001-01-01"),
    "`weights=` names `nope`": lambda o: gs.shares(o["people"], gs.Design(weights="nope"), "calm"),
    "`by=` names `nope`": lambda o: gs.shares(o["people"], gs.Design(), "calm", by=["nope"]),
    "`design=` is a str": lambda o: gs.shares(o["people"], "w", "calm"),  # type: ignore[arg-type]
    "`level=` is `95`": lambda o: gs.means(o["people"], gs.Design(), "calm", level=95),
    "`fay_rho=` is missing": lambda o: gs.Design(weights="w", replicates="r*", replicate_kind="Fay"),
    "`family=` is `probit`": lambda o: gs.regression(
        o["people"],
        gs.Design(),
        outcome="calm",
        terms=["w"],
        family="probit",  # type: ignore[arg-type]
    ),
    "`weights=` holds no weight above zero": lambda o: gs.weight_diagnostics([0.0, 0.0]),
    "`before=` has 1 weights for 3": lambda o: gs.margin_distances(
        o["people"], {"w": {"1": 1.0}}, before=np.ones(1), after=np.ones(3)
    ),
}


@pytest.mark.parametrize("says", WRONG_IN_PYTHON)
def test_an_error_in_python_names_the_argument_as_python_does(
    says: str, planning: gs.Trend, repository: Path
) -> None:
    given = {
        "survey": gs.load_survey(repository / "surveys" / "ukraine-outlook"),
        "trend": planning,
        "people": pd.DataFrame({"calm": [1, 0, 1], "w": [1, 1, 1]}),
        "open": partial(gs.open_report, "ukraine-outlook", project=repository),
    }
    with pytest.raises(InputError) as refused:
        WRONG_IN_PYTHON[says](given)
    assert str(refused.value).startswith(says)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            "trend ukraine-outlook --at {asked} --out {out} --as-of 2024",
            "`--as-of`: write a date as YYYY-MM-DD",
        ),
        (
            "trend ukraine-outlook --at {asked} --out {out} --as-of 2001-01-01",
            "`--as-of`: `ukraine-outlook` has",
        ),
        ("trend ukraine-outlook --at {asked} --out {out} --seed -1", "`--seed` must be a whole number"),
        ("report ukraine-outlook -p seed=-1", "`-p seed` must be a whole number"),
        ("report ukraine-outlook -p unknown_n=maybe", "`-p unknown_n`: `maybe` is not known"),
        ("report ukraine-outlook -p certainty=sure", "`-p certainty`: `sure` is not known"),
        ("report ukraine-outlook -p language=xx", "`-p language`: `xx` is not known"),
        ("report ukraine-outlook --as-of 2023-12-31 -p since=2024-01-01", "`-p since`: must not lie after"),
        ("estimate {people} --share calm --weights nope", "`--weights` names `nope`"),
        ("estimate {people} --share calm --by nope", "`--by` names `nope`"),
        ("estimate {people} --share calm --level 95", "`--level` is `95.0`"),
        (
            "estimate {people} --share calm --weights w --replicates w* --replicate-kind Fay",
            "`--fay-rho` is missing",
        ),
        ("estimate {people} --share calm --weights w --margins calm", "`--base-weights` is missing"),
    ],
)
def test_an_error_of_a_command_names_the_option_as_it_is_typed(
    arguments: str,
    says: str,
    repository: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(repository)
    (tmp_path / "asked.csv").write_text("date,series\n2024-01-01,planning\n", encoding="utf-8")
    (tmp_path / "people.csv").write_text("calm,w\n1,1\n0,1\n1,1\n", encoding="utf-8")
    files = {name: tmp_path / f"{name}.csv" for name in ("asked", "people", "out")}
    with pytest.raises(SystemExit) as ended:
        main(arguments.format(**files).split())
    assert ended.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert says in error
    assert not files["out"].exists()


def test_a_text_that_others_wrote_is_escaped() -> None:
    (row,) = ElementTree.fromstring(as_table({"<b>": "a < b & <script>alert(1)</script>"})).iter("tr")
    assert [cell.text for cell in row] == ["<b>", "a < b & <script>alert(1)</script>"]
