"""How respondents were drawn: the columns that hold weights, strata, sampling units and replicate weights.

A `Design` names columns and holds no respondents, so that one description serves every wave:

>>> Design(weights="pw", strata="stype", psu=("dnum", "snum"), fpc=("fpc1", "fpc2")).stages
2

Three ideas that are easily confused:
- a *domain* is a set of respondents (women, one wave): it never changes the design, and sampling units
  without a respondent in the domain still count as units with a total of zero;
- a *zero weight* takes a respondent out of every estimate and out of n, yet keeps the sampling unit in the
  design;
- a *lonely PSU* is a stratum whose sample holds one unit only, so that its variance cannot be estimated.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, get_args

from groundswell.errors import InputError, nearest
from groundswell.estimates.design.r_call import Calibration, r_call
from groundswell.vocabulary import LonelyPsu, ReplicateKind

Margin = str | tuple[str, ...]
Columns = str | Iterable[str] | None
"""Columns as they may be given: one by its name, several as a list or tuple, none."""

_SINGLE_COLUMNS = ("weights", "base_weights", "calibrated_weights", "respondent")
_COLUMN_LISTS = ("strata", "psu", "fpc", "replicates", "auxiliaries")


@dataclass(frozen=True, kw_only=True, repr=False)
class Design:
    """The columns that say how respondents were drawn, and the choices that their variance needs.

    Attributes:
        weights: column of weights. None: the inverse of the sampling fractions in `fpc`, or 1 without them.
        strata: columns of strata, one a stage (a single name may be given as a string).
        psu: columns of sampling units, outermost stage first; empty: every respondent is a unit.
        fpc: population sizes (all at least 1) or sampling fractions (all at most 1), one column a stage.
            Stages beyond the one after the last `fpc` column add nothing to the variance (ultimate clusters).
        nest: unit labels start again in each stratum, so that the same label in two strata is two units.
        lonely_psu: what a stratum with one unit does: "fail"; "certainty" and "remove" (adds nothing);
            "adjust" (its distance from the mean of all units; also called "centre"); "average" (adds the mean
            of the other strata).
        respondent: column that names a person across waves; where no `psu` is given the person is the unit.
        replicates: columns of replicate weights, instead of strata and units; "rep_*" names all that match.
        replicate_kind: how the replicates were made; it sets `scale` and `rscales` where they are not given.
        fay_rho: Fay's coefficient, in [0, 1); needed with "Fay".
        scale, rscales: overall and per-replicate multipliers of the squared distances.
        mse: distances from the full-sample estimate (True) or from the replicates' mean (False).
        combined: replicate columns are whole weights (True) or factors of `weights` (False).
        margins: columns (or tuples of columns) to whose totals `weights` were calibrated; who has no category was
            calibrated at the others (`without_category` of `rake`).
        auxiliaries: number columns to whose totals `weights` were calibrated; without `margins`, name a column of ones
            among them if the number of people was held too.
        base_weights: the weights before calibration; needed with `margins` or `auxiliaries`.
        calibrated_weights: the weights just after calibration, where `weights` were trimmed since.
        df: degrees of freedom that the publisher states, in place of those that the design tells.

    Raises:
        InputError: a choice that does not exist or contradicts another.

    Example:
        >>> design = gs.Design(weights="w", strata="region", psu=["district", "school"])
        >>> design
        Design(weights='w', strata=('region',), psu=('district', 'school'))
        >>> design.stages
        2
    """

    weights: str | None = None
    strata: tuple[str, ...] = ()
    psu: tuple[str, ...] = ()
    fpc: tuple[str, ...] = ()
    nest: bool = False
    lonely_psu: LonelyPsu = "fail"
    respondent: str | None = None
    replicates: tuple[str, ...] = ()
    replicate_kind: ReplicateKind | None = None
    fay_rho: float | None = None
    scale: float | None = None
    rscales: tuple[float, ...] = ()
    mse: bool = False
    combined: bool = True
    margins: tuple[Margin, ...] = ()
    auxiliaries: tuple[str, ...] = ()
    base_weights: str | None = None
    calibrated_weights: str | None = None
    df: float | None = None

    if TYPE_CHECKING:  # what may be given is wider than what is kept: a single column as a string

        def __init__(
            self,
            *,
            weights: str | None = None,
            strata: Columns = (),
            psu: Columns = (),
            fpc: Columns = (),
            nest: bool = False,
            lonely_psu: LonelyPsu = "fail",
            respondent: str | None = None,
            replicates: Columns = (),
            replicate_kind: ReplicateKind | None = None,
            fay_rho: float | None = None,
            scale: float | None = None,
            rscales: Iterable[float] = (),
            mse: bool = False,
            combined: bool = True,
            margins: str | Iterable[Margin] = (),
            auxiliaries: Columns = (),
            base_weights: str | None = None,
            calibrated_weights: str | None = None,
            df: float | None = None,
        ) -> None: ...

    def __repr__(self) -> str:
        """What was chosen; what stands at its default is left out."""
        chosen = ((field.name, getattr(self, field.name), field.default) for field in fields(self))
        shown = ", ".join(f"{name}={value!r}" for name, value, default in chosen if value != default)
        return f"Design({shown})"

    def __post_init__(self) -> None:
        for name in _COLUMN_LISTS:
            object.__setattr__(self, name, _as_tuple(getattr(self, name)))
        margins = (self.margins,) if isinstance(self.margins, str) else tuple(self.margins)
        object.__setattr__(self, "margins", margins)
        object.__setattr__(self, "rscales", tuple(float(scale) for scale in self.rscales))
        if self.lonely_psu == "centre":
            object.__setattr__(self, "lonely_psu", "adjust")
        self._check_choices()
        self._check_stages()
        if self.replicates or self.replicate_kind is not None:
            self._check_replicates()

    @property
    def stages(self) -> int:
        """Number of sampling stages, at least 1."""
        return max(1, len(self.psu))

    @property
    def unit_columns(self) -> tuple[str, ...]:
        """Columns that tell sampling units apart: strata, units and population sizes."""
        person = (self.respondent,) if self.respondent and not self.psu else ()
        return tuple(dict.fromkeys((*self.strata, *self.psu, *person, *self.fpc)))

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the design names, each once."""
        margins = (
            name for margin in self.margins for name in ((margin,) if isinstance(margin, str) else margin)
        )
        single = (getattr(self, name) for name in _SINGLE_COLUMNS if getattr(self, name))
        return tuple(
            dict.fromkeys((*single, *self.unit_columns, *self.replicates, *margins, *self.auxiliaries))
        )

    @property
    def calibrated(self) -> bool:
        """Whether the weights are stated to be calibrated, so that the variance is that of residuals."""
        return bool(self.margins or self.auxiliaries)

    def over(self, columns: Iterable[str]) -> Design:
        """The design with the wildcards of `replicates` spelt out as a table's columns.

        The column of weights is never one of them, though `PWGTP*` would match `PWGTP`.

        Raises:
            InputError: a pattern that names no column, or too few for a variance.
        """
        if not self.replicates:
            return self
        names = [name for name in columns if name != self.weights]
        known = set(names)
        spelt = [(part,) if part in known else replicate_columns(part, names) for part in self.replicates]
        return replace(self, replicates=tuple(dict.fromkeys(name for part in spelt for name in part)))

    def r_call(self, data: str = "data", *, calibration: Calibration = "raking") -> str:
        """The same in R's `survey`, as text: `svydesign(id = ~1, weights = ~w, data = data)` (see `r_call.py`)."""
        return r_call({field.name: getattr(self, field.name) for field in fields(self)}, data, calibration)

    def _check_choices(self) -> None:
        if self.lonely_psu not in get_args(LonelyPsu):
            raise InputError(
                f"`lonely_psu=` is `{self.lonely_psu}`: {nearest(self.lonely_psu, get_args(LonelyPsu))}"
            )
        if self.calibrated and not self.base_weights:
            raise InputError(
                "`base_weights=` is missing: calibrated weights need the column of the weights before it"
            )
        if (self.base_weights or self.calibrated_weights) and not self.calibrated:
            raise InputError(
                "`base_weights=` is given without `margins=` or `auxiliaries=`: name what was calibrated to"
            )
        if self.df is not None and not self.df > 0:
            raise InputError(f"`df=` is `{self.df:g}`: degrees of freedom are above 0")
        if self.calibrated and not self.weights:
            raise InputError("`weights=` is missing: name the column of calibrated weights")

    def _check_stages(self) -> None:
        for name in ("strata", "fpc"):
            given = len(getattr(self, name))
            if given > self.stages:
                raise InputError(
                    f"`{name}=` has {given} columns for {self.stages} sampling stages in `psu=`: one column a "
                    "stage at most"
                )

    def _check_replicates(self) -> None:
        if self.strata or self.psu or self.fpc:
            raise InputError(
                "`replicates=` with `strata=`, `psu=` or `fpc=`: replicate weights already hold the design"
            )
        if not self.replicates or self.replicate_kind is None:
            raise InputError("`replicates=` and `replicate_kind=` belong together: give both")
        if self.replicate_kind not in get_args(ReplicateKind):
            known = nearest(self.replicate_kind, get_args(ReplicateKind))
            raise InputError(f"`replicate_kind=` is `{self.replicate_kind}`: {known}")
        patterns = any(set("*?[") & set(name) for name in self.replicates)
        if len(self.replicates) < 2 and not patterns:
            raise InputError(f"`replicates=` has {len(self.replicates)} column: a variance needs two or more")
        if self.weights is None or self.calibrated:
            raise InputError(
                "replicate weights need `weights=`, and hold the calibration themselves: leave `margins=` out"
            )
        if self.replicate_kind == "Fay" and not (self.fay_rho is not None and 0 <= self.fay_rho < 1):
            got = "missing" if self.fay_rho is None else f"`{self.fay_rho:g}`"
            raise InputError(f"`fay_rho=` is {got}: Fay's method needs a coefficient in [0, 1)")
        if self.rscales and len(self.rscales) != len(self.replicates) and not patterns:
            raise InputError(
                f"`rscales=` has {len(self.rscales)} numbers for {len(self.replicates)} replicates"
            )


def replicate_columns(pattern: str, columns: Iterable[str]) -> tuple[str, ...]:
    """Columns named by a list with wildcards ("rep_*" or "w1,w2"), in the table's order within a part.

    Raises:
        InputError: a part that names no column.
    """
    names = list(columns)
    named: list[str] = []
    for part in (piece.strip() for piece in pattern.split(",")):
        matched = [name for name in names if fnmatch.fnmatchcase(name, part)]
        if not matched:
            raise InputError(f"`{part}` names no column of replicate weights: {nearest(part, names)}")
        named += matched
    return tuple(dict.fromkeys(named))


UNIT_PARTS = ("strata", "psu", "fpc", "respondent")


def check_columns(design: Design, columns: Iterable[str], parts: Iterable[str] | None = None) -> None:
    """Check that a table has every column that the design names, or those of some `parts` of it.

    Raises:
        InputError: names the design's part and the nearest column.
    """
    known = list(map(str, columns))
    present = set(known)
    for part in parts or (*_SINGLE_COLUMNS, *_COLUMN_LISTS, "margins"):
        value = getattr(design, part)
        names = [value] if part in _SINGLE_COLUMNS and value else []
        if part in _COLUMN_LISTS:
            names = list(value)
        if part == "margins":
            names = [name for margin in value for name in ((margin,) if isinstance(margin, str) else margin)]
        for name in names:
            if name not in present:
                raise column_fault(name, known, named_by=part)


def check_column(name: str, columns: Collection[object], *, named_by: str = "") -> None:
    """Hold a name against a table's columns; `named_by` is the argument that gave it.

    Raises:
        InputError: no such column, with the nearest.
    """
    if name not in columns:
        raise column_fault(name, columns, named_by=named_by)


def column_fault(name: str, columns: Iterable[object], *, named_by: str = "") -> InputError:
    """What is said of a name that is not a column's."""
    what = f"`{named_by}=` names `{name}`, which is not a column" if named_by else f"`{name}` is not a column"
    return InputError(f"{what}: {nearest(name, map(str, columns))}")


def _as_tuple(value: Columns) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)
