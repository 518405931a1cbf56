"""What nobody uses is left out of our processes and of nobody else's."""

from __future__ import annotations

import subprocess
import sys


def run(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_a_run_imports_neither_what_nobody_uses_nor_what_fits_in_the_kernel() -> None:
    parts = "groundswell.runs.run.making, groundswell.runs.kernel.papermill_run.execution"
    parts += ", groundswell.reports.publish.index.archive_pages"
    heavy = ("rfc3987_syntax", "boto3", "statsmodels", "scipy.optimize", "duckdb")
    code = f"import sys, {parts}, groundswell.reports.publish.page\nprint(set({heavy}) & set(sys.modules))"
    assert run(code) == "set()"


def test_notebooks_are_still_validated() -> None:
    code = """
import groundswell.runs.kernel.papermill_run.execution, nbformat
try:
    nbformat.validate({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "cake"}]})
except nbformat.ValidationError:
    print("refused")
"""
    assert run(code) == "refused"


def test_a_library_that_is_there_already_stays() -> None:
    code = """
import sys, types
from groundswell.runs.kernel.unused_libraries import without_unused
sys.modules["rfc3987_syntax"] = there = types.ModuleType("rfc3987_syntax")
with without_unused():
    import rfc3987_syntax
print(rfc3987_syntax is there is sys.modules["rfc3987_syntax"])
"""
    assert run(code) == "True"
