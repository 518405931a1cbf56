"""Write the JSON Schemas of the TOML files, each key with what docs/formats.md and formats-microdata.md say of it.

python tests/schemas.py
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from groundswell.waves.schemas.json_schema import json_schema
from groundswell.waves.schemas.wave_schema import wave_schema
from groundswell.waves.surveys.survey_toml import SurveyFile

REPOSITORY = Path(__file__).resolve().parents[1]
FOLDER = REPOSITORY / "src" / "groundswell" / "waves" / "schemas"
SURVEY = {
    "SurveyFile": "### Top of the file",
    "SharedBias": "### `[shared_bias]`",
    "Disclosure": "### `[disclosure]`",
    "Event": "### `[[events]]`",
    "Bridge": "### `[[bridges]]`",
    "DeclaredMood": "### `[moods.<key>]`",
    "House": "### `[houses.<key>]`",
    "Indicator": "### `[indicators.<key>]`",
    "Variant": "### `[indicators.<key>.variants.<key>]`",
}
WAVE = {
    "WaveFile": "## `waves/<wave>.toml`",
    "Reading": "### `[reading]`",
    "DesignColumns": "### `[design]`",
    "CountedAnswer": "### `[indicators.<key>]`",
    "DomainRule": "### `[domains.<key>]`",
}


def table_after(text: str, heading: str) -> dict[str, list[str]]:
    """First cell -> other cells of the first table after `heading`."""
    part = text[text.index(heading) + len(heading) :]
    lines = part[part.index("\n|") + 1 :].split("\n\n")[0].splitlines()
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]
    return {cells[0].strip("`"): cells[1:] for cells in rows}


def meanings(page: str, headings: dict[str, str]) -> dict[str, dict[str, str]]:
    """What a page says of each key of each record, links and marks taken out."""
    text = (REPOSITORY / "docs" / page).read_text(encoding="utf-8")
    return {
        record: {
            key.strip("` "): plain(cells[1] if len(cells) > 1 else cells[0])
            for keys, cells in table_after(text, heading).items()
            for key in keys.split(",")
        }
        for record, heading in headings.items()
    }


def plain(cell: str) -> str:
    """A cell of a Markdown table as plain text."""
    words = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", cell).replace(", below", "")
    return words.replace("`", "").replace("\\|", "|")


PLANNED = {"PlannedReport": "Without more, a survey has one report"}
WATCHED = {"WatchRule": "# Alerts"}


def schemas() -> dict[str, dict[str, Any]]:
    """The schema of each kind of file, by the name of its own file."""
    return {
        "survey.schema.json": json_schema(
            SurveyFile,
            meanings("formats.md", SURVEY)
            | meanings("scheduling.md", PLANNED)
            | meanings("alerts.md", WATCHED),
        ),
        "wave.schema.json": wave_schema(meanings("formats-microdata.md", WAVE)),
    }


def text_of(schema: dict[str, Any]) -> str:
    """As it is written."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, schema in schemas().items():
        (FOLDER / name).write_text(text_of(schema), encoding="utf-8")
