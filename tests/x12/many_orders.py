"""Orders in any number, all different and all right: for measuring, and as a start for mutations."""

from __future__ import annotations

from random import Random

from edi_gateway.x12.delimiters import Delimiters

_CATALOG = 1000
_CITIES = ("ASHFORD*VT*05001", "BRIGHTON*ME*04009", "CALDER*OH*43004", "DUNMORE*PA*18509")
_THINGS = ("KETTLE, STEEL 1.5 L", "LAMP, DESK", "BLANKET, WOOL 130X180", "CLOCK, WALL")


def upc(random: Random) -> str:
    """Twelve digits with a right check digit."""
    digits = [random.randrange(10) for _ in range(11)]
    check = -(3 * sum(digits[::2]) + sum(digits[1::2])) % 10
    return "".join(map(str, digits)) + str(check)


def order(random: Random, number: int, items: list[str]) -> list[str]:
    """The segments of an 850, ST to SE, with ``*`` between elements."""
    segments = [
        f"ST*850*{number:04d}",
        f"BEG*00*SA*PO{number:07d}**2026{random.randint(1, 12):02d}{random.randint(1, 28):02d}",
        "CUR*BY*USD",
        f"REF*DP*{random.randrange(1000):03d}",
        f"REF*IA*{random.randrange(100000):06d}",
        "PER*BD*BUYING DESK*TE*5550100",
        "FOB*CC",
        "ITD*01*3*2**10**30",
        f"DTM*010*2026{random.randint(1, 12):02d}15",
        f"DTM*001*2026{random.randint(1, 12):02d}28",
        "TD5**2*ABCD*M*ROUTING GUIDE",
    ]
    for role in ("BY", "ST"):
        store = random.randrange(1, 900)
        segments += [f"N1*{role}*STORE {store:04d}*92*{store:04d}", f"N3*{store} HARBOUR WAY", f"N4*{random.choice(_CITIES)}*US"]
    lines = random.randint(2, 20)
    for line in range(1, lines + 1):
        segments += _line(random, line, random.choice(items))
    return [*segments, f"CTT*{lines}", f"SE*{len(segments) + 2}*{number:04d}"]


def _line(random: Random, line: int, item: str) -> list[str]:
    stores = [random.randint(1, 40) for _ in range(random.choice((0, 0, 3, 5)))]
    quantity = sum(stores) or random.randint(1, 500)
    price = f"{random.randint(100, 50000) / 100:.2f}".rstrip("0").rstrip(".")
    segments = [f"PO1*{line}*{quantity}*EA*{price}*PE*UP*{item}*VN*SKU{item[5:11]}"]
    segments.append(f"PID*F*08***{random.choice(_THINGS)}")
    if random.random() < 0.3:
        segments.append(f"SAC*A*C310***{random.randint(100, 5000)}*******02")
    if stores:
        pairs = "".join(f"*{number:04d}*{count}" for number, count in enumerate(stores, 1))
        segments.append(f"SDQ*EA*92{pairs}")
    return segments


def order_texts(count: int, delimiters: Delimiters = Delimiters(), seed: int = 850) -> list[str]:  # noqa: B008 - frozen
    """That many orders as text."""
    random = Random(seed)
    items = [upc(random) for _ in range(_CATALOG)]
    return [in_text(order(random, number, items), delimiters) for number in range(1, count + 1)]


def in_text(segments: list[str], delimiters: Delimiters) -> str:
    """Segments written with ``*`` and ``>`` as text with other delimiters."""
    swap = str.maketrans("*>", delimiters.element + delimiters.component)
    return "".join(segment.translate(swap) + delimiters.segment + delimiters.line_end for segment in segments)
