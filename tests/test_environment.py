"""pyproject.toml, requirements.lock and environment.yml name one set of packages."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

# conda-forge's name where it differs from PyPI's
CONDA_NAMES = {
    "python-duckdb": "duckdb",
    "jupyter_client": "jupyter-client",
    "lazy_loader": "lazy-loader",
}


def declared(repository: Path) -> dict[str, Requirement]:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    lines = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    lines += [line for extra in project["project"]["optional-dependencies"].values() for line in extra]
    return {canonicalize_name(Requirement(line).name): Requirement(line) for line in lines}


def locked(repository: Path) -> dict[str, set[Version]]:
    pins: dict[str, set[Version]] = {}
    for line in (repository / "requirements.lock").read_text(encoding="utf-8").splitlines():
        if found := re.match(r"([A-Za-z0-9_.-]+)==([^ ;\\]+)", line):
            pins.setdefault(canonicalize_name(found[1]), set()).add(Version(found[2]))
    return pins


def conda(repository: Path) -> dict[str, Requirement]:
    lines = re.findall(
        r"^ +- ([a-z].*)$", (repository / "environment.yml").read_text(encoding="utf-8"), re.MULTILINE
    )
    wanted = [
        Requirement(line) for line in lines if line not in {"conda-forge", "pip", "pip:"} and line[0] != "-"
    ]
    return {canonicalize_name(CONDA_NAMES.get(each.name, each.name)): each for each in wanted}


def test_every_declared_package_is_locked_inside_its_range(repository: Path) -> None:
    pins = locked(repository)
    for name, requirement in declared(repository).items():
        assert name in pins, f"`{name}` is in pyproject.toml and not in requirements.lock: run `make lock`"
        outside = [str(pin) for pin in pins[name] if pin not in requirement.specifier]
        assert not outside, f"`{requirement}` does not admit the locked {outside}: run `make lock`"


def test_conda_users_get_the_same_packages_and_ranges(repository: Path) -> None:
    environment = conda(repository)
    assert str(environment.pop("python").specifier) == ">=3.11"
    wanted = declared(repository)
    assert set(environment) == set(wanted)
    assert {name: each.specifier for name, each in environment.items()} == {
        name: each.specifier for name, each in wanted.items()
    }


@pytest.mark.parametrize("mark", ["://", "--index-url", "--extra-index-url", "--find-links"])
def test_the_lock_holds_hashes_and_no_index_address(repository: Path, mark: str) -> None:
    lock = (repository / "requirements.lock").read_text(encoding="utf-8")
    assert mark not in lock
    blocks = re.split(r"\n(?=[A-Za-z0-9])", lock)
    assert all("--hash=sha256:" in block for block in blocks)


def test_ci_runs_on_every_python_that_is_promised(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    promised = re.findall(r"Python :: (3\.\d+)$", "\n".join(project["classifiers"]), re.MULTILINE)
    workflow = (repository / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    matrix = re.findall(r"^ +python: \[(.+)\]$", workflow, re.MULTILINE)
    assert matrix == [", ".join(f'"{version}"' for version in promised)]
    assert project["requires-python"] == f">={promised[0]}"
