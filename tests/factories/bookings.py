"""Requests for tests; state only what matters."""

from datetime import date
from typing import Any

from marketplace.bookings.rules.requests import BookingRequest
from marketplace.listings.rules.drafts import FreeDays
from marketplace.search.rules.windows import Window


def make_request(
    first: date = date(2026, 10, 5),
    last: date = date(2026, 10, 9),
    **changes: Any,  # noqa: ANN401 (any part of a request)
) -> BookingRequest:
    """Give a request for one piece from 5 to 9 October 2026, whole days."""
    period = whole_days(first, last) if first <= last else None
    values: dict[str, Any] = {
        "start": period.start if period else whole_days(first, first).start,
        "end": period.end if period else whole_days(last, last).end,
        "quantity": 1,
        "message": "Wir holen ihn selbst ab.",
        **changes,
    }
    return BookingRequest(**values)


def whole_days(first: date, last: date) -> Window:
    """Give the time from the first day to the last, both inclusive, by Berlin's calendar."""
    return Window(*FreeDays(first=first, last=last).as_instants())
