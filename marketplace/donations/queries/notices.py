"""What proves the status of an organisation."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import select

from marketplace.accounts.models import Organisation
from marketplace.accounts.rules.organisations import OrganisationKind
from marketplace.donations.models import ExemptionNotice
from marketplace.donations.rules.recipients import Notice, is_recognised
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import OrganisationId
from marketplace.listings.rules.drafts import ZONE


def today_of(work: UnitOfWork) -> date:
    """Give the day it is, by Berlin's calendar."""
    return work.now().astimezone(ZONE).date()


def notices_by_organisation(
    work: UnitOfWork, organisation_ids: Collection[OrganisationId]
) -> Mapping[OrganisationId, list[Notice]]:
    """Give the notices of some organisations as the rules see them."""
    found: dict[OrganisationId, list[Notice]] = {each: [] for each in organisation_ids}
    for stored in work.session.scalars(
        select(ExemptionNotice).where(ExemptionNotice.organisation_id.in_(organisation_ids))
    ):
        found[stored.organisation_id].append(stored.notice)
    return found


def has_proven_status(work: UnitOfWork, organisation: Organisation) -> bool:
    """Tell whether the status of an organisation is proven today."""
    notices = notices_by_organisation(work, [organisation.id])[organisation.id]
    return is_recognised(OrganisationKind(organisation.kind), notices, today_of(work))
