"""An ERP behind a shared folder: our connector, point by point, and the program on the other side, which is not ours."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

from crash.points import Points
from desk import NOON

from edi_gateway.documents import catalog
from edi_gateway.erp.base import Advice, ErpEvent, event_to_json
from edi_gateway.erp.folder import FolderErp
from edi_gateway.erp.simulator import SimulatedErp

FOLDER, LEDGER = "erp-files", "erp-ledger"
_TAKEN = ".taken-by-the-erp"
_KINDS = {"orders": "order", "remittances": "remittance"}


def is_about_it(what: str) -> bool:
    """Whether a point's operation is on a file of the connector's."""
    return f"{FOLDER}/" in what or f"{LEDGER}/" in what


def taken(data: Path) -> Counter[str]:
    """Every file that the program took, by name: one that was handed over twice is there twice."""
    told = data / FOLDER / _TAKEN
    return Counter(told.read_text().split()) if told.exists() else Counter()


class FilesErp:
    """The connector; before each look for news the program does its work: it takes files away, and leaves what it tells."""

    def __init__(self, points: Points, data: Path, program: SimulatedErp) -> None:
        self._points, self._folder, self._program = points, data / FOLDER, program
        self._erp = FolderErp(self._folder, data / LEDGER, "json", steady=0.0, now=lambda: float("inf"))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._erp, name)

    def consult(self, partner: str, order: Any) -> Advice:
        """The program answers this itself: its snapshots are another story."""
        with self._points.quietly():
            return self._program.consult(partner, order)

    def pending(self, limit: int = 100) -> list[ErpEvent]:
        with self._points.quietly():
            self._take()
            self._tell()
        return self._erp.pending(limit)

    def _take(self) -> None:
        for folder, kind in _KINDS.items():
            for path in sorted((self._folder / folder).glob("*.json")):
                about = json.loads(path.read_bytes())
                post = getattr(self._program, f"post_{kind}")
                post(about["id"], about["customer"], catalog.from_json(kind, json.dumps(about["document"]).encode()))
                with (self._folder / _TAKEN).open("a") as told:
                    told.write(f"{folder}/{path.name}\n")
                path.unlink()

    def _tell(self) -> None:
        told = self._folder / "told"
        told.mkdir(parents=True, exist_ok=True)
        for event in self._program.pending():
            path = told / f"{event.id.replace('/', '_')}.json"
            path.write_bytes(event_to_json(event))
            written = NOON.timestamp() + len(list(told.glob("**/*.json")))
            os.utime(path, (written, written))
            self._program.confirm([event.id])
