"""What `groundswell check` says of a sound survey folder."""

from __future__ import annotations

import pandas as pd


def sound_text(name: str, disclosure: pd.DataFrame) -> str:
    """How many disclosure items the folder states in full, and what is missing from each other one, a line each."""
    missing = disclosure[~disclosure["present"]]
    first = f"{name}: sound; {len(disclosure) - len(missing)} of {len(disclosure)} disclosure items stated"
    return "\n".join(
        [first, *(f"  missing: {row['title']}: {row['missing']}" for _, row in missing.iterrows())]
    )
