"""AS2 in the gateway: the station that answers partners, the sinks that send to them, and the receipts we deliver later."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from datetime import timedelta

import msgspec

from edi_gateway.bootstrap.as2_journal import StoreJournal, answer_of, at_the_next_look
from edi_gateway.bootstrap.as2_relations import As2Relations
from edi_gateway.clock import Clock
from edi_gateway.errors import GatewayError, WrongInput
from edi_gateway.operations import apply as applying
from edi_gateway.settings import Settings
from edi_gateway.store.as2_messages import DELIVERED, GIVEN_UP, As2MessageRow
from edi_gateway.store.database import Database
from edi_gateway.store.vault import Vault, VaultKey
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import As2Connection
from edi_gateway.trading.secrets import SecretReference, resolve
from edi_gateway.transports.as2.addresses import is_same_server
from edi_gateway.transports.as2.client import Client, HttpTerms
from edi_gateway.transports.as2.sink import As2Sink
from edi_gateway.transports.as2.station import Station

MOST_DELIVERIES = 12
_FIRST_PAUSE = timedelta(minutes=1)  # doubled at each failure: about three days in all


class As2:
    """Everything AS2 of one directory; ``owes`` hears when a receipt is to be delivered later."""

    def __init__(self, directory: Directory, store: Database, vault: Vault, clock: Clock, owes: Callable[[], None]) -> None:
        self._directory, self._store, self._vault, self._clock = directory, store, vault, clock
        self.journal = StoreJournal(store, owes)
        self.relations = As2Relations(directory, store, vault, clock)
        self.station = Station(self.relations, self.journal, clock)

    def sink(self, connection: As2Connection) -> As2Sink:
        """The connection as a place bytes go to. Raises WrongInput where a secret it names is not there."""
        relation = self.relations.of(connection.name)
        return As2Sink(relation, self.relations, self.journal, Client(self.http_terms(connection)), self._clock)

    def http_terms(self, connection: As2Connection) -> HttpTerms:
        """How the partner's server is called, with every secret in place."""
        return HttpTerms(
            login=connection.login,
            password=self._secret(connection, connection.password),
            authority=self._secret(connection, connection.tls_authority),
            client_certificate=self._secret(connection, connection.client_certificate),
            timeout=connection.timeout,
            patience=connection.patience,
        )

    def _secret(self, connection: As2Connection, at: SecretReference | None) -> str:
        return resolve(at, f"connection {connection.name}", vault=self._vault.text).get_secret_value() if at else ""

    def deliver_receipts(self) -> int:
        """Delivers the receipts that were asked for later and are due; returns how many arrived."""
        with self._store.read() as unit:
            owed = unit.as2_messages.owed()
        return sum(self._deliver(row) for row in owed)

    def _deliver(self, row: As2MessageRow) -> bool:
        receipt = answer_of(row.receipt)
        try:
            connection = self._directory.connection(row.connection)
            if not isinstance(connection, As2Connection):
                return self._failed(row, f"connection {row.connection} is no AS2 connection any more")
            client = Client(self._terms_for(connection, row.receipt_to))
            try:
                client.post(row.receipt_to, receipt.fields, io.BytesIO(receipt.body), len(receipt.body))
            finally:
                client.close()
        except GatewayError as error:
            return self._failed(row, str(error))
        with self._store.write() as unit:
            unit.as2_messages.change(row.id, receipt_state=DELIVERED, tries=row.tries + 1)
        return True

    def _terms_for(self, connection: As2Connection, url: str) -> HttpTerms:
        """How a receipt is delivered: our login and certificate are shown only to the server they are for."""
        terms = self.http_terms(connection)
        if is_same_server(url, connection.url):
            return terms
        return msgspec.structs.replace(terms, login="", password="", client_certificate="")

    def _failed(self, row: As2MessageRow, because: str) -> bool:
        tries = row.tries + 1
        is_over = tries >= MOST_DELIVERIES
        with self._store.write() as unit:
            if is_over:
                text = f"the receipt for message {row.message_id} was not delivered in {tries} tries: {because}"
                unit.events.tell("as2.receipt_undelivered", f"as2:{row.id}", text)
            due = unit.clock.now() + _FIRST_PAUSE * 2 ** (tries - 1)
            unit.as2_messages.change(row.id, receipt_state=GIVEN_UP if is_over else "owed", tries=tries, due_at=due)
        return False


class As2InForce:
    """The AS2 station of what is in force, for a process that only serves; built anew when something else is applied."""

    def __init__(self, settings: Settings, store: Database) -> None:
        self._store, self._vault = store, Vault(store, VaultKey.configured(settings))
        self._lock = threading.Lock()
        self._of: object = None
        self._as2: As2 | None = None

    def __call__(self) -> Station:
        """Raises WrongInput where nothing has been applied yet."""
        with self._lock:
            newest = applying.newest(self._store)
            if self._as2 is None or newest != self._of:
                directory = applying.in_force(self._store)
                if directory is None:
                    raise WrongInput("no partners are in force yet", do="edi-gateway partner apply")
                self._as2 = As2(directory, self._store, self._vault, self._store.clock, at_the_next_look)
                self._of = newest
            return self._as2.station
