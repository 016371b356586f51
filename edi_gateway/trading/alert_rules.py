"""The alert rules that come with the gateway, and which rule an event falls under."""

from __future__ import annotations

import re

from edi_gateway.trading.alerts import AlertRule, Alerts

_NUMBERED = re.compile(r"\S*\d\S*")
LONGEST_KEY = 200


def _rule(name: str, *when: str, level: str = "warning", one_per: str = "cause", saying: tuple[str, ...] = ()) -> AlertRule:
    words = {"name": name, "when": when, "level": level, "one_per": one_per, "saying": saying}
    return AlertRule.model_validate(words)


BUILT_IN = (
    _rule("bad-credit", "flow.held", saying=("credit",)),
    _rule("discount-out-of-range", "flow.held", "cash.question", saying=("discount",)),
    _rule("rejected-by-partner", "flow.held", saying=(": rejected", ": partially accepted"), one_per="partner"),
    _rule("held", "flow.held"),
    _rule("dead-flow", "flow.dead", level="urgent"),
    _rule("out-of-order", "lane.down", level="urgent", one_per="subject"),
    _rule("acknowledgment-half-time", "acknowledgment.half_time", level="notice", one_per="partner"),
    _rule("acknowledgment-late", "acknowledgment.overdue", one_per="partner"),
    _rule("we-are-half-late", "acknowledgment.owed_half_time", "answer.owed_half_time", one_per="partner"),
    _rule("we-are-late", "acknowledgment.owed_overdue", "answer.owed_overdue", level="urgent", one_per="partner"),
    _rule("rejection-unanswered", "rejection.unanswered", level="notice", one_per="partner"),
    _rule("partner-silent", "partner.silent", one_per="partner"),
    _rule("interchange-missing", "interchange.gap", level="notice", one_per="partner"),
    _rule("number-reused", "interchange.number_reused", one_per="partner"),
    _rule("never-fetched", "transmission.unfetched", one_per="partner"),
    _rule("certificate-ends", "certificate.expiring", one_per="subject"),
    _rule("approval-wanted", "approval.asked", level="notice", one_per="subject", saying=("second person",)),  # others are held
    _rule("invoice-overdue", "invoice.overdue", level="notice", one_per="partner"),
    _rule("change-refused", "order.change_refused", "order.change_too_late", one_per="subject"),
    _rule("compliance", "compliance.breach", one_per="partner"),
    _rule("cash-question", "cash.question", level="notice", one_per="partner"),
    _rule("weak-security", "as2.exception", "connection.weak", level="notice"),
    _rule("as2-unable", "as2.unable", level="urgent", one_per="subject"),
    _rule("as2-refused", "as2.refused", "as2.receipt_refused", "as2.orphan_receipt", "as2.receipt_undelivered"),
    _rule("unreadable", "payload.unreadable", "erp.unreadable", "erp.unknown_order"),
    _rule(
        "answers-nothing",
        "acknowledgment.orphan",
        "acknowledgment.incomplete",
        "advice.orphan",
        level="notice",
        one_per="partner",
    ),
    _rule("two-originals", "set.accepted_late", level="urgent", one_per="subject"),
    _rule("clock-back", "clock.back"),
    _rule("engine-died", "engine.died", one_per="rule"),
    _rule("other-way", "transmission.fallback", level="notice", one_per="partner"),
)
"""Tried in this order: the first that an event matches has it."""


def rules_of(alerts: Alerts) -> tuple[AlertRule, ...]:
    """Every rule in force, in the order they are tried: those of the file, then those built in that it does not replace."""
    named = {each.name for each in alerts.rules} | set(alerts.off)
    return (*alerts.rules, *(each for each in BUILT_IN if each.name not in named))


def rule_for(rules: tuple[AlertRule, ...], kind: str, partner: str | None, text: str) -> AlertRule | None:
    """The rule an event falls under: the first that matches."""
    return next((each for each in rules if each.matches(kind, partner, text)), None)


def key_of(rule: AlertRule, partner: str | None, subject: str, text: str) -> str:
    """What events of one alert have in common; ``text`` counts without its advice and without whatever has a digit in it."""
    match rule.one_per:
        case "rule":
            return ""
        case "partner":
            return partner or ""
        case "subject":
            return subject[:LONGEST_KEY]
        case _:
            return f"{partner or ''}|{cause_of(text)}"[:LONGEST_KEY]


def cause_of(text: str) -> str:
    """What things that stopped for one reason say alike: the words without advice, ``#`` for whatever has a digit in it."""
    return " ".join(_NUMBERED.sub("#", text.partition(" — ")[0]).split())
