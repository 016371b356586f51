"""The demo is the main job; it must end well, and say how it ended in a way programs can read."""

from __future__ import annotations

import json
import os
import select
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edi_gateway.cli.demo.partners import NAMES, copy_partners
from edi_gateway.trading.alerts import Alerts
from edi_gateway.trading.loader import load

ROOT = Path(__file__).parents[2]


def run(*arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "edi_gateway.cli.main", "demo", *arguments]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=110, env={**os.environ, **(environment or {})}
    )


FOLDER = """name: {name}
kind: folder
senders: [{sender}]
inbox: {folder}/inbox
outbox: {folder}/outbox
settled: 0s
poll: 1s
"""
ALERTS = """channels:
  - {{name: desk, kind: webhook, url: 'http://127.0.0.1:{port}/'}}
escalations:
  - {{name: usual, steps: [{{tell: [desk]}}]}}
"""


class AtWork(NamedTuple):
    """Partner files of somebody for whom the gateway is at work already."""

    files: Path
    edges: Path  # what lies at the real partner, and in the real ERP
    desk: socket.socket  # where alerts are told

    @property
    def environment(self) -> dict[str, str]:
        return {"EDI_GATEWAY_PARTNERS": str(self.files), "EDI_GATEWAY_HOST": "0.0.0.0", "EDI_GATEWAY_INTERNAL_WEBHOOKS": "yes"}

    def lying(self) -> dict[str, bytes]:
        return {str(path.relative_to(self.edges)): path.read_bytes() for path in self.edges.rglob("*") if path.is_file()}

    def told(self) -> bool:
        return bool(select.select([self.desk], [], [], 0)[0])


@pytest.fixture
def at_work(tmp_path: Path) -> Iterator[AtWork]:
    """Our own ids, a partner's key in a block, an order in a real inbox, a fact of a real ERP, somebody who is told of alerts."""
    files, edges = tmp_path / "partners", tmp_path / "edges"
    shutil.copytree(ROOT / "partners", files)
    ours = files / "_ourselves.yaml"
    ours.write_text(ours.read_text().replace("12:6125550148", "ZZ:ACME").replace('"6125550148"', "ACME"))
    mailbox = files / "connections" / "northwind-mailbox.yaml"
    lines = [line for line in mailbox.read_text().splitlines() if not line.startswith("keys:")]
    key = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    mailbox.write_text("\n".join([*lines, "keys:", f"  - {key} northwind", ""]))
    for place in ("inbox", "outbox", "erp/told", "erp/lookup"):
        (edges / place).mkdir(parents=True)
    (edges / "inbox" / "850.edi").write_bytes((ROOT / "sample_docs" / "northwind-850-plain.edi").read_bytes())
    (edges / "erp" / "told" / "ship.csv").write_text("kind,order\nshipped,1\n")
    (files / "connections" / "fairmont-mailbox.yaml").write_text(
        FOLDER.format(name="fairmont-mailbox", sender="fairmont", folder=edges)
    )
    (files / "connectors").mkdir()
    warehouse = f"name: warehouse\nkind: folder\nfolder: {edges / 'erp'}\nform: csv\nsteady: 0s\npoll: 1s\n"
    (files / "connectors" / "warehouse.yaml").write_text(warehouse)
    with socket.create_server(("127.0.0.1", 0)) as desk:
        desk.setblocking(False)
        (files / "alerts.yaml").write_text(ALERTS.format(port=desk.getsockname()[1]))
        yield AtWork(files, edges, desk)


@pytest.mark.slow
def test_every_order_of_the_demo_ends_paid_and_nothing_is_open_also_where_the_gateway_is_at_work(
    tmp_path: Path, at_work: AtWork
) -> None:
    before = at_work.lying()
    ended = run("--json", "--data", str(tmp_path / "demo"), environment=at_work.environment)
    told = json.loads(ended.stdout)
    assert ended.returncode == 0, ended.stderr
    assert told["mistakes"] == []
    assert {order["state"] for order in told["orders"]} == {"paid"}
    assert {float(order["open"]) for order in told["orders"]} == {0.0}
    assert any(float(order["shipped"]) < float(order["ordered"]) for order in told["orders"])
    assert told["page"].startswith("http://127.0.0.1:")  # nobody signs in there
    assert at_work.lying() == before
    assert not at_work.told()


def test_the_demo_has_its_own_identities_and_mailboxes_and_nothing_of_what_is_set_up(tmp_path: Path, at_work: AtWork) -> None:
    load(at_work.files)  # nothing is wrong with what is set up
    copy_partners(at_work.files, tmp_path / "own", {name: f"ssh-ed25519 AAAA {name}" for name in NAMES})
    own = load(tmp_path / "own")
    assert {partner.name for partner in own.partners} == set(NAMES)
    assert {(each.name, each.kind) for each in own.connections} == {(f"{name}-mailbox", "mailbox") for name in NAMES}
    assert [str(each.interchange) for each in own.ourselves] == ["12:6125550148"]
    assert (own.connectors, own.alerts) == ((), Alerts())


def test_the_demo_refuses_a_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("keep me")
    ended = run("--data", str(tmp_path))
    assert ended.returncode == 2
    assert "fresh folder" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_mistake_in_the_partner_files_is_told_with_its_line_and_nothing_is_left_behind(tmp_path: Path) -> None:
    partner = tmp_path / "partners" / "northwind" / "partner.yaml"
    partner.parent.mkdir(parents=True)
    partner.write_text("name: northwind\ntitle: [Northwind\n")
    (temporary := tmp_path / "temporary").mkdir()
    ended = run(environment={"EDI_GATEWAY_PARTNERS": str(tmp_path / "partners"), "TMPDIR": str(temporary)})
    assert ended.returncode == 2
    assert list(temporary.iterdir()) == []
    assert f"{partner}:" in "".join(ended.stderr.split())
    assert "Traceback" not in ended.stderr
