"""The form to write a message."""

from flask_babel import lazy_gettext
from wtforms import HiddenField, TextAreaField

from marketplace.foundation.identifiers import new_id
from marketplace.foundation.web.forms import Form, Needed, TextLength
from marketplace.messaging.rules.messages import LONGEST_MESSAGE, tidy_message

_LONGEST_ID = 64


def tidied(text: str | None) -> str:
    """Give what was typed as it is counted and stored: browsers send two signs for a line break."""
    return tidy_message(text or "")


class MessageForm(Form):
    """A message into a conversation; `form_id` tells one form sent twice from two messages."""

    message = TextAreaField(
        lazy_gettext("Ihre Nachricht"),
        [
            Needed(lazy_gettext("Bitte schreiben Sie eine Nachricht.")),
            TextLength(most=LONGEST_MESSAGE),
        ],
        filters=[tidied],
    )
    form_id = HiddenField(
        default=new_id, filters=[lambda sent: (sent or "")[:_LONGEST_ID]], validators=[]
    )
