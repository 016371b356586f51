from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path

import msgspec
import pytest
from lxml import etree

from edi_gateway import files
from edi_gateway.documents.base import DateOf, ItemId
from edi_gateway.documents.order import Order, ScheduledQuantity
from edi_gateway.erp.base import Erp, OrderBilled, OrderCredited, OrderDecided, OrderShipped, Unreadable
from edi_gateway.erp.contract import OFF, PARTNER, CreditContract, ReaderContract, a_remittance, an_order
from edi_gateway.erp.folder import FORMS, FolderErp
from edi_gateway.erp.folder.xml_form import schemas
from edi_gateway.errors import NeedsPerson, TryAgain, WrongInput
from edi_gateway.order_to_cash.sscc import sscc

WHYS_IN_IDOC = {"returned": "RET", "overbilled": "BIL", "price": "PRI"}
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shared folder, as an ERP that knows the partner and the item has prepared it."""
    shared = tmp_path / "shared"
    for name in ("orders", "remittances", "told", "lookup"):
        (shared / name).mkdir(parents=True)
    (shared / "lookup/items.csv").write_text(
        "item,id,unit,list_price,available,blocked\nPB-1001,PB-1001,EA,18.50,480,no\nPB-1001,614141000012,EA,18.50,480,no\n"
    )
    (shared / "lookup/customers.csv").write_text("customer,credit_limit,credit_used\nnorthwind,50000,1200.50\n")
    return shared


def an_erp(folder: Path, form: str = "json") -> FolderErp:
    return FolderErp(folder, folder.parent / "ledger", form, steady=0)


def tell(folder: Path, name: str, body: str | bytes) -> Path:
    path = folder / "told" / name
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    return path


# --- somebody else's ERP, who takes orders out of the folder and tells of them, in each form ------------------------------------


class JsonErp:
    def orders(self, body: bytes) -> tuple[str, list[tuple[str, str, str]]]:
        order = json.loads(body)
        return order.get("changes") or order["id"], [
            (line["number"], line["quantity"], line["unit_price"]) for line in order["document"]["lines"]
        ]

    def decided(self, order: str, lines: list[tuple[str, str, str]]) -> str:
        told = [{"line_number": line, "status": "accepted", "quantity": quantity} for line, quantity, _ in lines]
        return json.dumps({"type": "decided", "order": order, "lines": told})

    def shipped(self, order: str, lines: list[tuple[str, str, str]]) -> str:
        contents = [{"line_number": line, "quantity": int(quantity)} for line, quantity, _ in lines]
        return json.dumps({"type": "shipped", "order": order, "shipment": f"S-{order}", "cartons": [{"contents": contents}]})

    def billed(self, order: str, lines: list[tuple[str, str, str]]) -> str:
        told = [{"line_number": line, "quantity": quantity, "unit_price": price} for line, quantity, price in lines]
        return json.dumps([{"type": "billed", "order": order, "invoice": f"I-{order}", "shipment": f"S-{order}", "lines": told}])

    def credited(self, order: str, line: str, why: str) -> str:
        told = [{"line_number": line, "quantity": 4, "unit_price": str(OFF[why])}]
        about = {"type": "credited", "order": order, "credit": f"C-{order}", "invoice": f"I-{order}", "why": why}
        return json.dumps({**about, "lines": told})

    def delivered(self, packed: Mapping[str, str]) -> str:
        cartons = [{"order": k, "contents": [{"line_number": "001", "quantity": quantity}]} for k, quantity in packed.items()]
        return json.dumps({"type": "shipped", "order": next(iter(packed)), "shipment": "DELIVERY", "cartons": cartons})

    def at(self, told: str, at: str) -> str:
        return json.dumps({**json.loads(told), "at": at})


class CsvErp:
    def orders(self, body: bytes) -> tuple[str, list[tuple[str, str, str]]]:
        rows = list(csv.DictReader(io.StringIO(body.decode())))
        return rows[0].get("changes") or rows[0]["id"], [(row["line"], row["quantity"], row["unit_price"]) for row in rows]

    def decided(self, order: str, lines: list[tuple[str, str, str]]) -> str:
        return "order,line,status,quantity\n" + "".join(f"{order},{line},accepted,{quantity}\n" for line, quantity, _ in lines)

    def shipped(self, order: str, lines: list[tuple[str, str, str]]) -> str:
        rows = (f"{order},S-{order},1,{line},{quantity}\n" for line, quantity, _ in lines)
        return "order,shipment,carton,line,quantity\n" + "".join(rows)

    def billed(self, order: str, lines: list[tuple[str, str, str]]) -> str:
        rows = (f"{order},I-{order},S-{order},{line},{quantity},{price}\n" for line, quantity, price in lines)
        return "order,invoice,shipment,line,quantity,unit_price\n" + "".join(rows)

    def credited(self, order: str, line: str, why: str) -> str:
        return f"order,credit,invoice,line,quantity,unit_price,why\n{order},C-{order},I-{order},{line},4,{OFF[why]},{why}\n"

    def delivered(self, packed: Mapping[str, str]) -> str:
        rows = (f"{order},DELIVERY,1,001,{quantity}\n" for order, quantity in packed.items())
        return "order,shipment,carton,line,quantity\n" + "".join(rows)

    def at(self, told: str, at: str) -> str:
        heading, *rows = told.splitlines()
        return "\n".join([f"{heading},at", *(f"{row},{at}" for row in rows)])


class XmlErp:
    def orders(self, body: bytes) -> tuple[str, list[tuple[str, str, str]]]:
        root = etree.fromstring(body)
        lines = [
            (str(line.findtext("number")), str(line.findtext("quantity")), str(line.findtext("unit-price")))
            for line in root.iter("order-line")
        ]
        return str(root.get("changes") or root.get("id")), lines

    def decided(self, order: str, lines: list[tuple[str, str, str]]) -> str:
        told = (
            f"<decided-quantity><line-number>{line}</line-number><status>accepted</status><quantity>{quantity}</quantity></decided-quantity>"
            for line, quantity, _ in lines
        )
        return f'<events><decided order="{order}"><lines>{"".join(told)}</lines></decided></events>'

    def shipped(self, order: str, lines: list[tuple[str, str, str]]) -> str:
        told = (
            f"<pack-content><line-number>{line}</line-number><quantity>{quantity}</quantity></pack-content>"
            for line, quantity, _ in lines
        )
        carton = f"<packed-carton><contents>{''.join(told)}</contents></packed-carton>"
        return f'<events><shipped order="{order}"><cartons>{carton}</cartons><shipment>S-{order}</shipment></shipped></events>'

    def billed(self, order: str, lines: list[tuple[str, str, str]]) -> str:
        told = "".join(
            f"<billed-line><line-number>{line}</line-number><quantity>{quantity}</quantity><unit-price>{price}</unit-price></billed-line>"
            for line, quantity, price in lines
        )
        about = f"<invoice>I-{order}</invoice><shipment>S-{order}</shipment>"
        return f'<events><billed order="{order}">{about}<lines>{told}</lines></billed></events>'

    def credited(self, order: str, line: str, why: str) -> str:
        told = f"<line-number>{line}</line-number><quantity>4</quantity><unit-price>{OFF[why]}</unit-price>"
        about = f"<credit>C-{order}</credit><invoice>I-{order}</invoice><why>{why}</why>"
        lines = f"<lines><billed-line>{told}</billed-line></lines>"
        return f'<events><credited order="{order}">{about}{lines}</credited></events>'

    def delivered(self, packed: Mapping[str, str]) -> str:
        cartons = "".join(
            f"<packed-carton><order>{order}</order><contents><pack-content><line-number>001</line-number>"
            f"<quantity>{quantity}</quantity></pack-content></contents></packed-carton>"
            for order, quantity in packed.items()
        )
        about = f'order="{next(iter(packed))}"'
        return f"<events><shipped {about}><shipment>DELIVERY</shipment><cartons>{cartons}</cartons></shipped></events>"

    def at(self, told: str, at: str) -> str:
        return told.replace("<lines>", f"<at>{at}</at><lines>")


class IdocErp:
    def orders(self, body: bytes) -> tuple[str, list[tuple[str, str, str]]]:
        root = etree.fromstring(body)
        lines = [(str(i.findtext("POSEX")), str(i.findtext("MENGE")), str(i.findtext("VPREI"))) for i in root.iter("E1EDP01")]
        changed = [each.findtext("BELNR") for each in root.iter("E1EDK02") if each.findtext("QUALF") == "044"]
        return str(changed[0] if changed else root.findtext("IDOC/EDI_DC40/ARCKEY")), lines

    def decided(self, order: str, lines: list[tuple[str, str, str]]) -> str:
        items = (
            f"<E1EDP01><POSEX>{line}</POSEX><MENGE>{quantity}</MENGE>"
            f"<E1EDP20><WMENG>{quantity}</WMENG><EDATU>20260109</EDATU></E1EDP20></E1EDP01>"
            for line, quantity, _ in lines
        )
        return self._idoc("ORDERS05", "ORDRSP", order, "".join(items))

    def shipped(self, order: str, lines: list[tuple[str, str, str]]) -> str:
        items = "".join(
            f"<E1EDL24><POSNR>{n}0</POSNR><LFIMG>{quantity}</LFIMG><E1EDL41><BSTNR>{order}</BSTNR><POSEX>{line}</POSEX></E1EDL41></E1EDL24>"
            for n, (line, quantity, _) in enumerate(lines, start=1)
        )
        packed = "".join(
            f"<E1EDL44><POSNR>{n}0</POSNR><VEMNG>{q}</VEMNG></E1EDL44>" for n, (_, q, _) in enumerate(lines, start=1)
        )
        unit = f"<E1EDL37><EXIDV>00106141410000000017</EXIDV>{packed}</E1EDL37>"
        delivery = f"<E1EDL20><VBELN>S-{order}</VBELN>{unit}{items}</E1EDL20>"
        return self._idoc("DELVRY03", "DESADV", "", delivery)

    def billed(self, order: str, lines: list[tuple[str, str, str]]) -> str:
        about = f"<E1EDK02><QUALF>009</QUALF><BELNR>I-{order}</BELNR></E1EDK02>"
        about += f"<E1EDK02><QUALF>012</QUALF><BELNR>S-{order}</BELNR></E1EDK02>"
        items = (
            f"<E1EDP01><POSEX>{line}</POSEX><MENGE>{quantity}</MENGE><VPREI>{price}</VPREI><PEINH>1</PEINH></E1EDP01>"
            for line, quantity, price in lines
        )
        return self._idoc("INVOIC02", "INVOIC", order, about + "".join(items))

    def credited(self, order: str, line: str, why: str) -> str:
        about = f"<E1EDK01><BSART>CRME</BSART><AUGRU>{WHYS_IN_IDOC[why]}</AUGRU></E1EDK01>"
        about += f"<E1EDK02><QUALF>009</QUALF><BELNR>C-{order}</BELNR></E1EDK02>"
        about += f"<E1EDK02><QUALF>016</QUALF><BELNR>I-{order}</BELNR></E1EDK02>"
        item = f"<E1EDP01><POSEX>{line}</POSEX><MENGE>4</MENGE><VPREI>{OFF[why]}</VPREI></E1EDP01>"
        return self._idoc("INVOIC02", "INVOIC", order, about + item)

    def delivered(self, packed: Mapping[str, str]) -> str:
        items = "".join(
            f"<E1EDL24><POSNR>{n}0</POSNR><LFIMG>{quantity}</LFIMG><E1EDL41><BSTNR>{order}</BSTNR><POSEX>001</POSEX></E1EDL41></E1EDL24>"
            for n, (order, quantity) in enumerate(packed.items(), start=1)
        )
        return self._idoc("DELVRY03", "DESADV", "", f"<E1EDL20><VBELN>DELIVERY</VBELN>{items}</E1EDL20>")

    def _idoc(self, type_: str, message: str, key: str, content: str) -> str:
        about = f"<EDI_DC40><MESTYP>{message}</MESTYP><ARCKEY>{key}</ARCKEY></EDI_DC40>"
        return f"<{type_}><IDOC>{about}{content}</IDOC></{type_}>"


Other = JsonErp | CsvErp | XmlErp | IdocErp
OTHERS: dict[str, Other] = {"json": JsonErp(), "csv": CsvErp(), "xml": XmlErp(), "idoc": IdocErp()}


def works(folder: Path, other: Other) -> None:
    """The ERP takes every order away, and what changes it, and tells of the order as it is then."""
    orders: dict[str, list[tuple[str, str, str]]] = {}
    for path in (*sorted((folder / "orders").iterdir()), *sorted(folder.glob("changes/*"))):
        order, lines = other.orders(path.read_bytes())
        orders[order] = lines
        path.unlink()
    for order, lines in orders.items():
        for number, told in enumerate((other.decided, other.shipped, other.billed)):
            written = tell(folder, f"{order}-{number}.txt", told(order, lines))
            os.utime(written, (number, number))


@pytest.mark.parametrize("form", OTHERS)
class TestContract(ReaderContract, CreditContract):
    """A folder keeps the contract of all connectors, in every form of files."""

    @pytest.fixture
    def erp(self, folder: Path, form: str) -> Erp:
        return an_erp(folder, form)

    @pytest.fixture
    def until_told(self, folder: Path, form: str) -> Callable[[], None]:
        return lambda: works(folder, OTHERS[form])

    @pytest.fixture
    def until_credited(self, folder: Path, form: str) -> Callable[[str], None]:
        return lambda why: os.utime(tell(folder, "credit.txt", OTHERS[form].credited("k1", "001", why)), (9, 9))

    @pytest.fixture
    def decides(self, folder: Path, form: str) -> Callable[..., None]:
        return partial(decides, folder, OTHERS[form])

    @pytest.fixture
    def delivers(self, folder: Path, form: str) -> Callable[[Mapping[str, str]], None]:
        return lambda packed: os.utime(tell(folder, "delivery.txt", OTHERS[form].delivered(packed)), (1, 1))

    @pytest.fixture
    def losing_answers(self) -> Callable[[], AbstractContextManager[None]]:
        return failing_to_sync


def decides(folder: Path, other: Other, order: str, quantity: str, at: str = "") -> None:
    """A file of the same name each time, written a second after the one before. An IDoc says no moment: it is the file's."""
    written = tell(folder, "decided.txt", other.decided(order, [("001", quantity, "1")]))
    if at and not isinstance(other, IdocErp):
        written.write_text(other.at(written.read_text(), at))
    seconds = datetime.fromisoformat(f"{at}+00:00").timestamp() if at else len(list(folder.glob("told/*/*")))
    os.utime(written, (seconds, seconds))


@contextmanager
def failing_to_sync() -> Iterator[None]:
    """The disk fails when the name of what was handed over is made durable; the ERP sees it all the same."""
    sync = files.sync_folder

    def fail(folder: Path) -> None:
        if folder.name == "orders":
            raise OSError(errno.EIO, "input/output error")
        sync(folder)

    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(files, "sync_folder", fail)
        yield


def test_every_form_there_is_keeps_the_contract() -> None:
    assert set(FORMS) == set(OTHERS)


# --- handing over ---------------------------------------------------------------------------------------------------------------


def test_an_order_the_erp_took_away_is_not_handed_over_again(folder: Path) -> None:
    erp = an_erp(folder)
    first = erp.post_order("k1", PARTNER, an_order())
    (folder / "orders" / first.reference).unlink()
    assert an_erp(folder).post_order("k1", PARTNER, an_order()) == first
    assert list((folder / "orders").iterdir()) == []


@pytest.mark.parametrize("last_step", ["aside", "in the ledger"])
def test_a_gateway_that_dies_while_handing_over_hands_over_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch, last_step: str
) -> None:
    dies = (
        "edi_gateway.erp.folder.ledger.Ledger.put" if last_step == "aside" else "edi_gateway.erp.folder.connector.FolderErp._show"
    )

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(dies, die)
        an_erp(folder).post_order("k1", PARTNER, an_order())
    assert list((folder / "orders").iterdir()) == []
    found = an_erp(folder).find("k1")
    assert (found is None) == (last_step == "aside")
    posted = an_erp(folder).post_order("k1", PARTNER, an_order())
    assert [path.name for path in (folder / "orders").iterdir()] == [posted.reference]


def test_numbers_no_file_system_likes_are_handed_over(folder: Path) -> None:
    posted = an_erp(folder).post_order("../../k1", PARTNER, an_order(number="../../etc/passwd\n4711"))
    (path,) = (folder / "orders").iterdir()
    assert path.name == posted.reference
    assert "/" not in posted.reference
    assert an_erp(folder).find("../../k1") == posted


@pytest.mark.parametrize("form", FORMS)
def test_a_remittance_says_what_is_paid_of_what(folder: Path, form: str) -> None:
    posted = an_erp(folder, form).post_remittance("r1", PARTNER, a_remittance())
    written = (folder / "remittances" / posted.reference).read_text()
    assert "185" in written
    assert "T1" in written
    assert PARTNER in written


# --- what the ERP tells ---------------------------------------------------------------------------------------------------------


def test_an_order_may_be_named_by_its_buyers_number(folder: Path) -> None:
    erp = an_erp(folder, "csv")
    erp.post_order("k1", PARTNER, an_order(number="0004711"))
    tell(folder, "a.csv", "order,line,status,quantity\n0004711,001,accepted,10\n")
    (event,) = erp.pending()
    assert isinstance(event, OrderDecided)
    assert event.order == "k1"


def test_a_remittance_whose_trace_is_the_number_of_an_order_is_not_taken_for_it(folder: Path) -> None:
    erp = an_erp(folder, "csv")
    erp.post_remittance("r1", PARTNER, a_remittance())
    erp.post_order("k1", PARTNER, an_order(number=a_remittance().trace))
    tell(folder, "a.csv", f"order,line,status,quantity\n{a_remittance().trace},001,accepted,10\n")
    (event,) = erp.pending()
    assert isinstance(event, OrderDecided)
    assert event.order == "k1"


def test_a_number_that_a_test_order_has_too_means_the_production_order(folder: Path) -> None:
    erp = FolderErp(folder, folder.parent / "ledger", "csv", steady=0, is_test={"k1", "k3"}.__contains__)
    for key in ("k1", "k2", "k3"):
        erp.post_order(key, PARTNER, an_order(number="0004711"))
    tell(folder, "a.csv", "order,line,status,quantity\n0004711,001,accepted,10\n")
    (event,) = erp.pending()
    assert isinstance(event, OrderDecided)
    assert event.order == "k2"


def test_a_number_two_customers_use_needs_its_customer(folder: Path) -> None:
    erp = an_erp(folder, "csv")
    erp.post_order("k1", PARTNER, an_order(number="0004711"))
    erp.post_order("k2", "cascade", an_order(number="0004711"))
    tell(folder, "a.csv", "order,line,status,quantity\n0004711,001,accepted,10\n")
    (event,) = erp.pending()
    assert isinstance(event, Unreadable)
    assert "2 orders have that number" in event.what
    erp.confirm([event.id])
    tell(folder, "b.csv", "order,line,status,quantity\ncascade:0004711,001,accepted,10\n")
    (event,) = erp.pending()
    assert isinstance(event, OrderDecided)
    assert event.order == "k2"


@pytest.mark.parametrize(
    ("form", "body", "said"),
    [
        ("json", '{"type": "decided", "order": "k1", "lines": [{"line_number": "1", "status": "accepted"}]}', "$.lines[0]"),
        ("json", '{"type": "decided", ', "is no JSON"),
        ("json", '{"type": "decided", ', "— write one event, or a list of them"),
        ("json", '{"type": "decides", "order": "k1"}', "— write one event, or a list of them"),
        ("csv", "order,line,status,quantity\nk1,001,accepted,ten\n", "line:2, column quantity: 'ten' is no number"),
        ("csv", "order,line,status,quantity\nk1,001,perhaps,10\n", "none of accepted, backordered, rejected"),
        ("csv", "order,line,quantity\nk1,001,10\n", "tells nothing we know"),
        ("csv", "order;line;quantity\n", "line:1: its columns are separated by ';'"),
        ("csv", b"order,line,quantity\n\xff,1,2\n", "is no text in UTF-8"),
        ("xml", "<events><decided order='k1'><lines/></decided><left/></events>", "line 1"),
        ("xml", "<events><left/></events>", "— see it with: edi-gateway erp schema events"),
        ("xml", "<events>", "is no XML"),
        ("xml", '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><events>&e;</events>', "has a DOCTYPE"),
        (
            "csv",
            "order,credit,invoice,line,quantity,unit_price,why\nk1,C1,I1,001,4,1,mood\n",
            "column why: 'mood' is none of returned",
        ),
        (
            "xml",
            "<events><credited order='k1'><credit>C</credit><invoice>I</invoice><why>mood</why><lines/></credited></events>",
            "mood",
        ),
        (
            "idoc",
            "<X><IDOC><EDI_DC40><MESTYP>INVOIC</MESTYP></EDI_DC40><E1EDK01><BSART>CRME</BSART><AUGRU>X</AUGRU></E1EDK01></IDOC></X>",
            "AUGRU is 'X', none of RET, BIL, PRI",
        ),
        ("idoc", "<ORDERS05/>", "holds no IDOC — write each as an element IDOC"),
        ("idoc", "<X><IDOC><EDI_DC40><MESTYP>ORDRSP</MESTYP></EDI_DC40></IDOC></X>", "E1EDK02 with QUALF 001 is missing"),
        ("idoc", "<X><IDOC><EDI_DC40><MESTYP>WMMBXY</MESTYP></EDI_DC40></IDOC></X>", "none of ORDRSP, DESADV, INVOIC"),
    ],
)
def test_a_file_nobody_understands_is_told_once_and_kept_with_the_reason(
    folder: Path, form: str, body: str | bytes, said: str
) -> None:
    erp = an_erp(folder, form)
    tell(folder, "odd.txt", body)
    tell(folder, "good.txt", OTHERS[form].decided("k9", [("001", "5", "1")]))
    told = {type(event): event for event in erp.pending()}
    assert set(told) == {Unreadable, OrderDecided}
    bad = told[Unreadable]
    assert isinstance(bad, Unreadable)
    assert said in bad.what
    assert "odd.txt" in bad.what
    erp.confirm([event.id for event in told.values()])
    assert erp.pending() == []
    kept = folder / "told" / "refused"
    assert (kept / "odd.txt").exists()
    assert said in (kept / "odd.txt.why.txt").read_text()
    assert "1 refused" in erp.check()


def test_a_file_that_is_still_being_written_waits(folder: Path) -> None:
    now = 1_000_000.0
    erp = FolderErp(folder, folder.parent / "ledger", "json", steady=2, now=lambda: now)
    path = tell(folder, "a.json", '{"type": "decided"')
    os.utime(path, (now - 1, now - 1))
    tell(folder, "b.json.part", "{")
    assert erp.pending() == []
    path.write_text('{"type": "decided", "order": "k1", "lines": []}')
    os.utime(path, (now - 3, now - 3))
    assert [type(event) for event in erp.pending()] == [OrderDecided]


def test_taking_up_twice_as_many_files_reads_twice_as_many(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[Path] = []
    read = FolderErp._read

    def counted(erp: FolderErp, path: Path) -> object:
        reads.append(path)
        return read(erp, path)

    monkeypatch.setattr(FolderErp, "_read", counted)
    erp, told = an_erp(folder, "json"), []
    for many in (250, 500):
        reads.clear()
        for number in range(many):
            os.utime(tell(folder, f"{many}-{number}.json", DECIDED % f"{many}-{number}"), (number, number))
        while waiting := erp.pending():
            erp.confirm([event.id for event in waiting])
        told.append(len(reads))
    assert told == [500, 1000]


DECIDED = '{"type": "decided", "order": "%s", "lines": []}'


def test_a_file_that_tells_nothing_is_put_away(folder: Path) -> None:
    tell(folder, "nothing.json", "[]")
    assert an_erp(folder, "json").pending() == []
    assert (folder / "told/done/nothing.json").exists()


def test_a_file_of_many_events_may_be_confirmed_in_parts(folder: Path) -> None:
    erp = an_erp(folder)
    tell(folder, "a.json", json.dumps([{"type": "decided", "order": f"k{n}", "lines": []} for n in range(3)]))
    first, *rest = erp.pending()
    erp.confirm([first.id])
    assert an_erp(folder).pending() == rest
    erp.confirm([event.id for event in rest])
    assert [path.name for path in (folder / "told" / "done").iterdir()] == ["a.json"]
    assert [path.name for path in (folder / "told").iterdir()] == ["done"]


def test_the_same_name_with_other_content_is_another_event(folder: Path) -> None:
    erp = an_erp(folder)
    ids = []
    for order in ("k1", "k2"):
        tell(folder, "event.json", json.dumps({"type": "decided", "order": order, "lines": []}))
        (event,) = erp.pending()
        ids.append(event.id)
        erp.confirm([event.id])
    assert len(set(ids)) == 2
    assert len(list((folder / "told" / "done").iterdir())) == 2


def test_a_file_that_was_read_and_not_put_away_before_the_end_is_the_same_fact(folder: Path) -> None:
    tell(folder, "a.json", DECIDED % "k1")
    first = an_erp(folder).pending()
    assert an_erp(folder).pending() == first


def test_an_order_of_a_carton_may_be_named_by_its_buyers_number(folder: Path) -> None:
    erp = an_erp(folder, "csv")
    for key, number in (("k1", "0004711"), ("k2", "0004712")):
        erp.post_order(key, PARTNER, an_order(number=number))
    tell(folder, "a.csv", "order,shipment,carton,line,quantity\n0004711,S1,1,001,4\n0004712,S1,1,001,6\n")
    (event,) = erp.pending()
    assert isinstance(event, OrderShipped)
    assert (event.order, [carton.order for carton in event.cartons]) == ("k1", ["", "k2"])


@pytest.mark.parametrize(
    ("rows", "shipments"),
    [
        ("northwind:1,S1,1,001,4\ncascade:2,S1,1,001,6", [["northwind:1"], ["cascade:2"]]),
        ("northwind:1,S1,1,001,4\nnorthwind:2,S1,1,001,6", [["northwind:1", "northwind:2"]]),
        ("northwind:1,S1,1,001,4\n2,S1,1,001,6", [["northwind:1", "northwind:2"]]),
    ],
)
def test_shipments_of_two_customers_may_have_the_same_number(rows: str, shipments: list[list[str]]) -> None:
    body = f"order,shipment,carton,line,quantity\n{rows}\n".encode()
    told = [event for event in FORMS["csv"].read_events(body, NOON) if isinstance(event, OrderShipped)]
    assert [[carton.order or event.order for carton in event.cartons] for event in told] == shipments


def test_a_column_customer_tells_shipments_of_the_same_number_apart() -> None:
    body = b"customer,order,shipment,carton,line,quantity\nnorthwind,k1,S1,1,001,4\ncascade,k2,S1,1,001,6\n"
    assert [event.order for event in FORMS["csv"].read_events(body, NOON)] == ["northwind:k1", "cascade:k2"]


CSVS_OF_A_CUSTOMER = {
    "decided": "customer,order,line,status,quantity\n{0},001,accepted,10\n",
    "shipped": "customer,order,shipment,carton,line,quantity\n{0},S1,1,001,10\n",
    "billed": "customer,order,invoice,shipment,line,quantity,unit_price\n{0},I1,S1,001,10,18.50\n",
    "credited": "customer,order,credit,invoice,line,quantity,unit_price\n{0},C1,I1,001,10,18.50\n",
}


@pytest.mark.parametrize("kind", CSVS_OF_A_CUSTOMER)
def test_a_column_customer_says_whose_order_a_number_is(folder: Path, kind: str) -> None:
    erp = an_erp(folder, "csv")
    erp.post_order("k1", PARTNER, an_order(number="0004711"))
    erp.post_order("k2", "cascade", an_order(number="0004711"))
    for name, row in enumerate(("cascade,0004711", "cascade,cascade:0004711", "cascade,k2", "cascade,PO-9")):
        os.utime(tell(folder, f"{name}.csv", CSVS_OF_A_CUSTOMER[kind].format(row)), (name, name))
    assert [getattr(event, "order", event) for event in erp.pending()] == ["k2", "k2", "k2", "cascade:PO-9"]


def test_a_number_of_one_customer_is_never_the_order_of_another(folder: Path) -> None:
    erp = an_erp(folder, "csv")
    erp.post_order("k1", PARTNER, an_order(number="0004711"))
    tell(folder, "a.csv", CSVS_OF_A_CUSTOMER["shipped"].format("cascade,0004711"))
    (event,) = erp.pending()
    assert isinstance(event, OrderShipped)
    assert event.order == "cascade:0004711", "an order nobody posted"


def test_our_id_of_an_order_with_the_customer_of_another_is_refused(folder: Path) -> None:
    erp = an_erp(folder, "csv")
    erp.post_order("k1", PARTNER, an_order(number="0004711"))
    tell(folder, "a.csv", CSVS_OF_A_CUSTOMER["shipped"].format("cascade,k1"))
    (event,) = erp.pending()
    assert isinstance(event, Unreadable)
    assert f"names an order of cascade by k1, which is our id of an order of {PARTNER}" in event.what


@pytest.mark.parametrize(("customer", "number"), [("C:100", "4711"), ("cascade", "PO:4711"), ("C:100", "PO:4711")])
def test_a_customer_and_a_number_may_have_colons_in_them(folder: Path, customer: str, number: str) -> None:
    erp = an_erp(folder, "csv")
    erp.post_order("k1", customer, an_order(number=number))
    erp.post_order("k2", "another", an_order(number=number))
    tell(folder, "a.csv", CSVS_OF_A_CUSTOMER["decided"].format(f"{customer},{number}"))
    (event,) = erp.pending()
    assert isinstance(event, OrderDecided)
    assert event.order == "k1"


def test_a_row_that_names_no_customer_is_of_the_one_its_shipment_names(folder: Path) -> None:
    erp = an_erp(folder, "csv")
    for key, customer, number in (("k1", PARTNER, "1"), ("k2", PARTNER, "2"), ("k3", "cascade", "2")):
        erp.post_order(key, customer, an_order(number=number))
    rows = f"{PARTNER},1,S1,1,001,4\n,2,S1,2,001,6\n"
    tell(folder, "a.csv", "customer,order,shipment,carton,line,quantity\n" + rows)
    (event,) = erp.pending()
    assert isinstance(event, OrderShipped)
    assert (event.order, [carton.order for carton in event.cartons]) == ("k1", ["", "k2"])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("order,invoice,shipment,line,quantity,unit_price\nk1,I1,S1,001,-12,1\n", r"odd\.csv.*lines\[0\]\.quantity is -12"),
        ("order,invoice,shipment,line,quantity,unit_price\nk1,I1,S1,001,0,1\n", r"odd\.csv.*leave it out"),
        ("order,shipment,carton,line,quantity\nk1,S1,1,001,NaN\n", r"odd\.csv.*line:2, column quantity"),
        ("order,shipment,carton,line,quantity,weight\nk1,S1,1,001,1,-1\n", r"cartons\[0\]\.weight is -1"),
    ],
)
def test_a_number_no_business_can_have_is_said_with_its_place(folder: Path, body: str, said: str) -> None:
    tell(folder, "odd.csv", body)
    (event,) = an_erp(folder, "csv").pending()
    assert isinstance(event, Unreadable)
    assert re.search(said, event.what), event.what


def test_a_line_of_nothing_refuses_its_own_event_and_no_other_of_the_file(folder: Path) -> None:
    rows = "k1,S1,1,001,5\nk2,S2,1,001,5\nk2,S2,1,002,0\nk3,S3,1,001,5\n"
    tell(folder, "left.csv", "order,shipment,carton,line,quantity\n" + rows)
    erp = an_erp(folder, "csv")
    events = erp.pending()
    assert [event.shipment if isinstance(event, OrderShipped) else type(event) for event in events] == ["S1", Unreadable, "S3"]
    assert len({event.id for event in events}) == 3
    erp.confirm([event.id for event in events])
    assert erp.pending() == []
    why = (folder / "told" / "refused" / "left.csv.why.txt").read_text()
    assert "left.csv, event 2, of order k2: " in why
    assert "the rest of it is on record (2 events)" in why


# --- forms ----------------------------------------------------------------------------------------------------------------------


def test_the_schemas_are_schemas_and_hold_what_we_write(folder: Path) -> None:
    made = {name: etree.XMLSchema(etree.fromstring(body)) for name, body in schemas().items()}
    order = FORMS["xml"].write_order("k1", PARTNER, an_order())
    assert made["order-for-erp"].validate(etree.fromstring(order))
    assert not made["order-for-erp"].validate(etree.fromstring(order.replace(b"<quantity>10<", b"<quantity>ten<")))


def test_an_idoc_refuses_what_has_a_reason_and_backorders_the_rest() -> None:
    item = "<E1EDP01><POSEX>{}</POSEX><MENGE>10</MENGE>{}<E1EDP20><WMENG>{}</WMENG><EDATU>20260109</EDATU></E1EDP20></E1EDP01>"
    items = item.format("1", "", "6") + item.format("2", "<ABGRU>03</ABGRU>", "0")
    (event,) = FORMS["idoc"].read_events(IdocErp()._idoc("ORDERS05", "ORDRSP", "k1", items).encode(), NOON)
    assert isinstance(event, OrderDecided)
    assert [(line.line_number, line.status, line.quantity, line.ship_on) for line in event.lines] == [
        ("1", "accepted", Decimal(6), date(2026, 1, 9)),
        ("1", "backordered", Decimal(4), None),
        ("2", "rejected", Decimal(10), None),
    ]


def test_an_idoc_delivery_of_two_orders_says_of_each_carton_whose_it_is() -> None:
    delivery = (
        "<E1EDL20><VBELN>0080001234</VBELN><BOLNR>BOL7</BOLNR>"
        "<E1EDT13><QUALF>006</QUALF><ISDD>20260108</ISDD></E1EDT13>"
        "<E1EDL37><EXIDV>00106141410000000017</EXIDV><BRGEW>12.5</BRGEW>"
        "<E1EDL44><POSNR>10</POSNR><VEMNG>4</VEMNG></E1EDL44></E1EDL37>"
        "<E1EDL37><EXIDV>00106141410000000024</EXIDV><BRGEW>7</BRGEW>"
        "<E1EDL44><POSNR>20</POSNR><VEMNG>2</VEMNG></E1EDL44></E1EDL37>"
        "<E1EDL24><POSNR>10</POSNR><LFIMG>4</LFIMG><E1EDL41><BSTNR>A</BSTNR><POSEX>001</POSEX></E1EDL41></E1EDL24>"
        "<E1EDL24><POSNR>20</POSNR><LFIMG>2</LFIMG><E1EDL41><BSTNR>B</BSTNR><POSEX>007</POSEX></E1EDL41></E1EDL24></E1EDL20>"
    )
    (told,) = FORMS["idoc"].read_events(IdocErp()._idoc("DELVRY03", "DESADV", "", delivery).encode(), NOON)
    assert isinstance(told, OrderShipped)
    assert (told.order, told.shipment, told.bill_of_lading) == ("A", "80001234", "BOL7")
    assert (told.at.date(), told.shipped_on) == (date(2026, 1, 8), date(2026, 1, 8))
    assert [(c.order, c.sscc, c.weight, [(i.line_number, i.quantity) for i in c.contents]) for c in told.cartons] == [
        ("", "106141410000000017", Decimal("12.5"), [("001", Decimal(4))]),
        ("B", "106141410000000024", Decimal(7), [("007", Decimal(2))]),
    ]


def a_delivery(delivered: Mapping[str, int], *units: tuple[str, str, int]) -> bytes:
    """A DESADV of order A: how many of each item are delivered, and units by label, item and how many are packed."""
    items = "".join(
        f"<E1EDL24><POSNR>{position}</POSNR><LFIMG>{many}.000</LFIMG>"
        f"<E1EDL41><BSTNR>A</BSTNR><POSEX>00{position}</POSEX></E1EDL41></E1EDL24>"
        for position, many in delivered.items()
    )
    packed = "".join(
        f"<E1EDL37><EXIDV>{label}</EXIDV><E1EDL44><POSNR>{position}</POSNR><VEMNG>{many}.000</VEMNG></E1EDL44></E1EDL37>"
        for label, position, many in units
    )
    return IdocErp()._idoc("DELVRY03", "DESADV", "", f"<E1EDL20><VBELN>1</VBELN>{items}{packed}</E1EDL20>").encode()


@pytest.mark.parametrize(
    ("exidv", "label"),
    [
        (f"00{sscc('0614141', 77)}", sscc("0614141", 77)),
        (sscc("0614141", 77), sscc("0614141", 77)),
        (f"00{sscc('0614141', 77, '1')}", sscc("0614141", 77, "1")),
        (f"00{sscc('614141', 77)}", sscc("614141", 77)),
        ("00000000001000000123", ""),
        ("1000000123", ""),
        ("00106141410000000018", "106141410000000018"),
        ("", ""),
    ],
    ids=[
        "UPC prefix",
        "UPC prefix, 18 digits",
        "extension 1",
        "extension 0",
        "number of SAP's",
        "the same, short",
        "wrong",
        "none",
    ],
)
def test_the_label_of_a_handling_unit_stays_as_it_is_printed(exidv: str, label: str) -> None:
    (told,) = FORMS["idoc"].read_events(a_delivery({"10": 4}, (exidv, "10", 4)), NOON)
    assert isinstance(told, OrderShipped)
    assert [carton.sscc for carton in told.cartons] == [label]


def test_what_is_delivered_in_no_handling_unit_is_one_carton_more() -> None:
    label = sscc("0614141", 77)
    (told,) = FORMS["idoc"].read_events(a_delivery({"10": 40, "20": 8, "30": 0}, (label, "10", 24)), NOON)
    assert isinstance(told, OrderShipped)
    assert [(carton.sscc, [(each.line_number, each.quantity) for each in carton.contents]) for carton in told.cartons] == [
        (label, [("0010", Decimal(24))]),
        ("", [("0010", Decimal(16)), ("0020", Decimal(8))]),
    ]


def test_more_packed_than_delivered_is_refused_with_the_item() -> None:
    with pytest.raises(WrongInput, match=r"of item 10 48\.000 are packed \(VEMNG\) and 4\.000 delivered \(LFIMG\)"):
        FORMS["idoc"].read_events(a_delivery({"10": 4}, (sscc("0614141", 77), "10", 48)), NOON)


def test_a_price_for_a_hundred_is_told_as_such_in_an_idoc(folder: Path) -> None:
    order = an_order()
    line = msgspec.structs.replace(order.lines[0], price_basis="HP")
    body = FORMS["idoc"].write_order("k1", PARTNER, msgspec.structs.replace(order, lines=(line,)))
    item = etree.fromstring(body).find("IDOC/E1EDP01")
    assert item is not None
    assert (item.findtext("VPREI"), item.findtext("PEINH")) == ("18.50", "100")


def test_an_idoc_and_a_csv_say_when_a_line_is_wanted_where_the_line_itself_does() -> None:
    first, second = date(2026, 1, 9), date(2026, 1, 16)
    (line,) = an_order().lines[:1]
    half = ScheduledQuantity(quantity=Decimal(5), unit="EA", qualifier="002", date=first)
    by_day = msgspec.structs.replace(line, number="1", quantity=Decimal(10), dates=(DateOf(qualifier="010", date=second),))
    other_half = msgspec.structs.replace(half, qualifier="037", second_qualifier="002", second_date=second)
    in_parts = msgspec.structs.replace(line, number="2", schedule=(half, other_half))
    order = msgspec.structs.replace(an_order(), lines=(by_day, in_parts))
    items = etree.fromstring(FORMS["idoc"].write_order("k1", PARTNER, order)).iter("E1EDP20")
    told = [(one.findtext("WMENG"), one.findtext("EDATU")) for one in items]
    assert told == [("10", "20260116"), ("5", "20260109"), ("5", "20260116")]
    rows = csv.DictReader(io.StringIO(FORMS["csv"].write_order("k1", PARTNER, order).decode()))
    assert [row["ship_not_after"] for row in rows] == ["2026-01-16", "2026-01-16"]


@pytest.mark.parametrize(("said", "units"), [("<PEINH>100</PEINH>", Decimal(100)), ("<PEINH>0</PEINH>", None), ("", None)])
def test_an_idoc_invoice_says_for_how_many_a_price_is(said: str, units: Decimal | None) -> None:
    about = "".join(f"<E1EDK02><QUALF>{q}</QUALF><BELNR>{n}</BELNR></E1EDK02>" for q, n in (("009", "I1"), ("012", "S1")))
    item = f"<E1EDP01><POSEX>001</POSEX><MENGE>48</MENGE><VPREI>1850</VPREI>{said}</E1EDP01>"
    (event,) = FORMS["idoc"].read_events(IdocErp()._idoc("INVOIC02", "INVOIC", "k1", about + item).encode(), NOON)
    assert isinstance(event, OrderBilled)
    assert [(line.unit_price, line.price_units) for line in event.lines] == [(Decimal(1850), units)]


def test_cartons_of_a_csv_are_told_apart_and_keep_their_labels() -> None:
    body = (
        b"order,shipment,carton,line,quantity,sscc,pallet,store,weight,scac,bill_of_lading,delivery_on,at\n"
        b"k1,S1,1,001,6,106141410000000017,P1,0423,9.5,RDWY,B1,2026-01-12,2026-01-09T15:00:00Z\n"
        b"k1,S1,1,002,1,,,,,,,,\nk1,S1,2,001,4,106141410000000024,P1,0423,,,,,\n"
    )
    (event,) = FORMS["csv"].read_events(body, NOON)
    assert isinstance(event, OrderShipped)
    assert [(c.sscc, c.pallet, c.store, c.weight, len(c.contents)) for c in event.cartons] == [
        ("106141410000000017", "P1", "0423", Decimal("9.5"), 2),
        ("106141410000000024", "P1", "0423", None, 1),
    ]
    assert event.carrier is not None
    assert (event.carrier.scac, event.bill_of_lading, event.delivery_on) == ("RDWY", "B1", date(2026, 1, 12))
    assert event.at == datetime(2026, 1, 9, 15, tzinfo=UTC)


def test_events_may_name_their_own_time() -> None:
    body = b'{"type": "billed", "order": "k1", "at": "2026-01-03T08:00:00Z", "invoice": "I1", "shipment": "S1", "lines": []}'
    (event,) = FORMS["json"].read_events(body, NOON)
    assert isinstance(event, OrderBilled)
    assert event.at == datetime(2026, 1, 3, 8, tzinfo=UTC)


# --- snapshots ------------------------------------------------------------------------------------------------------------------


def test_advice_is_as_old_as_the_older_snapshot_and_follows_the_newer_one(folder: Path) -> None:
    erp = an_erp(folder)
    os.utime(folder / "lookup/items.csv", (NOON.timestamp(), NOON.timestamp()))
    advice = erp.consult(PARTNER, an_order())
    assert (advice.as_of, advice.credit_used) == (NOON, Decimal("1200.50"))
    (folder / "lookup/items.csv").write_text("item,id,unit,list_price,available,blocked\nPB-1001,,,19,7,yes\n")
    (item,) = erp.consult(PARTNER, an_order()).items
    assert (item.list_price, item.available, item.blocked) == (Decimal(19), Decimal(7), True)


def test_an_item_is_known_by_an_id_as_the_buyer_writes_it_and_first_of_all_by_that_id_with_its_qualifier(folder: Path) -> None:
    rows = "CH-1,44013,,10,1,no", "CH-2,IN:44013,,20,2,no", "CH-3,UP:614141000012,EA,30,3,no"
    (folder / "lookup/items.csv").write_text("\n".join(["item,id,unit,list_price,available,blocked", *rows]))
    named = [
        item.item
        for qualifier, id in (("IN", "44013"), ("SK", "44013"), ("UP", "614141000012"), ("EN", "614141000012"))
        for item in an_erp(folder).consult(PARTNER, ordering(ItemId(qualifier=qualifier, id=id))).items
    ]
    assert named == ["CH-2", "CH-1", "CH-3", ""]


def ordering(id: ItemId) -> Order:
    order = an_order()
    return msgspec.structs.replace(order, lines=(msgspec.structs.replace(order.lines[0], item_ids=(id,)),))


def test_a_snapshot_that_is_missing_is_waited_for(folder: Path) -> None:
    (folder / "lookup/items.csv").unlink()
    with pytest.raises(TryAgain, match=r"items\.csv"):
        an_erp(folder).consult(PARTNER, an_order())


def test_a_snapshot_says_where_it_is_wrong(folder: Path) -> None:
    (folder / "lookup/items.csv").write_text("item,id,unit,list_price,available,blocked\nPB-1001,,,cheap,7,no\n")
    with pytest.raises(WrongInput, match=r"items\.csv:2, column list_price: 'cheap' is no number"):
        an_erp(folder).consult(PARTNER, an_order())


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="orders"):
        FolderErp(tmp_path, tmp_path / "ledger", "json").check()


def test_a_folder_that_is_read_only_to_the_process_is_no_matter_of_rights(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr("edi_gateway.erp.folder.connector.write_once", read_only)
    with pytest.raises(NeedsPerson, match=r"(?s)Read-only file system.*ReadWritePaths=") as told:
        an_erp(folder).post_order("k1", PARTNER, an_order())
    assert "right to" not in str(told.value)


# --- ended in between -----------------------------------------------------------------------------------------------------------


class Ended(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("after", range(12))
def test_a_process_that_ends_while_it_hands_over_never_hands_over_twice(
    folder: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    done = 0

    def ends(operation: Callable[..., None]) -> Callable[..., None]:
        def counted(*args: object, **named: object) -> None:
            nonlocal done
            operation(*args, **named)
            done += 1
            if done > after:
                raise Ended

        return counted

    with monkeypatch.context() as patched, suppress(Ended):
        for name in ("link", "unlink", "rename", "replace"):
            patched.setattr(os, name, ends(getattr(os, name)))
        an_erp(folder).post_order("a" * 32, PARTNER, an_order())
    taken = [path.rename(folder / f"taken-{path.name}") for path in (folder / "orders").glob("*.json")]
    an_erp(folder).post_order("a" * 32, PARTNER, an_order())
    assert len(taken) + len(list((folder / "orders").glob("*.json"))) == 1


def test_a_ledger_that_cannot_be_read_just_now_makes_nothing_unreadable(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise TryAgain("input/output error")

    erp = an_erp(folder)
    erp.post_order("a" * 32, PARTNER, an_order())
    tell(folder, "one.json", json.dumps({"type": "decided", "order": "a" * 32, "lines": []}))
    with monkeypatch.context() as patched, pytest.raises(TryAgain):
        patched.setattr("edi_gateway.erp.folder.ledger.Ledger.find", fails)
        erp.pending()
    assert [type(event) for event in erp.pending()] == [OrderDecided]


def test_a_csv_says_for_which_store_something_is_billed_or_credited(folder: Path) -> None:
    erp = an_erp(folder, "csv")
    tell(folder, "a.csv", "order,invoice,shipment,line,quantity,unit_price,store\nk1,I1,S1,001,4,1,0423\nk1,I1,S1,001,6,1,0424\n")
    tell(folder, "b.csv", "order,credit,invoice,line,quantity,unit_price,store\nk1,C1,I1,001,1,1,0424\n")
    told = erp.pending()
    stores = {
        type(event): [line.store for line in event.lines] for event in told if isinstance(event, OrderBilled | OrderCredited)
    }
    assert stores == {OrderBilled: ["0423", "0424"], OrderCredited: ["0424"]}
