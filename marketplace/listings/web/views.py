"""The start page, the page of a listing and its pictures; other files hold what changes it."""

from dataclasses import dataclass

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from marketplace.accounts.desk import register_desk_section
from marketplace.accounts.permissions import Action
from marketplace.accounts.queries import organisation_by_id
from marketplace.districts.web.context import register_navigation
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_
from marketplace.foundation.identifiers import ListingId, PhotoId
from marketplace.foundation.web.permissions import public
from marketplace.foundation.web.request_scope import current_services, current_work
from marketplace.geo.rules.points import Point
from marketplace.listings.kinds import KINDS
from marketplace.listings.operations.photos import PHOTO_FOLDER, large_file, small_file
from marketplace.listings.queries import photo_by_id, visible_listing
from marketplace.listings.resource_kind import ResourceKind
from marketplace.listings.web import life, questions, writing
from marketplace.listings.web.blueprint import blueprint
from marketplace.listings.web.desk import (
    in_review_section,
    own_offers_section,
    own_requests_section,
)
from marketplace.listings.web.detail import render_listing
from marketplace.listings.web.labels import card_facts, category_name
from marketplace.listings.web.labels import questions as kind_questions
from marketplace.listings.web.matches import wanted_cards
from marketplace.listings.web.panels import register_detail_panel
from marketplace.messaging.web.panels import register_thread_panel
from marketplace.moderation.desk import register_review_section
from marketplace.search.interfaces import Facet, SearchRequest, Sort
from marketplace.search.web.cards import card_of_hit
from marketplace.search.web.engine import current_search
from marketplace.search.web.labels import (
    KindLabel,
    kind_label,
    register_category_label,
    register_kind_label,
)

__all__ = ["blueprint", "life", "questions", "writing"]

_NEWEST_SHOWN = 4
_WANTED_SHOWN = 3
_A_DAY = 86_400
_NOTHING_ASKED: "MultiDict[str, str]" = MultiDict()


def _register(kind: ResourceKind) -> None:
    register_kind_label(
        KindLabel(
            key=kind.key,
            plural=kind.plural,
            facts=card_facts,
            questions=lambda: kind_questions(kind),
            mode_words=kind.mode_words,
        )
    )


for _kind in KINDS.values():
    _register(_kind)
register_category_label(category_name)
register_desk_section(100, own_offers_section)
register_desk_section(105, own_requests_section)
register_review_section(in_review_section)
register_detail_panel(questions.question_panel, order=20)
register_thread_panel(questions.question_thread_panel)
register_navigation(
    N_("Etwas anbieten"),
    "listings.choose_kind",
    order=90,
    action=Action.WRITE_LISTING,
    for_visitors=True,
    is_main=True,
)
register_navigation(N_("Gemerkt"), "listings.favourites_page", order=25, action=Action.USE_ACCOUNT)


@dataclass(frozen=True, kw_only=True)
class Tile:
    """A kind of resource on the start page."""

    key: str
    label: str
    url: str
    count: int


@blueprint.get("/")
@public
def start() -> ResponseReturnValue:
    """Show the search, the kinds with their counts, and what is new."""
    work = current_work()
    request_ = SearchRequest(now=work.now(), sort=Sort.NEWEST, limit=_NEWEST_SHOWN)
    result = current_search().search(work, request_)
    counts = result.facets[Facet.KIND]
    return render_template(
        "listings/start.html",
        query=_NOTHING_ASKED,
        tiles=[
            Tile(
                key=kind.key,
                label=kind_label(kind.key),
                url=url_for("search.search", kind=kind.key),
                count=counts.get(kind.key, 0),
            )
            for kind in KINDS.values()
        ],
        cards=[card_of_hit(hit, period=None) for hit in result.hits],
        has_more=result.total > len(result.hits),
        wanted=wanted_cards(work, _own_point(work), most=_WANTED_SHOWN),
    )


@blueprint.get("/listings/<listing_id>")
@public
def show(listing_id: str) -> ResponseReturnValue:
    """Show one listing."""
    work = current_work()
    return render_listing(work, visible_listing(work, ListingId(listing_id)))


@blueprint.get("/media/<photo_id>")
@public
def photo(photo_id: str) -> ResponseReturnValue:
    """Give a picture to everybody who may see its listing."""
    work = current_work()
    stored = photo_by_id(work, PhotoId(photo_id))
    name = small_file(stored.id) if request.args.get("size") == "small" else large_file(stored.id)
    response: Response = make_response(
        current_services().files.read(work.district_id, PHOTO_FOLDER, name)
    )
    response.mimetype = "image/webp"
    response.headers["Cache-Control"] = f"private, max-age={_A_DAY}"
    response.headers["Content-Disposition"] = "inline"
    response.set_etag(f"{stored.sha256}-{name}")
    return response.make_conditional(request)


def _own_point(work: UnitOfWork) -> Point | None:
    """Give where the visitor's organisation is; None for visitors we know nothing of."""
    if work.actor.organisation_id is None:
        return None
    organisation = organisation_by_id(work, work.actor.organisation_id)
    return Point(organisation.public_lat, organisation.public_lon)
