"""The standards that each case meets or not: of the register, of the targets, of the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from csat.model.conformance import EVENTS, Basis
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.registers import CLOCK_METRICS
from csat.model.standards import ServiceStandard, Target
from csat.queries.facts import facts as facts_of
from csat.queries.gap_records import judged_on
from csat.queries.reader import Reader
from csat.queries.registers import standards_in_force
from csat.queries.targets import service_standard
from csat.store.store import Store

_HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class CaseStandard:
    """A standard that each case meets or not, and which cases it is about.

    ``code`` names it in the register or among the service targets; "" is the file's own mark.
    Empty touchpoints and severities are all of them. ``target`` is the one of the service
    standards that decides, where it does so by working time or by who else is covered.
    """

    code: str
    basis: Basis
    touchpoints: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    target: Target | None = None

    @property
    def words(self) -> Message:
        """What it asks for."""
        if self.target is None:
            return self.basis.words
        hours = self.target.seconds / _HOUR
        told = {"title": self.target.title, "hours": int(hours) if hours % 1 == 0 else hours}
        if self.target.clock == "business":
            return msg("{title}: within {hours} h of working time", **told)
        return msg("{title}: within {hours} h", **told)

    @property
    def clock(self) -> str | None:
        """The clock it runs on, ``business`` or ``calendar``; None for the file's own mark."""
        if self.target is not None:
            return self.target.clock
        return "calendar" if self.basis.event else None

    def within(self, filters: Filters) -> Filters | None:
        """Return the filters narrowed to its cases, or None where they leave none."""
        out = filters
        for field, own in (("touchpoints", self.touchpoints), ("severities", self.severities)):
            chosen = getattr(filters, field)
            if own:
                both = [v for v in own if not chosen or v in chosen]
                if not both:
                    return None
                out = out.with_(**{field: both})
        return out


def case_standards(store: Store, reader: Reader, filters: Filters) -> tuple[CaseStandard, ...]:
    """Return the standards that are judged case by case: the register's, targets, the file's."""
    day = judged_on(facts_of(store, filters.program), filters)
    grouped: dict[Basis, list[Any]] = {}
    for s in standards_in_force(reader, filters.program):
        fits = s.target is not None and s.direction == "at most" and not s.stale(day)
        if s.metric in CLOCK_METRICS and fits and s.target:
            basis = Basis(CLOCK_METRICS[s.metric], max(1, round(s.target * _HOUR)))
            grouped.setdefault(basis, []).append(s)
    out = [
        CaseStandard(
            ", ".join(s.code for s in own),
            basis,
            () if any(not s.touchpoint for s in own) else tuple(sorted({s.touchpoint
                                                                       for s in own})),
        )
        for basis, own in grouped.items()
    ]  # fmt: skip
    service = service_standard(store, filters.program)
    for target in service.targets if service else ():
        basis = Basis(target.event, target.seconds)
        if service is not None and _plain(service, target):
            out.append(CaseStandard(target.key, basis, severities=target.severities))
        else:
            out.append(CaseStandard(target.key, Basis(target=target.key), target=target))
    return (*out, CaseStandard("", Basis()))


def _plain(service: ServiceStandard, target: Target) -> bool:
    """Say whether a limit on calendar time alone decides, for all cases or stated severities."""
    alone = bool(target.severities) or all(
        (t.event, t.clock) != (target.event, target.clock) for t in service.targets if t != target
    )
    return target.clock == "calendar" and target.event in EVENTS and alone
