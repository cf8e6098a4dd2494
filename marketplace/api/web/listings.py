"""Listings: read, write, and what becomes of them."""

from collections.abc import Callable
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import UnsupportedMediaType

from marketplace.accounts.permissions import Action
from marketplace.api.rules.bodies import check
from marketplace.api.rules.schemas import (
    KIND_SCHEMA,
    REASON_SCHEMA,
    listing_change_schema,
    listing_write_schema,
)
from marketplace.api.web.blueprint import blueprint
from marketplace.api.web.drafts import changed_draft, new_draft
from marketplace.api.web.presenting import listing_as_json, photo_as_json
from marketplace.api.web.requests import Answer, once, read_body, read_object
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import (
    N_,
    InvalidInput,
    PreconditionRequired,
    Sentence,
    StaleVersion,
)
from marketplace.foundation.identifiers import ListingId
from marketplace.foundation.photos import (
    LARGEST_BYTES,
    CleanPhoto,
    UnusablePhoto,
    clean_photo,
)
from marketplace.foundation.web.permissions import public, requires
from marketplace.foundation.web.request_scope import current_scope, current_work
from marketplace.foundation.web.uploads import accepts_uploads
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import Listing
from marketplace.listings.operations.life import (
    approve_listing,
    archive_listing,
    check_changed,
    decline_listing,
    hide_listing,
    pause_listing,
    publish_listing,
    renew_listing,
)
from marketplace.listings.operations.listings import (
    create_draft,
    draft_of,
    organisation_of_actor,
    update_listing,
)
from marketplace.listings.operations.photos import add_photos
from marketplace.listings.queries import listing_by_id, own_listing, parts_of, visible_listing
from marketplace.listings.rules.photos import MOST_PHOTOS
from marketplace.listings.rules.states import ListingState

_LARGEST_UPLOAD = MOST_PHOTOS * LARGEST_BYTES + 1024 * 1024
_PHOTO_FIELDS = ("photo", "photos")


@blueprint.post("/listings")
@requires(Action.WRITE_LISTING)
def create_listing() -> ResponseReturnValue:
    """Keep a new draft."""
    body = read_body(KIND_SCHEMA)
    check(body, listing_write_schema(KINDS[body["kind"]]))

    def effect(work: UnitOfWork) -> Answer:
        organisation = organisation_of_actor(work)
        listing = create_draft(work, organisation, new_draft(work, body, organisation))
        return _answer(work, listing, status=201)

    return once(effect)


@blueprint.get("/listings/<listing_id>")
@public
def read_listing(listing_id: str) -> ResponseReturnValue:
    """Give a listing that the caller may see."""
    work = current_work()
    listing = visible_listing(work, ListingId(listing_id))
    response = _answer(work, listing).response()
    return response.make_conditional(request)


@blueprint.patch("/listings/<listing_id>")
@requires(Action.WRITE_LISTING)
def change_listing(listing_id: str) -> ResponseReturnValue:
    """Change the fields that are sent, of the version that was seen."""
    identity = ListingId(listing_id)
    stored = own_listing(current_work(), identity)
    body = read_body(listing_change_schema(KINDS[stored.kind]))
    version = _seen_version(stored)

    def effect(work: UnitOfWork) -> Answer:
        listing = own_listing(work, identity, lock=True)
        draft = changed_draft(work, draft_of(work, listing), body, listing.organisation)
        listing = update_listing(work, identity, draft, version=version)
        if listing.state == ListingState.PUBLISHED:
            check_changed(work, listing)
        return _answer(work, listing)

    return once(effect)


@blueprint.delete("/listings/<listing_id>")
@requires(Action.WRITE_LISTING)
def delete_listing(listing_id: str) -> ResponseReturnValue:
    """Put a listing away for good: what was agreed about it stays readable."""
    response = _step(listing_id, archive_listing)
    if response.status_code == 200:
        return Response(status=204)
    return response


@blueprint.post("/listings/<listing_id>/publish")
@requires(Action.WRITE_LISTING)
def publish(listing_id: str) -> ResponseReturnValue:
    """Let everybody see it, or hand it to the staff first."""
    return _step(listing_id, publish_listing)


@blueprint.post("/listings/<listing_id>/pause")
@requires(Action.WRITE_LISTING)
def pause(listing_id: str) -> ResponseReturnValue:
    """Take it out of sight for a while."""
    return _step(listing_id, pause_listing)


@blueprint.post("/listings/<listing_id>/renew")
@requires(Action.WRITE_LISTING)
def renew(listing_id: str) -> ResponseReturnValue:
    """Let it be valid for as long as possible again."""
    return _step(listing_id, renew_listing)


@blueprint.post("/listings/<listing_id>/archive")
@requires(Action.WRITE_LISTING)
def archive(listing_id: str) -> ResponseReturnValue:
    """Put it away for good."""
    return _step(listing_id, archive_listing)


@blueprint.post("/listings/<listing_id>/approve")
@requires(Action.REVIEW_LISTING)
def approve(listing_id: str) -> ResponseReturnValue:
    """Publish what waited for the staff."""
    return _step(listing_id, approve_listing)


@blueprint.post("/listings/<listing_id>/decline")
@requires(Action.REVIEW_LISTING)
def decline(listing_id: str) -> ResponseReturnValue:
    """Send back what waited for the staff."""
    reason = _reason(listing_id)
    return _step(listing_id, lambda work, identity: decline_listing(work, identity, reason))


@blueprint.post("/listings/<listing_id>/hide")
@requires(Action.REVIEW_LISTING)
def hide(listing_id: str) -> ResponseReturnValue:
    """Take what is public out of sight."""
    reason = _reason(listing_id)
    return _step(listing_id, lambda work, identity: hide_listing(work, identity, reason))


@blueprint.post("/listings/<listing_id>/photos")
@accepts_uploads(_LARGEST_UPLOAD)
@requires(Action.WRITE_LISTING)
def upload_photos(listing_id: str) -> ResponseReturnValue:
    """Add pictures, re-encoded and without metadata; all of them or none."""
    identity = ListingId(listing_id)
    own_listing(current_work(), identity)
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType
    photos = _cleaned([file for name in _PHOTO_FIELDS for file in request.files.getlist(name)])

    def effect(work: UnitOfWork) -> Answer:
        add_photos(work, identity, photos)
        stored = parts_of(work, own_listing(work, identity)).photos[-len(photos) :]
        site = current_scope().origin
        return Answer(
            status=201, body={"items": [photo_as_json(photo, site=site) for photo in stored]}
        )

    return once(effect)


def _reason(listing_id: str) -> str:
    """Give the reason that was sent, about a listing that there is."""
    listing_by_id(current_work(), ListingId(listing_id))
    return str(read_body(REASON_SCHEMA)["reason"])


def _cleaned(files: list[FileStorage]) -> list[CleanPhoto]:
    if not files:
        raise InvalidInput({"photo": N_("Bitte senden Sie mindestens ein Bild.")})
    if len(files) > MOST_PHOTOS:
        raise InvalidInput(
            {"photo": Sentence(N_("Ein Angebot hat höchstens %(most)s Bilder."), most=MOST_PHOTOS)}
        )
    try:
        return [clean_photo(file.read(LARGEST_BYTES + 1)) for file in files]
    except UnusablePhoto as unusable:
        raise InvalidInput({"photo": str(unusable)}) from None


def _step(listing_id: str, operation: Callable[[UnitOfWork, ListingId], Listing]) -> Response:
    def effect(work: UnitOfWork) -> Answer:
        return _answer(work, operation(work, ListingId(listing_id)))

    _refuse_strange_body()
    return once(effect)


def _refuse_strange_body() -> None:
    """Take no body, or a JSON object, on steps that need none."""
    if request.content_length and request.mimetype == "application/json":
        read_object()


def _answer(work: UnitOfWork, listing: Listing, *, status: int = 200) -> Answer:
    work.session.flush()
    site = current_scope().origin
    body: dict[str, Any] = listing_as_json(work, listing, site=site)
    headers = {"ETag": _etag(listing)}
    if status == 201:
        headers["Location"] = f"{site}/api/v1/listings/{listing.id}"
    return Answer(status=status, body=body, headers=headers)


def _etag(listing: Listing) -> str:
    return f'"{listing.version}"'


def _seen_version(listing: Listing) -> int:
    """Give the version that the caller names; raises PreconditionRequired or StaleVersion."""
    if "If-Match" not in request.headers:
        raise PreconditionRequired(
            N_("Bitte senden Sie im Kopf If-Match die Kennung aus dem ETag mit.")
        )
    if not request.if_match.contains(str(listing.version)):
        raise StaleVersion(
            N_("Jemand anderes hat inzwischen gespeichert. Bitte lesen Sie den Eintrag neu.")
        )
    return listing.version
