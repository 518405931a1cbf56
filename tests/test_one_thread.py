"""Linear algebra has one thread in every command, unless the user says otherwise."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from groundswell.one_thread import THREADS, keep_to_one_thread

ASKED = """
import os, sys
from groundswell.cli import main
assert "numpy" not in sys.modules, "too late to say how many threads"
try:
    main(["--help"])
except SystemExit:
    pass
print(*(os.environ[name] for name in {names}))
"""


def test_what_is_set_stays_and_what_is_not_becomes_one() -> None:
    environment = {"OPENBLAS_NUM_THREADS": "4", "HOME": "/"}
    keep_to_one_thread(environment)
    assert environment == {
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "4",
        "MKL_NUM_THREADS": "1",
        "HOME": "/",
    }


@pytest.mark.parametrize("given", ["", "3"])
def test_a_command_says_so_before_numpy_is_loaded(given: str) -> None:
    bare = {name: value for name, value in os.environ.items() if name not in THREADS}
    environment = bare | ({"OMP_NUM_THREADS": given} if given else {})
    done = subprocess.run(
        [sys.executable, "-c", ASKED.format(names=THREADS)],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    assert done.stdout.splitlines()[-1] == f"{given or 1} 1 1"
