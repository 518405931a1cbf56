"""The examples of what `groundswell.estimates` offers and `gs` does not; `tests/test_face.py` runs those of `gs`."""

from __future__ import annotations

import doctest
import inspect
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import groundswell as gs
from groundswell import estimates

OF_THE_FLOOR_ALONE = sorted(set(estimates.__all__) - set(gs.__all__))


@pytest.mark.parametrize("name", OF_THE_FLOOR_ALONE)
def test_the_example_runs(name: str, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository)
    offered = getattr(estimates, name)
    names = {"gs": gs, "np": np, "pd": pd, name: offered}
    asked = doctest.DocTestParser().get_doctest(inspect.getdoc(offered) or "", names, name, None, 0)
    output: list[str] = []
    outcome = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS).run(
        asked, out=output.append
    )
    assert asked.examples, f"`{name}` shows no example"
    assert outcome.failed == 0, "".join(output)
