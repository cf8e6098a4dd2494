"""Write listings: keep a draft, change one, copy one."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm.attributes import set_committed_value

from marketplace.accounts.models import Organisation, Site
from marketplace.accounts.permissions import Action, check_may
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import (
    N_,
    Conflict,
    InvalidInput,
    NotAllowed,
    StaleVersion,
)
from marketplace.foundation.identifiers import ListingId, OrganisationId, new_id
from marketplace.geo.interfaces import Precision
from marketplace.geo.rules.points import Point
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import AvailabilityWindow, KeptForm, Listing
from marketplace.listings.queries import is_public, kept_form, own_listing, parts_of
from marketplace.listings.rules.drafts import (
    ZONE,
    FreeDays,
    ListingDraft,
    ListingLocation,
    last_day_before,
    last_valid_day,
    midnight,
    missing_for_publishing,
    problems_of,
)
from marketplace.listings.rules.states import COMPLETE, EDITABLE, Direction, ListingState
from marketplace.listings.search_documents import document_of
from marketplace.search.operations import index_document, remove_document

_CURRENCY = "EUR"


def create_draft(
    work: UnitOfWork,
    organisation: Organisation,
    draft: ListingDraft,
    *,
    import_key: str | None = None,
) -> Listing:
    """Keep a new draft of an organisation; raises InvalidInput."""
    check_may(work.actor, Action.WRITE_LISTING)
    _check(problems_of(draft, now=work.now()))
    listing = Listing(
        id=ListingId(new_id()),
        organisation_id=organisation.id,
        direction=draft.direction,
        kind=draft.kind.key,
        state=ListingState.DRAFT,
        staff_reason="",
        import_key=import_key,
        created_at=work.now(),
        published_at=None,
    )
    _fill(work, listing, draft)
    work.session.add(listing)
    work.session.flush()
    set_committed_value(listing, "organisation", organisation)
    _keep_windows(work, listing, draft.free_days)
    work.record("create_listing", "listing", listing.id, {"kind": draft.kind.key})
    return listing


ChangeCheck = Callable[[UnitOfWork, Listing], None]
_change_checks: list[ChangeCheck] = []


def register_change_check(check: ChangeCheck) -> None:
    """Let a package above refuse a change that breaks what was promised: it raises Conflict."""
    if check not in _change_checks:
        _change_checks.append(check)


def update_listing(
    work: UnitOfWork, listing_id: ListingId, draft: ListingDraft, *, version: int
) -> Listing:
    """Change a listing that nobody changed since `version` was read.

    Raises StaleVersion, InvalidInput; a published one must stay complete. Raises Conflict where
    a package above refuses (see register_change_check).
    """
    check_may(work.actor, Action.WRITE_LISTING)
    listing = own_listing(work, listing_id, lock=True)
    if listing.version != version:
        raise StaleVersion(
            N_(
                "Jemand anderes aus Ihrer Organisation hat den Eintrag inzwischen geändert. "
                "Ihre Eingaben stehen noch hier. Vergleichen Sie und speichern Sie dann erneut."
            )
        )
    if listing.state not in EDITABLE:
        raise Conflict(N_("Was abgelegt ist oder gerade geprüft wird, kann nicht geändert werden."))
    problems = problems_of(draft, now=work.now())
    if listing.state in COMPLETE:
        problems = {**missing_for_publishing(draft), **problems}
    _check(problems)
    _fill(work, listing, draft)
    work.session.flush()
    _keep_windows(work, listing, draft.free_days)
    for check in _change_checks:
        check(work, listing)
    forget_kept_form(work, listing.id)
    work.record("update_listing", "listing", listing.id)
    refresh_index(work, listing)
    return listing


def copy_listing(work: UnitOfWork, listing_id: ListingId) -> Listing:
    """Begin a draft with what one's own listing says, times that are over left out.

    Confirmations are asked for again. Pictures are copied by `copy_photos`.
    """
    listing = own_listing(work, listing_id)
    draft = draft_of(work, listing)
    today = work.now().astimezone(ZONE).date()
    copied = replace(
        draft,
        attributes={key: value for key, value in draft.attributes.items() if key != "hints_read"},
        free_days=tuple(days for days in draft.free_days if days.last >= today),
        valid_until=None,
    )
    return create_draft(work, listing.organisation, copied)


def keep_form(work: UnitOfWork, listing_id: ListingId, fields: Sequence[tuple[str, str]]) -> None:
    """Keep what was typed and not saved yet, as it was typed; nobody but its writers sees it."""
    check_may(work.actor, Action.WRITE_LISTING)
    listing = own_listing(work, listing_id, lock=True)
    kept = kept_form(work, listing.id)
    if kept is None:
        kept = KeptForm(listing_id=listing.id)
        work.session.add(kept)
    kept.fields = [[name, value] for name, value in fields]
    kept.kept_at = work.now()


def forget_kept_form(work: UnitOfWork, listing_id: ListingId) -> None:
    """Forget what was typed: it is saved now, or nobody wants it."""
    work.session.execute(delete(KeptForm).where(KeptForm.listing_id == listing_id))


def refresh_index(work: UnitOfWork, listing: Listing) -> None:
    """Make searches find it as it is now, or no longer."""
    if is_public(listing, work):
        index_document(work, document_of(work, parts_of(work, listing)))
    else:
        remove_document(work, listing.id)


def draft_of(work: UnitOfWork, listing: Listing) -> ListingDraft:
    """Give what a stored listing says."""
    return ListingDraft(
        kind=KINDS[listing.kind],
        direction=Direction(listing.direction),
        title=listing.title,
        description=listing.description,
        category=listing.category,
        attributes=listing.attributes,
        quantity=listing.quantity,
        unit=listing.unit,
        terms_mode=listing.terms_mode,
        amount_minor=listing.amount_minor,
        price_unit=listing.price_unit,
        vat_info=listing.vat_info,
        deposit_minor=listing.deposit_minor,
        insurance=listing.insurance,
        insurance_note=listing.insurance_note,
        handover_protocol=listing.handover_protocol,
        location=_location_of(listing),
        service_radius_km=listing.service_radius_km,
        free_days=tuple(days_of(window) for window in parts_of(work, listing).windows),
        valid_until=listing.valid_until,
    )


def days_of(window: AvailabilityWindow) -> FreeDays:
    """Give a stored window as days of Berlin's calendar, both inclusive."""
    return FreeDays(
        first=window.starts_at.astimezone(ZONE).date(), last=last_day_before(window.ends_at)
    )


def location_of_organisation(organisation: Organisation) -> ListingLocation:
    """Give the organisation's own place, public point included, as a listing's place."""
    return ListingLocation(
        street=organisation.street,
        postcode=organisation.postcode,
        place=organisation.place,
        point=Point(organisation.lat, organisation.lon),
        public_point=Point(organisation.public_lat, organisation.public_lon),
        precision=Precision(organisation.precision),
    )


def location_of_site(site: Site) -> ListingLocation:
    """Give another address of the organisation as a listing's place."""
    return ListingLocation(
        street=site.street,
        postcode=site.postcode,
        place=site.place,
        point=Point(site.lat, site.lon),
        public_point=Point(site.public_lat, site.public_lon),
        precision=Precision(site.precision),
        site_id=site.id,
    )


def organisation_of_actor(work: UnitOfWork) -> Organisation:
    """Give the organisation the actor acts for; raises NotAllowed where there is none."""
    organisation_id: OrganisationId | None = work.actor.organisation_id
    organisation = work.session.get(Organisation, organisation_id) if organisation_id else None
    if organisation is None:
        raise NotAllowed(N_("Dafür müssen Sie für eine Organisation angemeldet sein."))
    return organisation


def _check(problems: dict[str, str]) -> None:
    if problems:
        raise InvalidInput(problems)


def _location_of(listing: Listing) -> ListingLocation | None:
    if (
        listing.lat is None
        or listing.lon is None
        or listing.public_lat is None
        or listing.public_lon is None
        or listing.precision is None
    ):
        return None
    return ListingLocation(
        street=listing.street,
        postcode=listing.postcode,
        place=listing.place,
        point=Point(listing.lat, listing.lon),
        public_point=Point(listing.public_lat, listing.public_lon),
        precision=Precision(listing.precision),
        site_id=listing.site_id,
    )


def _fill(work: UnitOfWork, listing: Listing, draft: ListingDraft) -> None:
    listing.title = draft.title.strip()
    listing.description = draft.description.strip()
    listing.category = draft.category
    listing.attributes = dict(draft.attributes)
    listing.quantity = draft.quantity
    listing.unit = draft.unit_key
    listing.terms_mode = draft.terms_mode
    listing.amount_minor = draft.amount_minor
    listing.currency = _CURRENCY
    listing.price_unit = draft.price_unit if draft.amount_minor is not None else None
    listing.vat_info = draft.vat_info if draft.amount_minor is not None else None
    listing.deposit_minor = draft.deposit_minor
    listing.insurance = draft.insurance
    listing.insurance_note = draft.insurance_note.strip()
    listing.handover_protocol = draft.handover_protocol
    location = draft.location
    listing.street = location.street if location else ""
    listing.postcode = location.postcode if location else ""
    listing.place = location.place if location else ""
    listing.lat = location.point.lat if location else None
    listing.lon = location.point.lon if location else None
    listing.public_lat = location.public_point.lat if location else None
    listing.public_lon = location.public_point.lon if location else None
    listing.precision = location.precision if location else None
    listing.site_id = location.site_id if location else None
    listing.service_radius_km = draft.service_radius_km
    listing.valid_until = draft.valid_until or longest_validity(work.now())
    listing.updated_at = work.now()


def longest_validity(now: datetime) -> datetime:
    """Give the end of the last day a listing may be valid when it is saved now."""
    return midnight(last_valid_day(now) + timedelta(days=1))


def _keep_windows(work: UnitOfWork, listing: Listing, free_days: Sequence[FreeDays]) -> None:
    work.session.execute(
        delete(AvailabilityWindow).where(AvailabilityWindow.listing_id == listing.id)
    )
    for days in free_days:
        starts_at, ends_at = days.as_instants()
        work.session.add(
            AvailabilityWindow(listing_id=listing.id, starts_at=starts_at, ends_at=ends_at)
        )
    work.session.flush()
