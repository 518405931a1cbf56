"""What those who gave no answer could make of a share: its worst case, with nothing assumed of them.

Two kinds that are easily confused:

- *no answer to the question*: those who were asked and found it hard to say, refused, or left it out;
- *no interview*: those who were to be asked and were not reached or would not talk. The response rate is the rest.

Whatever they think, the share among everyone lies between all of them saying no and all of them saying yes. Source:
Manski 1989, Journal of Human Resources 24 (Anatomy of the selection problem).

Worked example: 40% anxious and 8% hard to say: 40 to 48% of those asked. With a response rate of one half it is 20 to
74% of those who were to be asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from groundswell.waves import Survey
from groundswell.waves.respondents.no_answer_words import meaning_of
from groundswell.waves.toplines.summed_answers import topline_waves
from groundswell.waves.toplines.table import read_toplines
from groundswell.waves.wave.wave_toml import Wave

RESPONDENTS = "microdata"


class NonResponse(NamedTuple):
    """A wave's share of everyone who was asked the question, which part of them gave no answer, and which part of those
    who were to be asked was; None where nobody states it."""

    share: float
    unanswered: float | None
    response_rate: float | None

    @property
    def of_asked(self) -> tuple[float, float]:
        """Between which ends the share lies among those asked, whatever those without an answer think."""
        return self.share, self.share + (self.unanswered or 0.0)

    @property
    def of_all(self) -> tuple[float, float]:
        """The same among all who were to be asked."""
        rate = 1.0 if self.response_rate is None else self.response_rate
        low, high = (end * rate for end in self.of_asked)
        return low, high + 1.0 - rate


def newest_non_response(
    survey: Survey, wave: pd.Series, waves: Sequence[Wave], quality: pd.DataFrame
) -> NonResponse:
    """What is known of one wave.

    Args:
        survey: whose houses state their response rates.
        wave: a row of the observations table.
        waves, quality: its waves of respondents, and every check of them (see `survey_quality`).
    """
    house = survey.houses.get(wave["house"])
    rate = None if house is None else house.response_rate
    if wave["origin"] == RESPONDENTS:
        missing = _item_missing(wave, waves, quality)
        # Respondents' shares have those who answered as their base, published ones everyone who was asked.
        return NonResponse(float(wave["share"]) * (1.0 - (missing or 0.0)), missing, rate)
    return NonResponse(float(wave["share"]), _printed_unanswered(survey, wave), rate)


def _printed_unanswered(survey: Survey, wave: pd.Series) -> float | None:
    """The printed shares of a wave's categories that are no answer ("hard to say"); None where it prints none."""
    rows = read_toplines(survey)
    for name in ("indicator", "variant", "house", "mode"):
        rows = rows[rows[name] == wave[name]]
    for asked in topline_waves(survey, rows):
        if (pd.Timestamp(asked["start"]), pd.Timestamp(asked["end"])) == (wave["start"], wave["end"]):
            counted = survey.indicators[wave["indicator"]].counted_by(wave["variant"])
            silent = [
                printed.high
                for label, printed in asked["answers"].items()
                if meaning_of(label, own=survey.no_answer_words) is not None and label not in counted
            ]
            return float(sum(silent)) if silent else None
    return None


def _item_missing(wave: pd.Series, waves: Sequence[Wave], quality: pd.DataFrame) -> float | None:
    """The item non-response of the one column that a wave of respondents asks; None where it is not known."""
    for asked in waves:
        answer = asked.indicators.get(wave["indicator"])
        if asked.house != wave["house"] or pd.Timestamp(asked.end) != wave["end"] or answer is None:
            continue
        mine = (quality["wave"] == asked.name) & (quality["code"] == "item_non_response")
        found = quality.loc[mine & quality["subject"].isin(answer.columns), "number"]
        return float(found.iloc[0]) if len(answer.columns) == 1 and len(found) else None
    return None
