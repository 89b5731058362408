"""The table of roles: every role with everything it may do, and nothing else."""

import pytest

from accounts.roles import Permission, Role, may

TABLE = {
    Role.VIEWER: {"view"},
    Role.APPROVER: {"view", "approve"},
    Role.SENDER: {"view", "numbers", "send", "content", "customers", "stop"},
    Role.ADMIN: {"view", "numbers", "send", "content", "customers", "stop", "approve", "manage"},
    Role.OWNER: {
        "view",
        "numbers",
        "send",
        "content",
        "customers",
        "stop",
        "approve",
        "manage",
        "own",
    },
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_what_each_role_may_do(role, permission):
    assert may(role, permission) is (permission.value in TABLE[role])


def test_an_unknown_role_or_permission_is_an_error():
    with pytest.raises(ValueError):
        may("BOSS", "view")
    with pytest.raises(ValueError):
        may("OWNER", "fly")
