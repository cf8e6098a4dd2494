"""A booking is completed by both sides: whose confirmation is missing, and nothing counts before.

What one side alone had completed waits for the other one from now on, and its effect is taken back
until then; the confirmation counts it anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None

_BOOKING = sa.table(
    "booking", sa.column("id"), sa.column("state"), sa.column("unconfirmed_by", sa.Text())
)
_STEP = sa.table("booking_step", sa.column("booking_id"), sa.column("state"), sa.column("side"))
_EFFECT = sa.table("effect", sa.column("booking_id"))


def upgrade() -> None:
    """Add the column, fill it from the steps, and take back what only one side has closed."""
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unconfirmed_by", sa.Text(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_booking_only_what_is_completed_is_unconfirmed"),
            "unconfirmed_by IS NULL OR state = 'completed'",
        )
    for side in ("owner", "asker"):
        has_said = sa.exists().where(
            _STEP.c.booking_id == _BOOKING.c.id,
            _STEP.c.state.in_(("returned", "completed")),
            _STEP.c.side == side,
        )
        op.execute(
            _BOOKING.update()
            .where(_BOOKING.c.state == "completed", ~has_said)
            .values(unconfirmed_by=side)
        )
    waiting = sa.select(_BOOKING.c.id).where(_BOOKING.c.unconfirmed_by.is_not(None))
    op.execute(_EFFECT.delete().where(_EFFECT.c.booking_id.in_(waiting)))


def downgrade() -> None:
    """Drop the column; what was taken back stays uncounted."""
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("ck_booking_only_what_is_completed_is_unconfirmed"), type_="check"
        )
        batch_op.drop_column("unconfirmed_by")
