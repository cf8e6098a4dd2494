"""Flask-Login, fed with sign-ins that can be revoked: the cookie holds only a random secret."""

from flask import Flask
from flask_login import LoginManager, UserMixin, current_user

from marketplace.accounts.queries import actor_signed_in_with
from marketplace.foundation.database.unit_of_work import NOBODY, Actor, UnitOfWork
from marketplace.foundation.web.request_scope import current_scope


class SignedInPerson(UserMixin):  # type: ignore[misc]
    """What Flask-Login keeps: the secret of the sign-in, and whom it stands for."""

    def __init__(self, secret: str, actor: Actor) -> None:
        """Stand for `actor`."""
        self.id = secret
        self.actor = actor


def find_actor(work: UnitOfWork) -> Actor:
    """Give who signed in on this browser, for the request scope."""
    return current_user.actor if current_user.is_authenticated else NOBODY


def init_sign_in(app: Flask) -> None:
    """Let Flask-Login find the person behind the cookie's secret, in this district only."""
    manager = LoginManager(app)
    manager.session_protection = None  # sign-ins are rows and can be ended; addresses change

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(secret: str) -> SignedInPerson | None:
        actor = actor_signed_in_with(current_scope().work, secret)
        return SignedInPerson(secret, actor) if actor.person_id is not None else None
