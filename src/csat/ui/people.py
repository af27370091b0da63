"""Who is signed in: the local user, or whoever a trusted proxy says."""

from __future__ import annotations

import streamlit as st

from csat.model.message import msg
from csat.model.people import ROLES, User
from csat.model.problem import NotAllowed
from csat.model.settings import Config


def current_user() -> User:
    """Return who is reading.

    With ``CSAT_AUTH=none`` this is the local user with the roles of ``CSAT_ROLES``. With
    ``CSAT_AUTH=proxy`` the name and role come from headers that the proxy sets and Streamlit
    hands over (``server.trustedUserHeaders``); nobody without a known role gets in.

    Raises
    ------
    NotAllowed
        When the proxy names no user or no known role.
    """
    config = Config.from_environment()
    if config.auth == "none":
        return User("local", tuple(r for r in config.roles if r in ROLES))
    name = str(st.user.get("email") or "")
    roles = tuple(
        r for r in (p.strip() for p in str(st.user.get("role") or "").split(",")) if r in ROLES
    )
    if not name or not roles:
        raise NotAllowed(
            msg("You are not signed in, or have no role here"),
            msg("Ask whoever runs this installation for access"),
        )
    return User(name, roles)
