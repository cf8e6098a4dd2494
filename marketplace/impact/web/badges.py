"""A picture for a giver's own website: a fact, its year and the district, and no more than that.

It ends with its calendar year and at once with the giver's choice. It is no label of quality: it
has no seal, no leaf, no word of praise.
"""

from dataclasses import dataclass

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from marketplace.districts.queries import own_district
from marketplace.donations.queries.notices import today_of
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import NotFound
from marketplace.foundation.identifiers import OrganisationId
from marketplace.foundation.typed_input import parse_count
from marketplace.foundation.web.permissions import public
from marketplace.foundation.web.request_scope import current_work
from marketplace.impact.queries.engagement import is_named_as_giver, thanks_in
from marketplace.impact.web.blueprint import blueprint
from marketplace.impact.web.labels import handovers_label, weight_label


@dataclass(frozen=True, kw_only=True)
class Badge:
    """What stands on it, and the path of its picture."""

    fact: str
    source: str
    path: str


def badge_of(work: UnitOfWork, organisation_id: OrganisationId) -> Badge | None:
    """Give this year's badge; None: nothing is to be named this year."""
    year = today_of(work).year
    found = thanks_in(work, year, organisation_id=organisation_id)
    if not found:
        return None
    parts = [handovers_label(found[0].deals)]
    if found[0].kilograms > 0:
        parts.append(weight_label(found[0].kilograms))
    district = own_district(work)
    return Badge(
        fact=gettext("%(year)s: %(facts)s", year=year, facts=", ".join(parts)),
        source=gettext(
            "vermittelt über %(site)s, %(district)s",
            site=district.site_name,
            district=district.full_name,
        ),
        path=url_for("impact.badge", organisation_id=organisation_id, year=year),
    )


@blueprint.get("/engagement/<organisation_id>/badge.svg")
@public
def badge(organisation_id: str) -> ResponseReturnValue:
    """Give the picture; gone once its year is over, not found where nobody is to be named."""
    work, identity = current_work(), OrganisationId(organisation_id)
    this_year = today_of(work).year
    year = parse_count(request.args.get("year", str(this_year)))
    if year is None or year > this_year or not is_named_as_giver(work, identity):
        raise NotFound
    if year < this_year:
        over = gettext("Diese Angabe galt für %(year)s.", year=year)
        return _picture(over, own_district(work).full_name), 410
    found = badge_of(work, identity)
    if found is None:
        raise NotFound
    return _picture(found.fact, found.source)


def _picture(fact: str, source: str) -> Response:
    response = make_response(render_template("impact/badge.svg", fact=fact, source=source))
    response.mimetype = "image/svg+xml"
    # It is there to stand on other sites; withdrawn, it is gone with the next request.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "no-store"
    return response
