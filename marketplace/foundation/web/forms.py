"""The base of all forms: German messages, and the product's own refusals put beside the field."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, Field, StringField, ValidationError

from marketplace.foundation.errors import InvalidInput
from marketplace.foundation.typed_input import parse_day, parse_decimal
from marketplace.foundation.web.localisation import current_language, say_message


class Form(FlaskForm):  # type: ignore[misc]
    """A form whose messages are in the visitor's language.

    `id_prefix` keeps the ids of its fields apart from another form's on the same page; their names
    stay as they are.
    """

    id_prefix = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (WTForms' own)
        """Read what was sent, or what is given."""
        super().__init__(*args, **kwargs)
        if self.id_prefix:
            for field in self:
                field.id = f"{self.id_prefix}-{field.id}"
                field.label.field_id = field.id

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """WTForms' own messages in the page's language."""

        @property
        def locales(self) -> tuple[str, ...]:
            """Give the language; WTForms brings English without a catalogue."""
            language = current_language()
            return (language,) if language != "en" else ("en_US", "en")

    def show_refusal(self, refusal: InvalidInput) -> None:
        """Put the sentences of a refused operation beside the fields they speak of."""
        for name, message in refusal.errors.items():
            sentence = say_message(message, refusal.values)
            field = self._fields.get(name)
            if field is None:
                self.form_errors.append(sentence)
            else:
                field.errors = [*field.errors, sentence]


class Needed:
    """The field must be filled; says what belongs there."""

    field_flags = {"required": True}  # noqa: RUF012 (WTForms' own name)

    def __init__(self, message: Any = None) -> None:  # noqa: ANN401 (lazy strings)
        """Take the sentence shown when the field is empty."""
        self.message = message or lazy_gettext("Bitte füllen Sie dieses Feld aus.")

    def __call__(self, form: object, field: Field) -> None:
        """Raise ValidationError when nothing but blanks was typed."""
        if field.process_errors:
            return  # something was typed, and it has its own sentence already
        data = field.data
        if data is None or (isinstance(data, str) and not data.strip()) or data is False:
            field.errors = []
            raise StopWithMessage(str(self.message))


class StopWithMessage(ValidationError):
    """A message after which the other checks of the field say nothing more."""


class TextLength:
    """The text must not be shorter or longer than said, in characters."""

    def __init__(self, *, most: int, least: int = 0) -> None:
        """Take both ends, inclusive."""
        self.least = least
        self.most = most
        self.field_flags = {"maxlength": most}

    def __call__(self, form: object, field: Field) -> None:
        """Raise ValidationError with the length that was typed."""
        length = len((field.data or "").strip())
        if length > self.most:
            raise ValidationError(
                gettext(
                    "Bitte kürzen Sie auf %(most)s Zeichen; jetzt sind es %(length)s.",
                    most=self.most,
                    length=length,
                )
            )
        if 0 < length < self.least:
            raise ValidationError(
                gettext("Bitte schreiben Sie mindestens %(least)s Zeichen.", least=self.least)
            )


class DayField(DateField):
    """A day, as the browser's date field sends it or as people type it: 5.10.2026."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the day; keeps what was typed when it is none."""
        text = valuelist[0].strip() if valuelist else ""
        self.raw_data = [text]
        self.data = None
        if not text:
            return
        self.data = parse_day(text)
        if self.data is None:
            raise ValueError(gettext("Das ist kein Tag. Bitte so schreiben: 5.10.2026."))


class DecimalCommaField(StringField):
    """A number with the decimal comma (or point); `data` is a Decimal or None."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data).replace(".", ",")

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the number; keeps what was typed when it is none."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        number = parse_decimal(text)
        if number is None:
            raise ValueError(gettext("Das ist keine Zahl. Bitte so schreiben: 12,50."))
        self.data = number  # type: ignore[assignment]
