"""Links in mails that renew a listing without signing in."""

from itsdangerous import BadSignature, URLSafeSerializer

from marketplace.accounts.permissions import MemberRole
from marketplace.foundation.database.unit_of_work import Actor, UnitOfWork
from marketplace.foundation.errors import NotFound
from marketplace.foundation.identifiers import ListingId
from marketplace.listings.models import Listing
from marketplace.listings.queries import listing_by_id


def renewal_secret(work: UnitOfWork, listing: Listing) -> str:
    """Give what the link holds: which listing, of which district; it works for this listing only.

    It outlives the listing's time, for a click that comes late is a click all the same.
    """
    return _serializer(work).dumps(listing.id)


def listing_of_link(work: UnitOfWork, secret: str) -> Listing:
    """Give the listing that a link is for; raises NotFound for any other text."""
    try:
        listing_id = _serializer(work).loads(secret)
    except BadSignature:
        raise NotFound from None
    return listing_by_id(work, ListingId(str(listing_id)))


def renewing_actor(listing: Listing) -> Actor:
    """Give who acts by such a link: the organisation, and nobody by name."""
    return Actor(
        name="renewal link",
        organisation_id=listing.organisation_id,
        roles=frozenset({MemberRole.MEMBER}),
    )


def _serializer(work: UnitOfWork) -> URLSafeSerializer:
    salt = f"renew listing {work.district_id}"
    return URLSafeSerializer(work.services.settings.secret_key, salt=salt)
