"""What the survey's `[[watch]]` rules alarmed of: nothing on most pages."""

from __future__ import annotations

from markupsafe import Markup

from groundswell.reports.evidence.alert_record import AlertRecord
from groundswell.reports.language.language import Language


def alerts(records: tuple[AlertRecord, ...], language: Language) -> Markup:
    """One paragraph an alert, with what it rests on below it."""
    alert = Markup(
        '<div class="alert"><p class="sentence"><b>{}</b> {}</p><p class="basis">{}</p></div>'
    ).format
    return Markup("").join(
        alert(language.say("Alert"), each.sentence, f"{each.basis} · {newest_waves(each, language)}")
        for each in records
    )


def newest_waves(record: AlertRecord, language: Language) -> str:
    """The newest waves of an alert in one line."""
    return language.say("newest waves: {waves}", waves="; ".join(record.waves))
