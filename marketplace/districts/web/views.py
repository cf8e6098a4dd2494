"""The district's brand, its own texts, where our data come from, and its outline for the map."""

import json
from pathlib import Path

from flask import Blueprint, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.wrappers import Response

from marketplace.districts.operations import LOGO_FOLDER
from marketplace.districts.queries import boundary_key, current_text, own_district
from marketplace.districts.rules.contrast import BRAND_RULES
from marketplace.districts.rules.texts import TextKey
from marketplace.foundation.languages import DEFAULT_LANGUAGE
from marketplace.foundation.shipped import find_folder
from marketplace.foundation.text import html_from_markdown
from marketplace.foundation.web.permissions import public
from marketplace.foundation.web.request_scope import current_services, current_work
from marketplace.geo.queries import district_map
from marketplace.geo.sources import data_sources

blueprint = Blueprint("districts", __name__)

_A_DAY = 86_400


@blueprint.get("/brand.css")
@public
def brand_css() -> ResponseReturnValue:
    """Give the district's colours as custom properties; nothing else can be set here."""
    district = own_district(current_work())
    lines = [
        f"  --district-{role.replace('_', '-')}: {getattr(district, role)};" for role in BRAND_RULES
    ]
    response = make_response(":root {\n" + "\n".join(lines) + "\n}\n")
    response.mimetype = "text/css"
    return _kept_by_browser(response)


@blueprint.get("/logo")
@public
def logo() -> ResponseReturnValue:
    """Give the district's logo."""
    district = own_district(current_work())
    if district.logo_file is None:
        abort(404)
    content = current_services().files.read(district.id, LOGO_FOLDER, district.logo_file)
    response = make_response(content)
    response.mimetype = "image/png"
    return _kept_by_browser(response)


@blueprint.get("/<any(imprint, privacy, terms, accessibility):key>")
@public
def text_page(key: str) -> ResponseReturnValue:
    """Show one of the district's own texts."""
    text = current_text(current_work(), TextKey(key))
    if text is None:
        abort(404)
    body = Markup(html_from_markdown(text.body))  # noqa: S704 (cleaned by foundation.text)
    return render_template(
        "districts/text.html",
        key=key,
        body=body,
        version=text.version,
        written_in=DEFAULT_LANGUAGE,
    )


@blueprint.get("/sources")
@public
def sources() -> ResponseReturnValue:
    """Say where places, boundaries and front-end files come from."""
    return render_template("districts/sources.html", sources=data_sources(), parts=_vendor_parts())


@blueprint.get("/map/district.geojson")
@public
def map_outline() -> ResponseReturnValue:
    """Give the outlines and towns that the map draws."""
    work = current_work()
    features = district_map(work.session, boundary_key(work))
    response = make_response(json.dumps(features, ensure_ascii=False, separators=(",", ":")))
    response.mimetype = "application/geo+json"
    return _kept_by_browser(response)


def _kept_by_browser(response: Response) -> Response:
    """Let this visitor's browser keep it for a day; its address changes with the district."""
    response.headers["Cache-Control"] = f"private, max-age={_A_DAY}"
    response.headers["Vary"] = "Host"
    response.add_etag()
    return response.make_conditional(request)


def _vendor_parts() -> list[dict[str, str]]:
    path: Path = find_folder("static") / "vendor" / "versions.json"
    if not path.is_file():
        return []
    parts: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return parts
