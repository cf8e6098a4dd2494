"""Forms for people and organisations."""

from flask_babel import gettext, lazy_gettext
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs
from wtforms.validators import Optional, Regexp

from marketplace.accounts.rules.emails import normal_email
from marketplace.accounts.rules.locations import PlaceClaim
from marketplace.accounts.rules.organisations import (
    LONGEST_DESCRIPTION,
    LONGEST_LINE,
    LONGEST_NAME,
    LONGEST_NOTE,
    OrganisationDetails,
    OrganisationKind,
)
from marketplace.accounts.rules.websites import normal_website
from marketplace.foundation.errors import InvalidInput
from marketplace.foundation.web.forms import Form, Needed, TextLength

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
PLACE_FIELDS = ("lat", "lon", "located", "serves_district", "service_note")


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

    @property
    def details(self) -> OrganisationDetails:
        """What the organisation states, once check_details was right."""
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
