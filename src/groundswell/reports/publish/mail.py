"""A message as a mail: its text and, beside it, a page that needs no network and runs nothing.

Styles stand in the elements themselves, since mail readers throw style sheets away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from groundswell.reports.evidence.alert_record import AlertRecord
from groundswell.reports.evidence.manifest import Manifest
from groundswell.reports.html.markup import fill
from groundswell.reports.html.style import LIGHT
from groundswell.reports.language.language import Language, known_language
from groundswell.vocabulary import ENGLISH

SENDER: Final = "groundswell <groundswell@localhost>"
"""A mail needs one; whoever sends it on puts their own in its place."""

LONGEST_SUBJECT: Final = 140


@dataclass(frozen=True)
class Message:
    """What is told: a `headline`, `paragraphs`, and `rows` under a `table_title`. `about` says of what, `place` names
    the report's page in the archive; "" for none."""

    subject: str
    about: str
    headline: str
    paragraphs: Sequence[str] = ()
    rows: Sequence[str] = ()
    table_title: str = ""
    place: str = ""
    language: str = ENGLISH

    @property
    def text(self) -> str:
        """The message in plain text."""
        place = [_place(known_language(self.language), self.place)] if self.place else []
        title = [f"{self.table_title}:"] if self.table_title else []
        rows = ["\n".join([*title, *(f"- {row}" for row in self.rows)])] if self.rows else []
        return "\n\n".join([self.headline, *self.paragraphs, *rows, *place]) + "\n"


def alert_message(manifest: Manifest, alert: AlertRecord) -> Message:
    """What is told of an alert of a published report, in the report's language."""
    language = known_language(manifest.language)
    return Message(
        subject=language.say("Alert: {sentence}", sentence=alert.sentence),
        about=f"{manifest.title}, {language.date(manifest.as_of)}",
        headline=alert.sentence,
        paragraphs=[
            alert.basis,
            language.say("The report says: {headline}.", headline=manifest.report.headline),
        ],
        table_title=language.say("Newest waves"),
        rows=alert.waves,
        place=f"reports/{manifest.name}/index.html",
        language=manifest.language,
    )


def mail(message: Message, identifier: str, when: datetime) -> bytes:
    """The message as a file that mail readers open (RFC 5322), to nobody yet; the same message is the same mail."""
    language = known_language(message.language)
    made = EmailMessage(policy=SMTP)
    made["Subject"] = _one_line(message.subject)
    made["From"] = SENDER
    made["Date"] = format_datetime(when)
    made["Message-ID"] = f"<{identifier}@groundswell.localhost>"
    made["X-Unsent"] = "1"
    made.set_content(message.text, cte="8bit")
    said = {name: part for name, part in vars(message).items() if name != "language"}
    values = {**said, "colours": LIGHT}
    made.add_alternative(str(fill("mail.html.j2", language, values)), subtype="html", cte="quoted-printable")
    made.set_boundary(f"=={identifier}==")
    return made.as_bytes()


def _place(language: Language, place: str) -> str:
    return language.say("The report: {place}", place=place)


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1]}…"
