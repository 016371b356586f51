"""What is written without pydantic is what pydantic would write, and nothing that the model does not name."""

from __future__ import annotations

from calling import Calls
from desk import Desk
from partner_says import northwind, order
from pydantic import TypeAdapter

from edi_gateway.api import models
from edi_gateway.api.page import Page
from edi_gateway.api.routes.feed import Feed
from edi_gateway.api.routes.moved import TransmissionLine
from edi_gateway.api.routes.orders import OrderPageOut
from edi_gateway.api.routes.work import AlertOut

READ = {
    "/documents": Page[models.DocumentLine],
    "/documents/1": models.DocumentOut,
    "/documents/1/findings": list[models.FindingOut],
    "/documents/1/annotated": dict[str, object],
    "/documents/1/timeline": list[models.EventOut],
    "/documents/1/related": list[models.DocumentLine],
    "/orders": Page[models.OrderOut],
    "/orders/1": OrderPageOut,
    "/overdue?all=true": Page[models.DeadlineOut],
    "/transmissions": Page[TransmissionLine],
    "/interchanges": Page[models.InterchangeOut],
    "/holds": Page[models.HoldOut],
    "/alerts": Page[AlertOut],
    "/events": Feed,
}


def test_every_answer_is_written_letter_for_letter_as_its_model_has_it(any_desk: Desk) -> None:
    calls = Calls(any_desk)
    any_desk.drop(northwind(1, order("PO-1"), order("PO-2", price="1")))
    with any_desk.store.write() as unit:
        at = any_desk.clock.now()
        given = {"rule": "overdue", "key": "one", "level": "warning", "partner": "northwind", "state": "open", "escalation": ""}
        unit.alerts.add(**given, text="late", count=1, began_at=at, last_at=at)
    for path, model in READ.items():
        answer = calls.admin.get(path)
        adapter: TypeAdapter[object] = TypeAdapter(model)
        assert answer.status_code == 200, path
        assert answer.headers["content-type"] == "application/json"
        assert adapter.dump_json(adapter.validate_json(answer.content)) == answer.content, path
