"""What a notebook may take, and what of the user's environment it gets."""

from __future__ import annotations

import math
import os
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
@pytest.mark.parametrize("wrong", ["0", "-1", "lots", "1 week", "nan", "1e3", "٣", "٣MB", "0MB"])
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


@pytest.mark.parametrize(
    ("size", "words"), [(999, "0.999KB"), (1e6, "1MB"), (1e9, "1GB"), (1.23456e9, "1.235GB")]
)
def test_a_size_is_told_in_four_digits_of_the_largest_unit_that_it_fills(size: float, words: str) -> None:
    assert in_words(size) == words


def test_each_setting_says_what_it_takes_and_the_way_out() -> None:
    for name, takes in (
        ("GROUNDSWELL_CELL_SECONDS", "seconds, such as `600`"),
        ("GROUNDSWELL_REPORT_SECONDS", "seconds, such as `600`"),
        ("GROUNDSWELL_MEMORY", "a size, such as `8GB`"),
        ("GROUNDSWELL_OUTPUT_SIZE", "a size, such as `50MB`"),
        ("GROUNDSWELL_SAVED_SIZE", "a size, such as `50MB`"),
        ("GROUNDSWELL_SAVED_FILES", "a number of files, such as `1000`"),
    ):
        with pytest.raises(InputError) as told:
            read_limits({name: "lots"})
        assert (
            str(told.value) == f"`{name}` is {takes}, or `none`, got `lots`; leave it unset for the default"
        )


def test_the_defaults_are_read_as_they_are_stated_and_a_blank_setting_is_none() -> None:
    stated = {
        "GROUNDSWELL_CELL_SECONDS": " ",
        "GROUNDSWELL_REPORT_SECONDS": "0.5",
        "GROUNDSWELL_MEMORY": "1.5TB",
    }
    assert read_limits(stated) == Limits(3600, 0.5, 1.5e12, 5e7, 1e9, 1000)


def test_three_quarters_of_the_machines_memory_are_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sysconf", {"SC_PHYS_PAGES": 1000, "SC_PAGE_SIZE": 4096}.__getitem__)
    assert read_limits({}).memory == 0.75 * 4_096_000
    for error in (OSError(), ValueError()):

        def silent(_name: str, error: Exception = error) -> int:
            raise error

        monkeypatch.setattr(os, "sysconf", silent)
        assert read_limits({}).memory == math.inf


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
