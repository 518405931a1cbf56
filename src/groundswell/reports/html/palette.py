"""The page's colours as CSS variables, from the same tokens as the figures': light, dark, and light ink on paper."""

from __future__ import annotations

from groundswell.reports.html.style import DARK, LIGHT


def palette_css() -> str:
    """Rules that set `--page`, `--ink`, `--level` … by the reader's colour scheme; paper is always light."""
    light, dark = (
        ";".join(f"--{token}:{colour}" for token, colour in each.items()) for each in (LIGHT, DARK)
    )
    paper = f"@media print{{:root{{{light};--page:#fff}}}}"
    return f":root{{color-scheme:light dark;{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}{paper}"
