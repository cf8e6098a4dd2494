"""The forms by which organisations ask for an offer and answer."""

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask_babel import gettext, lazy_gettext
from wtforms import IntegerField, SelectField, TextAreaField, TimeField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs
from wtforms.validators import InputRequired, Optional

from marketplace.bookings.rules.local_time import (
    AmbiguousTime,
    NonexistentTime,
    day_start,
    days_as_instants,
    local_instant,
)
from marketplace.bookings.rules.opening import BERLIN
from marketplace.bookings.rules.requests import LONGEST_REASON, BookingRequest
from marketplace.foundation.typed_input import parse_clock
from marketplace.foundation.web.forms import DayField, Form, Needed, TextLength
from marketplace.messaging.rules.messages import LONGEST_MESSAGE
from marketplace.messaging.web.forms import OnceForm, tidied

_FIRST, _SECOND = "first", "second"


class ClockField(TimeField):
    """A time of the day, as the browser's time field sends it or as people type it: 7:30."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time; keeps what was typed when it is none."""
        text = valuelist[0].strip() if valuelist else ""
        self.raw_data = [text]
        self.data = None
        if not text:
            return
        self.data = parse_clock(text)
        if self.data is None:
            raise ValueError(gettext("Das ist keine Uhrzeit. Bitte so schreiben: 7:30."))


class PeriodForm(Form):
    """A time: whole days, or from one time of the day to another.

    A missing last day means one day only. Where a time happens twice, because the clocks are set
    back, the form asks which one is meant.
    """

    start = DayField(
        lazy_gettext("Erster Tag"), [Needed(lazy_gettext("Bitte geben Sie den ersten Tag an."))]
    )
    end = DayField(lazy_gettext("Letzter Tag"), [Optional()])
    start_time = ClockField(lazy_gettext("Von"), [Optional()])
    end_time = ClockField(lazy_gettext("Bis"), [Optional()])
    start_which = SelectField(
        lazy_gettext("Welche von beiden am Anfang?"), choices=[], validate_choice=False
    )
    end_which = SelectField(
        lazy_gettext("Welche von beiden am Ende?"), choices=[], validate_choice=False
    )
    zone: ZoneInfo = BERLIN

    def period(self) -> tuple[datetime | None, datetime | None]:
        """Give `[start, end)` in UTC once the form is valid; None with its sentence at the field.

        Without times they are whole days; with one, the day of the other counts as a whole.
        """
        first = self.start.data
        assert first is not None  # noqa: S101 (needed, and the form is valid)
        last = self.end.data or first
        if self.start_time.data is None and self.end_time.data is None:
            if last < first:
                self.end.errors = [
                    gettext(
                        "Der letzte Tag liegt vor dem ersten. Für einen einzigen Tag geben Sie "
                        "beide gleich an."
                    )
                ]
                return None, None
            return days_as_instants(first, last, self.zone)
        start = (
            day_start(first, self.zone)
            if self.start_time.data is None
            else self._instant(first, self.start_time, self.start_which)
        )
        end = (
            days_as_instants(last, last, self.zone)[1]
            if self.end_time.data is None
            else self._instant(last, self.end_time, self.end_which)
        )
        return start, end

    def _instant(self, day: date, clock: ClockField, which: SelectField) -> datetime | None:
        second = {_FIRST: False, _SECOND: True}.get(which.data or "")
        try:
            return local_instant(day, clock.data or time.min, self.zone, second=second)
        except NonexistentTime as gap:
            clock.errors = [
                gettext(
                    "Diese Uhrzeit gibt es an dem Tag nicht, weil die Uhr vorgestellt wird. Die "
                    "nächste ist %(time)s Uhr.",
                    time=f"{gap.after.astimezone(self.zone):%H:%M}",
                )
            ]
        except AmbiguousTime:
            which.choices = [
                SelectChoice("", gettext("bitte wählen")),
                SelectChoice(_FIRST, gettext("die erste (Sommerzeit)")),
                SelectChoice(_SECOND, gettext("die zweite (Winterzeit)")),
            ]
            which.errors = [
                gettext(
                    "Diese Uhrzeit gibt es an dem Tag zweimal, weil die Uhr zurückgestellt wird."
                )
            ]
        return None


class ProposalForm(PeriodForm):
    """A time, and how much of an offer."""

    quantity = IntegerField(
        lazy_gettext("Menge"),
        [InputRequired(lazy_gettext("Bitte geben Sie eine Menge an."))],
        default=1,
    )
    message = TextAreaField()

    def request(self) -> BookingRequest | None:
        """Give what is asked for, once the form is valid; None: a time needs another look."""
        start, end = self.period()
        if start is None or end is None:
            return None
        return BookingRequest(
            start=start, end=end, quantity=self.quantity.data, message=self.message.data or ""
        )


class AskForm(OnceForm, ProposalForm):
    """Time, quantity and a message."""

    def request(self) -> BookingRequest | None:
        """Give what is asked for, with the form's id."""
        asked = super().request()
        return asked and replace(asked, form_id=self.form_id.data or "")

    message = TextAreaField(
        lazy_gettext("Ihre Nachricht"),
        [
            Needed(lazy_gettext("Bitte schreiben Sie, wofür Sie es brauchen.")),
            TextLength(most=LONGEST_MESSAGE),
        ],
        filters=[tidied],
    )


class CounterForm(ProposalForm):
    """Another time or quantity, with a word on it."""

    id_prefix = "counter"

    message = TextAreaField(
        lazy_gettext("Dazu schreiben"),
        [Optional(), TextLength(most=LONGEST_REASON)],
        filters=[tidied],
    )


class ReasonForm(Form):
    """Why one says no: the other side reads it."""

    id_prefix = "reason"

    reason = TextAreaField(
        lazy_gettext("Grund"),
        [
            Needed(lazy_gettext("Bitte schreiben Sie in einem Satz, warum.")),
            TextLength(most=LONGEST_REASON),
        ],
        filters=[tidied],
    )


class HelpForm(OnceForm):
    """A message to those who look for something, and which own offer is meant."""

    offer = SelectField(lazy_gettext("Unser Angebot dazu"), choices=[], validate_choice=False)
    message = TextAreaField(
        lazy_gettext("Ihre Nachricht"),
        [
            Needed(lazy_gettext("Bitte schreiben Sie, womit und wann Sie helfen können.")),
            TextLength(most=LONGEST_MESSAGE),
        ],
        filters=[tidied],
    )
