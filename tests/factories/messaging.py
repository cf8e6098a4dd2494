"""Conversations for tests; state only what matters."""

from marketplace.accounts.models import Organisation
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.messaging.models import Thread
from marketplace.messaging.operations import open_thread


def make_thread(
    work: UnitOfWork,
    organisation: Organisation,
    *,
    title: str = "Hubwagen",
    body: str = "Ist der noch da?",
) -> Thread:
    """Open a conversation of the acting organisation with another."""
    return open_thread(
        work,
        subject="listing",
        subject_id="hubwagen",
        title=title,
        with_organisation=organisation.id,
        body=body,
    )
