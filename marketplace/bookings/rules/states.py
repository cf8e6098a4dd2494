"""States of a booking."""

from enum import StrEnum


class BookingState(StrEnum):
    """States of the contract, section 6, as far as they are reached."""

    REQUESTED = "requested"
