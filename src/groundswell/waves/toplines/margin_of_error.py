"""What a published margin of error says about how much a wave is worth.

Two margins are easily confused (docs/decisions/0003-margins.md):

- *share's own*: the half width of the 95% interval around this share. "30.8% (30.0–31.7)" has one of 0.0085.
- *maximum*: what a house states once for the whole survey, "error at most ±3.6 points": that of a share of
  one half.

The same 0.036 at a share of 15% means 378 effective respondents if it is the share's own, 741 if it is the
maximum.

>>> round(effective_n(0.036, share=0.15, moe_is="share")), round(effective_n(0.036, share=0.15, moe_is="maximum"))
(378, 741)
"""

from __future__ import annotations

from typing import Final, Literal

Z95: Final = 1.959963984540054
MoeIs = Literal["share", "maximum"]


def effective_n(moe: float, *, share: float, moe_is: MoeIs, sd: float | None = None) -> float | None:
    """The n of a simple random sample whose 95% margin would be `moe`; None where a share of 0 or 1 has none.

    `moe` is a half width in share units, above 0. With `sd`, the standard deviation between people, it is that of a
    mean, which is always the mean's own. Source: Kish 1965, section 8.2: the variance of a
    proportion is deff · p(1−p)/n, hence n/deff = p(1−p) (1.96/moe)²."""
    if sd is not None:
        return (sd * Z95 / moe) ** 2
    variance = 0.25 if moe_is == "maximum" else share * (1 - share)
    return variance * (Z95 / moe) ** 2 if variance > 0 else None
