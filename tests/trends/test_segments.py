"""Where a level breaks, and on whose scale it stands: what is asked now, unless a reference is named."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from groundswell.errors import InputError
from groundswell.trends import fit_trend
from groundswell.trends.answers.segments import segments
from groundswell.trends.model.breaks import breaks, middles
from groundswell.trends.model.houses import MOST_HOUSES
from groundswell.trends.model.measurement import measure

Asked = tuple[str, str, str, float]


def waves(*asked: Asked, mode: dict[int, str] | None = None) -> pd.DataFrame:
    """Rows of (house, variant, day, share) with n = 1,500; `mode` by the number of the row."""
    table = pd.DataFrame(asked, columns=["house", "variant", "end", "share"])
    table["mode"] = [(mode or {}).get(row, "") for row in range(len(table))]
    return table.assign(end=pd.to_datetime(table["end"]), n_effective=1000.0, n=1500)


def days(table: pd.DataFrame) -> list[str]:
    read = measure(table)
    return [f"{day:%Y-%m-%d}" for day in breaks(read.table, read.combination, read.bridges)]


ONE_HOUSE = (
    ("fom", "a", "2022-03-01", 0.37),
    ("fom", "a", "2022-09-01", 0.40),
    ("fom", "b", "2023-03-01", 0.502),
    ("fom", "b", "2023-07-01", 0.518),
)


def test_a_house_that_changed_its_wording_stands_on_the_new_one() -> None:
    trend = fit_trend(waves(*ONE_HOUSE))
    now, then = trend.level(["2023-07-01", "2022-09-01"]).to_dict("records")
    assert now["low95"] < 0.518 < now["high95"]
    assert now["share"] == pytest.approx(0.51, abs=0.015)
    assert then["share"] == pytest.approx(0.385, abs=0.02)
    assert (then["segment"], now["segment"]) == (1, 2)
    assert trend.segments[-1].scale.asked[["house", "variant"]].to_numpy().tolist() == [["fom", "b"]]
    assert trend.segments[-1].scale.wordings == 2


def test_no_change_is_stated_across_a_break() -> None:
    trend = fit_trend(waves(*ONE_HOUSE))
    with pytest.raises(
        InputError, match=r"two sides of 2023-03-01.*cannot be told from the change of wording"
    ):
        trend.change("2022-09-01", "2023-07-01")
    assert trend.change("2023-03-01", "2023-07-01")["estimate"].iloc[0] == pytest.approx(0.012, abs=0.02)


@pytest.mark.parametrize(
    ("name", "asked", "expected"),
    [
        (
            "one wave of the new wording is enough where the house is the only one",
            ONE_HOUSE[:3],
            ["2023-03-01"],
        ),
        ("an old wording that comes back bridges", (*ONE_HOUSE, ("fom", "a", "2023-09-01", 0.4)), []),
        (
            "another house bridges",
            (*ONE_HOUSE, ("levada", "c", "2022-01-01", 0.4), ("levada", "c", "2023-08-01", 0.4)),
            [],
        ),
        (
            "both houses change at once",
            (
                ("fom", "a", "2022-03-01", 0.4),
                ("levada", "c", "2022-04-01", 0.4),
                ("fom", "b", "2023-03-01", 0.4),
                ("levada", "d", "2023-04-01", 0.4),
            ),
            ["2023-03-01"],
        ),
        (
            "a lone last wave of one of two houses is no reason to give up the scale",
            (
                ("fom", "a", "2022-03-01", 0.4),
                ("levada", "c", "2022-04-01", 0.4),
                ("levada", "d", "2023-04-01", 0.4),
            ),
            [],
        ),
        (
            "three waves of another house on either side are",
            tuple(
                (house, house, f"{year}-0{month}-01", 0.4)
                for house, year in (("fom", 2022), ("levada", 2023))
                for month in (1, 2, 3)
            ),
            ["2023-01-01"],
        ),
        (
            "two on one side are not",
            tuple(
                (house, house, f"{year}-0{month}-01", 0.4)
                for house, year, months in (("fom", 2022, (1, 2, 3)), ("levada", 2023, (1, 2)))
                for month in months
            ),
            [],
        ),
        (
            "nor two on the other",
            tuple(
                (house, house, f"{year}-0{month}-01", 0.4)
                for house, year, months in (("fom", 2022, (1, 2)), ("levada", 2023, (1, 2, 3)))
                for month in months
            ),
            [],
        ),
        (
            "a wave on the last day of the old wording bridges",
            (
                ("fom", "a", "2022-03-01", 0.4),
                ("fom", "a", "2023-03-01", 0.4),
                ("fom", "b", "2023-03-01", 0.5),
                ("fom", "b", "2023-09-01", 0.5),
            ),
            [],
        ),
        (
            "one wave between two changes is a stretch of its own",
            (*ONE_HOUSE[:3], ("fom", "c", "2023-09-01", 0.4)),
            ["2023-03-01", "2023-09-01"],
        ),
        (
            "who asked before the last break has no say in the next",
            (
                *(
                    (house, house, f"{year}-0{month}-01", 0.4)
                    for house, year in (("fom", 2022), ("levada", 2023))
                    for month in (1, 2, 3)
                ),
                ("levada", "d", "2023-04-01", 0.4),
            ),
            ["2023-01-01", "2023-04-01"],
        ),
        (
            "two waves between a break and another house's are too few, whatever that house does next",
            (
                *ONE_HOUSE[:2],
                ("levada", "z", "2022-04-01", 0.4),
                ("fom", "b", "2023-01-01", 0.4),
                ("fom", "b", "2023-02-01", 0.4),
                *(("levada", "c", f"2023-0{month}-01", 0.4) for month in (3, 4, 5)),
            ),
            ["2023-01-01"],
        ),
        (
            "the order of the rows is of no matter",
            ONE_HOUSE[::-1],
            ["2023-03-01"],
        ),
        (
            "two changes make two breaks",
            (*ONE_HOUSE, ("fom", "c", "2024-01-01", 0.3)),
            ["2023-03-01", "2024-01-01"],
        ),
    ],
)
def test_where_a_level_breaks(name: str, asked: tuple[Asked, ...], expected: list[str]) -> None:
    assert days(waves(*asked)) == expected, name


def test_a_change_of_mode_breaks_like_a_change_of_wording() -> None:
    asked = [("fom", "a", f"202{year}-03-01", 0.4) for year in range(4)]
    assert days(waves(*asked, mode={0: "cati", 1: "cati", 2: "online", 3: "online"})) == ["2022-03-01"]
    # A wave that states no mode counts as done in the house's usual one.
    assert days(waves(*asked, mode={0: "cati", 1: "cati", 2: "", 3: ""})) == []


def test_without_a_reference_each_house_counts_in_what_it_asked_last() -> None:
    table = waves(
        ("fom", "a", "2022-01-01", 0.4),
        ("levada", "c", "2022-02-01", 0.4),
        ("fom", "b", "2022-03-01", 0.6),
        ("levada", "c", "2022-04-01", 0.4),
        ("fom", "b", "2022-05-01", 0.6),
    )
    (only,) = segments(measure(table))
    assert only.scale.kind == "newest"
    asked = only.scale.asked.set_index(["house", "variant"])["weight"].to_dict()
    assert asked == pytest.approx({("fom", "b"): 0.5, ("levada", "c"): 0.5}, abs=0.02)
    assert fit_trend(table).level("2022-05-01")["share"].iloc[0] == pytest.approx(0.5, abs=0.03)


def test_a_house_of_too_few_waves_for_an_effect_of_its_own_is_not_in_the_scale() -> None:
    """Of more houses than have an effect of their own those with the fewest waves have none."""
    many = [
        (f"h{house:03}", "a", f"2022-{month:02}-01", 0.4) for month in (1, 2) for house in range(MOST_HOUSES)
    ]
    (only,) = segments(measure(waves(*many, ("rare", "a", "2022-03-01", 0.4))))
    assert only.scale.asked["house"].tolist() == [f"h{house:03}" for house in range(MOST_HOUSES)]
    assert only.scale.asked["weight"].tolist() == pytest.approx([1 / MOST_HOUSES] * MOST_HOUSES)


def test_where_only_such_a_house_asked_the_level_stands_on_it() -> None:
    many = [
        (f"h{house:03}", "a", f"2022-{month:02}-01", 0.4)
        for month in (1, 2, 3, 4)
        for house in range(MOST_HOUSES)
    ]
    rare = [("rare", "b", f"2023-{month:02}-01", 0.4) for month in (1, 2, 3)]
    _, newer = segments(measure(waves(*many, *rare)))
    assert newer.scale.asked["house"].tolist() == ["rare"]


def test_the_scale_names_house_wording_mode_and_weight() -> None:
    (only,) = segments(measure(waves(*ONE_HOUSE[:2], mode={0: "cati", 1: "cati"})))
    assert only.scale.asked.to_dict("records") == [
        {"house": "fom", "variant": "a", "mode": "cati", "weight": 1.0}
    ]
    _, newer = segments(measure(waves(*ONE_HOUSE)))
    assert newer.scale.asked.columns.tolist() == ["house", "variant", "mode", "weight"]


def test_a_wave_stands_at_the_middle_day_of_its_fieldwork() -> None:
    table = pd.DataFrame(
        {
            "start": pd.to_datetime(["2022-03-01", "2022-03-01", "2022-03-01", None]),
            "end": pd.to_datetime(["2022-03-11", "2022-03-02", "2022-03-01", "2022-03-09"]),
        }
    )
    assert [f"{day}" for day in middles(table)] == [
        "2022-03-06 00:00:00",
        "2022-03-01 00:00:00",
        "2022-03-01 00:00:00",
        "2022-03-09 00:00:00",
    ]
    assert middles(table[["end"]]).tolist() == table["end"].tolist()


def test_a_named_reference_wins_wherever_it_was_asked() -> None:
    table = waves(
        ("fom", "a", "2022-01-01", 0.4),
        ("levada", "c", "2022-02-01", 0.55),
        ("fom", "a", "2022-03-01", 0.4),
        ("levada", "c", "2022-04-01", 0.55),
    )
    for reference in ("a", "fom"):
        trend = fit_trend(table, reference=reference)
        assert trend.segments[0].scale.kind == "reference"
        assert trend.level("2022-03-01")["share"].iloc[0] == pytest.approx(0.4, abs=0.03)
    message = r"^`reference=` must be a variant or a house, got `fomm`; did you mean `fom`\? known: a, c, fom, levada$"
    with pytest.raises(InputError, match=message):
        fit_trend(table, reference="fomm")


def test_a_segment_in_which_the_reference_was_not_asked_stands_on_its_own() -> None:
    older, newer = segments(measure(waves(*ONE_HOUSE)), reference="a")
    assert (older.scale.kind, newer.scale.kind) == ("reference", "newest")
    assert newer.scale.asked["variant"].tolist() == ["b"]


def test_segments_follow_each_other_without_a_gap() -> None:
    found = segments(measure(waves(*ONE_HOUSE)))
    assert [segment.number for segment in found] == [1, 2]
    assert found[0].end == found[1].start == pd.Timestamp("2023-03-01")
    assert found[0].last == pd.Timestamp("2022-09-01") < found[1].first == pd.Timestamp("2023-03-01")
    assert all(np.isclose(segment.scale.weights.sum(), 1.0) for segment in found)


def test_one_wording_ever_is_the_only_scale() -> None:
    (only,) = segments(measure(waves(*ONE_HOUSE[:2])))
    assert (only.scale.kind, only.scale.wordings) == ("only", 1)
