"""Flask-Login, fed with sign-ins that can be revoked: the cookie holds only a random secret."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user

from marketplace.accounts.operations.sign_in import SEEN_EVERY, note_seen
from marketplace.accounts.operations.tokens import Bearer, bearer_of, note_token_used
from marketplace.accounts.queries import RunningSignIn, running_sign_in
from marketplace.foundation.database.unit_of_work import NOBODY, Actor, UnitOfWork
from marketplace.foundation.web.request_scope import current_scope, has_scope

# Pages are for people; only programs bear tokens.
_BEARER = "accounts_bearer"
_TOKENS_BELOW = "/api/"


class SignedInPerson(UserMixin):  # type: ignore[misc]
    """What Flask-Login keeps: the secret of the sign-in, and the sign-in itself."""

    def __init__(self, secret: str, sign_in: RunningSignIn | None = None) -> None:
        """Stand for whoever signed in with `secret`."""
        self.id = secret
        self.sign_in = sign_in


@dataclass(frozen=True, kw_only=True)
class CurrentPerson:
    """What pages show of who is signed in."""

    display_name: str
    organisation_name: str


def find_actor(work: UnitOfWork) -> Actor:
    """Give who signed in on this browser or bears a token, for the request scope."""
    if bears_token():
        bearer = current_bearer(work)
        return bearer.actor if bearer else NOBODY
    sign_in = current_sign_in()
    return sign_in.actor if sign_in else NOBODY


def bears_token() -> bool:
    """Tell whether the request names a token; then its cookie counts for nothing."""
    return request.path.startswith(_TOKENS_BELOW) and "Authorization" in request.headers


def current_bearer(work: UnitOfWork) -> Bearer | None:
    """Give who bears the request's token; None where it is wrong, or of another district.

    What a unit of work has read holds as long as it lasts.
    """
    kept: tuple[UnitOfWork, Bearer | None] | None = g.get(_BEARER)
    if kept is None or kept[0] is not work:
        kept = (work, _read_bearer(work))
        setattr(g, _BEARER, kept)
    return kept[1]


def _read_bearer(work: UnitOfWork) -> Bearer | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        return None
    bearer = bearer_of(work, secret.strip())
    if bearer is not None and bearer.was_seen_long_ago:
        _note(bearer.actor, lambda aside: note_token_used(aside, bearer.token_id))
    return bearer


def current_sign_in() -> RunningSignIn | None:
    """Give the sign-in of this browser, None for visitors."""
    return current_user.sign_in if current_user.is_authenticated else None


def remember_sign_in(secret: str) -> None:
    """Let the browser keep a new sign-in; whatever its session held before is forgotten."""
    session.clear()
    session.permanent = True
    login_user(SignedInPerson(secret))
    current_scope().forget_actor()


def forget_sign_in() -> None:
    """Let the browser forget who signed in."""
    session.clear()
    current_scope().forget_actor()


def init_sign_in(app: Flask) -> None:
    """Let Flask-Login find the person behind the cookie's secret, in this district only."""
    manager = LoginManager(app)
    manager.session_protection = None  # sign-ins are rows and can be ended; addresses change

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(secret: str) -> SignedInPerson | None:
        scope = current_scope()
        sign_in = running_sign_in(scope.work, secret)
        if sign_in is None:
            return None
        if scope.work.now() - sign_in.last_seen_at > SEEN_EVERY:
            _note_seen(sign_in)
        return SignedInPerson(secret, sign_in)

    @app.context_processor
    def current_person() -> dict[str, Any]:
        sign_in = current_sign_in() if has_scope() else None
        if sign_in is None:
            return {"current_person": None}
        return {
            "current_person": CurrentPerson(
                display_name=sign_in.actor.name, organisation_name=sign_in.organisation_name
            )
        }


def _note_seen(sign_in: RunningSignIn) -> None:
    _note(sign_in.actor, lambda aside: note_seen(aside, sign_in.id))


def _note(actor: Actor, write: Callable[[UnitOfWork], None]) -> None:
    # The request's own transaction only reads, and who asks is found before it writes.
    work = current_scope().aside(actor)
    try:
        write(work)
        work.finish()
    finally:
        work.close()
