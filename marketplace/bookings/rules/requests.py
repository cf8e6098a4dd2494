"""What may be asked of an offer, and when.

This is the seam for the capacity engine. Today an offer is a quantity and its free times, and what
others have asked takes nothing away from it. The engine will take the place of `_time_problems` and
`_quantity_problem`: it gets the same request, offer and instant, and knows besides what is taken.
Whoever calls `settled_period` need not change.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from marketplace.foundation.errors import N_, InvalidInput, Sentence
from marketplace.listings.rules.drafts import ZONE, midnight
from marketplace.messaging.rules.messages import message_problem, tidy_message
from marketplace.search.rules.windows import Window, is_free, merged

# security.md, limits: nobody plans idle machines further ahead.
HORIZON_MONTHS = 24
# Free times that a refusal names: more would not be read.
_TIMES_NAMED = 4


@dataclass(frozen=True, kw_only=True)
class BookingRequest:
    """What somebody typed: days by Berlin's calendar, both inclusive; None: nothing usable."""

    first: date | None
    last: date | None
    quantity: int | None
    message: str


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What can be had at most, and when; no windows at all: whenever both agree."""

    quantity: int
    windows: tuple[Window, ...] = ()


def settled_period(
    request: BookingRequest, offer: Offer, *, now: datetime, open_requests: int, most_open: int
) -> Window:
    """Give the time that is asked for, `[start, end)`.

    Raises InvalidInput with a sentence for each of `start`, `end`, `quantity` and `message` that
    cannot stay so, and for the whole request ("") when too many others wait for an answer.
    """
    problems = _day_problems(request, now)
    if not problems and request.first is not None and request.last is not None:
        period = Window(midnight(request.first), midnight(request.last + timedelta(days=1)))
        problems = _time_problems(period, offer, now)
    problems |= _quantity_problem(request, offer)
    if problem := message_problem(tidy_message(request.message)):
        problems["message"] = problem
    if open_requests >= most_open:
        problems[""] = Sentence(
            N_(
                "%(count)s Ihrer Anfragen warten noch auf Antwort, mehr gehen nicht auf einmal. "
                "Sobald eine beantwortet ist, können Sie wieder anfragen."
            ),
            count=open_requests,
        )
    if problems:
        raise InvalidInput(problems)
    return period


def written_days(period: Window) -> str:
    """Write a time by its days, both inclusive: "5.10.2026 – 9.10.2026"."""
    first, last = _first_and_last_day(period)
    return _written(first) if first == last else f"{_written(first)} – {_written(last)}"


def _day_problems(request: BookingRequest, now: datetime) -> dict[str, str]:
    problems: dict[str, str] = {}
    today = now.astimezone(ZONE).date()
    horizon = _months_later(today, HORIZON_MONTHS)
    if request.first is None:
        problems["start"] = N_("Bitte geben Sie den ersten Tag an.")
    elif request.first < today:
        problems["start"] = N_("Dieser Tag ist vorbei. Anfragen können Sie ab heute.")
    elif request.first > horizon:
        problems["start"] = _too_far(horizon)
    if request.last is None:
        problems["end"] = N_("Bitte geben Sie den letzten Tag an.")
    elif request.first is not None and request.last < request.first:
        problems["end"] = N_(
            "Der letzte Tag liegt vor dem ersten. Für einen einzigen Tag geben Sie beide gleich an."
        )
    elif request.last > horizon:
        problems["end"] = _too_far(horizon)
    return problems


def _time_problems(period: Window, offer: Offer, now: datetime) -> dict[str, str]:
    if is_free(offer.windows, period):
        return {}
    today = midnight(now.astimezone(ZONE).date())
    coming = [
        Window(max(window.start, today), window.end)
        for window in merged(offer.windows)
        if window.end > now
    ]
    if not coming:
        return {
            "start": N_(
                "Zurzeit ist kein freier Zeitraum eingetragen. Suchen Sie nach einem anderen "
                "Angebot oder schauen Sie später wieder vorbei."
            )
        }
    begun = next((free for free in coming if free.start <= period.start < free.end), None)
    if begun is not None:
        return {
            "end": Sentence(N_("Frei ist es nur so lange: %(days)s."), days=written_days(begun))
        }
    nearest = sorted(coming, key=lambda free: abs(free.start - period.start))[:_TIMES_NAMED]
    days = ", ".join(written_days(free) for free in sorted(nearest, key=lambda free: free.start))
    return {"start": Sentence(N_("Dann ist es nicht frei. Frei ist es: %(days)s."), days=days)}


def _quantity_problem(request: BookingRequest, offer: Offer) -> dict[str, str]:
    if request.quantity is None or request.quantity < 1:
        return {"quantity": N_("Bitte geben Sie eine Menge ab 1 an.")}
    if request.quantity > offer.quantity:
        return {
            "quantity": Sentence(
                N_("So viel gibt es hier nicht: Möglich sind höchstens %(most)s."),
                most=offer.quantity,
            )
        }
    return {}


def _too_far(horizon: date) -> str:
    return Sentence(
        N_("So weit voraus geht es noch nicht. Anfragen können Sie bis zum %(day)s."),
        day=_written(horizon),
    )


def _months_later(day: date, months: int) -> date:
    """Give the same day of a later month, or its last one where it is shorter."""
    later = day.month - 1 + months
    year, month = day.year + later // 12, later % 12 + 1
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    last = (first_of_next - timedelta(days=1)).day
    return date(year, month, min(day.day, last))


def _first_and_last_day(period: Window) -> tuple[date, date]:
    last_instant = period.end - timedelta(microseconds=1)
    return period.start.astimezone(ZONE).date(), last_instant.astimezone(ZONE).date()


def _written(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"
