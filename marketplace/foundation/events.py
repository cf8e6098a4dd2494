"""News that one package tells and packages above it react to, in the same transaction."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from marketplace.foundation.database.unit_of_work import UnitOfWork


class Event:
    """Base of all events: frozen dataclasses named in the past tense."""


EventType = TypeVar("EventType", bound=Event)
Subscriber = Callable[["UnitOfWork", EventType], None]

_subscribers: dict[type[Event], list[Callable[["UnitOfWork", Event], None]]] = {}


def subscribe(event_type: type[EventType]) -> Callable[[Subscriber], Subscriber]:  # type: ignore[type-arg]
    """Decorate a function so that it is called, once, for each event of that very type."""

    def register(function: Subscriber) -> Subscriber:  # type: ignore[type-arg]
        known = _subscribers.setdefault(event_type, [])
        if function not in known:
            known.append(function)
        return function

    return register


def subscribers_of(event: Event) -> list[Callable[["UnitOfWork", Event], None]]:
    """Give who listens to this event, in the order of their registration."""
    return list(_subscribers.get(type(event), ()))
