"""How a run shows how far it is: a bar on a terminal, plain lines in a pipe, nothing when quiet."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Literal, Self

from tqdm import tqdm

Show = Literal["bar", "lines", "nothing"]


class Progress:
    """The progress of one report, on standard error; standard output is left for the result."""

    def __init__(self, title: str, show: Show) -> None:
        self._title = title
        self._show = show
        self._bar: tqdm[None] | None = None

    def __enter__(self) -> Self:
        """Start."""
        if self._show == "bar":
            layout = "{desc} {percentage:3.0f}%|{bar:24}| {elapsed}"
            self._bar = tqdm(desc=self._title, total=100, bar_format=layout, file=sys.stderr, leave=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()

    def stage(self, name: str, percent: int) -> None:
        """The report has come to the stage `name`, `percent` of the way."""
        if self._bar is not None:
            self._bar.set_description_str(f"{self._title}: {name}", refresh=False)
            self._bar.update(percent - self._bar.n)
            self._bar.refresh()
        elif self._show == "lines":
            print(f"{self._title}: {name}", file=sys.stderr, flush=True)  # noqa: T201 - the line is the product

    def cell(self, number: int, of: int) -> None:
        """The notebook has come to cell `number`; shown on a bar only."""
        if self._bar is not None:
            self.stage(f"notebook, cell {number} of {of}", 10 + 80 * number // of)

    def remark(self, text: str) -> None:
        """Say something that the reader of the run should know."""
        if self._show != "nothing":
            tqdm.write(f"{self._title}: note: {text}", file=sys.stderr)


def choose_show(*, quiet: bool) -> Show:
    """Nothing when quiet; a bar on a terminal; plain lines elsewhere."""
    if quiet:
        return "nothing"
    return "bar" if sys.stderr.isatty() else "lines"
