"""A wave's lists of codes held against what its file holds and how the file labels it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from groundswell.checksum import checksum
from groundswell.cli import main
from groundswell.errors import FaultsError
from groundswell.estimates.of_wave.estimate import wave_shares
from groundswell.estimates.of_wave.means import wave_means
from groundswell.waves import load_survey
from groundswell.waves.wave.category_names import differing_categories, label_notes, may_be_same, names_in
from groundswell.waves.wave.check import read_wave
from groundswell.waves.wave.recode import RecodedWave
from groundswell.waves.wave.wave_toml import load_wave

from .respondents import SURVEY

LABELS = {1: "Yes", 2: "No", 8: "Hard to say", 99: "Refused"}
Q4 = [1] * 40 + [2] * 40 + [8] * 15 + [99] * 5
REGIONS = {1: "North", 2: "South", 3: "North"}


def opened(
    parent: Path,
    lists: str = "numerator = [1]\n",
    *,
    domains: str = "",
    labels: dict[int, str] | None = None,
    survey: str = SURVEY,
    name: str = "01",
    **columns: list[object],
) -> RecodedWave:
    """A wave of 100 respondents whose answers to Q4 are labelled."""
    folder = parent / "ruritania"
    (folder / "waves").mkdir(parents=True, exist_ok=True)
    (folder / "survey.toml").write_text(survey, encoding="utf-8")
    table = pd.DataFrame({"Q4": Q4, "region": [1, 2, 3, 4] * 25, **columns})
    file = folder / "waves" / f"wave-{name}.sav"
    pyreadstat.write_sav(table, file, variable_value_labels={"Q4": labels or LABELS, "region": REGIONS})
    toml = folder / "waves" / f"{name}.toml"
    toml.write_text(
        f'file = "{file.name}"\nsha256 = "{checksum(file)}"\nhouse = "acme"\nstart = 2023-02-02\nend = 2023-02-09\n'
        f'[indicators.anxiety]\nvariant = "asked"\nitem = "Q4"\n{lists}{domains}',
        encoding="utf-8",
    )
    return read_wave(load_wave(toml, load_survey(folder)))


def share(wave: RecodedWave) -> tuple[int, float]:
    row = wave_shares(wave_means(wave), minimum_domain_n=30).iloc[0]
    return int(row["n"]), float(row["share"])


def test_a_code_that_looks_like_no_answer_must_stand_in_a_list(tmp_path: Path) -> None:
    with pytest.raises(
        FaultsError, match=r"in no list: `8` “Hard to say” \(15\), `99` “Refused” \(5\); list them"
    ):
        opened(tmp_path)
    with pytest.raises(FaultsError, match=r"in no list: `8` “Hard to say” \(15\);"):
        opened(tmp_path, "numerator = [1]\nmissing = [99]\n")


@pytest.mark.parametrize(
    ("lists", "n", "yes"),
    [
        ("numerator = [1]\nmissing = [8, 99]\n", 80, 0.5),
        ("numerator = [1]\nvalid = [1, 2, 8]\nmissing = [99]\n", 95, 40 / 95),
        ("numerator = [1]\nvalid = [1, 2, 8, 99]\n", 100, 0.4),
    ],
)
def test_each_list_is_a_choice(tmp_path: Path, lists: str, n: int, yes: float) -> None:
    assert share(opened(tmp_path, lists)) == (n, pytest.approx(yes))


def test_the_words_of_a_survey_are_known_to_its_waves(tmp_path: Path) -> None:
    lists, labels = "numerator = [1]\nmissing = [8, 99]\n", {**LABELS, 2: "Bilmiyorum"}
    assert share(opened(tmp_path, lists, labels=labels))[0] == 80
    with pytest.raises(FaultsError, match=r"in no list: `2` “Bilmiyorum” \(40\)"):
        opened(tmp_path, lists, labels=labels, survey='no_answer_words = ["bilmiyorum"]\n' + SURVEY)


def test_a_number_far_off_lies_in_no_band(tmp_path: Path) -> None:
    ages: list[object] = [*range(18, 68)] * 2
    ages[:3] = [999, 999, -9]
    lists, bands = "numerator = [1]\nmissing = [8, 99]\n", '[domains.age]\ncolumn = "age"\nbreaks = [30]\n'
    with pytest.raises(
        FaultsError, match=r"domains.age: `age` holds .* would lie in a band: `-9` \(1\), `999` \(2\)"
    ):
        opened(tmp_path, lists, domains=bands, age=ages)
    opened(tmp_path, lists, domains=f"{bands}missing = [-9, 999]\n", age=ages)


def test_what_is_no_number_lies_in_no_band(tmp_path: Path) -> None:
    lists, bands = "numerator = [1]\nmissing = [8, 99]\n", '[domains.age]\ncolumn = "age"\nbreaks = [30]\n'
    ages: list[object] = ["old", "old", *(str(age) for age in range(18, 67) for _ in (1, 2))]
    with pytest.raises(FaultsError, match=r"`age` holds what is no number, .* into bands: `old` \(2\)"):
        opened(tmp_path, lists, domains=bands, age=ages)
    opened(tmp_path, lists, domains=f'{bands}missing = ["old"]\n', age=ages)


def test_a_numerator_counts_what_the_survey_says_it_counts(tmp_path: Path) -> None:
    lists = "numerator = [2]\nmissing = [8, 99]\n"
    with pytest.raises(
        FaultsError, match=r"counts `2` “No” of `Q4`, and survey.toml counts “yes”, the label of `1` “Yes”"
    ):
        opened(tmp_path, lists)
    opened(tmp_path, lists, labels={**LABELS, 1: "Ja", 2: "Nein"})  # other words say nothing


def test_codes_of_one_label_are_counted_together_or_not_at_all(tmp_path: Path) -> None:
    labels = {**LABELS, 1: "Anxious", 2: "anxious"}
    with pytest.raises(
        FaultsError, match="counts `1` of `Q4` and not `2`, and both are “anxious”: count both, or"
    ):
        opened(tmp_path, "numerator = [1]\nmissing = [8, 99]\n", labels=labels)
    opened(tmp_path, "numerator = [1, 2]\nmissing = [8, 99]\n", labels=labels)
    opened(tmp_path, "numerator = [1]\nmissing = [2, 8, 99]\n", labels=labels)


LISTS = "numerator = [1]\nmissing = [8, 99]\n"
REGION = '[domains.region]\ncolumn = "region"\n'


def test_labels_make_domains_of_all_their_codes_and_a_code_without_one_is_its_own(tmp_path: Path) -> None:
    wave = opened(tmp_path, LISTS, domains=REGION)
    assert names_in(wave) == {"region": ("4", "North", "South")}
    table = wave_shares(wave_means(wave), minimum_domain_n=30).set_index("domain")
    assert (table.loc["region: North", "n"], table.loc["region: 4", "n"]) == (40, 20)
    assert [str(note) for note in label_notes(wave)] == [
        "`region`: “North” is the codes `1` and `3`, one domain",
        "`region`: `4` (25) has no label, where the other codes have one; it is an answer, or a domain, of its own",
    ]


def test_a_code_in_no_category_is_said(tmp_path: Path) -> None:
    wave = opened(tmp_path, LISTS, domains=f"{REGION}categories = {{ north = [1, 3], south = [2] }}\n")
    assert [str(note) for note in label_notes(wave)] == [
        "`region`: in no category, and so in the whole alone: `4` (25)"
    ]
    wave = opened(
        tmp_path, LISTS, domains=f"{REGION}categories = {{ north = [1, 3], south = [2] }}\nmissing = [4]\n"
    )
    assert list(label_notes(wave)) == []


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("ЦФО", "Центральный федеральный округ"),
        ("Центральный", "Центральный федеральный округ"),
        ("NORTH ", "North"),
        ("North-West", "north west"),
        ("Rural", "Rurall"),
    ],
)
def test_near_names_may_be_the_same(name: str, other: str) -> None:
    assert may_be_same(name, other)
    assert may_be_same(other, name)


@pytest.mark.parametrize(
    ("name", "other"),
    [("North", "South"), ("18–29", "30–44"), ("18–29", "19–29"), ("men", "women"), ("4", "5")],
)
def test_other_names_are_other_categories(name: str, other: str) -> None:
    assert not may_be_same(name, other)


def test_categories_that_differ_between_waves_stand_side_by_side() -> None:
    names = {
        "01": {"region": ("ЦФО", "Юг"), "sex": ("men", "women")},
        "02": {"region": ("Центральный федеральный округ", "Юг"), "sex": ("women", "men")},
        "03": {"sex": ("men", "women")},
    }
    (found,) = differing_categories(names)
    assert (found.domain, list(found.names)) == ("region", ["01", "02"])
    assert found.near == (("ЦФО", "Центральный федеральный округ"),)


def test_check_prints_what_domains_rest_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    opened(tmp_path, LISTS, domains=f"{REGION}categories = {{ North = [1, 3], South = [2], East = [4] }}\n")
    others: list[object] = [2, 2, 3, 4] * 25  # not the first wave over again
    domains = f"{REGION}categories = {{ north = [1, 3], South = [2] }}\n"
    opened(tmp_path, LISTS, name="02", domains=domains, region=others)
    main(["check", str(tmp_path / "ruritania")])
    shown = capsys.readouterr().out
    assert "wave 02: `region`: in no category, and so in the whole alone: `4` (25)" in shown
    assert "domain `region`: its categories differ between waves" in shown
    assert "01: East, North, South" in shown
    assert (
        "are “North” and “north” the same? then call them alike, by `categories` of [domains.region]" in shown
    )
