"""A document of ours held against everything a partner's pack asks of it."""

from __future__ import annotations

from edi_gateway.documents.base import Value
from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.order import Order
from edi_gateway.documents.order_acknowledgment import OrderAcknowledgment
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.order_to_cash.compliance.acknowledgment import check_acknowledgment
from edi_gateway.order_to_cash.compliance.breach import NOTHING, Around
from edi_gateway.order_to_cash.compliance.invoice import check_invoice
from edi_gateway.order_to_cash.compliance.ship_notice import check_ship_notice
from edi_gateway.order_to_cash.compliance.timing import check_timing
from edi_gateway.order_to_cash.compliance.verdict import Verdict, judge
from edi_gateway.order_to_cash.money import USUAL, Rounding
from edi_gateway.order_to_cash.thread import OrderThread
from edi_gateway.trading.compliance.catalog import CHECKED
from edi_gateway.trading.compliance.pack import CompliancePack
from edi_gateway.trading.profile import TradingPartner


def examine(
    order: Order,
    thread: OrderThread,
    document: Value,
    partner: TradingPartner,
    pack: CompliancePack,
    around: Around = NOTHING,
    *,
    rounding: Rounding = USUAL,
) -> tuple[Verdict, ...]:
    """The verdict of each rule on an 855, 856 or 810, its order and the thread as it stood before; none on others."""
    match document:
        case OrderAcknowledgment():
            breaches = check_acknowledgment(order, document, rules=pack.rules, around=around)
            return judge(CHECKED["855"], (*check_timing("855", pack, around), *breaches), pack)
        case ShipNotice():
            over = partner.orders.over_shipment_percent
            breaches = check_ship_notice(order, thread, document, rules=pack.rules, around=around, over_shipment_percent=over)
            return judge(CHECKED["856"], (*check_timing("856", pack, around), *breaches), pack)
        case Invoice():
            breaches = check_invoice(
                order,
                thread,
                document,
                rules=pack.rules,
                around=around,
                agreed_prices=thread.agreed_prices,
                after_ship_notice=partner.answers.invoice_after_ship_notice,
                charges_allowed=partner.answers.invoice_charges != "none",
                rounding=rounding,
            )
            return judge(CHECKED["810"], (*check_timing("810", pack, around), *breaches), pack)
    return ()
