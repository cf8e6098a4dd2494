"""Who is thanked by name: only who wants it, and never for what was given unnamed."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import and_, not_, select
from sqlalchemy.orm import aliased

from marketplace.accounts.models import Organisation
from marketplace.accounts.rules.organisations import VerificationState
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import OrganisationId
from marketplace.impact.models import Effect, EngagementChoice
from marketplace.impact.queries.figures import wants_no_name


@dataclass(frozen=True, kw_only=True)
class Thanks:
    """What a giver that wants to be named has handed over in a year, confirmed by the receivers.

    `since` is year and month of the first one. `recipients` are those that want to be named as
    such; of the others only the places are given.
    """

    organisation_id: OrganisationId
    name: str
    place: str
    deals: int
    kilograms: float
    without_weight: int
    since: tuple[int, int]
    recipients: tuple[str, ...]
    unnamed_places: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Gift:
    giver_id: OrganisationId
    giver: str
    place: str
    kilograms: float | None
    month: int
    receiver: str
    receiver_place: str
    is_receiver_named: bool


def own_choice(work: UnitOfWork) -> EngagementChoice | None:
    """Give where the acting organisation lets itself be named; None: it has not chosen."""
    return work.session.scalars(
        select(EngagementChoice).where(
            EngagementChoice.organisation_id == work.actor.organisation_id
        )
    ).first()


def is_named_as_giver(work: UnitOfWork, organisation_id: OrganisationId) -> bool:
    """Tell whether an organisation lets itself be named as a giver."""
    choice = work.session.scalars(
        select(EngagementChoice.as_giver).where(EngagementChoice.organisation_id == organisation_id)
    ).first()
    return bool(choice)


def years_with_thanks(work: UnitOfWork) -> list[int]:
    """Give the years in which somebody who wants to be named has given, the latest first."""
    giver = aliased(EngagementChoice)
    return sorted(
        work.session.scalars(
            select(Effect.year)
            .join(Effect.listing)
            .join(giver, and_(giver.organisation_id == Effect.giver_id, giver.as_giver))
            .where(Effect.claim_id.is_not(None), not_(wants_no_name()))
            .distinct()
        ),
        reverse=True,
    )


def thanks_in(
    work: UnitOfWork, year: int, *, organisation_id: OrganisationId | None = None
) -> list[Thanks]:
    """Give whom to thank for gifts of a year, by name; all of them or one organisation."""
    found: dict[OrganisationId, list[_Gift]] = {}
    for gift in _gifts(work, year):
        if organisation_id in (None, gift.giver_id):
            found.setdefault(gift.giver_id, []).append(gift)
    thanks = [_thanks(year, gifts) for gifts in found.values()]
    return sorted(thanks, key=lambda each: (each.name.casefold(), each.organisation_id))


def _thanks(year: int, gifts: list[_Gift]) -> Thanks:
    return Thanks(
        organisation_id=gifts[0].giver_id,
        name=gifts[0].giver,
        place=gifts[0].place,
        deals=len(gifts),
        kilograms=sum(each.kilograms or 0.0 for each in gifts),
        without_weight=sum(each.kilograms is None for each in gifts),
        since=(year, min(each.month for each in gifts)),
        recipients=_sorted(each.receiver for each in gifts if each.is_receiver_named),
        unnamed_places=_sorted(each.receiver_place for each in gifts if not each.is_receiver_named),
    )


def _sorted(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(words), key=str.casefold))


def _gifts(work: UnitOfWork, year: int) -> list[_Gift]:
    giver, receiver = aliased(Organisation), aliased(Organisation)
    wants, agrees = aliased(EngagementChoice), aliased(EngagementChoice)
    rows = work.session.execute(
        select(
            giver.id,
            giver.name,
            giver.place,
            Effect.kilograms,
            Effect.month,
            receiver.name,
            receiver.place,
            agrees.as_recipient,
        )
        .join(Effect.listing)
        .join(giver, giver.id == Effect.giver_id)
        .join(receiver, receiver.id == Effect.receiver_id)
        .join(wants, and_(wants.organisation_id == Effect.giver_id, wants.as_giver))
        .outerjoin(agrees, agrees.organisation_id == Effect.receiver_id)
        .where(
            Effect.year == year,
            # Of claims both sides know; a booking may have been completed by one of them.
            Effect.claim_id.is_not(None),
            not_(wants_no_name()),
            giver.state != VerificationState.REFUSED,
        )
        .order_by(Effect.closed_at, Effect.id)
    )
    return [
        _Gift(
            giver_id=giver_id,
            giver=name,
            place=place,
            kilograms=kilograms,
            month=month,
            receiver=receiver_name,
            receiver_place=receiver_place,
            is_receiver_named=bool(is_named),
        )
        for (
            giver_id,
            name,
            place,
            kilograms,
            month,
            receiver_name,
            receiver_place,
            is_named,
        ) in rows
    ]
