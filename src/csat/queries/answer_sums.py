"""What ratings of a survey add up to: kept by month, or read once, in batches, and added up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from csat.model.filters import Filters
from csat.queries.blocks import source
from csat.queries.kept_sums import kept_layout, kept_sums
from csat.queries.reader import Reader
from csat.stats.rating_sums import Difference, Flags, RatingSums
from csat.store.unpacked import Ratings, unpacked

READ: Final = 65_536
"""Respondents read at a time."""
WORKED: Final = 8_192
"""Respondents worked on at a time, so that their ratings stay in the processor's cache."""


def answer_sums(
    reader: Reader,
    survey_id: int,
    filters: Filters,
    pairs: Sequence[Difference] = (),
    groups: Sequence[Sequence[Difference]] = (),
    marks: Sequence[tuple[str, int]] = (),
) -> RatingSums:
    """Add up the ratings of a survey, from the sums of whole months where these are kept.

    Parameters
    ----------
    pairs, groups, marks
        See `RatingSums`; the questions are columns of the survey's answers, such as ``i3``.
    """
    layout = kept_layout(reader.facts, survey_id)
    if layout.holds(pairs, groups, marks):
        kept = kept_sums(reader, survey_id, filters, layout)
        if kept is not None:
            return layout.made().of(kept).regrouped(groups)
    asked = [c for one in (pairs, *groups) for pair in one for c in pair if c]
    columns = list(dict.fromkeys([*asked, *(question for question, _ in marks)]))
    sums = RatingSums(columns, pairs, groups, marks)
    for ratings, told in answer_batches(reader, survey_id, filters, columns):
        sums.add(ratings, told)
    return sums


def answer_batches(
    reader: Reader, survey_id: int, filters: Filters, columns: Sequence[str]
) -> Iterator[tuple[Ratings, Flags]]:
    """Yield ratings, questions by respondents, and which of them were given."""
    if not columns:
        return
    origin, params = source(survey_id, filters)
    named = ", ".join(f"a.{c}" for c in columns)
    for batch in reader.batches(f"SELECT {named} {origin}", params, READ):
        for start in range(0, batch.num_rows, WORKED):
            yield unpacked(batch.slice(start, WORKED))
