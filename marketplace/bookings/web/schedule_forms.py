"""The forms by which owners say when an offer can be had: hours by the week, terms, closures."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from babel.dates import get_day_names
from flask_babel import get_locale, gettext, lazy_gettext
from wtforms import BooleanField, Field, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs
from wtforms.validators import Optional

from marketplace.bookings.models import OfferSchedule
from marketplace.bookings.operations.schedules import LONGEST_NOTE
from marketplace.bookings.rules.opening import WHOLE_DAY, Hours, weekly_hours
from marketplace.bookings.rules.schedules import ScheduleTerms
from marketplace.bookings.web.forms import ClockField, PeriodForm
from marketplace.foundation.errors import InvalidInput
from marketplace.foundation.web.forms import Form, TextLength
from marketplace.foundation.web.localisation import say_message

WEEKDAYS = range(7)
WHOLE, CLOSED, HOURS = "whole", "closed", "hours"
_HOURS_A_DAY = 24
# What the operation calls these, and what the form does.
_FIELDS = {
    "lead_hours": "lead",
    "shortest_hours": "shortest",
    "longest_hours": "longest",
    **{f"weekly.{weekday}": f"day_{weekday}" for weekday in WEEKDAYS},
}


def _unit() -> SelectField:
    return SelectField(
        lazy_gettext("Einheit"),
        choices=[
            SelectChoice("hours", lazy_gettext("Stunden")),
            SelectChoice("days", lazy_gettext("Tage")),
        ],
    )


class ScheduleForm(Form):
    """Hours for each weekday, and what holds for every request.

    Each weekday has `day_N` (whole, closed, hours) and two stretches: `day_N_from`, `day_N_to`,
    `day_N_from_2`, `day_N_to_2`; a stretch without an end lasts until midnight.
    """

    closed_on_holidays = BooleanField(lazy_gettext("An Feiertagen geschlossen"))
    lead = IntegerField(lazy_gettext("So lange vorher anfragen"), [Optional()])
    lead_unit = _unit()
    shortest = IntegerField(lazy_gettext("Kürzeste Dauer"), [Optional()])
    shortest_unit = _unit()
    longest = IntegerField(lazy_gettext("Längste Dauer"), [Optional()])
    longest_unit = _unit()
    smallest_quantity = IntegerField(lazy_gettext("Kleinste Menge"), [Optional()])

    def weekdays(self) -> list[tuple[Field, list[tuple[Field, Field]]]]:
        """Give the question of each weekday with its two stretches."""
        names = get_day_names(locale=get_locale())
        rows = []
        for weekday in WEEKDAYS:
            question = self[f"day_{weekday}"]
            question.label.text = names[weekday].capitalize()
            stretches = [
                (self[f"day_{weekday}_from{suffix}"], self[f"day_{weekday}_to{suffix}"])
                for suffix in ("", "_2")
            ]
            rows.append((question, stretches))
        return rows

    def terms(self, zone: str) -> ScheduleTerms | None:
        """Give what was said, once the form is valid; None: a day needs another look."""
        weekly = {}
        for weekday, (question, stretches) in enumerate(self.weekdays()):
            if question.data == CLOSED:
                continue
            hours = (WHOLE_DAY,) if question.data == WHOLE else _hours(stretches)
            if not hours:
                question.errors = [gettext("Bitte geben Sie an, von wann bis wann.")]
            weekly[weekday] = hours
        if not weekly:
            self.form_errors.append(
                gettext(
                    "So wäre es nie zu haben. Wenn gerade nichts geht, pausieren Sie das Angebot "
                    "oder tragen Sie eine Schließzeit ein."
                )
            )
        if not weekly or any(not hours for hours in weekly.values()):
            return None
        is_always = len(weekly) == len(WEEKDAYS) and set(weekly.values()) == {(WHOLE_DAY,)}
        return ScheduleTerms(
            weekly={} if is_always else weekly,
            closed_on_holidays=self.closed_on_holidays.data,
            lead_hours=self._length("lead") or 0,
            shortest_hours=self._length("shortest"),
            longest_hours=self._length("longest"),
            smallest_quantity=1
            if self.smallest_quantity.data is None
            else self.smallest_quantity.data,
            zone=zone,
        )

    def show_refusal(self, refusal: InvalidInput) -> None:
        """Put the sentences beside the fields, which have names of their own here."""
        for name, message in refusal.errors.items():
            sentence = say_message(message, refusal.values)
            field = self._fields.get(_FIELDS.get(name, name))
            if field is None:
                self.form_errors.append(sentence)
            else:
                field.errors = [*field.errors, sentence]

    def _length(self, name: str) -> int | None:
        count: int | None = self[name].data
        if count is None:
            return None
        return count * _HOURS_A_DAY if self[f"{name}_unit"].data == "days" else count


def _hours(stretches: list[tuple[Field, Field]]) -> tuple[Hours, ...]:
    found = []
    for start, end in stretches:
        if start.data is None and end.data is None:
            continue
        until = end.data if end.data != time.min else None
        found.append(Hours(start.data or time.min, until))
    return tuple(found)


for _weekday in WEEKDAYS:
    setattr(
        ScheduleForm,
        f"day_{_weekday}",
        SelectField(
            choices=[
                SelectChoice(WHOLE, lazy_gettext("ganztägig")),
                SelectChoice(HOURS, lazy_gettext("zu bestimmten Zeiten")),
                SelectChoice(CLOSED, lazy_gettext("geschlossen")),
            ],
        ),
    )
    for _suffix in ("", "_2"):
        for _end, _label in (("from", lazy_gettext("Von")), ("to", lazy_gettext("Bis"))):
            setattr(
                ScheduleForm, f"day_{_weekday}_{_end}{_suffix}", ClockField(_label, [Optional()])
            )


def schedule_form(schedule: OfferSchedule | None) -> ScheduleForm:
    """Give the form with what is set now."""
    return ScheduleForm(formdata=None, data=_stored(schedule) if schedule else _usual())


def _usual() -> Mapping[str, Any]:
    return {**{f"day_{weekday}": WHOLE for weekday in WEEKDAYS}, "smallest_quantity": 1}


def _stored(schedule: OfferSchedule) -> Mapping[str, Any]:
    values: dict[str, Any] = {
        "closed_on_holidays": schedule.closed_on_holidays,
        "smallest_quantity": schedule.smallest_quantity,
    }
    for name, hours in (
        ("lead", schedule.lead_hours or None),
        ("shortest", schedule.shortest_hours),
        ("longest", schedule.longest_hours),
    ):
        whole_days = hours is not None and hours % _HOURS_A_DAY == 0
        values[name] = hours // _HOURS_A_DAY if hours is not None and whole_days else hours
        values[f"{name}_unit"] = "days" if whole_days else "hours"
    weekly = weekly_hours(schedule.weekly)
    for weekday in WEEKDAYS:
        day = weekly.get(weekday, ()) if weekly else (WHOLE_DAY,)
        values[f"day_{weekday}"] = CLOSED if not day else WHOLE if day == (WHOLE_DAY,) else HOURS
        if values[f"day_{weekday}"] == HOURS:
            for each, suffix in zip(day, ("", "_2"), strict=False):
                values[f"day_{weekday}_from{suffix}"] = each.start
                values[f"day_{weekday}_to{suffix}"] = each.end or time.min
    return values


class ClosureForm(PeriodForm):
    """A time in which it cannot be had, and why; the reason is the owner's own."""

    id_prefix = "closure"

    note = StringField(
        lazy_gettext("Wofür? Das sehen nur Sie."), [Optional(), TextLength(most=LONGEST_NOTE)]
    )


def closure_form(first: date | None = None) -> ClosureForm:
    """Give an empty form, or one that begins with a day."""
    return ClosureForm(formdata=None, start=first)
