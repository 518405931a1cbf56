"""A wave's numbers against those beside it: the wave before, and what the house printed of this one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pandas as pd

from groundswell.estimates.of_wave.domains import ALL
from groundswell.estimates.of_wave.quality import COLUMNS, MANY_MORE_MISSING
from groundswell.waves.surveys.records import Survey
from groundswell.waves.toplines.table import read_toplines
from groundswell.waves.toplines.waves import known_on, topline_waves
from groundswell.waves.wave.record import Wave


def compared_quality(
    survey: Survey,
    wave: Wave,
    estimates: pd.DataFrame,
    own: pd.DataFrame,
    before: pd.DataFrame | None,
    as_of: date | None = None,
) -> pd.DataFrame:
    """The change of item non-response since the wave before, and printed n and shares against the file's.

    `own` and `before` are `wave_quality` of this wave and of the one before (None: this is the first). What was
    printed after `as_of` is not looked at. Columns as there.

    Raises: FaultsError where `toplines.csv` is not sound.
    """
    checks = [*_changes(own, before), *_printed(survey, wave, estimates, as_of)]
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


def _printed(
    survey: Survey, wave: Wave, estimates: pd.DataFrame, as_of: date | None
) -> Iterator[tuple[object, ...]]:
    """Printed shares and n of this wave against its own file, to the rounding of the printed figure."""
    whole = estimates[estimates["domain"] == ALL].set_index("indicator")
    for printed in _toplines_of(survey, wave, as_of):
        key = printed["indicator"]
        found = whole.loc[key]
        share, step = printed["share"], max(printed["rounding"], 0.001)
        if pd.notna(share):
            distance = float(found["share"]) - share
            verdict = "flagged" if abs(distance) > step / 2 + 1e-9 else "passed"
            sentence = (
                f"{printed['source']} gives {share:.1%} for `{key}`; "
                f"the wave's own file gives {found['share']:.1%}."
            )
            yield ("printed share", key, verdict, distance, sentence)
        if printed["n"] is not None and pd.notna(printed["n"]):
            difference = int(found["n"]) - int(printed["n"])
            sentence = (
                f"{printed['source']} gives n = {int(printed['n']):,} for `{key}`; the wave's own file gives "
                f"{int(found['n']):,} with a weight and a valid answer."
            )
            yield ("printed n", key, "flagged" if difference else "passed", difference, sentence)


def _toplines_of(survey: Survey, wave: Wave, as_of: date | None) -> Iterator[Mapping[str, Any]]:
    """What was printed of this wave: its house and indicators, its counted answers, fieldwork that overlaps.

    A survey may keep printed figures under a variant of their own (because they are not to be fitted), so that
    the answers and not the variant's name say what belongs together.
    """
    rows = read_toplines(survey)
    rows = rows[rows["house"] == wave.house]
    if as_of is not None and len(rows):
        rows = rows[known_on(rows) <= pd.Timestamp(as_of)]
    for key, answer in wave.indicators.items():
        counted = survey.indicators[key].variants[answer.variant].numerator
        mine = rows[(rows["indicator"] == key) & rows["category"].isin(counted)]
        for _, variant in mine.groupby("variant", sort=False):
            for printed in topline_waves(survey, variant.assign(variant=answer.variant)):
                if (printed["start"] or printed["end"]) <= wave.end and printed["end"] >= wave.start:
                    yield printed
