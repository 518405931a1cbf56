"""A bridge: what is known of the distance between an old wording and a new one, besides the waves themselves."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from groundswell.waves.surveys.fields import Day, Deff, Key, Label, Record, Text, Url

Part = Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]
Respondents = Annotated[int, Field(ge=1)]
Kind = Literal["parallel_run", "split_ballot", "equating", "judgement"]


class Bridge(Record):
    """The shares that one public gave in an old variant and in a new one, with their n or their difference's error.

    `kind` says where it is from: a `parallel_run` of both, a `split_ballot` (halves of one sample), an `equating` (the
    same respondents answered both) or a `judgement` (somebody's prior). It is used from `date` on. `old_mode` and
    `new_mode` are needed only where a variant was asked in several modes: else the old one is the one asked last, the
    new one the one asked first. `se` is in share units, of `new_share` less `old_share`; `deff` is of both shares.

    Example: a split ballot that says by how much a new wording reads higher.
        >>> from datetime import date
        >>> from groundswell.waves import Bridge
        >>> ballot = Bridge(old="a", new="b", kind="split_ballot", date=date(2023, 2, 1),
        ...                 old_share=0.40, new_share=0.50, old_n=1000, new_n=1000, source="The house's report")
        >>> days = pd.to_datetime(["2022-03-01", "2022-09-01", "2023-03-01", "2023-07-01"])
        >>> waves = pd.DataFrame({"house": "fom", "variant": ["a", "a", "b", "b"], "end": days,
        ...                       "share": [0.38, 0.40, 0.50, 0.51], "n_effective": 1000})
        >>> gs.fit_trend(waves, bridges=[ballot]).change("2022-03-01", "2023-07-01").round(2)["estimate"].item()
        0.02
    """

    old: Key
    new: Key
    kind: Kind
    date: Day
    old_share: Part
    new_share: Part
    source: Text
    source_url: Url | None = None
    indicator: Key | None = None
    old_mode: Label | None = None
    new_mode: Label | None = None
    old_n: Respondents | None = None
    new_n: Respondents | None = None
    deff: Deff | None = None
    se: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _one_error(self) -> Bridge:
        counted = (self.old_n is not None, self.new_n is not None)
        if (self.se is not None) == all(counted) or (self.se is not None and any(counted)):
            raise PydanticCustomError(
                "bridge_error",
                "needs its error, in one way: `old_n` and `new_n`, or `se`, the standard error of the difference of "
                "the two shares",
            )
        if self.se is None and self.kind in ("equating", "judgement"):
            raise PydanticCustomError(
                "bridge_error",
                "of kind `{kind}` needs `se`, the standard error of the difference of the two shares: two n say it "
                "only of two samples",
                {"kind": self.kind},
            )
        if self.se is not None and self.deff is not None:
            raise PydanticCustomError(
                "bridge_deff", "`deff` belongs to `old_n` and `new_n`: delete it, or `se`"
            )
        if (self.old, self.old_mode) == (self.new, self.new_mode):
            raise PydanticCustomError("bridge_ends", "must join two variants, or two modes of one")
        return self
