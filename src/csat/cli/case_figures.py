"""The figures of the complaints page as JSON and as lines of text."""

from __future__ import annotations

from typing import Any

from csat.cli.text import number, plain
from csat.queries.case_figures import CaseFigures, ParetoRow
from csat.queries.complaints import every_branch


def figures_json(found: CaseFigures) -> dict[str, Any]:
    """Return the figures as the command line prints them, unrounded."""
    return {
        "count": found.count,
        "counted_only": found.counted_only,
        "cards": [figure.to_json() for figure in found.cards],
        "categories": [
            {"path": branch.path, "count": branch.count}
            for branch in every_branch(found.categories)
        ],
        "pareto": {
            "by": found.pareto_by,
            "rows": [_pareto_json(r) for r in found.pareto],
            "urgent_rows": [_pareto_json(r) for r in found.pareto_urgent],
        },
        "rows_read": found.rows_read,
        "refused": [
            {"column": r.column, "reason": str(r.reason), "rows": r.rows} for r in found.refused
        ],
    }


def _pareto_json(row: ParetoRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "count": row.count,
        "percent": row.share,
        "cumulative": row.reached,
    }


def figure_lines(found: CaseFigures) -> list[str]:
    """Return what stands above the list of cases."""
    lines = []
    for card in found.cards:
        if card.value is not None:
            lines.append(f"{card.metric}: {number(card.value, card.unit)} (n {card.n or 0:,d})")
    if found.counted_only:
        lines.append(
            f"{found.counted_only:,d} of {found.count:,d} cases are known as counts only "
            "and cannot be listed"
        )
    for row in found.refused:
        where = f"{row.column} " if row.column else ""
        lines.append(
            plain(f"left out: {row.rows:,d} of {found.rows_read:,d} rows; {where}{row.reason}")
        )
    return lines
