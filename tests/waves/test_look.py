"""One look at a wave's file, and what is judged of it without the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from groundswell.waves.respondents.answers.no_answer import NoAnswer
from groundswell.waves.respondents.codebook import Codebook, Variable
from groundswell.waves.respondents.codes import Code, CodeCount
from groundswell.waves.respondents.reader import Respondents, loaded
from groundswell.waves.wave.faults.answer_codes import share_faults
from groundswell.waves.wave.faults.look import MANY, Averaged, Interviews, Look, Numbers, look_at
from groundswell.waves.wave.faults.numbers import band_faults, mean_faults
from groundswell.waves.wave.faults.one_wave import MOST_CODES, several_waves
from groundswell.waves.wave.recode import recode
from groundswell.waves.wave.wave_toml import CountedAnswer, DomainRule, Wave

LADDER = CountedAnswer(variant="ladder", item="Q7")
SUM = CountedAnswer(variant="sum", items=("a", "b"))
YES = CountedAnswer(variant="asked", item="Q4", numerator=(1,))


def counts(codes: Mapping[Code | None, int]) -> tuple[CodeCount, ...]:
    return tuple(CodeCount(code, many) for code, many in codes.items())


def book(*variables: Variable) -> Codebook:
    return Codebook("wave.csv", 100, {variable.name: variable for variable in variables})


def wave(**values: Any) -> Wave:
    """A wave of which only what is given matters."""
    known: dict[str, Any] = {
        "rows": {},
        "indicators": {},
        "domains": {},
        "scales": {},
        "interview_date": None,
    }
    fieldwork = {"start": date(2023, 2, 2), "end": date(2023, 2, 9), "precision": "day"}
    return Wave.model_construct(**{**known, **fieldwork, "no_answer_words": (), **values})


def looked(cells: Mapping[str, Sequence[object]], undecided: Sequence[str] = (), **values: Any) -> Look:
    return look_at(recode(wave(**values), respondents(cells), {}), undecided)


def respondents(cells: Mapping[str, Sequence[object]]) -> Respondents:
    table = pd.DataFrame(cells)
    kinds = {name: "number" if table[name].dtype.kind in "if" else "text" for name in table}
    variables = {str(name): Variable(str(name), kind) for name, kind in kinds.items()}  # type: ignore[arg-type]
    return loaded(table, Codebook("wave.csv", len(table), variables))


@dataclass
class Counting:
    """A connection that counts what it is asked."""

    connection: Any
    asked: int = 0

    def execute(self, query: str) -> Any:
        self.asked += 1
        return self.connection.execute(query)


def test_more_columns_are_no_more_queries() -> None:
    def queries(columns: int) -> int:
        names = [f"q{place}" for place in range(columns)]
        read = respondents({name: [1, 2, 3] for name in [*names, "Q7", "age"]})
        counting = Counting(read.connection)
        of_shares = {name: YES.model_copy(update={"item": name}) for name in names}
        asked = wave(
            indicators={**of_shares, "ladder": LADDER, "again": LADDER},
            scales=dict.fromkeys(["ladder", "again"], (0, 10)),
            domains={"age": DomainRule(column="age", breaks=(30,))},
        )
        look = look_at(recode(asked, replace(read, connection=counting), {}), names[:2])  # type: ignore[arg-type]
        assert list(look.codes) == names
        return counting.asked

    assert queries(20) == queries(2) == 3


def test_every_code_of_a_share_is_seen_in_the_wave_s_own_rows() -> None:
    cells = {"Q4": [1, 1, 2, 9, None, 2, 2], "year": [2023, 2023, 2023, 2023, 2023, 2024, 2024]}
    look = looked(cells, ["year"], indicators={"anxiety": YES}, rows={"year": (2023,)})
    assert look.codes == {"Q4": counts({1: 2, 2: 1, 9: 1, None: 1})}
    assert look.tell_apart == {"year": counts({2023: 5})}


def test_of_numbers_the_odd_ones_are_seen_however_rare() -> None:
    cells = {"Q7": [*(place / 1000 for place in range(3000)), 99, 10.5, 10.5]}
    look = looked(cells, indicators={"life": LADDER}, scales={"life": (0, 10)})
    held = look.means["life"].columns["Q7"]
    assert held.off_scale == counts({10.5: 2, 99: 1})
    assert (held.no_number, held.unlisted, look.means["life"].answers) == ((), (), 3003)

    listed = LADDER.model_copy(update={"valid": (0, 10), "missing": (9,)})
    look = looked({"Q7": [0, 10, 5, 9, 11]}, indicators={"life": listed}, scales={"life": (0, 10)})
    assert look.means["life"].columns["Q7"].unlisted == counts({5: 1, 11: 1})


def test_words_and_codes_of_no_answer_among_numbers_are_seen() -> None:
    look = looked(
        {"Q7": ["5", "7.5", "five", "", "five"], "age": [20, 30, 40, 999, 999]},
        indicators={"life": LADDER},
        scales={"life": (0, 10)},
        domains={"age": DomainRule(column="age", breaks=(30,))},
    )
    assert look.means["life"].columns["Q7"].no_number == counts({"five": 2})
    assert look.bands["age"].no_answers == (NoAnswer(999, "", "far_off", False, 2),)
    kept = {"age": DomainRule(column="age", breaks=(30,), missing=(999,))}
    assert looked({"age": [20, 30, 40, 999]}, domains=kept).bands["age"].no_answers == ()


def test_of_a_sum_the_ends_off_the_scale_are_seen() -> None:
    look = looked({"a": [1, 5, 9, 0], "b": [1, 5, 9, 7]}, indicators={"sum": SUM}, scales={"sum": (0, 6)})
    assert (look.means["sum"].lowest, look.means["sum"].highest) == (7, 18)
    look = looked({"a": [1], "b": [5]}, indicators={"sum": SUM}, scales={"sum": (0, 6)})
    assert look.means["sum"].lowest is None


def test_interviews_are_far_from_half_a_year_on() -> None:
    days = ["2023-02-02", "2022-08-03", "2022-08-02", "2023-08-11", "2023-08-12", "no day"]
    look = looked({"day": days}, interview_date="day")
    assert look.interviews == Interviews(5, 2, date(2022, 8, 2), date(2023, 8, 12))


def of_share(answer: CountedAnswer, codes: Mapping[Code | None, int], **variable: Any) -> list[str]:
    held, names = counts(codes), book(Variable("Q4", "number", **variable))
    return list(share_faults(answer, {"Q4": held}, names, ["yes"], []))


def test_a_code_in_no_list_is_a_fault_where_a_list_says_what_the_base_is() -> None:
    listed = YES.model_copy(update={"valid": (1, 2), "missing": (9,)})
    assert of_share(listed, {1: 5, 2: 5, 9: 1, None: 3}) == []
    (fault,) = of_share(listed, {1: 5, 2: 5, 3: 1})
    assert fault.startswith("`Q4` holds codes in no list: `3` (1); add each to")
    assert of_share(listed, {1: 5, 2: 5, 3: 1}, missing=((3, 3),)) == [], "the file declares it missing"
    assert of_share(YES, {1: 5, 2: 5, 3: 1}) == [], "without a list every code is in the base"


def test_a_column_of_more_answers_than_codes_have_is_no_list_of_codes() -> None:
    codes: dict[Code | None, int] = dict.fromkeys(range(1, MANY + 1), 1)
    assert of_share(YES, codes) == []
    (fault,) = of_share(YES, {**codes, MANY + 1: 1})
    assert "holds over 1,000 answers" in fault


def test_none_of_the_counted_codes_is_a_fault_but_for_a_limit() -> None:
    assert of_share(YES, {3: 5, 2: 5}) == [
        "`Q4` holds none of the codes that are counted; it holds `3` (5), `2` (5)"
    ]
    limit = CountedAnswer(variant="asked", items=("Q4",), at_least=3)
    assert of_share(limit, {3: 5, 2: 5}) == []


def test_one_code_and_empty_cells_are_a_mark() -> None:
    (fault,) = of_share(YES, {1: 5, None: 5})
    assert "is empty in 5 rows, so its share would be 100%" in fault
    assert of_share(YES, {1: 5, 2: 1, None: 5}) == of_share(YES, {1: 5}) == []


def of_mean(answer: CountedAnswer, seen: Averaged, kind: Any = "number") -> list[str]:
    names = book(*(Variable(column, kind) for column in answer.columns))
    return list(mean_faults(answer, (0, 10), seen, names))


def test_a_mean_is_refused_for_the_first_that_is_odd_in_a_column() -> None:
    odd = Numbers((), counts({"five": 1}), counts({5: 1}), counts({99: 1}))
    assert of_mean(LADDER, Averaged({"Q7": Numbers()}, 5)) == []
    (fault,) = of_mean(LADDER, Averaged({"Q7": odd}, 5))
    assert "holds text where a mean needs numbers: `five` (1);" in fault
    (fault,) = of_mean(LADDER, Averaged({"Q7": replace(odd, no_number=())}, 5))
    assert "holds codes in no list: `5` (1);" in fault
    (fault,) = of_mean(LADDER, Averaged({"Q7": replace(odd, no_number=(), unlisted=())}, 5))
    assert "`Q7` holds answers off the scale 0 to 10: `99` (1);" in fault
    (fault,) = of_mean(LADDER, Averaged({"Q7": Numbers()}, 5), "date")
    assert fault == "`Q7` holds dates, not numbers: name the column of the answers"
    (fault,) = of_mean(LADDER, Averaged({"Q7": Numbers()}, 0))
    assert "`Q7`: nobody gave an answer on the scale 0 to 10" in fault


@pytest.mark.parametrize(
    ("code", "sign", "is_fault"),
    [(9, "dont_know", True), (9, "far_off", False), (11, "dont_know", False), (10, "no_answer", True)],
)
def test_a_label_says_that_a_code_on_the_scale_is_no_answer(code: int, sign: Any, is_fault: bool) -> None:
    seen = Numbers((NoAnswer(code, "Hard to say", sign, False, 3),))
    faults = of_mean(LADDER, Averaged({"Q7": seen}, 5))
    assert bool(faults) == is_fault
    listed = LADDER.model_copy(update={"valid": (code,)})
    assert of_mean(listed, Averaged({"Q7": seen}, 5)) == [], "a list of what counts says that it does"


def test_only_the_sum_of_items_has_a_scale() -> None:
    columns = {"a": Numbers(), "b": Numbers()}
    assert of_mean(SUM, Averaged(columns, 5)) == []
    (fault,) = of_mean(SUM, Averaged(columns, 5, 11, 12.5))
    assert "`a`, `b` hold answers off the scale 0 to 10: sums from 11 to 12.5;" in fault


def test_what_is_no_number_lies_in_no_band_and_no_answer_would_lie_in_one() -> None:
    words, refused = counts({"old": 2}), (NoAnswer(999, "", "far_off", False, 2),)
    age = Variable("age", "text")
    assert list(band_faults(Numbers(), age)) == []
    (fault,) = band_faults(Numbers((), words), age)
    assert "`age` holds what is no number, and `breaks` cut numbers into bands: `old` (2);" in fault
    (fault,) = band_faults(Numbers(refused), age)
    assert "would lie in a band: `999` (2); list them in `missing`" in fault


def of_waves(
    undecided: Mapping[str, Mapping[Code | None, int]], interviews: Interviews | None = None
) -> list[str]:
    names = book(*(Variable(name, "number", missing=((-1, -1),)) for name in undecided))
    seen = {name: counts(codes) for name, codes in undecided.items()}
    look = Look(codes={}, tell_apart=seen, means={}, bands={}, interviews=interviews)
    return [message for _, message in several_waves(wave(interview_date="day"), look, names)]


def test_years_of_asking_other_than_the_fieldwork_s_are_several_waves() -> None:
    assert of_waves({"year": {2023: 5}}) == of_waves({"year": {1960: 5, 1970: 5}}) == []
    (fault,) = of_waves({"year": {2023: 50, 2022: 60, -1: 1, None: 1}})
    assert fault.startswith(
        "`year` holds 2 codes, `2022` (60), `2023` (50), so that the file is of several waves"
    )
    assert "`rows = { year = [2023] }`" in fault


def test_more_codes_than_waves_can_be_are_something_else() -> None:
    assert len(of_waves({"round": dict.fromkeys(range(MOST_CODES), 1)})) == 1
    assert of_waves({"round": dict.fromkeys(range(MOST_CODES + 1), 1)}) == []


def test_a_few_far_interviews_are_slips() -> None:
    first, last = date(2021, 1, 1), date(2023, 2, 9)
    assert of_waves({}, Interviews(100, 5, first, last)) == of_waves({}, Interviews(0, 0, None, None)) == []
    (fault,) = of_waves({}, Interviews(100, 6, first, last))
    assert fault.startswith(
        "`day` runs from 2021-01-01 to 2023-02-09, and 6 of 100 interviews lie over half a year"
    )
