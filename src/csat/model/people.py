"""Who is reading, and what they may do. Checked where the work is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from csat.model.message import N_, msg
from csat.model.problem import NotAllowed

Role = Literal["executive", "quality", "analyst"]
ROLES: Final[tuple[str, ...]] = get_args(Role)

Permission = Literal[
    "read_figures", "read_narratives", "read_staff", "annotate", "act", "import", "undo"
]

_GRANTS: Final[dict[str, frozenset[str]]] = {
    "executive": frozenset({"read_figures"}),
    "quality": frozenset({"read_figures", "read_narratives", "read_staff", "annotate", "act"}),
    "analyst": frozenset(
        {"read_figures", "read_narratives", "read_staff", "annotate", "act", "import", "undo"}
    ),
}

ROLE_LABELS: Final[dict[str, str]] = {
    "executive": N_("Executive"),
    "quality": N_("Quality team"),
    "analyst": N_("Analyst"),
}


@dataclass(frozen=True, slots=True)
class User:
    """A person with a name and roles.

    Examples
    --------
    >>> User("ann", ("executive",)).may("import")
    False
    """

    name: str
    roles: tuple[str, ...]

    def may(self, permission: Permission) -> bool:
        """Say whether any of the user's roles grants the permission."""
        return any(permission in _GRANTS.get(role, frozenset()) for role in self.roles)

    def require(self, permission: Permission) -> None:
        """Raise `NotAllowed` unless the user holds the permission."""
        if not self.may(permission):
            raise NotAllowed(
                msg("{name} may not do this", name=self.name),
                msg("Ask an analyst of this installation for the role that may"),
            )


LOCAL_USER: Final = User("local", ROLES)
"""Who acts when no sign-in is configured: the person at this machine."""
