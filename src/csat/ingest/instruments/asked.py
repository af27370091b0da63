"""One column of a questionnaire."""

from __future__ import annotations

from dataclasses import dataclass

from csat.ingest.columns import Column


@dataclass(frozen=True, slots=True)
class Asked:
    """One column of a template: its name, what is asked, and how it is read."""

    header: str
    question: str
    scale: str
    column: Column
