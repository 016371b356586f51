"""The demo's scene: a gateway in a fresh folder, and buyers with keys of their own who reach it over SFTP."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from edi_gateway.bootstrap import Gateway
from edi_gateway.cli.demo.partners import NAMES, copy_partners
from edi_gateway.clock import MovableClock
from edi_gateway.errors import Defect, WrongInput
from edi_gateway.settings import Settings
from edi_gateway.simulated_partner import Buyer
from edi_gateway.simulated_partner.keys import KeyPair, make_keys
from edi_gateway.transports.sftp import Credentials, SftpConfig, SftpTransport

BEGIN = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)  # when the documents in sample_docs/ were written


class Scene(NamedTuple):
    """Everything that plays a part."""

    gateway: Gateway
    clock: MovableClock
    buyers: dict[str, Buyer]
    samples: Path

    def settle(self) -> None:
        """Lets everything happen that can happen now."""
        if not self.gateway.dispatcher.settle(60):
            raise Defect("the gateway did not come to rest within a minute")


def set_up(settings: Settings, samples: Path) -> Scene:
    """Builds the scene and starts it. Raises WrongInput where maps, partners or samples are not there."""
    if not samples.is_dir():
        raise WrongInput("the demo's documents are not there", where=str(samples), do="run it in the project's folder")
    keys = {name: make_keys(settings.data / "buyers", name) for name in NAMES}
    own = settings.data / "partners"
    copy_partners(settings.partners, own, {name: pair.public_line for name, pair in keys.items()})
    clock = MovableClock(BEGIN)
    gateway = Gateway(settings.model_copy(update={"partners": own}), clock)
    gateway.start()
    buyers = {name: _buyer(gateway, clock, keys[name], name) for name in NAMES}
    return Scene(gateway, clock, buyers, samples)


def _buyer(gateway: Gateway, clock: MovableClock, pair: KeyPair, name: str) -> Buyer:
    partner = gateway.directory.partner(name)
    connection = gateway.directory.connection(partner.connection)
    assert connection.kind == "mailbox"  # noqa: S101  # as its file says
    server = gateway.mailboxes
    if server is None:
        raise Defect("the demo runs without a mailbox server")
    config = SftpConfig(
        host=gateway.settings.host,
        port=server.port,
        login=connection.account,
        host_keys=tuple(key.line for key in server.host_keys),
        inbox="/outbox",  # what the gateway puts out is what the buyer collects
        outbox="/inbox",
        stable_for=0.0,
        claims=False,
    )
    transport = SftpTransport(config, Credentials(key_file=pair.private_file), clock=clock)
    return Buyer(partner, gateway.directory.identity(partner.ours), gateway.maps, transport, clock, first_number=5001)
