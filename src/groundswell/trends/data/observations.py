"""The one observations table: published shares and estimates from respondents, one row a wave × indicator ×
domain.

A row is never dropped in silence: what is shown but not fitted says why in `left_out`, in the codes of the module
`left_out_codes`. Rows that were not published by the as-of date, or whose fieldwork ended before `since`, are not in
the table at all.

The rule by which rows are left out of the fit: the variant says `fit = false`; the fieldwork is dated only to
a year; a category of the numerator was not published; the certainty is not among those asked for; no
effective n can be known; or the wave's respondents are here and give a better estimate."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_args

import pandas as pd

from groundswell.dates import parse_date
from groundswell.errors import InputError, nearest
from groundswell.trends.data.left_out_codes import (
    CERTAINTY,
    DATED_TO_YEAR,
    RESPONDENTS,
    VARIANT,
    Reason,
    reasons_text,
)
from groundswell.trends.data.scales import with_scales
from groundswell.trends.data.unknown_n import UNKNOWN_N, UnknownN, published_shares
from groundswell.waves import CERTAINTIES, Survey
from groundswell.waves.toplines.summed_answers import known_on, topline_waves
from groundswell.waves.toplines.table import read_toplines
from groundswell.waves.wave.choice import check_known_days, known_from
from groundswell.waves.wave.waves_of_survey import load_waves

if TYPE_CHECKING:
    from groundswell.estimates.of_wave.kept import KeptEstimates

TYPES: Final = {
    "survey": "str", "indicator": "str", "variant": "str", "house": "str", "mode": "str", "domain": "str",
    "start": "datetime64[ns]", "end": "datetime64[ns]", "precision": "str", "n": "Int64",
    "n_effective": "float64", "deff": "float64", "deff_kind": "str", "share": "float64",
    "share_se": "float64",
    "share_low": "float64", "share_high": "float64", "df": "float64", "origin": "str", "source": "str",
    "flags": "str", "range_low": "float64", "range_high": "float64", "rounding": "float64",
    "published": "datetime64[ns]", "certainty": "str", "left_out": "str", "source_url": "str",
    "note": "str", "scale_low": "float64", "scale_high": "float64", "overlap": "str",
}  # fmt: skip
"""The columns of the observations table, in order, with their types."""
ROUGHEST: Final = "year"


class SurveyWaves(NamedTuple):
    """A survey's rows of the observations table, and what they were made of.

    Attributes:
        rows: as `observations` gives them.
        covariance: of rows that share respondents or sampling units, by (indicator, domain); waves that it lacks have
            independent errors.
        kept: what is kept of each wave of respondents that was known on the as-of date, oldest first; nothing where
            the estimates were given.
    """

    rows: pd.DataFrame
    covariance: Mapping[tuple[str, str], pd.DataFrame]
    kept: Sequence[KeptEstimates]


def observations(
    survey: Survey,
    *,
    as_of: date | str | None = None,
    indicator: str | None = None,
    since: date | str | None = None,
    certainty: Collection[str] | None = None,
    unknown_n: UnknownN = UNKNOWN_N,
    estimates: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The waves that were known on `as_of`, published shares and respondents' estimates alike.

    Args: survey: the survey, from `load_survey`. as_of: only what was published by this date; where the
    publication date is unknown, what was asked by then. indicator: only this one. since: only waves whose
    fieldwork ended on or after this date. certainty: the kinds of certainty to fit (docs/formats.md); rows of
    others stay, left out. unknown_n: where n is not published, the house's `typical` n (flagged), or
    `leave_out` the wave. estimates: rows estimated from respondents, in the columns of this table (missing
    ones are filled); by default those of the survey's own waves.

    Returns a table with the columns of `TYPES`, sorted by indicator, domain and time. `share_se` is the sampling
    standard error, the design effect included; `share_low, share_high` the 95% sampling interval on the logit scale;
    of a mean Student's t, or the normal one where it was published; `scale_low, scale_high` the ends of a mean's answer
    scale, empty for a share: the mean stands in the columns of shares by its place between them (`on_scale` gives the
    scale's own numbers); `df` infinite where the variance is published rather than estimated; `overlap` what the survey
    states of waves of the house that overlap; `flags` the words of `trends.data.unknown_n.FLAGS`, joined by `;`.

    Raises: FaultsError if the survey's files are not sound, InputError for an unknown indicator, certainty,
    `unknown_n`, something that is not a date, or an `as_of` before the survey's first wave was known.

    Example:
        >>> survey = gs.load_survey("surveys/ukraine-outlook")
        >>> waves = gs.observations(survey, as_of="2023-12-31", indicator="planning")
        >>> waves[["end", "house", "share"]]
                 end   house  share
        0 2021-11-30  rating   0.23
        1 2022-11-27  rating   0.19
        2 2023-11-23  rating   0.12
    """
    read = survey_waves(
        survey,
        as_of=as_of,
        indicator=indicator,
        certainty=certainty,
        unknown_n=unknown_n,
        estimates=estimates,
    )
    if since is None:
        return read.rows
    return read.rows[read.rows["end"] >= read_day(since, "since")].reset_index(drop=True)


def survey_waves(
    survey: Survey,
    *,
    as_of: date | str | None = None,
    indicator: str | None = None,
    certainty: Collection[str] | None = None,
    unknown_n: UnknownN = UNKNOWN_N,
    estimates: pd.DataFrame | None = None,
    keep: bool = False,
) -> SurveyWaves:
    """The rows of `observations`, and of the survey's own respondents' estimates the covariance and what is kept.

    `keep` writes estimates that had to be made next to their waves, so that the next call is quick.

    Raises: as `observations`.
    """
    _check(survey, indicator, certainty, unknown_n)
    until = None if as_of is None else read_day(as_of, "as_of")
    covariance: Mapping[tuple[str, str], pd.DataFrame] = {}
    kept: Sequence[KeptEstimates] = ()
    waves = load_waves(survey) if estimates is None else []
    if waves:
        # Only a survey with respondents pays for the libraries that read them.
        from groundswell.estimates.of_wave.observations import microdata_observations

        estimates, covariance, kept = microdata_observations(survey, waves, keep=keep)
    toplines = read_toplines(survey)
    printed_on = known_on(toplines)
    printed = topline_waves(survey, toplines[_known_by(printed_on, until)])
    published = published_shares(survey, printed, unknown_n)
    respondents = _typed(pd.DataFrame())
    if estimates is not None and len(estimates):
        respondents = _typed(estimates.assign(survey=survey.name, origin="microdata"))
    estimated_on = respondents["published"].fillna(respondents["end"])
    table = _merged(_typed(published), respondents[_known_by(estimated_on, until)])
    table = with_scales(survey, _leave_out(survey, table, certainty))
    stated = {key: house.overlap or "" for key, house in survey.houses.items()}
    table["overlap"] = table["house"].map(stated).astype("str")
    if until is not None and table.empty:
        days = [*printed_on.dropna(), *estimated_on.dropna()]
        check_known_days(survey, [day.date() for day in days], until.date())
    if indicator is not None:
        table = table[table["indicator"] == indicator]
    ranks = {"rank": table["indicator"].map(list(survey.indicators).index), "part": table["domain"] != "all"}
    order = table.assign(**ranks).sort_values([*ranks, "domain", "end", "start", "house", "variant", "mode"])
    known = [each for each in kept if until is None or known_from(each.wave) <= until.date()]
    return SurveyWaves(table.loc[order.index].reset_index(drop=True), covariance, known)


def _check(survey: Survey, indicator: str | None, certainty: Collection[str] | None, unknown_n: str) -> None:
    if not isinstance(survey, Survey):
        raise InputError(
            f"`survey=` is a {type(survey).__name__}: give what `load_survey` reads from a folder"
        )
    if indicator is not None and indicator not in survey.indicators:
        raise InputError(
            f"`{survey.name}` has no indicator `{indicator}`; {nearest(indicator, survey.indicators)}"
        )
    if isinstance(certainty, str):
        raise InputError(
            f"`certainty=` is a list of words, got the text `{certainty}`: write [`{certainty}`]"
        )
    for word in certainty or ():
        if word not in CERTAINTIES:
            raise InputError(f"`certainty=`: `{word}` is not known; {nearest(word, CERTAINTIES)}")
    if unknown_n not in get_args(UnknownN):
        raise InputError(f"`unknown_n=` must be `typical` or `leave_out`, got `{unknown_n}`")


def read_day(day: object, name: str) -> pd.Timestamp:
    """The midnight at which the date that the argument `name` was given begins.

    Raises: InputError as `parse_date`.
    """
    return pd.Timestamp(parse_date(day, name))


def _known_by(known_on: pd.Series[Any], as_of: pd.Timestamp | None) -> pd.Series[bool]:
    """Which rows a report of that date could have held."""
    return known_on.notna() if as_of is None else known_on <= as_of


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    """The table with every column of the observations table, in order and of its type."""
    blanks: dict[str, Any] = dict.fromkeys((column for column, kind in TYPES.items() if kind == "str"), "")
    blanks |= {"domain": "all", "precision": "day", "rounding": 0.0, "certainty": "computed_from_microdata"}
    return table.reindex(columns=list(TYPES)).astype(object).fillna(blanks).astype(TYPES)


def _merged(toplines: pd.DataFrame, respondents: pd.DataFrame) -> pd.DataFrame:
    """Both, the published share of a wave left out where the wave's respondents are here."""
    for row in respondents[respondents["domain"] == "all"].itertuples():
        same = (toplines[["indicator", "variant", "house"]] == [row.indicator, row.variant, row.house]).all(
            axis=1
        )
        overlap = (toplines["start"] <= row.end) & (toplines["end"] >= row.start)
        toplines.loc[same & overlap, "left_out"] = RESPONDENTS
    return pd.concat([toplines, respondents], ignore_index=True)


def _leave_out(survey: Survey, table: pd.DataFrame, certainty: Collection[str] | None) -> pd.DataFrame:
    """The reasons that hold for rows of either origin, before those that a row has already."""

    def reasons(row: Any) -> str:
        variant = survey.indicators[row.indicator].variants[row.variant]
        reasons = [] if variant.fit else [Reason(VARIANT)]
        if row.precision == ROUGHEST:
            reasons.append(Reason(DATED_TO_YEAR))
        if certainty is not None and row.certainty not in certainty:
            reasons.append(Reason(CERTAINTY))
        return ";".join(filter(None, (reasons_text(reasons), row.left_out)))

    return table.assign(left_out=pd.Series(map(reasons, table.itertuples()), index=table.index, dtype="str"))
