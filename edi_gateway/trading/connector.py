"""ERP connectors as they are described in files: a simulated ERP, a shared folder, or an HTTP interface."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from edi_gateway.trading.base import Terms
from edi_gateway.trading.scalars import Duration
from edi_gateway.trading.secrets import SecretAt


class SimulatorConnector(Terms):
    """The ERP that comes with the gateway, to try things with: items, stock, prices, credit."""

    name: str = Field(description="File name without .yaml.")
    kind: Literal["simulator"] = Field(description="simulator")
    catalog: str = Field("", description="Its catalog file; none: the one that comes with it.")
    poll: Duration = Field(timedelta(seconds=5), description="How often we ask what it has to tell.")


class FolderConnector(Terms):
    """An ERP that takes files out of a shared folder and leaves files there."""

    name: str = Field(description="File name without .yaml.")
    kind: Literal["folder"] = Field(description="folder")
    folder: str = Field(description="The shared folder, with orders/, remittances/, told/ and lookup/ in it.")
    form: Literal["json", "csv", "xml", "idoc"] = Field(
        "json", description="What the files are: see the reference of connectors."
    )
    steady: Duration = Field(timedelta(seconds=2), description="How long a file must lie unchanged before it is read.")
    poll: Duration = Field(timedelta(seconds=30), description="How often we look what it has to tell.")


class Bearer(Terms):
    """A token that does not change."""

    token: SecretAt = Field(description="Where the token is.")


class Basic(Terms):
    """A user and a password."""

    user: str = Field(description="The user.")
    password: SecretAt = Field(description="Where the password is.")


class ClientCredentials(Terms):
    """OAuth 2: a token is fetched, used until it ends, and fetched anew (RFC 6749 §4.4)."""

    token_url: str = Field(pattern=r"^https?://", description="Where tokens are given.")
    client: str = Field(description="Our client id.")
    secret: SecretAt = Field(description="Where the client secret is.")
    scope: str = Field("", description="What we ask for; none: what we are given.")


class Auth(Terms):
    """How we show who we are: one of these, or none."""

    bearer: Bearer | None = Field(None, description="A token that does not change.")
    basic: Basic | None = Field(None, description="A user and a password.")
    oauth: ClientCredentials | None = Field(None, description="A token that is fetched.")
    header: dict[str, SecretAt] = Field(default_factory=dict, description="Header → where its value is: X-Api-Key: env:ERP_KEY.")


class Call(Terms):
    """One request: what is called, what is sent, what is read out of the answer."""

    call: str = Field(
        pattern=r"^(GET|POST|PUT|PATCH|DELETE) /\S*$",
        description="Method and path below the url; {key}, {customer}, {number}, {of}, {limit}, {id}, {kind} are filled in.",
    )
    send: Any = Field(None, description="The body: their fields on the left, ours on the right; none: no body.")
    read: Any = Field(None, description="The answer: our fields on the left, theirs on the right.")
    none: tuple[int, ...] = Field((404,), description="Statuses that mean there is no such thing.")
    already: tuple[int, ...] = Field((), description="Statuses that mean it was there before; the answer is read as usual.")


class EventKind(Terms):
    """One kind of event among those the ERP tells."""

    when: tuple[str, ...] = Field(min_length=1, description="What their kind says for it.")
    read: Any = Field(description="Our fields on the left, theirs on the right.")


class Pending(Call):
    """What the ERP has to tell."""

    each: str = Field(".", description="Where the list of events is in the answer.")
    kind: str = Field(description="Where an event says its kind.")
    id: str = Field("id", description="Where an event has its id, one of its own among those of its kind.")
    next: str = Field("", description="Where the answer has the path of its next page; none: there are no pages.")
    decided: EventKind | None = Field(None, description="An order was decided on.")
    shipped: EventKind | None = Field(None, description="Goods left.")
    billed: EventKind | None = Field(None, description="An invoice was made.")
    credited: EventKind | None = Field(None, description="A credit note was made.")
    ignored: tuple[str, ...] = Field(
        (), description="None of our business: kinds that are confirmed unread. Others we do not know are told."
    )


class Requests(Terms):
    """What is called for what. What an ERP cannot do is left out."""

    consult: Call | None = Field(None, description="Credit, price and stock for an order.")
    post_order: Call = Field(description="Creates an order; `read: {reference: …}` is its number there.")
    post_change: Call | None = Field(
        None,
        description="Changes an order, {of} being our id of it; `read: {reference: …, refused: …}`. Without it a person does.",
    )
    post_remittance: Call | None = Field(None, description="Hands over a remittance; without it they are only kept here.")
    find: tuple[Call, ...] = Field(
        (), description="Asks for what we posted, by {key}: one call for orders, one for remittances. Without it we post again."
    )
    pending: Pending = Field(description="What it has to tell.")
    confirm: Call = Field(description="Says what is on record here: by {id} (and {kind}) one at a time, or all as `ids`.")
    check: Call | None = Field(None, description="Something that changes nothing, to see that it answers.")


class RestConnector(Terms):
    """An ERP with an HTTP interface that speaks JSON."""

    name: str = Field(description="File name without .yaml.")
    kind: Literal["rest"] = Field(description="rest")
    url: str = Field(pattern=r"^https?://[^\s?#]+[^\s/?#]$", description="What all paths are below, without a final slash.")
    auth: Auth = Field(Auth(), description="How we show who we are.")
    headers: dict[str, str] = Field(default_factory=dict, description="Headers that go with every request.")
    idempotency_header: str = Field("Idempotency-Key", description="Header that carries our id of what is posted.")
    timeout: Duration = Field(timedelta(seconds=20), description="How long we wait for an answer.")
    poll: Duration = Field(timedelta(seconds=30), description="How often we ask what it has to tell.")
    requests: Requests = Field(description="What is called for what.")


class PythonConnector(Terms):
    """A class of yours that keeps the contract of ERP connectors, installed beside the gateway."""

    name: str = Field(description="File name without .yaml.")
    kind: Literal["python"] = Field(description="python")
    implementation: str = Field(pattern=r"^[\w.]+:\w+$", description="package.module:Class.")
    settings: dict[str, str] = Field(default_factory=dict, description="Whatever it wants to know.")
    secrets: dict[str, SecretAt] = Field(default_factory=dict, description="Secrets it needs, by name.")
    poll: Duration = Field(timedelta(seconds=30), description="How often we ask what it has to tell.")


Connector = Annotated[SimulatorConnector | FolderConnector | RestConnector | PythonConnector, Field(discriminator="kind")]
BUILT_IN: dict[str, Connector] = {
    name: SimulatorConnector(name=name, kind="simulator") for name in ("simulator", "simulator-test")
}
"""What there is without a file."""
