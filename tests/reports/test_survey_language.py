"""A survey in Russian: its report, its manifest and the archive speak Russian without being asked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from reports.conftest import make_report

pytestmark = pytest.mark.kernel


@pytest.fixture(scope="module")
def report(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("russian")
    shutil.copytree(repository / "notebooks", project / "notebooks")
    survey = project / "surveys" / "russia-mood"
    shutil.copytree(repository / "surveys" / "russia-mood", survey)
    text = (survey / "survey.toml").read_text(encoding="utf-8")
    assert text.count('language = "en"') == 1
    (survey / "survey.toml").write_text(text.replace('language = "en"', 'language = "ru"'), encoding="utf-8")
    return make_report(project, "russia-mood", "--as-of", "2024-12-31", "-p", "indicator=planning")


def test_the_report_speaks_russian_and_its_name_does_not_say_so(report: Path) -> None:
    assert report.name == "2024-12-31~indicator-planning"
    page = (report / "index.html").read_text(encoding="utf-8")
    assert '<html dir="ltr" lang="ru">' in page
    assert "31 декабря 2024 года" in page
    assert "Как это измерялось" in page
    assert "-p indicator=planning</code>" in page, "the command that makes it again needs no language"


def test_its_manifest_says_its_language_and_its_checks_are_in_russian(report: Path) -> None:
    manifest = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["language"] == "ru"
    assert manifest["parameters"]["language"] is None
    converged = next(check for check in manifest["checks"] if check["code"] == "convergence")
    assert converged["sentence"].startswith("Расчёт сошёлся после ")
    assert converged["values"]["evaluations"] > 0


def test_the_archive_follows(report: Path) -> None:
    for page in (report.parents[1] / "index.html", report.parent / "index.html"):
        assert '<html dir="ltr" lang="ru">' in page.read_text(encoding="utf-8")
