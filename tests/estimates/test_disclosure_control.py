"""What is hidden stays hidden: the rules, and that no sums or differences of what is shown give it back."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from groundswell.estimates.of_wave.disclosure_control import hidden_below, hidden_domains


@pytest.mark.parametrize(("stated", "below"), [(30, 10), (31, 31), (50, 50)])
def test_a_survey_can_only_raise_the_limit(stated: int, below: int) -> None:
    assert hidden_below(stated) == below


def hide(
    variables: dict[str, list[str]], people: dict[tuple[str, ...], int], limit: int = 10
) -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray]:
    """Names, membership, sizes and hidden flags of `all` and every category; `people` by combination."""
    combinations = list(product(*variables.values()))
    sizes = np.array([people.get(each, 0) for each in combinations])
    names, groups = ["all"], ["all"]
    rows = [[True] * len(combinations)]
    for place, (variable, categories) in enumerate(variables.items()):
        for category in categories:
            names.append(f"{variable}: {category}")
            groups.append(variable)
            rows.append([each[place] == category for each in combinations])
    membership = np.array(rows)
    n = membership @ sizes
    return (
        names,
        membership,
        sizes,
        hidden_domains(membership, sizes=sizes, smallest=n, groups=groups, limit=limit),
    )


def test_men_are_hidden_with_the_six_whom_all_less_women_and_men_would_give() -> None:
    people = {("women",): 400, ("men",): 395, ("other",): 6}
    names, _, _, hidden = hide({"sex": ["women", "men", "other"]}, people)
    assert [name for name, unseen in zip(names, hidden, strict=True) if unseen] == ["sex: men", "sex: other"]


def test_nothing_is_hidden_where_every_domain_is_large() -> None:
    *_, hidden = hide({"sex": ["women", "men"]}, {("women",): 12, ("men",): 30})
    assert not hidden.any()


def test_two_small_domains_that_are_too_few_together_hide_a_third() -> None:
    people = {("a",): 3, ("b",): 4, ("c",): 200, ("d",): 300}
    names, _, _, hidden = hide({"region": ["a", "b", "c", "d"]}, people)
    assert [name for name, unseen in zip(names, hidden, strict=True) if unseen] == [
        "region: a",
        "region: b",
        "region: c",
    ]


def test_a_domain_that_a_coarser_variable_gives_back_is_hidden_with_a_partner() -> None:
    """North is town and country; the town is small, so that north less its country would give it."""
    people = {
        ("north", "town"): 5,
        ("north", "country"): 300,
        ("south", "town s"): 200,
        ("south", "country s"): 250,
    }
    variables = {"region": ["north", "south"], "place": ["town", "country", "town s", "country s"]}
    names, membership, sizes, hidden = hide(variables, people)
    assert hidden[names.index("place: town")]
    assert not determined(membership, sizes, hidden)


def hidden_ones(
    variables: dict[str, list[str]], people: dict[tuple[str, ...], int], limit: int = 10
) -> list[str]:
    """The names of what is hidden."""
    names, _, _, hidden = hide(variables, people, limit)
    return [name for name, unseen in zip(names, hidden, strict=True) if unseen]


ABCD = ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("sizes", "limit", "expected"),
    [
        ((10, 200, 300, 400), 10, ""),
        ((9, 200, 300, 400), 10, "ab"),  # one alone is the rest of all: the smallest other goes with it
        ((9, 400, 300, 200), 10, "ad"),
        ((5, 5, 300, 400), 10, "ab"),  # two that reach the limit together are enough
        ((5, 4, 300, 200), 10, "abd"),  # two that do not are known to hold fewer than the limit
        ((1, 2, 3, 400), 10, "abcd"),
        ((4, 5, 6, 400), 10, "abc"),
        ((40, 41, 42, 400), 41, "ab"),
        ((40, 41, 42, 400), 40, ""),
        ((9, 50, 50, 50), 10, "ab"),  # the first of equals
    ],
)
def test_exactly_these_domains_of_one_variable_are_hidden(
    sizes: tuple[int, ...], limit: int, expected: str
) -> None:
    people = {(name,): n for name, n in zip(ABCD, sizes, strict=True)}
    assert hidden_ones({"region": ABCD}, people, limit) == [f"region: {name}" for name in expected]


def test_a_variable_with_one_category_is_everyone_who_has_it() -> None:
    assert hidden_ones({"sex": ["women"]}, {("women",): 12}) == []
    assert hidden_ones({"sex": ["women"]}, {("women",): 9}) == ["all", "sex: women"]


def test_where_everything_is_small_everything_is_hidden() -> None:
    assert hidden_ones({"sex": ["women", "men"]}, {("women",): 3, ("men",): 4}) == [
        "all",
        "sex: women",
        "sex: men",
    ]


def test_a_domain_with_few_answers_to_one_item_is_hidden_for_every_item() -> None:
    """`smallest` counts: 400 asked, 9 answered one of the items."""
    membership = np.array(
        [[True, True, True], [True, False, False], [False, True, False], [False, False, True]]
    )
    sizes = np.array([400, 395, 390])
    groups = ("all", "sex", "sex", "sex")

    def hidden(*smallest: int) -> list[bool]:
        return hidden_domains(
            membership, sizes=sizes, smallest=np.array(smallest), groups=groups, limit=10
        ).tolist()

    assert hidden(1185, 400, 395, 390) == [False] * 4
    assert hidden(1185, 10, 395, 390) == [False] * 4
    assert hidden(1185, 9, 395, 390) == [False, True, False, True]
    assert hidden(1185, 400, 9, 390) == [False, False, True, True]


def test_the_partner_is_of_the_same_variable() -> None:
    """Men go with the six others; the north, though smaller than men, is a domain of another variable."""
    people = {("women", "south"): 400, ("men", "south"): 95, ("men", "north"): 300, ("other", "south"): 6}
    variables = {"sex": ["women", "men", "other"], "region": ["north", "south"]}
    assert hidden_ones(variables, people) == ["sex: men", "sex: other"]


def test_a_region_that_repeats_a_small_one_is_hidden_with_it() -> None:
    """Two variables with the same small category: neither may give the other back."""
    variables = {"region": ["islands", "coast", "inland"], "climate": ["wet", "dry"]}
    people = {("islands", "wet"): 6, ("coast", "dry"): 300, ("inland", "dry"): 200}
    assert hidden_ones(variables, people) == [
        "region: islands",
        "region: inland",
        "climate: wet",
        "climate: dry",
    ]


@pytest.mark.parametrize(("a1", "a2"), [(6, 7), (1, 9)])
def test_what_gives_a_domain_back_across_variables_is_hidden_the_smallest_that_has_people_in_common(
    a1: int, a2: int
) -> None:
    """b1 less a3 is a1: of the shown domains with people of a1, `all` and b1, the smaller is hidden. The still smaller
    b2 and a4 have nothing to do with a1."""
    people = {
        ("a1", "b1"): a1,
        ("a3", "b1"): 300,
        ("a2", "b4"): a2,
        ("a4", "b4"): 13,
        ("a4", "b3"): 5,
        ("a4", "b2"): 100,
    }
    variables = {"a": ["a1", "a2", "a3", "a4"], "b": ["b1", "b2", "b3", "b4"]}
    assert hidden_ones(variables, people) == ["a: a1", "a: a2", "b: b1", "b: b3", "b: b4"]


def test_domains_without_anybody_are_hidden_and_give_nothing_back() -> None:
    assert hidden_ones({"sex": ["women", "men"]}, {}) == ["all", "sex: women", "sex: men"]


def test_of_many_equals_the_first_is_hidden() -> None:
    names = [f"r{number:02}" for number in range(40)]
    people = {(name,): 9 if name == "r30" else 50 for name in names}
    assert hidden_ones({"region": names}, people) == ["region: r00", "region: r30"]


@st.composite
def populations(draw: st.DrawFn) -> tuple[dict[str, list[str]], dict[tuple[str, ...], int]]:
    """One to three variables of one to four categories, many combinations empty or small, some nested."""
    counts = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    variables = {f"v{place}": [f"c{code}" for code in range(count)] for place, count in enumerate(counts)}
    size = st.sampled_from([0, 0, 1, 3, 7, 9, 10, 12, 29, 40, 300])
    people = {each: draw(size) for each in product(*variables.values())}
    if draw(st.booleans()) and len(variables) > 1:
        # Nested: a category of the second variable lies in one of the first.
        people = {
            each: n if int(each[1][1]) % counts[0] == int(each[0][1]) else 0 for each, n in people.items()
        }
    return variables, people


@given(populations(), st.sampled_from([10, 35]))
@settings(max_examples=300, deadline=None)
def test_no_hidden_count_is_determined_by_what_is_shown(
    population: tuple[dict[str, list[str]], dict[tuple[str, ...], int]], limit: int
) -> None:
    names, membership, sizes, hidden = hide(*population, limit=limit)
    n = membership @ sizes
    assert hidden[n < limit].all()
    assert determined(membership, sizes, hidden) == [], names


@given(populations())
@settings(max_examples=60, deadline=None)
def test_a_hidden_count_could_be_another_one_too(
    population: tuple[dict[str, list[str]], dict[tuple[str, ...], int]],
) -> None:
    """The smallest and the largest count that fit everything shown differ, also knowing that none is below zero."""
    _, membership, sizes, hidden = hide(*population)
    people = membership[:, sizes > 0].astype(float)
    n = membership @ sizes
    shown = {"A_eq": people[~hidden], "b_eq": n[~hidden]} if (~hidden).any() else {}
    for row in np.flatnonzero(hidden & (n > 0)):
        least, most = (linprog(sign * people[row], **shown, bounds=(0, None)) for sign in (1, -1))
        assert most.status == 3 or -most.fun - least.fun >= 1, f"hidden n is {least.fun}"


def determined(membership: np.ndarray, sizes: np.ndarray, hidden: np.ndarray) -> list[int]:
    """Hidden, occupied domains whose row is a combination of the shown rows, in exact arithmetic."""
    occupied = membership[:, sizes > 0]
    shown = [[Fraction(int(cell)) for cell in row] for row in occupied[~hidden]]
    rank = rank_of(shown)
    return [
        int(row)
        for row in np.flatnonzero(hidden)
        if occupied[row].any() and rank_of([*shown, [Fraction(int(cell)) for cell in occupied[row]]]) == rank
    ]


def rank_of(rows: list[list[Fraction]]) -> int:
    """The rank of a matrix by Gaussian elimination."""
    rows = [list(row) for row in rows]
    rank = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((place for place in range(rank, len(rows)) if rows[place][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for place in range(rank + 1, len(rows)):
            if rows[place][column]:
                factor = rows[place][column] / rows[rank][column]
                rows[place] = [a - factor * b for a, b in zip(rows[place], rows[rank], strict=True)]
        rank += 1
    return rank
