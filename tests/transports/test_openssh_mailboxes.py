"""docs/how-to/openssh-mailboxes.md on a real sshd: chrooted partners, and the gateway watching their folders."""

from __future__ import annotations

import io
import os
import pwd
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import paramiko
import pytest
from counterparts import Key, Sshd, contents

from edi_gateway.clock import MovableClock
from edi_gateway.plainyaml import load
from edi_gateway.trading.profile import FolderConnection
from edi_gateway.transports.folder import FolderConfig, FolderTransport
from edi_gateway.transports.sftp import Credentials, SftpTransport

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "openssh-mailboxes.md"
PRIVILEGES = Path("/run/sshd")  # which the service makes when it starts; sshd as root does not run without it


class House:
    """A partner's chroot on a real sshd, set up as the page says; the partner is ``nobody``."""

    def __init__(self, program: str, key: Key, root: Path) -> None:
        root.chmod(0o755)
        self.home = root / "nobody"
        match, common = re.findall(r"```text\n(.*?)```", PAGE.read_text(), re.DOTALL)
        match = match.replace("Match Group edi-partners", "Match User nobody").replace("/srv/edi", str(root))
        (root / "keys").mkdir()
        (root / "keys" / "nobody").write_text(key.line)
        self.home.mkdir(mode=0o755)
        partner = pwd.getpwnam("nobody")
        for name, owner in (("inbox", partner.pw_uid), ("outbox", 0)):
            (self.home / name).mkdir()
            os.chown(self.home / name, owner, partner.pw_gid)
            (self.home / name).chmod(0o2770)
        self.sshd = Sshd(program, key, *common.splitlines(), match=match)

    def partner(self) -> SftpTransport:
        config = self.sshd.config(login="nobody", inbox="/outbox", outbox="/inbox")
        return SftpTransport(config, Credentials(key_file=self.sshd.key.path))

    def raw(self) -> paramiko.SFTPClient:
        wire = paramiko.Transport(("127.0.0.1", self.sshd.port))
        wire.connect(username="nobody", pkey=self.sshd.key.private)
        sftp = paramiko.SFTPClient.from_transport(wire)
        assert sftp is not None
        return sftp

    def gateway(self, clock: MovableClock) -> FolderTransport:
        return FolderTransport(FolderConfig(inbox=self.home / "inbox", outbox=self.home / "outbox", stable_for=30.0), clock)


@pytest.fixture
def house(key: Key) -> Iterator[House]:
    program = shutil.which("sshd", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if program is None or os.getuid() != 0:
        pytest.skip("a chroot needs OpenSSH's sshd, and root")
    made = not PRIVILEGES.exists()
    PRIVILEGES.mkdir(mode=0o755, exist_ok=True)
    root = Path(tempfile.mkdtemp(prefix="edi-gateway-", dir="/srv"))  # every folder above a chroot has to be root's alone
    running = House(program, key, root)
    yield running
    running.sshd.stop()
    shutil.rmtree(root)
    if made:
        PRIVILEGES.rmdir()


@pytest.fixture
def now() -> MovableClock:
    return MovableClock(datetime.now(UTC))  # files have the file system's time


def test_what_a_partner_uploads_is_collected_once_it_has_settled(house: House, now: MovableClock):
    gateway, partner = house.gateway(now), house.partner()
    partner.send("po.edi", io.BytesIO(b"ISA*00~"))
    assert gateway.look() == []

    now.advance(timedelta(seconds=31))
    claimed = gateway.claim(gateway.look()[0])

    with gateway.fetch(claimed) as stream:
        assert stream.read() == b"ISA*00~"
    gateway.finish(claimed)
    assert contents(house.home / "inbox") == {}
    partner.close()


def test_what_the_gateway_sends_is_read_and_taken_away_by_the_partner(house: House, now: MovableClock):
    old = os.umask(0o007)
    try:
        house.gateway(now).send("855.edi", io.BytesIO(b"ST*855~"))
    finally:
        os.umask(old)
    partner = house.partner()

    claimed = partner.claim(partner.look()[0])
    with partner.fetch(claimed) as stream:
        assert stream.read() == b"ST*855~"
    partner.finish(claimed)

    assert contents(house.home / "outbox") == {}
    partner.close()


def test_an_upload_that_broke_off_under_a_name_in_transit_is_never_collected(house: House, now: MovableClock):
    sftp = house.raw()
    with sftp.open("/inbox/po.edi.part", "wb") as upload:
        upload.write(b"ISA*00~")
    now.advance(timedelta(days=2))
    assert house.gateway(now).look() == []

    sftp.rename("/inbox/po.edi.part", "/inbox/po.edi")
    sftp.close()

    assert [file.name for file in house.gateway(now).look()] == ["po.edi"]


def test_a_partner_sees_nothing_but_its_own_folders_and_its_links_lead_nowhere(house: House, now: MovableClock):
    sftp = house.raw()
    assert sorted(sftp.listdir("/")) == ["inbox", "outbox"]
    for path in ("/etc/passwd", "../../etc/passwd", "/keys/nobody", "../keys/nobody"):
        with pytest.raises(FileNotFoundError):
            sftp.stat(path)
    with pytest.raises(PermissionError):
        sftp.mkdir("/new")
    with pytest.raises(PermissionError):
        sftp.open("/new", "wb")

    sftp.symlink("/etc/passwd", "/inbox/passwd.edi")
    now.advance(timedelta(days=2))

    assert house.gateway(now).look() == []
    sftp.close()


def test_a_shell_a_command_and_a_tunnel_are_not_given(house: House):
    wire = paramiko.Transport(("127.0.0.1", house.sshd.port))
    wire.connect(username="nobody", pkey=house.sshd.key.private)

    channel = wire.open_session()
    channel.exec_command("cat /etc/passwd")
    channel.shutdown_write()
    assert b"sftp connections only" in channel.makefile("rb").read()
    with pytest.raises(paramiko.ChannelException):
        wire.open_channel("direct-tcpip", ("127.0.0.1", 22), ("127.0.0.1", 1))
    wire.close()


def test_the_connection_of_the_page_is_one(tmp_path: Path):
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    (tmp_path / "acme-openssh.yaml").write_text(text)

    connection = FolderConnection.model_validate(load(tmp_path / "acme-openssh.yaml"))

    assert connection.settled == timedelta(seconds=30)
