from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from http_erp import OtherErp, served

from edi_gateway.clock import MovableClock
from edi_gateway.erp.base import Erp, OrderDecided, OrderShipped, Unreadable
from edi_gateway.erp.contract import OFF, PARTNER, CreditContract, ReaderContract, an_order
from edi_gateway.erp.rest import RestErp
from edi_gateway.erp.rest.fields import compiled
from edi_gateway.errors import GatewayError, NeedsPerson, TryAgain, Uncertain, WrongInput
from edi_gateway.plainyaml import loads
from edi_gateway.trading.connector import RestConnector

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
FILE = Path(__file__).with_name("http_erp.yaml").read_text()
CHANGES = FILE[FILE.index("  post_change:") : FILE.index("  post_remittance:")]
Made = Callable[..., RestErp]


@pytest.fixture
def other() -> OtherErp:
    return OtherErp()


@pytest.fixture
def url(other: OtherErp) -> Iterator[str]:
    with served(other) as url:
        yield url


@pytest.fixture
def made(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    """Makes the connector of the stand-in, with another text here and there in its file."""
    monkeypatch.setenv("OTHER_ERP_KEY", "k3y-of-ours")
    opened: list[RestErp] = []

    def make(*changes: tuple[str, str]) -> RestErp:
        text = FILE.replace("URL", url)
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        opened.append(RestErp(RestConnector.model_validate(loads(text, "other.yaml")), MovableClock(NOON)))
        return opened[-1]

    yield make
    for erp in opened:
        erp.close()


@pytest.fixture
def erp(made: Made) -> RestErp:
    return made()


class TestContract(ReaderContract, CreditContract):
    """An ERP described by a file keeps the contract of all connectors."""

    @pytest.fixture
    def erp(self, made: Made) -> Erp:
        return made()

    @pytest.fixture
    def until_told(self, other: OtherErp) -> Callable[[], None]:
        return other.works

    @pytest.fixture
    def until_credited(self, other: OtherErp) -> Callable[[str], None]:
        causes = {"returned": "RETURN", "overbilled": "EXCESS", "price": "PRICE"}
        return lambda why: other.credits("001", 4, float(OFF[why]), causes[why])

    @pytest.fixture
    def decides(self, other: OtherErp) -> Callable[..., None]:
        return other.decides

    @pytest.fixture
    def delivers(self, other: OtherErp) -> Callable[[Mapping[str, str]], None]:
        return other.delivers

    @pytest.fixture
    def losing_answers(self, other: OtherErp) -> Callable[[], AbstractContextManager[None]]:
        return partial(forgetting, other)


@contextmanager
def forgetting(other: OtherErp) -> Iterator[None]:
    other.forgets = True
    yield
    other.forgets = False


# --- what is sent ---------------------------------------------------------------------------------------------------------------


def test_an_order_arrives_in_their_words_with_exact_numbers_and_our_key(erp: RestErp, other: OtherErp) -> None:
    erp.post_order("k1", PARTNER, an_order())
    _, path, headers, body = other.seen[-1]
    assert path == "/orders"
    assert (headers["idempotency-key"], headers["x-api-key"]) == ("k1", "k3y-of-ours")
    assert body == {
        "extId": "k1",
        "buyer": "northwind",
        "poNumber": "0004711",
        "currency": "USD",
        "positions": [{"pos": "001", "sku": "PB-1001", "qty": 10, "uom": "PCS", "price": 18.50}],
    }


def test_an_id_cannot_leave_its_place_in_a_path(erp: RestErp, other: OtherErp) -> None:
    assert erp.find("../ping?x=1#") is None
    assert [path for _, path, _, _ in other.seen] == [
        f"/{what}/..%2Fping%3Fx%3D1%23" for what in ("orders", "changes", "payments")
    ]


def test_a_change_the_erp_does_not_take_any_more_comes_back_with_its_reason(erp: RestErp, other: OtherErp) -> None:
    erp.post_order("k1", PARTNER, an_order())
    other.works()
    assert erp.post_change("c1", PARTNER, "k1", an_order(8)).refused == "loaded already"


def test_a_change_of_an_order_the_erp_does_not_know_is_not_posted(erp: RestErp, other: OtherErp) -> None:
    with pytest.raises(NeedsPerson, match=r"does not know order 0004711 by our id \(k1\)"):
        erp.post_change("c1", PARTNER, "k1", an_order(8))
    assert [method for method, _, _, _ in other.seen] == ["GET"] * 3


def test_an_erp_whose_file_describes_no_changes_leaves_them_to_a_person(made: Made) -> None:
    erp = made((CHANGES, ""))
    with pytest.raises(NeedsPerson, match="to be changed there by hand"):
        erp.post_change("c1", PARTNER, "k1", an_order(8))


# --- an ERP that is slow, refuses, repeats, forgets ----------------------------------------------------------------------------


def test_a_slow_erp_may_have_the_order(made: Made, other: OtherErp) -> None:
    other.slow = 0.3
    erp = made(("timeout: 1s", "timeout: 0s"))
    erp._http._client.timeout = 0.05  # type: ignore[assignment]  # httpx makes a Timeout of it; files count in seconds
    with pytest.raises(Uncertain, match="no answer in time"):
        erp.post_order("k1", PARTNER, an_order())


def test_an_erp_that_is_not_there_is_tried_again(made: Made, url: str) -> None:
    erp = made((url, "http://127.0.0.1:9"))
    with pytest.raises(TryAgain, match="cannot be reached") as raised:
        erp.post_order("k1", PARTNER, an_order())
    assert raised.type is TryAgain


def test_a_question_whose_answer_got_lost_has_done_nothing(erp: RestErp, other: OtherErp) -> None:
    with forgetting(other), pytest.raises(TryAgain) as raised:
        erp.find("k1")
    assert raised.type is TryAgain


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, WrongInput), (422, WrongInput), (301, WrongInput), (401, NeedsPerson), (403, NeedsPerson)]
    + [(status, TryAgain) for status in (408, 425, 429, 503)]
    + [(status, Uncertain) for status in (500, 502, 504)],
)
def test_every_refusal_says_who_can_do_something_about_it(
    erp: RestErp, other: OtherErp, status: int, kind: type[GatewayError]
) -> None:
    other.answers = [status]
    with pytest.raises(kind, match=f"POST .*/orders: answered {status}.*not now") as raised:
        erp.post_order("k1", PARTNER, an_order())
    assert raised.type is kind


def test_an_event_told_twice_counts_once(erp: RestErp, other: OtherErp) -> None:
    erp.post_order("k1", PARTNER, an_order())
    other.works()
    other.repeats = True
    assert [event.id for event in erp.pending()] == ["CONFIRMED/1", "GOODS_ISSUE/2", "BILLING/3"]


def test_what_is_told_in_pages_is_read_to_its_end(erp: RestErp, other: OtherErp) -> None:
    for number in range(4):
        erp.post_order(f"k{number}", PARTNER, an_order(number=str(number)))
    other.works()
    other.page = 5
    numbers = [int(event.id.partition("/")[2]) for event in erp.pending()]
    assert numbers == list(range(1, 13))
    assert [int(event.id.partition("/")[2]) for event in erp.pending(limit=7)] == numbers[:7]


@pytest.mark.parametrize(
    "link",
    ["http://127.0.0.1.evil.test/outbox", "http://evil.test/outbox", "http://us:pw@127.0.0.1/outbox", "https://[/outbox"],
)
def test_a_next_page_on_another_server_gets_no_secret_of_ours(made: Made, other: OtherErp, link: str) -> None:
    erp = made()
    erp.post_order("k1", PARTNER, an_order())
    other.works()
    other.page, other.next = 1, link
    seen = len(other.seen)
    with pytest.raises(NeedsPerson, match="points to another server"):
        erp.pending()
    assert len(other.seen) == seen + 1


@pytest.mark.parametrize("link", [".evil.test/outbox", "@evil.test/outbox", "//evil.test/outbox"])
def test_what_is_no_whole_link_stays_below_the_url_of_the_erp(made: Made, other: OtherErp, link: str) -> None:
    erp = made()
    erp.post_order("k1", PARTNER, an_order())
    other.works()
    other.page, other.next = 1, link
    with pytest.raises(WrongInput, match="answered 404"):
        erp.pending()
    assert other.seen[-1][1] == "/" + link.lstrip("/")


def test_a_next_page_may_be_a_whole_link_to_the_erp(made: Made, other: OtherErp, url: str) -> None:
    erp = made()
    erp.post_order("k1", PARTNER, an_order())
    other.works()
    other.page, other.next = 1, f"{url}/outbox?limit=9&from={{}}"
    assert [event.id for event in erp.pending()] == ["CONFIRMED/1", "GOODS_ISSUE/2", "BILLING/3"]


def test_confirming_stops_where_the_erp_stops_and_goes_on_next_time(erp: RestErp, other: OtherErp) -> None:
    erp.post_order("k1", PARTNER, an_order())
    other.works()
    ids = [event.id for event in erp.pending()]
    other.answers = [204, 503]
    with pytest.raises(TryAgain):
        erp.confirm(ids)
    erp.confirm(ids)
    assert erp.pending() == []


def test_an_event_nobody_understands_is_told_and_holds_up_nothing(erp: RestErp, other: OtherErp) -> None:
    erp.post_order("k1", PARTNER, an_order())
    other.outbox += [
        {"seq": 77, "what": "RECALL", "done": False},
        {"seq": 78, "what": "CONFIRMED", "order": "k1", "positions": [{"pos": "001", "state": "OK"}], "done": False},
        {"seq": 79, "what": "HEARTBEAT", "done": False},
    ]
    other.works()
    events = erp.pending()
    told = {event.id: event.what for event in events if isinstance(event, Unreadable)}
    assert told.keys() == {"RECALL/77", "CONFIRMED/78"}
    assert "kind 'RECALL'" in told["RECALL/77"]
    assert "quantity" in told["CONFIRMED/78"]
    assert sum(isinstance(event, OrderDecided) for event in events) == 1
    erp.confirm([event.id for event in events])
    assert erp.pending() == []


def test_what_is_ignored_is_confirmed_and_hides_nothing_behind_it(erp: RestErp, other: OtherErp) -> None:
    other.outbox += [{"seq": number, "what": "HEARTBEAT", "done": False} for number in range(1, 13)]
    other.decides("k1", "10")
    other.page = 5
    assert [event.id for event in erp.pending(limit=5)] == ["CONFIRMED/13"]
    assert all(one["done"] for one in other.outbox if one["what"] == "HEARTBEAT")


def test_an_erp_that_will_not_have_confirmed_what_is_ignored_is_heard_all_the_same(erp: RestErp, other: OtherErp) -> None:
    other.outbox.append({"seq": 1, "what": "HEARTBEAT", "done": False})
    other.decides("k1", "10")
    other.refuses = {"/outbox/1/done"}
    for _ in range(2):
        assert [event.id for event in erp.pending()] == ["CONFIRMED/2"]
    assert [path for _, path, _, _ in other.seen].count("/outbox/1/done") == 1


def test_what_it_refuses_to_have_confirmed_keeps_nothing_else_from_it(erp: RestErp, other: OtherErp) -> None:
    other.outbox += [{"seq": number, "what": "HEARTBEAT", "done": False} for number in (1, 2)]
    other.refuses = {"/outbox/1/done"}
    assert erp.pending() == []
    assert [one["done"] for one in other.outbox] == [False, True]


def test_where_confirming_what_is_ignored_fails_the_rest_is_told_and_it_is_tried_again(erp: RestErp, other: OtherErp) -> None:
    other.outbox.append({"seq": 1, "what": "HEARTBEAT", "done": False})
    other.fails = {"/outbox/1/done"}
    assert erp.pending() == []
    other.decides("k1", "10")
    for _ in range(2):
        assert [event.id for event in erp.pending()] == ["CONFIRMED/2"]
    assert not other.outbox[0]["done"]
    other.fails.clear()
    assert [event.id for event in erp.pending()] == ["CONFIRMED/2"]
    assert other.outbox[0]["done"]


def test_an_id_is_one_of_its_kind_only_and_is_confirmed_by_both(made: Made, other: OtherErp) -> None:
    erp = made(("POST /outbox/{id}/done", "POST /outbox/{kind}/{id}/done"))
    other.decides("k1", "10")
    other.delivers({"k1": "10"})
    other.outbox[1]["seq"] = 1
    told = erp.pending()
    assert [(type(event), event.id) for event in told] == [(OrderDecided, "CONFIRMED/1"), (OrderShipped, "GOODS_ISSUE/1")]
    erp.confirm([event.id for event in told])
    assert [path for _, path, _, _ in other.seen[-2:]] == ["/outbox/CONFIRMED/1/done", "/outbox/GOODS_ISSUE/1/done"]


def test_an_id_of_any_length_goes_on_record_and_is_confirmed_as_it_is(erp: RestErp, other: OtherErp) -> None:
    other.decides("k1", "10")
    other.outbox[0]["seq"] = int("7" * 200)
    (event,) = erp.pending()
    assert len(event.id) <= 80
    assert erp.pending() == [event]
    erp.confirm([event.id])
    assert other.seen[-1][1] == f"/outbox/{'7' * 200}/done"
    assert erp.pending() == []


def test_what_has_neither_an_id_nor_a_time_is_told_to_a_person_with_what_it_says(made: Made, other: OtherErp) -> None:
    erp = made(("id: seq", "id: number"))
    other.decides("k1", "10")
    other.decides("k1", "10", at="2026-01-05T09:00:00")
    untold, decided = erp.pending()
    assert isinstance(untold, Unreadable)
    assert "neither an id nor a time" in untold.what
    assert '"qty":"10"' in untold.what
    assert isinstance(decided, OrderDecided)


def test_numbers_come_back_as_they_were_written(erp: RestErp, other: OtherErp) -> None:
    erp.post_order("k1", PARTNER, an_order())
    other.works()
    (shipped,) = (event for event in erp.pending() if isinstance(event, OrderShipped))
    assert shipped.cartons[0].weight == Decimal("12.5")
    assert erp.consult(PARTNER, an_order()).credit_limit == Decimal("50000.25")


def test_an_answer_that_is_no_json_is_said(made: Made, other: OtherErp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("http_erp.json.dumps", lambda _content: "<html>")
    with pytest.raises(WrongInput, match="no JSON"):
        made().pending()


# --- who we are -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lives", [None, "soon", "3600", 3600, -1, 10**400, "nan"])
def test_a_token_is_used_however_its_server_says_how_long(
    made: Made, other: OtherErp, url: str, monkeypatch: pytest.MonkeyPatch, lives: object
) -> None:
    monkeypatch.setenv("OTHER_ERP_SECRET", "s")
    other.token_lives = lives
    oauth = f"auth: {{oauth: {{token_url: {url}/token, client: us, secret: env:OTHER_ERP_SECRET}}}}"
    erp = made(("auth: {header: {X-Api-Key: env:OTHER_ERP_KEY}}", oauth))
    erp.check()
    erp.check()
    assert [path for _, path, _, _ in other.seen] == ["/token", "/ping", "/ping"]


def test_a_token_that_is_too_long_is_refused(made: Made, other: OtherErp, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTHER_ERP_SECRET", "s")
    monkeypatch.setattr("edi_gateway.erp.rest.http.LARGEST", 1000)
    other.token = "t" * 2000
    oauth = f"auth: {{oauth: {{token_url: {url}/token, client: us, secret: env:OTHER_ERP_SECRET}}}}"
    with pytest.raises(WrongInput, match="more than 1000 bytes"):
        made(("auth: {header: {X-Api-Key: env:OTHER_ERP_KEY}}", oauth)).check()


def test_a_fetched_token_is_used_until_it_ends_and_fetched_anew_when_refused(
    made: Made, other: OtherErp, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTHER_ERP_SECRET", "cl1ent-s3cret")
    oauth = f"auth: {{oauth: {{token_url: {url}/token, client: us, secret: env:OTHER_ERP_SECRET}}}}"
    erp = made(("auth: {header: {X-Api-Key: env:OTHER_ERP_KEY}}", oauth))
    erp.check()
    erp.check()
    assert [path for _, path, _, _ in other.seen] == ["/token", "/ping", "/ping"]
    assert other.seen[-1][2]["authorization"] == "Bearer t0p-s3cret"
    other.answers = [401]
    erp.check()
    assert [path for _, path, _, _ in other.seen][3:] == ["/ping", "/token", "/ping"]


def test_no_secret_shows_in_an_error(made: Made, other: OtherErp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTHER_ERP_TOKEN", "pl4nted")
    erp = made(("{header: {X-Api-Key: env:OTHER_ERP_KEY}}", "{bearer: {token: env:OTHER_ERP_TOKEN}}"))
    other.answers = [400]
    with pytest.raises(WrongInput) as refused:
        erp.check()
    assert other.seen[-1][2]["authorization"] == "Bearer pl4nted"
    assert "pl4nted" not in str(refused.value)
    assert "***" in str(refused.value)


def test_a_secret_that_is_not_there_is_named(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTHER_ERP_KEY")
    with pytest.raises(WrongInput, match="ERP other, auth: the environment variable OTHER_ERP_KEY is not set"):
        made().check()


# --- field maps -----------------------------------------------------------------------------------------------------------------

SOURCE: dict[str, Any] = {
    "key": "k1",
    "order": {"lines": [{"no": 1, "qty": "2.50"}, {"no": 2}], "parties": [{"role": "ST", "id": "S"}, {"role": "BY", "id": "B"}]},
    "flag": "yes",
}


@pytest.mark.parametrize(
    ("spec", "makes"),
    [
        ("key", "k1"),
        ("order.lines[1].no", 2),
        ("order.parties[role=BY].id", "B"),
        ("order.parties[role=XX].id", None),
        ("order.lines[9].no", None),
        ("key.deeper", None),
        ({"is": "7", "as": "number"}, Decimal(7)),
        ({"from": "key", "codes": {"k1": "one"}}, "one"),
        ({"from": "nothing", "default": "x"}, "x"),
        ({"from": "flag", "as": "flag"}, True),
        ({"each": "order.lines", "fields": {"n": "no", "q": {"from": "qty", "as": "number"}, "k": "$.key"}},
         [{"n": 1, "q": Decimal("2.50"), "k": "k1"}, {"n": 2, "k": "k1"}]),
        ({"each": "nothing", "fields": {}}, None),
        ({"from": "order.parties[0]", "fields": {"who": "id"}}, {"who": "S"}),
        ({"fields": {"from": "key"}}, {"from": "k1"}),
        ({"inner": {"deep": "key"}}, {"inner": {"deep": "k1"}}),
    ],
)  # fmt: skip
def test_a_field_map_makes_what_it_says(spec: object, makes: object) -> None:
    assert compiled(spec, "here")(SOURCE) == makes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: {from: x, form: number}", "other.yaml:1: 'form' stands among words"),
        ("a: {from: x, as: integer}", "as: 'integer' is not known"),
        ("a: 'x..y'", "'x..y' is no path"),
        ("a: [1]", "neither a path nor words"),
    ],
)
def test_a_field_map_that_cannot_work_says_where(text: str, said: str) -> None:
    with pytest.raises(WrongInput, match=said.replace(".", r"\.")):
        compiled(loads(text, "other.yaml"), "other.yaml")
