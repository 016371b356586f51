"""The pictures of the documentation: ``make screens`` takes them anew, of the same desk that the scenes play at."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from PIL import Image
from playwright.sync_api import Page
from scene import PAID, ROOT, Desk

IMAGES = ROOT / "docs" / "images"
LARGEST = 150_000  # bytes
PICTURES = {
    "home": "/",
    "document": "/documents?q={paid}&code=850",
    "order": "/orders/{order}",
    "replay": "/replays/{replay}",
    "onboarding": "/partners/northwind/onboarding",
    "map": "/maps/northwind/850-order",
}
FOLLOWED = ("document",)  # by the first link of the list


def test_the_pictures_are_taken(sign_in: Callable[..., Page], desk: Desk) -> None:
    page = sign_in("ada")
    page.set_viewport_size({"width": 1200, "height": 760})
    IMAGES.mkdir(exist_ok=True)
    made = {"paid": PAID, "order": desk.order(PAID), "certification": desk.certified(), "replay": preview(page)}
    for name, at in PICTURES.items():
        page.goto(at.format(**made))
        if name in FOLLOWED:
            page.locator("#found tbody th a").first.click()
            page.wait_for_load_state()
        if name == "map":
            run_on_a_sample(page)
        path = IMAGES / f"{name}.png"
        Image.open(BytesIO(page.screenshot())).convert("RGB").quantize(64).save(path, optimize=True)
        assert path.stat().st_size < LARGEST, name


def preview(page: Page) -> str:
    """A replay that is to be confirmed; its number."""
    page.goto("/replays/new?partner=northwind&code=850")
    page.get_by_label("Why (goes on record)").fill("the map was mended: departments")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Confirm").wait_for()
    return page.url.rpartition("/")[2]


def run_on_a_sample(page: Page) -> None:
    page.get_by_label("X12, from ISA or ST on").fill((ROOT / "sample_docs" / "northwind-850-plain.edi").read_text())
    page.get_by_role("button", name="Run").click()
    page.get_by_role("heading", name="What it makes").wait_for()
