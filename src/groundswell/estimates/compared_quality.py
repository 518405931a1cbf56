"""A wave's numbers against those beside it: the wave before, and what the house printed of this one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from groundswell.estimates.quality import COLUMNS, MANY_MORE_MISSING
from groundswell.estimates.wave_domains import ALL
from groundswell.waves.survey import Survey
from groundswell.waves.topline_waves import topline_waves
from groundswell.waves.toplines import read_toplines
from groundswell.waves.wave_file import Wave


def compared_quality(
    survey: Survey, wave: Wave, estimates: pd.DataFrame, own: pd.DataFrame, before: pd.DataFrame | None
) -> pd.DataFrame:
    """The change of item non-response since the wave before, and printed n and shares against the file's.

    `own` and `before` are `wave_quality` of this wave and of the one before (None: this is the first).
    Columns as there.

    Raises: FaultsError where `toplines.csv` is not sound.
    """
    checks = [*_changes(own, before), *_printed(survey, wave, estimates)]
    return pd.DataFrame(checks, columns=COLUMNS)


def _changes(own: pd.DataFrame, before: pd.DataFrame | None) -> Iterator[tuple[object, ...]]:
    """How item non-response moved."""
    if before is None:
        return
    earlier = _missing(before)
    for item, missing in _missing(own).items():
        if item in earlier:
            change = missing - earlier[item]
            verdict = "flagged" if abs(change) > MANY_MORE_MISSING else "passed"
            moved = f"from {earlier[item]:.1%} to {missing:.1%}"
            sentence = f"Item non-response to `{item}` went {moved} since the wave before."
            yield ("change of item non-response", item, verdict, change, sentence)


def _missing(quality: pd.DataFrame) -> dict[str, float]:
    rows = quality[quality["check"] == "item non-response"]
    return dict(zip(rows["subject"], rows["number"], strict=True))


def _printed(survey: Survey, wave: Wave, estimates: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    """Printed shares and n of this wave against its own file, to the rounding of the printed figure."""
    whole = estimates[estimates["domain"] == ALL].set_index("indicator")
    for printed in _topline_of(survey, wave):
        key = printed["indicator"]
        found = whole.loc[key]
        share, step = printed["share"], max(printed["rounding"], 0.001)
        if pd.notna(share):
            distance = float(found["share"]) - share
            verdict = "flagged" if abs(distance) > step / 2 + 1e-9 else "passed"
            sentence = f"Printed {share:.1%} of `{key}`; the file gives {found['share']:.1%}."
            yield ("printed share", key, verdict, distance, sentence)
        if printed["n"] is not None and pd.notna(printed["n"]):
            difference = int(found["n"]) - int(printed["n"])
            sentence = f"Printed n is {int(printed['n']):,} for `{key}`; the file gives {int(found['n']):,}."
            yield ("printed n", key, "flagged" if difference else "passed", difference, sentence)


def _topline_of(survey: Survey, wave: Wave) -> Iterator[Mapping[str, Any]]:
    """The published records of this wave's indicators: same variant and house, fieldwork that overlaps."""
    for printed in topline_waves(survey, read_toplines(survey)):
        answer = wave.indicators.get(printed["indicator"])
        same = answer is not None and printed["variant"] == answer.variant and printed["house"] == wave.house
        if same and (printed["start"] or printed["end"]) <= wave.end and printed["end"] >= wave.start:
            yield printed
