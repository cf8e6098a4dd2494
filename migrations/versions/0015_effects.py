"""Effects of closed deals, who wants to be named, and the district's factors of emissions."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OWNED_TABLES = ("emission_factor", "engagement_choice", "effect")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "emission_factor",
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("low", sa.Float(), nullable=False),
        sa.Column("high", sa.Float(), nullable=False),
        sa.Column("displacement_low", sa.Float(), nullable=False),
        sa.Column("displacement_high", sa.Float(), nullable=False),
        sa.Column("source_title", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "low >= 0 AND low <= high", name=op.f("ck_emission_factor_low_below_high")
        ),
        sa.CheckConstraint(
            "displacement_low >= 0 AND displacement_low <= displacement_high AND displacement_high <= 1",
            name=op.f("ck_emission_factor_displacement_is_a_share"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "entered_by"],
            ["person.district_id", "person.id"],
            name=op.f("fk_emission_factor_district_id_entered_by"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_emission_factor_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emission_factor")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_emission_factor_district_id_id")),
        sa.UniqueConstraint(
            "district_id", "category", name=op.f("uq_emission_factor_district_id_category")
        ),
    )
    with op.batch_alter_table("emission_factor", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_emission_factor_district_id"), ["district_id"], unique=False
        )

    op.create_table(
        "engagement_choice",
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("as_giver", sa.Boolean(), nullable=False),
        sa.Column("as_recipient", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "organisation_id"],
            ["organisation.district_id", "organisation.id"],
            name=op.f("fk_engagement_choice_district_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_engagement_choice_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_choice")),
        sa.UniqueConstraint(
            "district_id",
            "organisation_id",
            name=op.f("uq_engagement_choice_district_id_organisation_id"),
        ),
    )
    with op.batch_alter_table("engagement_choice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_engagement_choice_district_id"), ["district_id"], unique=False
        )

    op.create_table(
        "effect",
        sa.Column("claim_id", sa.Text(), nullable=True),
        sa.Column("booking_id", sa.Text(), nullable=True),
        sa.Column("listing_id", sa.Text(), nullable=False),
        sa.Column("giver_id", sa.Text(), nullable=False),
        sa.Column("receiver_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("kilograms", sa.Float(), nullable=True),
        sa.Column("weight_basis", sa.Text(), nullable=False),
        sa.Column("hours", sa.Float(), nullable=False),
        sa.Column("person_days", sa.Integer(), nullable=False),
        sa.Column("is_anonymous", sa.Boolean(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "claim_id IS NOT NULL OR booking_id IS NOT NULL", name=op.f("ck_effect_has_a_source")
        ),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name=op.f("ck_effect_month_of_the_year")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_effect_quantity_above_zero")),
        sa.ForeignKeyConstraint(
            ["district_id", "claim_id"],
            ["claim.district_id", "claim.id"],
            name=op.f("fk_effect_district_id_claim_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "booking_id"],
            ["booking.district_id", "booking.id"],
            name=op.f("fk_effect_district_id_booking_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "listing_id"],
            ["listing.district_id", "listing.id"],
            name=op.f("fk_effect_district_id_listing_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "giver_id"],
            ["organisation.district_id", "organisation.id"],
            name=op.f("fk_effect_district_id_giver_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "receiver_id"],
            ["organisation.district_id", "organisation.id"],
            name=op.f("fk_effect_district_id_receiver_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_effect_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effect")),
        sa.UniqueConstraint("district_id", "claim_id", name=op.f("uq_effect_district_id_claim_id")),
        sa.UniqueConstraint(
            "district_id", "booking_id", name=op.f("uq_effect_district_id_booking_id")
        ),
    )
    with op.batch_alter_table("effect", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_effect_district_id"), ["district_id"], unique=False)
        batch_op.create_index("ix_effect_year", ["district_id", "year"], unique=False)
        batch_op.create_index("ix_effect_giver", ["giver_id", "year"], unique=False)

    if op.get_bind().dialect.name == "postgresql":
        condition = "district_id = current_setting('marketplace.district_id', true)"
        for table in OWNED_TABLES:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(
                f"CREATE POLICY {table}_district ON {table} "
                f"USING ({condition}) WITH CHECK ({condition})"
            )


def downgrade() -> None:
    """Take them back, with all effects."""
    for table in ("effect", "engagement_choice", "emission_factor"):
        op.drop_table(table)
