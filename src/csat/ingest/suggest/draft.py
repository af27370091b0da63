"""The draft of a mapping while its columns are looked at one after the other."""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, field, replace
from typing import Final

from csat.ingest.columns import HASH, PLAIN
from csat.ingest.dates import DateDecision
from csat.ingest.mapping import Column, Item
from csat.ingest.roles import HASHED, MANY, MOMENT, NUMBER, ROLES, TEXT, YES_NO, Kind
from csat.ingest.suggest.facts import Facts
from csat.ingest.suggest.header import MOMENT_WORDS, roles_named
from csat.ingest.suggest.personal import KINDS
from csat.ingest.suggest.rating import HIGH, LOW, MEDIUM, Rating
from csat.ingest.suggest.scales import yes_no
from csat.ingest.suggest.suggestion import Finding, Question
from csat.ingest.suggest.tools import Tool, ToolColumn
from csat.model.message import Message, msg

_MEASURES: Final = (
    ("nps", r"\bnps\b|netpro|recommend|推荐"),
    ("ces", r"\bces\b|effort|\beasy\b|\bease\b|费力|容易"),
    ("csat", r"csat|overall.*satis|satisf.*overall|总体|整体满意|^satisfaction$|^满意度$"),
)
_EFFORT: Final = re.compile(r"how much effort|effort did you|费力程度|花费.*精力", re.IGNORECASE)
_NUMBERING: Final = re.compile(r"^\s*(?:[Qq]?\d{1,3}\s*[、.．:：)）]\s*)")
_STATUS: Final = re.compile(
    r"open|new|clos|solved|pending|progress|done|hold|reopen|处理|解决|关闭|办结|完成|受理", re.I
)
_LEVELS: Final = {"category": ("category", "category_2", "category_3")}
"""Roles of which a further column takes the next."""
_FIRST_MOMENT: Final = {
    "survey": "submitted_at",
    "complaints": "received_at",
    "exposure": "month",
    "events": "happened_at",
    "margins": "month",
    "evaluations": "evaluated_at",
    "findings": "found_on",
}
"""What the first column of dates is, where no name tells."""
_TEXT_LENGTH: Final = 25
_UNIQUE: Final = 0.85
"""Share of different values of an id; of very many values they are counted roughly."""
_GROUPS: Final = 60


_FIRST_DATE: Final = {
    "survey": "submitted_at",
    "complaints": "received_at",
    "exposure": "month",
    "events": "happened_at",
}
"""What the first column of dates is, where no name says it."""


@dataclass(slots=True)
class Draft:
    """What has been found so far: a finding per column, roles and headline uses taken."""

    kind: Kind
    labels: MappingABC[str, MappingABC[str, str]]
    findings: dict[str, Finding] = field(default_factory=dict)
    roles: set[str] = field(default_factory=set)
    measures: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    questions: list[Question] = field(default_factory=list)

    def free(self, role: str) -> bool:
        """Say whether a column may still take a role."""
        return role in ROLES[self.kind] and (role in MANY or role not in self.roles)

    def propose(self, column: Column, confidence: str, reason: Message, personal: str = "") -> None:
        """Note what a column seems to be."""
        self.roles.add(column.role)
        self.findings[column.source] = Finding(column, confidence, reason, personal)

    def leave(self, name: str, confidence: str, reason: Message, personal: str = "") -> None:
        """Note why a column is left out."""
        self.findings[name] = Finding(None, confidence, reason, personal)

    def leave_personal(self, name: str, kind: str, confidence: str) -> None:
        """Leave out a column that tells who someone is."""
        reason = msg("It holds {what}: personal data is not loaded", what=msg(KINDS[kind]))
        self.leave(name, confidence, reason, kind)

    def from_tool(self, name: str, told: ToolColumn, facts: Facts, tool: Tool) -> None:
        """Take over what a tool's own columns are known to be."""
        reason = msg("A column that {tool} writes", tool=tool.title)
        if told.personal:
            self.leave_personal(name, told.personal, HIGH)
        elif told.left_out is not None:
            self.leave(name, HIGH, told.left_out)
        elif not facts.distinct or not self.free(told.role):
            self.leave(name, HIGH, msg("It is empty") if not facts.distinct else reason)
        elif ROLES[self.kind][told.role][1] == MOMENT:
            self.moment(name, told.role, facts.dates, HIGH, reason)
        else:
            labels = dict(self.labels.get(name, {}))
            self.propose(Column(name, told.role, labels=labels, keep=told.keep), HIGH, reason)

    def moment(
        self, name: str, role: str, dates: DateDecision | None, sure: str, reason: Message
    ) -> None:
        """Propose a column of moments as its dates are written, or ask how they are."""
        if dates is None:
            self.propose(Column(name, role), LOW, reason)
            return
        column = Column(name, role, dates.forms, undecided=dates.undecided)
        said = msg("{reason}. {dates}", reason=reason, dates=dates.said())
        if dates.undecided:
            self.questions.append(Question(name, dates.said(), dates.undecided, dates.example))
        least = LOW if dates.undecided else MEDIUM if dates.against or dates.numeric else sure
        self.propose(column, least, said)

    def by_name(self, name: str, facts: Facts, personal: str = "") -> bool:
        """Propose the role that a column's name means, where its values fit it."""
        for named, exact in roles_named(self.kind, name):
            role = next((r for r in _LEVELS.get(named, (named,)) if self.free(r)), "")
            if not role:
                continue
            sure = HIGH if exact else MEDIUM
            reason = msg("Its name says so")
            value = ROLES[self.kind][role][1]
            if value == MOMENT:
                if facts.dates is None or (facts.dates.numeric and not MOMENT_WORDS.search(name)):
                    continue
                self.moment(name, role, facts.dates, sure, reason)
                return True
            if facts.dates is not None and not facts.dates.numeric:
                continue
            if not _fits(role, value, facts, exact=exact):
                continue
            labels = dict(self.labels.get(name, {})) if value != NUMBER else {}
            if role in HASHED:
                personal = personal or role
            keep = HASH if personal and role in ("respondent_id", *HASHED) else PLAIN
            if keep == HASH:
                kind = msg(KINDS[personal])
                reason = msg("Its name says so; it holds {what}, kept as keyed hashes", what=kind)
            self.propose(Column(name, role, labels=labels, keep=keep), sure, reason, personal)
            return True
        return False

    def by_values(self, name: str, facts: Facts) -> None:
        """Propose what the values alone tell, or leave the column out."""
        role = _FIRST_MOMENT.get(self.kind, "")
        dates = facts.dates
        if dates is not None and self.free(role) and not dates.numeric:
            self.moment(name, role, dates, MEDIUM, msg("The first column of dates"))
            return
        text = "comment" if self.kind == "survey" else "narrative"
        long = facts.length >= _TEXT_LENGTH and facts.distinct > 0.5 * facts.filled > 0
        if dates is None and long and self.free(text):
            self.propose(Column(name, text), MEDIUM, msg("Its values are written in own words"))
            return
        if dates is not None and not dates.numeric:
            self.leave(name, LOW, msg("Dates, of which another column is used"))
        elif yes_no(facts):
            self.leave(name, LOW, msg("Yes or no; rate it if it asks how good the service was"))
        else:
            self.leave(name, "", msg("Neither its name nor its values tell what it is"))

    def rate(self, name: str, wording: str, rating: Rating) -> None:
        """Propose a rated question."""
        said = f"{name} {wording}"
        use: tuple[str, ...] = ()
        for measure, words in _MEASURES:
            fits = rating.scale.ends == (0, 10) or measure != "nps"
            taken = measure in self.measures
            if fits and not taken and re.search(words, said, re.IGNORECASE):
                self.measures.add(measure)
                use = (measure,)
                break
        text = (wording or _NUMBERING.sub("", name)).strip() or name.strip()
        item = Item(self._key(name), text, rating.scale, measures=use, reversed=rating.reversed)
        reason, sure = rating.reason, rating.confidence
        if use == ("ces",) and _EFFORT.search(said) and not rating.scale.labels:
            item = replace(item, reversed=True)
            reason, sure = msg("{reason}. High effort is bad: turned", reason=reason), MEDIUM
        elif rating.reversed:
            reason = msg("{reason}. Its words get worse as it rises: turned", reason=reason)
        self.propose(Column(name, "item", item=item), sure, reason)

    def _key(self, name: str) -> str:
        key = base = name.strip()[:60]
        number = 1
        while key in self.keys:
            number += 1
            key = f"{base[:55]} {number}"
        self.keys.add(key)
        return key


def _fits(role: str, value: str, facts: Facts, *, exact: bool) -> bool:
    """Say whether the values of a column can be those of a role."""
    if not facts.distinct:
        return False
    if value == YES_NO:
        return yes_no(facts) or set(facts.values) <= {"0", "1"}
    if value == NUMBER:
        return all(re.fullmatch(r"\d+([.,]\d+)?", v) for v in facts.values)
    if role in ("response_id", "complaint_id"):
        return facts.distinct >= _UNIQUE * facts.filled
    if role in ("stratum", "cluster"):
        return facts.distinct > 1
    if role in ("comment", "narrative") or value != TEXT:
        return not all(re.fullmatch(r"[\d.,]+", v) for v in facts.values)
    if role in ("respondent_id", "case_id"):
        return True
    if role == "status":
        return any(_STATUS.search(v) for v in facts.values)
    return exact or (facts.distinct <= max(_GROUPS, 0.2 * facts.filled) and facts.length < 80)
