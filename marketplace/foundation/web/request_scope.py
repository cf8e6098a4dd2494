"""From the request's host to its district, its actor and its one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from marketplace.foundation.database.tenancy import DistrictScope, PlatformScope
from marketplace.foundation.database.unit_of_work import (
    NOBODY,
    Actor,
    OutcomeUnknown,
    UnitOfWork,
    begin_unit_of_work,
)
from marketplace.foundation.errors import MarketplaceError
from marketplace.foundation.identifiers import DistrictId, new_id
from marketplace.foundation.services import Services

_READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Pages that no district owns: they answer on every host.
_HOSTLESS_ENDPOINTS = frozenset({"static_file", "health.alive", "health.ready"})


class MisdirectedRequest(HTTPException):
    """No district answers on this host."""

    code = 421
    description = "unknown host"


@dataclass(frozen=True, kw_only=True)
class Hooks:
    """What packages above tell the request scope: it knows neither districts nor accounts."""

    find_district: Callable[[UnitOfWork, str], DistrictId | None]
    find_actor: Callable[[UnitOfWork], Actor]


class RequestScope:
    """The district, the actor and the units of work of one request."""

    def __init__(self, hooks: Hooks, reader: UnitOfWork) -> None:
        """Begin with the unit of work that found the district by its host and has entered it."""
        self.services = reader.services
        self.district_id = reader.district_id
        self.origin = reader.origin
        self.request_id = reader.request_id
        self._hooks = hooks
        self._actor: Actor | None = None
        self._reader: UnitOfWork | None = reader
        self._writer: UnitOfWork | None = None

    @property
    def actor(self) -> Actor:
        """Who is asking; read once for each request."""
        if self._actor is None:
            self._actor = NOBODY  # while we look, nobody asks
            reader = self.work
            self._actor = reader.actor = self._hooks.find_actor(reader)
        return self._actor

    def forget_actor(self) -> None:
        """Look again who is asking: somebody has just signed in or out."""
        self._actor = None

    @property
    def work(self) -> UnitOfWork:
        """The writing unit of work once it is open, else one that only reads."""
        if self._writer is not None:
            return self._writer
        actor = self.actor
        if self._reader is None:
            self._reader = self._begin(actor, read_only=True)
        return self._reader

    def writing(self) -> UnitOfWork:
        """Open the request's one writing transaction; it commits if the answer is below 400.

        Slow work (password hashes, images) comes before this call. The reading transaction ends
        here, because SQLite lets no writer commit beside it.
        """
        if request.method in _READING_METHODS:
            raise RuntimeError("a GET request writes nothing")
        if self._writer is None:
            actor = self.actor
            if self._reader is not None:
                self._reader.close()
                self._reader = None
            self._writer = self._begin(actor, read_only=False)
        return self._writer

    def aside(self, actor: Actor | None = None) -> UnitOfWork:
        """Open a short unit of work for what must survive a refusal; the caller finishes it."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        return self._begin(actor or self._actor or NOBODY, read_only=False)

    def finish(self) -> None:
        """Commit what was written."""
        if self._writer is not None:
            self._writer.finish()

    def close(self) -> None:
        """Give all connections back; what was not finished is rolled back."""
        for work in (self._writer, self._reader):
            if work is not None:
                work.close()
        self._writer = self._reader = None

    def _begin(self, actor: Actor, *, read_only: bool) -> UnitOfWork:
        return begin_unit_of_work(
            self.services,
            DistrictScope(self.district_id),
            actor,
            read_only=read_only,
            request_id=self.request_id,
            origin=self.origin,
        )


def current_scope() -> RequestScope:
    """Give the scope of this request; raises MisdirectedRequest where no district owns the host."""
    if "request_scope" not in g:
        raise MisdirectedRequest
    return cast(RequestScope, g.request_scope)


def has_scope() -> bool:
    """Tell whether this request belongs to a district."""
    return "request_scope" in g


def current_work() -> UnitOfWork:
    """Give the unit of work to read with (or the writing one, once it is open)."""
    return current_scope().work


def writing_work() -> UnitOfWork:
    """Give the unit of work to write with."""
    return current_scope().writing()


def current_services() -> Services:
    """Give the services of this process."""
    return cast(Services, current_app.extensions["marketplace_services"])


def init_request_scope(app: Flask, services: Services, hooks: Hooks) -> None:
    """Open a scope before each request and finish it after."""
    app.extensions["marketplace_services"] = services

    @app.before_request
    def open_scope() -> None:
        host = request.host.rsplit(":", 1)[0] if ":" in request.host else request.host
        reader = _reader_for(services, hooks, host.lower())
        if reader is not None:
            g.request_scope = RequestScope(hooks, reader)
        elif request.endpoint not in _HOSTLESS_ENDPOINTS:
            raise MisdirectedRequest

    @app.after_request
    def finish_scope(response: Response) -> AnyResponse:
        if has_scope() and response.status_code < 400:
            try:
                current_scope().finish()
            except (MarketplaceError, OperationalError, OutcomeUnknown) as error:
                # Flask's handlers answer what a view raises, not what is raised here.
                current_scope().close()
                return current_app.make_response(current_app.handle_user_exception(error))
        return response

    @app.teardown_request
    def close_scope(error: BaseException | None) -> None:
        if has_scope():
            current_scope().close()


def _reader_for(services: Services, hooks: Hooks, host: str) -> UnitOfWork | None:
    """Open a unit of work that reads in the district of a host; None: no district answers there."""
    reader = begin_unit_of_work(
        services,
        PlatformScope("host"),
        NOBODY,
        read_only=True,
        request_id=new_id(),
        origin=_origin(services, host),
    )
    try:
        district_id = hooks.find_district(reader, host)
        if district_id is not None:
            reader.enter(district_id)
            return reader
    except BaseException:
        reader.close()
        raise
    reader.close()
    return None


def _origin(services: Services, host: str) -> str:
    # Outside production the port the visitor used is the port the links need; in production a
    # forged port in the Host header must not find its way into a mail.
    if services.settings.is_production:
        return f"https://{host}"
    scheme = "http" if services.settings.insecure_http else "https"
    _, colon, port = request.host.rpartition(":")
    return f"{scheme}://{host}:{port}" if colon and port.isdecimal() else f"{scheme}://{host}"
