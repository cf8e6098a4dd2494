"""Who a listing is from, as those see it who take no part: a giver may stay unnamed."""

from dataclasses import dataclass

from marketplace.foundation.identifiers import OrganisationId
from marketplace.listings.resource_kind import UNNAMED, AttributeValues, ResourceKind


@dataclass(frozen=True, kw_only=True)
class ShownOrganisation:
    """An organisation as somebody sees it; id and name are empty where it stays unnamed."""

    id: OrganisationId
    name: str
    place: str


def stays_unnamed(
    kind: ResourceKind, *, is_request: bool, mode: str | None, attributes: AttributeValues
) -> bool:
    """Tell whether it is a gift whose giver chose to stay unnamed."""
    return kind.is_gift(is_request=is_request, mode=mode) and attributes.get(UNNAMED) is True


def shown_to_all(
    organisation: ShownOrganisation, *, is_unnamed: bool, place: str
) -> ShownOrganisation:
    """Give what everybody may know of a listing's organisation.

    `place`: the listing's own, which is public. Who stays unnamed is known by that alone, not by
    where the organisation has its seat.
    """
    if not is_unnamed:
        return organisation
    return ShownOrganisation(id=OrganisationId(""), name="", place=place)
