"""Files that go with messages."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, and let it point at messages."""
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_unique_constraint(
            batch_op.f("uq_message_district_id_id"), ["district_id", "id"]
        )
    op.create_table(
        "attachment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_attachment_size_above_zero")),
        sa.ForeignKeyConstraint(
            ["district_id", "message_id"],
            ["message.district_id", "message.id"],
            name=op.f("fk_attachment_district_id_message_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_attachment_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint(
            "district_id",
            "message_id",
            "position",
            name=op.f("uq_attachment_district_id_message_id_position"),
        ),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_attachment_district_id"), ["district_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_attachment_message_id"), ["message_id"], unique=False)

    if op.get_bind().dialect.name == "postgresql":
        condition = "district_id = current_setting('marketplace.district_id', true)"
        op.execute("ALTER TABLE attachment ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY attachment_district ON attachment USING ({condition}) "
            f"WITH CHECK ({condition})"
        )


def downgrade() -> None:
    """Take it back, with the names of all files."""
    op.drop_table("attachment")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_message_district_id_id"), type_="unique")
