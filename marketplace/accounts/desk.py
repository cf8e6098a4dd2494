"""The desk: what an organisation has open, in sections that packages above contribute."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from marketplace.foundation.database.unit_of_work import UnitOfWork


class Tone(StrEnum):
    """How a state is coloured; the words say the same without colour."""

    NEUTRAL = "neutral"
    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True)
class DeskAction:
    """What one can start from a section, or from a line besides its next step."""

    label: str
    url: str


@dataclass(frozen=True, kw_only=True)
class DeskLine:
    """One thing on the desk with its one next step; `when` orders nothing, it is only shown."""

    title: str
    url: str
    action_label: str
    detail: str = ""
    state_label: str = ""
    tone: Tone = Tone.NEUTRAL
    when: datetime | None = None
    more: tuple[DeskAction, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DeskSection:
    """A heading with its lines, in the order to show; `empty_text` stands where there are none."""

    key: str
    title: str
    lines: tuple[DeskLine, ...]
    empty_text: str
    actions: tuple[DeskAction, ...] = ()


SectionProvider = Callable[[UnitOfWork], DeskSection]
_providers: dict[SectionProvider, int] = {}


def register_desk_section(order: int, provider: SectionProvider) -> None:
    """Show the provider's section on every desk; lower orders stand higher.

    What waits for somebody comes first: below 100 what others wait for, from 100 what is one's own.
    """
    _providers[provider] = order


def desk_sections(work: UnitOfWork) -> list[DeskSection]:
    """Give all sections for the acting organisation."""
    return [provider(work) for provider in sorted(_providers, key=lambda each: _providers[each])]
