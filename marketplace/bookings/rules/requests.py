"""What may be asked of an offer before anybody looks at what is free."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from marketplace.bookings.rules.local_time import first_and_last_day, is_whole_days
from marketplace.bookings.rules.plans import Plan, Shortage
from marketplace.foundation.errors import N_, InvalidInput, Sentence
from marketplace.messaging.rules.messages import message_problem, tidy_message
from marketplace.search.rules.windows import Window

# security.md, limits: nobody plans idle machines further ahead.
HORIZON_MONTHS = 24
LONGEST_REASON = 1_000
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class BookingRequest:
    """What somebody asks for: `[start, end)` in UTC and a quantity in the offer's unit.

    None: nothing usable was said. `form_id`: made for one form; what comes a second time with it
    is one request. Empty: it came from no form.
    """

    start: datetime | None
    end: datetime | None
    quantity: int | None
    message: str = ""
    form_id: str = ""


def settled_request(request: BookingRequest, plan: Plan, *, now: datetime) -> tuple[Window, int]:
    """Give the time and the quantity that are asked for, whether or not they are free.

    Raises InvalidInput with a sentence for each of `start`, `end`, `quantity` and `message` that
    cannot stay so.
    """
    problems = {
        **_time_problems(request, plan, now),
        **_quantity_problems(request, plan),
    }
    if problem := message_problem(tidy_message(request.message)):
        problems["message"] = problem
    if problems or request.start is None or request.end is None or request.quantity is None:
        raise InvalidInput(problems)
    return Window(request.start, request.end), request.quantity


def settled_proposal(request: BookingRequest, plan: Plan, *, now: datetime) -> tuple[Window, int]:
    """Give what a counter-offer proposes; the owner's own terms bind only those who ask.

    Raises InvalidInput as `settled_request` does; a message is not needed.
    """
    bare = Plan(quantity=plan.quantity, opening=plan.opening, budget=plan.budget)
    problems = {**_time_problems(request, bare, now), **_quantity_problems(request, bare)}
    if problems or request.start is None or request.end is None or request.quantity is None:
        raise InvalidInput(problems)
    return Window(request.start, request.end), request.quantity


def checked_reason(text: str) -> str:
    """Give the tidy reason that the other side reads; raises InvalidInput (`reason`)."""
    tidy = tidy_message(text)
    if not tidy:
        raise InvalidInput({"reason": N_("Bitte schreiben Sie in einem Satz, warum.")})
    if len(tidy) > LONGEST_REASON:
        raise InvalidInput(
            {"reason": Sentence(N_("Höchstens %(most)s Zeichen."), most=LONGEST_REASON)}
        )
    return tidy


def shortage_sentence(shortage: Shortage, zone: ZoneInfo) -> Sentence:
    """Say how much is free when, around the wanted time."""
    tight = shortage.tightest
    position = shortage.pieces.index(tight)
    before = shortage.pieces[position - 1].free if position > 0 else None
    after = shortage.pieces[position + 1].free if position + 1 < len(shortage.pieces) else None
    start, end = shortage.edges_of(tight)
    days = written_time(Window(start or shortage.wanted.start, end or shortage.wanted.end), zone)
    if tight.is_closed:
        return _closed_sentence(shortage, days)
    if before is None and after is None:
        return Sentence(
            N_("Das passt nicht mehr hinein. Frei: %(free)s (%(days)s)."),
            free=tight.free,
            days=days,
        )
    if before is None:
        return Sentence(
            N_("Das passt nicht mehr hinein. Frei: %(free)s (%(days)s), danach %(after)s."),
            free=tight.free,
            days=days,
            after=after,
        )
    if after is None:
        return Sentence(
            N_("Das passt nicht mehr hinein. Frei: %(free)s (%(days)s), davor %(before)s."),
            free=tight.free,
            days=days,
            before=before,
        )
    return Sentence(
        N_(
            "Das passt nicht mehr hinein. Frei: %(free)s (%(days)s), davor %(before)s und danach "
            "%(after)s."
        ),
        free=tight.free,
        days=days,
        before=before,
        after=after,
    )


def _closed_sentence(shortage: Shortage, days: str) -> Sentence:
    if shortage.over_night:
        return Sentence(
            N_(
                "Geschlossen: %(days)s. Nachts ist immer zu: Fragen Sie jeden Tag einzeln und mit "
                "Uhrzeit an."
            ),
            days=days,
        )
    return Sentence(
        N_("Nicht zu haben: %(days)s. Bitte wählen Sie eine andere Zeit."),
        days=days,
    )


def written_time(period: Window, zone: ZoneInfo) -> str:
    """Write a time: "5.10.2026 – 9.10.2026" for whole days, else with the hours."""
    first, last = first_and_last_day(period.start, period.end, zone)
    if is_whole_days(period.start, period.end, zone):
        return _written(first) if first == last else f"{_written(first)} – {_written(last)}"
    start, end = period.start.astimezone(zone), period.end.astimezone(zone)
    if start.date() == end.date():
        return f"{_written(first)}, {start:%H:%M} – {end:%H:%M}"
    return f"{_written(first)}, {start:%H:%M} – {_written(end.date())}, {end:%H:%M}"


def written_instant(at: datetime, zone: ZoneInfo) -> str:
    """Write an instant by the clock of the zone: "3.10.2026, 14:00", or the day that ends then."""
    local = at.astimezone(zone)
    if local.time() == time.min:
        return f"{_written(local.date() - _DAY)}, 24:00"
    return f"{_written(local.date())}, {local:%H:%M}"


def _time_problems(request: BookingRequest, plan: Plan, now: datetime) -> dict[str, str]:
    problems: dict[str, str] = {}
    zone = plan.opening.zone
    today = now.astimezone(zone).date()
    horizon = months_later(today, HORIZON_MONTHS)
    start, end = request.start, request.end
    if start is None:
        problems["start"] = N_("Bitte geben Sie den ersten Tag an.")
    elif end is not None and end <= now:
        problems["start"] = N_("Diese Zeit ist vorbei. Anfragen können Sie ab heute.")
    elif start.astimezone(zone).date() < today:
        problems["start"] = N_("Dieser Tag ist vorbei. Anfragen können Sie ab heute.")
    elif start.astimezone(zone).date() > horizon:
        problems["start"] = _too_far(horizon)
    elif start < now + plan.lead and plan.lead:
        problems["start"] = Sentence(
            N_("Bitte fragen Sie mindestens %(lead)s vorher an."), lead=written_length(plan.lead)
        )
    if end is None:
        problems["end"] = N_("Bitte geben Sie den letzten Tag an.")
    elif start is not None and end <= start:
        problems["end"] = N_(
            "Das Ende liegt vor dem Anfang. Für einen einzigen Tag geben Sie beide Tage gleich an."
        )
    elif (end - timedelta(microseconds=1)).astimezone(zone).date() > horizon:
        problems["end"] = _too_far(horizon)
    elif start is not None and not problems:
        problems |= _length_problems(Window(start, end), plan)
    return problems


def _length_problems(period: Window, plan: Plan) -> dict[str, str]:
    zone = plan.opening.zone
    length = period.end - period.start
    if is_whole_days(period.start, period.end, zone):  # a day is a day when the clocks change
        first, last = first_and_last_day(period.start, period.end, zone)
        length = last - first + _DAY
    if plan.shortest is not None and length < plan.shortest:
        return {
            "end": Sentence(
                N_("Das gibt es nur für mindestens %(least)s am Stück."),
                least=written_length(plan.shortest),
            )
        }
    if plan.longest is not None and length > plan.longest:
        return {
            "end": Sentence(
                N_("Das gibt es nur für höchstens %(most)s am Stück."),
                most=written_length(plan.longest),
            )
        }
    return {}


def _quantity_problems(request: BookingRequest, plan: Plan) -> dict[str, str]:
    if request.quantity is None or request.quantity < 1:
        return {"quantity": N_("Bitte geben Sie eine Menge ab 1 an.")}
    if request.quantity < plan.smallest:
        return {
            "quantity": Sentence(
                N_("Das gibt es hier ab einer Menge von %(least)s."), least=plan.smallest
            )
        }
    return {}


def written_length(length: timedelta) -> Sentence | str:
    """Write a length of time in days or hours."""
    days, rest = divmod(length, _DAY)
    if not rest and days == 1:
        return Sentence(N_("einen Tag"))
    if not rest:
        return Sentence(N_("%(days)s Tage"), days=days)
    hours = round(length / _HOUR, 1)
    if hours == 1:
        return Sentence(N_("eine Stunde"))
    return Sentence(N_("%(hours)s Stunden"), hours=f"{hours:g}".replace(".", ","))


def _too_far(horizon: date) -> str:
    return Sentence(
        N_("So weit voraus geht es noch nicht. Anfragen können Sie bis zum %(day)s."),
        day=_written(horizon),
    )


def months_later(day: date, months: int) -> date:
    """Give the same day of a later month, or its last one where it is shorter."""
    later = day.month - 1 + months
    year, month = day.year + later // 12, later % 12 + 1
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    last = (first_of_next - timedelta(days=1)).day
    return date(year, month, min(day.day, last))


def _written(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"
