"""What a person did that changes nothing in the store is on record all the same: a key taken out, a copy made, an ERP asked."""

from __future__ import annotations

from edi_gateway.bootstrap.gateway import find_store, has_store
from edi_gateway.settings import Settings


def tell_act(settings: Settings, kind: str, subject: str, text: str, *, by: str) -> None:
    """Records an act of a person; where no gateway has run there is no record to tell it to."""
    if has_store(settings):
        with find_store(settings).write() as unit:
            unit.events.tell(kind, subject, text, actor=by)
