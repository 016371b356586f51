"""Who gave a command is a user of the system, whatever the environment says."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pwd import struct_passwd
from types import SimpleNamespace
from typing import cast

import pytest

from edi_gateway.cli.common import who

USERS: Mapping[int, str] = {0: "root", 998: "edi-gateway", 1007: "rosa", 1008: "ben"}


@pytest.fixture(autouse=True)
def users(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with two people."""
    for name in ("SUDO_UID", "LOGNAME", "USER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("edi_gateway.cli.common.getpwuid", _user)


def _user(number: int) -> struct_passwd:
    return cast("struct_passwd", SimpleNamespace(pw_name=USERS[number]))


@pytest.mark.parametrize(
    ("user", "sudo", "told"),
    [
        pytest.param(1007, None, "rosa", id="a person"),
        pytest.param(1007, "1008", "rosa", id="a person who says she is another one"),
        pytest.param(0, None, "root", id="root"),
        pytest.param(0, "1008", "ben", id="sudo"),
        pytest.param(998, "1007", "rosa", id="sudo as the user of a service"),
        pytest.param(998, None, "edi-gateway", id="the user of a service"),
        pytest.param(0, "ben", "root", id="no number"),
        pytest.param(1234, None, "command line", id="a user without a name"),
    ],
)
def test_who_gave_a_command_is_the_user_or_who_called_sudo(
    monkeypatch: pytest.MonkeyPatch, user: int, sudo: str | None, told: str
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: user)
    monkeypatch.setenv("LOGNAME", "somebody")
    if sudo:
        monkeypatch.setenv("SUDO_UID", sudo)
    assert who() == told
