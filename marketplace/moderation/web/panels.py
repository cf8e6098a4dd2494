"""What packages above add to the staff's page of an organisation."""

from collections.abc import Callable
from dataclasses import dataclass

from marketplace.accounts.desk import DeskAction
from marketplace.accounts.models import Organisation
from marketplace.foundation.database.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class OrganisationPanel:
    """A heading, a sentence and perhaps a link; `key` becomes the heading's id."""

    key: str
    title: str
    text: str
    link: DeskAction | None = None


PanelProvider = Callable[[UnitOfWork, Organisation], OrganisationPanel]
_providers: list[PanelProvider] = []


def register_organisation_panel(provider: PanelProvider) -> None:
    """Ask `provider` for a panel on the staff's page of every organisation."""
    if provider not in _providers:
        _providers.append(provider)


def organisation_panels(work: UnitOfWork, organisation: Organisation) -> list[OrganisationPanel]:
    """Give the panels of an organisation."""
    return [provider(work, organisation) for provider in _providers]
