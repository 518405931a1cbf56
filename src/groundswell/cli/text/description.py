"""The description of a wave, or of a file, as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from groundswell.aligned import aligned, shortened

Described = Mapping[str, Any]


def as_text(described: Described) -> str:
    """What `describe_wave` or `describe_file` found, section by section."""
    sections = list(_wave(described)) if "wave" in described else [_file(described)]
    questions = [_question(question) for question in described["questions"]]
    return "\n\n".join([*sections, *questions])


def _file(described: Described) -> str:
    return f"{described['file']}: {described['rows']:,} respondents, {len(described['questions'])} columns"


def _wave(described: Described) -> Iterator[str]:
    """Everything before the questions."""
    fieldwork = f"{described['start']} to {described['end']}"
    who = " · ".join([described["house"], fieldwork, described["mode"]])
    simulated = "SIMULATED respondents: nobody was asked\n" if described["simulated"] else ""
    rows = "respondents not here" if described["rows"] is None else f"{described['rows']:,} rows"
    head = f"{described['survey']}, wave {described['wave']} · {who}\n{simulated}"
    yield head + aligned(
        [
            ["file", f"{described['file']}, {rows}"],
            ["n", f"{described['n']:,} with a weight above zero"],
            ["design", _design(described["design"])],
            *(["weights", _weights(weights)] for weights in described["weights"]),
        ]
    )
    yield "\n".join(["Shares, with 95% intervals", aligned(list(_indicators(described)), range(3, 8), "  ")])
    flagged = [each for each in described["quality"] if each["verdict"] == "flagged"]
    passed = len(described["quality"]) - len(flagged)
    said = [f"  ! {each['sentence']}" for each in flagged]
    yield "\n".join([f"Data quality: {len(flagged)} flagged, {passed} passed", *said])
    missing = [each for each in described["quality"] if each["check"] == "item non-response"]
    yield "\n".join(
        [
            "Item non-response",
            aligned([[each["subject"], f"{each['number']:.1%}"] for each in missing], [1], "  "),
        ]
    )


def _design(stated: Described) -> str:
    """The columns of the design, in words."""
    if not stated:
        return "none stated: every respondent is drawn by itself"
    return "; ".join(
        f"{name.replace('_', ' ')} {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in stated.items()
    )


def _weights(weights: Described) -> str:
    return (
        f"{weights['weights']}: Kish deff {weights['deff']:.2f}, effective n {weights['n_effective']:,.0f}; "
        f"the largest is {weights['largest']:.1f} means, the heaviest 1% hold {weights['top_share']:.1%}"
    )


def _indicators(described: Described) -> Iterator[list[str]]:
    yield ["indicator", "variant", "asked as", "n", "effective n", "share", "95%", "deff"]
    for each in described["indicators"]:
        named = [each["indicator"], shortened(each["variant"], 24), shortened(", ".join(each["columns"]), 30)]
        if each["share"] is None:
            yield [*named, "0", "", "no answer", "", ""]
            continue
        yield [
            *named,
            f"{each['n']:,}",
            f"{each['n_effective']:,.0f}",
            f"{each['share']:.1%}",
            f"{100 * each['share_low']:.1f} to {100 * each['share_high']:.1f}",
            f"{each['deff']:.2f}",
        ]


def _question(question: Described) -> str:
    """One column with its answers, or with its range."""
    head = question["column"]
    if question["label"]:
        head += f"  {shortened(question['label'], 90)}"
    if question["role"]:
        head += f"  [{question['role']}]"
    if question["answers"]:
        rows = [
            [
                str(answer["code"]),
                shortened(answer["label"], 60),
                "" if answer["meaning"] == "valid" else answer["meaning"],
                f"{answer['respondents']:,}",
                "" if answer["share"] is None else f"{answer['share']:.1%}",
            ]
            for answer in question["answers"]
        ]
        if question["empty"]:
            rows.append(["", "", "empty", f"{question['empty']:,}", ""])
        return "\n".join([head, aligned(rows, [0, 3, 4], "  ")])
    said = f"  {question['different']:,} different answers" if question["different"] else "  no answer"
    if question.get("mean") is not None:
        said += f", from {question['low']:g} to {question['high']:g}, mean {question['mean']:.4g}"
    return "\n".join([head, said + (f"; {question['empty']:,} empty" if question["empty"] else "")])
