"""The words of the search, for putting typing errors right."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OWNED_TABLES = ("search_word",)


def upgrade() -> None:
    """Add the table; `marketplace migrate` fills it as it analyses the entries anew."""
    op.create_table(
        "search_word",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_search_word_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_word")),
        sa.UniqueConstraint("district_id", "word", name=op.f("uq_search_word_district_id_word")),
    )
    with op.batch_alter_table("search_word", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_search_word_district_id"), ["district_id"], unique=False
        )
    op.execute("UPDATE search_entry SET analyser_version = 0")
    if op.get_bind().dialect.name == "postgresql":
        condition = "district_id = current_setting('marketplace.district_id', true)"
        for table in OWNED_TABLES:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(
                f"CREATE POLICY {table}_district ON {table} "
                f"USING ({condition}) WITH CHECK ({condition})"
            )


def downgrade() -> None:
    """Take it back; the entries are analysed anew by `marketplace reindex`."""
    op.drop_table("search_word")
    op.execute("UPDATE search_entry SET analyser_version = 0")
