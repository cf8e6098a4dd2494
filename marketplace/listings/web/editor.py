"""From what was typed into a listing's form to a draft, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import request
from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs

from marketplace.accounts.models import Organisation, Site
from marketplace.accounts.queries import own_sites
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, InvalidInput
from marketplace.foundation.identifiers import ListingId
from marketplace.foundation.web.localisation import say_message
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import Listing
from marketplace.listings.operations.listings import (
    draft_of,
    location_of_organisation,
    location_of_site,
)
from marketplace.listings.operations.places import LONGEST_PLACE, SeveralPlaces, typed_location
from marketplace.listings.queries import ListingParts, kept_form, own_listing, parts_of
from marketplace.listings.resource_kind import AttributeValue
from marketplace.listings.rules.attributes import read_values, warnings_for
from marketplace.listings.rules.drafts import (
    ZONE,
    Insurance,
    ListingDraft,
    ListingLocation,
    midnight,
)
from marketplace.listings.rules.states import Direction, ListingState
from marketplace.listings.web.forms import (
    OTHER_PLACE,
    OWN_PLACE,
    ListingForm,
    decimal_as_minor,
    field_name,
    form_for,
    typed_data,
)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A field in which what is stored differs from what was typed."""

    label: str
    stored: str


@dataclass(kw_only=True)
class Editor:
    """The form of one stored listing."""

    parts: ListingParts
    form: ListingForm
    sites: Sequence[Site]
    kept_at: datetime | None = None  # None: the form shows what is saved

    @property
    def listing(self) -> Listing:
        """The listing as it is stored."""
        return self.parts.listing

    def read(self, work: UnitOfWork) -> ListingDraft:
        """Make a draft of what was typed; raises InvalidInput by the form's field names."""
        problems = {} if self.form.validate() else dict.fromkeys(self.form.errors, "")
        today = work.now().astimezone(ZONE).date()
        attributes = read_values(self.form.kind, self.form.raw_attributes(), today=today)
        refused = {f"attributes.{key}": text for key, text in attributes.problems.items()}
        location, place_problems, values = self._location(work)
        if problems or refused or place_problems:
            raise InvalidInput({**refused, **place_problems}, **values)
        return self._draft(attributes.values, location)

    def unusual(self, work: UnitOfWork, draft: ListingDraft) -> dict[str, str]:
        """Give a sentence for each unusual value that nobody has said yes to."""
        if self.form.confirm_unusual.data:
            return {}
        today = work.now().astimezone(ZONE).date()
        was_public = self.listing.state != ListingState.DRAFT
        return {
            f"attributes.{key}": sentence
            for key, sentence in warnings_for(
                draft.kind, draft.answers, today=today, is_request=draft.is_request
            ).items()
            if not was_public or draft.attributes.get(key) != self.listing.attributes.get(key)
        }

    def show(self, errors: Mapping[str, str], values: Mapping[str, object]) -> None:
        """Put sentences beside their fields; those of no field stand above the form."""
        kind = self.form.kind
        named = {
            field_name(attribute) if (attribute := kind.attribute(name)) else name: text
            for name, text in errors.items()
        }
        self.form.show_refusal(InvalidInput(named, **values))

    def differences(self, work: UnitOfWork) -> list[Difference]:
        """Give where the stored listing differs from what stands in the form."""
        stored = _filled(work, self.parts, self.sites, formdata=None)
        return [
            Difference(label=field.label.text, stored=_readable(stored[field.name].data))
            for field in self.form
            if field.name in stored
            and field.type not in ("CSRFTokenField", "MultipleFileField")
            and field.name not in ("version", "confirm_unusual")
            and _readable(field.data) != _readable(stored[field.name].data)
        ]

    def _draft(
        self, attributes: Mapping[str, AttributeValue], location: ListingLocation | None
    ) -> ListingDraft:
        form = self.form
        valid_day = form.valid_until.data
        return ListingDraft(
            kind=form.kind,
            direction=Direction(self.listing.direction),
            title=(form.title.data or "").strip(),
            description=(form.description.data or "").strip(),
            category=form.category.data or None,
            attributes=attributes,
            quantity=1 if form.quantity.data is None else form.quantity.data,
            unit=form.unit.data or "",
            terms_mode=form.mode.data or None,
            amount_minor=decimal_as_minor(form.amount.data),  # type: ignore[arg-type]
            price_unit=form.per.data or None,
            vat_info=form.vat_info.data or None,
            deposit_minor=decimal_as_minor(form.deposit.data),  # type: ignore[arg-type]
            insurance=form.insurance.data or Insurance.TO_BE_AGREED,
            insurance_note=(form.insurance_note.data or "").strip(),
            handover_protocol=bool(form.handover_protocol.data),
            location=location,
            service_radius_km=form.service_radius_km.data,
            free_days=form.free_days.days,
            valid_until=midnight(valid_day + timedelta(days=1)) if valid_day else None,
        )

    def _location(
        self, work: UnitOfWork
    ) -> tuple[ListingLocation | None, dict[str, str], dict[str, object]]:
        organisation = self.listing.organisation
        chosen = self.form.location.data
        if chosen != OTHER_PLACE:
            site = next((each for each in self.sites if each.id == chosen), None)
            return (
                location_of_site(site) if site else location_of_organisation(organisation),
                {},
                {},
            )
        text = " ".join((self.form.place.data or "").split())[:LONGEST_PLACE]
        stored = draft_of(work, self.listing).location
        if not text:
            return None, {"place": N_("Bitte nennen Sie Postleitzahl und Ort.")}, {}
        is_typed = stored is not None and stored.site_id is None
        if stored and is_typed and not _is_own_place(self.listing) and text == _place_text(stored):
            return stored, {}, {}  # a point that is settled is never drawn again
        return self._found_location(work, text, organisation)

    def _found_location(
        self, work: UnitOfWork, text: str, organisation: Organisation
    ) -> tuple[ListingLocation | None, dict[str, str], dict[str, object]]:
        chosen = self.form.place_choice.data or ""
        if chosen:  # it stays chosen while something else is put right
            self.form.place_choice.choices = [SelectChoice(chosen, chosen)]
        try:
            return typed_location(work, text, organisation, chosen=chosen), {}, {}
        except SeveralPlaces as several:
            self.form.place_choice.choices = [
                SelectChoice(each.label, each.label) for each in several.choices
            ]
            return None, several.errors, {}
        except InvalidInput as refusal:
            return None, refusal.errors, dict(refusal.values)


def open_editor(work: UnitOfWork, listing_id: ListingId) -> Editor:
    """Open the form of one's own listing: with what was sent, or else with what is stored."""
    listing = own_listing(work, listing_id)
    parts = parts_of(work, listing)
    sites = own_sites(work)
    kept = None if request.method == "POST" else kept_form(work, listing_id)
    # Without "formdata" the form reads what this request has sent.
    typed = {"formdata": MultiDict((name, value) for name, value in kept.fields)} if kept else {}
    form = _filled(work, parts, sites, **typed)
    return Editor(parts=parts, form=form, sites=sites, kept_at=kept.kept_at if kept else None)


def warn(form: ListingForm, warnings: Mapping[str, str]) -> None:
    """Show what is unusual, and how to keep it."""
    for name, sentence in warnings.items():
        form[name].errors = [say_message(sentence, {})]
    form.confirm_unusual.errors = [
        gettext("Bitte prüfen Sie die Werte, oder bestätigen Sie hier, dass sie so stimmen.")
    ]


def _filled(
    work: UnitOfWork, parts: ListingParts, sites: Sequence[Site], **kwargs: object
) -> ListingForm:
    listing = parts.listing
    draft = draft_of(work, listing)
    data = typed_data(
        draft,
        version=listing.version,
        own_place=draft.location is None or _is_own_place(listing),
    )
    return form_for(
        KINDS[listing.kind], is_request=draft.is_request, sites=sites, data=data, **kwargs
    )


def _is_own_place(listing: Listing) -> bool:
    organisation = listing.organisation
    return (listing.public_lat, listing.public_lon, listing.street) == (
        organisation.public_lat,
        organisation.public_lon,
        organisation.street,
    )


def _place_text(location: ListingLocation) -> str:
    return f"{location.postcode} {location.place}".strip()


_LOCATIONS = {
    OWN_PLACE: lazy_gettext("am Sitz unserer Organisation"),
    OTHER_PLACE: lazy_gettext("an einem anderen Ort"),
}


def _readable(value: object) -> str:
    if isinstance(value, bool):
        return gettext("ja") if value else gettext("nein")
    if isinstance(value, list | tuple):
        return ", ".join(
            " – ".join(each) if isinstance(each, tuple) else str(each) for each in value
        )
    if isinstance(value, str) and value in _LOCATIONS:
        return str(_LOCATIONS[value])
    return "" if value is None else str(value)
