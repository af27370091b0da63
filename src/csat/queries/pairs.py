"""Sufficient statistics of pairs of answers, per dimension and per question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from csat.model.filters import Filters
from csat.queries.blocks import Question
from csat.queries.kept_sums import score_totals
from csat.queries.reader import Reader
from csat.queries.tally import ScoreTally
from csat.stats.moments import Moments
from csat.stats.rating_sums import RatingSums
from csat.store.score_sums import pair_sums
from csat.store.scores import SCORE_UNIT


@dataclass(frozen=True, slots=True)
class Pair:
    """What one scan says of pairs of answers: gap, and both sides over the same people.

    ``alone`` is the perception of everybody who gave it.
    """

    gap: ScoreTally
    expected: int
    alone: ScoreTally | None

    def means(self) -> tuple[float | None, float | None]:
        """Return the mean expectation and perception of those who gave both."""
        m = self.gap.moments
        if not m.n:
            return None, None
        expectation = self.expected / (m.n * m.divisor)
        return expectation, (self.expected + m.total) / (m.n * m.divisor)


Pairs = dict[str, Pair]


def scores(
    reader: Reader, filters: Filters, slots: Sequence[tuple[str, int]], widest: int
) -> Pairs:
    """Count respondent scores of every dimension in one scan.

    Parameters
    ----------
    widest
        Largest size of a rating or of a difference of two; where its square as a score fits 32
        bits, sums of squares are twice as fast.
    """
    small = (SCORE_UNIT * widest) ** 2 < 2**31
    wanted = {k: sql for _, d in slots for k, sql in pair_sums(d, small=small).items()}
    row = score_totals(reader, filters, wanted)

    def tally(c: str) -> ScoreTally:
        n, total, squares = (row[f"{part}_{c}"] for part in "nsq")
        return ScoreTally(Moments(n, total, squares, SCORE_UNIT))

    return {key: Pair(tally(f"g_d{d}"), row[f"s_e_d{d}"], tally(f"p_d{d}")) for key, d in slots}


def pairs_of(asked: Sequence[Question], sums: Mapping[int, RatingSums]) -> Pairs:
    """Return what the ratings of each survey say of every question; two surveys add up."""
    out: Pairs = {}
    for q in asked:
        pair = _pair(q, sums[q.survey_id])
        out[q.key] = _added(out[q.key], pair) if q.key in out else pair
    return out


def _pair(q: Question, sums: RatingSums) -> Pair:
    p, d = q.versus
    alone = ScoreTally(sums.alone(p))
    if not d:
        return Pair(ScoreTally(Moments(0, 0, 0)), 0, alone)
    return Pair(ScoreTally(sums.difference(p, d)), sums.beside(d, p), alone)


def _added(one: Pair, other: Pair) -> Pair:
    alone = one.alone + other.alone if one.alone and other.alone else one.alone or other.alone
    return Pair(one.gap + other.gap, one.expected + other.expected, alone)
