"""What two years of traffic leave behind: orders come in bursts and go their ways, every set is answered, some wait for a person.

Everything is drawn from one seed, so that the same arguments make the same store. Times run forward, and so do row numbers.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import md5, sha256
from random import Random
from typing import Any, NamedTuple

from benchmarks.million.bulk import Bulk
from benchmarks.million.life import PARTS, THREAD, Names, Part
from benchmarks.million.partners import OURS, Partner
from edi_gateway.store.chain import details_of, link
from edi_gateway.store.tables import metadata

DAYS = 730
FETCHED_AFTER = timedelta(hours=1)
FORGOTTEN = 5003  # one interchange in so many is never fetched
CHUNK = 20_000  # rows of sets that are gathered before they are put away
ANSWERS = {"850": "in", "820": "in", "860": "in", "864": "in", "824": "in", "812": "in"}  # the others are ours

WAYS = (  # code, days after the order, and the share of orders it comes to
    ("850", 0.0, 1.0),
    ("855", 0.1, 0.95),
    ("860", 0.5, 0.05),
    ("865", 0.8, 0.05),
    ("856", 3.0, 0.88),
    ("810", 3.2, 0.85),
    ("824", 3.4, 0.02),
    ("812", 12.0, 0.01),
    ("846", 6.0, 0.04),
    ("864", 7.0, 0.01),
    ("820", 33.0, 0.6),
)
_FINDING = (
    '[{"kind":"element.too_long","scope":"element","level":"element","code":"5","message":"has 31 characters, 30 are the most",'
    '"severity":"warn","segment":"N1","position":7,"element":2}]'
)
_INVALID = _FINDING.replace("element.too_long", "element.missing").replace('"warn"', '"reject"').replace('"5"', '"1"')

COLUMNS: dict[str, tuple[str, ...]] = {
    "payload": ("sha256", "size", "body", "recorded_at"),
    "transmission": ("id", "direction", "connection", "partner", "payload", "name", "identity", "state", "at", "told_at"),
    "interchange": (
        "id", "transmission_id", "direction", "partner", "sender", "receiver", "control_number", "version", "usage", "start",
        "state", "isa", "at",
    ),
    "functional_group": (
        "id", "interchange_id", "code", "control_number", "release", "gs", "declared", "received", "acknowledgment", "due_at",
        "answered_at", "answered_by",
    ),
    "transaction_set": (
        "id", "direction", "partner", "group_id", "interchange_id", "code", "release", "usage", "control_number", "start",
        "length", "business_number", "document_id", "validation", "delivery", "acknowledgment",
        "acknowledgment_due_at", "findings", "at",
    ),
    "document": ("id", "kind", "direction", "partner", "number", "body", "thread_id", "map", "map_version", "at"),
    "order_thread": (
        "id", "partner", "number", "document_id", "state", "currency", "usage", "ordered", "confirmed", "shipped", "billed",
        "remitted", "paid", "open", "body", "opened_at", "changed_at",
    ),
    "remittance": ("partner", "key", "trace", "document_id", "amount", "body"),
    "flow": (
        "id", "lane", "stage", "state", "priority", "due_at", "subject", "follows", "partner", "connection", "because",
        "created_at", "changed_at",
    ),
    "owed": ("id", "partner", "code", "about", "number", "since", "due_at", "given_at"),
    "event": ("id", "at", "actor", "kind", "partner", "subject", "control_number", "text", "details", "hash"),
    "event_chain": ("id", "events", "hash"),
    "alert": (
        "id", "rule", "key", "level", "partner", "state", "text", "count", "began_at", "last_at", "escalation", "resolved_at",
    ),
    "control_counter": ("scope", "n"),
}  # fmt: skip


class Order(NamedTuple):
    """One order: its number, its thread, and what becomes of it until now."""

    names: Names
    thread: int
    codes: frozenset[str]


class Step(NamedTuple):
    """Orders of one partner whose next sets travel together."""

    at: datetime
    seq: int
    partner: Partner
    code: str
    orders: tuple[Order, ...]


class _Told(NamedTuple):
    id: int
    at: datetime
    actor: str
    kind: str
    partner: str | None
    subject: str
    control_number: str
    text: str
    details: str


class Traffic:
    """Makes the rows, and puts them away chunk by chunk. ``documents`` counts sets that are no acknowledgments."""

    def __init__(self, into: Bulk, them: list[Partner], now: datetime, *, first_event: tuple[int, str], seed: int = 997) -> None:
        self._into, self._them, self._now = into, them, now
        self._random = Random(seed)
        self._rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self._ids: Counter[str] = Counter()
        self._numbers: Counter[str] = Counter()  # of interchanges and groups, by scope
        self._events, self._hash = first_event
        self._versions: dict[str, str] = {}
        self.documents = 0

    def fill(self, documents: int, versions: dict[str, str]) -> None:
        """About as many documents as asked for: the last burst is told of whole. ``versions`` are those of the maps in force."""
        self._versions = versions
        for step in self._steps(documents):
            self._carry(step)
            if len(self._rows["transaction_set"]) >= CHUNK:
                self._put_away()
        self._alerts()
        self._rows["control_counter"] = [(scope, number) for scope, number in self._numbers.items() if "|" in scope]
        self._put_away()
        self._into.put("event_chain", COLUMNS["event_chain"], [(1, self._events, self._hash)])

    # -- who sends what when ---------------------------------------------------------------------

    def _steps(self, documents: int) -> Iterator[Step]:
        """In the order of time; later ones of an order wait in a heap until it is their turn."""
        orders = 1.012 * documents / sum(share for _, _, share in WAYS)  # some of what follows is still to come
        begin, later, seq, made = self._now - timedelta(days=DAYS), list[Step](), 0, 0.0
        while made < orders:
            size = self._random.choice((1, 1, 2, 3, 4, 6, 8, 12))
            at = begin + timedelta(days=DAYS * (made / orders) ** 0.9)
            made += size
            while later and later[0].at <= at:
                yield heapq.heappop(later)
            for step in self._burst(at, size, seq):
                seq += 1
                if step.at < self._now:
                    heapq.heappush(later, step)
        while later:
            yield heapq.heappop(later)

    def _burst(self, at: datetime, size: int, seq: int) -> list[Step]:
        """What becomes of some orders that come together."""
        (partner,) = self._random.choices(self._them, [one.weight for one in self._them])
        orders = tuple(self._order(at, partner) for _ in range(size))
        steps = []
        for code, days, share in WAYS:
            some = tuple(one for one in orders if code in one.codes)
            if some and share:
                shift = timedelta(days=days * self._random.uniform(0.6, 1.6), seconds=self._random.randrange(600))
                steps.append(Step(at + shift, seq + len(steps), partner, code, some))
        return steps

    def _order(self, at: datetime, partner: Partner) -> Order:
        thread = self._next("order_thread")
        number = f"45{thread:08d}"
        codes = frozenset(code for code, _, share in WAYS if self._random.random() < share) | {"850"}
        names = Names(number, partner.name, _document_id(number, "850"))
        self._rows["order_thread"].append(_thread(thread, names, codes, at, self._now))
        return Order(names, thread, codes)

    # -- what a step leaves ----------------------------------------------------------------------

    def _carry(self, step: Step) -> None:
        part, inbound = PARTS[step.code], step.code in ANSWERS
        texts = [
            part.text and one.names.fill(part.text).replace("*0001~", f"*{at:04d}~") for at, one in enumerate(step.orders, 1)
        ]
        sets = [self._next("transaction_set") for _ in step.orders]
        group, places = self._moved(step.at, step.partner, inbound, part.group, texts)
        verdict = "accepted" if inbound else self._verdict(step.at)
        due = None if inbound else step.at + timedelta(hours=24)
        answer = self._answer(step, inbound, group, step.code, len(sets)) if inbound or verdict != "awaited" else None
        interchange, group_id, number = group
        self._rows["functional_group"].append(
            (
                group_id, interchange, part.group, number, "004010VICS", "[]", len(sets), len(sets),
                "sent" if inbound else verdict, step.at + timedelta(hours=24) if inbound else None, step.at, answer,
            )
        )  # fmt: skip
        for id, order, (start, length) in zip(sets, step.orders, places, strict=True):
            document = self._document(step, part, order, inbound)
            validation, findings = self._findings()
            came = "received" if validation == "invalid" else "delivered"
            delivery = came if inbound else self._lies(step.at, group_id) if id % 1009 else "unconfirmed"
            said = "rejected" if inbound and validation == "invalid" else verdict
            self._rows["transaction_set"].append(
                (
                    id, "in" if inbound else "out", step.partner.name, group_id, interchange, step.code, "004010VICS", "P",
                    f"{id % 9999 + 1:04d}", start, length, order.names.of(step.code), document, validation, delivery, said, due,
                    findings, step.at,
                )
            )  # fmt: skip
            self._flow(step, id, document, inbound)
            kind, text = ("document.delivered", "the ERP has it") if inbound else ("set.sent", f"{step.code} sent")
            self._tell(step.at, kind, step.partner.name, f"transaction:{id}", f"{order.names.of(step.code)}: {text}")
            if step.code == "850":
                self._owed(step, id, order)
        self.documents += len(sets)

    def _verdict(self, at: datetime) -> str:
        if at > self._now - timedelta(hours=4):
            return "awaited"
        late = 0.0005
        return self._random.choices(
            ("accepted", "accepted with errors", "partially accepted", "rejected", "overdue"), (0.98, 0.01, 0.003, 0.006, late)
        )[0]

    def _findings(self) -> tuple[str, str]:
        drawn = self._random.random()
        return ("invalid", _INVALID) if drawn < 0.003 else ("warnings", _FINDING) if drawn < 0.02 else ("valid", "[]")

    def _document(self, step: Step, part: Part, order: Order, inbound: bool) -> str:
        id = _document_id(order.names.order, step.code)
        body, name = order.names.fill(part.body), step.partner.name
        number = order.names.of(step.code)
        thread = None if step.code == "820" else order.thread
        way = "in" if inbound else "out"
        version = self._versions.get(part.map, "")
        self._rows["document"].append((id, part.kind, way, name, number, body, thread, part.map, version, step.at))
        if step.code == "820":
            key = f"{name.upper()}/{order.names.trace}"
            self._rows["remittance"].append((name, key, order.names.trace, id, Decimal("888"), "{}"))
        return id

    def _flow(self, step: Step, id: int, document: str, inbound: bool) -> None:
        """Nearly all are done; of the last two weeks some wait for a person, and of ever some are dead or were rejected."""
        drawn, recent = self._random.random(), step.at > self._now - timedelta(days=14)
        state = "held" if recent and drawn < 0.01 else "rejected" if drawn < 0.0005 else "dead" if drawn > 0.99998 else "done"
        name, stage = step.partner.name, "apply" if state == "held" else "deliver" if inbound else "await"
        lane = f"business:{name}" if inbound else f"answer:{name}"
        because = "" if state == "done" else "the price of line 1 is 18.50, ours is 19.25"
        subject = f"document:{document}" if inbound else f"transaction:{id}"
        follows = f"order:{name}:{step.orders[0].names.order}"
        self._rows["flow"].append(
            (
                self._next("flow"), lane, stage, state, 10, step.at, subject, follows, name, step.partner.connection, because,
                step.at, step.at,
            )
        )  # fmt: skip

    def _owed(self, step: Step, id: int, order: Order) -> None:
        given = step.at + timedelta(hours=3) if "855" in order.codes or self._random.random() < 0.99 else None
        due, number = step.at + timedelta(hours=24), order.names.order
        row = (self._next("owed"), step.partner.name, "855", f"transaction:{id}", number, step.at, due, given)
        self._rows["owed"].append(row)

    # -- how it travelled ------------------------------------------------------------------------

    def _answer(self, step: Step, inbound: bool, answered: tuple[int, int, str], code: str, count: int) -> int:
        """The 997 for a group, in an interchange of its own: ours soon after theirs, theirs an hour after ours."""
        at = min(step.at + timedelta(minutes=1 if inbound else 60), self._now)
        number = answered[2]
        sets = "".join(f"AK2*{code}*{each:04d}~AK5*A~" for each in range(1, count + 1))
        text = f"ST*997*0001~AK1*{PARTS[code].group}*{number}~{sets}AK9*A*{count}*{count}*{count}~SE*{4 + 2 * count}*0001~"
        id = self._next("transaction_set")
        (interchange, group, control), ((start, length),) = self._moved(at, step.partner, not inbound, "FA", [text])
        name, way = step.partner.name, "out" if inbound else "in"
        state = "none" if inbound else "not owed"
        self._rows["functional_group"].append(
            (group, interchange, "FA", control, "004010VICS", "[]", 1, 1, state, None, None, None)
        )  # fmt: skip
        self._rows["transaction_set"].append(
            (
                id, way, name, group, interchange, "997", "004010VICS", "P", "0001", start, length, number, None, "valid",
                self._lies(at, group) if inbound else "received", state, None, "[]", at,
            )
        )  # fmt: skip
        self._tell(at, "group.acknowledged", name, f"group:{answered[1]}", f"group {number} of {name}: accepted")
        return id

    def _moved(
        self, at: datetime, partner: Partner, inbound: bool, group: str, texts: list[str]
    ) -> tuple[tuple[int, int, str], list[tuple[int, int]]]:
        """An interchange with one group: (its row, the group's row, GS06), and where each set stands in it."""
        sender, receiver = (partner.identity, OURS) if inbound else (OURS, partner.identity)
        control = self._number(f"interchange|{sender}|{receiver}")
        gs06 = str(self._number(f"group {group}|{sender}|{receiver}"))
        isa, header = header_of(at, sender, receiver, control, group, gs06)
        places, start = [], len(header)
        for text in texts:
            places.append((start, len(text)))
            start += len(text)
        body = f"{header}{''.join(texts)}GE*{len(texts)}*{gs06}~IEA*1*{control:09d}~".encode("latin-1")
        digest, name = sha256(body).hexdigest(), f"{group.lower()}_{partner.name}_{control:09d}.edi"
        transmission, interchange, way = self._next("transmission"), self._next("interchange"), "in" if inbound else "out"
        self._rows["payload"].append((digest, len(body), body, at))
        group_id = self._next("functional_group")
        state = "read" if inbound else self._lies(at, group_id)
        told = None if inbound else at + FETCHED_AFTER if state == "fetched" else at
        self._rows["transmission"].append(
            (transmission, way, partner.connection, partner.name, digest, name, f"{way} {name}", state, at, told)
        )
        kept = "read" if inbound else "written"
        self._rows["interchange"].append(
            (
                interchange, transmission, way, partner.name, sender, receiver, f"{control:09d}", "00401", "P", 0, kept, isa, at,
            )
        )  # fmt: skip
        if inbound:
            self._tell(at, "payload.received", None, f"transmission:{transmission}", f"{name}, {len(body)} bytes")
        return (interchange, group_id, gs06), places

    def _lies(self, at: datetime, group: int) -> str:
        """How far what we put into a mailbox came: partners fetch it within the hour, but for one in some thousands."""
        return "fetched" if at < self._now - FETCHED_AFTER and group % FORGOTTEN else "sent"

    # -- aside -----------------------------------------------------------------------------------

    def _alerts(self) -> None:
        """A few thousand that are over, and forty that are not."""
        for each in range(1, 3001):
            at = self._now - timedelta(days=DAYS * (1 - each / 3000))
            is_open, partner = each > 2960, self._random.choice(self._them).name
            level = self._random.choice(("notice", "warning", "warning", "urgent"))
            state, over = ("open", None) if is_open else ("resolved", at + timedelta(hours=5))
            text = f"{partner} has not answered in time"
            self._rows["alert"].append(
                (each, "overdue", f"{partner} {each}", level, partner, state, text, 3, at, at, "usual", over)
            )

    def _tell(self, at: datetime, kind: str, partner: str | None, subject: str, text: str) -> None:
        self._events += 1
        told = _Told(self._events, at, "gateway", kind, partner, subject, "", text, details_of("gateway", text))
        self._hash = link(self._hash, told)
        self._rows["event"].append((*told, self._hash))

    def _next(self, table: str) -> int:
        self._ids[table] += 1
        return self._ids[table]

    def _number(self, scope: str) -> int:
        self._numbers[scope] += 1
        return self._numbers[scope]

    def _put_away(self) -> None:
        for table in metadata.sorted_tables:  # whatever is pointed at comes first
            if rows := self._rows.pop(table.name, None):
                self._into.put(table.name, COLUMNS[table.name], rows)


def _document_id(number: str, code: str) -> str:
    return md5(f"{number} {code}".encode(), usedforsecurity=False).hexdigest()


def header_of(at: datetime, sender: str, receiver: str, control: int, group: str, gs06: str) -> tuple[str, str]:
    """The interchange's header as the store keeps it, and ISA and GS as text."""
    (qualifier, who), (to_qualifier, whom) = sender.split(":"), receiver.split(":")
    cells = [
        "ISA", "00", " " * 10, "00", " " * 10, qualifier, f"{who:15}", to_qualifier, f"{whom:15}", f"{at:%y%m%d}", f"{at:%H%M}",
        "U", "00401", f"{control:09d}", "0", "P", ">",
    ]  # fmt: skip
    marks = '{"element":"*","component":">","segment":"~","repetition":null,"line_end":""}'
    told = '","'.join(cells)
    kept = f'{{"isa":["{told}"],"delimiters":{marks},"offset":0,"cut":null}}'
    return kept, f"{'*'.join(cells)}~GS*{group}*{who}*{whom}*{at:%Y%m%d*%H%M}*{gs06}*X*004010VICS~"


def _thread(id: int, names: Names, codes: frozenset[str], at: datetime, now: datetime) -> tuple[Any, ...]:
    """The order's balances, as far as it has come by now."""
    whole, nothing = Decimal("888"), Decimal(0)
    reached = {code for code, days, _ in WAYS if code in codes and at + timedelta(days=days * 1.6) < now}
    confirmed, shipped = (whole if code in reached else nothing for code in ("855", "856"))
    billed = whole if {"856", "810"} <= reached else nothing
    remitted = billed if "820" in reached else nothing
    state = "remitted" if remitted else "billed" if billed else "shipped" if shipped else "confirmed" if confirmed else "received"
    money = (whole, confirmed, shipped, billed, remitted, nothing, billed - remitted)
    return (id, names.partner, names.order, names.document, state, "USD", "P", *money, names.fill(THREAD), at, at)
