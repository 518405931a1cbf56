"""The priors are those that docs/method.md prints, and what surveys often show is within them."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundswell.trends.model.priors import PACE, PRIORS, SPEED, Prior

PAGE = Path(__file__).resolve().parents[2] / "docs" / "method.md"
PRINTED: dict[str, Prior] = {
    "level, logits a year": PRIORS["level_sd"],
    "house effects, logits": PRIORS["house_sd"],
    "dispersion": PRIORS["dispersion"],
    "excess sd, logits": PRIORS["excess_sd"],
    "error of a rolling window by itself, sd in logits": PRIORS["window_sd"],
    "decay of a shock, days": PRIORS["decay_days"],
    "pace of an earlier stretch, times the newest's": PACE,
    "speed in one part of a series, times that on the whole": SPEED,
    "lasting part of domains' departures, logits": PRIORS["domain_sd"],
    "walk of domains' departures, logits a year": PRIORS["domain_walk_sd"],
}


@pytest.mark.parametrize("name", PRINTED)
def test_the_page_prints_each_prior(name: str) -> None:
    prior = PRINTED[name]
    row = next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if f"| {name} |" in line)
    median, within = (cell.strip() for cell in row.split("|")[2:4])
    assert float(median) == prior.median
    assert [float(end) for end in within.split(" to ")] == pytest.approx(prior.interval95, rel=0.05)


def test_no_prior_stands_outside_the_pages_table() -> None:
    assert set(PRIORS.values()) <= set(PRINTED.values())


def test_errors_of_some_points_beyond_sampling_are_within_the_prior() -> None:
    """Shirani-Mehr and others 2018 (JASA 113): election polls err by 3.5 points, about twice what sampling says,
    by three points more than it; a part of them changes from poll to poll."""
    assert PRIORS["excess_sd"].interval95[1] > 0.12
