"""What those who gave no answer could make of a share: bounds that hold whatever they think."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from waves.folders import row, survey_folder

from groundswell.trends import observations
from groundswell.trends.data.non_response import NonResponse, newest_non_response
from groundswell.waves import load_survey

NOBODY = pd.DataFrame(columns=["wave", "code", "subject", "number"])


def of_printed(folder: Path) -> NonResponse:
    """The newest wave of a folder with printed shares alone."""
    survey = load_survey(folder)
    newest = observations(survey, as_of="2023-01-01").iloc[-1]
    return newest_non_response(survey, newest, (), NOBODY)


def test_hard_to_say_bounds_those_asked(tmp_path: Path) -> None:
    folder = survey_folder(
        tmp_path,
        row(share="0.35"),
        row(category="calm", share="0.55"),
        row(category="hard to say", share="0.07"),
        row(category="Затрудняюсь ответить", share="0.03"),
    )
    known = of_printed(folder)
    assert known.unanswered == pytest.approx(0.10)
    assert known.of_asked == pytest.approx((0.35, 0.45))
    assert known.response_rate is None
    assert known.of_all == pytest.approx(known.of_asked)


def test_another_wave_s_hard_to_say_is_not_this_one_s(tmp_path: Path) -> None:
    older = {"start": "2022-08-19", "end": "2022-08-21"}
    folder = survey_folder(tmp_path, row(), row(category="hard to say", share="0.2", **older), row(**older))
    assert of_printed(folder).unanswered is None


def test_a_stated_response_rate_bounds_everyone_who_was_to_be_asked(tmp_path: Path) -> None:
    folder = survey_folder(tmp_path, row(share="0.40"), row(category="hard to say", share="0.08"))
    file = folder / "survey.toml"
    stated = 'default_n = 1500\nresponse_rate = 0.5\nresponse_rate_source = "RR1"'
    file.write_text(file.read_text("utf-8").replace("default_n = 1500", stated), encoding="utf-8")
    assert of_printed(folder).of_all == pytest.approx((0.20, 0.74))


@pytest.mark.parametrize("seed", range(20))
def test_the_bounds_hold_whatever_the_silent_think(seed: int) -> None:
    rng = np.random.default_rng(seed)
    yes, no, silent, unreached = rng.dirichlet([1, 1, 1, 1])
    asked = yes + no + silent
    known = NonResponse(yes / asked, silent / asked, asked)
    for think in (0.0, 1.0, *rng.random(3)):
        of_asked, of_all = (yes + think * silent) / asked, yes + think * (silent + unreached)
        assert known.of_asked[0] - 1e-12 <= of_asked <= known.of_asked[1] + 1e-12
        assert known.of_all[0] - 1e-12 <= of_all <= known.of_all[1] + 1e-12
    # None narrower would: both ends are reached.
    assert known.of_all == pytest.approx((yes, yes + silent + unreached))
