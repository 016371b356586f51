"""Trying a connection, on record: what came of it is told where a partner's onboarding is, and who tried."""

from __future__ import annotations

from collections.abc import Sequence

from edi_gateway.store.database import Database
from edi_gateway.transports.ping import Step
from edi_gateway.views.onboarding import TESTED


def tell_tested(store: Database, connection: str, steps: Sequence[Step], *, by: str) -> None:
    """Records how trying a connection went: the first step that failed, or that every one went well."""
    wrong = next((f"failed at '{each.step}': {each.detail}" for each in steps if not each.ok), "every step went well")
    with store.write() as unit:
        unit.events.tell(TESTED, f"connection:{connection}", wrong, actor=by)
