"""What packages above add to the page of a listing, such as the form to ask for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.listings.models import Listing


@dataclass(frozen=True, kw_only=True)
class DetailPanel:
    """A template with its values, shown beside the facts; `bar` is a link for the phone's foot."""

    template: str
    context: Mapping[str, Any]
    bar_label: str = ""
    bar_url: str = ""


PanelProvider = Callable[[UnitOfWork, Listing], DetailPanel | None]
_providers: list[tuple[int, PanelProvider]] = []


def register_detail_panel(provider: PanelProvider, *, order: int = 10) -> None:
    """Ask `provider` for a panel on every listing's page; those of a lower order come first."""
    if (order, provider) not in _providers:
        _providers.append((order, provider))
        _providers.sort(key=lambda known: known[0])


def detail_panels(work: UnitOfWork, listing: Listing) -> list[DetailPanel]:
    """Give the panels of a listing."""
    panels = [provider(work, listing) for _, provider in _providers]
    return [panel for panel in panels if panel is not None]


class OwnLink(NamedTuple):
    """Where its owner can go from a listing's page and from the desk."""

    label: str
    url: str


OwnLinkProvider = Callable[[Listing], OwnLink | None]
_own_links: list[OwnLinkProvider] = []


def register_own_link(provider: OwnLinkProvider) -> OwnLinkProvider:
    """Ask `provider` for a link on every listing of one's own."""
    if provider not in _own_links:
        _own_links.append(provider)
    return provider


def own_links(listing: Listing) -> list[OwnLink]:
    """Give the links for the owner of a listing."""
    links = [provider(listing) for provider in _own_links]
    return [link for link in links if link is not None]
