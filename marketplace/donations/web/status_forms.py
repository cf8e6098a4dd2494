"""Forms for what proves the status of an organisation."""

from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import FileStorage
from wtforms import FileField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs

from marketplace.donations.rules.statements import (
    LONGEST_DECISION,
    LONGEST_PERIOD,
    LONGEST_PURPOSES,
    LONGEST_TAX_NUMBER,
    LONGEST_TAX_OFFICE,
    NO_DAY,
    NO_KIND,
    NO_PURPOSES,
    NO_REASON,
    NO_TAX_NUMBER,
    NO_TAX_OFFICE,
    NOTHING_SEEN,
    NOTICE_LABELS,
    Statement,
)
from marketplace.foundation.web.forms import DayField, Form, Needed, TextLength
from marketplace.foundation.web.localisation import say_message
from marketplace.foundation.web.request_scope import current_services
from marketplace.messaging.rules.attachments import CheckedFile, UnusableFile, check_file


class NoticeForm(Form):
    """A notice of the tax office, as it lies before the person."""

    kind = RadioField(
        lazy_gettext("Was hat Ihr Finanzamt geschickt?"),
        [Needed(lazy_gettext(NO_KIND))],
        choices=[
            SelectChoice(kind.value, lazy_gettext(text)) for kind, text in NOTICE_LABELS.items()
        ],
        validate_choice=False,
    )
    day = DayField(lazy_gettext("Datum des Bescheids"), [Needed(lazy_gettext(NO_DAY))])
    tax_office = StringField(
        lazy_gettext("Finanzamt"),
        [Needed(lazy_gettext(NO_TAX_OFFICE)), TextLength(most=LONGEST_TAX_OFFICE)],
    )
    tax_number = StringField(
        lazy_gettext("Steuernummer der Organisation"),
        [Needed(lazy_gettext(NO_TAX_NUMBER)), TextLength(most=LONGEST_TAX_NUMBER)],
    )
    assessment_period = StringField(
        lazy_gettext("Zeitraum, für den er ergangen ist"), [TextLength(most=LONGEST_PERIOD)]
    )
    purposes = TextAreaField(
        lazy_gettext("Begünstigte Zwecke"),
        [Needed(lazy_gettext(NO_PURPOSES)), TextLength(most=LONGEST_PURPOSES)],
    )
    document = FileField(
        lazy_gettext("Kopie des Bescheids"),
        render_kw={"accept": "application/pdf,image/jpeg,image/png,image/webp"},
    )

    @property
    def statement(self) -> Statement:
        """What was typed."""
        return Statement(
            kind=self.kind.data or "",
            tax_office=self.tax_office.data or "",
            tax_number=self.tax_number.data or "",
            day=self.day.data,
            assessment_period=self.assessment_period.data or "",
            purposes=self.purposes.data or "",
        )

    def document_hint(self) -> str:
        """Say what is taken, and who sees it."""
        return gettext(
            "PDF, JPEG, PNG oder WebP, bis %(size)s MB. Nur Ihre Organisation und die Verwaltung "
            "des Landkreises sehen sie.",
            size=current_services().settings.limits.attachment_bytes // (1024 * 1024),
        )

    def checked_document(self) -> CheckedFile | None:
        """Look at the copy; None: none was sent, or a sentence at the field says what is wrong."""
        upload = self._upload()
        if upload is None:
            return None
        largest = current_services().settings.limits.attachment_bytes
        try:
            return check_file(
                upload.filename or "", upload.read(largest + 1), largest_bytes=largest
            )
        except UnusableFile as unusable:
            self.document.errors = [say_message(unusable.sentence, {})]
            return None

    def ask_again_for_document(self) -> None:
        """Say that the copy has to be chosen again: browsers forget it."""
        if self._upload() is not None and not self.document.errors:
            self.document.errors = [gettext("Bitte wählen Sie die Datei noch einmal aus.")]

    def _upload(self) -> FileStorage | None:
        # A field left empty comes as a file without a name.
        sent = self.document.data
        return sent if isinstance(sent, FileStorage) and sent.filename else None


class AcceptForm(Form):
    """What the administrator has looked at."""

    seen = TextAreaField(
        lazy_gettext("Was haben Sie eingesehen?"),
        [Needed(lazy_gettext(NOTHING_SEEN)), TextLength(most=LONGEST_DECISION)],
    )


class RefuseForm(Form):
    """Why the notice is refused."""

    reason = TextAreaField(
        lazy_gettext("Warum lehnen Sie ab?"),
        [Needed(lazy_gettext(NO_REASON)), TextLength(most=LONGEST_DECISION)],
    )
