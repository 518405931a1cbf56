"""What a margin says of n: the worked example, and the textbook margin inverted."""

from __future__ import annotations

import doctest
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.waves.toplines import margin_of_error as margin
from groundswell.waves.toplines.margin_of_error import MoeIs, effective_n


def test_the_worked_example_holds() -> None:
    assert doctest.testmod(margin).failed == 0


@given(st.floats(0.001, 0.999), st.floats(2, 1e6), st.floats(0.5, 20))
@settings(deadline=None)
def test_the_textbook_margin_is_inverted(share: float, n: float, deff: float) -> None:
    own = 1.959963984540054 * (deff * share * (1 - share) / n) ** 0.5
    most = 1.959963984540054 * (deff * 0.25 / n) ** 0.5
    assert effective_n(own, share=share, moe_is="share") == pytest.approx(n / deff)
    assert effective_n(most, share=share, moe_is="maximum") == pytest.approx(n / deff)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_share_of_nothing_or_all_has_no_margin_of_its_own(share: float) -> None:
    assert effective_n(0.01, share=share, moe_is="share") is None
    assert effective_n(0.036, share=share, moe_is="maximum") == pytest.approx(741, abs=1)


@given(st.floats(0.1, 30), st.floats(2, 1e6))
@settings(deadline=None)
def test_the_margin_of_a_mean_is_its_own_whatever_is_said_of_shares(sd: float, n: float) -> None:
    own = 1.959963984540054 * sd / n**0.5
    for moe_is in get_args(MoeIs):
        for share in (0.0, 0.3):
            assert effective_n(own, share=share, moe_is=moe_is, sd=sd) == pytest.approx(n)
