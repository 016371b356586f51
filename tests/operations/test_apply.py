"""Apply: partner files come into force, version by version."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace

import pytest
from desk import NORTHWIND, ROOT, Desk, Profiles
from partner_says import change, northwind, order

from edi_gateway.errors import Collected, TryAgain, WrongInput
from edi_gateway.operations import put_profile
from edi_gateway.operations.apply import ChangedElsewhere, apply, compare, in_force
from edi_gateway.operations.dismiss import dismiss
from edi_gateway.operations.resume import resume
from edi_gateway.operations.stranded import refuse_to_strand
from edi_gateway.trading.directory import Directory

CHANGES_AGREED = """
  - set: "860"
    direction: in
    release: 004010VICS
    map: 850-order
"""


def without_guides(directory: Directory) -> Directory:
    """Guides know the file they came from, which is another one once they are applied."""
    return replace(directory, guides={})


def test_nothing_is_in_force_in_a_new_store(any_desk: Desk) -> None:
    assert in_force(any_desk.store) is None


def test_what_the_files_say_is_in_force_when_applied(any_desk: Desk, profiles: Profiles) -> None:
    changes = apply(any_desk.store, profiles.folder, by="ann")
    assert {change.how for change in changes} == {"new"}
    applied = in_force(any_desk.store)
    assert applied is not None
    assert without_guides(applied) == without_guides(any_desk.directory)
    assert applied.guides.keys() == any_desk.directory.guides.keys()


def test_applied_again_nothing_changes(desk: Desk, profiles: Profiles) -> None:
    apply(desk.store, profiles.folder, by="ann")
    events = len(desk.events())
    assert apply(desk.store, profiles.folder, by="ann") == []
    assert {each.how for each in compare(desk.store, profiles.folder)} == {"same"}
    assert len(desk.events()) == events


def test_a_change_is_shown_before_it_is_applied_and_told_by_whom(desk: Desk, profiles: Profiles) -> None:
    apply(desk.store, profiles.folder, by="ann")
    profiles.replace(NORTHWIND, "currency: USD", "currency: CAD")
    [shown] = [each for each in compare(desk.store, profiles.folder) if each.how != "same"]
    assert (shown.kind, shown.name, shown.how) == ("partner", NORTHWIND, "changed")
    assert ('"USD"' in shown.before, '"CAD"' in shown.after) == (True, True)
    apply(desk.store, profiles.folder, by="bob")
    assert desk.events("profile.applied")[-1].actor == "bob"
    assert in_force(desk.store).partner(NORTHWIND).currency == "CAD"  # type: ignore[union-attr]  # it was applied


def test_what_was_changed_back_is_in_force_again(desk: Desk, profiles: Profiles) -> None:
    for currency, other in (("USD", "CAD"), ("CAD", "USD"), ("USD", "CAD")):
        apply(desk.store, profiles.folder, by="ann")
        profiles.replace(NORTHWIND, f"currency: {currency}", f"currency: {other}")
        desk.later(minutes=1)
    apply(desk.store, profiles.folder, by="ann")
    assert in_force(desk.store).partner(NORTHWIND).currency == "CAD"  # type: ignore[union-attr]  # it was applied


def test_a_partner_whose_file_is_gone_is_in_force_no_longer(desk: Desk, profiles: Profiles) -> None:
    apply(desk.store, profiles.folder, by="ann")
    shutil.rmtree(profiles.folder / NORTHWIND)
    (profiles.folder / "connections/northwind-mailbox.yaml").unlink()
    removed = apply(desk.store, profiles.folder, by="ann")
    assert {each.how for each in removed} == {"removed"}
    assert {each.name for each in removed if each.kind != "guide"} == {NORTHWIND, "northwind-mailbox"}
    assert all(each.name.startswith(f"{NORTHWIND}/") for each in removed if each.kind == "guide")
    directory = in_force(desk.store)
    assert directory is not None
    assert NORTHWIND not in {partner.name for partner in directory.partners}


def test_a_mistake_in_the_files_changes_nothing_and_says_where(desk: Desk, profiles: Profiles) -> None:
    apply(desk.store, profiles.folder, by="ann")
    before = in_force(desk.store)
    profiles.replace(NORTHWIND, "currency: USD", "currency: DOLLARS")
    with pytest.raises(Collected, match=r"partner\.yaml:\d+"):
        apply(desk.store, profiles.folder, by="ann")
    after = in_force(desk.store)
    assert before is not None
    assert after is not None
    assert without_guides(after) == without_guides(before)


def test_a_guide_that_no_map_can_keep_is_not_put_in_force(desk: Desk, profiles: Profiles) -> None:
    guide = profiles.folder / "cascade" / "guides" / "810.yaml"
    guide.write_text(guide.read_text().replace("  BIG04: required\n", "  BIG04: required\n  BIG08: required\n"))
    with pytest.raises(
        Collected, match=r"810\.yaml:\d+: BIG08 is required, and nothing makes it \(cascade\) — add it to the map"
    ):
        apply(desk.store, profiles.folder, ROOT / "maps", by="ann")
    assert in_force(desk.store) is None


def test_a_profile_is_not_put_in_force_with_a_map_that_cannot_keep_its_guide(desk: Desk, profiles: Profiles) -> None:
    apply(desk.store, profiles.folder, by="ann")
    text = (profiles.folder / NORTHWIND / "partner.yaml").read_text()
    assert "map: ship-notice-856" in text
    without_packs = text.replace("map: ship-notice-856", "map: cascade/ship-notice-856")
    with pytest.raises(Collected, match=r"northwind/guides/856\.yaml:\d+: HL\*P is required, and nothing makes it"):
        put_profile.put(desk.store, desk.tools.maps, "partner", NORTHWIND, without_packs, if_version=None, by="cleo")
    there = in_force(desk.store)
    assert there is not None
    assert there.partner(NORTHWIND).agreements == desk.directory.partner(NORTHWIND).agreements


def test_a_document_remembers_the_version_it_was_handled_under(desk: Desk, profiles: Profiles) -> None:
    apply(desk.store, profiles.folder, by="ann")
    desk.drop(northwind(1, order("PO-1")))
    with desk.store.read() as unit:
        assert unit.versions.current()["partner", NORTHWIND] == desk.set("850").profile_version


def test_what_was_held_for_want_of_an_agreement_goes_on_when_there_is_one(
    make_desk: Callable[..., Desk], profiles: Profiles
) -> None:
    desk = make_desk()
    desk.drop(northwind(1, change("PO-1")))
    flow = desk.flow("held")
    assert flow.stage == "translate"
    profiles.replace(NORTHWIND, "\nagreements:\n", f"\nagreements:{CHANGES_AGREED}")
    again = make_desk()
    resume(again.store, flow.id, by="ann")
    again.run()
    [held] = again.held()  # no longer for want of an agreement
    assert "no agreement for" not in held


def edited_elsewhere(desk: Desk, currency: str = "CAD") -> None:
    """Somebody changes northwind's currency in the console."""
    profile = put_profile.as_written("partner", put_profile.current(desk.store, "partner", NORTHWIND)[1])  # type: ignore[index]  # it is there
    changed = {**profile, "currency": currency}
    put_profile.put(desk.store, desk.tools.maps, "partner", NORTHWIND, changed, if_version=None, by="cleo")


def test_who_is_overtaken_again_and_again_hears_what_to_do(
    desk: Desk, profiles: Profiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply(desk.store, profiles.folder, by="ann")
    look = put_profile._look
    monkeypatch.setattr(put_profile, "_look", lambda *about: (look(*about)[0] - 1, look(*about)[1]))  # others were faster
    with pytest.raises(TryAgain, match="5 times in a row — give it once more when others are done"):
        edited_elsewhere(desk)


def test_what_was_changed_elsewhere_is_not_undone_by_the_files(desk: Desk, profiles: Profiles) -> None:
    apply(desk.store, profiles.folder, by="ann")
    edited_elsewhere(desk)
    profiles.replace(NORTHWIND, "title: Northwind Stores", "title: Northwind Shops")
    with pytest.raises(ChangedElsewhere, match=rf"partner {NORTHWIND} \(changed by cleo, \d{{4}}-.* UTC\)"):
        apply(desk.store, profiles.folder, by="ann")
    assert currency(desk) == "CAD"
    assert title(desk) == "Northwind Stores"
    apply(desk.store, profiles.folder, by="ann", force=True)
    assert currency(desk) == "USD"


def test_files_that_took_over_what_was_changed_elsewhere_are_applied_from_then_on(desk: Desk, profiles: Profiles) -> None:
    apply(desk.store, profiles.folder, by="ann")
    edited_elsewhere(desk)
    profiles.replace(NORTHWIND, "currency: USD", "currency: CAD")
    assert apply(desk.store, profiles.folder, by="ann") == []
    profiles.replace(NORTHWIND, "currency: CAD", "currency: USD")
    desk.later(minutes=1)
    assert [each.name for each in apply(desk.store, profiles.folder, by="ann")] == [NORTHWIND]


def test_a_change_of_one_partner_elsewhere_lets_the_files_change_nothing_else(desk: Desk, profiles: Profiles) -> None:
    apply(desk.store, profiles.folder, by="ann")
    edited_elsewhere(desk)
    [shown] = [each for each in compare(desk.store, profiles.folder) if each.how != "same"]
    assert shown.elsewhere.startswith("(changed by cleo, ")
    profiles.replace("cascade", "currency: USD", "currency: CAD")
    with pytest.raises(ChangedElsewhere):
        apply(desk.store, profiles.folder, by="ann")
    assert in_force(desk.store).partner("cascade").currency == "USD"  # type: ignore[union-attr]  # it was applied


def test_a_partner_taken_away_elsewhere_does_not_come_back_with_the_files(desk: Desk, profiles: Profiles) -> None:
    apply(desk.store, profiles.folder, by="ann")
    with desk.store.write() as unit:
        unit.versions.apply("partner", NORTHWIND, "", "", by="cleo")
    with pytest.raises(ChangedElsewhere, match="taken away by cleo"):
        apply(desk.store, profiles.folder, by="ann")


def test_a_connection_stays_until_what_waits_to_go_over_it_has_gone(desk: Desk, profiles: Profiles) -> None:
    apply(desk.store, profiles.folder, by="ann")
    (desk.folder / "mailboxes" / NORTHWIND / "outbox" / "997_northwind_000000001.edi").write_bytes(b"of another system")
    desk.drop(northwind(1, order("PO-1")))
    held = desk.flow("held")
    profiles.replace(NORTHWIND, "connection: northwind-mailbox", "connection: cascade-mailbox")
    mailboxes = profiles.folder / "connections"
    (mailboxes / "northwind-mailbox.yaml").unlink()
    shared = mailboxes / "cascade-mailbox.yaml"
    shared.write_text(shared.read_text().replace("senders: [cascade]", "senders: [cascade, northwind]"))
    with pytest.raises(WrongInput, match=f"flow {held.id} at 'send' of connection northwind-mailbox"):
        apply(desk.store, profiles.folder, by="ann", force=True)
    dismiss(desk.store, held.id, because="sent by mail", by="ann")
    assert "removed" in [change.how for change in apply(desk.store, profiles.folder, by="ann")]


def test_a_connector_stays_until_what_is_to_be_posted_to_it_later_has_gone(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", price="5.0")))
    held = desk.flow("held")
    assert (held.stage, held.connector) == ("apply", "simulator")
    with (
        desk.store.write() as unit,
        pytest.raises(WrongInput, match=f"flow {held.id} at 'apply', on its way to connector simulator"),
    ):
        refuse_to_strand(unit, [("connector", "simulator")])
    with desk.store.write() as unit:
        refuse_to_strand(unit, [("connector", "another"), ("connection", "simulator")])
    dismiss(desk.store, held.id, because="they ordered by mistake", by="ann")
    with desk.store.write() as unit:
        refuse_to_strand(unit, [("connector", "simulator")])


def currency(desk: Desk) -> str:
    return in_force(desk.store).partner(NORTHWIND).currency  # type: ignore[union-attr]  # it was applied


def title(desk: Desk) -> str:
    return in_force(desk.store).partner(NORTHWIND).title  # type: ignore[union-attr]  # it was applied
