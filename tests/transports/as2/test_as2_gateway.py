"""AS2 through the whole gateway: an order comes, its acknowledgment goes, and everything is on record."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import pytest
from as2_gateway import CONNECTION, OURS, ROOT, THEIRS, AS2Gateway, write_partners
from as2_parties import NOW, Clock, Party, PartyServer, serve

from edi_gateway.bootstrap.as2 import MOST_DELIVERIES
from edi_gateway.clock import MovableClock
from edi_gateway.errors import NeedsPerson, TryAgain
from edi_gateway.operations.retain import retain
from edi_gateway.transports.as2.client import Client, HttpTerms
from edi_gateway.transports.as2.cms.algorithms import DIGESTS
from edi_gateway.transports.as2.disposition import Disposition, Failure
from edi_gateway.transports.as2.journal import Evidence, Sent
from edi_gateway.transports.as2.mdn import Mdn
from edi_gateway.transports.as2.sink import MOST_UNANSWERED
from edi_gateway.transports.as2.wire import envelope

ORDER = (ROOT / "sample_docs" / "northwind-850-plain.edi").read_bytes()


@pytest.fixture(scope="module")
def their_server() -> Iterator[PartyServer]:
    """Northwind's address; each test puts its own Northwind behind it."""
    with serve(Party(THEIRS, OURS, Clock())) as running:
        yield running


@pytest.fixture(scope="module")
def house(their_server: PartyServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which everything is applied and every key known, to be copied."""
    folder, url = tmp_path_factory.mktemp("house"), f"http://127.0.0.1:{their_server.port}/as2"
    write_partners(folder, url=url, receipt_addresses=f"[{url}]")
    made = AS2Gateway(folder, MovableClock(NOW))
    made.trust(Party(THEIRS, OURS), Party(OURS, THEIRS))
    made.close()
    return folder


@pytest.fixture
def partner(their_server: PartyServer) -> Party:
    return their_server.put(Party(THEIRS, OURS, Clock()))


@pytest.fixture
def gateway(tmp_path: Path, house: Path, partner: Party) -> Iterator[AS2Gateway]:
    shutil.copytree(house, tmp_path / "house")
    running = AS2Gateway(tmp_path / "house", MovableClock(NOW))
    with running.server:
        partner.agree(url=f"http://127.0.0.1:{running.server.port}/as2")
        yield running
    running.close()


def test_an_order_over_as2_is_acknowledged_and_answered_over_as2(gateway: AS2Gateway, partner: Party) -> None:
    receipt = partner.send(ORDER, "order.edi")
    gateway.run()

    assert receipt.confirmed
    assert [name.split("_")[0] for name in partner.journal.file_names][:1] == ["997"]
    assert partner.journal.payloads[0].startswith(b"ISA*")
    states = [(each["direction"], each["state"]) for each in gateway.messages()]
    assert states[0] == ("in", "taken")
    assert set(states[1:]) == {("out", "confirmed")}


def test_the_same_message_again_gets_the_same_receipt_and_nothing_is_processed_twice(gateway: AS2Gateway, partner: Party) -> None:
    receipt = partner.send(ORDER)
    first = partner.journal.evidence[-1].wire
    partner.journal.change(receipt.reference, state="to send")

    partner.send(ORDER)

    assert partner.journal.evidence[-1].wire == first
    assert len(gateway.messages()) == 1
    assert len(gateway.events("payload.received")) == 1


def test_a_payload_is_on_record_before_its_receipt_is_given(gateway: AS2Gateway, partner: Party) -> None:
    partner.send(ORDER)

    with gateway.store.read() as unit:
        transmission = unit.transmissions.get(1)
        assert (transmission.connection, transmission.name) == (CONNECTION, "850.edi")
        assert unit.payloads.read(transmission.payload) == ORDER


def test_a_receipt_wanted_later_is_delivered_to_an_address_the_profile_allows(gateway: AS2Gateway, partner: Party) -> None:
    partner.agree(receipt="asynchronous", receipt_url=gateway.gateway.directory.connection(CONNECTION).url)  # type: ignore[union-attr]

    receipt = partner.send(ORDER)
    delivered = gateway.gateway.as2.deliver_receipts()

    assert delivered == 1
    assert partner.journal.messages[receipt.reference].state == "confirmed"
    assert gateway.messages()[0]["receipt_state"] == "delivered"


def test_what_a_partner_refuses_is_held_and_goes_again_as_a_new_message(gateway: AS2Gateway, partner: Party) -> None:
    partner.send(ORDER)
    partner.their_certificates = []  # they lost our certificate
    gateway.run()

    held = [each for each in gateway.messages() if each["direction"] == "out"]
    assert {each["state"] for each in held} == {"refused"}
    with gateway.store.read() as unit:
        flows = unit.flows.in_state("held")
    assert all("authentication-failed" in flow.because for flow in flows)

    partner.their_certificates = [Party(OURS, THEIRS).pair.certificate]
    with gateway.store.write() as unit:
        for flow in flows:
            unit.flows.move(flow, state="ready", due_at=gateway.clock.now())
    gateway.run()

    again = [each for each in gateway.messages() if each["direction"] == "out"][len(held) :]
    assert {each["state"] for each in again} == {"confirmed"}
    assert not {each["message_id"] for each in again} & {each["message_id"] for each in held}


def test_without_a_key_of_ours_nothing_is_taken_and_the_partner_is_asked_to_try_later(
    gateway: AS2Gateway, partner: Party
) -> None:
    with gateway.store.write() as unit:
        for each in unit.certificates.of("ourselves:main"):
            unit.certificates.change(each.id, role="encryption")

    with pytest.raises(Exception, match="503"):
        partner.send(ORDER)

    assert gateway.messages() == []
    assert "no certificate" in gateway.events("as2.unable")[0]


def test_a_message_as_it_came_goes_when_the_retention_of_its_partner_is_over_and_its_receipt_stays(
    gateway: AS2Gateway, partner: Party
) -> None:
    partner.send(b"no X12 at all")
    wire = str(gateway.messages()[0]["wire"])

    for days, is_there in ((399, True), (2, False)):
        gateway.clock.advance(timedelta(days=days))
        retain(gateway.store, gateway.gateway.directory)
        with gateway.store.read() as unit:
            assert (unit.payloads.find(wire) is not None) == is_there
    assert "processed" in base64.b64decode(msgspec.json.decode(str(gateway.messages()[0]["answer"]))["body"]).decode()


def test_a_receipt_that_cannot_be_delivered_is_tried_again_later_and_at_last_given_up_and_told(
    gateway: AS2Gateway, partner: Party
) -> None:
    partner.agree(receipt="asynchronous", receipt_url=f"{partner.relation.url}/nowhere")
    gateway.agree(receipt_addresses=(partner.relation.receipt_url,))
    partner.send(ORDER)
    as2 = gateway.gateway.as2

    assert (as2.deliver_receipts(), as2.deliver_receipts()) == (0, 0)
    assert gateway.messages()[0]["tries"] == 1
    for _ in range(MOST_DELIVERIES):
        gateway.clock.advance(timedelta(days=3))
        as2.deliver_receipts()

    assert gateway.messages()[0]["receipt_state"] == "given up"
    assert "was not delivered in 12 tries" in gateway.events("as2.receipt_undelivered")[0]


@pytest.fixture
def asks_later(gateway: AS2Gateway, partner: Party) -> AS2Gateway:
    """A gateway that asks for receipts to come later."""
    back = f"http://127.0.0.1:{gateway.server.port}/as2"
    gateway.agree(receipt="asynchronous", receipt_url=back)
    partner.agree(receipt_addresses=(back,))
    return gateway


@pytest.fixture
def patient(asks_later: AS2Gateway, partner: Party) -> AS2Gateway:
    """One that has acknowledged an order."""
    partner.send(ORDER)
    asks_later.run()
    return asks_later


def test_what_was_sent_is_unconfirmed_until_its_receipt_comes(patient: AS2Gateway, partner: Party) -> None:
    assert (set(patient.flows("send")), patient.deliveries()) == ({"waiting"}, {"unconfirmed"})

    assert set(partner.deliver_owed()) == {200}
    patient.run()

    assert patient.deliveries() == {"confirmed"}
    assert "waiting" not in patient.flows("send")
    assert {each["state"] for each in patient.messages() if each["direction"] == "out"} == {"confirmed"}


def test_a_receipt_that_is_overdue_brings_the_same_message_again_and_is_taken_once(patient: AS2Gateway, partner: Party) -> None:
    taken = list(partner.journal.payloads)
    partner.journal.owed.clear()

    patient.clock.advance(timedelta(hours=2))
    patient.run()
    assert partner.journal.payloads == taken
    partner.deliver_owed()
    patient.run()

    assert patient.deliveries() == {"confirmed"}
    assert {each["tries"] for each in patient.messages() if each["direction"] == "out"} == {2}


def test_a_receipt_that_comes_after_a_person_was_asked_leaves_nothing_to_ask(patient: AS2Gateway, partner: Party) -> None:
    for _ in range(MOST_UNANSWERED):
        patient.clock.advance(timedelta(hours=2))
        patient.run()
    assert set(patient.flows("send")) == {"held"}

    partner.deliver_owed()
    patient.run()

    assert patient.deliveries() == {"confirmed"}
    assert set(patient.flows("send")) == {"done"}


def test_a_refusal_that_comes_later_holds_what_was_sent(patient: AS2Gateway, partner: Party) -> None:
    partner.journal.owed.clear()
    sent = [each for each in patient.messages() if each["direction"] == "out"]
    for each in sent:
        mdn = Mdn(str(each["message_id"]), THEIRS, Disposition.of(Failure.DECRYPTION), None, "we lost our key")
        draft = mdn.signed(DIGESTS["sha256"], NOW, partner.pair)
        fields = envelope(THEIRS, OURS, "<r@x>", NOW, draft)
        answer = patient.gateway.as2.station.answer({name.lower(): value for name, value in fields}, b"".join(draft.body))
        assert answer.status == 200
    patient.run()

    assert patient.flows("send") == ["held"] * len(sent)
    assert "we lost our key" in patient.events("as2.refused_by_partner")[0]


def test_a_refusal_before_it_is_on_record_that_it_went_is_put_to_a_person_at_once(
    asks_later: AS2Gateway, partner: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, relation = asks_later.gateway.as2.journal, asks_later.gateway.as2.relations.of(CONNECTION)
    posted = journal.posted

    def posted_and_refused(message_id: str, due: datetime) -> Sent:
        sent = posted(message_id, due)
        journal.settle(relation, Evidence(message_id, "refused", "we lost our key", Disposition.of(Failure.DECRYPTION), {}, b""))
        return sent

    monkeypatch.setattr(journal, "posted", posted_and_refused)
    partner.send(ORDER)
    asks_later.run()

    with asks_later.store.read() as unit:
        assert "we lost our key" in unit.flows.in_state("held")[0].because
    assert set(asks_later.flows("send")) == {"held"}


def test_our_login_is_shown_to_no_server_but_the_one_it_is_for(gateway: AS2Gateway) -> None:
    as2, connection = gateway.gateway.as2, gateway.gateway.directory.connection(CONNECTION)
    known = connection.model_copy(update={"login": "us", "url": "https://as2.northwind.example/as2"})
    as2.http_terms = lambda _: HttpTerms(login="us", password="x", client_certificate="y")  # type: ignore[method-assign]

    at_theirs = as2._terms_for(known, "https://as2.northwind.example/mdn")
    elsewhere = as2._terms_for(known, "http://as2.northwind.example/mdn")

    assert (at_theirs.login, elsewhere.login, elsewhere.password, elsewhere.client_certificate) == ("us", "", "", "")


@pytest.mark.slow
def test_two_hundred_posts_at_once_are_all_answered_and_each_is_taken_once(gateway: AS2Gateway, partner: Party) -> None:
    class Recorder:
        """Keeps what would be posted."""

        posts: list[tuple[Any, bytes]] = []

        def post(self, _: str, fields: Any, body: BinaryIO, size: int) -> Any:
            self.posts.append((fields, body.read()))
            raise TryAgain("not now")

        def close(self) -> None: ...

    recorder = Recorder()
    for number in range(200):
        with pytest.raises(TryAgain):
            partner.send(b"x%d" % number, f"{number}.edi", client=recorder)
    clients = [Client(HttpTerms(timeout=60)) for _ in range(4)]  # each opens at most a hundred connections

    def post(number: int) -> bytes:
        fields, body = recorder.posts[number]
        return clients[number % 4].post(partner.relation.url, fields, BytesIO(body), len(body)).body

    with ThreadPoolExecutor(200) as pool:
        receipts = list(pool.map(post, range(200)))
    for client in clients:
        client.close()

    assert all(b"; processed\r\n" in receipt for receipt in receipts)
    assert len(gateway.events("payload.received")) == 200


def test_a_stranger_is_told_so_and_nothing_of_it_is_kept(gateway: AS2Gateway) -> None:
    stranger = Party("Somebody", OURS)
    stranger.agree(url=f"http://127.0.0.1:{gateway.server.port}/as2")

    with pytest.raises(NeedsPerson, match="unknown-trading-relationship"):
        stranger.send(ORDER)

    assert gateway.messages() == []
