"""What givers state for the papers, receipts for goods with their numbers, and their wording."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

OWNED_TABLES = ("tax_statement", "receipt_wording", "receipt_series", "receipt")


def _json() -> sa.types.TypeEngine[object]:
    return sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "tax_statement",
        sa.Column("claim_id", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("lines", _json(), nullable=False),
        sa.Column("evidence", _json(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "claim_id"],
            ["claim.district_id", "claim.id"],
            name=op.f("fk_tax_statement_district_id_claim_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_tax_statement_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_statement")),
        sa.UniqueConstraint(
            "district_id", "claim_id", name=op.f("uq_tax_statement_district_id_claim_id")
        ),
    )
    op.create_table(
        "receipt_wording",
        sa.Column("variant", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("texts", _json(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_receipt_wording_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_receipt_wording_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_wording")),
        sa.UniqueConstraint(
            "district_id",
            "variant",
            "version",
            name=op.f("uq_receipt_wording_district_id_variant_version"),
        ),
    )
    op.create_table(
        "receipt_series",
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.CheckConstraint("last > 0", name=op.f("ck_receipt_series_last_above_zero")),
        sa.ForeignKeyConstraint(
            ["district_id", "organisation_id"],
            ["organisation.district_id", "organisation.id"],
            name=op.f("fk_receipt_series_district_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_receipt_series_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_series")),
        sa.UniqueConstraint(
            "district_id",
            "organisation_id",
            "year",
            name=op.f("uq_receipt_series_district_id_organisation_id_year"),
        ),
    )
    op.create_table(
        "receipt",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("claim_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("wording_version", sa.Text(), nullable=False),
        sa.Column("wording_source", sa.Text(), nullable=False),
        sa.Column("signatory", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.Column("replaced_by", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_receipt_number_above_zero")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_receipt_amount_above_zero")),
        sa.CheckConstraint(
            "voided_at IS NOT NULL OR state != 'voided'",
            name=op.f("ck_receipt_void_ones_say_since_when"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "claim_id"],
            ["claim.district_id", "claim.id"],
            name=op.f("fk_receipt_district_id_claim_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "organisation_id"],
            ["organisation.district_id", "organisation.id"],
            name=op.f("fk_receipt_district_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_receipt_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "replaced_by"],
            ["receipt.district_id", "receipt.id"],
            name=op.f("fk_receipt_district_id_replaced_by"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_receipt_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_receipt_district_id_id")),
        sa.UniqueConstraint(
            "district_id",
            "organisation_id",
            "year",
            "number",
            name=op.f("uq_receipt_district_id_organisation_id_year_number"),
        ),
    )
    for table in OWNED_TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(
                batch_op.f(f"ix_{table}_district_id"), ["district_id"], unique=False
            )
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_receipt_claim_id"), ["claim_id"], unique=False)
        batch_op.create_index(
            "uq_receipt_standing",
            ["district_id", "claim_id"],
            unique=True,
            sqlite_where=sa.text("state != 'voided'"),
            postgresql_where=sa.text("state != 'voided'"),
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
    """Take them back, with all receipts."""
    for table in ("receipt", "receipt_series", "receipt_wording", "tax_statement"):
        op.drop_table(table)
