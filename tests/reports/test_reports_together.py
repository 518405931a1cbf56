"""Several reports of one survey together give no few people away: attacked as a reader of all published files would.

The reader knows more than most: who is in which domain, and every weight. He takes each published n and share as an
equation, and asks by linear programming between which bounds the answers of a small group lie.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog
from waves.respondents import survey_of

import groundswell as gs
from groundswell.checksum import checksum
from groundswell.errors import InputError
from groundswell.estimates.of_wave import disclosure_control, kept
from groundswell.estimates.of_wave.disclosure_control import HIDDEN_BELOW
from groundswell.reports.evidence.by_domain import followed_domains

CUTS = {"age": 'column = "age"\nbreaks = {0}\n', "older": 'column = "age"\nbreaks = {0}\n'}


def people(seed: int, n: int = 500, **columns: object) -> pd.DataFrame:
    """Respondents with an age, a sex (few of another, few unknown), a weight and an answer to Q4."""
    rng = np.random.default_rng(seed)
    sex = rng.choice(["women", "men"], n)
    sex[: rng.integers(0, 15)] = "other"
    rows = {
        "id": [f"R{place}" for place in range(n)],
        "weight": rng.choice([1.0, 1.5, 2.0], n),
        "Q4": rng.choice([1, 2, 9], n, p=[0.45, 0.5, 0.05]),
        "sex": pd.Series(sex).mask(rng.random(n) < 0.004),
        "age": rng.integers(18, 80, n),
        "region": rng.choice(["north", "south", "coast"], n, p=[0.5, 0.35, 0.15]),
        "day": "2023-02-03",
    }
    return pd.DataFrame(rows | columns)


@dataclass
class Publisher:
    """A project with one wave, which is published again and again."""

    home: Path
    rows: pd.DataFrame
    published: list[tuple[Path, pd.DataFrame]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in ("surveys", "notebooks"):
            (self.home / name).mkdir(parents=True)
        survey = survey_of(self.home / "surveys", {"01": self.rows})
        self.toml = survey.folder / "waves" / "01.toml"
        self.text = self.toml.read_text()

    def publish(self, domains: str, rows: pd.DataFrame | None = None) -> pd.DataFrame:
        """A report and a profile of the wave with these tables of domains, and with these respondents, if other."""
        if rows is not None:
            self._correct(rows)
        self.toml.write_text(f"{self.text}\n{domains}")
        report = gs.open_report("ruritania", as_of="2023-12-31", project=self.home)
        profile = gs.open_profile("ruritania", as_of="2023-12-31", project=self.home)
        for made, name in ((report, "report"), (profile, "profile")):
            folder = self.home / "reports" / "ruritania" / f"{len(self.published):02}-{name}"
            made.save(folder)
            self.published.append((folder, self.rows))
        return report.observations.set_index("domain")

    def _correct(self, rows: pd.DataFrame) -> None:
        """Other respondents in the wave's file; those of before stay next to it."""
        file = self.toml.with_name("01.csv")
        file.rename(file.with_name(f"01-before-{checksum(file)[:8]}.csv"))
        rows.to_csv(file, index=False)
        self.text = re.sub(r'sha256 = "\w+"', f'sha256 = "{checksum(file)}"', self.text)
        self.rows = rows


def band(name: str, age: pd.Series) -> pd.Series:
    """Who is in a band of age by its name, as a reader understands it."""
    low, high = 0, 200
    if found := re.fullmatch(r"under (\d+)", name):
        high = int(found[1]) - 1
    elif found := re.fullmatch(r"(\d+) and over", name):
        low = int(found[1])
    else:
        low, high = map(int, name.split("–"))
    return age.between(low, high)


def inside(domain: str, rows: pd.DataFrame) -> np.ndarray:
    """Who of these rows is in a domain."""
    variable, _, category = domain.partition(": ")
    if domain == "all":
        return np.ones(len(rows), bool)
    mine = band(category, rows["age"]) if variable in CUTS else rows[variable] == category
    return mine.to_numpy(bool)


def shown(folder: Path) -> Iterator[tuple[str, int, float]]:
    """Domain, n and share of every figure that any file of a report shows."""
    for name in ("observations.csv", "shares.csv"):
        if (folder / name).is_file():
            rows = pd.read_csv(folder / name).dropna(subset=["share"])
            yield from zip(rows["domain"], rows["n"].astype(int), rows["share"], strict=True)
    for wave in json.loads((folder / "groups.json").read_text())["waves"]:
        for domain, figures in wave["shown"].items():
            yield domain, *figures["anxiety"]


@dataclass
class Attack:
    """What a reader of all that was published knows: sums of answers over groups of people."""

    groups: np.ndarray
    sums: np.ndarray
    weight: np.ndarray
    size: np.ndarray

    @classmethod
    def on(cls, published: list[tuple[Path, pd.DataFrame]]) -> Attack:
        """One unknown an atom: those who are in the same published groups. A changed respondent is two."""
        columns = ["id", "weight", "Q4", "sex", "age", "region"]
        versions = pd.concat([rows[columns] for _, rows in published]).drop_duplicates()
        versions = versions[versions["Q4"] != 9].reset_index(drop=True)
        known: dict[bytes, tuple[np.ndarray, float]] = {}
        for folder, rows in published:
            there = versions.merge(rows[columns].assign(there=True), how="left")["there"].notna().to_numpy()
            for domain, n, share in shown(folder):
                group = there & inside(domain, versions)
                assert group.sum() == n, "the reader understands whom a figure is of"
                known[group.tobytes()] = (group, share * versions["weight"].to_numpy()[group].sum())
        groups = np.array([group for group, _ in known.values()])
        atoms, place = np.unique(groups, axis=1, return_inverse=True)
        weight = np.bincount(place.ravel(), versions["weight"])
        return cls(
            atoms, np.array([total for _, total in known.values()]), weight, np.bincount(place.ravel())
        )

    def small_groups(self, most: int = 40) -> list[np.ndarray]:
        """Atoms, what two published groups differ by or have in common, and pairs of atoms: below the limit."""
        single = list(np.eye(len(self.size), dtype=bool))
        differences = [
            part
            for one, other in combinations(self.groups, 2)
            for part in (one & ~other, other & ~one, one & other)
        ]
        pairs = [one | other for one, other in combinations(single, 2)]
        wanted = {group.tobytes(): group for group in [*differences, *single, *pairs] if group.any()}
        small = [group for group in wanted.values() if group @ self.size < HIDDEN_BELOW]
        return small[:most]

    def bounds(self, group: np.ndarray) -> tuple[float, float]:
        """Between which bounds the share of a group lies."""
        ends = [(0.0, weight) for weight in self.weight]
        found = [
            linprog(sign * group, A_eq=self.groups.astype(float), b_eq=self.sums, bounds=ends)
            for sign in (1.0, -1.0)
        ]
        assert all(each.status == 0 for each in found), found[0].message
        total = group @ self.weight
        return found[0].fun / total, -found[1].fun / total

    def given_away(self, within: float) -> Iterator[tuple[float, float]]:
        """The bounds of every small group that is known to within so much, each sought when it is asked for."""
        every = (self.bounds(group) for group in self.small_groups())
        return ((low, high) for low, high in every if high - low <= within)


@pytest.fixture(autouse=True)
def _no_levels_of_domains(monkeypatch: pytest.MonkeyPatch) -> None:
    """One wave has none; looking for them takes a fifth of the time."""
    monkeypatch.setattr(followed_domains, "MOST_FOLLOWED", 0)


@pytest.fixture
def defenceless(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Leaves of the control only that small domains are hidden."""

    def off() -> None:
        monkeypatch.setattr(disclosure_control, "few_people", lambda *_: None)
        monkeypatch.setattr(kept, "hidden_for_published", lambda *_, **__: set())

    return off


def domains(**tables: str) -> str:
    return "\n".join(f"[domains.{name}]\n{text}" for name, text in tables.items())


def cut(*breaks: int) -> str:
    return CUTS["age"].format(list(breaks))


def aged_30(n: int) -> pd.DataFrame:
    """So many of 500 are 30 years old; all of them feel anxious."""
    rows = people(3)
    rows["age"] = rows["age"].replace(30, 29)
    rows.loc[: n - 1, ["age", "Q4"]] = [30, 1]
    return rows


TWO_VARIABLES = [domains(age=cut(30), older=cut(31))]
TWO_REVISIONS = [domains(age=cut(30)), domains(age=cut(31))]
TWO_SEXES = domains(sex='column = "sex"\ncategories = { women = ["women"], men = ["men"] }\n')


@pytest.mark.parametrize("revisions", [TWO_VARIABLES, TWO_REVISIONS])
def test_four_people_of_one_age_are_not_given_away(
    revisions: list[str], tmp_path: Path, defenceless: Callable[[], None]
) -> None:
    """Under 31 less under 30, in one report or in two: the share of those aged 30 was 1.000."""
    sound = Publisher(tmp_path / "sound", aged_30(4))
    for revision in revisions:
        sound.publish(revision)
    attack = Attack.on(sound.published)
    assert list(attack.given_away(within=0.3)) == []
    defenceless()
    broken = Publisher(tmp_path / "broken", aged_30(4))
    for revision in revisions:
        broken.publish(revision)
    assert any(low > 1 - 1e-9 for low, _ in Attack.on(broken.published).given_away(within=1e-9))


def test_what_an_earlier_report_showed_hides_more_in_a_later_one_and_the_page_says_so(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path, aged_30(4))
    first, second = (publisher.publish(each) for each in TWO_REVISIONS)
    assert first["share"].notna().all()
    assert (second.loc[["age: under 31", "age: 31 and over"], "flags"] == "hidden;published_before").all()
    assert (second.loc[["age: under 31", "age: 31 and over"], "left_out"] == "hidden").all()
    assert second.loc["all", "share"] == first.loc["all", "share"]
    profile = gs.open_profile("ruritania", as_of="2023-12-31", project=tmp_path)
    for figure in (profile.question("anxiety"), profile.who_answered()):
        rows = figure.numbers.set_index("Domain")
        assert (rows.loc["age: under 31"].drop("deff", errors="ignore") == "hidden").all()
        assert "age: under 31: hidden" in figure.alternative
    sentence = "this report and an earlier one together would give figures of fewer than 10 respondents"
    assert sentence in profile.question("anxiety").foot()
    assert sentence in profile.who_answered().foot()
    # the same domains again, or those of before again, tell nothing new, and show what they showed
    pd.testing.assert_frame_equal(publisher.publish(TWO_REVISIONS[1]), second)
    pd.testing.assert_frame_equal(publisher.publish(TWO_REVISIONS[0]), first)


def test_ten_people_of_one_age_may_be_what_two_reports_differ_by(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path, aged_30(10).assign(Q4=lambda rows: rows["Q4"].replace(9, 2)))
    assert publisher.publish(TWO_REVISIONS[0])["share"].notna().all()
    assert publisher.publish(TWO_REVISIONS[1])["share"].notna().all()


def test_a_correction_of_few_respondents_is_refused_with_the_way_out(
    tmp_path: Path, defenceless: Callable[[], None]
) -> None:
    rows = people(5)
    rows.loc[:2, "Q4"] = 1
    publisher = Publisher(tmp_path / "sound", rows)
    publisher.publish(domains())
    with pytest.raises(InputError, match=r"`01`: not even .* figures of fewer than 10, .* take the reports"):
        publisher.publish(domains(), rows.drop(index=range(3)))
    changed = rows.assign(
        Q4=[1, 1, *[3 - answer if answer < 9 else 9 for answer in rows["Q4"][2:8]], *rows["Q4"][8:]]
    )
    with pytest.raises(InputError, match="not even the figures of everyone"):
        publisher.publish(domains(), changed)
    fewer = rows.drop(index=range(60))
    publisher.publish(domains(), fewer)
    attack = Attack.on(publisher.published)
    assert list(attack.given_away(within=0.3)) == []
    defenceless()
    broken = Publisher(tmp_path / "broken", rows)
    broken.publish(domains())
    broken.publish(domains(), rows.drop(index=range(3)))
    assert any(low > 1 - 1e-9 for low, _ in Attack.on(broken.published).given_away(within=1e-9))


def test_without_the_file_of_then_a_correction_is_refused(tmp_path: Path) -> None:
    rows = people(5)
    publisher = Publisher(tmp_path, rows)
    publisher.publish(domains())
    before = checksum(publisher.toml.with_name("01.csv"))
    publisher._correct(rows.drop(index=range(60)))
    (old,) = publisher.toml.parent.glob("01-before-*.csv")
    old.unlink()
    with pytest.raises(InputError, match=rf"from another `01.csv` \(SHA-256 {before}\)"):
        publisher.publish(domains())
    for folder, _ in publisher.published:
        (folder / "groups.json").unlink()
    publisher.publish(domains())


def test_another_file_with_the_same_figures_needs_no_file_of_then(tmp_path: Path) -> None:
    """As where waves of one file are published while it grows."""
    publisher = Publisher(tmp_path, people(5))
    first = publisher.publish(domains())
    publisher._correct(people(5).assign(more=1))
    next(publisher.toml.parent.glob("01-before-*.csv")).unlink()
    pd.testing.assert_frame_equal(publisher.publish(domains()), first)


def test_a_wave_that_is_called_otherwise_is_the_same_wave(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path, aged_30(4))
    publisher.publish(TWO_REVISIONS[0])
    publisher.toml = publisher.toml.rename(publisher.toml.with_name("first.toml"))
    rows = publisher.publish(TWO_REVISIONS[1])
    assert (rows.loc["age: under 31", "flags"]) == "hidden;published_before"


def test_a_survey_that_hides_more_than_it_did_adds_nothing_to_what_is_out(tmp_path: Path) -> None:
    """Of those with 200 and more only what was shown is shown again."""
    publisher = Publisher(tmp_path, people(3))
    first = publisher.publish(domains(age=cut(40)))
    survey = publisher.toml.parent.parent / "survey.toml"
    survey.write_text("minimum_domain_n = 200\n" + survey.read_text())
    second = publisher.publish(domains(age=cut(40), older=cut(50)))
    shown = second[second["share"].notna()]
    assert set(shown.index) == {"all", "region: north"} <= set(first.index)
    assert second["n"].loc["all"] == first["n"].loc["all"]


def test_an_indicator_that_was_not_published_yet_is_not_taken_for_one_that_was(tmp_path: Path) -> None:
    """North is out for anxiety. Five of it answered the new question; the rest of the regions must not give them."""
    rows = people(3)
    rows["Q5"] = rows["Q4"].where(rows["region"] != "coast", 9)
    rows.loc[rows.index[rows["region"] == "coast"][:5], "Q5"] = 1
    publisher = Publisher(tmp_path, rows)
    assert publisher.publish(domains()).loc["region: coast", "flags"] == ""
    survey = publisher.toml.parent.parent / "survey.toml"
    text = survey.read_text()
    again = text[text.index("[indicators.anxiety]") :].replace("[indicators.anxiety", "[indicators.calm")
    survey.write_text(text + again)
    asked = publisher.text.split("[indicators.anxiety]")[1].split("[domains")[0].replace("Q4", "Q5")
    publisher.text = publisher.text.replace("[domains.region]", f"[indicators.calm]{asked}[domains.region]")
    report = (
        gs.observations(gs.load_survey(survey.parent)) if publisher.toml.write_text(publisher.text) else None
    )
    assert report is not None
    calm = report[report["indicator"] == "calm"].set_index("domain")
    assert calm.loc["region: coast", "flags"] == "hidden"
    assert calm["share"].notna().sum() == 2, "a second region is hidden with it"


def test_a_damaged_record_of_what_was_shown_is_named(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path, people(3))
    publisher.publish(domains())
    file = publisher.published[0][0] / "groups.json"
    file.write_text(file.read_text().replace('"schema": 1', '"schema": 7'))
    with pytest.raises(InputError, match=r"groups.json` is damaged.* put it back as it was published"):
        publisher.publish(domains())


def test_a_column_by_which_domains_were_made_has_to_be_there(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path, people(3))
    publisher.publish(domains(age=cut(40)))
    with pytest.raises(InputError, match=r"has no column `age`, by which domains were or are made"):
        publisher.publish(domains(), people(3).drop(columns="age").drop(index=range(50)))


def test_what_is_written_of_groups_holds_no_respondent(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path, people(3))
    publisher.publish(domains(age=cut(40)))
    (wave,) = json.loads((publisher.published[0][0] / "groups.json").read_text())["waves"]
    assert set(wave) == {"wave", "recipe", "who", "shown"}
    assert set(wave["who"]) <= {"file", "sha256", "rows", "missing", "reading", "domains", "weight"}
    table = pd.read_csv(publisher.published[0][0] / "observations.csv").set_index("domain")
    assert {name: figures["anxiety"][0] for name, figures in wave["shown"].items()} == table["n"].to_dict()


@pytest.mark.parametrize("seed", range(2))
def test_reports_of_random_domains_give_no_small_group_away(
    seed: int, tmp_path: Path, defenceless: Callable[[], None]
) -> None:
    """Random cuts, then others and a corrected file: nothing is known of a small group to within 0.1. Without the
    defence the same attack on the same respondents finds one exactly."""
    attack = Attack.on(random_revisions(tmp_path / "sound", seed))
    assert len(attack.small_groups()) > 5
    assert list(attack.given_away(within=0.1)) == []
    defenceless()
    assert any(Attack.on(random_revisions(tmp_path / "broken", seed)).given_away(within=1e-9))


def random_revisions(home: Path, seed: int) -> list[tuple[Path, pd.DataFrame]]:
    """What is published of one wave in two revisions, the second with other cuts and from another file."""
    rng = np.random.default_rng(seed)
    rows = people(seed)
    publisher = Publisher(home, rows)
    for revision in range(2):
        cuts = [
            sorted(rng.choice(np.arange(25, 70), rng.integers(1, 4), replace=False).tolist())
            for _ in range(2)
        ]
        listed = TWO_SEXES if rng.random() < 0.5 else domains(sex='column = "sex"\n')
        tables = domains(age=cut(*cuts[0]), older=cut(*cuts[1]))
        corrected = rows.drop(index=rng.choice(len(rows), 60, replace=False)) if revision == 1 else None
        publisher.publish(f"{tables}\n{listed}", corrected)
    return publisher.published
