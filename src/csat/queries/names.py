"""Who may see names of people who work on the service: raters, owners of findings, experts."""

from __future__ import annotations

from csat.model.people import User


def may_name(user: User | None) -> bool:
    """Say whether a reader may see such names; nobody in particular may not.

    Examples
    --------
    >>> may_name(User("ann", ("executive",))), may_name(User("bob", ("quality",)))
    (False, True)
    """
    return user is not None and user.may("read_narratives")
