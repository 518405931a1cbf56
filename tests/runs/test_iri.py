"""The grammar is left out of our processes and of nobody else's."""

from __future__ import annotations

import subprocess
import sys


def run(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_a_run_and_a_kernel_do_without_the_grammar() -> None:
    assert (
        run("import sys, groundswell.runs.kernel.execution; print('rfc3987_syntax' in sys.modules)")
        == "False"
    )


def test_notebooks_are_still_validated() -> None:
    code = """
import groundswell.runs.kernel.execution, nbformat
try:
    nbformat.validate({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "cake"}]})
except nbformat.ValidationError:
    print("refused")
"""
    assert run(code) == "refused"


def test_a_grammar_that_is_there_already_stays() -> None:
    code = """
import sys, types
from groundswell.runs.kernel.iri import without_iri_grammar
sys.modules["rfc3987_syntax"] = there = types.ModuleType("rfc3987_syntax")
with without_iri_grammar():
    import rfc3987_syntax
print(rfc3987_syntax is there is sys.modules["rfc3987_syntax"])
"""
    assert run(code) == "True"
