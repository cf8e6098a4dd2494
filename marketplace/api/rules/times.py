"""Read the times that a program sends, by the offset it names or by the clock of the offer."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from marketplace.bookings.rules.local_time import AmbiguousTime, NonexistentTime, local_instant
from marketplace.foundation.errors import N_, InvalidInput, Sentence
from marketplace.foundation.typed_input import parse_instant
from marketplace.search.rules.windows import Window

# How far from now free times are told: what can be asked for ahead, and as much of the past.
_FARTHEST = timedelta(days=800)
_USUAL_LENGTH = timedelta(days=31)


class UnclearTime(InvalidInput):
    """A time of the day that the clocks skip, or show twice."""

    def __init__(
        self, field: str, sentence: str, *, code: str, details: Mapping[str, object]
    ) -> None:
        """Keep the contract's code, and the instants that may be meant."""
        super().__init__({field: sentence})
        self.code = code
        self.details = details


def read_day(text: str, field: str) -> date:
    """Give the day; raises InvalidInput."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput({field: N_("Bitte einen Tag nach RFC 3339: 2027-03-01.")}) from None


def read_instant(text: str, field: str, zone: ZoneInfo) -> datetime:
    """Give the instant in UTC; without an offset, it is a time by the clocks of the zone.

    Raises InvalidInput, as UnclearTime where the clocks skip that time or show it twice.
    """
    instant = parse_instant(text)
    if instant is not None:
        return instant.astimezone(UTC)
    try:
        local = datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        local = None
    if local is None or parse_instant(f"{local.isoformat()}+00:00") is None:
        raise InvalidInput({field: N_("Bitte nach RFC 3339: 2027-03-01T08:00:00+01:00.")})
    try:
        return local_instant(local.date(), local.time(), zone)
    except NonexistentTime as gap:
        after = gap.after.astimezone(zone)
        raise UnclearTime(
            field,
            Sentence(
                N_(
                    "Diese Uhrzeit gibt es an dem Tag nicht, weil die Uhr vorgestellt wird. Die "
                    "nächste ist %(time)s Uhr."
                ),
                time=f"{after:%H:%M}",
            ),
            code="nonexistent_local_time",
            details={"instants": [after.isoformat()]},
        ) from None
    except AmbiguousTime as twice:
        both = [each.astimezone(zone).isoformat() for each in (twice.first, twice.second)]
        raise UnclearTime(
            field,
            Sentence(
                N_(
                    "Diese Uhrzeit gibt es an dem Tag zweimal, weil die Uhr zurückgestellt wird. "
                    "Bitte mit Zeitzone: %(first)s oder %(second)s."
                ),
                first=both[0],
                second=both[1],
            ),
            code="ambiguous_local_time",
            details={"instants": both},
        ) from None


def read_period(start: str, end: str, zone: ZoneInfo, *, now: datetime) -> Window:
    """Give the time whose free capacity is asked for: `from` and `to`, by default the next month.

    Raises InvalidInput.
    """
    first = read_instant(start, "from", zone) if start else now.replace(second=0, microsecond=0)
    last = read_instant(end, "to", zone) if end else first + _USUAL_LENGTH
    for field, instant in (("from", first), ("to", last)):
        if abs(instant - now) > _FARTHEST:
            raise InvalidInput({field: N_("Möglich sind zwei Jahre vor und zurück.")})
    if last <= first:
        raise InvalidInput({"to": N_("Das Ende muss nach dem Anfang liegen.")})
    return Window(first, last)
