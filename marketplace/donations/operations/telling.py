"""Mails about a claim to the people of one side."""

from marketplace.accounts.operations.mails import mail_to
from marketplace.accounts.queries import people_of
from marketplace.accounts.rules.mail_choices import MailTopic
from marketplace.bookings.rules.opening import BERLIN
from marketplace.bookings.rules.requests import written_instant, written_time
from marketplace.donations.models import Claim, ClaimStep
from marketplace.donations.queries.claims import across_from, terms_of
from marketplace.donations.queries.pickups import due_of
from marketplace.donations.rules.news import News
from marketplace.donations.rules.pickups import given_back_at
from marketplace.donations.rules.states import ClaimState, Side
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.listings.kinds import KINDS
from marketplace.messaging.rules.messages import shortened
from marketplace.search.rules.windows import Window


def tell(
    work: UnitOfWork,
    claim: Claim,
    step: ClaimStep,
    news: News,
    *,
    reader: Side,
    note: str = "",
    about: str = "",
) -> None:
    """Send news of a step to everybody of one side; `note`: what was written with it.

    `about`: what names the news where it is not the step itself, such as a reminder after it.
    """
    own = claim.listing.organisation_id if reader is Side.GIVER else claim.organisation_id
    across = across_from(claim, reader)
    collect_until = terms_of(claim.listing).collect_until
    for person in people_of(work, own):
        mail_to(
            work,
            person,
            "claim_news",
            event_key=f"claim-{claim.id}-{step.position}{about}",
            topic=MailTopic.AGREEMENTS,
            act_by=claim.answer_until,
            subject_line=news.subject,
            happened=news.happened,
            next_step=news.next,
            other=across.name,
            place=across.place,
            title=claim.listing.title,
            quantity=step.quantity,
            unit=KINDS[claim.listing.kind].unit_label(claim.unit, step.quantity),
            deadline=written_instant(claim.answer_until, BERLIN) if claim.answer_until else "",
            # The instant is the end of that day.
            collect=written_instant(collect_until, BERLIN) if collect_until else "",
            pickup=written_time(Window(claim.pickup_starts_at, claim.pickup_ends_at), BERLIN)
            if claim.pickup_starts_at and claim.pickup_ends_at
            else "",
            until=written_instant(given_back_at(due_of(work, claim)), BERLIN)
            if claim.state == ClaimState.ACCEPTED
            else "",
            note=shortened(note),
            path=f"/messages/{claim.thread_id}",
        )
