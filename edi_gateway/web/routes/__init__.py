"""The pages, one file a noun."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter

from edi_gateway.web.console import Console
from edi_gateway.web.routes import (
    acknowledgments,
    alerts,
    approvals,
    audit,
    certificates,
    compliance,
    cross_references,
    document,
    documents,
    hold_correct,
    holds,
    home,
    live,
    maps,
    onboarding,
    orders,
    partner_edit,
    partners,
    pings,
    replays,
    schedule,
    settings,
    sign_in,
    transmissions,
    turnaround,
    webhooks,
)

ROUTES: tuple[Callable[[Console], APIRouter], ...] = tuple(
    module.routes
    for module in (
        sign_in,
        home,
        live,
        documents,
        document,
        holds,
        hold_correct,
        alerts,
        approvals,
        orders,
        turnaround,
        acknowledgments,
        compliance,
        transmissions,
        replays,
        partners,
        partner_edit,
        pings,
        onboarding,
        certificates,
        cross_references,
        maps,
        schedule,
        audit,
        settings,
        webhooks,
    )
)
