"""csat: a self-hosted customer-satisfaction and service-quality dashboard."""

import os
from typing import Final

__version__ = "0.1.0"

_LINEAR_ALGEBRA: Final = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""The matrices here are small. A second thread on one costs more than it saves, and on a busy
machine the two wait for each other (docs/adr/0017-prepared-respondents.md)."""

for _name in _LINEAR_ALGEBRA:
    os.environ.setdefault(_name, "1")  # read when numpy is first imported, which is after this
