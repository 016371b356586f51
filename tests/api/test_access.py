"""Access: passwords, sessions, one-time links, API keys."""

from __future__ import annotations

from datetime import timedelta

import pytest
from calling import Calls
from desk import Desk

from edi_gateway.errors import WrongInput
from edi_gateway.operations import access, keys, people

PASSWORD = "correct horse battery"
HERE = "192.0.2.1"


@pytest.fixture
def ann(desk: Desk) -> Desk:
    """A gateway whose first admin is ann."""
    token = people.invite_first(desk.store)
    assert token
    people.accept(desk.store, token, "ann", PASSWORD, HERE)
    return desk


def admit(desk: Desk, name: str, role: str) -> None:
    people.accept(desk.store, people.invite(desk.store, name, role, by="ann"), "", PASSWORD, HERE)


def test_the_first_link_makes_one_admin_and_holds_once(desk: Desk) -> None:
    token = people.invite_first(desk.store)
    assert token
    session = people.accept(desk.store, token, "Ann", PASSWORD, HERE)
    assert access.who(desk.store, session.token) == ("ann", "admin")
    assert people.invite_first(desk.store) is None
    with pytest.raises(access.NotSignedIn, match="does not hold"):
        people.accept(desk.store, token, "eve", PASSWORD, HERE)


def test_a_link_is_over_after_a_day(desk: Desk) -> None:
    token = people.invite_first(desk.store)
    assert token
    desk.clock.advance(people.LINK_LASTS)
    with pytest.raises(access.NotSignedIn):
        people.invited(desk.store, token)


def test_who_signs_in_is_known_until_signing_out(ann: Desk) -> None:
    session = access.sign_in(ann.store, "ann", PASSWORD, HERE)
    assert access.who(ann.store, session.token) == ("ann", "admin")
    access.sign_out(ann.store, session.token)
    assert access.who(ann.store, session.token) is None


def test_who_was_invited_with_a_capital_signs_in_with_one(ann: Desk) -> None:
    admit(ann, "Ben", "viewer")
    assert access.sign_in(ann.store, "Ben", PASSWORD, HERE).person == ("ben", "viewer")
    assert access.sign_in(ann.store, "ben ", PASSWORD, HERE).person == ("ben", "viewer")


def test_a_session_ends_when_it_is_idle_and_in_any_case_after_half_a_day(ann: Desk) -> None:
    session = access.sign_in(ann.store, "ann", PASSWORD, HERE)
    for _ in range(11):
        ann.clock.advance(timedelta(hours=1))
        assert access.who(ann.store, session.token)
    ann.clock.advance(timedelta(hours=1))
    assert access.who(ann.store, session.token) is None
    other = access.sign_in(ann.store, "ann", PASSWORD, HERE)
    ann.clock.advance(access.IDLE)
    assert access.who(ann.store, other.token) is None


@pytest.mark.parametrize(("name", "password"), [("ann", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_name_and_a_wrong_password_are_told_alike(ann: Desk, name: str, password: str) -> None:
    with pytest.raises(access.NotSignedIn, match=r"^the name or the password is wrong$"):
        access.sign_in(ann.store, name, password, HERE)


def test_after_five_failures_even_the_right_password_waits_a_quarter_of_an_hour(ann: Desk) -> None:
    for _ in range(access.MOST_OF_BOTH):
        with pytest.raises(access.NotSignedIn):
            access.sign_in(ann.store, "ann", "wrong", HERE)
    with pytest.raises(access.TooManyTries):
        access.sign_in(ann.store, "ann", PASSWORD, HERE)
    access.sign_in(ann.store, "ann", PASSWORD, "192.0.2.2")
    ann.clock.advance(access.WINDOW)
    access.sign_in(ann.store, "ann", PASSWORD, HERE)


def test_who_is_kept_out_is_out_at_once(ann: Desk) -> None:
    link = people.invite(ann.store, "ben", "operator", by="ann")
    session = people.accept(ann.store, link, "", PASSWORD, HERE)
    people.change(ann.store, "ben", disabled=True, by="ann")
    assert access.who(ann.store, session.token) is None
    with pytest.raises(access.NotSignedIn):
        access.sign_in(ann.store, "ben", PASSWORD, HERE)


def test_the_last_admin_stays_one(ann: Desk) -> None:
    for change in ({"role": "viewer"}, {"disabled": True}):
        with pytest.raises(WrongInput, match="no admin would be left"):
            people.change(ann.store, "ann", by="ann", **change)  # type: ignore[arg-type]
    assert people.everybody(ann.store)[0].role == "admin"


def test_a_link_made_before_a_change_undoes_nothing_of_it(ann: Desk) -> None:
    admit(ann, "ben", "admin")
    for change in ({"role": "viewer"}, {"disabled": True}):
        link = people.invite(ann.store, "ben", "admin", by="ann")
        people.change(ann.store, "ben", **change, by="ann")  # type: ignore[arg-type]  # one of two
        with pytest.raises(access.NotSignedIn, match="does not hold"):
            people.accept(ann.store, link, "", "another long password", HERE)


def test_a_link_lets_nobody_in_who_is_kept_out(ann: Desk) -> None:
    admit(ann, "ben", "viewer")
    people.change(ann.store, "ben", disabled=True, by="ann")
    with pytest.raises(access.NotSignedIn, match="ben is kept out"):
        people.accept(ann.store, people.invite(ann.store, "ben", "admin", by="ann"), "", "another long password", HERE)


def test_the_last_admin_is_not_made_less_by_a_link(ann: Desk) -> None:
    link = people.invite(ann.store, "ann", "viewer", by="ann")
    with pytest.raises(WrongInput, match="no admin would be left"):
        people.accept(ann.store, link, "", "another long password", HERE)
    assert access.sign_in(ann.store, "ann", PASSWORD, HERE).person.role == "admin"


def test_the_keys_of_who_is_kept_out_are_true_no_longer(ann: Desk) -> None:
    admit(ann, "ben", "admin")
    of_ben, _ = keys.make(ann.store, "the shop", "operate", by="ben")
    of_ann, _ = keys.make(ann.store, "the till", "operate", by="ann")
    found = keys.known(ann.store, of_ben)
    assert found
    of_his_key, _ = keys.make(ann.store, "made by a key", "read", by=keys.signed(found))
    assert len(people.change(ann.store, "ben", disabled=True, by="ann")) == 2
    assert [keys.known(ann.store, key) is not None for key in (of_ben, of_his_key, of_ann)] == [False, False, True]


def test_a_mailbox_key_is_the_partners_and_stays_whoever_made_it(ann: Desk) -> None:
    admit(ann, "ben", "admin")
    theirs, _ = keys.make(ann.store, "northwind", "mailbox", connection="northwind-mailbox", by="ben")
    assert people.change(ann.store, "ben", disabled=True, by="ann") == []
    assert keys.known(ann.store, theirs)


def test_the_answer_names_each_key_that_went(ann: Desk) -> None:
    admit(ann, "ben", "admin")
    _, shop = keys.make(ann.store, "the shop", "read", by="ben")
    ann.clock.advance(timedelta(minutes=1))
    _, till = keys.make(ann.store, "the till", "read", by="ben")
    assert keys.made_by_people(ann.store) == {"ben": [shop, till]}
    said = people.said_of_keys(people.change(ann.store, "ben", disabled=True, by="ann"))
    assert said == f"; true no longer, being made by them: 2 API keys, {shop.id} (the shop), {till.id} (the till)"
    assert keys.made_by_people(ann.store) == {}


def test_over_the_api_whoever_keeps_somebody_out_is_told_which_keys_went(calls: Calls) -> None:
    people.accept(calls.desk.store, people.invite(calls.desk.store, "ben", "admin", by="scene"), "", PASSWORD, HERE)
    people.accept(calls.desk.store, people.invite(calls.desk.store, "ann", "admin", by="scene"), "", PASSWORD, HERE)
    _, row = keys.make(calls.desk.store, "the shop", "operate", by="ben")
    told = calls.admin.patch("/people/ben", json={"disabled": True}).json()
    assert (told["name"], told["disabled_at"] is None) == ("ben", False)
    assert [(key["id"], key["name"], key["revoked_at"] is None) for key in told["revoked_keys"]] == [(row.id, "the shop", False)]


def test_who_is_no_admin_any_more_keeps_the_keys_that_do_not_administer(ann: Desk) -> None:
    admit(ann, "ben", "admin")
    admin, _ = keys.make(ann.store, "everything", "admin", by="ben")
    reads, _ = keys.make(ann.store, "a report", "read", by="ben")
    people.change(ann.store, "ben", role="viewer", by="ann")
    assert [keys.known(ann.store, key) is not None for key in (admin, reads)] == [False, True]


def test_a_new_password_ends_every_other_session(ann: Desk) -> None:
    before = access.sign_in(ann.store, "ann", PASSWORD, HERE)
    people.accept(ann.store, people.invite(ann.store, "ann", "admin", by="ann"), "", "another pass phrase", HERE)
    assert access.who(ann.store, before.token) is None


@pytest.mark.parametrize("password", ["short", "x" * 257])
def test_a_password_that_will_not_do_leaves_the_link_as_it_is(desk: Desk, password: str) -> None:
    token = people.invite_first(desk.store)
    assert token
    with pytest.raises(WrongInput, match="12 to 256"):
        people.accept(desk.store, token, "ann", password, HERE)
    assert people.invited(desk.store, token).role == "admin"


def test_neither_passwords_nor_tokens_nor_keys_are_in_the_store_or_the_audit_trail(ann: Desk) -> None:
    session = access.sign_in(ann.store, "ann", PASSWORD, HERE)
    key, _ = keys.make(ann.store, "shop", "read", by="ann")
    ann.store.close()
    kept = b"".join(path.read_bytes() for path in ann.folder.glob("gateway.sqlite3*"))
    assert session.person.name.encode() in kept
    for secret in (PASSWORD, session.token, key):
        assert secret.encode() not in kept


def test_a_key_is_true_until_its_end(desk: Desk) -> None:
    key, row = keys.make(desk.store, "shop", "read", partner="northwind", lasts=timedelta(days=1), by="ann")
    assert keys.known(desk.store, key) == (row.id, "shop", "read", "northwind", None)
    desk.clock.advance(timedelta(days=1))
    assert keys.known(desk.store, key) is None


def test_a_revoked_key_is_true_no_longer(desk: Desk) -> None:
    key, row = keys.make(desk.store, "shop", "operate", by="ann")
    keys.revoke(desk.store, row.id, by="ann")
    assert keys.known(desk.store, key) is None
    with pytest.raises(WrongInput, match="could be revoked"):
        keys.revoke(desk.store, row.id, by="ann")


@pytest.mark.parametrize(
    "given", ["", "egw_", "Bearer x", "egw_000000000000_{secret}", "egw_{id}_{other}", "egw_{id}_", "egw_{id}"]
)
def test_what_is_no_key_is_nobody(desk: Desk, given: str) -> None:
    key, row = keys.make(desk.store, "shop", "read", by="ann")
    secret = key.removeprefix(f"egw_{row.id}_")
    other = ("b" if secret[0] == "a" else "a") + secret[1:]
    assert keys.known(desk.store, given.format(id=row.id, secret=secret, other=other)) is None
    assert keys.known(desk.store, key) is not None


def test_use_of_a_key_is_noted(desk: Desk) -> None:
    key, _ = keys.make(desk.store, "shop", "read", by="ann")
    keys.known(desk.store, key)
    assert keys.all_keys(desk.store)[0].used_at == desk.clock.now()


def test_a_role_may_what_its_line_says() -> None:
    assert [access.may(role, "operate") for role in access.ROLES] == [False, False, True, True]
    assert [access.may(role, "configure") for role in access.ROLES] == [False, True, False, True]
