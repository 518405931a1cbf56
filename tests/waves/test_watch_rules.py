"""`[[watch]]` of survey.toml: what is accepted, and every fault with its line and the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundswell.errors import FaultsError
from groundswell.waves.surveys.survey_toml import Survey, load_survey
from waves.folders import SURVEY, row, survey_folder

RULE = '\n[[watch]]\nkey = "up"\nindicator = "anxiety"\n'
LINES = SURVEY.count("\n") + 1


def survey_with(parent: Path, text: str) -> Survey:
    """The survey of a folder whose survey.toml goes on with this text."""
    folder = survey_folder(parent, row())
    (folder / "survey.toml").write_text(SURVEY + text, encoding="utf-8")
    return load_survey(folder)


def test_a_rule_is_of_the_kind_of_the_key_that_says_how_much(tmp_path: Path) -> None:
    (rule,) = survey_with(tmp_path, f"{RULE}rises = 3\n").watch
    assert (rule.key, rule.kind, rule.size, rule.alarm, rule.since) == ("up", "rises", 3.0, 0.05, None)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (RULE, 2, "does not say what to watch: write one of `rises`"),
        (f"{RULE}rises = 3\nfalls = 3\n", 5, "stands beside `rises`: a rule is of one kind"),
        (f"{RULE}rises = 3\nhouse = 'fom'\n", 5, "is nothing that `rises` takes: delete it"),
        (f"{RULE}overdue = 60\nalarm = 0.01\n", 5, "is nothing that `overdue` takes: delete it"),
        (f"{RULE}rises = 100\n", 4, "must be less than 100, how wide the scale is, got 100"),
        (f"{RULE}departs = 3\nhouse = 'fam'\n", 5, "no such house `fam`; did you mean `fom`?"),
        (f"{RULE}rises = 3\n{RULE}falls = 3\n", 7, "stands twice, got `up` again"),
        (RULE.replace("anxiety", "anxeity") + "rises = 3\n", 3, "did you mean `anxiety`?"),
        (f"{RULE}rises = -3\n", 4, "must be above 0.0, got `-3`"),
        (f"{RULE}rises = 3\nalarm = 0.9\n", 5, "must be at most 0.5"),
        (f"{RULE}rises = 3\nsize = 3\n", 5, "size"),
    ],
)
def test_a_wrong_rule_is_named_with_its_line_and_the_way_out(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    with pytest.raises(FaultsError) as caught:
        survey_with(tmp_path, text)
    faults = {(fault.line, fault.message if said != "size" else fault.field) for fault in caught.value.faults}
    assert any(where == LINES + line and said in message for where, message in faults), faults
