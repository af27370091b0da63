"""What a process has used: memory at its peak, and processor time of its children."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

MIB = 1024 * 1024


def peak_mib() -> float:
    """Return the largest resident memory of this process so far."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (MIB if sys.platform == "darwin" else 1024)


def children_mib() -> float:
    """Return the largest resident memory of a process that this one has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return used / (MIB if sys.platform == "darwin" else 1024)


def children_seconds() -> float:
    """Return the processor time of the processes that this one has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
