"""Pages of what waits end somewhere: they show what is most urgent, say how much there is, and lead to the rest."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from desk import Desk
from visiting import Visitor

from edi_gateway.web.routes import acknowledgments, approvals

SignedIn = Callable[[str], Visitor]


def test_the_acknowledgments_page_shows_the_most_urgent_and_counts_all(
    desk: Desk, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.drop("northwind-850-several-sets.edi")
    text = signed_in("viewer").get("/acknowledgments").text
    [(_, owed)] = re.findall(r"<h2>(We owe them)</h2><small>(\d+)</small>", text)
    assert int(owed) > 1
    assert "most urgent" not in text
    monkeypatch.setattr(acknowledgments, "MOST", 1)
    text = signed_in("viewer").get("/acknowledgments").text
    assert f"<h2>We owe them</h2><small>{owed}</small>" in text
    assert text.count('data-of="Answer"') == 1
    assert 'These are the 1 most urgent. <a href="/acknowledgments.csv' in text


def test_approvals_go_on_behind_the_last_of_a_page(desk: Desk, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.drop("northwind-850-plain.edi")
    with desk.store.write() as unit:
        for by in ("ann", "bea"):
            unit.approvals.ask(
                "resend", "transaction:1", partner="northwind", arguments="{}", fingerprint="", because=f"asks {by}", by=by
            )
    monkeypatch.setattr(approvals, "MOST", 1)
    first = signed_in("viewer").get("/approvals").text
    assert "These are 1 of 2" in first
    assert "asks ann" in first
    assert "asks bea" not in first
    [more] = re.findall(r'<a href="(/approvals\?after=\d+)">those after</a>', first)
    behind = signed_in("viewer").get(more).text
    assert "asks bea" in behind
    assert "those after" not in behind
