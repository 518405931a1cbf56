"""Series of waves by several houses with a known true level, in the columns of the observations table.

What is true by construction: the level is the average over houses, on the logit scale, each in the mode that it
used last. House effects sum to zero on every day; a change of mode adds to its house from that day on, and
leaves the average over first modes (`share_first`) where it was. A house active for only part of the time counts in
the average on every day.
"""

from __future__ import annotations

import zlib
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import expit

from groundswell.arrays import Floats
from groundswell.simulate.sampled import sampled
from groundswell.simulate.scenarios import SCENARIOS, Scenario
from groundswell.simulate.tracker import tracked, with_tracker

FIRST_DAY = pd.Timestamp("2018-01-01")


class SimulatedSeries(NamedTuple):
    """What was published, and the truth behind it.

    `observations` is an observations table; `truth` has one row a day: `date, share, share_first`; `houses` one row a
    day and house: `date, house, effect` (logits, first mode) and `offset` (what its later mode adds); `shocks` one row
    a shock: `date, size` (share units), `shape`.
    """

    observations: pd.DataFrame
    truth: pd.DataFrame
    houses: pd.DataFrame
    shocks: pd.DataFrame


def simulate_series(scenario: str | Scenario, seed: int) -> SimulatedSeries:
    """Simulate one series; the same scenario and seed give the same series.

    Args:
        scenario: a name in `SCENARIOS`, or a `Scenario` of your own.
        seed: any whole number from 0; two named scenarios with one seed share no randomness.

    Raises:
        KeyError: no scenario has this name.
    """
    name = scenario if isinstance(scenario, str) else "own"
    chosen = SCENARIOS[scenario] if isinstance(scenario, str) else scenario
    rng = np.random.default_rng([zlib.crc32(name.encode()), seed])
    level = chosen.level(rng, chosen.days)
    effects = _house_effects(rng, chosen)
    waves = with_tracker(_schedule(rng, chosen), chosen)
    waves["mode"] = _modes(rng, chosen, waves)
    offsets = rng.normal(chosen.switch_size, 0.05, chosen.houses)
    waves["share"] = _published(rng, chosen, waves, level.logits, effects, offsets)
    dates = pd.date_range(FIRST_DAY, periods=chosen.days)
    houses = [_house_name(house) for house in range(chosen.houses)]
    return SimulatedSeries(
        observations=_observations(name, chosen, waves),
        truth=pd.DataFrame(
            {
                "date": dates,
                "share": expit(level.logits + _newest_offset(waves, offsets)),
                "share_first": expit(level.logits),
            }
        ),
        houses=pd.DataFrame(
            {
                "date": np.repeat(dates, chosen.houses),
                "house": np.tile(houses, chosen.days),
                "effect": effects.ravel(),
                "offset": np.tile(offsets, chosen.days),
            }
        ),
        shocks=pd.DataFrame(
            [(dates[shock.day], shock.size, shock.shape) for shock in level.shocks],
            columns=["date", "size", "shape"],
        ),
    )


def _newest_offset(waves: pd.DataFrame, offsets: Floats) -> float:
    """How far the houses' last modes stand from their first ones, on average over the houses seen, in logits."""
    last = waves.groupby("house")["mode"].last()
    return float((offsets[last.index.to_numpy()] * last.to_numpy()).mean())


def _house_name(house: int) -> str:
    return f"house-{chr(ord('a') + house)}"


def _house_effects(rng: np.random.Generator, scenario: Scenario) -> Floats:
    """Effects in logits, days x houses, each row summing to zero."""
    effects = np.empty((scenario.days, scenario.houses))
    effects[0] = rng.normal(0.0, scenario.house_sd, scenario.houses)
    keep = np.exp(-1.0 / scenario.house_days) if scenario.house_days else 1.0
    steps = rng.normal(0.0, scenario.house_sd * np.sqrt(1.0 - keep**2), effects.shape)
    for day in range(1, scenario.days):
        effects[day] = keep * effects[day - 1] + steps[day]
    return np.asarray(effects - effects.mean(axis=1, keepdims=True))


def _schedule(rng: np.random.Generator, scenario: Scenario) -> pd.DataFrame:
    """When each house is in the field (`start`, `end` as days from 0) and how many it asks (`n`).

    A third of the houses, never the first, comes late or leaves early. Fieldwork lasts one to seven days.
    """
    rows: list[tuple[int, int, int, int]] = []
    for house in range(scenario.houses):
        part_time = house > 0 and rng.random() < 1 / 3
        absent = rng.uniform(0.2, 0.5) * scenario.days if part_time else 0.0
        late = rng.random() < 0.5
        first, last = (absent, scenario.days) if late else (0.0, scenario.days - absent)
        typical = np.exp(rng.uniform(np.log(600), np.log(2500)))
        length = int(rng.integers(1, 8))
        when = first + rng.uniform(0.0, scenario.spacing)
        while when + length <= last:
            n = round(typical * rng.uniform(0.8, 1.2))
            rows.append((house, int(when), int(when) + length - 1, n))
            when += max(scenario.spacing * rng.uniform(0.6, 1.4), 1.0)
    table = pd.DataFrame(rows, columns=["house", "start", "end", "n"])
    return table.sort_values(["end", "house"], ignore_index=True)


def _modes(rng: np.random.Generator, scenario: Scenario, waves: pd.DataFrame) -> Floats:
    """0 for a wave in its house's first mode, 1 after its switch (in the middle half of the series)."""
    switch = np.full(scenario.houses, scenario.days)
    switching = rng.permutation(scenario.houses)[: scenario.switching_houses]
    switch[switching] = rng.integers(scenario.days // 4, 3 * scenario.days // 4, len(switching))
    return np.asarray(waves["start"].to_numpy() >= switch[waves["house"].to_numpy()], dtype=np.float64)


def _published(
    rng: np.random.Generator,
    scenario: Scenario,
    waves: pd.DataFrame,
    logits: Floats,
    effects: Floats,
    offsets: Floats,
) -> Floats:
    """The share each wave prints: the houses' view of the level, non-sampling error, sampling, rounding."""
    count = len(waves)
    sd = np.full(count, scenario.excess_sd)
    if scenario.first_excess_sd is not None:
        sd[waves["house"] == 0] = scenario.first_excess_sd
    excess = sd * rng.standard_t(scenario.excess_df, count)
    excess /= np.sqrt(scenario.excess_df / (scenario.excess_df - 2))
    outlying = rng.random(count) < scenario.outlier_rate
    excess += outlying * rng.choice([-1.0, 1.0], count) * scenario.outlier_size
    true = np.empty(count)
    for row, (house, start, end, mode) in enumerate(
        waves[["house", "start", "end", "mode"]].astype(int).itertuples(index=False)
    ):
        field = slice(start, end + 1)
        own = logits[field] + effects[field, house] + offsets[house] * mode + excess[row]
        true[row] = expit(own).mean()
    size = waves["n"].to_numpy(dtype=np.float64)
    if scenario.overlap:
        shares = _overlapping(rng, scenario, waves["house"].to_numpy(), size, true)
    else:
        shares = sampled(rng, scenario, size, true)
    if scenario.window_days:
        tracker = waves["house"].to_numpy() == 0
        shares[tracker] = tracked(rng, scenario, logits + effects[:, 0], waves[tracker])
    return np.asarray(np.round(shares / scenario.rounding) * scenario.rounding)


def _overlapping(
    rng: np.random.Generator, scenario: Scenario, house: Floats, size: Floats, true: Floats
) -> Floats:
    """Shares of rotating panels: `overlap` of a house's respondents are asked again in its next wave.

    Each respondent keeps a threshold and is in the share while the house's true share is above it.
    """
    shares = np.empty(len(true))
    for one in np.unique(house):
        rows = np.flatnonzero(house == one)
        members = round(size[rows].mean() / (scenario.deff * scenario.dispersion))
        thresholds = rng.random(members)
        replaced = round(members * (1.0 - scenario.overlap))
        for row in rows:
            shares[row] = (thresholds < true[row]).mean()
            thresholds = np.concatenate([thresholds[replaced:], rng.random(replaced)])
    return shares


def _observations(name: str, scenario: Scenario, waves: pd.DataFrame) -> pd.DataFrame:
    """The waves in the columns of the observations table."""
    start = FIRST_DAY + pd.to_timedelta(waves["start"], unit="D")
    end = FIRST_DAY + pd.to_timedelta(waves["end"], unit="D")
    if scenario.month_dates:
        start = end.dt.to_period("M").dt.start_time
        end = end.dt.to_period("M").dt.end_time.dt.normalize()
    n_effective = waves["n"] / scenario.deff
    share = waves["share"].clip(0.0, 1.0)
    inside = (share * n_effective + 0.5) / (n_effective + 1.0)
    share_se = np.sqrt(inside * (1.0 - inside) / n_effective)
    margin = 1.959964 * share_se / (inside * (1.0 - inside))
    centre = np.log(inside / (1.0 - inside))
    return pd.DataFrame(
        {
            "survey": f"simulated {name}",
            "indicator": "simulated",
            "variant": "only",
            "house": [_house_name(house) for house in waves["house"]],
            "mode": np.where(waves["mode"] > 0, "online", "cati"),
            "domain": "all",
            "start": start,
            "end": end,
            "precision": "month" if scenario.month_dates else "day",
            "n": waves["n"].astype("Int64"),
            "n_effective": n_effective,
            "deff": scenario.deff,
            "deff_kind": "published",
            "share": share,
            "share_se": share_se,
            "share_low": expit(centre - margin),
            "share_high": expit(centre + margin),
            "df": np.inf,
            "origin": "topline",
            "source": "simulated",
            "flags": "",
            "range_low": np.nan,
            "range_high": np.nan,
            "rounding": scenario.rounding,
            "published": end,
            "certainty": "verbatim_primary",
            "left_out": "",
            "source_url": "",
            "note": "",
        }
    )
