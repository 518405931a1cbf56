"""The description of a wave, or of a file, as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from groundswell.cli.text.sets import sets_text
from groundswell.estimates.of_wave.describing.described_question import DescribedQuestion, Meaning
from groundswell.estimates.of_wave.describing.description import DescribedFile, DescribedWave
from groundswell.estimates.of_wave.quality_check import QualityCheck
from groundswell.reports.language.language import Language
from groundswell.reports.language.marked_words import WEIGHTS
from groundswell.reports.language.measure import Measure
from groundswell.reports.language.quality import quality_sentence
from groundswell.shortened import shortened
from groundswell.terminal_table import aligned
from groundswell.waves.respondents.layouts.layout import FileLayout

MEANINGS: dict[Meaning, str] = {
    "": "",
    "counted": "counted",
    "valid": "",
    "missing": "missing",
    "in_no_list": "in no list",
    "no_answer": "no answer, undeclared",
    "dont_know": "don't know",
    "far_off": "far off: no answer?",
}


def as_text(described: DescribedWave | DescribedFile) -> str:
    """What `describe_wave` or `describe_file` gave, section by section."""
    sections = list(_wave(described)) if isinstance(described, DescribedWave) else [_file(described)]
    if isinstance(described, DescribedFile):
        sections += sets_text(described.sets)
    return "\n\n".join([*sections, *map(_question, described.questions)])


def _file(described: DescribedFile) -> str:
    head = f"{described.file}: {described.rows:,} respondents, {len(described.questions)} columns"
    return "\n".join([head, *_layout(described.layout)])


def _layout(layout: FileLayout) -> Iterator[str]:
    """How the file was read, where it could have been read otherwise."""
    delimiter = {"\t": "tab"}.get(layout.delimiter or "", layout.delimiter)
    parts = {
        "layout": layout.name if layout.first_row else "",
        "header rows": ", ".join(map(str, layout.header_rows)),
        "sheet": layout.sheet,
        "encoding": layout.encoding,
        "delimiter": delimiter,
        "decimal sign": layout.decimal if "decimal" in layout.stated else "",
    }
    told = [f"{name} {text}" for name, text in parts.items() if text]
    if told:
        yield f"read as: {' · '.join(told)}" + (
            f" ({', '.join(layout.stated)} stated)" if layout.stated else ""
        )


def _wave(described: DescribedWave) -> Iterator[str]:
    """Everything before the questions."""
    fieldwork = f"{described.start} to {described.end}"
    who = " · ".join([described.house, fieldwork, described.mode])
    simulated = "SIMULATED respondents: nobody was asked\n" if described.simulated else ""
    rows = "respondents not here" if described.rows is None else f"{described.rows:,} rows"
    head = f"{described.survey}, wave {described.wave} · {who}\n{simulated}"
    yield head + aligned(
        [
            ["file", f"{described.file}, {rows}"],
            ["n", f"{described.n:,} with a weight above zero"],
            ["design", _design(described.design)],
            *(["weights", _weights(weights)] for weights in described.weights),
        ]
    )
    means = any("scale" in each for each in described.indicators)
    title = "Shares and means, with 95% intervals" if means else "Shares, with 95% intervals"
    yield "\n".join([title, aligned(list(_indicators(described, means=means)), range(3, 8), "  ")])
    yield _flags(described.quality)
    missing = [check for check in described.quality if check.code == "item_non_response"]
    rows_of_missing = [[check.subject, f"{check.number:.1%}"] for check in missing]
    if missing:
        yield "\n".join(["Item non-response", aligned(rows_of_missing, [1], "  ")])


def _flags(quality: tuple[QualityCheck, ...]) -> str:
    """How many checks flag something, and the sentence of each that does."""
    english = Language("en")
    flagged = [check for check in quality if check.verdict == "flagged"]
    sentences = [f"  ! {quality_sentence(check.code, check.values, english)}" for check in flagged]
    return "\n".join(
        [f"Data quality: {len(flagged)} flagged, {len(quality) - len(flagged)} passed", *sentences]
    )


def _design(stated: Mapping[str, Any]) -> str:
    """The columns of the design, in words."""
    if not stated:
        return "none stated: every respondent is drawn by itself"
    return "; ".join(
        f"{name.replace('_', ' ')} {', '.join(map(str, value)) if isinstance(value, tuple) else value}"
        for name, value in stated.items()
    )


def _weights(weights: Mapping[str, Any]) -> str:
    return (
        f"{WEIGHTS[weights['weights']]}: Kish deff {weights['deff']:.2f}, effective n {weights['n_effective']:,.0f}; "
        f"the largest is {weights['largest']:.1f} means, the heaviest 1% hold {weights['top_share']:.1%}"
    )


def _indicators(described: DescribedWave, *, means: bool) -> Iterator[list[str]]:
    figure = "share or mean" if means else "share"
    yield ["indicator", "variant", "asked as", "n", "effective n", figure, "95%", "deff"]
    for each in described.indicators:
        named = [each["indicator"], shortened(each["variant"], 24), shortened(", ".join(each["columns"]), 30)]
        if each["share"] is None:
            yield [*named, "0", "", "no answer", "", ""]
            continue
        yield [
            *named,
            f"{each['n']:,}",
            f"{each['n_effective']:,.0f}",
            *_figures(each),
            f"{each['deff']:.2f}",
        ]


def _figures(each: Mapping[str, Any]) -> tuple[str, str]:
    """A share or mean of everyone, and its interval."""
    measure = Measure(Language("en"), each.get("scale"), each.get("unit"))
    low, high = (measure.number(each[end], 1).removesuffix("%") for end in ("share_low", "share_high"))
    scale = f" on {measure.scale}" if measure.mean else ""
    return measure.number(each["share"], 1) + scale, f"{low} to {high}"


def _question(question: DescribedQuestion) -> str:
    """One column with its answers, or with its range."""
    head = question.column
    if question.label:
        head += f"  {shortened(question.label, 90)}"
    used = []
    if question.of_set:
        used = [
            "several answers" if question.of_set == question.column else f"an answer to {question.of_set}"
        ]
    used += [f"indicator {key}" for key in question.indicators] + [
        f"domain {key}" for key in question.domains
    ]
    if used:
        head += f"  [{', '.join(used)}]"
    if question.answers:
        rows = [
            [
                str(answer.code),
                shortened(answer.label, 60),
                MEANINGS[answer.meaning],
                f"{answer.respondents:,}",
                "" if answer.share is None else f"{answer.share:.1%}",
            ]
            for answer in question.answers
        ]
        if question.empty:
            rows.append(["", "", "empty", f"{question.empty:,}", ""])
        return "\n".join([head, aligned(rows, [0, 3, 4], "  ")])
    line = f"  {question.different:,} different answers" if question.different else "  no answer"
    if question.own_words:
        line += ", in people's own words (--open lists them)"
    if question.mean is not None:
        line += f", from {question.low:g} to {question.high:g}, mean {question.mean:.4g}"
    if question.empty:
        line += f"; {question.empty:,} empty"
    if question.unanswered:
        codes = ", ".join(map(str, question.look_unanswered))
        line += f"; {question.unanswered:,} more look like no answer: {codes}"
    return "\n".join([head, line])
