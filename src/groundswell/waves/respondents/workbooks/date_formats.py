"""Which numbers of an .xlsx are dates: those in a style whose format shows a day, a time or a duration."""

from __future__ import annotations

from datetime import datetime

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

from groundswell.waves.respondents.workbooks.sheets import NO_DATE, Cell
from groundswell.waves.respondents.workbooks.xml_part import MAIN, XmlPart

_FORMAT, _STYLES, _STYLE = f"{MAIN}numFmt", f"{MAIN}cellXfs", f"{MAIN}xf"


class DateFormats(XmlPart):
    """The styles of cells that are dates or durations, by their number.

    Only this is read of a workbook's styles: programs write fonts and fills that Excel takes and openpyxl does not.

    Attributes:
        epoch: the day from which the workbook counts dates.
    """

    def __init__(self, epoch: datetime = WINDOWS_EPOCH) -> None:
        super().__init__()
        self.epoch = epoch
        self.dates: set[int] = set()
        self.durations: set[int] = set()
        self._formats: dict[int, str] = dict(BUILTIN_FORMATS)
        self._style: int | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note a format, or a style of cells with the format that it has."""
        if name == _FORMAT and "numFmtId" in attributes:
            self._formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == _STYLES:
            self._style = 0
        elif name == _STYLE and self._style is not None:
            written = self._formats.get(int(attributes.get("numFmtId", 0)))
            if is_date_format(written):
                self.dates.add(self._style)
            if is_timedelta_format(written):
                self.durations.add(self._style)
            self._style += 1

    def end(self, name: str) -> None:
        """The styles of cells have ended; others follow."""
        if name == _STYLES:
            self._style = None

    def cell(self, number: float, style: int) -> Cell:
        """What a number in this style is: a date, a time, a duration, or itself."""
        if style not in self.dates:
            return number
        try:
            moment: Cell = from_excel(number, self.epoch, timedelta=style in self.durations)
        except (OverflowError, ValueError):
            return NO_DATE
        return moment
