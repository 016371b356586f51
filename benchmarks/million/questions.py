"""What is asked: everything people and programs look for, each time about another document."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple, TypeAlias
from urllib.parse import urlencode

import sqlalchemy as sa

from edi_gateway.store.database import Database
from edi_gateway.store.tables import document, functional_group, interchange, order_thread, transaction

Path: TypeAlias = str
Said: TypeAlias = Callable[[], object] | str  # of a filter: its value, or what draws one
API = "/api/v1"


class Question(NamedTuple):
    """What it is called in the table of figures, who asks (a program or a person), and the address of the next one."""

    name: str
    who: str  # program, person
    path: Callable[[], Path]


class Known(NamedTuple):
    """Numbers that are in the store, to be looked for."""

    sets: list[int]
    orders: list[str]
    shipments: list[str]
    invoices: list[str]
    interchanges: list[str]
    threads: list[int]
    partners: list[str]
    now: datetime


def known(store: Database, now: datetime, *, seed: int = 1) -> Known:
    """A few hundred of each, from all over the store."""
    random = Random(seed)
    with store.reading() as connection:

        def some(column: sa.Column[str], *where: sa.ColumnElement[bool]) -> list[str]:
            """Values at random places: ids are dense, so a place is an id."""
            top = int(connection.execute(sa.select(sa.func.max(transaction.c.id))).scalar_one())
            ids = random.sample(range(1, top + 1), min(top, 4000))
            query = sa.select(column).select_from(transaction.outerjoin(document, document.c.id == transaction.c.document_id))
            query = query.outerjoin(interchange, interchange.c.id == transaction.c.interchange_id)
            query = query.outerjoin(functional_group, functional_group.c.id == transaction.c.group_id)
            return list(connection.execute(query.where(transaction.c.id.in_(ids), *where).limit(400)).scalars())

        code = transaction.c.code
        threads = connection.execute(sa.select(sa.func.max(order_thread.c.id))).scalar_one()
        return Known(
            sets=[int(each) for each in some(transaction.c.id)],
            orders=some(transaction.c.business_number, code == "850"),
            shipments=some(transaction.c.business_number, code == "856"),
            invoices=some(transaction.c.business_number, code == "810"),
            interchanges=some(interchange.c.control_number),
            threads=[random.randint(1, int(threads)) for _ in range(400)],
            partners=[f"retailer-{at:02d}" for at in (1, 2, 5, 20, 39)],
            now=now,
        )


def questions(of: Known, *, seed: int = 2) -> list[Question]:
    """Every kind of question; each asks about something else the next time."""
    asker = _Asker(of, Random(seed))
    found = [Question(f"search {name}", "program", _listed(text=how)) for name, how in asker.searches().items()]
    found += [Question(f"search page {name}", "person", _page("/documents", q=how)) for name, how in asker.searches().items()]
    found += [Question(f"list: {name}", "program", _listed(**how)) for name, how in asker.lists().items()]
    return found + asker.things() + asker.pages()


def _listed(**given: Said) -> Callable[[], Path]:
    return lambda: f"{API}/documents?" + urlencode({name: one() if callable(one) else one for name, one in given.items()})


def _page(path: str, **given: Callable[[], object]) -> Callable[[], Path]:
    return lambda: f"{path}?{urlencode({name: one() for name, one in given.items()})}"


class _Asker:
    """What is asked about, drawn anew each time."""

    def __init__(self, of: Known, random: Random) -> None:
        self._of, self._random = of, random

    def _partner(self) -> str:
        return self._random.choice(self._of.partners)

    def _since(self, days: int) -> Callable[[], str]:
        return lambda: (self._of.now - timedelta(days=self._random.randint(1, days))).isoformat()

    def _deep(self) -> str:
        return base64.urlsafe_b64encode(str(self._random.choice(self._of.sets)).encode()).decode().rstrip("=")

    def _typed(self) -> str:
        whole = self._random.choice(self._of.orders)
        return whole[: self._random.randint(4, len(whole))]

    def searches(self) -> dict[str, Callable[[], object]]:
        """A box to type into, by what is typed."""
        return {
            "by a prefix, as it is typed": self._typed,
            "by PO number": lambda: self._random.choice(self._of.orders),
            "by ASN number": lambda: self._random.choice(self._of.shipments),
            "by invoice number": lambda: self._random.choice(self._of.invoices),
            "by ISA13": lambda: self._random.choice(self._of.interchanges),
            "for what is not there": lambda: f"NONE{self._random.randint(0, 9999)}",
        }

    def lists(self) -> dict[str, dict[str, Said]]:
        """Lists of documents, by their filters."""
        return {
            "newest": {},
            "deep page": {"cursor": self._deep},
            "partner": {"partner": self._partner},
            "partner, deep page": {"partner": self._partner, "cursor": self._deep},
            "set": {"type": lambda: self._random.choice(("850", "856", "810", "812"))},
            "direction": {"direction": "out"},
            "exact number": {"number": lambda: self._random.choice(self._of.orders)},
            "validation invalid": {"validation": "invalid"},
            "acknowledgment overdue": {"acknowledgment": "overdue"},
            "acknowledgment rejected": {"acknowledgment": "rejected"},
            "delivery unconfirmed": {"delivery": "unconfirmed"},
            "state held": {"state": "held"},
            "state dead": {"state": "dead"},
            "state overdue": {"state": "overdue"},
            "finding kind": {"finding": "element.too_long"},
            "finding class": {"finding": "element."},
            "finding nobody has": {"finding": "segment.unknown"},
            "window of a day": {"since": self._since(700), "until": lambda: self._of.now.isoformat()},
            "partner and set": {"partner": self._partner, "type": "856"},
            "partner, set, direction, validation": {
                "partner": self._partner,
                "type": "810",
                "direction": "out",
                "validation": "invalid",
            },
            "partner and state held": {"partner": self._partner, "state": "held"},
            "partner and finding, deep page": {"partner": self._partner, "finding": "element.", "cursor": self._deep},
            "set and acknowledgment overdue": {"type": "856", "acknowledgment": "overdue"},
            "partner and window": {"partner": self._partner, "since": self._since(60)},
            "text and partner": {"text": self._typed, "partner": self._partner},
        }

    def things(self) -> list[Question]:
        """What a program asks for, one thing or one list at a time."""
        return [
            Question("document", "program", lambda: f"{API}/documents/{self._random.choice(self._of.sets)}"),
            Question("document, annotated", "program", lambda: f"{API}/documents/{self._random.choice(self._of.sets)}/annotated"),
            Question("document, related", "program", lambda: f"{API}/documents/{self._random.choice(self._of.sets)}/related"),
            Question("document, timeline", "program", lambda: f"{API}/documents/{self._random.choice(self._of.sets)}/timeline"),
            Question("order", "program", lambda: f"{API}/orders/{self._random.choice(self._of.threads)}"),
            Question("orders by number", "program", lambda: f"{API}/orders?number={self._random.choice(self._of.orders)}"),
            Question("orders by state, partner", "program", lambda: f"{API}/orders?state=shipped&partner={self._partner()}"),
            Question("transmissions of a partner", "program", lambda: f"{API}/transmissions?partner={self._partner()}"),
            Question(
                "interchange by ISA13",
                "program",
                lambda: f"{API}/interchanges?control_number={self._random.choice(self._of.interchanges)}",
            ),
            Question("holds", "program", lambda: f"{API}/holds"),
            Question("overdue", "program", lambda: f"{API}/overdue"),
            Question("alerts", "program", lambda: f"{API}/alerts"),
            Question("events of a partner", "program", lambda: f"{API}/events?partner={self._partner()}"),
        ]

    def pages(self) -> list[Question]:
        """What a person opens."""
        return [
            Question("home page", "person", lambda: "/"),
            Question("documents page", "person", lambda: "/documents"),
            Question("documents page, held", "person", lambda: "/documents?state=held"),
            Question("document page", "person", lambda: f"/documents/{self._random.choice(self._of.sets)}"),
            Question("orders page", "person", lambda: "/orders"),
            Question("order page", "person", lambda: f"/orders/{self._random.choice(self._of.threads)}"),
            Question("transmissions page", "person", lambda: "/transmissions"),
            Question("holds page", "person", lambda: "/holds"),
            Question("acknowledgments page", "person", lambda: "/acknowledgments"),
            Question("alerts page", "person", lambda: "/alerts"),
            Question("audit page", "person", lambda: "/audit"),
        ]
