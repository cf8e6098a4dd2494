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

from marketplace.accounts.models import Site
from marketplace.foundation.typed_input import parse_day
from marketplace.foundation.web.forms import DayField, DecimalCommaField, Form
from marketplace.foundation.web.localisation import counted
from marketplace.listings.resource_kind import (
    Attribute,
    ChoiceAttribute,
    DayAttribute,
    Option,
    ResourceKind,
    SeveralAttribute,
    YesNoAttribute,
)
from marketplace.listings.rules.attributes import typed_again
from marketplace.listings.rules.categories import groups_of
from marketplace.listings.rules.drafts import (
    FreeDays,
    Insurance,
    ListingDraft,
    ListingLocation,
    VatInfo,
    last_day_before,
)
from marketplace.listings.web.labels import category_name
from marketplace.search.web.labels import mode_label, per_label, wanted_mode_label

_EMPTY_ROWS = 3
OWN_PLACE, OTHER_PLACE = "own", "other"  # any other value is the id of a site

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


class DayTextField(StringField):
    """A day of a kind's own, kept as it was typed; the rules read it."""


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

    title = StringField("", [validators.Optional()])
    photos = MultipleFileField(lazy_gettext("Bilder"))


# What the fields are called when somebody looks for something.
_REQUEST_LABELS = {
    "title": lazy_gettext("Was brauchen Sie?"),
    "description": lazy_gettext("Wofür brauchen Sie es?"),
    "location": lazy_gettext("Wo brauchen Sie es?"),
    "free_days": lazy_gettext("Wann brauchen Sie es?"),
    "mode": lazy_gettext("Zu welchen Bedingungen am liebsten?"),
    "quantity": lazy_gettext("Wie viel?"),
    "valid_until": lazy_gettext("Wir suchen bis"),
}


class ListingForm(Form):
    """What all kinds have in common; attributes are added by `form_for`."""

    version = HiddenField()
    title = StringField(lazy_gettext("Was bieten Sie an?"))
    category = SelectField(lazy_gettext("Kategorie"), choices=[], validate_choice=False)
    description = TextAreaField(lazy_gettext("Beschreibung"))
    photos = MultipleFileField(lazy_gettext("Bilder hinzufügen"))
    location = RadioField(
        lazy_gettext("Wo steht es?"),
        choices=[],
        default=OWN_PLACE,
    )
    place = StringField(lazy_gettext("Postleitzahl und Ort"))
    place_choice = RadioField(
        lazy_gettext("Welcher Ort ist es?"),
        [validators.Optional()],
        choices=[],
        validate_choice=False,
    )
    service_radius_km = IntegerField(
        lazy_gettext("Wir kommen auch dorthin, bis"), [validators.Optional()]
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
    is_request: bool

    def attribute_field(self, attribute: Attribute) -> Field:
        """Give the field of an attribute."""
        field: Field = self[field_name(attribute)]
        return field

    def raw_attributes(self) -> dict[str, str | Sequence[str]]:
        """Give what was typed into the kind's own fields."""
        return {
            attribute.key: self.attribute_field(attribute).data or ""
            for attribute in self.kind.asked(is_request=self.is_request)
        }


def field_name(attribute: Attribute) -> str:
    """Give the name of an attribute's field."""
    return f"attributes.{attribute.key}"


def title_label(*, is_request: bool) -> str:
    """Give the first question of both forms."""
    return gettext("Was brauchen Sie?") if is_request else gettext("Was bieten Sie an?")


def form_for(
    kind: ResourceKind,
    *,
    is_request: bool,
    sites: Sequence[Site],
    **kwargs: Any,  # noqa: ANN401 (WTForms' own)
) -> ListingForm:
    """Give the form of a kind, filled from the request or from `data`."""
    form = _form_class(kind.key, kind)(**kwargs)
    form.kind = kind
    form.is_request = is_request
    if is_request:
        for name, label in _REQUEST_LABELS.items():
            form[name].label.text = label
    form.category.choices = category_choices(kind)
    form.location.choices = [
        SelectChoice(OWN_PLACE, gettext("am Sitz unserer Organisation")),
        *(SelectChoice(site.id, f"{site.name}, {site.postcode} {site.place}") for site in sites),
        SelectChoice(OTHER_PLACE, gettext("an einem anderen Ort")),
    ]
    form.mode.choices = [
        SelectChoice(mode, wanted_mode_label(mode) if is_request else mode_label(mode, kind.key))
        for mode in kind.modes
    ]
    form.per.choices = [
        SelectChoice("", gettext("bitte wählen")),
        *(SelectChoice(per, per_label(per)) for per in kind.price_units),
    ]
    form.unit.choices = [SelectChoice(unit.key, counted(unit.label, 2)) for unit in kind.units]
    return form


def category_choices(kind: ResourceKind) -> dict[str, list[SelectChoice]]:
    """Give the categories of a kind under their groups, in the visitor's language."""
    return {
        "": [SelectChoice("", gettext("bitte wählen"))],
        **{
            category_name(group.key): [
                *(SelectChoice(each.key, category_name(each.key)) for each in leaves),
                SelectChoice(
                    group.key, gettext("%(group)s, anderes", group=category_name(group.key))
                ),
            ]
            for group, leaves in groups_of(kind.key)
        },
    }


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
        case DayAttribute():
            return DayTextField(label)
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


def typed_data(draft: ListingDraft, *, version: int, own_place: bool) -> dict[str, Any]:
    """Give what the form shows of a stored listing."""
    location = draft.location
    data: dict[str, Any] = {
        "version": str(version),
        "title": draft.title,
        "description": draft.description,
        "category": draft.category or "",
        "location": _chosen_location(location, own_place=own_place),
        "place": f"{location.postcode} {location.place}".strip()
        if location and not own_place and location.site_id is None
        else "",
        "service_radius_km": draft.service_radius_km,
        "free_days": list(draft.free_days),
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


def _chosen_location(location: ListingLocation | None, *, own_place: bool) -> str:
    if location is not None and location.site_id is not None:
        return location.site_id
    return OWN_PLACE if own_place else OTHER_PLACE


def minor_as_decimal(minor: int | None) -> Decimal | None:
    """Give an amount in the currency's major unit."""
    return None if minor is None else Decimal(minor) / 100


def decimal_as_minor(amount: Decimal | None) -> int | None:
    """Give an amount in minor units, rounded to whole ones."""
    return None if amount is None else int((amount * 100).to_integral_value())
