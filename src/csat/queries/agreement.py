"""Complaints and survey scores theme by theme: where they agree, and where one side is silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from csat.model.answer import Provenance
from csat.model.category import category_names
from csat.model.cause_tree import CauseTree, Theme, stored_cause_tree
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.settings import Thresholds
from csat.queries.blocks import Question, questions, source, surveys_of
from csat.queries.complaint_tallies import NotAvailable, rates
from csat.queries.facts import Facts
from csat.queries.facts import facts as facts_of
from csat.queries.isolation import isolated
from csat.queries.reader import Reader
from csat.queries.standing import case_predicate
from csat.stats.agreement import (
    Finding,
    ThemeScore,
    ThemeShare,
    finding,
    theme_scores,
    theme_shares,
)
from csat.stats.intervals import poisson_interval
from csat.store.store import Store

_UNKNOWN = ThemeScore(0, *(None,) * 7, "unknown")


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """One theme from both sides.

    Parameters
    ----------
    complaints
        Count, share among the complaints of all themes, and test.
    rate, rate_low, rate_high
        Complaints per 1,000 customers served; None where these are not known.
    score
        Of 100, over the respondents who answered every theme; withheld scores are unknown.
    withheld
        Whether the privacy minimum hides the score.
    whole_dimension
        Whether the score is that of all questions of the dimension, as the theme names none.
    """

    theme: Theme
    complaints: ThemeShare
    rate: float | None
    rate_low: float | None
    rate_high: float | None
    score: ThemeScore
    finding: Finding
    withheld: bool
    whole_dimension: bool


@dataclass(frozen=True, slots=True)
class Agreement:
    """The answer: themes in the order of the tree, and what lies outside of it.

    Parameters
    ----------
    placed, unplaced
        Complaints in a theme, and in none.
    missing
        Causes, categories and questions of the tree that the data do not have.
    note
        The reason why there is nothing, or why scores are missing.
    """

    rows: tuple[ThemeRow, ...]
    placed: int
    unplaced: int
    missing: tuple[str, ...]
    provenance: Provenance
    note: Message | None = None


def cause_tree(store: Store, program: str) -> CauseTree | None:
    """Return the tree in force, or None where the program has none."""
    rows = store.rows(
        "SELECT c.document FROM cause_tree c JOIN program p USING (program_id) "
        "WHERE p.key = $program ORDER BY c.set_at DESC LIMIT 1",
        {"program": program},
    )
    return stored_cause_tree(rows[0]["document"]) if rows else None


def agreement(store: Store, filters: Filters, thresholds: Thresholds | None = None) -> Agreement:
    """Answer on which themes complaints and scores say the same, and on which they do not.

    Shared filters choose complaints and answers; those of cases choose complaints alone.
    Complaints of a theme are many where they make up clearly more than an even share of all
    themes' complaints; a score is low where respondents rate the theme clearly lower than they
    rate the other themes. See `csat.stats.agreement` for the tests.

    Raises
    ------
    UsageProblem
        When there is no such program.
    """
    limits = thresholds or Thresholds()
    facts = facts_of(store, filters.program)
    reader = Reader(store, facts)
    tree = cause_tree(store, filters.program)
    if tree is None:
        why = msg("No tree of causes is set for this program.")
        return Agreement((), 0, 0, (), reader.provenance(filters), why)
    counts, unplaced, unknown = _complaints(reader, filters, tree)
    scores, whole, note = _scores(reader, facts, filters, tree, limits)
    shares = theme_shares([counts[x.key] for x in tree.themes])
    served = _served(reader, facts, filters, sum(counts.values()) + unplaced)
    rows = []
    for theme, share in zip(tree.themes, shares, strict=True):
        score = scores.get(theme.key, _UNKNOWN)
        hidden = 0 < score.n < limits.withhold_under
        if hidden:
            score = replace(_UNKNOWN)
        rate = _rate(share.count, served)
        found = finding(share.side, score.side)
        rows.append(ThemeRow(theme, share, *rate, score, found, hidden, theme.key in whole))
    asked = {i.key for i in facts.asked(filters.surveys) if i.viewpoint == "perception"}
    absent = [i for theme in tree.themes for i in theme.items if i not in asked]
    return Agreement(
        tuple(rows),
        sum(counts.values()),
        unplaced,
        (*unknown, *absent),
        reader.provenance(filters),
        note,
    )


def _complaints(
    reader: Reader, filters: Filters, tree: CauseTree
) -> tuple[dict[str, int], int, tuple[str, ...]]:
    """Count the complaints of each theme, those of none, and name what never occurs."""
    where, params = case_predicate(reader.store, filters)
    rows = reader.rows(
        "SELECT cause, category, category_2, category_3, SUM(cases) AS n FROM complaint "
        f"WHERE {where} GROUP BY ALL",
        params,
    )
    counts = {theme.key: 0 for theme in tree.themes}
    unplaced = 0
    for row in rows:
        theme = _theme_of(tree, row)
        if theme is None:
            unplaced += int(row["n"])
        else:
            counts[theme.key] += int(row["n"])
    known = reader.rows(
        "SELECT DISTINCT cause, category, category_2, category_3 FROM complaint "
        "WHERE program_id = (SELECT program_id FROM program WHERE key = $program)",
        {"program": filters.program},
    )
    causes = {r["cause"] for r in known}
    absent = [c for x in tree.themes for c in x.causes if c not in causes]
    absent += [
        path for x in tree.themes for path in x.categories
        if not any(_inside(path, r) for r in known)
    ]  # fmt: skip
    return counts, unplaced, tuple(absent)


def _theme_of(tree: CauseTree, row: dict[str, Any]) -> Theme | None:
    """Return the theme of a case: by its cause, else by the longest path of its category."""
    for theme in tree.themes:
        if row["cause"] in theme.causes:
            return theme
    paths = [(len(p), x) for x in tree.themes for p in x.categories if _inside(p, row)]
    return max(paths, key=lambda found: found[0])[1] if paths else None


def _inside(path: str, row: dict[str, Any]) -> bool:
    names = category_names(path)[:3]
    levels = (row["category"], row["category_2"], row["category_3"])
    return all((level or "") == name for name, level in zip(names, levels, strict=False))


def _scores(
    reader: Reader, facts: Facts, filters: Filters, tree: CauseTree, limits: Thresholds
) -> tuple[dict[str, ThemeScore], set[str], Message | None]:
    """Score the themes that a survey asks about, over who answered all of them."""
    apart = isolated(reader.store, filters, limits)
    if apart is not None:
        return {}, set(), apart
    asked = questions(facts, filters)
    own = {x.key: [q for q in asked if q.key in x.items] for x in tree.themes if x.items}
    whole = {x.key for x in tree.themes if not x.items}
    own |= {
        x.key: [q for q in asked if q.dimension == x.dimension]
        for x in tree.themes
        if x.key in whole
    }
    own = {key: found for key, found in own.items() if found}
    if len(own) < 2:
        return {}, whole, msg("No survey asks about at least two of the themes.")
    n, keys = 0, list(own)
    sums, products = np.zeros(len(keys)), np.zeros((len(keys), len(keys)))
    for survey in surveys_of([q for found in own.values() for q in found]):
        parts = [[q for q in own[key] if q.survey_id == survey] for key in keys]
        if all(parts):
            more, s, p = _sums(reader, survey, filters, parts)
            n, sums, products = n + more, sums + s, products + p
    if not n:
        return {}, whole, msg("No respondent answered questions of every theme.")
    return dict(zip(keys, theme_scores(n, sums, products), strict=True)), whole, None


def _sums(
    reader: Reader, survey: int, filters: Filters, parts: Sequence[Sequence[Question]]
) -> tuple[int, np.ndarray, np.ndarray]:
    """Sum each theme's score, and the products of each two, over one survey's answers."""
    columns = [f"{_score(own)} AS x{k}" for k, own in enumerate(parts)]
    origin, params = source(survey, filters)
    k = len(parts)
    cells = [f"SUM(x{i} * x{j}) AS p{i}_{j}" for i in range(k) for j in range(i, k)]
    row = reader.rows(
        f"SELECT COUNT(*) AS n, {', '.join(f'SUM(x{i}) AS s{i}' for i in range(k))}, "
        f"{', '.join(cells)} FROM (SELECT {', '.join(columns)} {origin}) "
        f"WHERE {' AND '.join(f'x{i} IS NOT NULL' for i in range(k))}",
        params,
    )[0]
    sums = np.array([float(row[f"s{i}"] or 0) for i in range(k)])
    products = np.array(
        [[float(row[f"p{min(i, j)}_{max(i, j)}"] or 0) for j in range(k)] for i in range(k)]
    )
    return int(row["n"]), sums, products


def _score(own: Sequence[Question]) -> str:
    """Return SQL of the mean of the answered questions, 0 to 100, from half of them up."""
    scaled = [
        f"(100.0 * (a.{q.column('perception')} - {q.scale[0]:d}) / {q.scale[1] - q.scale[0]:d})"
        for q in own
    ]
    total = " + ".join(f"COALESCE({v}, 0)" for v in scaled)
    count = " + ".join(f"CASE WHEN {v} IS NULL THEN 0 ELSE 1 END" for v in scaled)
    return f"CASE WHEN 2 * ({count}) >= {len(own):d} THEN ({total}) / NULLIF({count}, 0) END"


def _served(reader: Reader, facts: Facts, filters: Filters, complaints: int) -> int | None:
    """Return the customers served, where they are known for every complaint counted."""
    if facts.span.complaints_complete is None:
        return None
    try:
        found = rates(reader, facts, filters, ())
    except NotAvailable:
        return None
    events = sum(tally.events for tally in found.values())
    return sum(tally.exposure for tally in found.values()) if events == complaints else None


def _rate(count: int, served: int | None) -> tuple[float | None, float | None, float | None]:
    if not served:
        return None, None, None
    ends = poisson_interval(count, served)
    return 1000 * count / served, 1000 * ends.low, 1000 * ends.high
