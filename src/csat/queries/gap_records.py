"""Gaps as records tell them: standards there are, standards attained, promises kept.

They stand beside what people say in surveys and are never added to it (methods.md 2.15).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.registers import Promise, Standard
from csat.model.settings import Thresholds
from csat.queries.attained import Attained
from csat.queries.attainments import attainments
from csat.queries.blocks import source
from csat.queries.catalogue import group_names
from csat.queries.coverage import Coverage, Kept, NoStandard, Records, coverage, kept_promises
from csat.queries.facts import Facts
from csat.queries.facts import facts as facts_of
from csat.queries.figures import evaluate
from csat.queries.gap_rows import RECORD_NEEDS, GapRow, Measured
from csat.queries.reader import Reader
from csat.queries.registers import promises_in_force, standards_in_force
from csat.stats.attainment import pooled_share
from csat.stats.intervals import wilson_interval
from csat.store.store import Store

_WHOLE: Final = 100.0
_NONE: Final = "not_applicable"
_SAID_OF: Final = {"standard": 2, "delivery": 3}
"""Viewpoint of the statements on a whole dimension that may say "no standard" -> gap."""


def records(
    store: Store, filters: Filters, limits: Thresholds, reader: Reader, facts: Facts
) -> tuple[list[GapRow], Records]:
    """Return gaps 2, 3 and 4 from the registers, complaint clocks, audits and indicators."""
    day = judged_on(facts, filters)
    standards = standards_in_force(reader, filters.program)
    promises = _in_period(promises_in_force(reader, filters.program), filters)
    entries: list[Standard | Promise] = [*standards, *promises]
    stated = {e.dimension for e in entries if e.dimension}
    names = list(dict.fromkeys([*(key for key, _ in facts.slots), *sorted(stated)]))
    found = attainments(store, reader, facts, filters, limits, standards, day)
    places = filters.touchpoints or tuple(
        dict.fromkeys(
            [
                *group_names(store, filters.program, "touchpoint"),
                *sorted(s.touchpoint for s in standards if s.touchpoint),
            ]
        )
    )
    covered = coverage(standards, names, places, day) if standards else ()
    kept = [kept_promises([p for p in promises if _about(p, n)], n, day) for n in (None, *names)]
    sources = sorted({p.source for p in promises})
    rows = [_covered(c) for c in covered]
    if not covered:
        rows = [_needed(2, name) for name in (None, *names)]
    for name in (None, *names):
        row = _delivered(found, name)
        if row is None and name is None:
            row = _marked(store, filters, limits, reader)
        rows.append(row or _needed(3, name))
    rows += [_promised(k, limits) if k.decided else _needed(4, k.group) for k in kept]
    return rows, Records(
        found,
        covered,
        tuple(k for k in kept if k.decided or k.open),
        tuple(kept_promises([p for p in promises if p.source == s], s, day) for s in sources),
        _no_standard(reader, facts, filters.program, limits),
        day,
        _notes(filters, standards, promises),
    )


def judged_on(facts: Facts, filters: Filters) -> date:
    """Return the day to judge by: the end of the period, of the data, or today."""
    if filters.period is not None:
        return filters.period.last
    return facts.span.last or datetime.now(UTC).date()


def judged_on_of(store: Store, filters: Filters) -> date:
    """Return the day that `judged_on` gives for a program of a store."""
    return judged_on(facts_of(store, filters.program), filters)


def _notes(
    filters: Filters, standards: Sequence[Standard], promises: Sequence[Promise]
) -> tuple[Message, ...]:
    narrowed = filters.branches or filters.channels or filters.segments
    if narrowed and (standards or promises):
        return (msg("Standards and promises name no branch: they count for all groups."),)
    return ()


def _in_period(promises: Sequence[Promise], filters: Filters) -> list[Promise]:
    """Return the promises whose promised day lies in the period; those without one always do."""
    period = filters.period
    return [
        p
        for p in promises
        if period is None
        or not isinstance(p.promised, date)
        or period.first <= p.promised <= period.last
    ]


def _about(promise: Promise, dimension: str | None) -> bool:
    return dimension is None or promise.dimension == dimension


def _needed(gap: int, dimension: str | None) -> GapRow:
    return GapRow(gap, dimension, "record", form="share", needs=RECORD_NEEDS[gap])


def _covered(found: Coverage) -> GapRow:
    """Return gap 2: a count of all touchpoints, so that there is no interval."""
    formal = found.steps["formal"]
    share = _WHOLE * formal / found.cells if found.cells else 0.0
    short = share < _WHOLE
    told = msg(
        "{k} of {n} touchpoints have a formal standard, {none} have none at all",
        k=formal,
        n=found.cells,
        none=found.none,
    )
    measured = Measured(
        share - _WHOLE,
        None,
        None,
        found.cells,
        verdict="worse" if short else "no_clear_change",
        actual=share,
        reference=_WHOLE,
    )
    return GapRow(2, found.dimension, "record", measured, "share", detail=told)


def _delivered(found: Sequence[Attained], dimension: str | None) -> GapRow | None:
    """Return gap 3: cases and audits that reached the target of their standard.

    It falls short where a standard is missed: a standard may ask less than that every case
    reaches its target.
    """
    own = [a for a in found if not a.stale and dimension in (None, a.standard.dimension)]
    shared = pooled_share([(a.reached, a.checked) for a in own if a.reached is not None
                           and a.checked])  # fmt: skip
    if shared is None:
        return None
    judged = [a for a in own if a.measured]
    met = sum(a.state == "met" for a in judged)
    checked = sum(a.checked or 0 for a in own)
    told = msg(
        "{k} of {n} standards attained; {reached} of {checked} cases and audits reached theirs",
        k=met,
        n=len(judged),
        reached=sum(a.reached or 0 for a in own),
        checked=checked,
    )
    missed = any(a.state == "missed" for a in judged)
    row = _share(3, dimension, shared.value, (shared.low, shared.high), checked, told)
    return _judged(row, "worse" if missed else "no_clear_change" if judged else "too_few")


def _judged(row: GapRow, verdict: str) -> GapRow:
    return (
        row
        if row.measured is None
        else replace(row, measured=replace(row.measured, verdict=verdict))
    )


def _promised(found: Kept, limits: Thresholds) -> GapRow:
    n = found.decided
    ends = wilson_interval(found.kept, n)
    told = msg("{k} of {n} promises kept, {open} still open", k=found.kept, n=n, open=found.open)
    row = _share(4, found.group, found.kept / n, (ends.low, ends.high), n, told)
    return _judged(row, "too_few") if n < limits.caution_under else row


def _share(
    gap: int,
    dimension: str | None,
    share: float,
    ends: tuple[float, float],
    n: int,
    detail: Message,
) -> GapRow:
    """Return a share as percentage points below 100."""
    low, high = (_WHOLE * end - _WHOLE for end in ends)
    measured = Measured(
        _WHOLE * share - _WHOLE,
        low,
        high,
        n,
        verdict="worse" if high < 0 else "no_clear_change",
        actual=_WHOLE * share,
        reference=_WHOLE,
    )
    return GapRow(gap, dimension, "record", measured, "share", detail=detail)


def _marked(store: Store, filters: Filters, limits: Thresholds, reader: Reader) -> GapRow | None:
    """Return gap 3 from the file's own mark of timeliness, where no standard is measured."""
    answer = evaluate(store, filters, ["timely_response_share"], thresholds=limits)
    reader.asked += [(sql, dict(params)) for sql, params in answer.provenance.reads]
    figure = answer.one("timely_response_share")
    if figure.withheld:
        hidden = Measured(None, None, None, None, verdict="too_few")
        return GapRow(3, None, "record", hidden, "share", withheld=True)
    if figure.value is None or not figure.n or figure.low is None or figure.high is None:
        return None
    told = msg("cases that their file marks as answered in time, as no standard is measured")
    ends = (figure.low / _WHOLE, figure.high / _WHOLE)
    row = _share(3, None, figure.value / _WHOLE, ends, figure.n, told)
    return _judged(row, "too_few") if figure.n < limits.caution_under else row


def _no_standard(
    reader: Reader, facts: Facts, program: str, limits: Thresholds
) -> tuple[NoStandard, ...]:
    """Return how many managers and staff said that there is no standard, over all dates.

    What they said in place of a rating is known only for all their answers together.
    """
    said = {(survey, key): n for survey, key, kind, n in facts.excluded if kind == _NONE}
    out = []
    for item in facts.items:
        gap = _SAID_OF.get(item.viewpoint)
        if gap is None or item.pair or not item.dimension:
            continue
        origin, params = source(item.survey_id, Filters(program))
        rated = reader.rows(f"SELECT COUNT(a.i{item.item_no:d}) AS n {origin}", params)[0]["n"]
        none = said.get((item.survey, item.key), 0)
        n = int(rated) + none
        if n >= limits.withhold_under:
            ends = wilson_interval(none, n)
            percent = (_WHOLE * none / n, _WHOLE * ends.low, _WHOLE * ends.high)
            out.append(NoStandard(gap, item.dimension, *percent, n))
    return tuple(out)
