"""The search index by lexemes, places in metres and free stretches, and the log of its changes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OWNED_TABLES = ("search_change",)


POSTGRESQL_INDEXES = {
    # Nearest first, and circles as boxes: in three dimensions, so that the index knows chords.
    "ix_search_entry_earth": "USING gist (ST_MakePoint(x, y, z) gist_geometry_ops_nd)",
    "ix_search_entry_map": "USING gist (ST_MakePoint(lon, lat))",
    "ix_search_entry_lexemes": "USING gin (lexemes)",
    "ix_search_entry_spellings": "USING gin (search_spellings(lexemes))",
    "ix_search_entry_newest": "(district_id, direction, published_at DESC, listing_id)",
    "ix_search_entry_nowhere": "(district_id, direction) WHERE lat IS NULL",
    # Counts over the whole district without a look at the rows.
    "ix_search_entry_counts": (
        "(district_id, direction) INCLUDE (valid_until, kind, category, terms_mode, choices)"
    ),
}
# Behind a policy, PostgreSQL uses an index only for operators that are declared leakproof, and none
# of those of words, places and times is. The view confines as the policy does, with the rights of
# the table's owner, and lets every index work (docs/decisions/0007).
ENTRIES_OF_DISTRICT = """
CREATE VIEW search_entry_of_district AS
SELECT * FROM search_entry WHERE district_id = current_setting('marketplace.district_id', true)
"""
SPELLINGS = """
CREATE FUNCTION search_spellings(lexemes jsonb) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN array_to_tsvector(ARRAY(
    SELECT substr(key, 2) FROM jsonb_object_keys(lexemes) AS key WHERE key LIKE '=%'
))
"""


def _json() -> sa.types.TypeEngine[object]:
    return sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    """Add the columns, the log with its policy, and PostgreSQL's indexes."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    windows = postgresql.TSTZMULTIRANGE() if is_postgresql else sa.JSON()
    with op.batch_alter_table("search_entry", schema=None) as batch_op:
        for column in ("x", "y", "z"):
            batch_op.add_column(sa.Column(column, sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("stretches", _json(), nullable=False, server_default="[]"))
        batch_op.add_column(
            sa.Column(
                "free_times",
                windows,
                nullable=False,
                server_default="{}" if is_postgresql else "[]",
            )
        )
        batch_op.add_column(sa.Column("freshness", sa.Float(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("lexemes", _json(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("sequence", sa.Text(), nullable=False, server_default=""))
        for column in ("windows", "word_terms", "word_spellings"):
            batch_op.drop_column(column)
    op.execute("UPDATE search_entry SET analyser_version = 0")

    with op.batch_alter_table("district", schema=None) as batch_op:
        batch_op.add_column(sa.Column("synonyms", _json(), nullable=False, server_default="[]"))

    op.create_table(
        "search_change",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_search_change_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_change")),
        sa.UniqueConstraint(
            "district_id",
            "number",
            "listing_id",
            name=op.f("uq_search_change_district_id_number_listing_id"),
        ),
    )
    with op.batch_alter_table("search_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_search_change_district_id"), ["district_id"], unique=False
        )

    if is_postgresql:
        condition = "district_id = current_setting('marketplace.district_id', true)"
        for table in OWNED_TABLES:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(
                f"CREATE POLICY {table}_district ON {table} "
                f"USING ({condition}) WITH CHECK ({condition})"
            )
        op.execute(SPELLINGS)
        op.execute(ENTRIES_OF_DISTRICT)
        for name, definition in POSTGRESQL_INDEXES.items():
            op.execute(f"CREATE INDEX {name} ON search_entry {definition}")


def downgrade() -> None:
    """Take it back; the entries are analysed anew by `marketplace reindex`."""
    if op.get_bind().dialect.name == "postgresql":
        for name in POSTGRESQL_INDEXES:
            op.execute(f"DROP INDEX {name}")
        op.execute("DROP VIEW search_entry_of_district")
        op.execute("DROP FUNCTION search_spellings(jsonb)")
    op.drop_table("search_change")
    with op.batch_alter_table("district", schema=None) as batch_op:
        batch_op.drop_column("synonyms")
    op.execute("UPDATE search_entry SET analyser_version = 0")
    with op.batch_alter_table("search_entry", schema=None) as batch_op:
        for column in ("windows", "word_terms", "word_spellings"):
            empty = "[]" if column == "windows" else "{}"
            batch_op.add_column(sa.Column(column, _json(), nullable=False, server_default=empty))
        for column in ("x", "y", "z", "stretches", "free_times", "freshness", "lexemes"):
            batch_op.drop_column(column)
        batch_op.drop_column("sequence")
