"""A whole question: its answers add up in every draw, and the followed one is its own trend's number."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import groundswell as gs
from groundswell.errors import InputError
from groundswell.simulate.questions import simulate_question
from groundswell.trends import Question
from groundswell.trends.fit.mixture import Mixture
from groundswell.trends.questions.order import order_of
from groundswell.trends.questions.printed import printed_in_table
from groundswell.trends.questions.simplex import broken, points, product_intervals, shown, summary
from groundswell.trends.questions.sticks import split
from groundswell.waves import Bridge

DAYS = pd.to_datetime(["2020-05-01", "2021-03-10", "2021-08-01"])
INTERVALS = ["low50", "high50", "low80", "high80", "low95", "high95"]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return simulate_question(1, waves=24, rounding=0.01).rows


@pytest.fixture(scope="module")
def question(table: pd.DataFrame) -> Question:
    return gs.fit_question(table, first="a")


def waves(
    *printed: dict[str, float | tuple[float, float]], n: float = 1000.0, step: float = 0.01
) -> pd.DataFrame:
    """A table with a wave a month; a pair is a range."""
    rows = [
        {
            "house": "acme",
            "end": pd.Timestamp("2024-01-15") + pd.DateOffset(months=month),
            "category": name,
            "share": np.nan if isinstance(share, tuple) else share,
            "range_low": share[0] if isinstance(share, tuple) else np.nan,
            "range_high": share[1] if isinstance(share, tuple) else np.nan,
            "rounding": step,
            "n_effective": n,
        }
        for month, wave in enumerate(printed)
        for name, share in wave.items()
    ]
    return pd.DataFrame(rows)


def sticks_of(table: pd.DataFrame, first: str = "a", declared: tuple[str, ...] = ()):
    printed = printed_in_table(table, first, declared)
    order = order_of(printed)
    return order.answers, split(printed, order)


def test_every_draw_adds_up_to_one(question: Question) -> None:
    draws = question.draws(DAYS, 500, seed=7)
    assert list(draws.columns) == ["a", "b", "c"]
    assert len(draws) == 1500
    assert ((draws >= 0) & (draws <= 1)).all(axis=None)
    assert np.abs(draws.sum(axis=1) - 1).max() < 1e-12
    pd.testing.assert_frame_equal(draws, question.draws(DAYS, 500, seed=7))


def test_the_splits_are_drawn_apart(question: Question) -> None:
    """One seed for all would tie the answers together."""
    draws = question.draws(DAYS[2], 4000)
    of_rest = draws["b"] / (1 - draws["a"])
    assert abs(np.corrcoef(draws["a"], of_rest)[0, 1]) < 0.06


def test_the_levels_of_a_date_add_up_to_one(question: Question) -> None:
    for without in ((), "c", ("a",)):
        sums = question.levels(DAYS, without).groupby("date")["share"].sum()
        assert np.abs(sums - 1).max() < 1e-12


def test_the_followed_answer_is_its_own_trends_number(table: pd.DataFrame, question: Question) -> None:
    alone = gs.fit_trend(table[table["category"] == "a"]).level(DAYS)
    whole = question.levels(DAYS)
    first = whole[whole["answer"] == "a"].reset_index(drop=True)
    columns = ["share", "share_se", *INTERVALS]
    np.testing.assert_allclose(first[columns], alone[columns], rtol=0, atol=1e-12)
    drawn = question.draws(DAYS, 100)["a"].unstack("date")
    np.testing.assert_allclose(
        drawn, gs.fit_trend(table[table["category"] == "a"]).draws(DAYS, 100), atol=1e-12
    )


def test_a_surveys_page_and_its_whole_question_have_one_level() -> None:
    survey = gs.load_survey("surveys/ukraine-outlook")
    whole = gs.fit_question(survey, "outlook", as_of="2025-12-31")
    level = gs.fit_trend(survey, "outlook", as_of="2025-12-31").level("2025-10-01")
    mine = whole.levels("2025-10-01")
    assert whole.answers == survey.indicators["outlook"].variants["kiis-ten-years"].answers
    np.testing.assert_allclose(mine.loc[:0, ["share", *INTERVALS]], level[["share", *INTERVALS]], atol=1e-12)


def test_intervals_hold_a_known_truth() -> None:
    """Three answers, six series: of 95% intervals few miss, of 50% intervals about half."""
    inside: dict[str, list[bool]] = {"50": [], "95": []}
    for seed in range(6):
        rows, truth = simulate_question(seed, waves=20)
        days = truth.index[20:-20:40]
        table = gs.fit_question(rows, first="a").levels(days)
        true = np.array(
            [truth.loc[day, name] for day, name in zip(table["date"], table["answer"], strict=True)]
        )
        for level, held in inside.items():
            held += list((table[f"low{level}"] <= true) & (true <= table[f"high{level}"]))
    assert np.mean(inside["95"]) > 0.88
    assert 0.3 < np.mean(inside["50"]) < 0.75


def test_the_order_of_rows_and_waves_changes_nothing(table: pd.DataFrame, question: Question) -> None:
    shuffled = gs.fit_question(table.sample(frac=1, random_state=3), first="a")
    assert shuffled.answers == question.answers
    columns = ["share", *INTERVALS]
    np.testing.assert_allclose(
        shuffled.levels(DAYS)[columns], question.levels(DAYS)[columns], rtol=0, atol=1e-9
    )


def test_numbers_do_not_depend_on_what_else_is_asked(question: Question) -> None:
    alone, among = question.levels(DAYS[1]), question.levels(DAYS)
    np.testing.assert_allclose(
        alone[INTERVALS], among[among["date"] == DAYS[1]][INTERVALS], rtol=0, atol=1e-12
    )
    net = question.net(DAYS, "a", "b")
    assert question.net(DAYS[1], "a", "b")["low95"].iloc[0] == pytest.approx(net["low95"].iloc[1], abs=1e-12)


def ends(values: pd.Series) -> np.ndarray:
    return values.quantile([0.25, 0.75, 0.1, 0.9, 0.025, 0.975]).to_numpy()


def test_without_net_and_ratio_are_what_they_say_of_draws(question: Question) -> None:
    day = DAYS[2]
    draws, levels = question.draws(day, 60_000, seed=5), question.levels(day).set_index("answer")["share"]
    rest = 1 - draws["c"]
    without = question.levels(day, "c").set_index("answer")
    assert list(without.index) == ["a", "b"]
    for name in ("a", "b"):
        np.testing.assert_allclose(
            without.loc[name, INTERVALS].astype(float), ends(draws[name] / rest), atol=0.001
        )
        assert without.loc[name, "share"] == pytest.approx(levels[name] / (1 - levels["c"]), abs=1e-12)
        assert without.loc[name, "share_se"] == pytest.approx((draws[name] / rest).std(), rel=0.02)
    compared = {
        "net": (question.net(day, "a", "b"), draws["a"] - draws["b"], levels["a"] - levels["b"]),
        "without": (
            question.net(day, "a", "b", without="c"),
            (draws["a"] - draws["b"]) / rest,
            (levels["a"] - levels["b"]) / (1 - levels["c"]),
        ),
        "ratio": (question.ratio(day, "a", "b"), draws["a"] / draws["b"], levels["a"] / levels["b"]),
        "sum": (
            question.net(day, ["a", "c"], "b"),
            draws["a"] + draws["c"] - draws["b"],
            levels["a"] + levels["c"] - levels["b"],
        ),
    }
    for name, (table, drawn, level) in compared.items():
        atol = 0.02 if name == "ratio" else 0.002
        np.testing.assert_allclose(table[INTERVALS].iloc[0], ends(drawn), atol=atol, err_msg=name)
        assert table["estimate"].iloc[0] == pytest.approx(level, abs=1e-12), name
        even = 1 if name == "ratio" else 0
        assert table["probability_larger"].iloc[0] == pytest.approx((drawn > even).mean(), abs=0.01), name


def test_levels_of_later_answers_agree_with_draws(question: Question) -> None:
    draws, table = question.draws(DAYS[0], 60_000), question.levels(DAYS[0]).set_index("answer")
    for name in ("b", "c"):
        np.testing.assert_allclose(table.loc[name, INTERVALS].astype(float), ends(draws[name]), atol=0.001)
        assert table.loc[name, "share"] == pytest.approx(draws[name].median(), abs=0.001)
        assert table.loc[name, "share_se"] == pytest.approx(draws[name].std(), rel=0.02)


@pytest.mark.parametrize("spreads", [(0.36, 0.13), (0.05, 0.4), (0.1, 0.1), (0.3, 0.02)])
def test_products_are_worked_out_where_one_part_is_known_far_better(spreads: tuple[float, float]) -> None:
    """Against a million draws: ends within a twentieth of a point."""
    rng = np.random.default_rng(2)
    weight = np.array([0.5, 0.3, 0.2])
    parts = [
        Mixture(weight, np.array([[m], [m + sd], [m - sd]]), sd * np.array([[0.6], [1.0], [1.5]]))
        for m, sd in zip((-0.5, 1.5), spreads, strict=True)
    ]
    drawn = []
    for part in parts:
        which = rng.choice(3, 1_000_000, p=weight)
        logit = part.mean[which, 0] + part.sd[which, 0] * rng.standard_normal(1_000_000)
        drawn.append(1 / (1 + np.exp(-logit)))
    shares = broken(drawn, axis=0)
    expected = summary(shares)
    for name, found in product_intervals(parts).items():
        np.testing.assert_allclose(found[0], expected[name], atol=0.0005, err_msg=name)
    (even,) = points(parts)
    for name, found in summary(even).items():
        np.testing.assert_allclose(found[0], expected[name], atol=0.001, err_msg=name)
    np.testing.assert_allclose(shown(parts)[0], np.median(shares, axis=1), atol=0.01)


def test_a_later_answer_is_a_share_of_what_is_left() -> None:
    answers, sticks = sticks_of(waves({"a": 0.5, "b": 0.4, "c": 0.1}, n=1000, step=0.0))
    assert answers == ("a", "b", "c")
    (of_rest,) = sticks.later
    assert of_rest["share"].iloc[0] == pytest.approx(0.8)
    assert of_rest["n_effective"].iloc[0] == pytest.approx(500)


def test_an_answer_that_is_left_out_is_what_the_others_leave_once_the_answers_are_known() -> None:
    """Known, since they were declared, or since another wave prints all of them."""
    missing = waves({"a": 0.5, "c": 0.1}, {"a": 0.45, "b": 0.45, "c": 0.10})
    for declared in ((), ("a", "b", "c")):
        answers, sticks = sticks_of(missing, declared=declared)
        assert set(answers) == {"a", "b", "c"}
        assert sticks.waves["told"].tolist() == [3, 3]
    answers, sticks = sticks_of(waves({"a": 0.5, "c": 0.1}), declared=("a", "b", "c"))
    assert answers == ("a", "b", "c")
    assert sticks.later[0]["share"].iloc[0] == pytest.approx(0.8)
    answers, sticks = sticks_of(waves({"a": 0.5, "c": 0.1}))
    assert answers == ("a", "c", "rest")
    assert sticks.later[0]["share"].iloc[0] == pytest.approx(0.2)


def test_a_wave_says_what_it_can_and_what_it_cannot_is_named() -> None:
    table = waves(
        {"a": 0.40, "b": 0.30, "c": 0.20, "d": 0.10},
        {"a": 0.41, "b": 0.30, "c": 0.20, "d": 0.09},
        {"a": 0.42},
        {"a": 0.43, "b": 0.31},
        {"a": 0.40, "c": 0.20},
        {"b": 0.30, "c": 0.20},
        {"a": 0.40, "b": 0.30, "c": 0.20, "d": 0.02},
    )
    answers, sticks = sticks_of(table)
    assert answers == ("a", "b", "c", "d")
    said = sticks.waves.sort_values("end")[["told", "left_out"]].to_numpy().tolist()
    assert said == [
        [4, ""],
        [4, ""],
        [1, "first_answer_only"],
        [2, "answer_missing:c"],
        [1, "answer_missing:b"],
        [0, "category_missing:a"],
        [1, "answers_do_not_add_up"],
    ]
    assert list(map(len, sticks.later)) == [3, 2]


@pytest.mark.parametrize("total", [0.99, 1.0, 1.01])
def test_answers_that_rounding_makes_99_or_101_count(total: float) -> None:
    _, sticks = sticks_of(waves({"a": 0.5, "b": 0.4, "c": round(total - 0.9, 2)}))
    assert sticks.waves["told"].tolist() == [3]
    assert sticks.later[0]["share"].iloc[0] == pytest.approx(0.4 / (total - 0.5))
    assert sticks.later[0]["rounding"].iloc[0] > 0.01


def test_a_range_stays_one_among_those_who_are_left() -> None:
    _, sticks = sticks_of(waves({"a": (0.18, 0.22), "b": (0.46, 0.50)}), declared=("a", "b", "c"))
    row = sticks.later[0].iloc[0]
    assert row["range_low"] == pytest.approx(0.46 / 0.82)
    assert row["range_high"] == pytest.approx(0.50 / 0.78)


def test_a_wave_in_which_nobody_is_left_does_not_split_nobody() -> None:
    _, sticks = sticks_of(waves({"a": 0.5, "b": 0.4, "c": 0.1}, {"a": 1.0, "b": 0.0, "c": 0.0}))
    assert sticks.waves["left_out"].tolist() == ["", "nothing_left:b"]


def test_what_is_wrong_is_refused_by_name(table: pd.DataFrame, question: Question) -> None:
    with pytest.raises(InputError, match=r"`without=`: `x` is not an answer.*a, b, c"):
        question.levels(DAYS, "x")
    with pytest.raises(InputError, match="leave at least one"):
        question.levels(DAYS, ["a", "b", "c"])
    with pytest.raises(InputError, match="`a` stands on both sides or is left out"):
        question.net(DAYS, "a", ["a", "b"])
    with pytest.raises(InputError, match="needs an answer on either side"):
        question.ratio(DAYS, "a", [])
    with pytest.raises(InputError, match="at least 1 draw"):
        question.draws(DAYS, 0)
    with pytest.raises(InputError, match="needs the column `category`"):
        gs.fit_question(table.drop(columns="category"))
    with pytest.raises(InputError, match="has `a` twice"):
        gs.fit_question(pd.concat([table, table.iloc[:1]]), first="a")
    with pytest.raises(InputError, match="no row has the category `d`"):
        gs.fit_question(table, first="d")
    with pytest.raises(InputError, match=r"`answers=` lacks `c`"):
        gs.fit_question(table, answers=["a", "b"])
    with pytest.raises(InputError, match="not a percent"):
        gs.fit_question(table.assign(share=table["share"] * 100), first="a")


def test_by_default_the_answer_that_most_waves_print_comes_first(table: pd.DataFrame) -> None:
    thinned = table[(table["category"] == "b") | (np.arange(len(table)) > 6)]
    assert gs.fit_question(thinned).answers[0] == "b"


def test_an_answer_breaks_where_a_split_that_it_stands_on_does() -> None:
    """A bridge is known of the first answer alone: the second still breaks with its wording."""
    old = simulate_question(3, waves=8).rows.assign(variant="old")
    new = simulate_question(4, waves=8).rows.assign(variant="new")
    new["end"] += pd.Timedelta(days=200)
    table, on = pd.concat([old, new], ignore_index=True), pd.to_datetime(["2020-02-01", "2020-11-01"])
    change = table.loc[table["variant"] == "new", "end"].min()
    broken_off = gs.fit_question(table, first="a").levels(on)
    assert broken_off["segment"].tolist() == [1] * 3 + [2] * 3
    bridge = Bridge(
        date=change.date(), old="old", new="new", kind="judgement", old_share=0.5, new_share=0.5, se=0.01, source="test"
    )  # fmt: skip
    bridged = gs.fit_question(table, first="a", bridges=[bridge])
    assert bridged.levels(on)["segment"].tolist() == [1, 1, 1, 1, 2, 2]
    assert bridged.net(on, "a", "b")["segment"].tolist() == [1, 2]
