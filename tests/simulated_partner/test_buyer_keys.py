"""The key a buyer logs in with."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from edi_gateway.errors import WrongInput
from edi_gateway.simulated_partner import make_keys
from edi_gateway.transports.sftp.config import Credentials
from edi_gateway.transports.sftp.connect import load_key
from edi_gateway.transports.ssh import public_key_of, read_public_key


def test_the_private_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    pair = make_keys(tmp_path / "keys", "birch")
    assert stat.S_IMODE(pair.private_file.stat().st_mode) == 0o600


def test_the_public_line_belongs_to_the_private_file(tmp_path: Path) -> None:
    pair = make_keys(tmp_path, "birch")
    private = load_key(Credentials(key_file=pair.private_file))
    assert private is not None
    assert public_key_of(private) == read_public_key(pair.public_line)
    assert pair.public_line.startswith("ssh-ed25519 ")


def test_a_second_time_it_is_the_same_key_and_another_name_has_another(tmp_path: Path) -> None:
    first = make_keys(tmp_path, "birch")
    assert make_keys(tmp_path, "birch") == first
    assert make_keys(tmp_path, "cedar").public_line != first.public_line


def test_something_else_under_the_keys_name_is_told_and_left_there(tmp_path: Path) -> None:
    (tmp_path / "birch_ed25519").write_text("shopping list")
    with pytest.raises(WrongInput, match="no private key"):
        make_keys(tmp_path, "birch")
    assert (tmp_path / "birch_ed25519").read_text() == "shopping list"
