"""Verdicts of compliance rules over all documents, the newest first: what was broken, or whatever is looked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
import sqlalchemy as sa

from edi_gateway.store.compliance_checks import ComplianceCheck
from edi_gateway.store.database import Database
from edi_gateway.store.known import check_partner, check_word
from edi_gateway.store.tables import compliance_look, document, transaction
from edi_gateway.trading.compliance.catalog import CATALOG

RESULTS = ("stopped", "warned", "kept", "off")
BROKEN = ("stopped", "warned")
AT_ONCE = 500


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for; empty: any. ``result`` empty: what was broken. ``before``: looks older than that one."""

    partner: str = ""
    rule: str = ""
    result: str = ""
    number: str = ""
    before: int | None = None


class VerdictRow(msgspec.Struct, frozen=True):
    """What came of one rule for one document at one look; ``set`` is the number of its last set, where it has one.

    ``exposure`` is what the document may cost by that rule, None where that is unknown or no fee is; ``reckoning`` says how. Both
    stand on the first verdict of a rule at each look, so that a sum over rows is one of fees: the others have None and nothing.
    """

    id: int  # of the look
    at: datetime
    partner: str
    document_id: str
    kind: str
    number: str
    occasion: str
    rule: str
    result: str
    place: str
    message: str
    source: str
    exposure: Decimal | None
    reckoning: str
    set: int | None


def find_verdicts(store: Database, sought: Sought, limit: int) -> list[VerdictRow]:
    """``limit`` verdicts, or a few more: a look is told whole, so that the next page begins behind one.

    Raises WrongInput for a partner, a rule or a result there is not.
    """
    _check(store, sought)
    found: list[VerdictRow] = []
    before = sought.before
    while len(found) < limit:
        looks = _looks(store, sought, before)
        for row, check in looks:
            if len(found) >= limit:
                break
            found += _verdicts(row, check, sought)
        if len(looks) < AT_ONCE:
            break
        before = looks[-1][1].id
    return found


def _check(store: Database, sought: Sought) -> None:
    check_word("compliance rule", sought.rule, CATALOG)
    check_word("result", sought.result, RESULTS)
    with store.reading() as connection:
        check_partner(connection, sought.partner)


def _looks(store: Database, sought: Sought, before: int | None) -> list[tuple[Any, ComplianceCheck]]:
    look = compliance_look.c
    last_set = sa.select(sa.func.max(transaction.c.id)).where(transaction.c.document_id == document.c.id).scalar_subquery()
    query = sa.select(look.id, document.c.kind, document.c.number, last_set.label("set")).join(
        document, document.c.id == look.document_id
    )
    query = query.where(*_where(sought, before)).order_by(look.id.desc()).limit(AT_ONCE)
    with store.read() as unit, store.reading() as connection:
        rows = list(connection.execute(query))
        checks = {each.id: each for each in unit.compliance_checks.that(look.id.in_([row.id for row in rows]))}
    return [(row, checks[row.id]) for row in rows]


def _where(sought: Sought, before: int | None) -> Iterator[sa.ColumnElement[bool]]:
    look = compliance_look.c
    if sought.result in ("", *BROKEN):
        yield look.result.in_(BROKEN if sought.result != "stopped" else ("stopped",))
    if sought.partner:
        yield look.partner == sought.partner
    if sought.number:
        yield document.c.number == sought.number
    if sought.rule:
        yield look.verdicts.contains(f'"rule":"{sought.rule}"', autoescape=True)
    if before is not None:
        yield look.id < before


def _verdicts(row: sa.Row[Any], check: ComplianceCheck, sought: Sought) -> Iterator[VerdictRow]:
    exposed = {each.rule: each for each in check.exposures}
    for one in check.verdicts:
        cost = exposed.pop(one.rule, None)
        if one.result not in ((sought.result,) if sought.result else BROKEN) or sought.rule not in ("", one.rule):
            continue
        yield VerdictRow(
            id=check.id,
            at=check.at,
            partner=check.partner,
            document_id=check.document_id,
            kind=row.kind,
            number=row.number,
            occasion=check.occasion,
            rule=one.rule,
            result=one.result,
            place=one.place,
            message=one.message,
            source=one.source,
            exposure=cost.amount if cost else None,
            reckoning=cost.reckoning if cost else "",
            set=row.set,
        )
