"""The same buyer through its account on a real SFTP server of ours."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from square import MAPS, SUPPLIER, Square, confirmation, order

from edi_gateway.errors import NeedsPerson
from edi_gateway.simulated_partner import Buyer, KeyPair, make_keys
from edi_gateway.transports.mailbox import Account, AccountList, MailboxServer, mailbox_transport
from edi_gateway.transports.mailbox.passwords import Cost
from edi_gateway.transports.sftp import Credentials, SftpConfig, SftpTransport


def account(port: int, keys: KeyPair, host_keys: Iterable[str]) -> SftpTransport:
    """The buyer's account on the server of ours: what it sends goes to our ``/inbox``, and what we left lies in ``/outbox``."""
    config = SftpConfig(
        host="127.0.0.1",
        port=port,
        login="birch",
        host_keys=tuple(host_keys),
        inbox="/outbox",
        outbox="/inbox",
        stable_for=0.0,
        claims=False,
    )
    return SftpTransport(config, Credentials(key_file=keys.private_file))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailboxServer]:
    keys = make_keys(tmp_path / "buyer", "birch")
    accounts = AccountList([Account(name="birch", keys=(keys.public_line,))])
    with MailboxServer(tmp_path / "mailboxes", accounts, tmp_path / "host_keys", password_cost=Cost(n=2, r=8, p=1)) as server:
        mailbox_transport(tmp_path / "mailboxes", "birch")
        yield server


def test_an_order_goes_and_its_answer_is_collected_over_sftp(server: MailboxServer, tmp_path: Path) -> None:
    (tmp_path / "square").mkdir()
    square = Square(tmp_path / "square")
    pins = [key.line for key in server.host_keys]
    mailbox = account(server.port, make_keys(tmp_path / "buyer", "birch"), pins)
    buyer = Buyer(square.profile, SUPPLIER, MAPS, mailbox, square.clock)
    ours = mailbox_transport(tmp_path / "mailboxes", "birch")

    placed = order()
    buyer.order(placed)
    assert [file.name for file in ours.look()] == ["850_birch_000000001.edi"]

    segments = [["ST", "855", "0001"], *MAPS.writing("order-acknowledgment-855").write(confirmation(placed))]
    name, body = square.interchange("855", segments)
    ours.send(name, io.BytesIO(body))
    assert [event.said for event in buyer.look()] == [
        "855: order PO-0007 is accepted",
        "997 sent: their group PR 101 is accepted",
    ]
    assert buyer.look() == []
    mailbox.close()


def test_a_server_that_shows_another_key_gets_nothing(server: MailboxServer, tmp_path: Path) -> None:
    stranger = make_keys(tmp_path / "stranger", "server")
    mailbox = account(server.port, make_keys(tmp_path / "buyer", "birch"), [stranger.public_line])
    with pytest.raises(NeedsPerson, match="host key"):
        mailbox.look()
