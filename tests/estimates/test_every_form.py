"""The same respondents give the same numbers in every format and layout, through every door.

The truth is added up from what was drawn, without groundswell.
"""

from __future__ import annotations

import contextlib
import io
import json
import warnings
from collections.abc import Collection
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from exports.forms import FORMS, REGIONS, Form
from exports.truth import NO_ANSWER, WORRIES, Answers
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from waves.folders import survey_of_acme

import groundswell as gs
from groundswell.checksum import checksum
from groundswell.cli import main
from groundswell.vocabulary import EVERYONE
from groundswell.waves.respondents.column_dates import dates_of
from groundswell.waves.respondents.reader import read_respondents

Numbers = dict[tuple[str, str], tuple[int, float]]
"""By answer and domain: n, and the share."""

ANXIOUS = "anxious"
SETS = [(), (1,), (1,), (2,), (2,), (3,), (3,), (1, 2), (2, 3), (1, 3), (1, 2, 3)]
"""Each answer alone and with each other, and nothing: what a cell must show to be known as several answers."""


@st.composite
def surveys(draw: st.DrawFn) -> list[Answers]:
    """Respondents who between them gave every answer, in every region."""
    some = draw(
        st.lists(
            st.tuples(
                st.sampled_from([1, 2, 3, NO_ANSWER]),
                st.sets(st.sampled_from([1, 2, 3])),
                st.integers(0, 400).map(lambda hundredths: hundredths / 100),
                st.sampled_from(REGIONS),
                st.integers(1, 31),
            ),
            max_size=30,
        )
    )
    first = [
        (code, set(SETS[place % len(SETS)]), 0.5 + place / 100, REGIONS[place % 3], place % 28 + 1)
        for place, code in enumerate([1, 2, 3, 1, 1, 2, 2, 3, 3, NO_ANSWER, *[2, 1, 3] * 4])
    ]
    shuffled = draw(st.permutations(first + some))
    return [
        Answers(place + 1, mood, tuple(sorted(worries)), 18 + place, weight, region, day)
        for place, (mood, worries, weight, region, day) in enumerate(shuffled)
    ]


def truth(people: list[Answers], form: Form) -> Numbers:
    weights = np.array([one.weight for one in people])
    valid = np.array([one.mood != NO_ANSWER for one in people]) & (weights > 0)
    chosen = {
        name: np.array([place in one.worries for one in people]) for place, name in enumerate(WORRIES, 1)
    }
    questions = {ANXIOUS: (np.array([one.mood == 2 for one in people]), valid)}
    asked = np.array([form.asked_all or bool(one.worries) for one in people]) & (weights > 0)
    questions |= {name: (ticked, asked) for name, ticked in chosen.items()}
    numbers = {}
    for domain in (EVERYONE, *REGIONS):
        here = np.array([domain in (EVERYONE, one.region) for one in people])
        for name, (counted, base) in questions.items():
            inside = base & here
            numbers[name, domain] = (
                int(inside.sum()),
                float(np.average(counted[inside], weights=weights[inside])),
            )
    return numbers


def numbers_of(form: Form, *tables: pd.DataFrame) -> Numbers:
    """The rows of tables of shares under the names of the truth."""
    answers = {
        name: worry for place, worry in enumerate(WORRIES) for name in (form.names[place], str(place + 1))
    }
    regions = dict(zip(map(str, form.regions), REGIONS, strict=True))
    numbers = {}
    for table in tables:
        for row in table.to_dict("records"):
            domain = regions[_plain(row[form.region])] if form.region in row else EVERYONE
            name = ANXIOUS if row["variable"] == form.mood else answers[str(row["category"])]
            numbers[name, domain] = row["n"], row["estimate"]
    return numbers


def _plain(code: object) -> str:
    return str(int(code)) if isinstance(code, float) else str(code)


def by_file(form: Form, file: Path) -> Numbers:
    design, questions = gs.Design(weights=form.weight), [f"{form.mood}={form.anxious}", form.worries]
    tables = [
        gs.estimate_file(file, design, shares=questions, by=by, options=form.options)[0]
        for by in ([], [form.region])
    ]
    return numbers_of(form, *tables)


def by_command(form: Form, file: Path) -> Numbers:
    words = ["estimate", str(file), "--weights", form.weight, "--share", f"{form.mood}={form.anxious}"]
    words += ["--share", form.worries]
    if form.options.missing:
        words += ["--missing", ",".join(map(str, form.options.missing))]
    if form.options.sheet:
        words += ["--sheet", form.options.sheet]
    out = file.with_name("shares.csv")
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        main([*words, "--by", f'"{form.region}"', "--out", str(out)])
    return numbers_of(form, pd.read_csv(out, keep_default_na=False))


def by_table(form: Form, file: Path) -> Numbers:
    assert form.frame is not None
    table = form.frame(file)
    table[form.mood] = table[form.mood].replace(NO_ANSWER, np.nan)
    design, questions = gs.Design(weights=form.weight), (f"{form.mood}={form.anxious}", form.worries)
    return numbers_of(form, *(gs.shares(table, design, *questions, by=by) for by in ([], [form.region])))


INDICATOR = """\
[indicators.{key}]
title = "{key}"
description = "are {key}"
higher_is = "worse"
[indicators.{key}.variants.asked]
house = "acme"
question = "Asked of {key}"
numerator = ["yes"]
"""


def toml_of(file: Path, form: Form) -> str:
    """The wave as a person declares it; TOML's strings and JSON's are written alike."""
    say = {
        name: json.dumps(value, ensure_ascii=False) for name, value in vars(form).items() if _is_plain(value)
    }
    sheet = f"[reading]\nsheet = {json.dumps(form.options.sheet)}\n" if form.options.sheet else ""
    missing = [*form.options.missing, *([] if form.options.missing else [_refused(form)])]
    regions = ", ".join(
        f"{name} = [{json.dumps(code, ensure_ascii=False)}]"
        for name, code in zip(REGIONS, form.regions, strict=True)
    )
    worries = "".join(
        f'[indicators.{worry.lower()}]\nvariant = "asked"\nitem = {say["worries"]}\noption = {json.dumps(name)}\n'
        for worry, name in zip(WORRIES, form.names, strict=True)
    )
    return (
        f'file = "{file.name}"\nsha256 = "{checksum(file)}"\nhouse = "acme"\nstart = 2024-03-01\nend = 2024-03-31\n'
        f"interview_date = {say['day']}\nmissing = {json.dumps(missing, ensure_ascii=False)}\n{sheet}"
        f"[design]\nweight = {say['weight']}\n"
        f'[indicators.anxious]\nvariant = "asked"\nitem = {say["mood"]}\nnumerator = [{say["anxious"]}]\n{worries}'
        f"[domains.region]\ncolumn = {say['region']}\ncategories = {{ {regions} }}\n"
    )


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int)


def _refused(form: Form) -> int | str:
    return {"anxious": "Refused", "тревожное": "Отказ от ответа"}.get(str(form.anxious), NO_ANSWER)


def by_survey(form: Form, file: Path) -> Numbers:
    folder = file.parent / "ruritania"
    (folder / "waves").mkdir(parents=True)
    indicators = [INDICATOR.format(key=key) for key in (ANXIOUS, *map(str.lower, WORRIES))]
    survey = survey_of_acme("Ruritania: mood", *indicators)
    (folder / "survey.toml").write_text(survey, encoding="utf-8")
    moved = file.rename(folder / "waves" / f"wave-01{file.suffix}")
    (folder / "waves" / "01.toml").write_text(toml_of(moved, form), encoding="utf-8")
    rows = gs.observations(gs.load_survey(folder))
    titles = {worry.lower(): worry for worry in WORRIES} | {ANXIOUS: ANXIOUS}
    return {
        (titles[row.indicator], row.domain.rpartition(" ")[2]): (int(row.n), row.share)
        for row in rows[rows["share"].notna()].itertuples()
    }


def assert_same(got: Numbers, expected: Numbers, domains: Collection[str] = (EVERYONE, *REGIONS)) -> None:
    """The same numbers, in these domains at least."""
    assert {key for key in expected if key[1] in domains} <= set(got) <= set(expected)
    for key, (n, share) in got.items():
        assert (n, share) == (expected[key][0], pytest.approx(expected[key][1], abs=1e-9)), key


@pytest.mark.parametrize("name", FORMS)
@settings(
    max_examples=2, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
@given(people=surveys())
def test_every_form_gives_the_same_numbers_at_every_door(name: str, people: list[Answers]) -> None:
    form = FORMS[name]
    expected = truth(people, form)
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        file = Path(folder) / f"export{form.ending}"
        form.write(people, file)
        read = read_respondents(file, options=form.options)
        assert read.codebook.rows == len(people)
        (days,) = dates_of(read, form.day)
        asked = [one.day for one in people]
        assert (days.first.day, days.last.day) == (min(asked), max(asked))
        assert_same(by_file(form, file), expected)
        assert_same(by_command(form, file), expected, REGIONS)
        if form.frame is not None:
            assert_same(by_table(form, file), expected)
        assert_same(by_survey(form, file), expected, [EVERYONE])
