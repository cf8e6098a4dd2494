"""The form to write a message."""

from flask_babel import lazy_gettext
from wtforms import TextAreaField

from marketplace.foundation.web.forms import Form, Needed, TextLength
from marketplace.messaging.rules.messages import LONGEST_MESSAGE, tidy_message


def tidied(text: str | None) -> str:
    """Give what was typed as it is counted and stored: browsers send two signs for a line break."""
    return tidy_message(text or "")


class MessageForm(Form):
    """A message into a conversation."""

    message = TextAreaField(
        lazy_gettext("Ihre Nachricht"),
        [
            Needed(lazy_gettext("Bitte schreiben Sie eine Nachricht.")),
            TextLength(most=LONGEST_MESSAGE),
        ],
        filters=[tidied],
    )
