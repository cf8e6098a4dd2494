"""The description of the API for programs."""

from flask import jsonify
from flask.typing import ResponseReturnValue

from marketplace.api.rules.operations import document
from marketplace.api.web.blueprint import blueprint
from marketplace.foundation.web.permissions import public
from marketplace.foundation.web.request_scope import current_scope


@blueprint.get("/openapi.json")
@public
def openapi() -> ResponseReturnValue:
    """Give the OpenAPI 3.1 document."""
    return jsonify(document(server=current_scope().origin))
