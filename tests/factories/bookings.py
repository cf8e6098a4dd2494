"""Requests for tests; state only what matters."""

from datetime import date
from typing import Any

from marketplace.bookings.rules.requests import BookingRequest
from marketplace.listings.rules.drafts import FreeDays
from marketplace.search.rules.windows import Window


def make_request(**changes: Any) -> BookingRequest:  # noqa: ANN401 (any part of a request)
    """Give a request for one piece from 5 to 9 October 2026."""
    values: dict[str, Any] = {
        "first": date(2026, 10, 5),
        "last": date(2026, 10, 9),
        "quantity": 1,
        "message": "Wir holen ihn selbst ab.",
        **changes,
    }
    return BookingRequest(**values)


def whole_days(first: date, last: date) -> Window:
    """Give the time from the first day to the last, both inclusive, by Berlin's calendar."""
    return Window(*FreeDays(first=first, last=last).as_instants())
