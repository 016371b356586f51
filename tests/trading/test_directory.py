"""Who is behind an identifier, and which agreement governs a set."""

from __future__ import annotations

from datetime import date

import pytest

from edi_gateway.errors import WrongInput
from edi_gateway.trading.directory import Directory, Found, NoAgreement, Unknown
from edi_gateway.trading.profile import Agreement, OurIdentity, TradingPartner
from edi_gateway.trading.terms import UnderTest
from edi_gateway.x12.envelope import Identity

LARCH, OUTLET = Identity("ZZ", "LARCH"), Identity("ZZ", "LARCHOUT")
MAIN = OurIdentity(name="main", title="Larch", interchange=LARCH, group="LARCH")
SECOND = OurIdentity(name="outlet", title="Outlet", interchange=OUTLET, group="LARCHOUT")


def partner(name, interchange, group, *agreements, ours="main"):
    return TradingPartner(
        name=name, title=name, interchange=(interchange,), group=(group,), ours=ours, connection="c", agreements=agreements
    )


def order(release="004010", usage="production", direction="in", set="850"):
    return Agreement(set=set, direction=direction, release=release, usage=usage, map="850-order")


def directory(*partners):
    return Directory((MAIN, SECOND), partners)


ACME = partner("acme", "08:ACME01", "ACMEBUY")
BOLT = partner("bolt", "ZZ:BOLT", "BOLT")


def test_the_sender_is_who_has_the_interchange_and_group_id():
    assert directory(ACME, BOLT).sender(Identity("ZZ", "BOLT"), "BOLT", LARCH) == Found(BOLT, MAIN)


def test_without_a_group_the_interchange_id_decides():
    assert directory(ACME, BOLT).sender(Identity("08", "ACME01"), None, LARCH) == Found(ACME, MAIN)


def test_an_unknown_sender_is_answered_with_the_nearest_known_one():
    found = directory(ACME, BOLT).sender(Identity("ZZ", "BOLTS"), "BOLT", LARCH)
    assert found == Unknown("nobody has interchange id ZZ:BOLTS; nearest: ZZ:BOLT (bolt)")


def test_the_same_id_under_another_qualifier_is_somebody_else():
    found = directory(ACME, BOLT).sender(Identity("01", "ACME01"), "ACMEBUY", LARCH)
    assert found == Unknown("nobody has interchange id 01:ACME01; nearest: 08:ACME01 (acme)")


def test_an_id_like_no_other_has_no_nearest():
    assert directory(ACME).sender(Identity("ZZ", "QQQQQQ"), None, LARCH) == Unknown("nobody has interchange id ZZ:QQQQQQ")


def test_a_group_id_the_partner_does_not_have_is_not_taken_for_the_partner():
    found = directory(ACME).sender(Identity("08", "ACME01"), "OTHER", LARCH)
    assert found == Unknown("group sender OTHER (GS02) is nobody's behind 08:ACME01: acme has ACMEBUY")


def test_an_interchange_for_somebody_else_has_no_sender():
    found = directory(ACME).sender(Identity("08", "ACME01"), "ACMEBUY", Identity("ZZ", "SPRUCE"))
    assert isinstance(found, Unknown)
    assert (
        found.why == "it is addressed to ZZ:SPRUCE, which is none of our interchange ids: ZZ:LARCH (main), ZZ:LARCHOUT (outlet)"
    )


def test_a_partner_that_trades_with_another_identity_of_ours():
    found = directory(ACME).sender(Identity("08", "ACME01"), "ACMEBUY", OUTLET)
    assert found == Unknown("08:ACME01 wrote to us as 'outlet' (ZZ:LARCHOUT), but acme trades with us as 'main'")


def test_behind_one_interchange_id_the_group_sender_decides():
    east, west = partner("east", "ZZ:VAN", "EAST"), partner("west", "ZZ:VAN", "WEST")
    both = directory(east, west)
    assert both.sender(Identity("ZZ", "VAN"), "WEST", LARCH) == Found(west, MAIN)
    assert both.sender(Identity("ZZ", "VAN"), None, LARCH) == Unknown(
        "ZZ:VAN may be east or west; group sender not given, usage not given"
    )


def test_behind_the_same_ids_the_usage_decides():
    real, trial = partner("real", "ZZ:P", "P1", order()), partner("trial", "ZZ:P", "P1", order(usage="test"))
    both = directory(real, trial)
    assert both.sender(Identity("ZZ", "P"), "P1", LARCH, "test") == Found(trial, MAIN)
    assert isinstance(both.sender(Identity("ZZ", "P"), "P1", LARCH), Unknown)


def test_the_same_partner_ids_may_trade_with_two_of_us():
    one, two = partner("one", "ZZ:P", "P1"), partner("two", "ZZ:P", "P1", ours="outlet")
    assert directory(one, two).sender(Identity("ZZ", "P"), "P1", OUTLET) == Found(two, SECOND)


def governed_by(release, *agreements, usage="production"):
    acme = partner("acme", "08:ACME01", "ACMEBUY", *agreements)
    return directory(acme).agreement(acme, "850", "in", release, usage)


def test_the_agreement_for_exactly_that_release_governs():
    assert governed_by("004010VICS", order("004010"), order("004010VICS")) == order("004010VICS")


def test_an_agreement_for_six_digits_governs_every_suffix():
    assert governed_by("004010VICS", order("004010")) == order("004010")


@pytest.mark.parametrize("release", ["004010", "004010AIAG", "004030VICS", "4010", ""])
def test_an_agreement_with_a_suffix_governs_only_itself(release):
    found = governed_by(release, order("004010VICS"))
    assert isinstance(found, NoAgreement)
    assert found.nearest == order("004010VICS")


def test_no_agreement_says_what_was_looked_for_and_what_comes_closest():
    assert governed_by("004030", order("004010VICS")).why == (
        "no agreement for 850 004030 from acme; nearest: 850 004010VICS, production"
    )


def test_an_agreement_for_test_never_governs_production():
    found = governed_by("004010", order("004010", usage="test"))
    assert found.why.endswith("nearest: 850 004010, test")


def test_what_comes_closest_agrees_in_usage_before_release():
    found = governed_by("004030", order("004030VICS", usage="test"), order("005010"))
    assert found.nearest == order("005010")


def test_another_set_or_direction_comes_close_to_nothing():
    acme = partner("acme", "08:ACME01", "ACMEBUY", order(direction="out"), order(set="860"))
    assert directory(acme).agreement(acme, "850", "in", "004010", "production") == NoAgreement(
        "no agreement for 850 004010 from acme", None
    )


SPRING, SUMMER = date(2026, 4, 1), date(2026, 7, 1)
OLD = order("004010").model_copy(update={"valid_until": date(2026, 6, 30), "map": "old"})
NEW = order("004010").model_copy(update={"valid_from": SUMMER, "map": "new"})


@pytest.mark.parametrize(("day", "map"), [(SPRING, "old"), (date(2026, 6, 30), "old"), (SUMMER, "new")])
def test_the_agreement_in_force_on_the_day_governs(day, map):
    acme = partner("acme", "08:ACME01", "ACMEBUY", NEW, OLD)
    assert directory(acme).agreement(acme, "850", "in", "004010", "production", day).map == map


def test_an_agreement_that_is_over_is_named_as_the_nearest_with_its_days():
    acme = partner("acme", "08:ACME01", "ACMEBUY", OLD)
    assert directory(acme).agreement(acme, "850", "in", "004010", "production", SUMMER).why == (
        "no agreement for 850 004010 from acme on 2026-07-01; nearest: 850 004010, production, until 2026-06-30"
    )


def sent_as(like, *releases):
    acme = partner("acme", "08:ACME01", "ACMEBUY", *(order(release, direction="out", set="855") for release in releases))
    return directory(acme).outgoing(acme, "855", "production", SUMMER, like)


def test_what_we_send_goes_out_in_the_only_release_agreed():
    assert sent_as("004010", "005010").release == "005010"


@pytest.mark.parametrize(("like", "release"), [("005010", "005010"), ("004010VICS", "004010VICS"), ("004010", "004010VICS")])
def test_where_several_releases_are_agreed_the_one_they_wrote_in_decides(like, release):
    assert sent_as(like, "004010VICS", "005010").release == release


def test_nobody_guesses_between_several_releases():
    assert sent_as("004030", "004010", "005010").why == (
        "855 to acme is agreed in several releases (004010, 005010), and 004030 decides none of them"
    )


def test_what_is_agreed_nowhere_is_not_sent():
    assert sent_as("004010").why == "no agreement for 855 004010 to acme"


TRIAL = UnderTest(interchange=("08:ACME01T",), group=("ACMETEST",), ours="outlet", connection="trial")


def test_under_test_other_ids_identity_and_connection_may_be_agreed():
    acme = ACME.model_copy(update={"test": TRIAL})
    assert acme.under("production") == ((Identity("08", "ACME01"),), ("ACMEBUY",), "main", "c")
    assert directory(acme).sender(Identity("08", "ACME01T"), "ACMETEST", OUTLET, "test") == Found(acme, SECOND)


def test_what_test_terms_leave_out_is_as_for_production():
    acme = ACME.model_copy(update={"test": UnderTest(group=("ACMETEST",))})
    assert acme.under("test") == ((Identity("08", "ACME01"),), ("ACMETEST",), "main", "c")


@pytest.mark.parametrize(("id", "usage"), [("ACME01", "test"), ("ACME01T", "production")])
def test_an_id_of_the_other_usage_is_not_taken_for_this_one(id, usage):
    acme = ACME.model_copy(update={"test": UnderTest(interchange=("08:ACME01T",))})
    why = directory(acme).sender(Identity("08", id), None, LARCH, usage).why
    assert why.startswith(f"08:{id} is acme's id for ")
    assert f"says {usage} (ISA15)" in why


def test_a_name_that_is_nobodys_is_answered_with_the_nearest():
    with pytest.raises(WrongInput, match="there is no partner 'blot' — did you mean 'bolt'"):
        directory(ACME, BOLT).partner("blot")
