"""What becomes of conduct cases: sanctions, notices, and appeals with their outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from csat.model.answer import Figure, Provenance
from csat.model.case_stages import CONDUCT
from csat.model.filters import Filters
from csat.model.message import N_
from csat.model.settings import Thresholds
from csat.queries.facts import facts as facts_of
from csat.queries.iso10002 import share_of
from csat.queries.reader import Reader
from csat.queries.standing import case_predicate
from csat.store.store import Store

_SHARES: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("noticed", N_("Notice published after a sanction"),
     "noticed_at IS NOT NULL", "sanctioned_at IS NOT NULL"),
    ("appealed", N_("Appeal made against a sanction"),
     "appealed_at IS NOT NULL", "sanctioned_at IS NOT NULL"),
    ("overturned", N_("Sanction overturned on appeal"),
     "LOWER(appeal_outcome) IN ('overturned', 'granted', '撤销', '纠正')",
     "appeal_outcome IS NOT NULL"),
)  # fmt: skip
"""Key, name, what is counted, and of which cases."""


@dataclass(frozen=True, slots=True)
class ConductShare:
    """A share of conduct cases after the privacy gate; None where no case is in its base."""

    key: str
    label: str
    figure: Figure | None


@dataclass(frozen=True, slots=True)
class Conduct:
    """The answer: shares, and how many cases each sanction and each class of violation has.

    Sanctions and violations are in falling order; "" is not stated.
    """

    shares: tuple[ConductShare, ...]
    sanctions: tuple[tuple[str, int], ...]
    violations: tuple[tuple[str, int], ...]
    provenance: Provenance


def conduct(store: Store, filters: Filters, thresholds: Thresholds | None = None) -> Conduct:
    """Answer what became of the conduct cases received in the period.

    An appeal counts as granted where its outcome says overturned, granted, 撤销 or 纠正.
    """
    limits = thresholds or Thresholds()
    filters = filters.with_(types=(CONDUCT,))
    reader = Reader(store, facts_of(store, filters.program))
    where, params = case_predicate(store, filters)
    counts = ", ".join(
        f"SUM(CASE WHEN {base} AND {part} THEN 1 ELSE 0 END) AS {key}, "
        f"SUM(CASE WHEN {base} THEN 1 ELSE 0 END) AS {key}_of"
        for key, _, part, base in _SHARES
    )
    row: dict[str, Any] = reader.rows(f"SELECT {counts} FROM complaint WHERE {where}", params)[0]
    shares = tuple(
        ConductShare(
            key, label, share_of(int(row[key] or 0), int(row[f"{key}_of"] or 0), key, limits)
        )
        for key, label, _, _ in _SHARES
    )
    return Conduct(
        shares,
        _counted(reader, "sanction", f"{where} AND sanctioned_at IS NOT NULL", params),
        _counted(reader, "violation", where, params),
        reader.provenance(filters),
    )


def _counted(
    reader: Reader, column: str, where: str, params: dict[str, object]
) -> tuple[tuple[str, int], ...]:
    rows = reader.rows(
        f"SELECT COALESCE({column}, '') AS name, COUNT(*) AS n FROM complaint WHERE {where} "
        "GROUP BY 1 ORDER BY n DESC, 1",
        params,
    )
    return tuple((str(r["name"]), int(r["n"])) for r in rows)
