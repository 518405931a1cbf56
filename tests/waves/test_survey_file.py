"""survey.toml: what is accepted, and every fault with its line and the way out."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from groundswell.errors import Fault, FaultsError
from groundswell.waves.surveys.survey_toml import Survey, SurveyFile, load_survey
from waves.folders import SURVEY, row, survey_folder


def faults_of(parent: Path, text: str | bytes) -> list[Fault]:
    """The faults of a folder whose survey.toml is `text`."""
    folder = survey_folder(parent, row())
    raw = text if isinstance(text, bytes) else text.encode()
    (folder / "survey.toml").write_bytes(raw)
    with pytest.raises(FaultsError) as caught:
        load_survey(folder)
    return list(caught.value.faults)


def line_of(text: str, piece: str) -> int:
    return text[: text.index(piece)].count("\n") + 1


def test_a_sound_survey_is_read_whole(tmp_path: Path) -> None:
    survey = load_survey(survey_folder(tmp_path, row()))
    assert isinstance(survey, Survey)
    assert survey.name == "mood"
    assert survey.toplines == survey.folder / "toplines.csv"
    assert survey.houses["fom"].default_n == 1500
    assert survey.houses["quote"].mode == "not stated"
    assert survey.indicators["anxiety"].variants["score"].numerator == ("often", "always")
    assert survey.minimum_domain_n == 30
    assert survey.events[0].label == "Invasion"
    assert str(survey.events[0].date) == "2022-02-24"
    assert not survey.indicators["planning"].variants["horizon"].fit


def test_a_record_is_frozen(tmp_path: Path) -> None:
    survey = load_survey(survey_folder(tmp_path, row()))
    with pytest.raises(ValidationError, match="frozen"):
        survey.title = "another"  # type: ignore[misc]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_a_byte_order_mark_and_windows_line_ends_are_fine(
    tmp_path: Path, mark: bytes, newline: bytes
) -> None:
    folder = survey_folder(tmp_path, row())
    (folder / "survey.toml").write_bytes(mark + SURVEY.encode().replace(b"\n", newline))
    assert load_survey(folder).title == "Mood"


def test_a_label_with_html_is_kept_as_it_is(tmp_path: Path) -> None:
    text = SURVEY.replace('title = "Mood"', "title = '=1+1 <script>alert(1)</script>'")
    assert load_survey(survey_folder(tmp_path, row(), survey=text)).title == "=1+1 <script>alert(1)</script>"


HORIZON_ANSWERS = "indicators.planning.variants.horizon.answers"


@pytest.mark.parametrize(
    ("old", "new", "field", "message"),
    [
        ('title = "Mood"', 'titel = "Mood"', "titel", "did you mean `title`?"),
        ('name = "FOM"', 'name = "FOM"\nmod = "x"', "houses.fom.mod", "did you mean `mode`?"),
        ('mode = "online"', "mode = 5", "houses.pulse.mode", "must be text in quotes, got `5`"),
        ('label = "Invasion"', 'lable = "x"', "events[0].lable", "did you mean `label`?"),
        ('title = "Mood"', 'title = ""', "title", "is empty"),
        ('title = "Mood"', 'title = "a\\nb"', "title", "one line"),
        ('title = "Mood"', 'title = "a\\u0007"', "title", "U+0007"),
        ('title = "Mood"', 'title = "a\\u202Eb"', "title", "U+202E"),
        ('title = "Mood"', 'title = "Mood"\nname = "x"', "name", "unknown key `name`"),
        ('title = "Mood"', 'title = "Mood"\nlanguage = "English"', "language", "language code"),
        ('title = "Mood"', 'title = "Mood"\nminimum_domain_n = 5', "minimum_domain_n", "at least 30"),
        ("default_deff = 1.5", "default_deff = 0", "default_deff", "above 0"),
        ("default_deff = 1.5", "default_deff = nan", "default_deff", "finite"),
        ("default_deff = 1.5", 'default_deff = "1.5"', "default_deff", "must be a number"),
        ("default_deff = 1.5", "default_deff = true", "default_deff", "must be a number, got `true`"),
        ("sd = 0.13", "sd = -0.1", "shared_bias.sd", "at least 0"),
        ("default_n = 1500", "default_n = 0", "houses.fom.default_n", "at least 1"),
        ("default_n = 1500", "default_n = 15.5", "houses.fom.default_n", "whole number"),
        ("date = 2022-02-24", 'date = "2022-02-24"', "events[0].date", "without quotes"),
        ("date = 2022-02-24", 'date = "24.02.2022"', "events[0].date", "without quotes: write a date as YYYY-MM-DD"),
        ("date = 2022-02-24", 'date = "2022"', "events[0].date", "2022-01-01 for its first day"),
        ("date = 2022-02-24", "date = 2022-02-24 10:00:00", "events[0].date", "must be a date"),
        ("date = 2022-02-24", "date = 1722-02-24", "events[0].date", "before 1900"),
        ('shock = "weigh"', 'shock = "step"', "events[0].shock", "must be 'weigh' or 'none', got `step`"),
        ('indicators = ["anxiety"]', 'indicators = ["anxeity"]', "events[0].indicators[0]", "mean `anxiety`"),
        ('higher_is = "worse"', 'higher_is = "bad"', "indicators.anxiety.higher_is", "got `bad`"),
        ('reference = "circle"', 'reference = "cirle"', "indicators.anxiety.reference", "mean `circle`"),
        ('house = "pulse"', 'house = "puls"', "indicators.anxiety.variants.score.house", "mean `pulse`"),
        ('numerator = ["years"]', 'numerator = "years"', "indicators.planning.variants.horizon.numerator", "list"),
        ('numerator = ["years"]', "numerator = []", "indicators.planning.variants.horizon.numerator", "one"),
        ('numerator = ["years"]', 'numerator = ["years"]\nanswers = ["year", "none"]', HORIZON_ANSWERS, "mean `year`"),
        ('numerator = ["years"]', 'numerator = ["years"]\nanswers = ["years", "years"]', HORIZON_ANSWERS, "2 times"),
        ('fit_reason = "another scale"', "", "indicators.planning.variants.horizon.fit", "fit_reason"),
        ('default_deff_source = "stated"', "", "houses.fom.default_deff", "default_deff_source"),
        ('name = "Quote"', 'name = "Quote"\nurl = "javascript:alert(1)"', "houses.quote.url", "http"),
        ('name = "Quote"', 'name = "Quote"\nresponse_rate = 0.1', "houses.quote.response_rate", "response_rate_source"),
        ("default_n = 1500", 'response_rate = 6\nresponse_rate_source = "RR1"', "houses.fom.response_rate", "most 1"),
        ('name = "Quote"', 'name = "Quote"\nmoe_is = "max"', "houses.quote.moe_is", "'share' or 'maximum'"),
    ],
)  # fmt: skip
def test_a_fault_names_line_key_and_way_out(
    tmp_path: Path, old: str, new: str, field: str, message: str
) -> None:
    text = SURVEY.replace(old, new, 1)
    fault = next(f for f in faults_of(tmp_path, text) if f.field == field)
    assert message in fault.message
    key = field.split(".")[-1].split("[")[0]
    assert text.split("\n")[(fault.line or 0) - 1].startswith(key)


def test_every_fault_is_told_at_once_in_the_files_order(tmp_path: Path) -> None:
    text = SURVEY.replace("sd = 0.13", "sd = -1").replace('geography = "Ruritania"\n', "").replace(
        'house = "pulse"', 'house = "nobody"'
    )  # fmt: skip
    found = faults_of(tmp_path, text)
    assert [fault.field for fault in found] == [
        "geography",
        "shared_bias.sd",
        "indicators.anxiety.variants.score.house",
    ]
    assert found[0].line is None
    assert found[1].line == line_of(text, "sd = -1")


def test_a_key_that_is_missing_from_a_table_names_the_tables_line(tmp_path: Path) -> None:
    text = SURVEY.replace('label = "Invasion"\n', "")
    (fault,) = faults_of(tmp_path, text)
    assert (fault.field, fault.line) == ("events[0].label", line_of(text, "[[events]]"))


@pytest.mark.parametrize(
    ("broken", "line"),
    [
        ('title = "Mood\n', 1),
        ("a = 1\nb = = 2\n", 2),
        ("a = 1\na = 2\n", 2),
        ("[a]\nx = 1\n[a]\n", 3),
        ("a = 1\n[b\n", 2),
        ("a = 2022-13-01\n", 1),
        ('a = """\nnever closed', 1),
    ],
)
def test_malformed_toml_names_its_line(tmp_path: Path, broken: str, line: int) -> None:
    (fault,) = faults_of(tmp_path, broken)
    assert fault.line == line
    assert "is not sound TOML" in fault.message


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ('title = "Настроение"'.encode("utf-16"), "is UTF-16 text"),
        ('title = "Настроение"'.encode("utf-16-le"), "is UTF-16 text"),
        (b'x = 1\ntitle = "caf\xe9"', "is not UTF-8 text (byte 0xe9"),
        ("x = 1\ntitle = 'Настроение'".encode("cp1251"), "is not UTF-8 text"),
        (b"x = 1\ntitle = 'a\x00b'", "NUL byte"),
    ],
)
def test_other_encodings_are_named_with_the_way_out(tmp_path: Path, raw: bytes, message: str) -> None:
    (fault,) = faults_of(tmp_path, raw)
    assert message in fault.message
    assert "UTF-8" in fault.message
    assert fault.line == (1 if "UTF-16" in message else 2)


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FaultsError, match=r"survey\.toml: no such file"):
        load_survey(tmp_path)


def test_a_record_cannot_be_built_with_broken_links(tmp_path: Path) -> None:
    values = load_survey(survey_folder(tmp_path, row())).model_dump(exclude={"name", "folder"})
    values["indicators"]["anxiety"]["reference"] = "nothing"
    with pytest.raises(ValidationError, match="must be a variant of `anxiety`"):
        SurveyFile.model_validate(values)


BRIDGE = """
[indicators.anxiety.variants.newer]
house = "fom"
question = "Which mood now?"
numerator = ["anxious"]
[[bridges]]
indicator = "anxiety"
old = "circle"
new = "newer"
kind = "split_ballot"
date = 2023-02-01
old_share = 0.4
new_share = 0.5
old_n = 1000
new_n = 1000
source = "FOM, methods"
"""
ENDS = "old_n = 1000\nnew_n = 1000"


def test_a_bridge_joins_two_variants(tmp_path: Path) -> None:
    folder = survey_folder(tmp_path, row(), survey=SURVEY + BRIDGE)
    (bridge,) = load_survey(folder).bridges
    assert (bridge.old, bridge.new, bridge.old_n, bridge.se) == ("circle", "newer", 1000, None)


@pytest.mark.parametrize(
    ("old", "new", "field", "message"),
    [
        (
            'indicator = "anxiety"\nold',
            'indicator = "anxeity"\nold',
            "bridges[0].indicator",
            "mean `anxiety`",
        ),
        ('indicator = "anxiety"\nold', "old", "bridges[0].indicator", "is missing: write which"),
        (
            'old = "circle"',
            'old = "cirle"',
            "bridges[0].old",
            "a variant of `anxiety`, got `cirle`; did you mean",
        ),
        ('new = "newer"', 'new = "circle"', "bridges[0]", "must join two variants, or two modes of one"),
        ('"split_ballot"', '"vote"', "bridges[0].kind", "got `vote`"),
        ('"split_ballot"', '"judgement"', "bridges[0]", "of kind `judgement` needs `se`"),
        ("old_share = 0.4", "old_share = 40", "bridges[0].old_share", "below 1.0, got `40`"),
        (ENDS, "old_n = 1000", "bridges[0]", "needs its error, in one way"),
        (ENDS, "", "bridges[0]", "needs its error, in one way"),
        (ENDS, ENDS + "\nse = 0.02", "bridges[0]", "needs its error, in one way"),
        (ENDS, "se = 0.02\ndeff = 1.2", "bridges[0]", "`deff` belongs to `old_n` and `new_n`"),
        (ENDS, "se = -0.02", "bridges[0].se", "above 0"),
        ("new_share", "new_shar", "bridges[0].new_shar", "did you mean `new_share`?"),
    ],
)
def test_a_bridge_is_whole_and_joins_what_there_is(
    tmp_path: Path, old: str, new: str, field: str, message: str
) -> None:
    text = SURVEY + BRIDGE.replace(old, new, 1)
    assert any(f.field == field and message in f.message and f.line for f in faults_of(tmp_path, text))


MOOD = """
[indicators.calm]
title = "Calm"
description = "feel calm"
higher_is = "better"
variants.asked = { house = "fom", question = "Calm?", numerator = ["calm"] }
[moods.distress]
title = "One level"
items = ["anxiety", "calm"]
reverse = ["calm"]
"""


def test_a_mood_names_indicators_the_reference_first(tmp_path: Path) -> None:
    folder = survey_folder(tmp_path, row(), survey=SURVEY + MOOD)
    mood = load_survey(folder).moods["distress"]
    assert (mood.items, mood.reverse) == (("anxiety", "calm"), ("calm",))


@pytest.mark.parametrize(
    ("old", "new", "field", "message"),
    [
        ('"anxiety", "calm"]', '"anxiety", "clam"]', "moods.distress.items[1]", "no such indicator `clam`; did you"),
        ('"anxiety", "calm"]', '"anxiety", "anxiety"]', "moods.distress.items[1]", "names `anxiety` twice"),
        ('["anxiety", "calm"]', '["anxiety"]', "moods.distress.items", "names `anxiety`: a mood is of 2"),
        ('reverse = ["calm"]', 'reverse = ["anxiety"]', "moods.distress.reverse[0]", "is the reference, whose"),
        ('reverse = ["calm"]', 'reverse = ["planning"]', "moods.distress.reverse[0]", "is not among the items"),
        ('title = "One level"', "", "moods.distress.title", "is missing"),
        ("reverse", "revers", "moods.distress.revers", "did you mean `reverse`?"),
    ],
)  # fmt: skip
def test_a_mood_is_of_what_there_is_each_once(
    tmp_path: Path, old: str, new: str, field: str, message: str
) -> None:
    text = SURVEY + MOOD.replace(old, new, 1)
    found = [(fault.field, fault.message, fault.line) for fault in faults_of(tmp_path, text)]
    assert any(field == where and message in said and line for where, said, line in found), found


def test_a_mean_is_not_bridged(tmp_path: Path) -> None:
    mean = """
[indicators.ladder]
title = "Ladder"
description = "satisfaction"
higher_is = "better"
statistic = "mean"
scale = [0, 10]
[indicators.ladder.variants.circle]
house = "fom"
question = "How satisfied?"
[indicators.ladder.variants.newer]
house = "fom"
question = "How satisfied now?"
"""
    text = SURVEY + mean + BRIDGE.replace('indicator = "anxiety"\nold', 'indicator = "ladder"\nold')
    (fault,) = faults_of(tmp_path, text)
    assert (fault.field, fault.message) == (
        "bridges[0].indicator",
        "`ladder` is a mean, and only shares can be bridged: delete it",
    )
