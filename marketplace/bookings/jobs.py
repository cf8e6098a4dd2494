"""What happens to bookings when their time has come."""

from marketplace.bookings.operations.answering import lapse_booking as lapse
from marketplace.bookings.operations.reminding import remind_of_booking as remind
from marketplace.bookings.rules.reminders import Reminder
from marketplace.foundation.errors import NotFound
from marketplace.foundation.identifiers import BookingId, ListingId
from marketplace.foundation.jobs.worker import JobContext, job
from marketplace.listings.operations.listings import refresh_index
from marketplace.listings.queries import listing_by_id


@job("lapse_booking")
def lapse_booking(context: JobContext, booking_id: str) -> None:
    """Let a request lapse, unless it was answered meanwhile."""
    with context.unit_of_work() as work:
        lapse(work, BookingId(booking_id))


@job("remind_of_booking")
def remind_of_booking(context: JobContext, booking_id: str, reminder: str, at: str) -> None:
    """Send a reminder, if what it is about is still to come and was not moved."""
    with context.unit_of_work() as work:
        remind(work, BookingId(booking_id), Reminder(reminder), planned=at)


@job("index_free_times")
def index_free_times(context: JobContext, listing_id: str) -> None:
    """Let searches find an offer by what is free now."""
    with context.unit_of_work() as work:
        try:
            listing = listing_by_id(work, ListingId(listing_id), lock=True)
        except NotFound:
            return
        refresh_index(work, listing)
