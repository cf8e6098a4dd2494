"""The form of a listing, made from the declaration of its kind."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    IntegerField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    validators,
    widgets,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs

from marketplace.foundation.typed_input import parse_day
from marketplace.foundation.web.forms import DayField, DecimalCommaField, Form
from marketplace.listings.models import AvailabilityWindow
from marketplace.listings.resource_kind import (
    Attribute,
    ChoiceAttribute,
    Option,
    ResourceKind,
    SeveralAttribute,
    YesNoAttribute,
)
from marketplace.listings.rules.attributes import typed_again
from marketplace.listings.rules.drafts import (
    ZONE,
    FreeDays,
    Insurance,
    ListingDraft,
    VatInfo,
    last_day_before,
)
from marketplace.search.web.labels import mode_label, per_label

_EMPTY_ROWS = 3
OWN_PLACE, OTHER_PLACE = "own", "other"

_INSURANCE = {
    Insurance.TO_BE_AGREED: lazy_gettext("nach Absprache"),
    Insurance.LENDER: lazy_gettext("regeln wir als Anbieter"),
    Insurance.BORROWER: lazy_gettext("regeln die Nutzenden"),
}
_VAT = {
    VatInfo.NET: lazy_gettext("zuzüglich Umsatzsteuer"),
    VatInfo.GROSS: lazy_gettext("einschließlich Umsatzsteuer"),
    VatInfo.EXEMPT: lazy_gettext("ohne Umsatzsteuer"),
}


def insurance_label(key: str) -> str:
    """Give the words for who sees to the insurance."""
    return str(_INSURANCE[Insurance(key)])


def vat_label(key: str) -> str:
    """Give the words for how an amount is meant."""
    return str(_VAT[VatInfo(key)])


class FreeDaysField(Field):
    """Rows of days from and to, sent as repeated `start` and `end`; keeps what was typed."""

    def __init__(self, label: Any, **kwargs: Any) -> None:  # noqa: ANN401 (WTForms' own)
        """Begin without rows."""
        super().__init__(label, **kwargs)
        self.rows: list[tuple[str, str]] = []
        self.days: tuple[FreeDays, ...] = ()

    def process(
        self,
        formdata: Any,  # noqa: ANN401 (WTForms' own, as the others)
        data: Any = None,  # noqa: ANN401
        extra_filters: Any = None,  # noqa: ANN401
    ) -> None:
        """Read the rows from the form, or show the stored ones."""
        self.process_errors = []
        if formdata is not None and ("start" in formdata or "end" in formdata):
            starts, ends = formdata.getlist("start"), formdata.getlist("end")
            rows = list(zip(starts, ends, strict=False))
            self.rows = [(start.strip(), end.strip()) for start, end in rows if start or end]
        elif isinstance(data, list | tuple):
            self.rows = [(days.first.isoformat(), days.last.isoformat()) for days in data]
        self.data = self.rows

    def pre_validate(self, form: object) -> None:
        """Make days of the rows; raises ValidationError with the row that is wrong."""
        self.days = tuple(_free_days(number, *row) for number, row in enumerate(self.rows, start=1))

    @property
    def shown_rows(self) -> list[tuple[str, str]]:
        """The rows, and some empty ones to fill."""
        return [*self.rows, *[("", "")] * _EMPTY_ROWS]


def _free_days(number: int, start: str, end: str) -> FreeDays:
    first, last = parse_day(start or end), parse_day(end or start)
    if first is None or last is None:
        raise validators.ValidationError(
            gettext("Zeile %(number)s: Bitte den Tag so schreiben: 5.10.2026.", number=number)
        )
    if last < first:
        raise validators.ValidationError(
            gettext("Zeile %(number)s: Der letzte Tag liegt vor dem ersten.", number=number)
        )
    return FreeDays(first=first, last=last)


class StartForm(Form):
    """The first page of a new listing: what it is, and pictures of it."""

    title = StringField(lazy_gettext("Was bieten Sie an?"), [validators.Optional()])
    photos = MultipleFileField(lazy_gettext("Bilder"))


class ListingForm(Form):
    """What all kinds have in common; attributes are added by `form_for`."""

    version = HiddenField()
    title = StringField(lazy_gettext("Was bieten Sie an?"))
    description = TextAreaField(lazy_gettext("Beschreibung"))
    photos = MultipleFileField(lazy_gettext("Bilder hinzufügen"))
    location = RadioField(
        lazy_gettext("Wo steht es?"),
        choices=[
            SelectChoice(OWN_PLACE, lazy_gettext("am Sitz unserer Organisation")),
            SelectChoice(OTHER_PLACE, lazy_gettext("an einem anderen Ort")),
        ],
        default=OWN_PLACE,
    )
    place = StringField(lazy_gettext("Postleitzahl und Ort"))
    place_choice = RadioField(
        lazy_gettext("Welcher Ort ist es?"),
        [validators.Optional()],
        choices=[],
        validate_choice=False,
    )
    free_days = FreeDaysField(lazy_gettext("Wann ist es frei?"))
    mode = RadioField(lazy_gettext("Zu welchen Bedingungen?"), choices=[], validate_choice=False)
    amount = DecimalCommaField(lazy_gettext("Preis oder Kostenanteil"))
    per = SelectField(lazy_gettext("gilt"), choices=[], validate_choice=False)
    vat_info = SelectField(
        lazy_gettext("Umsatzsteuer"),
        choices=[
            SelectChoice("", lazy_gettext("keine Angabe")),
            *(SelectChoice(key.value, label) for key, label in _VAT.items()),
        ],
        validate_choice=False,
    )
    quantity = IntegerField(
        lazy_gettext("Menge"),
        [validators.InputRequired(lazy_gettext("Bitte geben Sie eine Menge an."))],
    )
    unit = SelectField(lazy_gettext("Einheit"), choices=[], validate_choice=False)
    deposit = DecimalCommaField(lazy_gettext("Kaution"))
    insurance = SelectField(
        lazy_gettext("Versicherung"),
        choices=[SelectChoice(key.value, label) for key, label in _INSURANCE.items()],
        validate_choice=False,
    )
    insurance_note = StringField(lazy_gettext("Hinweis zur Versicherung"))
    handover_protocol = BooleanField(lazy_gettext("Übergabe mit Protokoll"), default=True)
    valid_until = DayField(lazy_gettext("Angebot gilt bis"), [validators.Optional()])
    confirm_unusual = BooleanField(lazy_gettext("Die ungewöhnlichen Werte stimmen so"))

    kind: ResourceKind

    def attribute_field(self, attribute: Attribute) -> Field:
        """Give the field of an attribute."""
        field: Field = self[field_name(attribute)]
        return field

    def raw_attributes(self) -> dict[str, str | Sequence[str]]:
        """Give what was typed into the kind's own fields."""
        return {
            attribute.key: self.attribute_field(attribute).data or ""
            for attribute in self.kind.attributes
        }


def field_name(attribute: Attribute) -> str:
    """Give the name of an attribute's field."""
    return f"attributes.{attribute.key}"


def form_for(kind: ResourceKind, **kwargs: Any) -> ListingForm:  # noqa: ANN401 (WTForms' own)
    """Give the form of a kind, filled from the request or from `data`."""
    form = _form_class(kind.key, kind)(**kwargs)
    form.kind = kind
    form.mode.choices = [SelectChoice(mode, mode_label(mode)) for mode in kind.modes]
    form.per.choices = [
        SelectChoice("", gettext("bitte wählen")),
        *(SelectChoice(per, per_label(per)) for per in kind.price_units),
    ]
    form.unit.choices = [SelectChoice(unit.key, gettext(unit.label)) for unit in kind.units]
    return form


@cache
def _form_class(key: str, kind: ResourceKind) -> type[ListingForm]:
    fields = {field_name(attribute): _field_of(attribute) for attribute in kind.attributes}
    return type(f"{key.title()}Form", (ListingForm,), fields)


def _field_of(attribute: Attribute) -> Any:  # noqa: ANN401 (WTForms' unbound fields)
    label = lazy_gettext(attribute.label)
    nothing = SelectChoice("", lazy_gettext("keine Angabe"))
    match attribute:
        case ChoiceAttribute():
            return SelectField(
                label, choices=[nothing, *_choices_of(attribute.options)], validate_choice=False
            )
        case SeveralAttribute():
            return SelectMultipleField(
                label,
                choices=_choices_of(attribute.options),
                validate_choice=False,
                option_widget=widgets.CheckboxInput(),
            )
        case YesNoAttribute():
            answers = [
                SelectChoice("yes", lazy_gettext("ja")),
                SelectChoice("no", lazy_gettext("nein")),
            ]
            return SelectField(label, choices=[nothing, *answers], validate_choice=False)
        case _:
            return StringField(label)


def _choices_of(options: Sequence[Option]) -> list[SelectChoice]:
    return [SelectChoice(option.key, lazy_gettext(option.label)) for option in options]


def typed_data(
    draft: ListingDraft, windows: Sequence[AvailabilityWindow], *, version: int, own_place: bool
) -> dict[str, Any]:
    """Give what the form shows of a stored listing."""
    location = draft.location
    data: dict[str, Any] = {
        "version": str(version),
        "title": draft.title,
        "description": draft.description,
        "location": OWN_PLACE if own_place else OTHER_PLACE,
        "place": f"{location.postcode} {location.place}".strip()
        if location and not own_place
        else "",
        "free_days": [days_of(window) for window in windows],
        "mode": draft.terms_mode,
        "amount": minor_as_decimal(draft.amount_minor),
        "per": draft.price_unit or "",
        "vat_info": draft.vat_info or "",
        "quantity": draft.quantity,
        "unit": draft.unit_key,
        "deposit": minor_as_decimal(draft.deposit_minor),
        "insurance": draft.insurance,
        "insurance_note": draft.insurance_note,
        "handover_protocol": draft.handover_protocol,
        "valid_until": last_day_before(draft.valid_until) if draft.valid_until else None,
    }
    for attribute in draft.kind.attributes:
        if attribute.key in draft.attributes:
            value = draft.attributes[attribute.key]
            is_list = isinstance(attribute, SeveralAttribute)
            data[field_name(attribute)] = value if is_list else typed_again(attribute, value)
    return data


def days_of(window: AvailabilityWindow) -> FreeDays:
    """Give a stored window as days of Berlin's calendar, both inclusive."""
    return FreeDays(
        first=window.starts_at.astimezone(ZONE).date(),
        last=last_day_before(window.ends_at),
    )


def minor_as_decimal(minor: int | None) -> Decimal | None:
    """Give an amount in the currency's major unit."""
    return None if minor is None else Decimal(minor) / 100


def decimal_as_minor(amount: Decimal | None) -> int | None:
    """Give an amount in minor units, rounded to whole ones."""
    return None if amount is None else int((amount * 100).to_integral_value())
