"""Which changes are looked at together, and how each is allowed for, on a level that is drawn and not fitted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr

from groundswell.errors import InputError
from groundswell.trends.answers.changes import Joint
from groundswell.trends.answers.comparisons import comparisons, simultaneous_tails
from groundswell.trends.answers.segments import Scale, Segment
from groundswell.trends.model.logit import expit

SCALE = Scale("only", pd.DataFrame(), np.ones(1), 1)


@dataclass(frozen=True)
class Declared:
    """An event as a survey declares it."""

    date: date
    label: str


@dataclass(frozen=True)
class LevelDrawn:
    """A trend whose level at each wave is given in logits, each known to `sd` and apart from the others."""

    used: pd.DataFrame
    segments: list[Segment]
    as_of: pd.Timestamp
    logits: dict[pd.Timestamp, float]
    events: tuple[Declared, ...] = ()
    indicator: str = "mood"
    sd: float = 0.01
    seed: int = 7
    asked: list[pd.DatetimeIndex] = field(default_factory=list)

    def joint(self, days: pd.DatetimeIndex) -> Joint:
        """As `Trend.joint`; between two waves the level is the older one's."""
        self.asked.append(days)
        known = pd.Series(self.logits).sort_index()
        means = known.to_numpy(dtype=np.float64)[known.index.searchsorted(days, side="right") - 1]
        return Joint(np.ones(1), [(means, np.eye(len(days)) * self.sd**2)])


def drawn(*stretches: dict[str, float], as_of: str | None = None, **parts: Any) -> Any:
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
    used = pd.DataFrame({"middle": list(logits), "end": list(logits), "house": "acme"})
    last = max(logits) if as_of is None else pd.Timestamp(as_of)
    return LevelDrawn(used, segments, last, logits, **parts)


def pairs(table: pd.DataFrame) -> list[tuple[str, str, str, str]]:
    """Kind, label and both dates of each row."""
    return [
        (row["kind"], row["label"], f"{row['start']:%Y-%m-%d}", f"{row['end']:%Y-%m-%d}")
        for row in table.to_dict("records")
    ]


COLUMNS = [
    "indicator", "kind", "label", "start", "end", "estimate", "se", "low", "high", "probability", "adjusted", "waves",
    "houses", "compared", "segment",
]  # fmt: skip
THREE = {"2024-03-01": 0.0, "2024-01-01": 0.1, "2024-06-01": 0.02}


def test_the_newest_wave_is_compared_with_each_earlier_one_oldest_first() -> None:
    table = comparisons([drawn(THREE)])
    assert table.columns.tolist() == COLUMNS
    assert pairs(table) == [
        ("wave", "", "2024-01-01", "2024-06-01"),
        ("wave", "", "2024-03-01", "2024-06-01"),
    ]
    assert table["indicator"].tolist() == ["mood", "mood"]
    assert table["compared"].tolist() == [2, 2]
    assert table["segment"].tolist() == [1, 1]


def test_where_nothing_can_be_compared_the_columns_are_the_same() -> None:
    for trends in ([], [drawn({"2024-01-01": 0.0})]):
        table = comparisons(trends)
        assert table.columns.tolist() == COLUMNS
        assert table.empty


def test_a_change_is_the_newer_less_the_older_with_its_own_probability() -> None:
    """Both levels are known to 0.01 logits: the delta method is right to a percent."""
    rows = comparisons([drawn(THREE)]).to_dict("records")
    for row, (old, new) in zip(rows, [(0.1, 0.02), (0.0, 0.02)], strict=True):
        assert row["estimate"] == pytest.approx(expit(new) - expit(old), abs=1e-5)
        se = 0.01 * np.sqrt((expit(new) * expit(-new)) ** 2 + (expit(old) * expit(-old)) ** 2)
        assert row["se"] == pytest.approx(se, rel=0.01)
        assert row["low"] == pytest.approx(row["estimate"] - 1.96 * se, abs=1e-4)
        assert row["high"] == pytest.approx(row["estimate"] + 1.96 * se, abs=1e-4)
        # Of its own direction: a fall of 0.08 and a rise of 0.02 logits.
        assert row["probability"] == pytest.approx(ndtr(abs(new - old) / (0.01 * np.sqrt(2))), abs=1e-9)


def test_a_level_that_stands_still_is_as_probably_up_as_down_and_no_finding() -> None:
    (row,) = comparisons([drawn({"2024-01-01": 0.3, "2024-06-01": 0.3})] * 2).head(1).to_dict("records")
    assert row["estimate"] == 0.0
    assert row["probability"] == pytest.approx(0.5, abs=1e-9)
    assert row["adjusted"] == 0.5


def test_one_change_alone_is_adjusted_for_nothing() -> None:
    (row,) = comparisons([drawn({"2024-01-01": 0.0, "2024-06-01": 0.02})]).to_dict("records")
    # A tail of 0.157 from 4,000 draws has a standard error of 0.006, half of it in `adjusted`.
    assert row["adjusted"] == pytest.approx(row["probability"], abs=0.009)


@pytest.mark.parametrize("seed", range(12))
def test_to_be_looked_at_with_others_never_makes_a_change_surer(seed: int) -> None:
    # The tail is counted from draws and the probability exact: alone, about half of the seeds would say more.
    (row,) = comparisons([drawn({"2024-01-01": 0.0, "2024-06-01": 0.02}, seed=seed)]).to_dict("records")
    assert row["adjusted"] <= row["probability"]


def test_no_change_is_surer_than_one_draw_in_4001() -> None:
    (row,) = comparisons([drawn({"2024-01-01": 0.0, "2024-06-01": 2.0})]).to_dict("records")
    assert row["adjusted"] == pytest.approx(1.0 - 0.5 / 4001, abs=1e-12)


def test_every_indicator_and_every_segment_that_is_searched_is_paid_for() -> None:
    """The chance of one false alarm among all is the sum of the families' at most."""

    def tail(*trends: Any) -> float:
        table = comparisons(trends)
        return float(2 * (1 - table["adjusted"][table["kind"] == "wave"].iloc[0]))

    newest = {"2024-01-01": 0.0, "2024-06-01": 0.03}
    once = tail(drawn(newest))
    assert 0.01 < once < 0.1
    assert tail(drawn(newest), drawn(newest, indicator="plans")) == pytest.approx(2 * once)
    older = {"2022-01-01": 0.0, "2022-06-01": 0.5}
    assert tail(drawn(older, newest)) == pytest.approx(2 * once)
    assert tail(drawn(older, newest), drawn(newest, indicator="plans")) > 2.9 * once
    # A stretch of one wave holds no pair: nothing is searched there.
    assert tail(drawn({"2022-01-01": 0.0}, newest)) == pytest.approx(once)


def test_two_indicators_of_two_segments_each_are_four_families() -> None:
    older, newest = {"2022-01-01": 0.0, "2022-06-01": 0.0}, {"2024-01-01": 0.0, "2024-06-01": 0.035}
    once = 2 * (1 - comparisons([drawn(newest)])["adjusted"].iloc[0])
    both = comparisons([drawn(older, newest), drawn(older, newest, indicator="plans")])
    assert both.index.tolist() == [0, 1, 2, 3]
    assert both["indicator"].tolist() == ["mood", "mood", "plans", "plans"]
    tails = 2 * (1 - both["adjusted"])
    assert tails[0] == pytest.approx(4 * once)
    assert tails[2] == pytest.approx(4 * once)


def test_a_segment_before_the_newest_is_compared_within_itself() -> None:
    older = {"2022-01-01": 0.0, "2022-03-01": 0.1, "2022-06-01": 0.2}
    table = comparisons([drawn(older, {"2024-01-01": 0.0, "2024-06-01": 0.1})])
    assert pairs(table) == [
        ("wave", "", "2024-01-01", "2024-06-01"),
        ("earlier", "", "2022-01-01", "2022-06-01"),
        ("earlier", "", "2022-03-01", "2022-06-01"),
    ]
    assert table["segment"].tolist() == [2, 1, 1]
    assert table["compared"].tolist() == [1, 2, 2]
    assert table["waves"].tolist() == [2, 3, 2]


@pytest.mark.parametrize(
    ("as_of", "compared"), [("2024-12-31", False), ("2025-01-01", True), ("2025-03-01", True)]
)
def test_the_last_twelve_months_are_compared_where_a_wave_is_a_year_old(as_of: str, compared: bool) -> None:
    table = comparisons([drawn(THREE, as_of=as_of)])
    year_ago = f"{int(as_of[:4]) - 1}{as_of[4:]}"
    assert (pairs(table)[0] == ("year", "", year_ago, as_of)) is compared
    assert len(table) == 2 + compared


def test_since_leaves_out_a_year_that_began_before_it() -> None:
    trend = drawn(THREE, as_of="2025-02-01")
    assert "year" in comparisons([trend], since="2024-01-01")["kind"].tolist()
    assert "year" not in comparisons([trend], since="2024-03-01")["kind"].tolist()


@pytest.mark.parametrize(
    ("happened", "compared"),
    [("2024-01-01", False), ("2024-01-02", True), ("2024-06-01", True), ("2024-06-02", False)],
)
def test_an_event_is_compared_from_the_day_before_it_to_the_newest_wave(
    happened: str, compared: bool
) -> None:
    """Between the first wave and the newest: a level before or after all waves says nothing of an event."""
    event = Declared(date.fromisoformat(happened), "vote")
    before = f"{pd.Timestamp(happened) - pd.Timedelta(days=1):%Y-%m-%d}"
    events = [row for row in pairs(comparisons([drawn(THREE, events=(event,))])) if row[0] == "event"]
    assert events == ([("event", "vote", before, "2024-06-01")] if compared else [])


def test_events_follow_the_year_in_the_order_of_their_dates_and_stand_before_the_waves() -> None:
    events = (Declared(date(2024, 5, 1), "a later one"), Declared(date(2024, 2, 1), "war"))
    table = comparisons([drawn(THREE, events=events, as_of="2025-02-01")])
    assert table["kind"].tolist() == ["year", "event", "event", "wave", "wave"]
    assert table["label"].tolist() == ["", "war", "a later one", "", ""]
    assert table["compared"].tolist() == [5] * 5


def test_since_leaves_out_waves_that_ended_before_it_and_events_too() -> None:
    events = (Declared(date(2024, 4, 1), "old"), Declared(date(2024, 5, 1), "new"))
    trend = drawn({**THREE, "2024-03-30": 0.0}, events=events)
    assert pairs(comparisons([trend], since="2024-03-01")) == [
        ("event", "old", "2024-03-31", "2024-06-01"),
        ("event", "new", "2024-04-30", "2024-06-01"),
        ("wave", "", "2024-03-01", "2024-06-01"),
        ("wave", "", "2024-03-30", "2024-06-01"),
    ]
    assert pairs(comparisons([trend], since="2024-03-02"))[2:] == [
        ("wave", "", "2024-03-30", "2024-06-01"),
    ]
    assert comparisons([trend], since="2024-06-01").empty
    assert comparisons([trend], since="2024-06-02").empty


@pytest.mark.parametrize(("since", "labels"), [("2024-04-01", ["old", "new"]), ("2024-04-02", ["new"])])
def test_an_event_on_the_day_from_which_is_searched_is_searched(since: str, labels: list[str]) -> None:
    """The waves' fieldwork ends after `since`; the middle of the first one lies before it."""
    trend = drawn(THREE, events=(Declared(date(2024, 4, 1), "old"), Declared(date(2024, 5, 1), "new")))
    trend.used.loc[trend.used["middle"] == "2024-03-01", "end"] = pd.Timestamp("2024-04-20")
    table = comparisons([trend], since=since)
    assert table.loc[table["kind"] == "event", "label"].tolist() == labels


def test_a_segment_that_since_leaves_out_is_not_paid_for() -> None:
    newest = {"2024-01-01": 0.0, "2024-06-01": 0.03}
    trend = drawn({"2022-01-01": 0.0, "2022-06-01": 0.5}, newest)
    alone, since = comparisons([drawn(newest)]), comparisons([trend], since="2023-01-01")
    assert pairs(since) == pairs(alone)
    assert since["adjusted"].tolist() == alone["adjusted"].tolist()


def test_a_since_that_is_not_a_date_is_refused_by_its_name() -> None:
    with pytest.raises(InputError, match=r"^`since=`: .*, got `soon`$"):
        comparisons([drawn(THREE)], since="soon")


@pytest.mark.parametrize(("earlier", "compared"), [(60, 60), (61, 60), (200, 60)])
def test_at_most_sixty_earlier_waves_are_compared_evenly_chosen(earlier: int, compared: int) -> None:
    days = pd.date_range("2020-01-01", periods=earlier + 1, freq="7D")
    table = comparisons([drawn({f"{day:%Y-%m-%d}": 0.0 for day in days}, as_of="2020-06-01")])
    starts = pd.DatetimeIndex(table["start"])
    assert len(starts) == compared
    assert (starts[0], starts[-1]) == (days[0], days[-2])
    steps = np.diff(starts) / np.timedelta64(7, "D")
    assert steps.max() - steps.min() <= 1
    assert (table["end"] == days[-1]).all()


def test_waves_and_houses_are_counted_from_one_date_to_the_other_both_included() -> None:
    trend = drawn({f"2024-0{month}-01": 0.0 for month in (1, 2, 3, 4)})
    trend.used["house"] = ["acme", "bell", "bell", "acme"]
    table = comparisons([trend])
    assert table["waves"].tolist() == [4, 3, 2]
    assert table["houses"].tolist() == [2, 2, 2]
    trend.used["house"] = ["acme", "bell", "bell", "bell"]
    assert comparisons([trend])["houses"].tolist() == [2, 1, 1]


def test_only_waves_that_since_lets_in_are_counted_between_two_dates() -> None:
    """A wave whose middle lies between the dates and whose fieldwork ended before `since` is not shown."""
    trend = drawn({f"2024-0{month}-01": 0.0 for month in (1, 2, 3)})
    trend.used["end"] = pd.to_datetime(["2024-02-15", "2024-02-05", "2024-03-01"])
    assert comparisons([trend], since="2024-02-05")["waves"].tolist() == [3, 2]
    assert comparisons([trend], since="2024-02-06")["waves"].tolist() == [2]


def test_waves_of_one_day_are_one_date() -> None:
    trend = drawn(THREE)
    twice = pd.concat([trend.used, trend.used], ignore_index=True)
    table = comparisons([replace(trend, used=twice)])
    assert pairs(table) == pairs(comparisons([trend]))
    assert table["waves"].tolist() == [6, 4]


def test_the_same_seed_gives_the_same_answer_and_each_day_is_asked_for_once() -> None:
    trend = drawn(THREE, as_of="2025-02-01")
    first, again = comparisons([trend]), comparisons([trend])
    pd.testing.assert_frame_equal(first, again)
    assert trend.asked[0].is_unique
    other = comparisons([drawn(THREE, as_of="2025-02-01", seed=8)])
    assert (other["adjusted"] != first["adjusted"]).any()


def test_tails_of_one_comparison_are_its_own() -> None:
    rng = np.random.default_rng(0)
    draws = rng.normal(1.5, 1.0, (40_000, 1))
    assert simultaneous_tails(draws)[0] == pytest.approx(2 * ndtr(-1.5), abs=0.005)


def test_tails_of_independent_comparisons_follow_sidak() -> None:
    rng = np.random.default_rng(0)
    draws = rng.normal(2.0, 1.0, (40_000, 5))
    assert simultaneous_tails(draws) == pytest.approx(np.full(5, 1 - (1 - 2 * ndtr(-2.0)) ** 5), abs=0.01)


def test_tails_of_the_same_comparison_again_cost_nothing() -> None:
    rng = np.random.default_rng(0)
    draws = np.repeat(rng.normal(2.0, 1.0, (40_000, 1)), 5, axis=1)
    assert simultaneous_tails(draws) == pytest.approx(np.full(5, 2 * ndtr(-2.0)), abs=0.005)


@pytest.mark.parametrize(
    ("draws", "tail"),
    [
        # Mean 1, standard deviation 1, both draws one of them away: as far as the mean from zero counts as beyond.
        ([0.0, 2.0], 1.0),
        ([1.0, 3.0], 1 / 3),
        ([-1.0, -3.0], 1 / 3),
        ([0.0, 0.0], 1.0),
        # A change without any spread is certain, as far as two draws can say.
        ([1.0, 1.0], 1 / 3),
    ],
)
def test_a_tail_by_hand_is_never_zero(draws: list[float], tail: float) -> None:
    assert simultaneous_tails(np.array(draws)[:, None]).tolist() == [pytest.approx(tail)]


def test_the_largest_of_each_draw_counts_over_all_pairs() -> None:
    """Four draws: the first pair is off in two, the second in the other two; none is off in all."""
    draws = np.array([[4.0, 1.0], [0.0, 1.0], [2.0, 3.0], [2.0, -1.0]])
    # Both have the standard deviation sqrt(2); in every draw one of them is sqrt(2) of them away.
    assert simultaneous_tails(draws) == pytest.approx(np.array([1.0, 1.0]))
    assert simultaneous_tails(draws + np.array([1.0, 0.0])) == pytest.approx(np.array([1 / 5, 1.0]))


def test_each_pair_is_measured_by_its_own_spread() -> None:
    """Both means lie two of their own standard deviations from zero, though one change is ten times the other."""
    assert simultaneous_tails(np.array([[0.1, -3.0], [0.3, -1.0]])).tolist() == pytest.approx([1 / 3, 1 / 3])
