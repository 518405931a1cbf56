"""All answers of one indicator's question on the newest wave's day, as a small table that adds up to 100%."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from markupsafe import Markup

from groundswell.reports.evidence.reading import Reading
from groundswell.reports.html.markup import NOTHING, Block
from groundswell.reports.html.tables import table
from groundswell.reports.language.language import Language
from groundswell.trends.questions.order import REST


def answers(reading: Reading, language: Language) -> Block:
    """Every answer with its level and 95% interval; nothing where only one answer is known."""
    question = reading.question
    if question is None:
        return NOTHING
    levels, say = question.levels(reading.last), language.say
    shares = whole_percents(levels["share"].tolist())
    spans = zip(levels["low95"], levels["high95"], strict=True)
    names = [say("all other answers") if name == REST else name for name in levels["answer"]]
    # As objects: pandas would turn a column of Markup into plain text, and the page would show its tags.
    rows = pd.DataFrame(
        {
            say("Answer"): [Markup('<span class="answer">{}</span>').format(name) for name in names],
            say("Share"): [language.percent(share / 100) for share in shares],
            language.percent(0.95): [language.span(low, high) for low, high in spans],
        },
        dtype=object,
    )
    rows.attrs["right"] = (say("Share"), language.percent(0.95))
    day = language.date(reading.last)
    title = say("All answers on {day}, with 95% intervals; together they are 100%.", day=day)
    known = question.waves["told"]
    asked = say(
        "Waves that say every answer: {whole} of {n}.",
        whole=language.number(int((known == len(question.answers)).sum())),
        n=language.number(int((known > 0).sum())),
    )
    note = f"{title} {asked}"
    body = Markup("<p class=note>{}</p>").format(note)
    return Block(str(body + table(rows, language, caption=f"{reading.title}. {title}")), part="note")


def whole_percents(shares: Sequence[float]) -> list[int]:
    """Shares that add up to 1 as whole percents that add up to 100.

    The first is rounded as everywhere on the page; of the others those with the largest remainders are rounded up.
    """
    first = round(100 * shares[0])
    exact = np.array(shares[1:]) * (100 - first) / max(100 * (1.0 - shares[0]), 1e-9) * 100
    whole = np.floor(exact).astype(int)
    up = np.argsort(whole - exact, kind="stable")[: 100 - first - int(whole.sum())]
    whole[up] += 1
    return [first, *whole.tolist()]
