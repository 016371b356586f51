"""``edi-gateway``: the program. Errors are told in a sentence, never as a traceback."""

from __future__ import annotations

import os
import sys

import typer
from rich.console import Console
from rich.markup import escape

from edi_gateway import __version__, log
from edi_gateway.cli.lazily import Lazily
from edi_gateway.errors import KINDS, GatewayError, TryAgain

_AGAIN = "nothing tries a command again by itself: give it once more in a moment"

app = typer.Typer(
    name="edi-gateway",
    cls=Lazily,
    help="An EDI/B2B document gateway for suppliers: purchase orders in; acknowledgments, ship notices and invoices out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"edi-gateway {__version__}")
        raise typer.Exit


@app.callback()
def common(version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version.")) -> None:
    """What every command has."""
    log.configure("error")  # a command says what it did itself; serve and worker log as the settings say


def main() -> None:
    """The program. It ends with 0 when it did what was asked and all is well, with 1 when it did and found something (a file
    that is not valid, two that differ, a plan that changes something, a check that failed), with 2 when it could not do it,
    and with 130 when interrupted.
    """
    try:
        app()
    except GatewayError as error:
        kind = next(each.__name__ for each in type(error).__mro__ if each in KINDS)
        said = f"{error} — {_AGAIN}" if type(error) is TryAgain and not error.do else str(error)
        Console(stderr=True, highlight=False).print(f"[red]{kind}[/red]: {escape(said)}", soft_wrap=True)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if os.environ.get("EDI_GATEWAY_LOG_LEVEL") == "debug":
            raise
        said = f"{type(error).__name__}: {error}".partition("\n")[0]
        shown = f"the gateway itself is wrong: {said} — please report it; EDI_GATEWAY_LOG_LEVEL=debug shows where"
        Console(stderr=True, highlight=False).print(f"[red]Defect[/red]: {escape(shown)}")
        sys.exit(2)


if __name__ == "__main__":
    main()
