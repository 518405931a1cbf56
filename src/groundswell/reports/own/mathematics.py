r"""LaTeX mathematics as MathML, which a browser sets by itself.

>>> mathml("x^2", display=False).partition(">")[2]
Markup('<mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math>')
"""

from __future__ import annotations

from html import unescape
from xml.etree import ElementTree

from markupsafe import Markup

from groundswell.reports.own.refusal import NotShownError

LONGEST = 5_000
"""Letters of a formula; what is longer is none."""

_PARTS = {
    "mfrac": 2,
    "mroot": 2,
    "msub": 2,
    "msup": 2,
    "munder": 2,
    "mover": 2,
    "msubsup": 3,
    "munderover": 3,
}
"""How many parts an element of MathML has; with fewer, something was left out in the LaTeX."""
_TAGS = frozenset(
    ["math", "mi", "mn", "mo", "ms", "mspace", "mtext", "menclose", "merror", "mpadded", "mphantom", "mrow",
     "msqrt", "mstyle", "mtable", "mtd", "mtr", "mmultiscripts", "mprescripts", "none"]
) | set(_PARTS)  # fmt: skip
_ATTRIBUTES = frozenset(
    ["accent", "accentunder", "columnalign", "columnspacing", "depth", "display", "displaystyle", "fence",
     "form", "height", "largeop", "linethickness", "lspace", "mathcolor", "mathsize", "mathvariant",
     "maxsize", "minsize", "movablelimits", "notation", "rowspacing", "rspace", "scriptlevel", "separator",
     "stretchy", "symmetric", "voffset", "width"]
)  # fmt: skip


def mathml(latex: str, *, display: bool) -> Markup:
    """A formula, with its LaTeX as the words for it; with `display` it stands on a line of its own.

    Raises: NotShownError where it is not understood.
    """
    from latex2mathml.converter import convert_to_element

    short = " ".join(latex.split())[:60]
    if len(latex) > LONGEST:
        raise NotShownError(
            f"holds a formula of {len(latex):,} letters; a page sets at most {LONGEST:,}: `{short}`…"
        )
    try:
        # Jupyter numbers no lines of an `align`.
        found = convert_to_element(
            latex.replace("{align}", "{align*}"), display="block" if display else "inline"
        )
        formula = _clean(found)
    except NotShownError:
        raise
    except Exception as error:  # the library raises what it likes
        why = str(error) or type(error).__name__
        raise NotShownError(f"holds a formula that is not understood, `{short}`: {why}") from error
    formula.set("alttext", " ".join(latex.split()))
    return Markup(ElementTree.tostring(formula, encoding="unicode"))  # noqa: S704 - made of what is listed above


def _clean(part: ElementTree.Element) -> ElementTree.Element:
    """A copy with the elements and attributes of presentational MathML alone.

    Raises: NotShownError for another element, a command that is not known, or a part that is missing.
    """
    tag, text = part.tag.rpartition("}")[2], unescape(part.text or "").strip()
    if tag not in _TAGS:
        raise NotShownError(f"holds a formula with `{tag}`, which a page does not set")
    if tag == "mi" and text.startswith("\\"):
        raise NotShownError(f"holds a formula with `{text}`, which is not a known command of LaTeX")
    if len(part) != _PARTS.get(tag, len(part)):
        raise NotShownError("holds a formula in which a part is missing: see that every brace is closed")
    kept = {name: each for name, each in part.attrib.items() if name in _ATTRIBUTES}
    clean = ElementTree.Element(tag, kept)
    clean.text = text
    clean.extend([_clean(each) for each in part])
    return clean
