"""Agreements with their steps; when offers can be had."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OWNED_TABLES = ("booking_step", "closure", "offer_schedule")


def upgrade() -> None:
    """Add the tables and what a booking says besides; requests so far keep waiting two days."""
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unit", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("proposed_by", sa.Text(), nullable=False, server_default="asker")
        )
        batch_op.add_column(sa.Column("hold_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.execute("UPDATE booking SET updated_at = created_at")
    op.execute(
        "UPDATE booking SET unit = (SELECT unit FROM listing WHERE listing.id = booking.listing_id)"
    )
    # What was asked before had no deadline: it is over, and its conversation goes on.
    op.execute("UPDATE booking SET state = 'lapsed', hold_until = NULL WHERE state = 'requested'")
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.alter_column("updated_at", nullable=False)
        batch_op.alter_column("unit", server_default=None)
        batch_op.alter_column("proposed_by", server_default=None)
        batch_op.alter_column("reason", server_default=None)
        batch_op.alter_column("version", server_default=None)
        batch_op.drop_column("answered_at")
        batch_op.create_check_constraint(
            batch_op.f("ck_booking_open_ones_have_a_deadline"),
            "hold_until IS NOT NULL OR state NOT IN ('requested', 'countered')",
        )
        batch_op.drop_index(batch_op.f("ix_booking_listing_id"))
        batch_op.create_index(
            "ix_booking_listing_id_ends_at", ["listing_id", "ends_at"], unique=False
        )

    op.create_table(
        "booking_step",
        sa.Column("booking_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Text(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "booking_id"],
            ["booking.district_id", "booking.id"],
            name=op.f("fk_booking_step_district_id_booking_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_booking_step_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_booking_step_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_step")),
        sa.UniqueConstraint(
            "district_id",
            "booking_id",
            "position",
            name=op.f("uq_booking_step_district_id_booking_id_position"),
        ),
    )
    with op.batch_alter_table("booking_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_booking_step_district_id"), ["district_id"], unique=False
        )

    op.create_table(
        "offer_schedule",
        sa.Column("listing_id", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column(
            "weekly",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("closed_on_holidays", sa.Boolean(), nullable=False),
        sa.Column("lead_hours", sa.Integer(), nullable=False),
        sa.Column("shortest_hours", sa.Integer(), nullable=True),
        sa.Column("longest_hours", sa.Integer(), nullable=True),
        sa.Column("smallest_quantity", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "smallest_quantity > 0", name=op.f("ck_offer_schedule_smallest_quantity_above_zero")
        ),
        sa.CheckConstraint("lead_hours >= 0", name=op.f("ck_offer_schedule_lead_not_negative")),
        sa.CheckConstraint(
            "shortest_hours IS NULL OR shortest_hours > 0",
            name=op.f("ck_offer_schedule_shortest_above_zero"),
        ),
        sa.CheckConstraint(
            "longest_hours IS NULL OR longest_hours > 0",
            name=op.f("ck_offer_schedule_longest_above_zero"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "listing_id"],
            ["listing.district_id", "listing.id"],
            name=op.f("fk_offer_schedule_district_id_listing_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_offer_schedule_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_schedule")),
        sa.UniqueConstraint(
            "district_id", "listing_id", name=op.f("uq_offer_schedule_district_id_listing_id")
        ),
    )
    with op.batch_alter_table("offer_schedule", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_offer_schedule_district_id"), ["district_id"], unique=False
        )

    op.create_table(
        "closure",
        sa.Column("listing_id", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_closure_starts_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["district_id", "listing_id"],
            ["listing.district_id", "listing.id"],
            name=op.f("fk_closure_district_id_listing_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_closure_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_closure_district_id_id")),
    )
    with op.batch_alter_table("closure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_closure_district_id"), ["district_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_closure_listing_id"), ["listing_id"], unique=False)

    if op.get_bind().dialect.name == "postgresql":
        condition = "district_id = current_setting('marketplace.district_id', true)"
        for table in OWNED_TABLES:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(
                f"CREATE POLICY {table}_district ON {table} "
                f"USING ({condition}) WITH CHECK ({condition})"
            )


def downgrade() -> None:
    """Take it back; agreements stay as requests that were answered."""
    op.drop_table("closure")
    op.drop_table("offer_schedule")
    op.drop_table("booking_step")
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_index("ix_booking_listing_id_ends_at")
        batch_op.create_index(batch_op.f("ix_booking_listing_id"), ["listing_id"], unique=False)
        batch_op.drop_constraint(batch_op.f("ck_booking_open_ones_have_a_deadline"), type_="check")
        batch_op.add_column(sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE booking SET answered_at = updated_at WHERE state NOT IN ('requested')")
    with op.batch_alter_table("booking", schema=None) as batch_op:
        for name in ("version", "updated_at", "reason", "hold_until", "proposed_by", "unit"):
            batch_op.drop_column(name)
