"""What the desk shows of conversations: those with something unread."""

from flask_babel import gettext, ngettext

from marketplace.accounts.desk import DeskAction, DeskLine, DeskSection, Tone
from marketplace.accounts.web.labels import organisation_label
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.messaging.queries import own_threads


def messages_section(work: UnitOfWork) -> DeskSection:
    """Give the conversations in which others have written since one read them."""
    return DeskSection(
        key="messages",
        title=gettext("Ungelesene Nachrichten"),
        lines=tuple(
            DeskLine(
                title=thread.title,
                url=f"/messages/{thread.thread_id}",
                action_label=gettext("Lesen"),
                detail=organisation_label(thread.other),
                state_label=ngettext(
                    "%(num)s neue Nachricht", "%(num)s neue Nachrichten", thread.unread
                ),
                tone=Tone.INFO,
                when=thread.last_at,
            )
            for thread in own_threads(work, only_unread=True)
        ),
        empty_text=gettext("Alles gelesen."),
        actions=(DeskAction(label=gettext("Alle Nachrichten"), url="/messages"),),
    )
