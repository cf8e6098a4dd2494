"""What waits for the staff besides organisations, in sections that packages above contribute."""

from collections.abc import Callable

from marketplace.accounts.desk import DeskSection
from marketplace.foundation.database.unit_of_work import UnitOfWork

SectionProvider = Callable[[UnitOfWork], DeskSection | None]
_providers: list[SectionProvider] = []


def register_review_section(provider: SectionProvider) -> None:
    """Show the provider's section in the staff's queue; None: the actor is not to see it."""
    if provider not in _providers:
        _providers.append(provider)


def review_sections(work: UnitOfWork) -> list[DeskSection]:
    """Give all sections that are for the actor."""
    sections = [provider(work) for provider in _providers]
    return [section for section in sections if section is not None]
