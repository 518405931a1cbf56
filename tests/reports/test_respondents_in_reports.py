"""Reports of waves of respondents, made by the command line: what they show, and that nobody can be found in them."""

from __future__ import annotations

import base64
import json
import re
import shutil
from collections.abc import Iterable
from html import unescape
from pathlib import Path
from typing import Any

import nbclient
import nbformat
import numpy as np
import pandas as pd
import pytest
from reports.conftest import make_report
from waves.respondents import respondents, survey_of

pytestmark = pytest.mark.kernel

AS_OF = "2024-12-31"
PANEL, RURITANIA = "simulated-panel", "ruritania"
COMMENT = "I told the interviewer about my neighbour Zdenka"
REGIONS = np.repeat(["capital", "coast", "hills", "islands"], [60, 35, 14, 6])


@pytest.fixture(scope="module")
def project(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with both notebooks, the bundled panel, and a survey whose respondents are easily recognised."""
    folder = tmp_path_factory.mktemp("respondents")
    shutil.copytree(repository / "notebooks", folder / "notebooks")
    shutil.copytree(repository / "surveys" / PANEL, folder / "surveys" / PANEL)
    rng = np.random.default_rng(7)
    waves = {
        name: respondents(
            60,
            50,
            5,
            region=REGIONS,
            weight=rng.gamma(4.0, 0.25, 115).round(5),
            cluster=rng.integers(70_000, 79_999, 115),
            said=COMMENT,
        )
        for name in ("01", "02")
    }
    survey_of(folder / "surveys", waves, margins={"region": MARGIN})
    make_report(folder, PANEL, RURITANIA, "--as-of", AS_OF)
    make_report(folder, PANEL, RURITANIA, "--as-of", AS_OF, "--notebook", "wave_profile")
    return folder


MARGIN = "category,total,source\ncapital,50,census\ncoast,30,census\nhills,15,census\nislands,5,census\n"


def published(project: Path, survey: str) -> dict[str, str]:
    """The text of every file that anyone may see, CSV files inside pages and notebooks spelt out."""
    files = [
        file for file in (project / "reports").rglob("*") if file.is_file() and file.parent.name != "assets"
    ]
    files += [*(project / "surveys" / survey / "waves").glob("*.json")]
    texts = {}
    for file in files:
        text = file.read_text(encoding="utf-8")
        # a file's size may be anything, and so may its number and time, by which the index knows it again
        text = re.sub(r'"bytes": \d+|"contentSize": "\d+"|\[\d{19},\d+,\d+\]', "", text)
        inside = re.findall(r"base64,([A-Za-z0-9+/=]{40,})", text)
        texts[str(file.relative_to(project))] = "\n".join(
            [text, *(base64.b64decode(part).decode("utf-8") for part in inside)]
        )
    return texts


def runs_of(texts: Iterable[str], length: int) -> set[tuple[str, ...]]:
    """Every run of so many words or numbers, whatever stands between them."""
    found: set[tuple[str, ...]] = set()
    for text in texts:
        words = re.findall(r"[\w.-]+", re.sub(r"<[^<>]{0,300}>|\\[ntu]", " ", text))
        found |= set(zip(*(words[start:] for start in range(length)), strict=False))
    return found


def rows_of(project: Path, survey: str) -> pd.DataFrame:
    """Every respondent of a survey as the file writes them."""
    files = sorted((project / "surveys" / survey / "waves").glob("*.csv"))
    return pd.concat([pd.read_csv(file, dtype="str") for file in files], ignore_index=True)


@pytest.mark.parametrize(
    ("survey", "columns"),
    [
        (PANEL, ["psu", "weight", "region"]),
        (PANEL, ["weight", "region", "sex", "age"]),
        (PANEL, ["sex", "age", "worried", "on_edge", "horizon", "interviewed"]),
        (RURITANIA, ["weight", "Q4", "region"]),
    ],
)
def test_no_respondents_row_stands_in_a_published_file(
    project: Path, survey: str, columns: list[str]
) -> None:
    rows = rows_of(project, survey)
    row = set(rows[columns].itertuples(index=False, name=None))
    assert not row & runs_of(published(project, survey).values(), len(columns))
    leaked = "<td>" + "</td><td>".join(rows.loc[3, columns]) + "</td>"
    assert row & runs_of([leaked], len(columns)), "a leaked row would be found"


@pytest.mark.parametrize(("survey", "columns"), [(PANEL, ["id"]), (RURITANIA, ["id", "weight", "cluster"])])
def test_no_identifier_weight_or_cluster_stands_in_a_published_file(
    project: Path, survey: str, columns: list[str]
) -> None:
    rows = rows_of(project, survey)
    for name, text in published(project, survey).items():
        words = {word for (word,) in runs_of([text], 1)}
        for column in columns:
            telling = {cell for cell in rows[column] if len(cell) >= 5}  # a weight of 0.8 tells nobody apart
            assert len(telling) > 100
            assert not words & telling, f"{column} in {name}"


def test_what_a_respondent_said_stands_nowhere(project: Path) -> None:
    for name, text in published(project, RURITANIA).items():
        assert "Zdenka" not in text, name
        assert "RURITANIAN" not in text, name


def figure(page: str, key: str) -> dict[str, Any]:
    """What a page's figure is drawn from."""
    (inside,) = re.findall(
        rf'<figure [^>]*id="{key}"[^>]*>.*?<script type="application/json">(.*?)</script>', page, re.DOTALL
    )
    found: dict[str, Any] = json.loads(inside)
    return found


def page(project: Path, survey: str, name: str) -> str:
    return (project / "reports" / survey / name / "index.html").read_text(encoding="utf-8")


PROFILE = {PANEL: f"{AS_OF}~wave_profile~wave-wave-12", RURITANIA: f"{AS_OF}~wave_profile~wave-02"}
HIDDEN = {"region: hills", "region: islands"}


def test_hidden_domains_have_no_mark_and_no_figure(project: Path) -> None:
    spec = figure(page(project, RURITANIA, AS_OF), "domains-anxiety")
    marks = {trace["name"]: trace["x"] for trace in spec["data"] if trace["mode"] == "markers"}
    assert {name for name, days in marks.items() if not days} == HIDDEN
    assert all(len(days) == 2 for name, days in marks.items() if name not in HIDDEN)
    said = [note["text"] for note in spec["layout"]["annotations"] if "hidden" in note["text"]]
    assert said == ["hills: hidden", "islands: hidden"]
    for key, trace in (("question-anxiety", 0), ("who-answered", 0)):
        drawn = figure(page(project, RURITANIA, PROFILE[RURITANIA]), key)["data"][trace]["text"]
        assert not [words for words in drawn if "hills" in words or "islands" in words]
        assert [words for words in drawn if "coast" in words]


@pytest.mark.parametrize(
    "file",
    [f"{AS_OF}/observations.csv", f"{PROFILE[RURITANIA]}/shares.csv", f"{PROFILE[RURITANIA]}/sample.csv"],
)
def test_hidden_domains_are_empty_in_every_csv(project: Path, file: str) -> None:
    rows = pd.read_csv(project / "reports" / RURITANIA / file)
    hidden = rows[rows["domain"].isin(HIDDEN)]
    assert len(hidden) >= 2
    of_respondents = {"n", "n_effective", "share", "share_se", "share_low", "share_high", "df", "deff"}
    of_respondents |= {"of_respondents", "of_base", "of_weight"}
    assert hidden[[name for name in rows.columns if name in of_respondents]].isna().all(axis=None)
    assert hidden["flags"].str.contains("hidden").all()


def test_a_profile_and_a_report_of_one_date_stand_beside_each_other(project: Path) -> None:
    folders = {file.parent.name for file in (project / "reports" / PANEL).glob("*/manifest.json")}
    assert folders == {AS_OF, PROFILE[PANEL]}
    manifest = json.loads((project / "reports" / PANEL / PROFILE[PANEL] / "manifest.json").read_text())
    assert manifest["notebook"] == "wave_profile"
    assert manifest["parameters"]["wave"] == "wave-12"
    index = (project / "reports" / "index.html").read_text(encoding="utf-8")
    assert "Wave profile: wave-12" in index
    latest = (project / "reports" / PANEL / "latest" / "index.html").read_text(encoding="utf-8")
    assert f"../{AS_OF}/index.html" in latest


def test_the_page_says_how_to_make_it_again_and_links_to_files_that_are_there(project: Path) -> None:
    for name, words in (
        (AS_OF, " --notebook wave_report"),
        (PROFILE[PANEL], " --notebook wave_profile -p wave=wave-12"),
    ):
        text = page(project, PANEL, name)
        assert f"groundswell report {PANEL} --as-of {AS_OF}{words}</code>" in text
        linked = re.findall(r'<a href="([^"/#:]+\.(?:csv|json|ipynb))"', text)
        assert len(linked) >= 6
        assert [file for file in linked if not (project / "reports" / PANEL / name / file).is_file()] == []


def test_the_same_profile_again_changes_nothing(project: Path) -> None:
    folder = make_report(project, PANEL, "--as-of", AS_OF, "--notebook", "wave_profile", "-p", "wave=wave-12")
    assert folder.name == PROFILE[PANEL]
    assert len(list((project / "reports" / PANEL).glob("*/manifest.json"))) == 2


def test_simulated_respondents_are_called_so_wherever_they_show(project: Path) -> None:
    for name in (AS_OF, PROFILE[PANEL]):
        text = page(project, PANEL, name)
        headline = re.findall(r"<h1>(.*?)</h1>", text, re.DOTALL)
        assert all("simulated" in claim for claim in headline)
        titles = re.findall(r'class="figure-title"[^>]*>(.*?)</h', text)
        by_indicator = [title for title in titles if "mood" in title.lower() or "planning" in title.lower()]
        assert len(by_indicator) >= 2
        assert all("simulated" in title for title in by_indicator)
    feed = (project / "reports" / "feed.xml").read_text(encoding="utf-8")
    entries = [title for title in re.findall(r"<title>(.*?)</title>", feed) if "invented country" in title]
    assert len(entries) == 2
    assert all("simulated" in title for title in entries)
    rows = pd.read_csv(project / "reports" / PANEL / AS_OF / "observations.csv")
    assert rows["flags"].str.contains("simulated").all()
    assert set(pd.read_csv(project / "reports" / PANEL / PROFILE[PANEL] / "shares.csv")["origin"]) == {
        "simulated"
    }


def test_the_figures_of_a_profile_are_those_of_the_kept_estimates(project: Path) -> None:
    kept = json.loads(
        (project / "surveys" / PANEL / "waves" / "wave-12.estimates.json").read_text(encoding="utf-8")
    )
    table = pd.DataFrame(kept["estimates"]["data"], columns=kept["estimates"]["columns"])
    mine = table[(table["indicator"] == "anxiety")].set_index("domain")["share"]
    spec = figure(page(project, PANEL, PROFILE[PANEL]), "question-anxiety")
    drawn = dict(
        zip(
            [re.findall("<b>(.*?)</b>", text)[0] for text in spec["data"][0]["text"]],
            spec["data"][0]["x"],
            strict=True,
        )
    )
    assert drawn.pop("everyone") == pytest.approx(mine["all"] * 100, abs=0.005)
    assert drawn == {name: pytest.approx(mine[name] * 100, abs=0.005) for name in mine.index if name != "all"}


def test_the_page_says_how_often_the_intervals_hold_the_truth(project: Path) -> None:
    said = unescape(page(project, PANEL, AS_OF))
    held, every = re.findall(r"Of those of domains it is (\d+) of (\d+)", said)[0]
    assert int(every) == 12 * 2 * 10
    assert 0.90 < int(held) / int(every) < 0.99
    assert "the truth is known" not in page(project, RURITANIA, AS_OF)


def test_the_profile_runs_in_jupyter_as_it_is(project: Path) -> None:
    notebook = nbformat.read(project / "notebooks" / "wave_profile.ipynb", as_version=4)
    place = {"metadata": {"path": str(project / "notebooks")}}
    nbclient.NotebookClient(notebook, timeout=120, resources=place).execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert sum("application/vnd.plotly.v1+json" in output.get("data", {}) for output in shown) == 4
    assert not [output for output in shown if output.output_type == "error"]
    assert "nothing was saved" in str(notebook.cells[-1].outputs)
