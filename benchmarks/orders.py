"""Purchase orders to measure with: invented, all different, the same bytes on every machine for the same arguments.

An order is what a retailer sends for a few stores: about 2 KB, six to eighteen lines, each with a description, one in three with
an allowance, one in four split among stores. Numbers, check digits and counts are right: nobody finds anything in a good one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

Segments = list[list[str]]
ISA = "ISA*00*          *00*          *ZZ*HARBORRETAIL   *ZZ*FOUNDRYSUPPLY  *260301*0930*U*00401*{:09d}*0*P*>~"
GS = "GS*PO*HARBORRETAIL*FOUNDRYSUPPLY*20260301*0930*{}*X*004010~"

_NOUNS = ("KETTLE", "LAMP", "BLANKET", "CLOCK", "LADDER", "BASIN", "TOOLBOX", "STOOL", "MIRROR", "FAN")
_KINDS = ("OAK", "ENAMEL", "FOLDING", "QUIET", "TRAVEL", "HEAVY", "SMALL", "GARDEN", "WALL", "DOUBLE")
_TOWNS = (("ASHFORD", "VT", "05001"), ("CALDER", "OH", "43004"), ("DUNMORE", "PA", "18509"), ("EASTWICK", "NV", "89506"))
_ROADS = ("HARBOR WAY", "MILL LANE", "DEPOT ROAD", "ORCHARD STREET", "QUARRY HILL")
_CARRIERS = ("ABCD", "NSFT", "ROVR")
_REASONS = ("C310", "D240", "F050", "I170")


class Catalog:
    """What orders are made of: items with right check digits, and stores."""

    def __init__(self, random: Random, items: int = 800, stores: int = 200) -> None:
        self.items = [
            (_upc(random), f"{random.choice(_KINDS)} {random.choice(_NOUNS)} {n}", random.randint(99, 49999))
            for n in range(items)
        ]
        self.stores = [
            (f"{n:04d}", f"STORE {n:04d}", f"{random.randint(1, 999)} {random.choice(_ROADS)}", random.choice(_TOWNS))
            for n in range(1, stores + 1)
        ]


def orders(count: int, *, bad: float = 0.0, seed: int = 850, lines: tuple[int, int] = (6, 18)) -> Iterator[bytes]:
    """Sets from ST to SE, numbered from 1; ``bad`` is the share of them that have one fault each."""
    random = Random(seed)
    catalog = Catalog(random)
    faults = Random(seed + 1)  # of its own: with any share of bad ones the others stay as they are
    for number in range(1, count + 1):
        segments = _order(random, catalog, number, random.randint(*lines))
        if faults.random() < bad:
            FAULTS[number % len(FAULTS)](segments)
        control = f"{number:04d}"
        whole = [["ST", "850", control], *segments, ["SE", str(len(segments) + 2), control]]
        yield "".join("*".join(segment) + "~" for segment in whole).encode("ascii")


def one_interchange(sets: Iterator[bytes]) -> Iterator[bytes]:
    """All sets in one group of one interchange."""
    yield (ISA.format(1) + GS.format(1)).encode("ascii")
    count = 0
    for one in sets:
        count += 1
        yield one
    yield f"GE*{count}*1~IEA*1*{1:09d}~".encode("ascii")


def an_interchange_each(sets: Iterator[bytes]) -> Iterator[bytes]:
    """Every set in an interchange of its own, one behind the other."""
    for number, one in enumerate(sets, 1):
        yield (ISA.format(number) + GS.format(number)).encode("ascii")
        yield one
        yield f"GE*1*{number}~IEA*1*{number:09d}~".encode("ascii")


def _item(random: Random, number: int) -> tuple[str, str, int]:
    """Its UPC, its name and its price in cents."""
    return _upc(random), f"{random.choice(_KINDS)} {random.choice(_NOUNS)} {number}", random.randint(99, 49999)


def _upc(random: Random) -> str:
    digits = [random.randrange(10) for _ in range(11)]
    return "".join(map(str, digits)) + str(-(3 * sum(digits[::2]) + sum(digits[1::2])) % 10)


def _date(random: Random) -> str:
    return f"2026{random.randint(1, 12):02d}{random.randint(1, 28):02d}"


def _order(random: Random, catalog: Catalog, number: int, lines: int) -> Segments:
    """The segments between ST and SE."""
    buyer = random.randint(1, 30)
    segments = [
        ["BEG", "00", random.choice(("SA", "NE")), f"PO{number:08d}", "", _date(random)],
        ["CUR", "BY", "USD"],
        ["REF", "DP", f"{random.randint(1, 99):03d}"],
        ["REF", "IA", f"{random.randint(100000, 100400)}"],
        ["PER", "BD", f"BUYER {buyer}", "TE", f"55501{buyer:05d}", "EM", f"BUYER{buyer}@HARBOR.EXAMPLE"],
        ["FOB", random.choice(("CC", "PP")), "OR", "ORIGIN"],
        ["ITD", "01", "3", random.choice(("1", "2")), "", "10", "", "30"],
        ["DTM", "010", _date(random)],
        ["DTM", "001", _date(random)],
        ["TD5", "O", "2", random.choice(_CARRIERS), "M", f"ROUTE {random.randint(1, 20)}"],
    ]
    if random.random() < 0.5:
        segments.append(["N9", "L1", "NOTES"])
        segments += [["MSG", f"DOCK {random.randint(1, 60)} OPENS AT 6 AM"] for _ in range(random.randint(1, 3))]
    for role in ("BY", "ST", "BT"):
        segments += _party(role, random.choice(catalog.stores))
    total = 0
    for line in range(1, lines + 1):
        upc, name, cents = random.choice(catalog.items)
        quantity = random.randint(12, 480)
        total += quantity * cents
        segments += _line(random, catalog, line, quantity, upc, name, cents)
    return [*segments, ["CTT", str(lines)], ["AMT", "TT", f"{total / 100:.2f}"]]


def _party(role: str, store: tuple[str, str, str, tuple[str, str, str]]) -> Segments:
    identifier, name, street, (town, state, code) = store
    return [["N1", role, name, "92", identifier], ["N3", street], ["N4", town, state, code, "US"]]


def _line(random: Random, catalog: Catalog, line: int, quantity: int, upc: str, name: str, cents: int) -> Segments:
    segments = [
        ["PO1", str(line), str(quantity), "EA", f"{cents / 100:.2f}", "PE", "UP", upc, "VN", f"SKU{upc[5:11]}", "IN", upc[3:9]],
        ["PID", "F", "08", "", "", name],
    ]
    if random.random() < 0.33:
        amount = str(random.randint(100, 9000))
        segments.append(["SAC", random.choice("AC"), random.choice(_REASONS), "", "", amount, *[""] * 6, "06"])
    if random.random() < 0.25:
        segments.append(["SDQ", "EA", "92", *_split(random, catalog, quantity)])
    return segments


def _split(random: Random, catalog: Catalog, quantity: int) -> list[str]:
    """Stores and quantities that come to the quantity of the line."""
    stores = random.sample(catalog.stores, random.randint(2, 6))
    given = [random.randint(1, quantity // len(stores)) for _ in stores[1:]]
    return [text for store, count in zip(stores, [quantity - sum(given), *given], strict=True) for text in (store[0], str(count))]


# Faults, each found by an element or structure check of any validator


def _first(segments: Segments, segment_id: str) -> list[str]:
    return next(segment for segment in segments if segment[0] == segment_id)


def _no_order_number(segments: Segments) -> None:
    _first(segments, "BEG")[3] = ""


def _no_such_date(segments: Segments) -> None:
    _first(segments, "BEG")[5] = "20261345"


def _no_number(segments: Segments) -> None:
    _first(segments, "PO1")[2] = "MANY"


def _too_long(segments: Segments) -> None:
    _first(segments, "PID")[5] = "X" * 81


def _unknown_segment(segments: Segments) -> None:
    segments.insert(-2, ["QQQ", "1", "2"])


def _unknown_code(segments: Segments) -> None:
    _first(segments, "BEG")[1] = "XX"


FAULTS: tuple[Callable[[Segments], None], ...] = (
    _no_order_number,
    _no_such_date,
    _no_number,
    _too_long,
    _unknown_segment,
    _unknown_code,
)
