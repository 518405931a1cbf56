"""How sure we are: checks, calibration, what would make each finding false, and the truth where it is known."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from groundswell.reports.evidence.changes import Change, of_kinds, read_changes
from groundswell.reports.evidence.reading import Reading
from groundswell.reports.evidence.report import ReportEvidence
from groundswell.reports.evidence.told import nowcast
from groundswell.reports.figures.trend.words import NO_LEVEL
from groundswell.reports.findings.chosen import Findings
from groundswell.reports.findings.said import clearest, now_of
from groundswell.reports.findings.words import word_for
from groundswell.reports.html.markup import Block, paragraph, section
from groundswell.reports.language.checks import with_sentences
from groundswell.reports.language.language import Language
from groundswell.reports.language.measure import measure_of
from groundswell.reports.sections.certainty.benchmarks import benchmark_table, worth_sentence
from groundswell.reports.sections.certainty.overturning import overturning_tables
from groundswell.reports.sections.overview import checks_elsewhere
from groundswell.trends.checks.scoring_rules import INTERVALS
from groundswell.vocabulary import EVERYONE
from groundswell.waves.surveys.survey_toml import SharedBias

FEWEST_FORECASTS = 10
SIGNS = {"passed": "✓", "warned": "!", "failed": "✗"}


def how_sure(evidence: ReportEvidence, all_findings: Findings, language: Language) -> Block:
    """The nowcast, checks and doubts of every trend that is shown in full, what would make the page's findings false,
    what the model assumes of shared bias, and the truth if known."""
    say = language.say
    names = {key: house.name for key, house in evidence.survey.houses.items()}
    pieces: list[Markup] = []
    for reading in (evidence.readings[key] for key in all_findings.in_full):
        pieces.append(Markup("<h3>{}</h3>").format(reading.title))
        if reading.trend is None:
            pieces.append(paragraph(say(NO_LEVEL)))
            continue
        pieces.append(paragraph(_nowcast(reading, language)))
        pieces += benchmark_table(reading, language)
        checks = evidence.checks[evidence.checks["indicator"] == reading.key]
        pieces.append(_check_list(with_sentences(checks, language, names), language))
        pieces += [paragraph(sentence) for sentence in doubts(evidence, reading, language)]
        if not reading.used.empty:
            pieces.append(paragraph(non_response_sentences(evidence, reading, language)))
        pieces += overturning_tables(evidence, reading, all_findings.chosen, language)
    if elsewhere := checks_elsewhere(evidence, all_findings, language):
        pieces.append(paragraph(elsewhere))
    pieces.append(paragraph(shared_bias_sentence(evidence.survey.shared_bias, language)))
    if (known := truth_sentence(evidence.truth, language)) is not None:
        pieces.append(Markup("<h3>{}</h3><p>{}</p>").format(say("Against the truth"), known))
    run = evidence.checks[evidence.checks["verdict"] != "not applicable"]
    passed = int((run["verdict"] == "passed").sum())
    title = say("How sure we are: {passed} of {run} checks passed", passed=passed, run=len(run))
    body = Markup("").join(pieces)
    return section("how-sure", title, body, language, folded=True, contents=say("How sure we are"))


def _check_list(checks: pd.DataFrame, language: Language) -> Markup:
    """One line a check with its verdict."""
    items = [
        Markup('<li class="verdict-{}"><span aria-hidden="true">{}</span> <b>{}</b> {}</li>').format(
            row["verdict"].replace(" ", "-"),
            SIGNS.get(row["verdict"], "–"),
            language.say(row["verdict"]),
            row["sentence"],
        )
        for _, row in checks.iterrows()
    ]
    return Markup('<ul class="checks">{}</ul>').format(Markup("").join(items))


def _nowcast(reading: Reading, language: Language) -> str:
    measure = measure_of(reading.indicator, language)
    now = nowcast(reading)
    if now is None:
        return language.say(
            "There is no recent wave: the newest is of {month}, too old to tell the level on {date}.",
            month=language.month(reading.last),
            date=language.date(reading.as_of),
        )
    told = language.say(
        "Nowcast for {date}: {share} (95%: {interval}); for the population, shared bias included: {population}.",
        date=language.date(reading.as_of),
        share=measure.number(now["share"]),
        interval=measure.span(now["low95"], now["high95"]),
        population=measure.span(now["population_low95"], now["population_high95"]),
    )
    return f"{told} {worth_sentence(reading, now, language)}".rstrip()


def shared_bias_sentence(bias: SharedBias, language: Language) -> str:
    """Where the size of the bias that all houses share is from."""
    if bias.sd is None:
        return language.say(
            "Bias that all houses share cannot be seen in their waves; how large it may be is learnt, of each "
            "indicator, where the truth became known, and widens only the intervals that speak of the population."
        )
    return language.say(
        "Bias that all houses share cannot be seen in their waves; it is taken as a standard deviation of {sd} "
        "on the logit scale ({source}) and widens only the intervals that speak of the population.",
        sd=language.number(bias.sd, 2),
        source=bias.source,
    )


def doubts(evidence: ReportEvidence, reading: Reading, language: Language) -> list[str]:
    """Sentences about one indicator with a trend: its calibration, and its clearest change without each house."""
    said = [calibration_sentence(reading, language)]
    changes = read_changes(evidence.comparisons_of(reading.key))
    newest = [one for one in changes if word_for(one.adjusted)]
    newest = now_of(newest) or of_kinds(changes, "wave")
    if newest:
        said += house_sentences(reading, clearest(newest), language)
    return said


def non_response_sentences(evidence: ReportEvidence, reading: Reading, language: Language) -> str:
    """What those who gave no answer, and those who were not reached, could make of the newest wave."""
    say, measure = language.say, measure_of(reading.indicator, language)
    newest, known = reading.used.iloc[-1], evidence.non_response(reading)
    house = evidence.survey.houses.get(newest["house"])
    told = [
        say(
            "Worst case of the newest wave ({house}, {period}, {share}), with nothing assumed of those who did not "
            "answer:",
            house=reading.house_name(newest["house"]),
            period=language.period(newest["start"], newest["end"], newest["precision"]),
            share=measure.number(newest["share"]),
        )
    ]
    if known.unanswered is None:
        told.append(say("how many gave no answer to the question is not stated;"))
    else:
        told.append(
            say(
                "{unanswered} gave no answer to the question, and with them it is {bounds} of those asked;",
                unanswered=language.percent(known.unanswered),
                bounds=measure.span(*known.of_asked),
            )
        )
    if known.response_rate is None or house is None:
        told.append(
            say(
                "the response rate is not stated, so that nothing bounds what those who were not reached think."
            )
        )
    else:
        told.append(
            say(
                "{rate} of those who were to be asked answered ({source}), and with all others it is {bounds}.",
                rate=language.percent(known.response_rate, 1),
                source=house.response_rate_source,
                bounds=measure.span(*known.of_all),
            )
        )
    return " ".join(told)


def calibration_sentence(reading: Reading, language: Language) -> str:
    """How often a wave fell inside the intervals forecast from the waves before it."""
    scored = reading.earlier_forecasts()
    if len(scored) < FEWEST_FORECASTS:
        return language.say("Too few waves came one after another to say how often earlier forecasts held.")
    held = {percent: int(scored[f"inside{percent}"].sum()) for percent in INTERVALS}
    # Babel reads a message whose call holds an f-string as none: the values are named first.
    values = {f"in{percent}": language.number(count) for percent, count in held.items()}
    values |= {f"share{percent}": language.percent(count / len(scored)) for percent, count in held.items()}
    return language.say(
        "Calibration: each of {all} waves was forecast from the waves before it, as could have been done then. "
        "The 50% intervals held {in50} of them ({share50}), the 80% intervals {in80} ({share80}), "
        "the 95% intervals {in95} ({share95}).",
        all=language.number(len(scored)),
        **values,
    )


def house_sentences(reading: Reading, change: Change, language: Language) -> list[str]:
    """What the clearest change becomes without each house; nothing where there is one house."""
    table = reading.without_each_house(change.start, change.end)
    if table.empty:
        return []
    measure = measure_of(reading.indicator, language)
    without = "; ".join(
        language.say(
            "without {house} {change} (95%: {low} to {high})",
            house=reading.house_name(one["house"]),
            change=measure.change_in_words(one["estimate"]),
            low=measure.change(one["low"]),
            high=measure.change(one["high"]),
        )
        for _, one in table.iterrows()
    )
    return [
        language.say(
            "Leave one house out: the change from {start} to {end} is {change} with all houses; {without}.",
            start=language.date(change.start),
            end=language.date(change.end),
            change=measure.change_in_words(change.estimate),
            without=without,
        )
    ]


def truth_sentence(rows: pd.DataFrame, language: Language) -> str | None:
    """How many intervals of `held_truth` hold the truth, in words; None where nobody knows it."""
    if rows.empty:
        return None
    everyone = rows[rows["domain"] == EVERYONE]
    by_domain = rows[rows["domain"] != EVERYONE]
    say = language.say
    text = say(
        "The respondents are simulated, so the truth is known: {held} of {all} intervals of waves hold it.",
        held=language.number(int(everyone["held"].sum())),
        all=language.number(len(everyone)),
    )
    if by_domain.empty:
        return text
    return f"{text} " + say(
        "Of those of domains it is {held} of {all} ({share}); 95% are promised.",
        held=language.number(int(by_domain["held"].sum())),
        all=language.number(len(by_domain)),
        share=language.percent(float(by_domain["held"].mean())),
    )
