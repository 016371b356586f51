from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.clock import MovableClock
from edi_gateway.documents.base import DateOf, ItemId
from edi_gateway.documents.order import Order
from edi_gateway.erp.base import Erp, ErpEvent, OrderBilled, OrderDecided, OrderShipped
from edi_gateway.erp.contract import OFF, PARTNER, CreditContract, a_remittance, an_order
from edi_gateway.erp.simulator import Faults, SimulatedErp, default_catalog
from edi_gateway.erp.simulator.catalog import Pace
from edi_gateway.errors import TryAgain, WrongInput

replace = msgspec.structs.replace
CATALOG = default_catalog()
LANTERN = "PB-1001"  # 480 in stock, 12 a carton
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(datetime(2026, 1, 5, 14, tzinfo=UTC))


@pytest.fixture
def erp(tmp_path: Path, clock: MovableClock) -> SimulatedErp:
    return SimulatedErp(tmp_path, clock, CATALOG)


def paced(folder: Path, clock: MovableClock, **pace: object) -> SimulatedErp:
    return SimulatedErp(folder, clock, replace(CATALOG, pace=Pace(**pace)))  # type: ignore[arg-type]


class TestContract(CreditContract):
    """The simulated ERP keeps the contract of all connectors."""

    @pytest.fixture
    def erp(self, tmp_path: Path, clock: MovableClock) -> Erp:
        return SimulatedErp(tmp_path, clock, CATALOG)

    @pytest.fixture
    def until_told(self, clock: MovableClock) -> Callable[[], None]:
        return lambda: clock.advance(DAY)

    @pytest.fixture
    def until_credited(self, erp: SimulatedErp) -> Callable[[str], None]:
        return lambda why: credit(erp, why)

    @pytest.fixture
    def losing_answers(self, erp: SimulatedErp) -> Callable[[], AbstractContextManager[None]]:
        return partial(forgetting, erp)


@contextmanager
def forgetting(erp: SimulatedErp) -> Iterator[None]:
    erp.faults = Faults(forgets_answers=True)
    yield
    erp.faults = Faults()


def credit(erp: SimulatedErp, why: str) -> None:
    erp.credit("00090001", "001", Decimal(4), why=why, price=OFF[why])  # type: ignore[arg-type]  # one of its words


def told(erp: SimulatedErp) -> list[str]:
    return [event.id for event in erp.pending()]


def quantities(event: ErpEvent) -> list[tuple[str, int]]:
    assert isinstance(event, OrderDecided)
    return [(line.status, int(line.quantity)) for line in event.lines]


def shipped(event: ErpEvent) -> Decimal:
    assert isinstance(event, OrderShipped)
    return sum((content.quantity for carton in event.cartons for content in carton.contents), Decimal(0))


# The clock


def test_things_happen_when_they_are_due_and_not_before(erp: SimulatedErp, clock: MovableClock) -> None:
    erp.post_order("k", PARTNER, an_order())
    assert told(erp) == []
    clock.advance(timedelta(minutes=2))
    assert told(erp) == ["SO100001/decided/1"]
    clock.advance(4 * HOUR)
    assert told(erp)[1:] == ["SO100001/shipped/1"]
    clock.advance(HOUR)
    assert told(erp)[2:] == ["SO100001/billed/SO100001-1"]


def test_events_carry_the_time_they_were_due_however_far_the_clock_jumps(erp: SimulatedErp, clock: MovableClock) -> None:
    posted = clock.now()
    erp.post_order("k", PARTNER, an_order())
    clock.advance(30 * DAY)
    minutes = [(event.at - posted) / timedelta(minutes=1) for event in erp.pending()]
    assert minutes == [2, 2 + 240, 2 + 240 + 60]


def test_one_jump_and_many_small_steps_come_to_the_same(tmp_path: Path) -> None:
    worlds = []
    for name, steps in (("jump", [96]), ("steps", [1] * 96)):
        clock = MovableClock(datetime(2026, 1, 5, 14, tzinfo=UTC))
        erp = SimulatedErp(tmp_path / name, clock, CATALOG)
        for key in ("a", "b", "c"):
            erp.post_order(key, PARTNER, an_order(300, number=key))
        for hours in steps:
            clock.advance(hours * HOUR)
            erp.pending()
        worlds.append(erp.pending())
    assert worlds[0] == worlds[1]


def test_goods_do_not_leave_before_the_ship_window_opens(erp: SimulatedErp, clock: MovableClock) -> None:
    opens, line_opens = (DateOf(qualifier="037", date=date(2026, 1, day)) for day in (9, 20))
    lines = tuple(replace(line, dates=(line_opens,)) for line in an_order().lines)
    erp.post_order("k", PARTNER, replace(an_order(), dates=(opens,), lines=lines))
    clock.advance(30 * DAY)
    decided, left, _ = erp.pending()
    assert isinstance(decided, OrderDecided)
    assert decided.lines[0].ship_on == date(2026, 1, 20)
    assert left.at == datetime(2026, 1, 20, tzinfo=UTC)


# Stock


def test_what_is_not_in_stock_is_backordered_and_ships_once_restocked(tmp_path: Path, clock: MovableClock) -> None:
    erp = paced(tmp_path, clock)
    erp.post_order("k", PARTNER, an_order(500))
    clock.advance(10 * DAY)
    decided, first, _ = erp.pending()
    assert quantities(decided) == [("accepted", 480), ("backordered", 20)]
    assert shipped(first) == 480
    erp.restock(LANTERN, Decimal(100))
    clock.advance(DAY)
    rest, bill = erp.pending()[3:]
    assert (shipped(rest), erp.stock(LANTERN)) == (20, 80)
    assert isinstance(bill, OrderBilled)
    assert [int(line.quantity) for line in bill.lines] == [20]


def test_by_itself_it_restocks_what_is_missing_in_whole_cartons(tmp_path: Path, clock: MovableClock) -> None:
    erp = paced(tmp_path, clock, restocks_after=2 * DAY)
    erp.post_order("k", PARTNER, an_order(500))
    clock.advance(5 * DAY)
    assert sum(shipped(event) for event in erp.pending() if isinstance(event, OrderShipped)) == 500
    assert erp.stock(LANTERN) == 4  # 24 came for the 20 that were missing


def test_who_waits_longest_is_served_first(tmp_path: Path, clock: MovableClock) -> None:
    erp = paced(tmp_path, clock)
    for key, quantity in (("a", 480), ("b", 30), ("c", 30)):
        erp.post_order(key, PARTNER, an_order(quantity, number=key))
        clock.advance(HOUR)
    erp.restock(LANTERN, Decimal(40))
    clock.advance(DAY)
    assert {e.order: shipped(e) for e in erp.pending() if isinstance(e, OrderShipped)} == {"a": 480, "b": 30, "c": 10}


def test_a_backorder_is_given_up_where_none_are_kept(tmp_path: Path, clock: MovableClock) -> None:
    erp = paced(tmp_path, clock, short_stock="cancel", cancels_after=3 * DAY)
    erp.post_order("k", PARTNER, an_order(500))
    clock.advance(10 * DAY)
    last = erp.pending()[-1]
    assert last.id == "SO100001/decided/2"
    assert quantities(last) == [("accepted", 480), ("rejected", 20)]
    erp.restock(LANTERN, Decimal(100))
    clock.advance(DAY)
    assert erp.pending()[-1] == last


def test_where_shortage_is_refused_the_rest_is_rejected_at_once(tmp_path: Path, clock: MovableClock) -> None:
    erp = paced(tmp_path, clock, short_stock="reject")
    erp.post_order("k", PARTNER, an_order(500))
    clock.advance(DAY)
    assert quantities(erp.pending()[0]) == [("accepted", 480), ("rejected", 20)]


def test_a_shelf_emptier_than_thought_ships_what_is_there_and_the_rest_later(tmp_path: Path, clock: MovableClock) -> None:
    erp = paced(tmp_path, clock)
    erp.post_order("k", PARTNER, an_order(40))
    clock.advance(HOUR)
    erp.count_stock(LANTERN, Decimal(25))
    clock.advance(DAY)
    assert [shipped(e) for e in erp.pending() if isinstance(e, OrderShipped)] == [25]
    erp.restock(LANTERN, Decimal(15))
    clock.advance(DAY)
    assert [shipped(e) for e in erp.pending() if isinstance(e, OrderShipped)] == [25, 15]


def test_an_empty_shelf_ships_nothing_and_forgets_nothing(tmp_path: Path, clock: MovableClock) -> None:
    erp = paced(tmp_path, clock)
    erp.post_order("k", PARTNER, an_order(40))
    clock.advance(HOUR)
    erp.count_stock(LANTERN, Decimal(0))
    clock.advance(DAY)
    assert len(erp.pending()) == 1
    erp.restock(LANTERN, Decimal(40))
    clock.advance(DAY)
    assert shipped(erp.pending()[1]) == 40


def test_promised_goods_are_not_promised_again(erp: SimulatedErp, clock: MovableClock) -> None:
    erp.post_order("k", PARTNER, an_order(400))
    clock.advance(HOUR)
    assert erp.consult(PARTNER, an_order()).items[0].available == 80
    assert erp.stock(LANTERN) == 480


orders = st.lists(st.tuples(st.sampled_from(["EA", "CA", "DZ"]), st.integers(1, 60)), min_size=1, max_size=6)
shocks = st.lists(st.tuples(st.sampled_from(["restock", "count", "wait"]), st.integers(0, 400)), max_size=6)


@given(orders, shocks, st.sampled_from(["backorder", "cancel", "reject"]))
def test_stock_and_orders_always_balance(tmp_path_factory, asked, what_happens, short_stock) -> None:  # type: ignore[no-untyped-def]
    clock = MovableClock(datetime(2026, 1, 5, 14, tzinfo=UTC))
    erp = paced(tmp_path_factory.mktemp("erp"), clock, short_stock=short_stock, restocks_after=None)
    each = {"EA": 1, "CA": 12, "DZ": 12}
    for number, (unit, quantity) in enumerate(asked):
        erp.post_order(str(number), PARTNER, an_order(quantity, number=str(number), unit=unit))
    came = Decimal(480)
    for kind, amount in what_happens:
        clock.advance(timedelta(hours=3))
        if kind == "restock":
            erp.restock(LANTERN, Decimal(amount))
            came += amount
        elif kind == "count":
            came += Decimal(amount) - erp.stock(LANTERN)
            erp.count_stock(LANTERN, Decimal(amount))
    clock.advance(20 * DAY)
    events = erp.pending(limit=1000)
    left = Decimal(0)
    for number, (unit, quantity) in enumerate(asked):
        mine = [event for event in events if event.order == str(number)]
        out = sum((shipped(event) for event in mine if isinstance(event, OrderShipped)), Decimal(0))
        billed = sum((line.quantity for event in mine if isinstance(event, OrderBilled) for line in event.lines), Decimal(0))
        assert billed == out <= quantity
        for event in mine:
            assert not isinstance(event, OrderDecided) or sum(line.quantity for line in event.lines) == quantity
        left += out * each[unit]
    assert erp.stock(LANTERN) == came - left >= 0
    erp.close()


# Items, prices, credit


def test_an_item_is_known_by_any_id_of_it_and_by_none_of_another_partners(erp: SimulatedErp) -> None:
    lantern = next(item for item in CATALOG.items if item.number == LANTERN)
    (upc,) = [id.id for id in lantern.ids if id.qualifier == "UP"]

    def known(partner: str, *ids: tuple[str, str]) -> bool:
        line = replace(an_order().lines[0], item_ids=tuple(ItemId(qualifier=q, id=i) for q, i in ids))
        return erp.consult(partner, replace(an_order(), lines=(line,))).items[0].known

    assert known("northwind", ("UP", upc))
    assert known("northwind", ("EN", "0" + upc))
    assert known("northwind", ("IN", "000044013"))
    assert known("cascade", ("BP", "CSC-0007"))
    assert not known("cascade", ("IN", "000044013"))
    assert not known("northwind", ("IN", "44013"))
    assert not known("northwind", ("UP", upc), ("VN", "PB-1002"))
    assert known("northwind", ("UP", upc), ("ZZ", "whatever"))


def test_a_case_costs_and_holds_what_its_eaches_do(erp: SimulatedErp) -> None:
    (item,) = erp.consult(PARTNER, an_order(unit="CA")).items
    assert (item.list_price, item.available) == (Decimal("222.00"), 40)


def test_a_unit_it_is_not_sold_in_is_not_known(erp: SimulatedErp) -> None:
    assert not erp.consult(PARTNER, an_order(unit="LB")).items[0].known


@pytest.mark.parametrize(("item", "reason"), [("PB-0000", "item unknown"), ("PB-1012", "item blocked")])
def test_what_cannot_be_sold_is_rejected_with_a_reason(erp: SimulatedErp, clock: MovableClock, item: str, reason: str) -> None:
    erp.post_order("k", PARTNER, an_order(item=item))
    clock.advance(DAY)
    (event,) = erp.pending()
    assert isinstance(event, OrderDecided)
    assert [(line.status, line.reason) for line in event.lines] == [("rejected", reason)]


def test_an_order_without_a_price_is_billed_at_the_list_price_on_its_basis(erp: SimulatedErp, clock: MovableClock) -> None:
    line = replace(an_order().lines[0], unit_price=None, price_basis="HP")
    erp.post_order("k", PARTNER, replace(an_order(), lines=(line,)))
    clock.advance(DAY)
    bill = erp.pending()[2]
    assert isinstance(bill, OrderBilled)
    assert bill.lines[0].unit_price == 1850


def used(erp: SimulatedErp) -> Decimal:
    credit = erp.consult(PARTNER, an_order()).credit_used
    assert credit is not None
    return credit


def test_credit_is_used_by_orders_less_what_is_rejected_and_freed_by_remittances(tmp_path: Path, clock: MovableClock) -> None:
    erp = paced(tmp_path, clock, short_stock="reject")
    before = used(erp)
    erp.post_order("k", PARTNER, an_order(500))
    assert used(erp) - before == Decimal("9250.00")
    clock.advance(DAY)
    assert used(erp) - before == Decimal("8880.00")
    erp.post_remittance("r", PARTNER, a_remittance())
    assert used(erp) - before == Decimal("8695.00")


def test_a_partner_it_does_not_know_is_refused(erp: SimulatedErp) -> None:
    assert not erp.consult("nobody", an_order()).customer_known
    with pytest.raises(WrongInput, match="nobody"):
        erp.post_order("k", "nobody", an_order())
    assert erp.find("k") is None


def test_an_order_with_a_line_number_used_twice_is_refused(erp: SimulatedErp) -> None:
    line = an_order().lines[0]
    with pytest.raises(WrongInput, match="001"):
        erp.post_order("k", PARTNER, Order(number="1", purpose="original", ordered_on=date(2026, 1, 5), lines=(line, line)))


# Faults


def test_asleep_it_answers_nothing_and_awake_it_has_lost_nothing(erp: SimulatedErp, clock: MovableClock) -> None:
    erp.post_order("k", PARTNER, an_order())
    erp.faults = Faults(asleep=True)
    clock.advance(DAY)
    for call in (erp.pending, lambda: erp.find("k"), lambda: erp.post_order("k2", PARTNER, an_order()), lambda: erp.confirm([])):
        with pytest.raises(TryAgain):
            call()
    erp.faults = Faults()
    assert len(erp.pending()) == 3


def test_when_it_forgets_the_answer_the_order_is_there_all_the_same(erp: SimulatedErp) -> None:
    erp.faults = Faults(forgets_answers=True)
    with pytest.raises(TryAgain, match="before its answer came"):
        erp.post_order("k", PARTNER, an_order())
    found = erp.find("k")
    assert found
    assert erp.post_order("k", PARTNER, an_order()) == found


def test_when_it_refuses_nothing_is_created(erp: SimulatedErp) -> None:
    erp.faults = Faults(refuses=True)
    with pytest.raises(WrongInput):
        erp.post_order("k", PARTNER, an_order())
    assert erp.find("k") is None


def test_when_it_repeats_events_each_comes_twice_and_once_more_after_it_was_confirmed(
    erp: SimulatedErp, clock: MovableClock
) -> None:
    erp.faults = Faults(repeats_events=True)
    erp.post_order("k", PARTNER, an_order())
    clock.advance(timedelta(minutes=2))
    assert told(erp) == ["SO100001/decided/1"] * 2
    erp.confirm(["SO100001/decided/1"])
    assert told(erp) == ["SO100001/decided/1"] * 2
    assert told(erp) == []


def test_slow_it_takes_its_time_with_every_call(tmp_path: Path, clock: MovableClock) -> None:
    slept: list[float] = []
    erp = SimulatedErp(tmp_path, clock, CATALOG, sleep=slept.append)
    erp.faults = Faults(slow=1.5)
    erp.find("k")
    erp.pending()
    assert slept == [1.5, 1.5]


def test_a_fault_is_switched_on_for_every_process_on_the_folder(tmp_path: Path, clock: MovableClock) -> None:
    one, other = (SimulatedErp(tmp_path, clock, CATALOG) for _ in range(2))
    one.faults = Faults(asleep=True)
    with pytest.raises(TryAgain):
        other.pending()


# Several at once


def test_two_on_one_folder_see_each_other(tmp_path: Path, clock: MovableClock) -> None:
    one, other = (SimulatedErp(tmp_path, clock, CATALOG) for _ in range(2))
    posted = one.post_order("k", PARTNER, an_order())
    assert other.post_order("k", PARTNER, an_order()) == posted
    clock.advance(DAY)
    assert other.pending() == one.pending()
    other.confirm(told(one))
    assert one.pending() == []


def test_many_threads_posting_the_same_keys_create_each_order_once(tmp_path: Path, clock: MovableClock) -> None:
    erps = [SimulatedErp(tmp_path, clock, CATALOG) for _ in range(2)]
    answers: list[set[str]] = [set() for _ in range(6)]

    def post(number: int) -> None:
        erp = erps[number % 2]
        for key in range(10):
            answers[number].add(f"{key} {erp.post_order(str(key), PARTNER, an_order(number=str(key))).reference}")

    threads = [threading.Thread(target=post, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(answer == answers[0] for answer in answers)
    assert len({answer.split()[1] for answer in answers[0]}) == 10


def test_a_backorder_is_served_by_one_restock_after_another(tmp_path: Path, clock: MovableClock) -> None:
    erp = paced(tmp_path, clock)
    erp.post_order("k", PARTNER, an_order(500))
    clock.advance(DAY)
    for came in (8, 12):
        erp.restock(LANTERN, Decimal(came))
        clock.advance(DAY)
    assert [shipped(event) for event in erp.pending() if isinstance(event, OrderShipped)] == [480, 8, 12]


def test_each_item_that_is_missing_is_restocked_for_itself(tmp_path: Path, clock: MovableClock) -> None:
    erp = paced(tmp_path, clock, restocks_after=DAY)
    lanterns = an_order(490).lines[0]
    bottles = replace(an_order(965, item="PB-1002").lines[0], number="002")
    erp.post_order("k", PARTNER, replace(an_order(), lines=(lanterns, bottles)))
    clock.advance(5 * DAY)
    assert (erp.stock(LANTERN), erp.stock("PB-1002")) == (2, 19)


def test_what_comes_in_of_one_item_serves_nobody_who_waits_for_another(tmp_path: Path, clock: MovableClock) -> None:
    erp = paced(tmp_path, clock)
    bottles = replace(an_order(965, item="PB-1002").lines[0], number="002")
    erp.post_order("k", PARTNER, replace(an_order(), lines=(an_order(490).lines[0], bottles)))
    clock.advance(DAY)
    erp.restock(LANTERN, Decimal(100))
    clock.advance(DAY)
    assert [shipped(event) for event in erp.pending() if isinstance(event, OrderShipped)] == [480 + 960, 10]


def test_a_backorder_is_promised_for_when_it_is_restocked_and_shipped(tmp_path: Path, clock: MovableClock) -> None:
    erp = paced(tmp_path, clock, restocks_after=2 * DAY)
    erp.post_order("k", PARTNER, an_order(500))
    clock.advance(HOUR)
    (event,) = erp.pending()
    assert isinstance(event, OrderDecided)
    assert [line.ship_on for line in event.lines] == [date(2026, 1, 5), date(2026, 1, 7)]


@pytest.mark.parametrize(("unit", "quantity", "cartons"), [("EA", 30, [12, 12, 6]), ("CA", 2, [1, 1]), ("DZ", 2, [1, 1])])
def test_goods_leave_in_the_cartons_of_their_item(
    erp: SimulatedErp, clock: MovableClock, unit: str, quantity: int, cartons: list[int]
) -> None:
    erp.post_order("k", PARTNER, an_order(quantity, unit=unit))
    clock.advance(DAY)
    left = erp.pending()[1]
    assert isinstance(left, OrderShipped)
    assert [int(content.quantity) for carton in left.cartons for content in carton.contents] == cartons
    assert left.delivery_on == date(2026, 1, 7)


# --- changes ------------------------------------------------------------------------------------------------------------------


def test_more_of_a_line_is_taken_from_stock_and_ships_with_the_rest(erp: SimulatedErp, clock: MovableClock) -> None:
    erp.post_order("k1", PARTNER, an_order(10))
    clock.advance(HOUR)
    erp.post_change("c1", PARTNER, "k1", an_order(14))
    clock.advance(DAY)
    first, anew, shipped, _ = erp.pending()
    assert (quantities(first), quantities(anew)) == ([("accepted", 10)], [("accepted", 14)])
    assert isinstance(shipped, OrderShipped)
    assert sum(content.quantity for carton in shipped.cartons for content in carton.contents) == 14
    assert erp.stock(LANTERN) == 466


def test_an_order_cancelled_before_it_ships_never_leaves_and_gives_its_stock_back(erp: SimulatedErp, clock: MovableClock) -> None:
    erp.post_order("k1", PARTNER, an_order(480))
    clock.advance(HOUR)
    erp.post_change("c1", PARTNER, "k1", an_order(0))
    clock.advance(DAY)
    assert [type(event) for event in erp.pending()] == [OrderDecided, OrderDecided]
    assert erp.consult(PARTNER, an_order()).items[0].available == 480
    assert erp.consult(PARTNER, an_order()).credit_used == CATALOG.customers[PARTNER].credit_used


def test_less_than_has_left_is_refused_and_changes_nothing(erp: SimulatedErp, clock: MovableClock) -> None:
    erp.post_order("k1", PARTNER, an_order(10))
    clock.advance(DAY)
    told_before = told(erp)
    answer = erp.post_change("c1", PARTNER, "k1", an_order(4))
    assert answer.refused == "10 EA of line 001 have left, and 4 are wanted"
    clock.advance(DAY)
    assert told(erp) == told_before


def test_what_is_credited_is_owed_no_longer(erp: SimulatedErp, clock: MovableClock) -> None:
    erp.post_order("k", PARTNER, an_order())
    clock.advance(DAY)
    before = erp.consult(PARTNER, an_order()).credit_used or Decimal(0)
    erp.credit("00090001", "001", Decimal(4))
    assert erp.consult(PARTNER, an_order()).credit_used == before - 4 * Decimal("18.50")
    with pytest.raises(WrongInput, match="no invoice 00090001 with line 009"):
        erp.credit("00090001", "009", Decimal(4))


def test_it_answers_at_once_unless_it_was_made_slow(erp: SimulatedErp) -> None:
    assert erp.is_instant
    erp.faults = Faults(slow=2)
    assert not erp.is_instant
