"""What would make a change false: how far answers would have to be off before its direction is no longer as sure.

Four ideas that are easily confused, each the smallest that lowers the change's probability to a given one:

- `drift`: all houses' figures moved away from the public by so much between the two dates, in share units.
- `hidden`: so many of those who feel it did not say so, in the wave where the share is lower and not in the other.
- `claimed`: so many of those who do not feel it said that they do, in the wave where the share is higher.
- `invented`: so many of the answers of the last wave are false, each the opposite of what would have been said.

A bias that stays the same is not among them: hiding or claiming at one rate h at both dates makes of a change d one of
d (1 - h), whose sign is that of d; and points that are added at both dates leave it as it is. No such bias turns a fall
into a rise.

Worked example: 50% and then 40%, known exactly. It takes a drift of 10 points; one in five of those who felt it at the
end (50%) to have hidden it; one in six of those who did not feel it at the start (60%) to have claimed it.

Each is a quantile of the posterior: the drift of the change itself, `hidden` and `claimed` of the ratio of the two
shares, or of their complements. Given the hyperparameters the level is a weighted sum of the waves' logits, so that a
false wave moves it in proportion; how far off the wave is thought to be stays what it was, as if its answers had been
invented with care.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import ndtr

from groundswell.arrays import Floats
from groundswell.errors import InputError
from groundswell.trends.answers.changes import Halves, Joint, draw_shares, halves, s_of_change
from groundswell.trends.answers.trend import Trend
from groundswell.trends.compared.chance import DRAWS
from groundswell.trends.compared.pairs import house_paths, shown_waves, wave_days
from groundswell.trends.model.logit import empirical_logit, expit

COLUMNS: Final = (
    *("kind", "label", "start", "end", "least", "drift", "hidden", "claimed"),
    *("invented", "house", "wave_end", "n"),
)
AS_LIKELY_AS_NOT: Final = 0.5
# Of a share, and of the logarithm of a ratio: nobody's answers are further off than these.
MOST_DRIFT: Final = 1.0 - 1e-9
MOST_RATIO: Final = 40.0
HALVINGS: Final = 40
NOTHING_WOULD: Final = float("nan")


class _Moved(NamedTuple):
    """A fall or a rise: the logits of both dates together, and the same as a and s (see `changes`)."""

    joint: Joint
    pair: Halves
    fall: bool

    @property
    def sure(self) -> float:
        """The probability of its direction."""
        fall = self.pair.below(np.zeros_like(self.pair.a))
        return fall if self.fall else 1.0 - fall


class _Wave(NamedTuple):
    """The last wave of a change: its number among the trend's, and by how much the difference of the levels' logits
    moves with the wave's own, at each component."""

    number: int
    gain: Floats


def overturning(
    trend: Trend, changes: pd.DataFrame, least: Sequence[float] = (AS_LIKELY_AS_NOT,)
) -> pd.DataFrame:
    """How far answers would have to be off before changes are no longer as sure, one row a change and probability.

    Args:
        trend: the one that the changes are of.
        changes: rows of `comparisons`.
        least: the probabilities of the change's direction to which it is to fall.

    Returns: `kind, label, start, end, least` and the four of this module: `drift` in share units, with the sign of the
    change (of "still" without one); `hidden`, `claimed` and `invented` as proportions from 0 to 1. 0 where the change
    is not as sure to begin with; missing where nothing of the kind would do, or where it means nothing (nobody hides
    a mean; of "still" only a drift is known). `house, wave_end, n` are those of the wave whose answers would be
    invented.

    Example: two waves of 1,000 people, 50% and then 40%.
        >>> from groundswell.trends import overturning
        >>> days = pd.to_datetime(["2023-01-31", "2024-01-31"])
        >>> waves = pd.DataFrame({"house": "acme", "end": days, "share": [0.5, 0.4], "n_effective": 1000, "n": 1000})
        >>> trend = gs.fit_trend(waves)
        >>> fall = gs.comparisons(trend).iloc[[0]]
        >>> bool(overturning(trend, fall)["drift"].between(-0.1, -0.08).all())
        True
    """
    rows = [
        {"kind": row["kind"], "label": row["label"], "start": row["start"], "end": row["end"], **found}
        for _, row in changes.iterrows()
        for found in (_still(trend, row, least) if row["kind"] == "still" else _moved(trend, row, least))
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _moved(trend: Trend, row: pd.Series, least: Sequence[float]) -> Iterator[dict[str, object]]:
    """What would overturn a fall or a rise."""
    days, scale = pd.DatetimeIndex([row["start"], row["end"]]), _scale(trend, row)
    joint = trend.joint(days, scale)
    moved = _Moved(joint, halves(joint, [0], [1])[0], bool(row["estimate"] < 0))
    wave = _last_wave(trend, days, scale, joint)
    for one in least:
        found: dict[str, object] = {"least": one, "drift": _drift(moved, one)}
        if not _is_mean(trend):
            found |= {"hidden": _misreported(moved, one, 1.0), "claimed": _misreported(moved, one, -1.0)}
        if wave is not None:
            last = trend.posterior.waves.table.iloc[wave.number]
            found |= {"invented": _invented(trend, moved, wave, one), "house": last["house"]}
            found |= {"wave_end": last["end"], "n": last.get("n", NOTHING_WOULD)}
        yield found


def _drift(moved: _Moved, least: float) -> float:
    """The quantile of the change; none of the other sign."""
    below = least if moved.fall else 1.0 - least
    found = brentq(
        lambda drift: moved.pair.below(s_of_change(drift, moved.pair.a)) - below,
        *(-MOST_DRIFT, MOST_DRIFT),
        xtol=1e-12,
    )
    return float(min(found, 0.0) if moved.fall else max(found, 0.0))


def _misreported(moved: _Moved, least: float, side: float) -> float:
    """The rate at which those who feel it hide it (`side` 1), or at which those who do not claim it (`side` -1).

    A fall of the share p from p0 to p1 is none where h of the p1 / (1 - h) who felt it at its end hid it, as soon as
    p1 / p0 > 1 - h; the complement's logits are those of p with the other sign.
    """
    pair = moved.pair

    def sure(log_kept: float) -> float:
        s = s_of_ratio(log_kept, side * pair.a)
        return pair.below(s) if moved.fall else 1.0 - pair.below(-s)

    if moved.sure <= least:
        return 0.0
    if sure(-MOST_RATIO) > least:
        return NOTHING_WOULD
    return float(-np.expm1(brentq(lambda kept: sure(kept) - least, -MOST_RATIO, 0.0, xtol=1e-12)))


def s_of_ratio(log_ratio: float, a: Floats) -> Floats:
    """The difference s of two logits a - s/2 and a + s/2 at which the second share is so many times the first.

    `log_ratio` is the logarithm of that ratio, at most 0. With u = exp(s/2) the ratio is (1 + u0 / u) / (1 + u0 u) for
    u0 = exp(-a) turned round, a square equation in u.
    """
    ratio, less = np.exp(log_ratio), np.expm1(log_ratio)
    odds = np.exp(-np.asarray(a, dtype=np.float64))
    # The root without a difference of near numbers, since `less` is not above 0.
    root = np.sqrt(less**2 + 4.0 * odds**2 * ratio)
    return np.asarray(2.0 * np.log(2.0 * odds * ratio / (root - less)))


def _last_wave(trend: Trend, days: pd.DatetimeIndex, scale: Floats | None, joint: Joint) -> _Wave | None:
    """The largest wave in the middle of whose fieldwork a change ends, and what it moves; None where there is none."""
    waves = trend.posterior.waves
    there = trend.used["middle"].to_numpy() == days[1].to_datetime64()
    if scale is not None:
        there &= scale[waves.combination] > 0
    if not there.any():
        return None
    number = int(np.argmax(np.where(there, waves.n_effective, 0.0)))
    # Given the hyperparameters the means are linear in the waves' logits: a step of one is the slope.
    moved = waves.log_odds + (np.arange(len(waves)) == number)
    other = replace(trend, posterior=replace(trend.posterior, waves=replace(waves, log_odds=moved)))
    parts = zip(other.joint(days, scale).parts, joint.parts, strict=True)
    return _Wave(number, np.array([np.diff(after - before)[0] for (after, _), (before, _) in parts]))


def _invented(trend: Trend, moved: _Moved, wave: _Wave, least: float) -> float:
    """The part of a wave's answers that would have to be false; missing where not even all of one kind would do."""
    waves = trend.posterior.waves
    share, n = waves.share[wave.number], waves.n_effective[wave.number]
    mean = np.array([np.diff(mean)[0] for mean, _ in moved.joint.parts])
    variance = np.array([cov[0, 0] + cov[1, 1] - 2.0 * cov[0, 1] for _, cov in moved.joint.parts])
    sd = np.maximum(np.sqrt(np.maximum(variance, 0.0)), 1e-12)

    def sure(step: float) -> float:
        z = (mean + wave.gain * step) / sd
        return float(moved.joint.weights @ ndtr(-z if moved.fall else z))

    if sure(0.0) <= least:
        return 0.0
    furthest = float(empirical_logit(1.0 if moved.fall else 0.0, n)) - waves.log_odds[wave.number]
    if sure(furthest) > least:
        return NOTHING_WOULD
    step = brentq(lambda step: sure(step) - least, 0.0, furthest, xtol=1e-12)
    true = ((n + 1.0) * float(expit(waves.log_odds[wave.number] + step)) - 0.5) / n  # see `empirical_logit`
    return float(abs(true - share))


def _still(trend: Trend, row: pd.Series, least: Sequence[float]) -> Iterator[dict[str, object]]:
    """The even drift over the year, up or down, after which its waves no longer surely lie so near one another."""
    days = wave_days(shown_waves(trend, trend.segments[-1], None))
    days = days[(days >= row["start"]) & (days <= row["end"])]
    shares = draw_shares(trend.joint(days), DRAWS, trend.seed)
    passed = np.asarray((days - days[0]) / (days[-1] - days[0]), dtype=np.float64)

    def within(drift: float) -> float:
        return float((np.ptp(shares - drift * passed, axis=1) <= row["within"]).mean())

    for one in least:
        drifts = [_first_below(within, one, sign) for sign in (1.0, -1.0)]
        yield {"least": one, "drift": min(drifts)}


def _first_below(probability: Callable[[float], float], least: float, sign: float) -> float:
    """The smallest size, up to 1, at which a probability that falls away from zero is below `least`, by halving."""
    low, high = 0.0, 1.0
    if probability(low) < least:
        return 0.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        low, high = (low, middle) if probability(sign * middle) < least else (middle, high)
    return high


def _scale(trend: Trend, row: pd.Series) -> Floats | None:
    """The scale of a house's own path; None for the level's."""
    if row["kind"] != "house":
        return None
    segment = trend.segment_on(row["end"])
    for house, scale, waves in house_paths(trend, segment, shown_waves(trend, segment, None)):
        if house == row["label"] and {row["start"], row["end"]} <= set(wave_days(waves)):
            return scale
    raise InputError(f"`{row['label']}` has no waves on {row['start']:%Y-%m-%d} and {row['end']:%Y-%m-%d}")


def _is_mean(trend: Trend) -> bool:
    table = trend.posterior.waves.table
    return "scale_low" in table and bool(table["scale_low"].notna().any())
