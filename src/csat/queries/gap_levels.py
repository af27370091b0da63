"""What each viewpoint says of a dimension: exact sums of respondents' scores.

A *level* is rated statement by statement on the customers' own statements and scale, so that two
viewpoints can be taken from each other. A *statement* says of a whole dimension how far something
is from its best (how formal a standard is, how well it can be met), and is taken from the top of
its scale (methods.md 2.15).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.settings import Thresholds
from csat.model.vocabulary import COMPANY_VIEWPOINTS, SURVEY_CUTS
from csat.queries.blocks import source
from csat.queries.catalogue import ItemRow
from csat.queries.facts import Facts
from csat.queries.isolation import isolated_within
from csat.queries.predicate import survey_predicate
from csat.queries.reader import Reader
from csat.queries.small_scores import count_scores
from csat.stats.moments import Moments
from csat.store.scores import SCORE_UNIT, score_sql
from csat.store.store import Store

CAUSE: Final = "cause"
COMPANY: Final = tuple(v for v in COMPANY_VIEWPOINTS if v != CAUSE)
"""Viewpoints of the organisation; what customers say is ``desired`` and ``perception``."""
_FIELDS: Final = dict(
    zip(SURVEY_CUTS, ("branches", "channels", "segments", "touchpoints"), strict=True)
)


@dataclass(frozen=True, slots=True)
class Want:
    """A score to be counted: a viewpoint's mean over some statements of a dimension.

    Parameters
    ----------
    viewpoint
        One of `COMPANY`, ``desired``, ``perception`` (both over the pairs of those who gave
        both), ``gap`` (the second less the first), or `CAUSE`.
    pairs
        The statements; empty for those that are about the whole dimension.
    """

    viewpoint: str
    dimension: str
    pairs: frozenset[str] = frozenset()


class Sides:
    """The questions of a program by viewpoint and dimension, and whose answers may be counted."""

    def __init__(
        self, store: Store, reader: Reader, facts: Facts, filters: Filters, limits: Thresholds
    ) -> None:
        self._reader, self._facts, self._filters = reader, facts, filters
        self._customers = {
            i.survey_id for i in facts.asked(filters.surveys) if i.viewpoint in _CUSTOMER_VIEWS
        }
        ours = {i.survey_id: i.survey for i in facts.items if i.viewpoint in (*COMPANY, CAUSE)}
        self._items: dict[tuple[str, str | None], list[ItemRow]] = {}
        self.notes: list[Message] = []
        self.refused: dict[int, Message] = {}
        self._filters_of = self._narrowed(store, ours, limits)

    def _narrowed(
        self, store: Store, ours: dict[int, str], limits: Thresholds
    ) -> dict[int, Filters]:
        """Return the filters of each survey: one that states no branch is not narrowed by it."""
        chosen = replace(self._filters.for_survey(), surveys=(), compare="none")
        out = dict.fromkeys(self._customers, chosen)
        for survey_id, told in _stated(self._reader, chosen, ours).items():
            unknown = [c for c in SURVEY_CUTS if getattr(chosen, _FIELDS[c]) and not told[c]]
            own = chosen.with_(**{_FIELDS[c]: () for c in unknown})
            if unknown:
                self._note(msg("Answers of {survey} count for all groups.", survey=ours[survey_id]))
            whole = own == Filters(own.program, compare="none")
            apart = None if whole else isolated_within(store, own, limits, ours[survey_id])
            if apart is None:
                out[survey_id] = own
            else:
                self.refused[survey_id] = apart
        return out

    def _note(self, note: Message) -> None:
        if note not in self.notes:
            self.notes.append(note)

    def items(self, viewpoint: str, dimension: str | None = None) -> list[ItemRow]:
        """Return the questions of a viewpoint whose answers may be counted."""
        place = viewpoint, dimension
        if place not in self._items:
            self._items[place] = [
                i
                for i in self._facts.items
                if i.viewpoint == viewpoint
                and (dimension is None or i.dimension == dimension)
                and i.survey_id in self._filters_of
                and (viewpoint in (*COMPANY, CAUSE) or i.survey_id in self._customers)
            ]
        return self._items[place]

    def filters_of(self, survey_id: int) -> Filters:
        """Return which answers of a survey count; only of surveys that `items` names."""
        return self._filters_of[survey_id]

    def refusal(self, viewpoints: Iterable[str]) -> Message | None:
        """Return why answers from these viewpoints must not be shown, or None."""
        wanted = set(viewpoints)
        for i in self._facts.items:
            if i.viewpoint in wanted and i.survey_id in self.refused:
                return self.refused[i.survey_id]
        return None

    def levels(self, viewpoint: str, dimension: str) -> dict[str, tuple[int, int]]:
        """Return the statements that a viewpoint rates in a dimension, with their scale."""
        found = {i.pair: i.scale for i in self.items(viewpoint, dimension) if i.pair}
        if viewpoint != "desired":
            return found
        known = {(i.survey_id, i.pair) for i in self.items("perception", dimension)}
        facing = {p for _, p in known}
        return {p: s for p, s in found.items() if p in facing or not known}

    def statements(self, viewpoint: str, dimension: str) -> tuple[int, int] | None:
        """Return the scale of the statements about a whole dimension, or None without any."""
        scales = {i.scale for i in self.items(viewpoint, dimension) if not i.pair}
        return scales.pop() if len(scales) == 1 else None

    def count(self, asked: Iterable[tuple[Want, ...]]) -> dict[tuple[Want, ...], Moments]:
        """Count scores: of one want, or the sum of several over who has all of them.

        Returns
        -------
        dict
            Moments of the mean over the wants of a key, added over the surveys that ask them.
        """
        wanted = list(dict.fromkeys(asked))
        out = {key: Moments(0, 0, 0, SCORE_UNIT * len(key)) for key in wanted}
        for survey_id in self._filters_of:
            inside = [key for key in wanted if all(w.viewpoint in (*COMPANY, CAUSE) for w in key)]
            for key, found in self._scan_inside(survey_id, inside):
                out[key] = out[key] + found
            asked_of = [key for key in wanted if key not in inside]
            own = [(key, self._scores(survey_id, key)) for key in asked_of]
            there = [(key, found) for key, found in own if found is not None]
            if there:
                for key, found in self._scan(survey_id, there):
                    out[key] = out[key] + found
        return out

    def by_touchpoint(
        self, want: Want, level: float, *, at_most: bool = False
    ) -> dict[str, tuple[Moments, int]]:
        """Count a score by touchpoint ("" where none is stated), and how often it reached a level.

        Returns
        -------
        dict
            Only touchpoints with answers; nothing of them has passed the privacy gate.
        """
        sign = "<=" if at_most else ">="
        out: dict[str, tuple[Moments, int]] = {}
        for survey_id, filters in self._filters_of.items():
            score = self._score(survey_id, want)
            if score is None:
                continue
            origin, params = source(survey_id, filters)
            rows = self._reader.rows(
                "SELECT COALESCE(t.touchpoint, '') AS place, COUNT(s) AS n0, SUM(s) AS t0, "
                "SUM(CAST(s AS BIGINT) * s) AS q0, "
                f"COUNT(CASE WHEN s {sign} $level THEN 1 END) AS reached "
                f"FROM (SELECT a.response_id, {score[0]} AS s {origin}) own "
                "JOIN response t USING (response_id) WHERE s IS NOT NULL GROUP BY 1 ORDER BY 1",
                {**params, "level": level * SCORE_UNIT},
            )
            for row in rows:
                scores, reached = out.get(row["place"], (Moments(0, 0, 0, SCORE_UNIT), 0))
                out[row["place"]] = scores + _moments(row, 0, 1), reached + int(row["reached"])
        return out

    def _scores(self, survey_id: int, key: Sequence[Want]) -> list[tuple[str, str]] | None:
        """Return the score of each want over answers, and its column in ``response`` if any."""
        found = [self._score(survey_id, want) for want in key]
        known = [f for f in found if f is not None]
        return known if len(known) == len(key) else None

    def _score(self, survey_id: int, want: Want) -> tuple[str, str] | None:
        def own(viewpoint: str) -> dict[str, str]:
            return {
                i.pair or i.key: f"a.i{i.item_no:d}"
                for i in self.items(viewpoint, want.dimension)
                if i.survey_id == survey_id and (i.pair in want.pairs if want.pairs else _alone(i))
            }

        if want.viewpoint in (*COMPANY, CAUSE):
            values = [f"a.{c}" for c in self._inside(survey_id, want)]
            return (score_sql(values), "") if values else None
        desired, perceived = own("desired"), own("perception")
        both = [p for p in perceived if p in desired]
        if not both:
            values = list(desired.values())
            return (score_sql(values), "") if values and want.viewpoint == "desired" else None
        gaps = [f"({perceived[p]} - {desired[p]})" for p in both]
        slot = self._facts.slot(want.dimension)
        every = {i.pair for i in self.items("perception", want.dimension)} & set(
            self.levels("desired", want.dimension)
        )
        stored = slot is not None and set(both) == every
        column = {"desired": "e_d{0}", "gap": "g_d{0}", "perception": "(e_d{0} + g_d{0})"}
        if want.viewpoint == "gap":
            sql = score_sql(gaps)
        else:
            side = desired if want.viewpoint == "desired" else perceived
            sql = score_sql([side[p] for p in both], gaps)
        return sql, column[want.viewpoint].format(slot) if stored else ""

    def _inside(self, survey_id: int, want: Want) -> list[str]:
        """Return the columns of the organisation's own answers that a want is the mean of."""
        found = {
            i.pair or i.key: f"i{i.item_no:d}"
            for i in self.items(want.viewpoint, want.dimension)
            if i.survey_id == survey_id and (i.pair in want.pairs if want.pairs else _alone(i))
        }
        return list(found.values())

    def _scan_inside(
        self, survey_id: int, keys: Sequence[tuple[Want, ...]]
    ) -> list[tuple[tuple[Want, ...], Moments]]:
        """Count what the organisation says of itself: few answers under many scores."""
        asked = {key: [self._inside(survey_id, want) for want in key] for key in keys}
        asked = {key: scores for key, scores in asked.items() if all(scores)}
        if not asked:
            return []
        columns = dict.fromkeys(c for scores in asked.values() for names in scores for c in names)
        origin, params = source(survey_id, self._filters_of[survey_id])
        answers = self._reader.table(
            f"SELECT {', '.join(f'a.{c}' for c in columns)} {origin}", params
        )
        found = count_scores(answers, list(asked.values()))
        return list(zip(asked, found, strict=True))

    def _scan(
        self,
        survey_id: int,
        there: Sequence[tuple[tuple[Want, ...], list[tuple[str, str]]]],
    ) -> list[tuple[tuple[Want, ...], Moments]]:
        """Count in one scan; over the stored respondent scores where they hold all of it."""
        filters = self._filters_of[survey_id]
        stored = all(column for _, found in there for _, column in found)
        if stored:
            where, params = survey_predicate(filters)
            origin = f"FROM response WHERE survey_id = $survey_id AND {where}"
            params = {"survey_id": survey_id, **params}
        else:
            origin, params = source(survey_id, filters)
        inner = [
            " + ".join(column if stored else sql for sql, column in found) + f" AS s{k}"
            for k, (_, found) in enumerate(there)
        ]
        sums = [
            f"COUNT(s{k}) AS n{k}, SUM(s{k}) AS t{k}, SUM(CAST(s{k} AS BIGINT) * s{k}) AS q{k}"
            for k in range(len(there))
        ]
        row = self._reader.rows(
            f"SELECT {', '.join(sums)} FROM (SELECT {', '.join(inner)} {origin})", params
        )[0]
        return [(key, _moments(row, k, len(key))) for k, (key, _) in enumerate(there)]


_CUSTOMER_VIEWS: Final = ("desired", "perception")


def _alone(item: ItemRow) -> bool:
    return not item.pair


def _moments(row: dict[str, Any], k: int, many: int) -> Moments:
    n, total, squares = (int(row[f"{part}{k}"] or 0) for part in "ntq")
    return Moments(n, total, squares, SCORE_UNIT * many)


def _stated(reader: Reader, filters: Filters, ours: Iterable[int]) -> dict[int, dict[str, int]]:
    """Return how many answers of a survey state each group."""
    counts = ", ".join(f"COUNT({c}) AS {c}" for c in SURVEY_CUTS)
    out = {}
    for survey_id in ours:
        out[survey_id] = reader.rows(
            f"SELECT {counts} FROM response WHERE survey_id = $survey_id "
            "AND program_id = (SELECT program_id FROM program WHERE key = $program)",
            {"survey_id": survey_id, "program": filters.program},
        )[0]
    return out
