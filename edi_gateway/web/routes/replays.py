"""Replays: choose what is meant, see in a dry run what it would do, confirm, watch it run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, BackgroundTasks, Depends, Request, Response

from edi_gateway.errors import GatewayError, WrongInput
from edi_gateway.operations import replay
from edi_gateway.store.database import Database
from edi_gateway.store.replays import ReplayItem, ReplayRow, Terms
from edi_gateway.store.selection import Selection
from edi_gateway.views import set_list
from edi_gateway.web.console import Act, Console, route_class
from edi_gateway.web.export import AT_ONCE, csv_of, every
from edi_gateway.web.forms import Form
from edi_gateway.web.moments import ZONE
from edi_gateway.web.routes.documents import CODES, FILTERS, STATES, partner_names, selection, sought
from edi_gateway.wording import count

SHOWN = 200
NAMED = 1000  # sets that a form names one by one
_ORIGINS = ("parsed", "raw", "mapped")


def routes(console: Console) -> APIRouter:
    """The list, a new one, and one of them with its progress."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])
    store = console.store
    replay_begin = Depends(console.act("replay.begin"))
    replay_go_on = Depends(console.act("replay.go_on"))

    @router.get("/replays")
    def page(request: Request) -> Response:
        with store.read() as unit:
            rows = unit.replays.newest(100)
        return console.page(request, "replays.html", rows=rows)

    @router.get("/replays.csv")
    def all_as_csv(request: Request) -> Response:
        def newest(before: int | None, limit: int) -> list[ReplayRow]:
            with store.read() as unit:
                return unit.replays.newest(limit, before=before)

        columns = ("id", "state", "is_dry", "origin", "versions", "sends", "because", "actor", "started_at", "changed_at")
        return csv_of(request, "replays", columns, ([getattr(row, name) for name in columns] for row in every(newest)))

    @router.get("/replays/new")
    def new(request: Request) -> Response:
        given = dict(request.query_params)
        if given.get("q", "").strip():
            given = {"q": given["q"].strip(), "ids": ", ".join(map(str, _found(store, given)))}
        return console.page(request, "replay_new.html", given=given, form=Form(()), mistakes=(), **_choices(console))

    @router.post("/replays/new")
    def preview(request: Request, tasks: BackgroundTasks, act: Act = replay_begin) -> Response:
        """A dry run: computes everything and changes nothing."""
        form, because = act.form, act.form.get("because")
        try:
            id = replay.begin(console.tools(), meant(form), terms(form, is_dry=True), because=because, by=act.by)
        except GatewayError as error:
            return console.again(request, error, "replay_new.html", given=dict(form.fields), form=form, **_choices(console))
        return _running(console, request, tasks, id)

    @router.post("/replays/{id:int}/confirm")
    def confirm(request: Request, id: int, tasks: BackgroundTasks, act: Act = replay_begin) -> Response:
        """What a dry run looked at, done: once, however many have its page open."""
        return _running(console, request, tasks, replay.confirm(console.tools(), id, by=act.by))

    @router.post("/replays/{id:int}/go-on")
    def go_on(request: Request, id: int, tasks: BackgroundTasks, act: Act = replay_go_on) -> Response:
        replay.go_on(console.tools(), id, by=act.by)
        return _running(console, request, tasks, id)

    @router.get("/replays/{id:int}")
    def one(request: Request, id: int) -> Response:
        row, became = replay.find(console.tools(), id), replay.became(console.tools(), id)
        return console.page(request, "replay.html", row=row, became=became, **_progress(store, id))

    @router.get("/replays/{id:int}.csv")
    def as_csv(request: Request, id: int) -> Response:
        columns, items = ("set", "state", "effect", "what", "differences"), _every_item(store, id)
        rows = ((each.transaction_id, each.state, each.effect, each.text, "; ".join(each.told)) for each in items)
        return csv_of(request, f"replay-{id}", columns, rows)

    return router


def _choices(console: Console) -> dict[str, Any]:
    return {"partners": partner_names(console), "states": STATES, "codes": CODES, "origins": _ORIGINS}


def _found(store: Database, given: dict[str, str]) -> list[int]:
    """The sets a search by number finds, as its list shows them. Raises WrongInput for none, and for more than a form names."""
    found = set_list.find(store, sought(given | {"before": ""}), limit=NAMED + 1)
    if not found:
        raise WrongInput(f"no document is found by '{given['q']}'", do="search for it under Documents")
    if len(found) > NAMED:
        said = f"more than {count(NAMED, 'document')} are found by '{given['q']}'"
        raise WrongInput(said, do="narrow the search, by partner, set or days, or choose them without its number")
    return [row.id for row in found]


def _every_item(store: Database, id: int) -> Iterator[ReplayItem]:
    """The sets of a replay, in the order they came."""
    after = 0
    while True:
        with store.read() as unit:
            items = unit.replays.items(id, AT_ONCE, after)
        if not items:
            return
        yield from items
        after = items[-1].transaction_id


def _progress(store: Database, id: int) -> dict[str, Any]:
    """How far a replay is, and what came of each set."""
    with store.read() as unit:
        counts, items = unit.replays.counts(id), unit.replays.items(id, SHOWN)
    about = set_list.by_number(store, [item.transaction_id for item in items])
    return {
        "items": [(item, about.get(item.transaction_id)) for item in items],
        "counts": [(effect or state, count) for (state, effect), count in sorted(counts.items())],
        "total": sum(counts.values()),
        "left": sum(count for (state, _), count in counts.items() if state == "open"),
    }


def meant(form: Form) -> Selection:
    """The sets a form means: by number of set, or by filters. Raises WrongInput."""
    text = form.get("ids")
    if text:
        pieces = text.replace(",", " ").split()
        if not all(piece.isdecimal() for piece in pieces):
            raise WrongInput(f"'{text}' are no numbers of sets", do="write them like 12, 13")
        return Selection(ids=tuple(map(int, pieces)))
    return selection({name: form.get(name) for name in (*FILTERS, "number", ZONE)})


def terms(form: Form, *, is_dry: bool) -> Terms:
    """How a form wants it done."""
    return replay.terms(
        origin=form.get("origin") or "parsed",
        versions="pinned" if form.get("pinned") else "current",
        numbers="kept" if form.get("kept") else "new",
        sends=bool(form.get("sends")),
        is_dry=is_dry,
    )


def _running(console: Console, request: Request, tasks: BackgroundTasks, id: int) -> Response:
    """To the replay's page; it runs behind it, and whoever looks sees how far it is."""
    response = console.go(request, f"/replays/{id}")
    tasks.add_task(replay.run, console.tools(), id)
    response.background = tasks
    return response
