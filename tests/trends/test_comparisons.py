"""Which changes are looked at together, and how each is allowed for, on a level that is drawn and not fitted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr

from groundswell.errors import InputError
from groundswell.trends.answers.changes import Joint
from groundswell.trends.answers.segments import Scale, Segment
from groundswell.trends.compared.comparisons import comparisons
from groundswell.trends.model.fieldwork import day_number
from groundswell.trends.model.logit import expit

SCALE = Scale("only", pd.DataFrame(), np.array([1.0, 0.0, 0.0, 0.0, 0.0]), 1)


@dataclass(frozen=True)
class Declared:
    """An event as a survey declares it."""

    date: date
    label: str


@dataclass(frozen=True)
class LevelDrawn:
    """A trend whose level at each wave is given in logits, each known to `sd` and apart from the others.

    Before any wave nothing was known: what chance makes of the posterior is all of its error.
    """

    used: pd.DataFrame
    segments: list[Segment]
    logits: dict[pd.Timestamp, float]
    events: tuple[Declared, ...] = ()
    weighed_shocks: tuple[Any, ...] = ()
    indicator: str = "mood"
    sd: float = 0.01
    seed: int = 7
    paths: tuple[dict[str, float], ...] = ()

    @property
    def combinations(self) -> pd.DataFrame:
        """As `Trend.combinations`."""
        return self.used[["house", "variant", "mode"]].drop_duplicates(ignore_index=True)

    def joint(self, days: pd.DatetimeIndex, scale: Any = None) -> Joint:
        """As `Trend.joint`; between two waves the level is the older one's. A house measures what its path says."""
        known = pd.Series(
            self.paths[int(np.argmax(scale))] if self.paths and scale is not None else self.logits
        ).sort_index()
        known.index = pd.DatetimeIndex(known.index)
        means = known.to_numpy(dtype=np.float64)[known.index.searchsorted(days, side="right") - 1]
        return Joint(np.ones(1), [(means, np.eye(len(days)) * self.sd**2)])

    def joint_before_waves(self, days: pd.DatetimeIndex, scale: Any = None) -> Joint:
        """As `Trend.joint_before_waves`."""
        return Joint(np.ones(1), [(np.zeros(len(days)), np.eye(len(days)) * 25.0)])


def drawn(*stretches: dict[str, float], **parts: Any) -> Any:
    """A trend of waves by day, each of one day's fieldwork and of the house `acme`; a stretch is a segment."""
    starts = [pd.Timestamp.min, *(pd.Timestamp(min(stretch)) for stretch in stretches[1:]), pd.Timestamp.max]
    segments = [
        Segment(
            number,
            starts[number - 1],
            starts[number],
            pd.Timestamp(min(days)),
            pd.Timestamp(max(days)),
            SCALE,
        )
        for number, days in enumerate(stretches, start=1)
    ]
    logits = {pd.Timestamp(day): level for stretch in stretches for day, level in stretch.items()}
    used = pd.DataFrame({"middle": list(logits), "start": list(logits), "end": list(logits), "house": "acme"})
    used = used.assign(variant="only", mode="online")
    return LevelDrawn(used, segments, logits, **parts)


def found(day: str) -> Any:
    """A shock that nobody declared."""
    at = float(day_number(pd.DatetimeIndex([day]))[0])
    return SimpleNamespace(shock=SimpleNamespace(day=at, kind="found"))


def pairs(table: pd.DataFrame, *kinds: str) -> list[tuple[str, str, str, str]]:
    """Kind, label and both dates of each row, of these kinds alone where any are named."""
    return [
        (row["kind"], row["label"], f"{row['start']:%Y-%m-%d}", f"{row['end']:%Y-%m-%d}")
        for row in table.to_dict("records")
        if not kinds or row["kind"] in kinds
    ]


def adjusted(table: pd.DataFrame, kind: str) -> float:
    """The `adjusted` of the first row of a kind."""
    return float(table["adjusted"][table["kind"] == kind].iloc[0])


COLUMNS = [
    "indicator", "kind", "label", "start", "end", "estimate", "se", "low", "high", "probability", "adjusted", "waves",
    "houses", "compared", "segment", "share_start", "share_end", "within",
]  # fmt: skip
THREE = {"2024-03-01": 0.0, "2024-01-01": 0.1, "2024-06-01": 0.02}


def test_the_newest_wave_is_compared_with_each_earlier_one_oldest_first() -> None:
    table = comparisons([drawn(THREE)])
    assert table.columns.tolist() == COLUMNS
    assert pairs(table, "wave") == [
        ("wave", "", "2024-01-01", "2024-06-01"),
        ("wave", "", "2024-03-01", "2024-06-01"),
    ]
    assert set(table["indicator"]) == {"mood"}
    assert set(table["compared"]) == {3}
    assert set(table["segment"]) == {1}


def test_the_level_moves_from_one_turning_point_to_the_next() -> None:
    year = {"2024-01-01": 0.5, "2024-02-01": 0.2, "2024-03-01": -0.1, "2024-04-01": -0.08, "2024-05-01": 0.3}
    assert pairs(comparisons([drawn(year)]), "stretch") == [
        ("stretch", "", "2024-01-01", "2024-03-01"),
        ("stretch", "", "2024-03-01", "2024-05-01"),
    ]
    assert pairs(comparisons([drawn(year, sd=1.0)]), "stretch") == []


def of_two_houses(waves_of_bell: int) -> Any:
    """A level that stands still on the scale of `acme`, next to the path of `bell`, which rises by half a logit."""
    days = [f"2024-0{month}-01" for month in range(1, 8)]
    trend = drawn(
        dict.fromkeys(days, 0.0), paths=({}, {day: 0.1 * place for place, day in enumerate(days[:6])})
    )
    trend.used["house"] = ["acme", *["bell"] * waves_of_bell, *["acme"] * (6 - waves_of_bell)]
    return trend


def test_a_house_s_own_figures_are_followed_apart_from_the_level_and_pay_for_their_own_search() -> None:
    table = comparisons([of_two_houses(4)])
    assert pairs(table, "house") == [("house", "bell", "2024-02-01", "2024-05-01")]
    assert pairs(table, "stretch") == []
    (row,) = table[table["kind"] == "house"].to_dict("records")
    assert row["estimate"] == pytest.approx(expit(0.4) - expit(0.1), abs=1e-12)
    assert (row["waves"], row["houses"], row["compared"]) == (4, 1, 6)
    assert pairs(comparisons([of_two_houses(2)]), "house") == []


def test_the_three_houses_with_most_waves_are_followed() -> None:
    days = [f"2024-01-{day:02}" for day in range(1, 23)]
    rising = {day: 0.1 * place for place, day in enumerate(days)}
    trend = drawn(dict.fromkeys(days, 0.0), paths=({}, *[rising] * 4))
    trend.used["house"] = ["acme"] * 5 + ["bell"] * 3 + ["cats"] * 4 + ["dogs"] * 5 + ["eels"] * 5
    looked = comparisons([trend])
    assert looked.loc[looked["kind"] == "house", "label"].tolist() == ["dogs", "eels", "cats"]


def test_where_nothing_can_be_compared_the_columns_are_the_same() -> None:
    for trends in ([], [drawn({"2024-01-01": 0.0})]):
        table = comparisons(trends)
        assert table.columns.tolist() == COLUMNS
        assert table.empty


def test_a_change_is_the_newer_less_the_older_with_its_own_probability() -> None:
    """Both levels are known to 0.01 logits: the delta method is right to a percent."""
    table = comparisons([drawn(THREE)])
    rows = table[table["kind"] == "wave"].to_dict("records")
    for row, (old, new) in zip(rows, [(0.1, 0.02), (0.0, 0.02)], strict=True):
        assert [row["share_start"], row["share_end"]] == pytest.approx(expit([old, new]).tolist(), abs=1e-12)
        assert row["estimate"] == pytest.approx(expit(new) - expit(old), abs=1e-12)
        se = 0.01 * np.sqrt((expit(new) * expit(-new)) ** 2 + (expit(old) * expit(-old)) ** 2)
        assert row["se"] == pytest.approx(se, rel=0.01)
        assert row["low"] == pytest.approx(row["estimate"] - 1.96 * se, abs=1e-4)
        assert row["high"] == pytest.approx(row["estimate"] + 1.96 * se, abs=1e-4)
        # Of its own direction: a fall of 0.08 and a rise of 0.02 logits.
        assert row["probability"] == pytest.approx(ndtr(abs(new - old) / (0.01 * np.sqrt(2))), abs=1e-9)


def test_a_level_that_stands_still_is_as_probably_up_as_down_and_no_finding() -> None:
    table = comparisons([drawn({"2024-01-01": 0.3, "2024-06-01": 0.3})] * 2)
    (row,) = table[table["kind"] == "wave"].head(1).to_dict("records")
    assert row["estimate"] == 0.0
    assert row["probability"] == pytest.approx(0.5, abs=1e-9)
    assert row["adjusted"] == 0.5
    assert "stretch" not in set(table["kind"])


def test_one_change_alone_is_adjusted_for_nothing() -> None:
    table = comparisons([drawn({"2024-01-01": 0.0, "2024-06-01": 0.02})])
    (row,) = table[table["kind"] == "wave"].to_dict("records")
    # A tail of 0.157 from 4,000 draws has a standard error of 0.006, half of it in `adjusted`.
    assert row["adjusted"] == pytest.approx(row["probability"], abs=0.009)


@pytest.mark.parametrize("seed", range(12))
def test_to_be_looked_at_with_others_never_makes_a_change_surer(seed: int) -> None:
    # The tail is counted from draws and the probability exact: alone, about half of the seeds would say more.
    table = comparisons([drawn({"2024-01-01": 0.0, "2024-06-01": 0.02}, seed=seed)])
    assert (table["adjusted"] <= table["probability"]).all()


def test_no_change_is_surer_than_one_draw_in_4001() -> None:
    table = comparisons([drawn({"2024-01-01": 0.0, "2024-06-01": 2.0})])
    assert adjusted(table, "wave") == pytest.approx(1.0 - 0.5 / 4001, abs=1e-12)


def tail(*trends: Any) -> float:
    """The two-sided tail of the newest wave against the one before, of the first of these trends."""
    return 2 * (1 - adjusted(comparisons(trends), "wave"))


def test_every_indicator_and_every_segment_that_is_searched_is_paid_for() -> None:
    """Families that know nothing of each other: none of k shows a change as clear with the probability (1 - q)^k."""
    newest = {"2024-01-01": 0.0, "2024-06-01": 0.03}
    once = 2 * ndtr(-0.03 / (0.01 * np.sqrt(2)))
    # A tail of 0.034 from 4,000 draws has a standard error of 0.003; k families make it k times that.
    assert tail(drawn(newest)) == pytest.approx(once, abs=0.009)
    plans = drawn(newest, indicator="plans")
    assert tail(drawn(newest), plans) == pytest.approx(1 - (1 - once) ** 2, abs=0.015)
    older = {"2022-01-01": 0.0, "2022-06-01": 0.5}
    assert tail(drawn(older, newest)) == tail(drawn(newest), plans)
    assert tail(drawn(older, newest), plans) == pytest.approx(1 - (1 - once) ** 4, abs=0.03)
    # A stretch of one wave holds no pair: nothing is searched there.
    assert tail(drawn({"2022-01-01": 0.0}, newest)) == tail(drawn(newest))


def test_a_declared_comparison_pays_for_no_search() -> None:
    """Twelve more waves are a longer search for a peak; a year is a year."""
    newest = {"2023-01-01": 0.0, "2024-01-01": 0.03}
    many = {f"2023-{month:02}-15": 0.0 for month in range(1, 13)}
    few, all_of_them = comparisons([drawn(newest)]), comparisons([drawn(newest | many)])
    assert adjusted(all_of_them, "year") == pytest.approx(adjusted(few, "year"), abs=0.005)
    assert adjusted(all_of_them, "wave") < adjusted(few, "wave") - 0.05


def test_declared_comparisons_pay_for_one_another() -> None:
    newest = {"2023-01-01": 0.0, "2024-01-01": 0.025}
    alone = comparisons([drawn(newest)])
    events = tuple(Declared(date(2023, month, 1), "vote") for month in (2, 5, 8))
    days = {f"2023-{month:02}-15": 0.0 for month in (1, 3, 6, 9)}
    among = comparisons([drawn(newest | days, events=events)])
    assert among.loc[among["kind"] == "year", "compared"].tolist() == [4]
    assert adjusted(among, "year") < adjusted(alone, "year")
    both = comparisons([drawn(newest), drawn(newest, indicator="plans")])
    once = 2 * ndtr(-0.025 / (0.01 * np.sqrt(2)))
    assert 2 * (1 - adjusted(both, "year")) == pytest.approx(1 - (1 - once) ** 2, abs=0.025)
    assert adjusted(both, "year") < adjusted(alone, "year")


def test_a_segment_before_the_newest_has_its_stretches_and_its_own_search() -> None:
    older = {"2022-01-01": 0.0, "2022-03-01": 0.1, "2022-06-01": 0.2}
    table = comparisons([drawn(older, {"2024-01-01": 0.0, "2024-06-01": 0.1})])
    assert pairs(table) == [
        ("stretch", "", "2024-01-01", "2024-06-01"),
        ("wave", "", "2024-01-01", "2024-06-01"),
        ("stretch", "", "2022-01-01", "2022-06-01"),
    ]
    assert table["segment"].tolist() == [2, 2, 1]
    assert table["compared"].tolist() == [1, 1, 3]
    assert table["waves"].tolist() == [2, 2, 3]


@pytest.mark.parametrize(("first", "compared"), [("2023-06-02", False), ("2023-06-01", True)])
def test_the_newest_wave_is_compared_with_a_year_before_it_where_the_segment_is_as_old(
    first: str, compared: bool
) -> None:
    """Whenever the report is made: an empty year since the newest wave says nothing."""
    table = comparisons([drawn({first: 0.0} | THREE)])
    assert pairs(table, "year") == ([("year", "", "2023-06-01", "2024-06-01")] if compared else [])
    assert pairs(comparisons([drawn({"2021-01-01": 0.0, first: 0.0}, THREE)]), "year") == []


@pytest.mark.parametrize(
    ("happened", "days"),
    [
        ("2024-01-01", None),
        ("2024-01-02", ("2024-01-01", "2024-03-01")),
        ("2024-03-01", ("2024-01-01", "2024-03-01")),
        ("2024-03-02", ("2024-03-01", "2024-06-01")),
        ("2024-06-01", ("2024-03-01", "2024-06-01")),
        ("2024-06-02", None),
    ],
)
def test_an_event_is_compared_from_the_last_wave_before_it_to_the_first_after_it(
    happened: str, days: tuple[str, str] | None
) -> None:
    events = (Declared(date.fromisoformat(happened), "vote"),)
    looked = pairs(comparisons([drawn(THREE, events=events)]), "event")
    assert looked == ([] if days is None else [("event", "vote", *days)])


def test_a_wave_that_was_in_the_field_at_an_event_is_on_neither_side() -> None:
    trend = drawn(THREE, events=(Declared(date(2024, 3, 1), "vote"),))
    trend.used.loc[trend.used["middle"] == "2024-03-01", "start"] = pd.Timestamp("2024-02-27")
    trend.used.loc[trend.used["middle"] == "2024-03-01", "end"] = pd.Timestamp("2024-03-04")
    assert pairs(comparisons([trend]), "event") == [("event", "vote", "2024-01-01", "2024-06-01")]


def test_a_jump_that_nobody_declared_is_compared_around_its_day_and_pays_for_the_search() -> None:
    table = comparisons([drawn(THREE, weighed_shocks=(found("2024-02-01"),))])
    assert pairs(table, "shock") == [("shock", "", "2024-01-01", "2024-03-01")]
    assert table.loc[table["kind"] == "shock", "compared"].tolist() == [3]


def test_declared_changes_stand_first_the_year_before_events_in_the_order_of_their_dates() -> None:
    events = (Declared(date(2024, 5, 1), "a later one"), Declared(date(2024, 2, 1), "war"))
    table = comparisons([drawn({"2023-01-01": 0.1} | THREE, events=events)])
    assert table["kind"].tolist()[:3] == ["year", "event", "event"]
    assert table["label"].tolist()[:3] == ["", "war", "a later one"]
    assert table["compared"].tolist()[:3] == [3] * 3


def test_since_leaves_out_waves_that_ended_before_it_and_what_needs_them() -> None:
    events = (Declared(date(2024, 2, 1), "old"), Declared(date(2024, 4, 1), "new"))
    trend = drawn({"2023-01-01": 0.1} | THREE, events=events)
    assert "year" in set(comparisons([trend])["kind"])
    later = comparisons([trend], since="2024-03-01")
    assert pairs(later, "event", "year") == [("event", "new", "2024-03-01", "2024-06-01")]
    assert pairs(later, "wave") == [("wave", "", "2024-03-01", "2024-06-01")]
    assert comparisons([trend], since="2024-06-01").empty
    assert comparisons([trend], since="2024-06-02").empty


def test_a_segment_that_since_leaves_out_is_not_paid_for() -> None:
    newest = {"2024-01-01": 0.0, "2024-06-01": 0.03}
    trend = drawn({"2022-01-01": 0.0, "2022-06-01": 0.5}, newest)
    alone, since = comparisons([drawn(newest)]), comparisons([trend], since="2023-01-01")
    assert pairs(since) == pairs(alone)
    assert since["adjusted"].tolist() == alone["adjusted"].tolist()


def test_a_since_that_is_not_a_date_is_refused_by_its_name() -> None:
    with pytest.raises(InputError, match=r"^`since=`: .*, got `soon`$"):
        comparisons([drawn(THREE)], since="soon")


@pytest.mark.parametrize(("waves", "compared"), [(60, 60), (61, 60), (200, 60)])
def test_at_most_sixty_waves_are_compared_evenly_chosen_the_newest_among_them(
    waves: int, compared: int
) -> None:
    days = pd.date_range("2020-01-01", periods=waves, freq="D")
    table = comparisons([drawn({f"{day:%Y-%m-%d}": 0.0 for day in days})])
    mine = table[table["kind"] == "wave"]
    starts = pd.DatetimeIndex([*mine["start"], days[-1]])
    assert len(starts) == compared
    assert starts[0] == days[0]
    steps = np.diff(starts) / np.timedelta64(1, "D")
    assert steps.max() - steps.min() <= 1
    assert (mine["end"] == days[-1]).all()
    assert (mine["compared"] == compared * (compared - 1) / 2).all()


def test_waves_and_houses_are_counted_from_one_date_to_the_other_both_included() -> None:
    trend = drawn({f"2024-0{month}-01": 0.0 for month in (1, 2, 3, 4)}, sd=1.0)
    trend.used["house"] = ["acme", "bell", "bell", "acme"]
    table = comparisons([trend])
    assert table["waves"].tolist() == [4, 3, 2]
    assert table["houses"].tolist() == [2, 2, 2]
    trend.used["house"] = ["acme", "bell", "bell", "bell"]
    assert comparisons([trend])["houses"].tolist() == [2, 1, 1]


def test_only_waves_that_since_lets_in_are_counted_between_two_dates() -> None:
    """A wave whose middle lies between the dates and whose fieldwork ended before `since` is not shown."""
    trend = drawn({f"2024-0{month}-01": 0.0 for month in (1, 2, 3)}, sd=1.0)
    trend.used["end"] = pd.to_datetime(["2024-02-15", "2024-02-05", "2024-03-01"])
    assert comparisons([trend], since="2024-02-05")["waves"].tolist() == [3, 2]
    assert comparisons([trend], since="2024-02-06")["waves"].tolist() == [2]


def test_waves_of_one_day_are_one_date() -> None:
    trend = drawn(THREE)
    twice = pd.concat([trend.used, trend.used], ignore_index=True)
    table = comparisons([replace(trend, used=twice)])
    assert pairs(table) == pairs(comparisons([trend]))
    assert table["waves"].tolist() == [2 * count for count in comparisons([trend])["waves"]]


def test_the_same_seed_gives_the_same_answer() -> None:
    trend = drawn(THREE)
    pd.testing.assert_frame_equal(comparisons([trend]), comparisons([trend]))
    other = comparisons([drawn(THREE, seed=8)])
    assert (other["adjusted"] != comparisons([trend])["adjusted"]).any()


def test_a_level_that_stood_still_for_a_year_says_within_what() -> None:
    """Levels of three waves known to 0.1 points each lie within half a point of one another."""
    days = {"2022-01-01": 2.0, "2023-08-01": 0.0, "2024-01-01": 0.002, "2024-07-01": 0.0}
    table = comparisons([drawn(days, sd=0.004)])
    (still,) = table[table["kind"] == "still"].to_dict("records")
    assert pairs(table, "still") == [("still", "", "2023-08-01", "2024-07-01")]
    assert still["within"] == 0.005
    assert still["probability"] == still["adjusted"] >= 0.95
    assert (still["waves"], still["compared"]) == (3, 1)
    assert table.loc[table["kind"] != "still", "within"].isna().all()


def test_two_waves_or_wide_ones_have_not_stood_still() -> None:
    days = {"2023-08-01": 0.0, "2024-01-01": 0.0, "2024-07-01": 0.0}
    assert "still" not in set(comparisons([drawn(days, sd=0.1)])["kind"])
    two = {day: level for day, level in days.items() if day > "2023-12-01"}
    assert "still" not in set(comparisons([drawn(two, sd=0.001)])["kind"])
    assert "still" not in set(comparisons([drawn(days | {"2024-03-01": 0.2}, sd=0.001)])["kind"])
