"""What was on its way to an ERP when every partner got a lane of its own there changes over, and goes on."""

from __future__ import annotations

from migrating import downgraded

from edi_gateway.store.database import Database
from edi_gateway.store.migrate import migrate


def test_what_waits_at_an_erp_changes_over_to_its_partners_lane(store: Database) -> None:
    with store.write() as unit:
        for partner in ("acme", "bolt"):
            unit.flows.start(lane_id="erp:sap", stage="consult", subject=f"x:{partner}", partner=partner, connector="sap")
        unit.flows.start(lane_id="business:acme", stage="apply", subject="x:1", partner="acme")
    with downgraded(store, "0026"):
        pass
    migrate(store)
    with store.read() as unit:
        lanes = {flow.subject: flow.lane for flow in unit.flows.in_state("ready")}
        assert lanes == {"x:acme": "erp:sap/acme", "x:bolt": "erp:sap/bolt", "x:1": "business:acme"}
        assert unit.flows.due_lanes(0) == ["business:acme", "erp:sap/acme", "erp:sap/bolt"]
