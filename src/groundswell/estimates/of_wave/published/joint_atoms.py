"""Respondents by the domains of today and by those that were published before, all at once.

Where the file is the same, respondents are told apart by all these domains together. Where it was corrected since, the
file of then is read too: who is in both files with the same weight, answers and domains is one respondent; whoever was
changed stands there twice, once as then and once as today, since the difference of the two figures tells both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from groundswell.arrays import Flags, Ints
from groundswell.errors import InputError
from groundswell.estimates.of_wave.disclosure_control import Published, hidden_domains
from groundswell.estimates.of_wave.published.groups import WAY_OUT, WaveGroups
from groundswell.vocabulary import EVERYONE, domain_key, domain_parts
from groundswell.waves.respondents.codebook import with_missing
from groundswell.waves.respondents.reader import read_respondents
from groundswell.waves.respondents.sql import Sql, identifier, sql
from groundswell.waves.wave.recode import recode
from groundswell.waves.wave.set_answers import counted_sets
from groundswell.waves.wave.wave_toml import Wave


@dataclass(frozen=True)
class JointAtoms:
    """Respondents by all domains.

    Attributes:
        names: of today's domains.
        domains: (D, A) whether a domain of today holds an atom.
        people: (K, A) respondents of each atom: all, and those who answered each item.
        published: what was published before.
    """

    names: tuple[str, ...]
    domains: Flags
    people: Ints
    published: Published

    def hidden(self, limit: int) -> set[str]:
        """The names of today's domains that have to be hidden."""
        hidden = hidden_domains(self.domains, people=self.people, limit=limit, published=self.published)
        return {name for name, unseen in zip(self.names, hidden, strict=True) if unseen}


def joint_atoms(wave: Wave, before: Sequence[tuple[WaveGroups, Path]]) -> JointAtoms:
    """The respondents of a wave by today's domains and by those `before`, each with the file that it was made from.

    Raises: InputError where a file lacks a column that the domains of then or of today need.
    """
    files = list(dict.fromkeys([wave.respondents, *(file for _, file in before)]))
    rules = [wave, *(groups.who.of(wave) for groups, _ in before)]
    of_file = [files.index(file) for file in (wave.respondents, *(file for _, file in before))]
    read = [
        next(rule for rule, its in zip(rules, of_file, strict=True) if its == at) for at in range(len(files))
    ]
    tables = [
        _counted(file, own, rules, alone=len(files) == 1) for file, own in zip(files, read, strict=True)
    ]
    atoms, there = _matched(tables, len(wave.indicators))
    inside = [atoms[f"r{at}"].to_numpy(bool) & there[:, of_file[at]] for at in range(len(rules))]

    def group(at: int, name: str) -> Flags:
        """The atoms of the domain `name` of the rules `at`."""
        variable, category = domain_parts(name)
        if name == EVERYONE:
            return inside[at]
        place = list(rules[at].domains).index(variable)
        return inside[at] & (atoms[f"r{at}d{place}"] == category).to_numpy(bool)

    names = [EVERYONE]
    for place, variable in enumerate(wave.domains):
        found = atoms.loc[inside[0], f"r0d{place}"].dropna().unique()
        names += [domain_key(variable, category) for category in sorted(found)]
    shown = [(at, name, groups) for at, (groups, _) in enumerate(before, 1) for name in groups.shown]
    published = np.array([group(at, name) for at, name, _ in shown])
    if not published.any(axis=1).all():
        _, name, groups = shown[int(np.argmin(published.any(axis=1)))]
        raise InputError(
            f"`{wave.name}`: `{groups.report}` shows the domain `{name}`, in which nobody is any more by what its "
            f"`groups.json` says of it: put that file back as it was published, or {WAY_OUT}"
        )
    items = [[indicator in groups.shown[name] for _, name, groups in shown] for indicator in wave.indicators]
    return JointAtoms(
        names=tuple(names),
        domains=np.array([group(0, name) for name in names]),
        people=atoms.filter(like="people").to_numpy(np.int64).T,
        published=Published(
            groups=published,
            shown=np.array([[True] * len(shown), *items]),
            files=there.T,
        ),
    )


def _counted(file: Path, own: Wave, rules: Sequence[Wave], *, alone: bool) -> pd.DataFrame:
    """How many of a file's rows have the same weight, answers (`y0` …) and, by each of the rules, domains.

    `r0` … say who is in the wave by these rules, with a weight above zero; `r0d0` … are the categories. Of a file that
    stands `alone` nobody has to be found in another: whether there is an answer is enough.
    """
    opened = read_respondents(file, options=replace(own.read_options, missing=()))
    read: list[Sql] = []
    for at, rule in enumerate(rules):
        respondents = replace(opened, codebook=with_missing(opened.codebook, rule.read_options))
        absent = [column for column in rule.columns if column not in respondents.codebook]
        if absent:
            raise InputError(
                f"`{file}` has no column `{absent[0]}`, by which domains were or are made: without it nobody can say "
                f"what earlier reports and this one give away together: give the column back, or {WAY_OUT}"
            )
        recoded = recode(rule, respondents, counted_sets(rule, respondents)[0])
        weight = sql("1.0")
        if rule.design.weight is not None:
            weight = sql("CAST({w} AS DOUBLE)", w=identifier(rule.design.weight))
        inside = sql("coalesce({where} AND {w} > 0, false)", where=recoded.where, w=weight)
        read.append(_named(inside, f"r{at}"))
        read += [
            _named(category, f"r{at}d{place}") for place, category in enumerate(recoded.domains.values())
        ]
        if at == 0:
            answers = list(recoded.answers.values())
            if alone:
                answers = [sql("CASE WHEN {y} IS NOT NULL THEN 1 END", y=answer) for answer in answers]
            else:
                read.append(_named(weight, "weight"))
            read += [_named(answer, f"y{place}") for place, answer in enumerate(answers)]
    return opened.frame("SELECT {read}, count(*) AS n FROM {respondents} GROUP BY ALL", read=read)


def _named(value: Sql, name: str) -> Sql:
    return sql("{value} AS {name}", value=value, name=identifier(name))


def _matched(tables: Sequence[pd.DataFrame], items: int) -> tuple[pd.DataFrame, Flags]:
    """The atoms of all files, and in which of the files the respondents of each atom are.

    As many respondents as two files have alike are taken to be the same ones.
    """
    rows = pd.concat([table.assign(file=at) for at, table in enumerate(tables)], ignore_index=True)
    known = [name for name in rows if name not in ("n", "file")]
    alike = rows.groupby(known, dropna=False, sort=False).ngroup().to_numpy()
    count = np.zeros((alike.max() + 1, len(tables)), np.int64)
    np.add.at(count, (alike, rows["file"].to_numpy()), rows["n"].to_numpy())
    kinds = rows.loc[~pd.Series(alike).duplicated(), known].reset_index(drop=True)
    steps = np.sort(count, axis=1)
    sizes = np.diff(steps, axis=1, prepend=0)
    parts = []
    for step in range(len(tables)):
        there = count >= steps[:, [step]]
        where = {f"in{at}": there[:, at] for at in range(len(tables))}
        answered = {
            f"people{place + 1}": sizes[:, step] * kinds[f"y{place}"].notna() for place in range(items)
        }
        parts.append(kinds.assign(**where, people0=sizes[:, step], **answered)[sizes[:, step] > 0])
    stacked = pd.concat(parts, ignore_index=True)
    told = [name for name in stacked if str(name).startswith(("r", "in"))]
    people = [f"people{place}" for place in range(items + 1)]
    atoms = stacked.groupby(told, dropna=False, sort=False)[people].sum().reset_index()
    return atoms, atoms[[f"in{at}" for at in range(len(tables))]].to_numpy(bool)
