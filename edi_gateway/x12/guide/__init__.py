"""A partner's guide: what it asks of a set beyond the standard, read from a small file and laid over the definition."""

from pathlib import Path

from edi_gateway.x12.guide.check import check
from edi_gateway.x12.guide.model import Guide, Rule
from edi_gateway.x12.guide.narrowing import GuideNarrowing, over
from edi_gateway.x12.guide.read import read_file, read_text

__all__ = ["Guide", "GuideNarrowing", "Rule", "load", "loads", "over"]


def load(path: Path) -> Guide:
    """The guide in a file, held against the definitions it is for. Raises WrongInput or Collected, each mistake with its line."""
    guide = read_file(path)
    check(guide)
    return guide


def loads(text: str, file: str = "?") -> Guide:
    """The guide in a text; ``file`` is only the name to show. Raises like ``load``."""
    guide = read_text(text, file)
    check(guide)
    return guide
