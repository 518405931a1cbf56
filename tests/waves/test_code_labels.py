"""Codes that share a label, and codes without one where labels are the rule."""

from __future__ import annotations

import pandas as pd
import pytest

from groundswell.waves.respondents.answers.code_labels import codes_meant, codes_without_label, shared_labels
from groundswell.waves.respondents.codebook import Codebook, Variable
from groundswell.waves.respondents.codes import Code
from groundswell.waves.respondents.reader import loaded

LABELLED = Variable("q", "number", labels={1: "North", 2: "South", 3: "North", 9: "North"}, missing=((9, 9),))


def without_label(codes: list[int], *labelled: int) -> dict[Code, int]:
    variable = Variable("q", "number", labels={code: f"label {code}" for code in labelled})
    codebook = Codebook("memory", len(codes), {"q": variable})
    return codes_without_label(loaded(pd.DataFrame({"q": codes}), codebook), variable)


@pytest.mark.parametrize(
    ("codes", "labelled", "found"),
    [
        ([1, 2, 3, 4, 4], (1, 2, 3), {4: 2}),
        ([1, 2, 3], (1, 2), {3: 1}),
        ([1, 2, 3, 4, 5], (1, 2, 4, 5), {3: 1}),
        ([1, 2, 3], (1, 3), {}),
        ([1, 2, 3, 4, 5], (1, 3, 5), {}),
        ([*range(11)], (0, 5, 10), {}),
        ([*range(18, 90)], (98,), {}),
        ([1, 2], (), {}),
        ([1, 2], (1, 2, 3), {}),
    ],
)
def test_a_code_without_a_label_is_named_where_most_codes_have_one(
    codes: list[int], labelled: tuple[int, ...], found: dict[Code, int]
) -> None:
    assert without_label(codes, *labelled) == found


def test_a_label_means_all_its_codes_and_a_code_itself() -> None:
    assert shared_labels(LABELLED) == {"North": (1, 3)}
    assert codes_meant(LABELLED, "North") == (1, 3)
    assert codes_meant(LABELLED, "South") == (2,)
    assert codes_meant(Variable("q", "number", labels={9: "North"}, missing=((9, 9),)), "North") == (9,)
    assert codes_meant(LABELLED, "2") == ("2",)
    assert codes_meant(LABELLED, "West") == ("West",)
    named_as_a_code = Variable("q", "number", labels={1: "2", 2: "1"})
    assert codes_meant(named_as_a_code, "2") == ("2",)
