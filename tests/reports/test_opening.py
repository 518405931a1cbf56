"""A report and a profile are opened on a date that is written in one way, and on which something was known."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundswell import load_survey, observations, open_profile, open_report
from groundswell.errors import InputError
from groundswell.reports.notebook import report as report_module


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (
            "01.02.2024",
            "`as_of=`: write a date as YYYY-MM-DD, got `01.02.2024`: 2024-02-01 if the day comes first",
        ),
        ("2024", "`as_of=`: write a date as YYYY-MM-DD, got `2024`: a year is not a date; 2024-01-01"),
        ("", "`as_of=`: write a date as YYYY-MM-DD, got an empty text"),
    ],
)
def test_a_date_that_may_mean_two_days_opens_nothing(repository: Path, given: str, says: str) -> None:
    survey = load_survey(repository / "surveys" / "russia-mood")
    for opening in (
        lambda: open_report("russia-mood", as_of=given, project=repository),
        lambda: open_profile("simulated-panel", as_of=given, project=repository),
        lambda: observations(survey, as_of=given),
    ):
        with pytest.raises(InputError) as refused:
            opening()
        assert str(refused.value).startswith(says)


def test_before_the_first_wave_there_is_no_report(repository: Path) -> None:
    survey = load_survey(repository / "surveys" / "russia-mood")
    for opening in (
        lambda: open_report("russia-mood", as_of="2010-01-01", project=repository),
        lambda: observations(survey, as_of="2010-01-01"),
    ):
        with pytest.raises(
            InputError,
            match="`russia-mood` has no wave known on 2010-01-01; its first is known since 2010-08-31",
        ):
            opening()
    with pytest.raises(
        InputError, match="no wave of `simulated-panel` was known on 2010-01-01; the first, `wave-01`"
    ):
        open_profile("simulated-panel", as_of="2010-01-01", project=repository)


def test_an_unknown_language_is_refused_before_a_trend_is_fitted(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fitting(*_: object, **__: object) -> None:
        raise AssertionError("a trend is fitted")

    monkeypatch.setattr(report_module, "read_report", fitting)
    with pytest.raises(InputError, match="`tlh`"):
        open_report("russia-mood", language="tlh", project=repository)


@pytest.mark.parametrize("previous", ["nowhere", "reports", "reports/russia-mood/2020-01-01"])
def test_a_previous_report_that_is_none_is_refused_before_a_trend_is_fitted(
    repository: Path, monkeypatch: pytest.MonkeyPatch, previous: str
) -> None:
    def fitting(*_: object, **__: object) -> None:
        raise AssertionError("a trend is fitted")

    monkeypatch.setattr(report_module, "read_report", fitting)
    says = (
        rf"`previous=`: `.*{previous}` is no published report, since it holds no manifest.json: name the folder of one "
        r"relative to the project, as `reports/russia-mood/2024-12-31`, or leave it out"
    )
    with pytest.raises(InputError, match=says):
        open_report("russia-mood", previous=previous, project=repository)
