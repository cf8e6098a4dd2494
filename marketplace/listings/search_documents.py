"""A listing as the search knows it."""

from collections.abc import Callable, Mapping

from marketplace.districts.queries import own_district
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.listings.kinds import KINDS
from marketplace.listings.queries import ListingParts, public_organisation, public_spot
from marketplace.listings.resource_kind import (
    ChoiceAttribute,
    ResourceKind,
    SeveralAttribute,
    TextAttribute,
    YesNoAttribute,
)
from marketplace.listings.rules.attributes import written
from marketplace.listings.rules.categories import category_words
from marketplace.listings.rules.states import Direction
from marketplace.search.interfaces import FreeInterval, Json, SearchDocument, Terms, Window
from marketplace.search.rules.windows import merged

_LONGEST_SUMMARY = 200

FreeTimes = Callable[[UnitOfWork, ListingParts], tuple[FreeInterval, ...]]


def _offered_times(work: UnitOfWork, parts: ListingParts) -> tuple[FreeInterval, ...]:
    """Give the listing's own windows, in which nothing is taken."""
    windows = merged(Window(window.starts_at, window.ends_at) for window in parts.windows)
    return tuple(FreeInterval(window, parts.listing.quantity) for window in windows)


_free_times: FreeTimes = _offered_times


def register_free_times(provider: FreeTimes) -> None:
    """Let a package above say how much of an offer is free when."""
    global _free_times
    _free_times = provider


def document_of(work: UnitOfWork, parts: ListingParts) -> SearchDocument:
    """Give the search document of a published listing: it knows no more than everybody may."""
    listing = parts.listing
    kind = KINDS[listing.kind]
    windows = merged(Window(window.starts_at, window.ends_at) for window in parts.windows)
    organisation, spot = public_organisation(listing), public_spot(work, listing)
    return SearchDocument(
        listing_id=listing.id,
        direction=listing.direction,
        kind=listing.kind,
        category=listing.category,
        title=listing.title,
        summary=_summary(listing.description),
        body=listing.description,
        extra_words=(
            kind.singular,
            kind.plural,
            *kind.search_words,
            *(category_words(listing.category) if listing.category else ()),
        ),
        attribute_words=_attribute_words(kind, parts),
        organisation_id=organisation.id,
        organisation_name=organisation.name,
        district=own_district(work).slug,
        point=spot.point,
        place=listing.place,
        postcode=listing.postcode,
        precision=spot.precision,
        terms=Terms(
            mode=listing.terms_mode,
            amount_minor=listing.amount_minor,
            currency=listing.currency,
            per=listing.price_unit,
        )
        if listing.terms_mode
        else None,
        quantity=listing.quantity,
        unit=listing.unit,
        windows=windows,
        free=_free_times(work, parts)
        if listing.direction == Direction.OFFER
        else _offered_times(work, parts),
        valid_until=listing.valid_until,
        attributes=public_attributes(kind, listing.attributes),
        choices=_choices(kind, listing.attributes),
        service_radius_km=listing.service_radius_km,
        picture=f"/media/{parts.photos[0].id}?size=small" if parts.photos else None,
        published_at=listing.published_at or work.now(),
        updated_at=listing.updated_at,
    )


def public_attributes(kind: ResourceKind, values: Mapping[str, Json]) -> dict[str, Json]:
    """Give the values that everybody may see."""
    return {
        attribute.key: values[attribute.key]
        for attribute in kind.attributes
        if attribute.key in values and not attribute.is_private
    }


def _choices(kind: ResourceKind, values: Mapping[str, Json]) -> tuple[str, ...]:
    """Give what searches can be narrowed by."""
    choices = []
    for attribute in kind.attributes:
        if isinstance(attribute, ChoiceAttribute | SeveralAttribute) and attribute.is_facet:
            given = values.get(attribute.key)
            answers = given if isinstance(given, list) else [given]
            choices += [f"{attribute.key}={answer}" for answer in answers if answer is not None]
    return tuple(choices)


def _attribute_words(kind: ResourceKind, parts: ListingParts) -> tuple[str, ...]:
    """Give what the kind's own fields say in words; numbers alone find nothing."""
    words = []
    for attribute in kind.attributes:
        value = parts.listing.attributes.get(attribute.key)
        if value is None or attribute.is_private:
            continue
        if isinstance(attribute, ChoiceAttribute | SeveralAttribute | TextAttribute):
            words.append(written(attribute, value))
        elif isinstance(attribute, YesNoAttribute) and value:
            words.append(attribute.label)
    return tuple(words)


def _summary(description: str) -> str:
    text = " ".join(description.split())
    if len(text) <= _LONGEST_SUMMARY:
        return text
    return text[:_LONGEST_SUMMARY].rsplit(" ", 1)[0] + " …"
