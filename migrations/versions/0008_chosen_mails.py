"""Which mails somebody wants, and how soon."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the choices; find quickly what is collected for an address."""
    op.create_table(
        "mail_choice",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("pace", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_mail_choice_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_mail_choice_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_choice")),
        sa.UniqueConstraint(
            "district_id",
            "person_id",
            "topic",
            name=op.f("uq_mail_choice_district_id_person_id_topic"),
        ),
    )
    with op.batch_alter_table("mail_choice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mail_choice_district_id"), ["district_id"], unique=False
        )
    with op.batch_alter_table("outgoing_mail", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outgoing_mail_recipient_state", ["recipient", "state"], unique=False
        )
    if op.get_bind().dialect.name == "postgresql":
        condition = "district_id = current_setting('marketplace.district_id', true)"
        op.execute("ALTER TABLE mail_choice ENABLE ROW LEVEL SECURITY")
        op.execute(
            "CREATE POLICY mail_choice_district ON mail_choice "
            f"USING ({condition}) WITH CHECK ({condition})"
        )


def downgrade() -> None:
    """Take the choices away: from then on mails go out at once again."""
    with op.batch_alter_table("outgoing_mail", schema=None) as batch_op:
        batch_op.drop_index("ix_outgoing_mail_recipient_state")
    op.drop_table("mail_choice")
