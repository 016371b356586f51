"""``certificate``, ``vault`` and ``as2`` as a person types them; and secrets, planted everywhere, that nothing shows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from edi_gateway import log
from edi_gateway.cli.main import app
from edi_gateway.store.vault import new_key

ROOT = Path(__file__).parents[2]
PLANTED = ("pl4nted-p12-password", "pl4nted-http-password", "pl4nted-in-the-vault")
CONNECTION = """\
name: northwind-as2
kind: as2
senders: [northwind]
as2_id: NORTHWIND
url: http://127.0.0.1:9/as2
login: meridian
password: vault:northwind
"""


class House:
    """A data folder, partner files, and commands over them."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.key = folder, new_key()
        shutil.copytree(ROOT / "partners", folder / "partners")
        ourselves = folder / "partners" / "_ourselves.yaml"
        ourselves.write_text(ourselves.read_text().replace("    group:", "    as2_id: MERIDIAN\n    group:", 1))
        (folder / "partners" / "connections" / "northwind-as2.yaml").write_text(CONNECTION)
        monkeypatch.chdir(folder)
        monkeypatch.setenv("EDI_GATEWAY_VAULT_KEY", self.key)
        monkeypatch.setenv("EDI_GATEWAY_MAPS", str(ROOT / "maps"))
        self.said: list[str] = []

    def run(self, *words: str, given: str = "", fails: bool = False) -> Result:
        done = CliRunner().invoke(app, [*words], input=given)
        self.said += [done.output, str(done.exception or "")]
        assert (done.exit_code != 0) == fails, done.output + str(done.exception)
        return done


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    return House(tmp_path, monkeypatch)


def test_a_certificate_of_ours_is_in_the_as2_name_that_is_in_force(house: House) -> None:
    ourselves = house.folder / "partners/_ourselves.yaml"
    named = ourselves.read_text()
    ourselves.write_text(named.replace("    as2_id: MERIDIAN\n", ""))
    (house.folder / "partners/connections/northwind-as2.yaml").unlink()
    house.run("partner", "apply")
    ourselves.write_text(named)
    refused = house.run("certificate", "generate", "--bits", "2048", fails=True)
    assert str(refused.exception).startswith("the AS2 name MERIDIAN of identity main is not in force — run")
    house.run("partner", "apply")
    assert "CN=MERIDIAN" in house.run("certificate", "generate", "--bits", "2048").output


def test_messages_of_a_connection_that_is_none_are_not_shown_as_none(house: House) -> None:
    house.run("partner", "apply")
    assert "AS2 messages" in house.run("as2", "list", "--connection", "northwind-as2").output
    refused = house.run("as2", "list", "--connection", "northwind-as", fails=True)
    assert str(refused.exception) == "there is no AS2 connection 'northwind-as' — did you mean 'northwind-as2'?"


def test_what_nothing_is_on_record_about_is_no_empty_table(house: House) -> None:
    house.run("partner", "apply")
    assert "profile.applied" in house.run("audit", "events", "connection:northwind-as2").output
    assert "nothing is on record about 'tpyo'" in str(house.run("audit", "events", "tpyo", fails=True).exception)


def test_a_certificate_of_ours_is_made_listed_exported_and_retired(house: House) -> None:
    made = house.run("certificate", "generate", "--bits", "2048").output
    assert "number 1" in made
    assert "to compare on the phone" in made
    assert "in the vault" in house.run("certificate", "list").output
    assert house.run("certificate", "export", "1").output.startswith("-----BEGIN CERTIFICATE-----")
    house.run("certificate", "export", "1", "--form", "p12", "--to", "ours.p12", given="long enough\n")
    assert (house.folder / "ours.p12").stat().st_mode & 0o777 == 0o600

    house.run("certificate", "retire", "1")

    assert "MERIDIAN" not in house.run("certificate", "list").output


def test_a_partners_certificate_is_added_from_what_they_sent_without_a_key_that_came_with_it(house: House) -> None:
    house.run("certificate", "generate", "--bits", "2048")
    house.run("certificate", "export", "1", "--form", "p12", "--to", "theirs.p12", given="pw\n")

    said = house.run("certificate", "add", "theirs.p12", "--connection", "northwind-as2", given="pw\n").output

    assert "it is not kept" in said
    assert '"key": ""' in house.run("certificate", "list", "--json").output


def test_check_tells_what_is_missing_until_nothing_is(house: House) -> None:
    before = house.run("certificate", "check", fails=True).output
    assert "no certificate of NORTHWIND holds for encryption" in before
    house.run("certificate", "generate", "--bits", "2048")
    house.run("certificate", "export", "1", "--to", "ours.pem")
    house.run("certificate", "add", "ours.pem", "--connection", "northwind-as2")

    assert "nothing to do" in house.run("certificate", "check").output


def test_a_certificate_is_somebodys(house: House) -> None:
    house.run("certificate", "generate", "--bits", "2048")
    house.run("certificate", "export", "1", "--to", "any.pem")
    for words, why in (
        ((), "say whose it is"),
        (("--ours", "main", "--connection", "northwind-as2"), "say whose it is"),
        (("--connection", "northwind-mailbox"), "is no AS2 connection"),
        (("--ours", "x"), "there is no identity of ours 'x'"),
    ):
        assert why in str(house.run("certificate", "add", "any.pem", *words, fails=True).exception)


def test_a_secret_goes_into_the_vault_from_standard_input_and_is_only_listed(house: House) -> None:
    house.run("vault", "set", "northwind", given="geheim\n")

    listed = house.run("vault", "list").output
    assert "northwind" in listed
    assert "geheim" not in listed
    house.run("vault", "remove", "northwind")
    house.run("vault", "remove", "northwind", fails=True)


def test_a_new_key_is_for_its_owner_only_and_never_written_over_another(house: House) -> None:
    house.run("vault", "new-key", "next.key")

    assert (house.folder / "next.key").stat().st_mode & 0o777 == 0o600
    house.run("vault", "new-key", "next.key", fails=True)


def test_after_a_rotation_the_new_key_opens_everything(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.run("vault", "set", "northwind", given="geheim")
    house.run("certificate", "generate", "--bits", "2048")
    house.run("vault", "new-key", "next.key")

    house.run("vault", "rotate", "next.key")

    monkeypatch.setenv("EDI_GATEWAY_VAULT_KEY", "")
    monkeypatch.setenv("EDI_GATEWAY_VAULT_KEY_FILE", "next.key")
    house.run("certificate", "export", "1", "--form", "p12", "--to", "ours.p12", given="pw\n")
    assert (house.folder / "ours.p12").stat().st_size


def test_ping_says_which_secret_is_missing_and_where_to_put_it(house: House) -> None:
    said = house.run("connection", "ping", "northwind-as2", fails=True).output

    assert "the vault holds no secret called northwind" in said
    assert "edi-gateway vault set northwind" in said


def test_no_planted_secret_is_shown_logged_exported_or_kept_in_the_clear(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    log.configure("debug")
    p12, http, vaulted = PLANTED
    house.run("certificate", "generate", "--bits", "2048")
    house.run("certificate", "export", "1", "--form", "p12", "--to", "ours.p12", given=f"{p12}\n")
    house.run("certificate", "add", "ours.p12", "--ours", "main", given=f"{p12}\n")
    house.run("certificate", "add", "ours.p12", "--ours", "main", given=f"{p12}-but-wrong\n", fails=True)
    house.run("certificate", "add", "ours.p12", "--connection", "northwind-as2", given=f"{p12}\n")
    house.run("vault", "set", "northwind", given=http)
    house.run("vault", "set", "other", given=vaulted)
    for words in (
        ("vault", "list", "--json"),
        ("certificate", "list", "--json"),
        ("as2", "list", "--json"),
        ("connection", "list", "--json"),
        ("partner", "export", "--to", "out"),
    ):
        house.said.append(CliRunner().invoke(app, [*words]).output)
    house.run("connection", "ping", "northwind-as2", fails=True)
    house.run("vault", "remove", "other")

    said = "".join([*house.said, *capfd.readouterr()])
    files = b"".join(path.read_bytes() for path in house.folder.rglob("*") if path.is_file())
    log.configure("error")
    for secret in (*PLANTED, house.key):
        assert secret not in said
        assert secret.encode() not in files
    assert "PRIVATE KEY" not in said
    assert b"PRIVATE KEY" not in files
