"""Hours by the week and terms of time as an owner sets them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from zoneinfo import available_timezones

from marketplace.bookings.rules.opening import BERLIN, MIDNIGHT, Hours
from marketplace.foundation.errors import N_, InvalidInput, Sentence

# domain.md 3.3: lead time in hours.
LONGEST_LEAD_HOURS = 720
LONGEST_PERIOD_HOURS = 24 * 365
MOST_HOURS_A_DAY = 4


@dataclass(frozen=True, kw_only=True)
class ScheduleTerms:
    """What an owner says; `weekly` as in opening.Opening. None: no bound."""

    weekly: Mapping[int, tuple[Hours, ...]] = field(default_factory=dict)
    closed_on_holidays: bool = False
    lead_hours: int = 0
    shortest_hours: int | None = None
    longest_hours: int | None = None
    smallest_quantity: int = 1
    zone: str = BERLIN.key

    def weekly_as_stored(self) -> dict[str, list[list[str]]]:
        """Give the hours as models.OfferSchedule keeps them."""
        return {
            str(weekday): [
                [f"{each.start:%H:%M}", MIDNIGHT if each.end is None else f"{each.end:%H:%M}"]
                for each in hours
            ]
            for weekday, hours in sorted(self.weekly.items())
            if hours
        }


def checked_terms(terms: ScheduleTerms, *, quantity: int) -> ScheduleTerms:
    """Give the terms; raises InvalidInput with a sentence for each field that cannot stay so.

    `quantity`: how much the offer has at all.
    """
    problems: dict[str, str] = {}
    for weekday, hours in terms.weekly.items():
        if problem := _hours_problem(hours):
            problems[f"weekly.{weekday}"] = problem
    if not 0 <= terms.lead_hours <= LONGEST_LEAD_HOURS:
        problems["lead_hours"] = Sentence(
            N_("Möglich sind 0 bis %(most)s Stunden."), most=LONGEST_LEAD_HOURS
        )
    for name, value in (
        ("shortest_hours", terms.shortest_hours),
        ("longest_hours", terms.longest_hours),
    ):
        if value is not None and not 1 <= value <= LONGEST_PERIOD_HOURS:
            problems[name] = Sentence(
                N_("Möglich sind 1 bis %(most)s Stunden."), most=LONGEST_PERIOD_HOURS
            )
    if (
        terms.shortest_hours is not None
        and terms.longest_hours is not None
        and terms.longest_hours < terms.shortest_hours
    ):
        problems["longest_hours"] = N_("Das ist kürzer als die kürzeste Dauer.")
    if not 1 <= terms.smallest_quantity <= quantity:
        problems["smallest_quantity"] = Sentence(
            N_("Möglich sind 1 bis %(most)s, so viel bieten Sie an."), most=quantity
        )
    if terms.zone not in available_timezones():
        problems["zone"] = N_("Diese Zeitzone gibt es nicht. Üblich ist Europe/Berlin.")
    if problems:
        raise InvalidInput(problems)
    return terms


def _hours_problem(hours: tuple[Hours, ...]) -> str | None:
    if len(hours) > MOST_HOURS_A_DAY:
        return Sentence(N_("Höchstens %(most)s Zeiten am Tag."), most=MOST_HOURS_A_DAY)
    ordered = sorted(hours, key=lambda each: each.start)
    for each in ordered:
        if each.end is not None and each.end <= each.start:
            return N_("Das Ende liegt vor dem Anfang.")
    for each, following in pairwise(ordered):
        if each.end is None or following.start < each.end:
            return N_("Diese Zeiten überschneiden sich.")
    return None
