"""An agreement as a file for calendars (RFC 5545)."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress

from marketplace.bookings.rules.local_time import first_and_last_day, is_whole_days


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a calendar shows; `sequence` grows with each version of the same `uid`."""

    uid: str
    sequence: int
    title: str
    text: str
    place: str
    url: str
    organiser: str  # an e-mail address
    start: datetime
    end: datetime
    zone: ZoneInfo
    stamp: datetime
    is_cancelled: bool


def calendar_file(entry: Entry) -> str:
    """Give the file that enters the agreement, or takes it out again where it was cancelled."""
    calendar = Calendar()
    calendar.add("prodid", "-//Marketplace//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if entry.is_cancelled else "PUBLISH")
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamp)
    event.add("organizer", vCalAddress(f"mailto:{entry.organiser}"))
    event.add("summary", entry.title)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    for name, value in (
        ("description", entry.text),
        ("location", entry.place),
        ("url", entry.url),
    ):
        if value:
            event.add(name, value)
    if is_whole_days(entry.start, entry.end, entry.zone):
        first, _ = first_and_last_day(entry.start, entry.end, entry.zone)
        event.add("dtstart", first)
        event.add("dtend", entry.end.astimezone(entry.zone).date())
    else:
        event.add("dtstart", entry.start)
        event.add("dtend", entry.end)
    calendar.add_component(event)
    return str(calendar.to_ical().decode())
