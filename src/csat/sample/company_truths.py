"""What is planted in the answers of managers, staff and auditors, and in the registers."""

from __future__ import annotations

from typing import Final

from csat.sample.company import BELIEVED_POINTS, CAUSES, GAP_OF, largest_gap, planted_gap
from csat.sample.instrument import DIMENSIONS
from csat.sample.organisation import TOUCHPOINTS
from csat.sample.registers import REGISTERED
from csat.sample.truth import Truth

FELT_UNDER: Final = 3.5
"""A cause with a lower mean is one that is felt."""


def company_truths(months: tuple[str, ...]) -> list[Truth]:
    """List the internal gaps planted in what managers, staff and auditors say."""
    found = [
        Truth(
            f"gap{gap}_{d.key}",
            f"{d.name_en}: gap {gap} ({name}) is {planted_gap(d.key, gap):+.1f} on the scale 1 to "
            "7" + (", the largest inside." if largest_gap(d.key) == gap else "."),
            f"managers.csv, audit.csv, dimension {d.key}",
            months,
            planted_gap(d.key, gap),
        )
        for d in DIMENSIONS
        for gap, name in GAP_OF.items()
    ]
    found += [
        Truth(
            f"believed_points_{d.key}",
            f"{d.name_en}: managers believe customers would give it {BELIEVED_POINTS[d.key]} of "
            f"100 points; customers give {d.points}.",
            f"managers.csv, column B_{d.key}",
            months,
            BELIEVED_POINTS[d.key] - d.points,
        )
        for d in DIMENSIONS
    ]
    felt = [(gap, cause, f.mean) for gap, own in CAUSES.items() for cause, f in own.items()]
    found += [
        Truth(
            f"cause_{cause}",
            f"The cause {cause} is felt: its mean is {mean:.1f} of 7 (7 is the good end).",
            f"{name}.csv, columns {cause}",
            months,
            mean,
        )
        for name, cause, mean in felt
        if mean < FELT_UNDER
    ]
    return found + _register_truths(months)


def _register_truths(months: tuple[str, ...]) -> list[Truth]:
    """List what is planted in the registers of standards and promises."""
    found = []
    for d in DIMENSIONS:
        plan = REGISTERED[d.key]
        share = 100 * plan.formal / len(TOUCHPOINTS)
        reached = "reach" if plan.attained else "miss"
        found += [
            Truth(
                f"coverage_{d.key}",
                f"{d.name_en}: {share:.0f}% of the touchpoints have a standard that is written, "
                "measurable, owned and in date.",
                f"standards.csv, dimension {d.key}",
                months,
                share - 100,
            ),
            Truth(
                f"attained_{d.key}",
                f"{d.name_en}: its standards ({plan.metric} {plan.direction} {plan.target:g}) "
                f"{reached} their target.",
                f"standards.csv, dimension {d.key}",
                months,
                float(plan.attained),
            ),
            Truth(
                f"kept_{d.key}",
                f"{d.name_en}: {100 * plan.kept:.0f}% of the promises are kept.",
                f"promises.csv, dimension {d.key}",
                months,
                100 * plan.kept - 100,
            ),
        ]
    return found
