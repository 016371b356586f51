"""Drafts the next migration from what ``store/tables`` says and the migrations do not yet: NUMBER "message".

Read what it wrote before committing it; the tests hold schema and migrations equal on both databases.
"""

import re
import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa
from alembic import command

from edi_gateway.store.migrate import config


def draft(number: str, message: str) -> None:
    """Writes one migration file."""
    with tempfile.TemporaryDirectory() as folder:
        engine = sa.create_engine(f"sqlite:///{folder}/empty.sqlite3")
        with engine.connect() as connection:
            settings = config()
            settings.attributes["connection"] = connection
            command.upgrade(settings, "head")
            made = command.revision(settings, message=message, autogenerate=True, rev_id=number)
    path = Path(made.path)  # type: ignore[union-attr]  # one revision was asked for
    text = path.read_text()
    text = re.sub(r"edi_gateway\.store\.types\.(Instant|Exact)\([^)]*\)", r"\1()", text)
    text = re.sub(r"    # ### .*\n", "", text)
    path.write_text(text)


if __name__ == "__main__":
    draft(*sys.argv[1:3])
