"""Every page: accessible by axe-core's rules, no wider than the screen, and photographed in light, dark and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from scene import PAID, Desk

PAGES = {
    "home": "/",
    "documents": "/documents",
    "document": "/documents?q={paid}&code=850",
    "document-rejected": "/documents?state=invalid",
    "holds": "/holds",
    "alerts": "/alerts",
    "approvals": "/approvals",
    "orders": "/orders",
    "order": "/orders/{order}",
    "answer-855": "/orders/{order}/answer/855",
    "answer-856": "/orders/{order}/answer/856",
    "answer-810": "/orders/{order}/answer/810",
    "acknowledgments": "/acknowledgments",
    "compliance": "/compliance?result=kept",
    "transmissions": "/transmissions",
    "transmission": "/transmissions/1",
    "replays": "/replays",
    "replay-new": "/replays/new",
    "partners": "/partners",
    "partner": "/partners/northwind",
    "onboarding": "/partners/northwind/onboarding",
    "certification": "/partners/northwind/certifications/{certification}",
    "partner-flows": "/partners/northwind/flows",
    "partner-edit": "/partners/northwind/edit",
    "certificates": "/certificates",
    "certificate": "/certificates/{certificate}",
    "cross-references": "/cross-references",
    "maps": "/maps",
    "map": "/maps/northwind/850-order",
    "map-tests": "/maps/850-order/tests",
    "schedule": "/schedule",
    "audit": "/audit",
    "audit-verify": "/audit/verify",
    "settings": "/settings",
}
FOLLOWED = ("document", "document-rejected")  # by the first link of the list
LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"color_scheme": "light", "viewport": {"width": 390, "height": 844}, "has_touch": True},
}

CUT = """[...document.querySelectorAll('.scroll')].map((one) => one.scrollWidth - one.clientWidth).filter((over) => over > 1)"""


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_accessible_and_fits(sign_in: Callable[..., Page], desk: Desk, screens: Path, look: str) -> None:
    page, wrong = sign_in("ada"), []
    made = {"paid": PAID, "order": desk.order(PAID), "certification": desk.certified(), "certificate": desk.certificate()}
    page.emulate_media(color_scheme=LOOKS[look]["color_scheme"])
    page.set_viewport_size(LOOKS[look].get("viewport", {"width": 1280, "height": 900}))
    for name, path in PAGES.items():
        page.goto(path.format(**made))
        if name in FOLLOWED:
            page.locator("#found tbody th a").first.click()
            page.wait_for_load_state()
        page.screenshot(path=screens / f"{name}-{look}.png")
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        wrong += [f"{name}: {width} pixels wider than a {look} screen"] if width else []
        cut = page.evaluate(CUT) if look != "phone" else []
        wrong += [f"{name}: a table is cut off, by {one} pixels" for one in cut]
        found = Axe().run(page).response["violations"] if look != "phone" else []
        wrong += [f"{name}: {each['id']}, {each['help']}: {each['nodes'][0]['html'][:160]}" for each in found]
    assert wrong == []
