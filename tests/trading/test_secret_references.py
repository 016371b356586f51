"""Secrets are only named in files; they are fetched when needed and never shown."""

from __future__ import annotations

import pytest

from edi_gateway.errors import WrongInput
from edi_gateway.trading.secrets import SecretReference, resolve

OWNER = "connection acme-sftp, key"


def failure(at, environment=None):
    with pytest.raises(WrongInput) as caught:
        resolve(SecretReference(at=at), OWNER, environment or {})
    return str(caught.value)


def test_a_secret_in_the_environment():
    assert resolve(SecretReference(at="env:ACME_KEY"), OWNER, {"ACME_KEY": "hush"}).get_secret_value() == "hush"


def test_a_secret_in_a_file_loses_only_its_last_line_end(tmp_path):
    (tmp_path / "key").write_text("line one\nline two\n\n")
    secret = resolve(SecretReference(at=f"file:{tmp_path}/key"), OWNER)
    assert secret.get_secret_value() == "line one\nline two\n"


def test_a_secret_is_masked_wherever_it_is_shown():
    secret = resolve(SecretReference(at="env:ACME_KEY"), OWNER, {"ACME_KEY": "hush"})
    assert "hush" not in f"{secret} {secret!r}"


@pytest.mark.parametrize("environment", [{}, {"ACME_KEY": ""}])
def test_a_variable_that_is_not_set_is_named_together_with_who_needs_it(environment):
    assert failure("env:ACME_KEY", environment) == (
        "connection acme-sftp, key: the environment variable ACME_KEY is not set or empty — set it where the gateway is started"
    )


def test_a_file_that_is_not_there_is_named_together_with_who_needs_it(tmp_path):
    message = failure(f"file:{tmp_path}/key")
    assert message == f"{OWNER}: the secret's file {tmp_path}/key cannot be read: No such file or directory"


def test_an_empty_file_is_no_secret(tmp_path):
    (tmp_path / "key").write_text("\n")
    assert failure(f"file:{tmp_path}/key").endswith("is empty")


def test_bytes_that_are_no_text_are_not_shown(tmp_path):
    (tmp_path / "key").write_bytes(b"hush\xff")
    assert failure(f"file:{tmp_path}/key").endswith("is not UTF-8 text")


def test_a_partner_file_names_a_secret_in_one_word(world):
    world.write(
        "connections/acme-sftp.yaml",
        """\
        name: acme-sftp
        kind: sftp
        senders: [acme]
        host: sftp.acme.example
        login: larch
        host_keys: ["SHA256:abc"]
        key: env:ACME_KEY
        """,
    )
    assert world.load().connection("acme-sftp").key == SecretReference(at="env:ACME_KEY")


def test_a_secret_written_out_in_a_partner_file_is_a_mistake_that_does_not_repeat_it(world):
    world.write(
        "connections/box.yaml",
        """\
        name: box
        kind: mailbox
        senders: []
        account: box
        password_hash: hush
        """,
    )
    mistake = world.mistake()
    assert mistake.startswith("connections/box.yaml:5: ")
    assert "env:NAME" in mistake
    assert "hush" not in mistake
