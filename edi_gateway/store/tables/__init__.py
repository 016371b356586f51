"""The tables, by subject. One schema for SQLite and PostgreSQL; ``migrations/`` makes it and a test holds the two equal.

Words are the glossary's: a *transaction* row is one set as X12 sees it and carries the three statuses; a *flow* row is its
way through our stages; a *document* is the business content.
"""

from __future__ import annotations

from edi_gateway.store.tables.access import (
    api_key,
    idempotency_key,
    invitation,
    person,
    saved_search,
    session,
    sign_in_failure,
    webhook,
    webhook_delivery,
)
from edi_gateway.store.tables.base import metadata
from edi_gateway.store.tables.business import (
    business_claim,
    cash_case,
    compliance_check,
    consultation,
    deposit,
    document,
    document_thread,
    erp_event,
    order_thread,
    receivable,
    remittance,
)
from edi_gateway.store.tables.partners import certificate, certification, cross_reference, profile_version, secret
from edi_gateway.store.tables.record import (
    alert,
    alert_subject,
    approval,
    descent,
    event,
    event_chain,
    event_cursor,
    notice,
    replay,
    replay_item,
)
from edi_gateway.store.tables.traffic import (
    arrival,
    as2_message,
    functional_group,
    interchange,
    interchange_claim,
    missing_arrival,
    payload,
    transaction,
    transmission,
)
from edi_gateway.store.tables.work import attempt, breaker, control_counter, engine_run, flow, lane, owed, schedule

__all__ = [
    "alert",
    "alert_subject",
    "api_key",
    "approval",
    "arrival",
    "as2_message",
    "attempt",
    "breaker",
    "business_claim",
    "cash_case",
    "certificate",
    "certification",
    "compliance_check",
    "consultation",
    "control_counter",
    "cross_reference",
    "deposit",
    "descent",
    "document",
    "document_thread",
    "engine_run",
    "erp_event",
    "event",
    "event_chain",
    "event_cursor",
    "flow",
    "functional_group",
    "idempotency_key",
    "interchange",
    "interchange_claim",
    "invitation",
    "lane",
    "metadata",
    "missing_arrival",
    "notice",
    "order_thread",
    "owed",
    "payload",
    "person",
    "profile_version",
    "receivable",
    "remittance",
    "replay",
    "replay_item",
    "saved_search",
    "schedule",
    "secret",
    "session",
    "sign_in_failure",
    "transaction",
    "transmission",
    "webhook",
    "webhook_delivery",
]
