"""What packages above add to the page of one's own account."""

from collections.abc import Callable

from marketplace.accounts.desk import DeskAction
from marketplace.foundation.database.unit_of_work import UnitOfWork

LinkProvider = Callable[[UnitOfWork], DeskAction | None]
_providers: list[LinkProvider] = []


def register_account_link(provider: LinkProvider) -> None:
    """Ask `provider` for a link on everybody's account page; None: it is not for the actor."""
    if provider not in _providers:
        _providers.append(provider)


def account_links(work: UnitOfWork) -> list[DeskAction]:
    """Give the links that are for the actor."""
    links = [provider(work) for provider in _providers]
    return [link for link in links if link is not None]
