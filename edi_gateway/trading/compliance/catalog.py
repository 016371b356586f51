"""Every compliance rule by its number: what it asks, when it is looked at, and what to do where it is broken.

The numbers are those of the study of retail compliance this gateway was built on; they are never given anew. ``post`` rules are
audits over what happened and have no terms in a pack.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["pre", "watch", "post"]


class RuleFacts(NamedTuple):
    """A rule: ``about`` is what it looks at, ``runs`` when, ``do`` the advice to whoever finds it broken."""

    kind: Kind
    about: tuple[str, ...]
    asks: str
    runs: str
    do: str = ""


_LEAVING = "before the document leaves, and when cartons are tried"
_SENDING = "before the document leaves"
_CLOCK = "on the clock, every minute"
_ALWAYS = "always, by how the gateway works"
_IN_ERP = "mend it in the ERP and have it told anew, or resume it as it is"

CATALOG: dict[str, RuleFacts] = {
    "R01": RuleFacts(
        "watch",
        ("997",),
        "Each functional group they send is acknowledged in time; somebody is told at half time and when it is late. "
        "Acknowledgments are never acknowledged.",
        _CLOCK,
        "see what holds it up: edi-gateway status",
    ),
    "R02": RuleFacts(
        "pre",
        ("997",),
        "Each set gets the verdict that validation gave it, counts that are right (AK9), and AK3 and AK4 at the true places.",
        _ALWAYS,
    ),
    "R03": RuleFacts(
        "watch",
        ("855", "856", "810"),
        "They accept what we send in time; somebody is told at half time and when it is late.",
        _CLOCK,
        "ask the partner, then retransmit it",
    ),
    "R04": RuleFacts(
        "watch",
        ("855",),
        "An order is answered by the deadline, in their calendar and zone.",
        _CLOCK + "; and when the document is looked at",
        "release what holds it",
    ),
    "R05": RuleFacts(
        "pre",
        ("855",),
        "Every line of the order is answered once, its quantities come to what was ordered, and what is rejected has a reason.",
        _SENDING,
        _IN_ERP,
    ),
    "R06": RuleFacts(
        "pre",
        ("855",),
        "What is accepted as sent is promised inside the ship window; another day is told as a change of date.",
        _SENDING,
        _IN_ERP,
    ),
    "R07": RuleFacts(
        "watch",
        ("855",),
        "Of what was ordered of an item, so much is confirmed: what an 855 would make of that is told before it leaves, and "
        "so is that half of what they bear is used up.",
        "before the document leaves; on the clock, once a day",
        "mend the stock or the item's listing",
    ),
    "R08": RuleFacts(
        "pre",
        ("856",),
        "Nothing ships that was rejected or cancelled; where they ask for it, nothing before its order was acknowledged.",
        _LEAVING,
        "find out what left, and agree it with the partner",
    ),
    "R09": RuleFacts(
        "watch",
        ("856",),
        "The ship notice leaves not long before the goods, by the deadline after them, and before the day they arrive; that they "
        "left outside the ship window is told. `does: block` holds what is too early as long as the goods have not left: longer "
        "before them than they take it, or of goods that are to leave before the ship window.",
        _CLOCK + "; and when the document is looked at",
        "release what holds it; what is too early may wait until the truck is loaded",
    ),
    "R10": RuleFacts(
        "pre",
        ("856",),
        "A shipment is told once as an original, until they reject that; a second original is refused.",
        _LEAVING,
        "correct the one they have, or give the shipment a number of its own",
    ),
    "R11": RuleFacts(
        "pre",
        ("856",),
        "The levels are in an order they take, and none is empty. Parents, ascending ids and counts of HL are the writer's.",
        _LEAVING,
        "mend ship_notice_structure in the profile, or the cartons in the ERP",
    ),
    "R12": RuleFacts(
        "pre",
        ("856",),
        "What ships of a line is more than nothing, in the order's unit and pack, and with earlier shipments not beyond what was "
        "ordered and the tolerance (orders: over_shipment_percent).",
        _LEAVING,
        _IN_ERP,
    ),
    "R13": RuleFacts(
        "pre",
        ("856",),
        "As many cartons as packs, each with a number of its own; a weight, and as much as its packs together.",
        _LEAVING,
        "weigh or count again, and have the ERP tell it anew",
    ),
    "R14": RuleFacts(
        "pre",
        ("856",),
        "Each label is an SSCC-18 with the right check digit behind a prefix of ours, and was not used in another shipment.",
        _LEAVING,
        "label the carton anew, and have the ERP tell it with the new number",
    ),
    "R15": RuleFacts("pre", ("856",), "Labels are made from the pack record that the 856 tells, and from no other.", _ALWAYS),
    "R16": RuleFacts(
        "pre",
        ("856",),
        "The bill of lading and the carrier's code are told, and look as they ask.",
        _LEAVING,
        "ask the carrier, and mend it in the ERP",
    ),
    "R17": RuleFacts(
        "pre",
        ("856",),
        "One ship notice for each trailer, ship-to and day.",
        _LEAVING,
        "tell what is on the trailer as one shipment",
    ),
    "R18": RuleFacts(
        "pre",
        ("856", "810"),
        "Items are named by the ids and qualifiers they used in the order; GTINs end in their check digit.",
        _LEAVING,
        _IN_ERP,
    ),
    "R19": RuleFacts(
        "pre",
        ("856",),
        "Items that need them have a lot and an expiry date, and that is far enough ahead.",
        _LEAVING,
        "mend lot and date in the ERP, or keep the goods here",
    ),
    "R20": RuleFacts(
        "pre",
        ("810",),
        "Nothing is billed before it left; where they ask for it, not before the ship notice told of it; and by the deadline.",
        _SENDING + "; its deadline on the clock",
        "send the ship notice first",
    ),
    "R21": RuleFacts(
        "pre", ("810",), "No number of an invoice is used again, until they reject it.", _SENDING, "bill it under a new number"
    ),
    "R22": RuleFacts(
        "pre",
        ("810",),
        "Each line is on the order, not more is billed than left, at the price and on the terms agreed.",
        _SENDING,
        _IN_ERP,
    ),
    "R23": RuleFacts(
        "pre",
        ("810",),
        "Lines, charges and taxes come to the total, to the cent; allowances and charges only where they take them.",
        _SENDING,
        _IN_ERP,
    ),
    "R24": RuleFacts(
        "pre",
        ("855", "856", "810"),
        "Order number, release, department, vendor number and ship-to come back to the letter.",
        _LEAVING,
        _IN_ERP,
    ),
    "R25": RuleFacts(
        "watch",
        ("856",),
        "No change of the order waits to be applied when its goods are told of. One that waits holds the notice as long as the "
        "goods have not left; after that it is told, and the notice goes.",
        _LEAVING,
        "decide on the change first: edi-gateway hold list",
    ),
    "R26": RuleFacts("post", ("824", "812", "864", "820"), "A complaint of theirs is linked to its document.", "audit"),
    "R27": RuleFacts("post", ("856",), "Scorecards recomputed from our own data.", "audit"),
    "R28": RuleFacts(
        "pre", ("850",), "The same order (number, release, ship-to) never makes a second one (duplicates: order).", _ALWAYS
    ),
    "R29": RuleFacts(
        "watch",
        ("850",),
        "Places they send to are looked at as often as their connection says (poll), and silence beyond silent_after is told.",
        _CLOCK,
        "ask the partner",
    ),
    "R30": RuleFacts(
        "pre",
        ("850",),
        "Test documents (ISA15 T) never reach an ERP in production, and production ones never a test ERP.",
        _ALWAYS,
    ),
    "R31": RuleFacts(
        "pre",
        ("ISA",),
        "Numbers agree head to tail, counts are right, no number is used twice, and interchanges leave in the order of "
        "theirs. One that a person, or another connection, let go too late is told as it leaves.",
        _ALWAYS,
        "where they refuse it, re-envelope what is in it",
    ),
    "R32": RuleFacts("post", ("856",), "One command gives the proof: edi-gateway compliance dispute.", "on demand"),
}


HELD_BY: dict[str, str] = {
    "R01": "the watch of what is owed; deadlines are those of agreements (acknowledgment: within)",
    "R02": "how acknowledgments are made: they are a projection of the findings of validation",
    "R03": "what waits for their acknowledgment; deadlines are those of agreements (awaits: within)",
    "R04": "the watch of what is owed",
    "R07": "the watch of confirmation rates",
    "R15": "how labels are made: from the ship notice itself, whose cartons are the pack record",
    "R28": "the claim of order numbers when an order is applied",
    "R29": "the polling of connections and the watch of silence",
    "R30": "how senders are known: by ids of one usage, whose agreements name the ERP",
    "R31": "the counter of control numbers, drawn in the transaction that writes the envelope, and the lane of its connection",
}
"""What holds the rules that are not looked at document by document."""

CHECKED: dict[str, tuple[str, ...]] = {
    "855": ("R04", "R05", "R06", "R07", "R24"),
    "856": ("R08", "R09", "R10", "R11", "R12", "R13", "R14", "R16", "R17", "R18", "R19", "R24", "R25"),
    "810": ("R18", "R20", "R21", "R22", "R23", "R24"),
}
"""What a document of ours is held against before it leaves."""
