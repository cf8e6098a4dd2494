"""Let oneself be named, or no longer: it counts from the next page that anybody opens."""

from marketplace.accounts.permissions import Action, check_may
from marketplace.accounts.queries import own_organisation
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.impact.models import EngagementChoice
from marketplace.impact.queries.engagement import own_choice


def choose_engagement(work: UnitOfWork, *, as_giver: bool, as_recipient: bool) -> None:
    """Name the acting organisation from now on where it says so, and nowhere else."""
    check_may(work.actor, Action.EDIT_ORGANISATION)
    # The organisation's row is the lock: two first choices at the same time make one row, not two.
    organisation = own_organisation(work, lock=True)
    choice = own_choice(work) or EngagementChoice(organisation_id=organisation.id)
    choice.as_giver, choice.as_recipient = as_giver, as_recipient
    choice.updated_at = work.now()
    work.session.add(choice)
    work.record(
        "choose_engagement",
        "organisation",
        organisation.id,
        {"as_giver": as_giver, "as_recipient": as_recipient},
    )
