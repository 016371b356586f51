"""Seen: who decides about what is held decides about what they read, and not about what has become of it since."""

from __future__ import annotations

from datetime import datetime

from edi_gateway.errors import WrongInput
from edi_gateway.store.rows import FlowRow


class ChangedSince(WrongInput):
    """It is not any more what was read."""


def check_seen(flow: FlowRow, seen: datetime | None) -> None:
    """Raises ChangedSince for a stopped flow that changed after it was read; ``seen`` is its ``changed_at`` then, None: unknown.

    The number of a flow stays while its document is corrected, changed by the buyer, or held again for something else.
    """
    if seen is not None and flow.changed_at != seen:
        said = f"flow {flow.id} is not what you read: it has changed since, and waits now because: {flow.because}"
        raise ChangedSince(said, do="read it as it is now, then decide")
