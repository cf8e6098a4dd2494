"""The lines of a lot, and what both sides write down when it changes hands."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OWNED_TABLES = ("handover", "gift_line")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "handover",
        sa.Column("claim_id", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("photo_sha256", sa.Text(), nullable=False),
        sa.Column("noted_side", sa.Text(), nullable=False),
        sa.Column("noted_by", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_handover_quantity_above_zero")),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR confirmed_by IS NOT NULL",
            name=op.f("ck_handover_confirmed_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "claim_id"],
            ["claim.district_id", "claim.id"],
            name=op.f("fk_handover_district_id_claim_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "noted_by"],
            ["person.district_id", "person.id"],
            name=op.f("fk_handover_district_id_noted_by"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "confirmed_by"],
            ["person.district_id", "person.id"],
            name=op.f("fk_handover_district_id_confirmed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_handover_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        sa.UniqueConstraint(
            "district_id", "claim_id", name=op.f("uq_handover_district_id_claim_id")
        ),
    )
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handover_district_id"), ["district_id"], unique=False)

    op.create_table(
        "gift_line",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("listing_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("year_of_make", sa.Integer(), nullable=True),
        sa.Column("dimensions", sa.Text(), nullable=False),
        sa.Column("weight_kg", sa.Double(), nullable=True),
        sa.Column("is_weight_estimated", sa.Boolean(), nullable=False),
        sa.Column("data_carriers", sa.Text(), nullable=False),
        sa.Column("inspected_on", sa.Date(), nullable=True),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_gift_line_quantity_above_zero")),
        sa.ForeignKeyConstraint(
            ["district_id", "listing_id"],
            ["listing.district_id", "listing.id"],
            name=op.f("fk_gift_line_district_id_listing_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_gift_line_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_line")),
    )
    with op.batch_alter_table("gift_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gift_line_district_id"), ["district_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_gift_line_listing_id"), ["listing_id"], unique=False)

    if op.get_bind().dialect.name == "postgresql":
        condition = "district_id = current_setting('marketplace.district_id', true)"
        for table in OWNED_TABLES:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(
                f"CREATE POLICY {table}_district ON {table} "
                f"USING ({condition}) WITH CHECK ({condition})"
            )


def downgrade() -> None:
    """Take them back, with what was written down."""
    op.drop_table("gift_line")
    op.drop_table("handover")
