"""Claims to gifts, the notices that prove a status, and the district's rule of allocation."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OWNED_TABLES = ("allocation_rule", "exemption_notice", "claim", "claim_step")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "allocation_rule",
        sa.Column(
            "criteria",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_allocation_rule_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation_rule")),
        sa.UniqueConstraint("district_id", name=op.f("uq_allocation_rule_district_id")),
    )
    with op.batch_alter_table("allocation_rule", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_allocation_rule_district_id"), ["district_id"], unique=False
        )

    op.create_table(
        "exemption_notice",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("tax_office", sa.Text(), nullable=False),
        sa.Column("tax_number", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("assessment_period", sa.Text(), nullable=False),
        sa.Column(
            "purposes",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("document_name", sa.Text(), nullable=False),
        sa.Column("document_sha256", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "decided_at IS NOT NULL OR state NOT IN ('accepted', 'refused')",
            name=op.f("ck_exemption_notice_decisions_have_a_day"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "decided_by"],
            ["person.district_id", "person.id"],
            name=op.f("fk_exemption_notice_district_id_decided_by"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "organisation_id"],
            ["organisation.district_id", "organisation.id"],
            name=op.f("fk_exemption_notice_district_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_exemption_notice_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemption_notice")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_exemption_notice_district_id_id")),
    )
    with op.batch_alter_table("exemption_notice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_exemption_notice_district_id"), ["district_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_exemption_notice_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "claim",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("listing_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("thread_id", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("granted", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("intended_use", sa.Text(), nullable=False),
        sa.Column("justification", sa.Text(), nullable=False),
        sa.Column("need_by", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answer_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_over_by", sa.Text(), nullable=True),
        sa.Column("pickup_starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pickup_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "answer_until IS NOT NULL OR state != 'offered'",
            name=op.f("ck_claim_offers_have_a_deadline"),
        ),
        sa.CheckConstraint(
            "granted > 0 OR state NOT IN ('offered', 'accepted', 'collected', 'confirmed')",
            name=op.f("ck_claim_what_counts_has_a_quantity"),
        ),
        sa.CheckConstraint(
            "(pickup_starts_at IS NULL) = (pickup_ends_at IS NULL) AND (pickup_starts_at IS NULL OR pickup_starts_at < pickup_ends_at)",
            name=op.f("ck_claim_pickup_has_both_ends"),
        ),
        sa.CheckConstraint(
            "granted BETWEEN 0 AND wanted", name=op.f("ck_claim_granted_at_most_what_is_wanted")
        ),
        sa.CheckConstraint("wanted > 0", name=op.f("ck_claim_wanted_above_zero")),
        sa.ForeignKeyConstraint(
            ["district_id", "listing_id"],
            ["listing.district_id", "listing.id"],
            name=op.f("fk_claim_district_id_listing_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "organisation_id"],
            ["organisation.district_id", "organisation.id"],
            name=op.f("fk_claim_district_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_claim_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "thread_id"],
            ["thread.district_id", "thread.id"],
            name=op.f("fk_claim_district_id_thread_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_claim_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_claim_district_id_id")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(
            "ix_claim_counting", ["listing_id", "state", "granted", "district_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_claim_district_id"), ["district_id"], unique=False)
        batch_op.create_index("ix_claim_organisation", ["organisation_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_thread_id"), ["thread_id"], unique=False)
        batch_op.create_index(
            "uq_claim_under_way",
            ["district_id", "listing_id", "organisation_id"],
            unique=True,
            sqlite_where=sa.text(
                "state IN ('submitted', 'waitlisted', 'offered', 'accepted', 'collected')"
            ),
            postgresql_where=sa.text(
                "state IN ('submitted', 'waitlisted', 'offered', 'accepted', 'collected')"
            ),
        )

    op.create_table(
        "claim_step",
        sa.Column("claim_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Text(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "rule",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=True,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "claim_id"],
            ["claim.district_id", "claim.id"],
            name=op.f("fk_claim_step_district_id_claim_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_claim_step_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_claim_step_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_step")),
        sa.UniqueConstraint(
            "district_id",
            "claim_id",
            "position",
            name=op.f("uq_claim_step_district_id_claim_id_position"),
        ),
    )
    with op.batch_alter_table("claim_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_claim_step_district_id"), ["district_id"], unique=False
        )

    if op.get_bind().dialect.name == "postgresql":
        condition = "district_id = current_setting('marketplace.district_id', true)"
        for table in OWNED_TABLES:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(
                f"CREATE POLICY {table}_district ON {table} "
                f"USING ({condition}) WITH CHECK ({condition})"
            )


def downgrade() -> None:
    """Take them back, with all claims."""
    for table in ("claim_step", "allocation_rule", "exemption_notice", "claim"):
        op.drop_table(table)
