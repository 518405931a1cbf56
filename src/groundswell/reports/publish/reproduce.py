"""The manifest in words: how this very report can be made again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from groundswell.reports.language.language import Language
from groundswell.reports.publish.archive import DEFAULT_NOTEBOOK


def command(manifest: Mapping[str, Any]) -> str:
    """The command that makes the report again."""
    parts = ["groundswell", "report", str(manifest.get("survey", ""))]
    parameters = manifest.get("parameters", {})
    if parameters.get("as_of"):
        parts += ["--as-of", str(parameters["as_of"])]
    if manifest.get("notebook", DEFAULT_NOTEBOOK) != DEFAULT_NOTEBOOK:
        parts += ["--notebook", str(manifest["notebook"])]
    for name, chosen in parameters.items():
        if name not in ("survey", "as_of", "previous", "seed") and chosen not in (None, "", "typical"):
            text = ",".join(map(str, chosen)) if isinstance(chosen, list) else str(chosen)
            parts.append(f"-p {name}={text}")
    return " ".join(parts)


def manifest_words(manifest: Mapping[str, Any], language: Language) -> Markup:
    """Command, parameters, inputs with checksums, code and package versions."""
    say = language.say
    code = manifest.get("code", {})
    inputs = Markup("").join(
        Markup("<li><code>{}</code> <small>sha256 {}…</small></li>").format(
            item["path"], str(item["sha256"])[:16]
        )
        for item in manifest.get("inputs", [])
    )
    files = ["report.ipynb", *manifest.get("tables", ()), "findings.json", "manifest.json"]
    packages = ", ".join(f"{name} {version}" for name, version in manifest.get("packages", {}).items())
    rows = [
        (say("Make it again"), Markup("<code>{}</code>").format(command(manifest))),
        (say("Inputs"), Markup("<ul>{}</ul>").format(inputs)),
        (
            say("Code"),
            say(
                "groundswell {version}, sha256 {sha}…; Python {python}",
                version=code.get("version", "?"),
                sha=str(code.get("sha256", "?"))[:16],
                python=manifest.get("python", "?"),
            ),
        ),
        (say("Packages"), packages),
        *([(say("Seed"), str(manifest["seed"]))] if manifest.get("seed") is not None else []),
        (say("Made"), str(manifest.get("created", ""))),
        (say("Files"), Markup(" · ").join(Markup('<a href="{0}">{0}</a>').format(name) for name in files)),
    ]
    pairs = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(name, text) for name, text in rows)
    return Markup("<dl>{}</dl>").format(pairs)
