"""Which way a message goes over which kind of channel."""

from __future__ import annotations

from edi_gateway.clock import Clock
from edi_gateway.errors import WrongInput
from edi_gateway.trading.alerts import Alerts, Channel, EmailChannel, WebhookChannel
from edi_gateway.trading.secrets import FromVault
from edi_gateway.transports.notify.base import Carry, Message
from edi_gateway.transports.notify.email import Mailer
from edi_gateway.transports.notify.webhook import Poster


def carrier(terms: Alerts, clock: Clock, vault: FromVault | None = None) -> Carry:
    """Tells messages as ``alerts.yaml`` says."""
    mailer = Mailer(terms.mail, clock, vault) if terms.mail else None
    poster = Poster(vault)

    def carry(channel: Channel, message: Message) -> None:
        if isinstance(channel, EmailChannel):
            if mailer is None:
                raise WrongInput("there is no mail server to send it by", where="alerts.yaml", do="add mail:")
            mailer.send(channel, message)
        elif isinstance(channel, WebhookChannel):
            poster.to_program(channel, message)
        else:
            poster.to_chat(channel, message)

    return carry
