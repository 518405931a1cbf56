"""The pages about the whole archive: its index, the pages of each survey, `latest/`, the Atom feed and the summary.

They are brought up to date at each publication and once more after a batch, from the manifests (how forecasts held,
from their scores.csv), and a page that would not change is not touched, so that a file server or a version control
system sees only what is new. Links are relative: the archive works from a file share, under any path of a static host,
and from a mail's attachment folder.

A survey's pages are in the survey's own language: that of its newest report for which no other was asked. The index and
the feed are in the language that all surveys share. English stands in where there is none.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from markupsafe import Markup

from groundswell.errors import RunError
from groundswell.files import write_whole
from groundswell.reports.html.markup import fill
from groundswell.reports.html.style import palette_css
from groundswell.reports.language.language import Language, known_language
from groundswell.reports.publish.archive import survey_names
from groundswell.reports.publish.feed import ENTRIES, atom_feed
from groundswell.reports.publish.index.archive_summary import archive_summary
from groundswell.reports.publish.index.index_cache import forget, keep, read_head, read_kept
from groundswell.reports.publish.index.survey_index import Head, SurveyIndex, index_survey, stamp
from groundswell.reports.publish.index.survey_pages import survey_pages, written_before


def rebuild_index(reports: Path) -> list[Path]:
    """Bring every page about the archive up to date with the reports' folders; return the files that changed.

    `index.html`, `feed.xml`, `summary.json`, and for each survey `index.html`, `latest/index.html`, a part of the
    summary a year, and where it has many reports a page a year. Each is replaced in one step. A report is opened only
    where its manifest's time or size is another than when it was read last.

    Raises: RunError where `reports/` cannot be read or written.
    """
    return _up_to_date(reports, survey_names(reports))


def add_to_index(reports: Path, survey: str) -> list[Path]:
    """Bring the pages up to date with the folders of one survey, after a publication; return the files that changed.

    Raises: RunError as `rebuild_index`.
    """
    return _up_to_date(reports, [survey])


def known_damage(reports: Path) -> dict[Path, str]:
    """The damaged reports of the archive with what is wrong with each, as of when the pages were brought up to date."""
    heads = (head_of(reports, survey) for survey in survey_names(reports))
    return {reports / head.survey / folder: fault for head in heads for folder, fault in head.damaged.items()}


def all_pages(reports: Path) -> dict[Path, str]:
    """The text of every page about the archive, from the reports' folders alone; nothing is written."""
    indexes = [index_survey(reports / survey) for survey in survey_names(reports)]
    pages = _archive_pages(reports, [index.head for index in indexes if _is_told(index.head)])
    for index in filter(lambda each: _is_told(each.head), indexes):
        folder = reports / index.head.survey
        pages |= {folder / name: text() for name, text in survey_pages(folder, index).items()}
    return pages


def shared_language(codes: Collection[str]) -> Language:
    """The language that all of these are; English where they differ or there is none."""
    return known_language(next(iter(codes))) if len(set(codes)) == 1 else Language()


def _up_to_date(reports: Path, looked_at: Collection[str]) -> list[Path]:
    changed: list[Path] = []
    heads = []
    try:
        for survey in survey_names(reports):
            kept = None if survey in looked_at else read_head(reports, survey)
            heads.append(kept or _survey_up_to_date(reports, survey, changed))
        for file, text in _archive_pages(reports, [head for head in heads if _is_told(head)]).items():
            _write_changed(file, text, changed)
    except OSError as error:
        raise RunError(
            f"`{error.filename or reports}`: the pages about the archive cannot be written: {error.strerror}; what was "
            "published stands, and the next run brings them up to date"
        ) from error
    return changed


def head_of(reports: Path, survey: str) -> Head:
    """A survey as the pages about the whole archive show it: as it was kept, else from its reports' folders."""
    return read_head(reports, survey) or index_survey(reports / survey).head


def _is_told(head: Head) -> bool:
    """Whether a folder of the archive is a survey's: `assets/` and the like hold no reports."""
    return bool(head.reports or head.damaged)


def _survey_up_to_date(reports: Path, survey: str, changed: list[Path]) -> Head:
    """Bring the pages of one survey up to date, add those that changed to `changed`, and keep its index."""
    folder, known = reports / survey, read_kept(reports, survey)
    index = index_survey(folder, known)
    told = survey_pages(folder, index) if _is_told(index.head) else {}
    for name in written_before(folder, known.head if known else None) - told.keys():
        (folder / name).unlink(missing_ok=True)
    stale = told.keys() if known is None else _stale(folder, index, known, told.keys())
    for name in (name for name in told if name in stale):
        _write_changed(folder / name, told[name](), changed)
    if not told:
        forget(reports, survey)
        return index.head
    written = index.with_pages({name: stamp(folder / name) for name in told})
    if written != known:
        keep(reports, written)
    return written.head


def _stale(folder: Path, index: SurveyIndex, known: SurveyIndex, names: Collection[str]) -> set[str]:
    """The pages of a survey that may say something else now than when they were written, or are not as written."""
    touched = {name for name in names if known.head.pages.get(name) != stamp(folder / name)}
    if index.head.frame != known.head.frame:
        return set(names)
    years = index.changed_years(known)
    of_years = {name for name in names if name.partition(".")[0] in years}
    always = {"latest/index.html"}  # it names the card, which is made after the report
    front = {"index.html"} if years or index.head != known.head else set()
    return touched | of_years | front | always


def _archive_pages(reports: Path, heads: Sequence[Head]) -> dict[Path, str]:
    """The pages about the whole archive."""
    common = shared_language([head.language for head in heads])
    surveys = [Markup(head.sections[common.code]) for head in heads]  # noqa: S704 - our own
    made = sorted((each for head in heads for each in head.made), key=lambda each: each.created, reverse=True)
    total = sum(head.reports for head in heads)
    index = fill(
        "archive_index.html.j2",
        common,
        {"palette": Markup(palette_css()), "surveys": surveys, "total": total},  # noqa: S704 - our own
    )
    return {
        reports / "index.html": str(index),
        reports / "feed.xml": atom_feed([each.opened() for each in made[:ENTRIES]], common),
        reports / "summary.json": archive_summary(heads),
    }


def _write_changed(file: Path, text: str, changed: list[Path]) -> None:
    """Replace the file in one step where its text differs, and add it to `changed` then."""
    content = text.encode()
    if file.is_symlink():  # a page is ours, what a link leads to is not
        file.unlink()
    if file.is_file() and file.read_bytes() == content:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, content)
    changed.append(file)
