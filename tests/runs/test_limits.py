"""What a notebook may take, and what of the user's environment it gets."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from groundswell.errors import InputError
from groundswell.one_thread import THREADS
from groundswell.runs.kernel.limits import DEFAULTS, MEMORY, Limits, in_words, read_limits
from groundswell.runs.kernel.surroundings import KERNEL_ENV, PASSED, surroundings


def test_the_defaults_bound_everything() -> None:
    limits = read_limits({})
    assert all(map(math.isfinite, vars(limits).values()))
    assert limits.memory > 1e8


def test_settings_are_read() -> None:
    stated = {
        "GROUNDSWELL_CELL_SECONDS": "1.5",
        "GROUNDSWELL_REPORT_SECONDS": " 20 ",
        "GROUNDSWELL_MEMORY": "2gb",
        "GROUNDSWELL_OUTPUT_SIZE": "1.5 MB",
        "GROUNDSWELL_SAVED_SIZE": "500KB",
        "GROUNDSWELL_SAVED_FILES": "none",
    }
    assert read_limits(stated) == Limits(1.5, 20, 2e9, 1.5e6, 5e5, math.inf)


@pytest.mark.parametrize("name", [*DEFAULTS, MEMORY])
@pytest.mark.parametrize("wrong", ["0", "-1", "lots", "1 week", "nan", "1e3", "٣", "0MB"])
def test_what_is_no_limit_is_refused_by_the_settings_name(name: str, wrong: str) -> None:
    with pytest.raises(InputError, match=f"`{name}` is .*got `{wrong}`"):
        read_limits({name: wrong})


def test_a_number_without_a_unit_is_no_size_and_a_size_is_no_time() -> None:
    with pytest.raises(InputError, match="a size, such as"):
        read_limits({"GROUNDSWELL_MEMORY": "8"})
    with pytest.raises(InputError, match="seconds, such as"):
        read_limits({"GROUNDSWELL_CELL_SECONDS": "8GB"})


@pytest.mark.parametrize("stated", ["8GB", "1.5GB", "50MB", "500KB"])
def test_a_size_is_told_as_it_was_stated(stated: str) -> None:
    assert in_words(read_limits({MEMORY: stated}).memory) == stated


def test_no_token_of_the_users_reaches_a_kernel() -> None:
    own = {"PATH": "/bin", "LC_TIME": "de_DE", "TZ": "UTC", "AWS_SECRET_ACCESS_KEY": "s", "GITHUB_TOKEN": "t"}
    own |= {"HTTPS_PROXY": "http://olga:secret@proxy", "TMPDIR": "/scratch"}
    passed = surroundings(own)
    assert passed.items() >= {"PATH": "/bin", "LC_TIME": "de_DE", "TZ": "UTC"}.items()
    assert not {"AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "HTTPS_PROXY", "TMPDIR"} & passed.keys()


def test_more_is_passed_by_name() -> None:
    own = {
        "GROUNDSWELL_KERNEL_ENV": "MY_TOKEN, TMPDIR,ABSENT",
        "MY_TOKEN": "t",
        "TMPDIR": "/scratch",
        "OTHER": "o",
    }
    assert surroundings(own).items() >= {"MY_TOKEN": "t", "TMPDIR": "/scratch"}.items()
    assert not {"ABSENT", "OTHER"} & surroundings(own).keys()


def test_libraries_use_one_thread_unless_told_otherwise() -> None:
    passed = surroundings({"OMP_NUM_THREADS": "4"})
    assert (passed["OMP_NUM_THREADS"], passed["MKL_NUM_THREADS"]) == ("4", "1")


def test_the_documents_name_every_setting_with_its_default_and_every_variable_that_is_passed(
    repository: Path,
) -> None:
    page = (repository / "docs" / "scheduling.md").read_text(encoding="utf-8")
    for name, default in DEFAULTS.items():
        (row,) = (line for line in page.splitlines() if line.startswith(f"| `{name}`"))
        assert row.endswith(f"| `{default}` |")
    for name in (MEMORY, KERNEL_ENV, *PASSED, *THREADS):
        assert name in page, name
