"""One gateway and one browser for all scenes; each scene has a context of its own, signed in as somebody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from scene import PASSWORD, Desk

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("console"))
    made.play()
    yield made
    made.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def console_says() -> Iterator[list[str]]:
    """What a page's console said that is an error; a scene that ends with any fails."""
    said: list[str] = []
    yield said
    assert said == []


@pytest.fixture
def sign_in(desk: Desk, browser: Browser, console_says: list[str]) -> Iterator[Callable[..., Page]]:
    """Signs somebody in at the page for it, and gives the page that follows."""
    contexts = []

    def sign_in(name: str, **more: object) -> Page:
        context = browser.new_context(base_url=desk.url, viewport={"width": 1360, "height": 900}, **more)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: console_says.append(message.text) if message.type == "error" else None)
        page.goto("/sign-in")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("heading", name="Home", level=1).wait_for()
        return page

    yield sign_in
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def screens() -> Path:
    """Where screenshots go: build/screens, which is not in git."""
    folder = Path(__file__).parents[2] / "build" / "screens"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
