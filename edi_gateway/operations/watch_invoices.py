"""Watch invoices: one that is past its date and that no remittance pays is told, once."""

from __future__ import annotations

from edi_gateway.operations.telling import News, tell_news
from edi_gateway.order_to_cash.receivable import Receivable
from edi_gateway.store.database import Database
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import TradingPartner

OVERDUE = "invoice.overdue"


def watch_invoices(store: Database, directory: Directory) -> int:
    """Tells of every overdue invoice that was not told yet; days are the partner's. Returns how many were new."""
    partners = {each.name: each for each in directory.partners}
    with store.read() as unit:
        today = {name: partner.today(unit.clock.now()) for name, partner in partners.items()}
        late = [row for row in unit.unpaid.all() if row.partner in today and row.receivable.due_on < today[row.partner]]
    return tell_news(
        store, [News(OVERDUE, row.subject, _said(row.receivable, partners[row.partner]), row.partner) for row in late]
    )


def _said(bill: Receivable, partner: TradingPartner) -> str:
    text = f"invoice {bill.invoice} for order {bill.order_number} was due on {bill.due_on}: {bill.unremitted} is unpaid"
    return text + _ask(partner)


def _ask(partner: TradingPartner) -> str:
    contact = partner.contact("business")
    return f" — ask {contact}" if contact else ""
