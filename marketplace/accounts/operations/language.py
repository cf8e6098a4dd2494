"""In which language somebody gets mail."""

from marketplace.accounts.permissions import Action, check_may
from marketplace.accounts.queries import own_person
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.languages import known_language


def choose_mail_language(work: UnitOfWork, language: str) -> None:
    """Write mails to the acting person in this language from now on."""
    check_may(work.actor, Action.USE_ACCOUNT)
    own_person(work).language = known_language(language)
