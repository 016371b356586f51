"""The base of every model of partner files."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Terms(BaseModel):
    """Frozen, and an unknown word is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")
