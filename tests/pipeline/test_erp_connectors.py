"""A whole gateway whose ERP is somebody else's: orders go out as files, what comes back as files becomes answers."""

from __future__ import annotations

import csv
import io
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from edi_gateway.bootstrap.gateway import Gateway
from edi_gateway.settings import Settings

ROOT = Path(__file__).parents[2]
T = TypeVar("T")


def test_an_order_goes_to_a_folder_erp_and_its_decision_becomes_an_855(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    gateway = a_gateway(tmp_path, shared)
    inbox = tmp_path / "data/mailboxes/northwind/inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "sample_docs/northwind-850-plain.edi", inbox / "order.edi")
    gateway.start()
    try:
        (order,) = until(lambda: list((shared / "orders").iterdir()))
        rows = list(csv.DictReader(io.StringIO(order.read_text())))
        decided = [f"{row['order']},{row['line']},accepted,{row['quantity']}" for row in rows]
        (shared / "told/decided.csv").write_text("\n".join(["order,line,status,quantity", *decided]) + "\n")
        outbox = tmp_path / "data/mailboxes/northwind/outbox"
        answers = until(lambda: [text for path in outbox.glob("*.*") if "BAK*00*A" in (text := path.read_text())])
        assert f"*{rows[0]['order']}*" in answers[0]
        assert until(lambda: (shared / "told/done/decided.csv").exists())
    finally:
        gateway.stop()


def a_gateway(tmp_path: Path, shared: Path) -> Gateway:
    partners = tmp_path / "partners"
    shutil.copytree(ROOT / "partners", partners)
    profile = partners / "northwind/partner.yaml"
    profile.write_text(profile.read_text() + "\nerp: warehouse\n")
    (partners / "connectors").mkdir()
    connector = f"name: warehouse\nkind: folder\nfolder: {shared}\nform: csv\nsteady: 0s\npoll: 1s\n"
    (partners / "connectors/warehouse.yaml").write_text(connector)
    for name in ("orders", "remittances", "told", "lookup"):
        (shared / name).mkdir(parents=True)
    (shared / "lookup/customers.csv").write_text("customer,credit_limit,credit_used\nnorthwind,,\n")
    rows = (f"{id},{id},,,,no\n" for id in item_ids())
    (shared / "lookup/items.csv").write_text("item,id,unit,list_price,available,blocked\n" + "".join(rows))
    settings = Settings(data=tmp_path / "data", partners=partners, maps=ROOT / "maps", sftp_port=0, web_port=0)
    return Gateway(settings)


def item_ids() -> list[str]:
    """Every item id of the sample: what stands in its PO1 segments."""
    segments = (ROOT / "sample_docs/northwind-850-plain.edi").read_text().replace("\n", "").split("~")
    return sorted({id for segment in segments if segment.startswith("PO1") for id in segment.split("*")[7::2]})


def until(look: Callable[[], T], seconds: float = 20.0) -> T:
    """What ``look`` gives as soon as it gives something."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, "nothing came"
        time.sleep(0.02)
    return found
