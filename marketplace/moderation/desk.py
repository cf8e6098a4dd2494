"""What waits for the staff besides organisations, in sections that packages above contribute."""

from collections.abc import Callable

from marketplace.accounts.desk import DeskSection
from marketplace.foundation.database.unit_of_work import UnitOfWork

SectionProvider = Callable[[UnitOfWork], DeskSection]
_providers: list[SectionProvider] = []


def register_review_section(provider: SectionProvider) -> None:
    """Show the provider's section in the staff's queue."""
    if provider not in _providers:
        _providers.append(provider)


def review_sections(work: UnitOfWork) -> list[DeskSection]:
    """Give all sections."""
    return [provider(work) for provider in _providers]
