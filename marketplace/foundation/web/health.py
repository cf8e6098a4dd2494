"""Whether the process lives and whether it can serve: for load balancers and `./run`."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from marketplace.foundation.database.tenancy import PlatformScope
from marketplace.foundation.database.unit_of_work import NOBODY, open_unit_of_work
from marketplace.foundation.jobs.outbox import OutboxJob
from marketplace.foundation.web.permissions import public
from marketplace.foundation.web.request_scope import current_services

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """Answer as soon as the process serves."""
    return jsonify(ok=True)


@blueprint.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Answer 200 when the database answers."""
    scope = PlatformScope("readiness")
    with open_unit_of_work(current_services(), scope, NOBODY, read_only=True) as work:
        work.session.scalars(select(OutboxJob.id).limit(1)).first()
    return jsonify(ok=True)
