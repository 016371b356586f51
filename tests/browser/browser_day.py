"""A day at the desk, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from scene import OPEN, PAID, ROOT, Desk

SignIn = Callable[..., Page]


def test_a_wrong_password_is_told_without_saying_which_was_wrong(desk: Desk, browser, console_says) -> None:
    page = browser.new_page(base_url=desk.url)
    page.goto("/documents")
    page.get_by_label("Name").fill("otto")
    page.get_by_label("Password").fill("guessed")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("name or the password is wrong")
    page.close()


def test_whoever_is_not_signed_in_is_led_there_and_back(sign_in: SignIn, desk: Desk, browser) -> None:
    page = browser.new_page(base_url=desk.url)
    page.goto("/orders?q=45")
    expect(page).to_have_url(re.compile(r"/sign-in\?next="))
    page.close()


def test_a_document_is_found_by_its_order_number_as_it_is_typed(sign_in: SignIn) -> None:
    page = sign_in("vera")
    page.get_by_role("link", name="Documents", exact=True).click()
    page.get_by_label("Number").press_sequentially(PAID)
    expect(page.locator("#found h2")).to_contain_text("found")
    expect(page).to_have_url(re.compile(f"q={PAID}"))
    codes = page.locator("#found tbody th a")
    expect(codes.filter(has_text="850")).to_have_count(1)
    expect(codes.filter(has_text="856")).not_to_have_count(0)  # the order's other documents are found with it


def test_a_rejected_document_shows_its_findings_where_they_are(sign_in: SignIn) -> None:
    page = sign_in("vera")
    page.goto("/documents?state=invalid")
    page.locator("#found tbody th a").first.click()
    finding = page.locator(".segment .finding").first
    expect(finding).to_contain_text("BEG05")
    assert "BEG" in page.locator(".segment.has-finding").first.inner_text()


def test_clicking_a_value_shows_the_field_it_became(sign_in: SignIn) -> None:
    page = sign_in("vera")
    page.goto(f"/documents?q={PAID}&code=850")
    page.locator("#found tbody th a").first.click()
    page.locator(".element .value a", has_text=PAID).click()
    expect(page).to_have_url(re.compile("#f-number$"))
    page.locator("#f-number a").click()
    expect(page).to_have_url(re.compile("#s-2$"))


def test_an_order_is_followed_from_850_to_820(sign_in: SignIn, desk: Desk) -> None:
    page = sign_in("vera")
    page.goto(f"/orders/{desk.order(PAID)}")
    steps = page.locator(".step")
    expect(steps).to_have_count(5)
    for code in ("850", "855", "856", "810", "820"):
        step = steps.filter(has=page.locator(".code", has_text=code))
        expect(step.locator("li a").first).to_be_visible()
    steps.last.locator("li a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("820")


def test_a_window_is_replayed_after_a_preview_and_a_word(sign_in: SignIn, desk: Desk) -> None:
    page = sign_in("otto")
    page.goto("/replays/new?partner=northwind&code=850&direction=in")
    page.get_by_label("From (UTC)").fill("2026-11-18T00:00")
    page.get_by_label("Before (UTC)").fill("2026-11-20T00:00")
    page.get_by_label("Why").fill("after the map was looked at")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Preview")
    page.get_by_role("button", name=re.compile("Confirm: replay")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Replay")
    expect(page.locator("#run .badge", has_text="done").first).to_be_visible()
    expect(page.locator("#run tbody")).to_contain_text("nothing is posted again")
    with desk.store.read() as unit:
        done, preview = unit.replays.newest(2)
    assert [(each.is_dry, each.state, each.actor) for each in (preview, done)] == [
        (True, "confirmed", "otto"),
        (False, "done", "otto"),
    ]


def test_a_partner_is_edited_by_form_and_the_difference_seen_before_it_is_in_force(sign_in: SignIn, desk: Desk) -> None:
    page = sign_in("anna")
    page.goto("/partners/northwind/edit")
    page.get_by_label("Title").fill("Northwind Stores Inc.")
    page.locator("#fields button").click()
    expect(page.locator(".diff li")).to_have_count(1)
    expect(page.locator(".diff")).to_contain_text("Northwind Stores Inc.")
    page.get_by_role("button", name="Put it in force").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Northwind Stores Inc.")
    expect(page.locator(".timeline")).to_contain_text("anna")
    assert desk.in_force("northwind").title == "Northwind Stores Inc."


def test_a_mistake_in_a_profile_is_told_with_its_line_and_nothing_is_lost(sign_in: SignIn, console_says) -> None:
    page = sign_in("anna")
    page.goto("/partners/northwind/edit")
    text = page.get_by_label("Profile", exact=True)
    text.fill(text.input_value().replace("time_zone: America/Chicago", "time_zone: America/Chicagoo"))
    page.locator("#text button").click()
    expect(page.get_by_role("alert")).to_contain_text(re.compile(r"partner\.yaml:\d+"))
    expect(page.get_by_label("Profile", exact=True)).to_have_value(re.compile("Chicagoo"))
    console_says.clear()  # chromium calls the 422 an error


def test_a_missing_cross_reference_is_mended_and_the_order_goes_on(sign_in: SignIn, desk: Desk) -> None:
    page = sign_in("ada")
    for _ in range(6):
        page.goto("/cross-references")
        mend = page.locator("form", has=page.get_by_role("button", name="Mend and continue")).first
        if not mend.count():
            break
        theirs = mend.locator("input[name=theirs]").input_value()
        mend.locator("input[name=ours]").fill(_ours(theirs))
        mend.get_by_role("button").click()
        expect(page.locator(".told")).to_contain_text(f"is {_ours(theirs)}")
        desk.scene.settle()
    assert desk.order(OPEN)


def _ours(theirs: str) -> str:
    """What the simulated ERP calls an item of cascade's."""
    from edi_gateway.erp.simulator import default_catalog

    code = theirs.partition(":")[2]
    for item in default_catalog().items:
        if any(id.id == code for ids in (item.ids, *item.buyer_ids.values()) for id in ids):
            return item.number
    raise AssertionError(theirs)


def test_a_hold_is_resumed_and_is_gone(sign_in: SignIn, desk: Desk) -> None:
    page = sign_in("otto")
    page.goto("/holds")
    first = page.locator("article", has_text="blocked for sale").first
    id = first.get_attribute("id")
    first.get_by_role("button", name="Resume").click()
    expect(page.locator(".told")).to_contain_text("goes on")
    desk.scene.settle()
    page.goto("/holds")
    expect(page.locator(f"#{id}")).to_have_count(0)
    assert int((id or "").removeprefix("flow-")) not in desk.held()


def test_cartons_are_keyed_in_and_their_856_is_sent(sign_in: SignIn, desk: Desk) -> None:
    page = sign_in("otto")
    page.goto("/orders?state=confirmed")
    page.locator("#found tbody th a").first.click()
    page.get_by_role("link", name="Ship cartons (856)").click()
    page.get_by_role("button", name="Another row").click()
    ship(page, "HAND-0001")
    desk.scene.settle()
    page.reload()
    shipped = page.locator(".step", has=page.locator(".code", has_text="856"))
    expect(shipped).to_contain_text("HAND-0001")
    shipped.get_by_role("link", name="HAND-0001").click()
    expect(page.locator(".segment b", has_text="MAN").first).to_be_visible()
    expect(page.locator(".statuses")).to_contain_text(re.compile("sent|fetched"))
    assert desk.left("856", "HAND-0001") == 1


def ship(page: Page, number: str) -> None:
    """Keys in what the form is drafted with: every line in a carton."""
    page.get_by_label("Shipment number").fill(number)
    page.get_by_label("Carrier (SCAC)").fill("UPSN")
    page.get_by_label("Bill of lading").fill("06141410000007783")
    page.get_by_label("Expected there on").fill("2026-11-23")
    for weight in page.get_by_label("Weight").all():
        weight.fill("12.5")
    page.get_by_role("button", name="Send the 856").click()
    expect(page.locator(".told")).to_contain_text("on its way")


def test_a_certificate_is_added_and_its_fingerprint_shown(sign_in: SignIn, desk: Desk) -> None:
    from edi_gateway.trading.certificate_files import exported, spoken
    from edi_gateway.trading.certificate_making import make_certificate

    bundle = make_certificate("NORTHWIND", "Northwind Stores", desk.scene.clock.now(), days=20, bits=2048)
    page = sign_in("anna")
    page.goto("/certificates")
    page.get_by_label("Whose").select_option("connection:northwind-mailbox")
    file = {"name": "northwind.der", "mimeType": "application/pkix-cert", "buffer": exported(bundle, "der")}
    page.get_by_label("File: PEM").set_input_files(files=[file])  # type: ignore[list-item]  # playwright's own shape
    page.get_by_role("button", name="Add").click()
    expect(page.locator(".facts").first).to_contain_text(spoken(bundle.fingerprint))
    page.get_by_role("button", name="Test the connection").click()
    expect(page.get_by_role("heading", name="northwind-mailbox")).to_be_visible()
    with desk.store.read() as unit:
        assert bundle.fingerprint in {each.fingerprint for each in unit.certificates.of("connection:northwind-mailbox")}


def test_the_simulated_partner_plays_and_its_report_fills_while_one_looks(sign_in: SignIn, desk: Desk) -> None:
    page = sign_in("anna")
    page.goto("/partners/northwind")
    page.get_by_role("link", name="Onboarding").first.click()
    page.get_by_label("A file with their 850s").set_input_files(ROOT / "sample_docs" / "northwind-850-plain.edi")
    page.get_by_label("all of them").uncheck()
    page.get_by_text("or only some").click()
    page.get_by_label("wrong-counts").check()
    page.get_by_role("button", name="Begin").click()
    page.evaluate("window.stayed = true")
    expect(page.locator("#run h2").first).to_have_text("2 of 2 scenarios", timeout=60_000)
    expect(page.locator("#run")).to_contain_text("997 for 850 4500881201")
    assert page.evaluate("window.stayed") is True


def test_a_search_is_saved_and_found_again(sign_in: SignIn, desk: Desk) -> None:
    page = sign_in("otto")
    page.goto("/documents")
    page.get_by_label("State").select_option("held")
    expect(page).to_have_url(re.compile("state=held"))
    page.get_by_text("Save this search").click()
    page.get_by_label("Name, for you alone").fill("Held ones")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto("/documents")
    page.get_by_role("link", name="Held ones").click()
    expect(page.get_by_label("State")).to_have_value("held")


def test_the_days_of_a_filter_are_the_viewers_as_the_times_are(sign_in: SignIn) -> None:
    page = sign_in("vera", timezone_id="Pacific/Auckland")  # where the order came on the 19th, four in the morning
    page.goto(f"/documents?q={PAID}&code=850&direction=in")
    row = page.locator("#found tbody tr", has_text="Nov 19")
    expect(row).not_to_have_count(0)
    page.get_by_label("From (Pacific/Auckland)").fill("2026-11-19")
    expect(page).to_have_url(re.compile("zone=Pacific%2FAuckland"))
    expect(row).not_to_have_count(0)
    page.get_by_label("From (Pacific/Auckland)").fill("")
    page.get_by_label("Before (Pacific/Auckland)").fill("2026-11-19")
    expect(page.locator("#found")).to_contain_text("No document fits")


def test_an_order_is_acknowledged_shipped_and_billed_by_hand_and_each_interchange_leaves(sign_in: SignIn, desk: Desk) -> None:
    page, number = sign_in("otto"), "4500881310"
    page.goto(f"/orders/{desk.order(number)}")
    page.get_by_role("link", name="Acknowledge (855)").click()
    accepted = page.get_by_label("accepted of line 001")  # drafted from the order
    accepted.fill(str(int(accepted.input_value()) - 1))
    page.get_by_label("backordered of line 001").fill("1")
    page.get_by_role("button", name="Send the 855").click()
    expect(page.locator(".told")).to_contain_text("the 855 is drafted, checked and sent")
    desk.scene.settle()
    assert desk.left("855", number) == 2  # the ERP's own had left before

    page.get_by_role("link", name="Ship cartons (856)").click()
    ship(page, "HAND-0002")
    desk.scene.settle()
    assert desk.left("856", "HAND-0002") == 1

    page.get_by_role("link", name="Bill (810)").click()
    expect(page.get_by_label("Shipment")).to_have_value("HAND-0002")
    expect(page.get_by_label("Quantity of line 001")).not_to_have_value("")  # what was shipped and is not billed yet
    expect(page.get_by_label("Price of line 001")).not_to_have_value("")
    page.get_by_label("Invoice number").fill("HAND-INV-1")
    page.get_by_role("button", name="Send the 810").click()
    expect(page.locator(".told")).to_contain_text("the 810 is drafted, checked and sent")
    desk.scene.settle()
    assert desk.left("810", "HAND-INV-1") == 1
    page.reload()
    billed = page.locator(".step", has=page.locator(".code", has_text="810"))
    billed.get_by_role("link", name="HAND-INV-1").click()
    expect(page.locator(".segment b", has_text="TDS")).to_be_visible()


def test_a_new_document_appears_without_a_reload(sign_in: SignIn, desk: Desk) -> None:
    page = sign_in("vera")
    page.goto("/documents")
    page.evaluate("window.stayed = true")
    page.evaluate("document.querySelector('#n-holds').textContent = 'old'")
    before = page.locator("#found tbody tr").count()
    desk.drop("northwind", "northwind-850-same-order.edi")
    expect(page.locator("#found tbody tr")).not_to_have_count(before)
    expect(page.locator("#n-holds")).not_to_have_text("old")
    assert page.evaluate("window.stayed") is True


AWAY = """(away) => {
  for (const [name, is] of [["hidden", away], ["visibilityState", away ? "hidden" : "visible"]])
    Object.defineProperty(document, name, { configurable: true, get: () => is });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_a_page_in_the_background_shows_what_came_as_soon_as_somebody_looks(sign_in: SignIn, desk: Desk) -> None:
    page = sign_in("vera")
    page.goto("/audit")
    newest = page.locator("#found tbody th").first
    before = newest.inner_text()
    page.evaluate(AWAY, True)
    desk.drop("northwind", "northwind-850-same-order.edi")
    page.wait_for_timeout(2500)
    assert newest.inner_text() == before
    page.evaluate(AWAY, False)
    expect(newest).not_to_have_text(before)


def test_a_list_that_was_in_use_shows_what_came_as_soon_as_it_is_left(sign_in: SignIn, desk: Desk) -> None:
    page = sign_in("vera")
    page.goto("/audit")
    newest = page.locator("#found tbody th").first
    before = newest.inner_text()
    page.locator("#found a").first.focus()
    desk.drop("northwind", "northwind-850-same-order.edi")
    page.wait_for_timeout(2500)
    assert newest.inner_text() == before
    page.get_by_label("By", exact=True).focus()
    expect(newest).not_to_have_text(before)


def test_a_list_is_not_renewed_under_the_hands_of_somebody_who_writes_in_it(sign_in: SignIn, desk: Desk) -> None:
    page = sign_in("otto")
    page.goto("/holds")
    page.get_by_text("Refuse or end it").first.click()
    reason = page.get_by_label("Why (goes on record)").first
    reason.fill("they sent it tw")
    with page.expect_event("console", lambda message: message.text == "news came"):
        page.evaluate("document.body.addEventListener('news', () => console.log('news came'))")
        desk.drop("northwind", "northwind-850-same-order.edi")
    page.wait_for_timeout(300)
    expect(reason).to_have_value("they sent it tw")


def test_the_demos_page_shows_what_comes_without_a_reload_and_without_signing_in(desk: Desk, browser) -> None:
    with desk.shown_to_everybody() as url:
        page = browser.new_page(base_url=url)
        page.goto("/")
        page.evaluate("window.stayed = true")
        newest = page.locator("section", has=page.get_by_role("heading", name="Newest documents")).locator("tbody th a").first
        before = newest.get_attribute("href")
        desk.drop("cascade", "cascade-850-differences.edi")
        expect(newest).not_to_have_attribute("href", before)
        assert page.evaluate("window.stayed") is True
        page.close()


def test_the_console_works_without_scripts(sign_in: SignIn, desk: Desk) -> None:
    page = sign_in("anna", java_script_enabled=False)
    page.get_by_role("link", name="Documents", exact=True).click()
    page.get_by_label("Number").fill(PAID)
    page.get_by_role("button", name="Search").click()
    page.locator("#found tbody th a").last.click()
    expect(page.locator(".segment").first).to_be_visible()
    expect(page.locator("time").first).to_contain_text("UTC")
    page.goto("/partners/northwind/edit")
    page.get_by_label("Title").fill("Northwind Stores, without scripts")
    page.locator("#fields button").click()
    expect(page.locator(".diff ins")).to_have_text("Northwind Stores, without scripts")


def test_the_console_works_without_a_mouse(sign_in: SignIn, desk: Desk) -> None:
    page = sign_in("otto")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#main$"))
    page.goto("/documents")
    page.get_by_label("Number").focus()
    page.keyboard.type(PAID)
    expect(page).to_have_url(re.compile(f"q={PAID}"))
    page.locator("#found tbody th a").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/documents/\d+$"))


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("vera", {"resume": False, "edit": False, "settings": False}),
        ("anna", {"resume": False, "edit": True, "settings": False}),
        ("otto", {"resume": True, "edit": False, "settings": False}),
        ("ada", {"resume": True, "edit": True, "settings": True}),
    ],
)
def test_each_role_finds_an_order_and_is_offered_what_it_may_do(
    sign_in: SignIn, desk: Desk, console_says, name: str, sees: dict[str, bool]
) -> None:
    page = sign_in(name)
    page.goto(f"/documents?q={PAID}&code=850")  # whoever signs in finds a document, and its order
    page.locator("#found tbody th a").last.click()
    expect(page.locator(".segment").first).to_be_visible()
    page.goto("/holds")
    expect(page.locator("article").first).to_be_visible()
    assert bool(page.get_by_role("button", name="Resume").count()) is sees["resume"]
    page.goto(f"/orders/{desk.order(PAID)}")
    assert bool(page.get_by_role("link", name="Ship cartons (856)").count()) is sees["resume"]
    page.goto("/partners/cascade")
    assert bool(page.get_by_role("link", name="Edit").count()) is sees["edit"]
    assert (page.goto("/settings").status == 200) is sees["settings"]
    console_says.clear()  # chromium calls the 403 an error


def test_signing_out_ends_the_session(sign_in: SignIn) -> None:
    page = sign_in("vera")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto("/documents")
    expect(page).to_have_url(re.compile("/sign-in"))
