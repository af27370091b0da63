"""Kano's classes: what a feature does to satisfaction when it is there and when it is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Literal, get_args

from scipy import special

from csat.stats.answering import Share, share_of

KanoClass = Literal["M", "O", "A", "I", "R", "Q"]
"""Must-be, one-dimensional, attractive, indifferent, reverse and questionable, in the order that
decides between classes too close to call."""

CLASSES: tuple[KanoClass, ...] = get_args(KanoClass)

FEWEST = 30
CLOSE = 0.05
"""Classes within this share of the answers are too close: the more demanding one is taken."""

MANY_QUESTIONABLE = 0.10

_TABLE: tuple[tuple[KanoClass, ...], ...] = (
    ("Q", "A", "A", "A", "O"),
    ("R", "I", "I", "I", "M"),
    ("R", "I", "I", "I", "M"),
    ("R", "I", "I", "I", "M"),
    ("R", "R", "R", "R", "Q"),
)


def kano_class(functional: int, dysfunctional: int) -> KanoClass:
    """Return the class of one pair of answers (Kano et al. 1984).

    Answers, how one feels with and without the feature: 1 like, 2 must be so, 3 neutral, 4 can
    live with it, 5 dislike. Raises ValueError for any other.

    Examples
    --------
    >>> kano_class(functional=1, dysfunctional=5), kano_class(functional=2, dysfunctional=5)
    ('O', 'M')
    """
    if functional not in range(1, 6) or dysfunctional not in range(1, 6):
        raise ValueError(f"answers must be 1 to 5, got {functional} and {dysfunctional}")
    return _TABLE[functional - 1][dysfunctional - 1]


def kano_counts(pairs: Iterable[tuple[int, int]]) -> dict[KanoClass, int]:
    """Return the number of answers in each class, from (functional, dysfunctional) pairs.

    Raises ValueError for an answer other than 1 to 5.

    Examples
    --------
    >>> kano_counts([(1, 5), (1, 3), (1, 3), (3, 3)])
    {'M': 0, 'O': 1, 'A': 2, 'I': 1, 'R': 0, 'Q': 0}
    """
    found = Counter(kano_class(f, d) for f, d in pairs)
    return {name: found[name] for name in CLASSES}


@dataclass(frozen=True, slots=True)
class Kano:
    """The class of one feature and how sure it is.

    ``better`` (CS+, 0 to 1) is the share whose satisfaction the feature raises and ``worse``
    (CS-, as a share 0 to 1; shown as negative) the share whom its absence makes dissatisfied,
    both of the M, O, A and I answers, with Wilson's intervals. ``mode`` is the most frequent
    class and ``decided`` the one taken, by M before O before A before I where others come
    within 5 points. ``clear`` tells whether the two most frequent classes differ beyond chance
    (Fong's test); if not, the feature is mixed. ``chi_square`` compares M, O, A and I with equal
    numbers. Modes are None without answers, judgements (``decided``, ``clear``) also below 30.
    """

    n: int
    counts: Mapping[KanoClass, int]
    better: Share
    worse: Share
    mode: KanoClass | None
    decided: KanoClass | None
    clear: bool | None
    chi_square: float | None
    p_value: float | None
    questionable: Share

    @property
    def wording_fault(self) -> bool:
        """Whether so many contradict themselves that the question must be at fault."""
        return (self.questionable.share or 0.0) > MANY_QUESTIONABLE


def kano(counts: Mapping[KanoClass, int], confidence: float = 0.95) -> Kano:
    """Return the class of a feature from its counts (Berger et al. 1993 for CS+ and CS-).

    Parameters
    ----------
    counts : Mapping of class to int
        Answers by class; classes left out have none.
    confidence : float
        Of the intervals.

    Raises
    ------
    ValueError
        For an unknown class or a negative count.

    Examples
    --------
    >>> found = kano({"M": 95, "O": 123, "A": 45, "I": 33})
    >>> round(found.better.share, 3), round(-found.worse.share, 3), found.decided, found.clear
    (0.568, -0.736, 'O', True)
    """
    if set(counts) - set(CLASSES) or any(n < 0 for n in counts.values()):
        raise ValueError(f"counts must be at least 0 and of {', '.join(CLASSES)}")
    full: dict[KanoClass, int] = {name: counts.get(name, 0) for name in CLASSES}
    n, base = sum(full.values()), sum(full[name] for name in CLASSES[:4])
    # Classes stand in the order of precedence, and max keeps the first of equals.
    most_frequent: KanoClass = max(CLASSES, key=full.__getitem__)
    judged = n >= FEWEST
    chi = 4 * sum((full[c] - base / 4) ** 2 for c in CLASSES[:4]) / base if base else None
    return Kano(
        n=n,
        counts=full,
        better=share_of(full["A"] + full["O"], base, confidence),
        worse=share_of(full["O"] + full["M"], base, confidence),
        mode=most_frequent if n else None,
        decided=_decided(full, n) if judged else None,
        clear=_clear(full, n) if judged else None,
        chi_square=chi,
        p_value=None if chi is None else float(special.chdtrc(3, chi)),
        questionable=share_of(full["Q"], n, confidence),
    )


def _decided(counts: Mapping[KanoClass, int], n: int) -> KanoClass:
    enough = max(counts.values()) - CLOSE * n
    return next(name for name in CLASSES if counts[name] >= enough)


def _clear(counts: Mapping[KanoClass, int], n: int) -> bool:
    """Whether the two most frequent classes differ at 10%, two-sided (Fong 1996)."""
    second, first = sorted(counts.values())[-2:]
    both = first + second
    return first - second >= 1.65 * sqrt(both * (2 * n - both) / (2 * n))
