"""Which mails somebody wants, and how soon; the morning in which a day's mails come together."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

_ZONE = ZoneInfo("Europe/Berlin")
_MORNING = time(7)
_A_DAY = timedelta(days=1)


class MailTopic(StrEnum):
    """What a mail is about. Mails of no topic, about account and security, always go out."""

    AGREEMENTS = "agreements"
    MESSAGES = "messages"
    LISTINGS = "listings"
    REMINDERS = "reminders"
    MATCHES = "matches"


class Pace(StrEnum):
    """How soon the mails of a topic go out."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    NEVER = "never"


# The first one is that of who has chosen nothing. Whoever asked or agreed has somebody waiting:
# those mails can come together, but not stop. What may interest somebody comes once a day at most.
PACES: Mapping[MailTopic, tuple[Pace, ...]] = {
    MailTopic.AGREEMENTS: (Pace.AT_ONCE, Pace.DAILY),
    MailTopic.MESSAGES: tuple(Pace),
    MailTopic.LISTINGS: tuple(Pace),
    MailTopic.REMINDERS: tuple(Pace),
    MailTopic.MATCHES: (Pace.DAILY, Pace.NEVER),
}

Choices = Mapping[MailTopic, Pace]


def can_stop(topic: MailTopic) -> bool:
    """Tell whether mails of this topic can be switched off."""
    return Pace.NEVER in PACES[topic]


def next_morning(now: datetime) -> datetime:
    """Give when the mails collected from now on go out: the next 7 o'clock in Berlin."""
    local = now.astimezone(_ZONE)
    today = datetime.combine(local.date(), _MORNING, _ZONE)
    # Days of the calendar, not 24 hours: a night in which the clocks change is longer or shorter.
    morning = today if local < today else today + _A_DAY
    return morning.astimezone(now.tzinfo)


def pace_of(chosen: Pace, *, now: datetime, act_by: datetime | None) -> Pace:
    """Give how soon a mail really goes out.

    What has to be done within a day after the collected mails would arrive is told at once.
    """
    if chosen is Pace.DAILY and act_by is not None and act_by < next_morning(now) + _A_DAY:
        return Pace.AT_ONCE
    return chosen


def stopped_by(topic: MailTopic | None, choices: Choices) -> tuple[MailTopic, ...]:
    """Give the topics that a link in a mail switches off.

    `topic`: the mail's own; None: a mail of collected ones, whose topics are those chosen to be
    collected.
    """
    if topic is not None:
        return (topic,) if can_stop(topic) else ()
    return tuple(each for each in MailTopic if can_stop(each) and choices.get(each) is Pace.DAILY)
