"""Floor 1: what came in. Survey folders, their published shares and their respondents, read and checked.

In order, each module importing only from earlier ones: textfile, fieldwork, toml_lines, survey, survey_file,
project, margin, topline_cells, topline_row, topline_rules, toplines, template.
"""

from groundswell.waves.proposal.new_survey import new_survey
from groundswell.waves.surveys.project import find_project, list_surveys, survey_folder
from groundswell.waves.surveys.records import Event, House, Indicator, Survey, Variant
from groundswell.waves.surveys.survey_file import load_survey
from groundswell.waves.toplines.row import CERTAINTIES
from groundswell.waves.toplines.table import check_survey, read_toplines
from groundswell.waves.toplines.waves import known_on, topline_waves

__all__ = [
    "CERTAINTIES",
    "Event",
    "House",
    "Indicator",
    "Survey",
    "Variant",
    "check_survey",
    "find_project",
    "known_on",
    "list_surveys",
    "load_survey",
    "new_survey",
    "read_toplines",
    "survey_folder",
    "topline_waves",
]
