"""``edi-gateway hold``: what waits for a person, and letting it go on."""

from __future__ import annotations

from typing import Annotated

import typer

from edi_gateway.bootstrap import find_store
from edi_gateway.bootstrap.recording import find_tools
from edi_gateway.cli.common import AsJson, DataFolder, load_settings, on_record, out, print_json, print_table, who
from edi_gateway.cli.day.hold_correct import correct, show
from edi_gateway.cli.day.looked_at import Seen, Yes, looked_at
from edi_gateway.errors import WrongInput
from edi_gateway.operations.deliver_out_of_band import deliver_out_of_band
from edi_gateway.operations.dismiss import dismiss as dismiss_flow
from edi_gateway.operations.hold import hold
from edi_gateway.operations.reject_hold import reject_hold
from edi_gateway.operations.resume import resume as resume_flow
from edi_gateway.operations.resume_cause import resume_cause
from edi_gateway.views.set_list import BEHIND, RETRIED, every_held
from edi_gateway.views.traffic import stopped
from edi_gateway.wording import count

app = typer.Typer(no_args_is_help=True)
_TITLES = {"": "Held, rejected, dead", RETRIED: "Waiting for their next try", BEHIND: "Waiting behind one of their order"}


@app.command("list")
def list_(
    retried: Annotated[
        bool, typer.Option("--retried", help="Instead: what waits for its next try, and keeps what is behind it waiting.")
    ] = False,
    behind: Annotated[
        bool, typer.Option("--behind", help="Instead: what is ready, and waits behind one of its order that is held or dead.")
    ] = False,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Everything held, rejected or dead, newest first, and why."""
    store = find_store(load_settings(data))
    if retried and behind:
        raise WrongInput("--retried and --behind are two lists", do="ask for one of them")
    meant = RETRIED if retried else BEHIND if behind else ""
    rows = [*every_held(store, "", meant)] if meant else stopped(store)
    if as_json:
        print_json(rows)
        return
    cells = [(row.id, row.state, row.stage, row.partner, row.because) for row in rows]
    print_table(_TITLES[meant], ("flow", "state", "at", "partner", "because"), cells, numbers=("flow",))


@app.command("place")
def place(
    flow: Annotated[int, typer.Argument(help="The flow's number, from 'hold list --retried'.", callback=on_record)],
    because: Annotated[str, typer.Option(help="Why; it goes on record.")],
    data: DataFolder = None,
) -> None:
    """Holds what waits for its next try, so that what is behind it goes on at once: where it fails for this one alone."""
    hold(find_store(load_settings(data)), flow, because=because, by=who())
    out.print(f"flow {flow} is held; what was behind it goes on")


@app.command("dismiss")
def dismiss(
    flow: Annotated[int, typer.Argument(help="The flow's number, from 'hold list'.", callback=on_record)],
    because: Annotated[str, typer.Option(help="Why; it goes on record.")],
    seen: Seen = "",
    yes: Yes = False,
    data: DataFolder = None,
) -> None:
    """Ends what was held or dead; payload, document and history stay."""
    store = find_store(load_settings(data))
    dismiss_flow(store, flow, because=because, by=who(), admin=True, seen=looked_at(store, flow, seen, yes))
    out.print(f"flow {flow} is dismissed")


@app.command("resume")
def resume(
    flow: Annotated[int | None, typer.Argument(help="The flow's number, from 'hold list'.", callback=on_record)] = None,
    attach: Annotated[str, typer.Option(help="The partner an unknown sender's interchange belongs to.")] = "",
    seen: Seen = "",
    yes: Yes = False,
    cause: Annotated[str, typer.Option(help="Instead of a number: all that are held or dead because of this, in any case.")] = "",
    partner: Annotated[str, typer.Option(help="With --cause: only this partner's.")] = "",
    data: DataFolder = None,
) -> None:
    """Lets a held or dead flow go on, after what held it was mended; with --cause all that one cause had stopped.

    To resume what our rules hold is to approve it, so such flows are left by --cause: each is approved by its number. What the
    partner rejected does not go on: it is sent again, mended, or dismissed with a reason.
    """
    store = find_store(load_settings(data))
    if (flow is None) == (not cause):
        raise WrongInput("one of the two is needed", do="name a flow, or --cause with words of why they stopped")
    if flow is not None:
        resume_flow(store, flow, by=who(), admin=True, attach_to=attach, seen=looked_at(store, flow, seen, yes))
        out.print(f"flow {flow} goes on")
        return
    done = resume_cause(store, cause, partner=partner, by=who())
    out.print(
        f"going on: {count(len(done.resumed), 'flow')}"
        + (f"; {done.left} wait for a word of their own, each by itself" if done.left else "")
    )


app.command("show")(show)
app.command("correct")(correct)


@app.command("reject")
def reject(
    flow: Annotated[int, typer.Argument(help="The flow's number, from 'hold list'.", callback=on_record)],
    because: Annotated[str, typer.Option(help="Why; it goes on record.")],
    seen: Seen = "",
    yes: Yes = False,
    data: DataFolder = None,
) -> None:
    """Refuses what is held, and tells its sender: an order by an 855, a change by an 865, what is owed still by the 997."""
    tools = find_tools(load_settings(data))
    out.print(reject_hold(tools, flow, because=because, by=who(), seen=looked_at(tools.store, flow, seen, yes)))


@app.command("delivered")
def delivered(
    flow: Annotated[int, typer.Argument(help="The flow's number, from 'hold list'.", callback=on_record)],
    because: Annotated[str, typer.Option(help="How it got there; it goes on record.")],
    seen: Seen = "",
    yes: Yes = False,
    data: DataFolder = None,
) -> None:
    """Marks what could not be sent or posted as brought there by other means; nothing is sent."""
    tools = find_tools(load_settings(data))
    out.print(deliver_out_of_band(tools, flow, because=because, by=who(), seen=looked_at(tools.store, flow, seen, yes)))
