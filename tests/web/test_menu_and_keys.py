"""The menu counts what waits, and keys of every scope are made in the console."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from desk import Desk
from visiting import Visitor

SignedIn = Callable[[str], Visitor]
MAILBOX = "northwind-mailbox"


def counted(page: str, name: str) -> int:
    """What the menu says beside a page's name."""
    found = re.search(
        rf">{name} <span class=\"count\" id=\"n-{name.lower()}\" title=\"waiting\"( hidden)?>(\d+)</span></a>", page
    )
    assert found
    assert bool(found[1]) is (found[2] == "0")
    return int(found[2])


def test_what_renews_a_list_renews_the_counts_of_the_menu_too(signed_in: SignedIn) -> None:
    page = signed_in("viewer").get("/documents").text
    (renewed,) = re.findall(r'hx-select-oob="([^"]+)"', page)
    assert renewed.split(",") == [f"#{id}" for id in re.findall(r'<span class="count" id="([^"]+)"', page)]


def test_the_menu_counts_alerts_that_nobody_looks_after(desk: Desk, signed_in: SignedIn) -> None:
    operator, now = signed_in("operator"), desk.clock.now()
    assert counted(operator.get("/").text, "Alerts") == 0
    with desk.store.write() as unit:
        for key, state in (("a", "open"), ("b", "open"), ("c", "acknowledged"), ("d", "resolved")):
            unit.alerts.add(
                rule="held", key=key, level="urgent", state=state, text="x", count=1, began_at=now, last_at=now, escalation=""
            )
    assert counted(operator.get("/").text, "Alerts") == 2
    operator.post("/alerts/1/acknowledge", note="on it")
    assert counted(operator.get("/audit").text, "Alerts") == 1


def test_the_menu_counts_what_is_held(desk: Desk, signed_in: SignedIn) -> None:
    desk.drop("northwind-850-plain.edi")
    desk.drop("northwind-850-same-order.edi")
    assert counted(signed_in("viewer").get("/orders").text, "Holds") == 1


@pytest.mark.parametrize(
    ("scope", "of"), [("read", {}), ("operate", {"partner": "northwind"}), ("admin", {}), ("mailbox", {"connection": MAILBOX})]
)
def test_a_key_of_every_scope_is_made_and_shown_once(desk: Desk, signed_in: SignedIn, scope: str, of: dict[str, str]) -> None:
    admin = signed_in("admin")
    page = admin.post("/settings/keys", name="their shop", scope=scope, days="30", **of).text
    key = re.search(r"egw_[\w-]+", page)
    assert key
    assert key[0] not in admin.get("/settings").text
    with desk.store.read() as unit:
        [row] = unit.api_keys.all()
    assert (row.scope, row.partner, row.connection) == (scope, of.get("partner"), of.get("connection"))


@pytest.mark.parametrize("of", [{}, {"connection": "nowhere"}, {"connection": MAILBOX, "partner": "northwind"}])
def test_a_mailbox_key_of_no_mailbox_is_refused(desk: Desk, signed_in: SignedIn, of: dict[str, str]) -> None:
    answer = signed_in("admin").post("/settings/keys", name="x", scope="mailbox", **of)
    assert answer.status_code == 422
    assert "mailbox" in answer.text
    with desk.store.read() as unit:
        assert unit.api_keys.all() == []
