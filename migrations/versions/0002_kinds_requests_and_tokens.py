"""Sites, gates, favourites, kept forms, tokens of the API and its repeated requests."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OWNED_TABLES = (
    "api_token",
    "favourite",
    "gate_decision",
    "idempotency_record",
    "kept_form",
    "site",
)


def upgrade() -> None:
    """Add the tables and columns, each owned table with its policy."""
    op.create_table(
        "api_token",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column(
            "scopes",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_api_token_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_api_token_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_api_token_district_id_id")),
        sa.UniqueConstraint(
            "district_id", "secret_hash", name=op.f("uq_api_token_district_id_secret_hash")
        ),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_district_id"), ["district_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_api_token_person_id"), ["person_id"], unique=False)

    op.create_table(
        "idempotency_record",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column(
            "headers",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "body",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_idempotency_record_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_idempotency_record_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_record")),
        sa.UniqueConstraint(
            "district_id",
            "person_id",
            "key",
            name=op.f("uq_idempotency_record_district_id_person_id_key"),
        ),
    )
    with op.batch_alter_table("idempotency_record", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_idempotency_record_district_id"), ["district_id"], unique=False
        )

    op.create_table(
        "site",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("public_lat", sa.Double(), nullable=False),
        sa.Column("public_lon", sa.Double(), nullable=False),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "organisation_id"],
            ["organisation.district_id", "organisation.id"],
            name=op.f("fk_site_district_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_site_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_site_district_id_id")),
    )
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_district_id"), ["district_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_site_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "favourite",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("listing_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "listing_id"],
            ["listing.district_id", "listing.id"],
            name=op.f("fk_favourite_district_id_listing_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_favourite_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_favourite_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_favourite")),
        sa.UniqueConstraint(
            "district_id",
            "person_id",
            "listing_id",
            name=op.f("uq_favourite_district_id_person_id_listing_id"),
        ),
    )
    with op.batch_alter_table("favourite", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_favourite_district_id"), ["district_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_favourite_listing_id"), ["listing_id"], unique=False)

    op.create_table(
        "gate_decision",
        sa.Column("listing_id", sa.Text(), nullable=False),
        sa.Column("gate", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("text_version", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "answers",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_for", sa.Text(), nullable=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "decided_for"],
            ["person.district_id", "person.id"],
            name=op.f("fk_gate_decision_district_id_decided_for"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "listing_id"],
            ["listing.district_id", "listing.id"],
            name=op.f("fk_gate_decision_district_id_listing_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_gate_decision_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_decision")),
    )
    with op.batch_alter_table("gate_decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_gate_decision_district_id"), ["district_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_gate_decision_listing_id"), ["listing_id"], unique=False
        )

    op.create_table(
        "kept_form",
        sa.Column("listing_id", sa.Text(), nullable=False),
        sa.Column(
            "fields",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "listing_id"],
            ["listing.district_id", "listing.id"],
            name=op.f("fk_kept_form_district_id_listing_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_kept_form_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_form")),
        sa.UniqueConstraint(
            "district_id", "listing_id", name=op.f("uq_kept_form_district_id_listing_id")
        ),
    )
    with op.batch_alter_table("kept_form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kept_form_district_id"), ["district_id"], unique=False)

    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("site_id", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("service_radius_km", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("staff_reason", sa.Text(), nullable=False, server_default=""))
        batch_op.create_foreign_key(
            batch_op.f("fk_listing_district_id_site_id"),
            "site",
            ["district_id", "site_id"],
            ["district_id", "id"],
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_listing_service_radius_above_zero"),
            "service_radius_km IS NULL OR service_radius_km > 0",
        )

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("language", sa.Text(), nullable=False, server_default="de"))

    with op.batch_alter_table("search_entry", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "choices",
                sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
                nullable=False,
                server_default="[]",
            )
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
    """Take it back."""
    with op.batch_alter_table("search_entry", schema=None) as batch_op:
        batch_op.drop_column("choices")

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("language")

    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_listing_service_radius_above_zero"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_listing_district_id_site_id"), type_="foreignkey")
        batch_op.drop_column("staff_reason")
        batch_op.drop_column("service_radius_km")
        batch_op.drop_column("site_id")

    with op.batch_alter_table("kept_form", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kept_form_district_id"))

    op.drop_table("kept_form")
    with op.batch_alter_table("gate_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gate_decision_listing_id"))
        batch_op.drop_index(batch_op.f("ix_gate_decision_district_id"))

    op.drop_table("gate_decision")
    with op.batch_alter_table("favourite", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_favourite_listing_id"))
        batch_op.drop_index(batch_op.f("ix_favourite_district_id"))

    op.drop_table("favourite")
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_site_district_id"))

    op.drop_table("site")
    with op.batch_alter_table("idempotency_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotency_record_district_id"))

    op.drop_table("idempotency_record")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_token_person_id"))
        batch_op.drop_index(batch_op.f("ix_api_token_district_id"))

    op.drop_table("api_token")
