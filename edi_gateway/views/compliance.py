"""Compliance as a person sees it: the rules in force with a partner, what came of them, and what that may cost."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import msgspec
import sqlalchemy as sa

from edi_gateway.documents.catalog import ORDER_ANSWERS
from edi_gateway.errors import WrongInput
from edi_gateway.order_to_cash.compliance.exposure import UNKNOWN
from edi_gateway.store.compliance_checks import ComplianceCheck
from edi_gateway.store.database import Database
from edi_gateway.store.tables import compliance_look, document, transaction
from edi_gateway.trading.compliance.catalog import CATALOG
from edi_gateway.trading.compliance.pack import CompliancePack, Rules, RuleTerms
from edi_gateway.trading.usage import PRODUCTION

EXPOSED_DAYS = 90  # partners charge within weeks; what is older was charged or never will be
BROKEN = ("stopped", "warned")


class RuleExposure(msgspec.Struct, frozen=True):
    """What a rule may cost us: ``documents`` broke it; ``amount`` is the sum of what could be reckoned, ``unknown`` were not.

    ``last`` is the reckoning of the last of them.
    """

    documents: int
    amount: Decimal
    unknown: int
    currency: str
    last: str

    def __str__(self) -> str:
        """``35 USD in 2 documents (7 cartons × 2.5 = 17.5), 1 unknown``."""
        known = f"{self.amount:f} {self.currency}".rstrip() if self.documents > self.unknown else ""
        parts = [f"{known} in {self.documents - self.unknown} of {self.documents} ({self.last})" if known else ""]
        parts += [f"{self.unknown} {UNKNOWN}" + ("" if known else f" ({self.last})")] if self.unknown else []
        return ", ".join(filter(None, parts))


class RuleRow(msgspec.Struct, frozen=True):
    """A rule in force: what it does, with which parameters, at what fee, and where the partner says so.

    ``exposure`` is what documents that broke it may cost; None where none did, or no fee is known.
    """

    rule: str
    kind: str
    about: tuple[str, ...]
    does: str
    parameters: dict[str, str]
    stake: str
    source: str
    asks: str
    exposure: RuleExposure | None = None


class CheckedRow(msgspec.Struct, frozen=True):
    """A document of ours, and the last look at it; ``check`` None: it was not looked at yet.

    ``earlier`` are the looks before that, newest first: when it went before, or was another document that this one corrects or
    whose place it takes, since they rejected that.
    """

    id: str
    kind: str
    number: str
    partner: str
    check: ComplianceCheck | None
    earlier: tuple[ComplianceCheck, ...] = ()


def rules_in_force(pack: CompliancePack, exposures: dict[str, RuleExposure] | None = None) -> list[RuleRow]:
    """Every rule of a pack, in the order of their numbers."""
    return [_row(pack, rule, (exposures or {}).get(rule)) for rule in Rules.model_fields]


def exposure_by_rule(store: Database, partner: str, currency: str) -> dict[str, RuleExposure]:
    """What a partner may charge us for by rule: of each document that left in the last days and broke it, by the last look at it
    or at what has left in its place."""
    since = store.clock.now() - timedelta(days=EXPOSED_DAYS)
    look, later = compliance_look.c, compliance_look.alias()
    here = (
        look.partner == partner,
        look.result.in_(BROKEN),
        look.at >= since,
        ~sa.exists().where(later.c.follows == look.id, _left(later.c.document_id)),
        _left(look.document_id),
    )
    found: dict[str, RuleExposure] = {}
    with store.read() as unit:
        for check in unit.compliance_checks.that(*here)[::-1]:
            for each in check.exposures:
                before = found.get(each.rule) or RuleExposure(0, Decimal(0), 0, currency, "")
                found[each.rule] = RuleExposure(
                    documents=before.documents + 1,
                    amount=before.amount + (each.amount or Decimal(0)),
                    unknown=before.unknown + (each.amount is None),
                    currency=currency,
                    last=each.reckoning,
                )
    return found


def _left(id: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether a document has left for production: nobody is charged for a test."""
    here = (transaction.c.document_id == id, transaction.c.usage == PRODUCTION)
    return sa.exists().where(*here, transaction.c.interchange_id.is_not(None))


def checked(store: Database, about: str) -> list[CheckedRow]:
    """The documents of ours behind a business number, an id of a document, or a set (transaction:12); oldest first.

    Raises WrongInput where there are none.
    """
    with store.reading() as connection:
        rows = list(connection.execute(_named(about)))
    if not rows:
        raise WrongInput(f"no 855, 856 or 810 of ours has to do with '{about}'", do="name an order, a shipment or an invoice")
    with store.read() as unit:
        looks = {row.id: unit.compliance_checks.history([row.id])[::-1] for row in rows}
    corrected = {each.document_id for id, found in looks.items() for each in found if each.document_id != id}
    return [
        CheckedRow(row.id, row.kind, row.number, row.partner, next(iter(looks[row.id]), None), tuple(looks[row.id][1:]))
        for row in rows
        if row.id not in corrected
    ]


def _named(about: str) -> sa.Select[tuple[str, str, str, str]]:
    kind, _, id = about.partition(":")
    named = sa.or_(document.c.number == about, document.c.id == about.removeprefix("document:"))
    if kind == "transaction" and id.isdigit():
        named = document.c.id.in_(sa.select(transaction.c.document_id).where(transaction.c.id == int(id)))
    columns = (document.c.id, document.c.kind, document.c.number, document.c.partner)
    return sa.select(*columns).where(named, document.c.kind.in_(ORDER_ANSWERS)).order_by(document.c.at, document.c.id)


def _row(pack: CompliancePack, rule: str, exposure: RuleExposure | None) -> RuleRow:
    terms, facts = pack.terms(rule), CATALOG[rule]
    words = terms.model_dump(mode="json", exclude=set(RuleTerms.model_fields))
    parameters = {word: _said(value) for word, value in words.items() if value not in (None, "", [])}
    source = pack.source_of(rule)
    return RuleRow(rule, facts.kind, facts.about, terms.does, parameters, terms.stake, source, facts.asks, exposure)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
