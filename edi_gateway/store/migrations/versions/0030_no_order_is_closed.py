"""an order whose content retention removed is in the state it ended in; those that were 'closed' end by their figures"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_ORDERS = sa.table("order_thread", *(sa.column(name) for name in ("state", "billed", "open", "body")))
_STATE, _BODY = _ORDERS.c.state, _ORDERS.c.body
_CLOSED = '"is_closed":true'  # nothing else in a body can be written so: in a text of it the quotes are escaped
_OVER = ("rejected", "cancelled", "paid")


def upgrade() -> None:
    ended = sa.case((_STATE.in_(_OVER), _STATE), (_ORDERS.c.billed == 0, "rejected"), else_="paid")
    body = sa.func.replace(_BODY, _CLOSED, sa.literal('"ended":"') + ended + '"')
    op.execute(_ORDERS.update().where(_BODY.contains(_CLOSED, autoescape=True)).values(body=body))
    state = sa.case((_ORDERS.c.billed == 0, "rejected"), (_ORDERS.c.open > 0, "remitted"), else_="paid")
    op.execute(_ORDERS.update().where(_STATE == "closed").values(state=state))


def downgrade() -> None:
    """The state it ended in was one before, too."""
