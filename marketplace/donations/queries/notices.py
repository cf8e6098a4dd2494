"""What proves the status of an organisation."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from marketplace.accounts.models import Organisation, Person
from marketplace.accounts.rules.organisations import OrganisationKind
from marketplace.donations.models import ExemptionNotice
from marketplace.donations.rules.recipients import (
    Notice,
    NoticeState,
    counting_notice,
    is_public,
    is_recognised,
    lapsed_notice,
)
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import NotFound
from marketplace.foundation.identifiers import NoticeId, OrganisationId
from marketplace.listings.rules.drafts import ZONE

DECIDED_SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class Status:
    """What proves an organisation's status today, or did; with `is_public` nothing has to."""

    is_public: bool
    counting: Notice | None
    lapsed: Notice | None  # None: nothing has lapsed, or something counts


@dataclass(frozen=True, kw_only=True)
class NoticeOf:
    """A notice with whose it is."""

    notice: ExemptionNotice
    organisation: Organisation


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


def status_of(work: UnitOfWork, organisation: Organisation) -> Status:
    """Give what proves the status of an organisation today."""
    notices = notices_by_organisation(work, [organisation.id])[organisation.id]
    today = today_of(work)
    counting = counting_notice(notices, today)
    return Status(
        is_public=is_public(OrganisationKind(organisation.kind)),
        counting=counting,
        lapsed=None if counting else lapsed_notice(notices, today),
    )


def notices_of(work: UnitOfWork, organisation_id: OrganisationId) -> list[ExemptionNotice]:
    """Give what an organisation has stated, the latest first."""
    return list(
        work.session.scalars(
            select(ExemptionNotice)
            .where(ExemptionNotice.organisation_id == organisation_id)
            .order_by(ExemptionNotice.submitted_at.desc(), ExemptionNotice.id)
        )
    )


def notice_by_id(work: UnitOfWork, notice_id: NoticeId, *, lock: bool = False) -> ExemptionNotice:
    """Give a notice, locked until the commit if asked; raises NotFound."""
    statement = select(ExemptionNotice).where(ExemptionNotice.id == notice_id)
    found = work.session.scalars(statement.with_for_update() if lock else statement).first()
    if found is None:
        raise NotFound
    return found


def own_notice(work: UnitOfWork, notice_id: NoticeId) -> ExemptionNotice:
    """Give a notice of the acting organisation; raises NotFound."""
    found = notice_by_id(work, notice_id)
    if found.organisation_id != work.actor.organisation_id:
        raise NotFound
    return found


def waiting_notices(work: UnitOfWork) -> list[NoticeOf]:
    """Give what waits for an administrator, the longest waiting first."""
    rows = work.session.execute(
        select(ExemptionNotice, Organisation)
        .join(Organisation, Organisation.id == ExemptionNotice.organisation_id)
        .where(ExemptionNotice.state == NoticeState.SUBMITTED)
        .order_by(ExemptionNotice.submitted_at, ExemptionNotice.id)
    )
    return [NoticeOf(notice=notice, organisation=organisation) for notice, organisation in rows]


def decided_notices(work: UnitOfWork) -> list[NoticeOf]:
    """Give what was decided last, the newest first."""
    rows = work.session.execute(
        select(ExemptionNotice, Organisation)
        .join(Organisation, Organisation.id == ExemptionNotice.organisation_id)
        .where(ExemptionNotice.state != NoticeState.SUBMITTED)
        .order_by(ExemptionNotice.decided_at.desc(), ExemptionNotice.id)
        .limit(DECIDED_SHOWN)
    )
    return [NoticeOf(notice=notice, organisation=organisation) for notice, organisation in rows]


def decider_of(work: UnitOfWork, notice: ExemptionNotice) -> str:
    """Give the name of who decided; empty while nobody has."""
    person = work.session.get(Person, notice.decided_by) if notice.decided_by else None
    return person.name if person else ""
