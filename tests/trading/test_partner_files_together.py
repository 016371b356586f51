"""What must agree between the files of partners/."""

from __future__ import annotations

GUIDE = """\
guide: order
set: "850"
releases: ["004010"]
segments:
  BEG01: required
"""


def test_a_connection_nobody_wrote_a_file_for(world):
    world.change("acme/partner.yaml", "connection: acme-folder", "connection: acme-foldre")
    assert world.mistake() == "acme/partner.yaml:5: there is no connection 'acme-foldre' — did you mean 'acme-folder'?"


def test_an_identity_we_do_not_have(world):
    world.change("acme/partner.yaml", "connection:", "ours: mian\nconnection:")
    assert world.mistake() == "acme/partner.yaml:5: there is no identity of ours 'mian' — did you mean 'main'?"


def test_a_sender_nobody_knows(world):
    world.change("connections/acme-folder.yaml", "[acme]", "[acme, acmee]")
    assert world.mistake() == "connections/acme-folder.yaml:3: there is no partner 'acmee' — did you mean 'acme'?"


def test_a_file_that_cannot_be_read_is_told_once_and_not_by_all_who_name_it(world):
    world.change("connections/acme-folder.yaml", "inbox", "inbx")
    mistakes = world.mistakes()
    assert all(each.startswith("connections/") for each in mistakes)


def test_a_name_that_is_not_the_folders(world):
    world.change("acme/partner.yaml", "name: acme", "name: acne")
    assert "acme/partner.yaml:1: is called 'acne', but its folder is called 'acme'" in world.mistakes()


def test_a_connection_whose_name_is_not_its_files(world):
    world.change("connections/acme-folder.yaml", "name: acme-folder", "name: acme")
    assert world.mistake() == "connections/acme-folder.yaml:1: is called 'acme', but its file is called 'acme-folder'"


def test_two_partners_with_the_same_ids_cannot_be_told_apart(world):
    world.partner("bolt")
    mistake = world.mistake()
    assert mistake.startswith("bolt/partner.yaml:3: acme and bolt cannot be told apart: both are 08:ACME01, group ACMEBUY")


def test_partners_behind_one_interchange_id_are_told_apart_by_their_group_ids(world):
    world.partner("bolt", group="[BOLT]")
    assert len(world.load().partners) == 2


def test_partners_with_the_same_ids_are_told_apart_by_usage(world):
    world.partner("acme-test")
    world.change("acme-test/partner.yaml", "direction: in", "direction: in\n    usage: test")
    assert len(world.load().partners) == 2


def test_partners_with_the_same_ids_are_told_apart_by_which_of_us_they_trade_with(world):
    world.write("_ourselves.yaml", (world.folder / "_ourselves.yaml").read_text() + OUTLET)
    world.partner("bolt", ours="outlet")
    assert len(world.load().partners) == 2


OUTLET = """\
  - name: outlet
    title: Larch Outlet
    interchange: ZZ:LARCHOUT
    group: LARCHOUT
"""


def test_two_identities_of_ours_must_differ(world):
    world.write("_ourselves.yaml", (world.folder / "_ourselves.yaml").read_text() + OUTLET.replace("ZZ:LARCHOUT", "ZZ:LARCH"))
    assert world.mistake() == "_ourselves.yaml:8: 'main' and 'outlet' have the same interchange id ZZ:LARCH"


def test_a_partner_with_our_own_interchange_id(world):
    world.change("acme/partner.yaml", "08:ACME01", "ZZ:LARCH")
    assert world.mistake() == "acme/partner.yaml:3: ZZ:LARCH is our own interchange id ('main')"


AGAIN = """\
  - set: 850
    direction: in
    release: 004010
    map: other
"""


def test_the_same_agreement_twice(world):
    world.write("acme/partner.yaml", (world.folder / "acme/partner.yaml").read_text() + AGAIN)
    mistake = world.mistake()
    assert mistake == "acme/partner.yaml:11: 850 in 004010 production is agreed twice, first on line 7 — keep one of them"


def test_the_same_agreement_for_other_days(world):
    world.change("acme/partner.yaml", "release: 004010\n", "release: 004010\n    valid_until: 2026-06-30\n")
    world.write("acme/partner.yaml", (world.folder / "acme/partner.yaml").read_text() + AGAIN + "    valid_from: 2026-07-01\n")
    assert len(world.load().partner("acme").agreements) == 2


def test_two_agreements_that_hold_on_the_same_day(world):
    world.change("acme/partner.yaml", "release: 004010\n", "release: 004010\n    valid_until: 2026-07-01\n")
    world.write("acme/partner.yaml", (world.folder / "acme/partner.yaml").read_text() + AGAIN + "    valid_from: 2026-07-01\n")
    assert world.mistake() == (
        "acme/partner.yaml:12: 850 in 004010 production is agreed twice for the same days, first on line 7 — "
        "let one end before the other begins"
    )


def test_a_fallback_and_a_test_connection_nobody_wrote_a_file_for(world):
    world.change("acme/partner.yaml", "connection: acme-folder", FALLBACKS)
    assert world.mistakes() == [
        "acme/partner.yaml:6: there is no connection 'van' — known are acme-folder",
        "acme/partner.yaml:7: there is no connection 'trial' — known are acme-folder",
    ]


FALLBACKS = """\
connection: acme-folder
fallback: {connection: van}
test: {connection: trial}"""


def test_a_fallback_that_is_the_usual_connection(world):
    world.change("acme/partner.yaml", "connection: acme-folder", "connection: acme-folder\nfallback: {connection: acme-folder}")
    assert world.mistake() == "acme/partner.yaml:6: the fallback is the usual connection itself"


def test_an_envelope_of_its_own_for_a_set_keeps_the_rules_of_envelopes(world):
    world.change("acme/partner.yaml", "direction: in", "direction: out\n    envelope: {interchange_version: '00501'}")
    assert world.mistake().startswith("acme/partner.yaml:9: interchange version 00501 has a repetition separator")


def test_an_envelope_belongs_to_sets_we_send(world):
    world.change("acme/partner.yaml", "direction: in", "direction: in\n    envelope: {receiver_group: OTHER}")
    assert world.mistake() == ("acme/partner.yaml:9: 'envelope' is what we write around a set we send, but this set is received")


def test_the_same_set_and_release_for_test_is_another_agreement(world):
    world.write("acme/partner.yaml", (world.folder / "acme/partner.yaml").read_text() + AGAIN + "    usage: test\n")
    assert len(world.load().partner("acme").agreements) == 2


def test_delimiters_that_are_the_same(world):
    world.change("acme/partner.yaml", "connection:", "marks: {element: '|', component: '|'}\nconnection:")
    assert world.mistake().startswith("acme/partner.yaml:5: marks: delimiters must differ")


def test_a_version_with_repetition_separator_needs_one(world):
    world.change("acme/partner.yaml", "connection:", "interchange_version: 00501\nconnection:")
    assert world.mistake().startswith("acme/partner.yaml:5: interchange version 00501 has a repetition separator")


def test_a_version_without_repetition_separator_takes_none(world):
    world.change("acme/partner.yaml", "connection:", "marks:\n  repetition: ^\nconnection:")
    assert world.mistake() == "acme/partner.yaml:6: interchange version 00401 has no repetition separator"


def test_answers_we_owe_belong_to_sets_we_receive(world):
    world.change("acme/partner.yaml", "direction: in", "direction: out\n    acknowledgment: {within: 2h}")
    assert world.mistake().startswith("acme/partner.yaml:9: 'acknowledgment' is what we owe for a set we receive")


def test_answers_we_expect_belong_to_sets_we_send(world):
    world.change("acme/partner.yaml", "direction: in", "direction: in\n    awaits: {within: 2h}")
    assert world.mistake().startswith("acme/partner.yaml:9: 'awaits' is what we expect for a set we send")


def test_there_is_no_999_before_005010(world):
    world.change("acme/partner.yaml", "direction: in", "direction: in\n    acknowledgment: {form: 999}")
    assert world.mistake() == "acme/partner.yaml:9: there is no 999 in 004010; it exists from 005010"


def test_a_map_that_does_not_exist_where_the_maps_are_known(world):
    assert world.load().partner("acme").agreements[0].map == "850-order"
    assert world.mistake(maps={"850-orders", "invoice-810"}) == (
        "acme/partner.yaml:10: there is no map '850-order' — did you mean '850-orders'?"
    )


def test_a_guide_that_is_not_in_the_partners_folder(world):
    world.change("acme/partner.yaml", "map: 850-order", "map: 850-order\n    guide: order")
    assert world.mistake() == "acme/partner.yaml:11: there is no guide of acme 'order'"
    world.write("acme/guides/order.yaml", GUIDE)
    acme = world.load().partner("acme")
    guide = world.load().guide(acme, acme.agreements[0])
    assert guide is not None
    assert guide.name == "order"


def test_a_guide_for_another_set_or_release_than_agreed(world):
    world.change("acme/partner.yaml", "map: 850-order", "map: 850-order\n    guide: order")
    world.write("acme/guides/order.yaml", GUIDE.replace("850", "855").replace("BEG01", "BAK01"))
    assert world.mistake() == "acme/partner.yaml:11: guide 'order' is for 855, not for 850"
    world.write("acme/guides/order.yaml", GUIDE.replace("004010", "005010"))
    assert world.mistake() == "acme/partner.yaml:11: guide 'order' is for 005010, not for 004010"


def test_what_is_wrong_in_a_guide_is_told_once_and_with_its_line(world):
    world.change("acme/partner.yaml", "map: 850-order", "map: 850-order\n    guide: order")
    world.write("acme/guides/order.yaml", GUIDE + "  BEG99: required\n  REF*DP: requried\n")
    assert world.mistakes() == [
        "acme/guides/order.yaml:6: BEG has no element 99 — it has 12",
        "acme/guides/order.yaml:7: REF*DP: 'requried' is not known — did you mean 'required'?",
    ]


def test_one_mailbox_account_belongs_to_one_connection(world):
    for name in ("one", "two"):
        world.write(f"connections/{name}.yaml", f"name: {name}\nkind: mailbox\nsenders: []\naccount: acme\n")
    assert world.mistake() == "connections/two.yaml:4: account 'acme' is that of 'one' already"


def test_a_kind_of_finding_that_does_not_exist(world):
    world.change("acme/partner.yaml", "connection:", "severities:\n  set.segment_cuont: warn\nconnection:")
    assert world.mistake() == (
        "acme/partner.yaml:6: there is no kind of finding 'set.segment_cuont' — did you mean 'set.segment_count'?"
    )
