"""What every page knows of its district, and the navigation that packages add to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for
from flask_babel import gettext

from marketplace.districts.models import District
from marketplace.districts.queries import own_district, texts_present
from marketplace.districts.rules.texts import TextKey
from marketplace.foundation.database.unit_of_work import Actor, UnitOfWork
from marketplace.foundation.errors import N_
from marketplace.foundation.web.request_scope import current_scope, has_scope

_TEXT_NAMES: Mapping[TextKey, str] = {
    TextKey.IMPRINT: N_("Impressum"),
    TextKey.PRIVACY: N_("Datenschutz"),
    TextKey.TERMS: N_("Nutzungsbedingungen"),
    TextKey.ACCESSIBILITY: N_("Barrierefreiheit"),
}


@dataclass(frozen=True, kw_only=True)
class NavigationEntry:
    """A link of the main menu, for those who may follow it; None means everybody.

    `for_visitors`: shown to those who have not signed in too, who then learn what it takes.
    `is_main`: the one thing that the site wants people to do. `count`: how much of it is new.
    """

    label: str
    endpoint: str
    action: str | None
    order: int
    for_visitors: bool
    is_main: bool
    count: Callable[[UnitOfWork], int] | None


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link as a template prints it."""

    label: str
    url: str
    current: bool = False
    is_main: bool = False
    new: int = 0


@dataclass(frozen=True, kw_only=True)
class PageDistrict:
    """The district as templates see it."""

    slug: str
    name: str
    full_name: str
    site_name: str
    claim: str
    office: str
    contact_email: str
    contact_phone: str
    hero_title: str
    hero_text: str
    brand_css_url: str
    logo_url: str | None
    legal_links: tuple[Link, ...]


_entries: list[NavigationEntry] = []
_footer_links: list[tuple[str, str]] = []


def register_navigation(
    label: str,
    endpoint: str,
    *,
    order: int,
    action: str | None = None,
    for_visitors: bool = False,
    is_main: bool = False,
    count: Callable[[UnitOfWork], int] | None = None,
) -> None:
    """Add a link to the main menu; `label` is a marked German word."""
    entry = NavigationEntry(
        label=label,
        endpoint=endpoint,
        action=action,
        order=order,
        for_visitors=for_visitors,
        is_main=is_main,
        count=count,
    )
    if entry not in _entries:
        _entries.append(entry)
        _entries.sort(key=lambda known: known.order)


def register_footer_link(label: str, endpoint: str) -> None:
    """Add a link to the foot of every page; `label` is a marked German word."""
    if (label, endpoint) not in _footer_links:
        _footer_links.append((label, endpoint))


def init_district_context(app: Flask, may: Callable[[Actor, str], bool]) -> None:
    """Give all templates `district`, `navigation` and `footer_links`."""

    @app.context_processor
    def district_context() -> dict[str, Any]:
        if not has_scope():
            return {}
        scope = current_scope()
        return {
            "district": _page_district(own_district(scope.work)),
            "footer_links": [
                Link(label=gettext(label), url=url_for(endpoint))
                for label, endpoint in _footer_links
            ],
            "navigation": [
                Link(
                    label=gettext(entry.label),
                    url=url_for(entry.endpoint),
                    current=request.endpoint == entry.endpoint,
                    is_main=entry.is_main,
                    new=entry.count(scope.work) if entry.count else 0,
                )
                for entry in _entries
                if entry.action is None
                or may(scope.actor, entry.action)
                or (entry.for_visitors and scope.actor.person_id is None)
            ],
        }


def _page_district(district: District) -> PageDistrict:
    version = int(district.updated_at.timestamp())
    work = current_scope().work
    links = [
        Link(label=gettext(_TEXT_NAMES[key]), url=f"/{key.value}") for key in texts_present(work)
    ]
    links.append(Link(label=gettext("Datenquellen"), url=url_for("districts.sources")))
    return PageDistrict(
        slug=district.slug,
        name=district.name,
        full_name=district.full_name,
        site_name=district.site_name,
        claim=district.claim,
        office=district.office,
        contact_email=district.contact_email,
        contact_phone=district.contact_phone,
        hero_title=district.hero_title,
        hero_text=district.hero_text,
        brand_css_url=url_for("districts.brand_css", v=version),
        logo_url=url_for("districts.logo", v=version) if district.logo_file else None,
        legal_links=tuple(links),
    )
