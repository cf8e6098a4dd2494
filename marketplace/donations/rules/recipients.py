"""Whose status is proven: until which day a tax office's notice counts, and who needs none.

Only what was seen and until when it counts is said of an organisation, never what follows from it
for anybody's taxes.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marketplace.accounts.rules.organisations import OrganisationKind


class NoticeKind(StrEnum):
    """What a tax office has given the organisation."""

    EXEMPTION = "exemption"  # Freistellungsbescheid
    ANNEX = "annex"  # Anlage zum Körperschaftsteuerbescheid
    SECTION_60A = "section_60a"  # Feststellung nach § 60a AO


class NoticeState(StrEnum):
    """What the office has decided about the proof."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REFUSED = "refused"


# AO § 63 (5): not older than so many years; counted to the day.
_YEARS = {NoticeKind.EXEMPTION: 5, NoticeKind.ANNEX: 5, NoticeKind.SECTION_60A: 3}
# They are public by what they are; the staff have seen that when they verified them.
_PUBLIC = frozenset({OrganisationKind.PUBLIC_BODY, OrganisationKind.PUBLIC_SERVICE})
# So many days before the end the organisation is reminded.
REMINDED_BEFORE_DAYS = (180, 90, 30)


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A notice as the rules see it; `day` is the day it bears."""

    kind: NoticeKind
    day: date
    state: NoticeState

    @property
    def last_day(self) -> date:
        """The last day on which it counts."""
        return years_later(self.day, _YEARS[self.kind])


def years_later(day: date, years: int) -> date:
    """Give the day on which so many years end that are counted from a day.

    It bears the same number; where its month has no such day, it is the last one of the month
    (BGB §§ 187 (1), 188 (2) and (3)).
    """
    year = day.year + years
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def is_public(kind: OrganisationKind) -> bool:
    """Tell whether an organisation is public, so that no tax office's notice is asked for."""
    return kind in _PUBLIC


def counting_notice(notices: Iterable[Notice], day: date) -> Notice | None:
    """Give the notice that counts on a day, the one that lasts longest; None: none does.

    A determination under § 60a counts only as long as no exemption was ever given (AO § 63 (5)).
    """
    standing = [each for each in _weighty(notices, day) if day <= each.last_day]
    return max(standing, key=lambda each: each.last_day, default=None)


def lapsed_notice(notices: Iterable[Notice], day: date) -> Notice | None:
    """Give the notice that counted longest before a day; None: none that lapsed ever did."""
    lapsed = [each for each in _weighty(notices, day) if each.last_day < day]
    return max(lapsed, key=lambda each: each.last_day, default=None)


def has_exemption(notices: Iterable[Notice], day: date) -> bool:
    """Tell whether an exemption was accepted, so that no determination under § 60a counts."""
    return any(each.kind is not NoticeKind.SECTION_60A for each in _weighty(notices, day))


def is_recognised(kind: OrganisationKind, notices: Iterable[Notice], day: date) -> bool:
    """Tell whether the status is proven on a day: public, or by a notice that was accepted."""
    return is_public(kind) or counting_notice(notices, day) is not None


def reminder_days(notice: Notice) -> tuple[date, ...]:
    """Give the days on which the organisation is reminded, the earliest first."""
    last = notice.last_day.toordinal()
    return tuple(date.fromordinal(last - before) for before in REMINDED_BEFORE_DAYS)


def _weighty(notices: Iterable[Notice], day: date) -> list[Notice]:
    accepted = [each for each in notices if each.state is NoticeState.ACCEPTED and each.day <= day]
    exempted = [each for each in accepted if each.kind is not NoticeKind.SECTION_60A]
    return exempted or accepted
