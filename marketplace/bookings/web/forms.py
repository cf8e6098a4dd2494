"""The form by which an organisation asks for an offer."""

from flask_babel import lazy_gettext
from wtforms import IntegerField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Optional

from marketplace.bookings.rules.requests import BookingRequest
from marketplace.foundation.web.forms import DayField, Form, Needed, TextLength
from marketplace.messaging.rules.messages import LONGEST_MESSAGE
from marketplace.messaging.web.forms import tidied


class AskForm(Form):
    """Days, quantity and a message; a missing last day means one day only."""

    start = DayField(
        lazy_gettext("Erster Tag"), [Needed(lazy_gettext("Bitte geben Sie den ersten Tag an."))]
    )
    end = DayField(lazy_gettext("Letzter Tag"), [Optional()])
    quantity = IntegerField(
        lazy_gettext("Menge"),
        [InputRequired(lazy_gettext("Bitte geben Sie eine Menge an."))],
        default=1,
    )
    message = TextAreaField(
        lazy_gettext("Ihre Nachricht"),
        [
            Needed(lazy_gettext("Bitte schreiben Sie, wofür Sie es brauchen.")),
            TextLength(most=LONGEST_MESSAGE),
        ],
        filters=[tidied],
    )

    @property
    def request(self) -> BookingRequest:
        """What is asked for, once the form is valid."""
        return BookingRequest(
            first=self.start.data,
            last=self.end.data or self.start.data,
            quantity=self.quantity.data,
            message=self.message.data or "",
        )


class HelpForm(Form):
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
