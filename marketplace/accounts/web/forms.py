"""Forms for people and organisations."""

from flask_babel import gettext, lazy_gettext
from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs
from wtforms.validators import Optional, Regexp

from marketplace.accounts.models import Organisation
from marketplace.accounts.operations.locations import find_address, found_address, proposed_pin
from marketplace.accounts.rules.emails import LONGEST_EMAIL, normal_email
from marketplace.accounts.rules.locations import Address, PlaceClaim
from marketplace.accounts.rules.mail_choices import PACES, MailTopic, Pace
from marketplace.accounts.rules.organisations import (
    LONGEST_DESCRIPTION,
    LONGEST_LINE,
    LONGEST_NAME,
    LONGEST_NOTE,
    OrganisationDetails,
    OrganisationKind,
)
from marketplace.accounts.rules.passwords import LONGEST
from marketplace.accounts.rules.websites import normal_website
from marketplace.districts.queries import own_area
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, InvalidInput
from marketplace.foundation.typed_input import parse_decimal
from marketplace.foundation.web.forms import Form, Needed, TextLength
from marketplace.geo.interfaces import Ambiguous
from marketplace.geo.rules.points import Point

KIND_LABELS = {
    OrganisationKind.FIRM: lazy_gettext("Betrieb oder Selbstständige"),
    OrganisationKind.ASSOCIATION: lazy_gettext("Verein oder Initiative"),
    OrganisationKind.CHARITY: lazy_gettext("Gemeinnützige Einrichtung oder Stiftung"),
    OrganisationKind.PUBLIC_BODY: lazy_gettext("Gemeinde, Amt oder andere öffentliche Stelle"),
    OrganisationKind.PUBLIC_SERVICE: lazy_gettext("Schule, Klinik, Feuerwehr oder Ähnliches"),
}

DETAIL_FIELDS = (
    "name",
    "kind",
    "street",
    "postcode",
    "place",
    "place_choice",
    "website",
    "register_entry",
    "description",
)


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class EmailField(StringField):
    """An e-mail address; `data` is written as it is stored."""

    def pre_validate(self, form: object) -> None:
        """Raise ValidationError where it is none."""
        if self.data:
            try:
                self.data = normal_email(self.data)
            except InvalidInput as refusal:
                raise ValidationError(gettext(refusal.errors["email"])) from None


class OrganisationForm(Form):
    """What an organisation states, and the pin of its address, in two steps of one form.

    The step that is not on the screen travels in hidden fields; nothing of it is trusted, each
    answer checks all of it again.
    """

    name = StringField(
        lazy_gettext("Name der Organisation"), [Needed(), TextLength(most=LONGEST_NAME)]
    )
    kind = RadioField(
        lazy_gettext("Was sind Sie?"),
        [Needed(lazy_gettext("Bitte wählen Sie aus, was Sie sind."))],
        choices=[SelectChoice(kind.value, label) for kind, label in KIND_LABELS.items()],
        validate_choice=True,
    )
    street = StringField(
        lazy_gettext("Straße und Hausnummer"), [Needed(), TextLength(most=LONGEST_LINE)]
    )
    postcode = StringField(
        lazy_gettext("Postleitzahl"),
        [Needed(), Regexp(r"^\d{5}$", message=lazy_gettext("Bitte fünf Ziffern, etwa 14806."))],
        filters=[_stripped],
    )
    place = StringField(lazy_gettext("Ort"), [Needed(), TextLength(most=LONGEST_NAME)])
    place_choice = RadioField(
        lazy_gettext("Welcher Ort ist es?"), [Optional()], choices=[], validate_choice=False
    )
    website = StringField(lazy_gettext("Internetseite"), [TextLength(most=LONGEST_LINE)])
    register_entry = StringField(lazy_gettext("Registereintrag"), [TextLength(most=LONGEST_LINE)])
    description = TextAreaField(
        lazy_gettext("Was machen Sie?"), [TextLength(most=LONGEST_DESCRIPTION)]
    )
    lat = StringField(lazy_gettext("Breite"))
    lon = StringField(lazy_gettext("Länge"))
    located = HiddenField()
    serves_district = BooleanField(lazy_gettext("Wir arbeiten oder liefern auch hier"))
    service_note = TextAreaField(lazy_gettext("Was tun Sie hier?"), [TextLength(most=LONGEST_NOTE)])

    def validate_website(self, field: StringField) -> None:
        """Raise ValidationError where it cannot be linked."""
        try:
            normal_website(_stripped(field.data))
        except InvalidInput as refusal:
            raise ValidationError(gettext(refusal.errors["website"])) from None

    @property
    def details(self) -> OrganisationDetails:
        """What the organisation states, once the form is valid."""
        return OrganisationDetails(
            name=_stripped(self.name.data),
            kind=OrganisationKind(self.kind.data),
            address=self._address,
            description=_stripped(self.description.data),
            website=normal_website(_stripped(self.website.data)),
            register_entry=_stripped(self.register_entry.data),
        )

    @property
    def place_claim(self) -> PlaceClaim:
        """What the person says about the place; raises InvalidInput (`lat`, `lon`)."""
        return PlaceClaim(
            chosen=self.place_choice.data or "",
            pin=self._pin(),
            serves_district=bool(self.serves_district.data),
            service_note=_stripped(self.service_note.data),
        )

    @property
    def is_located(self) -> bool:
        """Whether the pin on the screen belongs to the address that is typed now."""
        return bool(self.lat.data) and self.located.data == self._located_address

    @property
    def has_wrong_details(self) -> bool:
        """Whether something of the first step has to be changed."""
        return any(self[name].errors for name in DETAIL_FIELDS)

    def locate(self, work: UnitOfWork) -> bool:
        """Put the pin where the address is; otherwise say why not, and offer the choices."""
        answer = find_address(work, self._address, chosen=self.place_choice.data or "")
        if isinstance(answer, Ambiguous):
            self.offer_choices(answer)
            self.place_choice.errors = [gettext("Diesen Ort gibt es mehrmals. Bitte wählen Sie.")]
            return False
        try:
            found = found_address(work, self._address, chosen=self.place_choice.data or "")
        except InvalidInput as refusal:
            self.show_refusal(refusal)
            return False
        self.put_pin(proposed_pin(work, self._address, found))
        return True

    def offer_choices(self, answer: Ambiguous) -> None:
        """Let the person choose one of several places of the same name."""
        self.place_choice.choices = [
            SelectChoice(choice.label, choice.label) for choice in answer.choices
        ]

    def put_pin(self, point: Point) -> None:
        """Show the pin at a point, as that of the address that is typed now."""
        self.lat.data, self.lon.data = f"{point.lat:.5f}", f"{point.lon:.5f}"
        self.lat.raw_data = self.lon.raw_data = None
        self.located.data = self._located_address
        self.located.raw_data = None

    def put_pin_of(self, other: "OrganisationForm") -> None:
        """Take over where another form has found the address."""
        for name in ("lat", "lon", "located"):
            self[name].data, self[name].raw_data = other[name].data, None

    def lies_inside(self, work: UnitOfWork) -> bool:
        """Say whether the pin on the screen lies in the district; a broken one does not."""
        try:
            pin = self._pin()
        except InvalidInput:
            return False
        return pin is not None and own_area(work).contains(pin)

    @property
    def _address(self) -> Address:
        return Address(
            street=_stripped(self.street.data),
            postcode=_stripped(self.postcode.data),
            place=_stripped(self.place.data),
        )

    @property
    def _located_address(self) -> str:
        return f"{self._address.text} {self.place_choice.data or ''}".strip()

    def _pin(self) -> Point | None:
        if not (self.lat.data or self.lon.data):
            return None
        numbers = {name: parse_decimal(self[name].data or "") for name in ("lat", "lon")}
        limits = {"lat": 90, "lon": 180}
        wrong = {
            name: N_("Bitte schreiben Sie Grad mit Komma, etwa 52,14.")
            for name, number in numbers.items()
            if number is None or abs(number) > limits[name]
        }
        if wrong or numbers["lat"] is None or numbers["lon"] is None:
            raise InvalidInput(wrong)
        return Point(float(numbers["lat"]), float(numbers["lon"]))


class RegistrationForm(OrganisationForm):
    """An organisation and its first person; the person is asked in the second step."""

    person_name = StringField(lazy_gettext("Ihr Name"), [Needed(), TextLength(most=LONGEST_NAME)])
    email = EmailField(lazy_gettext("E-Mail-Adresse"), [Needed(), TextLength(most=LONGEST_EMAIL)])
    password = PasswordField(lazy_gettext("Passwort"), [Needed(), TextLength(most=LONGEST)])
    terms = BooleanField(
        lazy_gettext("Ich habe die Nutzungsbedingungen gelesen und stimme ihnen zu."),
        [Needed(lazy_gettext("Ohne Ihre Zustimmung geht es nicht weiter."))],
    )
    terms_version = HiddenField()

    @property
    def accepted_terms(self) -> int | None:
        """Which version of the terms was accepted; None where the district has none."""
        if "terms" not in self:
            return None
        text = self.terms_version.data or ""
        return int(text) if text.isdecimal() else 0


class ChangeOrganisationForm(OrganisationForm):
    """What one's own organisation states, with the version that was on the screen."""

    version = HiddenField()


def stated_by(organisation: Organisation) -> dict[str, object]:
    """Give what the form shows of a stored organisation."""
    details = organisation.details
    data: dict[str, object] = {
        **{name: getattr(details, name) for name in ("name", "description", "website")},
        "kind": details.kind.value,
        "register_entry": details.register_entry,
        "street": details.address.street,
        "postcode": details.address.postcode,
        "place": details.address.place,
        "lat": f"{organisation.lat:.5f}",
        "lon": f"{organisation.lon:.5f}",
        "located": details.address.text,
        "serves_district": organisation.serves_district,
        "service_note": organisation.service_note,
        "version": str(organisation.version),
    }
    return data


class SignInForm(Form):
    """Who signs in."""

    email = EmailField(lazy_gettext("E-Mail-Adresse"), [Needed()])
    password = PasswordField(lazy_gettext("Passwort"), [Needed()])
    next = HiddenField()


class AddressForm(Form):
    """An address to which a mail is sent."""

    email = EmailField(lazy_gettext("E-Mail-Adresse"), [Needed()])


class NewAddressForm(Form):
    """A new address of somebody who knows the password."""

    email = EmailField(lazy_gettext("Neue E-Mail-Adresse"), [Needed()])
    current_password = PasswordField(lazy_gettext("Ihr Passwort"), [Needed()])


class NewPasswordForm(Form):
    """A new password."""

    password = PasswordField(lazy_gettext("Neues Passwort"), [Needed(), TextLength(most=LONGEST)])


class ChangePasswordForm(NewPasswordForm):
    """A new password of somebody who knows the present one."""

    current_password = PasswordField(lazy_gettext("Jetziges Passwort"), [Needed()])


TOPIC_LABELS = {
    MailTopic.AGREEMENTS: lazy_gettext("Anfragen und Termine"),
    MailTopic.MESSAGES: lazy_gettext("Nachrichten"),
    MailTopic.LISTINGS: lazy_gettext("Eigene Einträge"),
    MailTopic.REMINDERS: lazy_gettext("Erinnerungen"),
    MailTopic.MATCHES: lazy_gettext("Was zu Ihren Gesuchen und Gaben passt"),
}
_PACE_LABELS = {
    Pace.AT_ONCE: lazy_gettext("sofort"),
    Pace.DAILY: lazy_gettext("einmal am Tag gesammelt"),
    Pace.NEVER: lazy_gettext("gar nicht"),
}


def _pace_field(topic: MailTopic) -> SelectField:
    choices = [SelectChoice(pace.value, _PACE_LABELS[pace]) for pace in PACES[topic]]
    return SelectField(TOPIC_LABELS[topic], choices=choices)


class MailChoicesForm(Form):
    """How soon the mails of each topic go out; a field is named like its topic."""

    id_prefix = "mail"

    agreements = _pace_field(MailTopic.AGREEMENTS)
    messages = _pace_field(MailTopic.MESSAGES)
    listings = _pace_field(MailTopic.LISTINGS)
    reminders = _pace_field(MailTopic.REMINDERS)
    matches = _pace_field(MailTopic.MATCHES)

    @property
    def choices(self) -> dict[MailTopic, Pace]:
        """What was chosen, once the form is valid."""
        return {topic: Pace(self[topic.value].data) for topic in MailTopic}


class ButtonForm(Form):
    """A form that is one button."""
