"""The rows of Sync info: escaped by hand, since there are hundreds of them, and no better than what was answered."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from desk import Desk
from partner_says import northwind, order
from visiting import Visitor

from edi_gateway.store.tables import set_count

SignedIn = Callable[[str], Visitor]


def test_what_a_partner_wrote_is_text_in_sync_info(desk: Desk, signed_in: SignedIn) -> None:
    day = desk.store.clock.now().date()
    row = {"day": day, "partner": 'a"><i>', "direction": "in", "code": "<b>&", "sets": 1200, "wrong": 3, "open": 0}
    with desk.store.engine.begin() as connection:
        connection.execute(sa.insert(set_count).values(row))
    page = signed_in("viewer").get("/").text
    assert "<b>" not in page[page.index('id="h-sync"') :].partition("</section>")[0]
    assert "a&#34;&gt;&lt;i&gt; <small" in page
    assert "?partner=a&#34;&gt;&lt;i&gt;&amp;code=&lt;b&gt;&amp;&amp;direction=in" in page
    assert '99.8%</span></a></td><td class="figure">1,200</td><td class="figure">3</td><td class="figure"></td>' in page


def test_what_nobody_has_answered_is_not_shown_as_well(desk: Desk, signed_in: SignedIn) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    viewer = signed_in("viewer")
    home = viewer.get("/").text
    assert '&amp;code=855&amp;direction=out">—</a></td><td class="figure">1</td>' in home
    partner = viewer.get("/partners/northwind").text
    assert (
        '855 out</th><td class="figure">1</td><td class="figure"></td><td class="figure"></td><td class="figure">1</td><td>—</td>'
        in partner
    )
    assert [line.split(",")[2:8] for line in viewer.get("/sync.csv").text.splitlines()[1:]] == [
        ["850", "1", "0", "0", "0", "1.0000"],
        ["855", "1", "0", "0", "1", ""],
    ]
