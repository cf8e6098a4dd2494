"""The closed deals behind each figure, for the district's administrators."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from marketplace.accounts.permissions import Action
from marketplace.foundation.errors import N_
from marketplace.foundation.typed_input import parse_count
from marketplace.foundation.web.localisation import format_number
from marketplace.foundation.web.permissions import requires
from marketplace.foundation.web.request_scope import current_work
from marketplace.impact.models import Effect
from marketplace.impact.queries.figures import (
    DealFilter,
    count_deals,
    deals_of,
    years_with_figures,
)
from marketplace.impact.rules.measures import WeightBasis
from marketplace.impact.web.blueprint import blueprint
from marketplace.impact.web.labels import (
    category_label,
    chosen_year,
    kind_name,
    place_label,
    weight_label,
)
from marketplace.listings.kinds import KINDS
from marketplace.listings.web.labels import quantity_label, title_of

_PER_PAGE = 50
_BASES = {
    WeightBasis.ESTIMATED: N_("Gewicht geschätzt"),
    WeightBasis.MISSING: N_("kein Gewicht angegeben"),
}


@blueprint.get("/moderation/impact/deals")
@requires(Action.MANAGE_IMPACT)
def deals() -> ResponseReturnValue:
    """List the deals of a year, or those behind one line of the figures."""
    work = current_work()
    years = years_with_figures(work)
    wanted = DealFilter(
        year=chosen_year(work, years),
        kind=request.args.get("kind"),
        category=request.args.get("category"),
        place=request.args.get("place"),
    )
    count = count_deals(work, wanted)
    page = max(1, parse_count(request.args.get("page", "")) or 1)
    found = deals_of(work, wanted, limit=_PER_PAGE, offset=(page - 1) * _PER_PAGE)
    return render_template(
        "impact/deals.html",
        count=count,
        years=years,
        year=wanted.year,
        narrowed=_narrowed(wanted),
        deals=[_line(each) for each in found],
        earlier_url=_page_url(wanted, page - 1) if page > 1 else "",
        later_url=_page_url(wanted, page + 1) if page * _PER_PAGE < count else "",
    )


def _narrowed(wanted: DealFilter) -> list[str]:
    """Say by what the list is narrowed."""
    labels = (
        None if wanted.kind is None else kind_name(wanted.kind),
        None if wanted.category is None else category_label(wanted.category),
        None if wanted.place is None else place_label(wanted.place),
    )
    return [label for label in labels if label is not None]


def _page_url(wanted: DealFilter, page: int) -> str:
    return url_for(
        "impact.deals",
        year=wanted.year,
        kind=wanted.kind,
        category=wanted.category,
        place=wanted.place,
        page=page,
    )


def _line(deal: Effect) -> dict[str, object]:
    kind = KINDS.get(deal.kind)
    return {
        "title": title_of(deal.listing),
        "source": deal.claim_id or deal.booking_id,
        "closed_at": deal.closed_at,
        "giver": deal.giver.name,
        "is_unnamed": deal.is_anonymous,
        "receiver": deal.receiver.name,
        "category": category_label(deal.category or ""),
        "place": deal.place,
        "quantity": quantity_label(kind, deal.quantity, deal.unit) if kind else str(deal.quantity),
        "counted": _counted(deal),
    }


def _counted(deal: Effect) -> str:
    """Say what the deal adds to the figures."""
    parts = []
    if deal.pieces:
        parts.append(gettext("%(pieces)s Stück", pieces=format_number(deal.pieces)))
    if deal.kilograms is not None:
        parts.append(weight_label(deal.kilograms))
    basis = _BASES.get(WeightBasis(deal.weight_basis))
    if basis:
        parts.append(gettext(basis))
    if deal.hours:
        parts.append(gettext("%(hours)s Stunden", hours=format_number(round(deal.hours, 1))))
    if deal.person_days:
        parts.append(gettext("%(days)s Personentage", days=format_number(deal.person_days)))
    return ", ".join(parts) or gettext("nur als Vorgang")
