"""The domains of one variable as the model sees them: a figure a domain and wave, on the logit scale.

Rows flagged as resting on a small base are used, which no trend of its own could bear: to be pooled is what they are
for. Hidden ones have no figures, and are missing here as everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from groundswell.arrays import Flags, Floats
from groundswell.errors import InputError, ModelError, nearest
from groundswell.trends.domains.departures import Figures
from groundswell.trends.model.logit import logit, logit_variance, sampling_variance
from groundswell.trends.model.measurement import Waves, measure
from groundswell.trends.model.shared_errors import stated_correlation
from groundswell.vocabulary import SMALL_BASE, domain_key, domain_parts

Places = NDArray[np.intp]
WAVE: Final = ("house", "variant", "mode", "opened", "closed")
"""What tells the waves of one indicator apart."""
_LABEL: Final = "label"


@dataclass(frozen=True)
class DomainWaves:
    """Figures by domain and wave; arrays have the shape (domains, waves), waves in time order, domains by name.

    `rounding` is a variance in squared shares. `unseen` are domains of the newest wave that never had a figure,
    `elsewhere` those that the newest wave does not have (other bands of age, say): neither is followed. `n` is the
    number of respondents, NaN where it is not known.
    """

    domains: tuple[str, ...]
    day: Floats
    share: Floats
    n: Floats
    n_effective: Floats
    rounding: Floats
    seen: Flags
    correlation: Floats | None
    unseen: tuple[str, ...]
    elsewhere: tuple[str, ...]

    def figures(self, share: Floats) -> Figures:
        """The figures on the logit scale about `share` (domains, waves), with the sampling variances that belong to it.

        A logit of a small sample is biased, and at 0 and 1 there is none: each figure is taken along the tangent at
        about what it is expected to be, as iteratively reweighted least squares does.
        """
        return Figures(
            self.day,
            np.where(self.seen, logit(share) + (self.share - share) * logit_variance(1.0, share) ** 0.5, 0.0),
            np.where(self.seen, sampling_variance(share, self.n_effective), 1.0),
            logit_variance(self.rounding, share),
            self.seen,
            self.correlation,
        )


def domain_waves(
    rows: pd.DataFrame, by: str, whole: Waves, covariance: Mapping[str, pd.DataFrame]
) -> DomainWaves:
    """Read the rows of one variable's domains.

    Args:
        rows: of one indicator in the observations table, all domains.
        by: the variable, as `sex` of `sex: women`.
        whole: everyone's waves; rolling windows that share respondents with an earlier one are left out.
        covariance: by domain, of the sampling errors of waves that share respondents or sampling units.

    Raises: InputError where no domain is of this variable, or a domain has two rows in one wave; ModelError where
        fewer than two domains have figures.
    """
    mine, elsewhere = _newest_set(_of_variable(rows, by))
    used = mine[mine["share"].notna() & mine["left_out"].isin(["", SMALL_BASE])]
    if used["domain"].nunique() < 2:
        some = ", ".join(f"`{name}`" for name in used["domain"].unique()) or "none"
        raise ModelError(f"domains are held against each other: two of `{by}` need figures, {some} has any")
    own: dict[str, Any] = {
        "left_out": "",
        "overlap": "separate",
        "domain": "",
        "key": used["domain"],
        _LABEL: used.index,
    }
    waves = measure(used.assign(**own))
    kept = ~_shared(waves, whole)
    if not kept.any():
        raise ModelError(f"no wave of `{by}` is without respondents of an earlier rolling window")
    table, n = waves.table, _respondents(waves.table)
    domains = tuple(sorted(table.loc[kept, "key"].unique()))
    place = table["key"].map({name: row for row, name in enumerate(domains)}).to_numpy()[kept].astype(np.intp)
    wave = np.unique(_numbered(waves)[kept], return_inverse=True)[1].astype(np.intp)
    _check_once(table[kept], place, wave)
    shape = (len(domains), int(wave.max()) + 1)

    def laid_out(values: Floats, empty: float) -> Floats:
        laid = np.full(shape, empty)
        laid[place, wave] = values[kept]
        return laid

    return DomainWaves(
        domains=domains,
        day=np.nanmax(laid_out(waves.midpoint, np.nan), axis=0),
        share=laid_out(waves.share, 0.5),
        n=laid_out(n, np.nan),
        n_effective=laid_out(_steadied(waves, n), 1.0),
        rounding=laid_out(waves.rounding_variance, 0.0),
        seen=laid_out(np.ones(len(table)), 0.0) > 0.0,
        correlation=_correlation(table[kept], domains, place, wave, covariance),
        unseen=tuple(sorted(set(mine["domain"]) - set(domains))),
        elsewhere=elsewhere,
    )


def _respondents(table: pd.DataFrame) -> Floats:
    """The n of each row, NaN where it is not known."""
    if "n" not in table:
        return np.full(len(table), np.nan)
    return pd.to_numeric(table["n"]).to_numpy(np.float64, na_value=np.nan)


def variables(rows: pd.DataFrame) -> list[str]:
    """The variables that make the domains of some rows."""
    return sorted({domain_parts(name)[0] for name in rows["domain"].dropna().astype(str).unique()} - {""})


def _of_variable(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """The rows of one variable's domains, those without figures included, in an order of their own."""
    table = rows.assign(left_out=rows["left_out"].fillna("") if "left_out" in rows else "")
    mine = table[table["domain"].astype(str).str.startswith(domain_key(by, ""))]
    if mine.empty:
        known = variables(rows)
        way_out = nearest(by, known) if known else "no wave has any: they come from waves of respondents"
        raise InputError(f"`by=`: no domain is of the variable `{by}`; {way_out}")
    order = [name for name in ("end", "house", "variant", "mode", "start", "domain", "share") if name in mine]
    return mine.sort_values(order, kind="stable")


def _newest_set(mine: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The rows of the domains that the newest wave has, and the names of the others."""
    names = [name for name in ("house", "variant", "mode", "start", "end") if name in mine]
    newest = mine[names].eq(mine[names].iloc[-1]) | mine[names].isna()
    current = set(mine.loc[newest.all(axis=1), "domain"])
    return mine[mine["domain"].isin(current)], tuple(sorted(set(mine["domain"]) - current))


def _numbered(waves: Waves) -> Places:
    """The number of each row's wave, in time order."""
    told = pd.DataFrame({"opened": waves.opened, "closed": waves.closed, "combination": waves.combination})
    return np.asarray(told.groupby(list(told), sort=False).ngroup(), dtype=np.intp)


def _shared(waves: Waves, whole: Waves) -> Flags:
    """Which rows are of rolling windows that share respondents with an earlier one."""
    unread = set(_told(whole)[~whole.apart])
    return np.asarray(_told(waves).isin(unread))


def _told(waves: Waves) -> pd.Index:
    """What tells each row's wave apart."""
    names = waves.table[list(WAVE[:3])].assign(opened=waves.opened, closed=waves.closed)
    return pd.Index(names.itertuples(index=False, name=None), tupleize_cols=False)


def _check_once(table: pd.DataFrame, place: Places, wave: Places) -> None:
    """Every domain has one row in a wave."""
    twice = pd.DataFrame({"place": place, "wave": wave}).duplicated().to_numpy()
    if twice.any():
        row = table[twice].iloc[0]
        raise InputError(
            f"`{row['key']}` has two rows in the wave of `{row['house']}` that ended {row['end']:%Y-%m-%d}: keep one"
        )


def _steadied(waves: Waves, n: Floats) -> Floats:
    """Effective n with each domain's design effects averaged over its waves in one combination.

    A design effect that is estimated from a few sampling units scatters by itself, and a figure that looks precise by
    chance would count for too much. Source: Wolter 2007, Introduction to Variance Estimation, chapter 7.
    """
    told = pd.DataFrame({"key": waves.table["key"], "combination": waves.combination})
    deff = told.assign(deff=n / waves.n_effective).groupby(["key", "combination"])["deff"].transform("mean")
    return np.where(deff.notna(), n / deff.to_numpy(np.float64), waves.n_effective)


def _correlation(
    table: pd.DataFrame,
    domains: tuple[str, ...],
    place: Places,
    wave: Places,
    covariance: Mapping[str, pd.DataFrame],
) -> Floats | None:
    """The correlation of each domain's sampling errors, shape (domains, waves, waves); None where none is stated."""
    if not any(name in covariance for name in domains):
        return None
    size = int(wave.max()) + 1
    found = np.tile(np.eye(size), (len(domains), 1, 1))
    labelled = table.set_index(_LABEL)
    for row, name in enumerate(domains):
        if name in covariance:
            own = place == row
            found[row][np.ix_(wave[own], wave[own])] = stated_correlation(labelled[own], covariance[name])[0]
    return found
