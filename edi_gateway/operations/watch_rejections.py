"""Watch rejections: a partner that never sends anew what we rejected has perhaps not noticed; somebody asks."""

from __future__ import annotations

from datetime import timedelta

from edi_gateway.pipeline.inbound.terms import terms_for
from edi_gateway.store.database import Database
from edi_gateway.store.rejections import UNANSWERED, RejectionRow
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import TradingPartner
from edi_gateway.x12.standard import group_code

LOOKED_BACK = timedelta(days=60)
"""Rejections older than this are told no more: whoever began with this watch is not told of years."""


def watch_rejections(store: Database, directory: Directory) -> int:
    """Tells once of each set that we rejected and that did not come again in the time agreed; returns how many were new."""
    with store.write() as unit:
        now, partners = unit.clock.now(), {each.name: each for each in directory.partners}
        rejected = [row for row in unit.rejections.unanswered(now - LOOKED_BACK, now) if row.partner in partners]
        late = [row for row in rejected if now >= row.told_at + _within(row, partners[row.partner])]
        for row in late:
            what = f"{row.code} {row.business_number or row.control_number}"
            text = f"we rejected {what} of {row.partner} on {row.told_at:%Y-%m-%d}, and it has not come again"
            text += _ask(partners[row.partner])
            unit.events.tell(UNANSWERED, f"transaction:{row.id}", text, partner=row.partner)
        return len(late)


def _within(row: RejectionRow, partner: TradingPartner) -> timedelta:
    return terms_for(partner, group_code(row.code) or "", row.release, row.usage, partner.today(row.told_at)).corrected_within


def _ask(partner: TradingPartner) -> str:
    contact = partner.contact("edi")
    return f" — ask {contact}" if contact else ""
