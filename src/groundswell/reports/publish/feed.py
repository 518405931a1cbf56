"""The Atom feed of published reports (RFC 4287): one entry a report, newest first, links relative to the feed."""

from __future__ import annotations

import re
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from groundswell.reports.evidence.manifest import Manifest
from groundswell.reports.language.language import Language

ENTRIES = 100
ATOM = "http://www.w3.org/2005/Atom"
# what XML 1.0 cannot hold, even escaped
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom_feed(manifests: list[Manifest], language: Language) -> str:
    """The feed of the newest hundred reports, by the time at which they were made; its own words in `language`."""
    newest = sorted(manifests, key=lambda each: each.created, reverse=True)[:ENTRIES]
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": language.code})
    _add(feed, "id", _identifier("archive"))
    _add(feed, "title", language.say("groundswell reports"))
    _add(feed, "updated", newest[0].created.isoformat() if newest else "1970-01-01T00:00:00+00:00")
    SubElement(feed, "link", rel="self", href="feed.xml")
    SubElement(feed, "link", href="index.html")
    for manifest in newest:
        _entry(feed, manifest)
    indent(feed, " ")
    return tostring(feed, encoding="unicode", xml_declaration=True) + "\n"


def _entry(feed: Element, manifest: Manifest) -> None:
    entry = SubElement(feed, "entry", {"xml:lang": manifest.language})
    _add(entry, "id", _identifier(manifest.name))
    _add(entry, "title", f"{manifest.title}, {manifest.as_of}: {manifest.report.headline}")
    _add(entry, "updated", manifest.created.isoformat())
    SubElement(entry, "link", href=f"{manifest.name}/index.html")
    _add(SubElement(entry, "author"), "name", "groundswell")
    for alert in manifest.news:
        SubElement(entry, "category", term="alert", label=alert.key)
    _add(
        entry,
        "summary",
        " ".join([*(alert.sentence for alert in manifest.news), manifest.report.deck]).strip(),
    )


def _identifier(place: str) -> str:
    """An identifier that stays the same wherever the archive is moved."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'groundswell:{place}')}"


def _add(parent: Element, name: str, text: object) -> None:
    SubElement(parent, name).text = NOT_XML.sub("\ufffd", str(text))
