"""Conditions over whole rows: required values, ids that stand once, clocks in their order."""

from __future__ import annotations

from collections.abc import Mapping as MappingABC

from csat.ingest.mapping import Mapping
from csat.ingest.margins import margin_checks
from csat.ingest.pauses import pause_pairs
from csat.ingest.roles import ID_ROLE, REQUIRED
from csat.ingest.stated import CLOCKS
from csat.ingest.typed_select import BAD_MOMENT, Check
from csat.model.message import msg


def row_checks(mapping: Mapping, raws: MappingABC[str, str]) -> list[Check]:
    """Return what every row must fulfil: required values, ids once, clocks in their order.

    Parameters
    ----------
    raws
        SQL of each role's text as it stands in the staged file, to be shown where refused.
    """
    checks = []
    for role in REQUIRED[mapping.kind]:
        column = mapping.column(role)
        if column is not None:
            checks.append(Check(f"{role} IS NULL", column.source, "NULL", msg("is empty")))
    identity = mapping.column(ID_ROLE.get(mapping.kind, ""))
    if identity is not None:
        checks.append(Check("source_key IS NULL", identity.source, "NULL", msg("is empty")))
        checks.append(
            Check(
                "source_key IS NOT NULL AND occurrence > 1",
                identity.source,
                "source_key",
                msg("also stands in an earlier row of this file"),
            )
        )
    counted = mapping.column("cases")
    if counted is not None:
        again = msg("counts what an earlier row of this file counts too")
        checks.append(Check("cases IS NULL", counted.source, "NULL", msg("is empty")))
        checks.append(Check("occurrence > 1", counted.source, "CAST(cases AS BIGINT)", again))
    if mapping.kind == "margins":
        checks += margin_checks(mapping, raws)
    if mapping.kind == "complaints":
        for role in CLOCKS:
            column = mapping.column(role)
            if column is not None:
                checks.append(
                    Check(
                        f"{role} < received_at AND {role} <> {BAD_MOMENT}",
                        column.source,
                        raws[role],
                        msg("lies before the case was received"),
                    )
                )
        checks += _pause_checks(mapping, raws)
    until = mapping.column("until_at")
    if until is not None:
        reason = msg("ends before it begins")
        wrong = f"until_at < happened_at AND until_at <> {BAD_MOMENT}"
        checks.append(Check(wrong, until.source, raws["until_at"], reason))
    return checks


def _pause_checks(mapping: Mapping, raws: MappingABC[str, str]) -> list[Check]:
    """Return what a pause must fulfil: a start, and an end that is not before it."""
    ends = [c for c in mapping.columns if c.role == "pause_to"]
    return [
        check
        for i, (end, _) in enumerate(zip(ends, pause_pairs(mapping), strict=False))
        for check in (
            Check(
                f"pause_from{i:d} IS NULL AND pause_to{i:d} IS NOT NULL",
                end.source,
                raws[f"pause_to{i:d}"],
                msg("is the end of a pause that has no start"),
            ),
            Check(
                f"pause_to{i:d} < pause_from{i:d} AND pause_to{i:d} <> {BAD_MOMENT}",
                end.source,
                raws[f"pause_to{i:d}"],
                msg("ends before it begins"),
            ),
        )
    ]
