"""An ERP behind a shared folder.

    orders/, changes/,
    remittances/            what we hand over, for the ERP to take away
    told/                   what the ERP tells: a file of events, put there under its name in one step or left alone a while
    told/done/              what is on record with us
    told/refused/           files that tell what nobody understands, each with a ``.why.txt`` beside it
    lookup/                 snapshots of items and customers, for advice on orders

Handing over is exactly once although files are taken away: the file is written aside, its entry goes into the ledger, and one
rename shows it. After a crash in between, the file that still lies aside is shown then, and not a second time.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from edi_gateway.documents.order import Order
from edi_gateway.documents.remittance import Remittance
from edi_gateway.erp.base import (
    Advice,
    ChangePosted,
    ErpEvent,
    OrderEvent,
    OrderShipped,
    PackedCarton,
    Posted,
    Unreadable,
    order_unknown,
)
from edi_gateway.erp.folder.forms import FORMS
from edi_gateway.erp.folder.ledger import Entry, Ledger
from edi_gateway.erp.folder.lookups import Lookups
from edi_gateway.erp.told import as_told, with_zones
from edi_gateway.errors import NeedsPerson, WrongInput
from edi_gateway.files import explained, move_aside, sync_name, write_once
from edi_gateway.wording import count

_HALF_WRITTEN = (".tmp", ".part", ".filepart")


class _Told(NamedTuple):
    """One file of events. ``id`` is of its name, its time and what it says: the same again, later, is a fact of its own."""

    path: Path
    id: str
    events: list[ErpEvent]


class FolderErp:
    """An ERP that takes and leaves files. ``ledger`` is a folder of ours alone; ``steady`` is in seconds.

    ``is_test`` says of our id of an order whether it is a test's: of a number that both have, production's is meant.
    """

    def __init__(
        self,
        folder: Path,
        ledger: Path,
        form: str,
        *,
        steady: float = 2.0,
        now: Callable[[], float] = time.time,  # noqa: TID251  # held against the times of files, which are the machine's
        is_test: Callable[[str], bool] = lambda _key: False,
    ) -> None:
        if form not in FORMS:
            raise WrongInput(f"there is no form '{form}'", do="one of: " + ", ".join(FORMS))
        self._folder, self._form, self._ledger = folder, FORMS[form], Ledger(ledger)
        self._aside, self._told = folder / ".aside", folder / "told"
        self._lookups = Lookups(folder / "lookup")
        self._steady, self._now, self._is_test = steady, now, is_test
        self._one_at_a_time = threading.Lock()

    # The contract

    def consult(self, partner: str, order: Order) -> Advice:
        """What the ERP's snapshots say. Raises TryAgain when it has left none yet."""
        return self._lookups.advice(partner, order)

    def post_order(self, key: str, partner: str, order: Order) -> Posted:
        """Puts the order into ``orders/`` once; the file's name is its reference until the ERP gives one."""
        return self._post(key, "orders", order.number, partner, lambda: self._form.write_order(key, partner, order))

    def post_change(self, key: str, partner: str, of: str, order: Order) -> ChangePosted:
        """Puts the order as it is to be into ``changes/`` once. Whether it could be done, the next decision of the ERP says."""
        number = order.number
        if self.find(of) is None:
            raise order_unknown("the ERP behind the folder", of, number)
        posted = self._post(key, "changes", "", partner, lambda: self._form.write_change(key, partner, of, order), name=number)
        return ChangePosted(posted.reference)

    def post_remittance(self, key: str, partner: str, remittance: Remittance) -> Posted:
        """Puts the remittance into ``remittances/`` once."""
        body = lambda: self._form.write_remittance(key, partner, remittance)  # noqa: E731
        return self._post(key, "remittances", "", partner, body, name=remittance.trace)

    def find(self, key: str) -> Posted | None:
        """Whether it was handed over; one that was only written aside is shown now."""
        with self._one_at_a_time:
            entry = self._ledger.find(key)
            return self._show(entry) if entry else None

    def pending(self, limit: int = 100) -> list[ErpEvent]:
        """What the files tell, the oldest file first; one that cannot be understood is told as such."""
        events: list[ErpEvent] = []
        for path in self._files():
            if len(events) >= limit:
                break
            told = self._read(path)
            if not told.events:
                self._put_away(told)
                continue
            confirmed = self._confirmed(told)
            events += [event for event in told.events if event.id not in confirmed]
        return events[:limit]

    def confirm(self, event_ids: list[str]) -> None:
        """A file all of whose events are on record is moved away. The files behind the last of them are not read."""
        ids, open_ids = set(event_ids), set(event_ids)
        for path in self._files():
            if not open_ids:
                break
            told = self._read(path)
            confirmed, its = self._confirmed(told), {event.id for event in told.events}
            open_ids -= its
            if not ids & its:
                continue
            left = [event.id for event in told.events if event.id not in confirmed | ids]
            if left:
                self._keep_confirmed(told, [event.id for event in told.events if event.id not in left])
            else:
                self._put_away(told)

    def check(self) -> str:
        """That the folders are there and can be written, and what lies in them. Raises what keeps it from that."""
        for folder in (self._folder / "orders", self._folder / "remittances", self._told, self._folder / "lookup"):
            if not folder.is_dir():
                raise WrongInput("is not there", where=str(folder), do="make it, or correct the connector's folder")
            if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
                raise NeedsPerson("cannot be read and written", where=str(folder), do="give the gateway's user the right to")
        refused = [path for path in (self._told / "refused").glob("*") if not path.name.endswith(".why.txt")]
        waiting = f"{count(len(self._files()), 'file')} to take up, {len(refused)} refused"
        return f"folder {self._folder}: {self._lookups.told()}; {waiting}"

    # Handing over

    def _post(self, key: str, folder: str, number: str, partner: str, body: Callable[[], bytes], *, name: str = "") -> Posted:
        """``number`` is what the ERP may call it by when it tells of it, ``name`` what its file is named after if not that."""
        with self._one_at_a_time:
            entry = self._ledger.find(key)
            if entry is None:
                entry = Entry(key, folder, f"{_plain(name or number)}-{_plain(key)}.{self._form.SUFFIX}", partner)
                self._write_aside(entry, body())
                self._ledger.put(entry, number)
            return self._show(entry)

    def _write_aside(self, entry: Entry, body: bytes) -> None:
        with explained("write a document for the ERP", self._aside):
            self._aside.mkdir(parents=True, exist_ok=True)
            (self._aside / entry.name).unlink(missing_ok=True)  # of a try that ended before it was in the ledger
            write_once(self._aside, entry.name, io.BytesIO(body))

    def _show(self, entry: Entry) -> Posted:
        target = self._folder / entry.folder
        with explained("hand a document to the ERP", target):
            if (self._aside / entry.name).exists():
                target.mkdir(exist_ok=True)
                os.replace(self._aside / entry.name, target / entry.name)  # one step, or it is taken and shown again
                sync_name(target, entry.name)
        return Posted(entry.name)

    # What the ERP tells

    def _files(self) -> list[Path]:
        with explained("look for what the ERP tells", self._told):
            if not self._told.is_dir():
                return []
            latest = self._now() - self._steady
            found = [
                (stat.st_mtime_ns, path)
                for path in self._told.iterdir()
                if not path.name.startswith(".")
                and not path.name.endswith(_HALF_WRITTEN)
                and path.is_file()
                and (stat := path.stat()).st_mtime <= latest
            ]
        return [path for _, path in sorted(found)]

    def _read(self, path: Path) -> _Told:
        with explained("read what the ERP tells", path):
            body, stat = path.read_bytes(), path.stat()
        written = datetime.fromtimestamp(stat.st_mtime, UTC)
        id = hashlib.sha256(b"\0".join((os.fsencode(path.name), str(stat.st_mtime_ns).encode(), body))).hexdigest()[:32]
        try:
            events = self._form.read_events(body, written)
        except WrongInput as error:  # what cannot be read just now is tried again
            return _Told(path, id, [Unreadable(id=f"{id}/0", at=written, what=f"{path.name}: {error}")])
        return _Told(path, id, [self._understood(event, path.name, id, n) for n, event in enumerate(events, start=1)])

    def _understood(self, event: OrderEvent, name: str, file: str, number: int) -> ErpEvent:
        """The event by its id; one that nobody understands is told by itself, and the others of its file are taken."""
        try:
            return self._named(event, f"{file}/{number}")
        except WrongInput as error:
            what = f"{name}, event {number}, of order {event.order}: {error}"
            return Unreadable(id=f"{file}/{number}", at=with_zones(event).at, what=what)

    def _named(self, event: OrderEvent, id: str) -> OrderEvent:
        """The event by its id, and about orders by our ids of them."""
        named = msgspec.structs.replace(event, id=id, order=self._key_of(event.order))
        if isinstance(named, OrderShipped):
            named = msgspec.structs.replace(named, cartons=tuple(map(self._of_its_order, named.cartons)))
        return as_told(named)

    def _of_its_order(self, carton: PackedCarton) -> PackedCarton:
        return msgspec.structs.replace(carton, order=self._key_of(carton.order)) if carton.order else carton

    def _key_of(self, order: str) -> str:
        """Our id of an order the ERP names by it or by its buyer's number. Raises WrongInput where that is not one order."""
        keys: list[str] = []
        for customer, number in _ways_to_read(order):
            if entry := self._ledger.find(number):
                return self._id_of_its_customer(entry, customer)
            keys = keys or self._ledger.keys_of(number, customer)
        if len(keys) > 1:
            keys = [key for key in keys if not self._is_test(key)] or keys
        if len(keys) > 1:
            what = f"names order '{order}', and {len(keys)} orders have that number"
            raise WrongInput(what, do="name it by the id in its file, or with its customer before it: northwind:0004711")
        return keys[0] if keys else order

    def _id_of_its_customer(self, entry: Entry, customer: str) -> str:
        if customer and entry.customer not in ("", customer):
            what = f"names an order of {customer} by {entry.key}, which is our id of an order of {entry.customer}"
            raise WrongInput(what, do="correct the customer, or the id")
        return entry.key

    def _confirmed(self, told: _Told) -> set[str]:
        marker = self._marker(told)
        return set(marker.read_text().split()) if marker.exists() else set()

    def _keep_confirmed(self, told: _Told, ids: list[str]) -> None:
        with explained("note what is on record", self._told):
            temporary = self._marker(told).with_suffix(".part")
            temporary.write_text("\n".join(ids))
            temporary.replace(self._marker(told))

    def _marker(self, told: _Told) -> Path:
        return self._told / f".{told.id}.confirmed"

    def _put_away(self, told: _Told) -> None:
        """Out of the way: to ``done``, or to ``refused`` with the reason beside it."""
        problems = [event.what for event in told.events if isinstance(event, Unreadable)]
        if problems and (taken := len(told.events) - len(problems)):
            problems.append(f"the rest of it is on record ({count(taken, 'event')}): tell only what is named here again")
        folder = self._told / ("refused" if problems else "done")
        with explained("put away what is on record", folder):
            folder.mkdir(exist_ok=True)
            if problems:
                (folder / f"{told.path.name}.why.txt").write_text("\n".join(problems) + "\n")
            move_aside(told.path, folder, told.path.name)
            self._marker(told).unlink(missing_ok=True)


def _ways_to_read(order: str) -> Iterator[tuple[str, str]]:
    """The customer, where one is named, and the number; either may have a colon in it."""
    yield "", order
    for colon in (place for place, mark in enumerate(order) if mark == ":"):
        yield order[:colon], order[colon + 1 :]


def _plain(name: str) -> str:
    """A number as part of a file name."""
    return re.sub(r"[^A-Za-z0-9_-]+", "_", name)[:60] or "document"
