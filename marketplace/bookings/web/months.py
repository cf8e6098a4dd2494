"""A month or a week as a table of days: for those who ask, to pick from, and for the owner."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import NamedTuple

from babel.dates import format_date, format_time
from flask_babel import get_locale, gettext

from marketplace.bookings.rules.days import Day, DayState
from marketplace.foundation.languages import DEFAULT_LANGUAGE
from marketplace.foundation.web.localisation import current_language
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import Listing
from marketplace.listings.web.labels import quantity_label

_WEEK = 7
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What stands in a day besides what is free: a booking or a closure."""

    label: str
    url: str = ""
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class DayView:
    """A cell; `words` is what is seen, `label` says all of it, and `url` picks the day."""

    iso: str
    number: int
    weekday: str
    words: str
    label: str
    tone: str  # closed, taken, partly, free; past, or soon: nobody can ask for it any more
    url: str = ""
    is_today: bool = False
    is_picked: bool = False
    entries: Sequence[Entry] = ()
    more: str = ""


@dataclass(frozen=True, kw_only=True)
class WeekView:
    """A row; None stands for days of another month."""

    label: str
    url: str
    days: tuple[DayView | None, ...]


class Way(NamedTuple):
    """A link to another table."""

    label: str
    url: str


@dataclass(frozen=True, kw_only=True)
class MonthView:
    """A table of days with the ways to the ones before and after, where there are some."""

    title: str
    weekdays: tuple[tuple[str, str], ...]
    weeks: tuple[WeekView, ...]
    previous: Way | None
    following: Way | None


def month_view(
    days: Sequence[DayView],
    first: date,
    *,
    title: str,
    previous: Way | None,
    following: Way | None,
    week_url: Callable[[date], str] | None = None,
) -> MonthView:
    """Put the cells of days that follow one another, from `first` on, into rows of weeks."""
    cells: list[DayView | None] = [*[None] * first.weekday(), *days]
    cells += [None] * (-len(cells) % _WEEK)
    monday = first - first.weekday() * _DAY
    return MonthView(
        title=title,
        weekdays=tuple(
            (_written(monday + day * _DAY, "ccc"), _written(monday + day * _DAY, "cccc"))
            for day in range(_WEEK)
        ),
        weeks=tuple(
            WeekView(
                label=gettext("KW %(week)s", week=(monday + start * _DAY).isocalendar().week),
                url=week_url(monday + start * _DAY) if week_url else "",
                days=tuple(cells[start : start + _WEEK]),
            )
            for start in range(0, len(cells), _WEEK)
        ),
        previous=previous,
        following=following,
    )


def month_title(day: date) -> str:
    """Write a month: "Oktober 2026"."""
    return _written(day, "LLLL yyyy")


def weekday_label(day: date) -> str:
    """Write the weekday in short: "Di"."""
    return _written(day, "ccc")


def day_label(day: date) -> str:
    """Write a day without its year: "Di, 6. Oktober"."""
    return _written(day, "ccc, d. MMMM" if current_language() == DEFAULT_LANGUAGE else "ccc d MMMM")


def free_words(day: Day, listing: Listing) -> str:
    """Say in a word or two what is free."""
    match day.state:
        case DayState.CLOSED:
            return gettext("zu")
        case DayState.PARTLY:
            return gettext("teils frei")
        case DayState.TAKEN if day.most == 0:
            return gettext("belegt")
        case _ if listing.quantity == 1:
            return gettext("frei")
        case _:
            return gettext("%(count)s frei", count=day.free or day.most)


def free_sentence(day: Day, listing: Listing, holidays: Mapping[date, str]) -> str:
    """Say all of it: what is free at which hours, or why nothing is."""
    if day.state is DayState.CLOSED:
        holiday = holidays.get(day.day)
        return (
            gettext("geschlossen, %(holiday)s", holiday=holiday)
            if holiday
            else gettext("geschlossen")
        )
    if day.most == 0:
        return gettext("belegt")
    words = quantity_label(KINDS[listing.kind], day.free or day.most, listing.unit)
    free = gettext("frei") if listing.quantity == 1 else gettext("%(what)s frei", what=words)
    if day.hours is None or day.is_whole:
        return free
    start, end = day.hours
    return gettext(
        "%(free)s, %(start)s bis %(end)s Uhr",
        free=free,
        start=_clock(start),
        end=_clock(end) if end else "24:00",
    )


def _clock(at: time) -> str:
    return str(format_time(at, format="H:mm", locale=get_locale()))


def _written(day: date, pattern: str) -> str:
    return str(format_date(day, format=pattern, locale=get_locale()))
