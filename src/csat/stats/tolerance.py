"""The zone of tolerance, between the service people accept and the one they wish for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from csat.stats.answering import Share, share_of
from csat.stats.moments import Moments
from csat.stats.paired import PairedGap, paired_gap

Band = Literal["below_adequate", "in_zone", "above_desired"]


@dataclass(frozen=True, slots=True)
class ZonePlace:
    """One perception against one adequate and one desired level, all in scale points.

    ``msa`` (service adequacy) is perceived minus adequate, ``mss`` (service superiority)
    perceived minus desired, ``width`` desired minus adequate. ``position`` is 0 at the adequate
    and 1 at the desired level; it and ``band`` are None where the desired level does not exceed
    (for the band: lies below) the adequate one.
    """

    msa: float
    mss: float
    width: float
    position: float | None
    band: Band | None


def zone_place(adequate: float, desired: float, perceived: float) -> ZonePlace:
    """Return where a perception lies in its zone (Zeithaml, Berry and Parasuraman 1993).

    Examples
    --------
    >>> place = zone_place(adequate=5.0, desired=8.0, perceived=6.5)
    >>> place.msa, place.mss, place.position, place.band
    (1.5, -1.5, 0.5, 'in_zone')
    >>> zone_place(adequate=6.0, desired=5.0, perceived=5.5).band is None
    True
    """
    width = desired - adequate
    band: Band | None = "in_zone"
    if width < 0:
        band = None
    elif perceived < adequate:
        band = "below_adequate"
    elif perceived > desired:
        band = "above_desired"
    position = (perceived - adequate) / width if width > 0 else None
    return ZonePlace(perceived - adequate, perceived - desired, width, position, band)


@dataclass(frozen=True, slots=True)
class ZoneSums:
    """What a query counts of respondents who gave all three levels.

    Parameters
    ----------
    msa, mss : Moments
        Of perceived minus adequate and perceived minus desired, all respondents.
    below, within, above : int
        Respondents by band, those whose levels are inverted left out.
    inverted : int
        Respondents whose adequate level exceeds their desired one.
    placed_rise, placed_width : int
        Sums of perceived minus adequate and of desired minus adequate, times the divisor of the
        moments, over the respondents whose desired level exceeds their adequate one.
    """

    msa: Moments
    mss: Moments
    below: int
    within: int
    above: int
    inverted: int
    placed_rise: int
    placed_width: int

    def __post_init__(self) -> None:
        if not self.msa.n == self.mss.n == self.below + self.within + self.above + self.inverted:
            raise ValueError("the bands and the inverted must count each respondent once")


@dataclass(frozen=True, slots=True)
class ZoneOfTolerance:
    """Where a group's perceptions lie between what it accepts and what it desires.

    ``msa`` and ``mss`` carry their paired intervals. ``position`` is that of the group's means,
    0 at the adequate and 1 at the desired level, without inverted answers. ``below``, ``within``
    and ``above`` are shares of the respondents whose levels are not inverted, ``inverted`` of
    all. ``verdict`` is the band the interval leaves no doubt of, else None.
    """

    msa: PairedGap
    mss: PairedGap
    position: float | None
    below: Share
    within: Share
    above: Share
    inverted: Share
    verdict: Band | None


def zone_of_tolerance(sums: ZoneSums, confidence: float = 0.95) -> ZoneOfTolerance:
    """Return a group's zone of tolerance with its doubt.

    It is called below the adequate level only if the whole interval of the service adequacy
    lies below zero, above the desired one only if that of the superiority lies above, and in the
    zone only if neither limit is touched.

    Examples
    --------
    >>> zone = zone_of_tolerance(zone_sums([[5, 8, 6]] * 6 + [[6, 8, 7], [5, 7, 6], [6, 7, 5]]))
    >>> round(zone.msa.mean, 3), round(zone.mss.mean, 3), zone.verdict
    (0.778, -1.778, 'in_zone')
    >>> zone.below.count, round(zone.position, 3)
    (1, 0.304)
    """
    msa, mss = paired_gap(sums.msa, confidence), paired_gap(sums.mss, confidence)
    placed = sums.msa.n - sums.inverted
    return ZoneOfTolerance(
        msa=msa,
        mss=mss,
        position=sums.placed_rise / sums.placed_width if sums.placed_width else None,
        below=share_of(sums.below, placed, confidence),
        within=share_of(sums.within, placed, confidence),
        above=share_of(sums.above, placed, confidence),
        inverted=share_of(sums.inverted, sums.msa.n, confidence),
        verdict=_verdict(msa, mss),
    )


def _verdict(msa: PairedGap, mss: PairedGap) -> Band | None:
    if msa.high is not None and msa.high < 0:
        return "below_adequate"
    if mss.low is not None and mss.low > 0:
        return "above_desired"
    sure = msa.low is not None and mss.high is not None and msa.low > 0 > mss.high
    return "in_zone" if sure else None


def zone_sums(rows: ArrayLike) -> ZoneSums:
    """Return the sums of a table of adequate, desired and perceived answers, whole numbers.

    A row with a missing answer (NaN) is left out. Raises ValueError unless every row has three
    whole numbers.
    """
    table = np.asarray(rows, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] != 3:
        raise ValueError("each respondent gives an adequate, a desired and a perceived level")
    table = table[~np.isnan(table).any(axis=1)]
    if np.any(table % 1):
        raise ValueError("answers must be whole numbers")
    adequate, desired, perceived = table.astype(np.int64).T
    upright, zone = desired >= adequate, desired > adequate
    below, above = upright & (perceived < adequate), upright & (perceived > desired)
    return ZoneSums(
        msa=_moments(perceived - adequate),
        mss=_moments(perceived - desired),
        below=int(below.sum()),
        within=int((upright & ~below & ~above).sum()),
        above=int(above.sum()),
        inverted=int((~upright).sum()),
        placed_rise=int((perceived - adequate)[zone].sum()),
        placed_width=int((desired - adequate)[zone].sum()),
    )


def _moments(values: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> Moments:
    return Moments(len(values), int(values.sum()), int(values @ values))
