"""Keep the tree that joins complaints and survey questions, with who set it and when."""

from __future__ import annotations

from csat.ingest.documents import keep_document
from csat.model.cause_tree import CauseTree, read_cause_tree
from csat.model.people import User
from csat.store.store import Store


def set_cause_tree(store: Store, program: str, text: str, user: User) -> CauseTree:
    """Put the themes of a TOML text into force; earlier trees stay on record.

    Raises
    ------
    UsageProblem
        When there is no such program, or the text holds no tree.
    NotAllowed
        When the user may not import.
    """
    user.require("import")
    tree, kept = read_cause_tree(text)
    keep_document(store, "cause_tree", program, kept, user)
    return tree
