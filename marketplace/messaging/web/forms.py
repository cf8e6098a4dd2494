"""The form to write a message."""

from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import FileStorage
from wtforms import HiddenField, MultipleFileField, TextAreaField

from marketplace.foundation.identifiers import new_id
from marketplace.foundation.web.forms import Form, Needed, TextLength
from marketplace.foundation.web.request_scope import current_services
from marketplace.messaging.rules.messages import LONGEST_MESSAGE, tidy_message

_LONGEST_ID = 64


def tidied(text: str | None) -> str:
    """Give what was typed as it is counted and stored: browsers send two signs for a line break."""
    return tidy_message(text or "")


class OnceForm(Form):
    """A form whose effect comes once: `form_id` tells one form sent twice from two."""

    form_id = HiddenField(
        default=new_id, filters=[lambda sent: (sent or "")[:_LONGEST_ID]], validators=[]
    )


class MessageForm(OnceForm):
    """A message into a conversation."""

    message = TextAreaField(
        lazy_gettext("Ihre Nachricht"),
        [
            Needed(lazy_gettext("Bitte schreiben Sie eine Nachricht.")),
            TextLength(most=LONGEST_MESSAGE),
        ],
        filters=[tidied],
    )


class ConversationForm(MessageForm):
    """A message into a conversation that has begun: files may go with it."""

    files = MultipleFileField(lazy_gettext("Dateien anhängen"))

    def files_hint(self) -> str:
        """Say what is taken."""
        limits = current_services().settings.limits
        return gettext(
            "Höchstens %(most)s Fotos oder PDF-Dateien, je bis %(size)s MB. Aus Fotos entfernen "
            "wir Ort und Zeit der Aufnahme.",
            most=limits.attachments_per_message,
            size=limits.attachment_bytes // (1024 * 1024),
        )

    def uploads(self) -> list[FileStorage]:
        """Give what was sent; a field left empty comes as one file without a name."""
        return [
            each
            for each in self.files.data or []
            if isinstance(each, FileStorage) and each.filename
        ]

    def show_problems(self, problems: list[str]) -> None:
        """Put what is wrong with the files beside their field; browsers forget what was chosen."""
        if self.uploads():
            again = gettext("Bitte wählen Sie die Dateien noch einmal aus.")
            self.files.errors = [*problems, *self.files.errors, again]
