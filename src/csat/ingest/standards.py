"""Keep the service standards of a program, with who set them and when."""

from __future__ import annotations

from csat.ingest.documents import keep_document
from csat.model.people import User
from csat.model.standards import ServiceStandard, read_standard
from csat.store.store import Store


def set_standard(store: Store, program: str, text: str, user: User) -> ServiceStandard:
    """Put calendar and targets from a TOML text into force; earlier ones stay on record.

    Raises
    ------
    UsageProblem
        When there is no such program, or the text is no service standard.
    NotAllowed
        When the user may not import.
    """
    user.require("import")
    standard, kept = read_standard(text)
    keep_document(store, "service_standard", program, kept, user)
    return standard
