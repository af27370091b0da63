"""What sums over the ratings of a survey are about, so that kept ones are known again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from csat.stats.rating_sums import Difference, RatingSums


@dataclass(frozen=True, slots=True)
class Layout:
    """What `RatingSums` are told to add up; see there.

    Examples
    --------
    >>> Layout(("p", "d"), (("p", "d"),)).made().numbers.tolist()
    [0, 0, 0, 0, 0, 0, 0, 0]
    """

    questions: tuple[str, ...]
    pairs: tuple[Difference, ...] = ()
    groups: tuple[tuple[Difference, ...], ...] = ()
    marks: tuple[tuple[str, int], ...] = ()

    @property
    def fingerprint(self) -> str:
        """Text that differs where anything else is added up, or in another order."""
        told = repr((self.questions, self.pairs, self.groups, self.marks))
        return sha256(told.encode()).hexdigest()[:16]

    def made(self) -> RatingSums:
        """Return sums over nobody."""
        return RatingSums(self.questions, self.pairs, self.groups, self.marks)

    def holds(
        self,
        pairs: Iterable[Difference],
        groups: Iterable[Sequence[Difference]],
        marks: Iterable[tuple[str, int]],
    ) -> bool:
        """Say whether these sums tell all that is asked of them; groups in any order."""
        known = {frozenset(group) for group in self.groups}
        return (
            set(pairs) <= set(self.pairs)
            and set(marks) <= set(self.marks)
            and all(frozenset(group) in known for group in groups if group)
        )
