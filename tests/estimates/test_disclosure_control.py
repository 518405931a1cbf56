"""What is hidden stays hidden: the rules, and that no sums or differences of what is shown speak of few people."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from groundswell.estimates.of_wave.differencing import few_people
from groundswell.estimates.of_wave.disclosure_control import Published, hidden_below, hidden_domains


@pytest.mark.parametrize(("stated", "below"), [(30, 10), (31, 31), (50, 50)])
def test_a_survey_can_only_raise_the_limit(stated: int, below: int) -> None:
    assert hidden_below(stated) == below


def hide(
    variables: dict[str, list[str]], people: dict[tuple[str, ...], int], limit: int = 10
) -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray]:
    """Names, membership, sizes and hidden flags of `all` and every category; `people` by combination."""
    combinations = list(product(*variables.values()))
    sizes = np.array([people.get(each, 0) for each in combinations])
    names = ["all"]
    rows = [[True] * len(combinations)]
    for place, (variable, categories) in enumerate(variables.items()):
        for category in categories:
            names.append(f"{variable}: {category}")
            rows.append([each[place] == category for each in combinations])
    membership = np.array(rows)
    return names, membership, sizes, hidden_domains(membership, people=sizes[None, :], limit=limit)


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
    assert not determined(membership[~hidden], sizes, membership[membership @ sizes < 10])


def of_one_file(groups: np.ndarray) -> Published:
    """Groups that were shown before, of the same respondents and one item."""
    return Published(groups, np.ones((1, len(groups)), bool), np.ones((1, groups.shape[1]), bool))


@pytest.mark.parametrize(("limit", "unseen"), [(6, []), (7, ["all", "north"])])
def test_people_who_were_changed_in_a_file_count_once(limit: int, unseen: list[str]) -> None:
    """Six of the north answered otherwise, as corrected: they are an atom of the old file and one of the new."""
    sizes = np.array([[300, 6, 6, 400]])
    old, new = np.array([True, True, False, True]), np.array([True, False, True, True])
    names, now = ["all", "north", "south"], np.array([new, [True, False, True, False], [False] * 3 + [True]])
    published = Published(
        np.array([old, [True, True, False, False], now[2]]), np.ones((1, 3), bool), np.array([old, new])
    )
    hidden = hidden_domains(now, people=sizes, limit=limit, published=published)
    assert [name for name, hides in zip(names, hidden, strict=True) if hides] == unseen


def test_only_items_that_were_published_are_out() -> None:
    """Of the new item nothing is out: five of the small one answered it, which the other must not give back."""
    now = np.array([[True, True, True], [True, False, False], [False, True, False], [False, False, True]])
    people = np.array([[60, 300, 400], [60, 300, 400], [5, 300, 400]])
    shown = np.array([[True] * 4, [True] * 4, [False] * 4])
    published = Published(now, shown, np.ones((1, 3), bool))
    hidden = hidden_domains(now, people=people, limit=10, published=published)
    assert hidden.tolist() == [False, True, True, False]


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
    """400 asked, 9 answered one of the items; the others must not give those 9 back."""
    membership = np.array([[True] * 3, [True, False, False], [False, True, False], [False, False, True]])
    sizes = np.array([400, 395, 390])

    def hidden(*answered: int) -> list[bool]:
        return hidden_domains(membership, people=np.array([sizes, answered]), limit=10).tolist()

    assert hidden(400, 395, 390) == [False] * 4
    assert hidden(10, 395, 390) == [False] * 4
    assert hidden(9, 395, 390) == [False, True, False, True]
    assert hidden(400, 9, 390) == [False, False, True, True]


UNKNOWN = "unknown"


@pytest.mark.parametrize(("unknown", "expected"), [(0, []), (3, ["sex: men"]), (9, ["sex: men"]), (10, [])])
def test_the_few_without_an_answer_are_not_what_the_others_leave(unknown: int, expected: list[str]) -> None:
    people = {("women",): 400, ("men",): 395, (UNKNOWN,): unknown}
    names, membership, sizes, _ = hide({"sex": ["women", "men", UNKNOWN]}, people)
    hidden = hidden_domains(membership[:-1], people=sizes[None, :], limit=10)
    assert [name for name, unseen in zip(names, hidden, strict=False) if unseen] == expected


@pytest.mark.parametrize(("thirty", "expected"), [(0, []), (4, ["age: under 30", "age: from 30"]), (10, [])])
def test_domains_that_differ_by_few_people_are_not_both_shown(thirty: int, expected: list[str]) -> None:
    """Cut at 30 and, in another variable, at 31: those aged 30 are the difference."""
    people = {
        ("under 30", "under 31"): 200,
        ("from 30", "under 31"): thirty,
        ("from 30", "from 31"): 700,
    }
    variables = {"age": ["under 30", "from 30"], "age2": ["under 31", "from 31"]}
    assert hidden_ones(variables, people) == expected


def test_few_people_on_each_side_of_two_like_variables_are_not_told_apart() -> None:
    """Region as sampled and as answered: 3 moved north, 4 moved south; their difference is not shown either."""
    people = {("north", "n"): 300, ("south", "s"): 400, ("north", "s"): 3, ("south", "n"): 4}
    assert len(hidden_ones({"drawn": ["north", "south"], "said": ["n", "s"]}, people)) == 2
    assert hidden_ones({"drawn": ["north", "south"], "said": ["n", "s"]}, people | {("north", "s"): 6}) == []


def test_what_was_published_before_counts_as_shown() -> None:
    """Under 30 was published; now the cut is at 31. A reader of both must not learn of those aged 30."""
    sizes = np.array([200, 4, 300, 400])
    everyone, under_30 = np.array([True] * 4), np.array([True, False, False, False])
    now = np.array([everyone, [True, True, False, False], [False, False, True, False], [False] * 3 + [True]])
    before = np.array([everyone, under_30])

    def hidden(groups: np.ndarray | None, limit: int = 10) -> list[bool]:
        published = None if groups is None else of_one_file(groups)
        return hidden_domains(now, people=sizes[None, :], limit=limit, published=published).tolist()

    assert hidden(None) == [False] * 4
    assert hidden(before) == [False, True, True, False]
    # the same as before is out already: hiding it would help nobody
    assert hidden(now) == [False] * 4
    # before gives few people away by itself: nothing is added to it
    assert hidden(np.array([everyone, [False, True, False, False]])) == [False, True, True, True]
    # what is too small today is hidden, though it is out, and that changes nothing
    assert hidden(now, 250) == [False, True, False, False]
    # four of those before are not in the file any more: everyone of today would give them
    now[:2, 1] = False
    assert hidden(None) == [False] * 4
    assert hidden(np.array([everyone]), 4) == [False] * 4
    assert hidden(np.array([everyone]), 5)[0]


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
def test_of_what_gives_a_domain_back_across_variables_the_smallest_is_hidden(a1: int, a2: int) -> None:
    """b1 less a3 is a1: of the two the smaller, a3, is hidden; the still smaller b2 has nothing to do with a1. But
    a2 is what a4, b1 and b2 then leave of all: a4 goes too."""
    people = {
        ("a1", "b1"): a1,
        ("a3", "b1"): 300,
        ("a2", "b4"): a2,
        ("a4", "b4"): 13,
        ("a4", "b3"): 5,
        ("a4", "b2"): 100,
    }
    variables = {"a": ["a1", "a2", "a3", "a4"], "b": ["b1", "b2", "b3", "b4"]}
    assert hidden_ones(variables, people) == ["a: a1", "a: a2", "a: a3", "a: a4", "b: b3", "b: b4"]


def test_domains_without_anybody_are_hidden_and_give_nothing_back() -> None:
    assert hidden_ones({"sex": ["women", "men"]}, {}) == ["all", "sex: women", "sex: men"]


def test_of_many_equals_the_first_is_hidden() -> None:
    names = [f"r{number:02}" for number in range(40)]
    people = {(name,): 9 if name == "r30" else 50 for name in names}
    assert hidden_ones({"region": names}, people) == ["region: r00", "region: r30"]


@st.composite
def populations(draw: st.DrawFn, most: int = 64) -> tuple[dict[str, list[str]], dict[tuple[str, ...], int]]:
    """One to three variables of one to four categories, many combinations empty or small, some nested."""
    counts = draw(
        st.lists(st.integers(1, 4), min_size=1, max_size=3).filter(lambda drawn: prod(drawn) <= most)
    )
    variables = {f"v{place}": [f"c{code}" for code in range(count)] for place, count in enumerate(counts)}
    size = st.sampled_from([0, 0, 1, 3, 7, 9, 10, 12, 29, 40, 300])
    people = {each: draw(size) for each in product(*variables.values())}
    if draw(st.booleans()) and len(variables) > 1:
        # Nested: a category of the second variable lies in one of the first.
        people = {
            each: n if int(each[1][1]) % counts[0] == int(each[0][1]) else 0 for each, n in people.items()
        }
    return variables, people


@given(populations(), st.sampled_from([2, 5, 10, 35]))
@settings(max_examples=150, deadline=None)
def test_no_group_below_the_limit_is_determined_by_what_is_shown(
    population: tuple[dict[str, list[str]], dict[tuple[str, ...], int]], limit: int
) -> None:
    """In exact arithmetic, of every domain and every atom."""
    names, membership, sizes, hidden = hide(*population, limit=limit)
    n = membership @ sizes
    assert hidden[n < limit].all()
    small = np.vstack([membership, np.eye(len(sizes), dtype=bool)])
    small = small[small @ sizes < limit]
    assert determined(membership[~hidden], sizes, small) == [], names


@given(populations(most=20), st.sampled_from([2, 5, 10]))
@settings(max_examples=40, deadline=None)
def test_no_combination_of_what_is_shown_speaks_of_few_people(
    population: tuple[dict[str, list[str]], dict[tuple[str, ...], int]], limit: int
) -> None:
    """By trying every set of few people."""
    _, membership, sizes, hidden = hide(*population, limit=limit)
    assert not speak_of_few(membership[~hidden], sizes, limit)


@given(populations(most=20), st.sampled_from([2, 5, 10]))
@settings(max_examples=40, deadline=None)
def test_what_is_found_is_real_where_enough_people_answered(
    population: tuple[dict[str, list[str]], dict[tuple[str, ...], int]], limit: int
) -> None:
    """A table is not emptied without need: with everyone ten times over, few people are found where there are any."""
    variables, people = population
    _, membership, sizes, _ = hide(variables, {key: 10 * n for key, n in people.items()})
    multiples = few_people(membership, sizes, 10 * limit)
    assert (multiples is not None) == speak_of_few(membership, sizes // 10, limit)
    if multiples is not None:
        assert 0 < ((np.abs(multiples @ membership) > 1e-9) @ sizes) < 10 * limit


@pytest.mark.parametrize(("limit", "may_speak"), [(4, False), (5, True), (6, True)])
@pytest.mark.parametrize("files", [1, 2])
def test_what_cannot_be_proved_counts_as_found(limit: int, may_speak: bool, files: int) -> None:
    """Seven people of whom any three make a basis: every combination speaks of five. Two bases are proof for four."""
    groups = np.vander(np.arange(1.0, 8.0), 3).T
    one_each = np.ones(7, np.int64)
    assert [speak_of_few(groups, one_each, each) for each in (5, 6)] == [False, True]
    multiples = few_people(groups, np.array([one_each] * files), limit)
    assert (multiples is not None) == may_speak
    if multiples is not None:
        assert (np.abs(multiples @ groups) > 1e-9).sum() == 5


@given(populations())
@settings(max_examples=40, deadline=None)
def test_the_answers_of_few_people_could_be_others_too(
    population: tuple[dict[str, list[str]], dict[tuple[str, ...], int]],
) -> None:
    """The smallest and the largest sum of answers that fit everything shown differ, also knowing that each person's
    answer lies in [0, 1] and that nobody's is at an end."""
    _, membership, sizes, hidden = hide(*population)
    groups = membership[~hidden][:, sizes > 0].astype(float)
    people = sizes[sizes > 0]
    answers = people * np.linspace(0.2, 0.8, len(people))
    shown = {"A_eq": groups, "b_eq": groups @ answers} if len(groups) else {}
    few = [np.eye(len(people))[place] for place in np.flatnonzero(people < 10)]
    few += [row for row in membership[:, sizes > 0].astype(float) if 0 < row @ people < 10]
    for row in few:
        bounds = list(zip(np.zeros(len(people)), people, strict=True))
        least, most = (linprog(sign * row, **shown, bounds=bounds).fun * sign for sign in (1, -1))
        assert most - least > 0.01, (least, most, row @ people)


def speak_of_few(groups: np.ndarray, sizes: np.ndarray, limit: int) -> bool:
    """Whether some combination of groups that is not zero is zero for all but fewer than `limit` people."""
    groups, sizes = groups[:, sizes > 0].astype(float), sizes[sizes > 0]
    if not groups.any():
        return False
    rank = np.linalg.matrix_rank(groups)
    small = [int(place) for place in np.flatnonzero(sizes < limit)]
    return any(
        np.linalg.matrix_rank(np.delete(groups, few, axis=1)) < rank if len(few) < len(sizes) else True
        for count in range(1, limit)
        for few in combinations(small, count)
        if sizes[list(few)].sum() < limit
    )


def determined(shown: np.ndarray, sizes: np.ndarray, groups: np.ndarray) -> list[int]:
    """Occupied groups that are combinations of the shown ones, in exact arithmetic."""
    known = [[Fraction(int(cell)) for cell in row] for row in shown[:, sizes > 0]]
    rank = rank_of(known)
    return [
        place
        for place, row in enumerate(groups[:, sizes > 0])
        if row.any() and rank_of([*known, [Fraction(int(cell)) for cell in row]]) == rank
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
