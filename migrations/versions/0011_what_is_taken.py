"""What is taken of an offer is read from an index alone, however many bookings it has."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the indexes, and drop the one whose work they do."""
    op.create_index(
        "ix_booking_taken",
        "booking",
        [
            "listing_id",
            "state",
            "ends_at",
            "starts_at",
            "quantity",
            "hold_until",
            "district_id",
        ],
    )
    op.create_index("ix_booking_deadline", "booking", ["listing_id", "hold_until"])
    op.create_index("ix_booking_waiting", "booking", ["organisation_id", "hold_until"])
    op.drop_index("ix_booking_listing_id_ends_at", "booking")
    op.drop_index("ix_booking_organisation_id", "booking")


def downgrade() -> None:
    """Put the former indexes back."""
    op.create_index("ix_booking_organisation_id", "booking", ["organisation_id"])
    op.create_index("ix_booking_listing_id_ends_at", "booking", ["listing_id", "ends_at"])
    op.drop_index("ix_booking_waiting", "booking")
    op.drop_index("ix_booking_deadline", "booking")
    op.drop_index("ix_booking_taken", "booking")
