"""Who may see and do what in the console, and that forms and sessions cannot be borrowed."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from desk import Desk
from fastapi import FastAPI
from visiting import ROLES, Visitor

from edi_gateway.operations import keys

OPEN = {"/health", "/sign-in", "/sign-out", "/welcome"}
WHAT = {  # path → what its forms need
    "/settings/people": "administer",
    "/settings/people/{name}": "administer",
    "/settings/keys": "administer",
    "/settings/keys/{id}/revoke": "administer",
    "/settings/webhooks": "administer",
    "/settings/webhooks/{id}": "administer",
    "/partners/{name}/edit": "configure",
    "/partners/{name}/apply": "configure",
    "/partners/{name}/ping": "try",
    "/partners/{name}/certifications": "configure",
    "/connections/{name}/ping": "try",
    "/certificates": "configure",
    "/certificates/{id}/retire": "configure",
    "/cross-references": "configure",
    "/maps/{name}": "read",  # a run on a sample changes nothing
    "/holds/{flow}/place": "operate",
    "/holds/{flow}/resume": "operate",
    "/holds/{flow}/dismiss": "operate",
    "/holds/{flow}/reject": "operate",
    "/holds/{flow}/delivered": "operate",
    "/holds/{flow}/correct": "operate",
    "/alerts/{id}/acknowledge": "operate",
    "/approvals/{id}": "operate",
    "/documents/saved": "read",  # a search is saved for whoever saves it
    "/documents/saved/forget": "read",
    "/documents/{id}/correct": "operate",
    "/documents/{id}/again": "operate",
    "/orders/{id}/answer/{code}": "operate",
    "/orders/{id}/try": "read",
    "/replays/new": "operate",
    "/replays/{id}/confirm": "operate",
    "/replays/{id}/go-on": "operate",
    "/schedule": "operate",
}
MAY = {"viewer": {"read"}, "analyst": {"read", "try", "configure"}, "operator": {"read", "try", "operate"}}


def paths(app: FastAPI, method: str) -> list[str]:
    return [path for path, ways in app.openapi()["paths"].items() if method in ways and path not in OPEN]


def filled(path: str) -> str:
    given = {"name": "864-text-message" if path.startswith("/maps") else "northwind", "code": "856", "partner": "northwind"}
    return re.sub(r"\{(\w+)\}", lambda found: given.get(found[1], "1"), path)


SLOW = {"/maps/{name}/tests", "/maps/{name}/tests.csv"}  # they run the stored tests: tried by one role
ADMINISTERED = {
    "/settings",
    "/settings/people.csv",
    "/settings/keys.csv",
    "/settings/webhooks.csv",
}  # pages that not everybody may see


@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_shown_to_every_role_but_the_settings(
    desk: Desk, app: FastAPI, signed_in: Callable[[str], Visitor], role: str
) -> None:
    desk.drop("northwind-850-plain.edi")
    visitor, shown = signed_in(role), {}
    for path in paths(app, "get"):
        if path != "/live" and (role == "viewer" or path not in SLOW):
            shown[path] = visitor.get(filled(path)).status_code
    hidden = {path for path, code in shown.items() if code == 403}
    assert hidden == (set() if role == "admin" else ADMINISTERED)
    assert {path for path, code in shown.items() if code >= 500} == set()


def test_every_form_is_in_the_table_of_rights(app: FastAPI) -> None:
    assert set(paths(app, "post")) == WHAT.keys()


def test_nobody_sees_a_page_without_signing_in(app: FastAPI, visitor: Visitor) -> None:
    for path in paths(app, "get"):
        answer = visitor.get(filled(path))
        assert (answer.status_code, answer.headers.get("location", "")[:8]) == (303, "/sign-in"), path


@pytest.mark.parametrize("role", ROLES)
def test_a_form_does_what_the_role_may_and_nothing_else(app: FastAPI, signed_in: Callable[[str], Visitor], role: str) -> None:
    visitor = signed_in(role)
    csrf = visitor.csrf()
    for path, what in WHAT.items():
        allowed = role == "admin" or what in MAY[role]
        answer = visitor.post(filled(path), proof="")
        assert answer.status_code == (422 if allowed else 403), (path, role)  # 422: it carries no token
        assert allowed or visitor.post(filled(path), proof=csrf).status_code == 403, (path, role)


def test_a_form_without_the_token_changes_nothing(desk: Desk, signed_in: Callable[[str], Visitor]) -> None:
    desk.drop("northwind-850-plain.edi")
    desk.drop("northwind-850-same-order.edi")
    (held,) = desk.flows("held")
    operator = signed_in("operator")
    assert "not from a page we gave you" in operator.post(f"/holds/{held.id}/resume", proof="").text
    assert "not from a page we gave you" in operator.post(f"/holds/{held.id}/resume", proof="0" * 64).text
    assert "not from a page we gave you" in operator.post(f"/holds/{held.id}/resume", proof="é" * 64).text
    assert [flow.id for flow in desk.flows("held")] == [held.id]
    assert operator.post(f"/holds/{held.id}/resume").status_code == 303
    assert desk.flows("held") == []


def test_the_token_of_one_session_is_none_of_another(signed_in: Callable[[str], Visitor]) -> None:
    first, second = signed_in("operator"), signed_in("operator")
    answer = second.post("/schedule", proof=first.csrf(), name="x", do="run")
    assert "not from a page we gave you" in answer.text


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(visitor: Visitor) -> None:
    cookie = visitor.sign_in("viewer").headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "secure", "samesite=strict", "path=/"))


def test_no_page_carries_a_script_or_style_of_its_own(desk: Desk, app: FastAPI, signed_in: Callable[[str], Visitor]) -> None:
    desk.drop("northwind-850-plain.edi")
    admin = signed_in("admin")
    for path in paths(app, "get"):
        if path == "/live" or path.endswith(".csv"):
            continue
        answer = admin.get(filled(path))
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=\"|\sstyle=\"|<style", answer.text), path


def test_signing_in_leads_back_and_never_to_another_site(visitor: Visitor, app: FastAPI) -> None:
    assert visitor.sign_in("viewer", next="/orders").headers["location"] == "/orders"
    assert Visitor(app).sign_in("viewer", next="//evil.test/").headers["location"] == "/"


def test_a_wrong_password_is_a_401_that_names_no_reason(visitor: Visitor) -> None:
    answer = visitor.sign_in("viewer", "guessed")
    assert answer.status_code == 401
    assert "the name or the password is wrong" in answer.text


def test_signing_out_ends_the_session_everywhere(signed_in: Callable[[str], Visitor]) -> None:
    visitor = signed_in("viewer")
    token = visitor.cookies["edi_gateway_session"]
    visitor.post("/sign-out")
    visitor.cookies.set("edi_gateway_session", token)
    assert visitor.get("/").headers["location"] == "/sign-in"


def test_a_one_time_link_works_once(desk: Desk, visitor: Visitor, signed_in: Callable[[str], Visitor]) -> None:
    shown = signed_in("admin").post("/settings/people", name="nora", role="viewer").text
    link = re.search(r"/welcome\?token=[\w-]+", shown)
    assert link
    new = {"name": "nora", "password": "a long enough password", "again": "a long enough password"}
    assert visitor.post(link[0], **new).headers["location"] == "/"
    assert "does not hold" in visitor.get(link[0]).text


@pytest.mark.parametrize(
    ("password", "said"),
    [("short", "this password has 5 characters — choose one of 12 to"), ("nora-of-the-desk", "choose one that nobody guesses")],
)
def test_a_password_that_is_not_taken_is_told_with_what_to_choose(
    visitor: Visitor, signed_in: Callable[[str], Visitor], password: str, said: str
) -> None:
    name = "nora-of-the-desk"
    link = re.search(r"/welcome\?token=[\w-]+", signed_in("admin").post("/settings/people", name=name, role="viewer").text)
    assert link
    told = unescape(visitor.post(link[0], name=name, password=password, again=password).text)
    assert said in re.sub(r"<[^>]*>", "", told)


def test_the_form_that_keeps_somebody_out_says_which_keys_go_before_it_is_sent(
    desk: Desk, signed_in: Callable[[str], Visitor]
) -> None:
    admin = signed_in("admin")
    signed_in("viewer")
    assert "revokes" not in admin.get("/settings").text.partition("Invite somebody")[0]
    _, row = keys.make(desk.store, "the shop", "read", by="viewer")
    keys.make(desk.store, "theirs", "mailbox", connection="northwind-mailbox", by="viewer")
    people = admin.get("/settings").text.partition("Invite somebody")[0]
    assert f"Keeping viewer out revokes 1 API key for good: the shop ({row.id})" in people
    assert "theirs" not in people
