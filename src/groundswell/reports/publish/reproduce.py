"""The manifest in words: how this very report can be made again."""

from __future__ import annotations

import shlex

from markupsafe import Markup

from groundswell.reports.evidence.carried import CRATE, INPUTS, LOCK, by_checksum_alone
from groundswell.reports.evidence.manifest import MANIFEST, LedgerRecord, Manifest
from groundswell.reports.language.language import Language
from groundswell.reports.publish.archive import DEFAULT_NOTEBOOK
from groundswell.reports.publish.parameter_text import parameter_text

FILLED_IN = frozenset({"survey", "as_of", "previous", "newest"})
"""Parameters without a `-p`: the survey is an argument, the date an option, the archive knows the other reports."""


def command(manifest: Manifest) -> str:
    """The command that makes the report again, quoted for a shell: every parameter that is not the notebook's default.

    Where an older program did not say which those are, every parameter is written out.
    """
    words = ["groundswell", "report", manifest.survey, "--as-of", manifest.as_of.isoformat()]
    chosen = manifest.parameters if manifest.chosen is None else manifest.chosen
    typed = [f"{name}={parameter_text(value)}" for name, value in chosen.items() if name not in FILLED_IN]
    # Where neither is named, the command makes what the survey plans.
    if manifest.notebook != DEFAULT_NOTEBOOK or not typed:
        words += ["--notebook", manifest.notebook]
    return shlex.join([*words, *(word for each in typed for word in ("-p", each))])


def manifest_words(manifest: Manifest, language: Language) -> Markup:
    """Command, notebook, inputs with checksums, code and package versions."""
    say = language.say
    inputs = Markup("").join(
        Markup("<li><code>{}</code> <small>sha256 {}…</small></li>").format(file.path, file.sha256[:16])
        for file in manifest.inputs
    )
    along = [] if manifest.carried is None else [LOCK, CRATE]
    files = ["report.ipynb", *manifest.tables, "findings.json", MANIFEST, *along]
    packages = ", ".join(f"{name} {version}" for name, version in manifest.packages.items())
    rows = [
        (say("Make it again"), Markup("<code>{}</code>").format(command(manifest))),
        (say("From a copy"), "" if manifest.carried is None else _from_a_copy(manifest, language)),
        (say("Notebook"), notebook_words(manifest, language)),
        (say("Inputs"), Markup("<ul>{}</ul>").format(inputs)),
        (
            say("Code"),
            say(
                "groundswell {version}, sha256 {sha}…; Python {python}",
                version=manifest.code.version,
                sha=manifest.code.sha256[:16],
                python=manifest.python,
            ),
        ),
        (say("Packages"), packages),
        *([(say("Frozen forecasts"), _chain(manifest.ledger, language))] if manifest.ledger else []),
        *([(say("Seed"), str(manifest.seed))] if manifest.seed is not None else []),
        (say("Made"), manifest.created.isoformat()),
        (say("Files"), Markup(" · ").join(Markup('<a href="{0}">{0}</a>').format(name) for name in files)),
    ]
    pairs = Markup("").join(
        Markup("<dt>{}</dt><dd>{}</dd>").format(name, text) for name, text in rows if text
    )
    return Markup("<dl>{}</dl>").format(pairs)


def _from_a_copy(manifest: Manifest, language: Language) -> str:
    """Whether a copy of the report's folder alone is enough to make the report again, and with which command."""
    if by_checksum_alone(manifest):
        return language.say(
            "This folder carries its settings and published figures in {inputs}, and names respondents’ files by "
            "checksum only. Whoever has those makes the report again from a copy of the folder: {command}.",
            inputs=f"{INPUTS}/",
            command="groundswell verify FOLDER --respondents FILES",
        )
    return language.say(
        "This folder carries its inputs in {inputs}: a copy of it is enough to make the report again, anywhere and "
        "offline: {command}.",
        inputs=f"{INPUTS}/",
        command="groundswell verify FOLDER",
    )


def _chain(link: LedgerRecord, language: Language) -> str:
    """The chain of forecasts as a copy of the page keeps it, to be compared with the archive's later."""
    if link.previous is None:
        return language.say("the first of a chain, sha256 {chain}…", chain=link.chain[:16])
    return language.say(
        "a chain that goes on from {folder}, sha256 {chain}…", folder=link.previous, chain=link.chain[:16]
    )


def notebook_words(manifest: Manifest, language: Language) -> str:
    """The notebook's name, and how it stands to the committed one."""
    if manifest.notebook_code is None:
        return manifest.notebook
    state = {
        "committed": language.say("as committed"),
        "edited": language.say("edited: its code differs from the committed notebook’s"),
        "not under version control": language.say("not under version control"),
    }[manifest.notebook_code.state]
    return f"{manifest.notebook} ({state}), sha256 {manifest.notebook_code.sha256[:16]}…"


def is_edited(manifest: Manifest) -> bool:
    """Whether the report was made with a notebook whose code differs from the committed one's."""
    return manifest.notebook_code is not None and manifest.notebook_code.state == "edited"
