"""Who may do what."""

from __future__ import annotations

import pytest

from csat.model.people import LOCAL_USER, ROLE_LABELS, ROLES, Permission, User
from csat.model.problem import NotAllowed

MAY: dict[str, set[Permission]] = {
    "executive": {"read_figures"},
    "quality": {"read_figures", "read_narratives", "annotate"},
    "analyst": {"read_figures", "read_narratives", "annotate", "import", "undo"},
}
ALL: tuple[Permission, ...] = (
    "read_figures",
    "read_narratives",
    "annotate",
    "import",
    "undo",
)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("permission", ALL)
def test_a_role_grants_exactly_its_permissions(role: str, permission: Permission) -> None:
    user = User("ann", (role,))
    assert user.may(permission) == (permission in MAY[role])


def test_several_roles_grant_what_any_of_them_grants() -> None:
    assert User("ann", ("executive", "analyst")).may("undo")


@pytest.mark.parametrize("roles", [(), ("root",), ("Analyst",)])
def test_no_role_or_an_unknown_one_grants_nothing(roles: tuple[str, ...]) -> None:
    assert not any(User("eve", roles).may(permission) for permission in ALL)


def test_a_refusal_names_the_person_and_ends_with_exit_code_seven() -> None:
    with pytest.raises(NotAllowed, match="eve may not do this") as caught:
        User("eve", ("executive",)).require("import")
    assert caught.value.exit_code == 7


def test_the_local_user_may_do_everything() -> None:
    assert all(LOCAL_USER.may(permission) for permission in ALL)


def test_every_role_has_a_label() -> None:
    assert set(ROLE_LABELS) == set(ROLES)
