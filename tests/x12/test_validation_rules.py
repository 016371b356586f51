"""The rules above the standard: totals, levels, allocations, check digits, outside lists."""

import pytest
from checking import found, kinds, one

from edi_gateway.x12 import standard
from edi_gateway.x12.finding import Severity
from edi_gateway.x12.validation import Policy
from edi_gateway.x12.validation.kinds import KINDS
from edi_gateway.x12.validation.rules import RULES
from edi_gateway.x12.validation.rules.check_digits import has_check_digit
from edi_gateway.x12.validation.rules.outside_lists import CARRIERS_AT, COUNTRIES_AT, CURRENCIES_AT
from edi_gateway.x12.validation.rules.periods import FORMS, PERIODS_AT
from edi_gateway.x12.validation.rules.totals import COUNTED

LINE = "PO1*1*12*EA*2.5"
ITEM = "IT1*1*10*EA*2.50"


def test_ctt01_counts_the_lines():
    finding = one("850", LINE, LINE, "CTT*3")
    assert (finding.kind, finding.segment, finding.element) == ("balance.line_count", "CTT", 1)
    assert finding.message == "CTT01 says 3, there are 2 PO1"
    assert finding.severity is Severity.WARN


def test_ctt01_of_an_856_counts_levels():
    levels = ("HL*1**S", "HL*2*1*O", "HL*3*2*I", "SN1**5*EA")
    assert kinds("856", *levels, "CTT*3") == []
    assert kinds("856", *levels, "CTT*1") == ["balance.line_count"]


@pytest.mark.parametrize(("total", "good"), [("24.5", True), ("137", True), ("25", False)])
def test_the_hash_total_is_taken_with_or_without_decimal_points(total, good):
    assert (kinds("850", LINE, "PO1*2*12.5*EA*1", f"CTT*2*{total}") == []) is good


def test_a_hash_total_is_cut_on_the_left():
    lines = [f"PO1*{number}*9999999999*EA*1" for number in (1, 2)]
    assert kinds("850", *lines, "CTT*2*9999999998") == []


def test_the_invoice_total_is_lines_charges_allowances_and_tax():
    assert kinds("810", ITEM, "TDS*2790", "TXI*ST*1.50", "SAC*C*D240***200", "SAC*A*C310***60") == []
    finding = one("810", ITEM, "TDS*2890", "TXI*ST*1.50", "SAC*C*D240***200", "SAC*A*C310***60")
    assert finding.kind == "balance.invoice_total"
    assert finding.message == "TDS01 says 28.90, lines, charges, allowances and tax come to 27.90"


def test_a_price_per_hundred_is_read_so():
    assert kinds("810", "IT1*1*200*EA*5*HP", "TDS*1000") == []


def test_a_summary_that_repeats_the_charges_of_the_lines_is_right_too():
    assert kinds("810", ITEM, "SAC*C*D240***100", "TDS*2600", "SAC*C*D240***100") == []


def test_half_a_cent_a_line_is_rounding():
    lines = [f"IT1*{number}*3*EA*0.335" for number in (1, 2)]
    assert kinds("810", *lines, "TDS*202") == []
    assert kinds("810", *lines, "TDS*204") == ["balance.invoice_total"]


def test_an_invoice_total_that_cannot_be_known_is_not_judged():
    assert kinds("810", ITEM, "SAC*C*D240****Z*5", "TDS*9900") == []


def test_the_discounted_total_is_total_less_discount():
    assert kinds("810", ITEM, "TDS*2500*2500*2450*50") == []
    assert kinds("810", ITEM, "TDS*2500*2500*2400*50") == ["balance.discounted_total"]


def test_a_remittance_is_the_sum_of_net_amounts_and_free_adjustments():
    free, inside = ("ENT*1", "ADX*-5*01"), ("ENT*1", "RMR*IV*A1**105*110", "ADX*-5*01")
    assert kinds("820", *free, "RMR*IV*A1**105") == []
    assert kinds("820", *inside) == ["balance.remittance_total"]
    assert kinds("820", "ENT*1", "RMR*IV*A1**100*105", "ADX*-5*01") == []


def test_levels_hang_from_levels_that_are_still_open():
    assert kinds("856", "HL*1**S", "HL*2*1*O", "HL*3*2*I", "HL*4*1*O", "HL*5*4*I") == []
    finding = one("856", "HL*1**S", "HL*2*1*O", "HL*3*1*O", "HL*4*2*I")
    assert (finding.kind, finding.position, finding.element, finding.value) == ("hierarchy.parent", 6, 2, "2")
    assert finding.message == "HL02 '2' is no level that is still open here"


def test_a_parent_that_comes_later_or_never_is_named_so():
    assert one("856", "HL*1**S", "HL*2*9*O").message == "HL02 '9' names no level before this one"


def test_a_level_id_is_used_once():
    assert kinds("856", "HL*1**S", "HL*2*1*O", "HL*2*1*O") == ["hierarchy.duplicate_id"]


def test_the_child_code_tells_the_truth_where_it_is_there():
    assert kinds("856", "HL*1**S*1", "HL*2*1*O*0") == []
    assert kinds("856", "HL*1**S*0", "HL*2*1*O*1") == ["hierarchy.child_code"] * 2


def test_allocations_add_up_to_the_line():
    assert kinds("850", LINE, "SDQ*EA*92*0423*5*0424*7") == []
    finding = one("850", LINE, "SDQ*EA*92*0423*5", "SDQ*EA*92*0424*6", "PO1*2*1*EA*1")
    assert (finding.kind, finding.position, finding.element, finding.value) == ("allocation.sum", 3, 2, "12")


def test_a_bounded_loop_ends_with_the_name_it_began_with():
    assert kinds("850", LINE, "LS*LDT", "LDT*AF*1*DA", "LE*LDT") == []
    assert kinds("850", LINE, "LS*LDT", "LDT*AF*1*DA", "LE*REF") == ["loop.identifier"]


@pytest.mark.parametrize(("number", "good"), [("036000291452", True), ("036000291453", False), ("106141411234567897", True)])
def test_check_digits_are_modulo_10(number, good):
    assert has_check_digit(number) is good


@pytest.mark.parametrize(
    ("pair", "says"),
    [
        ("UP*036000291452", None),
        ("UP*00036000291452", None),
        ("UP*036000291453", "the check digit of UP 036000291453 is wrong"),
        ("UP*03600029145", "'03600029145' has 11 digits, a UP has 8 or 12 or 13 or 14"),
        ("UP*03600029145X", "'03600029145X' is no UP: it has other characters than digits"),
        ("UK*10036000291459", None),
        ("VP*03600029145X", None),
    ],
)
def test_item_numbers_check_themselves(pair, says):
    findings = found("850", f"PO1*1*12*EA*2.5**VP*A1*{pair}")
    assert [finding.message for finding in findings] == ([says] if says else [])


def test_location_numbers_check_themselves():
    assert kinds("850", "N1*ST*DOCK*UL*0614141000036", LINE) == []
    assert kinds("850", "N1*ST*DOCK*UL*0614141000037", LINE) == ["external.gln"]


def test_shipping_container_codes_check_themselves_with_or_without_their_identifier():
    level = ("HL*1**S",)
    assert kinds("856", *level, "MAN*GM*106141411234567897") == []
    assert kinds("856", *level, "MAN*GM*00106141411234567897") == []
    assert kinds("856", *level, "MAN*GM*00106141411234567890") == ["external.sscc"]


def test_carriers_currencies_and_countries():
    assert kinds("850", "CUR*BY*USD", "TD5**2*ABCD", "N1*ST*DOCK", "N4*CITY*IL*60606*US", LINE) == []
    assert kinds("850", "CUR*BY*US$", "TD5**2*ABC1", "N1*ST*DOCK", "N4*CITY*IL*60606*XQ", LINE) == [
        "external.scac",
        "external.currency",
        "external.country",
    ]


SHIPPED = ("HL*1**S", "CLD*1*1")


@pytest.mark.parametrize(
    "period",
    ["D8*20260228", "D6*260228", "RD8*20260201-20260228", "DT*202602281200", "TM*0830", "TM*083000", "CM*202602", "CY*2026"],
)
def test_a_period_in_the_form_its_qualifier_names_is_right(period):
    assert kinds("856", *SHIPPED, f"DTP*011*{period}") == []


@pytest.mark.parametrize(
    ("code", "period"),
    [
        *(("8", one) for one in ("D8*MAY", "D8*260228", "D8*20260230", "RD8*20260228", "RD8*20260201-20260230", "CM*202613")),
        *(("9", one) for one in ("TM*2460", "RTM*0800-", "TS*0830")),
    ],
)
def test_a_period_in_another_form_is_told_with_the_code_for_dates_or_times(code, period):
    finding = one("856", *SHIPPED, f"DTP*011*{period}")
    assert (finding.code, finding.segment, finding.element, finding.severity) == (code, "DTP", 3, Severity.WARN)
    assert f"the form that DTP02 names ({period.partition('*')[0]})" in finding.message


def test_a_period_of_an_order_is_looked_at_too():
    assert kinds("850", "DTM*010****D8*MAY", LINE) == ["external.date_form"]
    assert kinds("850", "DTM*010****D8*20260228", LINE) == []


def test_a_rule_that_is_off_stays_silent():
    off = Policy({"balance.line_count": Severity.OFF})
    assert found("850", LINE, "CTT*3", policy=off) == ()


def test_every_rule_reports_kinds_that_exist_and_above_the_standard():
    for rule in RULES:
        assert {KINDS[kind].level.value for kind in (rule.kind, *rule.kinds)} <= {"balance", "inter-segment", "external code"}


@pytest.mark.parametrize(("reference", "places"), [("140", CARRIERS_AT), ("100", CURRENCIES_AT), ("26", COUNTRIES_AT)])
def test_outside_lists_are_looked_up_wherever_the_definitions_have_them(reference, places):
    everywhere: dict[str, set[int]] = {}
    for release in standard.releases():
        for segment_id in standard.segment_ids(release):
            for use in standard.segment(release, segment_id).elements:
                if use.reference == reference:
                    everywhere.setdefault(segment_id, set()).add(use.position)
    assert {name: set(positions) for name, positions in places.items()} == everywhere


def test_periods_stand_where_the_definitions_have_1250_and_1251_and_their_forms_are_codes_of_1250():
    stands = {}
    for release in standard.releases():
        for segment_id in standard.segment_ids(release):
            uses = {use.reference: use for use in standard.segment(release, segment_id).elements}
            if "1251" in uses:
                stands[segment_id] = (uses["1250"].position, uses["1251"].position)
                assert uses["1250"].codes >= FORMS
    assert stands == PERIODS_AT


def test_no_definition_allows_a_second_ctt():
    """A glance at the last one is enough then, and saves a search of the whole text."""
    for code in COUNTED:
        for release in standard.releases():
            items = standard.load(code, release).items
            assert [item.max for item in every_use(items) if item.id == "CTT"] in ([1], [])


def every_use(items):
    for item in items:
        yield item
        yield from every_use(item.items[1:]) if hasattr(item, "items") else ()
