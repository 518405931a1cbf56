"""Pictures that a notebook shows, held by the page itself.

An SVG goes in as a picture, too: so a browser runs nothing in it and fetches nothing for it. What acts is taken out all
the same, for whoever opens the picture alone.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

from markupsafe import Markup

from groundswell.reports.own.refusal import NotShownError

BITMAPS = {
    "image/png": b"\x89PNG",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF8",
    "image/webp": b"RIFF",
}
"""By which bytes each begins."""
SVG = "image/svg+xml"
_ACTS = frozenset(
    {"script", "foreignObject", "iframe", "handler", "set", "animate", "animateTransform", "animateMotion"}
)


def picture(mime: str, content: str, words: str, size: Mapping[str, Any]) -> Markup:
    """A picture with the words for it; `size` may state its `width` and `height` in pixels.

    Raises: NotShownError where the content is not a picture of its kind.
    """
    packed = _svg(content) if mime == SVG else _bitmap(mime, content)
    pixels = {
        name: int(size[name]) for name in ("width", "height") if isinstance(size.get(name), int | float)
    }
    stated = Markup("").join(Markup(' {}="{}"').format(name, number) for name, number in pixels.items())
    return Markup('<p class="own-picture"><img src="data:{};base64,{}" alt="{}"{}></p>').format(
        mime, packed, words, stated
    )


def _bitmap(mime: str, content: str) -> str:
    packed = "".join(content.split())
    try:
        bytes_ = base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotShownError(f"shows a picture, `{mime}`, that is not whole") from error
    if not bytes_.startswith(BITMAPS[mime]):
        raise NotShownError(f"shows a picture that is not the `{mime}` that it says it is")
    return packed


@lru_cache(maxsize=64)
def _svg(content: str) -> str:
    """An SVG without what acts or leads elsewhere, packed."""
    if "<!ENTITY" in content:
        raise NotShownError(
            "shows an SVG with entities of its own, which a page does not take: write them out"
        )
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - entities are refused above
    except ElementTree.ParseError as error:
        raise NotShownError(f"shows an SVG that is not whole: {error}") from error
    if root.tag.rpartition("}")[2] != "svg":
        raise NotShownError(
            f"shows an SVG that begins with `{root.tag.rpartition('}')[2]}`, and must with `svg`"
        )
    root.tag = "{http://www.w3.org/2000/svg}svg"
    for parent in list(root.iter()):
        for child in [
            each for each in parent if not isinstance(each.tag, str) or each.tag.rpartition("}")[2] in _ACTS
        ]:
            parent.remove(child)
        for name, value in list(parent.attrib.items()):
            plain = name.rpartition("}")[2].lower()
            elsewhere = plain in ("href", "src") and not value.startswith(("#", "data:image/"))
            if plain.startswith("on") or elsewhere:
                del parent.attrib[name]
    ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
    return base64.b64encode(ElementTree.tostring(root)).decode()
