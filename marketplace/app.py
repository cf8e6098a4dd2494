"""The composition root: a list of steps, no logic."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from flask import Flask
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

# Imported for what they register: reactions to events, jobs of the worker, what they know of
# listings.
import marketplace.accounts.jobs
import marketplace.accounts.subscriptions
import marketplace.api.models
import marketplace.bookings.jobs
import marketplace.bookings.operations.schedules
import marketplace.bookings.search_documents
import marketplace.bookings.subscriptions
import marketplace.districts.jobs
import marketplace.donations.jobs
import marketplace.donations.operations.keeping
import marketplace.donations.subscriptions
import marketplace.impact.subscriptions
import marketplace.listings.jobs
import marketplace.listings.operations.reported
import marketplace.listings.subscriptions
import marketplace.messaging.jobs
import marketplace.messaging.subscriptions  # noqa: F401
from marketplace.accounts.permissions import may
from marketplace.accounts.web import views as accounts
from marketplace.accounts.web.session import find_actor, init_sign_in
from marketplace.api.web import views as api
from marketplace.bookings.web import calendar_views
from marketplace.bookings.web import views as bookings
from marketplace.districts.queries import district_id_of_host
from marketplace.districts.web import views as districts
from marketplace.districts.web.context import init_district_context
from marketplace.donations.web import collecting, papers, ruling, wordings
from marketplace.donations.web import lines as gift_lines
from marketplace.donations.web import status as donations_status
from marketplace.donations.web import views as donations
from marketplace.foundation.clock import Clock, clock_from
from marketplace.foundation.database.session import db, engine_options, prepare_engine
from marketplace.foundation.mail.transports import transport_for
from marketplace.foundation.services import Services
from marketplace.foundation.settings import Settings
from marketplace.foundation.shipped import find_folder
from marketplace.foundation.storage.local import FileStorage
from marketplace.foundation.web import development_inbox, health
from marketplace.foundation.web.errors import init_error_pages
from marketplace.foundation.web.localisation import FlaskTemplates, init_localisation
from marketplace.foundation.web.permissions import init_permissions
from marketplace.foundation.web.rate_limits import init_rate_limits
from marketplace.foundation.web.request_scope import Hooks, init_request_scope
from marketplace.foundation.web.security_headers import init_security_headers
from marketplace.foundation.web.static_files import init_static_files
from marketplace.foundation.web.uploads import init_text_check, init_uploads
from marketplace.impact.web import views as impact
from marketplace.listings.web import views as listings
from marketplace.messaging.web import views as messaging
from marketplace.moderation.web import views as moderation
from marketplace.search.backends.columns import ColumnsBackend
from marketplace.search.backends.postgis import PostgisBackend
from marketplace.search.interfaces import SearchBackend
from marketplace.search.web import views as search
from marketplace.search.web.engine import init_search

# An upload may hold all photos of a listing at once; every other body keeps to Limits.body_bytes.
_FORM_FIELDS = 500_000
_SEARCH_ENGINES: Mapping[str, Callable[[], SearchBackend]] = {
    "columns": ColumnsBackend,
    "postgis": PostgisBackend,
}


def create_app(settings: Settings, *, clock: Clock | None = None, as_owner: bool = False) -> Flask:
    """Put the application together; `as_owner` connects as the role that owns the tables."""
    app = Flask("marketplace", static_folder=None, template_folder=str(find_folder("templates")))
    _configure(app, settings, settings.owner_database_url if as_owner else settings.database_url)
    services = Services(
        settings=settings,
        clock=clock or clock_from(settings.now),
        files=FileStorage(settings.files_dir),
        mail=transport_for(settings.smtp_url, settings.mail_dir),
        templates=FlaskTemplates(app),
    )
    _connect_database(app)
    init_localisation(app)
    init_static_files(app, find_folder("static"))
    init_request_scope(
        app, services, Hooks(find_district=district_id_of_host, find_actor=find_actor)
    )
    init_sign_in(app)
    init_security_headers(app, insecure_http=settings.insecure_http)
    init_uploads(app)
    protection = CSRFProtect(app)
    protection.exempt(accounts.choose_language)
    protection.exempt(accounts.unsubscribe_with_link)  # mail programs press its button
    protection.exempt(api.blueprint)  # it looks at token, cookie and key itself
    init_text_check(app)
    init_permissions(app, may)
    init_rate_limits(app, settings)
    init_search(app, _SEARCH_ENGINES[settings.search_engine]())
    init_error_pages(app)
    _register_pages(app, settings)
    return app


def _configure(app: Flask, settings: Settings, database_url: str) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(database_url),
        SESSION_COOKIE_NAME="session" if settings.insecure_http else "__Host-session",
        SESSION_COOKIE_SECURE=not settings.insecure_http,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=7),
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=settings.limits.body_bytes,
        MAX_FORM_MEMORY_SIZE=_FORM_FIELDS,
        MAX_FORM_PARTS=200,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )


def _connect_database(app: Flask) -> None:
    db.init_app(app)
    Migrate(app, db, directory=str(find_folder("migrations")))
    with app.app_context():
        prepare_engine(db.engine)


def _register_pages(app: Flask, settings: Settings) -> None:
    init_district_context(app, may)
    for blueprint in (
        health.blueprint,
        districts.blueprint,
        accounts.blueprint,
        moderation.blueprint,
        search.blueprint,
        listings.blueprint,
        messaging.blueprint,
        bookings.blueprint,
        calendar_views.blueprint,
        collecting.blueprint,
        gift_lines.blueprint,
        donations_status.blueprint,
        donations.blueprint,
        papers.blueprint,
        ruling.blueprint,
        wordings.blueprint,
        impact.blueprint,
        api.blueprint,
    ):
        app.register_blueprint(blueprint)
    if not settings.is_production:
        app.register_blueprint(development_inbox.blueprint)
