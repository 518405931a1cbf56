"""The sections of a page from evidence made by hand: masthead, findings, tables, checks, truth, disclosure."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from reports.hand_made import (
    AS_OF,
    DrawnTrend,
    a_change,
    a_manifest,
    a_reading,
    a_row,
    a_survey,
    an_evidence,
    effect,
    observed,
)
from reports.test_findings import compared

from groundswell.reports.evidence.earlier.previous import Before
from groundswell.reports.evidence.report import ReportEvidence
from groundswell.reports.evidence.told import nowcast
from groundswell.reports.findings.chosen import report_findings
from groundswell.reports.findings.words import WORDS
from groundswell.reports.html.markup import NOTHING, Block, paragraph, section
from groundswell.reports.html.tables import csv_text, safe_cells, unmasked
from groundswell.reports.language.language import Language
from groundswell.reports.sections.by_domain.domain_gaps import WIDEST, domain_gaps
from groundswell.reports.sections.by_domain.domains import domains, newest_domains
from groundswell.reports.sections.certainty import how_sure as sure
from groundswell.reports.sections.data_quality import MOST, data_quality, profile_quality, survey_flags
from groundswell.reports.sections.findings import findings
from groundswell.reports.sections.houses import houses
from groundswell.reports.sections.how_measured import how_measured
from groundswell.reports.sections.masthead import masthead
from groundswell.reports.sections.since_last import since_last
from groundswell.reports.sections.wave_table import BAR, OFTEN, wave_rows, wave_table

EN = Language("en")
NO_CHANGES = pd.DataFrame()


def words(piece: Any) -> str:
    """The text of a piece of HTML, tags taken out."""
    html = piece.html if isinstance(piece, Block) else str(piece)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def how_sure(evidence: ReportEvidence) -> Block:
    """The section with the evidence's own findings, in English."""
    return sure.how_sure(evidence, report_findings(evidence, EN), EN)


def checks(*verdicts: str) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"code": "warnings", "verdict": verdict, "values": {"warnings": [f"w{n}"]}}
            for n, verdict in enumerate(verdicts)
        ]
    )


def test_a_section_stands_under_its_heading_and_is_folded_where_it_should_be() -> None:
    body = paragraph("<b>Text</b>")
    plain, folded = (
        section("key", "Title", body, EN),
        section("key", "Title", body, EN, folded=True, contents="T"),
    )
    assert "<p>&lt;b&gt;Text&lt;/b&gt;</p>" in plain.html
    assert "<details" not in plain.html
    assert "<details" in folded.html
    assert (plain.section, plain.title, folded.title) == ("key", "Title", "T")
    assert (NOTHING.html, NOTHING.part) == ("", "note")


# -- masthead and findings


def test_the_masthead_counts_waves_houses_and_checks_and_says_the_claim() -> None:
    trend = DrawnTrend(
        {"2024-01-01": 0.4, "2024-12-31": 0.4}, checks=checks("passed", "warned", "not applicable")
    )
    reading = a_reading(a_row("2024-01-10"), a_row("2024-02-10", house="bell", variant="bell"), trend=trend)
    evidence = an_evidence(reading, compared=compared())
    piece = masthead(evidence, report_findings(evidence, EN), EN)
    text = words(piece)
    assert "as of 31 December 2024" in text
    assert "2 waves, 2 houses" in text
    assert "1 of 2 checks passed" in text
    assert "Testland: no change that can be told from chance" in text
    assert "Adults in Testland. Mood: the share who feel well. Bands show what is not known." in text
    assert (piece.part, piece.section) == ("masthead", "top")


def test_the_findings_are_open_on_the_page_and_the_rest_is_folded_with_the_rule_of_the_words() -> None:
    table = compared(
        a_change(adjusted=0.99), a_change(kind="year", adjusted=0.6), a_change(adjusted=0.5, estimate=0.01)
    )
    evidence = an_evidence(compared=table)
    text = words(findings(evidence, report_findings(evidence, EN), EN))
    assert "Mood almost certainly fell from its highest, 46% in April 2024, to 36% in October 2024." in text
    # Those of a family are told in each of its rows, as `compared`; the year is another family.
    assert "6 changes were looked at." in text
    assert "Nothing can be said" not in text
    for word, least in WORDS:
        assert f"{word} {least:.2f} and above" in text
    assert text.endswith("no finding less")


def test_what_cannot_be_said_is_one_line_folded_where_something_is_found() -> None:
    plans = a_reading(a_row("2024-01-10", indicator="plans"), key="plans")
    line = "Nothing can be said of a change up to the newest wave of Plans (January 2024): it cannot be told"
    some = an_evidence(a_reading(), plans, compared=compared(a_change()))
    html = findings(some, report_findings(some, EN), EN).html
    assert html.index("<details") < html.index(line)
    none = an_evidence(plans, compared=compared())
    html = findings(none, report_findings(none, EN), EN).html
    assert html.index(line) < html.index("<details")
    assert html.count("Nothing can be said") == 1


# -- houses and domains


def test_one_house_in_one_wording_has_a_sentence_instead_of_a_figure() -> None:
    alone = houses(a_reading(), EN)
    assert "Mood: one house in one wording" in words(alone)
    trend = DrawnTrend(
        {"2024-01-01": 0.4, "2024-12-31": 0.4},
        effects=pd.DataFrame([effect("acme", "acme", 0.0, 0.0), effect("bell", "bell", 0.02)]),
    )
    two = houses(
        a_reading(a_row("2024-01-10"), a_row("2024-02-10", house="bell", variant="bell"), trend=trend), EN
    )
    assert not isinstance(two, Block)


def test_the_newest_wave_by_domain_is_the_newest_and_of_this_indicator() -> None:
    rows = observed(
        a_row("2024-01-10"), a_row("2024-01-10", 0.1, domain="sex: men"), a_row("2024-10-10", 0.5, domain="sex: men"),
        a_row("2024-12-10", 0.9, domain="sex: men", indicator="plans"),
    )  # fmt: skip
    reading = a_reading(a_row("2024-01-10"))
    evidence = an_evidence(reading, observations=rows)
    text = words(newest_domains(evidence, reading, EN))
    assert text.startswith("The newest wave by domain: 8–10 Oct 2024")
    assert "50.0%" in text
    assert "10.0%" not in text
    assert "90.0%" not in text
    assert not isinstance(domains(evidence, reading, EN), Block)
    assert newest_domains(an_evidence(reading), reading, EN) is NOTHING
    assert domains(an_evidence(reading), reading, EN) is NOTHING


def a_gap(domain: str, other: str, estimate: float, **changes: object) -> dict[str, object]:
    """A gap of a tenth of a point's certainty, unchanged since January."""
    return {
        "indicator": "mood", "domain": domain, "other": other, "estimate": estimate, "low": estimate - 0.03,
        "high": estimate + 0.03, "probability": 0.97, "since": pd.Timestamp("2024-01-09"), "change": 0.02,
        "change_low": -0.04, "change_high": 0.08,
    } | changes  # fmt: skip


def gap_words(*gaps: dict[str, object]) -> str:
    """What the page says of these gaps."""
    reading = a_reading(a_row("2024-10-10"), trend=DrawnTrend({"2024-01-01": 0.4, "2024-12-31": 0.4}))
    evidence = an_evidence(reading)
    evidence.__dict__["domain_gaps"] = pd.DataFrame(gaps)
    return words(domain_gaps(evidence, reading, EN))


def test_a_gap_says_which_lies_higher_how_surely_and_whether_it_changed() -> None:
    text = gap_words(a_gap("sex: women", "sex: men", 0.08))
    assert "on 9 October 2024" in text
    assert "Since 9 January 2024" in text
    assert "sex: women over men +8 +5 to +11 0.97 +2 (−4 to +8)" in " ".join(text.split())


def test_a_gap_that_cannot_be_compared_with_before_has_a_dash() -> None:
    blank = dict.fromkeys(("change", "change_low", "change_high"), float("nan"))
    assert "0.97 –" in " ".join(gap_words(a_gap("sex: women", "sex: men", 0.08, **blank)).split())


def test_the_widest_gaps_of_each_variable_are_shown_and_no_other_indicator_s() -> None:
    many = [a_gap(f"zone: {n}", "zone: z", 0.20 - n / 100) for n in range(WIDEST + 2)]
    text = gap_words(
        *many, a_gap("sex: women", "sex: men", 0.08), a_gap("sex: x", "sex: y", 0.5, indicator="plans")
    )
    assert sum(f"zone: {n} over z" in text for n in range(WIDEST + 2)) == WIDEST
    assert f"Of each variable the {WIDEST} widest are shown; domain_gaps.csv has all." in text
    assert "widest are shown" not in gap_words(*many[:WIDEST])
    assert f"zone: {WIDEST - 1} over z" in text
    assert "sex: women over men" in text
    assert "sex: x" not in text


def test_without_followed_domains_there_is_no_table_of_gaps() -> None:
    assert domain_gaps(an_evidence(a_reading()), a_reading(), EN) is NOTHING


# -- wave table

NAMES = ["Fieldwork", "House", "Mode", "n", "effective n", "deff", "Share", "± margin", "Source and remarks"]


def test_the_wave_table_has_the_newest_wave_first_and_its_numbers() -> None:
    table = wave_rows(
        a_reading(a_row("2024-01-10", 0.41), a_row("2024-02-10", n=None, n_effective=None)), NO_CHANGES, EN
    )
    assert list(table.columns) == NAMES
    newest, oldest = table.to_dict(orient="records")
    assert "8–10 Feb 2024" in newest["Fieldwork"]
    assert 'data-day="2024-01-10"' in oldest["Fieldwork"]
    assert (oldest["House"], oldest["Mode"], oldest["n"], oldest["effective n"], oldest["deff"]) == (
        "Acme", "telephone", 1000, 800, 1.25,
    )  # fmt: skip
    assert oldest["± margin"] == pytest.approx(2.0)
    assert pd.isna(newest["n"])
    assert pd.isna(newest["effective n"])
    assert f"--w:{0.41 * BAR:.0f}px" in oldest["Share"]
    assert "41%" in oldest["Share"]


def test_a_range_is_shown_as_a_range_without_a_margin_and_a_share_with_its_digits() -> None:
    table = wave_rows(
        a_reading(
            a_row("2024-01-10", 0.414, rounding=0.001),
            a_row("2024-02-10", 0.2, range_low=0.10, range_high=0.30, left_out="n_unknown"),
            a_row("2024-03-10", None),
        ),
        NO_CHANGES,
        EN,
    )
    missing, ranged, exact = table.to_dict(orient="records")
    assert "10–30%" in ranged["Share"]
    assert "--x:3px;--w:7px" in ranged["Share"]
    assert pd.isna(ranged["± margin"])
    assert "41.4%" in exact["Share"]
    assert missing["Share"] is None


def test_remarks_say_why_a_row_is_left_out_its_wording_its_certainty_and_its_note() -> None:
    reading = a_reading(
        a_row("2024-01-10", variant="acme-old", note="Read off a chart"), a_row("2024-02-10", left_out="n_unknown"),
        a_row("2024-03-10", house="bell", variant="bell", certainty=""),
    )  # fmt: skip
    bell, left_out, old = (
        words(row["Source and remarks"])
        for row in wave_rows(reading, NO_CHANGES, EN).to_dict(orient="records")
    )
    assert old == "Bulletin note wording: acme-old ; verbatim primary ; Read off a chart".replace(" ;", ";")
    assert left_out == "Bulletin left out left out of the fit: n is unknown; wording: acme; verbatim primary"
    assert bell == "Bulletin"


def test_a_long_source_in_many_rows_stands_once_below_the_table() -> None:
    long = "The yearbook of the house of Acme, which nobody wants to read twice"
    rows = [a_row(f"2024-0{month}-10", source=long) for month in range(1, OFTEN + 1)]
    piece = wave_table(a_reading(*rows, a_row("2024-08-10", left_out="n_unknown")), NO_CHANGES, EN)
    text = words(piece)
    assert text.count(long) == 1
    assert text.count("source 1") == OFTEN
    assert "1 row is left out of the fit." in text
    assert (piece.section, piece.title, piece.group) == ("waves-mood", "Mood", "Waves")
    few = words(wave_table(a_reading(*rows[1:]), NO_CHANGES, EN))
    assert few.count(long) == OFTEN - 1
    assert "left out" not in few
    short = [a_row(f"2024-0{month}-10") for month in range(1, OFTEN + 1)]
    assert "source 1" not in words(wave_table(a_reading(*short), NO_CHANGES, EN))


def test_a_source_links_only_where_its_address_is_safe() -> None:
    piece = wave_table(a_reading(a_row("2024-01-10", source_url="javascript:alert(1)")), NO_CHANGES, EN)
    assert "javascript" not in piece.html
    assert 'href="https://acme.example/1"' in wave_table(a_reading(), NO_CHANGES, EN).html


def test_cells_that_a_spreadsheet_would_run_are_masked_and_come_back_as_they_were() -> None:
    rows = pd.DataFrame({"text": ["=1+1", "-5", "@x", "plain", "'=1"], "number": [-1.5, 2, 3, 4, 5]})
    safe = safe_cells(rows)
    assert safe["text"].tolist() == ["'=1+1", "'-5", "'@x", "plain", "'=1"]
    assert safe["number"].tolist() == rows["number"].tolist()
    assert [unmasked(cell) for cell in safe["text"][:4]] == rows["text"].tolist()[:4]
    assert csv_text(rows).splitlines()[:2] == ["text,number", "'=1+1,-1.5"]


# -- since the last report


def test_a_first_report_and_one_that_cannot_be_compared_say_so() -> None:
    assert "This is the first report of this survey." in words(since_last(an_evidence(), EN))
    broken = Before(a_manifest("2024-06-30"), observed(), "observations.csv")
    text = words(since_last(an_evidence(before=broken), EN))
    assert "cannot be compared: its observations.csv is not as it was published" in text


# -- data quality


def quality(*verdicts: str) -> pd.DataFrame:
    """One check of each wave: so many respondents have weight zero as the wave's number says."""
    return pd.DataFrame(
        [
            {
                "wave": f"w{n}", "code": "item_non_response", "subject": f"Q{n}", "verdict": verdict, "number": 0.5,
                "values": {"subject": f"Q{n}", "number": 0.5},
            }
            for n, verdict in enumerate(verdicts)
        ]
    )  # fmt: skip


def test_flags_of_all_waves_stand_open_newest_first_and_the_rest_is_folded() -> None:
    text = words(survey_flags(quality("flagged", "passed", "flagged"), EN))
    assert text.startswith("2 of 3 checks of the respondents of 3 waves are flagged.")
    assert text.index("`Q2`") < text.index("`Q0`")
    assert "`Q1`" not in text
    assert "more flag" not in words(survey_flags(quality(*["flagged"] * MOST), EN))
    assert "1 more flag" in words(survey_flags(quality(*["flagged"] * (MOST + 1)), EN))
    assert "2 checks of the respondents of 2 waves flag nothing." in words(
        survey_flags(quality("passed", "passed"), EN)
    )


def test_the_checks_of_one_wave_show_its_flags_and_fold_what_passed() -> None:
    html = str(profile_quality(quality("flagged", "passed"), EN))
    assert html.index("`Q0`") < html.index("<details") < html.index("`Q1`")
    assert "1 check found nothing unusual" in html
    assert "Nothing is flagged." in words(profile_quality(quality("passed"), EN))
    assert "<details" not in str(profile_quality(quality("flagged"), EN))


def test_a_survey_without_respondents_has_no_section_on_their_quality() -> None:
    assert data_quality(an_evidence(), EN) is NOTHING
    evidence = an_evidence(kept=(SimpleNamespace(wave="a wave"),))
    evidence.__dict__["quality"] = quality("flagged")
    assert "1 of 1 checks" in words(data_quality(evidence, EN))


# -- how sure


def forecasts(inside50: int, inside80: int, inside95: int, every: int) -> pd.DataFrame:
    counts = {"inside50": inside50, "inside80": inside80, "inside95": inside95}
    return pd.DataFrame({name: [place < count for place in range(every)] for name, count in counts.items()})


def test_calibration_counts_how_often_each_interval_held() -> None:
    text = sure.calibration_sentence(a_reading(forecasts=forecasts(5, 9, 10, 10)), EN)
    assert "each of 10 waves" in text
    assert (
        "50% intervals held 5 of them (50%), the 80% intervals 9 (90%), the 95% intervals 10 (100%)" in text
    )
    few = sure.calibration_sentence(a_reading(forecasts=forecasts(5, 9, 9, 9)), EN)
    assert few.startswith("Too few waves")


def test_leaving_a_house_out_gives_the_change_without_each() -> None:
    without = pd.DataFrame([{"house": "acme", "waves": 3, "estimate": -0.02, "low": -0.05, "high": 0.01}])
    (text,) = sure.house_sentences(a_reading(without=without), a_change(), EN)
    assert "from 9 April 2024 to 9 October 2024 is −10 points with all houses" in text
    assert "without Acme −2 points (95%: −5 to +1)" in text
    assert sure.house_sentences(a_reading(), a_change(), EN) == []


def test_doubts_are_about_the_clearest_change_up_to_now() -> None:
    changes = compared(
        a_change(kind="year", estimate=-0.5), a_change(), a_change(adjusted=0.98, estimate=-0.3)
    )
    without = pd.DataFrame([{"house": "acme", "waves": 3, "estimate": -0.02, "low": -0.05, "high": 0.01}])
    reading = a_reading(without=without)
    evidence = an_evidence(reading, compared=changes)
    calibration, house = sure.doubts(evidence, evidence.reading("mood"), EN)
    assert calibration.startswith("Too few")
    assert "the change from 9 April 2024 to 9 October 2024 is −10 points with all houses" in house
    unclear = an_evidence(reading, compared=compared(a_change(adjusted=0.6)))
    assert len(sure.doubts(unclear, unclear.reading("mood"), EN)) == 2
    without_now = an_evidence(reading, compared=compared(a_change(kind="year"), a_change(kind="event")))
    assert len(sure.doubts(without_now, without_now.reading("mood"), EN)) == 1


@pytest.mark.parametrize(("wide", "told"), [(0.1499, True), (0.1501, False)])
def test_a_nowcast_wider_than_thirty_points_is_no_news(wide: float, told: bool) -> None:
    reading = a_reading(trend=DrawnTrend({"2024-01-01": 0.4, "2024-12-31": 0.4}, wide=wide))
    text = words(how_sure(an_evidence(reading, compared=compared())))
    assert ("Nowcast for 31 December 2024" in text) is told
    missing = "There is no recent wave: the newest is of October 2024, too old to tell the level on 31 December 2024."
    assert (missing in text) is not told


@pytest.mark.parametrize(("times", "told"), [(4.0, True), (4.001, False)])
def test_a_nowcast_four_times_as_wide_as_a_wave_s_level_is_no_news(times: float, told: bool) -> None:
    reading = a_reading()
    level = reading.level
    now = level["date"] == AS_OF
    reading.__dict__["level"] = level.assign(
        high95=level["high95"].where(~now, level["low95"] + 0.06 * times - 1e-9)
    )
    assert (nowcast(reading) is not None) is told


def test_how_sure_lists_every_check_with_its_verdict_and_the_nowcast() -> None:
    trend = DrawnTrend(
        {"2024-01-01": 0.4, "2024-12-31": 0.4}, checks=checks("passed", "warned", "failed", "not applicable")
    )
    piece = how_sure(an_evidence(a_reading(trend=trend), compared=compared()))
    text = words(piece)
    assert "How sure we are: 1 of 3 checks passed" in text
    for sign, verdict in (("✓", "passed"), ("!", "warned"), ("✗", "failed"), ("–", "not applicable")):
        assert f"{sign} {verdict} The numerical libraries warned" in text
    assert (
        "Nowcast for 31 December 2024: 40% (95%: 37–43%); for the population, shared bias included: 34–46%. "
        "That interval is worth a simple random sample of about 260 people." in text
    )
    assert "standard deviation of 0.10 on the logit scale (a guess, for tests)" in text
    assert "Against the truth" not in text
    unfitted = a_reading(a_row("2024-01-10", left_out="n_unknown"))
    assert "every wave is left out of the fit" in words(how_sure(an_evidence(unfitted)))


def test_the_truth_sentence_counts_everyone_and_domains_apart() -> None:
    held = pd.DataFrame(
        [
            ("all", True),
            ("all", False),
            ("sex: men", True),
            ("sex: women", True),
            ("sex: men", False),
            ("age: 1", True),
        ],
        columns=["domain", "held"],
    )
    text = sure.truth_sentence(held, EN)
    assert text == (
        "The respondents are simulated, so the truth is known: 1 of 2 intervals of waves hold it. "
        "Of those of domains it is 3 of 4 (75%); 95% are promised."
    )
    everyone = sure.truth_sentence(held[held["domain"] == "all"], EN)
    assert everyone is not None
    assert "domains" not in everyone
    assert sure.truth_sentence(held.head(0), EN) is None
    evidence = an_evidence(compared=compared())
    evidence.__dict__["truth"] = held
    assert "Against the truth" in words(how_sure(evidence))


# -- how measured


def test_how_measured_counts_the_items_and_names_cautions_and_licence() -> None:
    rows = observed(a_row("2024-01-10"), a_row("2024-01-10", n=None, domain="sex: men"))
    piece = how_measured(a_survey(), rows, EN)
    text = words(piece)
    present = len(re.findall(r"<dt>", piece.html)) - piece.html.count('class="missing">missing: ')
    assert f"How it was measured: {present} of 11 disclosure items present" in text
    assert "Mood, bell: asked last" in text
    assert "Licence: CC0" in text
    assert "the sample size of 1 wave" not in text
    assert piece.title == "How it was measured"
    mood = a_survey().indicators["plans"]
    assert "Cautions" not in words(how_measured(a_survey(indicators={"plans": mood}), rows, EN))


def test_the_date_of_the_evidence_is_the_end_of_2024() -> None:
    assert an_evidence().as_of == AS_OF == pd.Timestamp("2024-12-31")
