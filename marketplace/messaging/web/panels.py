"""What packages above add to the page of a conversation, such as the request it is about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.messaging.models import Thread


@dataclass(frozen=True, kw_only=True)
class ThreadPanel:
    """A template with its values, shown above the messages."""

    template: str
    context: Mapping[str, Any]


PanelProvider = Callable[[UnitOfWork, Thread], ThreadPanel | None]
_providers: list[PanelProvider] = []


def register_thread_panel(provider: PanelProvider) -> None:
    """Ask `provider` for a panel on every conversation's page."""
    if provider not in _providers:
        _providers.append(provider)


def thread_panels(work: UnitOfWork, thread: Thread) -> list[ThreadPanel]:
    """Give the panels of a conversation that the actor takes part in."""
    panels = [provider(work, thread) for provider in _providers]
    return [panel for panel in panels if panel is not None]


@dataclass(frozen=True, kw_only=True)
class MessageLink:
    """What one can do with a message of the other side."""

    label: str
    url: str


LinkProvider = Callable[[str], MessageLink]
_link_providers: list[LinkProvider] = []


def register_message_link(provider: LinkProvider) -> None:
    """Ask `provider`, with the message's id, for a link at each message of the others."""
    if provider not in _link_providers:
        _link_providers.append(provider)


def message_links(message_id: str) -> list[MessageLink]:
    """Give the links of a message of the other side."""
    return [provider(message_id) for provider in _link_providers]
