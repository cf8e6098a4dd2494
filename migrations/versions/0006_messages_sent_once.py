"""A form that is sent twice is one message."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_KEY = "uq_message_district_id_thread_id_organisation_id_repeat_key"


def upgrade() -> None:
    """Add what is the same in both."""
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("repeat_key", sa.Text(), nullable=True))
        batch_op.create_unique_constraint(
            batch_op.f(_KEY), ["district_id", "thread_id", "organisation_id", "repeat_key"]
        )


def downgrade() -> None:
    """Forget it."""
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(_KEY), type_="unique")
        batch_op.drop_column("repeat_key")
