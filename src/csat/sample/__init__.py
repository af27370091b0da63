"""A simulated service organisation: three files to try the product with.

Nothing in them is real. What is hidden in them is known, listed in `csat.sample.truths` and
checked by tests, so a figure on a screen can be compared with what it ought to show.
"""

from csat.sample.document import truths_markdown
from csat.sample.generate import SAMPLE_SEED, SampleFiles, generate
from csat.sample.truth import Truth
from csat.sample.truths import SAMPLE_AS_OF, TRUTHS, truths

__all__ = [
    "SAMPLE_AS_OF",
    "SAMPLE_SEED",
    "TRUTHS",
    "SampleFiles",
    "Truth",
    "generate",
    "truths",
    "truths_markdown",
]
