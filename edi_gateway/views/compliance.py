"""Compliance as a person sees it: the rules in force with a partner, and what came of them for a document."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from edi_gateway.errors import WrongInput
from edi_gateway.store.compliance_checks import ComplianceCheck
from edi_gateway.store.database import Database
from edi_gateway.store.tables import document, transaction
from edi_gateway.trading.compliance.catalog import CATALOG
from edi_gateway.trading.compliance.pack import CompliancePack, Rules, RuleTerms

_OURS = ("order acknowledgment", "ship notice", "invoice")


class RuleRow(msgspec.Struct, frozen=True):
    """A rule in force: what it does, with which parameters, at what fee, and where the partner says so."""

    rule: str
    kind: str
    about: tuple[str, ...]
    does: str
    parameters: dict[str, str]
    stake: str
    source: str
    asks: str


class CheckedRow(msgspec.Struct, frozen=True):
    """A document of ours, and the last look at it; ``check`` None: it was not looked at yet."""

    id: str
    kind: str
    number: str
    partner: str
    check: ComplianceCheck | None


def rules_in_force(pack: CompliancePack) -> list[RuleRow]:
    """Every rule of a pack, in the order of their numbers."""
    return [_row(pack, rule) for rule in Rules.model_fields]


def checked(store: Database, about: str) -> list[CheckedRow]:
    """The documents of ours behind a business number, an id of a document, or a set (transaction:12); oldest first.

    Raises WrongInput where there are none.
    """
    with store.reading() as connection:
        rows = list(connection.execute(_named(about)))
    if not rows:
        raise WrongInput(f"no 855, 856 or 810 of ours has to do with '{about}'", do="name an order, a shipment or an invoice")
    with store.read() as unit:
        return [CheckedRow(row.id, row.kind, row.number, row.partner, unit.compliance_checks.of(row.id)) for row in rows]


def _named(about: str) -> sa.Select[tuple[str, str, str, str]]:
    kind, _, id = about.partition(":")
    named = sa.or_(document.c.number == about, document.c.id == about.removeprefix("document:"))
    if kind == "transaction" and id.isdigit():
        named = document.c.id.in_(sa.select(transaction.c.document_id).where(transaction.c.id == int(id)))
    columns = (document.c.id, document.c.kind, document.c.number, document.c.partner)
    return sa.select(*columns).where(named, document.c.kind.in_(_OURS)).order_by(document.c.at, document.c.id)


def _row(pack: CompliancePack, rule: str) -> RuleRow:
    terms, facts = pack.terms(rule), CATALOG[rule]
    words = terms.model_dump(mode="json", exclude=set(RuleTerms.model_fields))
    parameters = {word: _said(value) for word, value in words.items() if value not in (None, "", [])}
    return RuleRow(rule, facts.kind, facts.about, terms.does, parameters, terms.stake, pack.source_of(rule), facts.asks)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
