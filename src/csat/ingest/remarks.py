"""What a person should know of a checked file before loading it, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from csat.ingest.checking import Checked
from csat.ingest.difference import Difference, Unseen
from csat.ingest.spread import ItemSpread
from csat.model.message import Message, msg

_NAMED: Final = 8
"""How many names a sentence lists before it only counts the rest."""
_PATCHY: Final = 0.2
"""Rise in the share of missing answers that is worth a sentence."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence: a note, or a warning that something may be wrong with the file."""

    level: Literal["note", "warning"]
    text: Message


def remarks(checked: Checked) -> tuple[Remark, ...]:
    """Return what sets a checked file apart, warnings first.

    Examples
    --------
    >>> from csat.ingest.checking import Tally
    >>> tally = Tally(0, 0, 2, {"status": 2})
    >>> [str(r.text) for r in remarks(Checked(5, tally, ()))]
    ['2 rows replace an earlier version of themselves; changed: status (2)']
    """
    found = list(_all(checked))
    return tuple(sorted(found, key=lambda r: r.level != "warning"))


def _all(checked: Checked) -> Iterator[Remark]:
    if checked.rows_updated:
        changed = [f"{column} ({n})" for column, n in checked.tally.changed.items()]
        yield Remark(
            "note",
            msg(
                "{n} rows replace an earlier version of themselves; changed: {columns}",
                n=checked.rows_updated,
                columns=_names(changed),
            ),
        )
    kept = [f"{column} ({n})" for column, n in checked.tally.kept.items()]
    if kept:
        yield Remark(
            "note",
            msg(
                "Columns that this file does not have keep their values in these rows: {n} "
                "({columns})",
                n=len(kept),
                columns=_names(kept),
            ),
        )
    apart = checked.difference
    if apart is None:
        return
    if apart.older:
        yield Remark(
            "warning",
            msg(
                "The file ends on {day}, the data loaded already on {loaded}: it may be an older "
                "export, and would change rows back",
                day=apart.last_day,
                loaded=apart.loaded_to,
            ),
        )
    yield from _columns(apart)
    yield from (_unseen(u) for u in apart.unseen)
    yield from (r for s in apart.items for r in _item(s, apart.against))
    yield from _conduct(apart)


def _columns(apart: Difference) -> Iterator[Remark]:
    if apart.columns_missing:
        yield Remark(
            "warning",
            msg(
                "Missing against {file}: {columns}",
                file=apart.against,
                columns=_names(apart.columns_missing),
            ),
        )
    if apart.columns_renamed:
        pairs = [f"{old} → {new}" for old, new in apart.columns_renamed]
        yield Remark(
            "warning",
            msg("Renamed against {file}: {columns}", file=apart.against, columns=_names(pairs)),
        )
    if apart.columns_new:
        yield Remark(
            "note",
            msg(
                "New against {file}: {columns}",
                file=apart.against,
                columns=_names(apart.columns_new),
            ),
        )


def _unseen(unseen: Unseen) -> Remark:
    values = [f"{value} ({n})" for value, n in unseen.values]
    return Remark(
        "warning",
        msg(
            "Column '{column}': seen for the first time: {values}",
            column=unseen.column,
            values=_names(values, unseen.total),
        ),
    )


def _item(spread: ItemSpread, against: str) -> Iterator[Remark]:
    if spread.drifted and spread.mean is not None and spread.mean_before is not None:
        yield Remark(
            "warning",
            msg(
                "'{item}' is answered otherwise than in {file}: mean {now} (n {n}), before "
                "{before} (n {n_before})",
                item=spread.item,
                file=against,
                now=f"{spread.mean:.2f}",
                n=spread.answered,
                before=f"{spread.mean_before:.2f}",
                n_before=spread.answered_before,
            ),
        )
    if not spread.rows:
        return
    missing = 1 - spread.answered / spread.rows
    before = 1 - spread.answered_before / spread.rows_before if spread.rows_before else None
    if before is not None and missing - before >= _PATCHY:
        yield Remark(
            "warning",
            msg(
                "'{item}' is blank in {share}% of the rows; it was {before}% in {file}",
                item=spread.item,
                share=round(100 * missing),
                before=round(100 * before),
                file=against,
            ),
        )


def _conduct(apart: Difference) -> Iterator[Remark]:
    if apart.straight_lined:
        yield Remark(
            "note",
            msg(
                "{n} of {rated} responses with five ratings or more give one and the same answer "
                "throughout ({share}%)",
                n=apart.straight_lined,
                rated=apart.rated,
                share=round(100 * apart.straight_lined / apart.rated),
            ),
        )
    if apart.durations.speeders:
        yield Remark(
            "note",
            msg(
                "{n} of {timed} responses took less than a third of the median time of {seconds} "
                "seconds ({share}%)",
                n=apart.durations.speeders,
                timed=apart.durations.timed,
                seconds=round(apart.durations.median),
                share=round(100 * apart.durations.speeders / apart.durations.timed),
            ),
        )
    if apart.repeated_respondents:
        yield Remark(
            "note",
            msg(
                "{n} respondents stand in more than one row of the file",
                n=apart.repeated_respondents,
            ),
        )


def _names(names: Sequence[str], total: int | None = None) -> str:
    more = (total or len(names)) - len(names[:_NAMED])
    return ", ".join(names[:_NAMED]) + (f", +{more}" if more > 0 else "")
