"""A design as R's `survey` is told of it: the text of a `svydesign` or `svrepdesign` call, ready to be run.

Where more than one statement is needed (replicate weights, lonely PSUs) the last one is the design.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args

from groundswell.errors import InputError, nearest

Calibration = Literal["raking", "linear"]
"""How weights were calibrated, as R's `calfun` calls it."""

_NAME = re.compile(r"(?:[A-Za-z]|\.(?!\d))[A-Za-z0-9._]*")
_RESERVED = frozenset(
    (
        "if",
        "else",
        "repeat",
        "while",
        "function",
        "for",
        "next",
        "break",
        "in",
        "TRUE",
        "FALSE",
        "NULL",
        "Inf",
    )
).union(("NaN", "NA", "NA_integer_", "NA_real_", "NA_character_"))
_REPLICATES = "replicates"
_COUNT = f"ncol({_REPLICATES})"
_SCALES = {"JK1": f"({_COUNT} - 1) / {_COUNT}", "bootstrap": f"1 / ({_COUNT} - 1)"}
"""What R would guess, or not know, where no scale was given."""
_SCALE_OF_ITS_OWN = ("BRR", "Fay", "successive-difference")


def r_call(chosen: Mapping[str, Any], data: str, calibration: Calibration) -> str:
    """The call for the choices of a `Design`, by their names.

    Args:
        chosen: every attribute of the design.
        data: what the data frame is called in R.
        calibration: how calibrated weights were made, which the design does not say: "raking" (`rake`, and R calibrates
            to the same), or "linear" (`calibrate`'s default).

    Raises:
        InputError: `data` that is no name in R, or another calibration; weights that were trimmed since they were
            calibrated, which R knows no design for.
    """
    if not _NAME.fullmatch(data) or data in _RESERVED | {_REPLICATES}:
        raise InputError(f"`data=` is `{data}`: give the name of R's data frame, as `data` or `wave_12`")
    if calibration not in get_args(Calibration):
        raise InputError(f"`calibration=` is `{calibration}`: {nearest(calibration, get_args(Calibration))}")
    lines = []
    if chosen["df"] is not None:
        lines.append(f"# stated degrees of freedom, to be given where R takes `df`: {chosen['df']:g}")
    if chosen["replicates"]:
        return "\n".join([*lines, *_replicated(chosen, data)])
    if chosen["lonely_psu"] != "fail":
        lines.append(f'options(survey.lonely.psu = "{chosen["lonely_psu"]}")')
    if chosen["margins"] or chosen["auxiliaries"]:
        return "\n".join([*lines, _calibrated(chosen, data, calibration)])
    return "\n".join([*lines, _drawn(chosen, chosen["weights"], data)])


def _drawn(chosen: Mapping[str, Any], weights: str | None, data: str) -> str:
    units = chosen["psu"] or ((chosen["respondent"],) if chosen["respondent"] else ())
    parts = [f"id = {_formula(units)}"]
    parts += [f"{name} = {_formula(chosen[name])}" for name in ("strata", "fpc") if chosen[name]]
    if weights is not None:
        parts.insert(1, f"weights = {_formula([weights])}")
    return _call("svydesign", [*parts, *(["nest = TRUE"] if chosen["nest"] else []), f"data = {data}"])


def _calibrated(chosen: Mapping[str, Any], data: str, calibration: Calibration) -> str:
    """Calibrated again, to the totals that the weights have: R does not take weights as calibrated already."""
    if chosen["calibrated_weights"] is not None:
        raise InputError(
            "`calibrated_weights=` says that weights were trimmed since, and R has no call for that: ask for the call "
            "of the design without it"
        )
    terms = [
        f"factor({_name(margin)})"
        if isinstance(margin, str)
        else f"interaction({', '.join(map(_name, margin))}, drop = TRUE)"
        for margin in chosen["margins"]
    ]
    terms += map(_name, chosen["auxiliaries"])
    formula = "~" + " + ".join(terms) + ("" if chosen["margins"] else " - 1")
    totals = f"colSums(model.matrix({formula}, {data}) * {data}${_name(chosen['weights'])})"
    drawn = _drawn(chosen, chosen["base_weights"], data)
    how = (f'calfun = "{calibration}"', "epsilon = 1e-10")
    return _call("calibrate", [drawn, formula, f"population = {totals}", *how])


def _replicated(chosen: Mapping[str, Any], data: str) -> list[str]:
    kind, weights = chosen["replicate_kind"], chosen["weights"]
    parts = [f"weights = {_formula([weights])}", f"repweights = {_REPLICATES}", f'type = "{kind}"']
    if kind == "Fay":
        parts.append(f"rho = {chosen['fay_rho']!r}")
    if chosen["scale"] is not None and kind not in _SCALE_OF_ITS_OWN:
        parts.append(f"scale = {chosen['scale']!r}")
    elif kind in _SCALES:
        parts.append(f"scale = {_SCALES[kind]}")
    if chosen["rscales"]:
        parts.append(f"rscales = c({', '.join(map(repr, chosen['rscales']))})")
    elif kind == "JKn":
        factors = f"{_REPLICATES} / {data}${_name(weights)}" if chosen["combined"] else _REPLICATES
        parts.append(f"rscales = 1 / apply({factors}, 2, max, na.rm = TRUE)")
    parts += ["combined.weights = FALSE"] if not chosen["combined"] else []
    parts += ["mse = TRUE"] if chosen["mse"] else []
    named = f"{_REPLICATES} <- {data}[, {_columns(chosen['replicates'], weights, data)}]"
    return [named, _call("svrepdesign", [*parts, f"data = {data}"])]


def _columns(replicates: Iterable[str], weights: str, data: str) -> str:
    """The names of the replicates' columns; the column of weights is never one of them."""
    parts = []
    for name in replicates:
        if not set("*?[") & set(name):
            parts.append(_text(name))
            continue
        pattern = f"glob2rx({_text(name)})"
        if "[" in name:
            pattern = f"{_text(fnmatch.translate(name))}, perl = TRUE"
        parts.append(f"grep({pattern}, names({data}), value = TRUE)")
    return f"setdiff(c({', '.join(parts)}), {_text(weights)})"


def _call(function: str, parts: Iterable[str]) -> str:
    return f"{function}({', '.join(parts)})"


def _formula(columns: Iterable[str]) -> str:
    return "~" + (" + ".join(map(_name, columns)) or "1")


def _name(column: str) -> str:
    """A column as R reads it in a formula."""
    if _NAME.fullmatch(column) and column not in _RESERVED:
        return column
    return "`" + column.replace("\\", "\\\\").replace("`", "\\`") + "`"


def _text(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
