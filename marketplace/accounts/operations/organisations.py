"""Change what an organisation states about itself."""

from dataclasses import replace

from marketplace.accounts.events import OrganisationSubmitted
from marketplace.accounts.models import Organisation
from marketplace.accounts.operations.locations import published_point, settle_location
from marketplace.accounts.permissions import Action, check_may
from marketplace.accounts.queries import own_organisation
from marketplace.accounts.rules.locations import Location, PlaceClaim, is_same_point, settled
from marketplace.accounts.rules.organisations import (
    OrganisationDetails,
    VerificationState,
    identity_changed,
    state_after_change,
)
from marketplace.districts.queries import own_district
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, StaleVersion


def change_organisation(
    work: UnitOfWork, details: OrganisationDetails, place: PlaceClaim, *, version: int
) -> None:
    """Store what the acting person's organisation states now.

    A refused one is handed in again. A verified one is checked anew where something changed that
    the staff had seen; what it has published stays published. Raises StaleVersion where somebody
    else saved since `version`, and InvalidInput.
    """
    check_may(work.actor, Action.EDIT_ORGANISATION)
    organisation = own_organisation(work, lock=True)
    if organisation.version != version:
        raise StaleVersion(
            N_(
                "Jemand aus Ihrer Organisation hat inzwischen gespeichert. Ihre Eingaben stehen "
                "noch hier: Bitte vergleichen Sie und speichern Sie dann noch einmal."
            )
        )
    before, place_before = organisation.details, organisation.location
    location = _location_after(work, organisation, details, place)
    write_details(organisation, details)
    if location != place_before or details.address != before.address:
        write_location(work, organisation, location)
    organisation.updated_at = work.now()
    changed = _changed_fields(before, details) + (["location"] if location != place_before else [])
    work.record("change", "organisation", organisation.id, {"changed": changed})
    _hand_in(work, organisation, identity_changed(before, place_before, details, location))


def write_details(organisation: Organisation, details: OrganisationDetails) -> None:
    """Put what an organisation states into its row."""
    organisation.name = details.name
    organisation.kind = details.kind
    organisation.street = details.address.street
    organisation.postcode = details.address.postcode
    organisation.place = details.address.place
    organisation.description = details.description
    organisation.website = details.website
    organisation.register_entry = details.register_entry


def write_location(work: UnitOfWork, organisation: Organisation, location: Location) -> None:
    """Put a newly settled place into the row, with the point that everybody may see."""
    public = published_point(work, location, organisation.id, organisation.details.address)
    organisation.lat, organisation.lon = location.point.lat, location.point.lon
    organisation.public_lat, organisation.public_lon = public.lat, public.lon
    organisation.precision = location.precision
    organisation.lies_inside = location.lies_inside
    organisation.serves_district = location.serves_district
    organisation.service_note = location.service_note


def _location_after(
    work: UnitOfWork, organisation: Organisation, details: OrganisationDetails, place: PlaceClaim
) -> Location:
    stored = organisation.location
    moved = place.pin is not None and not is_same_point(place.pin, stored.point)
    if moved or details.address != organisation.details.address:
        return settle_location(work, details.address, place)
    return settled(
        stored.point,
        stored.precision,
        replace(place, pin=stored.point),
        lies_inside=stored.lies_inside,
        district=own_district(work).full_name,
    )


def _changed_fields(before: OrganisationDetails, now: OrganisationDetails) -> list[str]:
    return [name for name, value in vars(before).items() if getattr(now, name) != value]


def _hand_in(work: UnitOfWork, organisation: Organisation, identity_changed: bool) -> None:
    state = VerificationState(organisation.state)
    new_state = state_after_change(state, identity_changed=identity_changed)
    if new_state is not state:
        organisation.state = new_state
        organisation.submitted_at = work.now()
        work.emit(OrganisationSubmitted(organisation_id=organisation.id))
