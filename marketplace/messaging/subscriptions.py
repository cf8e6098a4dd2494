"""Mail that follows a message."""

from marketplace.accounts.operations.mails import mail_to
from marketplace.accounts.queries import organisation_by_id, people_of
from marketplace.accounts.rules.mail_choices import MailTopic
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.events import subscribe
from marketplace.messaging.events import MessagePosted
from marketplace.messaging.models import Message, Thread
from marketplace.messaging.queries import attachments_of, name_for_others, other_participants
from marketplace.messaging.rules.messages import shortened


@subscribe(MessagePosted)
def tell_the_others(work: UnitOfWork, event: MessagePosted) -> None:
    """Send the message to the people of every other organisation in the conversation."""
    message = work.session.get_one(Message, event.message_id)
    thread = work.session.get_one(Thread, event.thread_id)
    files = len(attachments_of(work, [message.id]).get(message.id, ()))
    sender = organisation_by_id(work, event.organisation_id)
    name = name_for_others(work, thread.id, sender)
    for organisation_id in other_participants(work, thread.id, sender.id):
        for person in people_of(work, organisation_id):
            mail_to(
                work,
                person,
                "message_received",
                event_key=f"message-{message.id}",
                topic=MailTopic.MESSAGES,
                sender=name,
                title=thread.title,
                text=shortened(message.body),
                files=files,
                path=f"/messages/{thread.id}",
            )
