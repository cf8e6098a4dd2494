"""Further addresses of an organisation."""

from marketplace.accounts.models import Site
from marketplace.accounts.operations.locations import published_point, settle_location
from marketplace.accounts.permissions import Action, check_may
from marketplace.accounts.queries import own_organisation, own_site, own_sites
from marketplace.accounts.rules.locations import Address, PlaceClaim
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, Conflict, InvalidInput
from marketplace.foundation.identifiers import SiteId, new_id

MOST_SITES = 20


def add_site(work: UnitOfWork, *, name: str, address: Address, chosen: str = "") -> Site:
    """Add an address; outside the district only for those who serve it.

    `chosen`: the label of the place that is meant where several bear the name. Raises InvalidInput
    (`place`) and Conflict where there are too many.
    """
    check_may(work.actor, Action.EDIT_ORGANISATION)
    organisation = own_organisation(work, lock=True)
    if len(own_sites(work)) >= MOST_SITES:
        raise Conflict(N_("Mehr Standorte gehen nicht. Schließen Sie zuerst einen anderen."))
    claim = PlaceClaim(
        chosen=chosen,
        serves_district=organisation.serves_district,
        service_note=organisation.service_note,
    )
    try:
        location = settle_location(work, address, claim)
    except InvalidInput as refusal:
        if "serves_district" not in refusal.errors:
            raise
        raise InvalidInput(
            {"place": N_("Dieser Ort liegt außerhalb von: %(district)s.")}, **refusal.values
        ) from None
    public = published_point(work, location, organisation.id, address)
    site = Site(
        id=SiteId(new_id()),
        organisation_id=organisation.id,
        name=name,
        street=address.street,
        postcode=address.postcode,
        place=address.place,
        lat=location.point.lat,
        lon=location.point.lon,
        public_lat=public.lat,
        public_lon=public.lon,
        precision=location.precision,
        created_at=work.now(),
        closed_at=None,
    )
    work.session.add(site)
    work.session.flush()
    work.record("add_site", "site", site.id)
    return site


def close_site(work: UnitOfWork, site_id: SiteId) -> None:
    """Offer an address no longer in forms; listings that stand there stay where they are."""
    check_may(work.actor, Action.EDIT_ORGANISATION)
    site = own_site(work, site_id)
    site.closed_at = work.now()
    work.record("close_site", "site", site.id)
