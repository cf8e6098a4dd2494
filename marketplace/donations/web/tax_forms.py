"""What the giver states for the papers, and what the recipient says when it issues."""

from collections.abc import Sequence
from decimal import Decimal

from flask_babel import gettext, lazy_gettext
from wtforms import (
    Field,
    FieldList,
    FormField,
    IntegerField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms import Form as PlainForm
from wtforms.fields.choices import RadioField, SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from marketplace.bookings.rules.requests import LONGEST_REASON
from marketplace.donations.rules.amounts import LARGEST_AMOUNT
from marketplace.donations.rules.receipts import LONGEST_NAME, LONGEST_PURPOSES
from marketplace.donations.rules.taxes import (
    MOST_LINES,
    Evidence,
    Origin,
    TaxAnswers,
    ValuedLine,
)
from marketplace.foundation.errors import InvalidInput
from marketplace.foundation.web.forms import DayField, DecimalCommaField, Form, TextLength
from marketplace.foundation.web.localisation import say_message

_MONEY = ("value", "vat", "purchase_price")


class Euros:
    """An amount of money: whole cents, and not more than there are words for."""

    def __call__(self, form: object, field: Field) -> None:
        """Raise ValidationError with what is wrong about the amount."""
        amount = field.data
        if amount is None:
            return
        if not abs(amount) <= LARGEST_AMOUNT // 100:
            raise ValidationError(gettext("Dieser Betrag ist nicht möglich."))
        if amount != round(amount, 2):
            raise ValidationError(gettext("Bitte höchstens zwei Stellen nach dem Komma."))


class LineFields(PlainForm):
    """One line of things alike; what is wholly empty is no line."""

    description = StringField(lazy_gettext("Bezeichnung"))
    quantity = IntegerField(lazy_gettext("Anzahl"), [Optional()])
    age = StringField(lazy_gettext("Alter oder Baujahr"))
    condition = StringField(lazy_gettext("Zustand"))
    value = DecimalCommaField(lazy_gettext("Wert je Stück"), [Euros()])
    vat = DecimalCommaField(lazy_gettext("Umsatzsteuer je Stück"), [Euros()])
    purchase_price = DecimalCommaField(lazy_gettext("Kaufpreis je Stück"), [Euros()])
    purchase_day = DayField(lazy_gettext("Gekauft am"), [Optional()])

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed."""
        return not any(str(field.raw_data[0]).strip() for field in self if field.raw_data)

    def line(self) -> ValuedLine:
        """Give the line; what is missing is refused by the rules."""
        return ValuedLine(
            description=self.description.data or "",
            quantity=self.quantity.data or 0,
            age=self.age.data or "",
            condition=self.condition.data or "",
            purchase_day=self.purchase_day.data,
            **{name: _cents(self[name].data) for name in _MONEY},
        )


class StatementForm(Form):
    """Where a gift came from and what it is worth, as the giver answers for it."""

    origin = RadioField(
        lazy_gettext("Woher stammt die Sache?"),
        choices=[
            SelectChoice(Origin.BUSINESS, lazy_gettext("aus dem Betriebsvermögen")),
            SelectChoice(Origin.PRIVATE, lazy_gettext("aus dem Privatvermögen")),
            SelectChoice(Origin.NOT_STATED, lazy_gettext("Dazu machen wir keine Angabe.")),
        ],
        validate_choice=False,
    )
    lines = FieldList(FormField(LineFields), max_entries=MOST_LINES)
    evidence = SelectMultipleField(
        lazy_gettext("Unterlagen zum Wert, die der Empfänger von Ihnen bekommen hat"),
        [Optional()],
        choices=[
            SelectChoice(Evidence.INVOICE, lazy_gettext("Rechnung")),
            SelectChoice(Evidence.EXPERT, lazy_gettext("Gutachten")),
            SelectChoice(Evidence.COMPARISON, lazy_gettext("Vergleichspreise")),
        ],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def answers(self) -> TaxAnswers:
        """Give what was typed."""
        return TaxAnswers(
            origin=self.origin.data or "",
            lines=[self.lines[place].form.line() for place in self._filled()],
            evidence=self.evidence.data or [],
        )

    def show_refusal(self, refusal: InvalidInput) -> None:
        """Put the sentences beside the fields of the lines too."""
        filled, rest = self._filled(), {}
        for name, message in refusal.errors.items():
            field, _, place = name.rpartition("-")
            sentence = say_message(message, refusal.values)
            if name == self.lines.name:
                self.form_errors.append(sentence)
                continue
            if not field:
                rest[name] = message
                continue
            target = self.lines[filled[int(place) - 1]].form[field]
            target.errors = [*target.errors, sentence]
            self.form_errors.append(
                gettext(
                    "Zeile %(place)s, %(field)s: %(sentence)s",
                    place=filled[int(place) - 1] + 1,
                    field=target.label.text,
                    sentence=sentence,
                )
            )
        super().show_refusal(InvalidInput(rest, **refusal.values))

    def show_typing_errors(self) -> None:
        """Name in the summary which line has something that cannot be read."""
        for place, entry in enumerate(self.lines, start=1):
            for field in entry.form:
                for sentence in field.errors:
                    self.form_errors.append(
                        gettext(
                            "Zeile %(place)s, %(field)s: %(sentence)s",
                            place=place,
                            field=field.label.text,
                            sentence=sentence,
                        )
                    )

    def _filled(self) -> list[int]:
        return [place for place, entry in enumerate(self.lines) if not entry.form.is_blank]


class IssueForm(Form):
    """Who signs, and for what it is used where no notice says so."""

    id_prefix = "issue"

    signatory = StringField(
        lazy_gettext("Wer unterschreibt?"), [Optional(), TextLength(most=LONGEST_NAME)]
    )
    purposes = StringField(
        lazy_gettext("Wofür wird es verwendet?"), [Optional(), TextLength(most=LONGEST_PURPOSES)]
    )
    reason = StringField(
        lazy_gettext("Warum wird sie ersetzt?"), [Optional(), TextLength(most=LONGEST_REASON)]
    )


class SignedForm(Form):
    """When the paper was signed."""

    id_prefix = "signed"

    signed_on = DayField(lazy_gettext("Unterschrieben am"), [Optional()])


class VoidForm(Form):
    """Why a receipt is void."""

    id_prefix = "void"

    reason = StringField(lazy_gettext("Grund"), [Optional(), TextLength(most=LONGEST_REASON)])


def typed_lines(lines: Sequence[ValuedLine]) -> list[dict[str, object]]:
    """Give lines as the form shows them, and an empty one behind."""
    shown: list[dict[str, object]] = [
        {
            **{name: getattr(line, name) for name in ("description", "quantity", "age")},
            "condition": line.condition,
            "purchase_day": line.purchase_day,
            **{name: _euros(getattr(line, name)) for name in _MONEY},
        }
        for line in lines
    ]
    return [*shown, {}][:MOST_LINES]


def _cents(amount: object) -> int | None:
    return round(amount * 100) if isinstance(amount, Decimal) else None


def _euros(cents: int | None) -> Decimal | None:
    return None if cents is None else (Decimal(cents) / 100).quantize(Decimal("0.01"))
