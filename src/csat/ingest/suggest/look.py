"""Look at a whole file: every column in turn, then what several of them are together."""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingABC
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from csat.ingest.columns import Column
from csat.ingest.layout import normalised
from csat.ingest.mapping import Mapping
from csat.ingest.roles import Kind
from csat.ingest.suggest.choices import option_groups, ranked, why_left_out
from csat.ingest.suggest.draft import Draft
from csat.ingest.suggest.facts import Facts
from csat.ingest.suggest.header import guess_kind, roles_named
from csat.ingest.suggest.longwise import FileFacts, facts_of_rows
from csat.ingest.suggest.pairs import View, dimensions_of, pair_up
from csat.ingest.suggest.personal import personal_kind
from csat.ingest.suggest.rating import HIGH, LOW, Rating
from csat.ingest.suggest.scales import rating_of
from csat.ingest.suggest.strays import without_strays
from csat.ingest.suggest.suggestion import Suggestion
from csat.ingest.suggest.tools import Tool, tool_of
from csat.model.message import Message, msg
from csat.model.vocabulary import FEELINGS, KANO_SIDES

_NONE: Final[MappingABC[str, MappingABC[str, str]]] = MappingProxyType({})
_NO_CODES: Final[MappingABC[str, Sequence[str]]] = MappingProxyType({})
_QUALITY: Final = re.compile(
    r"csat|nps|\bces\b|satisf|rat(e|ing)|score|quality|recommend|effort|easy|importan|how "
    r"|agree|service|staff|overall|满意|评分|评价|推荐|质量|服务|重要|态度|环境|总体",
    re.IGNORECASE,
)
_PEOPLE: Final = {"respondent_id", "staff"}
"""Roles of personal data that are loaded all the same, as keyed hashes."""
_NO_RATING: Final = re.compile(
    r"how many|how old|number of|\bcount\b|\bage\b|gender|\bsex\b|education|income|occupation"
    r"|marital|\byears?\b|\bmonth\b|\bquarter\b|\bwave\b|\bzip\b|postal|postcode|country|language"
    r"|_id$|\bid$|duration|seconds|minutes|progress|finished|状态|性别|年龄|学历|收入|职业|婚姻"
    r"|多少|几(个|次|人|年|部)|次数|数量|时长|所用时间|编号|序号",
    re.IGNORECASE,
)


def suggest(
    name: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str | None]],
    kind: Kind | None = None,
    *,
    tool: str = "",
    wordings: Sequence[str] = (),
    labels: MappingABC[str, MappingABC[str, str]] = _NONE,
    missing: MappingABC[str, Sequence[str]] = _NO_CODES,
    facts: FileFacts | None = None,
) -> Suggestion:
    """Guess a mapping from header words, value labels and values.

    Parameters
    ----------
    name
        The file's name; it names the survey and the mapping.
    columns, rows
        Header and sample rows, texts as staged.
    kind
        What the file holds, as a person says; guessed where it is None.
    tool
        The tool that wrote the file, where the reader knows it.
    wordings
        The long wording of each column, or nothing.
    labels, missing
        The file's own value labels and user-missing values, per column.
    facts
        What the whole file tells, from `facts_of_staged`; else the rows alone tell.

    Returns
    -------
    Suggestion
        The mapping, and for every column how sure it is and why.
    """
    wrote = tool_of(columns, tool)
    chosen = kind or (wrote.kind if wrote else guess_kind(columns))
    known = facts or facts_of_rows(columns, rows)
    draft = Draft(chosen, labels)
    said = {c: wordings[i] for i, c in enumerate(columns) if i < len(wordings) and wordings[i]}
    notes: list[Message] = []
    if wrote is not None and wrote.kind == chosen:
        notes.append(msg("Written by {tool}", tool=wrote.title))
        _from_tool(draft, wrote, columns, known.columns)
    asked = dict(known.columns)
    if chosen == "survey" and known.long is not None:
        _take_long(draft, known)
        notes.append(
            msg("Each row holds one answer: {n} questions become columns", n=len(known.questions))
        )
        asked |= {q: f for q, f in known.questions.items() if q not in asked}
    _look(draft, columns, rows, asked, said, missing)
    if chosen == "survey":
        notes += _put_together(draft, said)
    personal = [c for c, f in draft.findings.items() if f.personal and f.column is None]
    if personal:
        notes.append(msg("Personal data is left out: {names}", names=", ".join(personal)))
    ordered = [draft.findings[c] for c in asked if c in draft.findings]
    key = normalised(Path(name).stem)[:40] or "survey"
    title = Path(name).stem
    mapped = tuple(f.column for f in ordered if f.column is not None)
    findings = {c: draft.findings[c] for c in asked}
    mapping = Mapping(key, chosen, title, mapped)
    if chosen == "survey":
        mapping = replace(mapping, survey_key=key, survey_title=title)
    return Suggestion(mapping, findings, tuple(notes), tuple(draft.questions))


def _from_tool(
    draft: Draft, tool: Tool, columns: Sequence[str], facts: MappingABC[str, Facts]
) -> None:
    """Take the tool's own columns in the order in which it prefers them."""
    order = {name: i for i, name in enumerate(tool.names)}
    for name in sorted(columns, key=lambda c: order.get(normalised(c), len(order))):
        told = tool.column(name)
        if told is not None:
            draft.from_tool(name, told, facts[name], tool)


def _take_long(draft: Draft, known: FileFacts) -> None:
    long = known.long
    if long is not None:
        reason = msg("One row per answer: its three columns tell so")
        for role, source in (
            ("response_id", long.response),
            ("question", long.question),
            ("answer", long.answer),
        ):
            draft.propose(Column(source, role), HIGH, reason)


def _look(
    draft: Draft,
    columns: Sequence[str],
    rows: Sequence[Sequence[str | None]],
    facts: MappingABC[str, Facts],
    said: MappingABC[str, str],
    missing: MappingABC[str, Sequence[str]],
) -> None:
    """Look at every column: first what cannot be mistaken, then what its name or values tell."""
    survey = draft.kind == "survey"
    wordings = [said.get(c, "") for c in columns]
    groups = option_groups(columns, wordings, facts) if survey else {}
    rankings = ranked(columns, rows, facts) if survey else set()
    ratings = _ratings(draft, columns, facts, said, missing) if survey else {}
    exact = [c for c in facts if any(sure for _, sure in roles_named(draft.kind, c))]
    for name in dict.fromkeys([*exact, *facts]):
        if name in draft.findings:
            continue
        known, group, rated = facts[name], groups.get(name, ""), name in ratings
        why = why_left_out(name, known, group, in_ranking=name in rankings) if survey else None
        personal = personal_kind(f"{name} {said.get(name, '')}".strip(), known, rated=rated)
        as_id = bool(personal) and bool(_PEOPLE & {r for r, _ in roles_named(draft.kind, name)})
        if as_id and draft.by_name(name, known, personal):
            continue
        if personal:
            draft.leave_personal(name, personal, HIGH if known.distinct else LOW)
        elif why is not None and not (rated and not group and name not in rankings):
            draft.leave(name, HIGH, why)
        elif rated and not _unique_id(draft, name, known):
            draft.rate(name, said.get(name, ""), ratings[name])
        elif not draft.by_name(name, known):
            draft.by_values(name, known)


def _unique_id(draft: Draft, name: str, facts: Facts) -> bool:
    named = {
        role for role, exact in roles_named(draft.kind, name) if exact or role == "response_id"
    }
    single = facts.distinct == facts.filled > 1
    return bool(named & {"response_id", "weight"}) and (single or "weight" in named)


def _ratings(
    draft: Draft,
    columns: Sequence[str],
    facts: MappingABC[str, Facts],
    said: MappingABC[str, str],
    missing: MappingABC[str, Sequence[str]],
) -> dict[str, Rating]:
    """Find the scales of all columns; columns of one block share theirs."""
    open_ = [c for c in facts if c not in draft.findings]
    blocks: dict[str, list[str]] = {}
    views = pair_up(open_, [said.get(c, "") for c in open_])
    for name in open_:
        block = "pairs" if name in views else _block(name)
        blocks.setdefault(block, []).append(name)
    found: dict[str, Rating] = {}
    for name in open_:
        header = f"{name} {said.get(name, '')}".strip()
        labels = draft.labels.get(name, {})
        if _NO_RATING.search(header) and not labels:
            continue
        own = facts[name]
        together = blocks["pairs" if name in views else _block(name)]
        beside = {v for c in together if c != name and facts[c].few for v in facts[c].values}
        gaps = missing.get(name, ())
        rating = rating_of(own, header, labels, gaps, beside) if len(beside) < 40 else None
        rating = rating or rating_of(own, header, labels, gaps)
        if rating is None:
            rating = _but_for_strays(own, header)
        asked = len(together) > 1 or name not in columns
        if rating is not None and (asked or _speaks(rating, own, header)):
            found[name] = rating
        elif rating is not None and rating.confidence == HIGH:
            found[name] = replace(rating, confidence=LOW)
    return found


def _but_for_strays(facts: Facts, header: str) -> Rating | None:
    """Return the scale that nearly all answers are on, where a few lie off it."""
    trimmed, strays = without_strays(facts)
    rating = rating_of(trimmed, header, {}, ()) if strays else None
    if rating is None:
        return None
    reason = msg("{n} answers lie off this scale; their rows will be refused", n=strays)
    return replace(rating, confidence=LOW, reason=reason)


def _speaks(rating: Rating, facts: Facts, header: str) -> bool:
    """Say whether a column's words, and not its numbers alone, make it a rating."""
    words = not all(v.replace(".", "").lstrip("-+").isdecimal() for v in facts.values)
    return words or bool(rating.scale.labels) or bool(_QUALITY.search(header))


def _block(name: str) -> str:
    """Return what the names of one block of questions share, or the name itself.

    Examples
    --------
    >>> _block("q12"), _block("Rate: [Staff]"), _block("Q7FOOD"), _block("3-1"), _block("Overall")
    ('q#', 'Rate: [', 'Q7*', '#-#', 'Overall')
    """
    if "[" in name:
        return name[: name.index("[") + 1]
    if re.fullmatch(r"[A-Za-z_. ]{0,12}\d+([-_.]\d+)?[A-Za-z]?", name):
        return re.sub(r"\d+", "#", name)
    match = re.match(r"([A-Za-z]{1,3}\d+)[A-Za-z_.]", name)
    return match[1] + "*" if match else name


def _put_together(draft: Draft, said: MappingABC[str, str]) -> list[Message]:
    """Give rated questions their viewpoint, pair and dimension; say what was recognised."""
    rated = {
        c: f.column.item
        for c, f in draft.findings.items()
        if f.column is not None and f.column.item is not None
    }
    names = list(rated)
    wordings = [said.get(c, "") for c in names]
    views = _on_one_scale(pair_up(names, wordings), draft)
    dimensions, by_place = dimensions_of(names, wordings, views)
    for name, item in rated.items():
        if item is None or (name not in views and name not in dimensions):
            continue
        view = views.get(name)
        item = replace(
            item,
            viewpoint=view.viewpoint if view else item.viewpoint,
            pair=view.pair if view else "",
            dimension=dimensions.get(name, ""),
        )
        finding = draft.findings[name]
        if finding.column is not None:
            draft.findings[name] = replace(finding, column=replace(finding.column, item=item))
    notes = []
    if views:
        pairs = len({v.pair for v in views.values()})
        notes.append(msg("Pairs recognised by their names: {n}", n=pairs))
    if by_place:
        notes.append(msg("22 numbered pairs: taken as the statements of SERVQUAL in usual order"))
    elif dimensions:
        notes.append(msg("Questions whose dimension is recognised: {n}", n=len(dimensions)))
    return notes


def _on_one_scale(views: dict[str, View], draft: Draft) -> dict[str, View]:
    """Keep the pairs whose views can be subtracted, on one scale, and Kano's from 1 to 5."""
    ends: dict[str, set[tuple[int, int]]] = {}
    for name, view in views.items():
        column = draft.findings[name].column
        if column is not None and column.item is not None and view.viewpoint != "importance":
            ends.setdefault(view.pair, set()).add(column.item.scale.ends)
    fits = {pair: len(found) == 1 for pair, found in ends.items()}
    kano = {v.pair for v in views.values() if v.viewpoint in KANO_SIDES}
    fits |= {pair: ends.get(pair) == {FEELINGS} for pair in kano}
    return {c: v for c, v in views.items() if fits.get(v.pair, True)}
