"""What happens in conversations."""

from dataclasses import dataclass

from marketplace.foundation.events import Event
from marketplace.foundation.identifiers import OrganisationId, ThreadId


@dataclass(frozen=True, kw_only=True)
class MessagePosted(Event):
    """An organisation wrote in a conversation that had begun before."""

    thread_id: ThreadId
    message_id: str
    organisation_id: OrganisationId  # who wrote
