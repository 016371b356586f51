"""An ERP with an HTTP interface, as its file describes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC
from hashlib import sha256
from typing import Any, NamedTuple, TypeAlias, TypeVar
from urllib.parse import quote, unquote

import msgspec

from edi_gateway.clock import Clock
from edi_gateway.documents.base import Value
from edi_gateway.documents.order import Order
from edi_gateway.documents.remittance import Remittance
from edi_gateway.erp.base import (
    Advice,
    ChangePosted,
    ErpEvent,
    ItemAdvice,
    OrderBilled,
    OrderCredited,
    OrderDecided,
    OrderEvent,
    OrderShipped,
    Posted,
    Unreadable,
    order_unknown,
)
from edi_gateway.erp.rest.fields import compiled
from edi_gateway.erp.rest.http import Answer, Http
from edi_gateway.erp.told import as_told, with_zones
from edi_gateway.errors import GatewayError, NeedsPerson, WrongInput
from edi_gateway.trading.connector import Call, Pending, RestConnector

_MOST_PAGES = 1000
_LONGEST = 80  # characters of an event's id that go on record
_NO_ID = "has neither an id nor a time, so that one told again could not be known from a new one"
V = TypeVar("V", bound=Value)
Read: TypeAlias = Callable[[Any], Any]


class _Looked(NamedTuple):
    """What one look found: events, and the ids of those that are none of our business."""

    events: list[ErpEvent]
    ignored: set[str]


class RestErp:
    """Posts with our document id in a header and wherever the file puts ``key``, so that the ERP can tell a repetition."""

    def __init__(self, about: RestConnector, clock: Clock, http: Http | None = None) -> None:
        self._about, self._clock = about, clock
        self._http = http or Http(about)
        self._calls = about.requests
        self._makers: dict[int, tuple[Read | None, Read | None]] = {}
        for name, call in _all_calls(about):
            where = f"connector {about.name}, {name}"
            self._makers[id(call)] = (_maker(call.send, f"{where}, send"), _maker(call.read, f"{where}, read"))
        self._kinds = _kinds(about.requests.pending, about.name)
        self._in_full: dict[str, str] = {}  # ids of the last look that are too long, by what stands for them
        self._passed_over: set[str] = set()  # what the last look told that is ignored, and was confirmed or refused
        where = f"connector {about.name}, pending"
        self._list = compiled(about.requests.pending.each, f"{where}, each")
        self._own_kind = compiled(about.requests.pending.kind, f"{where}, kind")
        self._own_id = compiled(about.requests.pending.id, f"{where}, id")

    def consult(self, partner: str, order: Order) -> Advice:
        """What the ERP says; where it cannot be asked, every item counts as known and nothing else is said."""
        now = self._clock.now()
        if self._calls.consult is None:
            items = tuple(ItemAdvice(line_number=line.number, known=True) for line in order.lines)
            return Advice(as_of=now, items=items)
        answer = self._ask(self._calls.consult, "", partner, order.number, order)
        found = self._read(self._calls.consult, answer, {"as_of": now.isoformat()})
        advice = _typed(found, Advice, self._where("consult"))
        return msgspec.structs.replace(advice, items=_for_every_line(order, advice.items))

    def post_order(self, key: str, partner: str, order: Order) -> Posted:
        """Creates the order, or finds that it was created before."""
        return self._post(self._calls.post_order, key, partner, order.number, order)

    def post_change(self, key: str, partner: str, of: str, order: Order) -> ChangePosted:
        """Changes the order, or says why not. Raises NeedsPerson for an ERP whose file describes no such call."""
        call = self._calls.post_change
        if call is None:
            raise NeedsPerson(
                f"ERP {self._about.name} takes no changes of orders: {order.number} is to be changed there by hand",
                do="change it there, then 'hold delivered'; or describe post_change in the connector's file",
            )
        if self._calls.find and self.find(of) is None:
            raise order_unknown(f"ERP {self._about.name}", of, order.number)
        found = self._read(call, self._ask(call, key, partner, order.number, order, of=of), {})
        reference, refused = found.get("reference"), str(found.get("refused") or "")
        if reference in (None, "") and not refused:
            raise WrongInput("answered without a reference", where=self._where(call.call), do="say in read: where it stands")
        return ChangePosted(str(reference or key), refused)

    def post_remittance(self, key: str, partner: str, remittance: Remittance) -> Posted:
        """Hands it over; an ERP that takes none leaves it with us."""
        if self._calls.post_remittance is None:
            return Posted("kept by the gateway")
        return self._post(self._calls.post_remittance, key, partner, remittance.trace, remittance)

    def find(self, key: str) -> Posted | None:
        """What the ERP has under our id, if it can be asked."""
        for call in self._calls.find:
            answer = self._http.call(call.call, {"key": key}, self._body(call, {"key": key}), expected=call.none)
            if answer.status not in call.none and (posted := self._posted(call, answer)) is not None:
                return posted
        return None

    def pending(self, limit: int = 100) -> list[ErpEvent]:
        """What it has to tell; an event nobody understands is told as such.

        Events of ignored kinds are confirmed at once, or they would stand before everything else for ever. Where the ERP does not
        take that just now, what stands beside them is told all the same, and they are confirmed at a later look.
        """
        for _ in range(_MOST_PAGES):
            told = self._look(limit)
            goes_on = self._pass_over(told.ignored)
            if told.events or not goes_on:
                return told.events[:limit]
        return []

    def confirm(self, event_ids: list[str]) -> None:
        """Says what is on record: all at once where the call has no ``{id}`` in its path, else one by one."""
        call = self._calls.confirm
        named = [{"kind": kind, "id": id} for kind, id in map(self._theirs, dict.fromkeys(event_ids))]
        if "{id}" not in call.call:
            source = {"ids": list(dict.fromkeys(one["id"] for one in named)), "events": named}
            self._http.call(call.call, {}, self._body(call, source), expected=call.none)
            return
        for one in named:
            self._http.call(call.call, one, self._body(call, one), expected=(*call.none, *call.already))

    def check(self) -> str:
        """That it answers to the call for that, or else to the question what it has to tell."""
        call = self._calls.check or self._calls.pending
        self._http.call(call.call, {"limit": "1"})
        return f"{self._about.url} answers"

    def close(self) -> None:
        """Lets connections go."""
        self._http.close()

    # Inside

    def _look(self, limit: int) -> _Looked:
        """What its pages tell, until there is enough of it."""
        events: dict[str, ErpEvent] = {}
        ignored: set[str] = set()
        self._in_full.clear()
        call = self._calls.pending.call
        for _ in range(_MOST_PAGES):
            answer = self._http.call(call, {"limit": str(limit)})
            for told in self._list(answer.content) or []:
                kind = self._kind_of(told)
                id = self._id_of(told, kind)
                if kind in self._calls.pending.ignored:
                    ignored.add(id)
                elif id not in events:
                    events[id] = self._event(told, kind, id)
            path = self._next_page(answer)
            if path is None or len(events) >= limit:
                break
            call = f"GET {path}"
        return _Looked(list(events.values()), ignored)

    def _pass_over(self, ignored: set[str]) -> bool:
        """Confirms what is none of our business, and says whether another look may find what stood behind it.

        What the ERP refuses is not asked again while it is told; where it fails, all of it is asked again at the next look.
        """
        new = sorted(ignored - self._passed_over)
        self._passed_over = ignored
        try:
            for ids in [[id] for id in new] if "{id}" in self._calls.confirm.call else [new] * bool(new):
                with suppress(WrongInput):
                    self.confirm(ids)
        except GatewayError:
            self._passed_over = ignored.difference(new)
            return False
        return bool(new)

    def _post(self, call: Call, key: str, partner: str, number: str, document: Value) -> Posted:
        posted = self._posted(call, self._ask(call, key, partner, number, document)) or self.find(key)
        if posted is None:
            raise WrongInput("answered without a reference", where=self._where(call.call), do="say in read: where it stands")
        return posted

    def _ask(self, call: Call, key: str, partner: str, number: str, document: Value, of: str = "") -> Answer:
        values = {"key": key, "customer": partner, "number": number, **({"of": of} if of else {})}
        source = {"key": key, "customer": partner, **({"of": of} if of else {}), "document": msgspec.to_builtins(document)}
        headers = {self._about.idempotency_header: key} if key and self._about.idempotency_header else {}
        return self._http.call(call.call, values, self._body(call, source), expected=call.already, headers=headers)

    def _body(self, call: Call, source: dict[str, Any]) -> Any:
        send, _ = self._makers[id(call)]
        return None if send is None else send(source)

    def _read(self, call: Call, answer: Answer, defaults: dict[str, Any]) -> dict[str, Any]:
        _, read = self._makers[id(call)]
        found = read(answer.content) if read is not None else answer.content
        return {**defaults, **(found if isinstance(found, dict) else {})}

    def _posted(self, call: Call, answer: Answer) -> Posted | None:
        reference = self._read(call, answer, {}).get("reference")
        return Posted(str(reference)) if reference not in (None, "") else None

    def _next_page(self, answer: Answer) -> str | None:
        if not self._calls.pending.next:
            return None
        found = compiled(self._calls.pending.next, self._where("pending, next"))(answer.content)
        return str(found) if found else None

    def _kind_of(self, told: Any) -> str:
        return str(self._own_kind(told) or "")

    def _id_of(self, told: Any, kind: str) -> str:
        """Their id of an event, which may be one of its kind only; without one, what it says."""
        full = f"{quote(kind, safe='')}/{self._named(told) or sha256(msgspec.json.encode(told)).hexdigest()[:32]}"
        if len(full) <= _LONGEST:
            return full
        short = sha256(full.encode()).hexdigest()
        self._in_full[short] = full
        return short

    def _theirs(self, id: str) -> tuple[str, str]:
        """The kind and the id an event has with them."""
        kind, _, theirs = self._in_full.get(id, id).partition("/")
        return unquote(kind), theirs or id

    def _named(self, told: Any) -> str:
        found = self._own_id(told)
        return "" if found is None else str(found)

    def _event(self, told: Any, kind: str, id: str) -> ErpEvent:
        now = self._clock.now()
        where = self._where(f"event {id}")
        try:
            if kind not in self._kinds:
                raise WrongInput(f"is of kind '{kind}', which the connector's file does not name", where=where)
            type_, read = self._kinds[kind]
            found = read(told) or {}
            if not (self._named(told) or found.get("at")):
                said = msgspec.json.encode(told).decode()[:2000]
                raise WrongInput(f"{_NO_ID}: {said}", where=where, do="say under pending, id: where it has one")
            return self._sound(_typed({"at": now.isoformat(), **found, "id": id}, type_, where), where)
        except WrongInput as error:
            return Unreadable(id=id, at=now.astimezone(UTC), what=str(error))

    def _sound(self, event: OrderEvent, where: str) -> OrderEvent:
        try:
            return as_told(event)
        except WrongInput as error:
            raise WrongInput(error.what, where=where, do=error.do) from None

    def _where(self, what: str) -> str:
        return f"ERP {self._about.name}, {what}"


def _all_calls(about: RestConnector) -> Iterator[tuple[str, Call]]:
    requests = about.requests
    for name in ("consult", "post_order", "post_change", "post_remittance", "pending", "confirm", "check"):
        if (call := getattr(requests, name)) is not None:
            yield name, call
    for number, call in enumerate(requests.find, start=1):
        yield f"find {number}", call


def _maker(spec: object, where: str) -> Read | None:
    return None if spec is None else compiled(spec, where)


def _kinds(pending: Pending, name: str) -> dict[str, tuple[type[OrderEvent], Read]]:
    """Their word for a kind → our type, and how it is read."""
    found: dict[str, tuple[type[OrderEvent], Read]] = {}
    types: dict[str, type[OrderEvent]] = {
        "decided": OrderDecided,
        "shipped": OrderShipped,
        "billed": OrderBilled,
        "credited": OrderCredited,
    }
    for ours, type_ in types.items():
        if (kind := getattr(pending, ours)) is not None:
            read = compiled(kind.read, f"connector {name}, pending, {ours}, read")
            found |= dict.fromkeys(kind.when, (type_, read))
    return found


def _typed(found: dict[str, Any], type_: type[V], where: str) -> V:
    try:
        return with_zones(msgspec.convert(found, type_, strict=False))
    except msgspec.ValidationError as error:
        raise WrongInput(f"is not what is wanted: {error}", where=where) from None


def _for_every_line(order: Order, items: tuple[ItemAdvice, ...]) -> tuple[ItemAdvice, ...]:
    """An item the ERP does not speak of is one it does not know."""
    told = {item.line_number: item for item in items}
    return tuple(told.get(line.number) or ItemAdvice(line_number=line.number, known=False) for line in order.lines)
